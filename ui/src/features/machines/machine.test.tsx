import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { InstalledRequest } from "@/ipc";
import { fixture } from "@/ipc/fake";
import { renderApp } from "@/test/render";

const MACHINE = fixture("machine_get");
const path = `/machines/${MACHINE.row.id}`;

describe("the page of a machine", () => {
  it("says what is on it, how it was looked at, and what could not be", async () => {
    renderApp(path);
    expect(await screen.findByRole("heading", { level: 1, name: MACHINE.row.hostname })).toBeTruthy();
    for (const finding of MACHINE.findings) expect(screen.getAllByText(finding.title).length).toBeGreaterThan(0);
    const reason = MACHINE.collectors.find((line) => line.reason !== null)?.reason;
    if (reason) expect(screen.getAllByText(reason).length).toBeGreaterThan(0);
    expect(screen.getByRole("heading", { name: "What changed last" })).toBeTruthy();
  });

  it("searches what is installed and leads to its page", async () => {
    const { fake, router, user } = renderApp(path);
    const table = await screen.findByRole("grid", { name: "Installed software" });
    await user.type(screen.getByRole("searchbox", { name: "Filter by name or publisher" }), "kaspersky");
    await waitFor(() => {
      const asked = fake.calls.findLast((call) => call.name === "machine_software")?.request as InstalledRequest;
      expect(asked).toMatchObject({ id: MACHINE.row.id, text: "kaspersky" });
    });
    await waitFor(() => expect(within(table).getAllByRole("row").length).toBeLessThan(20));
    await user.click(within(table).getAllByRole("row")[1] as HTMLElement);
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/software\//));
  });

  it("says what is wrong with a machine that is not there", async () => {
    renderApp("/machines/nobody");
    expect(await screen.findByText(/There is no machine nobody/)).toBeTruthy();
  });
});
