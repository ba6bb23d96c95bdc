// Answers from `fixtures/<command>.json`, for tests and for `npm run dev` in a plain browser. Never in the shipped build.
import { type Backend, BackendError, type DragEvent, type PlainCommand } from "./backend";
import type {
  AppStatus,
  AuditEvent,
  AuditOutcome,
  CommandMap,
  Context,
  FindingDetail,
  FindingsReply,
  ImportDetail,
  ImportPreview,
  ImportPreviewRequest,
  ImportResult,
  JoinChoice,
  OfferedFile,
  Overview,
  RestrictionDetail,
  RestrictionsReply,
  SearchReply,
  Tier,
  ToldFinding,
  VendorDossier,
  VendorsReply,
  WatchStatus,
  WireError,
} from "./bindings";
import { holdersPage, installedPage, machinesPage, softwarePage } from "./fake-inventory";

const FILES = import.meta.glob<unknown>("./fixtures/*.json", { eager: true, import: "default" });

/** A fresh copy of a fixture. */
export function fixture<K extends PlainCommand>(name: K): CommandMap[K][1] {
  const found = FILES[`./fixtures/${name}.json`];
  if (found === undefined) throw new Error(`no fixture for ${name}`);
  return structuredClone(found) as CommandMap[K][1];
}

/** A captured reply that no command is named for. */
function extra<T>(name: string): T {
  const found = FILES[`./fixtures/${name}.json`];
  if (found === undefined) throw new Error(`no fixture ${name}`);
  return structuredClone(found) as T;
}

export type Scene =
  /** As the fixtures have it. */
  | "sample"
  /** Nothing scanned, nothing answered. */
  | "first-run"
  /** One machine, little found. */
  | "one-machine"
  /** Machines, but no finding at all. */
  | "clean";

export interface FakeOptions {
  scene?: Scene;
  /** Milliseconds before every answer. */
  delay?: number;
  /** Commands that fail, and how. */
  fail?: Partial<Record<keyof CommandMap, WireError>>;
  /** Milliseconds per collector of an audit. */
  auditStep?: number;
  /** Milliseconds per step of an import. */
  importStep?: number;
  /** Files that were dropped or named before anybody asked. */
  offered?: OfferedFile[];
  /** Replaces the answer of a command. */
  answers?: { [K in PlainCommand]?: (request: CommandMap[K][0], usual: CommandMap[K][1]) => CommandMap[K][1] };
}

export interface FakeBackend extends Backend {
  /** Every call so far. */
  readonly calls: Array<{ name: keyof CommandMap; request: unknown }>;
  /** Tells the listeners that data changed. */
  change(): void;
  /** Drags files over the window. */
  drag(event: DragEvent): void;
  /** Drops files on the window. */
  offer(files: OfferedFile[]): void;
  /** Changes what fails from now on. */
  fail(name: keyof CommandMap, error: WireError | null): void;
}

const TIERS: Tier[] = ["prohibited", "required", "restricted", "advisory", "watch", "undetermined", "none"];

const COLLECTORS: Array<[string, number, AuditOutcome["collectors"][number]["status"], string | null]> = [
  ["linux/dpkg", 1432, "complete", null],
  ["linux/rpm", 0, "not-possible", "No RPM database on this machine."],
  ["linux/flatpak", 12, "complete", null],
  ["linux/snap", 9, "complete", null],
  ["linux/systemd", 311, "complete", null],
  ["linux/processes", 187, "partial", "Command lines of other users need administrator rights."],
  ["linux/opt-folders", 14, "complete", null],
  ["browser/extensions", 23, "complete", null],
];

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const isResearch = (context: Context) => context.profiles.every((id) => id === "research");

/** What the engine says to nobody in particular: no tier anywhere, everything under others. */
function forNobody(reply: FindingsReply): FindingsReply {
  const rows = reply.rows.map((row) => {
    const open = row.tier === "undetermined";
    return {
      ...row,
      tier: open ? row.tier : ("none" as const),
      purchase: open ? row.purchase : ("none" as const),
      tier_today: open ? row.tier : ("none" as const),
      activities: row.activities.map((a) => ({ ...a, tier: open ? a.tier : ("none" as const) })),
      activities_today: row.activities_today.map((a) => ({ ...a, tier: open ? a.tier : ("none" as const) })),
      others: open || row.tier === "none" ? row.others : row.others + 1,
    };
  });
  const others_only = rows.filter((r) => r.tier === "none" && r.others > 0).length;
  return { ...reply, rows, attention: 0, others_only, told: toldToNobody(reply.told) };
}

const toldToNobody = (told: readonly ToldFinding[]) => told.map((each) => ({ ...each, tier: "none" as const }));

function overviewForNobody(overview: Overview): Overview {
  const gone = overview.tiers.filter((t) => t.tier !== "none" && t.tier !== "undetermined");
  const quiet = overview.attention_products;
  const none = (t: Tier) => t !== "undetermined" && t !== "none";
  return {
    ...overview,
    attention_products: 0,
    attention_machines: 0,
    told: toldToNobody(overview.told),
    others_only_products: overview.others_only_products + quiet,
    tiers: overview.tiers.map((t) =>
      none(t.tier)
        ? { ...t, findings: 0, machines: 0 }
        : t.tier === "none"
          ? {
              ...t,
              findings: t.findings + gone.reduce((sum, g) => sum + g.findings, 0),
              machines: t.machines + gone.reduce((sum, g) => sum + g.machines, 0),
            }
          : t,
    ),
    by_vendor: overview.by_vendor
      .map((v) => ({ ...v, tiers: v.tiers.filter((t) => !none(t.tier)) }))
      .filter((v) => v.tiers.length > 0),
    by_machine: overview.by_machine
      .map((m) => ({ ...m, findings: m.findings.filter((f) => !none(f.tier)) }))
      .filter((m) => m.findings.length > 0),
    coming: [],
    history: overview.history.map((p) => ({ ...p, tiers: p.tiers.filter((t) => !none(t.tier)) })),
  };
}

/** One machine of the fixture, as a person's own computer. */
function oneMachine(overview: Overview, hostname: string): Overview {
  const machine = overview.by_machine[0];
  const findings = machine ? machine.findings : [];
  const worst = findings[0]?.tier ?? "none";
  const vendor = overview.by_vendor[0];
  const products = findings.filter((f) => f.tier !== "watch" && f.tier !== "undetermined" && f.tier !== "none").length;
  return {
    ...overview,
    attention_products: products,
    attention_machines: products > 0 ? 1 : 0,
    undetermined_products: 0,
    others_only_products: 1,
    machines: 1,
    installations: 1988,
    titles: 1431,
    told: [],
    identified_products: findings.length + 1,
    tiers: TIERS.map((tier) => ({
      tier,
      findings: tier === "none" ? 1 : findings.filter((f) => f.tier === tier).length,
      machines: tier === worst ? 1 : 0,
    })),
    by_vendor: vendor ? [{ ...vendor, machines: 1, tiers: [{ tier: worst, machines: 1 }] }] : [],
    by_machine: machine ? [{ ...machine, hostname }] : [],
    machines_with_findings: findings.length > 0 ? 1 : 0,
    changes: [],
    history: overview.history
      .slice(-1)
      .map((p) => ({ at: p.at, tiers: TIERS.map((tier) => ({ tier, machines: tier === worst ? 1 : 0 })) })),
    coverage: overview.coverage.slice(0, 2).map((line) => ({ ...line, hostname })),
    coverage_lines: 2,
    coming: overview.coming.slice(0, 2).map((c) => ({ ...c, machines: 1 })),
  };
}

function clean(overview: Overview): Overview {
  return {
    ...overview,
    attention_products: 0,
    attention_machines: 0,
    undetermined_products: 0,
    others_only_products: 0,
    told: [],
    identified_products: 6,
    tiers: TIERS.map((tier) => ({
      tier,
      findings: tier === "none" ? 6 : 0,
      machines: tier === "none" ? overview.machines : 0,
    })),
    by_vendor: [],
    by_machine: [],
    machines_with_findings: 0,
    history: overview.history.map((p) => ({
      at: p.at,
      tiers: [{ tier: "none" as const, machines: overview.machines }],
    })),
    changes: [],
    coming: [],
    coverage: [],
    coverage_lines: 0,
  };
}

/** What a file would become with the columns that were chosen: what no column holds is not known. */
function preview({ file, format, mapping }: ImportPreviewRequest): ImportPreview {
  const [first] = fixture("import_choose");
  if (file !== first?.id && !mapping) return extra("import_preview.unsure");
  const usual: ImportPreview = file === first?.id ? fixture("import_preview") : extra("import_preview.mapped");
  const chosen = fixture("import_formats").find((each) => each.name === format);
  const columns = mapping?.columns ?? usual.mapping?.columns ?? {};
  return {
    ...usual,
    format: chosen ?? usual.format,
    mapping: mapping ?? usual.mapping,
    records: usual.records.map((record) => ({
      ...record,
      machine: columns.device_name ? record.machine : "software-2026-11",
      version: columns.version ? record.version : null,
      publisher: columns.publisher ? record.publisher : null,
    })),
  };
}

export function createFake(options: FakeOptions = {}): FakeBackend {
  const scene = options.scene ?? "sample";
  const failures = { ...options.fail };
  const calls: FakeBackend["calls"] = [];
  const listeners = new Set<() => void>();
  const cancelled = new Set<string>();
  const dragged = new Set<(event: DragEvent) => void>();
  const offers = new Set<() => void>();
  let waiting: OfferedFile[] = options.offered ?? [];
  const undone = new Set<number>();
  const decided = new Map<string, JoinChoice>();
  const status: AppStatus = fixture("app_status");
  const views = fixture("views_list");
  const hostname = "thinkpad-x1";
  const watch: WatchStatus = fixture("watch_get");

  const empty = { machines: 0, installations: 0, titles: 0, last_scan: null, sample: false };
  const own = { machines: 1, installations: 1988, titles: 1431, last_scan: `${status.today}T08:12:31Z`, sample: false };
  if (scene === "first-run") {
    status.settings.profiles = null;
    Object.assign(status.database, empty);
  } else if (scene === "one-machine") {
    Object.assign(status.database, own);
  } else if (scene === "clean") {
    status.database.sample = false;
  }

  let before = structuredClone(status.database);
  const change = () => {
    for (const listener of listeners) listener();
  };
  const single = () => status.database.machines === 1;

  const overview = (context: Context): Overview => {
    let reply = fixture("overview_get");
    if (scene === "clean") reply = clean(reply);
    else if (single()) reply = oneMachine(reply, hostname);
    return isResearch(context) ? overviewForNobody(reply) : reply;
  };

  const findings = (context: Context, id: string | null = null): FindingsReply => {
    let reply = fixture("findings_list");
    if (scene === "clean" || status.database.machines === 0)
      reply = { rows: [], attention: 0, others_only: 0, told: [], on_machine: null };
    else if (single()) {
      const kept = new Set(
        overview({ ...context, profiles: ["us-private"] }).by_machine[0]?.findings.map((f) => f.finding),
      );
      const rows = reply.rows.filter((row) => kept.has(row.id)).map((row) => ({ ...row, machines: 1 }));
      reply = { rows, attention: rows.length, others_only: 0, told: [], on_machine: null };
    }
    reply.on_machine = fixture("overview_get").by_machine.find((each) => each.id === id) ?? null;
    return isResearch(context) ? forNobody(reply) : reply;
  };

  const answers: { [K in PlainCommand]: (request: CommandMap[K][0]) => CommandMap[K][1] } = {
    app_status: () => structuredClone(status),
    settings_save: (patch) => {
      if (patch.profiles !== null) status.settings.profiles = patch.profiles;
      if (patch.theme !== null) status.settings.theme = patch.theme;
      return structuredClone(status);
    },
    sample_open: () => {
      before = structuredClone(status.database);
      status.database = { ...fixture("app_status").database, sample: true };
      change();
      return structuredClone(status);
    },
    sample_close: () => {
      status.database = before.sample ? { ...status.database, ...empty } : before;
      change();
      return structuredClone(status);
    },
    audit_cancel: ({ id }) => {
      cancelled.add(id);
      return {};
    },
    import_choose: () => fixture("import_choose"),
    import_offered: () => {
      const offered = waiting;
      waiting = [];
      return offered;
    },
    import_formats: () => fixture("import_formats"),
    import_preview: preview,
    import_cancel: ({ id }) => {
      cancelled.add(id);
      return {};
    },
    imports_list: () => {
      const { rows } = fixture("imports_list");
      if (scene === "first-run") return { rows: [] };
      return { rows: rows.map((row) => (undone.has(row.number) ? { ...row, undone: row.imported } : row)) };
    },
    import_get: ({ number }) => {
      const detail = fixture("import_get");
      const row = fixture("imports_list").rows.find((each) => each.number === number);
      if (!row)
        throw new BackendError({
          code: "store/unknown-batch",
          message: `There is no import ${number}.`,
          hint: null,
          detail: null,
        });
      const blocked = {
        code: "store/batch-undone",
        message: `Import ${number} was undone already.`,
        hint: null,
        detail: null,
      };
      if (undone.has(number) || row.undone !== null)
        return {
          ...detail,
          row: { ...row, undone: row.undone ?? row.imported },
          undo: null,
          blocked,
          machines: [],
          rules: [],
        };
      // A server with a namesake came with another import: both kinds are looked at here.
      const reviews = [...detail.reviews, ...extra<ImportDetail>("import_get.namesake").reviews].map((review) => {
        const choice = decided.get(review.told);
        const decision = choice === "same-later" ? "same" : choice === "open" ? null : (choice ?? null);
        const candidates = review.candidates.map((each) => ({ ...each, decision }));
        const id = choice === "same" ? (candidates[0]?.side.id ?? review.id) : review.id;
        return { ...review, id, candidates, open: decision === null };
      });
      return { ...detail, row, reviews, reviews_total: reviews.length };
    },
    import_decide: ({ told, machine, choice, trial }) => {
      const reply = fixture("import_decide");
      const joins = choice === "same" && reply.joined?.id === machine;
      if (!trial) {
        decided.set(told, choice);
        change();
      }
      return { joined: joins ? reply.joined : null };
    },
    import_undo: ({ number }) => {
      undone.add(number);
      change();
      return { ...fixture("import_undo"), number };
    },
    import_rejects_save: () => fixture("import_rejects_save"),
    watch_get: () => structuredClone(watch),
    watch_choose: () => {
      Object.assign(watch, { folder: "/srv/other", phase: "watching" });
      return structuredClone(watch);
    },
    watch_switch: ({ on }) => {
      watch.phase = on ? "watching" : "off";
      return structuredClone(watch);
    },
    overview_get: overview,
    findings_list: ({ context, machine }) => findings(context, machine),
    finding_get: ({ context, id }): FindingDetail => {
      const detail = fixture("finding_get");
      const row = findings(context).rows.find((r) => r.id === id);
      if (!row)
        throw new BackendError({
          code: "finding/unknown",
          message: `There is no finding ${id}.`,
          hint: null,
          detail: null,
        });
      return { ...detail, row };
    },
    finding_machines: ({ offset, limit }) => {
      const { machines } = fixture("finding_get");
      return { machines: machines.slice(offset, offset + limit), total: machines.length };
    },
    machines_list: (request) =>
      status.database.machines === 0
        ? { ...fixture("machines_list"), rows: [], total: 0, all: 0, attention: 0 }
        : machinesPage(fixture("machines_list"), request),
    machine_get: ({ id }) => {
      const detail = fixture("machine_get");
      const row = fixture("machines_list").rows.find((each) => each.id === id);
      if (!row)
        throw new BackendError({
          code: "app/unknown-id",
          message: `There is no machine ${id}.`,
          hint: null,
          detail: null,
        });
      return { ...detail, row };
    },
    machine_compare: () => fixture("machine_compare"),
    removal_check: () => fixture("removal_check"),
    removal_save: () => fixture("report_write"),
    machine_software: (request) => installedPage(fixture("machine_software"), request),
    software_list: (request) =>
      status.database.machines === 0
        ? { ...fixture("software_list"), rows: [], total: 0, all: 0, machines: 0 }
        : softwarePage(fixture("software_list"), request),
    software_get: ({ id }) => {
      const family = fixture("software_get");
      if (family.id !== id)
        throw new BackendError({
          code: "desktop/unknown-title",
          message: `There is no software ${id} here.`,
          hint: null,
          detail: null,
        });
      return family;
    },
    holders_list: (request) => holdersPage(fixture("holders_list"), fixture("machines_list"), request),
    table_export_cancel: () => ({}),
    folder_show: () => ({}),
    views_list: () => structuredClone(views),
    view_save: (view) => {
      views.views = views.views.filter((each) => each.list !== view.list || each.name !== view.name);
      if (view.search !== "") views.views.push(view);
      return structuredClone(views);
    },
    vendors_list: (): VendorsReply => fixture("vendors_list"),
    vendor_get: ({ id }): VendorDossier => {
      const dossier = fixture("vendor_get");
      const row = fixture("vendors_list").rows.find((r) => r.id === id);
      if (!row)
        throw new BackendError({
          code: "vendor/unknown",
          message: `There is no vendor ${id}.`,
          hint: null,
          detail: null,
        });
      return { ...dossier, row, told: row.told === null ? [] : dossier.told };
    },
    restrictions_list: (): RestrictionsReply => fixture("restrictions_list"),
    restriction_get: ({ id }): RestrictionDetail => {
      const detail = fixture("restriction_get");
      const row = fixture("restrictions_list").rows.find((r) => r.id === id);
      if (!row)
        throw new BackendError({
          code: "app/unknown-id",
          message: `There is no restriction ${id}.`,
          hint: null,
          detail: null,
        });
      return { ...detail, row };
    },
    catalogue_compare: () => fixture("catalogue_compare"),
    search_find: ({ query }): SearchReply => {
      const wanted = query.trim().toLowerCase();
      const items = fixture("search_find").items.filter((item) =>
        `${item.title} ${item.subtitle} ${item.id}`.toLowerCase().includes(wanted),
      );
      return { items: items.slice(0, 20) };
    },
    source_open: () => ({}),
    report_write: () => fixture("report_write"),
  };

  const check = (name: keyof CommandMap) => {
    const failure = failures[name];
    if (failure) throw new BackendError(failure);
  };

  return {
    calls,
    change,
    drag: (event) => {
      for (const listener of dragged) listener(event);
    },
    offer: (files) => {
      waiting = [...waiting, ...files];
      for (const listener of offers) listener();
    },
    fail: (name, error) => {
      if (error) failures[name] = error;
      else delete failures[name];
    },
    async call(name, request) {
      calls.push({ name, request });
      if (options.delay) await wait(options.delay);
      else await Promise.resolve();
      check(name);
      const usual = answers[name](request);
      const instead = options.answers?.[name];
      return instead ? instead(request, usual) : usual;
    },
    async startAudit(request, onEvent: (event: AuditEvent) => void) {
      calls.push({ name: "audit_start", request });
      const step = options.auditStep ?? 0;
      const done: AuditOutcome["collectors"] = [];
      const stopped = () => cancelled.has(request.id);
      const outcome = (): AuditOutcome => ({
        cancelled: stopped(),
        hostname,
        observations: done.reduce((sum, line) => sum + line.count, 0),
        detections: 4,
        collectors: done,
      });
      for (const [index, [name, count, state, reason]] of COLLECTORS.entries()) {
        onEvent({ kind: "collector-started", name, index, of: COLLECTORS.length });
        await wait(step);
        check("audit_start");
        if (stopped()) return outcome();
        const collector = { name, status: state, reason, count };
        done.push(collector);
        onEvent({ kind: "collector-finished", collector, index, of: COLLECTORS.length });
      }
      onEvent({ kind: "identifying", observations: outcome().observations });
      await wait(step);
      if (stopped()) return outcome();
      onEvent({ kind: "storing" });
      await wait(step);
      Object.assign(status.database, own);
      change();
      return outcome();
    },
    async startImport(request, onEvent) {
      calls.push({ name: "import_start", request });
      const step = options.importStep ?? 0;
      const result: ImportResult = extra("import_start");
      const of = result.import?.row.bytes ?? 1;
      for (const part of [0.12, 0.31, 0.56, 0.83, 1]) {
        await wait(step);
        check("import_start");
        if (cancelled.has(request.id)) return { ...result, cancelled: true, import: null };
        const bytes = Math.round(of * part);
        onEvent({ kind: "reading", bytes, of, records: Math.round(part * 12) * 1000 });
      }
      onEvent({ kind: "storing", done: 1, of: result.import?.row.machines ?? 1 });
      await wait(step);
      if (status.database.machines === 0) Object.assign(status.database, own);
      change();
      return result;
    },
    onFilesOffered(listener) {
      offers.add(listener);
      return () => offers.delete(listener);
    },
    onFilesDragged(listener) {
      dragged.add(listener);
      return () => dragged.delete(listener);
    },
    async exportTable(request, onProgress) {
      calls.push({ name: "table_export", request });
      await Promise.resolve();
      check("table_export");
      onProgress({ written: 5000, of: 200_000 });
      await wait(options.delay ?? 0);
      return {
        path: `/home/alex/Documents/interdict-${request.title.toLowerCase()}.${request.format}`,
        rows: 200_000,
        cancelled: false,
      };
    },
    onDataChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The fake for a plain browser, steered by the address: ?fake=first-run&delay=400&fail=overview_get&theme=dark. */
export function fakeFromAddress(search: string): FakeBackend {
  const params = new URLSearchParams(search);
  const fail: FakeOptions["fail"] = {};
  for (const name of params.getAll("fail")) {
    fail[name as keyof CommandMap] = {
      code: "store/locked",
      message: "The database is in use by another program.",
      hint: "Close the other program that has it open, then try again.",
      detail: "database is locked (5)",
    };
  }
  const theme = params.get("theme");
  const fake = createFake({
    scene: (params.get("fake") as Scene | null) ?? "sample",
    delay: Number(params.get("delay") ?? 0),
    auditStep: Number(params.get("step") ?? 350),
    importStep: Number(params.get("step") ?? 350),
    offered: params.has("open") ? fixture("import_choose").slice(Number(params.get("open"))) : [],
    fail,
  });
  if (theme === "light" || theme === "dark") void fake.call("settings_save", { profiles: null, theme });
  if (params.has("drag")) setTimeout(() => fake.drag({ kind: "enter", count: 2 }), 2000);
  return fake;
}
