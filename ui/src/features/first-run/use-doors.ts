import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { toast } from "@/components/toast";
import { type AppStatus, backend, toBackendError } from "@/ipc";
import { useNumber, useT } from "@/lib/i18n";
import { STATUS_KEY } from "@/lib/queries-status";
import { startAudit } from "../audit/audit-store";

/** Empty is not the same as left out: what was asked is forgotten, the settings count. */
export const FORGET = { as_of: "", profile: "" };

/** The ways to get data in and out of sight, from wherever they are asked for. Each returns whether it did something. */
export function useDoors() {
  const t = useT();
  const number = useNumber();
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
    /** Opens a file that `interdict scan --out` wrote; the window asks which one. */
    async openScan(): Promise<boolean> {
      try {
        const outcome = await backend.call("scan_open", {});
        if (!outcome) return false;
        await settle();
        toast({
          title: t("door.opened", { hostname: outcome.hostname }),
          detail: t("audit.doneDetail", { observations: number(outcome.observations), detections: outcome.detections }),
        });
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
