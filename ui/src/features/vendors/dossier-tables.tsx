import { Link } from "@tanstack/react-router";
import { Check, ChevronRight, CircleSlash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button, countryCode, Day, ExternalLink, PresenceMark, TierChip } from "@/components";
import type { Coverage, FamilyProduct, FamilyRow, RestrictionRef, SourceRow, UsedHere as Used } from "@/ipc";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { useWord } from "../restrictions/words";

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
  if (columns.length === 0) return <PlainFamilies families={families} />;
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
                      <Product key={product.id} product={product} />
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

/** A product; an integration for somebody else's product says whose. */
function Product({ product }: { product: FamilyProduct }) {
  const t = useT();
  const notes = [
    product.discontinued ? t("vendors.families.discontinued") : null,
    product.made_for ? t("vendors.families.made-for", { vendor: product.made_for.name }) : null,
  ].filter((note) => note !== null);
  return (
    <li title={product.made_for ? t("vendors.families.made-for.hint", { vendor: product.made_for.name }) : undefined}>
      {product.name}
      {notes.length > 0 ? <span className="text-ink-3"> ({notes.join(", ")})</span> : null}
    </li>
  );
}

/** Of many products of a family only so many until asked. */
const FIRST_PRODUCTS = 24;

/** Where no instrument speaks of the products there is nothing to compare: the names alone. */
function PlainFamilies({ families }: { families: readonly FamilyRow[] }) {
  const t = useT();
  const [all, setAll] = useState<ReadonlySet<string>>(new Set());
  return (
    <dl className="text-cap">
      {families.map((family) => {
        const open = all.has(family.title) || family.products.length <= FIRST_PRODUCTS + 2;
        return (
          <div
            key={family.title}
            className="grid grid-cols-1 gap-x-4 border-line border-t py-1.5 first:border-t-0 md:grid-cols-[176px_minmax(0,1fr)]"
          >
            <dt className="font-medium text-ink">
              {family.title} <span className="font-normal text-ink-3 tabular-nums">{family.products.length}</span>
            </dt>
            <dd className="text-ink-2">
              <ul className="flex flex-wrap gap-x-4 gap-y-0.5">
                {family.products.slice(0, open ? undefined : FIRST_PRODUCTS).map((product) => (
                  <Product key={product.id} product={product} />
                ))}
              </ul>
              {open ? null : (
                <Button
                  variant="ghost"
                  size="sm"
                  className="-ml-2"
                  data-print="hide"
                  onClick={() => setAll(new Set([...all, family.title]))}
                >
                  {t("vendors.families.all", { count: family.products.length })}
                </Button>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

const FIRST = 8;

/** Where a vendor's products are: the first places, and how many there are. */
export function UsedHere({ vendor, rows, total }: { vendor: string; rows: readonly Used[]; total: number }) {
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
          {all
            ? t("vendors.matrix.fewer")
            : t(rows.length < total ? "vendors.used.first" : "vendors.used.all", { count: rows.length })}
        </Button>
      ) : null}
      {all && rows.length < total ? (
        <p className="text-cap text-ink-3">
          {t("vendors.used.more", { count: total - rows.length })}{" "}
          <Link to="/findings" search={{ vendor }} className="lk">
            {t("vendors.used.findings")}
          </Link>
        </p>
      ) : null}
    </>
  );
}

export function Sources({ rows }: { rows: readonly SourceRow[] }) {
  const t = useT();
  const word = useWord();
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
              <Link to="/restrictions/$id" params={{ id: row.restriction.id }} className="lk">
                {row.restriction.short_title}
              </Link>
            </th>
            <td className={CELL} title={row.citations.join("; ")}>
              {row.urls[0] ? (
                <ExternalLink url={row.urls[0]} className="align-bottom">
                  {row.citations.join(", ") || undefined}
                </ExternalLink>
              ) : (
                row.citations.join(", ")
              )}
            </td>
            <td className={CELL}>{word("standing", row.standing)}</td>
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
