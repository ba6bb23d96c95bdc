// The filters of the Vendors screen: from the address, to the address, and onto rows. Pure.
import type { Tier, VendorRow } from "@/ipc";
import { textMatches } from "@/lib/text-match";
import { TIERS } from "../findings/findings-filters";

export interface VendorsFilters {
  tier: Tier[];
  /** ISO code. */
  country: string | null;
  /** Some letters of a name, in any script. */
  text: string;
  /** Only vendors with something here. */
  here: boolean;
  /** Only vendors of which tools tell without saying on which machines. */
  told: boolean;
}

export const NO_FILTERS: VendorsFilters = { tier: [], country: null, text: "", here: false, told: false };

export function filtersFromSearch(search: Record<string, unknown>): VendorsFilters {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const tiers = new Set(text(search.tier).split(","));
  return {
    tier: TIERS.filter((tier) => tiers.has(tier)),
    country: text(search.country).toUpperCase() || null,
    text: text(search.q),
    here: search.here === "1",
    told: search.told === "1",
  };
}

/** With every key, so that what was taken away also leaves the address. */
export function fullSearch(
  filters: VendorsFilters,
): Record<"tier" | "country" | "q" | "here" | "told", string | undefined> {
  return {
    tier: filters.tier.length > 0 ? filters.tier.join(",") : undefined,
    country: filters.country ?? undefined,
    q: filters.text.trim() === "" ? undefined : filters.text,
    here: filters.here ? "1" : undefined,
    told: filters.told ? "1" : undefined,
  };
}

export function isFiltered(filters: VendorsFilters): boolean {
  return Object.values(fullSearch(filters)).some((value) => value !== undefined);
}

export function filterVendors(rows: readonly VendorRow[], filters: VendorsFilters): VendorRow[] {
  return rows.filter(
    (row) =>
      (filters.tier.length === 0 || filters.tier.includes(row.tier)) &&
      (filters.country === null || row.country?.toUpperCase() === filters.country) &&
      (!filters.here || row.machines > 0) &&
      (!filters.told || row.told !== null) &&
      (filters.text === "" || textMatches(filters.text, [row.name, row.id, ...row.names.map((name) => name.text)])),
  );
}
