import { useQuery } from "@tanstack/react-query";
import { backend } from "@/ipc";

export const STATUS_KEY = ["app_status"] as const;

export function useStatus() {
  return useQuery({ queryKey: STATUS_KEY, queryFn: () => backend.call("app_status", {}) });
}
