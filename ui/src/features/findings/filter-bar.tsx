import { useMemo, useState } from "react";
import { TierChip } from "@/components";
import { countValues, FilterBar } from "@/components/filter-bar";
import { PresenceMark } from "@/components/presence-mark";
import type { FindingRow, Presence, Tier } from "@/ipc";
import { useT } from "@/lib/i18n";
import { useMachinesToChoose, useRestrictions } from "@/lib/queries";
import { type FindingsFilters, isFiltered, NO_FILTERS, PRESENCES, TIERS } from "./findings-filters";

/** The filters of the findings, for the one filter bar. */
export function FindingsFilterBar({
  rows,
  machine,
  filters,
  onFilters,
}: {
  rows: readonly FindingRow[];
  /** The name of the machine filtered by, where it is known. */
  machine: string | undefined;
  filters: FindingsFilters;
  onFilters: (filters: FindingsFilters) => void;
}) {
  const t = useT();
  const set = (change: Partial<FindingsFilters>) => onFilters({ ...filters, ...change });
  const tiers = useMemo(() => countValues(rows.map((row) => row.tier)), [rows]);
  const presences = useMemo(() => countValues(rows.map((row) => row.presence)), [rows]);
  const vendors = useMemo(() => {
    const counts = countValues(rows.map((row) => row.vendor));
    const names = new Map(rows.map((row) => [row.vendor, row.vendor_name]));
    return [...names]
      .map(([id, name]) => ({ value: id, label: name, text: name, count: counts.get(id) ?? 0 }))
      .sort((a, b) => a.text.localeCompare(b.text));
  }, [rows]);
  const restrictions = useRestrictionOptions(rows);
  const [find, setFind] = useState("");
  const machines = useMachineOptions(find);
  return (
    <FilterBar
      text={{ value: filters.text, label: t("findings.filter.text"), onChange: (text) => set({ text }) }}
      onClear={isFiltered(filters) ? () => onFilters(NO_FILTERS) : undefined}
      filters={[
        {
          id: "tier",
          kind: "several",
          label: t("findings.filter.tier"),
          options: TIERS.map((tier) => ({
            value: tier,
            label: <TierChip tier={tier} bare />,
            text: t(`tier.${tier}`).toLocaleLowerCase(),
            count: tiers.get(tier) ?? 0,
          })),
          chosen: filters.tier,
          onChoose: (tier) => set({ tier: tier as Tier[] }),
        },
        {
          id: "presence",
          kind: "several",
          label: t("findings.filter.presence"),
          options: PRESENCES.map((presence) => ({
            value: presence,
            label: <PresenceMark presence={presence} />,
            text: t(`presence.${presence}`).toLocaleLowerCase(),
            count: presences.get(presence) ?? 0,
          })),
          chosen: filters.presence,
          onChoose: (presence) => set({ presence: presence as Presence[] }),
        },
        {
          id: "vendor",
          kind: "one",
          folded: true,
          label: t("findings.filter.vendor"),
          options: vendors,
          chosen: filters.vendor,
          onChoose: (vendor) => set({ vendor }),
        },
        {
          id: "machine",
          kind: "one",
          folded: true,
          label: t("findings.filter.machine"),
          options: machines.options,
          rest: machines.rest,
          onFind: setFind,
          ...(machine === undefined ? {} : { otherwise: machine }),
          chosen: filters.machine,
          onChoose: (machine) => set({ machine }),
        },
        {
          id: "restriction",
          kind: "one",
          folded: true,
          label: t("findings.filter.restriction"),
          options: restrictions,
          chosen: filters.restriction,
          onChoose: (restriction) => set({ restriction }),
        },
        {
          id: "others",
          kind: "toggle",
          folded: true,
          label: t("findings.filter.others"),
          on: filters.others,
          onToggle: (others) => set({ others }),
        },
      ]}
    />
  );
}

/** The first machines with findings whose name holds some letters, worst first, and how many more there are. */
function useMachineOptions(find: string) {
  const page = useMachinesToChoose(find).data;
  return useMemo(() => {
    const options = (page?.rows ?? [])
      .map((row) => ({
        value: row.id,
        label: <span className="font-mono text-code">{row.hostname}</span>,
        text: row.hostname,
        count: row.findings.reduce((sum, each) => sum + each.count, 0),
      }))
      .filter((option) => option.count > 0);
    // Those without findings stand last: where one of them is among the first, there are no more.
    const full = page !== undefined && options.length === page.rows.length;
    return { options, rest: full ? page.total - options.length : 0 };
  }, [page]);
}

/** The instruments that reach some row, by name. */
function useRestrictionOptions(rows: readonly FindingRow[]) {
  const all = useRestrictions().data;
  return useMemo(() => {
    const counts = countValues(rows.flatMap((row) => row.restrictions));
    const names = new Map(all?.rows.map((row) => [row.id, row.short_title]));
    return [...counts]
      .map(([id, count]) => {
        const name = names.get(id) ?? id;
        return { value: id, label: name, text: name, count };
      })
      .sort((a, b) => a.text.localeCompare(b.text));
  }, [rows, all]);
}
