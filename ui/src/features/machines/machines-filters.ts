// The filters of the Machines screen: from the address, to the address, and into the question. Pure.
import type { MachinesQuery, Tier } from "@/ipc";
import { TIERS } from "../findings/findings-filters";

export const SYSTEMS = ["windows", "linux", "macos"] as const;
export const SEEN = ["day", "week", "month", "older"] as const;

export interface MachinesFilters {
  text: string;
  tiers: Tier[];
  systems: string[];
  seen: string[];
  /** `interdict`, or the formats of other tools. */
  toldBy: string[];
}

export const NO_FILTERS: MachinesFilters = { text: "", tiers: [], systems: [], seen: [], toldBy: [] };

type Key = "q" | "tier" | "system" | "seen" | "told";

export function filtersFromSearch(search: Record<string, unknown>): MachinesFilters {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const words = (value: unknown) =>
    text(value)
      .split(",")
      .filter((word) => word !== "");
  const of = <W extends string>(known: readonly W[], value: unknown) =>
    known.filter((each) => words(value).includes(each));
  return {
    text: text(search.q),
    tiers: of(TIERS, search.tier),
    systems: of(SYSTEMS, search.system),
    seen: of(SEEN, search.seen),
    toldBy: words(search.told),
  };
}

/** With every key, so that what was taken away also leaves the address. */
export function fullSearch(filters: MachinesFilters): Record<Key, string | undefined> {
  const list = (values: readonly string[]) => (values.length > 0 ? values.join(",") : undefined);
  return {
    q: filters.text.trim() === "" ? undefined : filters.text,
    tier: list(filters.tiers),
    system: list(filters.systems),
    seen: list(filters.seen),
    told: list(filters.toldBy),
  };
}

export function isFiltered(filters: MachinesFilters): boolean {
  return Object.values(fullSearch(filters)).some((value) => value !== undefined);
}

/** The question that the filters and the order make. */
export function machinesQuery(filters: MachinesFilters, sort: { id: string; desc: boolean }): MachinesQuery {
  return {
    text: filters.text,
    systems: filters.systems,
    tiers: filters.tiers,
    seen: filters.seen,
    told_by: filters.toldBy,
    sort: sort.id,
    descending: sort.desc,
  };
}
