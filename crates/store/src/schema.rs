//! Which database this is and which schema it has: recognised, refused, backed up, upgraded.
//!
//! The schema itself stands in `migrations/*.sql`. A file is looked at before anything is written to it, and one that is
//! not ours or too new is left byte for byte as it was.

use std::path::Path;
use std::sync::LazyLock;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, TransactionBehavior, ffi};
use rusqlite_migration::{M, Migrations};

use crate::error::StoreError;
use crate::{carry_over, copy, file, place};

/// "Intd", at byte 68 of the file, by which `file` and we know an Interdict database.
pub(crate) const APPLICATION_ID: i32 = 0x496e_7464;

/// Every migration, in order; the number of the file is the schema it leads to.
pub(crate) static MIGRATIONS: LazyLock<Vec<M<'static>>> = LazyLock::new(|| {
    vec![
        M::up(include_str!("../migrations/0001-inventory.sql")).comment("inventory"),
        M::up(include_str!("../migrations/0002-read-as.sql")).comment("as whom a machine was read"),
        M::up(include_str!("../migrations/0003-log.sql")).comment("the log"),
        M::up(include_str!("../migrations/0004-batches.sql")).comment("imports of other tools' exports"),
        M::up_with_hook(include_str!("../migrations/0005-scale.sql"), carry_over::carry_over).comment("scale"),
        M::up_with_hook(include_str!("../migrations/0006-subjects.sql"), carry_over::fill_subjects).comment("subjects"),
        M::up_with_hook(include_str!("../migrations/0007-leaner.sql"), carry_over::share_evidence)
            .comment("evidence once"),
        M::up(include_str!("../migrations/0008-detection-past.sql")).comment("what detections were before"),
        M::up_with_hook(include_str!("../migrations/0009-told-titles.sql"), carry_over::fill_told_words)
            .comment("what is told of without a machine"),
        M::up(include_str!("../migrations/0010-merges.sql"))
            .comment("what devices and machines of one name are told by"),
    ]
});

/// How many bytes a page of a new database has. Twice what SQLite takes by itself: an import writes half as many pages, each once
/// to the log and once to the file, and a page of a list is read no slower. Older databases keep theirs.
const PAGE_SIZE: u32 = 8192;

/// What a file turned out to be before anything was written to it.
pub(crate) enum Found {
    /// Nothing is in it yet.
    Empty,
    /// Ours, with this schema.
    Ours(usize),
}

/// Recognises a database, gives an empty one its identity, and brings the schema up to the last of the migrations,
/// with a backup first when there is something to lose.
pub(crate) fn prepare(
    connection: &mut Connection,
    path: &Path,
    now: &str,
    migrations: &[M<'_>],
) -> Result<(), StoreError> {
    // Closing the last connection would copy the write-ahead log into a file that may not be ours.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    let found = recognise(connection, path, migrations.len())?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    let version = match found {
        Found::Empty => {
            file::make_private(path)?;
            // Before anything is written: from then on a file keeps it.
            connection.pragma_update(None, "page_size", PAGE_SIZE)?;
            // Before the switch to the write-ahead log, so that the identity is in the file itself from then on.
            connection.pragma_update(None, "application_id", APPLICATION_ID)?;
            0
        }
        Found::Ours(version) => version,
    };
    use_journal(connection, Journal::of(path))?;
    if version > 0 && version < migrations.len() {
        back_up(connection, path, migrations.len(), now)?;
    }
    migrate(connection, migrations)
}

/// Runs the missing migrations in one transaction.
pub(crate) fn migrate(connection: &mut Connection, migrations: &[M<'_>]) -> Result<(), StoreError> {
    if user_version(connection)? == to_version(migrations.len()) {
        return Ok(());
    }
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
    let outcome = Migrations::from_slice(migrations).to_latest(connection);
    connection.set_transaction_behavior(TransactionBehavior::Deferred);
    match outcome {
        Ok(()) => Ok(()),
        // Another process was faster: it held the lock between our look at the version and our turn.
        Err(_) if user_version(connection)? == to_version(migrations.len()) => Ok(()),
        Err(rusqlite_migration::Error::RusqliteError { err, .. }) => Err(err.into()),
        Err(error) => Err(StoreError::Query { source: error.into() }),
    }
}

fn recognise(connection: &Connection, path: &Path, known: usize) -> Result<Found, StoreError> {
    let found = look_at(connection, path, known)?;
    if connection.is_readonly("main")? { Err(read_only()) } else { Ok(found) }
}

/// Says what a file is, reading only.
pub(crate) fn look_at(connection: &Connection, path: &Path, known: usize) -> Result<Found, StoreError> {
    let opening = |error| StoreError::opening(path, error);
    // One transaction: another process may be creating the database right now.
    let connection = connection.unchecked_transaction().map_err(opening)?;
    let application_id: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(opening)?;
    let version = user_version(&connection).map_err(opening)?;
    let is_ours = application_id == APPLICATION_ID;
    if !is_ours {
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(opening)?;
        let is_empty = application_id == 0 && version == 0 && tables == 0;
        if !is_empty {
            return Err(StoreError::NotADatabase { path: path.to_owned() });
        }
    }
    match usize::try_from(version) {
        Ok(_) if !is_ours => Ok(Found::Empty),
        Ok(version) if version <= known => Ok(Found::Ours(version)),
        _ => Err(StoreError::NewerSchema { path: path.to_owned(), found: version, known: to_version(known) }),
    }
}

/// How what is written is made sure of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Journal {
    /// In a log beside the file: reading and writing do not wait for each other.
    WriteAhead,
    /// By keeping the old pages beside the file: slower, but all that it needs of a file system are locks.
    Rollback,
}

impl Journal {
    /// The log's index is memory that all who have the file open share, which machines cannot
    /// (<https://sqlite.org/wal.html>, 1).
    fn of(path: &Path) -> Self {
        if place::network_drive(path).is_some() { Self::Rollback } else { Self::WriteAhead }
    }
}

/// Switches to a journal.
pub(crate) fn use_journal(connection: &Connection, journal: Journal) -> Result<(), StoreError> {
    let outcome = match journal {
        // Where the file system cannot share memory, SQLite keeps its old journal and says so; that is slower, not wrong.
        Journal::WriteAhead => connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())),
        Journal::Rollback => connection.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())),
    };
    match outcome {
        // While others have it open the log stays; whoever comes next tries again.
        Err(error) if journal == Journal::Rollback && StoreError::is_busy(&error) => Ok(()),
        outcome => Ok(outcome?),
    }
}

/// Copies the whole database beside itself.
fn back_up(connection: &Connection, path: &Path, version: usize, now: &str) -> Result<(), StoreError> {
    copy::keep_beside(connection, path, &format!("v{version}"), now).map(drop)
}

fn read_only() -> StoreError {
    rusqlite::Error::SqliteFailure(ffi::Error { code: ErrorCode::ReadOnly, extended_code: ffi::SQLITE_READONLY }, None)
        .into()
}

pub(crate) fn user_version(connection: &Connection) -> Result<i64, rusqlite::Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn to_version(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
