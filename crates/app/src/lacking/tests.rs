//! Who lacks a category, and of whom nobody can say: by hand, and against the inventory as it stands.

use std::collections::BTreeMap;

use interdict_identify::consolidate;
use interdict_model::{Machine, Observation, OperatingSystem, ProbesStamp, ScanHeader};

use super::*;
use crate::lists::Lists;
use crate::machine_list::MachineQuery;

const LATELY: &str = "2026-11-20T08:00:00Z";
const LONG_AGO: &str = "2026-09-01T08:00:00Z";

fn workbench() -> Workbench {
    Workbench::builtin().expect("the built-in catalogue")
}

fn observation(source: ObservationSource, name: &str) -> Observation {
    let mut observation = Observation::new(source);
    observation.name = Some(name.to_owned());
    observation
}

/// A machine called for what is peculiar about it.
fn scanned(
    (workbench, store): (&Workbench, &mut Store),
    (name, family, started): (&str, OsFamily, &str),
    covered: &[ObservationSource],
    observations: &[Observation],
) {
    let os = OperatingSystem { family, name: family.to_string(), version: String::new() };
    let header = ScanHeader {
        swept: Vec::new(),
        read_as: None,
        schema: ScanHeader::SCHEMA.to_owned(),
        machine: Machine { id: name.to_owned(), hostname: name.to_owned(), os, arch: "x86_64".to_owned() },
        started: started.to_owned(),
        probes: ProbesStamp { catalogue_version: "1".to_owned(), count: 0 },
        collectors: Vec::new(),
        tool_version: "0".to_owned(),
    };
    let detections = consolidate(workbench.identifier(), observations);
    store.record_scan(&header, started, "a test", covered, observations, &detections).expect("records");
}

fn answers(workbench: &Workbench, store: &Store, categories: &[Category]) -> BTreeMap<String, Vec<&'static str>> {
    let day = "2026-11-22".parse().expect("a day");
    let circumstances = workbench.circumstances(&[], day).expect("nobody");
    let query = MachineQuery { without: categories.to_vec(), ..MachineQuery::default() };
    let (fleet, _, chosen) = Lists::default().machines(workbench, store, &circumstances, &query, day).expect("reads");
    let row = |place: &usize| {
        let listed = fleet.machine(*place).expect("is there");
        let lack = chosen.lack(listed).expect("lacks it");
        let reasons = lack.reasons.iter().map(|reason| reason.as_str());
        (listed.machine.hostname.clone(), std::iter::once(lack.answer.as_str()).chain(reasons).collect())
    };
    assert_eq!(chosen.facets.answers.values().sum::<usize>(), chosen.places.len());
    chosen.places.iter().map(row).collect()
}

#[test]
fn nothing_there_and_not_looked_at_are_different_answers() {
    use ObservationSource::{Apps, DebPackages, Programs, Services, Wsc};
    use OsFamily::{Linux, Macos, Unknown, Windows};
    let workbench = workbench();
    let mut store = Store::open_in_memory().expect("opens");
    let kaspersky = || vec![observation(DebPackages, "kesl")];
    let vim = || vec![observation(DebPackages, "vim")];
    let stranger = || vec![observation(Wsc, "Somebody's Shield")];
    let mut gone = observation(DebPackages, "kesl");
    gone.raw.insert(interdict_model::raw_key::STATUS.to_owned(), "deinstall ok config-files".to_owned());
    for (name, family, started, covered, observations) in [
        ("has it", Linux, LATELY, vec![DebPackages], kaspersky()),
        ("had it, partial", Linux, LATELY, vec![], kaspersky()),
        ("leftovers only", Linux, LATELY, vec![DebPackages], vec![gone]),
        ("nothing", Linux, LATELY, vec![DebPackages], vim()),
        ("partial", Linux, LATELY, vec![], vim()),
        ("stale", Linux, LONG_AGO, vec![DebPackages], vim()),
        ("programs only", Windows, LATELY, vec![Programs], vec![]),
        ("windows as a whole", Windows, LATELY, vec![Programs, Services], vec![]),
        ("a stranger", Windows, LATELY, vec![Programs, Wsc], stranger()),
        ("a mac", Macos, LATELY, vec![Apps], vec![]),
        ("who knows", Unknown, LATELY, vec![DebPackages, Programs], vec![]),
    ] {
        scanned((&workbench, &mut store), (name, family, started), &covered, &observations);
    }
    let expected = [
        ("a mac", vec!["nothing-there"]),
        ("a stranger", vec!["not-looked-at", "unidentified-product"]),
        ("leftovers only", vec!["nothing-there"]),
        ("nothing", vec!["nothing-there"]),
        ("partial", vec!["not-looked-at", "never-read"]),
        ("programs only", vec!["not-looked-at", "never-read"]),
        ("stale", vec!["not-looked-at", "stale"]),
        ("who knows", vec!["not-looked-at", "unknown-system"]),
        ("windows as a whole", vec!["nothing-there"]),
    ];
    let expected: BTreeMap<String, Vec<&str>> =
        expected.into_iter().map(|(name, words)| (name.to_owned(), words)).collect();
    assert_eq!(answers(&workbench, &store, &[Category::EndpointProtection]), expected);
    let vpn = answers(&workbench, &store, &[Category::Vpn]);
    assert_eq!(vpn["programs only"], ["nothing-there"], "what is installed is listed there");
    assert_eq!(vpn["a stranger"], ["nothing-there"], "whatever Security Center names is none");
    assert_eq!(vpn["has it"], ["nothing-there"]);
}

#[test]
fn any_product_that_does_the_work_is_endpoint_protection() {
    let workbench = workbench();
    let mut store = Store::open_in_memory().expect("opens");
    let covered = [ObservationSource::DebPackages];
    for (name, package) in [("antivirus", "clamav"), ("endpoint protection", "kesl")] {
        let observations = [observation(ObservationSource::DebPackages, package)];
        scanned((&workbench, &mut store), (name, OsFamily::Linux, LATELY), &covered, &observations);
    }
    assert!(answers(&workbench, &store, &[Category::EndpointProtection]).is_empty());
    let names: Vec<String> = answers(&workbench, &store, &[Category::Antivirus]).into_keys().collect();
    assert_eq!(names, ["endpoint protection"], "a category alone is that category");
    assert!(answers(&workbench, &store, &[Category::Antivirus, Category::EndpointProtection]).is_empty());
}

/// What every Windows has is no antivirus, and what is one counts however it came there.
#[test]
fn the_firewall_of_windows_and_its_security_app_are_no_endpoint_protection() {
    use ObservationSource::{Programs, Services};
    let workbench = workbench();
    let mut store = Store::open_in_memory().expect("opens");
    let service = |name: &str| {
        let mut service = observation(Services, name);
        service.raw.insert(interdict_model::raw_key::AUTO_START.to_owned(), "true".to_owned());
        service.raw.insert(interdict_model::raw_key::EXECUTABLE_EXISTS.to_owned(), "true".to_owned());
        service
    };
    let of_windows = || vec![service("mpssvc"), service("SecurityHealthService")];
    let with_defender = [of_windows(), vec![service("WinDefend")]].concat();
    for (name, observations) in [("bare", of_windows()), ("defended", with_defender)] {
        scanned((&workbench, &mut store), (name, OsFamily::Windows, LATELY), &[Programs, Services], &observations);
    }
    for category in [Category::EndpointProtection, Category::Antivirus] {
        let lacking = answers(&workbench, &store, &[category]);
        assert_eq!(lacking.into_iter().collect::<Vec<_>>(), [("bare".to_owned(), vec!["nothing-there"])]);
    }
    assert!(answers(&workbench, &store, &[Category::Firewall]).is_empty(), "it is one of those");
}

#[test]
fn who_lacks_a_category_are_all_machines_but_those_that_have_it() {
    let workbench = workbench();
    let mut store = Store::open_in_memory().expect("opens");
    workbench.build_sample(&mut store, "2026-11-22T12:00:00Z").expect("builds");
    let day: Day = "2026-11-22".parse().expect("a day");
    let circumstances = workbench.circumstances(&[], day).expect("nobody");
    let inventory = workbench.inventory(&store, &circumstances).expect("reads");
    for category in [Category::Antivirus, Category::Vpn, Category::RemoteAccess, Category::Browser] {
        let lacking: BTreeSet<String> = answers(&workbench, &store, &[category]).into_keys().collect();
        for machine in &inventory.machines {
            let has = inventory.findings.iter().any(|finding| {
                finding.product.as_ref().is_some_and(|product| product.category == category)
                    && matches!(finding.presence, Presence::Live | Presence::Dormant)
                    && finding.rows.iter().any(|row| row.machine_id == machine.machine.id)
            });
            assert_eq!(lacking.contains(&machine.machine.hostname), !has, "{category} {}", machine.machine.hostname);
        }
    }
}
