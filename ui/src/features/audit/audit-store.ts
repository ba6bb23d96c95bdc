// The running audit. It lives outside React so that it survives leaving the screen that started it.
import { useSyncExternalStore } from "react";
import {
  type AuditEvent,
  type AuditOutcome,
  type BackendError,
  backend,
  type CollectorStatus,
  toBackendError,
} from "@/ipc";

export interface AuditLine {
  name: string;
  status: CollectorStatus | "running";
  count: number;
  reason: string | null;
}

export interface AuditState {
  id: string;
  phase: "starting" | "reading" | "identifying" | "storing" | "cancelling" | "done" | "cancelled" | "failed";
  lines: AuditLine[];
  done: number;
  of: number;
  observations: number;
  outcome: AuditOutcome | null;
  error: BackendError | null;
}

let state: AuditState | null = null;
const listeners = new Set<() => void>();

function set(next: AuditState | null) {
  state = next;
  for (const listener of listeners) listener();
}

/** What an event makes of a state. */
export function applyAuditEvent(old: AuditState, event: AuditEvent): AuditState {
  const phase = old.phase === "cancelling" ? "cancelling" : "reading";
  switch (event.kind) {
    case "collector-started":
      return {
        ...old,
        phase,
        of: event.of,
        lines: [...old.lines, { name: event.name, status: "running", count: 0, reason: null }],
      };
    case "collector-finished": {
      const { name, status, count, reason } = event.collector;
      const known = old.lines.some((line) => line.name === name);
      const line: AuditLine = { name, status, count, reason };
      return {
        ...old,
        phase,
        of: event.of,
        done: old.done + 1,
        observations: old.observations + count,
        lines: known ? old.lines.map((l) => (l.name === name ? line : l)) : [...old.lines, line],
      };
    }
    case "identifying":
      return {
        ...old,
        phase: old.phase === "cancelling" ? "cancelling" : "identifying",
        observations: event.observations,
      };
    case "storing":
      return { ...old, phase: old.phase === "cancelling" ? "cancelling" : "storing" };
  }
}

export function isRunning(audit: AuditState | null): audit is AuditState {
  return audit !== null && !["done", "cancelled", "failed"].includes(audit.phase);
}

/** Starts an audit; a running one goes on and is returned instead. */
export async function startAudit(): Promise<AuditState> {
  if (isRunning(state)) return state;
  const id = `audit-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
  set({ id, phase: "starting", lines: [], done: 0, of: 0, observations: 0, outcome: null, error: null });
  const mine = () => (state?.id === id ? state : null);
  try {
    const outcome = await backend.startAudit({ id }, (event) => {
      const now = mine();
      if (now) set(applyAuditEvent(now, event));
    });
    const now = mine();
    if (now) set({ ...now, phase: outcome.cancelled ? "cancelled" : "done", outcome });
  } catch (thrown) {
    const now = mine();
    if (now) set({ ...now, phase: "failed", error: toBackendError(thrown) });
  }
  if (!state) throw new Error("the audit vanished");
  return state;
}

export async function cancelAudit(): Promise<void> {
  if (!isRunning(state) || state.phase === "cancelling") return;
  const { id } = state;
  set({ ...state, phase: "cancelling" });
  try {
    await backend.call("audit_cancel", { id });
  } catch (thrown) {
    if (isRunning(state)) set({ ...state, phase: "reading", error: toBackendError(thrown) });
  }
}

export function forgetAudit(): void {
  set(null);
}

export function useAudit(): AuditState | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}
