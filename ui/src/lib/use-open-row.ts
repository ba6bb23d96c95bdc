import { useNavigate, useParams } from "@tanstack/react-router";
import { useCallback, useRef } from "react";

/** The filters and the order stay in the address while rows open and close. */
const keep = (old: Record<string, unknown>) => old;

/** The row open beside its table, kept in the address `/list/id`. Closing it gives the focus back to the table. */
export function useOpenRow(list: "/findings" | "/restrictions") {
  const navigate = useNavigate();
  const { id: open = null } = useParams({ strict: false }) as { id?: string };
  const focusTable = useRef<(() => void) | null>(null);
  const show = useCallback(
    (id: string) =>
      // From row to row going back leads to the table, not through every row seen.
      void navigate({ to: `${list}/$id`, params: { id }, search: keep, replace: open !== null } as never),
    [navigate, list, open],
  );
  const close = useCallback(() => {
    focusTable.current?.();
    void navigate({ to: list, search: keep } as never);
  }, [navigate, list]);
  return { open, show, close, focusTable };
}
