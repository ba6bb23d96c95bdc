//! Backup and restore, while others read and write, of sound and of damaged files.

use std::fs::{self, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use interdict_model::{Fault, ObservationSource};
use rusqlite::Connection;
use tempfile::TempDir;

#[cfg(unix)]
use super::opening::mode;
use super::opening::{names, place};
use super::{NOW, observation, package, scan};
use crate::schema::Journal;
use crate::{Options, Replace, Restored, Store, StoreError, schema};

/// A database with one machine that has one package, and a place for backups.
fn filled() -> (TempDir, PathBuf, Store) {
    let (folder, path) = place();
    let mut store = Store::open(&path, NOW).expect("opens");
    scan(&mut store, 1, &[], &[package("kesl")], &[]).expect("records");
    (folder, path, store)
}

fn opened(path: &Path) -> Store {
    Store::open(path, NOW).expect("opens")
}

fn restore(path: &Path, backup: &Path) -> Result<Restored, StoreError> {
    crate::restore(path, backup, NOW, Options { busy_timeout: Duration::from_millis(50) })
}

fn packages(store: &Store) -> Vec<String> {
    store.observations_of("m1").expect("reads").into_iter().filter_map(|one| one.name).collect()
}

fn many(count: usize) -> Vec<interdict_model::Observation> {
    (0..count).map(|n| observation(ObservationSource::DebPackages, &format!("package-{n}"), "1")).collect()
}

/// Overwrites some bytes in the middle of a file.
fn damage(path: &Path, at: u64) {
    let mut file = OpenOptions::new().write(true).open(path).expect("opens");
    file.seek(SeekFrom::Start(at)).expect("seeks");
    file.write_all(&[0xa5; 300]).expect("writes");
}

#[test]
fn a_backup_is_a_sound_private_database_by_itself() {
    let (folder, path, store) = filled();
    let target = folder.path().join("copy.db");
    let made = store.back_up(&target, Replace::Nothing).expect("backs up");
    assert_eq!((made.content.machines, made.content.scans, made.content.installations), (1, 1, 1));
    assert_eq!(made.bytes, fs::metadata(&target).expect("exists").len());
    assert_eq!(names(folder.path()), ["copy.db", "inventory"], "nothing is left beside it");
    let bytes = fs::read(&target).expect("reads");
    assert_eq!(bytes.get(18..20), Some([1, 1].as_slice()), "it has no write-ahead log");
    #[cfg(unix)]
    assert_eq!(mode(&target), 0o600);
    assert_eq!(packages(&opened(&target)), ["kesl"]);
    drop(store);
    assert_eq!(packages(&opened(&path)), ["kesl"]);
}

#[test]
fn an_existing_file_is_replaced_only_when_that_is_said() {
    let (folder, _path, store) = filled();
    let target = folder.path().join("copy.db");
    fs::write(&target, "precious").expect("writes");
    assert_eq!(store.back_up(&target, Replace::Nothing).expect_err("is refused").code(), "store/exists");
    assert_eq!(fs::read(&target).expect("reads"), b"precious");
    store.back_up(&target, Replace::Existing).expect("replaces");
    assert_eq!(packages(&opened(&target)), ["kesl"]);
}

#[cfg(unix)]
#[test]
fn the_database_is_never_overwritten_by_its_backup() {
    use std::os::unix::fs::symlink;
    let (folder, path, store) = filled();
    let (soft, hard, dangling) =
        (folder.path().join("soft.db"), folder.path().join("hard.db"), folder.path().join("dangling.db"));
    symlink(&path, &soft).expect("links");
    fs::hard_link(&path, &hard).expect("links");
    symlink(folder.path().join("nowhere/x.db"), &dangling).expect("links");
    let log = path.with_file_name("interdict.db-wal");
    let journal = path.with_file_name("interdict.db-journal");
    let roundabout = path.parent().expect("a folder").join("../inventory/interdict.db");
    for target in [&path, &soft, &hard, &log, &journal, &roundabout] {
        for replace in [Replace::Nothing, Replace::Existing] {
            let code = store.back_up(target, replace).expect_err("is refused").code();
            assert_eq!(code, "store/itself", "{}", target.display());
        }
    }
    assert_eq!(store.back_up(folder.path(), Replace::Existing).expect_err("is refused").code(), "store/not-a-file");
    let nowhere = folder.path().join("nowhere/copy.db");
    assert_eq!(store.back_up(&nowhere, Replace::Existing).expect_err("is refused").code(), "store/no-such-file");
    assert_eq!(packages(&store), ["kesl"]);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_what_it_points_to_is_replaced() {
    use std::os::unix::fs::symlink;
    let (folder, _path, store) = filled();
    let (real, link) = (folder.path().join("real.db"), folder.path().join("link.db"));
    fs::write(&real, "old").expect("writes");
    symlink(&real, &link).expect("links");
    store.back_up(&link, Replace::Existing).expect("replaces");
    assert!(link.is_symlink());
    assert_eq!(packages(&opened(&real)), ["kesl"]);
}

#[test]
fn a_backup_is_of_one_moment_while_others_write() {
    let (folder, path, store) = filled();
    let writer = std::thread::spawn(move || {
        let mut store = opened(&path);
        for round in 2..25 {
            let all = many(round * 20);
            scan(&mut store, u32::try_from(round).expect("small"), &[ObservationSource::DebPackages], &all, &[])
                .expect("records");
        }
    });
    let mut made = 0;
    while !writer.is_finished() || made == 0 {
        let target = folder.path().join(format!("copy-{made}.db"));
        let backed_up = store.back_up(&target, Replace::Nothing).expect("backs up");
        let rounds = backed_up.content.scans;
        let expected = if rounds == 1 { 1 } else { rounds * 20 };
        assert_eq!(backed_up.content.installations, expected, "after {rounds} scans");
        fs::remove_file(target).expect("removes");
        made += 1;
    }
    writer.join().expect("writes");
}

#[test]
fn what_killed_backups_left_is_removed_by_the_next() {
    let (folder, _path, store) = filled();
    let left = folder.path().join(".interdict-copy.db-abcdef.part");
    let others = folder.path().join(".interdict-other.db-abcdef.part");
    let fresh = folder.path().join(".interdict-copy.db-fresh1.part");
    for path in [&left, &others, &fresh] {
        fs::write(path, "half").expect("writes");
    }
    let long_ago = fs::metadata(&left).and_then(|file| file.modified()).expect("a time") - Duration::from_hours(2);
    for path in [&left, &others] {
        OpenOptions::new().write(true).open(path).and_then(|file| file.set_modified(long_ago)).expect("sets");
    }
    store.back_up(&folder.path().join("copy.db"), Replace::Nothing).expect("backs up");
    assert!(!left.exists(), "it is old and of the same name");
    assert!(fresh.exists(), "somebody may be writing it");
    assert!(others.exists());
}

#[test]
fn a_damaged_database_is_not_backed_up_as_if_it_were_sound() {
    let (folder, path, mut store) = filled();
    scan(&mut store, 2, &[], &many(3_000), &[]).expect("records");
    drop(store);
    let middle = fs::metadata(&path).expect("exists").len() / 2 / 4096 * 4096;
    damage(&path, middle);
    let store = opened(&path);
    let target = folder.path().join("copy.db");
    let error = store.back_up(&target, Replace::Nothing).expect_err("is refused");
    assert_eq!(error.code(), "store/unsound", "{error}");
    assert_eq!(names(folder.path()), ["inventory"], "nothing is left");
    assert!(!store.check().expect("checks").is_sound());
}

#[test]
fn a_restore_brings_back_all_of_it_and_keeps_what_was_there() {
    let (folder, path, mut store) = filled();
    store.set_setting("who", "then").expect("sets");
    let backup = folder.path().join("backup.db");
    store.back_up(&backup, Replace::Nothing).expect("backs up");
    let original = fs::read(&backup).expect("reads");
    scan(&mut store, 2, &[ObservationSource::DebPackages], &[package("other")], &[]).expect("records");
    store.set_setting("who", "now").expect("sets");
    let reader = opened(&path);
    let restored = restore(&path, &backup).expect("restores");
    let newest = i64::try_from(schema::MIGRATIONS.len()).expect("few");
    assert_eq!((restored.schema, restored.upgraded_to), (newest, newest));
    assert_eq!((restored.content.scans, restored.content.installations), (1, 1));
    let kept = restored.kept.expect("something was there");
    assert_eq!(kept, path.with_file_name("interdict.before-restore.20261122T180000Z.db"));
    #[cfg(unix)]
    assert_eq!(mode(&kept), 0o600);
    for store in [&store, &reader, &opened(&path)] {
        assert_eq!(packages(store), ["kesl"]);
        assert_eq!(store.setting("who").expect("reads").as_deref(), Some("then"));
    }
    assert_eq!(fs::read(&backup).expect("reads"), original, "the backup was only read");
    assert_eq!(names(folder.path()), ["backup.db", "inventory"]);
    // And back again, by the file that was named.
    let undone = crate::restore(&path, &kept, "2026-11-22T19:00:00Z", Options::default()).expect("restores");
    assert_eq!(undone.content.scans, 2);
    assert_eq!(packages(&reader), ["other"]);
    assert_eq!(store.setting("who").expect("reads").as_deref(), Some("now"));
    scan(&mut store, 3, &[], &[package("third")], &[]).expect("writing goes on");
    assert!(store.check().expect("checks").is_sound());
}

#[test]
fn a_reader_in_the_middle_of_something_reads_the_old_content_to_its_end() {
    let (folder, path, mut store) = filled();
    let backup = folder.path().join("backup.db");
    store.back_up(&backup, Replace::Nothing).expect("backs up");
    scan(&mut store, 2, &[ObservationSource::DebPackages], &many(500), &[]).expect("records");
    let reader = opened(&path);
    let reading = reader.read().expect("begins");
    let count = |connection: &Connection| {
        let sql = "SELECT count(*) FROM installation WHERE gone IS NULL";
        connection.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("reads")
    };
    assert_eq!(count(&reading), 500);
    restore(&path, &backup).expect("restores");
    assert_eq!(count(&reading), 500);
    drop(reading);
    assert_eq!(packages(&reader), ["kesl"]);
}

#[test]
fn a_restore_waits_for_a_writer_and_gives_up() {
    let (folder, path, store) = filled();
    let backup = folder.path().join("backup.db");
    store.back_up(&backup, Replace::Nothing).expect("backs up");
    let other = Connection::open(&path).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE; DELETE FROM installation").expect("locks");
    assert_eq!(restore(&path, &backup).expect_err("is locked").code(), "store/locked");
    other.execute_batch("ROLLBACK").expect("unlocks");
    assert_eq!(packages(&store), ["kesl"]);
    let inside = names(path.parent().expect("a folder"));
    assert!(!inside.iter().any(|name| name.contains("part") || name.contains("before")), "{inside:?}");
    restore(&path, &backup).expect("restores");
}

#[test]
fn an_empty_database_needs_no_keeping() {
    let (folder, _path, store) = filled();
    let backup = folder.path().join("backup.db");
    store.back_up(&backup, Replace::Nothing).expect("backs up");
    let fresh = folder.path().join("fresh.db");
    assert_eq!(restore(&fresh, &backup).expect("restores").kept, None);
    assert_eq!(packages(&opened(&fresh)), ["kesl"]);
}

#[test]
fn what_is_no_sound_backup_of_ours_is_refused_and_nothing_changes() {
    let (folder, path, mut store) = filled();
    scan(&mut store, 2, &[], &many(2_000), &[]).expect("records");
    let good = folder.path().join("good.db");
    store.back_up(&good, Replace::Nothing).expect("backs up");
    let before = packages(&store);
    let file = |name: &str| folder.path().join(name);
    fs::write(file("letter.db"), "dear friend, this is no database".repeat(99)).expect("writes");
    fs::write(file("empty.db"), "").expect("writes");
    Connection::open(file("theirs.db")).and_then(|theirs| theirs.execute_batch("CREATE TABLE t (x)")).expect("makes");
    for name in ["newer.db", "damaged.db", "short.db"] {
        fs::copy(&good, file(name)).expect("copies");
    }
    Connection::open(file("newer.db")).and_then(|it| it.pragma_update(None, "user_version", 99)).expect("sets");
    damage(&file("damaged.db"), fs::metadata(&good).expect("exists").len() / 2 / 4096 * 4096);
    let short = OpenOptions::new().write(true).open(file("short.db")).expect("opens");
    short.set_len(fs::metadata(&good).expect("exists").len() / 3).expect("cuts");
    for (name, code) in [
        ("letter.db", "store/not-a-database"),
        ("empty.db", "store/not-a-database"),
        ("theirs.db", "store/not-a-database"),
        ("newer.db", "store/newer-schema"),
        ("damaged.db", "store/unsound"),
        ("short.db", "store/unsound"),
        ("missing.db", "store/no-such-file"),
        ("inventory", "store/not-a-file"),
        ("inventory/interdict.db", "store/itself"),
        ("inventory/../inventory/interdict.db", "store/itself"),
    ] {
        let error = restore(&path, &file(name)).expect_err("is refused");
        assert_eq!(error.code(), code, "{name}: {error}");
        assert_eq!(packages(&store), before, "{name}");
    }
    let inside = names(path.parent().expect("a folder"));
    assert_eq!(inside, ["interdict.db", "interdict.db-shm", "interdict.db-wal"]);
}

#[test]
fn an_older_backup_is_upgraded_and_itself_left_as_it_is() {
    let (folder, path) = place();
    let old = &schema::MIGRATIONS[..1];
    let older = Store::open_migrating(&path, NOW, Options::default(), old).expect("opens");
    let insert = "INSERT INTO machine (machine_id, hostname, os_family, os_name, os_version, arch) \
                  VALUES ('m1', 'host', 'linux', 'Debian', '13', 'x86_64')";
    older.connection.execute(insert, []).expect("inserts");
    drop(older);
    let backup = folder.path().join("older.db");
    fs::copy(&path, &backup).expect("copies");
    let original = fs::read(&backup).expect("reads");
    let restored = restore(&folder.path().join("fresh.db"), &backup).expect("restores");
    let newest = i64::try_from(schema::MIGRATIONS.len()).expect("few");
    assert_eq!((restored.schema, restored.upgraded_to), (1, newest));
    assert_eq!(restored.content.machines, 1);
    assert_eq!(fs::read(&backup).expect("reads"), original);
}

#[test]
fn a_backup_with_a_log_beside_it_is_restored_with_the_log() {
    let (folder, path, mut store) = filled();
    scan(&mut store, 2, &[], &[package("in-the-log")], &[]).expect("records");
    // As after a kill: the log stays behind.
    let copy = folder.path().join("copied.db");
    fs::copy(&path, &copy).expect("copies");
    fs::copy(path.with_file_name("interdict.db-wal"), folder.path().join("copied.db-wal")).expect("copies");
    assert_eq!(restore(&folder.path().join("fresh.db"), &copy).expect("restores").content.scans, 2);
}

#[test]
fn a_database_too_damaged_to_open_is_set_aside() {
    let (folder, path, store) = filled();
    let backup = folder.path().join("backup.db");
    store.back_up(&backup, Replace::Nothing).expect("backs up");
    drop(store);
    damage(&path, 100);
    let damaged = fs::read(&path).expect("reads");
    assert_eq!(Store::open(&path, NOW).expect_err("is damaged").code(), "store/corrupt");
    assert_eq!(restore(&path, &folder.path().join("none.db")).expect_err("fails").code(), "store/no-such-file");
    assert_eq!(fs::read(&path).expect("reads"), damaged, "only a good backup makes it go");
    let kept = restore(&path, &backup).expect("restores").kept.expect("it was set aside");
    assert_eq!(fs::read(&kept).expect("reads"), damaged);
    assert_eq!(packages(&opened(&path)), ["kesl"]);
    let theirs = folder.path().join("letter.db");
    fs::write(&theirs, "no database of ours".repeat(100)).expect("writes");
    assert_eq!(restore(&theirs, &backup).expect_err("is refused").code(), "store/not-a-database");
    assert!(theirs.exists());
    assert_eq!(names(folder.path()), ["backup.db", "inventory", "letter.db"]);
}

#[test]
fn pages_of_another_size_are_no_obstacle() {
    let (folder, _path, store) = filled();
    let backup = folder.path().join("backup.db");
    store.back_up(&backup, Replace::Nothing).expect("backs up");
    let other = Connection::open(&backup).expect("opens");
    other.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA page_size = 4096; VACUUM").expect("rebuilds");
    drop(other);
    let fresh = folder.path().join("fresh.db");
    restore(&fresh, &backup).expect("restores");
    assert_eq!(packages(&opened(&fresh)), ["kesl"]);
}

#[test]
fn a_restore_that_fails_in_between_changes_nothing() {
    let (folder, path, mut store) = filled();
    scan(&mut store, 2, &[], &many(3_000), &[]).expect("records");
    let backup = folder.path().join("backup.db");
    store.back_up(&backup, Replace::Nothing).expect("backs up");
    let mut small = Store::open(&folder.path().join("small.db"), NOW).expect("opens");
    scan(&mut small, 1, &[], &[package("small")], &[]).expect("records");
    small.connection.pragma_update_and_check(None, "max_page_count", 60, |_| Ok(())).expect("limits");
    let prepared = crate::backup::prepare(&backup, small.path()).expect("is good");
    let error = small.take_over(&prepared, NOW).expect_err("is full");
    assert_eq!(error.code(), "store/disk-full", "{error}");
    assert_eq!(packages(&small), ["small"]);
    drop((small, store));
    assert!(opened(&path).check().expect("checks").is_sound());
    assert!(opened(&folder.path().join("small.db")).check().expect("checks").is_sound());
}

/// As on a network drive, where others wait while somebody writes.
#[test]
fn without_a_write_ahead_log_everything_works_too() {
    let (folder, path, mut store) = filled();
    schema::use_journal(&store.connection, Journal::Rollback).expect("switches");
    let journal: String =
        store.connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).expect("a journal");
    assert_eq!(journal, "delete");
    let backup = folder.path().join("backup.db");
    store.back_up(&backup, Replace::Nothing).expect("backs up");
    scan(&mut store, 2, &[ObservationSource::DebPackages], &[package("later")], &[]).expect("records");
    let prepared = crate::backup::prepare(&backup, &path).expect("is good");
    let kept = store.take_over(&prepared, NOW).expect("restores").kept.expect("something was there");
    drop(prepared);
    assert_eq!(packages(&store), ["kesl"]);
    assert_eq!(packages(&opened(&kept)), ["later"]);
    drop(store);
    let inside = names(path.parent().expect("a folder"));
    let left = inside.iter().filter(|name| name.contains("journal") || name.contains("part")).count();
    assert_eq!(left, 0, "{inside:?}");
    // Others that have it open keep the log: that is tried again by whoever opens it next.
    let (one, other) = (opened(&path), opened(&path));
    schema::use_journal(&one.connection, Journal::Rollback).expect("is put off");
    assert_eq!(packages(&other), ["kesl"]);
}
