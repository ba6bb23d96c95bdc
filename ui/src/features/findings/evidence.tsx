import { Check, ChevronRight, Copy } from "lucide-react";
import { useMemo, useState } from "react";
import { Day, PresenceMark } from "@/components";
import type { EvidenceLine, MachineHit, Presence } from "@/ipc";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { useMoreMachines } from "@/lib/queries";

/** How sure an identification is, in a word. */
export function confidenceWord(confidence: number): "certain" | "likely" | "possible" {
  if (confidence >= 0.95) return "certain";
  return confidence >= 0.75 ? "likely" : "possible";
}

/** A path in one line: the middle gives way, the end stays readable; the whole on hover, and a button that copies it. */
export function PathLine({ path }: { path: string }) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  const cut = Math.max(path.lastIndexOf("\\"), path.lastIndexOf("/"));
  const tail = cut > 0 && path.length - cut <= 32 ? path.slice(cut) : "";
  const head = tail === "" ? path : path.slice(0, cut);
  return (
    <span className="group/path flex min-w-0 items-center gap-1">
      <code title={path} className="flex min-w-0 font-mono text-code text-ink-2">
        <span className="truncate">{head}</span>
        {tail ? <span className="flex-none">{tail}</span> : null}
      </code>
      <button
        type="button"
        aria-label={copied ? t("common.copied") : t("findings.copy.path", { path })}
        title={copied ? t("common.copied") : t("findings.copy.path-short")}
        onClick={() => {
          void navigator.clipboard.writeText(path).then(() => setCopied(true));
        }}
        onBlur={() => setCopied(false)}
        data-print="hide"
        className="-my-1 flex size-6 flex-none items-center justify-center rounded-sm text-ink-3 opacity-0 hover:text-ink focus-visible:opacity-100 group-hover/path:opacity-100"
      >
        {copied ? <Check size={12} aria-hidden="true" /> : <Copy size={12} aria-hidden="true" />}
      </button>
    </span>
  );
}

function Evidence({ lines }: { lines: readonly EvidenceLine[] }) {
  return (
    <dl className="grid grid-cols-[92px_1fr] gap-x-3 gap-y-1.5 text-cap">
      {lines.map((line) => (
        <div key={`${line.label}${line.title}${line.path}`} className="contents">
          <dt className="truncate text-ink-3" title={line.label}>
            {line.label}
          </dt>
          <dd className="min-w-0 text-ink-2">
            {line.path === null ? null : <PathLine path={line.path} />}
            <span className="block truncate text-ink-3" title={`${line.title}. ${line.says}`}>
              <span className={line.path === null ? "text-ink-2" : undefined}>{line.title}</span>. {line.says}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const FIRST = 5;
/** So many more are asked for at once. */
const NEXT = 100;

/** Where it is: machine by machine, the first one open; those that were not told with the finding are asked for. */
export function Machines({
  id,
  first,
  total,
  presence,
}: {
  id: string;
  first: readonly MachineHit[];
  total: number;
  presence: Presence;
}) {
  const t = useT();
  const more = useMoreMachines(id, first.length, NEXT);
  const machines = useMemo(() => [...first, ...more.machines], [first, more.machines]);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(first[0] ? [first[0].id] : []));
  const [all, setAll] = useState(false);
  const shown = all ? machines : machines.slice(0, FIRST);
  return (
    <>
      <ul className="flex flex-col">
        {shown.map((machine) => {
          const on = open.has(machine.id);
          return (
            <li key={machine.id} className="border-line border-t first:border-t-0">
              <button
                type="button"
                aria-expanded={on}
                onClick={() => {
                  const next = new Set(open);
                  if (on) next.delete(machine.id);
                  else next.add(machine.id);
                  setOpen(next);
                }}
                className="-outline-offset-2 flex min-h-7 w-full items-center gap-2 rounded-sm text-left text-cap hover:bg-hover"
              >
                <ChevronRight
                  size={12}
                  aria-hidden="true"
                  data-print="hide"
                  className={cx("flex-none text-ink-3 transition-transform", on && "rotate-90")}
                />
                <span className="min-w-0 truncate font-medium text-ink" title={machine.hostname}>
                  {machine.hostname}
                </span>
                {machine.version ? <span className="flex-none text-ink-3">{machine.version}</span> : null}
                {machine.presence === presence ? null : <PresenceMark presence={machine.presence} />}
                <span className="ml-auto flex-none text-ink-3">
                  {t("findings.where.traces", { count: machine.evidence.length })}
                </span>
              </button>
              <div className={cx("pb-2 pl-4 print:block", on ? "block" : "hidden")}>
                <Evidence lines={machine.evidence} />
                <p className="mt-1.5 text-cap text-ink-3">
                  {t("findings.where.seen")} <Day iso={machine.first_seen} /> {t("findings.where.to")}{" "}
                  <Day iso={machine.last_seen} />
                </p>
              </div>
            </li>
          );
        })}
      </ul>
      {machines.length > FIRST ? (
        <button
          type="button"
          aria-expanded={all}
          onClick={() => setAll(!all)}
          data-print="hide"
          className="lk mt-1 min-h-6 text-cap"
        >
          {all
            ? t("findings.where.fewer")
            : t(machines.length < total ? "findings.where.first" : "findings.where.all", { count: machines.length })}
        </button>
      ) : null}
      {all && machines.length < total ? (
        <button
          type="button"
          onClick={() => void more.next()}
          disabled={more.pending}
          data-print="hide"
          className="lk mt-1 ml-4 min-h-6 text-cap"
        >
          {t("findings.where.next", { count: Math.min(NEXT, total - machines.length), rest: total - machines.length })}
        </button>
      ) : null}
    </>
  );
}

const FIRST_RULES = 6;

/** How we know: each rule once, with the field and value it matched. */
export function Matches({ machines }: { machines: readonly MachineHit[] }) {
  const t = useT();
  const [all, setAll] = useState(false);
  const seen = new Map<string, { label: string; field: string; value: string; rule: string }>();
  for (const machine of machines) {
    for (const line of machine.evidence) {
      for (const matched of line.matched) {
        const key = `${matched.rule} ${matched.field} ${matched.value}`;
        if (!seen.has(key)) seen.set(key, { label: line.label, ...matched });
      }
    }
  }
  const matches = [...seen.values()];
  const shown = all ? matches : matches.slice(0, FIRST_RULES);
  return (
    <>
      <dl className="grid grid-cols-[92px_1fr] gap-x-3 gap-y-1.5 text-cap">
        {shown.map((match) => (
          <div key={`${match.rule}${match.field}${match.value}`} className="contents">
            <dt className="truncate text-ink-3" title={match.label}>
              {match.label}
            </dt>
            <dd className="min-w-0 text-ink-2">
              <span className="block truncate" title={match.value}>
                {match.value}
              </span>
              <span className="block truncate text-ink-3">
                {t("findings.how.rule")} <code className="font-mono text-code">{match.rule}</code>{" "}
                {t("findings.how.field")} <code className="font-mono text-code">{match.field}</code>
              </span>
            </dd>
          </div>
        ))}
      </dl>
      {matches.length > FIRST_RULES ? (
        <button
          type="button"
          aria-expanded={all}
          onClick={() => setAll(!all)}
          data-print="hide"
          className="lk mt-1 min-h-6 text-cap"
        >
          {all ? t("findings.where.fewer") : t("findings.how.all", { count: matches.length })}
        </button>
      ) : null}
    </>
  );
}
