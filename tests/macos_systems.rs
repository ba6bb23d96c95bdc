//! Prepared macOS disks, from the scan to what is said of their products: which are there, and how much of them.

#![expect(clippy::disallowed_methods, reason = "the prepared systems are files")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use interdict_app::collect::{Request, RootedHost, Scan, scan};
use interdict_app::identify::{Identifier, consolidate};
use interdict_app::probes;
use interdict_catalogue::builtin;
use interdict_model::{CollectorStatus, Detection, OsFamily};
use interdict_tests::prepared_macos;

fn written(name: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder");
    prepared_macos::write(name, root.path()).expect("written");
    root
}

fn scanned(root: &Path) -> (Scan, Vec<String>) {
    let host = RootedHost::open(root).expect("a folder");
    let catalogue = builtin().0;
    let probes = probes(&catalogue);
    let started = "2026-11-22T00:00:00Z".to_owned();
    let scan = scan(&host, &Request::of(&probes), started, "0.1.0", &mut |_| {}).expect("not cancelled");
    let detections = consolidate(&Identifier::new(&catalogue), &scan.observations);
    let product = |one: &Detection| one.product.as_ref().map_or_else(|| one.vendor.to_string(), ToString::to_string);
    let found = detections.iter().map(|one| format!("{} {}", product(one), one.presence)).collect();
    (scan, found)
}

/// The collectors that did not read everything, but for those that need a running system.
fn shortfalls(scan: &Scan) -> Vec<String> {
    let reports = scan.header.collectors.iter().filter(|report| report.name != "macos/processes");
    let incomplete = reports.filter(|report| report.status != CollectorStatus::Complete);
    incomplete.map(|report| format!("{}: {}", report.name, report.reason.clone().unwrap_or_default())).collect()
}

#[test]
fn what_is_there_is_told_from_what_is_left() {
    for (name, expected) in [
        ("kaspersky", &["kaspersky.kis-mac live"][..]),
        ("binary", &["kaspersky.kis-mac live"]),
        // Dragged to the Trash: the product cannot start any more, its system extension runs on.
        ("trashed", &["kaspersky live", "kaspersky.kis-mac residue"]),
        ("removed-until-restart", &["kaspersky.kis-mac residue"]),
        ("receipt-only", &["kaspersky.kis-mac ghost"]),
        ("rule-only", &["kaspersky residue"]),
    ] {
        let (scan, found) = scanned(written(name).path());
        assert_eq!(found, expected, "{name}");
        assert_eq!(shortfalls(&scan), Vec::<String>::new(), "{name}");
        let machine = &scan.header.machine;
        assert_eq!((machine.os.family, machine.os.version.as_str()), (OsFamily::Macos, "14.6.1"), "{name}");
        assert_eq!(machine.hostname, "mac-01.example", "{name}");
    }
}

#[test]
fn binary_property_lists_say_the_same() {
    assert_eq!(scanned(written("binary").path()).0.observations, scanned(written("kaspersky").path()).0.observations);
}

#[test]
fn a_data_volume_by_itself_is_enough() {
    let root = written("kaspersky");
    let of_whole = scanned(root.path()).1;
    fs::remove_dir_all(root.path().join("System")).expect("removed");
    fs::remove_file(root.path().join("var")).expect("removed");
    let (scan, found) = scanned(root.path());
    assert_eq!((found, shortfalls(&scan)), (of_whole, Vec::new()));
    assert_eq!(scan.header.machine.hostname, "mac-01.example");
}

#[test]
fn a_data_volume_within_the_systems_is_found() {
    let root = written("kaspersky");
    let of_whole = scanned(root.path()).1;
    let data = root.path().join("System/Volumes/Data");
    fs::create_dir_all(&data).expect("made");
    for folder in ["Applications", "Library", "Users", "private"] {
        if root.path().join(folder).exists() {
            fs::rename(root.path().join(folder), data.join(folder)).expect("moved");
            fs::create_dir(root.path().join(folder)).expect("made");
        }
    }
    let (scan, found) = scanned(root.path());
    assert_eq!((found, shortfalls(&scan)), (of_whole, Vec::new()));
}

/// The system's volume holds nothing that was installed, which is not to say that nothing was.
#[test]
fn the_systems_volume_by_itself_is_never_clean() {
    let root = written("kaspersky");
    for folder in ["Applications", "Library", "Users", "private"] {
        fs::remove_dir_all(root.path().join(folder)).ok();
    }
    let (scan, found) = scanned(root.path());
    assert_eq!(found, Vec::<String>::new());
    let shortfalls = shortfalls(&scan);
    let said = |shortfall: &&String| shortfall.contains("only the system's volume is mounted");
    let all = scan.header.collectors.iter().filter(|report| report.name != "macos/processes").count();
    assert_eq!(shortfalls.iter().filter(said).count(), all, "{shortfalls:?}");
}
