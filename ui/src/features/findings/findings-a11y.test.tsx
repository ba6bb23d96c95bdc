import { screen, within } from "@testing-library/react";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import { fixture } from "@/ipc/fake";
import { renderApp } from "@/test/render";

// The screens themselves are in src/a11y.test.tsx; these are their other states.
const finding = encodeURIComponent(fixture("finding_get").row.id);
const vendor = fixture("vendor_get").row.id;

async function violations(): Promise<string[]> {
  const result = await axe.run(document.body, {
    rules: { "color-contrast": { enabled: false } },
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  });
  return result.violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => n.html.slice(0, 200)).join("\n  ")}`);
}

beforeEach(() => {
  document.documentElement.lang = "en";
});

describe.each(["light", "dark"] as const)("axe in the %s theme finds nothing on", (theme) => {
  const show = (path: string, options: Parameters<typeof renderApp>[1] = {}) =>
    renderApp(path, {
      ...options,
      answers: { app_status: (_, usual) => ({ ...usual, settings: { ...usual.settings, theme } }), ...options.answers },
    });

  it("findings as of another day", async () => {
    show("/findings?as_of=2024-07-21");
    await screen.findByRole("grid");
    expect(await violations()).toEqual([]);
  });

  it("findings with nothing left by the filters", async () => {
    show("/findings?q=nothing-is-called-so");
    await screen.findByText("No finding matches");
    expect(await violations()).toEqual([]);
  });

  it("findings that cannot be read", async () => {
    show("/findings", {
      fail: { findings_list: { code: "store/locked", message: "In use.", hint: null, detail: null } },
    });
    await screen.findByRole("alert");
    expect(await violations()).toEqual([]);
  });

  it("chosen findings, and an open filter", async () => {
    const { user } = show("/findings");
    await screen.findByRole("grid");
    await user.keyboard("jx");
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole("button", { name: /^Presence/, expanded: false }));
    await screen.findByRole("dialog", { name: "Presence" });
    expect(await violations()).toEqual([]);
  });

  it("a finding with everything unfolded", async () => {
    const { user } = show(`/findings/${finding}`);
    const flyout = await screen.findByRole("dialog");
    await within(flyout).findByText("What it means for you");
    for (const button of within(flyout).getAllByRole("button", { expanded: false })) await user.click(button);
    expect(await violations()).toEqual([]);
  });

  it("a dossier with its reasons shown", async () => {
    const { user } = show(`/vendors/${vendor}`);
    const page = await screen.findByRole("article");
    const ours = within(page).queryAllByRole("button", { name: /^Your profile/ })[0];
    if (ours) await user.click(ours);
    expect(await violations()).toEqual([]);
  });
});
