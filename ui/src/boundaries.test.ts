// House rules of the front end that no compiler checks.
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { PlainCommand } from "./ipc";
import { fixture } from "./ipc/fake";

const root = import.meta.dirname;
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => /\.(tsx?|css)$/.test(file));
const sources = files.filter((file) => !file.includes(".test.") && !file.startsWith("test/"));
const text = (file: string) => readFileSync(`${root}/${file}`, "utf8");

it("lets one file talk to Tauri", () => {
  expect(sources.filter((file) => text(file).includes('from "@tauri-apps/'))).toEqual(["ipc/tauri.ts"]);
});

it("injects no styles and no markup: the CSP would refuse them", () => {
  for (const file of sources)
    expect(text(file), file).not.toMatch(/dangerouslySetInnerHTML|<style[\s>]|innerHTML|eval\(/);
});

it("keeps colours in the tokens", () => {
  for (const file of sources) {
    if (file === "styles/tokens.css") continue;
    const found = text(file)
      .split("\n")
      .filter((line) => /(["' :[])#[0-9a-f]{3,8}\b(?!;?\s*\*\/)/i.test(line) && !/background: #fff;/.test(line));
    expect(found, file).toEqual([]);
  }
});

it("names no web address that the app itself would load", () => {
  for (const file of sources) {
    const found = text(file).match(/https?:\/\/[^\s"'`]+/g) ?? [];
    expect(
      found.filter((url) => !url.startsWith("http://www.w3.org/")),
      file,
    ).toEqual([]);
  }
});

it("has a reply of every command for the fake backend", () => {
  const names: PlainCommand[] = [
    "app_status",
    "overview_get",
    "findings_list",
    "finding_get",
    "vendors_list",
    "vendor_get",
    "restrictions_list",
    "restriction_get",
    "catalogue_compare",
    "search_find",
    "import_choose",
    "import_formats",
    "import_preview",
    "imports_list",
    "import_get",
    "import_undo",
    "import_rejects_save",
    "report_write",
  ];
  for (const name of names) expect(fixture(name), name).toBeTruthy();
});
