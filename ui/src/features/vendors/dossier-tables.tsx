import { Link } from "@tanstack/react-router";
import { Check, ChevronRight, CircleSlash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button, countryCode, Day, ExternalLink, PresenceMark, TierChip } from "@/components";
import type { Coverage, FamilyRow, RestrictionRef, SourceRow, UsedHere as Used } from "@/ipc";
import { cx } from "@/lib/cx";
import { type MessageId, useT } from "@/lib/i18n";

const STANDINGS = new Set([
  "in-force",
  "superseded",
  "ended",
  "proposed",
  "reported",
  "contested",
  "suspended",
  "unconfirmed",
  "announced",
  "not-listed",
]);

function Plain({ children, label, className }: { children: ReactNode; label: string; className?: string }) {
  return (
    <div className="overflow-x-auto">
      <table
        aria-label={label}
        className={cx("w-full min-w-130 table-fixed border-separate border-spacing-0 text-cap", className)}
      >
        {children}
      </table>
    </div>
  );
}

function Head({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <th
      scope="col"
      className={cx("h-7 truncate border-line-2 border-b pr-3 text-left font-medium text-ink-3", className)}
    >
      {children}
    </th>
  );
}

const CELL = "h-7 truncate border-line border-b pr-3 text-ink-2";

/** What an instrument says about a family. */
function CoverageCell({ coverage }: { coverage: Coverage | undefined }) {
  const t = useT();
  switch (coverage?.answer) {
    case "covered":
      return (
        <span title={coverage.says} className="inline-flex items-center gap-1">
          <Check size={12} strokeWidth={2.1} aria-hidden="true" />
          {t("vendors.coverage.covered")}
        </span>
      );
    case "carved-out":
      return (
        <span title={coverage.says} data-tier="none" className="inline-flex items-center gap-1 font-medium text-tier-t">
          <CircleSlash2 size={12} strokeWidth={2.1} aria-hidden="true" />
          {t("vendors.coverage.carved-out")}
        </span>
      );
    case "not-addressed":
      return (
        <span title={coverage.says} className="text-ink-3">
          {t("vendors.coverage.not-addressed")}
        </span>
      );
    default:
      return (
        <span title={coverage?.says} className="text-ink-3">
          {t("vendors.coverage.unclear")}
        </span>
      );
  }
}

export function Families({
  columns,
  families,
}: {
  columns: readonly RestrictionRef[];
  families: readonly FamilyRow[];
}) {
  const t = useT();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  return (
    <Plain label={t("vendors.families")}>
      <thead>
        <tr>
          <Head className="w-[28%]">{t("vendors.families.family")}</Head>
          {columns.map((column) => (
            <Head key={column.id}>
              <span title={column.short_title}>{column.short_title}</span>
            </Head>
          ))}
        </tr>
      </thead>
      <tbody>
        {families.map((family) => {
          const on = open.has(family.title);
          const toggle = () => {
            const next = new Set(open);
            if (on) next.delete(family.title);
            else next.add(family.title);
            setOpen(next);
          };
          return [
            <tr key={family.title}>
              <th scope="row" className={cx(CELL, "text-left font-medium text-ink")}>
                {family.products.length > 0 ? (
                  <button
                    type="button"
                    aria-expanded={on}
                    onClick={toggle}
                    className="-ml-1 -outline-offset-2 inline-flex h-6.5 max-w-full items-center gap-1 rounded-sm pr-1"
                  >
                    <ChevronRight
                      size={12}
                      aria-hidden="true"
                      className={cx("flex-none text-ink-3 transition-transform", on && "rotate-90")}
                    />
                    <span className="truncate" title={family.title}>
                      {family.title}
                    </span>
                    <span className="font-normal text-ink-3">{family.products.length}</span>
                  </button>
                ) : (
                  <span className="pl-3">{family.title}</span>
                )}
              </th>
              {columns.map((column, i) => (
                <td key={column.id} className={CELL}>
                  <CoverageCell coverage={family.coverage[i]} />
                </td>
              ))}
            </tr>,
            on ? (
              <tr key={`${family.title} products`}>
                <td colSpan={columns.length + 1} className="border-line border-b py-1.5 pl-3 text-ink-2">
                  <ul className="flex flex-wrap gap-x-4 gap-y-0.5">
                    {family.products.map((product) => (
                      <li key={product.id}>
                        {product.name}
                        {product.discontinued ? (
                          <span className="text-ink-3"> ({t("vendors.families.discontinued")})</span>
                        ) : null}
                      </li>
                    ))}
                  </ul>
                </td>
              </tr>
            ) : null,
          ];
        })}
      </tbody>
    </Plain>
  );
}

const FIRST = 8;

export function UsedHere({ rows }: { rows: readonly Used[] }) {
  const t = useT();
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, FIRST);
  return (
    <>
      <Plain label={t("vendors.used")}>
        <thead>
          <tr>
            <Head className="w-[26%]">{t("vendors.used.machine")}</Head>
            <Head>{t("findings.col.product")}</Head>
            <Head className="w-22">{t("findings.col.presence")}</Head>
            <Head className="w-30 pr-0">{t("findings.col.tier")}</Head>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={`${row.finding} ${row.hostname}`}>
              <td className={cx(CELL, "text-ink")} title={row.hostname}>
                {row.hostname}
              </td>
              <td className={CELL}>
                <Link to="/findings/$id" params={{ id: row.finding }} className="lk" title={row.title}>
                  {row.title}
                </Link>
                {row.version ? <span className="ml-1.5 text-ink-3">{row.version}</span> : null}
              </td>
              <td className={CELL}>
                <PresenceMark presence={row.presence} />
              </td>
              <td className={cx(CELL, "pr-0")}>
                <TierChip tier={row.tier} bare />
              </td>
            </tr>
          ))}
        </tbody>
      </Plain>
      {rows.length > FIRST ? (
        <Button
          variant="ghost"
          size="sm"
          className="-ml-2 mt-1"
          data-print="hide"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? t("vendors.matrix.fewer") : t("vendors.used.all", { count: rows.length })}
        </Button>
      ) : null}
    </>
  );
}

export function Sources({ rows }: { rows: readonly SourceRow[] }) {
  const t = useT();
  const standing = (word: string) => (STANDINGS.has(word) ? t(`vendors.standing.${word}` as MessageId) : word);
  return (
    <Plain label={t("vendors.sources")}>
      <thead>
        <tr>
          <Head className="w-[28%]">{t("vendors.sources.instrument")}</Head>
          <Head>{t("vendors.sources.citation")}</Head>
          <Head className="w-24">{t("vendors.sources.standing")}</Head>
          <Head className="w-36">{t("vendors.sources.verification")}</Head>
          <Head className="w-24 pr-0 text-right">{t("vendors.sources.published")}</Head>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.restriction.id}>
            <th scope="row" title={row.title} className={cx(CELL, "text-left font-medium text-ink")}>
              <span className="mr-1.5 inline-block w-5 font-normal text-ink-3 text-micro">
                {countryCode(row.restriction.jurisdiction)}
              </span>
              {row.urls[0] ? (
                <ExternalLink url={row.urls[0]} className="max-w-[calc(100%-28px)] align-bottom">
                  {row.restriction.short_title}
                </ExternalLink>
              ) : (
                row.restriction.short_title
              )}
            </th>
            <td className={CELL} title={row.citations.join("; ")}>
              {row.citations.join(", ")}
            </td>
            <td className={CELL}>{standing(row.standing)}</td>
            <td
              className={CELL}
              title={
                [row.verification_note, row.checked ? t("vendors.sources.checked", { day: row.checked }) : null]
                  .filter(Boolean)
                  .join(" ") || undefined
              }
            >
              {t(`findings.verification.${row.verification}`)}
            </td>
            <td className={cx(CELL, "pr-0 text-right tabular-nums")}>
              <Day iso={row.published} />
            </td>
          </tr>
        ))}
      </tbody>
    </Plain>
  );
}
