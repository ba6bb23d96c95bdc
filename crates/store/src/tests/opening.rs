//! Opening: permissions, recognition, refusal, upgrade, locks, a full disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use interdict_model::{Fault, ObservationSource};
use rusqlite::Connection;
use rusqlite_migration::M;
use tempfile::TempDir;

use super::{NOW, observation, package, scan};
use crate::{Options, Store, StoreError, schema};

/// The newest schema.
fn newest() -> i64 {
    i64::try_from(schema::MIGRATIONS.len()).expect("few")
}

pub(super) fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("inventory").join("interdict.db");
    (folder, path)
}

pub(super) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn refused(path: &Path) -> StoreError {
    Store::open(path, NOW).expect_err("is refused")
}

#[cfg(unix)]
pub(super) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).expect("exists").permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_any_of_its_files() {
    let (_folder, path) = place();
    let mut store = Store::open(&path, NOW).expect("opens");
    scan(&mut store, 1, &[], &[package("kesl")], &[]).expect("records");
    let parent = path.parent().expect("a parent");
    assert_eq!(names(parent), ["interdict.db", "interdict.db-shm", "interdict.db-wal"]);
    assert_eq!(mode(parent), 0o700);
    for name in names(parent) {
        assert_eq!(mode(&parent.join(&name)), 0o600, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn an_empty_file_becomes_a_private_database() {
    let (folder, _) = place();
    let path = folder.path().join("touched.db");
    fs::write(&path, "").expect("writes");
    Store::open(&path, NOW).expect("opens");
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn what_was_recorded_is_there_after_reopening() {
    let (_folder, path) = place();
    let mut store = Store::open(&path, NOW).expect("opens");
    scan(&mut store, 1, &[], &[package("kesl")], &[]).expect("records");
    drop(store);
    let store = Store::open(&path, NOW).expect("opens again");
    assert_eq!(store.path(), path);
    assert_eq!(store.observations_of("m1").expect("reads"), [package("kesl")]);
    let pragma = |name| store.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).expect("a pragma");
    assert_eq!((pragma("foreign_keys"), pragma("synchronous"), pragma("user_version")), (1, 2, newest()));
    assert_eq!(pragma("application_id"), i64::from(schema::APPLICATION_ID));
    assert_eq!(fs::read(&path).expect("reads").get(68..72), Some(b"Intd".as_slice()));
}

#[test]
fn a_file_that_is_not_ours_is_refused_and_left_alone() {
    let (folder, _) = place();
    let magic_alone = [b"SQLite format 3\0".as_slice(), &[b'x'; 4096]].concat();
    let contents: [(&str, &[u8]); 4] =
        [("short", b"hello"), ("long", &[b'x'; 9000]), ("zeros", &[0; 4096]), ("magic", &magic_alone)];
    for (name, content) in contents {
        let path = folder.path().join(name);
        fs::write(&path, content).expect("writes");
        assert_eq!(refused(&path).code(), "store/not-a-database", "{name}");
        assert_eq!(fs::read(&path).expect("reads"), content, "{name}");
    }
    assert_eq!(refused(folder.path()).code(), "store/not-a-database");
    assert_eq!(names(folder.path()), ["long", "magic", "short", "zeros"]);
}

#[test]
fn another_applications_database_is_refused_and_left_alone() {
    for journal in ["DELETE", "WAL"] {
        let (folder, _) = place();
        let path = folder.path().join("theirs.db");
        let theirs = Connection::open(&path).expect("opens");
        theirs.pragma_update_and_check(None, "journal_mode", journal, |_| Ok(())).expect("a journal");
        theirs.execute_batch("CREATE TABLE bookmark (url TEXT)").expect("a table");
        let content = fs::read(&path).expect("reads");
        assert_eq!(refused(&path).code(), "store/not-a-database", "{journal}");
        assert_eq!(fs::read(&path).expect("reads"), content, "{journal}");
        drop(theirs);
        assert_eq!(refused(&path).code(), "store/not-a-database", "{journal}, closed");
    }
}

#[test]
fn a_newer_schema_is_refused_and_the_file_left_byte_for_byte() {
    let (_folder, path) = place();
    Store::open(&path, NOW).expect("opens");
    let newer = Connection::open(&path).expect("opens");
    newer.pragma_update(None, "user_version", newest() + 4).expect("sets");
    drop(newer);
    let content = fs::read(&path).expect("reads");
    let error = refused(&path);
    assert_eq!(error.code(), "store/newer-schema");
    let says = format!("schema {}, newer than {}", newest() + 4, newest());
    assert!(error.to_string().contains(&says), "{error}");
    assert_eq!(fs::read(&path).expect("reads"), content);
}

#[test]
fn a_newer_schema_that_is_only_in_the_log_is_refused_too() {
    let (_folder, path) = place();
    Store::open(&path, NOW).expect("opens");
    let newer = Connection::open(&path).expect("opens");
    newer.pragma_update(None, "user_version", newest() + 4).expect("sets");
    let content = fs::read(&path).expect("reads");
    let written = u32::try_from(newest()).expect("few").to_be_bytes();
    assert_eq!(content.get(60..64), Some(written.as_slice()), "the file itself still says the old one");
    // As after a kill: the log stays behind, nobody has the file open.
    let (copy, log) = (path.with_file_name("copy.db"), path.with_file_name("copy.db-wal"));
    fs::copy(&path, &copy).expect("copies");
    fs::copy(path.with_file_name("interdict.db-wal"), &log).expect("copies");
    assert_eq!(refused(&copy).code(), "store/newer-schema");
    assert_eq!(fs::read(&copy).expect("reads"), content);
    assert_eq!(fs::read(&log).expect("reads"), fs::read(path.with_file_name("interdict.db-wal")).expect("reads"));
}

#[test]
fn an_older_schema_is_backed_up_and_upgraded_with_its_content() {
    let (_folder, path) = place();
    let mut store = Store::open(&path, NOW).expect("opens");
    scan(&mut store, 1, &[], &[package("kesl")], &[]).expect("records");
    drop(store);
    let next = M::up("ALTER TABLE machine ADD COLUMN note TEXT NOT NULL DEFAULT 'upgraded'");
    let migrations: Vec<M<'_>> = schema::MIGRATIONS.iter().cloned().chain([next]).collect();
    let open = || Store::open_migrating(&path, NOW, Options::default(), &migrations);
    let store = open().expect("upgrades");
    assert_eq!(store.observations_of("m1").expect("reads"), [package("kesl")]);
    let note: String = store.connection.query_row("SELECT note FROM machine", [], |row| row.get(0)).expect("a note");
    assert_eq!(note, "upgraded");
    drop(store);
    open().expect("opens without another backup");
    let parent = path.parent().expect("a parent");
    let backup = format!("interdict.before-v{}.20261122T180000Z.db", newest() + 1);
    assert_eq!(names(parent), [backup.as_str(), "interdict.db"]);
    #[cfg(unix)]
    assert_eq!(mode(&parent.join(&backup)), 0o600);
    assert_eq!(refused(&path).code(), "store/newer-schema");
    let old = Store::open(&parent.join(&backup), NOW).expect("the backup is an older database");
    assert_eq!(old.observations_of("m1").expect("reads"), [package("kesl")]);
}

#[test]
fn a_failed_upgrade_leaves_the_old_schema_and_the_backup() {
    let (_folder, path) = place();
    let mut store = Store::open(&path, NOW).expect("opens");
    scan(&mut store, 1, &[], &[package("kesl")], &[]).expect("records");
    drop(store);
    let next = [M::up("ALTER TABLE machine ADD COLUMN note TEXT"), M::up("INSERT INTO nowhere VALUES (1)")];
    let migrations: Vec<M<'_>> = schema::MIGRATIONS.iter().cloned().chain(next).collect();
    let error = Store::open_migrating(&path, NOW, Options::default(), &migrations).expect_err("fails");
    assert_eq!(error.code(), "store/query");
    let store = Store::open(&path, NOW).expect("is still the old one");
    assert_eq!(store.observations_of("m1").expect("reads"), [package("kesl")]);
    let backup = format!("interdict.before-v{}.20261122T180000Z.db", newest() + 2);
    assert!(path.with_file_name(backup).is_file());
}

#[test]
fn a_database_whose_creation_was_cut_short_is_completed() {
    let (_folder, path) = place();
    fs::create_dir_all(path.parent().expect("a parent")).expect("creates");
    let cut_short = Connection::open(&path).expect("opens");
    cut_short.pragma_update(None, "application_id", schema::APPLICATION_ID).expect("sets");
    drop(cut_short);
    let store = Store::open(&path, NOW).expect("completes");
    assert_eq!(store.machines().expect("reads"), []);
    assert_eq!(names(path.parent().expect("a parent")).len(), 3, "no backup of nothing");
}

#[test]
fn a_new_database_has_large_pages_and_an_older_one_keeps_its_own() {
    let size = |store: &Store| -> i64 {
        store.connection.pragma_query_value(None, "page_size", |row| row.get(0)).expect("a size")
    };
    let (_folder, path) = place();
    assert_eq!(size(&Store::open(&path, NOW).expect("opens")), 8192);
    let older = Connection::open(&path).expect("opens");
    older.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA page_size = 4096; VACUUM").expect("rebuilds");
    drop(older);
    let mut store = Store::open(&path, NOW).expect("opens");
    assert_eq!(size(&store), 4096);
    scan(&mut store, 1, &[], &[package("kesl")], &[]).expect("records");
}

#[test]
fn many_may_open_a_new_database_at_once() {
    // Whoever comes last waits for five times the flushes of one opening: seconds each on a disk that is busy.
    let options = Options { busy_timeout: Duration::from_mins(5) };
    for _ in 0..40 {
        let (_folder, path) = place();
        std::thread::scope(|scope| {
            let opened: Vec<_> = (0..6)
                .map(|_| scope.spawn(|| Store::open_with(&path, NOW, options).map(|store| store.totals())))
                .collect();
            for thread in opened {
                thread.join().expect("runs").expect("opens").expect("reads");
            }
        });
    }
}

#[test]
fn a_writer_elsewhere_means_locked_after_the_patience_asked_for() {
    let (_folder, path) = place();
    let options = Options { busy_timeout: Duration::from_millis(50) };
    let mut store = Store::open_with(&path, NOW, options).expect("opens");
    let other = Connection::open(&path).expect("opens");
    other.execute_batch("BEGIN EXCLUSIVE").expect("locks");
    let begun = Instant::now();
    let error = scan(&mut store, 1, &[], &[package("kesl")], &[]).expect_err("is locked");
    assert_eq!(error.code(), "store/locked");
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!(store.machines().expect("reading goes on"), []);
    other.execute_batch("ROLLBACK").expect("unlocks");
    scan(&mut store, 1, &[], &[package("kesl")], &[]).expect("records");
}

#[test]
fn a_new_file_locked_by_another_is_locked_on_opening() {
    let (folder, _) = place();
    let path = folder.path().join("new.db");
    let other = Connection::open(&path).expect("opens");
    other.execute_batch("BEGIN EXCLUSIVE").expect("locks");
    let options = Options { busy_timeout: Duration::from_millis(50) };
    assert_eq!(Store::open_with(&path, NOW, options).expect_err("is locked").code(), "store/locked");
}

#[test]
fn a_reader_sees_the_old_state_while_a_writer_writes() {
    let (_folder, path) = place();
    let mut writer = Store::open(&path, NOW).expect("opens");
    scan(&mut writer, 1, &[], &[package("kesl")], &[]).expect("records");
    let readers = [Store::open(&path, NOW).expect("opens"), Store::open(&path, NOW).expect("opens")];
    let transaction = writer.write().expect("begins");
    transaction.execute("DELETE FROM installation", []).expect("deletes");
    for reader in &readers {
        assert_eq!(reader.observations_of("m1").expect("reads").len(), 1);
    }
    transaction.commit().expect("commits");
    for reader in &readers {
        assert_eq!(reader.observations_of("m1").expect("reads").len(), 0);
    }
}

#[test]
fn a_full_disk_records_nothing() {
    let (_folder, path) = place();
    let mut store = Store::open(&path, NOW).expect("opens");
    scan(&mut store, 1, &[], &[package("kesl")], &[]).expect("records");
    let pages: i64 = store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).expect("pages");
    let limit = |store: &Store, pages: i64| {
        store.connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).expect("limits");
    };
    limit(&store, pages + 3);
    let many: Vec<_> =
        (0..5_000).map(|n| observation(ObservationSource::DebPackages, &format!("package-{n}"), "1")).collect();
    let error = scan(&mut store, 2, &[ObservationSource::DebPackages], &many, &[]).expect_err("is full");
    assert_eq!(error.code(), "store/disk-full");
    assert_eq!(store.observations_of("m1").expect("reads"), [package("kesl")]);
    assert_eq!(store.totals().expect("reads").scans, 1);
    limit(&store, 1_000_000);
    let recorded = scan(&mut store, 2, &[ObservationSource::DebPackages], &many, &[]).expect("records");
    assert_eq!((recorded.new_installations, recorded.gone_installations), (5_000, 1));
}

#[test]
fn the_clock_is_handed_in_as_an_instant() {
    let (_folder, path) = place();
    assert_eq!(Store::open(&path, "today").expect_err("is refused").code(), "store/instant");
    assert!(!path.exists());
}

#[test]
fn the_schema_is_the_one_reviewed() {
    let store = Store::open_in_memory().expect("opens");
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name";
    let mut statement = store.connection.prepare(sql).expect("prepares");
    let parts: Vec<String> = statement.query_map([], |row| row.get(0)).expect("queries").map(Result::unwrap).collect();
    insta::assert_snapshot!(parts.join(";\n\n"));
}

#[test]
fn every_error_has_its_code_in_the_list_and_says_each_thing_once() {
    let cause = || "the cause".into();
    let path = PathBuf::from("interdict.db");
    let text = || "text".to_owned();
    let errors = [
        StoreError::NotADatabase { path: path.clone() },
        StoreError::NewerSchema { path: path.clone(), found: 2, known: 1 },
        StoreError::Locked { source: cause() },
        StoreError::DiskFull { source: cause() },
        StoreError::ReadOnly { source: cause() },
        StoreError::Permission { path: path.clone(), source: cause() },
        StoreError::Io { source: cause() },
        StoreError::Corrupt { source: cause() },
        StoreError::UnknownValue { what: "a source", source: cause() },
        StoreError::Unsound { path: path.clone(), problem: text() },
        StoreError::Exists { path: path.clone() },
        StoreError::Itself { path: path.clone() },
        StoreError::NotAFile { path: path.clone() },
        StoreError::NoSuchFile { path: path.clone() },
        StoreError::NoRoom { folder: path.clone(), needed: 2, free: 1 },
        StoreError::Instant { text: text() },
        StoreError::OlderScan { recorded: text(), offered: text() },
        StoreError::UnknownScan { id: 1, newest: Some(0) },
        StoreError::UnknownBatch { id: 1 },
        StoreError::UnknownMachine { id: text() },
        StoreError::BatchBuiltUpon { id: 1, machines: 2 },
        StoreError::BatchUndone { id: 1 },
        StoreError::BatchSealed { id: 1 },
        StoreError::Query { source: cause() },
    ];
    assert_eq!(errors.iter().map(Fault::code).collect::<Vec<_>>(), StoreError::CODES);
    for error in errors {
        let message = error.to_string();
        assert!(!message.ends_with('.') && !message.contains("the cause"), "{message}");
    }
}
