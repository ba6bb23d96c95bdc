import { useMutation, useQuery } from "@tanstack/react-query";
import { BadgeCheck, Check, CircleHelp, FileText, X } from "lucide-react";
import { useState } from "react";
import { Button, ErrorNotice, Instant, SkeletonLines } from "@/components";
import { Dialog } from "@/components/dialog";
import { toast } from "@/components/toast";
import { backend, type MachineDetail, type RemovalClassLine, type RemovalReply, toBackendError } from "@/ipc";
import { copyText } from "@/lib/clipboard";
import { useT } from "@/lib/i18n";

/** What is or was here, each with the question whether it is really gone. */
export function Removal({ machine }: { machine: MachineDetail }) {
  const t = useT();
  const [subject, setSubject] = useState<string | null>(null);
  const chosen = machine.removable.find((each) => each.subject === subject);
  if (machine.removable.length === 0) return <p className="text-cap text-ink-2">{t("machine.removal.none")}</p>;
  return (
    <>
      <ul>
        {machine.removable.map((each) => (
          <li
            key={each.subject}
            className="flex items-center gap-2 border-line border-t py-1 text-cap first:border-t-0"
          >
            <span className="min-w-0 flex-1">
              <span className="block truncate text-ink" title={each.title}>
                {each.title}
              </span>
              <span className="text-ink-3">{t(each.gone ? "machine.removal.gone" : "machine.removal.there")}</span>
            </span>
            <Button size="sm" onClick={() => setSubject(each.subject)}>
              {t("machine.removal.check")}
            </Button>
          </li>
        ))}
      </ul>
      <Dialog
        open={chosen !== undefined}
        onClose={() => setSubject(null)}
        label={t("machine.removal")}
        title={t("machine.removal.title", { product: chosen?.title ?? "", machine: machine.row.hostname })}
        className="w-140 max-w-[calc(100vw-48px)]"
      >
        {chosen ? <Answer id={machine.row.id} subject={chosen.subject} /> : null}
      </Dialog>
    </>
  );
}

function Answer({ id, subject }: { id: string; subject: string }) {
  const t = useT();
  const asked = useQuery({
    queryKey: ["removal_check", id, subject],
    queryFn: () => backend.call("removal_check", { id, subject }),
  });
  const save = useMutation({
    mutationFn: () => backend.call("removal_save", { id, subject }),
    onSuccess: ({ path }) =>
      toast({
        title: t("machine.removal.saved"),
        detail: path,
        action: { label: t("report.copyPath"), run: () => void copyText(path) },
      }),
    onError: (thrown) => {
      const error = toBackendError(thrown);
      toast({ tone: "error", title: `${t("report.failed")} (${error.code})`, detail: error.message });
    },
  });
  if (asked.isError) {
    return (
      <div className="p-5">
        <ErrorNotice error={asked.error} onRetry={() => void asked.refetch()} />
      </div>
    );
  }
  if (!asked.data) return <SkeletonLines lines={8} className="p-5" />;
  const { data } = asked;
  return (
    <>
      <div className="max-h-[60vh] overflow-y-auto px-5 py-4">
        <Verdict reply={data} />
        <ul className="mt-3">
          {data.classes.map((line) => (
            <ClassLine key={line.name} line={line} />
          ))}
        </ul>
        <p className="mt-3 text-cap text-ink-3">{data.recognised_by}</p>
      </div>
      <div className="flex items-center gap-3 border-line border-t px-5 py-3">
        <span className="flex-1 text-cap text-ink-3">
          {t("machine.removal.scan")} <Instant iso={data.scanned} />
        </span>
        <Button variant="primary" disabled={save.isPending} onClick={() => save.mutate()}>
          <FileText size={14} aria-hidden="true" />
          {t(data.certified ? "machine.removal.save" : "machine.removal.save.answers")}
        </Button>
      </div>
    </>
  );
}

function Verdict({ reply }: { reply: RemovalReply }) {
  const t = useT();
  return (
    <div className="flex items-start gap-2.5">
      {reply.certified ? (
        <BadgeCheck size={18} className="mt-0.5 flex-none text-ink-2" aria-hidden="true" />
      ) : (
        <CircleHelp size={18} className="mt-0.5 flex-none text-ink-2" aria-hidden="true" />
      )}
      <div>
        <p className="font-semibold">{t(reply.certified ? "machine.removal.certain" : "machine.removal.uncertain")}</p>
        <p className="text-ink-2">{reply.history}</p>
      </div>
    </div>
  );
}

function ClassLine({ line }: { line: RemovalClassLine }) {
  const t = useT();
  const isAbsent = line.state === "absent";
  const word = isAbsent ? "absent" : line.state === "present" ? "present" : "unread";
  return (
    <li className="border-line border-t py-1.5 first:border-t-0">
      <span className="flex items-center gap-2">
        {isAbsent ? (
          <Check size={14} className="flex-none text-ink-3" aria-hidden="true" />
        ) : line.state === "present" ? (
          <X size={14} className="flex-none text-ink" aria-hidden="true" />
        ) : (
          <CircleHelp size={14} className="flex-none text-ink-2" aria-hidden="true" />
        )}
        <span className="min-w-0 flex-1 truncate">{line.name}</span>
        <span className={isAbsent ? "text-cap text-ink-3" : "font-medium text-cap text-ink"}>
          {t(`machine.removal.state.${word}`)}
        </span>
      </span>
      {isAbsent ? null : <p className="pl-5.5 text-cap text-ink-3">{line.because}</p>}
      {line.traces.map((trace) => (
        <p key={trace} className="pl-5.5 font-mono text-code text-ink-2 [overflow-wrap:anywhere]">
          {trace}
        </p>
      ))}
    </li>
  );
}
