import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Context } from "@/ipc";
import { fixture } from "@/ipc/fake";
import { formatDay } from "@/lib/days";
import { nextEffect, previousEffect } from "@/lib/timeline-scale";
import { renderApp } from "@/test/render";

const status = fixture("app_status");
const asked = (fake: ReturnType<typeof renderApp>["fake"]) =>
  fake.calls.filter((call) => call.name === "overview_get").map((call) => call.request as Context);

describe("the day asked about", () => {
  it("is today: no teal, no way back needed", async () => {
    const { fake } = renderApp("/overview");
    const slider = await screen.findByRole("slider", { name: "As-of date" });
    expect(slider.getAttribute("aria-valuetext")).toBe(`${formatDay(status.today)}, today`);
    expect(document.querySelector("[data-asof-bar]")).toBeNull();
    expect(screen.queryByRole("button", { name: "Back to today" })).toBeNull();
    expect(asked(fake)[0]?.as_of).toBe(status.today);
  });

  it("turns the bar for another day, asks again, and goes back", async () => {
    const { fake, user, router } = renderApp("/overview?as_of=2024-07-21");
    const back = await screen.findByRole("button", { name: "Back to today" });
    expect(document.querySelector("[data-asof-bar]")).toBeTruthy();
    expect(await screen.findByText(/Law as of 21 Jul 2024/)).toBeTruthy();
    await waitFor(() => expect(asked(fake).at(-1)?.as_of).toBe("2024-07-21"));
    await user.click(back);
    await waitFor(() => expect(asked(fake).at(-1)?.as_of).toBe(status.today));
    expect(router.state.location.searchStr).toBe("");
    expect(document.querySelector("[data-asof-bar]")).toBeNull();
  });

  it("ignores a day that is none", async () => {
    renderApp("/overview?as_of=2024-02-30");
    await screen.findByRole("slider");
    expect(document.querySelector("[data-asof-bar]")).toBeNull();
  });

  it("steps by keyboard from effect date to effect date, and by day with Shift", async () => {
    const { user, router } = renderApp("/overview?as_of=2024-07-21");
    const slider = await screen.findByRole("slider");
    slider.focus();
    const next = nextEffect(status.effect_dates, "2024-07-21");
    await user.keyboard("{ArrowRight}");
    await waitFor(() => expect(router.state.location.search.as_of).toBe(next));
    expect(document.activeElement).toBe(slider);
    await user.keyboard("{Shift>}{ArrowLeft}{/Shift}");
    await waitFor(() => expect(slider.getAttribute("aria-valuetext")).not.toBe(formatDay(next ?? "")));
    await user.keyboard("{Home}");
    await waitFor(() => expect(router.state.location.search.as_of).toBe("2017-01-01"));
    await user.keyboard("{End}");
    await waitFor(() =>
      expect(router.state.location.search.as_of).toBe(`${Number(status.today.slice(0, 4)) + 1}-12-31`),
    );
  });

  it("takes a typed day, refuses an unclear one, and offers the neighbours", async () => {
    const { user, router } = renderApp("/overview");
    await user.click(await screen.findByRole("button", { name: /change the day/ }));
    const field = screen.getByRole("textbox", { name: "Day (year-month-day)" });
    await user.clear(field);
    await user.type(field, "07/04/2024{Enter}");
    expect(screen.getByRole("alert").textContent).toBe("Type a day such as 2024-07-20.");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    await user.clear(field);
    await user.type(field, "2024-07-21{Enter}");
    await waitFor(() => expect(router.state.location.search.as_of).toBe("2024-07-21"));

    await user.click(await screen.findByRole("button", { name: /As of 21 Jul 2024, change the day/ }));
    await user.click(screen.getByRole("button", { name: "Previous effect date" }));
    await waitFor(() =>
      expect(router.state.location.search.as_of).toBe(previousEffect(status.effect_dates, "2024-07-21")),
    );
    const list = screen.getByRole("list", { name: /takes effect or ends/ });
    expect(within(list).getAllByRole("listitem")).toHaveLength(status.effect_dates.length);
  });

  it("travels with every link", async () => {
    const { user, router } = renderApp("/overview?as_of=2024-07-21&profile=de-private");
    await user.click(await screen.findByRole("link", { name: /^Vendors/ }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/vendors"));
    expect(router.state.location.search).toMatchObject({ as_of: "2024-07-21", profile: "de-private" });
  });
});

describe("who asks", () => {
  it("shows the saved profiles, and takes one away everywhere", async () => {
    const { fake, user } = renderApp("/overview");
    const [gone, kept] = status.settings.profiles ?? [];
    await user.click(await screen.findByRole("button", { name: `Remove ${gone}` }));
    await waitFor(() => expect(asked(fake).at(-1)?.profiles).toEqual([kept]));
    expect(fake.calls.findLast((call) => call.name === "settings_save")?.request).toEqual({
      profiles: [kept],
      theme: null,
    });
  });

  it("adds one from the list, found by search", async () => {
    const { fake, user } = renderApp("/overview?profile=us-private");
    await user.click(await screen.findByRole("button", { name: "Add a profile" }));
    const panel = await screen.findByRole("dialog", { name: "Who are you?" });
    await user.type(within(panel).getByRole("searchbox"), "commonwealth");
    await user.click(within(panel).getByRole("checkbox"));
    await waitFor(() => expect(asked(fake).at(-1)?.profiles).toEqual(["us-private", "au-commonwealth"]));
  });

  it("says so when nobody in particular asks", async () => {
    const { fake } = renderApp("/overview?profile=research");
    expect(await screen.findByText("Research: binds nobody")).toBeTruthy();
    await waitFor(() => expect(asked(fake).at(-1)?.profiles).toEqual([]));
  });
});

describe("the frame", () => {
  it("marks sample data unmistakably, and leaves it for the doors", async () => {
    const { user, router } = renderApp("/overview");
    const band = await screen.findByRole("region", { name: "Sample data: made-up machines" });
    await user.click(within(band).getByRole("button", { name: "Leave sample" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/"));
    expect(await screen.findByRole("button", { name: /^Audit this computer/ })).toBeTruthy();
  });

  it("has no band over one's own data", async () => {
    renderApp("/overview", { scene: "one-machine" });
    await screen.findByRole("navigation", { name: "Main" });
    expect(screen.queryByText("Sample data: made-up machines")).toBeNull();
  });

  it("collapses the rail and remembers it", async () => {
    const { user } = renderApp("/overview");
    await user.click(await screen.findByRole("button", { name: "Collapse the sidebar" }));
    expect(screen.getByRole("button", { name: "Expand the sidebar" })).toBeTruthy();
    expect(localStorage.getItem("interdict.rail")).toBe("closed");
    // The names stay for those who hear them.
    expect(screen.getByRole("link", { name: /^Findings/ })).toBeTruthy();
  });

  it("goes by keys, but not while one types", async () => {
    const { user, router } = renderApp("/overview");
    await screen.findByRole("slider");
    await user.keyboard("gs");
    await waitFor(() => expect(router.state.location.pathname).toBe("/settings"));
    await user.keyboard("gv");
    await waitFor(() => expect(router.state.location.pathname).toBe("/vendors"));
    await user.keyboard("go");
    await waitFor(() => expect(router.state.location.pathname).toBe("/overview"));
    await user.click(screen.getByRole("button", { name: "Add a profile" }));
    await user.type(await screen.findByRole("searchbox"), "gs");
    expect(router.state.location.pathname).toBe("/overview");
  });

  it("shows a running audit in the status line with cancel, on any screen", async () => {
    const { user, fake } = renderApp("/settings", { scene: "one-machine", auditStep: 40 });
    await user.click(await screen.findByRole("button", { name: "Audit this computer" }));
    const line = screen.getByRole("contentinfo");
    expect(await within(line).findByRole("progressbar")).toBeTruthy();
    await user.click(within(line).getByRole("button", { name: "Cancel the audit" }));
    expect(await screen.findByText("The audit was cancelled")).toBeTruthy();
    expect(fake.calls.some((call) => call.name === "audit_cancel")).toBe(true);
    expect(within(line).queryByRole("progressbar")).toBeNull();
  });

  it("says what the numbers rest on", async () => {
    renderApp("/overview");
    const line = await screen.findByRole("contentinfo");
    expect(line.textContent).toContain(`Catalogue ${status.catalogue.version}`);
    expect(line.textContent).toContain("Network: off");
    const head = within(line).getByText(status.database.log_head?.short ?? "");
    expect(head.parentElement?.title).toContain(status.database.log_head?.hash);
  });

  it("names no head where somebody emptied the log", async () => {
    renderApp("/overview", {
      answers: { app_status: (_, usual) => ({ ...usual, database: { ...usual.database, log_head: null } }) },
    });
    const line = await screen.findByRole("contentinfo");
    expect(line.textContent).not.toContain("Log");
  });

  it("reads again when data changed", async () => {
    const { fake } = renderApp("/overview");
    await screen.findByRole("slider");
    await waitFor(() => expect(asked(fake)).toHaveLength(1));
    fake.change();
    await waitFor(() => expect(asked(fake)).toHaveLength(2));
  });

  it("shows in the window that the program did not answer, and tries again", async () => {
    const error = { code: "store/locked", message: "The database is in use.", hint: "Close it.", detail: null };
    const { user, fake } = renderApp("/overview", { fail: { app_status: error } });
    expect(await screen.findByText("store/locked")).toBeTruthy();
    fake.fail("app_status", null);
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("navigation", { name: "Main" })).toBeTruthy();
  });

  it("says where a wrong address leads", async () => {
    renderApp("/nowhere");
    expect(await screen.findByText("There is no such screen")).toBeTruthy();
  });

  it("follows the theme of the settings", async () => {
    renderApp("/overview", {
      answers: { app_status: (_, usual) => ({ ...usual, settings: { ...usual.settings, theme: "dark" } }) },
    });
    await screen.findByRole("slider");
    expect(document.documentElement.dataset.theme).toBe("dark");
  });

  it("prints light, whatever the theme", async () => {
    renderApp("/overview", {
      answers: { app_status: (_, usual) => ({ ...usual, settings: { ...usual.settings, theme: "dark" } }) },
    });
    await screen.findByRole("slider");
    window.dispatchEvent(new Event("beforeprint"));
    expect(document.documentElement.dataset.theme).toBe("light");
    window.dispatchEvent(new Event("afterprint"));
    expect(document.documentElement.dataset.theme).toBe("dark");
  });

  it("speaks German", async () => {
    renderApp("/overview", { locale: "de" });
    expect(await screen.findByRole("link", { name: /^Befunde/ })).toBeTruthy();
    expect(document.documentElement.lang).toBe("de");
  });
});

describe("pointer on the slider", () => {
  it("drags to a day and snaps to a tick", async () => {
    const { router } = renderApp("/overview");
    const slider = await screen.findByRole("slider");
    slider.getBoundingClientRect = () => ({
      left: 0,
      width: 240,
      top: 0,
      height: 28,
      right: 240,
      bottom: 28,
      x: 0,
      y: 0,
      toJSON: () => "",
    });
    fireEvent.pointerDown(slider, { button: 0, clientX: 100, pointerId: 1 });
    fireEvent.pointerMove(slider, { clientX: 8, pointerId: 1 });
    fireEvent.pointerUp(slider, { pointerId: 1 });
    await waitFor(() => expect(router.state.location.search.as_of).toMatch(/^2017-/));
  });
});
