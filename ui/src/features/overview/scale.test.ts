import { describe, expect, it } from "vitest";
import { niceTicks, pickDates, spread } from "./scale";

describe("niceTicks", () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [8, [0, 2, 4, 6, 8]],
    [37, [0, 10, 20, 30, 40]],
    [40, [0, 10, 20, 30, 40]],
    [412, [0, 200, 400, 600]],
  ])("%i -> %j", (largest, expected) => {
    expect(niceTicks(largest)).toEqual(expected);
  });
  it("always covers the largest with whole, even steps", () => {
    for (let largest = 0; largest < 2000; largest += 7) {
      const ticks = niceTicks(largest);
      expect(ticks[0]).toBe(0);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(largest);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.every(Number.isInteger)).toBe(true);
    }
  });
});

describe("spread", () => {
  it("keeps neighbours apart and inside", () => {
    const placed = spread([10, 12, 11, 200], 15, 8, 200);
    const sorted = [...placed].sort((a, b) => a - b);
    for (let i = 1; i < sorted.length; i += 1)
      expect((sorted[i] ?? 0) - (sorted[i - 1] ?? 0)).toBeGreaterThanOrEqual(15);
    expect(Math.max(...placed)).toBeLessThanOrEqual(200);
  });
});

describe("pickDates", () => {
  it("keeps the ends", () => {
    expect(pickDates([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([1, 4, 7]);
    expect(pickDates([1, 2], 6)).toEqual([1, 2]);
  });
});
