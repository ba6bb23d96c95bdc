//! What was there at a moment and what differs between two: by hand, and against a model that keeps every state.

use std::slice::from_ref;

use interdict_model::ObservationSource::{DebPackages, Import, Services};
use interdict_model::{Observation, ObservationSource, Presence};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;

use super::{day, detection, header, observation, package, scan};
use crate::{DetectionChange, ForgetScope, InstallationChanges, Interval, Moment, Store, StoreError, Trial};

fn at(day_of_month: u32) -> Moment {
    Moment::at(&day(day_of_month)).expect("an instant")
}

fn names(intervals: &[Interval]) -> Vec<String> {
    let title = |interval: &Interval| {
        let version = interval.observation.version.clone().unwrap_or_default();
        format!("{} {version}", interval.observation.title())
    };
    intervals.iter().map(title).collect()
}

fn changes(store: &Store, since: &Moment, until: &Moment) -> InstallationChanges {
    store.past().expect("begins").installation_changes("m1", since, until).expect("reads")
}

#[test]
fn a_machine_is_at_each_moment_what_its_scans_had_said_until_then() {
    let mut store = Store::open_in_memory().expect("opens");
    scan(&mut store, 1, &[DebPackages], &[package("kesl"), package("vim")], &[]).expect("records");
    scan(&mut store, 3, &[DebPackages], &[package("vim"), observation(DebPackages, "kesl", "2.0")], &[])
        .expect("records");
    scan(&mut store, 5, &[DebPackages], &[observation(DebPackages, "kesl", "2.0")], &[]).expect("records");
    let past = store.past().expect("begins");
    let there = |day| names(&past.installations_at("m1", &at(day)).expect("reads"));
    for (day, expected) in [
        (1, &["kesl 1.0", "vim 1.0"][..]),
        (2, &["kesl 1.0", "vim 1.0"]),
        (3, &["vim 1.0", "kesl 2.0"]),
        (4, &["vim 1.0", "kesl 2.0"]),
        (5, &["kesl 2.0"]),
        (9, &["kesl 2.0"]),
    ] {
        assert_eq!(there(day), expected, "day {day}");
    }
    assert_eq!(
        past.installations_at("m1", &Moment::at("2026-10-31T08:00:00Z").expect("an instant")).expect("reads"),
        []
    );
    assert_eq!(past.installations_at("m2", &at(9)).expect("reads"), []);
    let told = past.installations_at("m1", &at(4)).expect("reads");
    let vim = &told[0];
    assert_eq!((vim.first_seen.clone(), vim.last_seen.clone(), vim.gone.clone()), (day(1), day(3), Some(day(5))));
    assert_eq!((told[1].last_seen.clone(), told[1].origin.as_str()), (day(5), "interdict"));
    drop(past);
    let differing = changes(&store, &at(1), &at(3));
    assert_eq!((names(&differing.new), names(&differing.gone)), (vec!["kesl 2.0".into()], vec!["kesl 1.0".into()]));
    assert!(differing.first_looks.is_empty());
    let differing = changes(&store, &at(1), &at(9));
    assert_eq!(names(&differing.gone), ["kesl 1.0", "vim 1.0"]);
    assert_eq!(changes(&store, &at(3), &at(4)), InstallationChanges::default());
}

#[test]
fn two_scans_of_one_second_are_told_apart_by_their_numbers() {
    let mut store = Store::open_in_memory().expect("opens");
    let first = scan(&mut store, 1, &[DebPackages], &[package("kesl")], &[]).expect("records").scan_id;
    let second = scan(&mut store, 1, &[DebPackages], &[package("vim")], &[]).expect("records").scan_id;
    let past = store.past().expect("begins");
    let (first, second) = (past.scan(first).expect("is there").moment, past.scan(second).expect("is there").moment);
    assert!(first < second && second < at(1));
    let between = past.installation_changes("m1", &first, &second).expect("reads");
    assert_eq!((names(&between.new), names(&between.gone)), (vec!["vim 1.0".into()], vec!["kesl 1.0".into()]));
    match past.scan(99) {
        Err(StoreError::UnknownScan { id: 99, newest: Some(newest) }) => assert_eq!(newest, 2),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_nobody_had_looked_at_is_a_first_look_and_not_news() {
    let mut store = Store::open_in_memory().expect("opens");
    scan(&mut store, 1, &[DebPackages], &[package("vim")], &[]).expect("records");
    let seen =
        [package("vim"), package("kesl"), observation(Services, "kesl", "1"), observation(Import, "Kaspersky", "1")];
    scan(&mut store, 2, &[DebPackages, Services], &seen, &[]).expect("records");
    scan(&mut store, 3, &[], &[observation(Import, "Kaspersky", "2")], &[]).expect("records");
    let own = |source: ObservationSource| ("interdict".to_owned(), source);
    let since_first = changes(&store, &at(1), &at(2));
    assert_eq!(since_first.new.len(), 3);
    assert_eq!(since_first.first_looks.into_iter().collect::<Vec<_>>(), [own(Services), own(Import)]);
    let since_second = changes(&store, &at(2), &at(3));
    assert_eq!(names(&since_second.new), ["Kaspersky 2"]);
    assert!(since_second.first_looks.is_empty(), "something of the source was told of before");
}

#[test]
fn machines_say_what_of_them_lies_before_and_between() {
    let mut store = Store::open_in_memory().expect("opens");
    for (machine, days) in [("m1", &[1, 2, 4][..]), ("m2", &[1]), ("m3", &[3, 9]), ("m4", &[9])] {
        for &number in days {
            store.record_scan(&header(machine, number), &day(number), "x", &[], &[], &[]).expect("records");
        }
    }
    let past = store.past().expect("begins");
    let spans = past.machines(&at(2), &at(5)).expect("reads");
    let told: Vec<_> = spans
        .iter()
        .map(|span| (span.machine_id.as_str(), span.scans_before, span.scans_between, span.last_seen.clone()))
        .collect();
    assert_eq!(told, [("m1", 2, 1, day(4)), ("m2", 1, 0, day(1)), ("m3", 0, 1, day(3))]);
}

#[test]
fn detections_come_and_go_with_scans_and_not_with_catalogues() {
    let mut store = Store::open_in_memory().expect("opens");
    let kesl = detection("kaspersky.kes-linux", Presence::Live, DebPackages);
    let agent = detection("kaspersky.agent", Presence::Live, DebPackages);
    scan(&mut store, 1, &[DebPackages], &[package("kesl")], &[kesl.clone(), agent.clone()]).expect("records");
    scan(&mut store, 2, &[DebPackages], &[package("kesl")], from_ref(&agent)).expect("records");
    scan(&mut store, 3, &[DebPackages], &[package("kesl")], &[kesl, agent]).expect("records");
    store.replace_detections("m1", "2026.12", &[]).expect("replaces");
    let past = store.past().expect("begins");
    let told = |since: u32, until: u32| {
        let mut changes = past.detection_changes(None, &at(since), &at(until)).expect("reads");
        let product = |row: &Option<crate::DetectionRow>| {
            row.as_ref().map(|row| row.detection.product.as_ref().expect("a product").to_string())
        };
        let of = |change: &DetectionChange| (product(&change.before), product(&change.after));
        changes.remove("m1").unwrap_or_default().iter().map(of).collect::<Vec<_>>()
    };
    let kesl = || Some("kaspersky.kes-linux".to_owned());
    assert_eq!(told(1, 2), [(kesl(), None)]);
    assert_eq!(told(2, 3), [], "the catalogue ended it: it was never there in its eyes");
    assert_eq!(told(1, 9), [(kesl(), None)]);
    assert!(past.detection_changes(Some("m2"), &at(1), &at(2)).expect("reads").is_empty());
}

#[test]
fn what_a_detection_was_is_kept_where_it_changes_and_goes_with_what_it_rests_on() {
    let mut store = Store::open_in_memory().expect("opens");
    let kesl = |presence, version: &str| {
        let mut found = detection("kaspersky.kes-linux", presence, DebPackages);
        found.version = Some(version.to_owned());
        found
    };
    let states = [
        (1, kesl(Presence::Live, "1")),
        (2, kesl(Presence::Live, "1")),
        (3, kesl(Presence::Dormant, "2")),
        (5, kesl(Presence::Live, "1")),
    ];
    for (day, found) in &states {
        scan(&mut store, *day, &[DebPackages], &[package("kesl")], from_ref(found)).expect("records");
    }
    let count = |store: &Store| -> i64 {
        store.connection.query_row("SELECT count(*) FROM detection_past", [], |row| row.get(0)).expect("counts")
    };
    assert_eq!(count(&store), 2, "only changes are rows");
    let told = |store: &Store, since: u32, until: u32| {
        let past = store.past().expect("begins");
        let mut changes = past.detection_changes(Some("m1"), &at(since), &at(until)).expect("reads");
        let value = |row: &Option<crate::DetectionRow>| {
            let detection = &row.as_ref().expect("is there").detection;
            (detection.presence, detection.version.clone().unwrap_or_default())
        };
        let of = |change: DetectionChange| (value(&change.before), value(&change.after), change.changed);
        changes.remove("m1").unwrap_or_default().into_iter().map(of).collect::<Vec<_>>()
    };
    let (first, second) = ((Presence::Live, "1".to_owned()), (Presence::Dormant, "2".to_owned()));
    assert_eq!(told(&store, 1, 2), []);
    assert_eq!(told(&store, 2, 4), [(first.clone(), second.clone(), Some(day(3)))]);
    assert_eq!(told(&store, 4, 9), [(second, first.clone(), Some(day(5)))]);
    assert_eq!(told(&store, 2, 9), [(first.clone(), first, Some(day(5)))], "there and back");
    store.replace_detections("m1", "2", &[kesl(Presence::Residue, "3")]).expect("replaces");
    assert_eq!(count(&store), 2, "what a catalogue makes of it is no change of the machine");
    assert!(store.check().expect("checks").is_sound());
    store.forget(&day(4), ForgetScope::PAST, Trial::Done, &day(9)).expect("forgets");
    assert_eq!(count(&store), 1);
    assert!(store.check().expect("checks").is_sound());
    store.forget(&day(20), ForgetScope::UNSEEN_MACHINES, Trial::Done, &day(21)).expect("forgets");
    assert_eq!(count(&store), 0);
}

#[test]
fn what_another_tells_of_at_both_moments_is_not_gone() {
    let mut store = Store::open_in_memory().expect("opens");
    let found = detection("kaspersky.kes-linux", Presence::Live, DebPackages);
    let told = detection("kaspersky.kes-linux", Presence::Live, Import);
    scan(&mut store, 5, &[DebPackages], &[package("kesl")], from_ref(&found)).expect("records");
    scan(&mut store, 10, &[DebPackages], &[], &[]).expect("records");
    // Told later, of the time before: while our own scan still found it.
    scan(&mut store, 6, &[], &[observation(Import, "kesl", "1")], from_ref(&told)).expect("records");
    let past = store.past().expect("begins");
    assert!(past.detection_changes(None, &at(7), &at(12)).expect("reads").is_empty());
    assert_eq!(past.detection_changes(None, &at(2), &at(12)).expect("reads")["m1"].len(), 1);
}

#[test]
fn it_is_known_since_when_nothing_is_forgotten() {
    let mut store = Store::open_in_memory().expect("opens");
    scan(&mut store, 1, &[DebPackages], &[package("kesl")], &[]).expect("records");
    assert_eq!(store.past().expect("begins").forgotten_before().expect("reads"), None);
    store.forget(&day(2), ForgetScope::PAST, Trial::Done, &day(3)).expect("forgets");
    assert_eq!(store.past().expect("begins").forgotten_before().expect("reads"), Some(day(2)));
}

const SOURCES: [ObservationSource; 3] = [DebPackages, Services, Import];

fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let one = (0..SOURCES.len(), 0..4_u8, 0..2_u8)
        .prop_map(|(source, name, version)| observation(SOURCES[source], &format!("n{name}"), &version.to_string()));
    vec(one, 0..7)
}

/// A state as a sorted list, so that equal observations are counted.
fn state(store: &Store, at: &Moment) -> Vec<String> {
    let there = store.past().expect("begins").installations_at("m1", at).expect("reads");
    sorted(there)
}

fn sorted(intervals: Vec<Interval>) -> Vec<String> {
    let mut texts: Vec<String> = intervals
        .into_iter()
        .map(|interval| serde_json::to_string(&interval.observation).expect("serialises"))
        .collect();
    texts.sort();
    texts
}

/// What is left of `from` without `what`, each taken once; nothing when something of `what` is not in it.
fn without(from: &[String], what: &[String]) -> Option<Vec<String>> {
    let mut left = from.to_vec();
    for text in what {
        let position = left.iter().position(|candidate| candidate == text)?;
        left.remove(position);
    }
    Some(left)
}

fn applied(before: &[String], changes: InstallationChanges) -> Option<Vec<String>> {
    let mut after = without(before, &sorted(changes.gone))?;
    after.extend(sorted(changes.new));
    after.sort();
    Some(after)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn differences_lead_from_one_state_to_the_other_and_compose(
        scans in vec((subsequence(SOURCES.to_vec(), 0..=SOURCES.len()), observations()), 1..6),
        (first, second, third) in (0..7_u32, 0..7_u32, 0..7_u32),
    ) {
        let mut store = Store::open_in_memory().expect("opens");
        let mut states = vec![Vec::new()];
        for (number, (covered, seen)) in (2..).zip(&scans) {
            scan(&mut store, number, covered, seen, &[]).expect("records");
            let now = store.observations_of("m1").expect("reads");
            let mut texts: Vec<String> =
                now.iter().map(|observation| serde_json::to_string(observation).expect("serialises")).collect();
            texts.sort();
            states.push(texts);
        }
        // The state at each moment is what was there when it was the present.
        for (index, expected) in states.iter().enumerate() {
            let moment = at(u32::try_from(index).expect("few") + 1);
            prop_assert_eq!(&state(&store, &moment), expected);
        }
        let mut days = [first + 1, second + 1, third + 1];
        days.sort_unstable();
        let [first, second, third] = days.map(at);
        prop_assert_eq!(changes(&store, &first, &first), InstallationChanges::default());
        let (before, middle, after) = (state(&store, &first), state(&store, &second), state(&store, &third));
        prop_assert_eq!(applied(&before, changes(&store, &first, &second)), Some(middle.clone()));
        prop_assert_eq!(applied(&middle, changes(&store, &second, &third)), Some(after.clone()));
        prop_assert_eq!(applied(&before, changes(&store, &first, &third)), Some(after));
        // One after the other: an interval that came and went in between is in neither; any other is in the whole.
        let (one, other, whole) =
            (changes(&store, &first, &second), changes(&store, &second, &third), changes(&store, &first, &third));
        let numbers = |intervals: &[Interval]| intervals.iter().map(|interval| interval.number).collect::<Vec<_>>();
        let (came, went) = (numbers(&one.new), numbers(&other.gone));
        let mut new: Vec<i64> = came.iter().filter(|number| !went.contains(number)).copied().collect();
        new.extend(numbers(&other.new));
        let mut gone = numbers(&one.gone);
        gone.extend(went.iter().filter(|number| !came.contains(number)));
        new.sort_unstable();
        gone.sort_unstable();
        prop_assert_eq!(new, numbers(&whole.new));
        prop_assert_eq!(gone, numbers(&whole.gone));
    }
}
