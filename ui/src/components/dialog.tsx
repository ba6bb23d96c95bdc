import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";

/** A modal dialog: the browser's own, which traps focus, closes on Esc and injects no styles. */
export function Dialog({
  open,
  onClose,
  label,
  title,
  children,
  className,
}: {
  open: boolean;
  onClose: () => void;
  label: string;
  /** Shown as a heading with a close button; leave out for a bare panel. */
  title?: string;
  children: ReactNode;
  className?: string;
}) {
  const t = useT();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog || !open) return;
    const before = document.activeElement;
    dialog.showModal();
    // The browser would focus the first element that can take it, which need not be the one to type in.
    dialog.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, [open]);
  if (!open) return null;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click only closes on the backdrop; the key for that is Esc
    <dialog
      ref={ref}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
      className={cx(
        "m-auto animate-appear overflow-hidden rounded-lg bg-raised text-ink shadow-float outline-none backdrop:bg-scrim",
        className,
      )}
    >
      {title !== undefined ? (
        <div className="flex items-center gap-3 border-line border-b py-3 pr-3 pl-5">
          <h2 className="flex-1 font-semibold text-sec tracking-sec">{title}</h2>
          <button
            type="button"
            aria-label={t("common.close")}
            onClick={onClose}
            className="flex size-7 items-center justify-center rounded-md text-ink-3 hover:bg-hover"
          >
            <X size={16} aria-hidden="true" />
          </button>
        </div>
      ) : null}
      {children}
    </dialog>
  );
}
