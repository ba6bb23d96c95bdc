import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { fixture } from "@/ipc/fake";
import { renderApp } from "@/test/render";

const status = fixture("app_status");

describe("settings", () => {
  it("shows who we are, the data, the catalogue, and what it is not", async () => {
    renderApp("/settings");
    expect(await screen.findByRole("heading", { level: 1, name: "Settings" })).toBeTruthy();
    expect(screen.getByText(status.database.path)).toBeTruthy();
    expect(screen.getByText(status.catalogue.version)).toBeTruthy();
    expect(screen.getByText(/not legal advice; ask counsel/)).toBeTruthy();
    for (const id of status.settings.profiles ?? []) expect(screen.getAllByText(id).length).toBeGreaterThan(0);
  });

  it("changes the theme at once and keeps it", async () => {
    const { user, fake } = renderApp("/settings");
    const group = await screen.findByRole("group", { name: "Theme" });
    await user.click(within(group).getByRole("button", { name: "Dark" }));
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe("dark"));
    expect(fake.calls.findLast((call) => call.name === "settings_save")?.request).toEqual({
      profiles: null,
      theme: "dark",
    });
  });

  it("opens the sample over one's own data, and leaves it", async () => {
    const { user } = renderApp("/settings", { scene: "one-machine" });
    await user.click(await screen.findByRole("button", { name: "Explore sample data" }));
    expect(await screen.findByRole("region", { name: "Sample data: made-up machines" })).toBeTruthy();
  });
});
