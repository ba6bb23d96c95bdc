import { useMutation } from "@tanstack/react-query";
import { FileText, Folder, GitCompareArrows, History } from "lucide-react";
import { useMemo } from "react";
import { useIntl } from "react-intl";
import { Button, countryName, formatDay, Popover, PopoverClose, TierChip } from "@/components";
import { DataTable } from "@/components/data-table";
import { countValues, FilterBar, type Option } from "@/components/filter-bar";
import { NothingFound } from "@/components/nothing-found";
import { TableArea } from "@/components/table-area";
import { TableFooter } from "@/components/table-footer";
import { type Activity, backend, type RestrictionRow, type Tier } from "@/ipc";
import { useContext } from "@/lib/context";
import { useT } from "@/lib/i18n";
import { useRestrictions } from "@/lib/queries";
import { useOpenRow } from "@/lib/use-open-row";
import { useTableAddress } from "@/lib/use-table-address";
import { TIERS } from "../findings/findings-filters";
import { ChangesFlyout } from "./changes-flyout";
import { RestrictionFlyout } from "./restriction-flyout";
import { COLUMN_IDS, useRestrictionColumns } from "./restrictions-columns";
import {
  ACTIVITIES,
  FILTER_KEYS,
  filterRestrictions,
  filtersFromSearch,
  fullSearch,
  isFiltered,
  NO_FILTERS,
  type RestrictionsFilters,
  STANDINGS,
  type Standing,
} from "./restrictions-filters";
import { useWord } from "./words";

const NONE: readonly RestrictionRow[] = [];
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const idOf = (row: RestrictionRow) => row.id;
const nameOf = (row: RestrictionRow) => row.short_title;
const tierOf = (row: RestrictionRow) => row.tier;

/** Every restriction of the catalogue on the day asked about, with one open beside the table. */
export function RestrictionsScreen() {
  const t = useT();
  const { locale } = useIntl();
  const context = useContext();
  const { search, sort, setFilters, setSort } = useTableAddress(COLUMN_IDS, fullSearch);
  const { open, show, close, focusTable } = useOpenRow("/restrictions");
  const restrictions = useRestrictions();
  const columns = useRestrictionColumns(context.isAsOf);

  const written = FILTER_KEYS.map((key) => search[key] ?? "").join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filters change with their own keys alone
  const filters = useMemo(() => filtersFromSearch(search), [written]);
  const rows = restrictions.data?.rows ?? NONE;
  const shown = useMemo(() => filterRestrictions(rows, filters), [rows, filters]);
  const counts = useMemo(
    () => ({
      inForce: rows.filter((row) => row.in_force).length,
      touching: rows.filter((row) => row.tier !== "none").length,
    }),
    [rows],
  );

  const compare = useMutation({
    mutationFn: ({ folder }: { folder: boolean }) =>
      backend.call("catalogue_compare", {
        context: { profiles: context.profiles, as_of: context.as_of },
        folder,
      }),
  });
  // While the person still chooses there is nothing to show; nothing chosen is no comparison.
  const comparing = compare.isError || (compare.isSuccess && compare.data !== null);

  return (
    <div className="relative flex h-full min-w-0 print:block">
      <section
        className={
          open !== null || comparing ? "flex min-w-0 flex-1 flex-col print:hidden" : "flex min-w-0 flex-1 flex-col"
        }
        aria-label={t("restrictions.title")}
      >
        <header className="flex min-h-13 flex-none items-center gap-x-3 pt-3 pr-4 pl-6">
          <h1 className="font-semibold text-page tracking-page">{t("restrictions.title")}</h1>
          {restrictions.data ? (
            <p className="min-w-0 truncate pt-0.75 text-ink-3">
              {t("restrictions.subtitle", { count: rows.length, inForce: counts.inForce, touching: counts.touching })}
            </p>
          ) : null}
          {rows.length > 0 ? <Compare onChoose={compare.mutate} /> : null}
        </header>
        {rows.length > 0 ? <Filters rows={rows} filters={filters} onFilters={setFilters} /> : null}
        {context.isAsOf && rows.length > 0 ? <AsOfLine rows={rows} day={formatDay(context.as_of, locale)} /> : null}
        <TableArea
          query={restrictions}
          errorTitle={t("restrictions.error")}
          empty={
            shown.length > 0 ? null : rows.length === 0 ? (
              <NothingFound title={t("restrictions.empty")}>{t("restrictions.empty.hint")}</NothingFound>
            ) : (
              <NothingFound title={t("restrictions.empty.filtered")} onClear={() => setFilters(NO_FILTERS)}>
                {t("restrictions.empty.filtered.hint", { total: rows.length })}
              </NothingFound>
            )
          }
        >
          <DataTable
            label={t("restrictions.title")}
            rows={shown}
            columns={columns}
            rowId={idOf}
            rowName={nameOf}
            tierOf={tierOf}
            sort={sort}
            onSort={setSort}
            open={open}
            onOpen={show}
            onClose={close}
            focusRef={focusTable}
          />
        </TableArea>
        {rows.length > 0 ? (
          <TableFooter
            shown={shown.length}
            total={rows.length}
            legend={open === null && !comparing ? t("restrictions.legend") : undefined}
          />
        ) : null}
      </section>
      {open !== null ? (
        <RestrictionFlyout id={open} onClose={close} />
      ) : comparing ? (
        <ChangesFlyout
          changes={compare.data ?? undefined}
          error={compare.error}
          onRetry={() => compare.mutate(compare.variables ?? { folder: true })}
          onClose={compare.reset}
        />
      ) : null}
    </div>
  );
}

/** The way to another catalogue: a folder of its files, or one file of it. */
function Compare({ onChoose }: { onChoose: (what: { folder: boolean }) => void }) {
  const t = useT();
  const item = (folder: boolean, label: string) => (
    <PopoverClose asChild>
      <button
        type="button"
        onClick={() => onChoose({ folder })}
        className="-outline-offset-2 flex h-7 items-center gap-2 rounded-md px-2 text-left hover:bg-hover [&_svg]:text-ink-3"
      >
        {folder ? <Folder size={14} aria-hidden="true" /> : <FileText size={14} aria-hidden="true" />}
        {label}
      </button>
    </PopoverClose>
  );
  return (
    <span className="ml-auto flex-none" data-print="hide">
      <Popover
        align="end"
        label={t("restrictions.compare")}
        trigger={
          <Button>
            <GitCompareArrows size={14} aria-hidden="true" />
            {t("restrictions.compare")}
          </Button>
        }
      >
        <div className="flex w-72 flex-col p-1" data-own-keys="">
          <p className="px-2 py-1.5 text-cap text-ink-3">{t("restrictions.compare.hint")}</p>
          {item(true, t("restrictions.compare.folder"))}
          {item(false, t("restrictions.compare.file"))}
        </div>
      </Popover>
    </span>
  );
}

/** What differs from today, counted. */
function AsOfLine({ rows, day }: { rows: readonly RestrictionRow[]; day: string }) {
  const t = useT();
  const tiers = rows.filter((row) => row.tier !== row.tier_today).length;
  const standings = rows.filter((row) => row.standing !== row.standing_today).length;
  return (
    <div className="flex min-h-9 flex-none flex-wrap items-center gap-2 border-line border-t bg-asof-tint py-1.5 pr-4 pl-6 text-asof-text">
      <History size={14} aria-hidden="true" />
      <p className="font-medium">
        {tiers === 0 && standings === 0
          ? t("findings.as-of.same", { day })
          : t("restrictions.as-of", { day, tiers, standings, total: rows.length })}
      </p>
    </div>
  );
}

function Filters({
  rows,
  filters,
  onFilters,
}: {
  rows: readonly RestrictionRow[];
  filters: RestrictionsFilters;
  onFilters: (filters: RestrictionsFilters) => void;
}) {
  const t = useT();
  const word = useWord();
  const { locale } = useIntl();
  const set = (change: Partial<RestrictionsFilters>) => onFilters({ ...filters, ...change });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the locale alone
  const options = useMemo(() => {
    const sorted = (list: Option[]) => list.sort((a, b) => collator.compare(a.text, b.text));
    const named = (values: string[], name: (value: string) => string) =>
      sorted(
        [...countValues(values)].map(([value, count]) => ({ value, label: name(value), text: name(value), count })),
      );
    const issuers = new Map(rows.map((row) => [row.issuer, row.issuer_name]));
    const vendors = new Map(rows.flatMap((row) => row.vendors.map((vendor) => [vendor.id, vendor.name] as const)));
    const standings = countValues(rows.map((row) => row.standing));
    const activities = countValues(rows.flatMap((row) => row.activities));
    const tiers = countValues(rows.map((row) => row.tier));
    return {
      issuer: named(
        rows.map((row) => row.issuer),
        (id) => issuers.get(id) ?? id,
      ),
      jurisdiction: named(
        rows.map((row) => row.jurisdiction),
        (code) => countryName(code, locale),
      ),
      vendor: named(
        rows.flatMap((row) => row.vendors.map((vendor) => vendor.id)),
        (id) => vendors.get(id) ?? id,
      ),
      instrument: named(
        rows.map((row) => row.instrument),
        (each) => word("instrument", each),
      ),
      standing: STANDINGS.filter((each) => standings.has(each)).map((each) => ({
        value: each,
        label: word("standing", each),
        text: word("standing", each),
        count: standings.get(each) ?? 0,
      })),
      activity: ACTIVITIES.map((each) => ({
        value: each,
        label: t(`activity.${each}`),
        text: t(`activity.${each}`),
        count: activities.get(each) ?? 0,
      })),
      tier: TIERS.map((each) => ({
        value: each,
        label: <TierChip tier={each} bare />,
        text: t(`tier.${each}`).toLocaleLowerCase(),
        count: tiers.get(each) ?? 0,
      })),
    };
  }, [rows, locale]);
  return (
    <FilterBar
      text={{ value: filters.text, label: t("restrictions.filter.text"), onChange: (text) => set({ text }) }}
      onClear={isFiltered(filters) ? () => onFilters(NO_FILTERS) : undefined}
      filters={[
        {
          id: "issuer",
          kind: "one",
          label: t("restrictions.col.issuer"),
          options: options.issuer,
          chosen: filters.issuer,
          onChoose: (issuer) => set({ issuer }),
        },
        {
          id: "standing",
          kind: "several",
          label: t("restrictions.col.standing"),
          options: options.standing,
          chosen: filters.standing,
          onChoose: (standing) => set({ standing: standing as Standing[] }),
        },
        {
          id: "activity",
          kind: "several",
          label: t("restrictions.filter.activity"),
          options: options.activity,
          chosen: filters.activity,
          onChoose: (activity) => set({ activity: activity as Activity[] }),
        },
        {
          id: "touches",
          kind: "toggle",
          label: t("restrictions.filter.touches"),
          on: filters.touches,
          onToggle: (touches) => set({ touches }),
        },
        {
          id: "tier",
          kind: "several",
          folded: true,
          label: t("restrictions.col.tier"),
          options: options.tier,
          chosen: filters.tier,
          onChoose: (tier) => set({ tier: tier as Tier[] }),
        },
        {
          id: "force",
          kind: "one",
          folded: true,
          label: t("restrictions.filter.force"),
          options: (["yes", "no"] as const).map((each) => ({
            value: each,
            label: t(`restrictions.filter.force.${each}`),
            text: t(`restrictions.filter.force.${each}`),
            count: rows.filter((row) => row.in_force === (each === "yes")).length,
          })),
          chosen: filters.force,
          onChoose: (force) => set({ force: force as "yes" | "no" | null }),
        },
        {
          id: "jurisdiction",
          kind: "one",
          folded: true,
          label: t("restrictions.filter.jurisdiction"),
          options: options.jurisdiction,
          chosen: filters.jurisdiction,
          onChoose: (jurisdiction) => set({ jurisdiction }),
        },
        {
          id: "instrument",
          kind: "several",
          folded: true,
          label: t("restrictions.col.instrument"),
          options: options.instrument,
          chosen: filters.instrument,
          onChoose: (instrument) => set({ instrument }),
        },
        {
          id: "vendor",
          kind: "one",
          folded: true,
          label: t("findings.filter.vendor"),
          options: options.vendor,
          chosen: filters.vendor,
          onChoose: (vendor) => set({ vendor }),
        },
        {
          id: "here",
          kind: "toggle",
          folded: true,
          label: t("restrictions.filter.here"),
          on: filters.here,
          onToggle: (here) => set({ here }),
        },
      ]}
    />
  );
}
