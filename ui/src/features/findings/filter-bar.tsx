import { ListFilter } from "lucide-react";
import { useMemo, useState } from "react";
import { AddChip, FilterChip, Popover, TierChip } from "@/components";
import { PresenceMark } from "@/components/presence-mark";
import type { FindingRow, MachineExposure, Presence, Tier } from "@/ipc";
import { useT } from "@/lib/i18n";
import { OptionList, TextFilter } from "./filter-parts";
import { type FindingsFilters, isFiltered, NO_FILTERS, PRESENCES, TIERS } from "./findings-filters";

function toggled<V>(list: readonly V[], value: V): V[] {
  return list.includes(value) ? list.filter((other) => other !== value) : [...list, value];
}

function count<K>(keys: Iterable<K>): Map<K, number> {
  const counts = new Map<K, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

type More = "menu" | "vendor" | "machine";

/** The chips above the table: what is filtered by, and how to change it. */
export function FilterBar({
  rows,
  machines,
  filters,
  onFilters,
}: {
  rows: readonly FindingRow[];
  /** Machines that can be filtered by. */
  machines: readonly MachineExposure[];
  filters: FindingsFilters;
  onFilters: (filters: FindingsFilters) => void;
}) {
  const t = useT();
  const [more, setMore] = useState<More | null>(null);
  const set = (change: Partial<FindingsFilters>) => onFilters({ ...filters, ...change });
  const tiers = useMemo(() => count(rows.map((row) => row.tier)), [rows]);
  const presences = useMemo(() => count(rows.map((row) => row.presence)), [rows]);
  const vendors = useMemo(() => {
    const counts = count(rows.map((row) => row.vendor));
    const names = new Map(rows.map((row) => [row.vendor, row.vendor_name]));
    return [...names]
      .map(([id, name]) => ({ value: id, label: name, text: name, count: counts.get(id) ?? 0 }))
      .sort((a, b) => a.text.localeCompare(b.text));
  }, [rows]);
  const words = (list: readonly string[]) =>
    list.length === 0 ? t("findings.filter.any") : list.join(", ").toLocaleLowerCase();
  const vendorName = rows.find((row) => row.vendor === filters.vendor)?.vendor_name ?? filters.vendor;
  const machineName = machines.find((machine) => machine.id === filters.machine)?.hostname ?? filters.machine;
  const vendorList = (
    <OptionList
      single
      label={t("findings.filter.vendor")}
      options={vendors}
      chosen={filters.vendor === null ? [] : [filters.vendor]}
      onToggle={(vendor) => {
        set({ vendor });
        setMore(null);
      }}
    />
  );
  const machineList = (
    <OptionList
      single
      label={t("findings.filter.machine")}
      options={machines.map((machine) => ({
        value: machine.id,
        label: <span className="font-mono text-code">{machine.hostname}</span>,
        text: machine.hostname,
        count: machine.findings.length,
      }))}
      chosen={filters.machine === null ? [] : [filters.machine]}
      onToggle={(machine) => {
        set({ machine });
        setMore(null);
      }}
    />
  );
  return (
    <div
      role="group"
      aria-label={t("findings.filter.label")}
      className="flex min-h-10 flex-wrap items-center gap-2 py-2 pr-4 pl-6"
      data-print="hide"
    >
      <TextFilter value={filters.text} label={t("findings.filter.text")} onChange={(text) => set({ text })} />
      <Popover
        label={t("findings.filter.tier")}
        trigger={
          <FilterChip
            icon={<ListFilter size={12} strokeWidth={2.1} aria-hidden="true" />}
            label={t("findings.filter.tier")}
            value={words(filters.tier.map((tier) => t(`tier.${tier}`)))}
            {...(filters.tier.length > 0
              ? {
                  onRemove: () => set({ tier: [] }),
                  removeLabel: t("findings.filter.remove", { name: t("findings.filter.tier") }),
                }
              : {})}
          />
        }
      >
        <OptionList<Tier>
          label={t("findings.filter.tier")}
          options={TIERS.map((tier) => ({
            value: tier,
            label: <TierChip tier={tier} bare />,
            text: t(`tier.${tier}`),
            count: tiers.get(tier) ?? 0,
          }))}
          chosen={filters.tier}
          onToggle={(tier) => set({ tier: TIERS.filter((each) => toggled(filters.tier, tier).includes(each)) })}
        />
      </Popover>
      <Popover
        label={t("findings.filter.presence")}
        trigger={
          <FilterChip
            label={t("findings.filter.presence")}
            value={words(filters.presence.map((presence) => t(`presence.${presence}`)))}
            {...(filters.presence.length > 0
              ? {
                  onRemove: () => set({ presence: [] }),
                  removeLabel: t("findings.filter.remove", { name: t("findings.filter.presence") }),
                }
              : {})}
          />
        }
      >
        <OptionList<Presence>
          label={t("findings.filter.presence")}
          options={PRESENCES.map((presence) => ({
            value: presence,
            label: <PresenceMark presence={presence} />,
            text: t(`presence.${presence}`),
            count: presences.get(presence) ?? 0,
          }))}
          chosen={filters.presence}
          onToggle={(presence) =>
            set({ presence: PRESENCES.filter((each) => toggled(filters.presence, presence).includes(each)) })
          }
        />
      </Popover>
      {filters.vendor !== null ? (
        <Popover
          label={t("findings.filter.vendor")}
          trigger={
            <FilterChip
              label={t("findings.filter.vendor")}
              value={vendorName}
              onRemove={() => set({ vendor: null })}
              removeLabel={t("findings.filter.remove", { name: t("findings.filter.vendor") })}
            />
          }
        >
          {vendorList}
        </Popover>
      ) : null}
      {filters.machine !== null ? (
        <Popover
          label={t("findings.filter.machine")}
          trigger={
            <FilterChip
              label={t("findings.filter.machine")}
              value={machineName}
              onRemove={() => set({ machine: null })}
              removeLabel={t("findings.filter.remove", { name: t("findings.filter.machine") })}
            />
          }
        >
          {machineList}
        </Popover>
      ) : null}
      {filters.others ? (
        <FilterChip
          label={t("findings.filter.others")}
          onClick={() => set({ others: false })}
          onRemove={() => set({ others: false })}
          removeLabel={t("findings.filter.remove", { name: t("findings.filter.others") })}
        />
      ) : null}
      {filters.vendor !== null && filters.machine !== null && filters.others ? null : (
        <Popover
          label={t("findings.filter.add")}
          open={more !== null}
          onOpenChange={(open) => setMore(open ? "menu" : null)}
          trigger={<AddChip>{t("findings.filter.add")}</AddChip>}
        >
          {more === "vendor" ? vendorList : null}
          {more === "machine" ? machineList : null}
          {more === "menu" ? (
            <div className="flex w-56 flex-col p-1" data-own-keys="">
              {filters.vendor === null ? (
                <MenuItem onClick={() => setMore("vendor")}>{t("findings.filter.vendor")}</MenuItem>
              ) : null}
              {filters.machine === null && machines.length > 0 ? (
                <MenuItem onClick={() => setMore("machine")}>{t("findings.filter.machine")}</MenuItem>
              ) : null}
              {filters.others ? null : (
                <MenuItem
                  onClick={() => {
                    set({ others: true });
                    setMore(null);
                  }}
                >
                  {t("findings.filter.others")}
                </MenuItem>
              )}
            </div>
          ) : null}
        </Popover>
      )}
      {isFiltered(filters) ? (
        <button
          type="button"
          className="h-6 rounded-sm px-1 text-cap text-ink-3 hover:text-ink"
          onClick={() => onFilters(NO_FILTERS)}
        >
          {t("findings.filter.clear")}
        </button>
      ) : null}
    </div>
  );
}

function MenuItem({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="-outline-offset-2 flex h-7 items-center rounded-md px-2 text-left hover:bg-hover"
    >
      {children}
    </button>
  );
}
