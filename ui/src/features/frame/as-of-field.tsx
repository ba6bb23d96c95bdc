import { CalendarDays, ChevronDown, ChevronLeft, ChevronRight, History } from "lucide-react";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { useIntl } from "react-intl";
import { Button } from "@/components/button";
import { countryCode } from "@/components/country";
import { Popover } from "@/components/popover";
import type { EffectDate } from "@/ipc";
import { useContext, useSetContext } from "@/lib/context";
import { cx } from "@/lib/cx";
import { formatDay, parseTypedDay } from "@/lib/days";
import { useT } from "@/lib/i18n";
import { nextEffect, previousEffect } from "@/lib/timeline-scale";

function DayPanel({ dates, onDone }: { dates: readonly EffectDate[]; onDone: () => void }) {
  const t = useT();
  const { locale } = useIntl();
  const id = useId();
  const { as_of, today } = useContext();
  const setContext = useSetContext();
  const [typed, setTyped] = useState(as_of);
  const [wrong, setWrong] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const before = previousEffect(dates, as_of);
  const after = nextEffect(dates, as_of);
  // The last effect date up to the chosen day is where one stands in the list.
  const here = dates.reduce<string | null>(
    (last, { date }) => (date <= as_of && (last === null || date > last) ? date : last),
    null,
  );

  useEffect(() => setTyped(as_of), [as_of]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the place in the list changes
  useEffect(() => {
    list.current?.querySelector("[data-here]")?.scrollIntoView({ block: "center" });
  }, [here]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const day = parseTypedDay(typed, today);
    setWrong(day === null);
    if (day === null) return;
    setContext({ as_of: day });
    onDone();
  };

  return (
    <div className="flex w-96 max-w-[calc(100vw-32px)] flex-col">
      <form onSubmit={submit} className="border-line border-b p-3">
        <label htmlFor={id} className="mb-1 block text-cap text-ink-3">
          {t("bar.asof.entry")}
        </label>
        <div className="flex gap-2">
          <input
            id={id}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setWrong(false);
            }}
            spellCheck={false}
            autoComplete="off"
            aria-invalid={wrong}
            aria-describedby={wrong ? `${id}-wrong` : undefined}
            className="h-7 min-w-0 flex-1 rounded-md border border-line-3 bg-surface px-2 font-mono text-cap"
          />
          <Button type="submit" variant="primary">
            {t("bar.asof.apply")}
          </Button>
        </div>
        {wrong ? (
          <p id={`${id}-wrong`} role="alert" data-tier="prohibited" className="mt-1 text-cap text-tier-t">
            {t("bar.asof.invalid")}
          </p>
        ) : null}
        <div className="mt-2 flex flex-wrap gap-2">
          <Button size="sm" disabled={before === null} onClick={() => before && setContext({ as_of: before })}>
            <ChevronLeft size={12} aria-hidden="true" />
            {t("bar.asof.prev")}
          </Button>
          <Button size="sm" disabled={after === null} onClick={() => after && setContext({ as_of: after })}>
            {t("bar.asof.next")}
            <ChevronRight size={12} aria-hidden="true" />
          </Button>
        </div>
      </form>
      <div className="px-4 pt-2 pb-1 font-semibold text-cap text-ink-3">{t("bar.asof.dates")}</div>
      <ul ref={list} aria-label={t("bar.asof.dates")} className="max-h-72 overflow-y-auto px-2 pb-2">
        {dates.map(({ date, events }) => {
          const first = events[0];
          return (
            <li key={date}>
              <button
                type="button"
                data-here={date === here ? "" : undefined}
                aria-current={date === as_of ? "date" : undefined}
                onClick={() => setContext({ as_of: date })}
                className={cx(
                  "grid w-full grid-cols-[84px_minmax(0,1fr)] gap-x-2 rounded-md px-2 py-1 text-left text-cap hover:bg-hover",
                  date === as_of && "bg-accent-tint",
                )}
              >
                <span className={cx("tabular-nums", date > today ? "text-ink-3" : "font-medium text-ink")} title={date}>
                  {formatDay(date, locale)}
                </span>
                {first ? (
                  <span className="min-w-0 text-ink-2">
                    <span className="font-medium text-ink">
                      <span className="text-ink-3">{countryCode(first.restriction.jurisdiction)}</span>{" "}
                      {first.restriction.short_title}
                    </span>
                    {events.length > 1 ? (
                      <span className="text-ink-3"> {t("bar.asof.more", { count: events.length - 1 })}</span>
                    ) : null}
                    <span className="line-clamp-2">{first.says}</span>
                  </span>
                ) : null}
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** The day asked about: today, or another one to look at. */
export function AsOfField({ dates }: { dates: readonly EffectDate[] }) {
  const t = useT();
  const { locale } = useIntl();
  const { as_of, isAsOf } = useContext();
  const [open, setOpen] = useState(false);
  const day = formatDay(as_of, locale);
  const Icon = isAsOf ? History : CalendarDays;
  return (
    <div className="flex flex-none items-center gap-2">
      <span className="text-cap text-ink-3 asof:text-asof-ink-2 max-xl:hidden">{t("bar.asof")}</span>
      <Popover
        label={t("bar.asof.title")}
        open={open}
        onOpenChange={setOpen}
        trigger={
          <button
            type="button"
            aria-label={t("bar.asof.label", { day })}
            title={as_of}
            className="inline-flex h-7 items-center gap-2 whitespace-nowrap rounded-md border border-line-2 bg-surface px-2 font-medium tabular-nums asof:border-asof-line asof:bg-asof-2 asof:text-asof-ink"
          >
            <Icon size={14} aria-hidden="true" className="text-ink-3 asof:text-asof-ink-2" />
            {day}
            {isAsOf ? null : (
              <span className="font-normal text-cap text-ink-3 max-md:hidden">{t("bar.asof.today")}</span>
            )}
            <ChevronDown size={12} strokeWidth={2.1} aria-hidden="true" className="text-ink-3 asof:text-asof-ink-2" />
          </button>
        }
      >
        <DayPanel dates={dates} onDone={() => setOpen(false)} />
      </Popover>
    </div>
  );
}
