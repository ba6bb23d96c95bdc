import { Link } from "@tanstack/react-router";
import type { Tier, VendorExposure } from "@/ipc";
import { cx } from "@/lib/cx";
import { useNumber, useT } from "@/lib/i18n";
import { Pane } from "./pane";
import { niceTicks } from "./scale";

/** The colour word for prohibited and required is one and the same: they share a swatch. */
function legend(rows: readonly VendorExposure[]): Tier[] {
  const order: Tier[] = ["prohibited", "required", "restricted", "advisory", "watch", "undetermined"];
  const present = new Set(rows.flatMap((row) => row.tiers.map((t) => t.tier)));
  return order.filter((tier) => present.has(tier));
}

const GRID = "grid grid-cols-[104px_minmax(0,1fr)_32px] gap-3 sm:grid-cols-[112px_minmax(0,1fr)_32px]";

/** Machines per vendor by their worst tier. The bars are a table to those who do not see them. */
export function ByVendor({ rows, className }: { rows: readonly VendorExposure[]; className?: string }) {
  const t = useT();
  const number = useNumber();
  const ticks = niceTicks(Math.max(1, ...rows.map((row) => row.machines)));
  const most = ticks.at(-1) ?? 1;
  const tiers = legend(rows);
  const twins = tiers.includes("prohibited") && tiers.includes("required");
  return (
    <Pane
      title={t("overview.vendors")}
      note={t("overview.unit.machines", { count: 2 })}
      className={className ?? ""}
      aside={
        <div aria-hidden="true" className="flex flex-wrap gap-x-3 text-cap text-ink-3">
          {tiers
            .filter((tier) => !(twins && tier === "required"))
            .map((tier) => (
              <span key={tier} data-tier={tier} className="inline-flex items-center gap-1.5">
                <i data-bar className={cx("size-2 rounded-xs", tier === "watch" ? "hatch-wide" : "bg-tier-e")} />
                {twins && tier === "prohibited" ? t("overview.twins") : t(`tier.${tier}`)}
              </span>
            ))}
        </div>
      }
    >
      <ul className="flex flex-col">
        {rows.map((row) => {
          const words = row.tiers
            .map((part) => t("overview.bar.part", { tier: t(`tier.${part.tier}`), count: part.machines }))
            .join(", ");
          return (
            <li key={row.vendor}>
              <Link
                to="/findings"
                search={{ vendor: row.vendor }}
                aria-label={t("overview.bar.label", { vendor: row.name, count: row.machines, words })}
                title={words}
                className={cx(GRID, "h-6 items-center rounded-sm text-cap hover:bg-hover")}
              >
                <span className="truncate font-medium">{row.name}</span>
                <span className="relative flex h-6 items-center gap-px border-line border-r">
                  {ticks.slice(0, -1).map((tick) => (
                    <i
                      key={tick}
                      aria-hidden="true"
                      className="absolute inset-y-0 w-px bg-line"
                      style={{ left: `${(tick / most) * 100}%` }}
                    />
                  ))}
                  {row.tiers.map((part, index) => (
                    <i
                      key={part.tier}
                      data-bar
                      data-tier={part.tier}
                      className={cx(
                        "relative block h-2.5",
                        part.tier === "watch" ? "hatch-wide" : "bg-tier-e",
                        index === 0 && "rounded-l-xs",
                        index === row.tiers.length - 1 && "rounded-r-xs",
                      )}
                      style={{ width: `${(part.machines / most) * 100}%` }}
                    />
                  ))}
                </span>
                <span className="text-right tabular-nums">{number(row.machines)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
      <div aria-hidden="true" className={cx(GRID, "text-ink-3 text-tick")}>
        <span />
        <span className="relative h-4">
          {ticks.map((tick) => (
            <span
              key={tick}
              className={cx(
                "absolute tabular-nums",
                tick === 0 ? "" : tick === most ? "-translate-x-full" : "-translate-x-1/2",
              )}
              style={{ left: `${(tick / most) * 100}%` }}
            >
              {number(tick)}
            </span>
          ))}
        </span>
      </div>
    </Pane>
  );
}
