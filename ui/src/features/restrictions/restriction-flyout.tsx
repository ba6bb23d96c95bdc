import { Braces, Copy, X } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import { Button, countryCode, ErrorNotice, Kbd, SkeletonLines, TierChip, Tooltip, toast } from "@/components";
import { Flyout } from "@/components/flyout";
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
  const titleId = useId();
  const restriction = useRestriction(id);
  const box = useRef<HTMLDivElement>(null);
  const detail = restriction.data;

  // The next restriction begins at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: on every other id
  useEffect(() => {
    box.current?.querySelector("[data-scroll]")?.parentElement?.scrollTo({ top: 0 });
  }, [id]);

  return (
    <Flyout
      ref={box}
      labelledBy={titleId}
      onClose={onClose}
      header={<Header id={titleId} detail={detail} onClose={onClose} />}
      footer={
        <span className="ml-auto">
          <Kbd>J</Kbd> <Kbd>K</Kbd> {t("findings.flyout.move")} <Kbd className="ml-2">Esc</Kbd>{" "}
          {t("findings.flyout.esc")}
        </span>
      }
    >
      <div data-scroll="" className="pb-4">
        {restriction.isError ? (
          <ErrorNotice
            className="mt-4"
            error={restriction.error}
            title={t("restrictions.error.one")}
            onRetry={() => void restriction.refetch()}
          />
        ) : detail ? (
          <RestrictionBody key={detail.row.id} detail={detail} />
        ) : (
          <SkeletonLines lines={9} className="pt-4" />
        )}
      </div>
    </Flyout>
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
