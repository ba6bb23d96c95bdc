import { describe, expect, test } from "vitest";
import { fixture } from "@/ipc/fake";
import { searchFromSort, sortFromSearch, USUAL_SORT } from "@/lib/table-sort";
import { textMatches } from "@/lib/text-match";
import {
  changedActivities,
  filterFindings,
  filtersFromSearch,
  fullSearch,
  isFiltered,
  NO_FILTERS,
  searchFromFilters,
  TIERS,
  tierRank,
} from "./findings-filters";

const { rows } = fixture("findings_list");

describe("address", () => {
  test.each([
    [{}, NO_FILTERS],
    [{ tier: "restricted,watch" }, { ...NO_FILTERS, tier: ["restricted", "watch"] }],
    [{ tier: "watch,nonsense,restricted" }, { ...NO_FILTERS, tier: ["restricted", "watch"] }],
    [{ presence: "ghost" }, { ...NO_FILTERS, presence: ["ghost"] }],
    [
      { vendor: "kaspersky", machine: "m014" },
      { ...NO_FILTERS, vendor: "kaspersky", machine: "m014" },
    ],
    [{ restriction: "us-ndaa-fy2019-s889" }, { ...NO_FILTERS, restriction: "us-ndaa-fy2019-s889" }],
    [{ q: "Касперского 12" }, { ...NO_FILTERS, text: "Касперского 12" }],
    [{ others: "1" }, { ...NO_FILTERS, others: true }],
    [{ others: "yes", tier: "", vendor: "  ", as_of: "2024-07-21" }, NO_FILTERS],
  ])("%j is read", (search, filters) => {
    expect(filtersFromSearch(search)).toEqual(filters);
  });

  test("what is written is read back the same", () => {
    const filters = {
      tier: ["prohibited" as const],
      presence: ["live" as const, "residue" as const],
      vendor: "v",
      machine: "m",
      restriction: "us-ndaa-fy2019-s889",
      text: "a b",
      others: true,
    };
    expect(filtersFromSearch(searchFromFilters(filters) as Record<string, unknown>)).toEqual(filters);
  });

  test("no filter is the empty address, and what was taken away is named so that it goes", () => {
    expect(searchFromFilters(NO_FILTERS)).toEqual({});
    expect(isFiltered(NO_FILTERS)).toBe(false);
    expect(Object.keys(fullSearch(NO_FILTERS)).sort()).toEqual([
      "machine",
      "others",
      "presence",
      "q",
      "restriction",
      "tier",
      "vendor",
    ]);
    expect(Object.values(fullSearch(NO_FILTERS)).every((value) => value === undefined)).toBe(true);
  });

  test.each([
    [undefined, USUAL_SORT],
    ["machines", { id: "machines", desc: false }],
    ["-machines", { id: "machines", desc: true }],
    ["-nonsense", USUAL_SORT],
  ])("sort %j is read", (text, sort) => {
    const read = sortFromSearch(text, ["tier", "machines"]);
    expect(read).toEqual(sort);
    expect(sortFromSearch(searchFromSort(read), ["tier", "machines"])).toEqual(read);
  });
});

describe("rows", () => {
  test("no filter keeps every row", () => {
    expect(filterFindings(rows, NO_FILTERS)).toEqual(rows);
  });

  test.each(TIERS.map((tier) => [tier]))("tier %s", (tier) => {
    const kept = filterFindings(rows, { ...NO_FILTERS, tier: [tier] });
    expect(kept).toEqual(rows.filter((row) => row.tier === tier));
  });

  test("text finds every word anywhere, in any case and script, accents aside", () => {
    expect(textMatches("ENDPOINT kasp", ["Kaspersky Endpoint Security"])).toBe(true);
    expect(textMatches("endpoint dahua", ["Kaspersky Endpoint Security"])).toBe(false);
    expect(textMatches("касперского", ["Лаборатория Касперского"])).toBe(true);
    expect(textMatches("segurmatica", ["Segurmática"])).toBe(true);
    for (const row of rows) expect(filterFindings(rows, { ...NO_FILTERS, text: row.title })).toContain(row);
  });

  test("binds others only: no tier for us, but instruments for others", () => {
    const kept = filterFindings(rows, { ...NO_FILTERS, others: true });
    expect(kept).toHaveLength(rows.filter((row) => row.tier === "none" && row.others > 0).length);
  });

  test("a restriction keeps what it reaches", () => {
    const id = rows.flatMap((row) => row.restrictions)[0] ?? "";
    const kept = filterFindings(rows, { ...NO_FILTERS, restriction: id });
    expect(kept.length).toBeGreaterThan(0);
    expect(kept).toEqual(rows.filter((row) => row.restrictions.includes(id)));
  });

  test("a machine that is not known hides everything instead of showing everything", () => {
    const first = rows[0];
    expect(filterFindings(rows, { ...NO_FILTERS, machine: "m" }, null)).toEqual([]);
    expect(filterFindings(rows, { ...NO_FILTERS, machine: "m" }, new Set([first?.id ?? ""]))).toEqual([first]);
  });

  test("worst first: a duty weighs as much as a ban", () => {
    const ranks = TIERS.map(tierRank);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(tierRank("required")).toBe(tierRank("prohibited"));
    expect(tierRank("undetermined")).toBeLessThan(tierRank("none"));
  });

  test("changed answers are counted per activity", () => {
    const row = structuredClone(rows[0]);
    if (!row) throw new Error("empty fixture");
    row.activities_today = structuredClone(row.activities);
    expect(changedActivities(row)).toBe(0);
    for (const i of [1, 4]) {
      const answer = row.activities_today[i];
      if (answer) answer.tier = answer.tier === "none" ? "prohibited" : "none";
    }
    expect(changedActivities(row)).toBe(2);
  });
});
