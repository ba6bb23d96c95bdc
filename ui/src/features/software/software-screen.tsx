import { Link, useNavigate } from "@tanstack/react-router";
import { ScanSearch } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useIntl } from "react-intl";
import { buttonClass, EmptyState, formatDay, TierChip } from "@/components";
import { ExportMenu } from "@/components/export-menu";
import { FilterBar } from "@/components/filter-bar";
import { NothingFound } from "@/components/nothing-found";
import { PagedTable } from "@/components/paged-table";
import { SavedViews } from "@/components/saved-views";
import { TableArea } from "@/components/table-area";
import { TableFooter } from "@/components/table-footer";
import { TableTools } from "@/components/table-tools";
import { backend, type FacetValue, type SoftwarePage, type SoftwareRow, type Tier } from "@/ipc";
import { useContext } from "@/lib/context";
import { useNumber, useT } from "@/lib/i18n";
import { usePages } from "@/lib/use-pages";
import { useTableAddress } from "@/lib/use-table-address";
import { useTableView } from "@/lib/use-table-view";
import { TIERS } from "../findings/findings-filters";
import { SORTS, useSoftwareColumns } from "./software-columns";
import {
  filtersFromSearch,
  fullSearch,
  isFiltered,
  NO_FILTERS,
  type SoftwareFilters,
  softwareQuery,
} from "./software-filters";

const idOf = (row: SoftwareRow) => `${row.name}\t${row.version}\t${row.publisher}`;
const tierOf = (row: SoftwareRow) => row.tier;
const asOptions = (values: readonly FacetValue[]) =>
  values.map((each) => ({ value: each.value, label: each.label, text: each.label, count: each.count }));

/** Every title: what it is, and how many machines have it. */
export function SoftwareScreen() {
  const t = useT();
  const number = useNumber();
  const { locale } = useIntl();
  const navigate = useNavigate();
  const context = useContext();
  const { search, sort, setFilters, setSort } = useTableAddress(SORTS, fullSearch);
  const { q, tier, publisher, vendor, source, known, where } = search;
  const filters = useMemo(
    () => filtersFromSearch({ q, tier, publisher, vendor, source, known, where }),
    [q, tier, publisher, vendor, source, known, where],
  );
  const asked = { profiles: context.profiles, as_of: context.as_of };
  const query = softwareQuery(filters, sort);
  const software = usePages<SoftwareRow, SoftwarePage>(["software_list", asked, query], (offset, limit) =>
    backend.call("software_list", { context: asked, query, offset, limit }),
  );
  const head = software.head;
  const columns = useSoftwareColumns(head?.machines ?? 0, (head?.facets.told ?? 0) > 0 || filters.where !== null);
  const view = useTableView("software", columns);
  const set = (change: Partial<SoftwareFilters>) => setFilters({ ...filters, ...change });
  const open = useCallback(
    (row: SoftwareRow) => void navigate({ to: "/software/$id", params: { id: row.family } }),
    [navigate],
  );
  const facets = head?.facets;
  const tiers = new Map(facets?.tiers.map((each) => [each.value, each.count]));

  return (
    <section className="flex h-full min-w-0 flex-col" aria-label={t("software.title")}>
      <header className="flex min-h-13 flex-none flex-wrap items-center gap-x-3 pt-3 pr-4 pl-6">
        <h1 className="font-semibold text-page tracking-page">{t("software.title")}</h1>
        {head && head.all > 0 ? (
          <p className="pt-0.75 text-ink-3">
            {t("software.subtitle", { machines: head.machines })}
            {context.isAsOf ? `; ${t("vendors.subtitle.as-of", { day: formatDay(context.as_of, locale) })}` : null}
          </p>
        ) : null}
        {head && head.all > 0 ? (
          <span className="ml-auto flex items-center gap-2">
            <SavedViews
              list="software"
              search={{ q, tier, publisher, vendor, source, known, where, sort: search.sort }}
            />
            <TableTools view={view} />
            <ExportMenu
              list={{ kind: "software", query }}
              title={t("software.title")}
              columns={view.shown}
              rows={head.total}
            />
          </span>
        ) : null}
      </header>
      {head && facets && head.all > 0 ? (
        <FilterBar
          text={{ value: filters.text, label: t("software.filter.text"), onChange: (text) => set({ text }) }}
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
              chosen: filters.tiers,
              onChoose: (tiers) => set({ tiers: tiers as Tier[] }),
            },
            {
              id: "known",
              kind: "one",
              label: t("software.filter.known"),
              options: (["yes", "no"] as const).map((value) => ({
                value,
                label: t(`software.known.${value}`),
                text: t(`software.known.${value}`),
                count: value === "yes" ? facets.identified : facets.unidentified,
              })),
              chosen: filters.known,
              onChoose: (known) => set({ known: known as "yes" | "no" | null }),
            },
            {
              id: "publisher",
              kind: "one",
              label: t("software.col.publisher"),
              options: asOptions(facets.publishers),
              chosen: filters.publisher,
              onChoose: (publisher) => set({ publisher }),
            },
            {
              id: "vendor",
              kind: "one",
              label: t("findings.col.vendor"),
              options: asOptions(facets.vendors),
              chosen: filters.vendor,
              onChoose: (vendor) => set({ vendor }),
            },
            {
              id: "where",
              kind: "one",
              folded: facets.told === 0,
              label: t("software.filter.where"),
              options: (["machines", "told"] as const).map((value) => ({
                value,
                label: t(`software.where.${value}`),
                text: t(`software.where.${value}`),
                count: value === "machines" ? facets.on_machines : facets.told,
              })),
              chosen: filters.where,
              onChoose: (where) => set({ where: where as "machines" | "told" | null }),
            },
            {
              id: "source",
              kind: "several",
              folded: true,
              label: t("software.col.sources"),
              options: asOptions(facets.sources),
              chosen: filters.sources,
              onChoose: (sources) => set({ sources }),
            },
          ]}
        />
      ) : null}
      <TableArea
        query={software.query}
        errorTitle={t("software.error")}
        empty={
          head === undefined || head.total > 0 ? null : head.all === 0 ? (
            <EmptyState
              icon={<ScanSearch size={16} />}
              title={t("software.empty")}
              actions={
                <Link to="/" className={buttonClass({ variant: "primary" })}>
                  {t("findings.empty.start")}
                </Link>
              }
            >
              {t("machines.empty.hint")}
            </EmptyState>
          ) : (
            <NothingFound title={t("software.empty.filtered")} onClear={() => setFilters(NO_FILTERS)}>
              {t("software.empty.filtered.hint", { total: number(head.all) })}
            </NothingFound>
          )
        }
      >
        <PagedTable
          label={t("software.title")}
          pages={software.pages}
          columns={view.shown}
          rowId={idOf}
          tierOf={tierOf}
          sort={sort}
          onSort={setSort}
          onOpen={open}
          height={view.height}
        />
      </TableArea>
      {head && head.all > 0 ? <TableFooter shown={head.total} total={head.all} /> : null}
    </section>
  );
}
