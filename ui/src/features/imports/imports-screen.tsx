import { Link } from "@tanstack/react-router";
import { FileInput, FolderOpen } from "lucide-react";
import { Button, Day, EmptyState, ErrorNotice, Instant, SkeletonLines } from "@/components";
import { useDoors } from "@/features/first-run/use-doors";
import { useTitle } from "@/lib/hooks";
import { useNumber, useT } from "@/lib/i18n";
import { Cut, PlainTable } from "./plain-table";
import { useImports } from "./queries";

/** Everything that was imported, newest first. */
export function ImportsScreen() {
  const t = useT();
  const number = useNumber();
  const doors = useDoors();
  const imports = useImports();
  const rows = imports.data?.rows ?? [];
  useTitle(t("imports.title"));
  const open = (
    <Button variant="primary" onClick={() => void doors.openExport()}>
      <FolderOpen size={14} aria-hidden="true" />
      {t("first.open")}
    </Button>
  );
  return (
    <div className="px-6 pt-3 pb-10 max-md:px-4">
      <header className="mb-3 flex min-h-10 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="font-semibold text-page tracking-page">{t("imports.title")}</h1>
        {rows.length > 0 ? (
          <p className="min-w-0 pt-0.75 text-ink-3">
            {t("imports.subtitle", { count: rows.length, undone: rows.filter((row) => row.undone).length })}
          </p>
        ) : null}
        {rows.length > 0 ? <span className="ml-auto">{open}</span> : null}
      </header>
      {imports.isError ? (
        <ErrorNotice error={imports.error} title={t("imports.error.list")} onRetry={() => void imports.refetch()} />
      ) : imports.isPending ? (
        <SkeletonLines lines={8} />
      ) : rows.length === 0 ? (
        <EmptyState icon={<FileInput size={16} />} title={t("imports.none.title")} actions={open}>
          {t("imports.none.text")}
        </EmptyState>
      ) : (
        <PlainTable
          label={t("imports.title")}
          rows={rows}
          rowId={(row) => String(row.number)}
          dim={(row) => row.undone !== null}
          minWidth="min-w-220"
          columns={[
            {
              id: "file",
              header: t("imports.file"),
              cell: (row) => (
                <Link
                  to="/imports/$number"
                  params={{ number: String(row.number) }}
                  className="lk font-medium text-body"
                  title={row.file}
                >
                  {row.file}
                </Link>
              ),
            },
            {
              id: "format",
              header: t("imports.format"),
              width: "20%",
              cell: (row) => <Cut>{row.format_title}</Cut>,
            },
            { id: "when", header: t("imports.when"), width: "112px", cell: (row) => <Instant iso={row.imported} /> },
            {
              id: "made",
              header: t("imports.made"),
              width: "104px",
              cell: (row) =>
                row.made ? <Day iso={row.made} /> : <span className="text-ink-3">{t("imports.made.short")}</span>,
            },
            {
              id: "machines",
              header: t("imports.machines"),
              width: "88px",
              align: "right",
              cell: (row) => number(row.machines),
            },
            {
              id: "used",
              header: t("imports.used"),
              width: "88px",
              align: "right",
              cell: (row) => number(row.used),
            },
            {
              id: "rejected",
              header: t("imports.rejected"),
              width: "88px",
              align: "right",
              cell: (row) =>
                row.rejected > 0 ? (
                  <span className="font-medium text-ink">{number(row.rejected)}</span>
                ) : (
                  <span className="text-ink-3">0</span>
                ),
            },
            {
              id: "state",
              header: t("imports.state"),
              width: "120px",
              apart: true,
              cell: (row) => t(row.undone ? "imports.state.undone" : "imports.state.kept"),
            },
          ]}
        />
      )}
    </div>
  );
}
