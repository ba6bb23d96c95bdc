import { screen, waitFor } from "@testing-library/react";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { fixture, type Scene } from "./ipc/fake";
import { SCREENS, screenPath } from "./screens";
import { renderApp } from "./test/render";

const ids = {
  finding: fixture("finding_get").row.id,
  machine: fixture("machine_get").row.id,
  family: fixture("software_get").id,
  vendor: fixture("vendor_get").row.id,
  restriction: fixture("restriction_get").row.id,
};

async function violations(): Promise<string[]> {
  const result = await axe.run(document.body, {
    // Colours need a real browser: contrast.test.ts computes them.
    rules: { "color-contrast": { enabled: false } },
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  });
  return result.violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => n.html.slice(0, 200)).join("\n  ")}`);
}

const settled = () =>
  waitFor(
    () => {
      expect(document.querySelector("h1, h2")).toBeTruthy();
      expect(screen.queryByRole("status", { name: "Loading" })).toBeNull();
    },
    { timeout: 5000 },
  );

afterEach(() => {
  delete document.documentElement.dataset.theme;
});

describe.each(["light", "dark"] as const)("axe in the %s theme", (theme) => {
  it.each(SCREENS)("finds nothing on $name", async (shown) => {
    const scene: Scene = shown.name === "start" ? "first-run" : "sample";
    document.documentElement.lang = "en";
    renderApp(screenPath(shown, ids), {
      scene,
      answers: { app_status: (_, usual) => ({ ...usual, settings: { ...usual.settings, theme } }) },
    });
    await settled();
    expect(document.documentElement.dataset.theme).toBe(theme);
    expect(await violations()).toEqual([]);
  });
});

describe("axe beside the screens", () => {
  it.each([
    ["one machine", "/overview", "one-machine"],
    ["nobody in particular", "/overview?profile=research", "sample"],
    ["nothing found", "/overview", "clean"],
    ["no machine", "/overview", "first-run"],
    ["another day", "/overview?as_of=2024-07-21", "sample"],
    ["nowhere", "/nowhere", "sample"],
  ] as const)("finds nothing on: %s", async (_, path, scene) => {
    document.documentElement.lang = "en";
    renderApp(path, { scene });
    await settled();
    expect(await violations()).toEqual([]);
  });

  it("finds nothing with the palette, the day panel, the profile list and the shortcuts open", async () => {
    document.documentElement.lang = "en";
    const { user } = renderApp("/overview");
    await settled();
    await user.keyboard("{Control>}k{/Control}");
    await screen.findByRole("combobox");
    expect(await violations()).toEqual([]);
    await user.keyboard("{Escape}");
    document.querySelector("dialog")?.dispatchEvent(new Event("cancel", { cancelable: true }));
    await user.click(await screen.findByRole("button", { name: /change the day/ }));
    await screen.findByRole("dialog", { name: "Choose the day" });
    expect(await violations()).toEqual([]);
    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: "Add a profile" }));
    await screen.findByRole("dialog", { name: "Who are you?" });
    expect(await violations()).toEqual([]);
    await user.keyboard("{Escape}");
    await user.keyboard("?");
    await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    expect(await violations()).toEqual([]);
  });

  it("finds nothing on a failed screen", async () => {
    document.documentElement.lang = "en";
    renderApp("/overview", {
      fail: {
        overview_get: { code: "store/locked", message: "The database is in use.", hint: "Close it.", detail: null },
      },
    });
    await screen.findByRole("alert");
    expect(await violations()).toEqual([]);
  });
});
