// What the fake answers about machines and software: parts of the fixtures, filtered and sorted as asked.
import type { MachineRow, MachinesPage, MachinesRequest } from "./bindings";

const RANK = ["prohibited", "required", "restricted", "advisory", "watch", "undetermined", "none"];
const TEXT = new Intl.Collator("en", { sensitivity: "base" });

const findings = (row: MachineRow) => row.findings.reduce((sum, each) => sum + each.count, 0);

function inOrder(sort: string): (a: MachineRow, b: MachineRow) => number {
  switch (sort) {
    case "name":
      return (a, b) => TEXT.compare(a.hostname, b.hostname);
    case "system":
      return (a, b) => TEXT.compare(a.system, b.system);
    case "findings":
      return (a, b) => findings(a) - findings(b);
    case "installations":
      return (a, b) => a.installations - b.installations;
    case "last-seen":
      return (a, b) => a.last_seen.localeCompare(b.last_seen);
    case "first-seen":
      return (a, b) => a.first_seen.localeCompare(b.first_seen);
    default:
      return (a, b) => RANK.indexOf(a.tier) - RANK.indexOf(b.tier) || findings(b) - findings(a);
  }
}

export function machinesPage(all: MachinesPage, { query, offset, limit }: MachinesRequest): MachinesPage {
  const allows = (values: readonly string[], value: string) => values.length === 0 || values.includes(value);
  const chosen = all.rows.filter(
    (row) =>
      row.hostname.toLowerCase().includes(query.text.trim().toLowerCase()) &&
      allows(query.systems, row.family) &&
      allows(query.tiers, row.tier) &&
      allows(query.seen, row.seen),
  );
  chosen.sort(inOrder(query.sort));
  if (query.descending) chosen.reverse();
  return { ...all, rows: chosen.slice(offset, offset + limit), total: chosen.length };
}
