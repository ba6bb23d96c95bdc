import { Link } from "@tanstack/react-router";
import { TierChip } from "@/components/tier-chip";
import type { Overview, Tier } from "@/ipc";
import { cx } from "@/lib/cx";
import { useNumber, useT } from "@/lib/i18n";

interface Tile {
  /** The first one gives the chip, unless only the second has findings. */
  tiers: [Tier, ...Tier[]];
}

const TILES: Tile[] = [
  { tiers: ["prohibited", "required"] },
  { tiers: ["restricted"] },
  { tiers: ["advisory"] },
  { tiers: ["watch"] },
  { tiers: ["undetermined"] },
  { tiers: ["none"] },
];

/** Machines with these tiers at the scan before the newest, where there was one. */
export function machinesBefore(overview: Overview, tiers: readonly Tier[]): number | null {
  const before = overview.history.at(-2);
  if (!before) return null;
  return before.tiers.filter((t) => tiers.includes(t.tier)).reduce((sum, t) => sum + t.machines, 0);
}

/** Counts by tier; prohibited and required share one, as they are twins. */
export function TierTiles({ overview }: { overview: Overview }) {
  const t = useT();
  const number = useNumber();
  const one = overview.machines <= 1;
  const count = (tier: Tier) => overview.tiers.find((c) => c.tier === tier) ?? { tier, findings: 0, machines: 0 };

  return (
    <nav
      aria-label={t("overview.tiles")}
      className="mt-4 grid grid-cols-2 border-line-2 border-t border-b border-b-line md:grid-cols-3 lg:grid-cols-6"
    >
      {TILES.map(({ tiers }, index) => {
        const counts = tiers.map(count);
        const machines = counts.reduce((sum, c) => sum + c.machines, 0);
        const findings = counts.reduce((sum, c) => sum + c.findings, 0);
        const chip = (counts.find((c) => c.findings > 0) ?? counts[0])?.tier ?? tiers[0];
        const before = machinesBefore(overview, tiers);
        const delta = before === null || one ? null : machines - before;
        const caption = () => {
          if (tiers[0] === "none") {
            return one
              ? t("overview.tile.othersOne", { count: overview.others_only_products })
              : t("overview.tile.others", { count: overview.others_only_products });
          }
          if (findings === 0)
            return tiers[0] === "advisory" ? t("overview.tile.noAdvisory") : t("overview.tile.nothing");
          const twin = counts[1];
          const twins = twin !== undefined && twin.findings > 0 && (counts[0]?.findings ?? 0) > 0;
          const what = twins
            ? t("overview.tile.twins", { prohibited: counts[0]?.findings ?? 0, required: twin?.findings ?? 0 })
            : one
              ? ""
              : t("overview.tile.findings", { count: findings });
          const change =
            delta === null || (twins && delta === 0)
              ? ""
              : delta === 0
                ? t("overview.tile.same")
                : delta > 0
                  ? t("overview.tile.more", { count: delta })
                  : t("overview.tile.fewer", { count: -delta });
          return [what, change].filter(Boolean).join(", ");
        };
        return (
          <Link
            key={tiers[0]}
            aria-label={t("overview.tile.label", {
              tier: t(`tier.${chip}`),
              count: `${number(one ? findings : machines)} ${one ? t("overview.unit.findings", { count: findings }) : t("overview.unit.machines", { count: machines })}`,
              more: caption(),
            })}
            to="/findings"
            search={{ tier: tiers.join(",") }}
            className={cx(
              "group flex flex-col gap-1 border-line px-4 py-3 max-lg:border-t lg:border-l lg:first:border-l-0 lg:first:pl-0",
              "max-md:odd:pl-0 max-md:even:border-l md:max-lg:nth-[3n+1]:pl-0 md:max-lg:[&:not(:nth-child(3n+1))]:border-l",
              index === 0 && "max-lg:border-t-0",
              index === 1 && "max-lg:border-t-0",
              index === 2 && "md:max-lg:border-t-0",
            )}
          >
            <TierChip tier={chip} />
            <span className="flex items-baseline gap-2">
              <span
                className={cx(
                  "font-semibold text-say tabular-nums tracking-say group-hover:underline",
                  (one ? findings : machines) === 0 && "text-ink-3",
                )}
              >
                {number(one ? findings : machines)}
              </span>
              <span className="text-cap text-ink-3">
                {one
                  ? t("overview.unit.findings", { count: findings })
                  : t("overview.unit.machines", { count: machines })}
              </span>
            </span>
            <span className="min-h-4 text-cap text-ink-3">{caption()}</span>
          </Link>
        );
      })}
    </nav>
  );
}
