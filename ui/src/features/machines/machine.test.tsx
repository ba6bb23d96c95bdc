import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { CompareRequest, InstalledRequest } from "@/ipc";
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

  it("compares any two of its scans, and goes back to the newest", async () => {
    const { fake, user } = renderApp(path);
    const from = await screen.findByRole("combobox", { name: "from" });
    const oldest = MACHINE.scans.at(-1);
    await user.selectOptions(from, String(oldest?.id));
    expect(await screen.findByRole("heading", { name: "What changed in between" })).toBeTruthy();
    const asked = fake.calls.findLast((call) => call.name === "machine_compare")?.request as CompareRequest;
    expect(asked).toMatchObject({ id: MACHINE.row.id, since: oldest?.id, until: MACHINE.scans[0]?.id });
    const change = fixture("machine_compare").changes[0];
    if (change) expect((await screen.findAllByText(change.title)).length).toBeGreaterThan(0);
    await user.click(screen.getByRole("button", { name: "Newest two" }));
    expect(await screen.findByRole("heading", { name: "What changed last" })).toBeTruthy();
  });

  it("answers whether something is really gone, and saves it", async () => {
    const { fake, user } = renderApp(path);
    const [first] = await screen.findAllByRole("button", { name: "Check" });
    await user.click(first as HTMLElement);
    const dialog = await screen.findByRole("dialog", { name: "Removal" });
    const reply = fixture("removal_check");
    for (const line of reply.classes.slice(0, 3))
      expect((await within(dialog).findAllByText(line.name)).length).toBeGreaterThan(0);
    await user.click(
      within(dialog).getByRole("button", { name: reply.certified ? "Save the certificate" : "Save the answers" }),
    );
    await waitFor(() => expect(fake.calls.at(-1)?.name).toBe("removal_save"));
    expect(fake.calls.at(-1)?.request).toEqual({ id: MACHINE.row.id, subject: MACHINE.removable[0]?.subject });
  });

  it.each([
    ["here", "", "Scan again"],
    ["command", "interdict audit --ssh ada@web-01", "Copy the command"],
  ])("says how to look again: %s", async (how, what, button) => {
    renderApp(path, { answers: { machine_get: (_, usual) => ({ ...usual, again: { how, what } }) } });
    expect(await screen.findByRole("button", { name: button })).toBeTruthy();
    if (what) expect(screen.getByText(what)).toBeTruthy();
  });

  it("says what is wrong with a machine that is not there", async () => {
    renderApp("/machines/nobody");
    expect(await screen.findByText(/There is no machine nobody/)).toBeTruthy();
  });
});
