// The only file that talks to Tauri; biome.json refuses the import anywhere else.
import { Channel, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { type Backend, toBackendError } from "./backend";
import type { AuditEvent, AuditOutcome } from "./bindings";

async function run<T>(name: string, args: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(name, args);
  } catch (thrown) {
    throw toBackendError(thrown);
  }
}

export const tauri: Backend = {
  call: (name, request) => run(name, { request }),
  startAudit: (request, onEvent) => {
    const channel = new Channel<AuditEvent>();
    channel.onmessage = onEvent;
    return run<AuditOutcome>("audit_start", { request, onEvent: channel });
  },
  onDataChanged: (listener) => {
    const stop = listen("data-changed", () => listener());
    return () => {
      void stop.then((unlisten) => unlisten());
    };
  },
};
