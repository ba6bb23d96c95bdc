import { screen, waitFor, within } from "@testing-library/react";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import type { ImportStartRequest } from "@/ipc";
import { fixture } from "@/ipc/fake";
import { renderApp } from "@/test/render";
import { forgetImports } from "./import-store";

const [known, unsure] = fixture("import_choose");
if (!known || !unsure) throw new Error("two files were chosen");

afterEach(forgetImports);

const started = (fake: ReturnType<typeof renderApp>["fake"]) =>
  fake.calls.filter((call) => call.name === "import_start").map((call) => call.request as ImportStartRequest);
const select = (column: string) => screen.findByRole("combobox", { name: `Read the column ${column} as` });

describe("a file that is recognised", () => {
  it("is looked at, imported with progress, shown and undone", async () => {
    const { user, fake } = renderApp("/imports/new", { offered: [known], importStep: 40 });
    expect(await screen.findByRole("heading", { level: 2, name: known.name })).toBeTruthy();
    expect(await screen.findByText("the first 12 records, 9 usable")).toBeTruthy();
    expect(screen.getByText("Яндекс.Браузер")).toBeTruthy();
    expect(((await select("Computer")) as HTMLSelectElement).value).toBe("device_name");
    expect(screen.getByText("about people: left alone")).toBeTruthy();
    expect(screen.getByText("it has 9 columns where the titles are 7")).toBeTruthy();

    await user.click(screen.getByRole("button", { name: "Import" }));
    expect((await screen.findAllByRole("progressbar", { name: `Importing ${known.name}` })).length).toBe(2);
    expect(await screen.findByText("new installations")).toBeTruthy();
    // Unasked, it is read as it was found.
    expect(started(fake)).toMatchObject([{ file: known.id, format: null, mapping: null }]);
    const machines = screen.getByRole("region", { name: "Machines" });
    expect(within(machines).getByText("worth a look")).toBeTruthy();
    expect(screen.getByText("the row names a machine and no software")).toBeTruthy();

    await user.click(screen.getByRole("button", { name: "Save as CSV" }));
    expect(await screen.findByText("2 rows written")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Undo this import" }));
    const dialog = await screen.findByRole("dialog", { name: "Undo this import?" });
    expect(within(dialog).getByText("4 machines known from it alone go away.")).toBeTruthy();
    await user.click(within(dialog).getByRole("button", { name: "Undo the import" }));
    expect(await screen.findByText("Imported and undone.")).toBeTruthy();
    expect(fake.calls.find((call) => call.name === "import_undo")?.request).toEqual({ number: 4 });
  });

  it("is read with the columns that are chosen, by the format it has", async () => {
    const { user, fake } = renderApp("/imports/new", { offered: [known] });
    await user.selectOptions(await select("Publisher"), "Not read");
    expect(await screen.findByText(/vendors are recognised by the software's name alone/)).toBeTruthy();
    await user.selectOptions(await select("Cost centre"), "Publisher");
    await user.click(screen.getByRole("button", { name: "Month first" }));
    await waitFor(() => expect(screen.getByText("5 of 7 read")).toBeTruthy());
    await user.click(screen.getByRole("button", { name: "Import" }));
    await waitFor(() => expect(started(fake)).toHaveLength(1));
    expect(started(fake)[0]).toMatchObject({
      format: "table",
      mapping: { columns: { publisher: "Cost centre", name: "Software" }, date_order: "month_first" },
    });
  });

  it("is read as another format when the person says so", async () => {
    const { user, fake } = renderApp("/imports/new", { offered: [known] });
    await user.selectOptions(await screen.findByRole("combobox", { name: "Format" }), "pdq");
    await waitFor(() =>
      expect(fake.calls.findLast((call) => call.name === "import_preview")?.request).toMatchObject({ format: "pdq" }),
    );
    await user.click(await screen.findByRole("button", { name: "Import" }));
    await waitFor(() => expect(started(fake)[0]).toMatchObject({ format: "pdq", mapping: null }));
  });

  it("is cancelled: nothing is kept, and it can be imported again", async () => {
    const { user, fake } = renderApp("/imports/new", { offered: [known], importStep: 80 });
    await user.click(await screen.findByRole("button", { name: "Import" }));
    await user.click(await screen.findByRole("button", { name: "Cancel" }));
    expect(await screen.findByText(/was cancelled\. Nothing of it was kept\./)).toBeTruthy();
    expect(fake.calls.find((call) => call.name === "import_cancel")?.request).toEqual({ id: started(fake)[0]?.id });
    expect(((await screen.findByRole("button", { name: "Import" })) as HTMLButtonElement).disabled).toBe(false);
  });

  it("goes on while another screen is shown, and ends in a message that leads back", async () => {
    const { user, router } = renderApp("/imports/new", { offered: [known], importStep: 60 });
    await user.click(await screen.findByRole("button", { name: "Import" }));
    await user.click(await screen.findByRole("link", { name: "Settings" }));
    expect(await screen.findByRole("progressbar", { name: `Importing ${known.name}` })).toBeTruthy();
    await user.click(await screen.findByRole("button", { name: "Show the import" }));
    expect(router.state.location.pathname).toBe("/imports/new");
    expect(await screen.findByText("new installations")).toBeTruthy();
  });

  it("says why it was not imported", async () => {
    const error = { code: "desktop/busy", message: "Another audit or import is running.", hint: "Wait.", detail: null };
    const { user } = renderApp("/imports/new", { offered: [known], fail: { import_start: error } });
    await user.click(await screen.findByRole("button", { name: "Import" }));
    expect(within(await screen.findByRole("alert")).getByText("desktop/busy")).toBeTruthy();
  });
});

describe("a table that nobody knows", () => {
  it("waits until a column names the software; guesses are used when somebody takes them up", async () => {
    const { user, fake } = renderApp("/imports/new", { offered: [unsure] });
    const button = (await screen.findByRole("button", { name: "Import" })) as HTMLButtonElement;
    await screen.findByText("Shown here once a column names the software.");
    expect(button.disabled).toBe(true);
    expect(screen.getByText(/all rows would be on one machine called "liste"/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Read the column Was as Software name" }));
    expect(await screen.findByText("LibreOffice 24.8")).toBeTruthy();
    await user.selectOptions(await select("Kasten"), "Machine name");
    expect(await screen.findByText("BUERO-02")).toBeTruthy();
    await waitFor(() => expect(button.disabled).toBe(false));
    await user.click(button);
    await waitFor(() => expect(started(fake)[0]?.mapping?.columns).toEqual({ device_name: "Kasten", name: "Was" }));
  });

  it("tells back what it was found to be", async () => {
    const { user } = renderApp("/imports/new", { offered: [unsure] });
    await user.selectOptions(await select("Was"), "Software name (needed)");
    await user.click(await screen.findByRole("button", { name: "Back to what was found" }));
    expect(((await select("Was")) as HTMLSelectElement).value).toBe("");
  });
});

describe("files that are dropped", () => {
  it("are announced while they hover, and looked at one after the other", async () => {
    const { fake, router, user } = renderApp("/overview");
    await screen.findByRole("heading", { level: 1 });
    fake.drag({ kind: "enter", count: 2 });
    expect((await screen.findAllByText("Drop to look at 2 files")).length).toBeGreaterThan(0);
    fake.drag({ kind: "leave" });
    await waitFor(() => expect(screen.queryByText("Drop to look at 2 files")).toBeNull());
    fake.offer([known, unsure]);
    await waitFor(() => expect(router.state.location.pathname).toBe("/imports/new"));
    const queue = await screen.findByRole("navigation", { name: "Files" });
    expect(within(queue).getAllByRole("button", { name: /not imported yet/ })).toHaveLength(2);
    await user.click(within(queue).getByRole("button", { name: /liste\.csv/ }));
    expect(await screen.findByRole("heading", { level: 2, name: "liste.csv" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Leave liste.csv out" }));
    expect(await screen.findByRole("heading", { level: 2, name: known.name })).toBeTruthy();
    expect(screen.queryByRole("navigation", { name: "Files" })).toBeNull();
  });

  it("are imported together, each as it was found", async () => {
    const { fake, user } = renderApp("/imports/new", { offered: [known, unsure] });
    await user.click(await screen.findByRole("button", { name: "Import all 2" }));
    await waitFor(() => expect(started(fake).map((request) => request.file)).toEqual([known.id, unsure.id]));
  });
});

describe("imports", () => {
  it("are listed, newest first, with what is undone", async () => {
    const { user, router } = renderApp("/imports");
    const rows = within(await screen.findByRole("table", { name: "Imports" })).getAllByRole("row");
    expect(rows.slice(1).map((row) => row.querySelector("a")?.textContent)).toEqual(
      fixture("imports_list").rows.map((row) => row.file),
    );
    expect(within(rows[2] as HTMLElement).getByText("undone")).toBeTruthy();
    await user.click(screen.getByRole("link", { name: "osquery-results.log" }));
    expect(router.state.location.pathname).toBe("/imports/2");
    expect(await screen.findByRole("heading", { level: 1, name: "osquery-results.log" })).toBeTruthy();
  });

  it("that were undone say so and offer nothing more to undo", async () => {
    renderApp("/imports/3");
    expect(await screen.findByText(/nothing it told of counts any more/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Undo this import" })).toBeNull();
  });

  it("that others build on say why they stay", async () => {
    const blocked = { code: "store/batch-built-upon", message: "Later scans build on it.", hint: null, detail: null };
    renderApp("/imports/4", { answers: { import_get: (_, usual) => ({ ...usual, undo: null, blocked }) } });
    expect(await screen.findByText("Later scans build on it.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Undo this import" })).toBeNull();
  });

  it("that nobody made teach how to begin", async () => {
    renderApp("/imports", { scene: "first-run" });
    expect(await screen.findByText("Nothing was imported yet")).toBeTruthy();
  });

  it("are reached from the palette and with g i", async () => {
    const { user, router } = renderApp("/settings");
    await screen.findByRole("heading", { level: 1, name: "Settings" });
    await user.keyboard("gi");
    await waitFor(() => expect(router.state.location.pathname).toBe("/imports"));
  });
});

it("axe finds nothing while a file is looked at, in both languages, nor in its result", async () => {
  const violations = async () => {
    const result = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
    return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 200)).join("\n")}`);
  };
  const { user } = renderApp("/imports/new", { offered: [known, unsure], locale: "de" });
  await screen.findByText("Яндекс.Браузер");
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Importieren" }));
  await screen.findByText("neue Installationen");
  expect(await violations()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Import rückgängig machen" }));
  await screen.findByRole("dialog", { name: "Diesen Import rückgängig machen?" });
  expect(await violations()).toEqual([]);
});

describe("devices that may be another machine", () => {
  const decide = (fake: ReturnType<typeof renderApp>["fake"]) =>
    fake.calls.filter((call) => call.name === "import_decide").map((call) => call.request);

  it("are held against the machine they were taken for, and decided with the keyboard alone", async () => {
    const { user, fake } = renderApp("/imports/4");
    const list = await screen.findByRole("list", { name: "Worth a look" });
    expect(within(list).getByText("taken for WS-FIN-014 by its host name alone")).toBeTruthy();
    const button = within(list).getByRole("button", { name: "Compare WS-FIN-014 with its machine" });
    button.focus();
    await user.keyboard("{Enter}");
    const dialog = await screen.findByRole("dialog", { name: "Is this one machine?" });
    expect(within(dialog).getByRole("row", { name: /^Host name WS-FIN-014 WS-FIN-014 the same$/ })).toBeTruthy();
    expect(
      within(dialog).getByRole("row", { name: /^System UUID – 4c4c4544-0042-3510-8058-b4c04f4d3332/ }),
    ).toBeTruthy();
    expect((within(dialog).getByRole("button", { name: "Decide" }) as HTMLButtonElement).disabled).toBe(true);
    expect(document.activeElement).toBe(within(dialog).getByRole("radio", { name: "The same machine" }));
    within(dialog).getByRole("radio", { name: "A different machine" }).focus();
    await user.keyboard("[Space]");
    expect(within(dialog).getByRole("radio", { name: "A different machine", checked: true })).toBeTruthy();
    expect(within(dialog).getByText(/undo this import and import the file again/)).toBeTruthy();
    await user.keyboard("{Enter}");
    await waitFor(() =>
      expect(decide(fake)).toEqual([
        {
          number: 4,
          told: "WS-FIN-014",
          machine: "import:osquery:4c4c4544-0042-3510-8058-b4c04f4d3332",
          choice: "not-same",
          trial: false,
        },
      ]),
    );
    // The next one that nobody decided about follows at once.
    expect(await screen.findByRole("row", { name: /^System UUID .* different$/ })).toBeTruthy();
    await user.keyboard("{Escape}");
    expect(await screen.findByText("different, decided")).toBeTruthy();
  });

  it("are joined after saying what that does, and the decision is taken back", async () => {
    const { user, fake } = renderApp("/imports/4");
    await user.click(await screen.findByRole("button", { name: "Compare SRV-APP-09 with its machine" }));
    const dialog = await screen.findByRole("dialog", { name: "Is this one machine?" });
    await user.click(within(dialog).getByRole("radio", { name: "The same machine" }));
    expect(
      await within(dialog).findByText(/1 scan or import with 2 installations, told by .* comes to SRV-APP-09/),
    ).toBeTruthy();
    expect(within(dialog).getByText(/This cannot be taken back/)).toBeTruthy();
    expect(decide(fake)).toMatchObject([{ choice: "same", trial: true }]);
    expect((await axe.run(dialog)).violations).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Join the two machines" }));
    await waitFor(() => expect(decide(fake)[1]).toMatchObject({ choice: "same", trial: false }));
    await user.keyboard("{Escape}");
    expect(await screen.findByText("the same, decided")).toBeTruthy();
    expect(screen.getByText("joined with SRV-APP-09")).toBeTruthy();

    await user.click(await screen.findByRole("button", { name: "Compare SRV-APP-09 with its machine" }));
    await user.click(await screen.findByRole("radio", { name: "Take the decision back" }));
    expect(screen.getByText(/Machines that were joined stay joined/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Take it back" }));
    await waitFor(() => expect(decide(fake)[2]).toMatchObject({ choice: "open", trial: false }));
  });

  it("are not joined where that is refused, with the reason", async () => {
    const error = { code: "store/both-scanned", message: "Both were scanned.", hint: null, detail: null };
    const { user } = renderApp("/imports/4", { fail: { import_decide: error } });
    await user.click(await screen.findByRole("button", { name: "Compare SRV-APP-09 with its machine" }));
    await user.click(await screen.findByRole("radio", { name: "The same machine" }));
    expect(within(await screen.findByRole("alert")).getByText("store/both-scanned")).toBeTruthy();
    expect((screen.getByRole("button", { name: "Join the two machines" }) as HTMLButtonElement).disabled).toBe(true);
  });
});
