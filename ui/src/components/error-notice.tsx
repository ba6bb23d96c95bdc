import { Check, Copy, RotateCw } from "lucide-react";
import { useState } from "react";
import { toBackendError } from "@/ipc";
import { copyText } from "@/lib/clipboard";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { Button } from "./button";

/** What failed, what to try, the code, and a button that copies all of it. */
export function ErrorNotice({
  error,
  title,
  onRetry,
  className,
}: {
  error: unknown;
  title?: string;
  onRetry?: () => void;
  className?: string;
}) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  const { code, message, hint, detail } = toBackendError(error);
  const copy = async () => {
    setCopied(await copyText([code, message, hint, detail].filter(Boolean).join("\n")));
  };
  return (
    <div
      role="alert"
      data-tier="prohibited"
      className={cx(
        "flex max-w-160 gap-3 rounded-md border border-line-2 border-l-edge border-l-tier-e bg-surface p-3 text-left",
        className,
      )}
    >
      <div className="min-w-0 flex-1">
        <div className="font-semibold">{title ?? t("error.title")}</div>
        <div className="break-words text-ink-2">{message}</div>
        {hint ? <div className="mt-1 text-ink-2">{hint}</div> : null}
        <div className="mt-3 flex flex-wrap items-center gap-2">
          {onRetry ? (
            <Button size="sm" onClick={onRetry}>
              <RotateCw size={12} aria-hidden="true" />
              {t("error.retry")}
            </Button>
          ) : null}
          <Button size="sm" onClick={() => void copy()}>
            {copied ? <Check size={12} aria-hidden="true" /> : <Copy size={12} aria-hidden="true" />}
            {copied ? t("common.copied") : t("error.copy")}
          </Button>
          <code className="font-mono text-code text-ink-3">{code}</code>
        </div>
      </div>
    </div>
  );
}
