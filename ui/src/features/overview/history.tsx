import { useIntl } from "react-intl";
import type { HistoryPoint, Tier } from "@/ipc";
import { cx } from "@/lib/cx";
import { daysBetween, formatDay } from "@/lib/days";
import { useWidth } from "@/lib/hooks";
import { useNumber, useT } from "@/lib/i18n";
import { Pane } from "./pane";
import { niceTicks, pickDates, spread } from "./scale";

type Line = { key: string; tier: Tier; label: string; values: number[] };

const HEIGHT = 224;
const TOP = 8;
const BOTTOM = 24;
const LEFT = 28;

function machines(point: HistoryPoint, tiers: readonly Tier[]): number {
  return point.tiers.filter((t) => tiers.includes(t.tier)).reduce((sum, t) => sum + t.machines, 0);
}

function useLines(history: readonly HistoryPoint[]): Line[] {
  const t = useT();
  const has = (tier: Tier) => history.some((point) => machines(point, [tier]) > 0);
  const twins = has("prohibited") && has("required");
  const lines: Line[] = [];
  const add = (tiers: Tier[], label: string) => {
    const values = history.map((point) => machines(point, tiers));
    const [tier] = tiers;
    if (tier && values.some((v) => v > 0)) lines.push({ key: tiers.join("-"), tier, label, values });
  };
  if (twins) add(["prohibited", "required"], t("overview.twins"));
  else for (const tier of ["prohibited", "required"] as const) add([tier], t(`tier.${tier}`));
  for (const tier of ["restricted", "advisory", "watch", "undetermined"] as const) add([tier], t(`tier.${tier}`));
  return lines;
}

/** Machines per tier at each scan: step lines, compared and not summed, with direct labels. */
export function History({ history, className }: { history: readonly HistoryPoint[]; className?: string }) {
  const t = useT();
  const number = useNumber();
  const { locale } = useIntl();
  const [ref, width] = useWidth<HTMLDivElement>(760);
  const lines = useLines(history);
  const first = history[0];
  const last = history.at(-1);
  if (!first || !last || history.length < 2) return null;
  const days = Math.max(1, daysBetween(first.at, last.at));
  const note = t("overview.history.note");

  const right = Math.min(152, Math.max(112, width * 0.16));
  const plot = Math.max(80, width - LEFT - right);
  const from = Date.parse(first.at);
  const length = Math.max(1, Date.parse(last.at) - from);
  const x = (at: string) => LEFT + ((Date.parse(at) - from) / length) * plot;
  const ticks = niceTicks(Math.max(1, ...lines.flatMap((line) => line.values)));
  const most = ticks.at(-1) ?? 1;
  const y = (value: number) => HEIGHT - BOTTOM - (value / most) * (HEIGHT - BOTTOM - TOP);
  const labels = spread(
    lines.map((line) => y(line.values.at(-1) ?? 0)),
    15,
    TOP,
    HEIGHT - BOTTOM,
  );
  const path = (values: readonly number[]) =>
    values
      .map((value, index) => {
        const point = history[index];
        if (!point) return "";
        return index === 0
          ? `M${x(point.at).toFixed(1)} ${y(value).toFixed(1)}`
          : `H${x(point.at).toFixed(1)}V${y(value).toFixed(1)}`;
      })
      .join("");
  const years = first.at.slice(0, 4) !== last.at.slice(0, 4);
  const axis = pickDates(history, plot > 420 ? 6 : 3);

  return (
    <Pane
      title={t("overview.history")}
      note={note}
      aside={
        <span className="text-cap text-ink-3">{t("overview.history.span", { days, weeks: Math.round(days / 7) })}</span>
      }
      className={className ?? ""}
    >
      <div ref={ref} className="min-w-0">
        {lines.length === 0 ? (
          <p className="text-cap text-ink-3">{t("overview.history.quiet")}</p>
        ) : (
          <svg
            width="100%"
            height={HEIGHT}
            viewBox={`0 0 ${width} ${HEIGHT}`}
            aria-hidden="true"
            className="block overflow-visible text-tick"
          >
            {ticks.map((tick) => (
              <g key={tick}>
                <line
                  x1={LEFT}
                  x2={LEFT + plot}
                  y1={y(tick)}
                  y2={y(tick)}
                  className="stroke-line"
                  shapeRendering="crispEdges"
                />
                <text x={LEFT - 8} y={y(tick) + 3.5} textAnchor="end" className="fill-ink-3 tabular-nums">
                  {number(tick)}
                </text>
              </g>
            ))}
            {axis.map((point, index) => (
              <text
                key={point.at}
                x={x(point.at)}
                y={HEIGHT - 6}
                textAnchor={index === 0 ? "start" : index === axis.length - 1 ? "end" : "middle"}
                className="fill-ink-3"
              >
                {years ? formatDay(point.at, locale) : formatDay(point.at, locale).replace(/\s\d{4}$/, "")}
              </text>
            ))}
            {lines.map((line, index) => {
              const value = line.values.at(-1) ?? 0;
              const dashed = line.tier === "undetermined";
              return (
                <g key={line.key} data-tier={line.tier}>
                  <path
                    d={path(line.values)}
                    fill="none"
                    strokeWidth="1.75"
                    strokeDasharray={dashed ? "3 3" : undefined}
                    className="stroke-tier-e"
                  />
                  <circle cx={LEFT + plot} cy={y(value)} r="2.75" className="fill-tier-e" />
                  <text
                    x={LEFT + plot + 10}
                    y={(labels[index] ?? 0) + 3.5}
                    className="fill-tier-t font-medium text-micro"
                  >
                    {line.label} {number(value)}
                  </text>
                </g>
              );
            })}
          </svg>
        )}
        <HistoryTable history={history} lines={lines} caption={`${t("overview.history")}: ${note}`} />
      </div>
    </Pane>
  );
}

/** The chart's twin for those who hear it. */
function HistoryTable({
  history,
  lines,
  caption,
}: {
  history: readonly HistoryPoint[];
  lines: readonly Line[];
  caption: string;
}) {
  const t = useT();
  const { locale } = useIntl();
  return (
    <div className="sr-only">
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t("overview.history.scan")}</th>
            {lines.map((line) => (
              <th key={line.key} scope="col">
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {history.map((point, index) => (
            <tr key={point.at}>
              <th scope="row">{formatDay(point.at, locale)}</th>
              {lines.map((line) => (
                <td key={line.key}>{line.values[index]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const WORST: Tier[] = ["prohibited", "required", "restricted", "advisory", "watch", "undetermined", "none"];

/** One machine: the worst tier at each scan, as a row of cells; a chart of ones and noughts would say no more. */
export function ScanStrip({ history, className }: { history: readonly HistoryPoint[]; className?: string }) {
  const t = useT();
  const { locale } = useIntl();
  const shown = history.slice(-60);
  const first = shown[0];
  const last = shown.at(-1);
  if (!first || !last) return null;
  return (
    <Pane
      title={t("overview.scans")}
      note={t("overview.scans.note", { count: history.length })}
      className={className ?? ""}
    >
      {history.length < 2 ? (
        <p className="text-cap text-ink-2">{t("overview.scans.first")}</p>
      ) : (
        <>
          <ol className="flex h-5 gap-px">
            {shown.map((point) => {
              const tier = WORST.find((w) => machines(point, [w]) > 0) ?? "none";
              const label = `${formatDay(point.at, locale)}: ${t(`tier.${tier}`)}`;
              return (
                <li
                  key={point.at}
                  data-bar
                  data-tier={tier}
                  title={label}
                  className={cx("min-w-1 max-w-4 flex-1 rounded-xs", tier === "watch" ? "hatch-wide" : "bg-tier-e")}
                >
                  <span className="sr-only">{label}</span>
                </li>
              );
            })}
          </ol>
          <div aria-hidden="true" className="mt-1 flex justify-between text-ink-3 text-tick">
            <span>{formatDay(first.at, locale)}</span>
            <span>{formatDay(last.at, locale)}</span>
          </div>
        </>
      )}
    </Pane>
  );
}
