// The filters of the Machines screen: from the address, to the address, and into the question. Pure.
import type { MachinesQuery, Tier } from "@/ipc";
import { TIERS } from "../findings/findings-filters";

export const SYSTEMS = ["windows", "linux", "macos"] as const;
export const SEEN = ["day", "week", "month", "older"] as const;

/** What a machine may be asked to be without; the first stands for everything that does its work. */
export const CATEGORIES = [
  "endpoint-protection",
  "antivirus",
  "edr",
  "firewall",
  "encryption",
  "backup",
  "vpn",
  "password-manager",
  "remote-access",
  "device-management",
  "vulnerability-management",
  "log-agent",
  "data-loss-prevention",
  "application-control",
  "browser",
] as const;
export const ANSWERS = ["nothing-there", "not-looked-at"] as const;

export interface MachinesFilters {
  text: string;
  tiers: Tier[];
  systems: string[];
  seen: string[];
  /** `interdict`, or the formats of other tools. */
  toldBy: string[];
  /** Categories of which nothing is there. */
  without: string[];
  /** How sure that is. */
  answers: string[];
}

export const NO_FILTERS: MachinesFilters = {
  text: "",
  tiers: [],
  systems: [],
  seen: [],
  toldBy: [],
  without: [],
  answers: [],
};

type Key = "q" | "tier" | "system" | "seen" | "told" | "without" | "answer";

export function filtersFromSearch(search: Record<string, unknown>): MachinesFilters {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const words = (value: unknown) =>
    text(value)
      .split(",")
      .filter((word) => word !== "");
  const of = <W extends string>(known: readonly W[], value: unknown) =>
    known.filter((each) => words(value).includes(each));
  const without = of(CATEGORIES, search.without);
  return {
    text: text(search.q),
    tiers: of(TIERS, search.tier),
    systems: of(SYSTEMS, search.system),
    seen: of(SEEN, search.seen),
    toldBy: words(search.told),
    without,
    // Nothing is asked that could be answered so where no category is.
    answers: without.length > 0 ? of(ANSWERS, search.answer) : [],
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
    without: list(filters.without),
    answer: filters.without.length > 0 ? list(filters.answers) : undefined,
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
    without: filters.without,
    answers: filters.answers,
    sort: sort.id,
    descending: sort.desc,
  };
}
