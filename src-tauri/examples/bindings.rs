//! Writes what the front end is compiled and tested against: the TypeScript of the wire, and real replies.
//!
//! One argument: the folder that stands for the root of the repository. The replies are those to fixed questions over the
//! sample data and the built-in catalogue at a fixed instant, so that the same sources give the same bytes.

#![expect(clippy::disallowed_methods, reason = "it writes files")]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use interdict_app::collect::Scan;
use interdict_app::store::{BatchHeader, BatchTitle, Store};
use interdict_app::{Target, write_scan};
use interdict_desktop::bindings;
use interdict_desktop::desk::{Clock, Desk, Places};
use interdict_desktop::wire::{
    AppStatus, CatalogueChanges, CompareRequest, Context, FamilyRequest, FindingRequest, FindingsRequest, HoldersQuery,
    HoldersRequest, ImportDecideRequest, ImportDetail, ImportMapping, ImportPreviewRequest, ImportRequest, ImportRow,
    ImportStartRequest, InstalledRequest, JoinChoice, LogHead, MachineRequest, MachinesQuery, MachinesRequest, Nothing,
    OfferedFile, RemovalRequest, ReportWritten, RestrictionRequest, RowsWritten, SavedView, SavedViews, SearchReply,
    SearchRequest, SettingsPatch, SoftwareQuery, SoftwareRequest, VendorRequest, WireError,
};
use interdict_model::{
    CollectorReport, CollectorStatus, Day, Machine, Observation, ObservationSource, OperatingSystem, OsFamily,
    ProbesStamp, ScanHeader,
};
use serde::Serialize;

/// The fixed questions. `vendor` and `finding` are those of the founding case.
const PROFILES: [&str; 2] = ["us-federal-contractor", "us-private"];
const TODAY: &str = "2026-11-22";
const NOW: &str = "2026-11-22T12:00:00Z";
const VENDOR: &str = "kaspersky";
/// The restriction of the founding case.
const RESTRICTION: &str = "us-bis-icts-2024-kaspersky";
const FINDING: &str = "kaspersky.kes-win:live";
/// Where somebody's data is.
const HOME: &str = "/home/alex/.local/share/interdict";
/// The number and the hash of the newest entry of somebody's log.
const LOG_HEAD: (u32, &str) = (212, "5f1d7a84e9b2c03644ddf1a95c70e8b25f1d7a84e9b2c03644ddf1a95c70e8b2");
/// The machine and the product whose pages are kept.
const MACHINE: &str = "WS-FIN-007";
const FAMILY: &str = "product:kaspersky.kes-win";
/// How many rows a page of a long list has.
const PAGE: u32 = 100;
/// What is searched for, one after the other.
const SEARCHES: [&str; 8] = ["kaspersky", "acronis", "positive", "check point", "tikhonov", "ws-", "srv-", "list"];

fn main() -> ExitCode {
    let Some(root) = std::env::args_os().nth(1) else {
        return fail("name the folder that stands for the root of the repository");
    };
    match write_all(Path::new(&root)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

#[expect(clippy::print_stderr, reason = "a developer's command")]
fn fail(why: &str) -> ExitCode {
    eprintln!("generate: {why}");
    ExitCode::FAILURE
}

fn write_all(root: &Path) -> Result<(), Box<dyn Error>> {
    let ipc = root.join("ui/src/ipc");
    let fixtures = ipc.join("fixtures");
    fs::create_dir_all(&fixtures)?;
    fs::write(ipc.join("bindings.ts"), bindings::typescript())?;
    let scratch = std::env::temp_dir().join(format!("interdict-generate-{}", std::process::id()));
    let written = write_replies(&fixtures, &scratch);
    fs::remove_dir_all(&scratch)?;
    written
}

fn write_replies(folder: &Path, scratch: &Path) -> Result<(), Box<dyn Error>> {
    let desk = desk(scratch)?;
    let profiles = PROFILES.map(str::to_owned).to_vec();
    let context = Context { profiles: profiles.clone(), as_of: TODAY.to_owned() };
    asked(desk.settings_save(&SettingsPatch { profiles: Some(profiles), theme: None }))?;
    let status = at_home(asked(desk.sample_open())?);
    tell_without_machine(&scratch.join("sample.db"))?;
    put(folder, "app_status", &status)?;
    put(folder, "overview_get", &asked(desk.overview_get(&context))?)?;
    let findings = FindingsRequest { context: context.clone(), machine: None };
    put(folder, "findings_list", &asked(desk.findings_list(&findings))?)?;
    let finding = FindingRequest { context: context.clone(), id: FINDING.to_owned() };
    put(folder, "finding_get", &asked(desk.finding_get(&finding))?)?;
    write_inventory(folder, &desk, &context)?;
    put(folder, "vendors_list", &asked(desk.vendors_list(&context))?)?;
    put(folder, "restrictions_list", &asked(desk.restrictions_list(&context))?)?;
    let restriction = RestrictionRequest { context: context.clone(), id: RESTRICTION.to_owned() };
    put(folder, "restriction_get", &asked(desk.restriction_get(&restriction))?)?;
    let other = other_catalogue(scratch)?;
    let changes = CatalogueChanges {
        path: "/home/alex/catalogue/restrictions/us/us-bis-icts-2024-kaspersky.md".to_owned(),
        ..asked(desk.catalogue_compare(&context, &other))?
    };
    put(folder, "catalogue_compare", &changes)?;
    put(folder, "watch_get", &asked(desk.watch_get())?)?;
    let vendor = VendorRequest { context, id: VENDOR.to_owned() };
    put(folder, "vendor_get", &asked(desk.vendor_get(&vendor))?)?;
    put(folder, "search_find", &searched(&desk)?)?;
    put(
        folder,
        "report_write",
        &ReportWritten { path: format!("{HOME}/reports/interdict-audit-2026-11-22T120000Z.html") },
    )?;
    // Last, since it goes back to the person's own data.
    write_imports(folder, scratch, &desk)
}

/// A list of software as somebody's tool writes it, with a row that is none and one that names no software.
const APPLICATIONS: &str = "Computer;Software;Version;Publisher;Installed on;Last user;Cost centre
WS-FIN-014;Kaspersky Endpoint Security for Windows;12.1.0.506;AO Kaspersky Lab;05/03/2024;m.ortiz;4410
WS-FIN-014;7-Zip 24.08 (x64);24.08;Igor Pavlov;19/08/2024;m.ortiz;4410
WS-FIN-014;Mozilla Firefox (x64 de);131.0.3;Mozilla;14/10/2024;m.ortiz;4410
WS-HR-031;HiSuite;14.0.0.320;Huawei Technologies Co., Ltd.;11/01/2024;t.lindqvist;4420
WS-HR-031;Яндекс.Браузер;24.10.1.669;ООО «ЯНДЕКС»;02/11/2024;t.lindqvist;4420
WS-HR-031;Microsoft Edge;130.0.2849.56;Microsoft Corporation;25/10/2024;t.lindqvist;4420
WS-ENG-207;iVMS-4200(V3.11.1.6);3.11.1.6;Hangzhou Hikvision Digital Technology Co., Ltd.;30/05/2024;a.novak;4431
WS-ENG-207;WPS Office (12.2.0.18283);12.2.0.18283;Kingsoft Corp.;21/06/2024;a.novak;4431
WS-ENG-207;Notepad++;8.7;Notepad++ Team;broken;row;4431;too;many
WS-OPS-118;;;;;p.okafor;4440
SRV-CCTV-01;SmartPSS;2.003.0000004.0;Dahua;17/02/2023;;4450
SRV-CCTV-01;=cmd;1.0;Unknown;17/02/2023;;4450;one more
";

/// A list whose titles say nothing.
const LIST: &str = "Kasten;Was;Stand;Von wem;Seit
BUERO-01;Kaspersky Endpoint Security;12.4;AO Kaspersky Lab;05/03/2024
BUERO-02;LibreOffice 24.8;24.8.2.1;The Document Foundation;17/09/2024
";

/// Everything around imports, on the person's own data: a scan, a log, a list that is looked at and taken, one undone.
fn write_imports(folder: &Path, scratch: &Path, desk: &Desk) -> Result<(), Box<dyn Error>> {
    let files = [
        ("scan.jsonl", fs::read_to_string(scan_file(scratch)?)?),
        ("osquery-results.log", osquery_log()),
        ("old-list.csv", APPLICATIONS.split_inclusive('\n').take(4).collect()),
        ("software-2026-11.csv", APPLICATIONS.to_owned()),
        ("liste.csv", LIST.to_owned()),
    ];
    for (name, text) in &files {
        fs::write(scratch.join(name), text)?;
        desk.offer([scratch.join(name)]);
    }
    let mut offered = asked(desk.import_offered())?;
    offered.iter_mut().for_each(downloaded);
    // Of two files somebody chose, the first is read unasked and the second is not.
    let [.., list, unsure] = offered.as_slice() else { return Err("there are five files".into()) };
    put(folder, "import_choose", &[list, unsure])?;
    put(folder, "import_formats", &asked(desk.import_formats())?)?;
    let look = |file: &OfferedFile, mapping| {
        let mut preview = asked(desk.import_preview(&ImportPreviewRequest { file: file.id, format: None, mapping }))?;
        downloaded(&mut preview.file);
        Ok::<_, Box<dyn Error>>(preview)
    };
    put(folder, "import_preview", &look(list, None)?)?;
    let unknown = look(unsure, None)?;
    put(folder, "import_preview.unsure", &unknown)?;
    let columns = [("device_name", "Kasten"), ("name", "Was"), ("version", "Stand"), ("publisher", "Von wem")];
    let columns = columns.map(|(field, title)| (field.to_owned(), title.to_owned())).into();
    let mapping = unknown.mapping.map(|mapping| ImportMapping { columns, ..mapping });
    put(folder, "import_preview.mapped", &look(unsure, mapping)?)?;
    let take = |file: &OfferedFile| {
        let id = file.name.clone();
        asked(desk.import_start(&ImportStartRequest { id, file: file.id, format: None, mapping: None }, &|_| {}))
    };
    let mut taken = Vec::new();
    for file in offered.iter().take(4) {
        let mut result = take(file)?;
        if let Some(import) = &mut result.import {
            at_noon(&mut import.row);
            told_at_noon(import);
            if file.name == "old-list.csv" {
                put(folder, "import_undo", &asked(desk.import_undo(&ImportRequest { number: import.row.number }))?)?;
            }
        }
        taken.push(result);
    }
    let newest = taken.last().ok_or("nothing was taken")?;
    put(folder, "import_start", newest)?;
    put(folder, "import_get", newest.import.as_ref().ok_or("nothing was kept")?)?;
    let mut list = asked(desk.imports_list())?;
    list.rows.iter_mut().for_each(at_noon);
    put(folder, "imports_list", &list)?;
    let path = format!("{HOME}/reports/interdict-import-4-rejects-2026-11-22T120000Z.csv");
    put(folder, "import_rejects_save", &RowsWritten { path, rows: 2 })?;
    write_namesake(folder, scratch, desk)
}

/// A server of a name that another one has, by its UUID: what is asked about the two, and what making them one would do.
fn write_namesake(folder: &Path, scratch: &Path, desk: &Desk) -> Result<(), Box<dyn Error>> {
    let rows = "Computer;UUID;Serial number;Operating system;Software;Version;Publisher
SRV-APP-09;4C4C4544-0051-4710-8036-D8D04F5A3433;J7Q4T63;Windows Server 2022 Standard;1C:Enterprise 8 (8.3.24.1467);8.3.24.1467;1C-Soft
SRV-APP-09;4C4C4544-0051-4710-8036-D8D04F5A3433;J7Q4T63;Windows Server 2022 Standard;7-Zip 24.08 (x64);24.08;Igor Pavlov
";
    let file = scratch.join("servers.csv");
    fs::write(&file, rows)?;
    desk.offer([file]);
    let [.., offered] = &asked(desk.import_offered())?[..] else { return Err("a file was put there".into()) };
    let start = ImportStartRequest { id: "servers".to_owned(), file: offered.id, format: None, mapping: None };
    let mut import = asked(desk.import_start(&start, &|_| {}))?.import.ok_or("it was imported")?;
    at_noon(&mut import.row);
    told_at_noon(&mut import);
    put(folder, "import_get.namesake", &import)?;
    let review = import.reviews.first().ok_or("it is worth a look")?;
    let machine = review.candidates.first().and_then(|each| each.side.id.clone()).ok_or("it has a namesake")?;
    let (number, told, choice) = (import.row.number, review.told.clone(), JoinChoice::Same);
    let request = ImportDecideRequest { number, told, machine, choice, trial: true };
    put(folder, "import_decide", &asked(desk.import_decide(&request))?)
}

/// Two machines as osquery's log tells of them.
fn osquery_log() -> String {
    let row = |host: &str, uuid: &str, name: &str, version: &str, publisher: &str| {
        let columns = serde_json::json!({ "name": name, "version": version, "publisher": publisher });
        let decorations = serde_json::json!({ "host_uuid": uuid, "hostname": host });
        let row = serde_json::json!({
            "hostIdentifier": uuid, "unixTime": 1_795_300_000, "action": "added",
            "columns": columns, "decorations": decorations,
        });
        format!("{row}\n")
    };
    let (first, second) = ("4C4C4544-0042-3510-8058-B4C04F4D3332", "4C4C4544-0051-4710-8036-C7C04F5A3433");
    row("WS-FIN-014", first, "Kaspersky Endpoint Security for Windows", "12.1.0.506", "AO Kaspersky Lab")
        + &row("WS-FIN-014", first, "Google Chrome", "130.0.6723.92", "Google LLC")
        + &row("SRV-APP-09", second, "1C:Enterprise 8 (8.3.24.1467)", "8.3.24.1467", "1C-Soft")
}

/// A file as it lies in somebody's home.
fn downloaded(file: &mut OfferedFile) {
    "/home/alex/Downloads".clone_into(&mut file.folder);
}

/// Instants are those of the clock; here every import was at noon, one day after the other.
fn at_noon(row: &mut ImportRow) {
    row.imported = format!("2026-11-{:02}T12:00:00Z", 17 + row.number);
    row.undone = row.undone.as_ref().map(|_| format!("2026-11-{:02}T12:04:00Z", 17 + row.number));
}

/// What an export tells of without a date is of when it was imported.
fn told_at_noon(import: &mut ImportDetail) {
    for review in &mut import.reviews {
        review.device.last_seen.clone_from(&import.row.imported);
    }
}

/// Name, version, publisher, and on how many machines.
type Told = (&'static str, &'static str, &'static str, Option<u64>);

/// What two lists tell of without a machine, by format and file: of what machines have, too, and of what none has.
const WITHOUT_MACHINE: [(&str, &str, &[Told]); 2] = [
    (
        "intune-aggregate",
        "AppInvAggregate_2026-11-20.csv",
        &[
            ("Kaspersky Endpoint Security for Windows", "12.8.0.505", "AO Kaspersky Lab", Some(17)),
            ("Kaspersky Endpoint Security for Windows", "9.2.0.520", "AO Kaspersky Lab", Some(2)),
            ("Kaspersky Password Manager", "24.2.0.427", "AO Kaspersky Lab", Some(4)),
            ("Microsoft Edge", "131.0.2903.51", "Microsoft Corporation", Some(212)),
            ("AnyDesk", "ad 9.0.1", "AnyDesk Software GmbH", Some(3)),
            ("Zebra Setup Utilities", "1.1.9.1325", "Zebra Technologies", Some(6)),
        ],
    ),
    (
        "snipe-it",
        "licences.csv",
        &[
            ("Kaspersky Endpoint Security for Business Select", "", "Kaspersky", None),
            ("Adobe Acrobat Pro", "", "Adobe Inc.", None),
        ],
    ),
];

fn tell_without_machine(database: &Path) -> Result<(), Box<dyn Error>> {
    let mut store = Store::open(database, NOW)?;
    for (format, file, titles) in WITHOUT_MACHINE {
        let header = BatchHeader {
            file: file.to_owned(),
            sha256: file.to_owned(),
            bytes: 1,
            format: format.to_owned(),
            encoding: None,
            layers: Vec::new(),
            made: None,
            imported: "2026-11-20T08:15:00Z".to_owned(),
            keeps_days: None,
        };
        let mut batch = store.begin_batch(&header)?;
        for &(name, version, publisher, devices) in titles {
            let mut observation = Observation::new(ObservationSource::Import);
            observation.name = Some(name.to_owned());
            observation.version = Some(version.to_owned()).filter(|version| !version.is_empty());
            observation.publisher = Some(publisher.to_owned());
            batch.title(&BatchTitle { observation, devices })?;
        }
        batch.finish(0, 0, &[])?;
    }
    Ok(())
}

/// Machines.
fn write_inventory(folder: &Path, desk: &Desk, context: &Context) -> Result<(), Box<dyn Error>> {
    let query = MachinesQuery {
        text: String::new(),
        systems: Vec::new(),
        tiers: Vec::new(),
        seen: Vec::new(),
        told_by: Vec::new(),
        without: Vec::new(),
        answers: Vec::new(),
        sort: "tier".to_owned(),
        descending: false,
    };
    let request = MachinesRequest { context: context.clone(), query, offset: 0, limit: PAGE };
    put(folder, "machines_list", &asked(desk.machines_list(&request))?)?;
    let machines = request.query;
    let request = MachineRequest { context: context.clone(), id: MACHINE.to_owned() };
    let detail = asked(desk.machine_get(&request))?;
    let request = InstalledRequest {
        context: context.clone(),
        id: detail.row.id.clone(),
        text: String::new(),
        sort: "name".to_owned(),
        descending: false,
        offset: 0,
        limit: PAGE,
    };
    put(folder, "machine_get", &detail)?;
    if let [newest, .., first] = detail.scans.as_slice() {
        let (since, until) = (first.id, newest.id);
        let request = CompareRequest { context: context.clone(), id: detail.row.id.clone(), since, until };
        put(folder, "machine_compare", &asked(desk.machine_compare(&request))?)?;
    }
    if let Some(each) = detail.removable.first() {
        let request = RemovalRequest { id: detail.row.id.clone(), subject: each.subject.clone() };
        put(folder, "removal_check", &asked(desk.removal_check(&request))?)?;
    }
    put(folder, "machine_software", &asked(desk.machine_software(&request))?)?;
    let query = SoftwareQuery {
        text: String::new(),
        publisher: None,
        vendor: None,
        sources: Vec::new(),
        tiers: Vec::new(),
        identified: None,
        whereabouts: None,
        sort: "tier".to_owned(),
        descending: false,
    };
    let request = SoftwareRequest { context: context.clone(), query, offset: 0, limit: PAGE };
    put(folder, "software_list", &asked(desk.software_list(&request))?)?;
    let request = FamilyRequest { context: context.clone(), id: FAMILY.to_owned() };
    put(folder, "software_get", &asked(desk.software_get(&request))?)?;
    let query = HoldersQuery { family: FAMILY.to_owned(), versions: Vec::new(), has: true, machines };
    let request = HoldersRequest { context: context.clone(), query, offset: 0, limit: PAGE };
    put(folder, "holders_list", &asked(desk.holders_list(&request))?)?;
    put(folder, "table_export_cancel", &Nothing {})?;
    put(folder, "folder_show", &Nothing {})?;
    let view = SavedView {
        list: "software".to_owned(),
        name: "Not recognised".to_owned(),
        search: "known=no&sort=-machines".to_owned(),
    };
    put(folder, "views_list", &SavedViews { views: vec![view] })
}

/// Our restriction with the ban on updates half a month later, as a file of another catalogue.
fn other_catalogue(scratch: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let name = format!("restrictions/us/{RESTRICTION}.md");
    let files = interdict_app::catalogue::builtin_files();
    let file = files.iter().find(|file| file.path == name).ok_or("the restriction has no file")?;
    let path = scratch.join("catalogue").join(&name);
    fs::create_dir_all(path.parent().ok_or("no folder")?)?;
    fs::write(&path, file.text.replace("2024-09-29", "2024-10-15"))?;
    Ok(path)
}

/// A scan file of one machine with one package.
fn scan_file(scratch: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let report = |name: &str, status, reason: Option<&str>, count| CollectorReport {
        name: name.to_owned(),
        status,
        reason: reason.map(str::to_owned),
        count,
    };
    let os = OperatingSystem { family: OsFamily::Linux, name: "Debian GNU/Linux".to_owned(), version: "12".to_owned() };
    let machine = Machine {
        id: "0123456789abcdef0123456789abcdef".to_owned(),
        hostname: "build-07".to_owned(),
        os,
        arch: "amd64".to_owned(),
    };
    let header = ScanHeader {
        swept: Vec::new(),
        read_as: Some("root".to_owned()),
        schema: ScanHeader::SCHEMA.to_owned(),
        machine,
        started: NOW.to_owned(),
        probes: ProbesStamp { catalogue_version: "2026.47".to_owned(), count: 1 },
        collectors: vec![
            report("linux/dpkg", CollectorStatus::Complete, None, 1),
            report(
                "linux/processes",
                CollectorStatus::Partial,
                Some("the executables of 61 processes of other users may not be read"),
                0,
            ),
        ],
        tool_version: "0.1.0".to_owned(),
    };
    let mut package = Observation::new(ObservationSource::DebPackages);
    package.name = Some("kesl".to_owned());
    package.version = Some("12.1.0-1508".to_owned());
    let path = scratch.join("scan.jsonl");
    write_scan(&Scan { header, observations: vec![package], diagnostics: Vec::new() }, fs::File::create(&path)?)?;
    Ok(path)
}

/// A desk with a database of its own that goes away.
fn desk(scratch: &Path) -> Result<Desk, Box<dyn Error>> {
    fs::create_dir_all(scratch)?;
    let place = |name: &str| -> PathBuf { scratch.join(name) };
    let clock = Clock { now: || NOW.to_owned(), today };
    let places = Places {
        main: Ok(place("main.db")),
        sample: Ok(place("sample.db")),
        reports: Ok(place("reports")),
        exports: None,
    };
    Ok(Desk::new(clock, places, Target::ThisComputer))
}

fn today() -> Day {
    Day::new(2026, 11, 22).unwrap_or_else(interdict_app::today)
}

/// The status as it is in somebody's home, instead of in a scratch folder.
fn at_home(mut status: AppStatus) -> AppStatus {
    status.database.path = format!("{HOME}/sample.db");
    // Of another log, or every change of what an entry says would be one of the replies too.
    status.database.log_head =
        Some(LogHead { short: format!("{}:{}", LOG_HEAD.0, &LOG_HEAD.1[..12]), hash: LOG_HEAD.1.to_owned() });
    status
}

/// The finds of several searches, each thing once.
fn searched(desk: &Desk) -> Result<SearchReply, Box<dyn Error>> {
    let mut items = Vec::new();
    for query in SEARCHES {
        for item in asked(desk.search_find(&SearchRequest { query: query.to_owned() }))?.items {
            if !items.contains(&item) {
                items.push(item);
            }
        }
    }
    Ok(SearchReply { items })
}

fn asked<T>(answer: Result<T, WireError>) -> Result<T, Box<dyn Error>> {
    answer.map_err(|error| format!("{}: {}", error.code, error.message).into())
}

/// Writes a reply as JSON, indented, with a newline at the end.
fn put(folder: &Path, command: &str, reply: &impl Serialize) -> Result<(), Box<dyn Error>> {
    Ok(fs::write(folder.join(format!("{command}.json")), format!("{}\n", serde_json::to_string_pretty(reply)?))?)
}
