import { Link } from "@tanstack/react-router";
import { MonitorOff } from "lucide-react";
import { useIntl } from "react-intl";
import type { ToldFinding } from "@/ipc";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { formatDay } from "./day";
import { TierIcon } from "./tier-icon";

/** So many are named; the rest is a number. */
const NAMED = 3;

/**
 * Products of which tools tell without saying on which machines. They stand beside the findings, since a finding is on a
 * machine, and are counted nowhere else.
 */
export function ToldFindings({ told, className }: { told: readonly ToldFinding[]; className?: string }) {
  const t = useT();
  const { locale } = useIntl();
  if (told.length === 0) return null;
  const more = told.length - NAMED;
  const by = (each: ToldFinding) =>
    t("told.by", { tool: each.tools.join(", "), day: formatDay(each.at.slice(0, 10), locale) });
  return (
    <section
      aria-label={t("told.title")}
      className={cx("flex flex-wrap items-center gap-x-4 gap-y-1 text-cap text-ink-2", className)}
    >
      <Link
        to="/software"
        search={{ where: "told", known: "yes" } as never}
        className="inline-flex items-center gap-1.5 font-medium text-ink hover:underline"
        title={t("told.means")}
      >
        <MonitorOff size={14} aria-hidden="true" className="flex-none text-ink-3" />
        {t("told.say", { count: told.length })}
      </Link>
      <ul className="contents">
        {told.slice(0, NAMED).map((each) => (
          <li key={each.id} data-tier={each.tier} className="inline-flex min-w-0 items-center gap-1" title={by(each)}>
            <span className="flex-none text-tier-t">
              <TierIcon tier={each.tier} size={12} />
            </span>
            <span className="sr-only">{t(`tier.${each.tier}`)}: </span>
            {each.family === null ? (
              <Link to="/software" search={{ where: "told", vendor: each.vendor.id } as never} className="lk truncate">
                {each.title}
              </Link>
            ) : (
              <Link to="/software/$id" params={{ id: each.family }} className="lk truncate">
                {each.title}
              </Link>
            )}
            <span className="sr-only">, {by(each)}</span>
          </li>
        ))}
        {more > 0 ? (
          <li>
            <Link to="/software" search={{ where: "told", known: "yes" } as never} className="lk">
              {t("told.more", { count: more })}
            </Link>
          </li>
        ) : null}
      </ul>
    </section>
  );
}
