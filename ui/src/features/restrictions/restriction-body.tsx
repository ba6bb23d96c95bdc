import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { useIntl } from "react-intl";
import { buttonClass, Day, ExternalLink, formatDay, PresenceMark, TierChip } from "@/components";
import { Section } from "@/components/section";
import { Timeline } from "@/components/timeline";
import type { RestrictionDetail, TimelineLane } from "@/ipc";
import { useContext } from "@/lib/context";
import { useT } from "@/lib/i18n";
import { Effects } from "./effects";
import { PreciseDay } from "./precise-day";
import { StandingWord } from "./restrictions-columns";
import { Scope } from "./scope";
import { useCapacity, useWord } from "./words";

/** Everything about one restriction, in the order a reader asks: can I rely on it, what does it do, to whom, about what,
    what is left alone, is it here, where does it stand. */
export function RestrictionBody({ detail }: { detail: RestrictionDetail }) {
  const t = useT();
  const { locale } = useIntl();
  const context = useContext();
  const { row } = detail;
  const differs = row.tier_today !== row.tier || row.standing_today !== row.standing;
  return (
    <>
      {row.verification === "unverified" ? (
        <Notice>
          <b className="font-semibold text-ink">{t("restrictions.unverified")}</b>{" "}
          {detail.verification_note ?? t("restrictions.unverified.hint")}
        </Notice>
      ) : null}
      {detail.superseded_by ? (
        <Notice>
          {t("restrictions.superseded-by")}{" "}
          <RestrictionLink id={detail.superseded_by.id}>{detail.superseded_by.short_title}</RestrictionLink>
        </Notice>
      ) : null}
      {context.isAsOf && differs ? (
        <p className="mt-3 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-md bg-asof-tint px-3 py-2 text-asof-text text-cap">
          {t("restrictions.as-of.one", { day: formatDay(context.as_of, locale) })}{" "}
          <TierChip tier={row.tier_today} size="sm" />
          <StandingWord standing={row.standing_today} />
        </p>
      ) : null}
      {detail.text.split(/\n\s*\n/u).map((paragraph) => (
        <p key={paragraph} className="mt-3 text-ink-2">
          {paragraph}
        </p>
      ))}
      <Section
        name="restriction-effects"
        title={t("restrictions.section.effects")}
        aside={String(detail.effects.length)}
      >
        {detail.effects.length > 0 ? (
          <Effects detail={detail} />
        ) : (
          <p className="text-cap text-ink-2">{t("restrictions.effects.none")}</p>
        )}
      </Section>
      {detail.effects.length > 0 ? (
        <Section name="restriction-timeline" title={t("findings.section.timeline")}>
          <EffectTimeline detail={detail} />
        </Section>
      ) : null}
      <Section name="restriction-scope" title={t("restrictions.section.scope")}>
        <Scope detail={detail} />
      </Section>
      <LeftAlone detail={detail} />
      <Section
        name="restriction-found"
        title={t("restrictions.section.found")}
        aside={row.machines > 0 ? t("findings.machines", { count: row.machines }) : undefined}
      >
        <Found detail={detail} />
      </Section>
      <Section
        name="restriction-sources"
        title={t("restrictions.section.sources")}
        aside={String(detail.sources.length)}
      >
        <Sources detail={detail} />
      </Section>
      <Section name="restriction-standing" title={t("restrictions.section.standing")}>
        <Standings detail={detail} />
      </Section>
    </>
  );
}

function Notice({ children }: { children: ReactNode }) {
  return (
    <p
      data-tier="watch"
      className="mt-3 flex gap-2 rounded-md border border-line-2 border-l-3 border-l-tier-e px-3 py-2 text-cap text-ink-2"
    >
      <TriangleAlert size={14} aria-hidden="true" className="mt-px text-tier-t" />
      <span>{children}</span>
    </p>
  );
}

/** Leads to another restriction and keeps the filters of the table. */
export function RestrictionLink({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Link to="/restrictions/$id" params={{ id }} search={((old: object) => old) as never} className="lk">
      {children}
    </Link>
  );
}

/** One lane per effect, named by its activities. */
function EffectTimeline({ detail }: { detail: RestrictionDetail }) {
  const t = useT();
  const { today, as_of } = useContext();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the locale alone
  const lanes: TimelineLane[] = useMemo(
    () =>
      detail.effects.map((effect, i) => ({
        restriction: {
          id: String(i),
          short_title: effect.activities.map((activity) => t(`activity.${activity}`)).join(", "),
          jurisdiction: detail.row.jurisdiction,
        },
        touches_us: effect.touches_us,
        bars: effect.bars,
      })),
    [detail],
  );
  return <Timeline compact lanes={lanes} today={today} asOf={as_of} />;
}

function LeftAlone({ detail }: { detail: RestrictionDetail }) {
  const t = useT();
  const word = useWord();
  const capacity = useCapacity();
  const { scope, not_bound, not_covered } = detail;
  const classes = scope.except_classes.map((each) => word("class", each));
  const count = not_bound.length + not_covered.length + (classes.length > 0 ? 1 : 0);
  return (
    <Section
      name="restriction-left"
      title={t("restrictions.section.left")}
      aside={count > 0 ? String(count) : undefined}
    >
      <ul className="flex flex-col gap-2 text-cap text-ink-2">
        {not_bound.map((entry) => (
          <li key={`${entry.activity}${entry.says}`}>
            <b className="inline-block font-medium text-ink first-letter:uppercase">
              {t(`activity.${entry.activity}`)}.
            </b>{" "}
            {entry.says}
            <span className="block text-ink-3">
              {t("restrictions.not-bound", { whom: entry.who.map(capacity).join(", ") })}
            </span>
          </li>
        ))}
        {classes.length > 0 ? (
          <li>
            <b className="font-medium text-ink">{t("restrictions.carved-out")}</b> {classes.join(", ")}
          </li>
        ) : null}
        {not_covered.map((entry) => (
          <li key={entry.says}>
            {entry.says}
            {entry.verification ? (
              <span className="block text-ink-3">{t(`findings.verification.${entry.verification}`)}</span>
            ) : null}
          </li>
        ))}
        <li>
          <b className="font-medium text-ink">{t("restrictions.embedded")}</b>{" "}
          {word("embedded", scope.embedded ?? "silent")} {scope.embedded_note}
        </li>
      </ul>
    </Section>
  );
}

const FIRST_FOUND = 8;

function Found({ detail }: { detail: RestrictionDetail }) {
  const t = useT();
  const { found, row } = detail;
  if (found.length === 0) return <p className="text-cap text-ink-2">{t("restrictions.found.none")}</p>;
  return (
    <>
      <table aria-label={t("restrictions.section.found")} className="w-full table-fixed border-spacing-0 text-cap">
        <thead className="sr-only">
          <tr>
            <th scope="col">{t("findings.col.product")}</th>
            <th scope="col">{t("findings.col.presence")}</th>
            <th scope="col">{t("findings.col.tier")}</th>
            <th scope="col">{t("findings.col.machines")}</th>
          </tr>
        </thead>
        <tbody>
          {found.slice(0, FIRST_FOUND).map((each) => (
            <tr key={each.finding} className="h-7">
              <td className="truncate pr-3">
                <Link to="/findings/$id" params={{ id: each.finding }} className="lk" title={each.title}>
                  {each.title}
                </Link>
              </td>
              <td className="w-20">
                <PresenceMark presence={each.presence} />
              </td>
              <td className="w-28">
                <TierChip tier={each.tier} bare />
              </td>
              <td className="w-20 text-right text-ink-3 tabular-nums">
                {t("findings.machines", { count: each.machines })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Link
        to="/findings"
        search={{ restriction: row.id } as never}
        className={`${buttonClass({ size: "sm" })} mt-2`}
        data-print="hide"
      >
        {t("restrictions.found.all", { count: found.length })}
      </Link>
    </>
  );
}

function Sources({ detail }: { detail: RestrictionDetail }) {
  const t = useT();
  const word = useWord();
  const { row } = detail;
  return (
    <div className="flex flex-col gap-2 text-cap text-ink-2">
      <p>
        <b className="font-medium text-ink">{t(`findings.verification.${row.verification}`)}</b>
        {detail.verification_note && row.verification !== "unverified" ? (
          <span className="block">{detail.verification_note}</span>
        ) : null}
      </p>
      {detail.sources.length === 0 ? <p>{t("restrictions.sources.none")}</p> : null}
      <ul>
        {detail.sources.map((source) => (
          <li key={`${source.url}${source.supports.join()}`} className="border-line border-t py-1.5 first:border-t-0">
            <span className="flex items-baseline gap-2">
              <span className="min-w-0 flex-1">
                <ExternalLink url={source.url} />
              </span>
              <span className="flex-none text-ink-3">
                {t("restrictions.source.checked")} <Day iso={source.checked} />
              </span>
            </span>
            <span className="block text-ink-3">
              {t("restrictions.source.kind", {
                kind: word("source", source.kind),
                parts: source.supports.map((part) => word("supports", part)).join(", "),
              })}
            </span>
            {source.note ? <span className="block">{source.note}</span> : null}
          </li>
        ))}
      </ul>
      <dl className="grid grid-cols-[92px_1fr] gap-x-3 gap-y-1 border-line border-t pt-2">
        <Pair term={t("restrictions.citations")}>{detail.citations.join("; ")}</Pair>
        <Pair term={t("restrictions.authority")}>{detail.authority.join("; ")}</Pair>
        <Pair term={t("restrictions.grounds")}>
          {detail.grounds.map((ground) => word("ground", ground)).join(", ")}
        </Pair>
        <Pair term={t("restrictions.id")}>
          <code className="font-mono text-code [overflow-wrap:anywhere]">{row.id}</code>
        </Pair>
      </dl>
    </div>
  );
}

function Pair({ term, children }: { term: string; children: ReactNode }) {
  if (children === "") return null;
  return (
    <>
      <dt className="text-ink-3">{term}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Standings({ detail }: { detail: RestrictionDetail }) {
  const t = useT();
  const word = useWord();
  const { locale } = useIntl();
  const { row } = detail;
  return (
    <>
      <dl className="grid grid-cols-[112px_1fr] gap-x-3 gap-y-1 text-cap text-ink-2">
        <Pair term={t("restrictions.announced")}>
          <PreciseDay iso={row.announced} precision={row.announced_precision} />
          {detail.announced_note ? <span className="block text-ink-3">{detail.announced_note}</span> : null}
        </Pair>
        {detail.published ? (
          <Pair term={t("restrictions.published")}>
            <Day iso={detail.published} />
          </Pair>
        ) : null}
        {detail.standings.map((standing) => (
          <Pair key={`${standing.from}${standing.is}`} term={word("standing", standing.is)}>
            {t("restrictions.since", { day: formatDay(standing.from, locale) })}
            {standing.note ? <span className="block text-ink-3">{standing.note}</span> : null}
          </Pair>
        ))}
      </dl>
      {detail.supersedes.length > 0 ? (
        <p className="mt-1.5 text-cap text-ink-2">
          {t("restrictions.supersedes")}{" "}
          {detail.supersedes.map((other, i) => (
            <span key={other.id}>
              {i > 0 ? ", " : null}
              <RestrictionLink id={other.id}>{other.short_title}</RestrictionLink>
            </span>
          ))}
        </p>
      ) : null}
    </>
  );
}
