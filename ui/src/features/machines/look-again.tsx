import { Copy, RefreshCw } from "lucide-react";
import { Button } from "@/components";
import { toast } from "@/components/toast";
import type { LookAgain as Again } from "@/ipc";
import { copyText } from "@/lib/clipboard";
import { useT } from "@/lib/i18n";
import { isRunning, useAudit } from "../audit/audit-store";
import { useDoors } from "../first-run/use-doors";

/** How a machine is looked at again: by a button where it is this computer, else in words why not and what to run. */
export function LookAgain({ again }: { again: Again }) {
  const t = useT();
  const doors = useDoors();
  const running = isRunning(useAudit());
  switch (again.how) {
    case "here":
      return (
        <>
          <p className="mb-2 text-cap text-ink-2">{t("machine.again.here")}</p>
          <Button disabled={running} onClick={() => void doors.audit()}>
            <RefreshCw size={14} aria-hidden="true" />
            {t("machine.again.scan")}
          </Button>
        </>
      );
    case "command":
      return (
        <>
          <p className="mb-1.5 text-cap text-ink-2">{t("machine.again.command")}</p>
          <span className="flex items-start gap-1.5">
            <code className="min-w-0 flex-1 rounded-md border border-line bg-surface px-2 py-1 font-mono text-code [overflow-wrap:anywhere]">
              {again.what}
            </code>
            <Button
              icon
              size="sm"
              aria-label={t("machine.again.copy")}
              onClick={() =>
                void copyText(again.what).then((done) => done && toast({ title: t("machine.again.copied") }))
              }
            >
              <Copy size={12} aria-hidden="true" />
            </Button>
          </span>
        </>
      );
    case "scan":
      return <p className="text-cap text-ink-2">{t("machine.again.file", { what: again.what })}</p>;
    case "sample":
      return <p className="text-cap text-ink-2">{t("machine.again.sample")}</p>;
    default:
      return <p className="text-cap text-ink-2">{t("machine.again.export", { what: again.what })}</p>;
  }
}
