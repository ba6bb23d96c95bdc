import { Link } from "@tanstack/react-router";
import { Check, Dot, Monitor, Plus } from "lucide-react";
import { Day } from "@/components/day";
import { Instant } from "@/components/instant";
import { collectorMessage } from "@/features/audit/collector-name";
import type { Change, ComingDate, CoverageLine, Overview } from "@/ipc";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { Pane } from "./pane";

const ICONS: Record<string, typeof Plus> = { new: Plus, gone: Check, machine: Monitor };

/** What the newest scan changed. */
export function Changes({
  changes,
  scans,
  lastScan,
  className,
}: {
  changes: readonly Change[];
  scans: number;
  lastScan: string | null;
  className?: string;
}) {
  const t = useT();
  return (
    <Pane title={t("overview.changes")} note={lastScan ? <Instant iso={lastScan} /> : null} className={className ?? ""}>
      {changes.length === 0 ? (
        <p className="text-cap text-ink-2">{scans < 2 ? t("overview.changes.first") : t("overview.changes.none")}</p>
      ) : null}
      <ul>
        {changes.map((change) => {
          const Icon = ICONS[change.kind] ?? Dot;
          const kind =
            change.kind === "new" || change.kind === "gone" || change.kind === "machine"
              ? t(`overview.change.${change.kind}`)
              : change.kind;
          const body = (
            <>
              <span className="font-medium text-ink">{kind}</span> {change.title}
              {change.detail ? <span className="text-ink-3">, {change.detail}</span> : null}
              {change.more > 0 ? (
                <span className="text-ink-3"> {t("overview.changes.more", { count: change.more })}</span>
              ) : null}
            </>
          );
          return (
            <li
              key={`${change.kind}:${change.title}:${change.detail}:${change.at}`}
              className="grid grid-cols-[20px_minmax(0,1fr)_auto] gap-x-2 border-line border-t py-1.5 text-cap text-ink-2 first:border-t-0"
            >
              <Icon size={16} aria-hidden="true" className="text-ink-3" />
              {change.finding ? (
                <Link to="/findings/$id" params={{ id: change.finding }} className="hover:underline">
                  {body}
                </Link>
              ) : (
                <span>{body}</span>
              )}
              <Instant iso={change.at} style="narrow" className="whitespace-nowrap text-ink-3" />
            </li>
          );
        })}
      </ul>
    </Pane>
  );
}

/** What begins or ends after the day asked for. */
export function Coming({
  coming,
  machines,
  className,
}: {
  coming: readonly ComingDate[];
  machines: number;
  className?: string;
}) {
  const t = useT();
  return (
    <Pane title={t("overview.coming")} className={className ?? ""}>
      {coming.length === 0 ? <p className="text-cap text-ink-2">{t("overview.coming.none")}</p> : null}
      <ul>
        {coming.map((item) => (
          <li
            key={`${item.date}:${item.restriction.id}:${item.says}`}
            className="grid grid-cols-[84px_minmax(0,1fr)] gap-x-3 border-line border-t py-1.5 text-cap text-ink-2 first:border-t-0"
          >
            <Day iso={item.date} />
            <span>
              <span className="font-medium text-ink">{item.restriction.short_title}.</span> {item.says}{" "}
              {item.machines > 0 && machines > 1 ? (
                <Link to="/findings" search={{ q: item.restriction.short_title }} className="lk whitespace-nowrap">
                  {t("nav.machines", { count: item.machines })}
                </Link>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
    </Pane>
  );
}

/** What the scans could not look at: a clean answer says only what was looked at. */
export function NotLookedAt({ overview, className }: { overview: Overview; className?: string }) {
  const t = useT();
  const { coverage, coverage_lines, machines } = overview;
  return (
    <Pane
      title={t("overview.coverage")}
      note={coverage.length > 0 ? t("overview.coverage.note") : null}
      className={className ?? ""}
    >
      {coverage.length === 0 ? <p className="text-cap text-ink-2">{t("overview.coverage.none")}</p> : null}
      <ul>
        {coverage.map((line) => (
          <CoverageRow key={`${line.hostname}:${line.collector.name}`} line={line} single={machines === 1} />
        ))}
      </ul>
      {coverage_lines > coverage.length ? (
        <p className="mt-2 text-cap text-ink-3">
          {t("overview.coverage.more", { count: coverage_lines - coverage.length })}{" "}
          <Link to="/machines" search={{}} className="lk">
            {t("overview.coverage.machines")}
          </Link>
        </p>
      ) : null}
    </Pane>
  );
}

function CoverageRow({ line, single }: { line: CoverageLine; single: boolean }) {
  const t = useT();
  const name = collectorMessage(line.collector.name);
  return (
    <li
      className={cx(
        "grid gap-x-4 border-line border-t py-1.5 text-cap text-ink-2 first:border-t-0",
        single
          ? "grid-cols-[160px_minmax(0,1fr)]"
          : "grid-cols-[112px_minmax(0,1fr)] md:grid-cols-[112px_224px_minmax(0,1fr)]",
      )}
    >
      {single ? null : <span className="truncate font-mono text-code text-ink">{line.hostname}</span>}
      <span>
        <span className="font-medium text-ink">{t(name.id, name.values)}</span>{" "}
        <span className="text-ink-3">{t(`audit.status.${line.collector.status}`)}</span>
      </span>
      <span className={single ? "" : "max-md:col-start-2"}>{line.collector.reason}</span>
    </li>
  );
}
