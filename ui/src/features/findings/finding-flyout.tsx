import { Link } from "@tanstack/react-router";
import { Braces, Copy, X } from "lucide-react";
import { useId, useMemo, useState } from "react";
import { useIntl } from "react-intl";
import { Button, Day, formatDay, Instant, PresenceMark, TierChip, Tooltip, toast } from "@/components";
import { ActivityGrid } from "@/components/activity-grid";
import { InstrumentBlock } from "@/components/instrument-block";
import { RowFlyout } from "@/components/row-flyout";
import { Section } from "@/components/section";
import { Timeline } from "@/components/timeline";
import type { Activity, FindingDetail, RestrictionRef, TimelineLane } from "@/ipc";
import { useContext } from "@/lib/context";
import { type MessageId, T, useT } from "@/lib/i18n";
import { useFinding } from "@/lib/queries";
import { confidenceWord, Machines, Matches } from "./evidence";
import { findingText } from "./finding-text";

/** One finding beside the table. */
export function FindingFlyout({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useT();
  const finding = useFinding(id);
  return (
    <RowFlyout
      id={id}
      query={finding}
      errorTitle={t("findings.flyout.error")}
      onClose={onClose}
      header={(titleId) => <Header id={titleId} detail={finding.data} onClose={onClose} />}
    >
      {(detail) => <Body detail={detail} />}
    </RowFlyout>
  );
}

function Header({ id, detail, onClose }: { id: string; detail: FindingDetail | undefined; onClose: () => void }) {
  const t = useT();
  const { profiles, as_of } = useContext();
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text);
    toast({ title: t("findings.copy.done") });
  };
  const words = {
    tier: (tier: string) => t(`tier.${tier}` as MessageId),
    presence: (presence: string) => t(`presence.${presence}` as MessageId),
    activity: (activity: string) => t(`activity.${activity}` as MessageId),
    verification: (verification: string) => t(`findings.verification.${verification}` as MessageId),
    headings: {
      asked: t("findings.text.asked"),
      means: t("findings.section.means"),
      why: t("findings.text.why"),
      where: t("findings.section.where"),
      next: t("findings.section.next"),
      ifYes: t("findings.question.if-yes"),
    },
    more: (count: number) => t("findings.text.more", { count }),
  };
  const row = detail?.row;
  return (
    <>
      <div className="flex items-start gap-2">
        <h2 id={id} className="min-w-0 flex-1 pt-0.75 font-semibold text-sec tracking-sec [overflow-wrap:anywhere]">
          {row ? row.title : t("common.loading")}
          {row?.versions[0] ? (
            <span className="ml-2 font-normal text-body text-ink-3 tracking-normal">{row.versions[0]}</span>
          ) : null}
        </h2>
        {detail ? (
          <>
            <Tooltip text={t("findings.copy.text")}>
              <Button
                variant="ghost"
                icon
                data-print="hide"
                aria-label={t("findings.copy.text")}
                onClick={() => void copy(findingText(detail, { profiles, as_of }, words))}
              >
                <Copy size={14} aria-hidden="true" />
              </Button>
            </Tooltip>
            <Tooltip text={t("findings.copy.json")}>
              <Button
                variant="ghost"
                icon
                data-print="hide"
                aria-label={t("findings.copy.json")}
                onClick={() => void copy(JSON.stringify({ asked: { profiles, as_of }, ...detail }, null, 2))}
              >
                <Braces size={14} aria-hidden="true" />
              </Button>
            </Tooltip>
          </>
        ) : null}
        <Button variant="ghost" icon data-print="hide" aria-label={t("common.close")} onClick={onClose}>
          <X size={16} aria-hidden="true" />
        </Button>
      </div>
      {row ? (
        <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-cap">
          <TierChip tier={row.tier} />
          <PresenceMark presence={row.presence} />
          <Link to="/vendors/$id" params={{ id: row.vendor }} className="lk">
            {row.vendor_name}
          </Link>
          <span className="text-ink-3">{t("findings.machines", { count: row.machines })}</span>
        </div>
      ) : null}
      <p role="status" className="sr-only">
        {row ? `${row.title}: ${t(`tier.${row.tier}`)}` : ""}
      </p>
    </>
  );
}

function Body({ detail }: { detail: FindingDetail }) {
  const t = useT();
  const { locale } = useIntl();
  const context = useContext();
  const blockId = useId();
  const { row } = detail;
  const ours = detail.instruments.filter((block) => block.touches_us);
  const others = detail.instruments.filter((block) => !block.touches_us);

  const pick = (activity: Activity) => {
    const tier = detail.answers.find((answer) => answer.activity === activity)?.tier;
    const reason = detail.answers
      .find((answer) => answer.activity === activity)
      ?.reasons.find((line) => line.tier === tier);
    const block =
      ours.find((each) => each.restriction.id === reason?.restriction.id) ??
      ours.find((each) => each.activities.includes(activity));
    if (!block) return;
    const element = document.getElementById(`${blockId}${block.restriction.id}`);
    element?.scrollIntoView({ block: "nearest" });
    element?.focus({ preventScroll: true });
  };

  return (
    <>
      {context.isAsOf && row.tier_today !== row.tier ? (
        <p className="mt-3 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-md bg-asof-tint px-3 py-2 text-asof-text text-cap">
          {t("findings.flyout.as-of", { day: formatDay(context.as_of, locale) })}{" "}
          <TierChip tier={row.tier_today} size="sm" />
        </p>
      ) : null}
      {detail.question ? (
        <div
          data-tier="restricted"
          className="mt-3 rounded-md border border-line-2 border-l-3 border-l-tier-e py-2 pr-2 pl-3 text-cap text-ink-2"
        >
          <b className="font-semibold text-ink">{detail.question.question}</b>{" "}
          {t("findings.question.unknown", { count: row.machines })} {t("findings.question.if-yes")}{" "}
          {detail.question.if_yes}
        </div>
      ) : null}
      {row.made_for ? (
        <p className="mt-3 text-cap text-ink-2">
          <T
            id="findings.made-for"
            vendor={row.vendor_name}
            other={row.made_for.name}
            a={(chunks) => (
              <Link to="/vendors/$id" params={{ id: row.made_for?.id ?? "" }} className="lk">
                {chunks}
              </Link>
            )}
          />
        </p>
      ) : null}
      {detail.note ? <p className="mt-3 text-cap text-ink-2">{detail.note}</p> : null}
      <Section name="means" title={t("findings.section.means")}>
        <ActivityGrid
          answers={detail.answers}
          onPick={pick}
          {...(context.isAsOf ? { today: row.activities_today } : {})}
        />
        {ours.length === 0 ? (
          <p className="mt-2 text-cap text-ink-2">
            {t(row.tier === "undetermined" ? "findings.means.undetermined" : "findings.means.none")}
          </p>
        ) : (
          <div className="mt-2 flex flex-col gap-2.5">
            {ours.map((block) => (
              <InstrumentBlock
                key={block.restriction.id}
                block={block}
                domId={`${blockId}${block.restriction.id}`}
                name={<RestrictionName restriction={block.restriction} />}
              />
            ))}
          </div>
        )}
      </Section>
      {others.length > 0 ? (
        <Section name="others" title={t("findings.section.others")} aside={String(others.length)} usuallyClosed>
          <div className="flex flex-col gap-2.5">
            {others.map((block) => (
              <InstrumentBlock
                key={block.restriction.id}
                block={block}
                name={<RestrictionName restriction={block.restriction} />}
              />
            ))}
          </div>
        </Section>
      ) : null}
      {detail.timeline.length > 0 ? (
        <Section name="timeline" title={t("findings.section.timeline")}>
          <OwnTimeline lanes={detail.timeline} today={context.today} asOf={context.as_of} />
        </Section>
      ) : null}
      <Section name="where" title={t("findings.section.where")} aside={t("findings.machines", { count: row.machines })}>
        <Machines key={row.id} id={row.id} first={detail.machines} total={row.machines} presence={row.presence} />
      </Section>
      <Section
        name="how"
        title={t("findings.section.how")}
        aside={t("findings.how.sure", {
          word: t(`findings.how.${confidenceWord(detail.confidence)}`),
          percent: Math.round(detail.confidence * 100),
          count: detail.traces,
        })}
      >
        <Matches key={row.id} machines={detail.machines} />
      </Section>
      {detail.next_steps.length > 0 ? (
        <Section name="next" title={t("findings.section.next")}>
          <ol className="flex flex-col gap-1.5 text-cap text-ink-2">
            {detail.next_steps.map((step, i) => (
              <li key={step} className="flex items-start gap-2">
                <span aria-hidden="true" className="size-4 flex-none rounded-pill text-center text-micro hairline">
                  {i + 1}
                </span>
                <span>{step}</span>
              </li>
            ))}
          </ol>
        </Section>
      ) : null}
      <Section name="history" title={t("findings.section.history")}>
        <dl className="grid grid-cols-[92px_1fr] gap-x-3 gap-y-1 text-cap">
          <dt className="text-ink-3">{t("findings.history.first")}</dt>
          <dd>
            <Day iso={row.first_seen} />{" "}
            <span className="text-ink-3">
              (<Instant iso={row.first_seen} />)
            </span>
          </dd>
          <dt className="text-ink-3">{t("findings.history.last")}</dt>
          <dd>
            <Day iso={row.last_seen} />{" "}
            <span className="text-ink-3">
              (<Instant iso={row.last_seen} />)
            </span>
          </dd>
        </dl>
      </Section>
    </>
  );
}

/** An instrument's name, leading to all that is known of it. */
function RestrictionName({ restriction }: { restriction: RestrictionRef }) {
  return (
    <Link
      to="/restrictions/$id"
      params={{ id: restriction.id }}
      className="lk inline-flex min-h-6 items-center font-medium"
    >
      {restriction.short_title}
    </Link>
  );
}

/** The lanes that touch us; the others on demand. */
function OwnTimeline({ lanes, today, asOf }: { lanes: readonly TimelineLane[]; today: string; asOf: string }) {
  const t = useT();
  const [all, setAll] = useState(false);
  const ours = useMemo(() => lanes.filter((lane) => lane.touches_us), [lanes]);
  const rest = lanes.length - ours.length;
  return (
    <>
      <Timeline compact lanes={all || ours.length === 0 ? lanes : ours} today={today} asOf={asOf} />
      {rest > 0 && ours.length > 0 ? (
        <button
          type="button"
          aria-expanded={all}
          onClick={() => setAll(!all)}
          data-print="hide"
          className="lk min-h-6 text-cap"
        >
          {all ? t("findings.timeline.ours") : t("findings.timeline.all", { count: rest })}
        </button>
      ) : null}
    </>
  );
}
