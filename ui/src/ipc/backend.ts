import type {
  AuditEvent,
  AuditOutcome,
  AuditRequest,
  CommandMap,
  CommandName,
  Exported,
  ExportProgress,
  ExportRequest,
  ImportEvent,
  ImportResult,
  ImportStartRequest,
  WireError,
} from "./bindings";

/** Every command but those that report progress. */
export type PlainCommand = Exclude<CommandName, "audit_start" | "import_start" | "table_export">;

/** Files are dragged over the window: how many came in, they went away, or they were let go. */
export type DragEvent = { kind: "enter"; count: number } | { kind: "leave" } | { kind: "drop" };

/** All that the window may ask of the program behind it. `tauri.ts` and `fake.ts` are the two that answer. */
export interface Backend {
  call<K extends PlainCommand>(name: K, request: CommandMap[K][0]): Promise<CommandMap[K][1]>;
  startAudit(request: AuditRequest, onEvent: (event: AuditEvent) => void): Promise<AuditOutcome>;
  startImport(request: ImportStartRequest, onEvent: (event: ImportEvent) => void): Promise<ImportResult>;
  /** Calls back whenever files were dropped or named from outside: `import_offered` says which. */
  onFilesOffered(listener: () => void): () => void;
  onFilesDragged(listener: (event: DragEvent) => void): () => void;
  /** Asks where, and writes a list there; nothing when the person chose no place. */
  exportTable(request: ExportRequest, onProgress: (progress: ExportProgress) => void): Promise<Exported | null>;
  /** Calls back whenever stored data changed; returns how to stop. */
  onDataChanged(listener: () => void): () => void;
}

/** What a failed call rejects with. Branch on `code`, show `message`, never parse it. */
export class BackendError extends Error implements WireError {
  readonly code: string;
  readonly hint: string | null;
  readonly detail: string | null;

  constructor(error: WireError) {
    super(error.message);
    this.name = "BackendError";
    this.code = error.code;
    this.hint = error.hint;
    this.detail = error.detail;
  }
}

function isWireError(value: unknown): value is WireError {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}

/** Whatever was thrown, as a wire error. */
export function toBackendError(thrown: unknown): BackendError {
  if (thrown instanceof BackendError) return thrown;
  if (isWireError(thrown)) {
    return new BackendError({
      code: String(thrown.code),
      message: String(thrown.message),
      hint: thrown.hint ?? null,
      detail: thrown.detail ?? null,
    });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new BackendError({
    code: "ui/unexpected",
    message,
    hint: null,
    detail: thrown instanceof Error ? (thrown.stack ?? null) : null,
  });
}
