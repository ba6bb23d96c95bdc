import { describe, expect, test } from "vitest";
import type { TimelineBar, TimelineLane } from "@/ipc";
import { dayNumber } from "@/lib/days";
import { geometry, segmentsOf } from "./timeline-geometry";

const bar = (
  from: string,
  until: string | null,
  tier: TimelineBar["tier"],
  activities: TimelineBar["activities"] = ["use"],
): TimelineBar => ({
  from,
  until,
  tier,
  activities,
  says: `${tier} from ${from}`,
});
const lane = (id: string, ...bars: TimelineBar[]): TimelineLane => ({
  restriction: { id, short_title: id, jurisdiction: "us" },
  touches_us: true,
  bars,
});
const START = dayNumber("2020-01-01");
const END = dayNumber("2030-01-01");
const TODAY = dayNumber("2026-11-22");
const cut = (...bars: TimelineBar[]) =>
  segmentsOf(bars, START, END, TODAY).map(({ from, until, tier, partial, ahead }) => ({
    from,
    until,
    tier,
    partial,
    ahead,
  }));

describe("segments", () => {
  test("watch before force: two stretches that meet on the first day in force", () => {
    expect(cut(bar("2024-06-20", "2024-07-20", "watch"), bar("2024-07-20", null, "prohibited"))).toEqual([
      { from: "2024-06-20", until: "2024-07-20", tier: "watch", partial: false, ahead: false },
      { from: "2024-07-20", until: null, tier: "prohibited", partial: false, ahead: false },
      { from: "2026-11-23", until: null, tier: "prohibited", partial: false, ahead: true },
    ]);
  });

  test("overlaps take the worst tier, and say when something is still only announced", () => {
    const got = cut(
      bar("2024-06-20", "2024-07-20", "watch", ["buy"]),
      bar("2024-06-20", "2024-09-29", "watch", ["update"]),
      bar("2024-07-20", null, "prohibited", ["buy"]),
      bar("2024-09-29", null, "prohibited", ["update"]),
      bar("2024-09-29", null, "restricted", ["use"]),
    ).filter((segment) => !segment.ahead);
    expect(got.map(({ from, tier, partial }) => [from, tier, partial])).toEqual([
      ["2024-06-20", "watch", false],
      ["2024-07-20", "prohibited", true],
      ["2024-09-29", "prohibited", false],
    ]);
  });

  test("an announcement about an activity that is already in force does not make it partial", () => {
    const got = cut(
      bar("2018-07-16", null, "required", ["report"]),
      bar("2023-10-05", "2023-12-04", "watch", ["report"]),
    );
    expect(got.some((segment) => segment.partial)).toBe(false);
  });

  test("a closed bar ends; a gap stays a gap", () => {
    const got = cut(bar("2021-01-01", "2022-01-01", "restricted"), bar("2023-01-01", "2024-01-01", "advisory"));
    expect(got.map(({ from, until }) => [from, until])).toEqual([
      ["2021-01-01", "2022-01-01"],
      ["2023-01-01", "2024-01-01"],
    ]);
  });

  test("what begins after today lies ahead and is new; what merely goes on is not", () => {
    const got = segmentsOf(
      [bar("2024-01-01", null, "restricted"), bar("2027-06-30", null, "prohibited")],
      START,
      END,
      TODAY,
    );
    expect(got.map(({ from, ahead, continues }) => [from, ahead, continues])).toEqual([
      ["2024-01-01", false, false],
      ["2026-11-23", true, true],
      ["2027-06-30", true, false],
    ]);
  });

  test("required weighs as much as prohibited; prohibited gives the colour its name", () => {
    expect(
      cut(bar("2024-01-01", null, "required", ["report"]), bar("2024-01-01", null, "prohibited", ["use"]))[0]?.tier,
    ).toBe("prohibited");
    expect(
      cut(bar("2024-01-01", null, "required", ["report"]), bar("2024-01-01", null, "restricted", ["use"]))[0]?.tier,
    ).toBe("required");
  });

  test("bars that reach out of the range are clipped to it", () => {
    const [only] = segmentsOf([bar("2010-01-01", "2050-01-01", "advisory")], START, END, END);
    expect(only).toMatchObject({ from: "2020-01-01", x: 0, width: 1, until: null });
  });
});

describe("geometry", () => {
  const drawn = geometry(
    [
      lane("old", bar("2017-09-13", "2017-12-12", "watch"), bar("2017-12-12", null, "required")),
      lane("new", bar("2025-02-21", null, "prohibited")),
    ],
    "2026-11-22",
    "2024-07-21",
  );

  test("whole years, from the first effect to a year after the last date", () => {
    expect([drawn.start, drawn.end]).toEqual(["2017-01-01", "2028-01-01"]);
    expect(drawn.ticks.map((tick) => tick.label)).toEqual(Array.from({ length: 11 }, (_, i) => String(2017 + i)));
    expect(drawn.ticks[0]?.x).toBe(0);
  });

  test("positions are shares of the width, in order, and fill it to the end", () => {
    for (const { segments } of drawn.lanes) {
      for (const segment of segments) {
        expect(segment.x).toBeGreaterThanOrEqual(0);
        expect(segment.width).toBeGreaterThan(0);
        expect(segment.x + segment.width).toBeLessThanOrEqual(1 + 1e-9);
      }
      const last = segments.at(-1);
      expect((last?.x ?? 0) + (last?.width ?? 0)).toBeCloseTo(1);
    }
    expect(drawn.asOf).toBeLessThan(drawn.today);
  });

  test("the date beside a lane is the first day in force, not of the announcement", () => {
    expect(drawn.lanes.map((each) => each.firstDay)).toEqual(["2017-12-12", "2025-02-21"]);
  });

  test("only announced: then the first day of that", () => {
    expect(geometry([lane("x", bar("2024-06-21", null, "watch"))], "2026-11-22", "2026-11-22").lanes[0]?.firstDay).toBe(
      "2024-06-21",
    );
  });

  test("many years get fewer ticks, and a far end does not stretch the picture", () => {
    const long = geometry([lane("x", bar("1996-01-01", "2099-01-01", "restricted"))], "2026-11-22", "2026-11-22");
    expect(long.ticks.length).toBeLessThan(15);
    expect(Number(long.end.slice(0, 4))).toBeLessThan(2036);
  });

  test("no lanes: still a range around today", () => {
    const none = geometry([], "2026-11-22", "2026-11-22");
    expect(none.lanes).toEqual([]);
    expect(none.today).toBeGreaterThan(0);
    expect(none.today).toBeLessThan(1);
  });
});
