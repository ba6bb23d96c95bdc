import { useMemo } from "react";
import { useIntl } from "react-intl";
import { Day, PresenceMark, TierChip } from "@/components";
import { ActivityStrip } from "@/components/activity-strip";
import type { Column } from "@/components/data-table";
import type { FindingRow, Tier } from "@/ipc";
import { useNumber, useT } from "@/lib/i18n";
import { changedActivities, PRESENCES, tierRank } from "./findings-filters";

/** Every column there can be; the address may sort by these. */
export const COLUMN_IDS = [
  "tier",
  "presence",
  "product",
  "vendor",
  "machines",
  "today",
  "instrument",
  "since",
] as const;

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** What today says instead, in words: `3 more prohibited`, `1 eased`. */
export function todayInstead(row: FindingRow): { worse: [Tier, number][]; eased: number } {
  const worse = new Map<Tier, number>();
  let eased = 0;
  row.activities.forEach((answer, i) => {
    const now = row.activities_today[i]?.tier;
    if (now === undefined || now === answer.tier) return;
    if (tierRank(now) < tierRank(answer.tier)) worse.set(now, (worse.get(now) ?? 0) + 1);
    else eased += 1;
  });
  return { worse: [...worse].sort((a, b) => tierRank(a[0]) - tierRank(b[0])), eased };
}

function TodayInstead({ row }: { row: FindingRow }) {
  const t = useT();
  if (row.tier_today !== row.tier) return <TierChip tier={row.tier_today} />;
  const { worse, eased } = todayInstead(row);
  const parts = worse.map(([tier, count]) =>
    t("findings.today.more", { count, tier: t(`tier.${tier}`).toLocaleLowerCase() }),
  );
  if (eased > 0) parts.push(t("findings.today.eased", { count: eased }));
  if (parts.length === 0) return <span className="text-ink-3">{t("findings.today.same")}</span>;
  return <span className="text-asof-text">{parts.join(", ")}</span>;
}

/** The instrument of a row, or why there is none. */
export function InstrumentCell({ row }: { row: FindingRow }) {
  const t = useT();
  const title = row.instrument?.short_title;
  if (row.tier === "none" && row.others > 0) {
    return <span title={title}>{t("findings.cell.others", { count: row.others })}</span>;
  }
  if (title !== undefined) return <span title={title}>{title}</span>;
  return (
    <span className="text-ink-3">
      {t(row.tier === "undetermined" ? "findings.cell.undetermined" : "findings.cell.no-instrument")}
    </span>
  );
}

export function useFindingColumns(isAsOf: boolean): Column<FindingRow>[] {
  const t = useT();
  const number = useNumber();
  const { locale } = useIntl();
  // biome-ignore lint/correctness/useExhaustiveDependencies: t and number change with the locale alone
  return useMemo(() => {
    const columns: Column<FindingRow>[] = [
      {
        id: "tier",
        header: t("findings.col.tier"),
        width: locale === "de" ? 144 : 128,
        priority: 0,
        compare: (a, b) => tierRank(a.tier) - tierRank(b.tier),
        cell: (row) => <TierChip tier={row.tier} />,
      },
      {
        id: "presence",
        header: t("findings.col.presence"),
        width: 92,
        priority: 4,
        compare: (a, b) => PRESENCES.indexOf(a.presence) - PRESENCES.indexOf(b.presence),
        cell: (row) => <PresenceMark presence={row.presence} />,
      },
      {
        id: "product",
        header: t("findings.col.product"),
        width: 236,
        priority: 0,
        grow: true,
        compare: (a, b) => collator.compare(a.title, b.title),
        cell: (row) => (
          <span title={[row.title, ...row.versions].join("\n")}>
            <span className="font-medium text-body text-ink">{row.title}</span>
            {row.versions[0] ? <span className="ml-1.5 text-ink-3">{row.versions[0]}</span> : null}
            {row.versions.length > 1 ? <span className="ml-1 text-ink-3">+{row.versions.length - 1}</span> : null}
          </span>
        ),
      },
      {
        id: "vendor",
        header: t("findings.col.vendor"),
        width: 116,
        priority: 5,
        compare: (a, b) => collator.compare(a.vendor_name, b.vendor_name),
        cell: (row) => <span title={row.vendor_name}>{row.vendor_name}</span>,
      },
      {
        id: "machines",
        header: t("findings.col.machines"),
        width: locale === "de" ? 96 : 84,
        priority: 2,
        align: "right",
        compare: (a, b) => a.machines - b.machines,
        cell: (row) => number(row.machines),
      },
      {
        id: "activities",
        header: t("findings.col.activities"),
        width: 112,
        priority: 1,
        cell: (row) => (
          <ActivityStrip activities={row.activities} {...(isAsOf ? { today: row.activities_today } : {})} />
        ),
      },
      {
        id: "instrument",
        header: t("findings.col.instrument"),
        width: 144,
        priority: 6,
        compare: (a, b) =>
          collator.compare(a.instrument?.short_title ?? "\uffff", b.instrument?.short_title ?? "\uffff"),
        cell: (row) => <InstrumentCell row={row} />,
      },
      {
        id: "since",
        header: t("findings.col.since"),
        width: 104,
        priority: 7,
        align: "right",
        compare: (a, b) => (a.since ?? "9999").localeCompare(b.since ?? "9999"),
        cell: (row) => (row.since && row.tier !== "none" ? <Day iso={row.since} /> : null),
      },
    ];
    if (isAsOf) {
      columns.splice(6, 0, {
        id: "today",
        header: t("findings.col.today"),
        width: 136,
        priority: 3,
        compare: (a, b) => changedActivities(b) - changedActivities(a),
        cell: (row) => <TodayInstead row={row} />,
      });
    }
    return columns;
  }, [isAsOf, locale]);
}
