import { Database, Link2, Scale, WifiOff } from "lucide-react";
import { Instant } from "@/components/instant";
import { Popover } from "@/components/popover";
import { AuditProgress, ProgressBar, useAuditSentence } from "@/features/audit/audit-progress";
import { cancelAudit, isRunning, useAudit } from "@/features/audit/audit-store";
import { ImportJob } from "@/features/imports";
import { WatchItem } from "@/features/settings/watch-item";
import type { AppStatus } from "@/ipc";
import { cx } from "@/lib/cx";
import { daysBetween } from "@/lib/days";
import { useNumber, useT } from "@/lib/i18n";

/** `.../interdict/interdict.sqlite`: the end of a path is what tells files apart. */
export function shortPath(path: string): string {
  const parts = path.split(/[\\/]/);
  return parts.length > 3 ? `…/${parts.slice(-2).join("/")}` : path;
}

const ITEM = "inline-flex items-center gap-1.5";

/** What the numbers rest on: catalogue, database, last scan, head of the log, running work, and that nothing is sent. */
export function StatusLine({ status, first = false }: { status: AppStatus; first?: boolean }) {
  const t = useT();
  const number = useNumber();
  const audit = useAudit();
  const sentence = useAuditSentence();
  const { catalogue, database, today } = status;
  const days = Math.max(0, daysBetween(catalogue.date, today));
  return (
    <footer
      data-print="hide"
      className="col-span-full flex h-status items-center gap-4 overflow-hidden whitespace-nowrap border-line border-t bg-sunk px-4 text-code text-ink-3"
    >
      <span className={cx(ITEM, "min-w-0")} title={catalogue.date}>
        <Scale size={12} strokeWidth={2} aria-hidden="true" />
        <span className="truncate">
          {first
            ? t("status.catalogueLong", {
                version: catalogue.version,
                restrictions: number(catalogue.restrictions),
                days,
              })
            : t("status.catalogue", { version: catalogue.version, days })}
        </span>
      </span>
      {first ? (
        <span className="max-md:hidden">{t("status.advice")}</span>
      ) : (
        <>
          <span className={cx(ITEM, "max-lg:hidden")} title={database.path}>
            <Database size={12} strokeWidth={2} aria-hidden="true" />
            <span className="sr-only">{t("status.database")}</span>
            <span className="font-mono text-micro">{shortPath(database.path)}</span>
          </span>
          <span className={cx(ITEM, "max-md:hidden")}>
            {database.last_scan ? (
              <>
                {t("status.lastScan")}
                <Instant iso={database.last_scan} />
              </>
            ) : (
              t("status.noScan")
            )}
          </span>
          {database.log_head ? (
            <span className={cx(ITEM, "max-xl:hidden")} title={t("status.logMeans", { hash: database.log_head.hash })}>
              <Link2 size={12} strokeWidth={2} aria-hidden="true" />
              <span>{t("status.log")}</span>
              <span className="font-mono text-micro">{database.log_head.short}</span>
            </span>
          ) : null}
        </>
      )}
      <span className="flex-1" />
      {isRunning(audit) && !first ? (
        <>
          <Popover
            label={t("audit.title")}
            align="end"
            trigger={
              <button type="button" className={cx(ITEM, "h-6 rounded-sm px-1 hover:text-ink")}>
                <ProgressBar
                  value={audit.done}
                  max={audit.of}
                  label={t("audit.step", { done: audit.done, of: audit.of })}
                  className="w-18"
                />
                {sentence(audit)}
              </button>
            }
          >
            <AuditProgress
              audit={audit}
              className="max-h-110 w-140 max-w-[calc(100vw-32px)] overflow-y-auto border-0"
            />
          </Popover>
          <button
            type="button"
            aria-label={t("audit.cancel")}
            onClick={() => void cancelAudit()}
            className="h-6 rounded-sm px-1 text-ink-2 hover:text-ink hover:underline"
          >
            {t("common.cancel")}
          </button>
        </>
      ) : null}
      {first ? null : <ImportJob />}
      {first ? null : <WatchItem />}
      <span className={cx(ITEM, "flex-none")} title={t("status.networkMeans")}>
        <WifiOff size={12} strokeWidth={2} aria-hidden="true" />
        {t("status.network")}
      </span>
    </footer>
  );
}
