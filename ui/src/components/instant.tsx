import { useIntl } from "react-intl";
import { formatLocale } from "@/lib/i18n";

const STEPS: Array<[Intl.RelativeTimeFormatUnit, number]> = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `3 hours ago`, `yesterday`, `just now`. */
export function formatRelative(iso: string, now: number, locale: string, style: "long" | "narrow" = "long"): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  if (Number.isNaN(seconds)) return iso;
  const format = new Intl.RelativeTimeFormat(formatLocale(locale), { numeric: "auto", style });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, "second");
}

/** `22 Nov 2026, 08:12:31` in the machine's own time zone. */
export function formatExact(iso: string, locale: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat(formatLocale(locale), { dateStyle: "medium", timeStyle: "medium" }).format(date);
}

/** A moment: relative, with the exact one on hover. */
export function Instant({ iso, style, className }: { iso: string; style?: "long" | "narrow"; className?: string }) {
  const { locale } = useIntl();
  return (
    <time dateTime={iso} title={`${formatExact(iso, locale)} (${iso})`} className={className ?? "whitespace-nowrap"}>
      {formatRelative(iso, Date.now(), locale, style)}
    </time>
  );
}
