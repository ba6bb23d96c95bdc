//! The command built for Windows, run under Wine: what it reads of a registry, services and files that a test laid out.
//!
//! `cargo xtask test --only windows-build windows-tests` builds what is run here and says where it is. Without that every
//! test says that it was skipped. What Wine does not have (Security Center, signatures that Windows vouches for, the
//! filtering platform) is tried with recorded answers, beside the collectors.

#![expect(clippy::disallowed_methods, reason = "a test of the whole prepares folders and starts the built command")]
#![expect(clippy::unwrap_used, reason = "a test that cannot be prepared fails")]
#![expect(clippy::print_stdout, reason = "what is skipped is said")]

#[path = "wine/machine.rs"]
mod machine;

use std::fs;
use std::path::Path;

use interdict_app::collect::{FixtureHost, Request, scan};
use interdict_app::identify::{Identifier, consolidate};
use interdict_app::probes;
use interdict_catalogue::builtin;
use interdict_formats::testing::hive::disk_of;
use interdict_model::{Observation, Scope};
use machine::{Machine, Ran};
use serde_json::Value;

/// One that has all kinds of traces in all scopes.
const WHOLE: &str = "three-scopes-and-other-letters";

/// The registry export and the list of files of a prepared system.
fn system(name: &str) -> (String, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/windows").join(name);
    (fs::read_to_string(folder.join("machine.reg")).unwrap(), fs::read_to_string(folder.join("files.txt")).unwrap())
}

/// A machine of its own, laid out as a prepared system says.
fn laid_out(name: &str) -> Option<Machine> {
    let machine = Machine::new()?;
    let (registry, files) = system(name);
    machine.import(&registry);
    for path in files.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        machine.file(path);
    }
    // Of users who are logged off the registry has nothing but their files.
    for (path, bytes) in disk_of(&registry).into_iter().filter(|(path, _)| path.starts_with("Users/")) {
        machine.write(&format!(r"C:\{}", path.replace('/', "\\")), &bytes);
    }
    Some(machine)
}

/// The products in observations, and how much of each is there.
fn products(observations: &[Observation]) -> Vec<String> {
    let detections = consolidate(&Identifier::new(&builtin().0), observations);
    let product = |one: &interdict_model::Detection| {
        one.product.as_ref().map_or_else(|| one.vendor.to_string(), ToString::to_string)
    };
    detections.iter().map(|one| format!("{} {}", product(one), one.presence)).collect()
}

/// What a scan says was observed.
fn observations(scan: &Ran) -> Vec<Observation> {
    let observation = |line: &Value| serde_json::from_value(line.clone()).unwrap();
    scan.lines().iter().skip(1).map(observation).collect()
}

/// How a collector fared: its status and, if there is one, the reason.
fn fared(collectors: &Value, name: &str) -> String {
    let report = collectors.as_array().unwrap().iter().find(|report| report["name"] == name);
    let report = report.unwrap_or_else(|| panic!("{name} was not run: {collectors}"));
    [&report["status"], &report["reason"]].into_iter().filter_map(Value::as_str).collect::<Vec<_>>().join(": ")
}

/// The running system and the same one held in memory come to the same.
#[test]
fn each_prepared_system_is_found_as_it_is_on_paper() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/windows");
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    let probes = probes(&builtin().0);
    for name in names {
        let Some(machine) = laid_out(&name) else { return };
        let live = machine.interdict(["scan"]).ended_with(0);
        let (registry, files) = system(&name);
        let host = FixtureHost::windows_from(&registry, &files);
        let on_paper = scan(&host, &Request::of(&probes), String::new(), "", &mut |_| {}).unwrap();
        assert_eq!(products(&observations(&live)), products(&on_paper.observations), "{name}:\n{}", live.shown());
    }
}

#[test]
fn every_scope_and_kind_of_trace_is_read_whatever_its_letters() {
    let Some(machine) = laid_out(WHOLE) else { return };
    let ran = machine.interdict(["scan"]).ended_with(0);
    let found = observations(&ran);
    let one = |source: &str, name: &str| {
        let mut fitting =
            found.iter().filter(|one| one.source.to_string() == source && one.name.as_deref() == Some(name));
        let one = fitting.next().unwrap_or_else(|| panic!("no {source} {name}:\n{}", ran.shown()));
        assert_eq!(fitting.next(), None, "{source} {name} stands twice");
        one
    };
    let agent = one("programs", "Агент администрирования Kaspersky Security Center");
    assert_eq!(agent.publisher.as_deref(), Some("АО «Лаборатория Касперского»"));
    assert_eq!(agent.scope, Some(Scope::Machine));
    assert_eq!(one("programs", "Kaspersky Endpoint Security for Windows").scope, Some(Scope::Machine));
    assert_eq!(one("programs", "Kaspersky Password Manager").scope, Some(Scope::User("ада".to_owned())));
    for (source, name) in [("services", "AVP.KES.21.9"), ("drivers", "klif.KES-21-9"), ("minifilters", "klif.KES-21-9")]
    {
        assert_eq!(one(source, name).raw("executable_exists"), Some("true"), "{source} {name}");
    }
    assert!(found.iter().any(|one| one.path.as_deref().is_some_and(|path| path.ends_with("interdict.exe"))));
}

#[test]
fn an_audit_finds_what_is_there_and_says_what_was_not_looked_at() {
    let Some(machine) = laid_out(WHOLE) else { return };
    let database = r"C:\Мои отчёты и списки\инвентарь.db";
    let arguments = ["audit", "--format", "json", "--profile", "us-private", "--as-of", "2026-11-22", "--db", database];
    let audit = machine.interdict(arguments).ended_with(0).json();
    assert!(machine.place(database).is_file());
    assert_eq!(audit["machine"]["os"]["family"], "windows");
    let findings = audit["findings"].as_array().unwrap();
    let presence = |product: &str| findings.iter().find(|one| one["product"] == product).map(|one| &one["presence"]);
    assert_eq!(presence("kaspersky.kes-win").unwrap(), "live", "{findings:#?}");
    assert_eq!(presence("kaspersky.nagent").unwrap(), "ghost", "{findings:#?}");
    for name in ["windows/uninstall", "windows/services", "windows/minifilters", "windows/processes"] {
        assert_eq!(fared(&audit["collectors"], name), "complete");
    }
    let security_center = fared(&audit["collectors"], "windows/security-center");
    assert!(security_center.starts_with("not-possible: Windows Security Center does not answer"), "{security_center}");
    let sentences = audit["coverage"]["not_looked_at"].to_string();
    assert!(sentences.contains("Windows Security Center: not looked at"), "{sentences}");
    // Nothing is asked twice of a database that was just written.
    let again = machine.interdict(["software", "--format", "json", "--db", database]).ended_with(0).json();
    assert!(again["software"].to_string().contains("Лаборатория Касперского"));
}

#[test]
fn what_is_kept_lies_in_the_persons_own_local_folder() {
    let Some(machine) = Machine::new() else { return };
    let said = machine.interdict(["audit"]).ended_with(0).said();
    let place = said.lines().find_map(|line| line.strip_prefix("Kept in ")).unwrap();
    let place = place.split(" as scan").next().unwrap();
    assert!(place.ends_with(r"\AppData\Local\interdict\data\interdict.db"), "{place}");
    assert!(machine.place(place).is_file());
}

#[test]
fn arguments_and_answers_hold_any_letters() {
    let Some(machine) = Machine::new() else { return };
    let ran = machine.interdict(["assess", "--party", "Евгений Касперский"]).ended_with(0);
    assert!(ran.said().contains("eugene-kaspersky"), "{}", ran.shown());
    machine.interdict(["identify", "--db", r"C:\нет\такого.db"]).ended_with(0);
    let refused = machine.interdict(["assess", "--vendor", "каспер"]).ended_with(2);
    assert!(refused.shown().contains("каспер"), "{}", refused.shown());
}

/// A search of a large folder is interrupted; what is interrupted before it listens ends without a word, so it is tried
/// again with more patience.
#[cfg(unix)]
#[test]
fn an_interrupted_scan_ends_and_says_so() {
    let Some(machine) = Machine::new() else { return };
    for seconds in [2, 4, 8, 16] {
        let ran = machine.interrupted(["scan", "--sweep", r"Z:\usr"], std::time::Duration::from_secs(seconds));
        if ran.shown().contains("app/cancelled") {
            return drop(ran.ended_with(1));
        }
        println!("after {seconds} seconds: {}", ran.shown());
    }
    panic!("it was never interrupted while it listened");
}

/// A registration may name a place on another computer; to look there would be to speak to it.
#[test]
fn other_computers_are_not_spoken_to() {
    let Some(machine) = Machine::new() else { return };
    machine.import(
        "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\elsewhere]\n\
         \"Type\"=dword:00000010\n\"Start\"=dword:00000002\n\"ImagePath\"=\"\\\\\\\\192.0.2.1\\\\share\\\\agent.exe\"\n",
    );
    let ran = machine.interdict(["scan"]).ended_with(0);
    let service = observations(&ran).into_iter().find(|one| one.name.as_deref() == Some("elsewhere")).unwrap();
    assert_eq!(service.path.as_deref(), Some(r"\\192.0.2.1\share\agent.exe"));
    assert_eq!(service.raw("executable_exists"), None);
}
