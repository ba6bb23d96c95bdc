//! Prepared Windows systems, from the scan to what is said of their products: which are there, and how much of them.
//!
//! Each system is a folder of `fixtures/windows`, named for the one thing that makes it hard: a registry export and a list
//! of files. Here they are held in memory; that hive files and a mounted disk give the same is tested elsewhere.

#![expect(clippy::disallowed_methods, reason = "the prepared systems are files")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::path::Path;

use interdict_app::collect::{FixtureHost, Request, Scan, scan};
use interdict_app::identify::{Identifier, consolidate};
use interdict_app::probes;
use interdict_catalogue::builtin;
use interdict_model::{CollectorStatus, Detection, ObservationSource, Scope};

fn system(name: &str) -> FixtureHost {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/windows").join(name);
    let text = |file: &str| std::fs::read_to_string(folder.join(file)).expect("a prepared system");
    FixtureHost::windows_from(&text("machine.reg"), &text("files.txt"))
}

fn scanned(host: &FixtureHost) -> (Scan, Vec<Detection>) {
    let catalogue = builtin().0;
    let probes = probes(&catalogue);
    let started = "2026-11-22T00:00:00Z".to_owned();
    let scan = scan(host, &Request::of(&probes), started, "0.1.0", &mut |_| {}).expect("not cancelled");
    let detections = consolidate(&Identifier::new(&catalogue), &scan.observations);
    (scan, detections)
}

fn found(name: &str) -> Vec<String> {
    let (_, detections) = scanned(&system(name));
    let product = |one: &Detection| one.product.as_ref().map_or_else(|| one.vendor.to_string(), ToString::to_string);
    detections.iter().map(|one| format!("{} {}", product(one), one.presence)).collect()
}

#[test]
fn what_is_there_is_told_from_what_is_left() {
    for (name, expected) in [
        ("kaspersky-server-without-security-center", &["kaspersky.ksws live", "kaspersky.nagent live"][..]),
        ("security-center-entry-only", &["kaspersky.kes-win residue"]),
        ("uninstall-key-without-files", &["kaspersky.kes-win ghost"]),
        ("service-and-driver-without-uninstall-key", &["kaspersky.kes-win live"]),
        ("one-users-copy", &["yandex.browser dormant"]),
        // Every Windows has the folder of its antivirus with programs in it: the service says whether it is there.
        ("server-without-defender", &[]),
        ("defender-switched-off", &["microsoft.defender-av dormant"]),
    ] {
        assert_eq!(found(name), expected, "{name}");
    }
}

#[test]
fn one_users_copy_is_that_users() {
    let (scan, detections) = scanned(&system("one-users-copy"));
    let program = scan.observations.iter().find(|one| one.source == ObservationSource::Programs).expect("found");
    assert_eq!(program.scope, Some(Scope::User("ada".to_owned())));
    assert_eq!(detections.len(), 1);
}

#[test]
fn a_server_has_no_security_center_and_says_so() {
    let (scan, _) = scanned(&system("kaspersky-server-without-security-center"));
    let of = |name: &str| scan.header.collectors.iter().find(|report| report.name == name).expect("it was run");
    assert_eq!(of("windows/security-center").status, CollectorStatus::NotPossible);
    for name in ["windows/uninstall", "windows/services", "windows/minifilters"] {
        assert_eq!(of(name).status, CollectorStatus::Complete, "{name}: {:?}", of(name).reason);
    }
}

/// A user whose hive is not there may have a copy of anything: what was not looked at is named.
#[test]
fn a_user_who_cannot_be_looked_at_is_named() {
    let registry = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/windows/one-users-copy/machine.reg"),
    );
    let id = "S-1-5-21-1111111111-2222222222-3333333333-1001";
    let map = interdict_app::collect::MapRegistry::from_text(&registry.expect("a prepared system"))
        .user(id, "ada", Some(r"C:\Users\ada"))
        .missing(&format!(r"HKU\{id}"));
    let (scan, detections) = scanned(&FixtureHost::windows(map));
    assert_eq!(detections, []);
    let report = scan.header.collectors.iter().find(|report| report.name == "windows/uninstall").expect("it was run");
    assert_eq!(report.status, CollectorStatus::Partial);
    let reason = report.reason.as_deref().unwrap_or_default();
    assert!(reason.starts_with("the registry of the user ada could not be read"), "{reason}");
}
