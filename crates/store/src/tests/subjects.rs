//! What was found, as sets of machines: through scans, another catalogue, undoing and forgetting.

use interdict_model::ObservationSource::DebPackages;
use interdict_model::{Detection, Presence};

use super::{NOW, day, detection, header, package};
use crate::{ForgetScope, Store, Trial};

fn record(store: &mut Store, machine: &str, day_of_month: u32, detections: &[Detection]) {
    let header = header(machine, day_of_month);
    store
        .record_scan(&header, &day(day_of_month), "x", &[DebPackages], &[package("kesl")], detections)
        .expect("records");
}

/// Every subject with how many machines have it; the sets are what the detections say.
fn told(store: &Store) -> Vec<String> {
    assert_eq!(store.check().expect("checks").problems, Vec::<String>::new());
    let subjects = store.subjects().expect("reads");
    let told = subjects.iter().map(|subject| {
        let product = subject.product.as_ref().map_or("-", |product| product.as_str());
        format!("{product} {} {}", subject.presence, subject.machines.len())
    });
    told.collect()
}

#[test]
fn sets_follow_what_is_found() {
    let mut store = Store::open_in_memory().expect("opens");
    let live = detection("kes", Presence::Live, DebPackages);
    let dormant = detection("kes", Presence::Dormant, DebPackages);
    let vendor_only = Detection { product: None, ..detection("kes", Presence::Residue, DebPackages) };
    record(&mut store, "m1", 1, &[live.clone(), vendor_only]);
    record(&mut store, "m2", 1, std::slice::from_ref(&live));
    assert_eq!(told(&store), ["- residue 1", "kes live 2"]);
    record(&mut store, "m1", 2, std::slice::from_ref(&dormant));
    assert_eq!(told(&store), ["kes dormant 1", "kes live 1"]);
    store.replace_detections("m2", "2026.12", &[detection("other", Presence::Ghost, DebPackages)]).expect("replaces");
    assert_eq!(told(&store), ["kes dormant 1", "other ghost 1"]);
    record(&mut store, "m2", 20, &[]);
    assert_eq!(told(&store), ["kes dormant 1"]);
    store.forget(&day(10), ForgetScope::UNSEEN_MACHINES, Trial::Done, NOW).expect("forgets");
    assert_eq!(told(&store), Vec::<String>::new());
    let all = store.all_machines().expect("reads");
    assert_eq!(all.len(), 1);
}

#[test]
fn sets_unite_and_part() {
    let mut store = Store::open_in_memory().expect("opens");
    record(&mut store, "m1", 1, &[detection("kes", Presence::Live, DebPackages)]);
    record(&mut store, "m2", 1, &[detection("other", Presence::Live, DebPackages)]);
    let subjects = store.subjects().expect("reads");
    let mut both = subjects[0].machines.clone();
    both |= &subjects[1].machines;
    assert_eq!(both, store.all_machines().expect("reads"));
    both.remove_all(&subjects[0].machines);
    assert_eq!(both, subjects[1].machines);
    let number = store.machine_number("m2").expect("reads").expect("known");
    assert!(both.contains(number) && !subjects[0].machines.contains(number) && !both.is_empty());
}
