import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

export interface PlainColumn<Row> {
  id: string;
  header: string;
  /** Its share of the width, as CSS takes it; what is left where not given. */
  width?: string;
  align?: "right";
  /** Stands apart from the numbers before it. */
  apart?: boolean;
  cell: (row: Row) => ReactNode;
}

/** A few rows as they are: no sorting, no selection. It scrolls sideways rather than squeeze its columns. */
export function PlainTable<Row>({
  label,
  rows,
  columns,
  rowId,
  minWidth = "min-w-180",
  className,
  dim,
}: {
  label: string;
  rows: readonly Row[];
  columns: readonly PlainColumn<Row>[];
  rowId: (row: Row, index: number) => string;
  minWidth?: string;
  className?: string;
  /** Rows that no longer count. */
  dim?: (row: Row) => boolean;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the focus
    <section aria-label={label} tabIndex={0} className={cx("overflow-auto print:overflow-visible", className)}>
      <table className={cx("w-full table-fixed border-separate border-spacing-0 text-cap", minWidth)}>
        <caption className="sr-only">{label}</caption>
        <colgroup>
          {columns.map((column) => (
            <col key={column.id} style={column.width ? { width: column.width } : undefined} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={cx(
                  "sticky top-0 z-10 h-7 truncate border-line-2 border-b bg-canvas px-2 text-left font-medium text-ink-2 first:pl-0 last:pr-0",
                  column.align === "right" && "text-right",
                  column.apart && "pl-6",
                )}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={rowId(row, index)} className={dim?.(row) ? "text-ink-3" : "text-ink-2"}>
              {columns.map((column) => (
                <td
                  key={column.id}
                  className={cx(
                    "h-row-dense truncate border-line border-b px-2 py-1 first:pl-0 last:pr-0",
                    column.align === "right" && "text-right tabular-nums",
                    column.apart && "pl-6",
                  )}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A text that is cut off where it is too long, whole on hover. */
export function Cut({ children, className }: { children: string | null; className?: string }) {
  return children ? (
    <span title={children} className={className}>
      {children}
    </span>
  ) : (
    <span className="text-ink-3">–</span>
  );
}

/** A part of a screen, under a heading and a hairline. */
export function Part({
  title,
  aside,
  actions,
  children,
}: {
  title: string;
  aside?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="border-line border-t pt-3 pb-5">
      <div className="mb-1.5 flex min-h-7 flex-wrap items-center gap-x-3">
        <h2 className="font-semibold text-sec tracking-sec">{title}</h2>
        {aside ? <p className="min-w-0 text-cap text-ink-3">{aside}</p> : null}
        {actions ? <span className="ml-auto flex gap-2">{actions}</span> : null}
      </div>
      {children}
    </section>
  );
}

/** Facts side by side, each under its name. */
export function FactRow({ facts }: { facts: ReadonlyArray<[string, ReactNode] | null> }) {
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2 pb-4">
      {facts.map((fact) =>
        fact ? (
          <div key={fact[0]} className="min-w-0">
            <dt className="text-cap text-ink-3">{fact[0]}</dt>
            <dd className="flex min-h-7 items-center">{fact[1]}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}
