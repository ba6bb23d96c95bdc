import { useMemo } from "react";
import { useIntl } from "react-intl";
import { countryCode, countryName, Day, TierChip } from "@/components";
import type { Column } from "@/components/data-table";
import type { RestrictionRow } from "@/ipc";
import { useNumber, useT } from "@/lib/i18n";
import { tierRank } from "../findings/findings-filters";
import { STANDINGS, type Standing } from "./restrictions-filters";
import { useWord } from "./words";

/** Every column there can be; the address may sort by these. */
export const COLUMN_IDS = [
  "tier",
  "title",
  "issuer",
  "instrument",
  "about",
  "standing",
  "today",
  "announced",
  "date",
  "verification",
  "machines",
] as const;

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const SUPPORT = ["primary", "mirror", "secondary", "unverified"];

/** What it says to us; where it does not speak to us at all, that. */
function TierCell({ row }: { row: RestrictionRow }) {
  const t = useT();
  if (row.tier === "none" && !row.touches_us)
    return <span className="pl-1.5 text-ink-3">{t("restrictions.cell.others")}</span>;
  return <TierChip tier={row.tier} />;
}

/** The words of a cell on what an instrument is about. */
export function useAbout(): (row: RestrictionRow) => string {
  const word = useWord();
  const t = useT();
  return (row) => {
    const goods = row.goods.map((each) => word("goods", each));
    const parts = [...row.vendors.map((vendor) => vendor.name), ...goods];
    if (parts.length > 0) return parts.join(", ");
    return row.extends.length > 0
      ? t("restrictions.cell.affiliates", { lists: row.extends.map((each) => word("instrument", each)).join(", ") })
      : t("restrictions.cell.rule");
  };
}

function AboutCell({ row }: { row: RestrictionRow }) {
  const about = useAbout()(row);
  const count = row.vendors.length + row.goods.length;
  return (
    <span title={about} className="flex gap-1.5">
      <span className="truncate">{about}</span>
      {count > 2 ? <span className="flex-none text-ink-3 tabular-nums">{count}</span> : null}
    </span>
  );
}

function DateCell({ row }: { row: RestrictionRow }) {
  const t = useT();
  if (row.next !== null)
    return (
      <span title={t("restrictions.cell.next")}>
        <span className="mr-1 text-ink-3">{t("restrictions.cell.from")}</span>
        <Day iso={row.next} className="font-medium text-ink" />
      </span>
    );
  if (row.last !== null)
    return (
      <span title={t("restrictions.cell.last")}>
        <Day iso={row.last} />
      </span>
    );
  return null;
}

export function StandingWord({ standing }: { standing: string }) {
  const word = useWord();
  const strong = standing === "in-force";
  return <span className={strong ? "text-ink" : "text-ink-3"}>{word("standing", standing)}</span>;
}

export function useRestrictionColumns(isAsOf: boolean): Column<RestrictionRow>[] {
  const t = useT();
  const number = useNumber();
  const word = useWord();
  const about = useAbout();
  const { locale } = useIntl();
  const german = locale.startsWith("de");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the locale alone
  return useMemo(() => {
    const columns: Column<RestrictionRow>[] = [
      {
        id: "tier",
        header: t("restrictions.col.tier"),
        width: german ? 144 : 128,
        priority: 0,
        compare: (a, b) => tierRank(a.tier) - tierRank(b.tier) || Number(b.touches_us) - Number(a.touches_us),
        cell: (row) => <TierCell row={row} />,
      },
      {
        id: "title",
        header: t("restrictions.col.title"),
        width: 240,
        priority: 0,
        grow: true,
        compare: (a, b) => collator.compare(a.short_title, b.short_title),
        cell: (row) => (
          <span title={`${row.short_title}\n${row.title}`}>
            <span className="font-medium text-body text-ink">{row.short_title}</span>
            <span className="ml-2 text-ink-3">{row.title}</span>
          </span>
        ),
      },
      {
        id: "issuer",
        header: t("restrictions.col.issuer"),
        width: 124,
        priority: 4,
        compare: (a, b) =>
          collator.compare(a.jurisdiction, b.jurisdiction) || collator.compare(a.issuer_name, b.issuer_name),
        cell: (row) => (
          <span title={`${row.issuer_name}, ${countryName(row.jurisdiction, locale)}`}>
            <span className="mr-1.5 inline-block w-5 text-ink-3 text-micro">{countryCode(row.jurisdiction)}</span>
            {row.issuer_name}
          </span>
        ),
      },
      {
        id: "about",
        header: t("restrictions.col.about"),
        width: 168,
        priority: 3,
        compare: (a, b) => collator.compare(about(a), about(b)),
        cell: (row) => <AboutCell row={row} />,
      },
      {
        id: "instrument",
        header: t("restrictions.col.instrument"),
        width: german ? 168 : 140,
        priority: 8,
        compare: (a, b) => collator.compare(word("instrument", a.instrument), word("instrument", b.instrument)),
        cell: (row) => <span title={word("instrument", row.instrument)}>{word("instrument", row.instrument)}</span>,
      },
      {
        id: "standing",
        header: t("restrictions.col.standing"),
        width: german ? 128 : 104,
        priority: 1,
        compare: (a, b) => STANDINGS.indexOf(a.standing as Standing) - STANDINGS.indexOf(b.standing as Standing),
        cell: (row) => <StandingWord standing={row.standing} />,
      },
      {
        id: "announced",
        header: t("restrictions.col.announced"),
        width: german ? 116 : 104,
        priority: 7,
        align: "right",
        compare: (a, b) => a.announced.localeCompare(b.announced),
        cell: (row) => <Day iso={row.announced} />,
      },
      {
        id: "date",
        header: t("restrictions.col.date"),
        width: german ? 140 : 128,
        priority: 5,
        align: "right",
        compare: (a, b) => {
          const day = (row: RestrictionRow) => row.next ?? row.last ?? "9999";
          return Number(b.next !== null) - Number(a.next !== null) || day(a).localeCompare(day(b));
        },
        cell: (row) => <DateCell row={row} />,
      },
      {
        id: "verification",
        header: t("restrictions.col.verification"),
        width: german ? 176 : 148,
        priority: 9,
        compare: (a, b) => SUPPORT.indexOf(a.verification) - SUPPORT.indexOf(b.verification),
        cell: (row) => (
          <span
            title={t(`findings.verification.${row.verification}`)}
            className={row.verification === "unverified" ? "font-medium text-ink" : undefined}
          >
            {t(`findings.verification.${row.verification}`)}
          </span>
        ),
      },
      {
        id: "machines",
        header: t("restrictions.col.machines"),
        width: german ? 104 : 112,
        priority: 2,
        align: "right",
        compare: (a, b) => a.machines - b.machines,
        cell: (row) => <span className={row.machines === 0 ? "text-ink-3" : "text-ink"}>{number(row.machines)}</span>,
      },
    ];
    if (isAsOf) {
      columns.splice(6, 0, {
        id: "today",
        header: t("findings.col.today"),
        width: german ? 144 : 136,
        priority: 2,
        compare: (a, b) => tierRank(a.tier_today) - tierRank(b.tier_today),
        cell: (row) => <TodayCell row={row} />,
      });
    }
    return columns;
  }, [isAsOf, locale]);
}

/** What today says instead of the day asked about. */
function TodayCell({ row }: { row: RestrictionRow }) {
  const t = useT();
  const word = useWord();
  if (row.tier_today !== row.tier) return <TierChip tier={row.tier_today} />;
  if (row.standing_today !== row.standing)
    return <span className="text-asof-text">{word("standing", row.standing_today)}</span>;
  return <span className="text-ink-3">{t("findings.today.same")}</span>;
}
