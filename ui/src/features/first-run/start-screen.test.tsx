import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderApp } from "@/test/render";

const first = (options: Parameters<typeof renderApp>[1] = {}) => renderApp("/", { scene: "first-run", ...options });
const saved = (fake: ReturnType<typeof renderApp>["fake"]) =>
  fake.calls.filter((call) => call.name === "settings_save").map((call) => call.request);

describe("first run", () => {
  it("derives the profile from two answers, saves it, audits, and ends on the overview", async () => {
    const { user, fake, router } = first();
    await user.click(await screen.findByRole("button", { name: "United States" }));
    await user.click(screen.getByRole("button", { name: "Private organisation" }));
    await user.click(screen.getByRole("button", { name: "Contractor or supplier" }));
    expect(screen.getByText("us-private")).toBeTruthy();
    expect(screen.getByText("us-federal-contractor")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: /^Audit this computer/ }));
    expect(await screen.findByRole("heading", { name: /on thinkpad-x1 need/ })).toBeTruthy();
    expect(saved(fake)).toEqual([{ profiles: ["us-private", "us-federal-contractor"], theme: null }]);
    expect(router.state.location.pathname).toBe("/overview");
    expect(screen.getByText("Audit of thinkpad-x1 finished")).toBeTruthy();
  });

  it("shows every source in words with its state, count and reason, and how far it is", async () => {
    const { user, router } = first({ auditStep: 30 });
    await user.click(await screen.findByRole("button", { name: /^Audit this computer/ }));
    const panel = await screen.findByRole("region", { name: "Auditing this computer" });
    expect(await within(panel).findByText("Packages (dpkg)")).toBeTruthy();
    expect(await within(panel).findByText("No RPM database on this machine.")).toBeTruthy();
    expect(within(panel).getByText("1,432")).toBeTruthy();
    expect(within(panel).getByText("Not possible")).toBeTruthy();
    expect(within(panel).getByRole("progressbar").getAttribute("aria-valuemax")).toBe("8");
    await waitFor(() => expect(router.state.location.pathname).toBe("/overview"));
  });

  it("cancels: nothing is kept and the doors come back", async () => {
    const { user, fake, router } = first({ auditStep: 60 });
    await user.click(await screen.findByRole("button", { name: /^Audit this computer/ }));
    await user.click(await screen.findByRole("button", { name: "Cancel" }));
    expect(await screen.findByText("The audit was cancelled")).toBeTruthy();
    expect(await screen.findByRole("button", { name: /^Explore sample data/ })).toBeTruthy();
    expect(router.state.location.pathname).toBe("/");
    const started = fake.calls.find((call) => call.name === "audit_start")?.request as { id: string };
    expect(fake.calls.find((call) => call.name === "audit_cancel")?.request).toEqual({ id: started.id });
  });

  it("says why an audit failed, and keeps the doors open", async () => {
    const error = { code: "collect/refused", message: "The system refused.", hint: "Try again.", detail: null };
    const { user, router } = first({ fail: { audit_start: error } });
    await user.click(await screen.findByRole("button", { name: /^Audit this computer/ }));
    expect(await screen.findByText("The audit failed (collect/refused)")).toBeTruthy();
    expect(screen.getByText("The system refused. Try again.")).toBeTruthy();
    expect(router.state.location.pathname).toBe("/");
  });

  it("says when the answers could not be saved, with code and copy button", async () => {
    const error = { code: "store/locked", message: "The database is in use.", hint: null, detail: null };
    const { user } = first({ fail: { settings_save: error } });
    await user.click(await screen.findByRole("button", { name: /^Explore sample data/ }));
    const alert = await screen.findByRole("alert");
    expect(within(alert).getByText("store/locked")).toBeTruthy();
    expect(within(alert).getByRole("button", { name: "Copy details" })).toBeTruthy();
  });

  it.each([
    ["1", "audit_start", "/overview"],
    ["2", "import_choose", "/imports/new"],
    ["3", "sample_open", "/overview"],
  ] as const)("opens a door with the key %s", async (key, command, path) => {
    const { user, fake, router } = first();
    await screen.findByRole("button", { name: /^Audit this computer/ });
    await user.keyboard(key);
    await waitFor(() => expect(router.state.location.pathname).toBe(path));
    expect(fake.calls.some((call) => call.name === command)).toBe(true);
  });

  it("stays when the file dialog is closed without a file", async () => {
    const { user, fake, router } = first({ answers: { import_choose: () => [] } });
    await user.click(await screen.findByRole("button", { name: /^Open an export/ }));
    await waitFor(() => expect(fake.calls.some((call) => call.name === "import_choose")).toBe(true));
    expect(router.state.location.pathname).toBe("/");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("saves an empty list when the questions are skipped, and the overview asks again", async () => {
    const { user, fake } = first();
    await user.click(await screen.findByRole("button", { name: "Skip the questions" }));
    await user.click(screen.getByRole("button", { name: /^Explore sample data/ }));
    expect(await screen.findByRole("heading", { name: /restricted for others; answer one question/ })).toBeTruthy();
    expect(saved(fake)).toEqual([{ profiles: [], theme: null }]);
    // One answer, and it is ours.
    await user.click(screen.getByRole("button", { name: "United States" }));
    await user.click(screen.getByRole("button", { name: "Show what binds us" }));
    expect(await screen.findByRole("heading", { name: /need attention/ })).toBeTruthy();
    expect(saved(fake).at(-1)).toEqual({ profiles: ["us-private"], theme: null });
  });

  it("asks which body where only the person can know", async () => {
    const { user } = first();
    await user.click(await screen.findByRole("button", { name: "United States" }));
    await user.click(screen.getByRole("button", { name: "Government body" }));
    await user.click(screen.getByRole("button", { name: "US federal civilian agency" }));
    expect(screen.getByText("us-federal-civilian")).toBeTruthy();
    await user.selectOptions(screen.getByRole("combobox", { name: "A body of a US state" }), "us-state-tx");
    expect(screen.getByText("us-state-tx")).toBeTruthy();
  });

  it("offers the places beyond the common ones", async () => {
    const { user } = first();
    await screen.findByRole("button", { name: "United States" });
    expect(screen.queryByRole("button", { name: "Italy" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Somewhere else" }));
    expect(screen.getByRole("button", { name: "Italy" })).toBeTruthy();
  });

  it("is not shown when there is data", async () => {
    const { router } = renderApp("/", { scene: "one-machine" });
    await waitFor(() => expect(router.state.location.pathname).toBe("/overview"));
  });
});
