// Days are ISO strings (`2024-07-20`); they compare as text and never meet a time zone.

const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY = 86_400_000;

/** A real day of the calendar, between 1900 and 2199. */
export function isIsoDay(text: string): boolean {
  const match = ISO.exec(text);
  if (!match) return false;
  const year = Number(match[1]);
  if (year < 1900 || year > 2199) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

/** Days since 1970-01-01. */
export function dayNumber(iso: string): number {
  return Math.round(Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / DAY);
}

export function fromDayNumber(number: number): string {
  return new Date(number * DAY).toISOString().slice(0, 10);
}

export function addDays(iso: string, days: number): string {
  return fromDayNumber(dayNumber(iso) + days);
}

export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from);
}

export function todayIso(): string {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
}

const MONTHS: Record<string, number> = {
  jan: 1,
  feb: 2,
  mar: 3,
  mär: 3,
  mrz: 3,
  apr: 4,
  may: 5,
  mai: 5,
  jun: 6,
  jul: 7,
  aug: 8,
  sep: 9,
  oct: 10,
  okt: 10,
  nov: 11,
  dec: 12,
  dez: 12,
};

/** What a person typed as an ISO day: `2024-07-21`, `20240721`, `21.7.2024`, `21 Jul 2024`, `today`; null when unclear. */
export function parseTypedDay(text: string, today: string): string | null {
  const typed = text.trim().toLowerCase();
  if (typed === "today" || typed === "heute") return today;
  const build = (year: number, month: number, day: number) => {
    const iso = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
    return isIsoDay(iso) ? iso : null;
  };
  let match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(typed);
  if (match) return build(Number(match[1]), Number(match[2]), Number(match[3]));
  // Slashes are refused: 07/04/2024 is April to some and July to others.
  match = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(typed);
  if (match) return build(Number(match[3]), Number(match[2]), Number(match[1]));
  match = /^(\d{1,2})\.?\s+([a-zä]{3})[a-zä]*\.?\s+(\d{4})$/.exec(typed);
  const month = match ? MONTHS[match[2] ?? ""] : undefined;
  if (match && month) return build(Number(match[3]), month, Number(match[1]));
  return null;
}

const SHORT = new Map<string, Intl.DateTimeFormat>();

/** `20 Jul 2024`, in German `20. Juli 2024`. */
export function formatDay(iso: string, locale = "en"): string {
  const date = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return iso;
  const german = locale.startsWith("de");
  // British English would say "Sept"; the month comes from American English, the order is ours.
  const key = german ? "de-DE" : "en-US";
  let month = SHORT.get(key);
  if (!month) {
    month = new Intl.DateTimeFormat(key, { month: "short", timeZone: "UTC" });
    SHORT.set(key, month);
  }
  const name = month.format(date);
  return german
    ? `${date.getUTCDate()}. ${name} ${date.getUTCFullYear()}`
    : `${date.getUTCDate()} ${name} ${date.getUTCFullYear()}`;
}
