//! What lists of machines are made of.

use interdict_model::{ObservationSource, Presence};

use super::{NOW, day, detection, header, package, scan};
use crate::{SoftwareKey, Store};

fn key(name: &str) -> SoftwareKey {
    SoftwareKey {
        name: name.to_owned(),
        version: Some("1.0".to_owned()),
        publisher: Some("AO Kaspersky Lab".to_owned()),
    }
}

/// Two machines: `m1` was seen twice and lost a package, `m2` once.
fn two_machines() -> Store {
    let mut store = Store::open_in_memory().expect("opens");
    let covered = [ObservationSource::DebPackages];
    let found = [detection("kaspersky.kes-linux", Presence::Live, ObservationSource::DebPackages)];
    scan(&mut store, 1, &covered, &[package("kesl"), package("vim")], &found).expect("records");
    scan(&mut store, 9, &covered, &[package("kesl")], &found).expect("records");
    let other = [package("kesl"), package("zsh")];
    store.record_scan(&header("m2", 4), &day(4), "a file", &covered, &other, &[]).expect("records");
    store
}

#[test]
fn every_machine_is_listed_with_its_span_and_its_tellers() {
    let store = two_machines();
    let machines = store.listed_machines().expect("reads");
    let told: Vec<(&str, usize, usize, &str, &str, bool)> = machines
        .iter()
        .map(|listed| {
            let span = (listed.first_seen.as_str(), listed.last_seen.as_str());
            (listed.machine.id.as_str(), listed.installations, listed.scans, span.0, span.1, listed.is_own)
        })
        .collect();
    assert_eq!(
        told,
        [("m1", 1, 2, day(1).as_str(), day(9).as_str(), true), ("m2", 2, 1, day(4).as_str(), day(4).as_str(), true)]
    );
    assert!(machines.iter().all(|listed| listed.told_by.is_empty()));
}

#[test]
fn subjects_are_told_once_with_the_machines_that_have_them() {
    let store = two_machines();
    let found = store.found_subjects().expect("reads");
    let first = store.machine_number("m1").expect("reads").expect("is there");
    assert_eq!(found.on, [(first, 0)]);
    assert_eq!(found.subjects[0].product.as_ref().map(interdict_model::ProductId::as_str), Some("kaspersky.kes-linux"));
    assert_eq!(found.subjects[0].presence, Presence::Live);
}

#[test]
fn who_has_a_title_now_and_what_is_on_a_machine_agree() {
    let store = two_machines();
    let number = |id: &str| store.machine_number(id).expect("reads").expect("is there");
    assert_eq!(store.machines_with_title(&key("kesl")).expect("reads"), [number("m1"), number("m2")]);
    assert_eq!(store.machines_with_title(&key("zsh")).expect("reads"), [number("m2")]);
    assert!(store.machines_with_title(&key("vim")).expect("reads").is_empty(), "it is gone");
    assert!(store.machines_with_title(&key("KESL")).expect("reads").is_empty(), "written otherwise is another title");
    let installed = store.installed_on(number("m2")).expect("reads");
    let names: Vec<&str> = installed.iter().map(|row| row.title.name.as_str()).collect();
    assert_eq!(names, ["kesl", "zsh"]);
    assert_eq!((installed[0].first_seen.as_str(), installed[0].told_by.as_deref()), (day(4).as_str(), None));
    assert_eq!(store.machine_number("nobody").expect("reads"), None);
    assert_eq!(store.newest_collectors(number("m1")).expect("reads").len(), 2);
}

#[test]
fn a_change_gives_another_stamp_and_looking_does_not() {
    let mut store = two_machines();
    let before = store.stamp().expect("reads");
    store.listed_machines().expect("reads");
    assert_eq!(store.stamp().expect("reads"), before);
    store.record_scan(&header("m3", 5), NOW, "a file", &[], &[package("kesl")], &[]).expect("records");
    assert_ne!(store.stamp().expect("reads"), before);
}

#[test]
fn a_whole_reading_has_a_day_and_a_part_is_none() {
    let mut store = Store::open_in_memory().expect("opens");
    let (packages, services) = (ObservationSource::DebPackages, ObservationSource::Services);
    scan(&mut store, 1, &[packages, services], &[package("kesl")], &[]).expect("records");
    scan(&mut store, 9, &[packages], &[package("kesl")], &[]).expect("records");
    store.record_scan(&header("m2", 9), &day(9), "a file", &[], &[package("kesl")], &[]).expect("records");
    let first = store.machine_number("m1").expect("reads").expect("is there");
    let readings = store.whole_readings(&day(5)).expect("reads");
    let told = |source| {
        let reading = &readings[&source];
        (reading.ever.iter().collect::<Vec<_>>(), reading.since.iter().collect::<Vec<_>>())
    };
    assert_eq!(told(packages), (vec![first], vec![first]), "the other machine was read in part");
    assert_eq!(told(services), (vec![first], vec![]), "that is too long ago");
    assert!(store.whole_readings("lately").is_err());
    let software = store.software_of_source(packages).expect("reads");
    assert_eq!(software.len(), 1);
    assert_eq!((software[0].0.name.as_deref(), software[0].1.len()), (Some("kesl"), 2));
}
