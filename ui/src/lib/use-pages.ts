import { useQueries } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import type { Pages } from "@/components/paged-table";

/** Rows in one answer. */
const SIZE = 100;
/** Pages that are out of sight are forgotten after so long: a scroll through a long list must not keep all of it. */
const KEPT = 30_000;

interface Page<Row> {
  rows: readonly Row[];
  total: number;
}

/** A long list, asked for a page at a time as it comes into view. `key` names the list: all that it depends on. */
export function usePages<Row, P extends Page<Row>>(
  key: readonly unknown[],
  fetch: (offset: number, limit: number) => Promise<P>,
) {
  const list = JSON.stringify(key);
  const [range, setRange] = useState({ list, first: 0, last: 0 });
  // Another list begins at its top, whatever was in view of the one before.
  const [first, last] = range.list === list ? [range.first, range.last] : [0, 0];
  const from = Math.floor(first / SIZE);
  const to = Math.floor(last / SIZE);
  // The first page stays: it also knows how many there are.
  const numbers = useMemo(
    () => [...new Set([0, ...Array.from({ length: to - from + 1 }, (_, i) => from + i)])],
    [from, to],
  );
  const answers = useQueries({
    queries: numbers.map((number) => ({
      queryKey: [...key, number] as const,
      queryFn: () => fetch(number * SIZE, SIZE),
      gcTime: KEPT,
    })),
  });
  // What was shown stays until the answer about the new list is there, so that nothing flickers while one types.
  const kept = useRef<P | undefined>(undefined);
  const head = answers[0]?.data ?? kept.current;
  kept.current = head;
  const known = new Map(numbers.map((number, i) => [number, number === 0 ? head : answers[i]?.data]));
  const onRange = useCallback((first: number, last: number) => setRange({ list, first, last }), [list]);
  const pages: Pages<Row> = {
    count: head?.total ?? 0,
    rowAt: (place) => known.get(Math.floor(place / SIZE))?.rows[place % SIZE],
    onRange,
    list,
  };
  const failed = answers.find((answer) => answer.isError);
  return {
    pages,
    /** The first page, with whatever else the answer tells of the list. */
    head,
    query: {
      isError: failed !== undefined,
      isPending: head === undefined,
      error: failed?.error,
      refetch: () => Promise.all(answers.map((answer) => answer.refetch())),
    },
  };
}
