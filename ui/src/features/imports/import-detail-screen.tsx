import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { buttonClass, ErrorNotice, SkeletonLines } from "@/components";
import { useTitle } from "@/lib/hooks";
import { useT } from "@/lib/i18n";
import { ImportBody } from "./import-body";
import { useImport } from "./queries";
import { UndoButton } from "./undo-button";

/** One import: what it held, which machines its devices were taken for, what could not be used, and taking it back. */
export function ImportDetailScreen({ number }: { number: number }) {
  const t = useT();
  const query = useImport(number);
  const detail = query.data;
  useTitle(detail?.row.file ?? t("imports.title"));
  return (
    <div className="mx-auto max-w-300 px-6 pt-3 pb-10 max-md:px-4">
      <Link to="/imports" className="lk -ml-1 inline-flex h-6 items-center gap-0.5 text-cap" data-print="hide">
        <ChevronLeft size={14} aria-hidden="true" />
        {t("imports.title")}
      </Link>
      <header className="mb-3 flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 truncate font-semibold text-page tracking-page" title={detail?.row.file}>
          {detail ? detail.row.file : t("imports.number", { number })}
        </h1>
        {detail ? (
          <span className="pt-0.75 text-ink-3">
            {t("imports.number", { number })}
            {detail.row.undone ? `, ${t("imports.state.undone")}` : ""}
          </span>
        ) : null}
        {detail && !detail.row.undone ? (
          <span className="ml-auto flex gap-2" data-print="hide">
            <UndoButton detail={detail} />
            <Link to="/findings" className={buttonClass({ variant: "primary" })}>
              {t("audit.show")}
            </Link>
          </span>
        ) : null}
      </header>
      {query.isError ? (
        <ErrorNotice error={query.error} title={t("imports.error.one")} onRetry={() => void query.refetch()} />
      ) : detail ? (
        <>
          {detail.row.undone ? <p className="mb-3 max-w-200 text-ink-2">{t("imports.undone.means")}</p> : null}
          {!detail.row.undone && detail.blocked ? (
            <p className="mb-3 max-w-200 text-ink-2">
              {[detail.blocked.message, detail.blocked.hint].filter(Boolean).join(" ")}
            </p>
          ) : null}
          <ImportBody detail={detail} />
        </>
      ) : (
        <SkeletonLines lines={9} />
      )}
    </div>
  );
}
