import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { ListingRow, PartyRow } from "@/ipc";
import { fixture } from "@/ipc/fake";
import { renderApp } from "@/test/render";
import { groupPeople, isUncertain } from "./parties";
import { filtersFromSearch, filterVendors, fullSearch, isFiltered, NO_FILTERS } from "./vendors-filters";

const list = fixture("vendors_list");
const dossier = fixture("vendor_get");
const rowIds = (grid: HTMLElement) =>
  [...grid.querySelectorAll("tr[data-row]")].map((row) => row.getAttribute("data-row"));

describe("filters", () => {
  test.each([
    [{}, NO_FILTERS],
    [
      { tier: "prohibited,x", country: "ru", here: "1", told: "1", q: "касп" },
      { tier: ["prohibited"], country: "RU", here: true, told: true, text: "касп" },
    ],
    [{ here: "no" }, NO_FILTERS],
  ])("%j is read, written and read again", (search, filters) => {
    expect(filtersFromSearch(search)).toEqual(filters);
    expect(filtersFromSearch(fullSearch(filtersFromSearch(search)))).toEqual(filters);
    expect(isFiltered(filtersFromSearch(search))).toBe(filters !== NO_FILTERS);
  });

  test("every name in every script finds its vendor", () => {
    for (const row of list.rows) {
      for (const text of [row.name, ...row.names.map((name) => name.text)]) {
        expect(filterVendors(list.rows, { ...NO_FILTERS, text })).toContain(row);
      }
    }
  });

  test("in use here", () => {
    expect(filterVendors(list.rows, { ...NO_FILTERS, here: true })).toEqual(
      list.rows.filter((row) => row.machines > 0),
    );
  });
});

describe("people", () => {
  const listing = (id: string): ListingRow => ({
    restriction: { id, short_title: id, jurisdiction: "us" },
    issuer: "",
    from: "2024-06-21",
    until: null,
    list_id: null,
    note: null,
    verification: "mirror",
    uncertain: false,
  });
  const person = (id: string, ...lists: string[]): PartyRow => ({
    id,
    name: id,
    aliases: [],
    country: null,
    role: null,
    listed_by: lists.map(listing),
    note: null,
  });

  test("a note alone does not make a listing uncertain", () => {
    expect(isUncertain({ ...listing("ofac"), note: "Also spelt otherwise." })).toBe(false);
    expect(isUncertain({ ...listing("ofac"), uncertain: true })).toBe(true);
  });

  test("who is not on the persons' list stands apart, whoever else lists him", () => {
    const groups = groupPeople([
      person("chief", "pl"),
      person("a", "ofac"),
      person("b", "ofac", "pl"),
      person("d", "ofac"),
      person("c"),
    ]);
    expect(groups.apart.map((each) => each.id)).toEqual(["chief", "c"]);
    expect(groups.listed?.people.map((each) => each.person.id)).toEqual(["a", "b", "d"]);
  });

  test("a single listing makes no group; nobody makes none", () => {
    expect(groupPeople([person("a", "ofac"), person("b")]).listed).toBeNull();
    expect(groupPeople([])).toEqual({ apart: [], listed: null });
  });
});

describe("the list", () => {
  test("holds every vendor, and puts only those in view into the page", async () => {
    renderApp("/vendors");
    const grid = await screen.findByRole("grid", { name: "Vendors" });
    expect(list.rows.length).toBeGreaterThan(400);
    expect(grid.getAttribute("aria-rowcount")).toBe(String(list.rows.length + 1));
    expect(rowIds(grid).length).toBeLessThan(100);
  });

  test("opens the dossier with Enter", async () => {
    const { user, router } = renderApp("/vendors?here=1");
    await screen.findByRole("grid", { name: "Vendors" });
    await user.keyboard("j{Enter}");
    const first = list.rows.find((row) => row.machines > 0);
    await waitFor(() => expect(router.state.location.pathname).toBe(`/vendors/${first?.id}`));
  });

  test("marks whom tools tell of without a machine, beside a count that does not hold it", async () => {
    const alone = list.rows.find((row) => row.told !== null && row.machines === 0);
    if (!alone?.told) throw new Error("the fixture tells of no vendor that is on no machine");
    const { user } = renderApp("/vendors");
    const grid = await screen.findByRole("grid", { name: "Vendors" });
    await user.click(screen.getByRole("button", { name: "Told without a machine" }));
    expect(rowIds(grid).toSorted()).toEqual(
      list.rows
        .filter((row) => row.told !== null)
        .map((row) => row.id)
        .toSorted(),
    );
    const row = grid.querySelector(`tr[data-row="${alone.id}"]`);
    expect(row?.textContent).toContain(`Told without a machine: ${alone.told.tools.join(", ")}, 20 Nov 2026; 0`);
  });

  test("is narrowed by the address", async () => {
    renderApp("/vendors?here=1");
    const grid = await screen.findByRole("grid", { name: "Vendors" });
    expect(rowIds(grid)).toHaveLength(list.rows.filter((row) => row.machines > 0).length);
  });
});

describe("the dossier", () => {
  const open = async () => {
    const view = renderApp(`/vendors/${dossier.row.id}`);
    return { ...view, page: await screen.findByRole("article", { name: dossier.row.name }) };
  };

  test("names the vendor in every script, marked with its language", async () => {
    const { page } = await open();
    for (const name of dossier.row.names) expect(within(page).getByText(name.text)).toBeTruthy();
    const cyrillic = dossier.row.names.find((name) => name.script === "cyrillic");
    if (cyrillic) expect(within(page).getByText(cyrillic.text).getAttribute("lang")).toBe("ru");
  });

  test("answers the question in a sentence, then as a matrix with ours first", async () => {
    const { page, user } = await open();
    expect(within(page).getByText(dossier.purchase_sentence)).toBeTruthy();
    const matrix = within(page).getByRole("table", { name: /Answers per profile/ });
    const rows = within(matrix).getAllByRole("row").slice(1);
    expect(within(rows[0] as HTMLElement).getByRole("rowheader").textContent).toBe("Your profile");
    dossier.matrix[0]?.activities.forEach((answer, i) => {
      const cell = within(rows[0] as HTMLElement).getAllByRole("cell")[i];
      expect(cell?.textContent?.toLowerCase()).toBe(answer.tier);
    });
    if (dossier.matrix.length > 10) {
      await user.click(within(page).getByRole("button", { name: `Show all ${dossier.matrix.length - 1} profiles` }));
      expect(within(matrix).getAllByRole("row")).toHaveLength(dossier.matrix.length + 1);
    }
  });

  test("an answer of ours shows its reasons", async () => {
    const { page, user } = await open();
    const answer = dossier.answers.find((each) => each.tier !== "none" && each.reasons.length > 0);
    if (!answer) return;
    await user.click(
      within(page).getByRole("button", { name: new RegExp(`^Your profile, ${answer.activity.replace("-", " ")}:`) }),
    );
    const region = within(page).getByRole("region", { name: /^Why:/ });
    for (const reason of answer.reasons) expect(region.textContent).toContain(reason.because);
  });

  test("the timeline has a table twin with every effect, and is walked by arrow keys", async () => {
    const { page, user } = await open();
    const twin = within(page).getByRole("table", { name: "Effects by instrument" });
    expect(within(twin).getAllByRole("row")).toHaveLength(
      1 + dossier.timeline.reduce((sum, lane) => sum + lane.bars.length, 0),
    );
    const group = within(page).getByRole("group", { name: "Timeline of effects" });
    const stops = group.querySelectorAll<HTMLElement>('[tabindex="0"]');
    expect(stops).toHaveLength(1);
    stops[0]?.focus();
    const first = document.activeElement?.getAttribute("aria-label");
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement?.getAttribute("aria-label")).not.toBe(first);
    expect(document.activeElement?.getAttribute("aria-label")).toContain(dossier.timeline[1]?.restriction.short_title);
  });

  test("says out loud who is not listed, before those who are", async () => {
    const { page } = await open();
    const text = page.textContent ?? "";
    const { listed } = groupPeople(dossier.people);
    for (const sentence of dossier.not_listed) {
      expect(text).toContain(sentence);
      if (listed?.people[0]) expect(text.indexOf(sentence)).toBeLessThan(text.indexOf(listed.people[0].person.name));
    }
  });

  test("families open to their products; carve-outs are words", async () => {
    const { page, user } = await open();
    const families = within(page).getByRole("table", { name: "Product families" });
    const carved = dossier.families.reduce(
      (sum, family) => sum + family.coverage.filter((each) => each.answer === "carved-out").length,
      0,
    );
    expect(within(families).queryAllByText("carved out")).toHaveLength(carved);
    const family = dossier.families.find((each) => each.products.length > 0);
    if (!family) return;
    await user.click(within(families).getByRole("button", { name: new RegExp(`^${family.title}`) }));
    for (const product of family.products) expect(families.textContent).toContain(product.name);
  });

  test("where it is used leads to the finding; sources carry their standing", async () => {
    const { page } = await open();
    const used = dossier.used_here[0];
    if (used) {
      const link = within(page).getAllByRole("link", { name: used.title })[0];
      expect(link?.getAttribute("href")).toContain(encodeURIComponent(used.finding));
    }
    const sources = within(page).getByRole("table", { name: "Sources" });
    expect(within(sources).getAllByRole("row")).toHaveLength(dossier.sources.length + 1);
  });

  test("what tools tell without a machine has a table of its own, with the tools' counts", async () => {
    const { page } = await open();
    const told = within(page).getByRole("table", { name: "Told without a machine" });
    const first = dossier.told[0];
    if (!first) throw new Error("the fixture tells nothing");
    const [, line] = within(told).getAllByRole("row");
    expect(line?.textContent).toContain(first.title.name);
    expect(line?.textContent).toContain(String(first.title.told[0]?.count));
    expect(line?.textContent).toContain(first.title.told[0]?.tool);
    expect(within(told).getAllByRole("link", { name: first.title.name })[0]?.getAttribute("href")).toContain(
      encodeURIComponent(first.family ?? "no family"),
    );
    expect(within(page).getByText(/counts are the tools' own/u)).toBeTruthy();
  });

  test("one that is on no known machine but told of says both, and one that is neither says so", async () => {
    const alone = list.rows.find((row) => row.told !== null && row.machines === 0);
    const view = renderApp(`/vendors/${alone?.id}`, {
      answers: { vendor_get: (_, usual) => ({ ...usual, used_here: [] }) },
    });
    const link = await screen.findByRole("link", {
      name: `On no known machine, but listed by ${alone?.told?.tools[0]}`,
    });
    expect(link.getAttribute("href")).toContain("where=told");
    expect(screen.getByText("Nothing of it was found on the machines that were looked at.")).toBeTruthy();
    expect(screen.getByRole("heading", { name: "Told without a machine" })).toBeTruthy();
    view.unmount();
    const neither = list.rows.find((row) => row.told === null && row.machines === 0);
    renderApp(`/vendors/${neither?.id}`);
    expect(await screen.findByText("Not found here")).toBeTruthy();
    expect(screen.queryByRole("heading", { name: "Told without a machine" })).toBeNull();
  });

  test("an unknown vendor is an error with its code", async () => {
    renderApp("/vendors/nobody-of-that-name");
    expect((await screen.findByRole("alert")).textContent).toContain("vendor/unknown");
  });

  test("of a vendor without restriction says what was compared, and shows its products without a comparison", async () => {
    renderApp(`/vendors/${dossier.row.id}`, {
      answers: {
        vendor_get: (_, usual) => ({
          ...usual,
          checked: "Compared with everything.",
          naming: 0,
          timeline: [],
          sources: [],
          people: [],
          not_listed: [],
          family_columns: [],
          families: [
            {
              title: "Other",
              coverage: [],
              products: [
                { id: "a.b", name: "Connector", discontinued: false, made_for: { id: "eset", name: "ESET" } },
                { id: "a.c", name: "Old thing", discontinued: true, made_for: null },
              ],
            },
          ],
        }),
      },
    });
    const page = await screen.findByRole("article");
    expect(within(page).getByRole("heading", { name: "No known restriction" })).toBeTruthy();
    expect(page.textContent).toContain("Compared with everything.");
    expect(page.textContent).toContain("Connector (for ESET)");
    expect(page.textContent).toContain("Old thing (no longer made)");
    expect(within(page).queryByRole("heading", { name: "People" })).toBeNull();
  });

  test("says what it was, came from and belongs to, with the source of each", async () => {
    const relation = {
      kind: "owned-by",
      vendor: { id: "eset", name: "ESET" },
      name: "ESET",
      from: "2020-01-02",
      until: "2022-03-04",
      holds: false,
      share: "60 %",
      says: "It was bought.",
      source: null,
    };
    renderApp(`/vendors/${dossier.row.id}`, {
      answers: {
        vendor_get: (_, usual) => ({
          ...usual,
          owners: [{ id: "eset", name: "ESET" }],
          relations: [relation],
          related: [{ ...relation, kind: "split-from", says: "", until: null, holds: true }],
        }),
      },
    });
    const heading = await screen.findByRole("heading", { name: "What it was, came from and belongs to" });
    const block = heading.closest("section");
    expect(block?.textContent).toContain("2 Jan 2020 until 4 Mar 2022, share: 60 %, no longer");
    expect(block?.textContent).toContain("It was bought.general knowledge, no source");
    expect(block?.textContent).toContain("Split off ESET");
    for (const link of within(block as HTMLElement).getAllByRole("link"))
      expect(link.getAttribute("href")).toBe("/vendors/eset");
  });
});
