import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { toast } from "@/components/toast";
import { useNumber, useT } from "@/lib/i18n";
import { forgetAudit, useAudit } from "./audit-store";

/** Every audit ends in a message, wherever one is by then. */
export function AuditToasts() {
  const t = useT();
  const number = useNumber();
  const navigate = useNavigate();
  const audit = useAudit();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per audit and end
  useEffect(() => {
    if (!audit) return;
    const { outcome, error } = audit;
    if (audit.phase === "done" && outcome) {
      toast({
        title: t("audit.done", { hostname: outcome.hostname }),
        detail: t("audit.doneDetail", { observations: number(outcome.observations), detections: outcome.detections }),
        action: { label: t("audit.show"), run: () => void navigate({ to: "/findings" }) },
      });
      forgetAudit();
    } else if (audit.phase === "cancelled") {
      toast({ title: t("audit.cancelled"), detail: t("audit.cancelledDetail") });
      forgetAudit();
    } else if (audit.phase === "failed" && error) {
      toast({
        tone: "error",
        title: `${t("audit.failed")} (${error.code})`,
        detail: [error.message, error.hint].filter(Boolean).join(" "),
      });
      forgetAudit();
    }
  }, [audit?.id, audit?.phase]);
  return null;
}
