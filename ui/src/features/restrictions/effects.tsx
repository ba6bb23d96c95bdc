import { TierChip } from "@/components";
import type { CapacityPhrase, EffectRow, RestrictionDetail } from "@/ipc";
import { useContext } from "@/lib/context";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { usePreciseDay } from "./precise-day";
import { useCapacity, useWord } from "./words";

/** What a restriction does: each effect with its days, whom it binds, what it demands, and where that is our reading. */
export function Effects({ detail }: { detail: RestrictionDetail }) {
  return (
    <ul className="flex flex-col gap-3">
      {detail.effects.map((effect, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two effects may say the same of the same days
        <Effect key={i} effect={effect} />
      ))}
    </ul>
  );
}

/** Whom it speaks to, in one sentence. */
export function useWhom(): (effect: EffectRow) => string {
  const t = useT();
  const capacity = useCapacity();
  const list = (whom: readonly CapacityPhrase[]) => whom.map(capacity).join(t("restrictions.or"));
  return (effect) => {
    if (effect.addressed.length > 0) return t("restrictions.effect.addressed", { whom: list(effect.addressed) });
    if (effect.counterparty.length > 0)
      return t("restrictions.effect.binds-with", { whom: list(effect.binds), others: list(effect.counterparty) });
    return t("restrictions.effect.binds", { whom: list(effect.binds) });
  };
}

/** From when until when, as exactly as it is known. */
export function useSpan(): (effect: EffectRow) => string {
  const t = useT();
  const day = usePreciseDay();
  return (effect) => {
    const from = day(effect.from, effect.from_precision);
    const parts = [
      effect.until === null
        ? t("restrictions.effect.from", { from })
        : t("restrictions.effect.span", { from, until: day(effect.until, effect.until_precision) }),
    ];
    if (effect.until_event) parts.push(t("restrictions.effect.until-event", { event: effect.until_event }));
    return parts.join(", ");
  };
}

/** The capacities of ours through which it speaks to us. */
export function oursIn(effect: EffectRow): CapacityPhrase[] {
  const seen = new Set<string>();
  return [...effect.binds, ...effect.counterparty, ...effect.addressed].filter(
    (each) => each.ours && !seen.has(each.word) && seen.add(each.word),
  );
}

function Effect({ effect }: { effect: EffectRow }) {
  const t = useT();
  const word = useWord();
  const whom = useWhom();
  const span = useSpan();
  const precise = usePreciseDay();
  const capacity = useCapacity();
  const { isAsOf } = useContext();
  const ours = oursIn(effect);
  const speaks = effect.tier !== "none";
  return (
    <li
      data-tier={speaks ? effect.tier : "none"}
      className={cx("border-l-3 pl-3 text-cap text-ink-2", speaks ? "border-l-tier-e" : "border-l-line-2")}
    >
      <p className="flex flex-wrap items-center gap-x-2">
        <b className="inline-block font-semibold text-ink first-letter:uppercase">
          {effect.activities.map((activity) => t(`activity.${activity}`)).join(", ")}
        </b>
        {speaks ? <TierChip tier={effect.tier} bare /> : <span>{word("force", effect.force)}</span>}
        <span className="text-ink-3">{span(effect)}</span>
        <span className={cx("ml-auto", isAsOf ? "font-medium text-asof-text" : "text-ink-3")}>
          {word("state", effect.state)}
        </span>
      </p>
      <p className="mt-0.5 text-ink">{effect.says}</p>
      <p className="mt-0.5">
        {whom(effect)}{" "}
        {ours.length > 0 ? (
          <b className="font-medium text-ink">
            {t("restrictions.effect.you", { as: ours.map(capacity).join(t("restrictions.or")) })}
          </b>
        ) : (
          <span className="text-ink-3">{t("restrictions.effect.not-you")}</span>
        )}
      </p>
      {effect.conditions.length > 0 ? (
        <p className="mt-0.5">{t("restrictions.effect.only-when", { conditions: effect.conditions.join(", ") })}</p>
      ) : null}
      {effect.trigger ? (
        <p className="mt-0.5">{t("restrictions.effect.trigger", { trigger: effect.trigger })}</p>
      ) : null}
      {effect.only.length > 0 ? (
        <p className="mt-0.5">{t("restrictions.effect.only", { names: effect.only.join(", ") })}</p>
      ) : null}
      {effect.announced ? (
        <p className="mt-0.5">{t("restrictions.effect.announced", { day: precise(effect.announced, "day") })}</p>
      ) : null}
      {effect.embedded ? (
        <p className="mt-0.5">
          {t("restrictions.embedded")} {word("embedded", effect.embedded)}
        </p>
      ) : null}
      {effect.reading ? (
        <p className="mt-0.5">
          <b className="font-medium text-ink">{t("findings.block.reading")}</b> {effect.reading}
        </p>
      ) : null}
      <p className="mt-0.5 text-ink-3" title={effect.measure_means}>
        {t("restrictions.effect.measure", { measure: word("measure", effect.measure) })}
        {effect.verification ? ` ${t(`findings.verification.${effect.verification}`)}.` : null}
      </p>
    </li>
  );
}
