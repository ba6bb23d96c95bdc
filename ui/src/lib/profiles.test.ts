import { describe, expect, it } from "vitest";
import { fixture } from "@/ipc/fake";
import { deriveProfiles, groupProfiles, jurisdictions, type Role } from "./profiles";

const known = fixture("app_status").profiles;

describe("deriveProfiles", () => {
  const table: Array<[places: string[], roles: Role[], profiles: string[], choices: string[], unmatched: string[]]> = [
    [["us"], ["private"], ["us-private"], [], []],
    [["us"], ["contractor"], ["us-federal-contractor"], [], []],
    [["us"], ["private", "contractor"], ["us-private", "us-federal-contractor"], [], []],
    // Not sure: as a private organisation.
    [["us"], [], ["us-private"], [], []],
    [["de"], ["private"], ["de-private"], [], []],
    [["eu"], ["private"], ["eu-private"], [], []],
    [["uk"], ["private"], ["uk-private"], [], []],
    [["pl"], ["private"], ["pl-person"], [], []],
    [["uk"], ["government"], ["uk-government"], [], []],
    [["ca"], ["government"], ["ca-federal"], [], []],
    [["au"], ["government"], ["au-commonwealth"], [], []],
    [["us", "de"], ["private"], ["us-private", "de-private"], [], []],
    // No clause for contractors there: they are private organisations.
    [["de"], ["contractor"], ["de-private"], [], []],
    [["de"], ["private", "contractor"], ["de-private"], [], []],
    // Only the person knows which body.
    [["us"], ["government"], [], ["us:government"], []],
    // The only private profile is a special one: asked, never assumed.
    [["in"], ["private"], [], ["in:private"], []],
    // The catalogue binds no private organisation there.
    [["ca"], ["private"], [], [], ["ca"]],
    [["ca", "us"], ["private"], ["us-private"], [], ["ca"]],
    [[], ["private"], [], [], []],
  ];
  it.each(table)("%j as %j -> %j, asks %j, nothing for %j", (places, roles, profiles, choices, unmatched) => {
    const derived = deriveProfiles(known, places, roles);
    expect(derived.profiles).toEqual(profiles);
    expect(derived.choices.map((choice) => choice.key)).toEqual(choices);
    expect(derived.unmatched).toEqual(unmatched);
  });

  it("takes what was picked, and only among what was asked", () => {
    expect(deriveProfiles(known, ["us"], ["government"], ["us-dod", "uk-government"]).profiles).toEqual(["us-dod"]);
  });
});

describe("lists", () => {
  it("offers every jurisdiction once, the common ones first, and never research", () => {
    const codes = jurisdictions(known);
    expect(codes.slice(0, 2)).toEqual(["us", "eu"]);
    expect(new Set(codes).size).toBe(codes.length);
    const grouped = groupProfiles(known, "").flatMap((group) => group.profiles.map((p) => p.id));
    expect(grouped).not.toContain("research");
    expect(grouped).toHaveLength(known.length - 1);
  });
  it("finds by id and by title", () => {
    expect(groupProfiles(known, "commonwealth").flatMap((g) => g.profiles.map((p) => p.id))).toEqual([
      "au-commonwealth",
    ]);
    expect(groupProfiles(known, "private germany").flatMap((g) => g.profiles.map((p) => p.id))).toEqual(["de-private"]);
    expect(groupProfiles(known, "zzz")).toEqual([]);
  });
});
