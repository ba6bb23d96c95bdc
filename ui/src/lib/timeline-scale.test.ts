import { describe, expect, it } from "vitest";
import type { EffectDate } from "@/ipc";
import { dayAt, dayForKey, nextEffect, positionOf, previousEffect, sliderSpan, snap } from "./timeline-scale";

const dates: EffectDate[] = ["2018-10-01", "2024-07-20", "2024-09-29", "2027-06-30"].map((date) => ({
  date,
  events: [],
}));
const today = "2026-11-22";
const span = sliderSpan(today, today);

describe("span", () => {
  it("goes from 2017 to the end of next year", () => {
    expect(span).toEqual({ from: "2017-01-01", to: "2027-12-31" });
  });
  it("widens for a day outside", () => {
    expect(sliderSpan(today, "2012-05-01").from).toBe("2012-05-01");
    expect(sliderSpan(today, "2031-05-01").to).toBe("2031-05-01");
  });
  it("goes there and back", () => {
    for (const { date } of dates) expect(dayAt(positionOf(date, span), span)).toBe(date);
    expect(dayAt(-1, span)).toBe(span.from);
    expect(dayAt(2, span)).toBe(span.to);
  });
});

describe("keys", () => {
  it.each([
    ["ArrowRight", false, "2024-07-20", "2024-09-29"],
    ["ArrowLeft", false, "2024-07-20", "2018-10-01"],
    ["ArrowUp", false, "2024-07-21", "2024-09-29"],
    ["ArrowDown", false, "2024-07-21", "2024-07-20"],
    ["ArrowRight", true, "2024-07-20", "2024-07-21"],
    ["ArrowLeft", true, "2024-07-20", "2024-07-19"],
    ["PageUp", false, "2024-07-20", "2025-07-20"],
    ["PageDown", false, "2024-07-20", "2023-07-21"],
    ["Home", false, "2024-07-20", "2017-01-01"],
    ["End", false, "2024-07-20", "2027-12-31"],
    // At the ends nothing moves.
    ["ArrowRight", false, "2027-06-30", "2027-06-30"],
    ["ArrowLeft", false, "2017-05-01", "2017-05-01"],
    ["PageUp", false, "2027-06-30", "2027-12-31"],
    ["Enter", false, "2024-07-20", null],
  ])("%s (shift %s) from %s -> %s", (key, shift, day, expected) => {
    expect(dayForKey(key, shift, day, dates, span)).toBe(expected);
  });
  it("finds the neighbours of a day", () => {
    expect(previousEffect(dates, "2018-10-01")).toBeNull();
    expect(nextEffect(dates, "2027-06-30")).toBeNull();
  });
});

describe("snap", () => {
  it("draws a near day to the tick and leaves a far one", () => {
    const near = positionOf("2024-07-23", span);
    expect(snap(near, span, dates, today, 0.01)).toBe("2024-07-20");
    expect(snap(near, span, dates, today, 0.0001)).toBe("2024-07-23");
    expect(snap(positionOf("2026-11-20", span), span, dates, today, 0.01)).toBe(today);
  });
});
