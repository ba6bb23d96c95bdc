import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Tier } from "@/ipc";
import { cx } from "@/lib/cx";
import type { Sort } from "./data-table";
import { type Fit, fitColumns, rowAfterKey } from "./data-table-columns";
import { Edge, isForTable, useTableWidth } from "./data-table-parts";
import { Skeleton } from "./skeleton";

const PAGE = 15;
/** Up to this many rows all are in the page: found by Ctrl-F, printed, read aloud. Beyond it only those in view. */
const VIRTUAL_FROM = 200;

export interface PagedColumn<Row> extends Fit {
  header: string;
  align?: "right";
  /** Takes the room that is left; `width` is its least. */
  grow?: boolean;
  /** Whether the list can be sorted by it. */
  sortable?: boolean;
  /** Whether the first click on its head sorts downwards: the most, the newest first. */
  downFirst?: boolean;
  cell: (row: Row) => ReactNode;
}

/** Rows that come a page at a time. */
export interface Pages<Row> {
  /** How many rows there are. */
  count: number;
  /** The row at a place, once it has come. */
  rowAt: (place: number) => Row | undefined;
  /** Says which places are in view. */
  onRange: (first: number, last: number) => void;
  /** Changes when the list becomes another one: it begins at its top again. */
  list: string;
}

/**
 * A list as long as it likes: only the rows in view are in the page, and only their pages are asked for. Keys as in the
 * other tables: J K arrows Page Home End Enter.
 */
export function PagedTable<Row>({
  label,
  pages,
  columns,
  rowId,
  tierOf,
  sort,
  onSort,
  onOpen,
  height,
  focusRef,
}: {
  /** Names the table. */
  label: string;
  pages: Pages<Row>;
  columns: readonly PagedColumn<Row>[];
  rowId: (row: Row) => string;
  /** The tier whose edge a row has; nothing for none. */
  tierOf?: (row: Row) => Tier | null;
  sort: Sort;
  onSort: (sort: Sort) => void;
  onOpen?: (row: Row) => void;
  /** Of a row, in pixels. */
  height: number;
  focusRef?: RefObject<(() => void) | null>;
}) {
  const { count, rowAt, onRange, list } = pages;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useTableWidth(scroller);
  const shown = useMemo(() => fitColumns(columns, width - 32), [columns, width]);
  const [active, setActive] = useState(-1);

  const virtual = count > VIRTUAL_FROM;
  const virtualizer = useVirtualizer({
    count: virtual ? count : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    scrollPaddingStart: 32,
    initialRect: { width: 1200, height: 800 },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: on another height all places move
  useEffect(() => virtualizer.measure(), [height, virtualizer]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top
  useEffect(() => {
    setActive(-1);
    scroller.current?.scrollTo?.({ top: 0 });
  }, [list]);

  const items = virtual ? virtualizer.getVirtualItems() : null;
  const first = items?.[0]?.index ?? 0;
  const last = items ? (items.at(-1)?.index ?? 0) : Math.max(count - 1, 0);
  useEffect(() => onRange(first, last), [onRange, first, last]);
  const before = items?.[0]?.start ?? 0;
  const after = items ? virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;
  const places = items ? items.map((item) => item.index) : Array.from({ length: count }, (_, place) => place);

  const element = useCallback(
    (place: number) => scroller.current?.querySelector<HTMLElement>(`tr[data-place="${place}"]`) ?? null,
    [],
  );
  const pending = useRef<number | null>(null);
  useEffect(() => {
    if (pending.current === null) return;
    const found = element(pending.current);
    if (!found) return;
    pending.current = null;
    found.focus({ preventScroll: true });
  });
  const go = useCallback(
    (place: number) => {
      setActive(place);
      if (virtual) virtualizer.scrollToIndex(place);
      else element(place)?.scrollIntoView({ block: "nearest" });
      pending.current = place;
      element(place)?.focus({ preventScroll: true });
    },
    [virtual, virtualizer, element],
  );
  if (focusRef) focusRef.current = () => go(Math.max(active, 0));

  // J and K work from anywhere on the screen; the other keys only on a row.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isForTable(event)) return;
      const onRow =
        event.target instanceof Element && scroller.current?.contains(event.target.closest("tr[data-place]"));
      const letter = event.key.toLowerCase();
      if (letter === "j" || letter === "k" || onRow) {
        const next = rowAfterKey(event.key, active, count, PAGE);
        if (next !== null) {
          event.preventDefault();
          go(next);
          return;
        }
      }
      const row = rowAt(active);
      if (onRow && row !== undefined && event.key === "Enter") {
        event.preventDefault();
        onOpen?.(row);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [active, count, rowAt, go, onOpen]);

  const tabStop = active >= first && active <= last ? active : first;
  return (
    <div ref={scroller} className="h-full overflow-auto scroll-pt-8 print:h-auto print:overflow-visible">
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows take focus, which is a grid
        role="grid"
        aria-label={label}
        aria-rowcount={count + 1}
        className="w-full table-fixed border-separate border-spacing-0 text-cap"
        style={{ minWidth: shown.reduce((sum, column) => sum + column.width, 16) }}
      >
        <colgroup>
          {shown.map((column, i) => (
            <col key={column.id} style={column.grow ? undefined : { width: column.width + (i === 0 ? 16 : 0) }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {shown.map((column, i) => (
              <Head
                key={column.id}
                column={column}
                sort={sort}
                onSort={onSort}
                className={cx(i === 0 && "pl-6", i === shown.length - 1 && "pr-4")}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={before} span={shown.length} />
          {places.map((index) => {
            const row = rowAt(index);
            const edge = row === undefined || !tierOf ? null : tierOf(row);
            return (
              <tr
                key={index}
                data-place={index}
                data-row={row === undefined ? undefined : rowId(row)}
                aria-rowindex={index + 2}
                aria-busy={row === undefined || undefined}
                tabIndex={index === tabStop ? 0 : -1}
                onFocus={(event) => {
                  if (event.target === event.currentTarget) setActive(index);
                }}
                onClick={(event) => {
                  if (row === undefined || window.getSelection()?.toString()) return;
                  if (event.target instanceof Element && event.target.closest("a, button")) return;
                  setActive(index);
                  onOpen?.(row);
                }}
                className={cx("-outline-offset-2 group", row !== undefined && "hover:bg-hover")}
              >
                {shown.map((column, c) => (
                  <td
                    key={column.id}
                    style={{ height }}
                    className={cx(
                      "truncate border-line border-b px-2 py-0 text-ink-2",
                      column.align === "right" && "text-right tabular-nums",
                      c === 0 && "relative pl-6",
                      c === shown.length - 1 && "pr-4",
                    )}
                  >
                    {row === undefined ? (
                      <Skeleton className={cx("h-3", column.align === "right" ? "ml-auto w-8" : "w-2/3")} />
                    ) : (
                      <>
                        {c === 0 && edge !== null ? <Edge tier={edge} /> : null}
                        {column.cell(row)}
                      </>
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
          <Gap height={after} span={shown.length} />
        </tbody>
      </table>
    </div>
  );
}

/** The place of rows that are not in view. */
function Gap({ height, span }: { height: number; span: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: it is empty and takes no focus
    <tr aria-hidden="true">
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

function Head<Row>({
  column,
  sort,
  onSort,
  className,
}: {
  column: PagedColumn<Row>;
  sort: Sort;
  onSort: (sort: Sort) => void;
  className: string;
}) {
  const on = sort.id === column.id;
  const Arrow = sort.desc ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={on ? (sort.desc ? "descending" : "ascending") : column.sortable ? "none" : undefined}
      className={cx(
        "sticky top-0 z-10 h-8 whitespace-nowrap border-line-2 border-b bg-canvas px-2 font-medium",
        on ? "text-ink" : "text-ink-3",
        column.align === "right" ? "text-right" : "text-left",
        className,
      )}
    >
      {column.sortable ? (
        <button
          type="button"
          className="inline-flex h-7 max-w-full items-center gap-1 truncate rounded-sm hover:text-ink"
          onClick={() => onSort({ id: column.id, desc: on ? !sort.desc : (column.downFirst ?? false) })}
        >
          {column.header}
          {on ? <Arrow size={12} strokeWidth={2.1} aria-hidden="true" /> : null}
        </button>
      ) : (
        column.header
      )}
    </th>
  );
}
