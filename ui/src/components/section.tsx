import { ChevronDown } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { cx } from "@/lib/cx";

const KEY = "interdict.sections";

function closedOnes(): Set<string> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return new Set(Array.isArray(stored) ? stored.map(String) : []);
  } catch {
    return new Set();
  }
}

/** A section of the flyout that can be folded away, and stays so. */
export function Section({
  name,
  title,
  aside,
  usuallyClosed = false,
  children,
}: {
  /** What it is remembered by. */
  name: string;
  title: string;
  aside?: ReactNode;
  usuallyClosed?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  // What is remembered are departures from the usual.
  const [open, setOpen] = useState(() => closedOnes().has(name) === usuallyClosed);
  const toggle = () => {
    const next = closedOnes();
    if (next.has(name)) next.delete(name);
    else next.add(name);
    try {
      localStorage.setItem(KEY, JSON.stringify([...next]));
    } catch {
      // Remembering is a comfort only.
    }
    setOpen(!open);
  };
  return (
    <section className="border-line border-b py-2 last:border-0">
      <h3 className="font-semibold text-cap text-ink-2">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={toggle}
          className="group -mx-1 flex min-h-7 w-[calc(100%+8px)] items-center gap-2 rounded-sm px-1 text-left"
        >
          {title}
          {aside ? <span className="min-w-0 truncate font-normal text-ink-3">{aside}</span> : null}
          <ChevronDown
            size={14}
            aria-hidden="true"
            data-print="hide"
            className={cx(
              "ml-auto text-ink-3 transition-transform",
              open ? "opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100" : "-rotate-90",
            )}
          />
        </button>
      </h3>
      <div id={id} className={cx("pb-1", open ? "block" : "hidden")}>
        {children}
      </div>
    </section>
  );
}
