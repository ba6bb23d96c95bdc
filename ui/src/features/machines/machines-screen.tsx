import { Link, useNavigate } from "@tanstack/react-router";
import { ScanSearch } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useIntl } from "react-intl";
import { buttonClass, EmptyState, formatDay, TierChip } from "@/components";
import { ExportMenu } from "@/components/export-menu";
import { FilterBar, type Option } from "@/components/filter-bar";
import { NothingFound } from "@/components/nothing-found";
import { PagedTable } from "@/components/paged-table";
import { SavedViews } from "@/components/saved-views";
import { TableArea } from "@/components/table-area";
import { TableFooter } from "@/components/table-footer";
import { TableTools } from "@/components/table-tools";
import { backend, type FacetValue, type MachineRow, type MachinesPage, type Tier } from "@/ipc";
import { useContext } from "@/lib/context";
import { type MessageId, useT } from "@/lib/i18n";
import { usePages } from "@/lib/use-pages";
import { useTableAddress } from "@/lib/use-table-address";
import { useTableView } from "@/lib/use-table-view";
import { TIERS } from "../findings/findings-filters";
import { SORTS, useLackColumn, useMachineColumns } from "./machines-columns";
import {
  ANSWERS,
  CATEGORIES,
  filtersFromSearch,
  fullSearch,
  isFiltered,
  type MachinesFilters,
  machinesQuery,
  NO_FILTERS,
  SEEN,
  SYSTEMS,
} from "./machines-filters";

const idOf = (row: MachineRow) => row.id;
const tierOf = (row: MachineRow) => row.tier;

/** The values of a filter with what each would choose. */
export function facetOptions(
  known: readonly string[],
  counted: readonly FacetValue[],
  label: (value: string) => string,
): Option[] {
  const counts = new Map(counted.map((each) => [each.value, each.count]));
  return known.map((value) => ({ value, label: label(value), text: label(value), count: counts.get(value) ?? 0 }));
}

/** Every machine: what is on it, when it was last looked at and by whom. */
export function MachinesScreen() {
  const t = useT();
  const { locale } = useIntl();
  const navigate = useNavigate();
  const context = useContext();
  const columns = useMachineColumns();
  const view = useTableView("machines", columns);
  const { search, sort, setFilters, setSort } = useTableAddress(SORTS, fullSearch);
  const { q, tier, system, seen, told, without, answer } = search;
  const filters = useMemo(
    () => filtersFromSearch({ q, tier, system, seen, told, without, answer }),
    [q, tier, system, seen, told, without, answer],
  );
  const lackColumn = useLackColumn();
  const isLacking = filters.without.length > 0;
  const shown = useMemo(() => {
    if (!isLacking) return view.shown;
    const at = view.shown.findIndex((column) => column.id === "name") + 1;
    return view.shown.toSpliced(at, 0, lackColumn);
  }, [view.shown, isLacking, lackColumn]);
  const asked = { profiles: context.profiles, as_of: context.as_of };
  const query = machinesQuery(filters, sort);
  const machines = usePages<MachineRow, MachinesPage>(["machines_list", asked, query], (offset, limit) =>
    backend.call("machines_list", { context: asked, query, offset, limit }),
  );
  const head = machines.head;
  const set = (change: Partial<MachinesFilters>) => setFilters({ ...filters, ...change });
  const open = useCallback(
    (row: MachineRow) => void navigate({ to: "/machines/$id", params: { id: row.id } }),
    [navigate],
  );
  const { facets } = head ?? { facets: { systems: [], tiers: [], seen: [], told_by: [], answers: [] } };
  const tiers = new Map(facets.tiers.map((each) => [each.value, each.count]));

  return (
    <section className="flex h-full min-w-0 flex-col" aria-label={t("machines.title")}>
      <header className="flex min-h-13 flex-none flex-wrap items-center gap-x-3 pt-3 pr-4 pl-6">
        <h1 className="font-semibold text-page tracking-page">{t("machines.title")}</h1>
        {head && head.all > 0 ? (
          <p className="pt-0.75 text-ink-3">
            {t("machines.subtitle", { attention: head.attention })}
            {context.isAsOf ? `; ${t("vendors.subtitle.as-of", { day: formatDay(context.as_of, locale) })}` : null}
          </p>
        ) : null}
        {head && head.all > 0 ? (
          <span className="ml-auto flex items-center gap-2">
            <SavedViews list="machines" search={{ q, tier, system, seen, told, without, answer, sort: search.sort }} />
            <TableTools view={view} />
            <ExportMenu
              list={{ kind: "machines", query }}
              title={t("machines.title")}
              columns={shown}
              rows={head.total}
            />
          </span>
        ) : null}
      </header>
      {head && head.all > 0 ? (
        <FilterBar
          text={{ value: filters.text, label: t("machines.filter.text"), onChange: (text) => set({ text }) }}
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
              id: "system",
              kind: "several",
              label: t("machines.filter.system"),
              options: facetOptions(SYSTEMS, facets.systems, (value) => t(`machines.system.${value}` as MessageId)),
              chosen: filters.systems,
              onChoose: (systems) => set({ systems }),
            },
            {
              id: "seen",
              kind: "several",
              label: t("machines.col.last-seen"),
              options: facetOptions(SEEN, facets.seen, (value) => t(`machines.seen.${value}` as MessageId)),
              chosen: filters.seen,
              onChoose: (seen) => set({ seen }),
            },
            {
              id: "without",
              kind: "several",
              label: t("machines.filter.without"),
              options: CATEGORIES.map((each) => ({
                value: each,
                label: t(`machines.category.${each}`),
                text: t(`machines.category.${each}`),
              })),
              chosen: filters.without,
              onChoose: (without) => set({ without }),
            },
            ...(isLacking
              ? [
                  {
                    id: "answer",
                    kind: "several" as const,
                    label: t("machines.filter.answer"),
                    options: facetOptions(ANSWERS, facets.answers, (value) =>
                      t(`machines.answer.${value}` as MessageId),
                    ),
                    chosen: filters.answers,
                    onChoose: (answers: string[]) => set({ answers }),
                  },
                ]
              : []),
            {
              id: "told",
              kind: "several",
              folded: facets.told_by.length < 2,
              label: t("machines.col.told"),
              options: facets.told_by.map((each) => ({
                value: each.value,
                label: each.label,
                text: each.label,
                count: each.count,
              })),
              chosen: filters.toldBy,
              onChoose: (toldBy) => set({ toldBy }),
            },
          ]}
        />
      ) : null}
      <TableArea
        query={machines.query}
        errorTitle={t("machines.error")}
        empty={
          head === undefined || head.total > 0 ? null : head.all === 0 ? (
            <EmptyState
              icon={<ScanSearch size={16} />}
              title={t("findings.empty.no-machines")}
              actions={
                <Link to="/" className={buttonClass({ variant: "primary" })}>
                  {t("findings.empty.start")}
                </Link>
              }
            >
              {t("machines.empty.hint")}
            </EmptyState>
          ) : (
            <NothingFound title={t("machines.empty.filtered")} onClear={() => setFilters(NO_FILTERS)}>
              {t("machines.empty.filtered.hint")}
            </NothingFound>
          )
        }
      >
        <PagedTable
          label={t("machines.title")}
          pages={machines.pages}
          columns={shown}
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
