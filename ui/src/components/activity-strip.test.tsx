import { screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { Activity, ActivityTier, Tier } from "@/ipc";
import { renderAlone } from "@/test/render";
import { ActivityStrip } from "./activity-strip";

const ACTIVITIES: Activity[] = [
  "use",
  "remove",
  "report",
  "buy",
  "renew",
  "update",
  "resell",
  "embed",
  "export-to",
  "deal-with",
];
const answers = (tiers: Partial<Record<Activity, Tier>>): ActivityTier[] =>
  ACTIVITIES.map((activity) => ({ activity, tier: tiers[activity] ?? "none" }));

describe("the label says everything the cells show", () => {
  test.each<[string, Partial<Record<Activity, Tier>>, string]>([
    ["all none", {}, "None: use, remove, report, buy, renew, update, resell, embed, export to, deal with."],
    [
      "worst first",
      { use: "restricted", report: "required", buy: "prohibited", renew: "prohibited", "deal-with": "watch" },
      "Prohibited: buy, renew. Required: report. Restricted: use. Watch: deal with. None: remove, update, resell, embed, export to.",
    ],
    [
      "one advisory",
      { use: "advisory" },
      "Advisory: use. None: remove, report, buy, renew, update, resell, embed, export to, deal with.",
    ],
  ])("%s", (_, tiers, label) => {
    renderAlone(<ActivityStrip activities={answers(tiers)} />);
    expect(screen.getByRole("img").getAttribute("aria-label")).toBe(label);
  });

  test("as of another day it says what differs, and underlines exactly that", () => {
    const { container } = renderAlone(
      <ActivityStrip
        activities={answers({ update: "watch" })}
        today={answers({ update: "prohibited", use: "restricted" })}
      />,
    );
    expect(screen.getByRole("img").getAttribute("aria-label")).toMatch(
      /Different today: use Restricted, update Prohibited\.$/,
    );
    expect(container.querySelectorAll("i")).toHaveLength(10);
    expect([...container.querySelectorAll("i")].map((cell) => cell.children.length)).toEqual([
      2, 1, 1, 1, 1, 2, 1, 1, 1, 1,
    ]);
  });

  test("in German too", () => {
    renderAlone(<ActivityStrip activities={answers({ buy: "prohibited" })} />, { locale: "de" });
    expect(screen.getByRole("img").getAttribute("aria-label")).toMatch(/^Verboten: kaufen\. /);
  });
});
