import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import {
  Box,
  Building2,
  CalendarDays,
  FileInput,
  FileText,
  FlaskConical,
  FolderOpen,
  Keyboard,
  Laptop,
  LayoutDashboard,
  Monitor,
  Moon,
  Scale,
  Search,
  Settings,
  ShieldAlert,
  Sun,
  Undo2,
  User,
} from "lucide-react";
import { type ReactNode, useDeferredValue, useEffect, useState } from "react";
import { useIntl } from "react-intl";
import { Dialog } from "@/components/dialog";
import { Kbd } from "@/components/kbd";
import { useToldWords } from "@/components/told-table";
import { backend, type SearchItem } from "@/ipc";
import { useContext, useSetContext } from "@/lib/context";
import { formatDay, parseTypedDay } from "@/lib/days";
import { type MessageId, useT } from "@/lib/i18n";
import { useSaveSettings, useStatus } from "@/lib/queries";
import { useWriteReport } from "@/lib/use-report";
import { useDoors } from "../first-run/use-doors";

interface Entry {
  key: string;
  icon: ReactNode;
  title: string;
  note?: string;
  keys?: string[];
  run: () => unknown;
}

const KINDS: Record<string, { icon: ReactNode; label: MessageId }> = {
  vendor: { icon: <Building2 size={16} />, label: "palette.kind.vendor" },
  product: { icon: <Box size={16} />, label: "palette.kind.product" },
  restriction: { icon: <Scale size={16} />, label: "palette.kind.restriction" },
  person: { icon: <User size={16} />, label: "palette.kind.person" },
  machine: { icon: <Monitor size={16} />, label: "palette.kind.machine" },
};

function Group({ heading, entries, onRun }: { heading: string; entries: Entry[]; onRun: (entry: Entry) => void }) {
  if (entries.length === 0) return null;
  return (
    <Command.Group
      heading={heading}
      className="px-2 pt-1 pb-1 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:font-semibold [&_[cmdk-group-heading]]:text-cap [&_[cmdk-group-heading]]:text-ink-3"
    >
      {entries.map((entry) => (
        <Command.Item
          key={entry.key}
          value={entry.key}
          onSelect={() => onRun(entry)}
          className="flex min-h-8 items-center gap-2.5 rounded-md px-2 aria-selected:bg-hover [&_svg]:flex-none [&_svg]:text-ink-3"
        >
          <span aria-hidden="true">{entry.icon}</span>
          <span className="min-w-0 flex-none truncate">{entry.title}</span>
          {entry.note ? (
            <span className="min-w-0 flex-1 truncate text-cap text-ink-3">{entry.note}</span>
          ) : (
            <span className="flex-1" />
          )}
          {entry.keys?.map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </Command.Item>
      ))}
    </Command.Group>
  );
}

export function Palette({ open, onClose, onHelp }: { open: boolean; onClose: () => void; onHelp: () => void }) {
  const t = useT();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      label={t("palette.title")}
      className="mt-[12vh] w-160 max-w-[calc(100vw-32px)]"
    >
      <Inside onClose={onClose} onHelp={onHelp} />
    </Dialog>
  );
}

function Inside({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const t = useT();
  const { locale } = useIntl();
  const navigate = useNavigate();
  const status = useStatus().data;
  const { today, as_of, isAsOf } = useContext();
  const setContext = useSetContext();
  const save = useSaveSettings();
  const report = useWriteReport();
  const doors = useDoors();
  const inWords = useToldWords();
  const [query, setQuery] = useState("");
  const [value, setValue] = useState("");
  const wanted = useDeferredValue(query.trim());
  const found = useQuery({
    queryKey: ["search_find", wanted],
    queryFn: () => backend.call("search_find", { query: wanted }),
    enabled: wanted.length >= 2,
    placeholderData: (old) => (wanted.length >= 2 ? old : undefined),
  });

  const goTo = (item: SearchItem) => {
    if (item.kind === "machine") return navigate({ to: "/machines/$id", params: { id: item.id } });
    if (item.kind === "restriction") return navigate({ to: "/restrictions/$id", params: { id: item.id } });
    if (item.vendor) return navigate({ to: "/vendors/$id", params: { id: item.vendor } });
    return navigate({ to: "/findings", search: { q: item.title } });
  };

  const screens: Entry[] = [
    {
      key: "go-overview",
      icon: <LayoutDashboard size={16} />,
      title: t("nav.overview"),
      keys: ["g", "o"],
      run: () => navigate({ to: "/overview" }),
    },
    {
      key: "go-findings",
      icon: <ShieldAlert size={16} />,
      title: t("nav.findings"),
      keys: ["g", "f"],
      run: () => navigate({ to: "/findings" }),
    },
    {
      key: "go-vendors",
      icon: <Building2 size={16} />,
      title: t("nav.vendors"),
      keys: ["g", "v"],
      run: () => navigate({ to: "/vendors" }),
    },
    {
      key: "go-restrictions",
      icon: <Scale size={16} />,
      title: t("nav.restrictions"),
      keys: ["g", "r"],
      run: () => navigate({ to: "/restrictions" }),
    },
    {
      key: "go-imports",
      icon: <FileInput size={16} />,
      title: t("imports.title"),
      keys: ["g", "i"],
      run: () => navigate({ to: "/imports" }),
    },
    {
      key: "go-settings",
      icon: <Settings size={16} />,
      title: t("nav.settings"),
      keys: ["g", "s"],
      run: () => navigate({ to: "/settings" }),
    },
  ];
  const day = parseTypedDay(query, today);
  const dark = document.documentElement.dataset.theme === "dark";
  const commands: Entry[] = [
    {
      key: "do-audit",
      icon: <Laptop size={16} />,
      title: t("first.audit"),
      run: async () => {
        if (await doors.audit()) await navigate({ to: "/overview" });
      },
    },
    {
      key: "do-open",
      icon: <FolderOpen size={16} />,
      title: t("first.open"),
      run: () => doors.openExport(),
    },
    status?.database.sample
      ? { key: "do-leave", icon: <FlaskConical size={16} />, title: t("sample.leave"), run: () => doors.leaveSample() }
      : {
          key: "do-sample",
          icon: <FlaskConical size={16} />,
          title: t("first.sample"),
          run: async () => {
            if (await doors.openSample()) await navigate({ to: "/overview" });
          },
        },
    { key: "do-report", icon: <FileText size={16} />, title: t("palette.report"), run: () => report.mutate() },
    ...(isAsOf
      ? [
          {
            key: "do-today",
            icon: <Undo2 size={16} />,
            title: t("bar.asof.back"),
            run: () => setContext({ as_of: today }),
          },
        ]
      : []),
    {
      key: "do-theme",
      icon: dark ? <Sun size={16} /> : <Moon size={16} />,
      title: dark ? t("palette.light") : t("palette.dark"),
      run: () => save.mutate({ theme: dark ? "light" : "dark" }),
    },
    { key: "do-help", icon: <Keyboard size={16} />, title: t("keys.title"), keys: ["?"], run: onHelp },
  ];
  const days: Entry[] =
    day && day !== as_of
      ? [
          {
            key: "do-day",
            icon: <CalendarDays size={16} />,
            title: t("palette.day", { day: formatDay(day, locale) }),
            run: () => setContext({ as_of: day }),
          },
        ]
      : [];
  const text = query.trim().toLowerCase();
  const fits = (entry: Entry) => text === "" || entry.title.toLowerCase().includes(text);
  const items = wanted.length >= 2 ? (found.data?.items ?? []) : [];
  const results: Entry[] = items.map((item) => ({
    key: `${item.kind}:${item.id}`,
    icon: KINDS[item.kind]?.icon ?? <Search size={16} />,
    title: item.title,
    note: [
      KINDS[item.kind] ? t(KINDS[item.kind]?.label as MessageId) : item.kind,
      item.told ? inWords(item.told) : null,
      item.subtitle,
    ]
      .filter(Boolean)
      .join(" · "),
    run: () => goTo(item),
  }));
  const shownScreens = screens.filter(fits);
  const shownCommands = commands.filter(fits);
  const first = [...days, ...results, ...shownScreens, ...shownCommands][0]?.key ?? "";
  // The best entry is always chosen, so that Enter does what one sees.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when what was typed or found changes
  useEffect(() => setValue(first), [text, first]);

  const run = (entry: Entry) => {
    onClose();
    void entry.run();
  };

  return (
    <Command
      label={t("palette.title")}
      shouldFilter={false}
      value={value}
      onValueChange={setValue}
      loop
      className="flex flex-col"
    >
      <div className="flex items-center gap-2.5 border-line border-b px-4">
        <Search size={16} aria-hidden="true" className="text-ink-3" />
        <Command.Input
          data-autofocus=""
          value={query}
          onValueChange={setQuery}
          placeholder={t("palette.placeholder")}
          className="h-12 min-w-0 flex-1 bg-transparent text-lead outline-none"
        />
        <Kbd>Esc</Kbd>
      </div>
      <Command.List label={t("palette.results")} className="max-h-100 overflow-y-auto py-1">
        <Group heading={t("bar.asof")} entries={days} onRun={run} />
        <Group heading={t("palette.found")} entries={results} onRun={run} />
        <Group heading={t("palette.screens")} entries={shownScreens} onRun={run} />
        <Group heading={t("palette.commands")} entries={shownCommands} onRun={run} />
        {first === "" && !found.isFetching ? (
          <p role="status" className="px-4 py-6 text-ink-3">
            {t("palette.nothing", { query })}
          </p>
        ) : null}
      </Command.List>
    </Command>
  );
}
