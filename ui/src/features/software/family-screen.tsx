import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { ErrorNotice, SkeletonLines, TierChip } from "@/components";
import { Segmented } from "@/components/chip";
import { ExportMenu } from "@/components/export-menu";
import { FilterBar } from "@/components/filter-bar";
import { NothingFound } from "@/components/nothing-found";
import { PagedTable } from "@/components/paged-table";
import { TableArea } from "@/components/table-area";
import { TableFooter } from "@/components/table-footer";
import { TableTools } from "@/components/table-tools";
import { ToldTable } from "@/components/told-table";
import { backend, type FamilyPage, type HolderRow, type HoldersPage, type Tier } from "@/ipc";
import { useContext } from "@/lib/context";
import { type MessageId, useNumber, useT } from "@/lib/i18n";
import { useFamily } from "@/lib/queries";
import { usePages } from "@/lib/use-pages";
import { useTableAddress } from "@/lib/use-table-address";
import { useTableView } from "@/lib/use-table-view";
import { type ListColumn, SORTS, useMachineColumns } from "../machines/machines-columns";
import { filtersFromSearch, fullSearch, machinesQuery, SEEN, SYSTEMS } from "../machines/machines-filters";
import { facetOptions } from "../machines/machines-screen";

/** Up to so many versions each gets a column of its own; of more, what each machine has stands in one. */
const MATRIX = 6;
/** So many versions are drawn as bars; the rest is one more bar. */
const BARS = 8;

const idOf = (row: HolderRow) => row.machine.id;
const tierOf = (row: HolderRow): Tier => row.machine.tier;

/** All versions of a product or title: who has which, and who has none. */
export function FamilyScreen({ id }: { id: string }) {
  const t = useT();
  const family = useFamily(id);
  if (family.isError) {
    return (
      <div className="p-6">
        <ErrorNotice error={family.error} title={t("software.error.one")} onRetry={() => void family.refetch()} />
      </div>
    );
  }
  if (!family.data) return <SkeletonLines lines={14} className="p-6" />;
  return <Family family={family.data} />;
}

function Family({ family }: { family: FamilyPage }) {
  const t = useT();
  const others = family.names.filter((name) => name !== family.name);
  return (
    <section className="flex h-full min-w-0 flex-col" aria-label={family.name}>
      <header className="flex-none px-6 pt-4 pb-3">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="font-semibold text-page tracking-page [overflow-wrap:anywhere]">{family.name}</h1>
          {family.tier === null ? (
            <span className="text-ink-3">{t("software.unidentified")}</span>
          ) : (
            <TierChip tier={family.tier} />
          )}
          {family.vendor ? (
            <Link to="/vendors/$id" params={{ id: family.vendor.id }} className="lk">
              {family.vendor.name}
            </Link>
          ) : null}
          {family.tier !== null && family.vendor ? (
            <Link to="/findings" search={{ vendor: family.vendor.id } as never} className="lk ml-auto">
              {t("software.to-findings")}
            </Link>
          ) : null}
        </div>
        <p className="mt-0.5 text-cap text-ink-3">
          {[
            family.publishers.length > 0 ? t("software.published-as", { names: family.publishers.join(", ") }) : null,
            others.length > 0 ? t("software.also", { names: others.slice(0, 4).join(", ") }) : null,
            family.sources.join(", "),
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </header>
      {family.told.length > 0 ? <Told family={family} /> : null}
      <Holders family={family} />
    </section>
  );
}

function useSearchOf() {
  return useSearch({ strict: false }) as Record<string, string | undefined>;
}

function useHolderColumns(family: FamilyPage, has: boolean): ListColumn<HolderRow>[] {
  const t = useT();
  const machine = useMachineColumns();
  // biome-ignore lint/correctness/useExhaustiveDependencies: t changes with the columns of the machine
  return useMemo(() => {
    const ofMachine: ListColumn<HolderRow>[] = machine
      .filter((column) => column.id !== "findings")
      .map((column) => ({
        ...column,
        optional: column.optional || column.id === "installations" || column.id === "told",
        cell: (row) => column.cell(row.machine),
      }));
    if (!has) return ofMachine;
    const word = (version: string) => (version === "" ? t("software.version.none") : version);
    const isMatrix = family.versions.length > 1 && family.versions.length <= MATRIX;
    const most = family.versions.toSorted((a, b) => b.machines - a.machines);
    const versions: ListColumn<HolderRow>[] = isMatrix
      ? family.versions
          .map((held) => ({ ...held, place: most.indexOf(held) }))
          .map(({ version, place }) => ({
            id: `version:${version.replaceAll(",", " ")}`,
            header: word(version),
            width: 104,
            // Where there is no room, the version that fewest have goes first, and the system before any of them.
            priority: 1 + place / 10,
            cell: (row) =>
              row.versions.includes(version) ? (
                <span className="font-medium text-ink">
                  <span aria-hidden="true">●</span>
                  <span className="sr-only">{word(version)}</span>
                </span>
              ) : null,
          }))
      : [];
    const all: ListColumn<HolderRow> = {
      id: "versions",
      header: t("software.col.versions"),
      width: 160,
      priority: 1,
      optional: isMatrix,
      cell: (row) => (
        <span className="text-ink tabular-nums" title={row.versions.map(word).join(", ")}>
          {row.versions.map(word).join(", ")}
        </span>
      ),
    };
    const [tier, name, ...rest] = ofMachine;
    return [tier, name, ...versions, all, ...rest].filter((column) => column !== undefined);
  }, [machine, family, has]);
}

/** Who has it, or who has not: machines, with the versions they have. */
function Holders({ family }: { family: FamilyPage }) {
  const t = useT();
  const number = useNumber();
  const navigate = useNavigate();
  const context = useContext();
  const { search, sort, setFilters, setSort } = useTableAddress(SORTS, fullSearch);
  const { q, system, seen } = search;
  const { has: hasText, version } = useSearchOf();
  const has = hasText !== "no";
  const filters = useMemo(() => filtersFromSearch({ q, system, seen }), [q, system, seen]);
  const asked = { profiles: context.profiles, as_of: context.as_of };
  const query = {
    family: family.id,
    versions: version === undefined || !has ? [] : [version],
    has,
    machines: machinesQuery(filters, sort),
  };
  const holders = usePages<HolderRow, HoldersPage>(["holders_list", asked, query], (offset, limit) =>
    backend.call("holders_list", { context: asked, query, offset, limit }),
  );
  const columns = useHolderColumns(family, has);
  const view = useTableView(has ? "holders" : "holders-not", columns);
  const head = holders.head;
  const facets = head?.facets ?? { systems: [], tiers: [], seen: [], told_by: [], answers: [] };
  const go = (part: Record<string, string | undefined>) =>
    void navigate({ to: ".", replace: true, search: (old: Record<string, unknown>) => ({ ...old, ...part }) } as never);
  return (
    <>
      {family.versions.length > 0 ? (
        <div className="flex flex-none flex-wrap items-end gap-x-8 gap-y-3 border-line border-t px-6 py-3">
          <Versions
            family={family}
            chosen={has ? version : undefined}
            onChoose={(version) => go({ version, has: undefined })}
          />
        </div>
      ) : null}
      <div className="flex flex-none flex-wrap items-center border-line border-t">
        <span className="pt-0.5 pl-6">
          <Segmented
            label={t("software.who")}
            value={has ? "yes" : "no"}
            options={[
              { value: "yes", label: t("software.has", { machines: number(family.machines_with) }) },
              { value: "no", label: t("software.has-not", { machines: number(family.machines_without) }) },
            ]}
            onChange={(value) => go({ has: value === "no" ? "no" : undefined })}
          />
        </span>
        <div className="min-w-0 flex-1 [&>div]:pl-3">
          <FilterBar
            text={{
              value: filters.text,
              label: t("machines.filter.text"),
              onChange: (text) => setFilters({ ...filters, text }),
            }}
            onClear={undefined}
            filters={[
              {
                id: "system",
                kind: "several",
                label: t("machines.filter.system"),
                options: facetOptions(SYSTEMS, facets.systems, (value) => t(`machines.system.${value}` as MessageId)),
                chosen: filters.systems,
                onChoose: (systems) => setFilters({ ...filters, systems }),
              },
              {
                id: "seen",
                kind: "several",
                label: t("machines.col.last-seen"),
                options: facetOptions(SEEN, facets.seen, (value) => t(`machines.seen.${value}` as MessageId)),
                chosen: filters.seen,
                onChoose: (seen) => setFilters({ ...filters, seen }),
              },
            ]}
          />
        </div>
        <span className="flex items-center gap-2 pr-4 pl-2">
          <TableTools view={view} />
          <ExportMenu
            list={{ kind: "holders", query }}
            title={has ? family.name : t("software.without", { name: family.name })}
            columns={view.shown}
            rows={head?.total ?? 0}
          />
        </span>
      </div>
      <TableArea
        query={holders.query}
        errorTitle={t("machines.error")}
        empty={
          head === undefined || head.total > 0 ? null : head.all === 0 && !has ? (
            <NothingFound title={t("software.everybody")}>{t("software.everybody.hint")}</NothingFound>
          ) : head.all === 0 && version === undefined ? (
            <NothingFound title={t("software.nobody")}>{t("software.nobody.hint")}</NothingFound>
          ) : (
            <NothingFound
              title={t("machines.empty.filtered")}
              onClear={() => go({ q: undefined, system: undefined, seen: undefined, version: undefined })}
            >
              {t("machines.empty.filtered.hint")}
            </NothingFound>
          )
        }
      >
        <PagedTable
          label={t(has ? "software.list.has" : "software.list.has-not", { name: family.name })}
          pages={holders.pages}
          columns={view.shown}
          rowId={idOf}
          tierOf={tierOf}
          sort={sort}
          onSort={setSort}
          onOpen={(row) => void navigate({ to: "/machines/$id", params: { id: row.machine.id } })}
          height={view.height}
        />
      </TableArea>
      {head ? <TableFooter shown={head.total} total={head.all} /> : null}
    </>
  );
}

/** What tools tell of it without saying on which machines: their counts, beside ours and never in them. */
function Told({ family }: { family: FamilyPage }) {
  const t = useT();
  return (
    <div className="max-h-64 flex-none overflow-y-auto border-line border-t px-6 py-3">
      <h2 className="font-semibold text-cap text-ink-2">{t("told.title")}</h2>
      <p className="mb-1 text-cap text-ink-3">{t("told.means")}</p>
      <ToldTable label={t("told.title")} titles={family.told.map((title) => ({ title, family: null }))} />
    </div>
  );
}

/** How many machines have which version; choosing one narrows the list. */
function Versions({
  family,
  chosen,
  onChoose,
}: {
  family: FamilyPage;
  chosen: string | undefined;
  onChoose: (version: string | undefined) => void;
}) {
  const t = useT();
  const number = useNumber();
  const most = Math.max(...family.versions.map((each) => each.machines), 1);
  // Those on most machines are drawn, in the order of versions.
  const drawn = new Set(family.versions.toSorted((a, b) => b.machines - a.machines).slice(0, BARS));
  const shown = family.versions.filter((each) => drawn.has(each));
  const rest = family.versions.length - shown.length;
  return (
    <div className="w-full min-w-0">
      <h2 className="mb-1 font-semibold text-cap text-ink-2">
        {t("software.versions", { count: family.versions.length })}
      </h2>
      <ul className="grid grid-cols-1 gap-x-8 md:grid-cols-2">
        {shown.map((each) => {
          const on = chosen === each.version;
          return (
            <li key={each.version}>
              <button
                type="button"
                aria-pressed={on}
                onClick={() => onChoose(on ? undefined : each.version)}
                className="-mx-1.5 grid h-6.5 w-[calc(100%+12px)] grid-cols-[minmax(0,160px)_minmax(0,1fr)_48px] items-center gap-3 rounded-sm px-1.5 text-left text-cap hover:bg-hover aria-pressed:bg-accent-tint"
              >
                <span className="truncate font-medium text-ink tabular-nums" title={each.version}>
                  {each.version === "" ? t("software.version.none") : each.version}
                </span>
                <span aria-hidden="true" className="h-2 overflow-hidden rounded-xs bg-track">
                  <span
                    data-bar=""
                    className={on ? "block h-full rounded-xs bg-accent" : "block h-full rounded-xs bg-ink-3"}
                    style={{ width: `${(each.machines / most) * 100}%` }}
                  />
                </span>
                <span className="text-right tabular-nums">{number(each.machines)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {rest > 0 ? <p className="mt-1 text-cap text-ink-3">{t("software.versions.rest", { count: rest })}</p> : null}
    </div>
  );
}
