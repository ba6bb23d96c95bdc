import { X } from "lucide-react";
import { useId } from "react";
import { useIntl } from "react-intl";
import { Button, countryCode, ErrorNotice, formatDay, Kbd, SkeletonLines, TierChip } from "@/components";
import { Flyout } from "@/components/flyout";
import { Section } from "@/components/section";
import type { CatalogueChanges, ChangeLine, Tier } from "@/ipc";
import { cx } from "@/lib/cx";
import { useNumber, useT } from "@/lib/i18n";
import { RestrictionLink } from "./restriction-body";
import { useWord } from "./words";

/** Headings of which nothing is shown until asked for: they hold much and judge nobody by themselves. */
const QUIET = new Set(["vendors", "products", "fingerprints", "issuers", "approvals", "profiles"]);
/** Of more entries than these only the first. */
const MOST = 40;

/** What another catalogue changes for us, in words, beside the table. */
export function ChangesFlyout({
  changes,
  error,
  onRetry,
  onClose,
}: {
  changes: CatalogueChanges | undefined;
  error: unknown;
  onRetry: () => void;
  onClose: () => void;
}) {
  const t = useT();
  const titleId = useId();
  return (
    <Flyout
      labelledBy={titleId}
      onClose={onClose}
      header={
        <>
          <div className="flex items-start gap-2">
            <h2 id={titleId} className="min-w-0 flex-1 pt-0.75 font-semibold text-sec tracking-sec">
              {t("restrictions.changes.title")}
            </h2>
            <Button variant="ghost" icon data-print="hide" aria-label={t("common.close")} onClick={onClose}>
              <X size={16} aria-hidden="true" />
            </Button>
          </div>
          {changes ? <Versions changes={changes} /> : null}
        </>
      }
      footer={
        <span className="ml-auto">
          <Kbd>Esc</Kbd> {t("findings.flyout.esc")}
        </span>
      }
    >
      <div className="pb-4">
        {error ? (
          <ErrorNotice className="mt-4" error={error} title={t("restrictions.changes.error")} onRetry={onRetry} />
        ) : changes ? (
          <Body changes={changes} />
        ) : (
          <SkeletonLines lines={7} className="pt-4" />
        )}
      </div>
    </Flyout>
  );
}

function Versions({ changes }: { changes: CatalogueChanges }) {
  const t = useT();
  const { locale } = useIntl();
  const name = (version: string, date: string) =>
    t("restrictions.changes.version", { version, day: formatDay(date, locale) });
  return (
    <div className="mt-1 text-cap">
      <p className="text-ink-2">
        {t("restrictions.changes.versions", {
          ours: name(changes.ours, changes.ours_date),
          other: name(changes.other, changes.other_date),
        })}
      </p>
      <p className="truncate font-mono text-code text-ink-3" title={changes.path}>
        {changes.path}
      </p>
    </div>
  );
}

function Body({ changes }: { changes: CatalogueChanges }) {
  const t = useT();
  const word = useWord();
  const number = useNumber();
  const total = changes.groups.reduce((sum, group) => sum + group.changes.length, 0);
  if (total === 0) return <p className="mt-4 text-ink-2">{t("restrictions.changes.same")}</p>;
  return (
    <>
      <p className="mt-3 text-ink">
        {t("restrictions.changes.summary", { total, affecting: changes.affecting })}{" "}
        <span className="text-ink-2">
          {t("restrictions.changes.inventory", {
            changed: changes.changed_machines.length,
            machines: changes.machines,
          })}
        </span>
      </p>
      <Section
        name="changes-here"
        title={t("restrictions.changes.here")}
        aside={String(changes.changed_products.length)}
      >
        {changes.changed_products.length === 0 ? (
          <p className="text-cap text-ink-2">{t("restrictions.changes.here.none")}</p>
        ) : (
          <ul>
            {changes.changed_products.slice(0, MOST).map((product) => (
              <li
                key={product.id}
                className="flex min-h-7 items-center gap-3 border-line border-t text-cap first:border-t-0"
              >
                <span className="min-w-0 flex-1 truncate text-ink" title={product.title}>
                  {product.title}
                </span>
                <span className="flex-none text-ink-3">{t("findings.machines", { count: product.machines })}</span>
                <Shift was={product.was} is={product.is} />
              </li>
            ))}
          </ul>
        )}
      </Section>
      {changes.groups.map((group) => (
        <Section
          key={group.word}
          name={`changes-${group.word}`}
          title={word("change", group.word)}
          aside={number(group.changes.length)}
          usuallyClosed={QUIET.has(group.word)}
        >
          <ul className="flex flex-col gap-2.5">
            {group.changes.slice(0, MOST).map((change) => (
              <Line key={`${change.id}${change.says}`} change={change} />
            ))}
          </ul>
          {group.changes.length > MOST ? (
            <p className="mt-2 text-cap text-ink-3">
              {t("restrictions.changes.more", { count: group.changes.length - MOST })}
            </p>
          ) : null}
        </Section>
      ))}
    </>
  );
}

/** From one tier to another; what a catalogue does not know has none. */
function Shift({ was, is }: { was: Tier | null; is: Tier | null }) {
  const t = useT();
  const chip = (tier: Tier | null) =>
    tier === null ? (
      <span className="text-ink-3">{t("restrictions.changes.unknown")}</span>
    ) : (
      <TierChip tier={tier} bare />
    );
  return (
    <span className="flex flex-none items-center gap-1.5">
      {chip(was)}
      <span className="text-ink-3">{t("restrictions.changes.to")}</span>
      {chip(is)}
    </span>
  );
}

function Line({ change }: { change: ChangeLine }) {
  const t = useT();
  const touches = change.because.length > 0;
  return (
    <li className={cx("border-l-3 pl-3 text-cap text-ink-2", touches ? "border-l-ink" : "border-l-line-2")}>
      <p>
        {change.jurisdiction ? (
          <span className="mr-1.5 text-ink-3 text-micro">{countryCode(change.jurisdiction)}</span>
        ) : null}
        {change.restriction ? (
          <RestrictionLink id={change.id}>{change.title}</RestrictionLink>
        ) : (
          <b className="font-medium text-ink">{change.title}</b>
        )}
      </p>
      <p className="text-ink">{change.says}</p>
      {change.because.map((says) => (
        <p key={says} className="mt-0.5">
          {says}
        </p>
      ))}
      {change.explanation ? <p className="mt-0.5">{change.explanation}</p> : null}
      <p className="mt-0.5 text-ink-3">
        {t(touches ? "restrictions.changes.affects" : "restrictions.changes.not", { machines: change.machines ?? 0 })}
      </p>
    </li>
  );
}
