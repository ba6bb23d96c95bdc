// The filters of the Software screen: from the address, to the address, and into the question. Pure.
import type { SoftwareQuery, Tier } from "@/ipc";
import { TIERS } from "../findings/findings-filters";

export interface SoftwareFilters {
  text: string;
  tiers: Tier[];
  publisher: string | null;
  vendor: string | null;
  sources: string[];
  /** Whether it is recognised. */
  known: "yes" | "no" | null;
  /** On known machines, or told of without one. */
  where: "machines" | "told" | null;
}

export const NO_FILTERS: SoftwareFilters = {
  text: "",
  tiers: [],
  publisher: null,
  vendor: null,
  sources: [],
  known: null,
  where: null,
};

type Key = "q" | "tier" | "publisher" | "vendor" | "source" | "known" | "where";

export function filtersFromSearch(search: Record<string, unknown>): SoftwareFilters {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const words = (value: unknown) =>
    text(value)
      .split(",")
      .filter((word) => word !== "");
  return {
    text: text(search.q),
    tiers: TIERS.filter((tier) => words(search.tier).includes(tier)),
    publisher: text(search.publisher) || null,
    vendor: text(search.vendor) || null,
    sources: words(search.source),
    known: search.known === "yes" || search.known === "no" ? search.known : null,
    where: search.where === "machines" || search.where === "told" ? search.where : null,
  };
}

/** With every key, so that what was taken away also leaves the address. */
export function fullSearch(filters: SoftwareFilters): Record<Key, string | undefined> {
  return {
    q: filters.text.trim() === "" ? undefined : filters.text,
    tier: filters.tiers.length > 0 ? filters.tiers.join(",") : undefined,
    publisher: filters.publisher ?? undefined,
    vendor: filters.vendor ?? undefined,
    source: filters.sources.length > 0 ? filters.sources.join(",") : undefined,
    known: filters.known ?? undefined,
    where: filters.where ?? undefined,
  };
}

export function isFiltered(filters: SoftwareFilters): boolean {
  return Object.values(fullSearch(filters)).some((value) => value !== undefined);
}

/** The question that the filters and the order make. */
export function softwareQuery(filters: SoftwareFilters, sort: { id: string; desc: boolean }): SoftwareQuery {
  return {
    text: filters.text,
    publisher: filters.publisher,
    vendor: filters.vendor,
    sources: filters.sources,
    tiers: filters.tiers,
    identified: filters.known === null ? null : filters.known === "yes",
    whereabouts: filters.where,
    sort: sort.id,
    descending: sort.desc,
  };
}
