import { useMemo } from "react";
import { useIntl } from "react-intl";
import { TierChip } from "@/components";
import { useTellingWords } from "@/components/told-table";
import type { SoftwareRow } from "@/ipc";
import { useNumber, useT } from "@/lib/i18n";
import type { ListColumn } from "../machines/machines-columns";

/** The columns the list can be sorted by, as the address and the question name them. */
export const SORTS = ["tier", "name", "version", "publisher", "vendor", "machines"] as const;

export function useSoftwareColumns(machines: number, hasTold: boolean): ListColumn<SoftwareRow>[] {
  const t = useT();
  const number = useNumber();
  const { locale } = useIntl();
  // biome-ignore lint/correctness/useExhaustiveDependencies: t and number change with the locale alone
  return useMemo(
    () => [
      {
        id: "tier",
        header: t("findings.col.tier"),
        width: locale === "de" ? 144 : 128,
        priority: 0,
        sortable: true,
        cell: (row) =>
          row.tier === null ? (
            <span className="text-ink-3" title={t("software.unidentified.means")}>
              {t("software.unidentified")}
            </span>
          ) : (
            <TierChip tier={row.tier} />
          ),
      },
      {
        id: "name",
        header: t("software.col.name"),
        width: 240,
        priority: 0,
        grow: true,
        sortable: true,
        fixed: true,
        cell: (row) => (
          <span className="font-medium text-body text-ink" title={row.name}>
            {row.name}
          </span>
        ),
      },
      {
        id: "version",
        header: t("software.col.version"),
        width: 144,
        priority: 2,
        sortable: true,
        cell: (row) => (
          <span className="tabular-nums" title={row.version ?? undefined}>
            {row.version}
          </span>
        ),
      },
      {
        id: "publisher",
        header: t("software.col.publisher"),
        width: 200,
        priority: 3,
        sortable: true,
        cell: (row) => <span title={row.publisher ?? undefined}>{row.publisher}</span>,
      },
      {
        id: "vendor",
        header: t("findings.col.vendor"),
        width: 144,
        priority: 4,
        sortable: true,
        cell: (row) => row.vendor?.name,
      },
      {
        id: "machines",
        header: t("findings.col.machines"),
        width: 156,
        priority: 1,
        align: "right",
        sortable: true,
        downFirst: true,
        cell: (row) =>
          row.machines === 0 && row.told.length > 0 ? (
            <span className="text-ink-3">{t("software.no-machine")}</span>
          ) : (
            <Share count={row.machines} of={machines} text={number(row.machines)} />
          ),
      },
      {
        id: "told",
        header: t("software.col.told"),
        width: 168,
        priority: 3.5,
        optional: !hasTold,
        cell: (row) => <Told told={row.told} />,
      },
      {
        id: "product",
        header: t("findings.col.product"),
        width: 200,
        priority: 6,
        optional: true,
        cell: (row) => <span title={row.product ?? undefined}>{row.product}</span>,
      },
      {
        id: "sources",
        header: t("software.col.sources"),
        width: 144,
        priority: 7,
        optional: true,
        cell: (row) => <span title={row.sources.join(", ")}>{row.sources.join(", ")}</span>,
      },
    ],
    [locale, machines, hasTold],
  );
}

/** Who tells of it without saying on which machines: the tool's own count, and the tool. */
function Told({ told }: { told: SoftwareRow["told"] }) {
  const t = useT();
  const number = useNumber();
  const inWords = useTellingWords();
  const first = told[0];
  if (!first) return null;
  const said = told.map(inWords);
  return (
    <span className={first.newer > 0 ? "text-ink-3" : undefined} title={said.join("\n")}>
      {first.count === null ? null : <span className="font-medium tabular-nums">{number(first.count)} · </span>}
      {told.length > 1 ? t("told.tools", { tool: first.tool, more: told.length - 1 }) : first.tool}
      <span className="sr-only">{`: ${said.join("; ")}`}</span>
    </span>
  );
}

/** How many of all machines have it: the number, and a bar beside it. */
export function Share({ count, of, text }: { count: number; of: number; text: string }) {
  const share = of > 0 ? Math.min(1, count / of) : 0;
  return (
    <span className="inline-flex w-full items-center justify-end gap-2 text-ink">
      <span aria-hidden="true" className="h-1 w-14 flex-none overflow-hidden rounded-pill bg-track">
        <span
          data-bar=""
          className="block h-full rounded-pill bg-ink-3"
          style={{ width: `${Math.max(share * 100, count > 0 ? 4 : 0)}%` }}
        />
      </span>
      <span className="min-w-10">{text}</span>
    </span>
  );
}
