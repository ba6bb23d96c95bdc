// The slider's arithmetic. Pure.
import type { EffectDate } from "@/ipc";
import { addDays, dayNumber, fromDayNumber } from "./days";

export interface Span {
  from: string;
  to: string;
}

/** 2017 to the end of next year, wider only for a day that lies outside. */
export function sliderSpan(today: string, asOf: string): Span {
  const from = "2017-01-01";
  const to = `${Number(today.slice(0, 4)) + 1}-12-31`;
  return { from: asOf < from ? asOf : from, to: asOf > to ? asOf : to };
}

/** 0 at the left end, 1 at the right. */
export function positionOf(day: string, span: Span): number {
  const length = dayNumber(span.to) - dayNumber(span.from);
  return Math.min(1, Math.max(0, (dayNumber(day) - dayNumber(span.from)) / length));
}

export function dayAt(position: number, span: Span): string {
  const from = dayNumber(span.from);
  return fromDayNumber(from + Math.round(Math.min(1, Math.max(0, position)) * (dayNumber(span.to) - from)));
}

export function previousEffect(dates: readonly EffectDate[], day: string): string | null {
  let found: string | null = null;
  for (const { date } of dates) if (date < day && (found === null || date > found)) found = date;
  return found;
}

export function nextEffect(dates: readonly EffectDate[], day: string): string | null {
  let found: string | null = null;
  for (const { date } of dates) if (date > day && (found === null || date < found)) found = date;
  return found;
}

function clamp(day: string, span: Span): string {
  return day < span.from ? span.from : day > span.to ? span.to : day;
}

/** The day a key leads to, or null for other keys. */
export function dayForKey(
  key: string,
  shift: boolean,
  day: string,
  dates: readonly EffectDate[],
  span: Span,
): string | null {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return clamp(shift ? addDays(day, -1) : (previousEffect(dates, day) ?? day), span);
    case "ArrowRight":
    case "ArrowUp":
      return clamp(shift ? addDays(day, 1) : (nextEffect(dates, day) ?? day), span);
    case "PageDown":
      return clamp(addDays(day, -365), span);
    case "PageUp":
      return clamp(addDays(day, 365), span);
    case "Home":
      return span.from;
    case "End":
      return span.to;
    default:
      return null;
  }
}

/** The day under the pointer, drawn to a tick or to today when that is within a few pixels. */
export function snap(
  position: number,
  span: Span,
  dates: readonly EffectDate[],
  today: string,
  tolerance: number,
): string {
  let best: string | null = null;
  let distance = tolerance;
  for (const date of [...dates.map((d) => d.date), today]) {
    if (date < span.from || date > span.to) continue;
    const away = Math.abs(positionOf(date, span) - position);
    if (away <= distance) {
      best = date;
      distance = away;
    }
  }
  return best ?? dayAt(position, span);
}
