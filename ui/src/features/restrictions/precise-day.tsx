import { useIntl } from "react-intl";
import { Day, formatDay } from "@/components";
import { useT } from "@/lib/i18n";

/** A day as exactly as it is known, as text: `20 Jul 2024`, `some day in Dec 2022`, `some day in 2025`. */
export function usePreciseDay(): (iso: string, precision: string) => string {
  const t = useT();
  const { locale } = useIntl();
  return (iso, precision) => {
    const day = formatDay(iso, locale);
    if (precision === "month") return t("restrictions.day.some", { span: day.replace(/^\S+\s/u, "") });
    if (precision === "year") return t("restrictions.day.some", { span: iso.slice(0, 4) });
    return day;
  };
}

export function PreciseDay({ iso, precision }: { iso: string; precision: string }) {
  const precise = usePreciseDay();
  if (precision === "day") return <Day iso={iso} />;
  return <span className="whitespace-nowrap">{precise(iso, precision)}</span>;
}
