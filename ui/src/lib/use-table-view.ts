import { useMemo } from "react";
import { useStored } from "./hooks";

export type Density = "dense" | "usual" | "comfortable";

export const DENSITIES: readonly Density[] = ["dense", "usual", "comfortable"];

/** Row heights, as the tokens have them. */
const HEIGHTS: Record<Density, number> = { dense: 28, usual: 32, comfortable: 40 };

interface Choice {
  id: string;
  /** Not shown until chosen. */
  optional?: boolean;
  /** Always shown: it names the row. */
  fixed?: boolean;
}

/** Columns as they were chosen: those of `order` that exist, then any that are new. Pure. */
export function chosenColumns<C extends Choice>(columns: readonly C[], stored: string): { shown: C[]; hidden: C[] } {
  const usual = () => ({
    shown: columns.filter((column) => !column.optional),
    hidden: columns.filter((column) => column.optional),
  });
  if (stored === "") return usual();
  const ids = stored.split(",");
  const known = new Map(columns.map((column) => [column.id, column]));
  const shown = ids.flatMap((id) => known.get(id) ?? []);
  const missing = columns.filter((column) => column.fixed && !shown.includes(column));
  if (shown.length + missing.length === 0) return usual();
  const all = [...missing, ...new Set(shown)];
  return { shown: all, hidden: columns.filter((column) => !all.includes(column)) };
}

/** How a person likes a table: which columns in which order, and how dense. Kept by this window. */
export function useTableView<C extends Choice>(name: string, columns: readonly C[]) {
  const [stored, store] = useStored(`interdict.table.${name}`, "");
  const [density, setDensity] = useStored("interdict.density", "usual");
  const { shown, hidden } = useMemo(() => chosenColumns(columns, stored), [columns, stored]);
  const known = DENSITIES.find((each) => each === density) ?? "usual";
  return {
    shown,
    hidden,
    setShown: (ids: readonly string[]) => store(ids.join(",")),
    reset: stored === "" ? undefined : () => store(""),
    density: known,
    setDensity: (next: Density) => setDensity(next),
    height: HEIGHTS[known],
  };
}
