import { Link } from "@tanstack/react-router";
import { ProgressBar } from "@/features/audit/audit-progress";
import { useNumber, useT } from "@/lib/i18n";
import { cancelImport, isImporting, progressOf, showFile, useImportQueue } from "./import-store";

/** The running import in the status line: how far it is, the way back to it, and cancel. */
export function ImportJob() {
  const t = useT();
  const number = useNumber();
  const { files } = useImportQueue();
  const running = files.find(isImporting);
  if (!running) return null;
  const { file, phase, records } = running;
  const waiting = files.filter((each) => each.phase === "waiting").length;
  return (
    <>
      <Link
        to="/imports/new"
        onClick={() => showFile(file.id)}
        className="inline-flex h-6 min-w-0 items-center gap-1.5 rounded-sm px-1 hover:text-ink"
      >
        <ProgressBar
          {...progressOf(running)}
          label={t("imports.progress", { file: file.name })}
          className="w-18 flex-none"
        />
        <span className="truncate">
          {phase === "storing"
            ? t("imports.job.storing", { file: file.name })
            : phase === "cancelling"
              ? t("audit.cancelling")
              : t("imports.job.reading", { file: file.name, records: number(records) })}
          {waiting > 0 ? ` ${t("imports.job.waiting", { count: waiting })}` : ""}
        </span>
      </Link>
      {phase === "cancelling" ? null : (
        <button
          type="button"
          aria-label={t("imports.cancel", { file: file.name })}
          onClick={() => void cancelImport(file.id)}
          className="h-6 flex-none rounded-sm px-1 text-ink-2 hover:text-ink hover:underline"
        >
          {t("common.cancel")}
        </button>
      )}
    </>
  );
}
