import { Braces, Copy, X } from "lucide-react";
import { Button, countryCode, TierChip, Tooltip, toast } from "@/components";
import { RowFlyout } from "@/components/row-flyout";
import type { RestrictionDetail } from "@/ipc";
import { copyText } from "@/lib/clipboard";
import { useContext } from "@/lib/context";
import { useT } from "@/lib/i18n";
import { useRestriction } from "@/lib/queries";
import { RestrictionBody } from "./restriction-body";
import { useRestrictionText } from "./restriction-text";
import { StandingWord } from "./restrictions-columns";
import { useWord } from "./words";

/** One restriction beside the table. */
export function RestrictionFlyout({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useT();
  const restriction = useRestriction(id);
  return (
    <RowFlyout
      id={id}
      query={restriction}
      errorTitle={t("restrictions.error.one")}
      onClose={onClose}
      header={(titleId) => <Header id={titleId} detail={restriction.data} onClose={onClose} />}
    >
      {(detail) => <RestrictionBody key={detail.row.id} detail={detail} />}
    </RowFlyout>
  );
}

function Header({ id, detail, onClose }: { id: string; detail: RestrictionDetail | undefined; onClose: () => void }) {
  const t = useT();
  const word = useWord();
  const { profiles, as_of } = useContext();
  const asText = useRestrictionText();
  const copy = async (text: string) => {
    if (await copyText(text)) toast({ title: t("findings.copy.done") });
  };
  const row = detail?.row;
  return (
    <>
      <div className="flex items-start gap-2">
        <h2 id={id} className="min-w-0 flex-1 pt-0.75 font-semibold text-sec tracking-sec [overflow-wrap:anywhere]">
          {row ? row.title : t("common.loading")}
        </h2>
        {detail ? (
          <>
            <Tooltip text={t("findings.copy.text")}>
              <Button
                variant="ghost"
                icon
                data-print="hide"
                aria-label={t("findings.copy.text")}
                onClick={() => void copy(asText(detail, { profiles, as_of }))}
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
          {row.tier === "none" && !row.touches_us ? (
            <span className="text-ink-3">{t("restrictions.cell.others")}</span>
          ) : (
            <TierChip tier={row.tier} />
          )}
          <StandingWord standing={row.standing} />
          <span className="text-ink-2">
            <span className="mr-1 text-ink-3 text-micro">{countryCode(row.jurisdiction)}</span>
            {detail.issuer}
          </span>
          <span className="text-ink-3">{word("instrument", row.instrument)}</span>
        </div>
      ) : null}
      <p role="status" className="sr-only">
        {row ? `${row.title}: ${t(`tier.${row.tier}`)}, ${word("standing", row.standing)}` : ""}
      </p>
    </>
  );
}
