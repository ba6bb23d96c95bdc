import { Link } from "@tanstack/react-router";
import { Copy, History, ScanSearch, ShieldCheck } from "lucide-react";
import { useMemo, useState } from "react";
import { useIntl } from "react-intl";
import { Button, buttonClass, EmptyState, formatDay, Kbd, Skeleton, toast } from "@/components";
import { ActivityStrip, useActivitySentence } from "@/components/activity-strip";
import { DataTable } from "@/components/data-table";
import { NothingFound } from "@/components/nothing-found";
import { TableArea } from "@/components/table-area";
import { TableFooter } from "@/components/table-footer";
import { ToldFindings } from "@/components/told-findings";
import type { FindingRow, ToldFinding } from "@/ipc";
import { useContext } from "@/lib/context";
import { useT } from "@/lib/i18n";
import { useFindings, useStatus } from "@/lib/queries";
import { useOpenRow } from "@/lib/use-open-row";
import { useTableAddress } from "@/lib/use-table-address";
import { FindingsFilterBar } from "./filter-bar";
import { FindingFlyout } from "./finding-flyout";
import { COLUMN_IDS, useFindingColumns } from "./findings-columns";
import {
  changedActivities,
  filterFindings,
  filtersFromSearch,
  filterTold,
  fullSearch,
  isFiltered,
  NO_FILTERS,
} from "./findings-filters";

const NOBODY: readonly FindingRow[] = [];
const NOTHING_TOLD: readonly ToldFinding[] = [];
const idOf = (row: FindingRow) => row.id;
const nameOf = (row: FindingRow) => row.title;
const tierOf = (row: FindingRow) => row.tier;

/** Every product that some instrument speaks of, worst first, with one finding open beside it. */
export function FindingsScreen() {
  const t = useT();
  const { locale } = useIntl();
  const { search, sort, setFilters, setSort } = useTableAddress(COLUMN_IDS, fullSearch);
  const { open, show, close, focusTable } = useOpenRow("/findings");
  const context = useContext();
  const database = useStatus().data?.database;
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());

  const { tier, presence, vendor, machine, restriction, q, others } = search;
  const filters = useMemo(
    () => filtersFromSearch({ tier, presence, vendor, machine, restriction, q, others }),
    [tier, presence, vendor, machine, restriction, q, others],
  );
  const findings = useFindings(filters.machine);
  const machineAsked = findings.data?.on_machine;
  const onMachine = useMemo(() => {
    const found = machineAsked?.id === filters.machine ? machineAsked : null;
    return found ? new Set(found.findings.map((each) => each.finding)) : null;
  }, [machineAsked, filters.machine]);

  const rows = findings.data?.rows ?? NOBODY;
  const shown = useMemo(() => filterFindings(rows, filters, onMachine), [rows, filters, onMachine]);
  const told = useMemo(() => filterTold(findings.data?.told ?? NOTHING_TOLD, filters), [findings.data?.told, filters]);
  const columns = useFindingColumns(context.isAsOf);

  const chosen = useMemo(() => rows.filter((row) => selection.has(row.id)), [rows, selection]);

  return (
    <div className="relative flex h-full min-w-0 print:block">
      <section
        className={open !== null ? "flex min-w-0 flex-1 flex-col print:hidden" : "flex min-w-0 flex-1 flex-col"}
        aria-label={t("findings.title")}
      >
        <header className="flex min-h-13 flex-none flex-wrap items-center gap-x-3 pt-3 pr-4 pl-6">
          <h1 className="font-semibold text-page tracking-page">{t("findings.title")}</h1>
          {rows.length > 0 && findings.data ? (
            <p className="pt-0.75 text-ink-3">
              {context.isAsOf ? t("findings.subtitle.as-of", { day: formatDay(context.as_of, locale) }) : null}
              {context.isAsOf
                ? null
                : [
                    t("findings.subtitle", { attention: findings.data.attention }),
                    findings.data.others_only > 0
                      ? t("findings.subtitle.others", { others: findings.data.others_only })
                      : null,
                  ]
                    .filter(Boolean)
                    .join("; ")}
            </p>
          ) : null}
        </header>
        {rows.length > 0 ? (
          <FindingsFilterBar rows={rows} machine={machineAsked?.hostname} filters={filters} onFilters={setFilters} />
        ) : null}
        <ToldFindings told={told} className="flex-none border-line border-t py-2 pr-4 pl-6" />
        {context.isAsOf && rows.length > 0 ? (
          <AsOfLine rows={rows} day={formatDay(context.as_of, locale)} legend={open === null} />
        ) : null}
        <TableArea
          query={findings}
          errorTitle={t("findings.error")}
          loading={<Loading />}
          empty={
            shown.length > 0 ? null : (
              <Nothing
                total={rows.length}
                filtered={isFiltered(filters)}
                machines={database?.machines ?? 0}
                machineUnknown={filters.machine !== null && onMachine === null}
                onClear={() => setFilters(NO_FILTERS)}
              />
            )
          }
        >
          <DataTable
            label={t("findings.title")}
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
            selection={selection}
            onSelection={setSelection}
            focusRef={focusTable}
          />
        </TableArea>
        {rows.length > 0 ? (
          <TableFooter
            shown={shown.length}
            total={rows.length}
            legend={open === null ? t("findings.legend") : undefined}
          />
        ) : null}
        {chosen.length > 0 ? <Bulk rows={chosen} onClear={() => setSelection(new Set())} /> : null}
      </section>
      {open !== null ? <FindingFlyout id={open} onClose={close} /> : null}
    </div>
  );
}

function AsOfLine({ rows, day, legend }: { rows: readonly FindingRow[]; day: string; legend: boolean }) {
  const t = useT();
  const tiers = rows.filter((row) => row.tier !== row.tier_today).length;
  const answers = rows.reduce((sum, row) => sum + changedActivities(row), 0);
  return (
    <div className="flex min-h-9 flex-none flex-wrap items-center gap-2 border-line border-t bg-asof-tint py-1.5 pr-4 pl-6 text-asof-text">
      <History size={14} aria-hidden="true" />
      <p className="font-medium">
        {tiers === 0 && answers === 0
          ? t("findings.as-of.same", { day })
          : t("findings.as-of", { day, tiers, total: rows.length, answers })}
      </p>
      {answers > 0 && legend ? (
        <span className="ml-auto hidden items-center gap-2 text-cap lg:flex" aria-hidden="true">
          <ActivityStrip
            activities={[{ activity: "update", tier: "watch" }]}
            today={[{ activity: "update", tier: "prohibited" }]}
          />
          {t("findings.as-of.legend")}
        </span>
      ) : null}
    </div>
  );
}

function Loading() {
  const t = useT();
  return (
    <div role="status" aria-label={t("common.loading")}>
      <div className="h-8 border-line-2 border-b" />
      {Array.from({ length: 12 }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change places
        <div key={i} className="flex h-row items-center gap-6 border-line border-b pr-4 pl-6">
          <Skeleton className="size-3.5" />
          <Skeleton className="h-5 w-24 rounded-pill" />
          <Skeleton className="h-3 w-14" />
          <Skeleton className={i % 3 === 0 ? "h-3 w-64" : i % 3 === 1 ? "h-3 w-44" : "h-3 w-52"} />
          <Skeleton className="ml-auto h-3.5 w-20" />
        </div>
      ))}
    </div>
  );
}

function Nothing({
  total,
  filtered,
  machines,
  machineUnknown,
  onClear,
}: {
  total: number;
  filtered: boolean;
  machines: number;
  machineUnknown: boolean;
  onClear: () => void;
}) {
  const t = useT();
  if (total > 0 && filtered) {
    return (
      <NothingFound title={t("findings.empty.filtered")} onClear={onClear}>
        {machineUnknown ? t("findings.empty.machine") : t("findings.empty.filtered.hint", { total })}
      </NothingFound>
    );
  }
  if (machines === 0) {
    return (
      <EmptyState
        icon={<ScanSearch size={16} />}
        title={t("findings.empty.no-machines")}
        actions={
          <Link to="/" className={buttonClass({ variant: "primary" })}>
            {t("findings.empty.start")}
          </Link>
        }
      >
        {t("findings.empty.no-machines.hint")}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<ShieldCheck size={16} />}
      title={t("findings.empty.clean")}
      actions={
        <Link to="/overview" className={buttonClass({})}>
          {t("findings.empty.coverage")}
        </Link>
      }
    >
      {t("findings.empty.clean.hint")}
    </EmptyState>
  );
}

/** What can be done with the chosen rows. */
function Bulk({ rows, onClear }: { rows: readonly FindingRow[]; onClear: () => void }) {
  const t = useT();
  const sentence = useActivitySentence();
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text);
    toast({ title: t("findings.bulk.copied", { count: rows.length }) });
  };
  const asText = () =>
    rows
      .map((row) =>
        [
          [row.title, row.versions[0]].filter(Boolean).join(" "),
          row.vendor_name,
          t(`tier.${row.tier}`),
          t(`presence.${row.presence}`),
          t("findings.machines", { count: row.machines }),
          sentence(row.activities),
        ].join("\t"),
      )
      .join("\n");
  return (
    <div
      role="toolbar"
      aria-label={t("findings.bulk.label", { count: rows.length })}
      data-print="hide"
      className="absolute bottom-10 left-6 z-15 flex h-11 animate-appear items-center gap-1 rounded-lg bg-raised pr-2 pl-3.5 shadow-float"
    >
      <span className="mr-2 font-semibold">{t("findings.bulk.label", { count: rows.length })}</span>
      <span aria-hidden="true" className="h-5 w-px bg-line-2" />
      <Button variant="ghost" onClick={() => void copy(asText())}>
        <Copy size={14} aria-hidden="true" />
        {t("findings.copy.text")}
      </Button>
      <Button variant="ghost" onClick={() => void copy(JSON.stringify(rows, null, 2))}>
        {t("findings.copy.json")}
      </Button>
      <span aria-hidden="true" className="h-5 w-px bg-line-2" />
      <Button variant="ghost" onClick={onClear}>
        {t("findings.bulk.clear")}
        <Kbd>Esc</Kbd>
      </Button>
    </div>
  );
}
