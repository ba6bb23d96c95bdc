import { Link } from "@tanstack/react-router";
import { Copy, FileInput, FlaskConical, FolderOpen, Laptop } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Button, buttonClass } from "@/components/button";
import { Segmented } from "@/components/chip";
import { Day } from "@/components/day";
import { Instant } from "@/components/instant";
import { Popover } from "@/components/popover";
import { toast } from "@/components/toast";
import type { Theme } from "@/ipc";
import { copyText } from "@/lib/clipboard";
import { useContext } from "@/lib/context";
import { useTitle } from "@/lib/hooks";
import { useNumber, useT } from "@/lib/i18n";
import { useSaveSettings, useStatus } from "@/lib/queries";
import { useToggleProfile } from "@/lib/use-profiles";
import { useDoors } from "../first-run/use-doors";
import { ProfileList } from "../frame/profile-picker";
import { WatchedFolder } from "./watched-folder";

function Section({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="grid gap-x-8 gap-y-3 border-line border-t py-5 md:grid-cols-[224px_minmax(0,1fr)]"
    >
      <div>
        <h2 id={id} className="font-semibold text-sec tracking-sec">
          {title}
        </h2>
        <p className="mt-0.5 text-cap text-ink-3">{text}</p>
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  );
}

function Facts({ rows }: { rows: ReadonlyArray<[string, ReactNode]> }) {
  return (
    <dl className="grid grid-cols-[160px_minmax(0,1fr)] gap-x-4">
      {rows.map(([name, value]) => (
        <div key={name} className="col-span-2 grid grid-cols-subgrid border-line border-t py-1.5 first:border-t-0">
          <dt className="text-ink-3">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the window itself is made of; the data sources are in NOTICE. */
const LICENCES: ReadonlyArray<[string, string]> = [
  ["Inter, JetBrains Mono", "OFL-1.1"],
  ["Tauri", "MIT, Apache-2.0"],
  ["SQLite", "public domain"],
  ["React, TanStack, Radix UI, cmdk", "MIT"],
  ["FormatJS", "BSD-3-Clause, MIT"],
  ["Lucide", "ISC"],
];

export function SettingsScreen() {
  const t = useT();
  const number = useNumber();
  const status = useStatus().data;
  const save = useSaveSettings();
  const doors = useDoors();
  const { profiles } = useContext();
  const { toggle } = useToggleProfile();
  useTitle(t("nav.settings"));
  if (!status) return null;
  const { catalogue, database, settings } = status;
  const head = database.log_head;
  // In the form that the command line takes.
  const logHead = head ? `${head.short.split(":")[0]}:${head.hash}` : "–";
  const folder = database.path.replace(/[\\/][^\\/]*$/, "");
  const copy = async (text: string) => {
    if (await copyText(text)) toast({ title: t("common.copied"), detail: text });
  };

  return (
    <div className="mx-auto max-w-240 px-6 pt-4 pb-10 max-md:px-4">
      <h1 className="mb-4 font-semibold text-page tracking-page">{t("nav.settings")}</h1>

      <Section title={t("settings.who")} text={t("settings.who.text")}>
        {profiles.length === 0 ? <p className="mb-2 text-ink-2">{t("settings.who.none")}</p> : null}
        <ul className="mb-3">
          {profiles.map((id) => {
            const profile = status.profiles.find((p) => p.id === id);
            return (
              <li key={id} className="flex items-center gap-3 border-line border-t py-1.5 first:border-t-0">
                <span className="min-w-0 flex-1">
                  <span className="font-medium">{id}</span> <span className="text-ink-3">{profile?.title}</span>
                </span>
                <Button
                  size="sm"
                  variant="ghost"
                  aria-label={t("bar.profile.remove", { profile: id })}
                  onClick={() => toggle(id)}
                >
                  {t("settings.remove")}
                </Button>
              </li>
            );
          })}
        </ul>
        <Popover label={t("bar.profile.title")} trigger={<Button>{t("settings.who.change")}</Button>}>
          <ProfileList />
        </Popover>
      </Section>

      <Section title={t("settings.look")} text={t("settings.look.text")}>
        <Segmented<Theme>
          label={t("settings.theme")}
          value={settings.theme}
          onChange={(theme) => save.mutate({ theme })}
          options={[
            { value: "system", label: t("settings.theme.system") },
            { value: "light", label: t("settings.theme.light") },
            { value: "dark", label: t("settings.theme.dark") },
          ]}
        />
      </Section>

      <Section title={t("settings.data")} text={t("settings.data.text")}>
        <Facts
          rows={[
            [
              t("settings.folder"),
              <code key="f" className="font-mono text-code">
                {folder}
              </code>,
            ],
            [
              t("settings.database"),
              <span key="d" className="flex items-center gap-2">
                <code className="min-w-0 break-all font-mono text-code">{database.path}</code>
                <Button
                  size="sm"
                  icon
                  variant="ghost"
                  className="-my-1"
                  aria-label={t("settings.copyPath")}
                  onClick={() => void copy(database.path)}
                >
                  <Copy size={12} aria-hidden="true" />
                </Button>
              </span>,
            ],
            [
              t("settings.holds"),
              t("overview.sub.many", {
                machines: database.machines,
                installations: database.installations,
                titles: database.titles,
              }),
            ],
            [
              t("status.lastScan"),
              database.last_scan ? <Instant key="s" iso={database.last_scan} /> : t("status.noScan"),
            ],
            [
              t("settings.logHead"),
              <code key="h" className="break-all font-mono text-code">
                {logHead}
              </code>,
            ],
          ]}
        />
        <div className="mt-3 flex flex-wrap gap-2">
          <Button onClick={() => void doors.audit()}>
            <Laptop size={14} aria-hidden="true" />
            {t("first.audit")}
          </Button>
          <Button onClick={() => void doors.openExport()}>
            <FolderOpen size={14} aria-hidden="true" />
            {t("first.open")}
          </Button>
          <Link to="/imports" className={buttonClass({})}>
            <FileInput size={14} aria-hidden="true" />
            {t("imports.title")}
          </Link>
          <Button onClick={() => void (database.sample ? doors.leaveSample() : doors.openSample())}>
            <FlaskConical size={14} aria-hidden="true" />
            {database.sample ? t("sample.leave") : t("first.sample")}
          </Button>
        </div>
      </Section>

      <Section title={t("watch.title")} text={t("watch.text")}>
        <WatchedFolder />
      </Section>

      <Section title={t("settings.catalogue")} text={t("settings.catalogue.text")}>
        <Facts
          rows={[
            [t("settings.version"), catalogue.version],
            [t("settings.catalogueDate"), <Day key="d" iso={catalogue.date} />],
            [t("settings.restrictions"), number(catalogue.restrictions)],
            [t("settings.vendors"), number(catalogue.vendors)],
            [t("settings.products"), number(catalogue.products)],
            [t("settings.profiles"), number(status.profiles.length)],
          ]}
        />
      </Section>

      <Section title={t("settings.about")} text={`Interdict ${status.app_version}`}>
        <p className="mb-3 max-w-160">{t("settings.advice", { date: catalogue.date })}</p>
        <p className="mb-3 max-w-160 text-ink-2">{t("status.networkMeans")}</p>
        <Facts rows={LICENCES.map(([name, licence]) => [name, licence])} />
        <p className="mt-2 text-cap text-ink-3">{t("settings.notice")}</p>
      </Section>
    </div>
  );
}
