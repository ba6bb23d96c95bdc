import { useState } from "react";
import { toast } from "@/components/toast";
import { backend, type ExportProgress, type ExportRequest, toBackendError } from "@/ipc";
import { TIERS } from "../features/findings/findings-filters";
import { useContext } from "./context";
import { useNumber, useT } from "./i18n";

/** The words of the column that says whether a machine surely is without something. */
const LACKING = [
  ["nothing-there", "machines.answer.nothing-there"],
  ["not-looked-at", "machines.answer.not-looked-at"],
  ["never-read", "machines.lack.word.never-read"],
  ["stale", "machines.lack.word.stale"],
  ["unidentified-product", "machines.lack.unidentified-product"],
  ["unknown-system", "machines.lack.unknown-system"],
] as const;

let next = 1;

/** Writes lists to files: asks where, shows how far it is, says where it lies. */
export function useExport() {
  const t = useT();
  const number = useNumber();
  const { profiles, as_of } = useContext();
  const [running, setRunning] = useState<{ id: string; progress: ExportProgress } | null>(null);

  const write = async (what: Pick<ExportRequest, "list" | "title" | "format" | "columns">) => {
    const id = `export-${next++}`;
    const words = [
      ...TIERS.map((tier) => ({ value: tier as string, label: t(`tier.${tier}`) })),
      { value: "unidentified", label: t("software.unidentified") },
      { value: "no-machine", label: t("software.no-machine") },
      { value: "not-in-newest", label: t("told.not-in-newest") },
      ...LACKING.map(([value, message]) => ({ value, label: t(message) })),
    ];
    try {
      const done = await backend.exportTable({ ...what, id, context: { profiles, as_of }, words }, (progress) =>
        setRunning({ id, progress }),
      );
      if (done === null || done.cancelled) return;
      toast({
        title: t("export.done", { rows: number(done.rows), count: done.rows }),
        detail: done.path,
        action: {
          label: t("export.show"),
          run: () =>
            void backend
              .call("folder_show", { path: done.path })
              .catch((thrown) => failed(t("export.notShown"), thrown)),
        },
      });
    } catch (thrown) {
      failed(t("export.failed"), thrown);
    } finally {
      setRunning(null);
    }
  };
  return {
    write,
    progress: running?.progress ?? null,
    cancel: () => {
      if (running) void backend.call("table_export_cancel", { id: running.id });
    },
  };
}

function failed(title: string, thrown: unknown) {
  const error = toBackendError(thrown);
  toast({
    tone: "error",
    title: `${title} (${error.code})`,
    detail: [error.message, error.hint].filter(Boolean).join(" "),
  });
}
