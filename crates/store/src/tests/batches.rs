//! Imports: one transaction, origins apart from each other, machines joined by rule, undone without a trace.

use interdict_model::{Fault, Observation, ObservationSource, Presence, ScanHeader};

use super::{NOW, day, detection, header, observation, package, scan};
use crate::undo_effect::{moved_as_counted, moved_as_logged};
use crate::{BatchHeader, BatchReject, BatchTitle, Claim, JoinRule, Store, StoreError, UndoEffect};

fn of_file(name: &str, sha256: &str, format: &str) -> BatchHeader {
    BatchHeader {
        file: name.to_owned(),
        sha256: sha256.to_owned(),
        bytes: 12,
        format: format.to_owned(),
        encoding: Some("UTF-8".to_owned()),
        layers: vec!["gzip".to_owned()],
        made: Some(day(20)),
        imported: NOW.to_owned(),
        keeps_days: None,
    }
}

fn program(name: &str) -> Observation {
    observation(ObservationSource::Programs, name, "1.0")
}

/// Imports what one tool tells of one machine.
fn import(
    store: &mut Store,
    sha256: &str,
    format: &str,
    told: (&ScanHeader, &[ObservationSource], &[Observation]),
) -> i64 {
    let (scan, covered, observations) = told;
    let mut batch = store.begin_batch(&of_file("x.json", sha256, format)).expect("begins");
    let claim = Claim { hostname: Some(scan.machine.hostname.clone()), ..Claim::default() };
    batch.record(scan, NOW, covered, observations, &[], (&claim, JoinRule::New)).expect("records");
    batch.finish(observations.len() as u64, 0, &[]).expect("finishes")
}

fn names(store: &Store, machine: &str) -> Vec<String> {
    store.observations_of(machine).expect("reads").iter().map(|found| found.title().to_owned()).collect()
}

#[test]
fn what_a_tool_no_longer_tells_closes_only_what_it_told() {
    let mut store = Store::open_in_memory().expect("opens");
    let covered = [ObservationSource::Programs];
    store.record_scan(&header("m1", 1), NOW, "x", &covered, &[program("own"), program("both")], &[]).expect("records");
    import(&mut store, "a", "glpi-json", (&header("m1", 2), &covered, &[program("both"), program("theirs")]));
    assert_eq!(names(&store, "m1"), ["own", "both", "both", "theirs"]);
    import(&mut store, "b", "glpi-json", (&header("m1", 3), &covered, &[program("theirs")]));
    assert_eq!(names(&store, "m1"), ["own", "both", "theirs"]);
    let origins: Vec<String> = store.told_of("m1").expect("reads").into_iter().map(|(origin, _)| origin).collect();
    assert_eq!(origins, ["interdict", "interdict", "glpi-json"]);
}

#[test]
fn a_part_of_a_list_closes_nothing() {
    let mut store = Store::open_in_memory().expect("opens");
    import(
        &mut store,
        "a",
        "glpi-json",
        (&header("m1", 1), &[ObservationSource::Programs], &[program("x"), program("y")]),
    );
    import(&mut store, "b", "glpi-json", (&header("m1", 2), &[], &[program("y")]));
    assert_eq!(names(&store, "m1"), ["x", "y"]);
}

#[test]
fn undoing_leaves_the_inventory_as_it_was() {
    let mut store = Store::open_in_memory().expect("opens");
    let covered = [ObservationSource::Programs];
    let dump = |store: &Store| -> Vec<String> {
        let mut all = Vec::new();
        for table in [
            "machine",
            "machine_name",
            "machine_source",
            "installation",
            "scan",
            "scan_collector",
            "detection",
            "batch_before",
        ] {
            let sql = format!("SELECT * FROM {table} ORDER BY 1, 2");
            let mut statement = store.connection.prepare(&sql).expect("prepares");
            let width = statement.column_count();
            let rows = statement
                .query_map([], |row| {
                    let cells: Vec<String> =
                        (0..width).map(|at| format!("{:?}", row.get_ref(at).expect("a value"))).collect();
                    Ok(cells.join(" "))
                })
                .expect("reads");
            all.extend(rows.map(|row| format!("{table}: {}", row.expect("a row"))));
        }
        all
    };
    import(&mut store, "a", "glpi-json", (&header("m1", 1), &covered, &[program("stays"), program("goes")]));
    let before = dump(&store);
    let mut altered = program("stays");
    altered.install_date = Some("2026-11-01".to_owned());
    let second = import(&mut store, "b", "glpi-json", (&header("m1", 2), &covered, &[altered, program("comes")]));
    let third = import(&mut store, "c", "glpi-json", (&header("m2", 2), &covered, &[program("elsewhere")]));
    assert_ne!(dump(&store), before);
    for id in [second, third] {
        let counted = moved_as_counted(&store.connection, id).expect("counts");
        assert_eq!(moved_as_logged(&store.connection, id).expect("reads"), Some(counted), "as the log has it");
    }
    assert_eq!(moved_as_logged(&store.connection, 99).expect("reads"), None, "nothing is known of it");
    let effect = |machines_gone, installations_back| UndoEffect {
        machines: 1,
        machines_gone,
        installations_gone: 1,
        installations_back,
    };
    assert_eq!(store.undo_effect(second).expect("is known beforehand"), effect(0, 1));
    assert_eq!(store.undo_effect(third).expect("is known beforehand"), effect(1, 0));
    assert_eq!(store.undo_batch(third, NOW).expect("undoes"), Vec::<String>::new(), "m2 is gone");
    assert_eq!(store.undo_batch(second, NOW).expect("undoes"), ["m1"]);
    assert_eq!(dump(&store), before);
    assert_eq!(store.undo_batch(second, NOW).expect_err("once").code(), "store/batch-undone");
    assert_eq!(store.undo_effect(second).expect_err("once").code(), "store/batch-undone");
    assert_eq!(store.undo_effect(99).expect_err("unknown").code(), "store/unknown-batch");
    assert_eq!(store.undo_batch(99, NOW).expect_err("unknown").code(), "store/unknown-batch");
    import(&mut store, "b", "glpi-json", (&header("m1", 2), &covered, &[program("comes")]));
}

/// What a batch tells of some machines, with what it comes to.
fn import_all(store: &mut Store, sha256: &str, day_of_month: u32, told: &[(&str, &str, &str)]) -> i64 {
    let mut batch = store.begin_batch(&of_file("x.json", sha256, "glpi-json")).expect("begins");
    for (machine, name, product) in told {
        let found = [detection(product, Presence::Live, ObservationSource::Programs)];
        let claim = Claim { hostname: Some(format!("host-{machine}")), ..Claim::default() };
        let covered = [ObservationSource::Programs];
        let told = header(machine, day_of_month);
        batch.record(&told, NOW, &covered, &[program(name)], &found, (&claim, JoinRule::New)).expect("records");
    }
    batch.finish(told.len() as u64, 0, &[]).expect("finishes")
}

#[test]
fn a_batch_of_many_machines_is_undone_beside_what_others_tell() {
    let mut store = Store::open_in_memory().expect("opens");
    import_all(&mut store, "a", 1, &[("m1", "old", "kesl"), ("m2", "old", "kesl"), ("m3", "old", "kesl")]);
    let whereabouts = |store: &Store| {
        assert_eq!(crate::rollup::differences(&store.connection).expect("counts"), 0, "the sets are right");
        assert_eq!(crate::check::problems_of_references(&store.connection).expect("looks"), Vec::<String>::new());
        let machines = store.machines().expect("reads").into_iter().map(|row| (row.machine.id, row.installations));
        let installed = ["m1", "m2", "m3"].map(|machine| names(store, machine));
        (machines.collect::<Vec<_>>(), installed, store.subjects().expect("reads"))
    };
    let before = whereabouts(&store);
    let told = [("m2", "new", "kesl"), ("m3", "new", "kes-win"), ("m4", "new", "kes-win"), ("m5", "old", "kesl")];
    let second = import_all(&mut store, "b", 2, &told);
    assert_ne!(whereabouts(&store), before);
    assert_eq!(store.undo_batch(second, NOW).expect("undoes"), ["m2", "m3"]);
    assert_eq!(whereabouts(&store), before);
    let is_on: i64 = store.connection.query_row("PRAGMA foreign_keys", [], |row| row.get(0)).expect("reads");
    assert_eq!(is_on, 1, "what refers to nothing is refused again");
}

/// A list of all scans of a batch for each of its machines would take hours for a large fleet.
#[test]
fn of_a_machine_only_its_own_rows_are_looked_at() {
    let store = Store::open_in_memory().expect("opens");
    for sql in crate::undo::OF_MACHINE {
        let mut statement = store.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("prepares");
        let steps = statement.query_map([1, 1], |row| row.get::<_, String>(3)).expect("asks");
        for step in steps.map(|step| step.expect("a step")) {
            assert!(!step.contains("SCAN installation") && !step.contains("scan_by_batch"), "{sql}: {step}");
        }
    }
}

#[test]
fn what_later_scans_build_on_cannot_be_undone() {
    let mut store = Store::open_in_memory().expect("opens");
    let first = import(&mut store, "a", "glpi-json", (&header("m1", 1), &[], &[program("x")]));
    scan(&mut store, 2, &[], &[package("kesl")], &[detection("kes", Presence::Live, ObservationSource::DebPackages)])
        .expect("records");
    let error = store.undo_batch(first, NOW).expect_err("is built upon");
    assert!(matches!(error, StoreError::BatchBuiltUpon { machines: 1, .. }), "{error}");
}

#[test]
fn a_machine_known_from_exports_is_the_one_that_a_scan_is_of() {
    let mut store = Store::open_in_memory().expect("opens");
    let mut told = header("import:host-m1", 1);
    told.machine.hostname = "HOST-M1".to_owned();
    import(&mut store, "a", "fleet", (&told, &[], &[program("x")]));
    scan(&mut store, 2, &[], &[package("kesl")], &[]).expect("records");
    let machines = store.machines().expect("reads");
    assert_eq!(machines.len(), 1);
    assert_eq!((machines[0].machine.id.as_str(), machines[0].scans), ("m1", 2));
    // Another machine of the same name that was scanned itself stays another.
    let mut other = header("m2", 3);
    other.machine.hostname = "host-m1".to_owned();
    store.record_scan(&other, NOW, "x", &[], &[], &[]).expect("records");
    assert_eq!(store.machines().expect("reads").len(), 2);
    assert_eq!(store.newest_scan("m1").expect("reads").expect("one").source_label, "this computer");
}

#[test]
fn the_same_file_is_known_again() {
    let mut store = Store::open_in_memory().expect("opens");
    assert_eq!(store.batch_of("a", None).expect("reads"), None);
    let id = import(&mut store, "a", "glpi-json", (&header("m1", 1), &[], &[program("x")]));
    let known = store.batch_of("a", None).expect("reads").expect("known");
    assert_eq!((known.id, known.used, known.machines), (id, 1, 1));
    assert_eq!(known.header, of_file("x.json", "a", "glpi-json"));
    assert!(store.begin_batch(&of_file("again.json", "a", "glpi-json")).is_err(), "the database sees to it, too");
}

#[test]
fn a_batch_that_is_dropped_leaves_nothing() {
    let mut store = Store::open_in_memory().expect("opens");
    let mut batch = store.begin_batch(&of_file("x", "a", "fleet")).expect("begins");
    batch.title(&BatchTitle { observation: program("x"), devices: Some(4) }).expect("keeps");
    drop(batch);
    assert_eq!(store.batches().expect("reads"), []);
}

#[test]
fn rejects_are_kept_with_place_and_reason_and_all_are_counted() {
    let mut store = Store::open_in_memory().expect("opens");
    let mut batch = store.begin_batch(&of_file("x", "a", "fleet")).expect("begins");
    for line in 1..=10_005 {
        let reject =
            BatchReject { place: format!("line {line}"), reason: "no name".to_owned(), excerpt: "{}".to_owned() };
        batch.reject(&reject).expect("keeps");
    }
    let id = batch.finish(0, 10_005, &[("removed", 3)]).expect("finishes");
    let row = store.batch(id).expect("reads").expect("known");
    assert_eq!((row.rejected, row.skipped), (10_005, vec![("removed".to_owned(), 3)]));
    let rejects = store.batch_rejects(id).expect("reads");
    assert_eq!((rejects.len(), rejects[9].place.as_str()), (10_000, "line 10"));
}

#[test]
fn machines_are_joined_by_the_strongest_key_that_decides() {
    let mut store = Store::open_in_memory().expect("opens");
    let claim = |tool: &str, uuid: &str, hostname: &str, domain: &str| {
        let known = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Claim {
            tool_id: known(tool),
            uuid: known(uuid),
            hostname: known(hostname),
            domain: known(domain),
            ..Claim::default()
        }
    };
    let mut batch = store.begin_batch(&of_file("x", "a", "fleet")).expect("begins");
    for (id, claim) in [
        ("one", claim("1", "AAAA-1", "PC-1", "a.example")),
        ("two", claim("2", "BBBB-2", "PC-2", "")),
        ("three", claim("3", "", "PC-3", "a.example")),
        ("four", claim("4", "", "PC-3", "b.example")),
    ] {
        batch.record(&header(id, 1), NOW, &[], &[], &[], (&claim, JoinRule::New)).expect("records");
    }
    let cases = [
        (claim("1", "", "renamed", ""), (Some("one"), JoinRule::ToolId)),
        (claim("", "aaaa-1", "renamed", ""), (Some("one"), JoinRule::Uuid)),
        (claim("", "", "pc-1.A.example", ""), (Some("one"), JoinRule::Fqdn)),
        (claim("", "", "PC-2", ""), (Some("two"), JoinRule::Hostname)),
        // The same name, another machine: its hardware says so.
        (claim("", "CCCC-3", "PC-2", ""), (None, JoinRule::Namesake)),
        // Two machines of that name: it decides nothing.
        (claim("", "", "PC-3", ""), (None, JoinRule::Namesake)),
        (claim("", "", "PC-3", "b.example"), (Some("four"), JoinRule::Fqdn)),
        (claim("", "", "PC-1", "other.example"), (None, JoinRule::Namesake)),
        (claim("", "", "nobody", ""), (None, JoinRule::New)),
    ];
    for (claim, expected) in cases {
        let found = batch.find_machine(&claim).expect("reads");
        assert_eq!((found.0.as_deref(), found.1), expected, "{claim:?}");
    }
}

#[test]
fn an_inventory_of_before_is_upgraded_with_its_machines_known_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("interdict.db");
    let before = &crate::schema::MIGRATIONS[..3];
    let connection = rusqlite::Connection::open(&path).expect("opens");
    connection.pragma_update(None, "application_id", crate::schema::APPLICATION_ID).expect("sets");
    let mut connection = connection;
    crate::schema::migrate(&mut connection, before).expect("migrates");
    connection
        .execute_batch(
            "INSERT INTO machine VALUES (1, 'm1', 'Web-01.a.example', 'linux', 'x', '1', 'x', 1);
             INSERT INTO scan (id, machine, started, finished, tool_version, catalogue_version, probe_count, source_label,
                 covered, observation_count) VALUES (1, 1, '2026-11-01T08:00:00Z', '2026-11-01T08:00:00Z', 'x', 'x', 1,
                 'x', '[]', 1);
             INSERT INTO software (id, fingerprint, source, registration, name) VALUES (1, 0, 'deb_packages', 1, 'kesl');
             INSERT INTO installation (machine, number, software, first_seen, last_seen) VALUES (1, 1, 1, 1, 1);
             INSERT INTO machine_source VALUES (1, 'deb_packages', 1, 1);",
        )
        .expect("fills");
    drop(connection);
    let mut store = Store::open(&path, NOW).expect("upgrades");
    assert_eq!(store.told_of("m1").expect("reads")[0].0, "interdict");
    let batch = store.begin_batch(&of_file("x", "a", "fleet")).expect("begins");
    for hostname in ["WEB-01", "web-01.A.example"] {
        let claim = Claim { hostname: Some(hostname.to_owned()), ..Claim::default() };
        assert_eq!(batch.find_machine(&claim).expect("reads").0.as_deref(), Some("m1"), "{hostname}");
    }
    drop(batch);
    scan(&mut store, 2, &[ObservationSource::DebPackages], &[], &[]).expect("records");
    assert_eq!(names(&store, "m1"), Vec::<String>::new(), "what is covered is gone");
}

#[test]
fn what_was_before_and_is_forgotten_cannot_be_undone() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("interdict.db"), NOW).expect("opens");
    let covered = [ObservationSource::Programs];
    import(&mut store, "a", "glpi-json", (&header("m1", 1), &covered, &[program("x"), program("y")]));
    let second = import(&mut store, "b", "glpi-json", (&header("m1", 2), &covered, &[program("y")]));
    import(&mut store, "c", "glpi-json", (&header("m2", 1), &covered, &[program("z")]));
    let tried =
        store.forget("2026-11-22T00:00:00Z", crate::ForgetScope::PAST, crate::Trial::Tried, NOW).expect("tries");
    assert_eq!(tried.installations, 1);
    store.forget("2026-11-23T00:00:00Z", crate::ForgetScope::PAST, crate::Trial::Done, NOW).expect("forgets");
    assert_eq!(store.undo_batch(second, NOW).expect_err("sealed").code(), "store/batch-sealed");
    assert_eq!(names(&store, "m1"), ["y"]);
    store
        .forget("2026-11-24T00:00:00Z", crate::ForgetScope::UNSEEN_MACHINES, crate::Trial::Done, NOW)
        .expect("forgets");
    assert_eq!(store.machines().expect("reads"), []);
}
