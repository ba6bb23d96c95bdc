import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { ExportRequest, HoldersRequest, SoftwareRequest } from "@/ipc";
import { fixture } from "@/ipc/fake";
import { renderApp } from "@/test/render";
import { filtersFromSearch, fullSearch, NO_FILTERS } from "./software-filters";

const ALL = fixture("software_list").rows;
const FAMILY = fixture("software_get");
const family = `/software/${encodeURIComponent(FAMILY.id)}`;

async function rows(name: string | RegExp): Promise<HTMLElement[]> {
  const table = await screen.findByRole("grid", { name });
  await waitFor(() => expect(within(table).queryByRole("row", { busy: true })).toBeNull());
  return within(table)
    .getAllByRole("row")
    .filter((row) => row.dataset.row !== undefined);
}

describe("the list of software", () => {
  it("shows what is restricted first, and on how many machines it is", async () => {
    renderApp("/software");
    const shown = await rows("Software");
    expect(shown[0]?.textContent).toContain(ALL[0]?.name);
    expect(shown[0]?.textContent).toContain(String(ALL[0]?.machines));
  });

  it("asks for what the address says", async () => {
    const { fake } = renderApp("/software?known=no&publisher=Mozilla&sort=-machines");
    await waitFor(() => expect(fake.calls.some((call) => call.name === "software_list")).toBe(true));
    const asked = fake.calls.findLast((call) => call.name === "software_list")?.request as SoftwareRequest;
    expect(asked.query).toMatchObject({ identified: false, publisher: "Mozilla", sort: "machines", descending: true });
  });

  it("leads to every version of a product", async () => {
    const { router, user } = renderApp("/software");
    await rows("Software");
    await user.keyboard("j{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/software\/./));
  });

  it("saves filters under a name, goes back to them and forgets them", async () => {
    const { router, user } = renderApp("/software?known=yes");
    await rows("Software");
    await user.click(screen.getByRole("button", { name: "Saved views" }));
    await user.type(await screen.findByRole("textbox", { name: "Name of this view" }), "Known ones");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await user.click(await screen.findByRole("button", { name: "Not recognised" }));
    await waitFor(() => expect(router.state.location.search).toMatchObject({ known: "no", sort: "-machines" }));
    await user.click(await screen.findByRole("button", { name: "Known ones" }));
    await waitFor(() => expect(router.state.location.search).toMatchObject({ known: "yes" }));
    expect(router.state.location.search).not.toHaveProperty("sort", "-machines");
    await user.click(screen.getByRole("button", { name: "Forget the view Known ones" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: "Forget the view Known ones" })).toBeNull());
  });

  it("writes exactly the columns and rows that are shown", async () => {
    const { fake, user } = renderApp("/software?tier=restricted&sort=name");
    await rows("Software");
    await user.click(screen.getByRole("button", { name: "Export" }));
    await user.click(await screen.findByRole("button", { name: /^CSV/ }));
    expect(await screen.findByText("200,000 rows written")).toBeTruthy();
    const asked = fake.calls.find((call) => call.name === "table_export")?.request as ExportRequest;
    expect(asked).toMatchObject({
      format: "csv",
      list: { kind: "software", query: { tiers: ["restricted"], sort: "name" } },
    });
    expect(asked.columns.map((column) => column.id)).toEqual([
      "tier",
      "name",
      "version",
      "publisher",
      "vendor",
      "machines",
    ]);
    expect(asked.words).toContainEqual({ value: "restricted", label: "Restricted" });
    await user.click(screen.getByRole("button", { name: "Show in folder" }));
    expect(fake.calls.at(-1)).toMatchObject({ name: "folder_show" });
  });

  it("says why a list could not be written", async () => {
    const { user } = renderApp("/software", {
      fail: {
        table_export: { code: "app/file", message: "Could not write it.", hint: "Choose a place.", detail: null },
      },
    });
    await rows("Software");
    await user.click(screen.getByRole("button", { name: "Export" }));
    await user.click(await screen.findByRole("button", { name: /^Excel/ }));
    expect(await screen.findByText("The list could not be written (app/file)")).toBeTruthy();
  });
});

describe("who has it, and who has not", () => {
  it("shows the machines with their versions, narrowed to one of them", async () => {
    const { fake, user } = renderApp(family);
    const shown = await rows(/^Machines with/);
    expect(shown.length).toBe(FAMILY.machines_with);
    const version = FAMILY.versions[0]?.version ?? "";
    await user.click(screen.getByRole("button", { name: new RegExp(`^${version}`) }));
    await waitFor(() => {
      const asked = fake.calls.findLast((call) => call.name === "holders_list")?.request as HoldersRequest;
      expect(asked.query).toMatchObject({ versions: [version], has: true });
    });
  });

  it("turns to those who have it not", async () => {
    const { router, user } = renderApp(family);
    await rows(/^Machines with/);
    await user.click(screen.getByRole("button", { name: /^Who has not/ }));
    await waitFor(() => expect(router.state.location.search).toMatchObject({ has: "no" }));
    expect((await rows(/^Machines without/)).length).toBe(FAMILY.machines_without);
  });
});

it("keeps filters in the address and drops what is not known", () => {
  const search = {
    q: "касперск",
    tier: "restricted",
    publisher: "AO Kaspersky Lab",
    vendor: "kaspersky",
    source: "msix",
    known: "yes",
  };
  expect(fullSearch(filtersFromSearch(search))).toEqual(search);
  expect(filtersFromSearch({ tier: "worse", known: "maybe" })).toEqual(NO_FILTERS);
});
