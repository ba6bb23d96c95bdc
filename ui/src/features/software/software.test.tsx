import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { ExportRequest, HoldersRequest, SoftwareRequest } from "@/ipc";
import { fixture } from "@/ipc/fake";
import { renderApp } from "@/test/render";
import { filterTold, NO_FILTERS as NO_FINDING_FILTERS } from "../findings/findings-filters";
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
      "told",
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

describe("what is told of without a machine", () => {
  const told = ALL.filter((row) => row.told.length > 0);
  const alone = told.filter((row) => row.machines === 0);

  it("shows the tool's count and names no machine instead of counting none", async () => {
    expect(alone.length).toBeGreaterThan(1);
    expect(told.length).toBeGreaterThan(alone.length);
    renderApp("/software?where=told");
    const shown = await rows("Software");
    expect(shown).toHaveLength(told.length);
    for (const row of shown) {
      const machines = within(row).queryByText("no machine named");
      const of = told.find(
        (each) => row.textContent?.includes(`${each.name}`) && row.textContent.includes(each.version ?? ""),
      );
      expect(of).toBeDefined();
      expect(machines !== null).toBe(of?.machines === 0);
      expect(row.textContent).toContain(of?.told[0]?.tool);
    }
    expect(screen.getByText(/17 machines by its count/u)).toBeTruthy();
  });

  it("is asked for by where it is, and goes into the file with what is shown", async () => {
    const { fake, user } = renderApp("/software?where=told");
    await rows("Software");
    const asked = fake.calls.findLast((call) => call.name === "software_list")?.request as SoftwareRequest;
    expect(asked.query.whereabouts).toBe("told");
    await user.click(screen.getByRole("button", { name: "Export" }));
    await user.click(await screen.findByRole("button", { name: /^CSV/ }));
    await waitFor(() => expect(fake.calls.some((call) => call.name === "table_export")).toBe(true));
    const request = fake.calls.findLast((call) => call.name === "table_export")?.request as ExportRequest;
    expect(request.columns.map((column) => column.id)).toContain("told");
    expect(request.words).toContainEqual({ value: "no-machine", label: "no machine named" });
  });

  it("stands on the page of the product beside its machines", async () => {
    expect(FAMILY.told.length).toBeGreaterThan(0);
    renderApp(family);
    const heading = await screen.findByRole("heading", { name: "Told without a machine" });
    const table = within(heading.parentElement as HTMLElement).getByRole("table");
    expect(within(table).getAllByRole("row").length).toBeGreaterThan(1);
    expect(table.textContent).toContain(FAMILY.told[0]?.told[0]?.tool);
  });

  it("is said on the Overview and above the findings, worst first, with the way to it", async () => {
    const { router, user } = renderApp("/overview");
    const line = await screen.findByRole("region", { name: "Told without a machine" });
    const first = fixture("overview_get").told[0];
    expect(line.textContent).toContain("without naming a machine");
    expect(line.textContent).toContain(first?.title);
    await user.click(within(line).getByRole("link", { name: /without naming a machine/u }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/software"));
    expect(router.state.location.search).toMatchObject({ where: "told" });
  });

  it("follows the filters of the findings, and leaves when they are about machines", async () => {
    const reply = fixture("findings_list");
    const each = reply.told[0];
    if (!each) throw new Error("the fixture tells nothing");
    expect(filterTold(reply.told, { ...NO_FINDING_FILTERS, vendor: each.vendor.id })).toContainEqual(each);
    expect(filterTold(reply.told, { ...NO_FINDING_FILTERS, vendor: "nobody" })).toEqual([]);
    expect(filterTold(reply.told, { ...NO_FINDING_FILTERS, text: each.title.slice(0, 6) })).toContainEqual(each);
    expect(filterTold(reply.told, { ...NO_FINDING_FILTERS, machine: "m1" })).toEqual([]);
    expect(filterTold(reply.told, { ...NO_FINDING_FILTERS, presence: ["live"] })).toEqual([]);
    renderApp("/findings?vendor=nobody");
    await screen.findByRole("heading", { name: "Findings" });
    expect(screen.queryByRole("region", { name: "Told without a machine" })).toBeNull();
  });
});
