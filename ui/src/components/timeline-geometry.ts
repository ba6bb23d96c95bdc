// Where the bars of a timeline lie: from spans of days to fractions of the width. Pure; it draws nothing and knows no clock.
import type { Activity, Tier, TimelineBar, TimelineLane } from "@/ipc";
import { dayNumber, fromDayNumber } from "@/lib/days";

/** A stretch of days on which the same effects hold. */
export interface Segment {
  /** First day. */
  from: string;
  /** The day after the last one; null when open. */
  until: string | null;
  /** Where it begins, 0 to 1. */
  x: number;
  /** How wide it is, 0 to 1. */
  width: number;
  /** The worst tier of those days. */
  tier: Tier;
  /** Everything that holds on those days. */
  bars: TimelineBar[];
  /** Something of it is still only announced. */
  partial: boolean;
  /** It lies after today. */
  ahead: boolean;
  /** It only goes on after today what already held: nothing new to read. */
  continues: boolean;
}

export interface Lane {
  lane: TimelineLane;
  segments: Segment[];
  /** The first day in force, or the first day at all when it is nowhere in force. */
  firstDay: string | null;
  /** Where the first segment begins. */
  start: number;
}

export interface Geometry {
  start: string;
  end: string;
  ticks: { x: number; label: string }[];
  today: number;
  asOf: number;
  lanes: Lane[];
}

const RANK: Record<Tier, number> = {
  prohibited: 0,
  required: 0,
  restricted: 2,
  advisory: 3,
  watch: 4,
  undetermined: 5,
  none: 6,
};

function worst(bars: TimelineBar[]): Tier {
  let tier: Tier = "none";
  for (const bar of bars) {
    if (RANK[bar.tier] < RANK[tier] || (bar.tier === "prohibited" && tier === "required")) tier = bar.tier;
  }
  return tier;
}

function isPartial(bars: TimelineBar[]): boolean {
  const inForce = new Set<Activity>();
  for (const bar of bars) if (bar.tier !== "watch") for (const activity of bar.activities) inForce.add(activity);
  if (inForce.size === 0) return false;
  return bars.some((bar) => bar.tier === "watch" && bar.activities.some((activity) => !inForce.has(activity)));
}

/** Cuts overlapping bars into stretches of equal meaning. `start` and `end` are day numbers of the drawn range. */
export function segmentsOf(bars: TimelineBar[], start: number, end: number, today: number): Segment[] {
  const cuts = new Set<number>([today + 1]);
  for (const bar of bars) {
    cuts.add(dayNumber(bar.from));
    cuts.add(bar.until === null ? end : dayNumber(bar.until));
  }
  const days = [...cuts].map((day) => Math.min(Math.max(day, start), end));
  const edges = [...new Set(days)].sort((a, b) => a - b);
  const out: Segment[] = [];
  for (let i = 0; i + 1 < edges.length; i += 1) {
    const from = edges[i] as number;
    const until = edges[i + 1] as number;
    // Worst first: that is the order in which they are read.
    const active = bars
      .filter((bar) => dayNumber(bar.from) < until && (bar.until === null || dayNumber(bar.until) > from))
      .sort((a, b) => RANK[a.tier] - RANK[b.tier]);
    if (active.length === 0) continue;
    const before = out.at(-1);
    const same =
      before !== undefined && before.bars.length === active.length && before.bars.every((bar) => active.includes(bar));
    const open = until >= end && active.some((bar) => bar.until === null || dayNumber(bar.until) > end);
    out.push({
      from: fromDayNumber(from),
      until: open ? null : fromDayNumber(until),
      x: (from - start) / (end - start),
      width: (until - from) / (end - start),
      tier: worst(active),
      bars: active,
      partial: isPartial(active),
      ahead: from > today,
      continues: same && from > today,
    });
    if (same && before && from > today) before.until = open ? null : fromDayNumber(until);
  }
  return out;
}

function stepOf(years: number): number {
  if (years <= 13) return 1;
  return years <= 26 ? 2 : 5;
}

/** The whole picture: whole years from the first effect to a year after the last known date. */
export function geometry(lanes: TimelineLane[], today: string, asOf: string): Geometry {
  let first = Math.min(dayNumber(today), dayNumber(asOf));
  let last = Math.max(dayNumber(today), dayNumber(asOf));
  const limit = last + 5 * 365;
  for (const { bars } of lanes) {
    for (const bar of bars) {
      first = Math.min(first, dayNumber(bar.from));
      last = Math.max(last, dayNumber(bar.from), bar.until === null ? 0 : dayNumber(bar.until));
    }
  }
  last = Math.min(last, limit);
  const firstYear = Number(fromDayNumber(first).slice(0, 4));
  const endYear = Number(fromDayNumber(last).slice(0, 4)) + 2;
  const start = dayNumber(`${firstYear}-01-01`);
  const end = dayNumber(`${endYear}-01-01`);
  const at = (day: number) => (day - start) / (end - start);
  const step = stepOf(endYear - firstYear);
  const ticks: Geometry["ticks"] = [];
  for (let year = firstYear; year < endYear; year += 1) {
    if ((endYear - 1 - year) % step === 0) ticks.push({ x: at(dayNumber(`${year}-01-01`)), label: String(year) });
  }
  return {
    start: fromDayNumber(start),
    end: fromDayNumber(end),
    ticks,
    today: at(dayNumber(today)),
    asOf: at(dayNumber(asOf)),
    lanes: lanes.map((lane) => {
      const segments = segmentsOf(lane.bars, start, end, dayNumber(today));
      const inForce = segments.find((segment) => segment.tier !== "watch");
      return {
        lane,
        segments,
        firstDay: (inForce ?? segments[0])?.from ?? null,
        start: segments[0]?.x ?? 0,
      };
    }),
  };
}
