import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import type { FindingsReply } from "@/ipc";
import { fixture } from "@/ipc/fake";
import { renderApp } from "@/test/render";
import { tierRank } from "./findings-filters";

const reply = fixture("findings_list");
const detail = fixture("finding_get");
const path = (id: string) => `/findings/${encodeURIComponent(id)}`;
const table = () => screen.findByRole("grid", { name: "Findings" });
const rowIds = (grid: HTMLElement) =>
  [...grid.querySelectorAll("tr[data-row]")].map((row) => row.getAttribute("data-row"));

/** The list as of another day: two rows had another tier, a third other answers. */
function onAnotherDay(usual: FindingsReply): FindingsReply {
  const rows = structuredClone(usual.rows);
  rows.forEach((row, i) => {
    row.tier_today = row.tier;
    row.activities_today = structuredClone(row.activities);
    if (i < 2) row.tier_today = row.tier === "watch" ? "prohibited" : "watch";
    const answer = row.activities_today[0];
    if (i < 3 && answer) answer.tier = answer.tier === "watch" ? "prohibited" : "watch";
  });
  return { ...usual, rows };
}

describe("the table", () => {
  test("holds every finding, worst first, and says how many", async () => {
    renderApp("/findings");
    const grid = await table();
    expect(rowIds(grid)).toHaveLength(reply.rows.length);
    expect(grid.getAttribute("aria-rowcount")).toBe(String(reply.rows.length + 1));
    const tiers = rowIds(grid).map((id) => tierRank(reply.rows.find((row) => row.id === id)?.tier ?? "none"));
    expect(tiers).toEqual([...tiers].sort((a, b) => a - b));
    expect(screen.getByText(`${reply.rows.length} of ${reply.rows.length} after filters`)).toBeTruthy();
  });

  test.each(["Machines", "Product", "Vendor", "Since", "Presence"])(
    "sorts by %s and back, says so, and keeps it in the address",
    async (name) => {
      const { user, router } = renderApp("/findings");
      const grid = await table();
      const header = within(grid).getByRole("columnheader", { name });
      expect(header.getAttribute("aria-sort")).toBe("none");
      await user.click(within(header).getByRole("button"));
      await waitFor(() => expect(header.getAttribute("aria-sort")).toBe("ascending"));
      const up = rowIds(grid);
      await user.click(within(header).getByRole("button"));
      await waitFor(() => expect(header.getAttribute("aria-sort")).toBe("descending"));
      expect(rowIds(grid)).not.toEqual(up);
      expect([...rowIds(grid)].sort()).toEqual([...up].sort());
      expect(router.state.location.search.sort).toBe(`-${name.toLowerCase()}`);
    },
  );

  test("sorted by machines, the numbers rise", async () => {
    renderApp("/findings?sort=machines");
    const numbers = rowIds(await table()).map((id) => reply.rows.find((row) => row.id === id)?.machines ?? -1);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  test("thousands of rows are there in number, not in the page", async () => {
    const many = Array.from({ length: 3000 }, (_, i) => {
      const row = structuredClone(reply.rows[i % reply.rows.length]) as (typeof reply.rows)[number];
      return { ...row, id: `${row.id}-${i}` };
    });
    renderApp("/findings", { answers: { findings_list: (_, usual) => ({ ...usual, rows: many }) } });
    const grid = await table();
    expect(grid.getAttribute("aria-rowcount")).toBe("3001");
    expect(rowIds(grid).length).toBeLessThan(200);
  });
});

describe("filters", () => {
  test("come from the address", async () => {
    const tier = reply.rows[0]?.tier ?? "restricted";
    renderApp(`/findings?tier=${tier}`);
    expect(rowIds(await table())).toEqual(
      expect.arrayContaining(reply.rows.filter((row) => row.tier === tier).map((row) => row.id)),
    );
    expect(rowIds(await table())).toHaveLength(reply.rows.filter((row) => row.tier === tier).length);
  });

  test("go to the address, with the day and the profile kept", async () => {
    const { user, router } = renderApp("/findings?as_of=2024-07-21&profile=us-private");
    await table();
    await user.type(screen.getByRole("searchbox", { name: "Filter by letters" }), "kasp");
    await waitFor(() => expect(router.state.location.search.q).toBe("kasp"));
    expect(router.state.location.search).toMatchObject({ as_of: "2024-07-21", profile: "us-private" });
    await user.click(screen.getByRole("button", { name: "Clear filters" }));
    await waitFor(() => expect(router.state.location.search.q).toBeUndefined());
    expect(router.state.location.search.as_of).toBe("2024-07-21");
  });

  test("a tier is chosen from its list", async () => {
    const { user, router } = renderApp("/findings");
    await table();
    await user.click(screen.getByRole("button", { name: /^Tier/, expanded: false }));
    const wanted = reply.rows[0]?.tier ?? "restricted";
    await user.click(
      within(screen.getByRole("dialog", { name: "Tier" })).getByRole("checkbox", { name: new RegExp(wanted, "i") }),
    );
    await waitFor(() => expect(router.state.location.search.tier).toBe(wanted));
  });

  test("by machine: everything of it that some instrument speaks of", async () => {
    const machine = fixture("overview_get").by_machine[0];
    if (!machine) throw new Error("no machine in the fixture");
    renderApp(`/findings?machine=${machine.id}`);
    const known = new Set(machine.findings.map((each) => each.finding));
    await waitFor(async () =>
      expect(rowIds(await table())).toHaveLength(reply.rows.filter((row) => known.has(row.id)).length),
    );
  });

  test("that hide everything say so and can be taken away", async () => {
    const { user } = renderApp("/findings?q=nothing-is-called-so");
    await screen.findByText("No finding matches");
    await user.click(screen.getAllByRole("button", { name: "Clear filters" })[1] as HTMLElement);
    expect(rowIds(await table())).toHaveLength(reply.rows.length);
  });
});

describe("keys", () => {
  test("J and K move, Enter opens, J goes on to the next finding, Esc closes and gives the focus back", async () => {
    const { user, router } = renderApp("/findings");
    const ids = rowIds(await table());
    await user.keyboard("jjk");
    expect(document.activeElement?.getAttribute("data-row")).toBe(ids[0]);
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe(path(ids[1] ?? "")));
    const flyout = await screen.findByRole("dialog");
    await waitFor(() => expect(flyout.contains(document.activeElement)).toBe(true));
    await user.keyboard("j");
    await waitFor(() => expect(router.state.location.pathname).toBe(path(ids[2] ?? "")));
    await user.keyboard("{Escape}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/findings"));
    await waitFor(() => expect(document.activeElement?.getAttribute("data-row")).toBe(ids[2]));
  });

  test("X chooses, Esc lets go; letters typed into a field stay letters", async () => {
    const { user } = renderApp("/findings");
    const grid = await table();
    await user.keyboard("jxjx");
    expect(grid.querySelectorAll("tr[aria-selected=true]")).toHaveLength(2);
    expect(screen.getByRole("toolbar", { name: "2 selected" })).toBeTruthy();
    await user.keyboard("{Escape}");
    expect(grid.querySelectorAll("tr[aria-selected=true]")).toHaveLength(0);
    const field = screen.getByRole("searchbox", { name: "Filter by letters" });
    await user.type(field, "jx");
    expect((field as HTMLInputElement).value).toBe("jx");
  });

  test("all that are shown can be chosen, and copied as JSON", async () => {
    const { user } = renderApp("/findings");
    await table();
    const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    await user.click(screen.getByRole("checkbox", { name: "Choose all that are shown" }));
    await user.click(screen.getByRole("button", { name: "Copy as JSON" }));
    expect(JSON.parse(String(write.mock.calls[0]?.[0]))).toHaveLength(reply.rows.length);
  });
});

describe("as of another day", () => {
  test("the line counts what differs, a column says what today says instead, Back keeps the day", async () => {
    renderApp("/findings?as_of=2024-07-21", { answers: { findings_list: (_, usual) => onAnotherDay(usual) } });
    const grid = await table();
    expect(within(grid).getByRole("columnheader", { name: "Today instead" })).toBeTruthy();
    expect(
      screen.getByText(/2 of \d+ findings had another tier and 3 answers per activity were different from today/),
    ).toBeTruthy();
    expect(within(grid).getAllByText("same")).toHaveLength(reply.rows.length - 3);
    expect(within(grid).getAllByRole("img", { name: /Different today:/ })).toHaveLength(3);
  });

  test("today has no such column", async () => {
    renderApp("/findings");
    expect(within(await table()).queryByRole("columnheader", { name: "Today instead" })).toBeNull();
  });
});

describe("states", () => {
  test("no machine yet: teaches, and leads to the doors", async () => {
    renderApp("/findings", { scene: "first-run" });
    expect((await screen.findByRole("link", { name: "Choose how to begin" })).getAttribute("href")).toMatch(
      /^\/(\?|$)/,
    );
  });

  test("nothing found is not called proof", async () => {
    renderApp("/findings", { scene: "clean" });
    expect(await screen.findByText(/not proof of absence/)).toBeTruthy();
  });

  test("an error says what failed, what to try, the code, and tries again", async () => {
    const error = {
      code: "store/locked",
      message: "The database is in use.",
      hint: "Close the other program.",
      detail: null,
    };
    const { user, fake } = renderApp("/findings", { fail: { findings_list: error } });
    const alert = await screen.findByRole("alert");
    for (const text of [error.code, error.message, error.hint]) expect(alert.textContent).toContain(text);
    fake.fail("findings_list", null);
    await user.click(within(alert).getByRole("button", { name: "Try again" }));
    expect(rowIds(await table())).toHaveLength(reply.rows.length);
  });
});

describe("the flyout", () => {
  const open = async () => {
    const view = renderApp(path(detail.row.id));
    const flyout = await screen.findByRole("dialog", { name: new RegExp(detail.row.title.replace(/[()]/g, "\\$&")) });
    await within(flyout).findByText("What it means for you");
    return { ...view, flyout };
  };

  test("says what, how bad, whose, on how many machines", async () => {
    const { flyout } = await open();
    expect(flyout.textContent).toContain(detail.row.title);
    expect(within(flyout).getByRole("link", { name: detail.row.vendor_name }).getAttribute("href")).toContain(
      `/vendors/${detail.row.vendor}`,
    );
    expect(flyout.textContent).toContain(`${detail.row.machines} machine`);
  });

  test("asks the one question and says what yes would mean", async () => {
    const { flyout } = await open();
    if (!detail.question) return;
    expect(within(flyout).getByText(detail.question.question)).toBeTruthy();
    expect(flyout.textContent).toContain(detail.question.if_yes);
  });

  test("gives all ten answers; one leads to its reason", async () => {
    const { flyout, user } = await open();
    const cells = within(flyout).getAllByRole("listitem").slice(0, 10);
    expect(cells).toHaveLength(detail.answers.length);
    const wanted = detail.answers.find((answer) => answer.tier !== "none" && answer.reasons.length > 0);
    if (!wanted) return;
    const reason = wanted.reasons.find((each) => each.tier === wanted.tier);
    const cell = cells[detail.answers.indexOf(wanted)];
    await user.click(within(cell as HTMLElement).getByRole("button"));
    expect(document.activeElement?.getAttribute("aria-label")).toBe(reason?.restriction.short_title);
  });

  test("separates what touches us from what binds others, which is folded away with a count", async () => {
    const { flyout, user } = await open();
    const ours = detail.instruments.filter((block) => block.touches_us);
    const others = detail.instruments.filter((block) => !block.touches_us);
    const fold = within(flyout).getByRole("button", {
      name: new RegExp(`Instruments that bind others ?${others.length}`),
    });
    expect(fold.getAttribute("aria-expanded")).toBe("false");
    await user.click(fold);
    expect(fold.getAttribute("aria-expanded")).toBe("true");
    expect(within(flyout).getAllByRole("article")).toHaveLength(ours.length + others.length);
  });

  test("has evidence, rules, steps and history", async () => {
    const { flyout } = await open();
    const line = detail.machines[0]?.evidence[0];
    expect(flyout.textContent).toContain(detail.machines[0]?.hostname);
    if (line?.path) expect(within(flyout).getAllByTitle(line.path).length).toBeGreaterThan(0);
    if (line?.matched[0]) expect(flyout.textContent).toContain(line.matched[0].rule);
    for (const step of detail.next_steps) expect(flyout.textContent).toContain(step);
    expect(flyout.textContent).toContain("First seen");
  });

  test("is copied as text and as JSON", async () => {
    const { flyout, user } = await open();
    const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    await user.click(within(flyout).getByRole("button", { name: "Copy as text" }));
    const text = String(write.mock.calls[0]?.[0]);
    for (const part of [detail.row.title, detail.machines[0]?.hostname, detail.next_steps[0]])
      if (part) expect(text).toContain(part);
    await user.click(within(flyout).getByRole("button", { name: "Copy as JSON" }));
    expect(JSON.parse(String(write.mock.calls[1]?.[0]))).toMatchObject({ row: { id: detail.row.id } });
  });

  test("an unknown finding is an error beside the table, not a blank screen", async () => {
    renderApp("/findings/nobody%3Alive");
    const flyout = await screen.findByRole("dialog");
    expect((await within(flyout).findByRole("alert")).textContent).toContain("finding/unknown");
    expect(rowIds(await table())).toHaveLength(reply.rows.length);
  });

  test("is made wider by keys, and remembers it", async () => {
    const { flyout, user } = await open();
    const handle = within(flyout).getByRole("separator");
    const before = Number(handle.getAttribute("aria-valuenow"));
    handle.focus();
    await user.keyboard("{ArrowLeft}");
    expect(Number(handle.getAttribute("aria-valuenow"))).toBeGreaterThan(before);
    expect(localStorage.getItem("interdict.flyout")).toBe(handle.getAttribute("aria-valuenow"));
  });
});
