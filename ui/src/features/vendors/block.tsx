import type { ReactNode } from "react";

/** A block with its heading and a line beside it. */
export function Block({
  title,
  aside,
  end,
  children,
}: {
  title: string;
  aside?: ReactNode;
  end?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="border-line border-t pt-3 pb-4 first:border-t-0 break-inside-avoid">
      <div className="mb-2 flex flex-wrap items-baseline gap-x-2">
        <h2 className="font-semibold text-sec tracking-sec">{title}</h2>
        {aside ? <p className="min-w-0 flex-1 basis-60 text-cap text-ink-3">{aside}</p> : null}
        {end ? <p className="ml-auto flex-none text-cap text-ink-3">{end}</p> : null}
      </div>
      {children}
    </section>
  );
}
