import { Link } from "@tanstack/react-router";
import { Copy } from "lucide-react";
import { useState } from "react";
import { useIntl } from "react-intl";
import {
  Button,
  Country,
  countryCode,
  Day,
  ErrorNotice,
  formatDay,
  SkeletonLines,
  TierChip,
  toast,
} from "@/components";
import { Timeline } from "@/components/timeline";
import { ToldTable, useTellingWords, useToolWords } from "@/components/told-table";
import { VerdictMatrix } from "@/components/verdict-matrix";
import type { Activity, ToldTitle, VendorDossier } from "@/ipc";
import { copyText } from "@/lib/clipboard";
import { useContext } from "@/lib/context";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { useVendor } from "@/lib/queries";
import { useWord } from "../restrictions/words";
import { Block } from "./block";
import { Footprint, Parties, Statements } from "./dossier-aside";
import { Families, Sources, UsedHere } from "./dossier-tables";
import { scriptLang } from "./names";
import { Goods, Relations } from "./relations";

/** Everything about one vendor on one page. */
export function VendorScreen({ id }: { id: string }) {
  const t = useT();
  const vendor = useVendor(id);
  if (vendor.isError) {
    return (
      <div className="p-6">
        <ErrorNotice error={vendor.error} title={t("vendors.error.one")} onRetry={() => void vendor.refetch()} />
      </div>
    );
  }
  if (!vendor.data) return <SkeletonLines lines={14} className="p-6" />;
  return <Dossier dossier={vendor.data} />;
}

function Dossier({ dossier }: { dossier: VendorDossier }) {
  const t = useT();
  const { locale } = useIntl();
  const context = useContext();
  const [picked, setPicked] = useState<Activity | null>(null);
  const { row } = dossier;
  return (
    <div className="h-full overflow-y-auto overflow-x-hidden print:h-auto print:overflow-visible">
      <article className="px-6 pt-4 pb-6" aria-label={row.name}>
        <Header dossier={dossier} />
        <div className="mt-3 grid grid-cols-1 border-line-2 border-t lg:grid-cols-[minmax(0,1fr)_304px]">
          <div className="min-w-0 lg:pr-6">
            <Block
              title={t("vendors.buy")}
              aside={dossier.purchase_sentence}
              end={context.isAsOf ? t("findings.timeline.as-of", { day: formatDay(context.as_of, locale) }) : null}
            >
              <VerdictMatrix
                rows={dossier.matrix}
                picked={picked}
                onPick={(activity) => setPicked(picked === activity ? null : activity)}
              />
              {picked ? <Reasons dossier={dossier} activity={picked} /> : null}
            </Block>
            {dossier.checked ? (
              <Block title={t("vendors.checked")}>
                <p className="max-w-180 text-ink-2">{dossier.checked}</p>
              </Block>
            ) : null}
            {dossier.timeline.length > 0 ? (
              <Block title={t("findings.section.timeline")} aside={t("vendors.timeline.hint")}>
                <Timeline lanes={dossier.timeline} today={context.today} asOf={context.as_of} />
              </Block>
            ) : null}
            {dossier.families.length > 0 ? (
              <Block
                title={t("vendors.families")}
                aside={
                  dossier.family_columns.length > 0
                    ? t("vendors.families.hint")
                    : t("vendors.families.recognised", { count: row.products })
                }
              >
                <Families columns={dossier.family_columns} families={dossier.families} />
              </Block>
            ) : null}
            <Block
              title={t("vendors.used")}
              aside={
                dossier.used_here.length === 0
                  ? t("vendors.used.none")
                  : t("findings.machines", { count: row.machines })
              }
            >
              {dossier.used_here.length > 0 ? (
                <UsedHere vendor={row.id} rows={dossier.used_here} total={dossier.used_total} />
              ) : null}
            </Block>
            {dossier.told.length > 0 ? (
              <Block title={t("told.title")} aside={t("told.means")}>
                <Told dossier={dossier} />
              </Block>
            ) : null}
            {dossier.sources.length > 0 ? (
              <Block title={t("vendors.sources")}>
                <Sources rows={dossier.sources} />
              </Block>
            ) : null}
          </div>
          <div className="min-w-0 border-line border-t lg:border-t-0 lg:border-l lg:pl-6">
            <Relations dossier={dossier} />
            {dossier.footprint.length > 0 ? <Footprint rows={dossier.footprint} /> : null}
            {dossier.people.length + dossier.entities.length > 0 ? (
              <Parties people={dossier.people} entities={dossier.entities} notListed={dossier.not_listed} />
            ) : null}
            {dossier.statements.length > 0 ? <Statements rows={dossier.statements} /> : null}
            <Goods dossier={dossier} />
          </div>
        </div>
      </article>
    </div>
  );
}

function Header({ dossier }: { dossier: VendorDossier }) {
  const t = useT();
  const word = useWord();
  const { profiles, as_of } = useContext();
  const { row } = dossier;
  const inWords = useTellingWords();
  const tools = useToolWords();
  const toldLine = ({ name, version, told }: ToldTitle) =>
    `- ${[name, version].filter(Boolean).join(" ")}: ${told.map(inWords).join("; ")}`;
  const copy = async () => {
    const ours = dossier.matrix[0];
    const lines = [
      [row.name, ...row.names.map((name) => name.text)].join(" / "),
      `${t("findings.text.asked")}: ${profiles.join(", ") || "research"}, ${as_of}`,
      `${t("vendors.buy")} ${dossier.purchase_sentence}`,
      ...(ours?.activities.map((answer) => `- ${t(`activity.${answer.activity}`)}: ${t(`tier.${answer.tier}`)}`) ?? []),
      ...dossier.not_listed,
      ...(dossier.checked ? [`${t("vendors.checked")}. ${dossier.checked}`] : []),
      ...[...dossier.relations, ...dossier.related].map((relation) => relation.says).filter(Boolean),
      ...(row.told ? [t("told.title"), ...dossier.told.map(({ title }) => toldLine(title))] : []),
      t("vendors.sources"),
      ...dossier.sources.map(
        (source) =>
          `- ${[source.title, source.citations.join("; "), source.published, source.urls[0]].filter(Boolean).join(", ")}`,
      ),
    ];
    if (await copyText(`${lines.join("\n")}\n`)) toast({ title: t("findings.copy.done") });
  };
  return (
    <header>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="font-semibold text-page tracking-page [overflow-wrap:anywhere]">{row.name}</h1>
        {row.names.map((name, i) => (
          <span
            key={name.text}
            lang={scriptLang(name.script)}
            className={i === 0 ? "text-ink-2 text-sec" : "text-cap text-ink-3"}
          >
            {name.text}
          </span>
        ))}
        <span className="ml-auto flex items-center gap-3">
          {row.machines > 0 ? (
            <Link to="/findings" search={{ vendor: row.id } as never} className="lk">
              {t("vendors.in-use", { count: row.machines })}
            </Link>
          ) : row.told ? (
            <Link to="/software" search={{ where: "told", vendor: row.id } as never} className="lk">
              {t("vendors.in-use.told", { tool: tools(row.told) })}
            </Link>
          ) : (
            <span className="text-ink-3">{t("vendors.in-use.not")}</span>
          )}
          <Button onClick={() => void copy()} data-print="hide">
            <Copy size={14} aria-hidden="true" />
            {t("vendors.copy")}
          </Button>
        </span>
      </div>
      <div className="mt-0.5 flex flex-wrap gap-x-4 text-cap text-ink-3">
        {dossier.entities.map((entity) => (
          <span key={entity.id}>
            {entity.name}
            {entity.country ? (
              <>
                {" ("}
                <Country code={entity.country} className="no-underline" />)
              </>
            ) : null}
          </span>
        ))}
      </div>
      <div className="flex flex-wrap gap-x-4 text-cap text-ink-3">
        {dossier.headquarters ? <span>{t("vendors.headquarters", { place: dossier.headquarters })}</span> : null}
        {dossier.website ? <span>{dossier.website}</span> : null}
        {dossier.owners[0] ? (
          <span>
            {word("relation", "owned-by")}{" "}
            {dossier.owners.map((owner, i) => (
              <span key={owner.id}>
                {i > 0 ? ", " : null}
                <Link to="/vendors/$id" params={{ id: owner.id }} className="lk">
                  {owner.name}
                </Link>
              </span>
            ))}
          </span>
        ) : null}
        {dossier.naming > 0 ? (
          <Link to="/restrictions" search={{ vendor: row.id } as never} className="lk">
            {t("vendors.restrictions", { count: dossier.naming })}
          </Link>
        ) : null}
        {dossier.note ? <span className="text-ink-2">{dossier.note}</span> : null}
      </div>
    </header>
  );
}

/** What tools tell of it without saying on which machines, and where the rest of it is listed. */
function Told({ dossier: { row, told } }: { dossier: VendorDossier }) {
  const t = useT();
  const more = (row.told?.titles ?? 0) - told.length;
  return (
    <>
      <ToldTable label={t("told.title")} titles={told} />
      {more > 0 ? (
        <p className="mt-1 text-cap text-ink-3">
          {t("vendors.told.more", { count: more })}{" "}
          <Link to="/software" search={{ where: "told", vendor: row.id } as never} className="lk">
            {t("vendors.told.software")}
          </Link>
        </p>
      ) : null}
    </>
  );
}

/** Why our profiles get this answer, sentence by sentence. */
function Reasons({ dossier, activity }: { dossier: VendorDossier; activity: Activity }) {
  const t = useT();
  const answer = dossier.answers.find((each) => each.activity === activity);
  if (!answer) return null;
  return (
    <div
      role="region"
      aria-live="polite"
      aria-label={t("vendors.reasons", { activity: t(`activity.${activity}`) })}
      className="mt-2 animate-appear rounded-md border border-line-2 px-3 py-2"
    >
      <div className="flex items-center gap-2 text-cap">
        <b className="font-semibold first-letter:uppercase inline-block">{t(`activity.${activity}`)}</b>
        <TierChip tier={answer.tier} bare />
      </div>
      <ul className="mt-1 flex flex-col gap-1.5">
        {answer.reasons.map((reason) => (
          <li
            key={`${reason.restriction.id}${reason.from}${reason.because}`}
            data-tier={reason.tier}
            className="border-l-3 border-l-tier-e pl-3 text-cap text-ink-2"
          >
            {reason.because}
            {reason.not_covered ? ` ${t("findings.block.not-covered")} ${reason.not_covered}` : null}
            <span className="block text-ink-3">
              {countryCode(reason.restriction.jurisdiction)}{" "}
              <Link to="/restrictions/$id" params={{ id: reason.restriction.id }} className="lk">
                {reason.restriction.short_title}
              </Link>
              , {t(`tier.${reason.tier}`).toLocaleLowerCase()} {t("vendors.reasons.from")} <Day iso={reason.from} />
            </span>
          </li>
        ))}
        {answer.reasons.length === 0 ? (
          <li className={cx("text-cap text-ink-3")}>{t("vendors.reasons.none")}</li>
        ) : null}
      </ul>
    </div>
  );
}
