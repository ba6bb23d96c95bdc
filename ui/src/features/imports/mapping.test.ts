import { describe, expect, it } from "vitest";
import type { ImportColumn, ImportMapping, ImportPreview } from "@/ipc";
import { fieldOf, isUsable, openGuess, startOf, withField } from "./mapping";

const column = (title: string, field: string | null = null, confidence: string | null = null): ImportColumn => ({
  title,
  samples: [],
  field,
  confidence,
  personal: false,
});
const columns = [
  column("PC"),
  column("Asset Name", "name", "guess"),
  column("asset_name"),
  column("V", "version", "likely"),
];
const mapping = (of: Record<string, string>): ImportMapping => ({
  columns: of,
  rows: "installations",
  source: null,
  os: null,
  date_order: null,
  complete: false,
});

describe("a mapping", () => {
  it("names columns without regard to case, blanks and punctuation; of two alike the first counts", () => {
    const of = mapping({ name: "ASSET-NAME" });
    expect([0, 1, 2, 3].map((index) => fieldOf(of, columns, index))).toEqual(["", "name", "", ""]);
  });

  it("reads a field from one column and a column as one field", () => {
    const moved = withField(mapping({ name: "Asset Name", version: "V" }), "PC", "name");
    expect(moved.columns).toEqual({ version: "V", name: "PC" });
    expect(withField(moved, "PC", "device_name").columns).toEqual({ version: "V", device_name: "PC" });
    expect(withField(moved, "pc", "").columns).toEqual({ version: "V" });
  });

  it("begins without guesses where nobody knows, and offers each until it is taken or its field is", () => {
    const preview = { needs_mapping: true, columns, mapping: mapping({ name: "Asset Name", version: "V" }) };
    const start = startOf(preview as unknown as ImportPreview);
    expect(start?.columns).toEqual({ version: "V" });
    expect(isUsable(start)).toBe(false);
    expect(openGuess(start as ImportMapping, columns, 1)).toBe("name");
    expect(openGuess(mapping({ name: "PC" }), columns, 1)).toBeNull();
    expect(openGuess(mapping({ name: "Asset Name" }), columns, 1)).toBeNull();
  });

  it("needs a name or an identifier of software", () => {
    const usable = ["name", "identifier", "version"].map((field) => isUsable(mapping({ [field]: "a" })));
    expect(usable).toEqual([true, true, false]);
  });
});
