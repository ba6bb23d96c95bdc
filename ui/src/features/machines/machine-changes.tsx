import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useIntl } from "react-intl";
import { ErrorNotice, SkeletonLines, TierChip } from "@/components";
import { backend, type ChangeOnMachine, type MachineDetail, type RecentLine, type ScanLine } from "@/ipc";
import { useContext } from "@/lib/context";
import { formatLocale, type MessageId, useNumber, useT } from "@/lib/i18n";
import { Block } from "../vendors/block";

/** So many changes are shown at first. */
const FIRST = 12;
const SIGNS: Record<string, string> = { new: "+", gone: "−", changed: "→" };

/** What changed between two scans or imports of a machine: the newest two, until others are chosen. */
export function Changes({ machine }: { machine: MachineDetail }) {
  const t = useT();
  const [newest, before] = machine.scans;
  const [since, setSince] = useState<number | null>(null);
  const [until, setUntil] = useState<number | null>(null);
  const from = machine.scans.find((scan) => scan.id === since) ?? before;
  const to = machine.scans.find((scan) => scan.id === until) ?? newest;
  const isUsual = from === before && to === newest;
  const { profiles, as_of } = useContext();
  const context = { profiles, as_of };
  const id = machine.row.id;
  const compared = useQuery({
    queryKey: ["machine_compare", id, from?.id, to?.id, context],
    queryFn: () => backend.call("machine_compare", { context, id, since: from?.id ?? 0, until: to?.id ?? 0 }),
    enabled: !isUsual && from !== undefined && to !== undefined,
  });
  const changes = isUsual ? machine.recent : compared.data;
  return (
    <Block title={t(isUsual ? "machine.recent" : "machine.compared")}>
      {from && to && machine.recent ? (
        <>
          <div className="mb-2 flex flex-wrap items-center gap-2 text-cap text-ink-3" data-print="hide">
            <ScanSelect label={t("machine.compare.from")} scans={machine.scans} value={from.id} onChange={setSince} />
            <ScanSelect label={t("machine.compare.to")} scans={machine.scans} value={to.id} onChange={setUntil} />
            {isUsual ? null : (
              <button
                type="button"
                className="lk"
                onClick={() => {
                  setSince(null);
                  setUntil(null);
                }}
              >
                {t("machine.compare.usual")}
              </button>
            )}
          </div>
          {compared.isError && !isUsual ? (
            <ErrorNotice error={compared.error} onRetry={() => void compared.refetch()} />
          ) : changes ? (
            <List key={`${from.id}-${to.id}`} changes={changes} />
          ) : (
            <SkeletonLines lines={4} />
          )}
        </>
      ) : (
        <p className="text-ink-2">{t("machine.recent.first")}</p>
      )}
    </Block>
  );
}

function ScanSelect({
  label,
  scans,
  value,
  onChange,
}: {
  label: string;
  scans: readonly ScanLine[];
  value: number;
  onChange: (id: number) => void;
}) {
  const { locale } = useIntl();
  const format = new Intl.DateTimeFormat(formatLocale(locale), {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
  return (
    <label className="flex min-w-0 items-center gap-1.5">
      {label}
      <select
        value={value}
        onChange={(event) => onChange(Number(event.target.value))}
        className="h-6 min-w-0 max-w-64 rounded-md border border-line-2 bg-surface px-1.5 text-ink"
      >
        {scans.map((scan) => (
          <option key={scan.id} value={scan.id}>
            {`${format.format(new Date(scan.at))} · ${scan.name}`}
          </option>
        ))}
      </select>
    </label>
  );
}

function List({ changes }: { changes: RecentLine }) {
  const t = useT();
  const number = useNumber();
  const [all, setAll] = useState(false);
  if (changes.changes.length === 0) return <p className="text-ink-2">{t("machine.recent.none")}</p>;
  const shown = all ? changes.changes : changes.changes.slice(0, FIRST);
  const version = (change: ChangeOnMachine) =>
    change.was_version && change.version !== change.was_version
      ? `${change.was_version} → ${change.version ?? ""}`
      : (change.version ?? change.was_version);
  const presence = (change: ChangeOnMachine) =>
    change.presence && change.was_presence && change.presence !== change.was_presence
      ? `${t(`presence.${change.was_presence}`)} → ${t(`presence.${change.presence}`)}`
      : null;
  return (
    <>
      <p className="mb-1 text-cap text-ink-2">
        {t("machine.recent.counts", {
          new: number(changes.new),
          gone: number(changes.gone),
          changed: number(changes.changed),
        })}
      </p>
      <ul>
        {shown.map((change, i) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: the same software may change twice
            key={`${change.title}${change.kind}${i}`}
            className="grid min-h-7 grid-cols-[16px_88px_minmax(0,1fr)_auto] items-center gap-2 border-line border-t text-cap first:border-t-0"
          >
            <span aria-hidden="true" className="text-center font-medium text-ink-3">
              {SIGNS[change.kind] ?? ""}
            </span>
            <span className="text-ink-2">{t(`machine.change.${change.newness ?? change.kind}` as MessageId)}</span>
            <span className="min-w-0 truncate">
              <span className={change.of === "finding" ? "font-medium text-ink" : "text-ink"}>{change.title}</span>
              {version(change) ? <span className="ml-1.5 text-ink-3 tabular-nums">{version(change)}</span> : null}
              {presence(change) ? <span className="ml-1.5 text-ink-2">{presence(change)}</span> : null}
            </span>
            <span>{change.of === "finding" && change.tier ? <TierChip tier={change.tier} bare /> : null}</span>
          </li>
        ))}
      </ul>
      {changes.changes.length > FIRST ? (
        <button type="button" className="lk mt-1 text-cap" onClick={() => setAll(!all)}>
          {all ? t("findings.where.fewer") : t("machine.recent.all", { count: changes.changes.length })}
        </button>
      ) : null}
    </>
  );
}
