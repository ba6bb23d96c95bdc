import { useIntl } from "react-intl";
import type { Activity, ActivityTier } from "@/ipc";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { TierChip } from "./tier-chip";

/** Narrow: the activity and its answer on one line; wide: one above the other. */
const CELL = "flex h-full flex-wrap items-center justify-between gap-x-2 py-1.5 pr-1 pl-1.5";

/** All ten answers, five by two. A cell with an answer leads to its reason. */
export function ActivityGrid({
  answers,
  today,
  onPick,
}: {
  answers: readonly ActivityTier[];
  /** The answers of today, when another day is asked for. */
  today?: readonly ActivityTier[];
  onPick: (activity: Activity) => void;
}) {
  const t = useT();
  // German words need twice the room: they get lines of two until the panel is wide.
  const wide = useIntl().locale.startsWith("de")
    ? { list: "@min-[560px]:grid-cols-5", cell: "@min-[560px]:block" }
    : { list: "@min-[410px]:grid-cols-5", cell: "@min-[410px]:block" };
  return (
    <div className="@container">
      <ul className={cx("grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line", wide.list)}>
        {answers.map(({ activity, tier }, i) => {
          const now = today?.[i]?.tier;
          const differs = now !== undefined && now !== tier;
          const content = (
            <>
              <span className={cx("block w-max", differs && "border-asof-text border-b-2")}>
                {t(`activity.${activity}`)}
              </span>
              <span className="flex @min-[410px]:mt-0.5">
                <TierChip tier={tier} bare />
              </span>
              {differs ? <span className="sr-only">{t("findings.grid.today", { tier: t(`tier.${now}`) })}</span> : null}
            </>
          );
          return (
            <li key={activity} className="min-w-0 bg-surface text-cap text-ink-2">
              {tier === "none" ? (
                <div className={cx(CELL, wide.cell)}>{content}</div>
              ) : (
                <button
                  type="button"
                  onClick={() => onPick(activity)}
                  title={differs ? t("findings.grid.today", { tier: t(`tier.${now}`) }) : t("findings.grid.why")}
                  className={cx(CELL, wide.cell, "-outline-offset-2 w-full text-left hover:bg-hover")}
                >
                  {content}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
