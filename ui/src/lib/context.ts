import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Context } from "@/ipc";
import { isIsoDay, todayIso } from "./days";
import { useStatus } from "./queries-status";

/** What we ask for. It lives in the address (?as_of=&profile=), so that every view is a link. */
export interface AskContext extends Context {
  /** Today, from the program's clock. */
  today: string;
  /** True when another day than today is asked about. */
  isAsOf: boolean;
}

export interface ContextSearch {
  as_of?: string;
  /** Profile ids, comma separated; `research` for none. */
  profile?: string;
}

/** `us-private,de-private` as ids; nobody is the empty list. */
export function parseProfiles(value: string): string[] {
  return [...new Set(value.split(",").map((id) => id.trim()))].filter((id) => id !== "" && id !== "research");
}

export function writeProfiles(ids: readonly string[]): string {
  return ids.length === 0 ? "research" : ids.join(",");
}

export function useContext(): AskContext {
  const search = useSearch({ strict: false }) as ContextSearch;
  const status = useStatus().data;
  const today = status?.today ?? todayIso();
  const saved = status?.settings.profiles;
  const { as_of, profile } = search;
  return useMemo(() => {
    const day = as_of && isIsoDay(as_of) ? as_of : today;
    const profiles = profile ? parseProfiles(profile) : (saved ?? []).filter((id) => id !== "research");
    return { profiles, as_of: day, today, isAsOf: day !== today };
  }, [as_of, profile, saved, today]);
}

/** Asks for another day or as somebody else, on the screen one is on. */
export function useSetContext(): (next: { as_of?: string; profiles?: string[] }) => void {
  const navigate = useNavigate();
  const { today } = useContext();
  return (next) => {
    void navigate({
      to: ".",
      replace: true,
      search: (old: Record<string, unknown>) => {
        const search: Record<string, unknown> = { ...old };
        // Empty, not undefined: the router would take a missing key for "keep what was asked".
        if (next.as_of !== undefined) search.as_of = next.as_of === today ? "" : next.as_of;
        if (next.profiles !== undefined) search.profile = writeProfiles(next.profiles);
        return search;
      },
    } as Parameters<typeof navigate>[0]);
  };
}
