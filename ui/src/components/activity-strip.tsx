import type { Activity, ActivityTier, Tier } from "@/ipc";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";

/** Worst first; also the order in which a label names the tiers. */
const ORDER: readonly Tier[] = ["prohibited", "required", "restricted", "advisory", "watch", "undetermined", "none"];
/** After these activities a new group begins: what the holder must do | what the market may do. */
const GROUP_END: Activity = "report";

/** The sentence that says what the ten cells show: `Prohibited: buy, renew. Restricted: use. None: remove.` */
export function useActivitySentence(): (
  activities: readonly ActivityTier[],
  today?: readonly ActivityTier[],
) => string {
  const t = useT();
  return (activities, today) => {
    const parts = ORDER.flatMap((tier) => {
      const named = activities.filter((answer) => answer.tier === tier);
      if (named.length === 0) return [];
      const list = named.map((answer) => t(`activity.${answer.activity}`)).join(", ");
      return [t("findings.strip.part", { tier: t(`tier.${tier}`), activities: list })];
    });
    const changed = activities.flatMap((answer, i) => {
      const now = today?.[i];
      if (!now || now.tier === answer.tier) return [];
      return [t("findings.strip.now", { activity: t(`activity.${answer.activity}`), tier: t(`tier.${now.tier}`) })];
    });
    if (changed.length > 0) parts.push(t("findings.strip.today", { list: changed.join(", ") }));
    return parts.join(" ");
  };
}

/** Ten small cells, one per activity: filled = in force, hatched = watch, outline = none. Underlined: differs today. */
export function ActivityStrip({
  activities,
  today,
}: {
  activities: readonly ActivityTier[];
  /** The answers of today, when another day is asked for. */
  today?: readonly ActivityTier[];
}) {
  const label = useActivitySentence()(activities, today);
  return (
    <span role="img" aria-label={label} title={label} className="inline-flex gap-0.5 align-middle">
      {activities.map(({ activity, tier }, i) => (
        <i
          key={activity}
          data-tier={tier}
          data-bar=""
          className={cx("relative h-3.5 w-1.5", activity === GROUP_END && "mr-1")}
        >
          <span
            className={cx(
              "absolute inset-0 rounded-xs",
              tier === "none" ? "hairline" : tier === "watch" ? "hatch border border-tier-e" : "bg-tier-e",
            )}
          />
          {today && today[i]?.tier !== tier ? (
            <span className="-bottom-1 absolute inset-x-0 h-0.5 rounded-xs bg-asof-text" />
          ) : null}
        </i>
      ))}
    </span>
  );
}
