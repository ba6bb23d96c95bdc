import { Link } from "@tanstack/react-router";
import { Day } from "@/components/day";
import { PresenceMark } from "@/components/presence-mark";
import { TierChip } from "@/components/tier-chip";
import { TierIcon } from "@/components/tier-icon";
import type { MachineExposure } from "@/ipc";
import { useNumber, useT } from "@/lib/i18n";
import { useFindings } from "@/lib/queries";
import { Pane } from "./pane";

const MOST = 8;

/** The worst machines, each with its findings as marks. */
export function ByMachine({
  rows,
  total,
  className,
}: {
  rows: readonly MachineExposure[];
  total: number;
  className?: string;
}) {
  const t = useT();
  const number = useNumber();
  return (
    <Pane title={t("overview.machines")} note={t("overview.machines.note")} className={className ?? ""}>
      <ul>
        {rows.map((machine) => {
          const words = machine.findings.map((f) => `${f.title}: ${t(`tier.${f.tier}`)}`).join(", ");
          return (
            <li key={machine.id}>
              <Link
                to="/findings"
                search={{ machine: machine.id }}
                aria-label={t("overview.machine.label", {
                  hostname: machine.hostname,
                  count: machine.findings.length,
                  words,
                })}
                title={words}
                className="grid h-6 grid-cols-[minmax(96px,auto)_minmax(0,1fr)_auto] items-center gap-3 rounded-sm text-cap hover:bg-hover"
              >
                <span className="truncate font-mono text-code">{machine.hostname}</span>
                <span aria-hidden="true" className="flex gap-0.75 overflow-hidden">
                  {machine.findings.slice(0, MOST).map((f) => (
                    <span
                      key={f.finding}
                      data-tier={f.tier}
                      className="grid h-4 w-4.5 flex-none place-items-center rounded-sm bg-tier-b text-tier-t hairline-tier"
                    >
                      <TierIcon tier={f.tier} />
                    </span>
                  ))}
                </span>
                <span className="text-right tabular-nums">{number(machine.findings.length)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
      {total > rows.length ? (
        <Link to="/findings" search={{}} className="lk mt-3 text-cap">
          {t("overview.machines.all", { count: total })}
        </Link>
      ) : null}
    </Pane>
  );
}

/** A single machine: not a chart of one bar, but what was found on it. */
export function OnThisMachine({ machine, className }: { machine: MachineExposure; className?: string }) {
  const t = useT();
  const rows = useFindings().data?.rows ?? [];
  return (
    <Pane
      title={t("overview.found")}
      note={<span className="font-mono text-code">{machine.hostname}</span>}
      className={className ?? ""}
    >
      <ul>
        {machine.findings.map((finding) => {
          const row = rows.find((other) => other.id === finding.finding);
          return (
            <li key={finding.finding} className="border-line border-t first:border-t-0">
              <Link
                to="/findings/$id"
                params={{ id: finding.finding }}
                data-tier={finding.tier}
                className="relative grid min-h-9 grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 py-1.5 pl-3 hover:bg-hover md:grid-cols-[104px_84px_minmax(0,1fr)_auto]"
              >
                <i data-bar aria-hidden="true" className="absolute inset-y-1 left-0 w-edge rounded-r-xs bg-tier-e" />
                <span>
                  <TierChip tier={finding.tier} />
                </span>
                <span className="text-cap max-md:hidden">{row ? <PresenceMark presence={row.presence} /> : null}</span>
                <span className="min-w-0 truncate">
                  <span className="font-medium">{finding.title}</span>
                  {row?.versions[0] ? <span className="ml-1.5 text-cap text-ink-3">{row.versions[0]}</span> : null}
                </span>
                <span className="whitespace-nowrap text-cap text-ink-3 max-md:col-start-2">
                  {row?.instrument?.short_title}
                  {row?.since ? (
                    <span className="max-wide:hidden">
                      {row.instrument ? ", " : null}
                      <Day iso={row.since} />
                    </span>
                  ) : null}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </Pane>
  );
}
