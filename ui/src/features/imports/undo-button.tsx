import { Undo2 } from "lucide-react";
import { useState } from "react";
import { Button, Dialog } from "@/components";
import type { ImportDetail } from "@/ipc";
import { useT } from "@/lib/i18n";
import { useUndoImport } from "./queries";

/** Takes an import back, after saying exactly what that does. Where it cannot be, there is no button. */
export function UndoButton({ detail, onDone }: { detail: ImportDetail; onDone?: () => void }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const undo = useUndoImport(detail.row.file);
  const effect = detail.undo;
  if (!effect) return null;
  const run = async () => {
    try {
      await undo.mutateAsync(detail.row.number);
      setOpen(false);
      onDone?.();
    } catch {
      // Said in a message; the dialog stays.
    }
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Undo2 size={14} aria-hidden="true" />
        {t("imports.undo")}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        label={t("imports.undo.title")}
        title={t("imports.undo.title")}
        className="w-120 max-w-[calc(100vw-32px)]"
      >
        <div className="px-5 py-4">
          <p className="truncate font-medium" title={detail.row.file}>
            {detail.row.file}
          </p>
          <ul className="mt-2 flex list-disc flex-col gap-1 pl-4 text-ink-2 marker:text-ink-3">
            <li>
              {t("imports.undo.installations", {
                gone: effect.installations_gone,
                machines: effect.machines,
              })}
            </li>
            {effect.machines_gone > 0 ? <li>{t("imports.undo.machines", { count: effect.machines_gone })}</li> : null}
            {effect.installations_back > 0 ? (
              <li>{t("imports.undo.back", { count: effect.installations_back })}</li>
            ) : null}
            <li>{t("imports.undo.rest")}</li>
          </ul>
        </div>
        <div className="flex justify-end gap-2 border-line border-t px-5 py-3">
          <Button onClick={() => setOpen(false)}>{t("common.cancel")}</Button>
          <Button variant="primary" data-autofocus="" disabled={undo.isPending} onClick={() => void run()}>
            {t("imports.undo.confirm")}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
