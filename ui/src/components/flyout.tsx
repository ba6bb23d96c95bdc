import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";

const LEAST = 400;
const MOST = 760;
const USUAL = 480;
/** Below this width of the place it stands in, it covers everything and holds the focus. */
const COVERS_BELOW = 800;
const KEY = "interdict.flyout";

function remembered(): number {
  try {
    const width = Number(localStorage.getItem(KEY));
    return width >= LEAST && width <= MOST ? width : USUAL;
  } catch {
    return USUAL;
  }
}

const FOCUSABLE = 'a[href], button:not([disabled]), input, [tabindex]:not([tabindex="-1"])';

/** A panel at the right of a table. Resizable; Esc closes; wide it leaves the table usable, narrow it holds the focus. */
export function Flyout({
  labelledBy,
  onClose,
  header,
  footer,
  children,
  ref,
}: {
  labelledBy: string;
  onClose: () => void;
  header: ReactNode;
  footer?: ReactNode;
  children: ReactNode;
  ref?: Ref<HTMLDivElement>;
}) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(remembered);
  const [covers, setCovers] = useState(false);
  useImperativeHandle(ref, () => box.current as HTMLDivElement);

  useEffect(() => {
    const place = box.current?.parentElement;
    if (!place) return;
    const measure = () => setCovers(place.clientWidth > 0 && place.clientWidth < COVERS_BELOW);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(place);
    return () => observer.disconnect();
  }, []);

  // Focus goes in once, when it opens; moving to the next finding keeps it where it is.
  useEffect(() => {
    box.current?.focus({ preventScroll: true });
  }, []);

  const resize = (next: number) => {
    const place = box.current?.parentElement?.clientWidth || MOST * 2;
    const limited = Math.round(Math.min(Math.max(next, LEAST), MOST, Math.max(LEAST, place - 420)));
    setWidth(limited);
    try {
      localStorage.setItem(KEY, String(limited));
    } catch {
      // Remembering is a comfort only.
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    }
    if (event.key !== "Tab" || !covers) return;
    const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((stop) => stop.offsetParent);
    const first = stops[0];
    const last = stops.at(-1);
    if (event.shiftKey && (document.activeElement === first || document.activeElement === box.current)) {
      event.preventDefault();
      last?.focus();
    } else if (!event.shiftKey && document.activeElement === last) {
      event.preventDefault();
      first?.focus();
    }
  };

  return (
    <div
      ref={box}
      role="dialog"
      aria-modal={covers || undefined}
      aria-labelledby={labelledBy}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className={cx(
        "z-20 flex h-full min-w-0 flex-none animate-slide-in flex-col border-line-2 border-l bg-surface shadow-fly outline-none",
        covers ? "absolute inset-0" : "relative",
        "print:static print:w-full print:border-0 print:shadow-none",
      )}
      style={covers ? undefined : { width }}
    >
      {covers ? null : (
        <div
          role="separator"
          aria-orientation="vertical"
          aria-label={t("findings.flyout.resize")}
          aria-valuenow={width}
          aria-valuemin={LEAST}
          aria-valuemax={MOST}
          tabIndex={0}
          data-print="hide"
          className="-left-1 absolute inset-y-0 z-10 w-2 cursor-col-resize hover:bg-accent-line focus-visible:bg-accent-line"
          onDoubleClick={() => resize(USUAL)}
          onKeyDown={(event) => {
            if (event.key === "ArrowLeft") resize(width + 16);
            else if (event.key === "ArrowRight") resize(width - 16);
            else return;
            event.preventDefault();
          }}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onPointerMove={(event) => {
            if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
            const right = box.current?.getBoundingClientRect().right ?? 0;
            resize(right - event.clientX);
          }}
        />
      )}
      <header className="border-line border-b py-3 pr-3 pl-5">{header}</header>
      <div className="min-h-0 flex-1 overflow-y-auto overflow-x-hidden overscroll-contain px-5 print:overflow-visible">
        {children}
      </div>
      {footer ? (
        <footer
          data-print="hide"
          className="flex h-9 flex-none items-center gap-2 border-line border-t pr-3 pl-5 text-cap text-ink-3"
        >
          {footer}
        </footer>
      ) : null}
    </div>
  );
}
