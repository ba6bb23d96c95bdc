//! Windows systems through the real command: a mounted disk, hive files alone, and what can be certified of them.

use std::fs;

use interdict_tests::prepared_windows::PreparedWindows;
use serde_json::{Value, json};

use crate::schemas::holds;
use crate::support::Home;

fn prepared(name: &str) -> PreparedWindows {
    PreparedWindows::of(name).unwrap()
}

/// The disk of a prepared system below the home; its path as an argument.
fn disk(home: &Home, name: &str) -> String {
    let root = home.path("disk");
    if root.exists() {
        fs::remove_dir_all(&root).unwrap();
    }
    fs::create_dir_all(&root).unwrap();
    prepared(name).write_root(&root).unwrap();
    root.to_str().unwrap().to_owned()
}

/// Product, else vendor, and presence of each finding.
fn found(document: &Value) -> Vec<String> {
    let findings = document["findings"].as_array().unwrap().iter();
    let name = |finding: &Value| {
        let name = finding["product"].as_str().or(finding["vendor"].as_str()).unwrap();
        format!("{name} {}", finding["presence"].as_str().unwrap())
    };
    let mut found: Vec<String> = findings.map(name).collect();
    found.sort();
    found
}

fn collector<'d>(document: &'d Value, name: &str) -> &'d Value {
    document["collectors"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()
}

#[test]
fn a_mounted_disk_tells_what_is_there_from_what_is_left() {
    let home = Home::new();
    for (name, expected) in [
        ("kaspersky-server-without-security-center", &["kaspersky.ksws live", "kaspersky.nagent live"][..]),
        ("security-center-entry-only", &["kaspersky.kes-win residue"]),
        ("uninstall-key-without-files", &["kaspersky.kes-win ghost"]),
        ("service-and-driver-without-uninstall-key", &["kaspersky.kes-win live"]),
        ("one-users-copy", &["yandex.browser dormant"]),
        ("everything-removed", &[]),
    ] {
        let root = disk(&home, name);
        let ran = home.line(&format!("audit --db {name}.db --root {root} --format json")).ended_with(0);
        let document = ran.json();
        holds("audit", &document);
        assert_eq!(found(&document), expected, "{name}: {}", ran.shown());
        assert_eq!(document["machine"]["os"]["family"], "windows");
        assert_eq!(collector(&document, "windows/uninstall")["status"], "complete", "{name}");
    }
}

#[test]
fn hives_alone_show_what_is_registered_and_leave_the_files_open() {
    let home = Home::new();
    let hives = home.path("hives");
    prepared("kaspersky-server-without-security-center").write_hives(&hives).unwrap();
    fs::write(hives.join("notes.txt"), "not a hive").unwrap();
    let document = home.run(["audit", "--hives", hives.to_str().unwrap(), "--format", "json"]).ended_with(0).json();
    let found = found(&document);
    assert!(found.iter().any(|one| one.starts_with("kaspersky.ksws ")), "{found:?}");
    assert!(found.iter().all(|one| !one.ends_with(" ghost")), "files nobody could look for are not gone: {found:?}");
    assert_eq!(document["machine"]["hostname"], "SRV-01");
    assert_eq!(document["machine"]["id"], "00000000-0000-4000-8000-00000000000a");
    assert_ne!(collector(&document, "windows/install-folders")["status"], "complete");
    fs::create_dir(home.path("none")).unwrap();
    fs::write(home.path("none/notes.txt"), "not a hive").unwrap();
    home.run(["scan", "--hives", home.path("none").to_str().unwrap()]).complains_of(1, &["hive"]);
}

#[test]
fn a_disk_with_everything_removed_is_certified() {
    let home = Home::new();
    let root = disk(&home, "kaspersky-server-without-security-center");
    home.line(&format!("audit --root {root}")).ended_with(0);
    home.line("verify-removed --vendor kaspersky").ended_with(10);
    let root = disk(&home, "everything-removed");
    home.line(&format!("audit --root {root}")).ended_with(0);
    let ran = home.line("verify-removed --vendor kaspersky --format json");
    let document = ran.ended_with(0).json();
    holds("verify-removed", &document);
    assert_eq!(document["certified"], json!(true));
    assert!(document["machines"][0]["no_longer_found"].is_string());
}

#[test]
fn a_hive_that_cannot_be_read_is_no_certificate_and_says_so() {
    for damage in ["NTUSER.DAT is not a hive", "regf"] {
        let home = Home::new();
        let root = disk(&home, "everything-removed");
        fs::write(home.path("disk/Users/ada/NTUSER.DAT"), damage).unwrap();
        home.line(&format!("audit --root {root}")).ended_with(0);
        let document = home.line("verify-removed --vendor kaspersky --format json").ended_with(10).json();
        let classes = document["machines"][0]["classes"].as_array().unwrap();
        let programs = classes.iter().find(|class| class["source"] == "programs").unwrap();
        assert_eq!(programs["state"], "not-looked-at", "{document:#}");
        assert!(programs["because"].as_str().unwrap().contains("ada"), "{programs}");
    }
}

#[test]
fn one_users_copy_is_never_clean() {
    let home = Home::new();
    let root = disk(&home, "one-users-copy");
    home.line(&format!("audit --root {root}")).ended_with(0);
    let document = home.line("verify-removed --vendor yandex --format json").ended_with(10).json();
    let classes = document["machines"][0]["classes"].as_array().unwrap();
    let programs = classes.iter().find(|class| class["source"] == "programs").unwrap();
    assert_eq!(programs["state"], "present");
    assert_eq!(programs["traces"][0]["scope"], "user:ada");
}
