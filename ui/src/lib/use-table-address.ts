import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Sort } from "@/components/data-table";
import { searchFromSort, sortFromSearch } from "./table-sort";

type Search = Record<string, string | undefined>;

/** What a table is asked for, kept in the address: its order, and its filters as `fullSearch` writes them there. */
export function useTableAddress<Filters>(columnIds: readonly string[], fullSearch: (filters: Filters) => Search) {
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Search;
  const sort = useMemo(() => sortFromSearch(search.sort, columnIds), [search.sort, columnIds]);
  // The rest of the address stays, and going back leaves the screen instead of undoing each filter.
  const change = (part: Search) =>
    void navigate({ to: ".", replace: true, search: (old: Search) => ({ ...old, ...part }) } as never);
  return {
    search,
    sort,
    setFilters: (next: Filters) => change(fullSearch(next)),
    setSort: (next: Sort) => change({ sort: searchFromSort(next) }),
  };
}
