import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { fixture } from "@/ipc/fake";
import { renderApp } from "@/test/render";
import { oursIn } from "./effects";
import {
  ACTIVITIES,
  filterRestrictions,
  filtersFromSearch,
  fullSearch,
  isFiltered,
  NO_FILTERS,
  STANDINGS,
} from "./restrictions-filters";

const list = fixture("restrictions_list");
const detail = fixture("restriction_get");
const changes = fixture("catalogue_compare");
/** The headings with their changes; a fixture that compares nothing fails here. */
const told = changes?.groups ?? [];
const table = () => screen.findByRole("grid", { name: "Restrictions" });
const rowIds = (grid: HTMLElement) =>
  [...grid.querySelectorAll("tr[data-row]")].map((row) => row.getAttribute("data-row"));

describe("filters", () => {
  test.each([
    [{}, NO_FILTERS],
    [{ in_force: "maybe", touches: "yes", tier: "", status: "nonsense", as_of: "2024-07-21" }, NO_FILTERS],
    [
      { issuer: "us-bis", jurisdiction: "US", instrument: "entity-list,rule", activity: "buy,x", q: "kasp" },
      {
        ...NO_FILTERS,
        issuer: "us-bis",
        jurisdiction: "us",
        instrument: ["entity-list", "rule"],
        activity: ["buy" as const],
        text: "kasp",
      },
    ],
    [
      { status: "proposed,in-force", in_force: "no", touches: "1", here: "1", vendor: "dji", tier: "watch" },
      {
        ...NO_FILTERS,
        standing: ["in-force" as const, "proposed" as const],
        force: "no" as const,
        touches: true,
        here: true,
        vendor: "dji",
        tier: ["watch" as const],
      },
    ],
  ])("%j is read, written and read again", (search, filters) => {
    expect(filtersFromSearch(search)).toEqual(filters);
    expect(filtersFromSearch(fullSearch(filtersFromSearch(search)))).toEqual(filters);
    expect(isFiltered(filtersFromSearch(search))).toBe(filters !== NO_FILTERS);
  });

  test("in force yes and no are two halves; every vendor named finds its restriction", () => {
    const yes = filterRestrictions(list.rows, { ...NO_FILTERS, force: "yes" });
    const no = filterRestrictions(list.rows, { ...NO_FILTERS, force: "no" });
    expect(yes.length + no.length).toBe(list.rows.length);
    expect(yes.length).toBeGreaterThan(0);
    expect(no.length).toBeGreaterThan(0);
    for (const row of list.rows) {
      for (const vendor of row.vendors) {
        expect(filterRestrictions(list.rows, { ...NO_FILTERS, vendor: vendor.id })).toContain(row);
        expect(filterRestrictions(list.rows, { ...NO_FILTERS, text: vendor.name })).toContain(row);
      }
    }
  });

  test("know every word that the program may say", () => {
    for (const row of list.rows) {
      expect(STANDINGS).toContain(row.standing);
      for (const activity of row.activities) expect(ACTIVITIES).toContain(activity);
    }
  });
});

describe("the table", () => {
  test("holds every restriction and says how many are shown", async () => {
    renderApp("/restrictions");
    expect(rowIds(await table())).toHaveLength(list.rows.length);
    expect(screen.getByText(`${list.rows.length} of ${list.rows.length} after filters`)).toBeTruthy();
  });

  test("is reached with g r", async () => {
    const { user, router } = renderApp("/overview");
    await screen.findByRole("slider");
    await user.keyboard("gr");
    await waitFor(() => expect(router.state.location.pathname).toBe("/restrictions"));
  });

  test("filters by issuer and keeps that in the address when one is opened and closed", async () => {
    const { user, router } = renderApp("/restrictions");
    await table();
    await user.click(screen.getByRole("button", { name: /^Issuer/, expanded: false }));
    const name = list.rows.find((row) => row.issuer === "us-bis")?.issuer_name ?? "";
    await user.click(
      within(screen.getByRole("dialog", { name: "Issuer" })).getByRole("radio", { name: new RegExp(`^${name}`) }),
    );
    const kept = list.rows.filter((row) => row.issuer === "us-bis");
    await waitFor(async () => expect(rowIds(await table())).toHaveLength(kept.length));
    await user.click(within(await table()).getByText(detail.row.short_title));
    await screen.findByRole("dialog", { name: detail.row.title });
    expect(router.state.location.pathname).toBe(`/restrictions/${detail.row.id}`);
    expect(router.state.location.search.issuer).toBe("us-bis");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/restrictions"));
    expect(router.state.location.search.issuer).toBe("us-bis");
  });

  test("a filter of the menu becomes a chip that can be taken away", async () => {
    const { user, router } = renderApp("/restrictions");
    await table();
    await user.click(screen.getByRole("button", { name: "Filter" }));
    await user.click(screen.getByRole("button", { name: "Found here" }));
    await waitFor(() => expect(router.state.location.search.here).toBe("1"));
    await user.click(screen.getByRole("button", { name: "Take the filter away: Found here" }));
    await waitFor(() => expect(router.state.location.search.here).toBeUndefined());
  });

  test("sorts by any head, and says so to those who do not see it", async () => {
    const { user, router } = renderApp("/restrictions");
    await user.click(within(await table()).getByRole("button", { name: "Machines here" }));
    await waitFor(() => expect(router.state.location.search.sort).toBe("machines"));
    const ids = rowIds(await table());
    const machines = ids.map((id) => list.rows.find((row) => row.id === id)?.machines ?? 0);
    expect(machines).toEqual([...machines].sort((a, b) => a - b));
  });

  test("counts what differs from today on another day", async () => {
    const { user } = renderApp("/restrictions?as_of=2024-07-19", {
      answers: {
        restrictions_list: (_, usual) => ({
          rows: usual.rows.map((row, i) => (i < 3 ? { ...row, tier: "watch" as const, standing: "announced" } : row)),
        }),
      },
    });
    await table();
    expect(user).toBeTruthy();
    expect(screen.getByText(/On 19 Jul 2024, 3 of \d+ had another tier for you/)).toBeTruthy();
  });

  test("says when it could not be read, with the code", async () => {
    renderApp("/restrictions", {
      fail: { restrictions_list: { code: "store/locked", message: "In use.", hint: null, detail: null } },
    });
    expect((await screen.findByRole("alert")).textContent).toContain("store/locked");
  });
});

describe("one restriction", () => {
  const open = async (options: Parameters<typeof renderApp>[1] = {}) => {
    const view = renderApp(`/restrictions/${detail.row.id}`, options);
    const dialog = await screen.findByRole("dialog", { name: detail.row.title });
    await within(dialog).findByText("What it does");
    return { ...view, dialog };
  };

  test("tells each effect: what, from when, whom it binds, whether that is us, and what is our reading", async () => {
    const { dialog } = await open();
    for (const effect of detail.effects) {
      expect(dialog.textContent).toContain(effect.says);
      if (effect.reading) expect(dialog.textContent).toContain(effect.reading);
      for (const condition of effect.conditions) expect(dialog.textContent).toContain(condition);
    }
    expect(within(dialog).getAllByText("Our reading:").length).toBeGreaterThan(0);
    const ours = detail.effects.filter((effect) => oursIn(effect).length > 0);
    expect(within(dialog).getAllByText(/^That is you:/)).toHaveLength(ours.length);
    const twin = within(dialog).getByRole("table", { name: "Effects by instrument" });
    expect(within(twin).getAllByRole("row").length).toBe(
      1 + detail.effects.reduce((sum, effect) => sum + effect.bars.length, 0),
    );
  });

  test("leads to the dossier, to the findings it reaches, and to its sources", async () => {
    const { dialog, user, fake } = await open();
    const vendor = detail.scope.vendors[0];
    expect(
      within(dialog)
        .getByRole("link", { name: vendor?.name ?? "" })
        .getAttribute("href"),
    ).toBe(`/vendors/${vendor?.id}`);
    const found = detail.found[0];
    expect(
      within(dialog)
        .getAllByRole("link", { name: found?.title ?? "" })[0]
        ?.getAttribute("href"),
    ).toContain(encodeURIComponent(found?.finding ?? ""));
    expect(
      within(dialog)
        .getByRole("link", { name: /in the findings$/ })
        .getAttribute("href"),
    ).toBe(`/findings?restriction=${detail.row.id}`);
    expect(fake.calls.some((call) => call.name === "source_open")).toBe(false);
    await user.click(within(dialog).getAllByRole("link", { name: /opens in your browser/ })[0] as HTMLElement);
    expect(fake.calls).toContainEqual({ name: "source_open", request: { url: detail.sources[0]?.url } });
  });

  test("says first that it is only reported when nobody verified it, and what replaced it", async () => {
    const { dialog } = await open({
      answers: {
        restriction_get: (_, usual) => ({
          ...usual,
          row: { ...usual.row, verification: "unverified" as const },
          verification_note: "Only the press says so.",
          superseded_by: { id: "us-other", short_title: "The other", jurisdiction: "us" },
        }),
      },
    });
    const text = dialog.textContent ?? "";
    expect(text.indexOf("Reported, not verified by us.")).toBeGreaterThan(-1);
    expect(text.indexOf("Reported, not verified by us.")).toBeLessThan(text.indexOf(detail.text.slice(0, 40)));
    expect(within(dialog).getByRole("link", { name: "The other" }).getAttribute("href")).toBe("/restrictions/us-other");
  });

  test("names out loud who of the same vendors is not meant", async () => {
    const vendor = { id: "kaspersky", name: "Kaspersky" };
    const person = (name: string) => ({ name, role: "chief", list_id: null, note: null, uncertain: false, vendor });
    const { dialog } = await open({
      answers: {
        restriction_get: (_, usual) => ({
          ...usual,
          scope: {
            ...usual.scope,
            vendors: [],
            companies: [{ name: "AO One", country: "ru", vendor }],
            companies_not_named: [{ name: "OOO Two", country: "ru", vendor }],
            persons: [person("Andrei")],
            persons_not_listed: [person("Eugene")],
          },
        }),
      },
    });
    expect(dialog.textContent).toContain("Not named: OOO Two");
    expect(dialog.textContent).toContain("Not listed: Eugene, chief.");
  });

  test("is copied as text and as JSON", async () => {
    const { dialog, user } = await open();
    await user.click(within(dialog).getByRole("button", { name: "Copy as text" }));
    const text = await navigator.clipboard.readText();
    for (const effect of detail.effects) expect(text).toContain(effect.says);
    expect(text).toContain(detail.citations[0]);
    expect(text).toContain(detail.sources[0]?.url);
    await user.click(within(dialog).getByRole("button", { name: "Copy as JSON" }));
    const json = JSON.parse(await navigator.clipboard.readText());
    expect(json.row.id).toBe(detail.row.id);
    expect(json.asked.profiles.length).toBeGreaterThan(0);
  });

  test("every one of the catalogue can be shown, in German too", async () => {
    renderApp("/restrictions", { locale: "de" });
    const grid = await screen.findByRole("grid", { name: "Beschränkungen" });
    // No word of a vocabulary is left in English where German has one.
    expect(within(grid).queryByText("final determination")).toBeNull();
    expect(within(grid).getAllByText("in Kraft").length).toBeGreaterThan(10);
  });
});

describe("another catalogue", () => {
  test("is chosen by the person, and its changes are told in words", async () => {
    const { user, fake } = renderApp("/restrictions");
    await table();
    await user.click(screen.getByRole("button", { name: "Compare" }));
    await user.click(screen.getByRole("button", { name: "Choose one file of a catalogue" }));
    const dialog = await screen.findByRole("dialog", { name: "What another catalogue changes for us" });
    expect(told.length).toBeGreaterThan(0);
    for (const change of told.flatMap((group) => group.changes)) {
      expect(dialog.textContent).toContain(change.says);
      for (const because of change.because) expect(dialog.textContent).toContain(because);
    }
    const call = fake.calls.find((each) => each.name === "catalogue_compare");
    expect(call?.request).toMatchObject({ folder: false });
    await user.click(within(dialog).getByRole("button", { name: "Close" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  test("nothing chosen changes nothing; a failure says why", async () => {
    const { user, fake } = renderApp("/restrictions", { answers: { catalogue_compare: () => null } });
    await table();
    const choose = async () => {
      await user.click(screen.getByRole("button", { name: "Compare" }));
      await user.click(screen.getByRole("button", { name: "Choose a folder of a catalogue" }));
    };
    await choose();
    await waitFor(() => expect(fake.calls.some((call) => call.name === "catalogue_compare")).toBe(true));
    expect(screen.queryByRole("dialog", { name: "What another catalogue changes for us" })).toBeNull();
    fake.fail("catalogue_compare", { code: "app/catalogue", message: "It is broken.", hint: null, detail: null });
    await choose();
    expect((await screen.findByRole("alert")).textContent).toContain("app/catalogue");
  });
});
