import { type ReactNode, useId } from "react";
import { cx } from "@/lib/cx";

/** One part of the overview: a heading, a word beside it, and what it is about. */
export function Pane({
  title,
  note,
  aside,
  children,
  className,
}: {
  title: string;
  note?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={cx("flex min-w-0 flex-col py-3.5", className)}>
      <div className="mb-2 flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <h2 id={id} className="font-semibold text-sec tracking-sec">
          {title}
        </h2>
        {note ? <span className="text-cap text-ink-3">{note}</span> : null}
        {aside ? <div className="ml-auto">{aside}</div> : null}
      </div>
      {children}
    </section>
  );
}
