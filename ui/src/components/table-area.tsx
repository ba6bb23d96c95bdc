import type { ReactNode } from "react";
import { ErrorNotice } from "./error-notice";
import { SkeletonLines } from "./skeleton";

/** The place of a table: the error of its rows, the lines of waiting, why there is nothing to show, or the table. */
export function TableArea({
  query,
  errorTitle,
  loading = <SkeletonLines lines={12} className="p-6" />,
  empty,
  children,
}: {
  query: { isError: boolean; isPending: boolean; error: unknown; refetch: () => unknown };
  errorTitle: string;
  loading?: ReactNode;
  /** Stands in place of the table when given. */
  empty: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="min-h-0 flex-1 border-line border-t">
      {query.isError ? (
        <div className="p-6">
          <ErrorNotice error={query.error} title={errorTitle} onRetry={() => void query.refetch()} />
        </div>
      ) : query.isPending ? (
        loading
      ) : (
        (empty ?? children)
      )}
    </div>
  );
}
