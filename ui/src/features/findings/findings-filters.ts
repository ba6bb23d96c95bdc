// The filters of the Findings screen: from the address, to the address, and onto rows. Pure.
import type { FindingRow, Presence, Tier, ToldFinding } from "@/ipc";
import { textMatches } from "@/lib/text-match";

export const TIERS: readonly Tier[] = [
  "prohibited",
  "required",
  "restricted",
  "advisory",
  "watch",
  "undetermined",
  "none",
];
export const PRESENCES: readonly Presence[] = ["live", "dormant", "residue", "ghost"];

export interface FindingsFilters {
  tier: Tier[];
  presence: Presence[];
  /** Vendor id. */
  vendor: string | null;
  /** Machine id. */
  machine: string | null;
  /** Restriction id. */
  restriction: string | null;
  /** Some letters of product, vendor, version or instrument. */
  text: string;
  /** Only what no instrument says to us, though some say it to others. */
  others: boolean;
}

export const NO_FILTERS: FindingsFilters = {
  tier: [],
  presence: [],
  vendor: null,
  machine: null,
  restriction: null,
  text: "",
  others: false,
};

/** What stands in the address: only what is set, lists joined by commas. */
export interface FindingsSearch {
  tier?: string;
  presence?: string;
  vendor?: string;
  machine?: string;
  restriction?: string;
  q?: string;
  others?: "1";
}

/** The same with every key, so that what was taken away also leaves the address. */
export function fullSearch(filters: FindingsFilters): Record<keyof FindingsSearch, string | undefined> {
  const search = searchFromFilters(filters);
  return {
    tier: search.tier,
    presence: search.presence,
    vendor: search.vendor,
    machine: search.machine,
    restriction: search.restriction,
    q: search.q,
    others: search.others,
  };
}

function listOf<T extends string>(value: unknown, allowed: readonly T[]): T[] {
  if (typeof value !== "string") return [];
  const parts = new Set(value.split(","));
  return allowed.filter((word) => parts.has(word));
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

/** Reads the address; words it does not know are left out. */
export function filtersFromSearch(search: Record<string, unknown>): FindingsFilters {
  return {
    tier: listOf(search.tier, TIERS),
    presence: listOf(search.presence, PRESENCES),
    vendor: textOf(search.vendor),
    machine: textOf(search.machine),
    restriction: textOf(search.restriction),
    text: textOf(search.q) ?? "",
    others: search.others === "1",
  };
}

/** Writes the address; the empty filter is the empty address. */
export function searchFromFilters(filters: FindingsFilters): FindingsSearch {
  const search: FindingsSearch = {};
  if (filters.tier.length > 0) search.tier = filters.tier.join(",");
  if (filters.presence.length > 0) search.presence = filters.presence.join(",");
  if (filters.vendor !== null) search.vendor = filters.vendor;
  if (filters.machine !== null) search.machine = filters.machine;
  if (filters.restriction !== null) search.restriction = filters.restriction;
  if (filters.text.trim() !== "") search.q = filters.text;
  if (filters.others) search.others = "1";
  return search;
}

export function isFiltered(filters: FindingsFilters): boolean {
  return Object.keys(searchFromFilters(filters)).length > 0;
}

/** What is told of without a machine and remains; none where the question is about machines or what is on them. */
export function filterTold(told: readonly ToldFinding[], filters: FindingsFilters): readonly ToldFinding[] {
  if (filters.machine !== null || filters.restriction !== null || filters.presence.length > 0 || filters.others)
    return [];
  return told.filter(
    (each) =>
      (filters.tier.length === 0 || filters.tier.includes(each.tier)) &&
      (filters.vendor === null || each.vendor.id === filters.vendor) &&
      textMatches(filters.text, [each.title, each.vendor.name, ...each.tools]),
  );
}

/** The rows that remain. `onMachine` holds the findings of the machine filtered by, where that is known. */
export function filterFindings(
  rows: readonly FindingRow[],
  filters: FindingsFilters,
  onMachine: ReadonlySet<string> | null = null,
): FindingRow[] {
  return rows.filter(
    (row) =>
      (filters.tier.length === 0 || filters.tier.includes(row.tier)) &&
      (filters.presence.length === 0 || filters.presence.includes(row.presence)) &&
      (filters.vendor === null || row.vendor === filters.vendor) &&
      (filters.machine === null || (onMachine?.has(row.id) ?? false)) &&
      (filters.restriction === null || row.restrictions.includes(filters.restriction)) &&
      (!filters.others || (row.tier === "none" && row.others > 0)) &&
      (filters.text === "" ||
        textMatches(filters.text, [
          row.title,
          row.vendor_name,
          row.category,
          row.instrument?.short_title,
          ...row.versions,
        ])),
  );
}

/** Worst first, for sorting; a duty weighs as much as a ban. */
export function tierRank(tier: Tier): number {
  return tier === "required" ? 0 : TIERS.indexOf(tier);
}

/** How many answers per activity differ from today's. */
export function changedActivities(row: FindingRow): number {
  return row.activities.filter((answer, i) => answer.tier !== row.activities_today[i]?.tier).length;
}
