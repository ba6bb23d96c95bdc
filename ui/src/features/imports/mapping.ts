// Which column of a table is what, while somebody decides it. Pure.
import type { ImportColumn, ImportMapping, ImportPreview } from "@/ipc";
import type { MessageId } from "@/lib/i18n";

/** Every field in the order it is offered, software first. */
export const FIELDS = {
  software: [
    "name",
    "version",
    "publisher",
    "identifier",
    "install_location",
    "path",
    "install_date",
    "arch",
    "device_count",
    "user",
  ],
  machine: ["device_name", "device_id", "domain", "uuid", "serial", "os", "os_version", "last_seen"],
} as const;

export type Field = (typeof FIELDS)["software" | "machine"][number];

const ALL = new Set<string>([...FIELDS.software, ...FIELDS.machine]);

/** The message that names a field; one that is not known here has none. */
export function fieldMessage(field: string): MessageId | null {
  return ALL.has(field) ? (`imports.field.${field.replaceAll("_", "-")}` as MessageId) : null;
}

/** A title as mappings compare it: without case, blanks and punctuation. */
function normalised(title: string): string {
  return [...title.toLowerCase()].filter((letter) => /[\p{L}\p{N}]/u.test(letter)).join("");
}

/** What a column is read as. Of two columns with one title the first counts. */
export function fieldOf(mapping: ImportMapping, columns: readonly ImportColumn[], index: number): string {
  const title = normalised(columns[index]?.title ?? "");
  if (columns.findIndex((column) => normalised(column.title) === title) !== index) return "";
  return Object.entries(mapping.columns).find(([, named]) => normalised(named ?? "") === title)?.[0] ?? "";
}

/** Reads a column as something else; whatever was read as that is not any more. */
export function withField(mapping: ImportMapping, title: string, field: string): ImportMapping {
  const others = Object.entries(mapping.columns).filter(
    ([other, named]) => other !== field && normalised(named ?? "") !== normalised(title),
  );
  return { ...mapping, columns: Object.fromEntries(field === "" ? others : [...others, [field, title]]) };
}

/** What one begins with: what is sure, without the guesses. */
export function startOf(preview: ImportPreview): ImportMapping | null {
  const { mapping, columns, needs_mapping } = preview;
  if (!mapping || !needs_mapping) return mapping;
  const sure = columns.filter((column) => column.field && column.confidence !== "guess");
  return {
    ...mapping,
    columns: Object.fromEntries(sure.map((column) => [column.field as string, column.title])),
  };
}

/** A guess that nobody has taken up yet. */
export function openGuess(mapping: ImportMapping, columns: readonly ImportColumn[], index: number): string | null {
  const column = columns[index];
  if (!column?.field || column.confidence !== "guess" || fieldOf(mapping, columns, index) !== "") return null;
  return mapping.columns[column.field] === undefined ? column.field : null;
}

/** Whether something can be read with it. */
export function isUsable(mapping: ImportMapping | null): boolean {
  return mapping?.columns.name !== undefined || mapping?.columns.identifier !== undefined;
}

export function namesMachine(mapping: ImportMapping): boolean {
  return ["device_name", "device_id", "uuid", "serial"].some((field) => mapping.columns[field] !== undefined);
}

export function hasDates(mapping: ImportMapping): boolean {
  return mapping.columns.install_date !== undefined || mapping.columns.last_seen !== undefined;
}
