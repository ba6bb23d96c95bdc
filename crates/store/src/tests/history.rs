//! Intervals: seen, seen again, not looked at, gone, back.

use std::slice::from_ref;

use interdict_model::ObservationSource::{DebPackages, Import, Processes, Services};
use interdict_model::{Fault, Observation, ObservationSource, Presence, Scope};

use super::{NOW, collector, day, detection, header, observation, package, scan};
use crate::{DetectionFilter, EndedBy, RecordedScan, Span, Store};

/// First seen, last seen, gone: days of the month, 0 for never.
type Interval = (u32, u32, u32);

fn days(instants: [Option<String>; 3]) -> Interval {
    let [first, last, gone] = instants.map(|instant| instant.map_or(0, |text| text[8..10].parse().expect("a day")));
    (first, last, gone)
}

/// The intervals of everything called `name`, as the tables tell them.
fn intervals(store: &Store, name: &str) -> Vec<Interval> {
    let sql = "SELECT f.started, max(l.started, coalesce(CASE WHEN i.gone IS NULL THEN u.started END, '')), g.started \
               FROM installation i JOIN software s ON s.id = i.software \
               JOIN scan f ON f.id = i.first_seen JOIN scan l ON l.id = max(i.first_seen, i.last_seen) LEFT JOIN scan g ON g.id = i.gone \
               LEFT JOIN machine_source m ON m.machine = i.machine AND m.source = s.source \
               LEFT JOIN scan u ON u.id = m.full_scan WHERE s.name = ?1 ORDER BY i.number";
    let mut statement = store.connection.prepare(sql).expect("prepares");
    let rows = statement.query_map([name], |row| Ok(days([row.get(0)?, row.get(1)?, row.get(2)?]))).expect("queries");
    rows.map(Result::unwrap).collect()
}

fn detected(store: &Store) -> Vec<Interval> {
    let all = DetectionFilter { span: Span::All, ..DetectionFilter::default() };
    let rows = store.detections(&all).expect("reads");
    rows.into_iter().map(|row| days([Some(row.first_seen), Some(row.last_seen), row.gone])).collect()
}

struct Case {
    name: &'static str,
    /// Per day from the 1st: the covered sources, and whether it was seen.
    scans: &'static [(&'static [ObservationSource], bool)],
    intervals: &'static [Interval],
}

const CASES: &[Case] = &[
    Case { name: "seen", scans: &[(&[DebPackages], true)], intervals: &[(1, 1, 0)] },
    Case {
        name: "seen again",
        scans: &[(&[DebPackages], true), (&[DebPackages], true), (&[DebPackages], true)],
        intervals: &[(1, 3, 0)],
    },
    Case { name: "gone", scans: &[(&[DebPackages], true), (&[DebPackages], false)], intervals: &[(1, 1, 2)] },
    Case {
        name: "gone stays gone",
        scans: &[(&[DebPackages], true), (&[DebPackages], true), (&[DebPackages], false), (&[DebPackages], false)],
        intervals: &[(1, 2, 3)],
    },
    Case { name: "not looked at", scans: &[(&[DebPackages], true), (&[], false)], intervals: &[(1, 1, 0)] },
    Case {
        name: "another source looked at",
        scans: &[(&[DebPackages], true), (&[Services], false)],
        intervals: &[(1, 1, 0)],
    },
    Case { name: "seen in part", scans: &[(&[DebPackages], true), (&[], true)], intervals: &[(1, 2, 0)] },
    Case {
        name: "seen in part, then gone",
        scans: &[(&[DebPackages], true), (&[DebPackages], true), (&[], true), (&[], false), (&[DebPackages], false)],
        intervals: &[(1, 3, 5)],
    },
    Case {
        name: "not looked at, then gone",
        scans: &[(&[DebPackages], true), (&[DebPackages], true), (&[], false), (&[DebPackages], false)],
        intervals: &[(1, 2, 4)],
    },
    Case { name: "first seen in part", scans: &[(&[], true), (&[DebPackages], false)], intervals: &[(1, 1, 2)] },
    Case {
        name: "back",
        scans: &[(&[DebPackages], true), (&[DebPackages], false), (&[DebPackages], true), (&[DebPackages], true)],
        intervals: &[(1, 1, 2), (3, 4, 0)],
    },
    Case {
        name: "back and gone again",
        scans: &[(&[DebPackages], true), (&[DebPackages], false), (&[], true), (&[DebPackages], false)],
        intervals: &[(1, 1, 2), (3, 3, 4)],
    },
];

#[test]
fn installations_and_detections_keep_the_same_intervals() {
    for case in CASES {
        let mut store = Store::open_in_memory().expect("opens");
        for (number, &(covered, is_seen)) in (1..).zip(case.scans) {
            let (seen, found) = if is_seen {
                (vec![package("kesl")], vec![detection("kaspersky.kes-linux", Presence::Live, DebPackages)])
            } else {
                (vec![], vec![])
            };
            let recorded = scan(&mut store, number, covered, &seen, &found).expect("records");
            assert_eq!(recorded.new_installations, recorded.new_detections, "{} day {number}", case.name);
            assert_eq!(recorded.gone_installations, recorded.gone_detections, "{} day {number}", case.name);
            assert_eq!(store.check().expect("checks").problems, Vec::<String>::new(), "{} day {number}", case.name);
        }
        assert_eq!(intervals(&store, "kesl"), case.intervals, "installation: {}", case.name);
        assert_eq!(detected(&store), case.intervals, "detection: {}", case.name);
        let open = case.intervals.iter().filter(|interval| interval.2 == 0).count();
        assert_eq!(store.totals().expect("reads").installations, open, "{}", case.name);
        assert_eq!(store.observations_of("m1").expect("reads").len(), open, "{}", case.name);
    }
}

#[test]
fn what_is_recorded_is_what_is_asked_back() {
    let mut store = Store::open_in_memory().expect("opens");
    let mut full = Observation::new(ObservationSource::Programs);
    let text = |text: &str| Some(text.to_owned());
    full.name = text("Лаборатория Касперского");
    full.version = text("");
    full.publisher = text("AO Kaspersky Lab");
    full.install_location = text(r"C:\Program Files\Kaspersky");
    full.install_date = text("20240101");
    full.identifier = text("{GUID}");
    full.path = text(r"HKLM\SOFTWARE\x");
    full.signer = text("Kaspersky Lab JSC");
    full.arch = text("x86");
    full.display_name = text("a\0b");
    full.scope = Some(Scope::User("ada".to_owned()));
    full.raw.insert("status".to_owned(), "деинсталлировано".to_owned());
    let mut nameless = Observation::new(Import);
    nameless.scope = Some(Scope::User(String::new()));
    let mut machine_wide = package("kesl");
    machine_wide.scope = Some(Scope::Machine);
    let all = [full.clone(), nameless, machine_wide, full.clone(), package("kesl"), full];
    let recorded = scan(&mut store, 1, &[], &all, &[]).expect("records");
    assert_eq!(recorded.new_installations, all.len());
    assert_eq!(store.observations_of("m1").expect("reads"), all);
    assert_eq!(store.observations_of("m2").expect("reads"), []);
}

#[test]
fn raw_fields_and_dates_change_within_an_interval() {
    let mut store = Store::open_in_memory().expect("opens");
    let mut process = observation(Processes, "kesl", "12");
    process.raw.insert("pid".to_owned(), "1".to_owned());
    scan(&mut store, 1, &[Processes], &[process.clone()], &[]).expect("records");
    process.raw.insert("pid".to_owned(), "2".to_owned());
    process.install_date = Some("2026-11-02".to_owned());
    let recorded = scan(&mut store, 2, &[Processes], &[process.clone()], &[]).expect("records");
    assert_eq!((recorded.new_installations, recorded.gone_installations), (0, 0));
    assert_eq!(intervals(&store, "kesl"), [(1, 2, 0)]);
    assert_eq!(store.observations_of("m1").expect("reads"), [process]);
}

#[test]
fn equal_observations_are_counted_one_by_one() {
    let mut store = Store::open_in_memory().expect("opens");
    let three = vec![observation(Processes, "worker", "1"); 3];
    assert_eq!(scan(&mut store, 1, &[Processes], &three, &[]).expect("records").new_installations, 3);
    let recorded = scan(&mut store, 2, &[Processes], &three[..2], &[]).expect("records");
    assert_eq!((recorded.new_installations, recorded.gone_installations), (0, 1));
    assert_eq!(store.observations_of("m1").expect("reads").len(), 2);
}

#[test]
fn a_new_version_is_another_installation_in_the_same_detection() {
    let mut store = Store::open_in_memory().expect("opens");
    let mut found = detection("kaspersky.kes-linux", Presence::Live, DebPackages);
    scan(&mut store, 1, &[DebPackages], &[package("kesl")], &[found.clone()]).expect("records");
    found.version = Some("12.2".to_owned());
    found.presence = Presence::Dormant;
    let newer = observation(DebPackages, "kesl", "2.0");
    let recorded = scan(&mut store, 2, &[DebPackages], &[newer], &[found.clone()]).expect("records");
    let RecordedScan { new_installations, gone_installations, new_detections, gone_detections, .. } = recorded;
    assert_eq!((new_installations, gone_installations, new_detections, gone_detections), (1, 1, 0, 0));
    assert_eq!(detected(&store), [(1, 2, 0)]);
    let rows = store.detections(&DetectionFilter::default()).expect("reads");
    assert_eq!(rows[0].detection, found);
}

#[test]
fn a_detection_ends_when_one_source_of_its_evidence_was_looked_at() {
    let mut both = detection("kaspersky.kes-linux", Presence::Live, DebPackages);
    both.evidence.extend(detection("kaspersky.kes-linux", Presence::Live, Services).evidence);
    for (covered, ends) in
        [(&[][..], false), (&[Import], false), (&[DebPackages], true), (&[DebPackages, Services], true)]
    {
        let mut store = Store::open_in_memory().expect("opens");
        scan(&mut store, 1, &[DebPackages, Services], &[], &[both.clone()]).expect("records");
        let recorded = scan(&mut store, 2, covered, &[], &[]).expect("records");
        assert_eq!(recorded.gone_detections, usize::from(ends), "{covered:?}");
    }
}

#[test]
fn a_second_detection_of_one_product_gives_its_evidence_to_the_first() {
    let mut store = Store::open_in_memory().expect("opens");
    let first = detection("kaspersky.kes-linux", Presence::Live, DebPackages);
    let second = detection("kaspersky.kes-linux", Presence::Residue, Services);
    scan(&mut store, 1, &[], &[], &[first.clone(), second]).expect("records");
    let rows = store.detections(&DetectionFilter::default()).expect("reads");
    assert_eq!((rows.len(), rows[0].detection.presence, rows[0].detection.evidence.len()), (1, Presence::Live, 2));
}

#[test]
fn a_vendor_without_a_product_stands_beside_its_products() {
    let mut store = Store::open_in_memory().expect("opens");
    let product = detection("kaspersky.kes-linux", Presence::Live, DebPackages);
    let mut vendor = product.clone();
    vendor.product = None;
    scan(&mut store, 1, &[DebPackages], &[], &[product.clone(), vendor.clone()]).expect("records");
    let recorded = scan(&mut store, 2, &[DebPackages], &[], &[vendor.clone()]).expect("records");
    assert_eq!((recorded.new_detections, recorded.gone_detections), (0, 1));
    let rows = store.detections(&DetectionFilter::default()).expect("reads");
    assert_eq!(rows.into_iter().map(|row| row.detection).collect::<Vec<_>>(), [vendor]);
}

#[test]
fn an_older_scan_is_refused_where_it_read_the_same_source_and_overrules_nothing_elsewhere() {
    let mut store = Store::open_in_memory().expect("opens");
    let found = detection("kaspersky.kes-linux", Presence::Live, DebPackages);
    scan(&mut store, 10, &[DebPackages], &[package("kesl")], from_ref(&found)).expect("records");
    let error = scan(&mut store, 9, &[], &[package("kesl")], &[]).expect_err("is older");
    assert_eq!(error.code(), "store/older-scan");
    assert_eq!(store.totals().expect("reads").scans, 1);

    let mut older = header("m1", 5);
    older.machine.hostname = "old-name".to_owned();
    older.collectors = vec![];
    let ghost = detection("kaspersky.kes-linux", Presence::Ghost, Import);
    let row = observation(Import, "KESL", "12");
    store.record_scan(&older, NOW, "fleet.csv", &[Import], &[row], &[ghost]).expect("another source");
    let rows = store.detections(&DetectionFilter::default()).expect("reads");
    assert_eq!((rows.len(), &rows[0].detection), (1, &found));
    assert_eq!((rows[0].first_seen.clone(), rows[0].last_seen.clone()), (day(5), day(10)));
    let machines = store.machines().expect("reads");
    assert_eq!((machines[0].machine.hostname.as_str(), machines[0].installations), ("host-m1", 2));
    assert_eq!((machines[0].first_seen.clone(), machines[0].last_seen.clone()), (day(5), day(10)));
    assert_eq!(machines[0].collectors, header("m1", 10).collectors);
}

#[test]
fn a_scan_of_the_same_instant_may_be_recorded_twice() {
    let mut store = Store::open_in_memory().expect("opens");
    scan(&mut store, 1, &[DebPackages], &[package("kesl")], &[]).expect("records");
    let recorded = scan(&mut store, 1, &[DebPackages], &[package("kesl")], &[]).expect("records");
    assert_eq!((recorded.new_installations, recorded.gone_installations), (0, 0));
}

#[test]
fn an_error_in_the_middle_leaves_nothing_of_the_scan() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("interdict.db"), NOW).expect("opens");
    let found = detection("kaspersky.kes-linux", Presence::Live, DebPackages);
    scan(&mut store, 1, &[DebPackages], &[package("kesl")], &[found]).expect("records");
    let before = store.machines().expect("reads");
    let trigger = "CREATE TRIGGER fails BEFORE INSERT ON detection BEGIN SELECT RAISE (ABORT, 'in the middle'); END";
    store.connection.execute_batch(trigger).expect("a trigger");
    let other = detection("kaspersky.agent", Presence::Live, DebPackages);
    let new = [package("klnagent"), package("kesl-gui")];
    assert_eq!(scan(&mut store, 2, &[DebPackages], &new, from_ref(&other)).expect_err("fails").code(), "store/query");
    assert_eq!(store.replace_detections("m1", "2026.12", &[other]).expect_err("fails").code(), "store/query");
    assert_eq!(store.machines().expect("reads"), before);
    assert_eq!(store.observations_of("m1").expect("reads"), [package("kesl")]);
    assert_eq!(detected(&store), [(1, 1, 0)]);
    for table in ["software", "scan", "machine_source"] {
        let sql = format!("SELECT count(*) FROM {table}");
        assert_eq!(store.connection.query_row(&sql, [], |row| row.get::<_, i64>(0)), Ok(1), "{table}");
    }
}

#[test]
fn a_new_catalogue_replaces_detections_and_says_that_it_did() {
    let mut store = Store::open_in_memory().expect("opens");
    let kept = detection("kaspersky.kes-linux", Presence::Live, DebPackages);
    let dropped = detection("kaspersky.agent", Presence::Live, DebPackages);
    scan(&mut store, 1, &[DebPackages], &[package("kesl")], &[kept.clone(), dropped]).expect("records");
    let added = detection("kaspersky.vpn", Presence::Ghost, DebPackages);
    let replaced = store.replace_detections("m1", "2026.12", &[kept, added]).expect("replaces");
    assert_eq!((replaced.new_detections, replaced.gone_detections), (1, 1));
    let all = DetectionFilter { span: Span::All, ..DetectionFilter::default() };
    let rows = store.detections(&all).expect("reads");
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            let product = row.detection.product.as_ref().expect("a product").as_str();
            (product, row.catalogue_version.as_str(), row.gone.is_some(), row.ended_by)
        })
        .collect();
    let expected = [
        ("kaspersky.agent", "2026.11", true, Some(EndedBy::Catalogue)),
        ("kaspersky.kes-linux", "2026.12", false, None),
        ("kaspersky.vpn", "2026.12", false, None),
    ];
    assert_eq!(told, expected);
    assert_eq!(store.replace_detections("m9", "2026.12", &[]).expect_err("unknown").code(), "store/unknown-machine");
}

#[test]
fn instants_of_a_scan_are_checked_before_anything_is_written() {
    let mut store = Store::open_in_memory().expect("opens");
    let mut local = header("m1", 1);
    local.started = "2026-11-01T08:00:00+01:00".to_owned();
    let recorded = store.record_scan(&local, NOW, "x", &[], &[], &[]);
    assert_eq!(recorded.expect_err("is refused").code(), "store/instant");
    let recorded = store.record_scan(&header("m1", 1), "later", "x", &[], &[], &[]);
    assert_eq!(recorded.expect_err("is refused").code(), "store/instant");
    let mut twice = header("m1", 1);
    twice.collectors = vec![collector("a", interdict_model::CollectorStatus::Failed, Some("b")); 2];
    store.record_scan(&twice, NOW, "x", &[], &[], &[]).expect("one name may report twice");
    assert_eq!(store.machines().expect("reads")[0].collectors, twice.collectors);
}
