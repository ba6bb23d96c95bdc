import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

/** A key. */
export function Kbd({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      className={cx(
        "inline-block min-w-4.5 rounded-sm border border-line-2 bg-sunk px-1 text-center font-medium font-sans text-ink-3 text-micro",
        className,
      )}
    >
      {children}
    </kbd>
  );
}
