import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { WatchedLine, WatchStatus } from "@/ipc";
import { fixture } from "@/ipc/fake";
import { renderApp } from "@/test/render";

const imported: WatchedLine = {
  number: 1,
  file: "glpi.json",
  result: "imported",
  moved_to: "/srv/inventory/done/glpi.json",
  at: "2026-11-22T11:40:02.000Z",
  machines: 214,
  observations: 18204,
  records_rejected: 3,
  error: null,
};
const rejected: WatchedLine = {
  ...imported,
  number: 2,
  file: "scan-of-a-letter.pdf",
  result: "rejected",
  moved_to: "/srv/inventory/rejected/scan-of-a-letter.pdf",
  error: {
    code: "import/unknown-format",
    message: '"scan-of-a-letter.pdf" could not be imported.',
    hint: null,
    detail: "no importer knows this file: binary data",
  },
};
const usual: WatchStatus = {
  ...fixture("watch_get"),
  folder: "/srv/inventory",
  phase: "watching",
  imported: 1,
  rejected: 1,
  recent: [rejected, imported],
};

describe("the watched folder", () => {
  it("says which folder, how it fares, and what became of the last files", async () => {
    renderApp("/settings", { answers: { watch_get: () => usual } });
    expect(await screen.findByText("/srv/inventory")).toBeTruthy();
    expect(screen.getByText("Watched. Since then 1 file imported, 1 rejected.")).toBeTruthy();
    const list = screen.getByRole("list", { name: "Last files" });
    expect(within(list).getByText(/no importer knows this file/)).toBeTruthy();
    expect(within(list).getByText(/214 machines read. 3 records could not be used/)).toBeTruthy();
    expect(screen.getByRole("link", { name: "Watching a folder" }).getAttribute("href")).toContain("/settings");
  });

  it("is stopped and begun again", async () => {
    const status = { ...usual };
    const { user, fake } = renderApp("/settings", {
      answers: {
        watch_get: () => ({ ...status }),
        watch_switch: ({ on }) => ({ ...Object.assign(status, { phase: on ? "watching" : "off" }) }),
      },
    });
    await user.click(await screen.findByRole("button", { name: "Stop watching" }));
    expect(await screen.findByText("Not watched now.")).toBeTruthy();
    expect(screen.queryByRole("link", { name: "Watching a folder" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Start watching" }));
    expect(await screen.findByRole("button", { name: "Stop watching" })).toBeTruthy();
    const turned = fake.calls.filter((call) => call.name === "watch_switch").map((call) => call.request);
    expect(turned).toEqual([{ on: false }, { on: true }]);
  });

  it("is chosen where there is none", async () => {
    const { user } = renderApp("/settings");
    expect(await screen.findByText("No folder is watched.")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Choose a folder" }));
    expect(await screen.findByText("/srv/other")).toBeTruthy();
  });

  it("says why it is no longer watched", async () => {
    const error = { code: "app/file", message: 'Could not read "/srv/inventory".', hint: null, detail: null };
    renderApp("/settings", { answers: { watch_get: () => ({ ...usual, phase: "failed" as const, error }) } });
    expect(await screen.findByText('Could not read "/srv/inventory".')).toBeTruthy();
    expect(screen.getByRole("link", { name: "Folder no longer watched" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Start watching" })).toBeTruthy();
  });

  it("tells of files that were taken meanwhile, and of none that were before", async () => {
    let now = usual;
    renderApp("/settings", { answers: { watch_get: () => now } });
    await screen.findByText("/srv/inventory");
    expect(screen.queryByText("scan-of-a-letter.pdf rejected")).toBeNull();
    now = { ...usual, recent: [{ ...imported, number: 3, file: "wazuh.json" }, ...usual.recent] };
    await waitFor(() => expect(screen.getByText("wazuh.json imported")).toBeTruthy(), { timeout: 4_000 });
    now = { ...now, recent: [{ ...rejected, number: 4, file: "letter.pdf" }, ...now.recent] };
    await waitFor(() => expect(screen.getByText("letter.pdf rejected")).toBeTruthy(), { timeout: 4_000 });
  });
});
