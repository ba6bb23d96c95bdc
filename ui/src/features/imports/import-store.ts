// Files that wait to be looked at and imported. They live outside React so that an import survives leaving its screen.
import { useSyncExternalStore } from "react";
import {
  type BackendError,
  backend,
  type ImportEvent,
  type ImportMapping,
  type ImportResult,
  type OfferedFile,
  toBackendError,
} from "@/ipc";

export type ImportPhase = "new" | "waiting" | "reading" | "storing" | "cancelling" | "done" | "cancelled" | "failed";

/** How the person wants a file read. */
export interface Choice {
  /** The format; null for the one found by content. */
  format: string | null;
  /** Which column is what; null for what was found. */
  mapping: ImportMapping | null;
  /** The format that was found: it stays when columns are changed. */
  found: string | null;
}

export const AS_FOUND: Choice = { format: null, mapping: null, found: null };

export interface QueuedFile {
  file: OfferedFile;
  choice: Choice;
  phase: ImportPhase;
  /** Of the import, to cancel it by. */
  job: string | null;
  bytes: number;
  of: number;
  records: number;
  /** Machines that are kept, and of how many. */
  stored: number;
  machines: number;
  /** When reading began, in milliseconds of the page. */
  begun: number;
  result: ImportResult | null;
  error: BackendError | null;
}

export interface ImportQueue {
  files: QueuedFile[];
  /** The file that is shown. */
  shown: number | null;
}

let queue: ImportQueue = { files: [], shown: null };
const listeners = new Set<() => void>();

function set(next: ImportQueue) {
  queue = next;
  for (const listener of listeners) listener();
}

function update(id: number, change: (old: QueuedFile) => QueuedFile) {
  set({ ...queue, files: queue.files.map((each) => (each.file.id === id ? change(each) : each)) });
}

const RUNNING = new Set<ImportPhase>(["reading", "storing", "cancelling"]);

export function isImporting(file: QueuedFile): boolean {
  return RUNNING.has(file.phase);
}

/** How far it is, of the half it is in: reading the file, then keeping its machines. */
export function progressOf({ machines, stored, bytes, of }: QueuedFile): { value: number; max: number } {
  return machines > 0 ? { value: stored, max: machines } : { value: bytes, max: of };
}

/** The import that runs now. */
export function runningImport(): QueuedFile | undefined {
  return queue.files.find(isImporting);
}

/** Puts files at the end; the first of them is shown. */
export function addFiles(files: readonly OfferedFile[]): void {
  const first = files[0];
  if (!first) return;
  const added = files.map(
    (file): QueuedFile => ({
      file,
      choice: AS_FOUND,
      phase: "new",
      job: null,
      bytes: 0,
      of: file.bytes,
      records: 0,
      stored: 0,
      machines: 0,
      begun: 0,
      result: null,
      error: null,
    }),
  );
  // What is over makes room; what nobody has decided on stays.
  const kept = queue.files.filter((each) => !["done", "cancelled"].includes(each.phase));
  set({ files: [...kept, ...added], shown: first.id });
}

export function showFile(id: number): void {
  set({ ...queue, shown: id });
}

export function removeFile(id: number): void {
  const at = queue.files.findIndex((each) => each.file.id === id);
  const file = queue.files[at];
  if (!file || isImporting(file)) return;
  const files = queue.files.filter((each) => each.file.id !== id);
  const next = files[Math.min(at, files.length - 1)]?.file.id ?? null;
  set({ files, shown: queue.shown === id ? next : queue.shown });
}

export function choose(id: number, choice: Choice): void {
  update(id, (old) => ({ ...old, choice, phase: "new", error: null }));
}

/** Shows the next file that nobody has decided on. */
export function showNext(): void {
  const next = queue.files.find((each) => each.phase === "new" || each.phase === "failed");
  if (next) showFile(next.file.id);
}

/** What an event makes of a file. */
export function applyImportEvent(old: QueuedFile, event: ImportEvent): QueuedFile {
  switch (event.kind) {
    case "reading":
      return {
        ...old,
        phase: old.phase === "cancelling" ? "cancelling" : "reading",
        bytes: event.bytes,
        of: event.of,
        records: event.records,
      };
    case "storing":
      return {
        ...old,
        phase: old.phase === "cancelling" ? "cancelling" : "storing",
        bytes: old.of,
        stored: event.done,
        machines: event.of,
      };
  }
}

/** Imports files one after the other, in the order they are asked for. */
export function startImports(ids: readonly number[]): void {
  for (const id of ids) {
    update(id, (old) =>
      isImporting(old) || old.phase === "done" ? old : { ...old, phase: "waiting", error: null, result: null },
    );
  }
  void pump();
}

async function pump(): Promise<void> {
  if (runningImport()) return;
  const next = queue.files.find((each) => each.phase === "waiting");
  if (!next) return;
  const { id } = next.file;
  const job = `import-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
  const { format, mapping, found } = next.choice;
  const begun = performance.now();
  update(id, (old) => ({ ...old, phase: "reading", job, bytes: 0, records: 0, stored: 0, machines: 0, begun }));
  const request = { id: job, file: id, format: format ?? (mapping ? found : null), mapping };
  try {
    const result = await backend.startImport(request, (event) =>
      update(id, (old) => (old.job === job && isImporting(old) ? applyImportEvent(old, event) : old)),
    );
    update(id, (old) => (old.job === job ? { ...old, phase: result.cancelled ? "cancelled" : "done", result } : old));
  } catch (thrown) {
    update(id, (old) => (old.job === job ? { ...old, phase: "failed", error: toBackendError(thrown) } : old));
  }
  void pump();
}

/** Cancels an import; one that only waits is not begun. */
export async function cancelImport(id: number): Promise<void> {
  const file = queue.files.find((each) => each.file.id === id);
  if (file?.phase === "waiting") update(id, (old) => ({ ...old, phase: "new" }));
  if (!file || (file.phase !== "reading" && file.phase !== "storing") || file.job === null) return;
  const { phase } = file;
  update(id, (old) => ({ ...old, phase: "cancelling" }));
  try {
    await backend.call("import_cancel", { id: file.job });
  } catch {
    update(id, (old) => (old.phase === "cancelling" ? { ...old, phase } : old));
  }
}

export function forgetImports(): void {
  set({ files: [], shown: null });
}

export function useImportQueue(): ImportQueue {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => queue,
  );
}
