import type { Backend } from "./backend";

export type { Backend, DragEvent, PlainCommand } from "./backend";
export { BackendError, toBackendError } from "./backend";
export type * from "./bindings";

let chosen: Backend | null = null;

/** Set once at start-up, and by tests. */
export function setBackend(next: Backend): void {
  chosen = next;
}

function current(): Backend {
  if (!chosen) throw new Error("No backend: setBackend was not called.");
  return chosen;
}

/** The program behind the window, whichever it is. */
export const backend: Backend = {
  call: (name, request) => current().call(name, request),
  startAudit: (request, onEvent) => current().startAudit(request, onEvent),
  startImport: (request, onEvent) => current().startImport(request, onEvent),
  onFilesOffered: (listener) => current().onFilesOffered(listener),
  onFilesDragged: (listener) => current().onFilesDragged(listener),
  exportTable: (request, onProgress) => current().exportTable(request, onProgress),
  onDataChanged: (listener) => current().onDataChanged(listener),
};
