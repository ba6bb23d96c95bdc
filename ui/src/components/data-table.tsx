import { createSortedRowModel, rowSortingFeature, tableFeatures, useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp, Check, Minus } from "lucide-react";
import { type ReactNode, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Tier } from "@/ipc";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { type Fit, fitColumns, rowAfterKey } from "./data-table-columns";
import { Edge, isForTable, usePrinting, useRowHeight, useTableWidth } from "./data-table-parts";

/** Up to this many rows all are in the page: found by Ctrl-F, printed, read aloud. Beyond it only those in view. */
const VIRTUAL_FROM = 200;
const PAGE = 15;

export interface Column<Row> extends Fit {
  header: string;
  align?: "right";
  /** Takes the room that is left; `width` is its least. */
  grow?: boolean;
  /** Sortable when given; ascending. */
  compare?: (a: Row, b: Row) => number;
  cell: (row: Row) => ReactNode;
}

export interface Sort {
  id: string;
  desc: boolean;
}

interface DataTableProps<Row> {
  /** Names the table. */
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowId: (row: Row) => string;
  /** Names a row, for its checkbox. */
  rowName: (row: Row) => string;
  tierOf: (row: Row) => Tier;
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** The row that is open beside the table. */
  open?: string | null;
  onOpen: (id: string) => void;
  onClose?: () => void;
  selection?: ReadonlySet<string>;
  onSelection?: (selection: ReadonlySet<string>) => void;
  /** Where to put the focus when what was open closes. */
  focusRef?: RefObject<(() => void) | null>;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

function Checkbox({
  label,
  state,
  onToggle,
}: {
  label: string;
  state: "on" | "off" | "some";
  onToggle: (range: boolean) => void;
}) {
  const range = useRef(false);
  return (
    // The label is the target: 24 px and more.
    // biome-ignore lint/a11y/useKeyWithClickEvents: it only keeps the row from opening
    <label className="-ml-1.5 flex size-6.5 items-center justify-center" onClick={(event) => event.stopPropagation()}>
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={label}
        checked={state === "on"}
        ref={(element) => {
          if (element) element.indeterminate = state === "some";
        }}
        onClick={(event) => {
          range.current = event.shiftKey;
        }}
        onChange={() => onToggle(range.current)}
        className="peer sr-only"
      />
      <span
        className={cx(
          "forced-keep flex size-3.5 items-center justify-center rounded-sm border peer-focus-visible:outline-2 peer-focus-visible:outline-accent peer-focus-visible:outline-offset-2",
          state === "off" ? "border-line-3 bg-surface" : "border-accent bg-accent text-accent-ink",
        )}
      >
        {state === "on" ? <Check size={10} strokeWidth={3} aria-hidden="true" /> : null}
        {state === "some" ? <Minus size={10} strokeWidth={3} aria-hidden="true" /> : null}
      </span>
    </label>
  );
}

/** Rows of findings or vendors: sticky head, sorting, keys (J K arrows Enter X), selection; it drops columns when narrow. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const {
    label,
    rows,
    columns,
    rowId,
    rowName,
    tierOf,
    sort,
    onSort,
    open = null,
    onOpen,
    onClose,
    selection,
    onSelection,
    focusRef,
  } = props;
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useTableWidth(scroller);
  const height = useRowHeight();
  const printing = usePrinting();
  const selectable = selection !== undefined && onSelection !== undefined;
  const shown = useMemo(() => fitColumns(columns, width - (selectable ? 46 : 24) - 8), [columns, width, selectable]);

  const data = rows as Row[];
  const definitions = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        accessorFn: (row: Row) => rowId(row),
        enableSorting: column.compare !== undefined,
        sortFn: (a: { original: Row }, b: { original: Row }) => column.compare?.(a.original, b.original) ?? 0,
      })),
    [columns, rowId],
  );
  const table = useTable({
    features,
    data,
    columns: definitions,
    getRowId: rowId,
    state: { sorting: [sort] },
  } as never) as unknown as { getRowModel(): { rows: { id: string; original: Row }[] } };
  const sorted = table.getRowModel().rows;

  const [active, setActive] = useState<string | null>(null);
  const index = useMemo(() => new Map(sorted.map((row, i) => [row.id, i])), [sorted]);
  const activeIndex = index.get(open ?? active ?? "") ?? index.get(active ?? "") ?? -1;

  const virtual = sorted.length > VIRTUAL_FROM && !printing;
  const virtualizer = useVirtualizer({
    count: virtual ? sorted.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    scrollPaddingStart: height,
    initialRect: { width: 1200, height: 800 },
  });
  const items = virtual ? virtualizer.getVirtualItems() : null;
  const before = items?.[0]?.start ?? 0;
  const after = items ? virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;

  const rowElement = useCallback((id: string) => {
    for (const row of scroller.current?.querySelectorAll<HTMLElement>("tr[data-row]") ?? []) {
      if (row.dataset.row === id) return row;
    }
    return null;
  }, []);
  const reveal = useCallback(
    (row: number) => {
      if (virtual) virtualizer.scrollToIndex(row);
      else {
        const id = sorted[row]?.id;
        if (id !== undefined) rowElement(id)?.scrollIntoView({ block: "nearest" });
      }
    },
    [virtual, virtualizer, sorted, rowElement],
  );
  const pendingFocus = useRef<string | null>(null);
  useEffect(() => {
    const id = pendingFocus.current;
    if (id === null) return;
    const element = rowElement(id);
    if (element) {
      pendingFocus.current = null;
      element.focus({ preventScroll: true });
    }
  });

  const go = useCallback(
    (row: number, focus: boolean) => {
      const id = sorted[row]?.id;
      if (id === undefined) return;
      setActive(id);
      reveal(row);
      if (open !== null) onOpen(id);
      else if (focus) {
        pendingFocus.current = id;
        rowElement(id)?.focus({ preventScroll: true });
      }
    },
    [sorted, open, onOpen, reveal, rowElement],
  );

  const toggle = useCallback(
    (id: string, range: boolean) => {
      if (!selection || !onSelection) return;
      const next = new Set(selection);
      const on = !selection.has(id);
      const from = index.get(active ?? "");
      const to = index.get(id);
      const ids =
        range && from !== undefined && to !== undefined
          ? sorted.slice(Math.min(from, to), Math.max(from, to) + 1).map((row) => row.id)
          : [id];
      for (const each of ids) {
        if (on) next.add(each);
        else next.delete(each);
      }
      setActive(id);
      onSelection(next);
    },
    [selection, onSelection, active, index, sorted],
  );

  if (focusRef) {
    focusRef.current = () => {
      const id = open ?? active ?? sorted[0]?.id;
      if (id === undefined) return;
      setActive(id);
      pendingFocus.current = id;
      rowElement(id)?.focus({ preventScroll: true });
    };
  }

  // J and K work from anywhere on the screen; the other keys only on a row.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isForTable(event)) return;
      const onRow = event.target instanceof Element && event.target.closest("tr[data-row]") !== null;
      const letter = event.key.toLowerCase();
      if (letter === "j" || letter === "k" || onRow) {
        const next = rowAfterKey(event.key, activeIndex, sorted.length, PAGE);
        if (next !== null) {
          event.preventDefault();
          go(next, true);
          return;
        }
      }
      const id = sorted[activeIndex]?.id;
      if (onRow && id !== undefined && event.key === "Enter") {
        event.preventDefault();
        onOpen(id);
      } else if (id !== undefined && selectable && (letter === "x" || (onRow && event.key === " "))) {
        event.preventDefault();
        toggle(id, event.shiftKey);
      } else if (event.key === "Escape") {
        if (open !== null) onClose?.();
        else if (selection && selection.size > 0) onSelection?.(new Set());
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [activeIndex, sorted, go, onOpen, onClose, open, selectable, selection, onSelection, toggle]);

  // Opened by a link: bring its row into view once.
  const opened = useRef<string | null>(null);
  useEffect(() => {
    if (open === opened.current) return;
    opened.current = open;
    const row = open === null ? undefined : index.get(open);
    if (row !== undefined) reveal(row);
  }, [open, index, reveal]);

  const visible = items
    ? items.map((item) => ({ row: sorted[item.index], i: item.index }))
    : sorted.map((row, i) => ({ row, i }));
  const chosen = selection ? sorted.filter((row) => selection.has(row.id)).length : 0;
  const tabStop =
    activeIndex < 0
      ? (visible[0]?.i ?? 0)
      : visible.some(({ i }) => i === activeIndex)
        ? activeIndex
        : (visible[0]?.i ?? 0);
  const span = shown.length + (selectable ? 1 : 0);

  return (
    <div
      ref={scroller}
      className={cx(
        "h-full overflow-auto scroll-pt-8 print:h-auto print:overflow-visible",
        // Room for the bar of the chosen rows, which floats over the last ones.
        selection && selection.size > 0 && "scroll-pb-14 pb-14",
      )}
    >
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows take focus and selection, which is a grid
        role="grid"
        aria-label={label}
        aria-rowcount={sorted.length + 1}
        aria-multiselectable={selectable || undefined}
        className="w-full table-fixed border-separate border-spacing-0 text-cap"
        style={{ minWidth: shown.reduce((sum, column) => sum + column.width, selectable ? 46 : 16) }}
      >
        <colgroup>
          {selectable ? <col className="w-11.5" /> : null}
          {shown.map((column, i) => (
            <col
              key={column.id}
              style={column.grow ? undefined : { width: column.width + (!selectable && i === 0 ? 16 : 0) }}
            />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {selectable ? (
              <th scope="col" className="sticky top-0 z-10 h-8 border-line-2 border-b bg-canvas pl-6">
                <Checkbox
                  label={t("findings.table.select-all")}
                  state={chosen === 0 ? "off" : chosen === sorted.length ? "on" : "some"}
                  onToggle={() =>
                    onSelection?.(chosen === sorted.length ? new Set() : new Set(sorted.map((row) => row.id)))
                  }
                />
              </th>
            ) : null}
            {shown.map((column, i) => {
              const on = sort.id === column.id;
              return (
                <th
                  key={column.id}
                  scope="col"
                  aria-sort={on ? (sort.desc ? "descending" : "ascending") : column.compare ? "none" : undefined}
                  className={cx(
                    "sticky top-0 z-10 h-8 whitespace-nowrap border-line-2 border-b bg-canvas px-2 font-medium",
                    on ? "text-ink" : "text-ink-3",
                    column.align === "right" ? "text-right" : "text-left",
                    !selectable && i === 0 && "pl-6",
                    i === shown.length - 1 && "pr-4",
                  )}
                >
                  {column.compare ? (
                    <button
                      type="button"
                      className="inline-flex h-7 max-w-full items-center gap-1 truncate rounded-sm hover:text-ink"
                      onClick={() => onSort({ id: column.id, desc: on ? !sort.desc : false })}
                    >
                      {column.header}
                      {on ? (
                        sort.desc ? (
                          <ArrowDown size={12} strokeWidth={2.1} aria-hidden="true" />
                        ) : (
                          <ArrowUp size={12} strokeWidth={2.1} aria-hidden="true" />
                        )
                      ) : null}
                    </button>
                  ) : (
                    column.header
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {before > 0 ? (
            // biome-ignore lint/a11y/noAriaHiddenOnFocusable: it is empty and takes no focus
            <tr aria-hidden="true">
              <td colSpan={span} style={{ height: before }} />
            </tr>
          ) : null}
          {visible.map(({ row, i }) => {
            if (!row) return null;
            const selected = selection?.has(row.id) ?? false;
            const current = open === row.id;
            return (
              <tr
                key={row.id}
                data-row={row.id}
                aria-rowindex={i + 2}
                aria-selected={selectable ? selected : undefined}
                aria-current={current || undefined}
                tabIndex={i === tabStop ? 0 : -1}
                onFocus={(event) => {
                  if (event.target === event.currentTarget) setActive(row.id);
                }}
                onClick={(event) => {
                  if (window.getSelection()?.toString()) return;
                  if (event.target instanceof Element && event.target.closest("a, button")) return;
                  setActive(row.id);
                  onOpen(row.id);
                }}
                className={cx(
                  "-outline-offset-2 group",
                  current || selected ? "bg-accent-tint" : "hover:bg-hover",
                  current && "[&>td]:border-accent-line [&>td]:border-t [&>td]:border-b-accent-line",
                )}
              >
                {selectable ? (
                  <td className="relative h-row border-line border-b py-0 pl-6">
                    <Edge tier={tierOf(row.original)} />
                    <Checkbox
                      label={t("findings.table.select", { name: rowName(row.original) })}
                      state={selected ? "on" : "off"}
                      onToggle={(range) => toggle(row.id, range)}
                    />
                  </td>
                ) : null}
                {shown.map((column, c) => (
                  <td
                    key={column.id}
                    className={cx(
                      "h-row truncate border-line border-b px-2 py-0 text-ink-2",
                      column.align === "right" && "text-right tabular-nums",
                      !selectable && c === 0 && "relative pl-6",
                      c === shown.length - 1 && "pr-4",
                    )}
                  >
                    {!selectable && c === 0 ? <Edge tier={tierOf(row.original)} /> : null}
                    {column.cell(row.original)}
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 ? (
            // biome-ignore lint/a11y/noAriaHiddenOnFocusable: it is empty and takes no focus
            <tr aria-hidden="true">
              <td colSpan={span} style={{ height: after }} />
            </tr>
          ) : null}
        </tbody>
      </table>
    </div>
  );
}
