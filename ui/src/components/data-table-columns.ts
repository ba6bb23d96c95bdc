// Which columns fit, and what the keys do to a row number. Pure.

/** What is needed to decide whether a column stays. */
export interface Fit {
  id: string;
  /** Its width, or the least width of a column that takes what is left. */
  width: number;
  /** 0 always stays; the highest number goes first. */
  priority: number;
}

/** Drops the least important columns until the rest fits; keeps the given order. */
export function fitColumns<C extends Fit>(columns: readonly C[], available: number): C[] {
  const kept = new Set(columns);
  let total = columns.reduce((sum, column) => sum + column.width, 0);
  const droppable = [...columns].filter((column) => column.priority > 0).sort((a, b) => b.priority - a.priority);
  for (const column of droppable) {
    if (total <= available) break;
    kept.delete(column);
    total -= column.width;
  }
  return columns.filter((column) => kept.has(column));
}

/** The row a key leads to, or null when the key means nothing here. */
export function rowAfterKey(key: string, current: number, count: number, page: number): number | null {
  if (count === 0) return null;
  const clamp = (row: number) => Math.min(Math.max(row, 0), count - 1);
  switch (key) {
    case "ArrowDown":
    case "j":
    case "J":
      return clamp(current + 1);
    case "ArrowUp":
    case "k":
    case "K":
      return current < 0 ? 0 : clamp(current - 1);
    case "PageDown":
      return clamp(Math.max(current, 0) + page);
    case "PageUp":
      return clamp(current - page);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
