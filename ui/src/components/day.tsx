import { useIntl } from "react-intl";
import { formatDay } from "@/lib/days";

export { formatDay } from "@/lib/days";

/** A day as `20 Jul 2024`, with the ISO form on hover. */
export function Day({ iso, className }: { iso: string; className?: string }) {
  const { locale } = useIntl();
  return (
    <time dateTime={iso.slice(0, 10)} title={iso.slice(0, 10)} className={className ?? "whitespace-nowrap"}>
      {formatDay(iso, locale)}
    </time>
  );
}
