// Who of a vendor's people is listed by whom, in the order a reader needs: who is not listed comes first. Pure.
import type { ListingRow, PartyRow } from "@/ipc";

export interface ListedGroup {
  listing: ListingRow;
  people: { person: PartyRow; listing: ListingRow }[];
}

export interface PeopleGroups {
  /** Those whom the list of persons leaves out, with whatever else lists them. */
  apart: PartyRow[];
  /** The list of persons, where one instrument lists two or more. */
  listed: ListedGroup | null;
}

export function groupPeople(people: readonly PartyRow[]): PeopleGroups {
  const counts = new Map<string, number>();
  for (const person of people) {
    for (const id of new Set(person.listed_by.map((listing) => listing.restriction.id)))
      counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const [main, most] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [null, 0];
  if (main === null || most < 2) return { apart: [...people], listed: null };
  const listed: ListedGroup["people"] = [];
  const apart: PartyRow[] = [];
  for (const person of people) {
    const listing = person.listed_by.find((each) => each.restriction.id === main);
    if (listing) listed.push({ person, listing });
    else apart.push(person);
  }
  const first = listed[0];
  return { apart, listed: first ? { listing: first.listing, people: listed } : null };
}

/** A listing about which the reader should look at the issuer's list. */
export function isUncertain(listing: ListingRow): boolean {
  return listing.uncertain || listing.verification === "unverified";
}
