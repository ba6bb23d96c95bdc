import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { toast } from "@/components/toast";
import { type AppStatus, backend, toBackendError } from "@/ipc";
import { useT } from "@/lib/i18n";
import { STATUS_KEY } from "@/lib/queries-status";
import { startAudit } from "../audit/audit-store";
import { addFiles } from "../imports/import-store";

/** Empty is not the same as left out: what was asked is forgotten, the settings count. */
export const FORGET = { as_of: "", profile: "" };

/** The ways to get data in and out of sight, from wherever they are asked for. Each returns whether it did something. */
export function useDoors() {
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();

  const settle = async (status?: AppStatus) => {
    if (status) client.setQueryData(STATUS_KEY, status);
    await client.invalidateQueries();
  };
  const failed = (thrown: unknown) => {
    const error = toBackendError(thrown);
    toast({
      tone: "error",
      title: `${t("first.error")} (${error.code})`,
      detail: [error.message, error.hint].filter(Boolean).join(" "),
    });
    return false;
  };

  return {
    /** Reads this computer; true when the result was kept. */
    async audit(): Promise<boolean> {
      const audit = await startAudit();
      if (audit.phase !== "done") return false;
      await settle();
      return true;
    },
    /** Asks for files to import and shows what they would become; true when some were chosen. */
    async openExport(): Promise<boolean> {
      try {
        const files = await backend.call("import_choose", {});
        if (files.length === 0) return false;
        addFiles(files);
        await navigate({ to: "/imports/new", search: FORGET });
        return true;
      } catch (thrown) {
        return failed(thrown);
      }
    },
    async openSample(): Promise<boolean> {
      try {
        await settle(await backend.call("sample_open", {}));
        return true;
      } catch (thrown) {
        return failed(thrown);
      }
    },
    /** Back to one's own data, or to the doors when there is none. */
    async leaveSample(): Promise<boolean> {
      try {
        const status = await backend.call("sample_close", {});
        await settle(status);
        await navigate({ to: "/", search: FORGET });
        return true;
      } catch (thrown) {
        return failed(thrown);
      }
    },
  };
}
