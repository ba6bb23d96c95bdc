// The only file that talks to Tauri; biome.json refuses the import anywhere else.
import { Channel, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { type Backend, toBackendError } from "./backend";
import type { AuditEvent, AuditOutcome, Exported, ExportProgress, ImportEvent, ImportResult } from "./bindings";

async function run<T>(name: string, args: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(name, args);
  } catch (thrown) {
    throw toBackendError(thrown);
  }
}

/** Listens until it is told to stop, even where that is before the listening began. */
function hear<T>(name: string, listener: (payload: T) => void): () => void {
  const stop = listen<T>(name, (event) => listener(event.payload));
  return () => {
    void stop.then((unlisten) => unlisten());
  };
}

export const tauri: Backend = {
  call: (name, request) => run(name, { request }),
  startAudit: (request, onEvent) => {
    const channel = new Channel<AuditEvent>();
    channel.onmessage = onEvent;
    return run<AuditOutcome>("audit_start", { request, onEvent: channel });
  },
  exportTable: (request, onProgress) => {
    const channel = new Channel<ExportProgress>();
    channel.onmessage = onProgress;
    return run<Exported | null>("table_export", { request, onEvent: channel });
  },
  startImport: (request, onEvent) => {
    const channel = new Channel<ImportEvent>();
    channel.onmessage = onEvent;
    return run<ImportResult>("import_start", { request, onEvent: channel });
  },
  onDataChanged: (listener) => hear("data-changed", () => listener()),
  onFilesOffered: (listener) => hear("files-offered", () => listener()),
  onFilesDragged: (listener) => {
    const stops = [
      hear<{ paths?: string[] }>("tauri://drag-enter", ({ paths = [] }) =>
        listener({ kind: "enter", count: paths.length }),
      ),
      hear("tauri://drag-leave", () => listener({ kind: "leave" })),
      hear("tauri://drag-drop", () => listener({ kind: "drop" })),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  },
};
