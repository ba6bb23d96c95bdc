import { useNavigate } from "@tanstack/react-router";
import { MonitorOff } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useIntl } from "react-intl";
import { Country, countryName, formatDay, TierChip } from "@/components";
import { type Column, DataTable } from "@/components/data-table";
import { countValues, FilterBar } from "@/components/filter-bar";
import { NothingFound } from "@/components/nothing-found";
import { TableArea } from "@/components/table-area";
import { TableFooter } from "@/components/table-footer";
import { useToldWords } from "@/components/told-table";
import type { Tier, ToldCount, VendorRow } from "@/ipc";
import { useContext } from "@/lib/context";
import { useNumber, useT } from "@/lib/i18n";
import { useVendors } from "@/lib/queries";
import { useTableAddress } from "@/lib/use-table-address";
import { TIERS, tierRank } from "../findings/findings-filters";
import { scriptLang } from "./names";
import {
  filtersFromSearch,
  filterVendors,
  fullSearch,
  isFiltered,
  NO_FILTERS,
  type VendorsFilters,
} from "./vendors-filters";

const COLUMN_IDS = ["tier", "purchase", "name", "country", "products", "machines", "restrictions"] as const;
const NONE: readonly VendorRow[] = [];
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const idOf = (row: VendorRow) => row.id;
const nameOf = (row: VendorRow) => row.name;
const tierOf = (row: VendorRow) => row.tier;

function useColumns(): Column<VendorRow>[] {
  const t = useT();
  const number = useNumber();
  const { locale } = useIntl();
  // biome-ignore lint/correctness/useExhaustiveDependencies: t and number change with the locale alone
  return useMemo(
    () => [
      {
        id: "tier",
        header: t("vendors.col.tier"),
        width: locale === "de" ? 144 : 128,
        priority: 0,
        compare: (a, b) => tierRank(a.tier) - tierRank(b.tier),
        cell: (row) => <TierChip tier={row.tier} />,
      },
      {
        id: "name",
        header: t("vendors.col.name"),
        width: 220,
        priority: 0,
        grow: true,
        compare: (a, b) => collator.compare(a.name, b.name),
        cell: (row) => (
          <span title={[row.name, ...row.names.map((name) => name.text)].join("\n")}>
            <span className="font-medium text-body text-ink">{row.name}</span>
            {row.names.map((name) => (
              <span key={name.text} lang={scriptLang(name.script)} className="ml-2">
                {name.text}
              </span>
            ))}
          </span>
        ),
      },
      {
        id: "country",
        header: t("vendors.col.country"),
        width: 160,
        priority: 4,
        compare: (a, b) =>
          collator.compare(
            a.country ? countryName(a.country, locale) : "\uffff",
            b.country ? countryName(b.country, locale) : "\uffff",
          ),
        cell: (row) =>
          row.country ? (
            <>
              <Country code={row.country} className="mr-1.5 inline-block w-5 text-ink-3 no-underline" />
              {countryName(row.country, locale)}
            </>
          ) : null,
      },
      {
        id: "purchase",
        header: t("vendors.col.purchase"),
        width: locale === "de" ? 136 : 124,
        priority: 2,
        compare: (a, b) => tierRank(a.purchase) - tierRank(b.purchase),
        cell: (row) => <TierChip tier={row.purchase} bare />,
      },
      {
        id: "products",
        header: t("vendors.col.products"),
        width: 128,
        priority: 5,
        align: "right",
        compare: (a, b) => a.products - b.products,
        cell: (row) => number(row.products),
      },
      {
        id: "machines",
        header: t("vendors.col.machines"),
        width: 128,
        priority: 1,
        align: "right",
        compare: (a, b) => a.machines - b.machines,
        cell: (row) => (
          <span className="inline-flex items-baseline gap-1.5">
            {row.told ? <ToldMark told={row.told} /> : null}
            <span
              title={t("vendors.cell.here", { products: row.products_here })}
              className={row.machines === 0 ? "text-ink-3" : "text-ink"}
            >
              {number(row.machines)}
            </span>
          </span>
        ),
      },
      {
        id: "restrictions",
        header: t("vendors.col.restrictions"),
        width: 120,
        priority: 3,
        align: "right",
        compare: (a, b) => a.restrictions - b.restrictions,
        cell: (row) => (
          <span className={row.restrictions === 0 ? "text-ink-3" : undefined}>{number(row.restrictions)}</span>
        ),
      },
    ],
    [locale],
  );
}

/** Tools tell of it without saying on which machines; said beside the count of machines, which does not hold it. */
function ToldMark({ told }: { told: ToldCount }) {
  const said = useToldWords()(told);
  return (
    <span title={said} className="inline-flex self-center text-ink-3">
      <MonitorOff size={13} aria-hidden="true" />
      <span className="sr-only">{said}; </span>
    </span>
  );
}

/** Every vendor of the catalogue: what may be done with it, and whether it is here. */
export function VendorsScreen() {
  const t = useT();
  const { locale } = useIntl();
  const navigate = useNavigate();
  const context = useContext();
  const vendors = useVendors();
  const columns = useColumns();
  const { search, sort, setFilters, setSort } = useTableAddress(COLUMN_IDS, fullSearch);
  const { tier, country, q, here, told } = search;
  const filters = useMemo(() => filtersFromSearch({ tier, country, q, here, told }), [tier, country, q, here, told]);
  const rows = vendors.data?.rows ?? NONE;
  const shown = useMemo(() => filterVendors(rows, filters), [rows, filters]);
  const inUse = useMemo(() => rows.filter((row) => row.machines > 0).length, [rows]);
  const isTold = useMemo(() => rows.some((row) => row.told !== null), [rows]);
  const tiers = useMemo(() => countValues(rows.map((row) => row.tier)), [rows]);
  const countries = useMemo(() => {
    return [...countValues(rows.flatMap((row) => (row.country ? [row.country] : [])))]
      .map(([code, count]) => ({
        value: code.toUpperCase(),
        label: countryName(code, locale),
        text: countryName(code, locale),
        find: code,
        count,
      }))
      .sort((a, b) => collator.compare(a.label, b.label));
  }, [rows, locale]);

  const set = (change: Partial<VendorsFilters>) => setFilters({ ...filters, ...change });
  const open = useCallback((id: string) => void navigate({ to: "/vendors/$id", params: { id } }), [navigate]);

  return (
    <section className="flex h-full min-w-0 flex-col" aria-label={t("vendors.title")}>
      <header className="flex min-h-13 flex-none flex-wrap items-center gap-x-3 pt-3 pr-4 pl-6">
        <h1 className="font-semibold text-page tracking-page">{t("vendors.title")}</h1>
        {vendors.data ? (
          <p className="pt-0.75 text-ink-3">
            {t("vendors.subtitle", { count: rows.length, here: inUse })}
            {context.isAsOf ? `; ${t("vendors.subtitle.as-of", { day: formatDay(context.as_of, locale) })}` : null}
          </p>
        ) : null}
      </header>
      {rows.length > 0 ? (
        <FilterBar
          text={{ value: filters.text, label: t("vendors.filter.text"), onChange: (text) => set({ text }) }}
          onClear={isFiltered(filters) ? () => setFilters(NO_FILTERS) : undefined}
          filters={[
            {
              id: "tier",
              kind: "several",
              label: t("findings.filter.tier"),
              options: TIERS.map((each) => ({
                value: each,
                label: <TierChip tier={each} bare />,
                text: t(`tier.${each}`).toLocaleLowerCase(),
                count: tiers.get(each) ?? 0,
              })),
              chosen: filters.tier,
              onChoose: (tier) => set({ tier: tier as Tier[] }),
            },
            {
              id: "country",
              kind: "one",
              label: t("vendors.filter.country"),
              options: countries,
              chosen: filters.country,
              otherwise: filters.country === null ? "" : countryName(filters.country, locale),
              onChoose: (country) => set({ country }),
            },
            {
              id: "here",
              kind: "toggle",
              label: t("vendors.filter.here"),
              on: filters.here,
              onToggle: (here) => set({ here }),
            },
            ...(isTold || filters.told
              ? [
                  {
                    id: "told",
                    kind: "toggle" as const,
                    label: t("told.title"),
                    on: filters.told,
                    onToggle: (told: boolean) => set({ told }),
                  },
                ]
              : []),
          ]}
        />
      ) : null}
      <TableArea
        query={vendors}
        errorTitle={t("vendors.error")}
        empty={
          shown.length > 0 ? null : rows.length === 0 ? (
            <NothingFound title={t("vendors.empty")}>{t("vendors.empty.hint")}</NothingFound>
          ) : (
            <NothingFound title={t("vendors.empty.filtered")} onClear={() => setFilters(NO_FILTERS)}>
              {t("vendors.empty.filtered.hint")}
            </NothingFound>
          )
        }
      >
        <DataTable
          label={t("vendors.title")}
          rows={shown}
          columns={columns}
          rowId={idOf}
          rowName={nameOf}
          tierOf={tierOf}
          sort={sort}
          onSort={setSort}
          onOpen={open}
        />
      </TableArea>
      {rows.length > 0 ? <TableFooter shown={shown.length} total={rows.length} /> : null}
    </section>
  );
}
