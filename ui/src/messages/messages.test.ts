import type { MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";
import de from "./de.json";
import en from "./en.json";

const english: Record<string, string> = en;
const german: Record<string, string> = de;

/** The names that a text uses, with their kind: `count:plural`, `a:tag`. */
function names(elements: readonly MessageFormatElement[], found = new Set<string>()): Set<string> {
  for (const element of elements) {
    if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
    found.add(element.type === TYPE.tag ? `${element.value}:tag` : element.value);
    if (element.type === TYPE.tag) names(element.children, found);
    if (element.type === TYPE.plural || element.type === TYPE.select) {
      for (const option of Object.values(element.options)) names(option.value, found);
    }
  }
  return found;
}

describe("messages", () => {
  it("has the same keys in both languages, with an area in front", () => {
    expect(Object.keys(german).sort()).toEqual(Object.keys(english).sort());
    for (const key of Object.keys(english)) expect(key).toMatch(/^[a-z]+\.[A-Za-z0-9.-]+$/);
  });

  it.each(Object.keys(english))("%s parses and uses the same values", (key) => {
    const a = names(parse(english[key] ?? ""));
    const b = names(parse(german[key] ?? ""));
    expect([...b].sort()).toEqual([...a].sort());
  });

  it("shouts at nobody", () => {
    for (const text of [...Object.values(english), ...Object.values(german)]) {
      expect(text).not.toMatch(/!/);
      expect(text).not.toMatch(/\billegal\b/i);
    }
  });
});
