import { Check, CircleAlert, CircleSlash, CircleX, LoaderCircle } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/button";
import { cx } from "@/lib/cx";
import { useNumber, useT } from "@/lib/i18n";
import { type AuditLine, type AuditState, cancelAudit } from "./audit-store";
import { collectorMessage } from "./collector-name";

/** One sentence on how far it is. */
export function useAuditSentence(): (audit: AuditState) => string {
  const t = useT();
  const number = useNumber();
  return (audit) => {
    switch (audit.phase) {
      case "starting":
        return t("audit.starting");
      case "reading":
        return t("audit.running", { done: audit.done, of: audit.of });
      case "identifying":
        return t("audit.identifying", { count: number(audit.observations) });
      case "storing":
        return t("audit.storing");
      case "cancelling":
        return t("audit.cancelling");
      case "done":
        return t("audit.done", { hostname: audit.outcome?.hostname ?? "" });
      case "cancelled":
        return t("audit.cancelled");
      case "failed":
        return t("audit.failed");
    }
  };
}

export function ProgressBar({
  value,
  max,
  label,
  className,
}: {
  value: number;
  max: number;
  label: string;
  className?: string;
}) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(max, 1)}
      aria-valuenow={value}
      className={cx("h-1 overflow-hidden rounded-xs bg-line-2", className)}
    >
      <div data-bar className="h-1 bg-ink-3" style={{ width: `${max > 0 ? (value / max) * 100 : 0}%` }} />
    </div>
  );
}

function StatusIcon({ status }: { status: AuditLine["status"] }) {
  const icon = { size: 14, "aria-hidden": true } as const;
  switch (status) {
    case "running":
      return <LoaderCircle {...icon} className="text-ink-3" />;
    case "complete":
      return <Check {...icon} data-tier="none" className="text-tier-t" />;
    case "partial":
      return <CircleAlert {...icon} data-tier="restricted" className="text-tier-t" />;
    case "not-possible":
      return <CircleSlash {...icon} className="text-ink-3" />;
    case "failed":
      return <CircleX {...icon} data-tier="prohibited" className="text-tier-t" />;
  }
}

/** Says how far the audit is, at most every five seconds. */
function Announcer({ text }: { text: string }) {
  const latest = useRef(text);
  latest.current = text;
  const [said, setSaid] = useState("");
  useEffect(() => {
    const timer = setInterval(() => setSaid(latest.current), 5000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div aria-live="polite" className="sr-only">
      {said}
    </div>
  );
}

/** Live progress, one line per source, with cancel. */
export function AuditProgress({ audit, className }: { audit: AuditState; className?: string }) {
  const t = useT();
  const number = useNumber();
  const sentence = useAuditSentence();
  return (
    <section aria-label={t("audit.title")} className={cx("rounded-md border border-line-2 bg-surface", className)}>
      <div className="flex items-center gap-4 px-4 pt-4 pb-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold text-sec tracking-sec">{t("audit.title")}</h2>
          <div className="text-cap text-ink-3">{sentence(audit)}</div>
        </div>
        <Button onClick={() => void cancelAudit()} disabled={audit.phase === "cancelling"}>
          {t("common.cancel")}
        </Button>
      </div>
      <ProgressBar
        value={audit.done}
        max={audit.of}
        label={t("audit.step", { done: audit.done, of: audit.of })}
        className="mx-4"
      />
      <ul className="mt-3 grid min-h-64 content-start border-line border-t px-4 py-2 md:grid-cols-2 md:gap-x-8">
        {audit.lines.map((line) => {
          const name = collectorMessage(line.name);
          return (
            <li
              key={line.name}
              className="grid grid-cols-[20px_minmax(0,1fr)_auto] items-start gap-x-2 py-1.5 text-cap"
            >
              <span className="mt-px">
                <StatusIcon status={line.status} />
              </span>
              <span className="min-w-0">
                <span className="font-medium text-ink">{t(name.id, name.values)}</span>{" "}
                <span className="text-ink-3">{t(`audit.status.${line.status}`)}</span>
                {line.reason ? <span className="block text-ink-2">{line.reason}</span> : null}
              </span>
              <span className="text-ink-2 tabular-nums">{line.status === "running" ? "" : number(line.count)}</span>
            </li>
          );
        })}
      </ul>
      <p className="border-line border-t px-4 py-2.5 text-cap text-ink-3">{t("audit.privacy")}</p>
      <Announcer text={t("audit.announce", { done: audit.done, of: audit.of })} />
    </section>
  );
}
