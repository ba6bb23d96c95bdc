//! The desk on real files: opening, failing, auditing, cancelling.

use std::fs;
use std::path::Path;

use super::*;
use crate::wire::{
    CollectorStatus, CompareRequest, FindingRequest, FindingsRequest, MachineRequest, RemovalRequest, Theme,
    VendorRequest,
};

fn findings() -> FindingsRequest {
    FindingsRequest { context: context(), machine: None }
}

pub(super) fn desk(folder: &Path, target: Target) -> Desk {
    let place = |name: &str| folder.join(name);
    let places = Places {
        main: Ok(place("main.db")),
        sample: Ok(place("sample.db")),
        reports: Ok(place("reports")),
        exports: None,
    };
    let clock = Clock { now: || "2026-11-22T12:00:00Z".to_owned(), today: || "2026-11-22".parse().expect("a day") };
    Desk::new(clock, places, target)
}

/// A mounted system with one package of a restricted vendor.
fn system(folder: &Path) -> Target {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    };
    write("etc/machine-id", "0123456789abcdef0123456789abcdef\n");
    write("etc/hostname", "build-07\n");
    write("etc/os-release", "NAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n");
    write(
        "var/lib/dpkg/status",
        "Package: kesl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 12.1.0-1508\n\n",
    );
    Target::Root(folder.to_owned())
}

fn audit(id: &str) -> AuditRequest {
    AuditRequest { id: id.to_owned() }
}

fn context() -> Context {
    Context { profiles: vec!["us-private".to_owned()], as_of: "2026-11-22".to_owned() }
}

#[test]
fn a_first_start_has_nothing_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = desk(folder.path(), Target::ThisComputer);
    let status = desk.app_status().expect("opens");
    assert_eq!((status.database.machines, status.database.sample), (0, false));
    assert_eq!(status.settings.profiles, None);
    assert_eq!(status.database.last_scan, None);
    assert!(desk.findings_list(&findings()).expect("answers").rows.is_empty());
    assert_eq!(desk.overview_get(&context()).expect("answers").machines, 0);
}

#[test]
fn settings_stay_and_an_unknown_profile_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let patch = |profiles: &[&str], theme| SettingsPatch {
        profiles: Some(profiles.iter().map(|id| (*id).to_owned()).collect()),
        theme,
    };
    let first = desk(folder.path(), Target::ThisComputer);
    first.settings_save(&patch(&["us-private"], Some(Theme::Dark))).expect("saves");
    let wrong = first.settings_save(&patch(&["us-privat"], None)).expect_err("refused");
    assert_eq!(wrong.code, "app/unknown-id");
    assert!(wrong.hint.is_some_and(|hint| hint.contains("us-private")));
    drop(first);
    let settings = desk(folder.path(), Target::ThisComputer).app_status().expect("opens").settings;
    assert_eq!(settings.profiles, Some(vec!["us-private".to_owned()]));
    assert_eq!(settings.theme, Theme::Dark);
}

#[test]
fn a_file_that_is_no_database_is_said_until_it_is_moved_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("main.db");
    fs::write(&path, "this is a shopping list, and it is longer than a header of a database would be")
        .expect("written");
    let desk = desk(folder.path(), Target::ThisComputer);
    let error = desk.app_status().expect_err("refused");
    assert_eq!(error.code, "store/not-a-database");
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("Move the file away")), "{error:?}");
    assert!(fs::read_to_string(&path).expect("there").starts_with("this is"), "left as it was");
    fs::rename(&path, folder.path().join("list.txt")).expect("moved");
    assert!(desk.app_status().is_ok(), "trying again is enough");
}

#[test]
fn an_audit_is_told_step_by_step_and_recorded() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = tempfile::tempdir().expect("a folder");
    let desk = desk(folder.path(), system(root.path()));
    desk.sample_open().expect("opens");
    let mut told = Vec::new();
    let outcome = desk.audit_start(&audit("a"), &mut |event| told.push(event)).expect("audits");
    assert_eq!((outcome.hostname.as_str(), outcome.detections, outcome.cancelled), ("build-07", 1, false));
    assert!(outcome.collectors.iter().any(|line| line.status == CollectorStatus::Complete && line.count == 1));
    assert!(matches!(&told[0], AuditEvent::CollectorStarted { index: 0, name, .. } if name == "linux/dpkg"));
    assert!(matches!(&told[1], AuditEvent::CollectorFinished { index: 0, .. }));
    assert!(matches!(told.last(), Some(AuditEvent::Storing)));
    let status = desk.app_status().expect("opens");
    assert_eq!((status.database.sample, status.database.machines), (false, 1), "back from the sample");
    let findings = desk.findings_list(&findings()).expect("answers");
    assert_eq!(findings.rows[0].product.as_deref(), Some("kaspersky.kes-linux"));
}

#[test]
fn a_cancelled_audit_keeps_nothing_and_frees_its_turn() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = tempfile::tempdir().expect("a folder");
    let desk = desk(folder.path(), system(root.path()));
    let mut busy = None;
    let outcome = desk
        .audit_start(&audit("a"), &mut |_| {
            if busy.is_none() {
                busy = Some(desk.audit_start(&audit("b"), &mut |_| {}).expect_err("one at a time"));
                desk.audit_cancel(&AuditCancelRequest { id: "another".to_owned() }).expect("is left alone");
                desk.audit_cancel(&AuditCancelRequest { id: "a".to_owned() }).expect("cancels");
            }
        })
        .expect("ends");
    assert_eq!(busy.map(|error| error.code), Some("desktop/busy".to_owned()));
    assert!(outcome.cancelled);
    assert_eq!(desk.app_status().expect("opens").database.machines, 0);
    assert!(!desk.audit_start(&audit("c"), &mut |_| {}).expect("audits").cancelled);
}

#[test]
fn wrong_questions_are_told_apart_by_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = desk(folder.path(), Target::ThisComputer);
    let on = |as_of: &str| Context { as_of: as_of.to_owned(), ..context() };
    assert_eq!(desk.overview_get(&on("today")).expect_err("refused").code, "desktop/not-a-day");
    let finding = FindingRequest { context: context(), id: "kaspersky.kav:live".to_owned() };
    assert_eq!(desk.finding_get(&finding).expect_err("refused").code, "desktop/unknown-finding");
    let vendor = VendorRequest { context: context(), id: "kasperski".to_owned() };
    let error = desk.vendor_get(&vendor).expect_err("refused");
    assert_eq!(error.code, "app/unknown-id");
    assert!(error.hint.is_some_and(|hint| hint.contains("kaspersky")));
}

#[test]
fn a_machine_is_compared_its_removal_answered_and_it_is_said_how_to_look_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = tempfile::tempdir().expect("a folder");
    let desk = desk(folder.path(), system(root.path()));
    desk.audit_start(&audit("a"), &mut |_| {}).expect("audits");
    fs::write(root.path().join("var/lib/dpkg/status"), "").expect("written");
    desk.audit_start(&audit("b"), &mut |_| {}).expect("audits");
    let request = MachineRequest { context: context(), id: "build-07".to_owned() };
    let page = desk.machine_get(&request).expect("is there");
    assert_eq!((page.again.how.as_str(), page.scans.len()), ("command", 2));
    assert!(page.again.what.starts_with("interdict audit --root "), "{}", page.again.what);
    let told: Vec<(&str, bool)> = page.removable.iter().map(|each| (each.subject.as_str(), each.gone)).collect();
    assert_eq!(told, [("kaspersky.kes-linux", true)]);
    // The newest is first; whichever is named first is the earlier one.
    let (since, until) = (page.scans[0].id, page.scans[1].id);
    let request = CompareRequest { context: context(), id: page.row.id.clone(), since, until };
    let compared = desk.machine_compare(&request).expect("compares");
    assert_eq!((compared.gone, compared.new), (2, 0), "the finding and its package: {compared:?}");
    let unknown = CompareRequest { until: 99, ..request };
    assert_eq!(desk.machine_compare(&unknown).expect_err("refused").code, "store/unknown-scan");
    let request = RemovalRequest { id: page.row.id, subject: "kaspersky.kes-linux".to_owned() };
    let reply = desk.removal_check(&request).expect("answers");
    assert!(reply.certified && reply.classes.iter().all(|class| class.state == "absent"), "{reply:?}");
    let path = desk.removal_save(&request).expect("writes").path;
    assert!(fs::read_to_string(&path).expect("is there").contains("Kaspersky"), "{path}");
    let nothing = RemovalRequest { subject: "kaspersky.nothing".to_owned(), ..request };
    assert_eq!(desk.removal_check(&nothing).expect_err("refused").code, "app/unknown-id");
}
