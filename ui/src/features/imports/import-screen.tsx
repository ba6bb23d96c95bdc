import { Link } from "@tanstack/react-router";
import { Check, CircleAlert, Clock, File, FolderOpen, LoaderCircle, X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useIntl } from "react-intl";
import { Button, buttonClass, ErrorNotice, Instant, SkeletonLines, Tooltip } from "@/components";
import { ProgressBar } from "@/features/audit/audit-progress";
import { useDoors } from "@/features/first-run/use-doors";
import type { FormatInfo, ImportMapping, ImportPreview, PreviewRecord } from "@/ipc";
import { cx } from "@/lib/cx";
import { useTitle } from "@/lib/hooks";
import { useNumber, useT } from "@/lib/i18n";
import { Figure, ImportBody, Notes, RejectTable, Skipped } from "./import-body";
import {
  AS_FOUND,
  cancelImport,
  choose,
  isImporting,
  progressOf,
  type QueuedFile,
  removeFile,
  showFile,
  showNext,
  startImports,
  useImportQueue,
} from "./import-store";
import { isUsable, startOf } from "./mapping";
import { MappingEditor, SELECT } from "./mapping-editor";
import { Cut, FactRow, Part, PlainTable } from "./plain-table";
import { useFormats, useImport, usePreview } from "./queries";
import { UndoButton } from "./undo-button";
import { secondsLeft, useBytes } from "./words";

/** Files that were chosen or dropped: what each would become, the import itself, and what came of it. */
export function ImportScreen() {
  const t = useT();
  const doors = useDoors();
  const { files, shown } = useImportQueue();
  const file = files.find((each) => each.file.id === shown) ?? files[0];
  useTitle(t("imports.open"));
  return (
    <div className="mx-auto max-w-300 px-6 pt-4 pb-10 max-md:px-4">
      <header className="mb-3 flex min-h-7 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="font-semibold text-page tracking-page">{t("imports.open")}</h1>
        <p className="min-w-0 pt-0.75 text-ink-3">{t("imports.promise")}</p>
        <span className="ml-auto flex gap-4">
          <Link to="/imports" className="lk flex h-7 items-center">
            {t("imports.all")}
          </Link>
          {files.length > 0 ? (
            <Button onClick={() => void doors.openExport()}>
              <FolderOpen size={14} aria-hidden="true" />
              {t("imports.choose")}
            </Button>
          ) : null}
        </span>
      </header>
      {files.length > 1 ? <Queue files={files} shown={file?.file.id ?? null} /> : null}
      {file ? (
        <OneFile key={file.file.id} file={file} more={files.filter((each) => each.phase === "new").length} />
      ) : (
        <Nothing onChoose={() => void doors.openExport()} />
      )}
    </div>
  );
}

/** No file yet: what can be opened, and how. */
function Nothing({ onChoose }: { onChoose: () => void }) {
  const t = useT();
  const formats = useFormats().data ?? [];
  return (
    <>
      <div className="flex flex-col items-center rounded-lg border border-line-2 border-dashed px-6 py-10 text-center">
        <span
          aria-hidden="true"
          className="mb-3 flex size-8 items-center justify-center rounded-md bg-track text-ink-2"
        >
          <FolderOpen size={16} />
        </span>
        <h2 className="font-semibold text-sec tracking-sec">{t("imports.empty.title")}</h2>
        <p className="mt-1 mb-4 text-ink-2">{t("imports.empty.text")}</p>
        <Button variant="primary" onClick={onChoose}>
          {t("imports.choose")}
        </Button>
      </div>
      <section className="mt-6">
        <h2 className="font-semibold text-sec tracking-sec">{t("imports.formats")}</h2>
        <p className="mb-2 text-cap text-ink-3">{t("imports.formats.text")}</p>
        <ul className="columns-1 gap-x-8 text-cap md:columns-2 xl:columns-3">
          {formats.map((format) => (
            <li key={format.name} className="flex min-h-7 items-center break-inside-avoid border-line border-b">
              <span className="min-w-0 truncate" title={format.caveat ?? format.title}>
                {format.title}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

const ICON = { size: 14, "aria-hidden": true } as const;

function PhaseIcon({ file }: { file: QueuedFile }) {
  switch (file.phase) {
    case "new":
    case "cancelled":
      return <File {...ICON} className="text-ink-3" />;
    case "waiting":
      return <Clock {...ICON} className="text-ink-3" />;
    case "reading":
    case "storing":
    case "cancelling":
      return <LoaderCircle {...ICON} className="text-ink-3" />;
    case "done":
      return <Check {...ICON} data-tier="none" className="text-tier-t" />;
    case "failed":
      return <CircleAlert {...ICON} data-tier="prohibited" className="text-tier-t" />;
  }
}

/** Several files: each with its state, one shown. */
function Queue({ files, shown }: { files: readonly QueuedFile[]; shown: number | null }) {
  const t = useT();
  const open = files.filter((each) => each.phase === "new");
  return (
    <nav aria-label={t("imports.queue")} className="mb-3 flex items-center gap-1 border-line border-b pb-2">
      <ul className="flex min-w-0 flex-1 flex-wrap gap-1">
        {files.map((each) => (
          <li key={each.file.id} className="min-w-0">
            <button
              type="button"
              aria-current={each.file.id === shown ? "true" : undefined}
              onClick={() => showFile(each.file.id)}
              className={cx(
                "inline-flex h-7 max-w-64 items-center gap-1.5 rounded-md px-2",
                each.file.id === shown ? "bg-track font-medium text-ink" : "text-ink-2 hover:bg-hover",
              )}
            >
              <PhaseIcon file={each} />
              <span className="truncate">{each.file.name}</span>
              <span className="sr-only">{t(`imports.phase.${each.phase}`)}</span>
            </button>
          </li>
        ))}
      </ul>
      {open.length > 1 ? (
        <Tooltip text={t("imports.allAsFound")}>
          <Button onClick={() => startImports(open.map((each) => each.file.id))}>
            {t("imports.importAll", { count: open.length })}
          </Button>
        </Tooltip>
      ) : null}
    </nav>
  );
}

function OneFile({ file, more }: { file: QueuedFile; more: number }) {
  if (isImporting(file) || file.phase === "waiting") return <Progress file={file} />;
  if (file.phase === "done" && file.result?.import) return <Result file={file} more={more} />;
  return <Look file={file} />;
}

function FileTitle({ file, children }: { file: QueuedFile; children?: ReactNode }) {
  const bytes = useBytes();
  const { name, folder } = file.file;
  return (
    <div className="sticky top-0 z-20 -mx-1 mb-2 flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 bg-canvas px-1 py-1">
      <h2 className="min-w-0 truncate font-semibold text-sec tracking-sec" title={name}>
        {name}
      </h2>
      <span className="text-cap text-ink-3">{bytes(file.file.bytes)}</span>
      <span className="min-w-0 flex-1 truncate font-mono text-code text-ink-3" title={folder}>
        {folder}
      </span>
      {children}
    </div>
  );
}

/** A file before it is imported. */
function Look({ file }: { file: QueuedFile }) {
  const t = useT();
  const { id, name } = file.file;
  const { choice } = file;
  const usable = choice.mapping === null || isUsable(choice.mapping);
  const asked = usable ? choice.mapping : null;
  const preview = usePreview(id, choice.format ?? (asked ? choice.found : null), asked);
  const data = preview.data;
  const start = data ? startOf(data) : null;
  const mapping = choice.mapping ?? start;
  const isTable = data !== undefined && data.columns.length > 0 && mapping !== null;
  const ready = data !== undefined && !preview.isError && (isTable ? isUsable(mapping) : true);
  const failed = file.phase === "failed" ? file.error : null;
  const setMapping = (next: ImportMapping) =>
    choose(id, { ...choice, mapping: next, found: choice.found ?? data?.format?.name ?? null });
  const begin = () => {
    // What was kept from the last time is said again, so that it is read by the same format.
    if (data?.mapping_kept && choice.mapping === null)
      choose(id, { ...choice, mapping: data.mapping, found: data.format?.name ?? null });
    startImports([id]);
  };
  return (
    <>
      <FileTitle file={file}>
        <Button variant="ghost" onClick={() => removeFile(id)} aria-label={t("imports.remove", { file: name })}>
          <X size={14} aria-hidden="true" />
          {t("imports.leave")}
        </Button>
        <Button variant="primary" disabled={!ready} onClick={begin} aria-describedby={ready ? undefined : "import-why"}>
          {t("imports.import")}
        </Button>
        <span id="import-why" className="sr-only">
          {ready ? "" : t("imports.missing.name")}
        </span>
      </FileTitle>
      {failed ? <ErrorNotice className="mb-4" error={failed} title={t("imports.failed", { file: name })} /> : null}
      {file.phase === "cancelled" ? (
        <p role="status" className="mb-3 text-ink-2">
          {t("imports.cancelled", { file: name })}. {t("audit.cancelledDetail")}
        </p>
      ) : null}
      <Facts
        preview={preview.isError ? undefined : data}
        format={choice.format}
        onFormat={(format) => choose(id, { ...AS_FOUND, format })}
      />
      {preview.isError ? (
        <ErrorNotice error={preview.error} title={t("imports.error")} onRetry={() => void preview.refetch()} />
      ) : data === undefined ? (
        <SkeletonLines lines={9} className="pt-2" />
      ) : (
        <>
          {isTable ? (
            <MappingEditor
              columns={data.columns}
              mapping={mapping}
              kept={data.mapping_kept && choice.mapping === null}
              fileName={name}
              onChange={setMapping}
              onReset={
                choice.mapping === null ? undefined : () => choose(id, { ...choice, mapping: null, found: null })
              }
            />
          ) : null}
          <Records preview={data} unknown={isTable && !isUsable(mapping)} stale={preview.isPlaceholderData} />
          {data.rejects.length > 0 ? (
            <Part title={t("imports.rejects.among")}>
              <RejectTable rejects={data.rejects} />
            </Part>
          ) : null}
          <Skipped skipped={data.skipped} />
          <Notes notes={data.notes} />
        </>
      )}
    </>
  );
}

/** What is to be known of these is what the columns show. */
const ANY_TABLE = new Set(["table", "generic-json"]);

/** What the file is: its format, which can be changed, and what was found out about it. */
function Facts({
  preview,
  format,
  onFormat,
}: {
  preview: ImportPreview | undefined;
  format: string | null;
  onFormat: (format: string | null) => void;
}) {
  const t = useT();
  const formats = useFormats().data ?? [];
  const found = preview?.format ?? null;
  const chosen = formats.find((each) => each.name === format) ?? found;
  const read = preview
    ? preview.records.length + preview.rejects.length + preview.skipped.reduce((sum, skip) => sum + skip.count, 0)
    : 0;
  return (
    <>
      <FactRow
        facts={[
          [
            t("imports.format"),
            <FormatSelect
              key="f"
              formats={formats}
              found={format === null ? found : null}
              value={format}
              onChange={onFormat}
            />,
          ],
          preview?.encoding ? [t("imports.encoding"), preview.encoding] : null,
          preview && preview.layers.length > 0 ? [t("imports.layers"), preview.layers.join(", ")] : null,
          preview
            ? [
                t("imports.made"),
                preview.made ? (
                  <Instant key="m" iso={preview.made} />
                ) : (
                  <span key="m">{t("imports.made.unknown")}</span>
                ),
              ]
            : null,
          preview && !preview.needs_mapping
            ? [t("imports.looked"), t("imports.looked.counts", { read, used: preview.records.length })]
            : null,
        ]}
      />
      {chosen?.caveat && !ANY_TABLE.has(chosen.name) ? (
        <p className="-mt-2 max-w-220 pb-4 text-cap text-ink-2">{chosen.caveat}</p>
      ) : null}
    </>
  );
}

function FormatSelect({
  formats,
  found,
  value,
  onChange,
}: {
  formats: readonly FormatInfo[];
  found: FormatInfo | null;
  value: string | null;
  onChange: (format: string | null) => void;
}) {
  const t = useT();
  return (
    <select
      aria-label={t("imports.format")}
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value === "" ? null : event.target.value)}
      className={cx(SELECT, "max-w-80")}
    >
      <option value="">{found ? t("imports.format.found", { format: found.title }) : t("imports.format.auto")}</option>
      {formats.map((format) => (
        <option key={format.name} value={format.name}>
          {format.title}
        </option>
      ))}
    </select>
  );
}

/** The first records as they would be kept. */
function Records({ preview, unknown, stale }: { preview: ImportPreview; unknown: boolean; stale: boolean }) {
  const t = useT();
  const number = useNumber();
  const { records } = preview;
  const anywhere = records.some((record) => record.machine === null);
  const onMachines = records.some((record) => record.machine !== null);
  const identified = records.some((record) => record.identifier !== null);
  return (
    <Part
      title={t("imports.records")}
      aside={records.length > 0 ? t("imports.records.first", { count: records.length }) : undefined}
    >
      {unknown ? (
        <p className="text-ink-2">{t("imports.records.unknown")}</p>
      ) : records.length === 0 ? (
        <p className="text-ink-2">{t("imports.records.none")}</p>
      ) : (
        <div aria-busy={stale}>
          <PlainTable<PreviewRecord>
            label={t("imports.records")}
            rows={records}
            rowId={(record, index) => `${record.place}/${index}`}
            className="max-h-84"
            columns={[
              {
                id: "place",
                header: t("imports.rejects.place"),
                width: "80px",
                cell: (record) => <span className="text-ink-3">{record.place}</span>,
              },
              ...(onMachines
                ? [
                    {
                      id: "machine",
                      header: t("imports.machines.machine"),
                      width: "18%",
                      cell: (record: PreviewRecord) => (
                        <Cut className="font-mono text-code text-ink">{record.machine}</Cut>
                      ),
                    },
                  ]
                : []),
              {
                id: "name",
                header: t("imports.records.software"),
                cell: (record) => <Cut className="font-medium text-ink">{record.name}</Cut>,
              },
              {
                id: "version",
                header: t("imports.records.version"),
                width: "14%",
                cell: (record) => <Cut>{record.version}</Cut>,
              },
              {
                id: "publisher",
                header: t("imports.field.publisher"),
                width: "22%",
                cell: (record) => <Cut>{record.publisher}</Cut>,
              },
              ...(identified
                ? [
                    {
                      id: "identifier",
                      header: t("imports.records.identifier"),
                      width: "18%",
                      cell: (record: PreviewRecord) => <Cut className="font-mono text-code">{record.identifier}</Cut>,
                    },
                  ]
                : []),
              ...(anywhere
                ? [
                    {
                      id: "devices",
                      header: t("imports.records.devices"),
                      width: "96px",
                      align: "right" as const,
                      cell: (record: PreviewRecord) => (record.devices === null ? "–" : number(record.devices)),
                    },
                  ]
                : []),
            ]}
          />
        </div>
      )}
    </Part>
  );
}

/** How far an import is. */
function Progress({ file }: { file: QueuedFile }) {
  const t = useT();
  const number = useNumber();
  const { locale } = useIntl();
  const bytes = useBytes();
  const { id, name } = file.file;
  const left = secondsLeft(file, performance.now());
  const sentence =
    file.phase === "waiting"
      ? t("imports.progress.waiting")
      : file.phase === "cancelling"
        ? t("audit.cancelling")
        : file.phase === "storing"
          ? t("imports.progress.storing", { done: number(file.stored), count: file.machines })
          : t("imports.progress.reading", {
              records: number(file.records),
              bytes: bytes(file.bytes),
              of: bytes(file.of),
            });
  const remaining =
    left === null
      ? null
      : new Intl.NumberFormat(locale, {
          style: "unit",
          unit: left < 90 ? "second" : "minute",
          unitDisplay: "long",
        }).format(left < 90 ? left : Math.round(left / 60));
  return (
    <section aria-label={t("imports.progress", { file: name })} className="rounded-md border border-line-2 bg-surface">
      <div className="flex items-center gap-4 px-4 pt-4 pb-3">
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold text-sec tracking-sec">{t("imports.progress", { file: name })}</h2>
          <p className="text-cap text-ink-2 tabular-nums">
            {sentence}
            {remaining ? <span className="text-ink-3"> {t("imports.progress.left", { time: remaining })}</span> : null}
          </p>
        </div>
        <Button onClick={() => void cancelImport(id)} disabled={file.phase === "cancelling"}>
          {t("common.cancel")}
        </Button>
      </div>
      <ProgressBar {...progressOf(file)} label={t("imports.progress", { file: name })} className="mx-4" />
      <p className="px-4 py-3 text-cap text-ink-3">{t("imports.progress.promise")}</p>
      <Announcer text={`${t("imports.progress", { file: name })}: ${sentence}`} />
    </section>
  );
}

/** Says how far it is, at most every five seconds. */
function Announcer({ text }: { text: string }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSaid(text), 5000);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div aria-live="polite" className="sr-only">
      {said}
    </div>
  );
}

/** What came of a file. */
function Result({ file, more }: { file: QueuedFile; more: number }) {
  const t = useT();
  const number = useNumber();
  const result = file.result;
  const imported = result?.import;
  // Undone meanwhile, or built upon: the answer of now counts.
  const current = useImport(imported?.row.number ?? 0).data ?? imported;
  if (!result || !imported || !current) return null;
  const undone = current.row.undone !== null;
  return (
    <>
      <FileTitle file={file}>
        {undone ? null : <UndoButton detail={current} />}
        {more > 0 ? <Button onClick={showNext}>{t("imports.next")}</Button> : null}
        <Link to="/findings" className={buttonClass({ variant: "primary" })}>
          {t("audit.show")}
        </Link>
      </FileTitle>
      <p role="status" className="mb-4 flex items-center gap-2 text-lead">
        <Check size={16} data-tier="none" className="text-tier-t" aria-hidden="true" />
        {undone ? t("imports.result.undone") : t(result.known ? "imports.result.known" : "imports.result")}
        <Link to="/imports/$number" params={{ number: String(current.row.number) }} className="lk text-body">
          {t("imports.show")}
        </Link>
      </p>
      <ImportBody
        detail={current}
        moved={
          result.known || undone ? null : (
            <>
              <Figure value={number(result.new_installations)} word={t("imports.figure.newInstallations")}>
                {result.gone_installations > 0 ? t("imports.figure.gone", { count: result.gone_installations }) : null}
              </Figure>
              <Figure value={number(result.detections)} word={t("imports.figure.recognised")} />
            </>
          )
        }
      />
      <Notes notes={result.notes} />
    </>
  );
}
