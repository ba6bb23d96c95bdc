import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { InstrumentBlock as Instrument } from "@/ipc";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { ExternalLink } from "./external-link";

/** Sentences that begin alike up to the first colon, said once: `Binds you because ...: ` and what follows. */
export function groupByLead(sentences: readonly string[]): { lead: string | null; rest: string[] }[] {
  const out: { lead: string | null; rest: string[] }[] = [];
  for (const sentence of sentences) {
    const colon = sentence.indexOf(": ");
    const lead = colon > 0 ? sentence.slice(0, colon) : null;
    const rest = lead === null ? sentence : sentence.slice(colon + 2);
    const last = out.at(-1);
    if (last && lead !== null && last.lead === lead) last.rest.push(rest);
    else out.push({ lead, rest: [rest] });
  }
  return out;
}

/** What one instrument says here: for which activities, why it binds, how it is cited and how well supported. */
export function InstrumentBlock({
  block,
  domId,
  name,
}: {
  block: Instrument;
  domId?: string;
  /** The instrument's name, where it is more than a word, such as a link. */
  name?: ReactNode;
}) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const activities = block.activities.map((activity) => t(`activity.${activity}`)).join(", ");
  const extras = [
    block.readings.length > 0 ? t("findings.block.readings", { count: block.readings.length }) : null,
    block.not_covered.length > 0 ? t("findings.block.leaves", { count: block.not_covered.length }) : null,
    block.urls.length > 1 ? t("findings.block.sources", { count: block.urls.length }) : null,
  ].filter((text) => text !== null);
  const url = block.urls[0];
  return (
    <article
      id={domId}
      tabIndex={domId ? -1 : undefined}
      data-tier={block.touches_us ? block.tier : "none"}
      aria-label={block.restriction.short_title}
      className={cx(
        "scroll-mt-3 border-l-3 pl-3 text-cap text-ink-2",
        block.touches_us ? "border-l-tier-e" : "border-l-line-2",
      )}
    >
      {groupByLead(block.because).map(({ lead, rest }, i) => (
        <div key={`${lead}${rest[0]}`} className={i > 0 ? "mt-1" : undefined}>
          <p>
            {i === 0 ? (
              <b className="font-semibold text-ink first-letter:uppercase inline-block">{activities}.</b>
            ) : null}
            {i === 0 ? " " : null}
            {lead !== null ? `${lead}:` : rest[0]}
            {lead !== null && rest.length === 1 ? ` ${rest[0]}` : null}
          </p>
          {lead !== null && rest.length > 1 ? (
            <ul className="mt-0.5 list-disc pl-4 marker:text-ink-3">
              {rest.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          ) : null}
        </div>
      ))}
      <p className="flex min-h-6 flex-wrap items-center gap-x-1.5 text-ink-3">
        {name ?? <span className="text-ink-2">{block.restriction.short_title}</span>}
        {url ? (
          <>
            <span aria-hidden="true">·</span>
            <ExternalLink url={url} className="min-h-6 items-center" />
          </>
        ) : null}
        {block.citations
          .filter((citation) => citation !== block.restriction.short_title)
          .slice(0, open ? undefined : 1)
          .map((citation) => (
            <span key={citation}>
              <span aria-hidden="true">· </span>
              {citation}
            </span>
          ))}
        <span title={block.verification_note ?? undefined}>
          <span aria-hidden="true">· </span>
          {t(`findings.verification.${block.verification}`)}
        </span>
      </p>
      {extras.length > 0 ? (
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="-ml-0.5 flex min-h-6 items-center gap-0.5 rounded-sm text-left text-ink-3 hover:text-ink"
          data-print="hide"
        >
          <ChevronRight size={12} aria-hidden="true" className={cx("transition-transform", open && "rotate-90")} />
          {extras.join(" · ")}
        </button>
      ) : null}
      <div className={cx("flex-col gap-1.5 pb-1 print:flex", open ? "flex" : "hidden")}>
        <p>
          <b className="font-medium text-ink">{block.title}</b>, {block.issuer}
        </p>
        {block.readings.map((reading) => (
          <p key={reading}>
            <b className="font-medium text-ink">{t("findings.block.reading")}</b> {reading}
          </p>
        ))}
        {block.not_covered.map((sentence) => (
          <p key={sentence}>
            <b className="font-medium text-ink">{t("findings.block.not-covered")}</b> {sentence}
          </p>
        ))}
        {block.verification_note ? (
          <p>
            <b className="font-medium text-ink">{t("findings.block.checked")}</b> {block.verification_note}
          </p>
        ) : null}
        {block.urls.length > 1 ? (
          <ul className="flex flex-wrap gap-x-3">
            {block.urls.map((address) => (
              <li key={address} className="max-w-full">
                <ExternalLink url={address} className="min-h-6 items-center" />
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </article>
  );
}
