import {
  keepPreviousData,
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useMemo } from "react";
import { backend, type Context, type SettingsPatch } from "@/ipc";
import { useContext } from "./context";
import { STATUS_KEY } from "./queries-status";

export { useStatus } from "./queries-status";

/** Answers come from a local database: never stale by age, only when it says so (data-changed). */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 5 * 60_000,
        retry: false,
        refetchOnWindowFocus: false,
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}

function useAsked(): Context {
  const { profiles, as_of } = useContext();
  return { profiles, as_of };
}

export function useOverview() {
  const context = useAsked();
  return useQuery({
    queryKey: ["overview_get", context],
    queryFn: () => backend.call("overview_get", context),
    placeholderData: keepPreviousData,
  });
}

/** All findings; with those on one machine, where one is named. */
export function useFindings(machine: string | null = null) {
  const context = useAsked();
  return useQuery({
    queryKey: ["findings_list", context, machine],
    queryFn: () => backend.call("findings_list", { context, machine }),
    placeholderData: keepPreviousData,
  });
}

/** At most so many machines are offered to choose from at once. */
const OFFERED = 50;

/** The machines that have findings and some letters in their name, worst first. */
export function useMachinesToChoose(text: string) {
  const context = useAsked();
  const query = {
    text,
    systems: [],
    tiers: [],
    seen: [],
    told_by: [],
    without: [],
    answers: [],
    sort: "tier",
    descending: false,
  };
  return useQuery({
    queryKey: ["machines_list", context, query, "to-choose"],
    queryFn: () => backend.call("machines_list", { context, query, offset: 0, limit: OFFERED }),
    placeholderData: keepPreviousData,
  });
}

export function useFinding(id: string) {
  const context = useAsked();
  return useQuery({
    queryKey: ["finding_get", id, context],
    queryFn: () => backend.call("finding_get", { context, id }),
    placeholderData: (old, query) => (query?.queryKey[1] === id ? old : undefined),
  });
}

/** The machines of a finding after the first ones, a part at a time. */
export function useMoreMachines(id: string, from: number, limit: number) {
  const context = useAsked();
  const parts = useInfiniteQuery({
    queryKey: ["finding_machines", id, context, from],
    queryFn: ({ pageParam }) => backend.call("finding_machines", { context, id, offset: pageParam, limit }),
    initialPageParam: from,
    getNextPageParam: (last, _, offset) =>
      offset + last.machines.length < last.total ? offset + last.machines.length : undefined,
    enabled: false,
  });
  const machines = useMemo(() => parts.data?.pages.flatMap((part) => part.machines) ?? [], [parts.data]);
  return {
    machines,
    pending: parts.isFetching,
    next: () => (parts.data === undefined ? parts.refetch() : parts.fetchNextPage()),
  };
}

export function useVendors() {
  const context = useAsked();
  return useQuery({
    queryKey: ["vendors_list", context],
    queryFn: () => backend.call("vendors_list", context),
    placeholderData: keepPreviousData,
  });
}

export function useVendor(id: string) {
  const context = useAsked();
  return useQuery({
    queryKey: ["vendor_get", id, context],
    queryFn: () => backend.call("vendor_get", { context, id }),
    placeholderData: (old, query) => (query?.queryKey[1] === id ? old : undefined),
  });
}

export function useMachine(id: string) {
  const context = useAsked();
  return useQuery({
    queryKey: ["machine_get", id, context],
    queryFn: () => backend.call("machine_get", { context, id }),
    placeholderData: (old, query) => (query?.queryKey[1] === id ? old : undefined),
  });
}

export function useFamily(id: string) {
  const context = useAsked();
  return useQuery({
    queryKey: ["software_get", id, context],
    queryFn: () => backend.call("software_get", { context, id }),
    placeholderData: (old, query) => (query?.queryKey[1] === id ? old : undefined),
  });
}

export function useRestrictions() {
  const context = useAsked();
  return useQuery({
    queryKey: ["restrictions_list", context],
    queryFn: () => backend.call("restrictions_list", context),
    placeholderData: keepPreviousData,
  });
}

export function useRestriction(id: string) {
  const context = useAsked();
  return useQuery({
    queryKey: ["restriction_get", id, context],
    queryFn: () => backend.call("restriction_get", { context, id }),
    placeholderData: (old, query) => (query?.queryKey[1] === id ? old : undefined),
  });
}

/** Saves profiles or theme; the answer is the new status. */
export function useSaveSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (patch: Partial<SettingsPatch>) =>
      backend.call("settings_save", { profiles: null, theme: null, ...patch }),
    onSuccess: (status) => client.setQueryData(STATUS_KEY, status),
  });
}
