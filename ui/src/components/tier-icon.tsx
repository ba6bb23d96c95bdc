import { Check, CircleHelp, Eye, Megaphone, TriangleAlert } from "lucide-react";
import type { Tier } from "@/ipc";

// lucide's octagon has rounded corners and reads as a circle at 12 px: ours has sharp ones.
const OCTAGON = "M7.9 2h8.2L22 7.9v8.2L16.1 22H7.9L2 16.1V7.9z";

function Octagon({ size, mark }: { size: number; mark: string }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={size <= 14 ? 2.1 : 1.75}
      strokeLinecap="round"
      className="flex-none"
      aria-hidden="true"
    >
      <path d={OCTAGON} strokeLinejoin="miter" />
      <path d={mark} />
    </svg>
  );
}

/** The icon of a tier. Decorative: the word stands beside it or in the label of what holds it. */
export function TierIcon({ tier, size = 12 }: { tier: Tier; size?: number }) {
  const lucide = { size, strokeWidth: size <= 14 ? 2.1 : 1.75, className: "flex-none", "aria-hidden": true } as const;
  switch (tier) {
    case "prohibited":
      return <Octagon size={size} mark="m15 9-6 6M9 9l6 6" />;
    case "required":
      return <Octagon size={size} mark="M12 7v6M12 16.8v.2" />;
    case "restricted":
      return <TriangleAlert {...lucide} />;
    case "advisory":
      return <Megaphone {...lucide} />;
    case "watch":
      return <Eye {...lucide} />;
    case "undetermined":
      return <CircleHelp {...lucide} />;
    case "none":
      return <Check {...lucide} />;
  }
}
