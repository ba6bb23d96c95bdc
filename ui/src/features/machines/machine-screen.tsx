import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { Day, ErrorNotice, Instant, PresenceMark, SkeletonLines, TierChip } from "@/components";
import { PagedTable } from "@/components/paged-table";
import { collectorMessage } from "@/features/audit/collector-name";
import { backend, type CollectorLine, type InstalledLine, type InstalledPage, type MachineDetail } from "@/ipc";
import { useContext } from "@/lib/context";
import { type MessageId, useNumber, useT } from "@/lib/i18n";
import { useMachine } from "@/lib/queries";
import { usePages } from "@/lib/use-pages";
import { Block } from "../vendors/block";
import { LookAgain } from "./look-again";
import { Changes } from "./machine-changes";
import type { ListColumn } from "./machines-columns";
import { Removal } from "./removal";

/** Everything about one machine on one page. */
export function MachineScreen({ id }: { id: string }) {
  const t = useT();
  const machine = useMachine(id);
  if (machine.isError) {
    return (
      <div className="p-6">
        <ErrorNotice error={machine.error} title={t("machine.error")} onRetry={() => void machine.refetch()} />
      </div>
    );
  }
  if (!machine.data) return <SkeletonLines lines={14} className="p-6" />;
  return <Page machine={machine.data} />;
}

function Page({ machine }: { machine: MachineDetail }) {
  const t = useT();
  const { row } = machine;
  return (
    <div className="h-full overflow-y-auto overflow-x-hidden print:h-auto print:overflow-visible">
      <article className="px-6 pt-4 pb-6" aria-label={row.hostname}>
        <Header machine={machine} />
        <div className="mt-3 grid grid-cols-1 border-line-2 border-t lg:grid-cols-[minmax(0,1fr)_304px]">
          <div className="min-w-0 lg:pr-6">
            <Block title={t("nav.findings")} aside={t("machine.findings.aside", { count: machine.findings.length })}>
              <Findings machine={machine} />
            </Block>
            {machine.disagreements.length > 0 ? (
              <Block title={t("machine.disagree")} aside={t("machine.disagree.aside")}>
                <Disagreements machine={machine} />
              </Block>
            ) : null}
            <Changes machine={machine} />
            <Block title={t("machine.installed")} aside={t("machine.installed.aside")}>
              <Installed id={row.id} />
            </Block>
          </div>
          <div className="min-w-0 border-line border-t lg:border-t-0 lg:border-l lg:pl-6">
            <Block title={t("machine.told")}>
              <Tellers machine={machine} />
            </Block>
            <Block title={t("machine.again")}>
              <LookAgain again={machine.again} />
            </Block>
            <Block title={t("machine.removal")} aside={t("machine.removal.aside")}>
              <Removal machine={machine} />
            </Block>
            <Block title={t("machine.coverage")} aside={<CoverageCount lines={machine.collectors} />}>
              <Coverage machine={machine} />
            </Block>
            <Block title={t("machine.scans")} end={t("machine.scans.count", { count: row.scans })}>
              <Scans machine={machine} />
            </Block>
            <Block title={t("machine.names")}>
              <Names machine={machine} />
            </Block>
          </div>
        </div>
      </article>
    </div>
  );
}

function Header({ machine }: { machine: MachineDetail }) {
  const t = useT();
  const number = useNumber();
  const { row } = machine;
  return (
    <header>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="font-semibold text-page tracking-page [overflow-wrap:anywhere]">{row.hostname}</h1>
        <TierChip tier={row.tier} />
        <Link to="/findings" search={{ machine: row.id } as never} className="lk ml-auto">
          {t("machine.to-findings")}
        </Link>
      </div>
      <p className="mt-0.5 flex flex-wrap gap-x-4 text-cap text-ink-3">
        <span>{[row.system, row.arch].filter(Boolean).join(", ")}</span>
        <span>{t("machine.installations", { count: row.installations, shown: number(row.installations) })}</span>
        <span>
          {t("machines.col.last-seen")} <Instant iso={row.last_seen} />
        </span>
        <span className={machine.freshness === "stale" ? "font-medium text-ink" : undefined}>
          {t(`machine.freshness.${machine.freshness}` as MessageId)}
        </span>
      </p>
    </header>
  );
}

function Findings({ machine }: { machine: MachineDetail }) {
  const t = useT();
  if (machine.findings.length === 0) return <p className="text-ink-2">{t("machine.findings.none")}</p>;
  return (
    <ul>
      {machine.findings.map((finding) => (
        <li key={finding.id} className="border-line border-t first:border-t-0">
          <Link
            to="/findings/$id"
            params={{ id: finding.id }}
            data-tier={finding.tier}
            className="relative grid min-h-9 grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 py-1.5 pl-3 hover:bg-hover md:grid-cols-[112px_84px_minmax(0,1fr)_auto]"
          >
            <i data-bar aria-hidden="true" className="absolute inset-y-1 left-0 w-edge rounded-r-xs bg-tier-e" />
            <span>
              <TierChip tier={finding.tier} />
            </span>
            <span className="text-cap max-md:hidden">
              <PresenceMark presence={finding.presence} />
            </span>
            <span className="min-w-0 truncate">
              <span className="font-medium">{finding.title}</span>
              {finding.version ? <span className="ml-1.5 text-cap text-ink-3">{finding.version}</span> : null}
              <span className="ml-2 text-cap text-ink-3">{finding.vendor.name}</span>
            </span>
            <span className="whitespace-nowrap text-cap text-ink-3 max-md:col-start-2">
              {t("machine.since")} <Day iso={finding.first_seen} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Disagreements({ machine }: { machine: MachineDetail }) {
  const t = useT();
  return (
    <ul className="flex flex-col">
      {machine.disagreements.map((about) => (
        <li key={`${about.title}${about.kind}`} className="border-line border-t py-1.5 first:border-t-0">
          <span className="flex items-center gap-2">
            <TierChip tier={about.tier} bare />
            <span className="font-medium">{about.title}</span>
          </span>
          <ul className="mt-0.5 grid gap-x-6 text-cap text-ink-2 md:grid-cols-2">
            {about.sides.map((side) => (
              <li key={side.name} className="flex min-w-0 gap-2">
                <span className="min-w-0 truncate">
                  {side.name}:{" "}
                  <span className="font-medium text-ink">
                    {side.told ? side.versions.join(", ") || t("machine.disagree.there") : t("machine.disagree.not")}
                  </span>
                </span>
                <span className="ml-auto text-ink-3">
                  <Day iso={side.at} />
                </span>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function Tellers({ machine }: { machine: MachineDetail }) {
  const t = useT();
  return (
    <ul className="flex flex-col gap-2">
      {machine.tellers.map((teller) => (
        <li key={teller.name} className="text-cap">
          <span className="flex items-baseline gap-2">
            <span className="min-w-0 flex-1 truncate font-medium text-body text-ink">{teller.name}</span>
            <span className={teller.freshness === "fresh" ? "text-ink-3" : "font-medium text-ink"}>
              {t(`machine.freshness.${teller.freshness}` as MessageId)}
            </span>
          </span>
          <span className="block text-ink-3">
            <Instant iso={teller.last_told} />, {teller.source}
          </span>
          {teller.keeps_days === null ? null : (
            <span className="block text-ink-2">{t("machine.keeps", { days: teller.keeps_days })}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

function CoverageCount({ lines }: { lines: readonly CollectorLine[] }) {
  const t = useT();
  const whole = lines.filter((line) => line.status === "complete").length;
  return <>{t("machine.coverage.count", { whole, of: lines.length })}</>;
}

const GRAVE: Record<CollectorLine["status"], number> = { failed: 0, "not-possible": 2, partial: 1, complete: 3 };

function Coverage({ machine }: { machine: MachineDetail }) {
  const t = useT();
  const name = (collector: string) => {
    const { id, values } = collectorMessage(collector);
    return t(id, values);
  };
  if (machine.collectors.length === 0) return <p className="text-cap text-ink-2">{t("machine.coverage.none")}</p>;
  const lines = [...machine.collectors].sort((a, b) => GRAVE[a.status] - GRAVE[b.status]);
  return (
    <>
      <p className="mb-1 text-cap text-ink-3">
        {machine.read_as ? t("machine.coverage.as", { user: machine.read_as }) : t("machine.coverage.as.unknown")}
      </p>
      <ul>
        {lines.map((line) => (
          <li key={line.name} className="border-line border-t py-1 text-cap first:border-t-0">
            <span className="flex items-baseline gap-2">
              <span className="min-w-0 flex-1 truncate text-ink" title={line.name}>
                {name(line.name)}
              </span>
              <span className={line.status === "complete" ? "text-ink-3" : "font-medium text-ink"}>
                {t(`audit.status.${line.status}` as MessageId)}
              </span>
            </span>
            {line.reason ? <span className="block text-ink-3">{line.reason}</span> : null}
          </li>
        ))}
      </ul>
    </>
  );
}

function Scans({ machine }: { machine: MachineDetail }) {
  const number = useNumber();
  return (
    <ul>
      {machine.scans.slice(0, 8).map((scan) => (
        <li
          key={`${scan.at}${scan.name}`}
          className="flex items-baseline gap-2 border-line border-t py-1 text-cap first:border-t-0"
        >
          <Day iso={scan.at} />
          <span className="min-w-0 flex-1 truncate text-ink-3">{scan.name}</span>
          <span className="text-ink-2 tabular-nums">{number(scan.observations)}</span>
        </li>
      ))}
    </ul>
  );
}

function Names({ machine }: { machine: MachineDetail }) {
  const t = useT();
  const kind = (word: string) =>
    word.startsWith("tool:")
      ? t("machine.name.tool", { tool: word.slice("tool:".length) })
      : t(`machine.name.${word}` as MessageId);
  const line = (label: string, value: string): ReactNode => (
    <div key={label + value} className="contents">
      <dt className="truncate text-ink-3">{label}</dt>
      <dd className="min-w-0 truncate font-mono text-code text-ink-2" title={value}>
        {value}
      </dd>
    </div>
  );
  return (
    <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-3 gap-y-1 text-cap">
      {line(t("machines.col.id"), machine.row.id)}
      {machine.names.map((name) => line(kind(name.kind), name.value))}
    </dl>
  );
}

function useInstalledColumns(): ListColumn<InstalledLine>[] {
  const t = useT();
  return [
    {
      id: "name",
      header: t("software.col.name"),
      width: 220,
      priority: 0,
      grow: true,
      sortable: true,
      cell: (row) => (
        <span className="font-medium text-ink" title={row.name}>
          {row.name}
        </span>
      ),
    },
    {
      id: "version",
      header: t("software.col.version"),
      width: 132,
      priority: 1,
      sortable: true,
      cell: (row) => <span className="tabular-nums">{row.version}</span>,
    },
    {
      id: "publisher",
      header: t("software.col.publisher"),
      width: 176,
      priority: 2,
      sortable: true,
      cell: (row) => <span title={row.publisher ?? undefined}>{row.publisher}</span>,
    },
    { id: "source", header: t("software.col.sources"), width: 120, priority: 4, cell: (row) => row.source },
    {
      id: "first-seen",
      header: t("machines.col.first-seen"),
      width: 108,
      priority: 3,
      sortable: true,
      downFirst: true,
      cell: (row) => <Day iso={row.first_seen} />,
    },
  ];
}

const installedId = (row: InstalledLine) => `${row.name}\t${row.version}\t${row.source}`;
const installedTier = (row: InstalledLine) => row.tier;

/** What is installed, searched and sorted without leaving the page. */
function Installed({ id }: { id: string }) {
  const t = useT();
  const navigate = useNavigate();
  const { profiles, as_of } = useContext();
  const [text, setText] = useState("");
  const [sort, setSort] = useState({ id: "name", desc: false });
  const columns = useInstalledColumns();
  const context = { profiles, as_of };
  const what = { id, text, sort: sort.id, descending: sort.desc };
  const installed = usePages<InstalledLine, InstalledPage>(["machine_software", context, what], (offset, limit) =>
    backend.call("machine_software", { context, ...what, offset, limit }),
  );
  const rows = Math.min(installed.head?.total ?? 0, 12);
  return (
    <div>
      <div className="mb-1 flex items-center gap-3">
        <input
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-label={t("software.filter.text")}
          placeholder={t("software.filter.text")}
          className="h-6 w-56 rounded-md border border-line-2 bg-surface px-2 text-cap"
        />
        <span role="status" className="text-cap text-ink-3">
          {installed.head ? t("findings.count", { shown: installed.head.total, total: installed.head.all }) : null}
        </span>
      </div>
      {installed.query.isError ? (
        <ErrorNotice error={installed.query.error} onRetry={() => void installed.query.refetch()} />
      ) : installed.head && installed.head.total === 0 ? (
        <p className="text-ink-2">{t("machine.installed.none")}</p>
      ) : (
        <div className="-mx-6 lg:mr-0" style={{ height: 33 + rows * 28 + 2 }}>
          <PagedTable
            label={t("machine.installed")}
            pages={installed.pages}
            columns={columns}
            rowId={installedId}
            tierOf={installedTier}
            sort={sort}
            onSort={setSort}
            onOpen={(row) => {
              if (row.family) void navigate({ to: "/software/$id", params: { id: row.family } });
            }}
            height={28}
          />
        </div>
      )}
    </div>
  );
}
