import { Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import type { ReactNode } from "react";
import { Button, Day, Instant } from "@/components";
import type { ImportDetail, ImportNote, RejectRow, SkipCount } from "@/ipc";
import { useNumber, useT } from "@/lib/i18n";
import { Reviews } from "./join-review";
import { Cut, FactRow, Part, PlainTable } from "./plain-table";
import { useSaveRejects } from "./queries";
import { isWorthALook, useBytes, useRule } from "./words";

/** The number that counts, its word, and what stands beside it. */
export function Figure({ value, word, children }: { value: ReactNode; word: string; children?: ReactNode }) {
  return (
    <div className="min-w-0 border-line border-l px-4 first:border-l-0 first:pl-0">
      <p className="flex items-baseline gap-1.5">
        <span className="font-semibold text-page tabular-nums tracking-page">{value}</span>
        <span className="text-cap text-ink-3">{word}</span>
      </p>
      <div className="text-cap text-ink-2">{children}</div>
    </div>
  );
}

/** What an import held and what became of it. */
export function ImportBody({ detail, moved }: { detail: ImportDetail; moved?: ReactNode }) {
  const t = useT();
  const number = useNumber();
  const bytes = useBytes();
  const { row, rules, machines } = detail;
  const of = (rule: string) => rules.find((each) => each.rule === rule)?.machines ?? 0;
  const [fresh, byName] = [of("new") + of("namesake"), of("hostname")];
  const known = rules.reduce((sum, each) => sum + each.machines, 0) - fresh - byName;
  return (
    <>
      <div className="grid grid-cols-2 gap-y-4 border-line border-t py-4 md:flex md:flex-wrap">
        <Figure value={number(row.machines)} word={t("imports.figure.machines", { count: row.machines })}>
          {row.machines > 0 && rules.length > 0
            ? [
                fresh > 0 ? t("imports.figure.new", { count: fresh }) : null,
                known > 0 ? t("imports.figure.known", { count: known }) : null,
                byName > 0 ? t("imports.figure.byName", { count: byName }) : null,
              ]
                .filter(Boolean)
                .join(", ")
            : row.titles > 0
              ? t("imports.figure.titles", { count: row.titles })
              : null}
        </Figure>
        <Figure value={number(row.used)} word={t("imports.figure.used", { count: row.used })}>
          {row.machines > 0 && row.titles > 0 ? t("imports.figure.titles", { count: row.titles }) : null}
        </Figure>
        <Figure value={number(row.rejected)} word={t("imports.figure.rejected")}>
          {row.rejected === 0 ? t("imports.figure.allUsed") : null}
        </Figure>
        <Figure value={number(row.skipped)} word={t("imports.figure.skipped")} />
        {moved}
      </div>
      <div className="border-line border-t pt-3">
        <FactRow
          facts={[
            [t("imports.format"), row.format_title],
            row.encoding ? [t("imports.encoding"), row.encoding] : null,
            row.layers.length > 0 ? [t("imports.layers"), row.layers.join(", ")] : null,
            [t("imports.size"), bytes(row.bytes)],
            [
              t("imports.made"),
              row.made ? <Day key="m" iso={row.made} /> : <span key="m">{t("imports.made.unknown")}</span>,
            ],
            [t("imports.when"), <Instant key="w" iso={row.imported} />],
            row.undone ? [t("imports.undone"), <Instant key="u" iso={row.undone} />] : null,
            [
              t("imports.hash"),
              <code key="h" className="font-mono text-code" title={row.sha256}>
                {row.sha256.slice(0, 16)}…
              </code>,
            ],
          ]}
        />
        {row.keeps_days ? (
          <p className="-mt-2 pb-4 text-cap text-ink-2">{t("imports.keeps", { days: row.keeps_days })}</p>
        ) : null}
      </div>
      {row.undone ? null : <Reviews detail={detail} />}
      {machines.length > 0 ? <Machines detail={detail} /> : null}
      <Rejects number={row.number} rejects={detail.rejects} rejected={row.rejected} />
      <Skipped skipped={detail.skipped} />
    </>
  );
}

function Machines({ detail }: { detail: ImportDetail }) {
  const t = useT();
  const rule = useRule();
  const { machines, row } = detail;
  const decided = new Set(detail.reviews.filter((review) => !review.open).map((review) => review.told));
  return (
    <Part
      title={t("imports.machines")}
      aside={
        machines.length < row.machines
          ? t("imports.machines.first", { shown: machines.length, count: row.machines })
          : undefined
      }
    >
      <PlainTable
        label={t("imports.machines")}
        rows={machines}
        rowId={(machine) => `${machine.id}\n${machine.told}`}
        className="max-h-80"
        minWidth="min-w-160"
        columns={[
          {
            id: "told",
            header: t("imports.machines.told"),
            width: "26%",
            cell: (machine) => <Cut className="font-mono text-code text-ink">{machine.told}</Cut>,
          },
          {
            id: "machine",
            header: t("imports.machines.machine"),
            width: "26%",
            cell: (machine) => (
              <Link
                to="/findings"
                search={{ machine: machine.id }}
                className="lk font-mono text-code"
                title={machine.hostname}
              >
                {machine.hostname}
              </Link>
            ),
          },
          {
            id: "rule",
            header: t("imports.machines.rule"),
            cell: (machine) =>
              isWorthALook(machine.rule) && !decided.has(machine.told) ? (
                <span data-tier="restricted" className="inline-flex items-center gap-2">
                  <span className="text-ink">{rule(machine.rule)}</span>
                  <span className="rounded-sm bg-tier-b px-1.5 font-medium text-micro text-tier-t hairline-tier">
                    {t("imports.machines.worth")}
                  </span>
                </span>
              ) : (
                rule(machine.rule)
              ),
          },
        ]}
      />
    </Part>
  );
}

/** What could not be used: place, reason, beginning. */
export function RejectTable({ rejects }: { rejects: readonly RejectRow[] }) {
  const t = useT();
  return (
    <PlainTable
      label={t("imports.rejects")}
      rows={rejects}
      rowId={(_, index) => String(index)}
      className="max-h-80"
      columns={[
        { id: "place", header: t("imports.rejects.place"), width: "96px", cell: (row) => <Cut>{row.place}</Cut> },
        {
          id: "reason",
          header: t("imports.rejects.reason"),
          width: "40%",
          cell: (row) => <Cut className="text-ink">{row.reason}</Cut>,
        },
        {
          id: "excerpt",
          header: t("imports.rejects.excerpt"),
          cell: (row) => <Cut className="font-mono text-code">{row.excerpt}</Cut>,
        },
      ]}
    />
  );
}

function Rejects({ number, rejects, rejected }: { number: number; rejects: RejectRow[]; rejected: number }) {
  const t = useT();
  const save = useSaveRejects();
  if (rejected === 0) return null;
  return (
    <Part
      title={t("imports.rejects")}
      aside={
        rejects.length < rejected ? t("imports.rejects.first", { shown: rejects.length, count: rejected }) : undefined
      }
      actions={
        <Button size="sm" onClick={() => save.mutate(number)} disabled={save.isPending}>
          <Download size={12} aria-hidden="true" />
          {t("imports.rejects.save")}
        </Button>
      }
    >
      <RejectTable rejects={rejects} />
    </Part>
  );
}

export function Skipped({ skipped }: { skipped: readonly SkipCount[] }) {
  const t = useT();
  const number = useNumber();
  if (skipped.length === 0) return null;
  return (
    <Part title={t("imports.skipped")} aside={t("imports.skipped.means")}>
      <ul className="text-cap">
        {skipped.map((skip) => (
          <li key={skip.reason} className="flex min-h-7 items-center gap-3 border-line border-t first:border-t-0">
            <span className="w-16 text-right text-ink tabular-nums">{number(skip.count)}</span>
            <span className="text-ink-2">{skip.reason}</span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

export function Notes({ notes }: { notes: readonly ImportNote[] }) {
  const t = useT();
  if (notes.length === 0) return null;
  return (
    <Part title={t("imports.notes")}>
      <ul className="max-w-220 text-cap">
        {notes.map((note) => (
          <li key={note.code + note.message} className="flex gap-3 border-line border-t py-1.5 first:border-t-0">
            <span className="min-w-0 flex-1 text-ink-2">{note.message}</span>
            <code className="font-mono text-code text-ink-3">{note.code}</code>
          </li>
        ))}
      </ul>
    </Part>
  );
}
