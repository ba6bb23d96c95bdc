import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { fixture } from "@/ipc/fake";
import { renderApp } from "@/test/render";

const items = fixture("search_find").items;
const a = (kind: string) => {
  const found = items.find((item) => item.kind === kind);
  if (!found) throw new Error(`no ${kind} in the fixture`);
  return found;
};

async function open(path = "/overview", options: Parameters<typeof renderApp>[1] = {}) {
  const app = renderApp(path, options);
  await screen.findByRole("slider");
  await app.user.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("combobox");
  expect(document.activeElement).toBe(field);
  return { ...app, field };
}

describe("palette", () => {
  it("opens with Ctrl K, with / and from the bar", async () => {
    const { user } = renderApp("/overview");
    await user.click(await screen.findByRole("button", { name: "Search or go to" }));
    expect(await screen.findByRole("combobox")).toBeTruthy();
    document.querySelector("dialog")?.dispatchEvent(new Event("cancel", { cancelable: true }));
    await waitFor(() => expect(screen.queryByRole("combobox")).toBeNull());
    await user.keyboard("/");
    expect(await screen.findByRole("combobox")).toBeTruthy();
  });

  it.each(["vendor", "person"])("finds a %s and opens the dossier that shows it", async (kind) => {
    const item = a(kind);
    const { user, field, router } = await open();
    await user.type(field, item.title);
    const list = screen.getByRole("listbox");
    await user.click((await within(list).findAllByText(item.title))[0] as HTMLElement);
    await waitFor(() => expect(router.state.location.pathname).toBe(`/vendors/${item.vendor}`));
    expect(screen.queryByRole("combobox")).toBeNull();
  });

  it("says of a hit that tools tell of it without a machine", async () => {
    const item = items.find((each) => each.kind === "vendor" && each.told !== null);
    if (!item?.told) throw new Error("the fixture tells of no vendor");
    const { user, field } = await open();
    await user.type(field, item.title);
    const said = `Told without a machine: ${item.told.tools[0]} and ${item.told.tools.length - 1} more, 20 Nov 2026`;
    await waitFor(() => expect(screen.getByRole("listbox").textContent).toContain(said));
  });

  it("finds a restriction and opens it", async () => {
    const item = a("restriction");
    const { user, field, router } = await open();
    await user.type(field, item.title);
    const list = screen.getByRole("listbox");
    await user.click((await within(list).findAllByText(item.title))[0] as HTMLElement);
    await waitFor(() => expect(router.state.location.pathname).toBe(`/restrictions/${item.id}`));
  });

  it("finds a machine and goes to its page", async () => {
    const item = a("machine");
    const { user, field, router } = await open();
    await user.type(field, item.title);
    await screen.findAllByText(item.title);
    await waitFor(() => expect(within(screen.getByRole("listbox")).getByText(item.title)).toBeTruthy());
    await user.keyboard("{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe(`/machines/${item.id}`));
  });

  it("goes to screens and runs commands by name", async () => {
    const { user, field, fake } = await open();
    await user.type(field, "write a rep");
    await user.keyboard("{Enter}");
    expect(await screen.findByText("Report written")).toBeTruthy();
    expect(screen.getByText(fixture("report_write").path)).toBeTruthy();
    expect(fake.calls.some((call) => call.name === "report_write")).toBe(true);
  });

  it("takes a date", async () => {
    const { user, field, router } = await open();
    await user.type(field, "2024-07-21");
    expect(await screen.findByText("As of 21 Jul 2024")).toBeTruthy();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(router.state.location.search.as_of).toBe("2024-07-21"));
  });

  it("says when nothing fits", async () => {
    const { user, field } = await open();
    await user.type(field, "zzqq");
    expect(await screen.findByText("Nothing is called “zzqq”.")).toBeTruthy();
  });

  it("changes the theme", async () => {
    const { user, field } = await open();
    await user.type(field, "dark");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe("dark"));
  });
});

describe("shortcuts", () => {
  it("are listed with ?", async () => {
    const { user } = renderApp("/overview");
    await screen.findByRole("slider");
    await user.keyboard("?");
    const dialog = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    expect(within(dialog).getByText("Previous or next effect date")).toBeTruthy();
    await user.click(within(dialog).getByRole("button", { name: "Close" }));
    expect(screen.queryByRole("dialog", { name: "Keyboard shortcuts" })).toBeNull();
  });
});
