// From two plain answers to profiles. Pure.
import type { ProfileInfo } from "@/ipc";

export type Role = "private" | "contractor" | "government";
export const ROLES: readonly Role[] = ["private", "contractor", "government"];

export interface Choice {
  /** `us:government`. */
  key: string;
  jurisdiction: string;
  /** The profiles among which only the person can choose. */
  options: ProfileInfo[];
}

export interface Derived {
  /** Profile ids that follow from the answers. */
  profiles: string[];
  /** Where the answers leave several open. */
  choices: Choice[];
  /** Jurisdictions for which there is no fitting profile. */
  unmatched: string[];
}

/** Jurisdictions in which some profile is bound: the common ones first. */
const FIRST = ["us", "eu", "uk", "de", "pl", "ca", "au"];

export function jurisdictions(profiles: readonly ProfileInfo[]): string[] {
  const all = new Set<string>();
  for (const profile of profiles)
    if (profile.jurisdiction && profile.government !== "none") all.add(profile.jurisdiction);
  const rest = [...all].filter((code) => !FIRST.includes(code)).sort();
  return [...FIRST.filter((code) => all.has(code)), ...rest];
}

/** Shown before "Somewhere else". */
export function isCommon(jurisdiction: string): boolean {
  return FIRST.includes(jurisdiction);
}

/** Bodies of single US states: many, so they are offered as a list. */
export function isState(profile: ProfileInfo): boolean {
  return profile.id.startsWith("us-state-");
}

/** The profile that stands for the plain case, where the catalogue names one. */
function plain(jurisdiction: string, role: Role, options: readonly ProfileInfo[]): ProfileInfo | undefined {
  const ids = role === "private" ? [`${jurisdiction}-private`, `${jurisdiction}-person`] : [`${jurisdiction}-${role}`];
  return (
    options.find((profile) => ids.includes(profile.id)) ??
    (role !== "private" && options.length === 1 ? options[0] : undefined)
  );
}

/** What the answers say; no role means "not sure", which is answered as a private organisation. */
export function deriveProfiles(
  profiles: readonly ProfileInfo[],
  places: readonly string[],
  roles: readonly Role[],
  picked: readonly string[] = [],
): Derived {
  const result: Derived = { profiles: [], choices: [], unmatched: [] };
  const add = (id: string) => {
    if (!result.profiles.includes(id)) result.profiles.push(id);
  };
  const asked: readonly Role[] = roles.length > 0 ? ROLES.filter((role) => roles.includes(role)) : ["private"];
  for (const jurisdiction of places) {
    let found = false;
    for (const role of asked) {
      const fitting = (wanted: Role) =>
        profiles.filter((p) => p.jurisdiction === jurisdiction && p.government === wanted);
      // A contractor is a private organisation too where the catalogue knows no clause for contractors.
      const exact = fitting(role);
      const as: Role = role === "contractor" && exact.length === 0 ? "private" : role;
      const options = as === role ? exact : fitting("private");
      if (options.length === 0) continue;
      found = true;
      const one = plain(jurisdiction, as, options);
      if (one) {
        add(one.id);
        continue;
      }
      const key = `${jurisdiction}:${as}`;
      if (!result.choices.some((choice) => choice.key === key)) result.choices.push({ key, jurisdiction, options });
      for (const option of options) if (picked.includes(option.id)) add(option.id);
    }
    if (!found) result.unmatched.push(jurisdiction);
  }
  return result;
}

/** Profiles by jurisdiction for the list of all; nobody (research) is left out. */
export function groupProfiles(
  profiles: readonly ProfileInfo[],
  query: string,
): Array<{ jurisdiction: string; profiles: ProfileInfo[] }> {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (p: ProfileInfo) =>
    words.every((word) => `${p.id} ${p.title} ${p.jurisdiction ?? ""}`.toLowerCase().includes(word));
  return jurisdictions(profiles)
    .map((jurisdiction) => ({
      jurisdiction,
      profiles: profiles
        .filter((p) => p.jurisdiction === jurisdiction && p.government !== "none" && fits(p))
        .sort((a, b) => Number(isState(a)) - Number(isState(b)) || a.id.localeCompare(b.id)),
    }))
    .filter((group) => group.profiles.length > 0);
}
