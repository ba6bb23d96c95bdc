import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

/** Nothing to show: says why, and what to do about it. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
  className,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cx("mx-auto flex max-w-110 flex-col items-start gap-1 px-6 py-12", className)}>
      {icon ? (
        <span
          className="mb-2 flex size-8 items-center justify-center rounded-md bg-track text-ink-2"
          aria-hidden="true"
        >
          {icon}
        </span>
      ) : null}
      <h2 className="font-semibold text-sec tracking-sec">{title}</h2>
      {children ? <div className="text-ink-2">{children}</div> : null}
      {actions ? <div className="mt-3 flex flex-wrap gap-2">{actions}</div> : null}
    </div>
  );
}
