import { type CSSProperties, type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import { useIntl } from "react-intl";
import type { TimelineBar, TimelineLane } from "@/ipc";
import { cx } from "@/lib/cx";
import { addDays } from "@/lib/days";
import { useT } from "@/lib/i18n";
import { countryCode } from "./country";
import { formatDay } from "./day";
import { geometry, type Segment } from "./timeline-geometry";

const PERCENT = (fraction: number) => `${(fraction * 100).toFixed(3)}%`;
/** Below this share of the width there is no room for a date to the left of the first bar. */
const LABEL_ROOM = 0.13;

interface At {
  lane: number;
  segment: number;
}

/** The words of a stretch of days: when, which tier for which activities, and what the instrument says. */
function useSentences() {
  const t = useT();
  const { locale } = useIntl();
  const span = (from: string, until: string | null) =>
    until === null
      ? t("findings.timeline.since", { from: formatDay(from, locale) })
      : t("findings.timeline.span", { from: formatDay(from, locale), until: formatDay(addDays(until, -1), locale) });
  const bar = (it: TimelineBar) =>
    t("findings.timeline.bar", {
      tier: t(`tier.${it.tier}`),
      activities: it.activities.map((activity) => t(`activity.${activity}`)).join(", "),
    });
  return {
    span,
    bar,
    segment: (title: string, it: Segment) =>
      [`${title}. ${span(it.from, it.until)}.`, ...it.bars.map((b) => `${bar(b)}. ${b.says}`)].join(" "),
  };
}

/** Whether something visible begins with this stretch: only that gets a mark and a gap. */
function changed(segments: readonly Segment[], index: number): boolean {
  const here = segments[index];
  const before = segments[index - 1];
  if (!here) return false;
  return !before || before.until !== here.from || before.tier !== here.tier || before.partial !== here.partial;
}

function isHatched(segment: Segment): boolean {
  return segment.tier === "watch" || segment.ahead;
}

/** What each instrument says over time: a lane per restriction, today as a solid rule, the day asked about as a dashed one. */
export function Timeline({
  lanes,
  today,
  asOf,
  compact = false,
}: {
  lanes: readonly TimelineLane[];
  today: string;
  asOf: string;
  compact?: boolean;
}) {
  const t = useT();
  const { locale } = useIntl();
  const sentences = useSentences();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const drawn = useMemo(() => geometry([...lanes], today, asOf), [lanes, today, asOf]);
  const [at, setAt] = useState<At>({ lane: 0, segment: 0 });
  const [shown, setShown] = useState<At | null>(null);

  const stops = drawn.lanes.map((lane) => lane.segments.map((_, i) => i).filter((i) => !lane.segments[i]?.continues));

  const move = (event: KeyboardEvent) => {
    const here = stops[at.lane] ?? [];
    const index = here.indexOf(at.segment);
    let next: At | null = null;
    const near = (lane: number): At | null => {
      const row = stops[lane];
      const from = drawn.lanes[at.lane]?.segments[at.segment];
      if (!row || row.length === 0 || !from) return null;
      const x = from.x;
      const best = row.reduce((a, b) => {
        const distance = (i: number) => Math.abs((drawn.lanes[lane]?.segments[i]?.x ?? 0) - x);
        return distance(b) < distance(a) ? b : a;
      });
      return { lane, segment: best };
    };
    if (event.key === "ArrowRight" && index + 1 < here.length)
      next = { lane: at.lane, segment: here[index + 1] as number };
    else if (event.key === "ArrowLeft" && index > 0) next = { lane: at.lane, segment: here[index - 1] as number };
    else if (event.key === "ArrowDown") next = near(at.lane + 1);
    else if (event.key === "ArrowUp") next = near(at.lane - 1);
    else if (event.key === "Home") next = { lane: at.lane, segment: here[0] ?? 0 };
    else if (event.key === "End") next = { lane: at.lane, segment: here.at(-1) ?? 0 };
    else if (event.key === "Escape" && shown !== null) {
      setShown(null);
      event.stopPropagation();
      return;
    }
    if (event.key.startsWith("Arrow") || next) event.preventDefault();
    if (!next) return;
    event.stopPropagation();
    setAt(next);
    box.current?.querySelector<HTMLElement>(`[data-at="${next.lane}.${next.segment}"]`)?.focus();
  };

  if (drawn.lanes.length === 0) return <p className="text-cap text-ink-3">{t("findings.timeline.empty")}</p>;

  const labels = "grid-cols-[var(--labels)_minmax(0,1fr)]";
  const rowHeight = compact ? "h-5" : "h-5.25";
  const twoRules = !compact || today !== asOf;
  const close = Math.abs(drawn.asOf - drawn.today) < 0.14;
  const current = shown ? drawn.lanes[shown.lane]?.segments[shown.segment] : undefined;
  const currentLane = shown ? drawn.lanes[shown.lane] : undefined;

  return (
    <div
      ref={box}
      className="relative"
      style={{ "--labels": compact ? "min(112px, 30%)" : "min(188px, 36%)" } as CSSProperties}
    >
      <div
        className="relative"
        onKeyDown={move}
        role="group"
        aria-label={t("findings.timeline.label")}
        aria-describedby={id}
      >
        <p id={id} className="sr-only">
          {t("findings.timeline.help")}
        </p>
        {compact ? null : (
          <div className={cx("grid", labels)} aria-hidden="true">
            <span />
            <span className="relative block h-5">
              {twoRules ? (
                <span
                  className="absolute top-0 whitespace-nowrap rounded-pill bg-asof px-2 font-medium text-asof-ink text-micro"
                  style={
                    close
                      ? { right: `calc(${PERCENT(1 - Math.min(drawn.today, drawn.asOf))} + 30px)` }
                      : { left: `clamp(0px, calc(${PERCENT(drawn.asOf)} - 56px), calc(100% - 112px))` }
                  }
                >
                  {t("findings.timeline.as-of", { day: formatDay(asOf, locale) })}
                </span>
              ) : null}
              <span
                className="-translate-x-1/2 absolute top-0 whitespace-nowrap rounded-pill bg-ink px-2 font-medium text-canvas text-micro"
                style={{ left: PERCENT(drawn.today) }}
              >
                {t("findings.timeline.today")}
              </span>
            </span>
          </div>
        )}
        <div className={cx("relative grid", labels)}>
          <div>
            {drawn.lanes.map(({ lane }) => (
              <div
                key={lane.restriction.id}
                className={cx(
                  "flex items-center gap-2 pr-2",
                  rowHeight,
                  compact ? "text-micro" : "border-line border-b text-cap",
                )}
              >
                {compact ? null : (
                  <span className="w-5 flex-none font-medium text-ink-3 text-micro" aria-hidden="true">
                    {countryCode(lane.restriction.jurisdiction)}
                  </span>
                )}
                <span
                  className={cx(
                    "truncate",
                    lane.touches_us ? "text-ink" : "text-ink-3",
                    !compact && lane.touches_us && "font-medium",
                  )}
                  title={`${lane.restriction.short_title}${lane.touches_us ? "" : ` (${t("findings.timeline.others")})`}`}
                >
                  {lane.restriction.short_title}
                </span>
              </div>
            ))}
          </div>
          <div className="relative">
            {drawn.ticks.map((tick) => (
              <span
                key={tick.label}
                className="absolute inset-y-0 w-px bg-line"
                style={{ left: PERCENT(tick.x) }}
                aria-hidden="true"
              />
            ))}
            {drawn.lanes.map((lane, l) => (
              <div
                key={lane.lane.restriction.id}
                className={cx("relative", rowHeight, !compact && "border-line border-b")}
              >
                {!compact && lane.firstDay && lane.start > LABEL_ROOM ? (
                  <span
                    aria-hidden="true"
                    className="absolute top-0.5 z-2 whitespace-nowrap bg-canvas px-1 text-ink-3 text-micro"
                    style={{ right: `calc(${PERCENT(1 - lane.start)} + 3px)` }}
                  >
                    {formatDay(lane.firstDay, locale)}
                  </span>
                ) : null}
                {lane.segments.map((segment, s) => {
                  const stop = !segment.continues;
                  const here = at.lane === l && at.segment === s;
                  return (
                    // biome-ignore lint/a11y/noStaticElementInteractions: an image that shows its sentence on hover; the table twin has it too
                    <span
                      key={`${segment.from}.${segment.tier}`}
                      data-tier={segment.tier}
                      data-bar=""
                      data-at={`${l}.${s}`}
                      {...(stop
                        ? {
                            role: "img",
                            "aria-label": sentences.segment(lane.lane.restriction.short_title, segment),
                            tabIndex: here ? 0 : -1,
                          }
                        : { "aria-hidden": true })}
                      onMouseEnter={() => setShown({ lane: l, segment: s })}
                      onMouseLeave={() => setShown(null)}
                      onFocus={() => {
                        setAt({ lane: l, segment: s });
                        setShown({ lane: l, segment: s });
                      }}
                      onBlur={() => setShown(null)}
                      className={cx(
                        "absolute flex items-stretch rounded-xs focus-visible:z-3 focus-visible:outline-offset-1",
                        isHatched(segment) && "bg-tier-b",
                        compact ? "top-1 h-2.5" : "top-1.25 h-2.75",
                      )}
                      style={{
                        left: PERCENT(segment.x),
                        width: `max(2px, calc(${PERCENT(segment.width)} - ${changed(lane.segments, s + 1) ? 1 : 0}px))`,
                      }}
                    >
                      {changed(lane.segments, s) && !compact ? (
                        <span className="-top-0.5 absolute h-3.75 w-px bg-tier-t" />
                      ) : null}
                      <span
                        className={cx(
                          "flex-1",
                          changed(lane.segments, s) && "rounded-l-xs",
                          (changed(lane.segments, s + 1) || s === lane.segments.length - 1) && "rounded-r-xs",
                          isHatched(segment) ? "hatch" : "bg-tier-e",
                          segment.partial && !segment.ahead && "opacity-60",
                        )}
                      />
                    </span>
                  );
                })}
              </div>
            ))}
            {twoRules ? (
              <span
                aria-hidden="true"
                data-bar=""
                className={cx(
                  "-translate-x-px absolute bottom-0 border-asof-text border-l-2 border-dashed",
                  compact ? "top-0" : "-top-1",
                )}
                style={{
                  left: drawn.asOf === drawn.today ? `calc(${PERCENT(drawn.asOf)} - 3px)` : PERCENT(drawn.asOf),
                }}
              />
            ) : null}
            <span
              aria-hidden="true"
              data-bar=""
              className={cx("-translate-x-px absolute bottom-0 border-ink border-l-2", compact ? "top-0" : "-top-1")}
              style={{ left: PERCENT(drawn.today) }}
            />
          </div>
        </div>
        <div className={cx("grid", labels)} aria-hidden="true">
          <span />
          <span
            className={cx("relative block h-5 text-ink-3", compact ? "text-tick" : "border-line-2 border-t text-micro")}
          >
            {drawn.ticks.map((tick, i) =>
              compact && drawn.ticks.length > 8 && (drawn.ticks.length - i) % 2 === 0 ? null : (
                <span
                  key={tick.label}
                  className={cx("absolute top-0.5", compact ? "-translate-x-1/2" : "translate-x-1")}
                  style={{ left: PERCENT(tick.x) }}
                >
                  {tick.label}
                </span>
              ),
            )}
          </span>
        </div>
        {current && currentLane && shown ? (
          <div
            aria-hidden="true"
            className="pointer-events-none absolute z-20 w-80 max-w-full rounded-md bg-raised p-2.5 text-cap text-ink shadow-float"
            style={{
              left: `clamp(0px, calc(var(--labels) + ${PERCENT(current.x)} * 0.8 - 80px), max(0px, calc(100% - 320px)))`,
              ...(shown.lane > drawn.lanes.length / 2
                ? { bottom: `calc(${drawn.lanes.length - shown.lane} * ${compact ? 20 : 21}px + 24px)` }
                : { top: `calc(${shown.lane + 1} * ${compact ? 20 : 21}px + ${compact ? 4 : 24}px)` }),
            }}
          >
            <div className="font-semibold">{currentLane.lane.restriction.short_title}</div>
            <div className="text-ink-3">
              {sentences.span(current.from, current.until)}
              {currentLane.lane.touches_us ? null : `, ${t("findings.timeline.others")}`}
            </div>
            {current.bars.map((it) => (
              <div
                key={`${it.from}${it.tier}${it.says}`}
                data-tier={it.tier}
                className="mt-1.5 border-tier-e border-l-3 pl-2"
              >
                <span className="font-medium">{sentences.bar(it)}</span>
                <span className="block text-ink-2">{it.says}</span>
              </div>
            ))}
          </div>
        ) : null}
      </div>
      <table className="sr-only">
        <caption>{t("findings.timeline.table")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("findings.timeline.col.instrument")}</th>
            <th scope="col">{t("findings.timeline.col.days")}</th>
            <th scope="col">{t("findings.timeline.col.answer")}</th>
            <th scope="col">{t("findings.timeline.col.says")}</th>
          </tr>
        </thead>
        <tbody>
          {lanes.flatMap((lane) =>
            lane.bars.map((it) => (
              <tr key={`${lane.restriction.id}${it.from}${it.tier}${it.activities.join()}${it.until}`}>
                <th scope="row">{lane.restriction.short_title}</th>
                <td>{sentences.span(it.from, it.until)}</td>
                <td>{sentences.bar(it)}</td>
                <td>{it.says}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </div>
  );
}
