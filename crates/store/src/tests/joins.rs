//! Two machines that become one: nothing of either is lost, the sets stay right, and imports stay undoable.

use interdict_model::{Detection, Fault, Observation, ObservationSource, Presence, ScanHeader};

use super::{NOW, day, detection, header, observation, scan};
use crate::{BatchHeader, Claim, JoinRequest, JoinRule, Joined, Store, StoreError, Trial};

const PROGRAMS: ObservationSource = ObservationSource::Programs;

fn program(name: &str) -> Observation {
    observation(PROGRAMS, name, "1.0")
}

/// What observations come to in these tests: everything that is called `kes`.
fn come_to(observations: &[Observation]) -> Vec<Detection> {
    let is_there = observations.iter().any(|one| one.name.as_deref() == Some("kes"));
    is_there.then(|| detection("kes", Presence::Live, PROGRAMS)).into_iter().collect()
}

/// Imports what a tool tells of one machine on a day, by names; whole or a part.
fn import(store: &mut Store, (machine, day_of_month): (&str, u32), format: &str, is_whole: bool, told: &[&str]) -> i64 {
    let scan: ScanHeader = header(machine, day_of_month);
    let batch = BatchHeader {
        file: "x.json".to_owned(),
        sha256: format!("{machine} {day_of_month} {format}"),
        bytes: 1,
        format: format.to_owned(),
        encoding: None,
        layers: Vec::new(),
        made: None,
        imported: NOW.to_owned(),
        keeps_days: None,
    };
    let mut batch = store.begin_batch(&batch).expect("begins");
    let claim = Claim { hostname: Some(scan.machine.hostname.clone()), ..Claim::default() };
    let told: Vec<Observation> = told.iter().map(|name| program(name)).collect();
    let covered: &[ObservationSource] = if is_whole { &[PROGRAMS] } else { &[] };
    let found = come_to(&told);
    batch.record(&scan, NOW, covered, &told, &found, (&claim, JoinRule::New)).expect("records");
    batch.finish(told.len() as u64, 0, &[]).expect("finishes")
}

fn join(store: &mut Store, gone: &str, stays: &str, trial: Trial) -> Result<Joined, StoreError> {
    let request = JoinRequest { gone, stays, format: "fleet", told: "device", catalogue_version: "2026.11", now: NOW };
    let (_, joined) = store.join_machines(&request, trial, &come_to)?;
    assert!(store.check().expect("reads").problems.is_empty(), "{:?}", store.check());
    assert!(store.verify_log(&[]).is_ok_and(|verified| verified.fault.is_none()), "the chain holds");
    Ok(joined)
}

/// What ever was on a machine: name, first seen, last seen, gone; days only.
fn intervals(store: &Store, machine: &str) -> Vec<(String, String, String, String)> {
    let past = store.past().expect("reads");
    let mut all = crate::installations::intervals_where(&store.connection, "1", [machine]).expect("reads");
    drop(past);
    all.sort_by_key(|interval| (interval.observation.name.clone(), interval.first_seen.clone()));
    let day = |instant: &str| instant[8..10].to_owned();
    all.into_iter()
        .map(|interval| {
            let gone = interval.gone.as_deref().map(day).unwrap_or_default();
            let name = interval.observation.name.unwrap_or_default();
            (name, day(&interval.first_seen), day(&interval.last_seen), gone)
        })
        .collect()
}

fn texts(rows: &[(String, String, String, String)]) -> Vec<[&str; 4]> {
    rows.iter().map(|(name, first, last, gone)| [name.as_str(), first, last, gone]).collect()
}

#[test]
fn what_two_tools_told_of_two_machines_stands_side_by_side_on_one() {
    let mut store = Store::open_in_memory().expect("opens");
    import(&mut store, ("a", 1), "glpi-json", true, &["kes", "was"]);
    import(&mut store, ("a", 3), "glpi-json", true, &["kes"]);
    import(&mut store, ("b", 2), "fleet", true, &["kes", "other"]);
    import(&mut store, ("c", 2), "fleet", true, &["other"]);
    let tried = join(&mut store, "b", "a", Trial::Tried).expect("is worked out");
    assert_eq!(store.machines().expect("reads").len(), 3, "nothing was kept");
    let done = join(&mut store, "b", "a", Trial::Done).expect("joins");
    assert_eq!(done, tried);
    assert_eq!((done.machine_id.as_str(), done.former_id.as_str(), done.scans), ("a", "b", 1));
    assert_eq!((done.installations, done.united, done.closed), (2, 0, 0));
    assert_eq!(
        texts(&intervals(&store, "a")),
        [["kes", "01", "03", ""], ["kes", "02", "02", ""], ["other", "02", "02", ""], ["was", "01", "01", "03"]]
    );
    let machines = store.machines().expect("reads");
    assert_eq!(machines.len(), 2);
    let found = store.detections(&crate::DetectionFilter::default()).expect("reads");
    assert_eq!(found.len(), 1, "what both had is one");
    assert_eq!((&found[0].first_seen, &found[0].last_seen), (&day(1), &day(3)));
    assert_eq!(store.machine_by_id("b").expect("reads").as_deref(), Some("a"), "by its former id it is still meant");
    let batch = store.begin_batch(&batch_of("again")).expect("begins");
    let by_id = Claim { machine_id: Some("b".to_owned()), ..Claim::default() };
    assert_eq!(batch.find_machine(&by_id).expect("reads").0.as_deref(), Some("a"));
    let by_name = Claim { hostname: Some("host-b".to_owned()), ..Claim::default() };
    assert_eq!(batch.find_machine(&by_name).expect("reads").0.as_deref(), Some("a"));
}

fn batch_of(sha256: &str) -> BatchHeader {
    BatchHeader {
        file: "x".to_owned(),
        sha256: sha256.to_owned(),
        bytes: 1,
        format: "fleet".to_owned(),
        encoding: None,
        layers: Vec::new(),
        made: None,
        imported: NOW.to_owned(),
        keeps_days: None,
    }
}

#[test]
fn what_one_tool_told_of_both_becomes_one_history() {
    for (gone, stays) in [("a", "b"), ("b", "a")] {
        let mut store = Store::open_in_memory().expect("opens");
        // A machine that was renamed: `a` until the second, `b` from the third on.
        import(&mut store, ("a", 1), "fleet", true, &["early", "kes", "stays"]);
        import(&mut store, ("a", 2), "fleet", true, &["kes", "late", "stays"]);
        import(&mut store, ("b", 3), "fleet", true, &["stays"]);
        import(&mut store, ("b", 4), "fleet", true, &["late", "stays"]);
        let joined = join(&mut store, gone, stays, Trial::Done).expect("joins");
        assert_eq!((joined.united, joined.closed, joined.gone_detections), (1, 2, 1), "{gone}");
        assert_eq!(
            texts(&intervals(&store, stays)),
            [
                ["early", "01", "01", "02"],
                ["kes", "01", "02", "03"],
                ["late", "02", "02", "03"],
                ["late", "04", "04", ""],
                ["stays", "01", "04", ""],
            ],
            "{gone}"
        );
        let machine = &store.machines().expect("reads")[0].machine;
        assert_eq!((machine.id.as_str(), machine.hostname.as_str()), (stays, "host-b"), "as it was last told of");
        import(&mut store, (stays, 5), "fleet", true, &["stays"]);
        assert!(store.check().expect("reads").problems.is_empty());
        assert_eq!(texts(&intervals(&store, stays)).iter().filter(|row| row[3].is_empty()).count(), 1);
    }
}

#[test]
fn imports_of_a_machine_that_was_joined_are_undone_one_by_one() {
    let mut store = Store::open_in_memory().expect("opens");
    let first = import(&mut store, ("a", 1), "fleet", true, &["kes", "stays"]);
    let second = import(&mut store, ("b", 2), "fleet", true, &["stays", "comes"]);
    let third = import(&mut store, ("b", 3), "fleet", true, &["stays", "comes"]);
    join(&mut store, "b", "a", Trial::Done).expect("joins");
    for (id, left) in [
        (third, vec![["comes", "02", "02", ""], ["kes", "01", "01", "02"], ["stays", "01", "02", ""]]),
        (second, vec![["kes", "01", "01", ""], ["stays", "01", "01", ""]]),
    ] {
        store.undo_effect(id).expect("is known beforehand");
        let machines = store.undo_batch(id, NOW).expect("undoes");
        assert_eq!(machines, ["a"]);
        let observations = store.observations_of("a").expect("reads");
        store.replace_detections("a", "2026.11", &come_to(&observations)).expect("works out");
        assert_eq!(texts(&intervals(&store, "a")), left);
        assert!(store.check().expect("reads").problems.is_empty(), "{:?}", store.check());
    }
    store.undo_batch(first, NOW).expect("undoes");
    assert!(store.machines().expect("reads").is_empty());
    assert!(store.check().expect("reads").problems.is_empty());
}

#[test]
fn older_data_that_came_later_seals_its_import() {
    let mut store = Store::open_in_memory().expect("opens");
    let newer = import(&mut store, ("b", 5), "fleet", true, &["stays"]);
    let older = import(&mut store, ("a", 1), "fleet", true, &["stays", "gone"]);
    let joined = join(&mut store, "b", "a", Trial::Done).expect("joins");
    assert_eq!(joined.sealed_imports, [older]);
    assert_eq!(texts(&intervals(&store, "a")), [["gone", "01", "01", "05"], ["stays", "01", "05", ""]]);
    assert_eq!(store.undo_batch(older, NOW).expect_err("is sealed").code(), "store/batch-sealed");
    assert_eq!(store.undo_batch(newer, NOW).expect_err("rests on it").code(), "store/batch-built-upon");
}

#[test]
fn parts_of_lists_end_nothing_and_the_scanned_one_keeps_its_id() {
    let mut store = Store::open_in_memory().expect("opens");
    scan(&mut store, 1, &[PROGRAMS], &[program("own")], &[]).expect("records");
    import(&mut store, ("m1", 2), "table", false, &["x", "y"]);
    import(&mut store, ("import:pc", 4), "table", false, &["x"]);
    let joined = join(&mut store, "m1", "import:pc", Trial::Done).expect("joins");
    assert_eq!((joined.machine_id.as_str(), joined.former_id.as_str()), ("m1", "import:pc"));
    assert_eq!(
        texts(&intervals(&store, "m1")),
        [["own", "01", "01", ""], ["x", "02", "04", ""], ["y", "02", "02", ""]]
    );
    scan(&mut store, 6, &[PROGRAMS], &[program("own")], &[]).expect("comes back by its id");
    assert_eq!(store.machines().expect("reads").len(), 1);
    let mut other = header("m2", 7);
    other.machine.hostname = "elsewhere".to_owned();
    store.record_scan(&other, NOW, "x", &[], &[], &[]).expect("records");
    assert_eq!(join(&mut store, "m2", "m1", Trial::Done).expect_err("both scanned").code(), "store/both-scanned");
    assert_eq!(join(&mut store, "import:pc", "m1", Trial::Done).expect_err("one").code(), "store/one-machine");
    assert_eq!(join(&mut store, "nobody", "m1", Trial::Done).expect_err("unknown").code(), "store/unknown-machine");
}

/// A few steps, any of them: import something of some day, join two machines, take an import back. However they follow each
/// other, nothing leads nowhere, and sets and counts are what the rows say.
#[test]
fn whatever_is_imported_joined_and_undone_the_database_stays_sound() {
    for seed in 1..=120_u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut any = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut store = Store::open_in_memory().expect("opens");
        let mut steps = Vec::new();
        let mut batches = Vec::new();
        for number in 0..14 {
            let machines: Vec<String> =
                store.machines().expect("reads").into_iter().map(|machine| machine.machine.id).collect();
            match any(8) {
                0 | 1 if machines.len() > 1 => {
                    let gone = &machines[usize::try_from(any(machines.len() as u64)).expect("small")];
                    let stays = &machines[usize::try_from(any(machines.len() as u64)).expect("small")];
                    let request = JoinRequest { gone, stays, format: "x", told: "y", catalogue_version: "1", now: NOW };
                    let is_done = store.join_machines(&request, Trial::Done, &come_to).is_ok();
                    steps.push(format!("join {gone} into {stays}: {is_done}"));
                }
                2 if !batches.is_empty() => {
                    let id = batches[usize::try_from(any(batches.len() as u64)).expect("small")];
                    let undone = store.undo_batch(id, NOW);
                    for machine in undone.iter().flatten() {
                        let observations = store.observations_of(machine).expect("reads");
                        store.replace_detections(machine, "1", &come_to(&observations)).expect("works out");
                    }
                    steps.push(format!("undo {id}: {}", undone.is_ok()));
                }
                _ => {
                    let machine = ["a", "b", "c"][usize::try_from(any(3)).expect("small")];
                    let format = ["fleet", "wazuh"][usize::try_from(any(2)).expect("small")];
                    let (day, is_whole) = (u32::try_from(1 + any(25)).expect("small"), any(3) > 0);
                    let told: Vec<&str> = ["kes", "x", "y", "z"].into_iter().filter(|_| any(2) == 0).collect();
                    let id = try_import(&mut store, (machine, day), (format, number), is_whole, &told);
                    steps.push(format!("import {id:?}: {format} of {machine} on {day}, whole {is_whole}: {told:?}"));
                    batches.extend(id);
                }
            }
            let checked = store.check().expect("reads");
            assert!(checked.problems.is_empty(), "seed {seed}: {:?} after {steps:#?}", checked.problems);
        }
    }
}

/// As [`import`], with anything that is refused left out.
fn try_import(
    store: &mut Store,
    (machine, day): (&str, u32),
    (format, number): (&str, u32),
    is_whole: bool,
    told: &[&str],
) -> Option<i64> {
    let id = store.machine_by_id(machine).expect("reads").unwrap_or_else(|| machine.to_owned());
    let header = header(&id, day);
    let mut batch = batch_of(&number.to_string());
    batch.format = format.to_owned();
    let mut batch = store.begin_batch(&batch).expect("begins");
    let told: Vec<Observation> = told.iter().map(|name| program(name)).collect();
    let mut all: Vec<Observation> = batch.told_of(&id).expect("reads").into_iter().map(|(_, one)| one).collect();
    all.extend(told.iter().cloned());
    let covered: &[ObservationSource] = if is_whole { &[PROGRAMS] } else { &[] };
    let claim = Claim { tool_id: Some(machine.to_owned()), ..Claim::default() };
    batch.record(&header, NOW, covered, &told, &come_to(&all), (&claim, JoinRule::New)).ok()?;
    Some(batch.finish(1, 0, &[]).expect("finishes"))
}
