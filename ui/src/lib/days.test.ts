import { describe, expect, it } from "vitest";
import { addDays, daysBetween, formatDay, isIsoDay, parseTypedDay } from "./days";

describe("isIsoDay", () => {
  it.each([
    ["2024-07-20", true],
    ["2024-02-29", true],
    ["2023-02-29", false],
    ["2024-13-01", false],
    ["2024-7-20", false],
    ["1899-12-31", false],
    ["not a day", false],
  ])("%s -> %s", (text, expected) => {
    expect(isIsoDay(text)).toBe(expected);
  });
});

describe("parseTypedDay", () => {
  it.each([
    ["2024-07-20", "2024-07-20"],
    [" 2024-7-2 ", "2024-07-02"],
    ["20240720", "2024-07-20"],
    ["20.7.2024", "2024-07-20"],
    ["20 Jul 2024", "2024-07-20"],
    ["20 september 2024", "2024-09-20"],
    ["1. Dez 2024", "2024-12-01"],
    ["1. März 2025", "2025-03-01"],
    ["today", "2026-11-22"],
    ["heute", "2026-11-22"],
    // Ambiguous between continents: refused.
    ["07/04/2024", null],
    ["2024-02-30", null],
    ["31.4.2024", null],
    ["20 foo 2024", null],
    ["", null],
  ])("%j -> %j", (typed, expected) => {
    expect(parseTypedDay(typed, "2026-11-22")).toBe(expected);
  });
});

describe("formatDay", () => {
  it("writes 20 Jul 2024, and Sep where British English would write Sept", () => {
    expect(formatDay("2024-07-20")).toBe("20 Jul 2024");
    expect(formatDay("2024-09-29")).toBe("29 Sep 2024");
    expect(formatDay("2026-11-22T08:12:31Z")).toBe("22 Nov 2026");
  });
  it("writes German with a point", () => {
    expect(formatDay("2024-05-01", "de")).toBe("1. Mai 2024");
  });
  it("keeps what is no day", () => {
    expect(formatDay("December 2022")).toBe("December 2022");
  });
});

describe("arithmetic", () => {
  it("crosses months and years without time zones", () => {
    expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
    expect(addDays("2024-01-01", -1)).toBe("2023-12-31");
    expect(daysBetween("2024-06-20", "2024-07-20")).toBe(30);
    expect(daysBetween("2024-03-30", "2024-04-01")).toBe(2);
  });
});
