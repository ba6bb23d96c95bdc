import { useNumber, useT } from "@/lib/i18n";

/** The line below a table: how many of its rows are shown and, where there is room, what its signs mean. */
export function TableFooter({ shown, total, legend }: { shown: number; total: number; legend?: string }) {
  const t = useT();
  const number = useNumber();
  return (
    <footer className="flex min-h-8 flex-none flex-wrap items-center justify-between gap-x-4 border-line border-t pr-4 pl-6 text-cap text-ink-3">
      <span role="status">{t("findings.count", { shown: number(shown), total: number(total) })}</span>
      {legend === undefined ? null : <span className="hidden lg:inline">{legend}</span>}
    </footer>
  );
}
