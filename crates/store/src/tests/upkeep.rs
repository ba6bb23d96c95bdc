//! Checking, compacting and forgetting.

use interdict_model::{Observation, ObservationSource, Presence};

use super::opening::place;
use super::{NOW, detection, header, observation, package, scan};
use crate::{ForgetScope, Forgotten, Store, Trial};

use ObservationSource::DebPackages;

fn scan_of(store: &mut Store, machine: &str, day: u32, observations: &[Observation]) {
    let header = header(machine, day);
    store.record_scan(&header, &super::day(day), "x", &[DebPackages], observations, &[]).expect("records");
}

fn kesl() -> interdict_model::Detection {
    detection("kaspersky.kes-linux", Presence::Live, DebPackages)
}

#[test]
fn a_check_counts_what_is_there_and_finds_what_must_not_be() {
    let (_folder, path) = place();
    let mut store = Store::open(&path, NOW).expect("opens");
    scan(&mut store, 1, &[DebPackages], &[package("kesl"), package("klnagent")], &[kesl()]).expect("records");
    scan(&mut store, 2, &[DebPackages], &[package("klnagent")], &[]).expect("records");
    let checked = store.check().expect("checks");
    assert_eq!(checked.problems, Vec::<String>::new());
    let content = checked.content.expect("counts");
    assert_eq!((content.machines, content.scans), (1, 2));
    assert_eq!((content.installations, content.past_installations), (1, 1));
    assert_eq!((content.detections, content.past_detections), (0, 1));
    assert_eq!(content.first_scan.as_deref(), Some("2026-11-01T08:00:00Z"));
    assert_eq!(content.last_scan.as_deref(), Some("2026-11-02T08:00:00Z"));
    assert_eq!(checked.journal, "wal");
    assert!(checked.bytes > 0 && checked.log_bytes > 0);
    for (sql, words) in [
        ("UPDATE machine SET installations = 7", "1 machines whose number of installations is wrong"),
        ("UPDATE installation SET first_seen = 99 WHERE gone IS NULL", "1 installations that a scan saw which is not"),
        ("UPDATE installation SET machine = 9, number = 50 WHERE gone IS NULL", "1 installations of machines that are"),
        ("UPDATE detection SET gone = 99", "a row of detection refers to a row of scan"),
    ] {
        store.connection.execute_batch(&format!("PRAGMA foreign_keys = OFF; SAVEPOINT trial; {sql}")).expect("breaks");
        let problems = problems_of(&store);
        assert!(problems.iter().any(|problem| problem.starts_with(words)), "{sql}: {problems:?}");
        store.connection.execute_batch("ROLLBACK TO trial; RELEASE trial; PRAGMA foreign_keys = ON").expect("mends");
    }
    assert!(store.check().expect("checks").is_sound());
}

/// Inside a transaction of the test, which `check` cannot begin once more.
fn problems_of(store: &Store) -> Vec<String> {
    let mut problems = crate::check::problems(&store.connection).expect("checks");
    problems.extend(crate::check::broken_rules(&store.connection).expect("checks"));
    problems
}

#[test]
fn compacting_gives_space_back_and_keeps_everything() {
    let (_folder, path) = place();
    let mut store = Store::open(&path, NOW).expect("opens");
    let many: Vec<_> = (0..4_000).map(|n| observation(DebPackages, &format!("package-{n}"), "1")).collect();
    scan_of(&mut store, "m1", 1, &many);
    scan_of(&mut store, "m1", 2, &many[..10]);
    store.forget("2026-11-03T00:00:00Z", ForgetScope::PAST, Trial::Done, NOW).expect("forgets");
    let free = store.check().expect("checks").free_bytes;
    assert!(free > 100_000, "{free}");
    let reader = Store::open(&path, NOW).expect("opens");
    let compacted = store.compact().expect("compacts");
    assert!(compacted.bytes_after < compacted.bytes_before / 2, "{compacted:?}");
    let checked = store.check().expect("checks");
    assert!(checked.is_sound(), "{:?}", checked.problems);
    assert_eq!(checked.free_bytes, 0);
    for store in [&store, &reader] {
        assert_eq!(store.observations_of("m1").expect("reads"), many[..10]);
    }
}

/// Three machines: one seen on days 1, 5 and 9; one on days 2 and 3; one on day 9 alone.
fn fleet() -> Store {
    let mut store = Store::open_in_memory().expect("opens");
    scan_of(&mut store, "m1", 1, &[package("gone-on-5"), package("stays")]);
    scan_of(&mut store, "m2", 2, &[package("gone-on-3"), package("still-there")]);
    scan_of(&mut store, "m2", 3, &[package("still-there")]);
    scan_of(&mut store, "m1", 5, &[package("stays"), package("gone-on-9")]);
    scan_of(&mut store, "m1", 9, &[package("stays")]);
    scan_of(&mut store, "m3", 9, &[package("fresh")]);
    store
}

fn counts(forgotten: &Forgotten) -> (usize, usize, usize, usize) {
    (forgotten.machines.len(), forgotten.installations, forgotten.scans, forgotten.software)
}

#[test]
fn what_was_over_before_the_day_is_forgotten_and_nothing_else() {
    for (before, machines, expected) in [
        // The very instant a package was gone is not before itself.
        ("2026-11-03T08:00:00Z", ForgetScope::PAST, (0, 0, 0, 0)),
        // The scan that first saw what stays is kept.
        ("2026-11-04T00:00:00Z", ForgetScope::PAST, (0, 1, 0, 1)),
        ("2026-11-06T00:00:00Z", ForgetScope::PAST, (0, 2, 0, 2)),
        ("2026-12-01T00:00:00Z", ForgetScope::PAST, (0, 3, 1, 3)),
        ("2026-11-03T08:00:00Z", ForgetScope::UNSEEN_MACHINES, (0, 0, 0, 0)),
        ("2026-11-04T00:00:00Z", ForgetScope::UNSEEN_MACHINES, (1, 2, 2, 2)),
        ("2026-12-01T00:00:00Z", ForgetScope::UNSEEN_MACHINES, (3, 6, 6, 6)),
    ] {
        let mut store = fleet();
        let content = store.content().expect("counts");
        let tried = store.forget(before, machines, Trial::Tried, NOW).expect("tries");
        assert_eq!(store.content().expect("counts"), content, "trying changes nothing");
        let forgotten = store.forget(before, machines, Trial::Done, NOW).expect("forgets");
        assert_eq!(tried, forgotten, "{before}: what was tried is what is done");
        assert_eq!(counts(&forgotten), expected, "{before} {machines:?}");
        assert!(store.check().expect("checks").is_sound());
        let again = store.forget(before, machines, Trial::Done, NOW).expect("forgets");
        assert_eq!(again, Forgotten::default(), "{before}: nothing is left to forget");
        if machines == ForgetScope::PAST {
            assert_eq!(store.observations_of("m2").expect("reads"), [package("still-there")]);
        }
    }
}

#[test]
fn a_forgotten_machine_is_named_and_may_come_back() {
    let mut store = fleet();
    let forgotten =
        store.forget("2026-11-04T00:00:00Z", ForgetScope::UNSEEN_MACHINES, Trial::Done, NOW).expect("forgets");
    let machine = &forgotten.machines[0];
    assert_eq!((machine.machine_id.as_str(), machine.hostname.as_str()), ("m2", "host-m2"));
    assert_eq!(machine.last_seen, "2026-11-03T08:00:00Z");
    assert_eq!(store.machines().expect("reads").len(), 2);
    scan_of(&mut store, "m2", 3, &[package("back")]);
    assert_eq!(store.observations_of("m2").expect("reads"), [package("back")]);
    assert!(store.check().expect("checks").is_sound());
}

#[test]
fn detections_go_with_what_they_rest_on() {
    let mut store = Store::open_in_memory().expect("opens");
    scan(&mut store, 1, &[DebPackages], &[package("kesl")], &[kesl()]).expect("records");
    scan(&mut store, 2, &[DebPackages], &[], &[]).expect("records");
    scan(&mut store, 3, &[DebPackages], &[package("kesl")], &[kesl()]).expect("records");
    let forgotten = store.forget("2026-11-03T00:00:00Z", ForgetScope::PAST, Trial::Done, NOW).expect("forgets");
    assert_eq!((forgotten.detections, forgotten.installations, forgotten.scans), (1, 1, 2));
    assert_eq!(forgotten.software, 0, "it is there again");
    let content = store.content().expect("counts");
    assert_eq!((content.detections, content.past_detections, content.scans), (1, 0, 1));
    assert!(store.check().expect("checks").is_sound());
}
