import { Download } from "lucide-react";
import { useState } from "react";
import type { ExportedList } from "@/ipc";
import { useT } from "@/lib/i18n";
import { useExport } from "@/lib/use-export";
import { Button } from "./button";
import { Popover } from "./popover";

/** Writes the list as it is shown, all its rows, to a file for spreadsheets. */
export function ExportMenu({
  list,
  title,
  columns,
  rows,
}: {
  list: ExportedList;
  title: string;
  columns: ReadonlyArray<{ id: string; header: string }>;
  rows: number;
}) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const { write, progress, cancel } = useExport();
  const choose = (format: "csv" | "xlsx") => {
    setOpen(false);
    void write({ list, title, format, columns: columns.map(({ id, header }) => ({ id, header })) });
  };
  if (progress) {
    return (
      <span className="flex items-center gap-2 text-cap text-ink-2" data-print="hide">
        <span role="status">{t("export.running", { written: progress.written, of: progress.of })}</span>
        <Button size="sm" onClick={cancel}>
          {t("common.cancel")}
        </Button>
      </span>
    );
  }
  return (
    <Popover
      label={t("export.title")}
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button data-print="hide" disabled={rows === 0}>
          <Download size={14} aria-hidden="true" />
          {t("export.title")}
        </Button>
      }
    >
      <div className="w-64 p-1" data-own-keys="">
        {(["csv", "xlsx"] as const).map((format) => (
          <button
            key={format}
            type="button"
            onClick={() => choose(format)}
            className="-outline-offset-2 flex h-7 w-full items-center rounded-md px-2 text-left hover:bg-hover"
          >
            {t(`export.${format}`)}
          </button>
        ))}
        <p className="px-2 pt-1 pb-1.5 text-cap text-ink-3">{t("export.what", { rows, columns: columns.length })}</p>
      </div>
    </Popover>
  );
}
