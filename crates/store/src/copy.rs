//! Copies of whole databases by SQLite's online backup: others read and write meanwhile, and the copy is of one moment.

use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags, ffi};

use crate::error::StoreError;
use crate::file;

/// Copies the content of one database over another's, in one transaction of the latter.
///
/// All pages go in one step: a pause between steps would only invite a writer to start it over.
pub(crate) fn copy(from: &Connection, to: &mut Connection) -> Result<(), StoreError> {
    finish(&Backup::new(from, to)?)
}

/// Copies the content of one database over another's. Once the other is locked against writers and before anything of it
/// changes, `locked` is called: what it sees is exactly what is replaced.
pub(crate) fn copy_after(
    from: &Connection,
    to: &mut Connection,
    locked: impl FnOnce() -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let backup = Backup::new(from, to)?;
    match backup.step(1)? {
        // Dropped when `locked` fails, which rolls the first page back.
        StepResult::More => locked().and_then(|()| finish(&backup)),
        // A database of one page has no tables, so none of ours ends here.
        StepResult::Done => locked(),
        _ => Err(busy()),
    }
}

fn finish(backup: &Backup<'_, '_>) -> Result<(), StoreError> {
    match backup.step(-1)? {
        StepResult::Done => Ok(()),
        _ => Err(busy()),
    }
}

/// Somebody else is writing.
pub(crate) fn busy() -> StoreError {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), None).into()
}

/// Copies a database into an empty file that then is one by itself, without a log beside it.
pub(crate) fn copy_into(from: &Connection, path: &Path) -> Result<Connection, StoreError> {
    let mut target = open_private(path)?;
    copy(from, &mut target)?;
    // The copy says of itself that it has a write-ahead log; who opens it read-only could not make one.
    target.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    Ok(target)
}

/// Copies a database beside itself, as `<name>.before-<what>.<instant>.db`, and says where. Damage is copied as it is.
pub(crate) fn keep_beside(connection: &Connection, path: &Path, what: &str, now: &str) -> Result<PathBuf, StoreError> {
    let backup = file::create_backup(path, what, now)?;
    let outcome = copy_into(connection, &backup).map(drop).and_then(|()| file::flush(&backup));
    match outcome {
        Ok(()) => Ok(backup),
        Err(error) => {
            file::discard_backup(&backup);
            Err(error)
        }
    }
}

/// Opens a file of ours that nobody else knows of: no log, no shared memory, and nothing to wait for.
pub(crate) fn open_private(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| StoreError::opening(path, error))?;
    connection.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
    // Whoever is killed here leaves a file that is never looked at again; what is kept is flushed when it is complete.
    connection.pragma_update_and_check(None, "journal_mode", "MEMORY", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    Ok(connection)
}
