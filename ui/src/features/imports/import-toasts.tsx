import { useQueryClient } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { toast } from "@/components/toast";
import { useT } from "@/lib/i18n";
import { showFile, useImportQueue } from "./import-store";

/** Every import ends in a message where its screen is not the one that is shown. */
export function ImportToasts() {
  const t = useT();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { pathname } = useLocation();
  const { files } = useImportQueue();
  const told = useRef(new Set<string>());
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per import and end
  useEffect(() => {
    for (const { file, job, phase, result, error } of files) {
      if (job === null || told.current.has(job) || !["done", "cancelled", "failed"].includes(phase)) continue;
      told.current.add(job);
      if (phase === "done" && !result?.known) void client.invalidateQueries();
      if (pathname === "/imports/new") continue;
      const show = () => {
        showFile(file.id);
        void navigate({ to: "/imports/new" });
      };
      const row = result?.import?.row;
      if (phase === "done" && row) {
        toast({
          title: t(result.known ? "imports.done.known" : "imports.done", { file: file.name }),
          detail: t("imports.done.detail", { machines: row.machines, used: row.used, rejected: row.rejected }),
          action: { label: t("imports.show"), run: show },
        });
      } else if (phase === "cancelled") {
        toast({ title: t("imports.cancelled", { file: file.name }), detail: t("audit.cancelledDetail") });
      } else if (error) {
        toast({
          tone: "error",
          title: `${t("imports.failed", { file: file.name })} (${error.code})`,
          detail: [error.message, error.hint].filter(Boolean).join(" "),
          action: { label: t("imports.show"), run: show },
        });
      }
    }
  }, [files]);
  return null;
}
