import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { MachineRow, MachinesRequest } from "@/ipc";
import { fixture } from "@/ipc/fake";
import { renderApp } from "@/test/render";
import { filtersFromSearch, fullSearch, NO_FILTERS } from "./machines-filters";

const ALL = fixture("machines_list").rows;

async function rows(): Promise<HTMLElement[]> {
  const table = await screen.findByRole("grid", { name: "Machines" });
  await waitFor(() => expect(within(table).queryByRole("row", { busy: true })).toBeNull());
  return within(table)
    .getAllByRole("row")
    .filter((row) => row.dataset.row !== undefined);
}

describe("the list of machines", () => {
  it("shows the worst first, with what is on them", async () => {
    renderApp("/machines");
    const shown = await rows();
    expect(shown[0]?.dataset.row).toBe(ALL[0]?.id);
    expect(shown[0]?.textContent).toContain(ALL[0]?.hostname);
    expect(screen.getByRole("grid", { name: "Machines" }).getAttribute("aria-rowcount")).toBe(String(ALL.length + 1));
    expect(screen.getByText(`${ALL.length} of ${ALL.length} after filters`)).toBeTruthy();
  });

  it("filters by what stands in the address, and writes it there", async () => {
    const { user, router, fake } = renderApp("/machines?system=linux");
    const linux = ALL.filter((row) => row.family === "linux");
    expect(await rows()).toHaveLength(linux.length);
    await user.type(screen.getByRole("searchbox", { name: "Filter by host name" }), "srv");
    await waitFor(() => expect(router.state.location.search).toMatchObject({ q: "srv", system: "linux" }));
    const asked = fake.calls.findLast((call) => call.name === "machines_list")?.request as MachinesRequest;
    expect(asked.query).toMatchObject({ text: "srv", systems: ["linux"], sort: "tier", descending: false });
  });

  it("sorts by a column, newest first where that is what one wants", async () => {
    const { user, router } = renderApp("/machines");
    await rows();
    await user.click(screen.getByRole("button", { name: "Last seen" }));
    await waitFor(() => expect(router.state.location.search).toMatchObject({ sort: "-last-seen" }));
    const shown = await rows();
    const seen = shown.map((row) => ALL.find((each) => each.id === row.dataset.row)?.last_seen ?? "");
    expect(seen).toEqual(seen.toSorted().toReversed());
    expect(screen.getByRole("columnheader", { name: "Last seen" }).getAttribute("aria-sort")).toBe("descending");
  });

  it("asks for the part of a long list that is in view, and for no more", async () => {
    const machine = ALL[0] as MachineRow;
    const { fake } = renderApp("/machines", {
      answers: {
        machines_list: ({ offset, limit }, usual) => ({
          ...usual,
          total: 50_000,
          all: 50_000,
          rows: Array.from({ length: limit }, (_, i) => ({
            ...machine,
            id: `m${offset + i}`,
            hostname: `H-${offset + i}`,
          })),
        }),
      },
    });
    expect((await rows()).length).toBeLessThan(80);
    expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe("50001");
    const asked = fake.calls.filter((call) => call.name === "machines_list");
    expect(asked.map((call) => (call.request as MachinesRequest).offset)).toEqual([0]);
  });

  it("moves with J and K", async () => {
    const { user } = renderApp("/machines");
    const shown = await rows();
    await user.keyboard("jj");
    await waitFor(() => expect(document.activeElement?.getAttribute("data-row")).toBe(shown[1]?.dataset.row));
    await user.keyboard("k");
    await waitFor(() => expect(document.activeElement?.getAttribute("data-row")).toBe(shown[0]?.dataset.row));
  });

  it("shows the columns that were chosen, and remembers them", async () => {
    const { user } = renderApp("/machines");
    await rows();
    expect(screen.queryByRole("columnheader", { name: "Architecture" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "View" }));
    await user.click(await screen.findByRole("checkbox", { name: "Architecture" }));
    expect(await screen.findByRole("columnheader", { name: "Architecture" })).toBeTruthy();
    expect(localStorage.getItem("interdict.table.machines")).toContain("arch");
    await user.click(screen.getByRole("button", { name: "Usual columns" }));
    expect(screen.queryByRole("columnheader", { name: "Architecture" })).toBeNull();
  });

  it("lists machines without a category and says of which nobody knows", async () => {
    const { user, router, fake } = renderApp("/machines", {
      answers: {
        machines_list: ({ query }, usual) =>
          query.without.length === 0
            ? usual
            : {
                ...usual,
                total: 2,
                rows: [
                  { ...(ALL[0] as MachineRow), lack: { answer: "nothing-there", reasons: [] } },
                  {
                    ...(ALL[1] as MachineRow),
                    lack: {
                      answer: "not-looked-at",
                      reasons: [{ reason: "never-read", sources: ["service", "Security Center"] }],
                    },
                  },
                ],
              },
      },
    });
    await rows();
    expect(screen.queryByRole("columnheader", { name: "Without it?" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Saved views" }));
    await user.click(await screen.findByRole("button", { name: "Machines without any endpoint protection" }));
    await waitFor(() => expect(router.state.location.search).toMatchObject({ without: "endpoint-protection" }));
    expect(await screen.findByRole("columnheader", { name: "Without it?" })).toBeTruthy();
    await waitFor(async () => expect(await rows()).toHaveLength(2));
    const [sure, unsure] = await rows();
    expect(sure?.textContent).toContain("Nothing there");
    expect(unsure?.textContent).toContain("Not looked at · never read in full: service or Security Center");
    const asked = fake.calls.findLast((call) => call.name === "machines_list")?.request as MachinesRequest;
    expect(asked.query).toMatchObject({ without: ["endpoint-protection"], answers: [] });
  });

  it("says what to do where there is no machine", async () => {
    renderApp("/machines", { scene: "first-run" });
    expect(await screen.findByText("No machine has been looked at yet")).toBeTruthy();
  });
});

it("keeps filters in the address and drops what is not known", () => {
  expect(fullSearch(NO_FILTERS)).toEqual({
    q: undefined,
    tier: undefined,
    system: undefined,
    seen: undefined,
    told: undefined,
    without: undefined,
    answer: undefined,
  });
  const search = { q: "ws", tier: "restricted,prohibited", system: "linux", seen: "older", told: "glpi-json" };
  expect(fullSearch(filtersFromSearch(search))).toEqual({ ...search, tier: "prohibited,restricted" });
  const lacking = { without: "endpoint-protection,vpn", answer: "not-looked-at" };
  expect(fullSearch(filtersFromSearch(lacking))).toMatchObject(lacking);
  expect(filtersFromSearch({ without: "peace", answer: "not-looked-at" })).toEqual(NO_FILTERS);
  expect(filtersFromSearch({ tier: "worse", system: "amiga", seen: "never" })).toEqual(NO_FILTERS);
});
