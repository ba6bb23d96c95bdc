import { FlaskConical, FolderOpen, Laptop } from "lucide-react";
import type { ReactNode } from "react";
import { Kbd } from "@/components/kbd";
import { cx } from "@/lib/cx";
import { T, useT } from "@/lib/i18n";

export type DoorName = "audit" | "open" | "sample";

function Door({
  icon,
  title,
  time,
  keyName,
  primary = false,
  disabled,
  onClick,
  children,
}: {
  icon: ReactNode;
  title: string;
  time: string;
  keyName: string;
  primary?: boolean;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-keyshortcuts={keyName}
      disabled={disabled}
      onClick={onClick}
      className={cx(
        "flex min-h-43 flex-col items-stretch gap-1 rounded-md border bg-surface p-4 text-left transition-colors enabled:hover:bg-hover disabled:opacity-60",
        primary ? "border-accent shadow-accent" : "border-line-2",
      )}
    >
      <span
        aria-hidden="true"
        className={cx(
          "mb-2 flex size-8 items-center justify-center rounded-md",
          primary ? "bg-accent-tint text-accent-text" : "bg-track text-ink-2",
        )}
      >
        {icon}
      </span>
      <span className="font-semibold text-sec">{title}</span>
      <span className="text-ink-2">{children}</span>
      <span className="mt-auto flex items-center justify-between gap-2 pt-3 text-cap text-ink-3">
        {time}
        <Kbd>{keyName}</Kbd>
      </span>
    </button>
  );
}

/** The three ways in. Each ends on a result. */
export function Doors({ busy, onChoose }: { busy: boolean; onChoose: (door: DoorName) => void }) {
  const t = useT();
  return (
    <div role="group" aria-label={t("first.doors")} className="grid gap-4 md:grid-cols-3">
      <Door
        primary
        icon={<Laptop size={16} />}
        title={t("first.audit")}
        time={t("first.auditTime")}
        keyName="1"
        disabled={busy}
        onClick={() => onChoose("audit")}
      >
        {t("first.auditMore")}
      </Door>
      <Door
        icon={<FolderOpen size={16} />}
        title={t("first.open")}
        time={t("first.openTime")}
        keyName="2"
        disabled={busy}
        onClick={() => onChoose("open")}
      >
        <T
          id="first.openMore"
          c={(chunks: ReactNode[]) => <code className="whitespace-nowrap font-mono text-code">{chunks}</code>}
        />
      </Door>
      <Door
        icon={<FlaskConical size={16} />}
        title={t("first.sample")}
        time={t("first.sampleTime")}
        keyName="3"
        disabled={busy}
        onClick={() => onChoose("sample")}
      >
        {t("first.sampleMore")}
      </Door>
    </div>
  );
}
