import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { fixture } from "@/ipc/fake";
import { renderApp } from "@/test/render";

const overview = fixture("overview_get");
const href = (name: RegExp | string) => {
  const url = new URL(screen.getByRole("link", { name }).getAttribute("href") ?? "", "http://x");
  return { path: url.pathname, ...Object.fromEntries(url.searchParams) };
};

describe("overview", () => {
  it("makes every number a link to the rows behind it", async () => {
    renderApp("/overview");
    await screen.findByRole("heading", { level: 1, name: /need attention/ });
    expect(href(`${overview.attention_products} products on ${overview.attention_machines} machines`)).toMatchObject({
      path: "/findings",
      tier: "prohibited,required,restricted,advisory",
    });
    expect(href(/^Prohibited: /)).toMatchObject({ path: "/findings", tier: "prohibited,required" });
    expect(href(/^Watch: /)).toMatchObject({ tier: "watch" });
    expect(href(/^None: /)).toMatchObject({ tier: "none" });
    for (const vendor of overview.by_vendor) {
      const link = screen.getByRole("link", {
        name: new RegExp(`^${vendor.name.replace(/[()]/g, "\\$&")}, ${vendor.machines} machine`),
      });
      expect(link.getAttribute("href")).toContain(`vendor=${vendor.vendor}`);
    }
    for (const machine of overview.by_machine) {
      const link = screen.getByRole("link", { name: new RegExp(`^${machine.hostname}, `) });
      expect(link.getAttribute("href")).toContain(`machine=${machine.id}`);
    }
  });

  it("lets prohibited and required share a tile and adds their machines", async () => {
    renderApp("/overview");
    await screen.findByRole("heading", { level: 1 });
    const sum = overview.tiers
      .filter((t) => t.tier === "prohibited" || t.tier === "required")
      .reduce((s, t) => s + t.machines, 0);
    expect(await screen.findByRole("link", { name: new RegExp(`^Prohibited: ${sum} machine`) })).toBeTruthy();
    expect(within(screen.getByRole("navigation", { name: "Counts by tier" })).getAllByRole("link")).toHaveLength(6);
  });

  it("gives the lines over time as a table too", async () => {
    renderApp("/overview");
    const table = await screen.findByRole("table", { name: /Findings over time/ });
    expect(within(table).getAllByRole("row")).toHaveLength(overview.history.length + 1);
  });

  it("shows changes, coming dates and what could not be looked at", async () => {
    renderApp("/overview");
    const changes = await screen.findByRole("region", { name: "Since the scan before" });
    expect(within(changes).queryAllByRole("listitem")).toHaveLength(overview.changes.length);
    const coming = screen.getByRole("region", { name: "Coming dates" });
    expect(within(coming).queryAllByRole("listitem")).toHaveLength(overview.coming.length);
    const coverage = screen.getByRole("region", { name: "What could not be looked at" });
    for (const { collector } of overview.coverage) {
      const alike = overview.coverage.filter((line) => line.collector.reason === collector.reason);
      expect(within(coverage).getAllByText(collector.reason ?? "")).toHaveLength(alike.length);
    }
  });

  it("lists what was found when there is one machine, and draws no chart of one bar", async () => {
    renderApp("/overview", { scene: "one-machine" });
    expect(await screen.findByRole("heading", { level: 1, name: /on thinkpad-x1 need attention/ })).toBeTruthy();
    const found = screen.getByRole("region", { name: /What was found/ });
    expect(within(found).getAllByRole("link")).toHaveLength(overview.by_machine[0]?.findings.length ?? 0);
    expect(screen.queryByRole("region", { name: "Exposure by vendor" })).toBeNull();
    expect(screen.queryByRole("region", { name: "By machine" })).toBeNull();
    expect(screen.queryByRole("table")).toBeNull();
  });

  it("says it plainly when nothing was found", async () => {
    renderApp("/overview", { scene: "clean" });
    expect(
      await screen.findByRole("heading", {
        level: 1,
        name: "Nothing found here is under a restriction that touches you.",
      }),
    ).toBeTruthy();
    expect(screen.getByText("Every source was read completely.")).toBeTruthy();
  });

  it("asks one question when nobody in particular asks", async () => {
    renderApp("/overview?profile=research");
    expect(
      await screen.findByRole("heading", { level: 1, name: /restricted for others; answer one question/ }),
    ).toBeTruthy();
    expect(screen.getByRole("button", { name: "Show what binds us" })).toHaveProperty("disabled", true);
  });

  it("offers the ways in when there is no machine", async () => {
    const { user, fake } = renderApp("/overview", {
      scene: "first-run",
      answers: { overview_get: (_, usual) => ({ ...usual, machines: 0 }) },
    });
    expect(await screen.findByText("No machine has been read yet")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Audit this computer" }));
    await waitFor(() => expect(fake.calls.some((call) => call.name === "audit_start")).toBe(true));
  });

  it("writes a report for what is asked, and says where it lies", async () => {
    const { user, fake } = renderApp("/overview?as_of=2024-07-21&profile=us-private");
    await user.click(await screen.findByRole("button", { name: "Report" }));
    expect(await screen.findByText(fixture("report_write").path)).toBeTruthy();
    expect(fake.calls.find((call) => call.name === "report_write")?.request).toEqual({
      profiles: ["us-private"],
      as_of: "2024-07-21",
    });
  });

  it("says what failed, with the code, and recovers", async () => {
    const error = { code: "store/busy", message: "It is busy.", hint: "Wait a moment.", detail: null };
    const { user, fake } = renderApp("/overview", { fail: { overview_get: error } });
    const alert = await screen.findByRole("alert");
    expect(within(alert).getByText("store/busy")).toBeTruthy();
    expect(within(alert).getByText("Wait a moment.")).toBeTruthy();
    fake.fail("overview_get", null);
    await user.click(within(alert).getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { level: 1, name: /need attention/ })).toBeTruthy();
  });
});
