//! The report as a file, and held against every detection looked at one by one.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use interdict_model::{
    CollectorReport, CollectorStatus, Fault as _, Machine, OperatingSystem, OsFamily, Presence, ProbesStamp, ProductId,
    ScanHeader, VendorId,
};
use interdict_report::{MOST_MACHINES, MOST_NAMED};
use interdict_store::DetectionFilter;

use super::*;
use crate::audit::{ScanOptions, Target};
use crate::findings::Finding;
use crate::inventory::Inventory;

const MADE_AT: &str = "2026-11-22T09:30:00.000Z";

/// A database with one audited machine, and the folder that the machine lies in.
fn audited() -> (tempfile::TempDir, Workbench, Store, Circumstances) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    let status = "Package: kesl\nStatus: install ok installed\nMaintainer: AO Kaspersky Lab <support@kaspersky.com>\n\
         Architecture: amd64\nVersion: 12.1.0-1508\nDescription: x\n\n";
    let files = [
        ("etc/os-release", "NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_ID=\"12\"\n"),
        ("etc/hostname", "ws-fin-014\n"),
        ("etc/machine-id", "6d0c9f6a7c3b4e59a1f2d3c4b5a69788\n"),
        ("var/lib/dpkg/status", status),
    ];
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let workbench = Workbench::builtin().unwrap();
    let mut store = Store::open_in_memory().unwrap();
    workbench.audit(&mut store, &Target::Root(root), &ScanOptions::default(), &mut |_| {}, &|| false).unwrap();
    let as_of = Day::new(2024, 10, 1).unwrap();
    let circumstances = workbench.circumstances(&["us-private".to_owned()], as_of).unwrap();
    (folder, workbench, store, circumstances)
}

#[test]
fn a_report_is_written_whole_private_and_over_an_older_one() {
    let (folder, workbench, store, circumstances) = audited();
    let path = folder.path().join("new/reports/audit.html");
    for _ in 0..2 {
        let profiles = ["us-private".to_owned()];
        workbench.write_report(&store, &circumstances, &profiles, None, MADE_AT, &path).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.ends_with("</html>\n"));
        let head = store.log_head().unwrap().unwrap();
        assert!(text.contains(&head.to_string()) && text.contains(&head.hash), "{head}");
        for words in ["ws-fin-014", "Kaspersky Endpoint Security for Linux", "us-private", "89 FR 52434", "29 Sep 2024"]
        {
            assert!(text.contains(words), "{words}");
        }
        let names: Vec<_> =
            fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["audit.html"]);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn an_unknown_machine_or_profile_and_a_place_that_cannot_be_written_are_errors() {
    let (folder, workbench, store, circumstances) = audited();
    let write = |profile: &str, machine: Option<&str>, path: PathBuf| {
        let profiles = [profile.to_owned()];
        let written = workbench.write_report(&store, &circumstances, &profiles, machine, MADE_AT, &path);
        (written.map_err(|error| error.code()), path.is_file())
    };
    let file = |name: &str| folder.path().join(name);
    fs::write(file("a-file"), "").unwrap();
    assert_eq!(write("us-private", Some("nobody"), file("a.html")), (Err("app/unknown-id"), false));
    assert_eq!(write("us-privat", None, file("b.html")), (Err("app/unknown-id"), false));
    assert_eq!(write("us-private", None, file("a-file/c.html")), (Err("app/file"), false));
    assert_eq!(write("us-private", None, folder.path().to_owned()), (Err("app/file"), false));
    let id = store.machines().unwrap()[0].machine.id.clone();
    assert_eq!(write("us-private", Some(&id), file("d.html")), (Ok(()), true));
}

#[test]
fn the_headlines_of_the_report_are_those_of_the_inventory() {
    let (_folder, workbench, store, circumstances) = audited();
    let inventory = workbench.inventory(&store, &circumstances).unwrap();
    let report = report(&workbench, &store, &circumstances, None);
    assert_eq!(report.findings.len(), inventory.spoken_of().count());
    for (view, finding) in report.findings.iter().zip(inventory.spoken_of()) {
        assert_eq!((&view.id, view.installed), (&finding.id, finding.tier()));
        assert_eq!(view.answers.len(), Activity::ALL.len());
        for answer in &view.answers {
            let reasons = view.instruments.iter().flat_map(|instrument| &instrument.lines);
            let worst = reasons
                .filter(|line| line.activities.contains(&answer.activity))
                .fold(Tier::None, |worst, line| worst.worst(line.tier));
            assert_eq!(worst, answer.tier, "{}", answer.activity);
        }
    }
    // What some collector reads, and what its system does not have, is not said to be unread.
    let unread: Vec<&str> = report.coverage.unread.iter().flat_map(|one| &one.classes).map(String::as_str).collect();
    assert!(!unread.iter().any(|kind| ["Debian package", "Uninstall entry"].contains(kind)), "{unread:?}");
}

fn report(workbench: &Workbench, store: &Store, circumstances: &Circumstances, machine: Option<&str>) -> AuditReport {
    workbench.audit_report(store, circumstances, &["us-private".to_owned()], machine, MADE_AT).unwrap()
}

#[test]
fn what_is_counted_from_sets_is_what_every_detection_comes_to() {
    let workbench = Workbench::builtin().unwrap();
    let mut store = Store::open_in_memory().unwrap();
    workbench.build_sample(&mut store, "2026-11-22T12:00:00Z").unwrap();
    for (profile, day) in [("us-private", "2024-09-29"), ("us-private", "2026-11-22"), ("research", "2026-11-22")] {
        let circumstances = workbench.circumstances(&[profile.to_owned()], day.parse().unwrap()).unwrap();
        let inventory = workbench.inventory(&store, &circumstances).unwrap();
        let fleet = report(&workbench, &store, &circumstances, None);
        assert_eq!(fleet.fleet.installations, store.totals().unwrap().installations);
        compare(&fleet, &inventory);
        for machine in &inventory.machines {
            let id = machine.machine.id.as_str();
            let one = report(&workbench, &store, &circumstances, Some(id));
            assert_eq!(one.coverage.collectors.len(), machine.collectors.len());
            let filter = DetectionFilter { machine_id: Some(id.to_owned()), ..DetectionFilter::default() };
            let findings = workbench.findings_of(store.detections(&filter).unwrap(), &circumstances);
            compare(&one, &Inventory { findings, machines: vec![machine.clone()] });
        }
    }
}

fn compare(report: &AuditReport, inventory: &Inventory) {
    let attention = inventory.spoken_of().filter(|finding| finding.needs_attention());
    assert_eq!(report.fleet.attention, machines_of(attention));
    for tier in Tier::ALL {
        let plain = machines_of(inventory.spoken_of().filter(|finding| finding.tier() == *tier));
        assert_eq!(report.fleet.by_tier.get(tier).copied().unwrap_or_default(), plain, "{tier}");
    }
    let standings: BTreeMap<&str, (usize, Tier)> = inventory
        .machine_standings()
        .iter()
        .map(|one| (one.machine.machine.id.as_str(), (one.findings.len(), one.tier)))
        .collect();
    let rows = inventory.machines.iter().map(|row| (row.machine.id.as_str(), standings[row.machine.id.as_str()]));
    let told = report.machines.iter().map(|row| (row.id.as_str(), (row.findings, row.worst)));
    assert_eq!(told.collect::<Vec<_>>(), rows.collect::<Vec<_>>(), "by host name");
    assert_eq!(report.fleet.machines, inventory.machines.len());
    let recognised = inventory.findings.iter().filter(|finding| !finding.is_spoken_of());
    assert_eq!(report.findings.len(), inventory.spoken_of().count());
    assert_eq!(report.recognised.len(), recognised.clone().count());
    for (view, finding) in report.findings.iter().zip(inventory.spoken_of()) {
        assert_eq!((&view.versions, view.machines), (&versions_of(finding), finding.machine_count()), "{}", view.id);
        let mut rows: Vec<&DetectionRow> = finding.rows.iter().collect();
        rows.sort_by_key(|row| (row.hostname.to_ascii_lowercase(), row.machine_id.clone()));
        assert_eq!(machines_in_order(&view.places, &rows), rows.len(), "{}", view.id);
    }
    for (view, finding) in report.recognised.iter().zip(recognised) {
        assert_eq!((&view.versions, view.machines), (&versions_of(finding), finding.machine_count()));
    }
}

/// How many machines the places tell, each with what was found there.
fn machines_in_order(places: &[PlaceView], rows: &[&DetectionRow]) -> usize {
    let mut told = 0;
    for place in places {
        let alike: Vec<&&DetectionRow> = rows
            .iter()
            .filter(|row| row.detection.version == place.version)
            .filter(|row| row.detection.evidence.iter().map(evidence_view).eq(place.evidence.iter().cloned()))
            .collect();
        let seen = |row: &&&DetectionRow| (row.machine_id.clone(), row.first_seen.clone(), row.last_seen.clone());
        let told_of =
            place.machines.iter().map(|one| (one.machine.clone(), one.first_seen.clone(), one.last_seen.clone()));
        assert_eq!(told_of.collect::<Vec<_>>(), alike.iter().map(seen).collect::<Vec<_>>());
        told += alike.len();
    }
    told
}

fn machines_of<'f>(findings: impl Iterator<Item = &'f Finding>) -> usize {
    findings.flat_map(|finding| &finding.rows).map(|row| row.machine_id.as_str()).collect::<BTreeSet<_>>().len()
}

fn versions_of(finding: &Finding) -> Vec<String> {
    each_version(finding.rows.iter().filter_map(|row| row.detection.version.as_deref()))
}

/// How many machines there are of which only the worst have a row, and how many of those have what was found.
const LARGE: usize = MOST_MACHINES + 100;
const FOUND: usize = MOST_PLACES + 300;

/// A fleet in which only the machines towards the end have anything.
fn record_large_fleet(store: &mut Store) {
    let os = OperatingSystem { family: OsFamily::Linux, name: "Debian".to_owned(), version: "13".to_owned() };
    for number in 0..LARGE {
        let name = format!("ws-{number:05}");
        let header = ScanHeader {
            swept: Vec::new(),
            read_as: None,
            schema: ScanHeader::SCHEMA.to_owned(),
            machine: Machine { id: name.clone(), hostname: name, os: os.clone(), arch: String::new() },
            started: "2026-10-01T08:00:00Z".to_owned(),
            probes: ProbesStamp { catalogue_version: "2026.11".to_owned(), count: 1 },
            collectors: vec![CollectorReport {
                name: "linux/dpkg".to_owned(),
                status: CollectorStatus::Partial,
                reason: Some("cut short".to_owned()),
                count: 2,
            }],
            tool_version: "0.1.0".to_owned(),
        };
        let found = Detection {
            vendor: VendorId::new("kaspersky"),
            product: Some(ProductId::new("kaspersky.kes-linux")),
            // Every tenth machine differs, and so does the last.
            version: Some(if number + 1 == LARGE {
                "99".to_owned()
            } else {
                format!("12.{}", u8::from(number % 10 == 0))
            }),
            presence: Presence::Live,
            confidence: 0.9,
            evidence: Vec::new(),
        };
        let found = if number < LARGE - FOUND { Vec::new() } else { vec![found] };
        store.record_scan(&header, &header.started, "a test", &[], &[], &found).unwrap();
    }
}

#[test]
fn of_a_large_fleet_only_what_is_told_is_read_and_all_of_it_is_counted() {
    let workbench = Workbench::builtin().unwrap();
    assert!(workbench.catalogue().product(&ProductId::new("kaspersky.kes-linux")).is_some());
    let mut store = Store::open_in_memory().unwrap();
    record_large_fleet(&mut store);
    let circumstances = workbench.circumstances(&["us-private".to_owned()], "2026-11-22".parse().unwrap()).unwrap();
    let report = report(&workbench, &store, &circumstances, None);
    assert_eq!((report.fleet.machines, report.fleet.attention, report.machines.len()), (LARGE, FOUND, MOST_MACHINES));
    let rows: Vec<(&str, usize)> = report.machines.iter().map(|row| (row.hostname.as_str(), row.findings)).collect();
    assert_eq!(rows[0], ("ws-00800", 1), "the worst come first, by host name");
    assert_eq!((rows[FOUND - 1], rows[FOUND]), (("ws-02099", 1), ("ws-00000", 0)));
    let [finding] = report.findings.as_slice() else { panic!("{} findings", report.findings.len()) };
    assert_eq!(
        (finding.machines, finding.versions.as_slice()),
        (FOUND, &["12.0", "12.1", "99"].map(str::to_owned)[..])
    );
    let places: Vec<(Option<&str>, usize)> =
        finding.places.iter().map(|place| (place.version.as_deref(), place.machines.len())).collect();
    assert_eq!(places, [(Some("12.1"), MOST_PLACES / 10), (Some("12.0"), MOST_PLACES - MOST_PLACES / 10)]);
    let [collector] = report.coverage.collectors.as_slice() else { panic!("they fared alike") };
    assert_eq!((collector.count, collector.machines.count), (2 * LARGE, LARGE));
    assert_eq!(collector.machines.first.len(), MOST_NAMED);
}
