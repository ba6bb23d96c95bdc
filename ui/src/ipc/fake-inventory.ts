// What the fake answers about machines and software: parts of the fixtures, filtered and sorted as asked.
import type {
  HoldersPage,
  HoldersRequest,
  InstalledPage,
  InstalledRequest,
  MachineRow,
  MachinesPage,
  MachinesRequest,
  SoftwarePage,
  SoftwareRequest,
  SoftwareRow,
} from "./bindings";

const RANK = ["prohibited", "required", "restricted", "advisory", "watch", "undetermined", "none"];
const VERSION = new Intl.Collator("en", { numeric: true });
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

/** The fake knows no products by category: every third machine surely has none, and every third of the others nobody knows of. */
function lacking(rows: readonly MachineRow[]): MachineRow[] {
  return rows.flatMap((row, place): MachineRow[] => {
    if (place % 3 === 0) return [{ ...row, lack: { answer: "nothing-there", reasons: [] } }];
    if (place % 9 !== 1) return [];
    const sources = row.family === "windows" ? ["service", "Security Center entry"] : ["Debian package", "RPM package"];
    const reason = place % 2 === 0 ? "stale" : "never-read";
    return [{ ...row, lack: { answer: "not-looked-at", reasons: [{ reason, sources }] } }];
  });
}

export function machinesPage(all: MachinesPage, { query, offset, limit }: MachinesRequest): MachinesPage {
  const allows = (values: readonly string[], value: string) => values.length === 0 || values.includes(value);
  const asked = query.without.length > 0 ? lacking(all.rows) : all.rows;
  const chosen = asked.filter(
    (row) =>
      row.hostname.toLowerCase().includes(query.text.trim().toLowerCase()) &&
      allows(query.systems, row.family) &&
      allows(query.tiers, row.tier) &&
      allows(query.seen, row.seen) &&
      (row.lack === null || allows(query.answers, row.lack.answer)),
  );
  const counted = (answer: string) => chosen.filter((row) => row.lack?.answer === answer).length;
  const answers = ["nothing-there", "not-looked-at"].map((value) => ({ value, label: value, count: counted(value) }));
  chosen.sort(inOrder(query.sort));
  if (query.descending) chosen.reverse();
  const rows = chosen.slice(offset, offset + limit);
  return { ...all, rows, total: chosen.length, facets: { ...all.facets, answers } };
}

const rank = (row: SoftwareRow) => (row.tier === null ? RANK.length : RANK.indexOf(row.tier));

export function softwarePage(all: SoftwarePage, { query, offset, limit }: SoftwareRequest): SoftwarePage {
  const chosen = all.rows.filter(
    (row) =>
      `${row.name} ${row.publisher}`.toLowerCase().includes(query.text.trim().toLowerCase()) &&
      (query.tiers.length === 0 || (row.tier !== null && query.tiers.includes(row.tier))) &&
      (query.publisher === null || row.publisher === query.publisher) &&
      (query.vendor === null || row.vendor?.id === query.vendor) &&
      (query.identified === null || (row.vendor !== null) === query.identified) &&
      (query.whereabouts !== "machines" || row.machines > 0) &&
      (query.whereabouts !== "told" || row.told.length > 0),
  );
  const orders: Record<string, (a: SoftwareRow, b: SoftwareRow) => number> = {
    name: (a, b) => TEXT.compare(a.name, b.name),
    machines: (a, b) => a.machines - b.machines,
    version: (a, b) => VERSION.compare(a.version ?? "\uffff", b.version ?? "\uffff"),
    publisher: (a, b) => TEXT.compare(a.publisher ?? "", b.publisher ?? ""),
  };
  chosen.sort(orders[query.sort] ?? ((a, b) => rank(a) - rank(b) || b.machines - a.machines));
  if (query.descending) chosen.reverse();
  const isAll = chosen.length === all.rows.length;
  return { ...all, rows: chosen.slice(offset, offset + limit), total: isAll ? all.rows.length : chosen.length };
}

export function holdersPage(
  holders: HoldersPage,
  machines: MachinesPage,
  { query, offset, limit }: HoldersRequest,
): HoldersPage {
  const having = new Set(holders.rows.map((row) => row.machine.id));
  const rows = query.has
    ? holders.rows.filter(
        (row) => query.versions.length === 0 || row.versions.some((each) => query.versions.includes(each)),
      )
    : machines.rows.filter((row) => !having.has(row.id)).map((machine) => ({ machine, versions: [] }));
  const text = query.machines.text.trim().toLowerCase();
  const chosen = rows.filter((row) => row.machine.hostname.toLowerCase().includes(text));
  return { ...holders, rows: chosen.slice(offset, offset + limit), total: chosen.length, all: rows.length };
}

export function installedPage(all: InstalledPage, { text, offset, limit }: InstalledRequest): InstalledPage {
  const chosen = all.rows.filter((row) =>
    `${row.name} ${row.publisher}`.toLowerCase().includes(text.trim().toLowerCase()),
  );
  return { ...all, rows: chosen.slice(offset, offset + limit), total: chosen.length };
}
