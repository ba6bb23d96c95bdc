// The filters of the Restrictions screen: from the address, to the address, and onto rows. Pure.
import type { Activity, RestrictionRow, Tier } from "@/ipc";
import { textMatches } from "@/lib/text-match";
import { TIERS } from "../findings/findings-filters";

export const ACTIVITIES: readonly Activity[] = [
  "use",
  "remove",
  "report",
  "buy",
  "renew",
  "update",
  "resell",
  "embed",
  "export-to",
  "deal-with",
];

/** Where an instrument may stand, what counts most first. */
export const STANDINGS = [
  "in-force",
  "announced",
  "contested",
  "proposed",
  "reported",
  "unverified",
  "unconfirmed",
  "suspended",
  "superseded",
  "ran-out",
  "ended",
  "not-listed",
  "not-public",
] as const;
export type Standing = (typeof STANDINGS)[number];

export interface RestrictionsFilters {
  tier: Tier[];
  standing: Standing[];
  activity: Activity[];
  instrument: string[];
  issuer: string | null;
  jurisdiction: string | null;
  vendor: string | null;
  /** In force on the day, or not; null for either. */
  force: "yes" | "no" | null;
  /** Only what speaks to us. */
  touches: boolean;
  /** Only what reaches something found here. */
  here: boolean;
  text: string;
}

export const NO_FILTERS: RestrictionsFilters = {
  tier: [],
  standing: [],
  activity: [],
  instrument: [],
  issuer: null,
  jurisdiction: null,
  vendor: null,
  force: null,
  touches: false,
  here: false,
  text: "",
};

export const FILTER_KEYS = [
  "tier",
  "status",
  "activity",
  "instrument",
  "issuer",
  "jurisdiction",
  "vendor",
  "in_force",
  "touches",
  "here",
  "q",
] as const;
export type FilterKey = (typeof FILTER_KEYS)[number];

const textOf = (value: unknown) => (typeof value === "string" && value.trim() !== "" ? value : null);
const wordsOf = (value: unknown) => new Set((textOf(value) ?? "").split(",").filter(Boolean));

export function filtersFromSearch(search: Record<string, unknown>): RestrictionsFilters {
  const among = <W extends string>(value: unknown, words: readonly W[]) => {
    const given = wordsOf(value);
    return words.filter((word) => given.has(word));
  };
  const force = textOf(search.in_force);
  return {
    tier: among(search.tier, TIERS),
    standing: among(search.status, STANDINGS),
    activity: among(search.activity, ACTIVITIES),
    instrument: [...wordsOf(search.instrument)],
    issuer: textOf(search.issuer),
    jurisdiction: textOf(search.jurisdiction)?.toLowerCase() ?? null,
    vendor: textOf(search.vendor),
    force: force === "yes" || force === "no" ? force : null,
    touches: search.touches === "1",
    here: search.here === "1",
    text: textOf(search.q) ?? "",
  };
}

/** With every key, so that what was taken away also leaves the address. */
export function fullSearch(filters: RestrictionsFilters): Record<FilterKey, string | undefined> {
  const list = (words: readonly string[]) => (words.length > 0 ? words.join(",") : undefined);
  return {
    tier: list(filters.tier),
    status: list(filters.standing),
    activity: list(filters.activity),
    instrument: list(filters.instrument),
    issuer: filters.issuer ?? undefined,
    jurisdiction: filters.jurisdiction ?? undefined,
    vendor: filters.vendor ?? undefined,
    in_force: filters.force ?? undefined,
    touches: filters.touches ? "1" : undefined,
    here: filters.here ? "1" : undefined,
    q: filters.text.trim() === "" ? undefined : filters.text,
  };
}

export function isFiltered(filters: RestrictionsFilters): boolean {
  return Object.values(fullSearch(filters)).some((value) => value !== undefined);
}

export function filterRestrictions(rows: readonly RestrictionRow[], filters: RestrictionsFilters): RestrictionRow[] {
  const any = <V>(chosen: readonly V[], has: (value: V) => boolean) => chosen.length === 0 || chosen.some(has);
  return rows.filter(
    (row) =>
      any(filters.tier, (tier) => row.tier === tier) &&
      any(filters.standing, (standing) => row.standing === standing) &&
      any(filters.activity, (activity) => row.activities.includes(activity)) &&
      any(filters.instrument, (instrument) => row.instrument === instrument) &&
      (filters.issuer === null || row.issuer === filters.issuer) &&
      (filters.jurisdiction === null || row.jurisdiction === filters.jurisdiction) &&
      (filters.vendor === null || row.vendors.some((vendor) => vendor.id === filters.vendor)) &&
      (filters.force === null || row.in_force === (filters.force === "yes")) &&
      (!filters.touches || row.touches_us) &&
      (!filters.here || row.machines > 0) &&
      (filters.text === "" ||
        textMatches(filters.text, [
          row.short_title,
          row.title,
          row.id,
          row.issuer_name,
          ...row.vendors.map((vendor) => vendor.name),
        ])),
  );
}
