//! The log: what writes to it, what may not, and every way of tampering with it on a real file.

use std::path::{Path, PathBuf};

use interdict_model::ObservationSource::{DebPackages, Import};
use interdict_model::Presence;
use proptest::prelude::*;
use rusqlite::Connection;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::{NOW, day, detection, header, package, scan};
use crate::{
    ExpectedHead, ForgetScope, HeadAnswer, LOG_GENESIS, LogEntry, LogFault, LogFaultKind, LogKind, NewLogEntry,
    Options, Replace, Store, Trial, Verification, restore, schema,
};

const UNGUARDED: &str =
    "DROP TRIGGER log_stays_as_it_is; DROP TRIGGER log_stays_whole; DROP TRIGGER log_grows_at_its_end;";

fn entries(store: &Store) -> Vec<LogEntry> {
    store.log_entries(0, None).expect("reads")
}

fn body(entry: &LogEntry) -> Value {
    serde_json::from_str(&entry.body).expect("JSON")
}

fn heads(given: &[&str]) -> Vec<ExpectedHead> {
    given.iter().map(|head| head.parse().expect("a head")).collect()
}

/// The hash as `docs/log.md` describes it, written down once more.
fn hash(number: i64, entry: &LogEntry) -> String {
    let parts = ["interdict-log/v1", &number.to_string(), &entry.instant, &entry.kind, &entry.body, &entry.previous];
    let netstrings: Vec<String> = parts.iter().map(|part| format!("{}:{part},", part.len())).collect();
    sha256(&netstrings.concat())
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// A database on a disk with seven entries: the beginning, five scans and a setting.
fn filled() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("interdict.db");
    let mut store = Store::open(&path, NOW).expect("opens");
    for number in 1..=5 {
        scan(&mut store, number, &[DebPackages], &[package("kesl")], &[]).expect("records");
    }
    store.record_setting("profiles", "[\"us-private\"]", profiles).expect("sets");
    assert_eq!(entries(&store).len(), 7);
    (folder, path)
}

fn profiles(before: Option<&str>) -> NewLogEntry {
    NewLogEntry { instant: NOW.to_owned(), kind: LogKind::SettingChanged, body: json!({ "from": before }) }
}

fn verified(path: &Path, given: &[&str]) -> Verification {
    Store::open(path, NOW).expect("opens").verify_log(&heads(given)).expect("walks")
}

#[test]
fn a_scan_is_one_entry_that_says_what_was_recorded() {
    let mut store = Store::open_in_memory().expect("opens");
    let head = store.log_head().expect("reads").expect("a beginning");
    let observations = [package("kesl"), package("zsh")];
    let found = [detection("kaspersky.kes-linux", Presence::Live, DebPackages)];
    scan(&mut store, 1, &[DebPackages, Import], &observations, &found).expect("records");
    let [first, second] = entries(&store).try_into().expect("two entries");
    assert_eq!((first.kind.as_str(), first.previous.as_str()), ("log-begun", LOG_GENESIS));
    assert_eq!(first.hash, head.hash);
    assert_eq!((second.number, second.kind.as_str(), second.instant), (2, "scan", day(1)));
    assert_eq!(second.previous, first.hash);
    let lines: String = observations.iter().map(|one| serde_json::to_string(one).expect("JSON") + "\n").collect();
    let digest = sha256(&lines);
    let said = serde_json::from_str::<Value>(&second.body).expect("JSON");
    assert_eq!(
        said,
        json!({
            "scan": 1, "machine": "m1", "hostname": "host-m1", "from": "this computer", "started": day(1),
            "tool_version": "0.1.0", "catalogue_version": "2026.11", "observations": 2, "observations_sha256": digest,
            "covered": ["deb_packages", "import"],
            "not_complete": [{ "collector": "linux/systemd", "status": "partial" }],
            "new_installations": 2, "gone_installations": 0, "new_detections": 1, "gone_detections": 0,
        })
    );
    assert!(
        second.body.starts_with("{\"catalogue_version\":\"2026.11\",\"covered\":[\"deb_packages\","),
        "{}",
        second.body
    );
}

#[test]
fn what_is_not_recorded_is_not_in_the_log_either() {
    let mut store = Store::open_in_memory().expect("opens");
    scan(&mut store, 2, &[DebPackages], &[package("kesl")], &[]).expect("records");
    let before = entries(&store);
    scan(&mut store, 1, &[DebPackages], &[package("kesl")], &[]).expect_err("is older");
    store
        .record_setting("profiles", "[]", |_| NewLogEntry { instant: "now".to_owned(), ..profiles(None) })
        .expect_err("no instant");
    assert_eq!(store.setting("profiles").expect("reads"), None);
    assert_eq!(entries(&store), before);
}

#[test]
fn a_setting_is_logged_when_it_changes() {
    let mut store = Store::open_in_memory().expect("opens");
    for (value, is_new) in [("[]", true), ("[]", false), ("[\"a\"]", true)] {
        assert_eq!(store.record_setting("profiles", value, profiles).expect("sets"), is_new, "{value}");
        assert_eq!(store.setting("profiles").expect("reads").as_deref(), Some(value));
    }
    let said: Vec<Value> = entries(&store).iter().skip(1).map(body).collect();
    assert_eq!(said, [json!({ "from": null }), json!({ "from": "[]" })]);
}

#[test]
fn what_is_forgotten_is_logged_when_it_is_done() {
    let (_folder, path) = filled();
    let mut store = Store::open(&path, NOW).expect("opens");
    store.forget("2026-11-04T00:00:00Z", ForgetScope::PAST, Trial::Tried, NOW).expect("tries");
    assert_eq!(entries(&store).len(), 7);
    store.forget("2026-11-04T00:00:00Z", ForgetScope::PAST, Trial::Done, NOW).expect("forgets");
    let last = entries(&store).pop().expect("an entry");
    assert_eq!((last.number, last.kind.as_str(), last.instant.as_str()), (8, "forgotten", NOW));
    assert_eq!(body(&last)["before"], "2026-11-04T00:00:00Z");
    assert!(store.verify_log(&[]).expect("walks").is_good());
}

#[test]
fn a_restored_log_is_the_backups_and_names_the_head_it_replaced() {
    let (folder, path) = filled();
    let mut store = Store::open(&path, NOW).expect("opens");
    let backup = folder.path().join("backup.db");
    store.back_up(&backup, Replace::Nothing).expect("backs up");
    let of_backup = store.log_head().expect("reads").expect("a head");
    scan(&mut store, 6, &[DebPackages], &[package("kesl")], &[]).expect("records");
    let lost = store.log_head().expect("reads").expect("a head");
    drop(store);
    restore(&path, &backup, NOW, Options::default()).expect("restores");
    let store = Store::open(&path, NOW).expect("opens");
    let last = entries(&store).pop().expect("an entry");
    assert_eq!((last.number, last.kind.as_str()), (8, "restored"));
    let said = body(&last);
    assert_eq!(said["replaced_head"], json!({ "number": lost.number, "hash": lost.hash }));
    assert_eq!(said["from"], backup.display().to_string());
    let verification = store.verify_log(&heads(&[&of_backup.to_string(), &lost.to_string()])).expect("walks");
    assert_eq!(verification.fault, None);
    let answers: Vec<HeadAnswer> = verification.heads.iter().map(|check| check.answer).collect();
    assert_eq!(answers, [HeadAnswer::Confirmed { entry: 7 }, HeadAnswer::Replaced { entry: 8 }]);
    drop(store);

    // Into a database that holds nothing, from a backup of before there was a log.
    let old = folder.path().join("old.db");
    drop(Store::open_migrating(&old, NOW, Options::default(), &schema::MIGRATIONS[..2]).expect("opens"));
    let fresh = folder.path().join("fresh.db");
    restore(&fresh, &old, NOW, Options::default()).expect("restores");
    let store = Store::open(&fresh, NOW).expect("opens");
    let all = entries(&store);
    assert_eq!(all.iter().map(|entry| entry.kind.as_str()).collect::<Vec<_>>(), ["log-begun", "restored"]);
    assert_eq!(body(&all[1])["replaced_head"], Value::Null);
    assert!(store.verify_log(&[]).expect("walks").is_good());
}

#[test]
fn entries_come_in_pages() {
    let (_folder, path) = filled();
    let store = Store::open(&path, NOW).expect("opens");
    let numbers = |after, limit| -> Vec<i64> {
        store.log_entries(after, limit).expect("reads").iter().map(|entry| entry.number).collect()
    };
    assert_eq!(numbers(0, Some(2)), [1, 2]);
    assert_eq!(numbers(2, Some(3)), [3, 4, 5]);
    assert_eq!(numbers(5, None), [6, 7]);
    assert_eq!(numbers(7, None), [0; 0]);
}

#[test]
fn a_database_from_before_the_log_says_so_in_entry_1() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("interdict.db");
    let old = &schema::MIGRATIONS[..2];
    drop(Store::open_migrating(&path, NOW, Options::default(), old).expect("opens"));
    let older = Connection::open(&path).expect("opens");
    let machine = "INSERT INTO machine VALUES (1, 'm1', 'h', 'linux', 'Debian', '13', 'x', 0);";
    let scan = "INSERT INTO scan VALUES (NULL, 1, '2026-11-01T08:00:00Z', '2026-11-01T08:00:00Z', '0', '0', 0, 'x', '[]', 0, NULL);";
    older.execute_batch(&format!("{machine} {scan} {scan} {scan}")).expect("is filled");
    drop(older);
    let store = Store::open(&path, "2026-11-23T09:00:00Z").expect("upgrades");
    let [first] = entries(&store).try_into().expect("one entry");
    assert_eq!((first.kind.as_str(), first.instant.as_str()), ("log-begun", "2026-11-23T09:00:00Z"));
    assert_eq!(body(&first), json!({ "machines": 1, "scans": 3 }));
    assert_eq!(store.setting("log-to-begin").expect("reads"), None);
    drop(store);
    let store = Store::open(&path, "2026-11-24T09:00:00Z").expect("opens again");
    assert_eq!(entries(&store).len(), 1, "a log begins once");
    assert!(store.verify_log(&[]).expect("walks").is_good());
}

#[test]
fn an_upgrade_that_was_killed_before_entry_1_gets_it_at_the_next_opening() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("interdict.db");
    drop(Store::open_migrating(&path, NOW, Options::default(), &schema::MIGRATIONS[..2]).expect("opens"));
    let mut killed = Connection::open(&path).expect("opens");
    schema::migrate(&mut killed, &schema::MIGRATIONS).expect("migrates");
    drop(killed);
    let store = Store::open(&path, NOW).expect("opens");
    assert!(store.verify_log(&[]).expect("walks").is_good());
    assert_eq!(entries(&store).len(), 1);
}

#[test]
fn many_writers_make_one_chain() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("interdict.db");
    let patient = Options { busy_timeout: std::time::Duration::from_mins(5) };
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let path = &path;
            scope.spawn(move || {
                let mut store = Store::open_with(path, NOW, patient).expect("opens");
                for turn in 0..5 {
                    let header = header(&format!("m{writer}"), turn + 1);
                    store.record_scan(&header, &day(turn + 1), "x", &[], &[package("kesl")], &[]).expect("records");
                }
            });
        }
    });
    let verification = verified(&path, &[]);
    assert!(verification.is_good(), "{verification:?}");
    assert_eq!((verification.entries, verification.intact), (21, 21));
}

#[test]
fn entries_are_neither_changed_nor_deleted_nor_put_between() {
    let (_folder, path) = filled();
    let other = Connection::open(&path).expect("opens");
    let row = |number: i64, previous: &str| {
        format!("INTO log VALUES ({number}, '{NOW}', 'scan', '{{}}', '{previous}', '{}')", "a".repeat(64))
    };
    let last = entries(&Store::open(&path, NOW).expect("opens"))[6].hash.clone();
    for (sql, complaint) in [
        ("UPDATE log SET body = '{}' WHERE number = 2".to_owned(), "never changed"),
        ("UPDATE OR REPLACE log SET number = 3 WHERE number = 2".to_owned(), "never changed"),
        ("DELETE FROM log WHERE number = 7".to_owned(), "never deleted"),
        ("DELETE FROM log".to_owned(), "never deleted"),
        (format!("INSERT {}", row(9, &last)), "follows its last one"),
        (format!("INSERT {}", row(8, LOG_GENESIS)), "follows its last one"),
        (format!("INSERT OR REPLACE {}", row(7, &last)), "follows its last one"),
        (format!("INSERT OR REPLACE {}", row(2, &last)), "follows its last one"),
    ] {
        let error = other.execute(&sql, []).expect_err("is refused").to_string();
        assert!(error.contains(complaint), "{sql}: {error}");
    }
    assert!(verified(&path, &[]).is_good());
}

#[test]
fn a_log_that_nobody_touched_is_good_and_so_is_every_head_it_ever_had() {
    let (_folder, path) = filled();
    let store = Store::open(&path, NOW).expect("opens");
    let all = entries(&store);
    let given: Vec<String> = all
        .iter()
        .flat_map(|entry| {
            [entry.hash.clone(), format!("{}:{}", entry.number, &entry.hash[..12]), entry.hash[..20].to_owned()]
        })
        .collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    let verification = store.verify_log(&heads(&given)).expect("walks");
    assert!(verification.is_good(), "{verification:?}");
    assert_eq!((verification.entries, verification.intact), (7, 7));
    assert_eq!(verification.head, store.log_head().expect("reads"));
    for (position, check) in verification.heads.iter().enumerate() {
        let entry = i64::try_from(position / 3).expect("few") + 1;
        assert_eq!(check.answer, HeadAnswer::Confirmed { entry });
    }
}

#[test]
fn every_kind_of_tampering_is_found_and_its_entry_named() {
    use LogFaultKind::{
        Beginning, Content, ContentOrHash, Empty, Follows, Hash, Missing, Moved, Number, Previous, Unreadable,
    };
    let swap = |one: i64, other: i64| {
        format!(
            "UPDATE log SET number = 99 WHERE number = {one}; UPDATE log SET number = {one} WHERE number = {other}; \
             UPDATE log SET number = {other} WHERE number = 99;"
        )
    };
    let elsewhere = "b".repeat(64);
    for (what, sql, entry, kind) in [
        ("body", "UPDATE log SET body = replace(body, 'm1', 'm2') WHERE number = 3".to_owned(), 3, Content),
        ("instant", "UPDATE log SET instant = '2026-11-03T08:00:01Z' WHERE number = 4".to_owned(), 4, Content),
        ("kind", "UPDATE log SET kind = 'import' WHERE number = 2".to_owned(), 2, Content),
        ("body of the last", "UPDATE log SET body = '{}' WHERE number = 7".to_owned(), 7, ContentOrHash),
        ("body of the first", "UPDATE log SET body = '{}' WHERE number = 1".to_owned(), 1, Content),
        ("hash", format!("UPDATE log SET hash = '{elsewhere}' WHERE number = 5"), 5, Hash),
        ("hash and link", format!("UPDATE log SET hash = '{elsewhere}' WHERE number = 5; UPDATE log SET previous = '{elsewhere}' WHERE number = 6"), 5, Content),
        ("link", format!("UPDATE log SET previous = '{elsewhere}' WHERE number = 5"), 5, Previous),
        ("two entries swapped", swap(3, 4), 3, Moved { from: 4 }),
        ("two entries far apart swapped", swap(2, 7), 2, Moved { from: 7 }),
        ("bodies swapped", "UPDATE log SET body = (SELECT body FROM log AS other WHERE other.number = 9 - log.number) WHERE number IN (4, 5)".to_owned(), 4, Content),
        ("renumbered upwards", "UPDATE log SET number = 40 WHERE number = 7".to_owned(), 40, Moved { from: 7 }),
        ("all renumbered", "UPDATE log SET number = number + 100; UPDATE log SET number = number - 99".to_owned(), 2, Moved { from: 1 }),
        ("a middle one deleted", "DELETE FROM log WHERE number = 4".to_owned(), 4, Missing { to: 4 }),
        ("some deleted", "DELETE FROM log WHERE number IN (3, 4, 5)".to_owned(), 3, Missing { to: 5 }),
        ("one deleted, the rest renumbered", "DELETE FROM log WHERE number = 4; UPDATE log SET number = number + 100 WHERE number > 4; UPDATE log SET number = number - 101 WHERE number > 100".to_owned(), 4, Moved { from: 5 }),
        ("the first deleted", "DELETE FROM log WHERE number = 1".to_owned(), 1, Missing { to: 1 }),
        ("all deleted", "DELETE FROM log".to_owned(), 1, Empty),
        ("the table dropped", "DROP TABLE log".to_owned(), 1, Empty),
        ("one put before all", "PRAGMA ignore_check_constraints = 1; INSERT INTO log SELECT 0, instant, kind, body, previous, hash FROM log WHERE number = 1".to_owned(), 0, Number),
        ("one put behind", "INSERT INTO log SELECT 8, instant, kind, body, previous, hash FROM log WHERE number = 7".to_owned(), 8, Moved { from: 7 }),
        ("a made-up one put behind", format!("INSERT INTO log SELECT 8, instant, kind, body, hash, '{elsewhere}' FROM log WHERE number = 7"), 8, ContentOrHash),
        ("no text", "CREATE TABLE loose AS SELECT * FROM log; UPDATE loose SET body = x'00' WHERE number = 6; DROP TABLE log; ALTER TABLE loose RENAME TO log".to_owned(), 6, Unreadable),
    ] {
        let (_folder, path) = filled();
        let other = Connection::open(&path).expect("opens");
        other.execute_batch(UNGUARDED).expect("takes the guards away");
        other.execute_batch(&sql).unwrap_or_else(|error| panic!("{what}: {error}"));
        drop(other);
        let verification = verified(&path, &[]);
        assert_eq!(verification.fault, Some(LogFault { entry, kind }), "{what}");
        assert!(!verification.is_good(), "{what}");
        assert!(verification.intact < entry.max(1), "{what}: {verification:?}");
        let says = verification.fault.expect("a fault").to_string();
        assert!(says.contains(&format!("{entry}")), "{what}: {says}");
    }
    // A chain of one's own from the first entry on: sound, but for how a log begins.
    for (what, kind, entry, wrong) in
        [("no beginning", "scan", 1, Beginning), ("a replaced one", "setting-changed", 4, Follows)]
    {
        let (_folder, path) = filled();
        let mut all = entries(&Store::open(&path, NOW).expect("opens"));
        let position = if entry == 1 { 0 } else { 2 };
        all[position].kind = kind.to_owned();
        all[position].hash = hash(all[position].number, &all[position]);
        rewritten(&path, &all);
        assert_eq!(verified(&path, &[]).fault, Some(LogFault { entry, kind: wrong }), "{what}");
    }
}

/// Replaces the whole log by these entries, as somebody would who may write to the file.
fn rewritten(path: &Path, all: &[LogEntry]) {
    let other = Connection::open(path).expect("opens");
    other.execute_batch(UNGUARDED).expect("takes the guards away");
    other.execute_batch("DELETE FROM log").expect("empties");
    for entry in all {
        let values = (entry.number, &entry.instant, &entry.kind, &entry.body, &entry.previous, &entry.hash);
        other.execute("INSERT INTO log VALUES (?1, ?2, ?3, ?4, ?5, ?6)", values).expect("puts");
    }
}

#[test]
fn a_tail_made_anew_is_found_against_a_printed_head_only() {
    let (_folder, path) = filled();
    let before = entries(&Store::open(&path, NOW).expect("opens"));
    let mut forged = before.clone();
    forged[3].body = forged[3].body.replace("\"observations\":1", "\"observations\":0");
    for position in 3..forged.len() {
        forged[position].previous = forged[position - 1].hash.clone();
        forged[position].hash = hash(forged[position].number, &forged[position]);
    }
    rewritten(&path, &forged);
    assert!(verified(&path, &[]).is_good(), "in itself it is sound");
    let printed = |at: usize| format!("{}:{}", before[at].number, &before[at].hash[..12]);
    let verification = verified(&path, &[&printed(2), &printed(3), &printed(6), &before[6].hash]);
    assert!(!verification.is_good());
    assert_eq!(verification.fault, None);
    let answers: Vec<HeadAnswer> = verification.heads.iter().map(|check| check.answer).collect();
    assert_eq!(
        answers,
        [
            HeadAnswer::Confirmed { entry: 3 },
            HeadAnswer::Replaced { entry: 4 },
            HeadAnswer::Replaced { entry: 7 },
            HeadAnswer::NotThere { after: 3 },
        ]
    );
    let says = verification.heads[3].to_string();
    assert!(says.ends_with("is not in the log: entries after 3 are missing or were replaced"), "{says}");
}

#[test]
fn a_tail_cut_off_is_found_against_a_printed_head_only() {
    let (_folder, path) = filled();
    let before = entries(&Store::open(&path, NOW).expect("opens"));
    rewritten(&path, &before[..5]);
    assert!(verified(&path, &[]).is_good(), "in itself it is sound");
    let last = format!("7:{}", &before[6].hash[..12]);
    let kept = format!("5:{}", &before[4].hash[..12]);
    let verification = verified(&path, &[&last, &before[6].hash, &kept]);
    let answers: Vec<HeadAnswer> = verification.heads.iter().map(|check| check.answer).collect();
    let expected =
        [HeadAnswer::Truncated { last: 5 }, HeadAnswer::NotThere { after: 5 }, HeadAnswer::Confirmed { entry: 5 }];
    assert_eq!(answers, expected);
    // The program goes on where the log was cut off, and the head still tells.
    let mut store = Store::open(&path, NOW).expect("opens");
    for number in 6..=9 {
        scan(&mut store, number, &[DebPackages], &[package("kesl")], &[]).expect("records");
    }
    let verification = store.verify_log(&heads(&[&last])).expect("walks");
    assert_eq!(verification.fault, None);
    assert_eq!(verification.heads[0].answer, HeadAnswer::Replaced { entry: 7 });
}

#[test]
fn a_head_behind_a_fault_confirms_nothing() {
    let (_folder, path) = filled();
    let all = entries(&Store::open(&path, NOW).expect("opens"));
    let other = Connection::open(&path).expect("opens");
    other.execute_batch(UNGUARDED).expect("takes the guards away");
    other
        .execute_batch("UPDATE log SET body = '{}' WHERE number = 4; DELETE FROM log WHERE number = 6")
        .expect("tampers");
    let verification = verified(&path, &[&all[2].hash, &all[3].hash, &all[6].hash, &format!("6:{}", all[5].hash)]);
    let answers: Vec<HeadAnswer> = verification.heads.iter().map(|check| check.answer).collect();
    let expected = [
        HeadAnswer::Confirmed { entry: 3 },
        HeadAnswer::BehindFault { entry: 4 },
        HeadAnswer::BehindFault { entry: 7 },
        HeadAnswer::NotThere { after: 3 },
    ];
    assert_eq!(answers, expected);
    assert_eq!(verification.intact, 3);
}

#[test]
fn at_the_end_of_all_numbers_nothing_is_recorded_and_nothing_breaks() {
    let (_folder, path) = filled();
    let other = Connection::open(&path).expect("opens");
    other.execute_batch("DROP TRIGGER log_stays_as_it_is").expect("takes a guard away");
    other.execute_batch(&format!("UPDATE log SET number = {} WHERE number = 7", i64::MAX)).expect("tampers");
    let verification = verified(&path, &[]);
    assert_eq!(verification.fault, Some(LogFault { entry: i64::MAX, kind: LogFaultKind::Moved { from: 7 } }));
    let mut store = Store::open(&path, NOW).expect("opens");
    let error = scan(&mut store, 6, &[DebPackages], &[package("kesl")], &[]).expect_err("is refused");
    assert_eq!(interdict_model::Fault::code(&error), "store/query");
    assert_eq!(store.totals().expect("reads").scans, 5);
}

#[test]
fn walking_the_log_waits_for_nobody_and_reads_one_moment() {
    let (_folder, path) = filled();
    let mut writer = Store::open(&path, NOW).expect("opens");
    let reader = Store::open(&path, NOW).expect("opens");
    let transaction = writer.write().expect("begins");
    transaction.execute("INSERT INTO setting VALUES ('x', 'y')", []).expect("writes");
    assert_eq!(reader.verify_log(&[]).expect("walks").entries, 7);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_byte_of_any_entry_that_is_another_is_found(
        entry in 1_i64..=7, column in 0_usize..5, at in any::<prop::sample::Index>(), other in 1_u8..=255,
    ) {
        let mut store = Store::open_in_memory().expect("opens");
        for number in 1..=5 {
            scan(&mut store, number, &[DebPackages], &[package("kesl")], &[]).expect("records");
        }
        store.record_setting("profiles", "[]", profiles).expect("sets");
        store.connection.execute_batch(UNGUARDED).expect("takes the guards away");
        let column = ["instant", "kind", "body", "previous", "hash"][column];
        let sql = format!("SELECT CAST({column} AS BLOB) FROM log WHERE number = ?1");
        let mut bytes: Vec<u8> = store.connection.query_row(&sql, [entry], |row| row.get(0)).expect("reads");
        let at = at.index(bytes.len());
        bytes[at] ^= other;
        let sql = format!("UPDATE log SET {column} = CAST(?2 AS TEXT) WHERE number = ?1");
        store.connection.execute(&sql, (entry, &bytes)).expect("alters");
        let fault = store.verify_log(&[]).expect("walks").fault;
        prop_assert_eq!(fault.map(|fault| fault.entry), Some(entry), "{} of {} at {}", column, entry, at);
    }
}
