import { ExternalLink as Icon } from "lucide-react";
import type { ReactNode } from "react";
import { backend, toBackendError } from "@/ipc";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { toast } from "./toast";

/** A source on the web. It opens in the person's browser, because they asked; the app itself fetches nothing. */
export function ExternalLink({ url, children, className }: { url: string; children?: ReactNode; className?: string }) {
  const t = useT();
  const open = async () => {
    try {
      await backend.call("source_open", { url });
    } catch (thrown) {
      const error = toBackendError(thrown);
      toast({ tone: "error", title: error.message, detail: error.hint ?? url });
    }
  };
  return (
    <a
      href={url}
      rel="noreferrer"
      title={t("link.opens", { url })}
      className={cx("lk inline-flex max-w-full items-baseline gap-1", className)}
      onClick={(event) => {
        event.preventDefault();
        void open();
      }}
      onAuxClick={(event) => event.preventDefault()}
    >
      <span className="min-w-0 truncate">{children ?? hostOf(url)}</span>
      <Icon size={11} className="flex-none translate-y-px" aria-hidden="true" />
      <span className="sr-only">{t("link.external")}</span>
    </a>
  );
}

function hostOf(url: string): string {
  try {
    return new URL(url).hostname.replace(/^www\./, "");
  } catch {
    return url;
  }
}
