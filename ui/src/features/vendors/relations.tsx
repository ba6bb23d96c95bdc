import { Link } from "@tanstack/react-router";
import { Check, Minus } from "lucide-react";
import { useIntl } from "react-intl";
import { ExternalLink, formatDay } from "@/components";
import type { RelationRow, VendorDossier } from "@/ipc";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { useWord } from "../restrictions/words";
import { Block } from "./block";

/** The days of a relation, as far as they are known. */
function useDays(): (row: RelationRow) => string | null {
  const t = useT();
  const { locale } = useIntl();
  return ({ from, until }) => {
    const day = (iso: string) => formatDay(iso, locale);
    if (from && until) return t("vendors.relations.span", { from: day(from), until: day(until) });
    if (from) return t("vendors.relations.from", { from: day(from) });
    return until ? t("vendors.relations.until", { until: day(until) }) : null;
  };
}

function Source({ url }: { url: string | null }) {
  const t = useT();
  if (url === null) return <span className="text-ink-3">{t("vendors.relations.general")}</span>;
  if (!url.startsWith("https://")) return <span className="text-ink-3">{url}</span>;
  return <ExternalLink url={url} />;
}

function Relation({ row, side }: { row: RelationRow; side: "relation" | "related" }) {
  const t = useT();
  const word = useWord();
  const days = useDays()(row);
  const more = [
    days,
    row.share ? t("vendors.relations.share", { share: row.share }) : null,
    row.holds || row.until === null ? null : t("vendors.relations.over"),
  ].filter((part) => part !== null);
  return (
    <li className={cx("border-line border-t py-1.5 text-cap first:border-t-0", !row.holds && "text-ink-3")}>
      <span className="text-ink-3">{word(side, row.kind)}</span>{" "}
      {row.vendor ? (
        <Link to="/vendors/$id" params={{ id: row.vendor.id }} className="lk font-medium">
          {row.name}
        </Link>
      ) : (
        <b className="font-medium text-ink">{row.name}</b>
      )}
      {more.length > 0 ? <span className="block text-ink-3">{more.join(", ")}</span> : null}
      {row.says ? <span className="block text-ink-2">{row.says}</span> : null}
      {row.says ? (
        <span className="block">
          <Source url={row.source} />
        </span>
      ) : null}
    </li>
  );
}

/** What a vendor was, came from and belongs to, as its own file and those of others say; each with its source. */
export function Relations({ dossier }: { dossier: VendorDossier }) {
  const t = useT();
  const { relations, related } = dossier;
  if (relations.length + related.length === 0) return null;
  return (
    <Block title={t("vendors.relations")}>
      <ul>
        {relations.map((row) => (
          <Relation key={`${row.kind}${row.name}${row.from}`} row={row} side="relation" />
        ))}
        {related.map((row) => (
          <Relation key={`${row.kind}${row.name}${row.from}`} row={row} side="related" />
        ))}
      </ul>
    </Block>
  );
}

/** The classes of goods it makes or is said not to make. */
export function Goods({ dossier }: { dossier: VendorDossier }) {
  const t = useT();
  const word = useWord();
  if (dossier.goods.length === 0) return null;
  return (
    <Block title={t("vendors.goods")}>
      <ul>
        {dossier.goods.map((row) => (
          <li key={row.word} className="border-line border-t py-1.5 text-cap first:border-t-0">
            <b className="block font-medium text-ink first-letter:uppercase">{word("goods", row.word)}</b>
            <span className="flex items-center gap-1 text-ink-3">
              {row.belongs ? (
                <Check size={12} strokeWidth={2.1} aria-hidden="true" />
              ) : (
                <Minus size={12} strokeWidth={2.1} aria-hidden="true" />
              )}
              {t(row.belongs ? "vendors.goods.belongs" : "vendors.goods.not")}
            </span>
            <span className="block text-ink-2">{row.says}</span>
            <span className="block">
              <Source url={row.source} />
            </span>
          </li>
        ))}
      </ul>
    </Block>
  );
}
