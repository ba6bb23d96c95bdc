//! The database's files and their permissions: nobody but the owner can read them, from the first moment.
//!
//! SQLite gives `-wal` and `-shm` the permissions of the database itself, so only the database and its backups are
//! created here. Existing files keep the permissions their owner gave them. On Windows the folder's access list decides.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::StoreError;

/// Held while a file is created. Closing any descriptor of a file drops all POSIX locks this process holds on it
/// (<https://sqlite.org/howtocorrupt.html>, 2.2), so no other thread may open the database between create and close.
static CREATING: Mutex<()> = Mutex::new(());

/// Makes sure that a database file and its folder exist, both private when they are new.
pub(crate) fn create_if_missing(path: &Path) -> Result<(), StoreError> {
    create_folder_of(path)?;
    match create_new(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let metadata = fs::metadata(path).map_err(|error| StoreError::file(path, error))?;
            if metadata.is_file() { Ok(()) } else { Err(StoreError::NotADatabase { path: path.to_owned() }) }
        }
        Err(error) => Err(StoreError::file(path, error)),
    }
}

/// Makes sure that the folder of a file exists, private when it is new.
pub(crate) fn create_folder_of(path: &Path) -> Result<(), StoreError> {
    let folder = folder_of(path);
    create_folder(folder).map_err(|error| StoreError::file(folder, error))
}

/// Creates an empty private file for a backup, and says where: `<name>.before-<what>.<instant>.db` beside the database,
/// with a number where that is taken.
pub(crate) fn create_backup(path: &Path, what: &str, now: &str) -> Result<PathBuf, StoreError> {
    let digits: String = now.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut taken = 0;
    loop {
        let mut name = path.file_stem().map_or_else(OsString::new, OsString::from);
        name.push(format!(".before-{what}.{digits}"));
        if taken > 0 {
            name.push(format!("-{taken}"));
        }
        name.push(".db");
        let backup = path.with_file_name(name);
        match create_new(&backup) {
            Ok(()) => return Ok(backup),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && taken < 99 => taken += 1,
            Err(error) => return Err(StoreError::file(&backup, error)),
        }
    }
}

/// Removes a backup that could not be completed. That it cannot be removed either is not worth another error.
pub(crate) fn discard_backup(backup: &Path) {
    let _ = fs::remove_file(backup);
}

/// Flushes a complete file to the disk.
pub(crate) fn flush(path: &Path) -> Result<(), StoreError> {
    // Windows flushes only what may be written.
    OpenOptions::new()
        .write(true)
        .open(path)
        .and_then(|file| file.sync_all())
        .map_err(|error| StoreError::file(path, error))
}

/// Flushes the names in a folder, so that a new name survives a power cut. Not every system can, and none has to.
pub(crate) fn flush_folder(folder: &Path) {
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
}

/// The folder of a file.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The database's file and the files SQLite keeps beside it.
pub(crate) fn family(path: &Path) -> [PathBuf; 4] {
    ["", "-wal", "-shm", "-journal"].map(|end| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    })
}

/// The path with links followed; of a file that is not there yet, its folder's.
pub(crate) fn resolved(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| match (folder_of(path).canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    })
}

/// Whether two names are of one file, by way of links of either kind.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    let is_canonical = || Some(one.canonicalize().ok()? == other.canonicalize().ok()?);
    is_canonical().unwrap_or_default() || has_same_number(one, other)
}

#[cfg(unix)]
fn has_same_number(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let number = |path| fs::metadata(path).ok().map(|file| (file.dev(), file.ino()));
    number(one).is_some_and(|number_of_one| Some(number_of_one) == number(other))
}

/// Hard links are rare on Windows, and the number of a file is not told there.
#[cfg(not(unix))]
fn has_same_number(_one: &Path, _other: &Path) -> bool {
    false
}

/// Makes an empty file private before anything is written to it.
#[cfg(unix)]
pub(crate) fn make_private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(|error| StoreError::file(path, error))
}

/// Makes an empty file private before anything is written to it: nothing to do where the folder decides.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "on other systems it can fail")]
pub(crate) fn make_private(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}

fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn create_new(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _guard = CREATING.lock().unwrap_or_else(PoisonError::into_inner);
    options.open(path).map(drop)
}
