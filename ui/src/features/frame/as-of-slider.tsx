import { useRef, useState } from "react";
import { useIntl } from "react-intl";
import type { EffectDate } from "@/ipc";
import { useContext, useSetContext } from "@/lib/context";
import { formatDay } from "@/lib/days";
import { useWidth } from "@/lib/hooks";
import { useT } from "@/lib/i18n";
import { dayForKey, positionOf, sliderSpan, snap } from "@/lib/timeline-scale";

const PAD = 8;

/** The day asked about, on a line whose ticks are the catalogue's effect dates. */
export function AsOfSlider({ dates }: { dates: readonly EffectDate[] }) {
  const t = useT();
  const { locale } = useIntl();
  const { as_of, today, isAsOf } = useContext();
  const setContext = useSetContext();
  const [ref, width] = useWidth<HTMLDivElement>(240);
  const [dragged, setDragged] = useState<string | null>(null);
  const frame = useRef(0);
  const day = dragged ?? as_of;
  const span = sliderSpan(today, as_of);
  const inner = Math.max(1, width - 2 * PAD);
  const x = (iso: string) => PAD + positionOf(iso, span) * inner;

  const dayUnder = (clientX: number) => {
    const left = ref.current?.getBoundingClientRect().left ?? 0;
    return snap((clientX - left - PAD) / inner, span, dates, today, 4 / inner);
  };
  // The thumb follows the pointer at once, the numbers once per frame.
  const drag = (next: string) => {
    setDragged(next);
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => setContext({ as_of: next }));
  };

  const shown = formatDay(day, locale);
  return (
    <div
      ref={ref}
      role="slider"
      tabIndex={0}
      aria-label={t("bar.asof.slider")}
      aria-valuemin={Number(span.from.replaceAll("-", ""))}
      aria-valuemax={Number(span.to.replaceAll("-", ""))}
      aria-valuenow={Number(day.replaceAll("-", ""))}
      aria-valuetext={day === today ? t("bar.asof.sliderToday", { day: shown }) : shown}
      aria-description={t("bar.asof.sliderHelp")}
      className="relative h-7 min-w-30 max-w-70 flex-[0_1_280px] touch-none rounded-sm"
      onKeyDown={(event) => {
        const next = dayForKey(event.key, event.shiftKey, day, dates, span);
        if (next === null) return;
        event.preventDefault();
        setContext({ as_of: next });
      }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag(dayUnder(event.clientX));
      }}
      onPointerMove={(event) => {
        if (dragged !== null) drag(dayUnder(event.clientX));
      }}
      onPointerUp={() => {
        if (dragged === null) return;
        cancelAnimationFrame(frame.current);
        setContext({ as_of: dragged });
        setDragged(null);
      }}
      onPointerCancel={() => setDragged(null)}
    >
      <svg width="100%" height="28" className="block overflow-visible" aria-hidden="true">
        <rect x={PAD} y="17" width={inner} height="2" rx="1" className="fill-line-2 asof:fill-asof-line" />
        {dates
          .filter(({ date }) => date >= span.from && date <= span.to)
          .map(({ date }) => (
            <rect
              key={date}
              x={x(date) - 0.5}
              y="9"
              width="1"
              height="6"
              className="fill-line-3 asof:fill-asof-ink-2"
            />
          ))}
        {isAsOf ? <rect x={x(today) - 1} y="7" width="2" height="16" rx="1" className="fill-asof-ink" /> : null}
        <circle
          cx={x(day)}
          cy="18"
          r="6"
          strokeWidth="2"
          className="fill-accent stroke-canvas asof:fill-asof-ink asof:stroke-asof"
        />
      </svg>
    </div>
  );
}
