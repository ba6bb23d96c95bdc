import { expect, test } from "vitest";
import { fitColumns, rowAfterKey } from "./data-table-columns";

const COLUMNS = [
  { id: "tier", width: 100, priority: 0 },
  { id: "product", width: 200, priority: 0 },
  { id: "vendor", width: 100, priority: 5 },
  { id: "machines", width: 100, priority: 2 },
  { id: "since", width: 100, priority: 7 },
];

test.each([
  [1000, "tier product vendor machines since"],
  [600, "tier product vendor machines since"],
  [599, "tier product vendor machines"],
  [499, "tier product machines"],
  [399, "tier product"],
  [10, "tier product"],
])("at %i px the least important columns go first and the order stays", (width, kept) => {
  expect(
    fitColumns(COLUMNS, width)
      .map((column) => column.id)
      .join(" "),
  ).toBe(kept);
});

test.each([
  ["j", -1, 0],
  ["j", 3, 4],
  ["J", 9, 9],
  ["k", 3, 2],
  ["k", 0, 0],
  ["k", -1, 0],
  ["ArrowDown", 0, 1],
  ["ArrowUp", 1, 0],
  ["PageDown", 2, 7],
  ["PageDown", 8, 9],
  ["PageUp", 2, 0],
  ["Home", 5, 0],
  ["End", 5, 9],
  ["q", 5, null],
])("key %s from row %i leads to %s", (key, from, to) => {
  expect(rowAfterKey(key, from, 10, 5)).toBe(to);
});

test("no rows: no key leads anywhere", () => {
  expect(rowAfterKey("j", 0, 0, 5)).toBeNull();
});
