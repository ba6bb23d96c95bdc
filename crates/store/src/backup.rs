//! Backup and restore of a whole database while others read and write it.
//!
//! A backup is written beside its place, checked, flushed and then put there in one step, so that whoever is killed
//! leaves the older file or the newer one. A restore is one transaction of the database that is restored into: whoever
//! has it open reads the old content until it is done, and the new content afterwards.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use tempfile::{NamedTempFile, PersistError};

use crate::check::Content;
use crate::error::StoreError;
use crate::log::{self, LogHead, LogKind, NewLogEntry};
use crate::schema::{self, Found};
use crate::store::{Options, Store};
use crate::{check, copy, file, instant};

/// What the names begin with of files that are being written.
const PREFIX: &str = ".interdict-";
/// What the names end with.
const SUFFIX: &str = ".part";
/// A file of that name which nobody wrote to for so long is what a killed one left.
const LEFT_AFTER: Duration = Duration::from_hours(1);

/// Whether a backup may take the place of an older file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replace {
    /// It takes its place.
    Existing,
    /// A file that is there is an error.
    Nothing,
}

/// A backup that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// The bytes of its file.
    pub bytes: u64,
    /// Its schema.
    pub schema: i64,
    /// What is in it.
    pub content: Content,
}

/// A backup that was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The schema of the backup.
    pub schema: i64,
    /// The schema it has now, which is newer where it had to be upgraded.
    pub upgraded_to: i64,
    /// What is in the database now.
    pub content: Content,
    /// Where that is kept which was in the database before; nothing when nothing was in it.
    pub kept: Option<PathBuf>,
}

impl Store {
    /// Writes a copy of the database to `target`, as it is at one moment; others read and write meanwhile. The copy is
    /// checked before it is put in its place, private to its owner, and one file by itself.
    pub fn back_up(&self, target: &Path, replace: Replace) -> Result<BackedUp, StoreError> {
        let target = place_for(target, self.path(), replace)?;
        let staged = Staged::beside(&target)?;
        let copy = copy::copy_into(&self.connection, staged.path())?;
        // What is wrong with the copy is wrong with the database.
        check::must_be_sound(&copy, self.path())?;
        let (schema, content) = (schema::user_version(&copy)?, check::content(&copy)?);
        drop(copy);
        let bytes = staged.put(&target, replace)?;
        Ok(BackedUp { bytes, schema, content })
    }

    /// Takes over the content of a prepared backup; what is in the database is kept in a file beside it.
    pub(crate) fn take_over(&mut self, prepared: &Prepared, now: &str) -> Result<Restored, StoreError> {
        self.fit_page_size(&prepared.staging)?;
        // What is damaged may well be unable to say.
        let replaced = self.log_head().ok().flatten();
        self.log_restore(prepared, replaced.as_ref(), now)?;
        let kept = self.replace_by(&prepared.staging, replaced.as_ref(), now)?;
        let (schema, upgraded_to) = (prepared.schema, schema::user_version(&self.connection)?);
        Ok(Restored { schema, upgraded_to, content: self.content()?, kept })
    }

    /// Says in the staged log that it is a backup's, and which head it takes the place of: heads that were printed since
    /// the backup are in no log from then on.
    fn log_restore(&self, prepared: &Prepared, replaced: Option<&LogHead>, now: &str) -> Result<(), StoreError> {
        log::begin(&prepared.staging, now)?;
        let replaced = replaced.filter(|_| !check::is_empty(&self.connection).unwrap_or(false));
        let body = json!({
            "from": prepared.source,
            "backup_schema": prepared.schema,
            "replaced_head": replaced.map(|head| json!({ "number": head.number, "hash": head.hash })),
        });
        let transaction = prepared.staging.unchecked_transaction()?;
        log::append(&transaction, &NewLogEntry { instant: now.to_owned(), kind: LogKind::Restored, body })?;
        Ok(transaction.commit()?)
    }

    /// A database with a write-ahead log keeps the size of its pages, so the staged one takes it over.
    fn fit_page_size(&self, staging: &Connection) -> Result<(), StoreError> {
        let size =
            |connection: &Connection| connection.pragma_query_value(None, "page_size", |row| row.get::<_, i64>(0));
        let wanted = size(&self.connection)?;
        if size(staging)? != wanted {
            staging.pragma_update(None, "page_size", wanted)?;
            staging.execute_batch("VACUUM")?;
        }
        Ok(())
    }

    /// Puts the staged content in the place of ours; says where ours is kept.
    fn replace_by(
        &mut self,
        staging: &Connection,
        replaced: Option<&LogHead>,
        now: &str,
    ) -> Result<Option<PathBuf>, StoreError> {
        let path = self.path().to_owned();
        let journal: String = self.connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        // With a write-ahead log the old content can be read while nobody can write. Without one, nobody can read it then.
        let kept = if journal == "wal" {
            let reader = Self::open_with(&path, now, Options::default())?;
            let mut kept = None;
            copy::copy_after(staging, &mut self.connection, || {
                // The staged log names the head that it replaces, which somebody may have moved on just now.
                if reader.log_head().ok().flatten().as_ref() != replaced {
                    return Err(copy::busy());
                }
                kept = keep(&reader, &path, now)?;
                Ok(())
            })?;
            kept
        } else {
            let kept = keep(self, &path, now)?;
            copy::copy(staging, &mut self.connection)?;
            kept
        };
        // The log holds the whole database once more; where others still read the old content it stays for now.
        let _ = self.connection.pragma_update_and_check(None, "wal_checkpoint", "TRUNCATE", |_| Ok(()));
        Ok(kept)
    }
}

/// Replaces the whole content of the database at `path` by that of a backup, in one transaction. The backup is only read,
/// and checked first; one with an older schema is upgraded. What was in the database is kept in a file beside it, `now` in
/// its name. A database that is not there is made, and one too damaged to be opened is set aside as it is.
pub fn restore(path: &Path, source: &Path, now: &str, options: Options) -> Result<Restored, StoreError> {
    instant::check(now)?;
    if file::family(&file::resolved(path)).iter().any(|own| file::is_same(source, own)) {
        return Err(StoreError::Itself { path: source.to_owned() });
    }
    let prepared = prepare(source, path)?;
    match Store::open_with(path, now, options) {
        Ok(mut store) => store.take_over(&prepared, now),
        Err(StoreError::Corrupt { .. }) => {
            let aside = set_aside(path, now)?;
            let mut store = Store::open_with(path, now, options)?;
            let restored = store.take_over(&prepared, now)?;
            Ok(Restored { kept: Some(aside), ..restored })
        }
        Err(error) => Err(error),
    }
}

/// Renames a damaged database and what lies beside it; says where it is now.
fn set_aside(path: &Path, now: &str) -> Result<PathBuf, StoreError> {
    let aside = file::create_backup(path, "restore", now)?;
    // The log first: without it the file is older than it should be, with it and without the file nothing is lost.
    for (from, to) in file::family(path).into_iter().zip(file::family(&aside)).rev() {
        match fs::rename(&from, &to) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(StoreError::file(&from, error)),
        }
    }
    Ok(aside)
}

fn keep(store: &Store, path: &Path, now: &str) -> Result<Option<PathBuf>, StoreError> {
    if check::is_empty(&store.connection)? {
        return Ok(None);
    }
    copy::keep_beside(&store.connection, path, "restore", now).map(Some)
}

/// Where a backup goes: links are followed, and what must not be overwritten is refused.
fn place_for(target: &Path, database: &Path, replace: Replace) -> Result<PathBuf, StoreError> {
    let target = file::resolved(target);
    if file::family(&file::resolved(database)).iter().any(|own| *own == target || file::is_same(&target, own)) {
        return Err(StoreError::Itself { path: target });
    }
    match fs::symlink_metadata(&target) {
        Ok(found) if !found.is_file() => Err(StoreError::NotAFile { path: target }),
        Ok(_) if replace == Replace::Nothing => Err(StoreError::Exists { path: target }),
        Ok(_) | Err(_) => Ok(target),
    }
}

/// A copy of a backup beside the database, checked and of the present schema, so that the backup itself is only read.
pub(crate) struct Prepared {
    // Closed before its file goes away.
    staging: Connection,
    _file: Staged,
    /// Where the backup is, for people.
    source: String,
    /// The schema of the backup.
    schema: i64,
}

pub(crate) fn prepare(source: &Path, database: &Path) -> Result<Prepared, StoreError> {
    let found = fs::metadata(source).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => StoreError::NoSuchFile { path: source.to_owned() },
        _ => StoreError::file(source, error),
    })?;
    if !found.is_file() {
        return Err(StoreError::NotAFile { path: source.to_owned() });
    }
    let is_damaged = |error| match error {
        StoreError::Corrupt { source: cause } => {
            StoreError::Unsound { path: source.to_owned(), problem: cause.to_string() }
        }
        error => error,
    };
    let original = open_to_read(source)?;
    // Refused before it is copied, since the first page says what it is.
    let Found::Ours(_) = schema::look_at(&original, source, schema::MIGRATIONS.len()).map_err(is_damaged)? else {
        return Err(StoreError::NotADatabase { path: source.to_owned() });
    };
    file::create_folder_of(database)?;
    let file = Staged::beside(database)?;
    let mut staging = copy::copy_into(&original, file.path()).map_err(is_damaged)?;
    check::must_be_sound(&staging, source)?;
    let schema = schema::user_version(&staging)?;
    schema::migrate(&mut staging, &schema::MIGRATIONS)?;
    Ok(Prepared { staging, _file: file, source: source.display().to_string(), schema })
}

/// Opens a database to read it only. Where there is no log beside it, nothing is made beside it either, so that a backup
/// can be read from a disk that cannot be written.
fn open_to_read(path: &Path) -> Result<Connection, StoreError> {
    let [_, log, _, journal] = file::family(path);
    let has_content = |path: &Path| fs::metadata(path).is_ok_and(|file| file.len() > 0);
    let mut address = String::from("file:");
    let absolute = std::path::absolute(path).map_err(|error| StoreError::file(path, error))?;
    for byte in absolute.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            address.push(char::from(*byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address.push_str("?mode=ro");
    if !has_content(&log) && !has_content(&journal) {
        address.push_str("&immutable=1");
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(address, flags).map_err(|error| StoreError::opening(path, error))
}

/// A file that is being written beside its place; it goes away unless it is put there.
struct Staged {
    file: NamedTempFile,
}

impl Staged {
    /// In the folder of a file that is to be written or changed, which must be there.
    fn beside(target: &Path) -> Result<Self, StoreError> {
        let folder = file::folder_of(target);
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => StoreError::NoSuchFile { path: folder.to_owned() },
            _ => StoreError::file(folder, error),
        };
        let mut prefix = OsString::from(PREFIX);
        prefix.push(target.file_name().unwrap_or(OsStr::new("")));
        prefix.push("-");
        let file = tempfile::Builder::new().prefix(&prefix).suffix(SUFFIX).tempfile_in(folder).map_err(failed)?;
        remove_left_over(folder, &prefix, &file);
        Ok(Self { file })
    }

    fn path(&self) -> &Path {
        self.file.path()
    }

    /// Puts the complete file in its place, in one step; says how many bytes it has.
    fn put(self, target: &Path, replace: Replace) -> Result<u64, StoreError> {
        let failed = |error| StoreError::file(target, error);
        self.file.as_file().sync_all().map_err(failed)?;
        let bytes = self.file.as_file().metadata().map_err(failed)?.len();
        match replace {
            Replace::Existing => self.file.persist(target).map_err(|error| failed(error.error))?,
            Replace::Nothing => match self.file.persist_noclobber(target) {
                Ok(file) => file,
                Err(PersistError { error, .. }) if error.kind() == io::ErrorKind::AlreadyExists => {
                    return Err(StoreError::Exists { path: target.to_owned() });
                }
                // Not every file system can do that in one step (exFAT on a memory stick).
                Err(PersistError { file, .. }) if !target.exists() => {
                    file.persist(target).map_err(|error| failed(error.error))?
                }
                Err(PersistError { error, .. }) => return Err(failed(error)),
            },
        };
        file::flush_folder(file::folder_of(target));
        Ok(bytes)
    }
}

/// Removes what killed ones left of the same name. By the clock of the file system, and only what nobody writes to.
fn remove_left_over(folder: &Path, prefix: &OsStr, own: &NamedTempFile) {
    let Ok(now) = own.as_file().metadata().and_then(|file| file.modified()) else { return };
    let Ok(entries) = fs::read_dir(folder) else { return };
    let prefix = prefix.as_encoded_bytes();
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_ours = name.as_encoded_bytes().starts_with(prefix)
            && name.as_encoded_bytes().windows(SUFFIX.len()).any(|part| part == SUFFIX.as_bytes());
        let modified = entry.metadata().ok().filter(fs::Metadata::is_file).and_then(|file| file.modified().ok());
        let age = modified.and_then(|modified| now.duration_since(modified).ok());
        if is_ours && age.is_some_and(|age| age > LEFT_AFTER) {
            // Whoever may not remove it leaves it to the next.
            let _ = fs::remove_file(entry.path());
        }
    }
}
