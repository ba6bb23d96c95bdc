import { useMemo } from "react";
import { useIntl } from "react-intl";
import { Instant, TierChip, TierIcon } from "@/components";
import type { PagedColumn } from "@/components/paged-table";
import type { Lack, MachineRow, TierFindings } from "@/ipc";
import { type MessageId, useNumber, useT } from "@/lib/i18n";

/** The columns the list can be sorted by, as the address and the question name them. */
export const SORTS = ["tier", "name", "system", "findings", "installations", "last-seen", "first-seen"] as const;

export interface ListColumn<Row> extends PagedColumn<Row> {
  optional?: boolean;
  fixed?: boolean;
}

/** Findings by tier as marks with their number: worst first, those that bind others only last. */
export function FindingMarks({ findings }: { findings: readonly TierFindings[] }) {
  const t = useT();
  const number = useNumber();
  const words = findings.map((each) => `${t(`tier.${each.tier}`)}: ${number(each.count)}`).join(", ");
  if (findings.length === 0) return <span className="text-ink-3">{t("machines.cell.nothing")}</span>;
  return (
    <span className="inline-flex items-center gap-1.5" title={words}>
      <span className="sr-only">{words}</span>
      {findings.map((each) => (
        <span
          key={each.tier}
          data-tier={each.tier}
          aria-hidden="true"
          className="inline-flex h-4.5 items-center gap-1 rounded-sm bg-tier-b px-1 font-medium text-micro text-tier-t tabular-nums hairline-tier"
        >
          <TierIcon tier={each.tier} size={11} />
          {number(each.count)}
        </span>
      ))}
    </span>
  );
}

/** Whether a machine surely has nothing of what was asked for; where that is not known, what is missing. */
function LackAnswer({ lack }: { lack: Lack }) {
  const t = useT();
  const answer = t(`machines.answer.${lack.answer}` as MessageId);
  const reasons = lack.reasons.map((each) =>
    t(`machines.lack.${each.reason}` as MessageId, { sources: each.sources.join(` ${t("machines.lack.or")} `) }),
  );
  const isSure = lack.answer === "nothing-there";
  return (
    <span className="block truncate" title={[answer, ...reasons].join("; ")}>
      <span className={isSure ? "font-medium text-ink" : "text-ink-2"}>{answer}</span>
      {isSure ? null : <span className="text-ink-3">{` · ${reasons.join("; ")}`}</span>}
    </span>
  );
}

/** Stands beside the name while machines without something are asked for. */
export function useLackColumn(): ListColumn<MachineRow> {
  const t = useT();
  const { locale } = useIntl();
  // biome-ignore lint/correctness/useExhaustiveDependencies: t changes with the locale alone
  return useMemo(
    () => ({
      id: "lack",
      header: t("machines.col.lack"),
      width: 340,
      priority: 0,
      cell: (row) => (row.lack ? <LackAnswer lack={row.lack} /> : null),
    }),
    [locale],
  );
}

export function useMachineColumns(): ListColumn<MachineRow>[] {
  const t = useT();
  const number = useNumber();
  const { locale } = useIntl();
  // biome-ignore lint/correctness/useExhaustiveDependencies: t and number change with the locale alone
  return useMemo(
    () => [
      {
        id: "tier",
        header: t("findings.col.tier"),
        width: locale === "de" ? 144 : 128,
        priority: 0,
        sortable: true,
        cell: (row) => <TierChip tier={row.tier} />,
      },
      {
        id: "name",
        header: t("machines.col.name"),
        width: 176,
        priority: 0,
        grow: true,
        sortable: true,
        fixed: true,
        cell: (row) => (
          <span className="font-medium font-mono text-code text-ink" title={row.hostname}>
            {row.hostname}
          </span>
        ),
      },
      {
        id: "system",
        header: t("machines.col.system"),
        width: 232,
        priority: 3,
        sortable: true,
        cell: (row) => <span title={`${row.system}, ${row.arch}`}>{row.system}</span>,
      },
      {
        id: "findings",
        header: t("nav.findings"),
        width: 176,
        priority: 1,
        sortable: true,
        downFirst: true,
        cell: (row) => <FindingMarks findings={row.findings} />,
      },
      {
        id: "installations",
        header: t("machines.col.installations"),
        width: locale === "de" ? 128 : 116,
        priority: 4,
        align: "right",
        sortable: true,
        downFirst: true,
        cell: (row) => number(row.installations),
      },
      {
        id: "last-seen",
        header: t("machines.col.last-seen"),
        width: 132,
        priority: 2,
        sortable: true,
        downFirst: true,
        cell: (row) => (
          <span className={row.seen === "older" ? "font-medium text-ink" : undefined}>
            <Instant iso={row.last_seen} />
          </span>
        ),
      },
      {
        id: "told",
        header: t("machines.col.told"),
        width: 136,
        priority: 5,
        cell: (row) => <span title={row.told_by.join(", ")}>{row.told_by.join(", ")}</span>,
      },
      {
        id: "first-seen",
        header: t("machines.col.first-seen"),
        width: 132,
        priority: 6,
        optional: true,
        sortable: true,
        downFirst: true,
        cell: (row) => <Instant iso={row.first_seen} />,
      },
      {
        id: "scans",
        header: t("machines.col.scans"),
        width: 84,
        priority: 7,
        optional: true,
        align: "right",
        cell: (row) => number(row.scans),
      },
      {
        id: "arch",
        header: t("machines.col.arch"),
        width: 100,
        priority: 8,
        optional: true,
        cell: (row) => row.arch,
      },
      {
        id: "id",
        header: t("machines.col.id"),
        width: 280,
        priority: 9,
        optional: true,
        cell: (row) => <span className="font-mono text-code">{row.id}</span>,
      },
    ],
    [locale],
  );
}
