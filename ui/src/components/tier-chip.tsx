import type { Tier } from "@/ipc";
import { cx } from "@/lib/cx";
import { useT } from "@/lib/i18n";
import { TierIcon } from "./tier-icon";

/** Word, icon and colour of a tier. `bare` leaves out the tint, for places that are already framed. */
export function TierChip({ tier, size = "md", bare = false }: { tier: Tier; size?: "sm" | "md"; bare?: boolean }) {
  const t = useT();
  return (
    <span
      data-tier={tier}
      className={cx(
        "inline-flex w-max items-center gap-1 whitespace-nowrap align-middle font-medium text-tier-t",
        size === "sm" ? "text-micro" : "text-cap",
        bare ? "h-4" : "rounded-pill bg-tier-b hairline-tier",
        !bare && (size === "sm" ? "h-4.5 pr-1.5 pl-1" : "h-5 pr-2 pl-1.5"),
      )}
    >
      <TierIcon tier={tier} size={size === "sm" ? 11 : 12} />
      {t(`tier.${tier}`)}
    </span>
  );
}
