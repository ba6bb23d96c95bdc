// What every table is made of: its width, the height of its rows, which keys are for it, the edge in a tier's colour.
import { type RefObject, useEffect, useLayoutEffect, useState } from "react";
import { flushSync } from "react-dom";
import type { Tier } from "@/ipc";

/** A key pressed where somebody types or inside a floating panel is not for the table. */
export function isForTable(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target;
  if (!(target instanceof Element)) return true;
  return (
    target.closest(
      "input:not([type=checkbox]), textarea, select, [contenteditable], dialog, [role=menu], [role=slider], [data-own-keys], [data-radix-popper-content-wrapper]",
    ) === null
  );
}

/** The width a table has, kept current. */
export function useTableWidth(ref: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => setWidth(element.clientWidth || Number.POSITIVE_INFINITY);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}

/** The height of a row as the tokens have it. */
export function useRowHeight(): number {
  const [height] = useState(() => {
    const text = getComputedStyle(document.documentElement).getPropertyValue("--row");
    return Number.parseInt(text, 10) || 32;
  });
  return height;
}

/** Whether the page is being printed: then all rows must be in it. */
export function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const before = () => flushSync(() => setPrinting(true));
    const after = () => setPrinting(false);
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
    return () => {
      window.removeEventListener("beforeprint", before);
      window.removeEventListener("afterprint", after);
    };
  }, []);
  return printing;
}

/** The 3 px in a tier's colour at the left of a row; rows themselves are never tinted by tier. */
export function Edge({ tier }: { tier: Tier }) {
  return (
    <span
      data-tier={tier}
      data-bar=""
      aria-hidden="true"
      className="absolute inset-y-0.75 left-0 w-edge rounded-r-xs bg-tier-e"
    />
  );
}
