// The watched folder: asked for now and then while something may happen to it, since it tells of nothing by itself.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { backend, type WatchStatus } from "@/ipc";

const WATCH_KEY = ["watch_get"] as const;

/** Whether a program looks after the folder, or tries to. */
export function isWatched(watch: WatchStatus | undefined): boolean {
  return watch !== undefined && watch.phase !== "off" && watch.phase !== "failed";
}

export function useWatch() {
  return useQuery({
    queryKey: WATCH_KEY,
    queryFn: () => backend.call("watch_get", {}),
    refetchInterval: (query) => (isWatched(query.state.data) ? 2_000 : false),
  });
}

function useKept() {
  const client = useQueryClient();
  return (watch: WatchStatus | null) => {
    if (watch) client.setQueryData(WATCH_KEY, watch);
  };
}

export function useChooseFolder() {
  const kept = useKept();
  return useMutation({ mutationFn: () => backend.call("watch_choose", {}), onSuccess: kept });
}

export function useSwitchWatch() {
  const kept = useKept();
  return useMutation({ mutationFn: (on: boolean) => backend.call("watch_switch", { on }), onSuccess: kept });
}
