// Axes, and labels that do not overlap. Pure.

/** Round steps from zero to at least the largest value: at most `most` of them, whole numbers only. */
export function niceTicks(largest: number, most = 4): number[] {
  const wanted = Math.max(1, largest) / most;
  const magnitude = 10 ** Math.floor(Math.log10(wanted));
  const step = Math.max(
    1,
    [1, 2, 2.5, 5, 10].map((m) => m * magnitude).find((s) => s >= wanted && Number.isInteger(Math.max(1, s))) ??
      10 * magnitude,
  );
  const ticks: number[] = [];
  for (let tick = 0; tick < largest + step; tick += step) ticks.push(tick);
  if (ticks.length === 1) ticks.push(step);
  return ticks;
}

/** Moves labels apart so that neighbours keep `gap`, staying between the borders where there is room. */
export function spread(positions: readonly number[], gap: number, from: number, to: number): number[] {
  const order = positions.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  let last = Number.NEGATIVE_INFINITY;
  for (const label of order) {
    label.y = Math.max(label.y, last + gap, from);
    last = label.y;
  }
  let next = to + gap;
  for (const label of order.toReversed()) {
    label.y = Math.min(label.y, next - gap);
    next = label.y;
  }
  const result = [...positions];
  for (const label of order) result[label.index] = label.y;
  return result;
}

/** At most `most` of the dates, evenly spread, always with the first and the last. */
export function pickDates<V>(values: readonly V[], most: number): V[] {
  if (values.length <= most) return [...values];
  const picked: V[] = [];
  for (let index = 0; index < most; index += 1) {
    const value = values[Math.round((index * (values.length - 1)) / (most - 1))];
    if (value !== undefined) picked.push(value);
  }
  return picked;
}
