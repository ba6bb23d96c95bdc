// axe cannot compute colours in jsdom: this does, for every ink on every ground that it is used on.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(`${import.meta.dirname}/styles/tokens.css`, "utf8");

function theme(name: "light" | "dark"): Map<string, string> {
  const block = new RegExp(`\\[data-theme="${name}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((m) => [m[1] ?? "", m[2] ?? ""]));
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const TIERS = ["pro", "res", "adv", "wat", "und", "non"];
const GROUNDS = ["canvas", "sunk", "surface", "raised", "hover"];

/** [text, ground] */
const TEXT: Array<[string, string]> = [
  ...["ink", "ink-2", "ink-3"].flatMap((ink) => GROUNDS.map((ground): [string, string] => [ink, ground])),
  ...["ink", "ink-2"].map((ink): [string, string] => [ink, "track"]),
  ...["ink", "ink-2", "ink-3"].map((ink): [string, string] => [ink, "accent-tint"]),
  ...["canvas", "sunk", "surface", "raised", "hover", "accent-tint"].map((ground): [string, string] => [
    "accent-text",
    ground,
  ]),
  ["accent-ink", "accent"],
  ["asof-ink", "asof"],
  ["asof-ink", "asof-2"],
  ["asof-ink-2", "asof"],
  ["asof-ink-2", "asof-2"],
  ["asof-back", "asof-ink"],
  ["asof-text", "asof-tint"],
  ["asof-text", "canvas"],
  ["asof-text", "surface"],
  ["asof-text", "hover"],
  // Chips on their tint; bare chips, error texts and chart labels on the grounds they stand on.
  ...TIERS.flatMap((tier) =>
    ["canvas", "surface", "raised", "hover", `${tier}-b`].map((ground): [string, string] => [`${tier}-t`, ground]),
  ),
];

/** Borders and marks that carry meaning alone (WCAG 1.4.11). */
const MARKS: Array<[string, string]> = [
  ["accent", "canvas"],
  ["accent", "surface"],
  ["accent", "sunk"],
  ["line-3", "canvas"],
  ["line-3", "surface"],
  ["line-3", "raised"],
  ["asof-ink", "asof"],
];

describe.each(["light", "dark"] as const)("contrast in the %s theme", (name) => {
  const colours = theme(name);
  const of = (token: string) => {
    const value = colours.get(token);
    if (!value) throw new Error(`${name} has no --${token}`);
    return value;
  };
  it.each(TEXT)("%s on %s reads at 4.5:1", (text, ground) => {
    expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5);
  });
  it.each(MARKS)("%s on %s is seen at 3:1", (mark, ground) => {
    expect(contrast(of(mark), of(ground))).toBeGreaterThanOrEqual(3);
  });
  it("defines what the other theme defines", () => {
    expect([...colours.keys()].sort()).toEqual([...theme(name === "light" ? "dark" : "light").keys()].sort());
  });
});

it("computes as WCAG does", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});
