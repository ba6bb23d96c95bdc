import { Check, Circle, CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Segmented } from "@/components";
import type { ImportColumn, ImportMapping } from "@/ipc";
import { useT } from "@/lib/i18n";
import { FIELDS, type Field, fieldOf, hasDates, isUsable, namesMachine, openGuess, withField } from "./mapping";
import { Part, PlainTable } from "./plain-table";
import { useFieldName } from "./words";

/** Which column is what: every column with its first values and what it is taken for, and what is missing, in sentences. */
export function MappingEditor({
  columns,
  mapping,
  kept,
  fileName,
  onChange,
  onReset,
}: {
  columns: readonly ImportColumn[];
  mapping: ImportMapping;
  /** Whether it is the one of the last time. */
  kept: boolean;
  fileName: string;
  onChange: (mapping: ImportMapping) => void;
  /** Back to what was found; absent where nothing was changed. */
  onReset: (() => void) | undefined;
}) {
  const t = useT();
  const numbered = columns.map((column, index) => ({ column, index }));
  const read = numbered.filter(({ index }) => fieldOf(mapping, columns, index) !== "").length;
  return (
    <Part
      title={t("imports.columns")}
      aside={t(kept ? "imports.columns.kept" : "imports.columns.read", { read, count: columns.length })}
      actions={
        onReset ? (
          <button type="button" className="lk text-cap" onClick={onReset}>
            {t("imports.columns.reset")}
          </button>
        ) : undefined
      }
    >
      <Missing mapping={mapping} fileName={fileName} />
      <PlainTable
        label={t("imports.columns")}
        rows={numbered}
        rowId={({ index }) => String(index)}
        className="max-h-84"
        columns={[
          {
            id: "title",
            header: t("imports.columns.title"),
            width: "22%",
            cell: ({ column }) => (
              <span className="font-medium text-ink" title={column.title}>
                {column.title === "" ? t("imports.columns.untitled") : column.title}
              </span>
            ),
          },
          {
            id: "samples",
            header: t("imports.columns.samples"),
            cell: ({ column }) => (
              <span title={column.samples.join(" · ")}>
                {column.samples.length > 0 ? column.samples.join(" · ") : t("imports.columns.blank")}
              </span>
            ),
          },
          {
            id: "field",
            header: t("imports.columns.field"),
            width: "232px",
            cell: ({ column, index }) => (
              <FieldSelect
                column={column}
                value={fieldOf(mapping, columns, index)}
                onChange={(field) => onChange(withField(mapping, column.title, field))}
              />
            ),
          },
          {
            id: "why",
            header: t("imports.columns.why"),
            width: "212px",
            cell: ({ column, index }) => (
              <Why
                column={column}
                field={fieldOf(mapping, columns, index)}
                guess={openGuess(mapping, columns, index)}
                onTake={(field) => onChange(withField(mapping, column.title, field))}
              />
            ),
          },
        ]}
      />
      <Options mapping={mapping} onChange={onChange} />
    </Part>
  );
}

function FieldSelect({
  column,
  value,
  onChange,
}: {
  column: ImportColumn;
  value: string;
  onChange: (field: string) => void;
}) {
  const t = useT();
  const name = useFieldName();
  const option = (field: Field) => (
    <option key={field} value={field}>
      {field === "name" ? t("imports.field.required", { field: name(field) }) : name(field)}
    </option>
  );
  return (
    <select
      aria-label={t("imports.columns.readAs", { column: column.title })}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={SELECT}
    >
      <option value="">{t("imports.field.none")}</option>
      <optgroup label={t("imports.field.software")}>{FIELDS.software.map(option)}</optgroup>
      <optgroup label={t("imports.field.machine")}>{FIELDS.machine.map(option)}</optgroup>
    </select>
  );
}

export const SELECT =
  "h-6 w-full min-w-0 truncate rounded-md border border-line-2 bg-surface px-1.5 text-cap text-ink dark:bg-raised";

/** Why a column is read as it is, or what it may be. */
function Why({
  column,
  field,
  guess,
  onTake,
}: {
  column: ImportColumn;
  field: string;
  guess: string | null;
  onTake: (field: string) => void;
}) {
  const t = useT();
  const name = useFieldName();
  if (guess) {
    return (
      <button
        type="button"
        className="lk max-w-full truncate"
        onClick={() => onTake(guess)}
        aria-label={t("imports.why.take", { column: column.title, field: name(guess) })}
      >
        {t("imports.why.guess", { field: name(guess) })}
      </button>
    );
  }
  const why =
    field === ""
      ? column.personal
        ? "imports.why.personal"
        : "imports.why.none"
      : field !== column.field
        ? "imports.why.chosen"
        : column.confidence === "certain"
          ? "imports.why.certain"
          : column.confidence === "likely"
            ? "imports.why.likely"
            : "imports.why.chosen";
  return <span className="text-ink-3">{t(why)}</span>;
}

/** What is there and what is missing, and what follows from that. */
function Missing({ mapping, fileName }: { mapping: ImportMapping; fileName: string }) {
  const t = useT();
  const usable = isUsable(mapping);
  const products = mapping.rows === "products";
  const machine = namesMachine(mapping);
  const sentences = [
    usable ? null : t("imports.missing.name"),
    machine || products ? null : t("imports.missing.machine", { name: fileName.split(".")[0] ?? fileName }),
    mapping.columns.publisher === undefined && usable ? t("imports.missing.publisher") : null,
  ].filter((each) => each !== null);
  const item = (there: boolean, text: string, needed = false) => (
    <li
      className={there ? "text-ink-2" : needed ? "font-medium text-tier-t" : "text-ink-3"}
      data-tier={needed && !there ? "prohibited" : there ? "none" : undefined}
    >
      <span className="inline-flex items-center gap-1">
        {there ? (
          <Check size={12} strokeWidth={2.2} aria-hidden="true" className="text-tier-t" />
        ) : needed ? (
          <CircleAlert size={12} aria-hidden="true" />
        ) : (
          <Circle size={12} aria-hidden="true" />
        )}
        {text}
        <span className="sr-only">{t(there ? "imports.missing.there" : "imports.missing.not")}</span>
      </span>
    </li>
  );
  return (
    <div className="mb-2 text-cap" role="status">
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {item(usable, t("imports.missing.item.name"), true)}
        {products ? null : item(machine, t("imports.missing.item.machine"))}
        {item(mapping.columns.version !== undefined, t("imports.field.version"))}
        {item(mapping.columns.publisher !== undefined, t("imports.field.publisher"))}
      </ul>
      {sentences.length > 0 ? <p className="mt-1 max-w-200 text-ink-2">{sentences.join(" ")}</p> : null}
    </div>
  );
}

function Setting({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span className="flex items-center gap-2 text-cap">
      <span className="whitespace-nowrap text-ink-3">{label}</span>
      {children}
    </span>
  );
}

/** What is true of all rows. */
function Options({ mapping, onChange }: { mapping: ImportMapping; onChange: (mapping: ImportMapping) => void }) {
  const t = useT();
  return (
    <div className="mt-3 flex flex-wrap items-center gap-x-6 gap-y-2">
      <Setting label={t("imports.rows")}>
        <Segmented
          label={t("imports.rows")}
          value={mapping.rows}
          onChange={(rows) => onChange({ ...mapping, rows })}
          options={[
            { value: "installations", label: t("imports.rows.installations") },
            { value: "products", label: t("imports.rows.products") },
          ]}
        />
      </Setting>
      {hasDates(mapping) ? (
        <Setting label={t("imports.dates")}>
          <Segmented
            label={t("imports.dates")}
            value={mapping.date_order ?? ""}
            onChange={(order) => onChange({ ...mapping, date_order: order === "" ? null : order })}
            options={[
              { value: "day_first", label: t("imports.dates.day") },
              { value: "month_first", label: t("imports.dates.month") },
              { value: "", label: t("imports.dates.asWritten") },
            ]}
          />
        </Setting>
      ) : null}
      {mapping.columns.os === undefined && mapping.rows === "installations" ? (
        <Setting label={t("imports.os")}>
          <select
            aria-label={t("imports.os")}
            value={mapping.os ?? ""}
            onChange={(event) => onChange({ ...mapping, os: event.target.value === "" ? null : event.target.value })}
            className={SELECT}
          >
            <option value="">{t("imports.os.unknown")}</option>
            <option value="windows">Windows</option>
            <option value="macos">macOS</option>
            <option value="linux">Linux</option>
          </select>
        </Setting>
      ) : null}
      {mapping.rows === "installations" ? (
        <label className="flex min-h-6 items-center gap-2 text-cap">
          <input
            type="checkbox"
            className="size-3.5 accent-accent"
            checked={mapping.complete}
            onChange={(event) => onChange({ ...mapping, complete: event.target.checked })}
          />
          <span className="text-ink-2">{t("imports.complete")}</span>
        </label>
      ) : null}
      {mapping.complete && mapping.rows === "installations" ? (
        <p className="w-full text-cap text-ink-2">{t("imports.complete.means")}</p>
      ) : null}
    </div>
  );
}
