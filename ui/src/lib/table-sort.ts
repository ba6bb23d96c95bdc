// The order of the table, from the address and to it: `sort=machines`, `sort=-machines`. Pure.
import type { Sort } from "@/components/data-table";

export const USUAL_SORT: Sort = { id: "tier", desc: false };

export function sortFromSearch(value: unknown, known: readonly string[], usual: Sort = USUAL_SORT): Sort {
  if (typeof value !== "string" || value === "") return usual;
  const desc = value.startsWith("-");
  const id = desc ? value.slice(1) : value;
  return known.includes(id) ? { id, desc } : usual;
}

export function searchFromSort(sort: Sort, usual: Sort = USUAL_SORT): string | undefined {
  if (sort.id === usual.id && sort.desc === usual.desc) return undefined;
  return sort.desc ? `-${sort.id}` : sort.id;
}
