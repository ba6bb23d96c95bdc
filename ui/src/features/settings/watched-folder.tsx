import { FolderOpen, Play, Square } from "lucide-react";
import { Button } from "@/components/button";
import { ErrorNotice } from "@/components/error-notice";
import { Instant } from "@/components/instant";
import { type BackendError, toBackendError, type WatchedLine, type WatchStatus } from "@/ipc";
import { useNumber, useT } from "@/lib/i18n";
import { isWatched, useChooseFolder, useSwitchWatch, useWatch } from "./use-watch";

/** How many of the last files are listed. */
const LISTED = 5;

/** What became of a file, in a sentence. */
export function useLineSentence(): (line: WatchedLine) => string {
  const t = useT();
  const number = useNumber();
  return (line) => {
    if (line.error) return line.error.detail ?? line.error.message;
    if (line.result === "known") return t("watch.known");
    const said = t("watch.read", { observations: number(line.observations), machines: line.machines });
    return line.records_rejected > 0 ? `${said} ${t("watch.unused", { records: line.records_rejected })}` : said;
  };
}

function usePhaseSentence(): (watch: WatchStatus) => string {
  const t = useT();
  return (watch) => {
    if (watch.file) return t("watch.importing", { file: watch.file });
    switch (watch.phase) {
      case "off":
        return t("watch.off");
      case "watching":
        return t("watch.watching", { imported: watch.imported, rejected: watch.rejected });
      case "standing-by":
        return t("watch.standingBy");
      case "busy":
        return t("watch.busy");
      case "failed":
        return t("watch.failed");
    }
  };
}

function Lines({ lines }: { lines: WatchedLine[] }) {
  const t = useT();
  const sentence = useLineSentence();
  return (
    <ul className="mt-3" aria-label={t("watch.recent")}>
      {lines.slice(0, LISTED).map((line) => (
        <li key={line.number} className="flex gap-3 border-line border-t py-1.5 first:border-t-0">
          <span className="min-w-0 flex-1">
            <span className="break-all font-medium">{line.file}</span>{" "}
            <span className="text-ink-3">{t(`watch.result.${line.result}`)}</span>
            <span className="block break-words text-cap text-ink-3">{sentence(line)}</span>
          </span>
          <Instant iso={line.at} />
        </li>
      ))}
    </ul>
  );
}

/** The folder whose files are imported by themselves: which one, whether, and what became of the last files. */
export function WatchedFolder() {
  const t = useT();
  const watch = useWatch();
  const choose = useChooseFolder();
  const turn = useSwitchWatch();
  const phase = usePhaseSentence();
  const { data } = watch;
  const thrown = watch.error ?? choose.error ?? turn.error;
  const error: BackendError | null = thrown ? toBackendError(thrown) : null;
  const said = data?.phase === "failed" && data.error ? toBackendError(data.error) : null;
  const running = isWatched(data);
  return (
    <>
      {data?.folder ? (
        <>
          <code className="block break-all font-mono text-code">{data.folder}</code>
          <p className="mt-1 mb-3 text-ink-2" role="status">
            {phase(data)}
          </p>
        </>
      ) : (
        <p className="mb-3 text-ink-2">{t("watch.none")}</p>
      )}
      {error || said ? <ErrorNotice error={(error ?? said) as BackendError} /> : null}
      <div className="flex flex-wrap gap-2">
        {data?.folder ? (
          <Button disabled={turn.isPending} onClick={() => turn.mutate(!running)}>
            {running ? <Square size={14} aria-hidden="true" /> : <Play size={14} aria-hidden="true" />}
            {running ? t("watch.stop") : t("watch.start")}
          </Button>
        ) : null}
        <Button disabled={choose.isPending} onClick={() => choose.mutate()}>
          <FolderOpen size={14} aria-hidden="true" />
          {data?.folder ? t("watch.chooseOther") : t("watch.choose")}
        </Button>
      </div>
      {data && data.recent.length > 0 ? <Lines lines={data.recent} /> : null}
    </>
  );
}
