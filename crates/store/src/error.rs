//! What can go wrong with the database, each case with its code and advice.
//!
//! SQLite's own errors are told apart here and nowhere else; which library reports them does not show outside.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use interdict_model::Fault;
use rusqlite::{ErrorCode, ffi};

type Cause = Box<dyn Error + Send + Sync>;

/// Why the store could not do what it was asked to. Whatever the case, nothing was half done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file is no database, or another application's. It was left as it is.
    #[error("\"{path}\" is not an Interdict database")]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// A newer Interdict has changed the database. It was left as it is.
    #[error("\"{path}\" has schema {found}, newer than {known}, the newest this version knows")]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema known here.
        known: i64,
    },
    /// Somebody else is writing and did not finish in time.
    #[error("the database is in use by another process")]
    Locked {
        /// What SQLite said.
        source: Cause,
    },
    /// No room for it on the disk.
    #[error("no space left for the database")]
    DiskFull {
        /// What SQLite or the system said.
        source: Cause,
    },
    /// The file or its folder cannot be written.
    #[error("the database is read-only")]
    ReadOnly {
        /// What SQLite or the system said.
        source: Cause,
    },
    /// The file or its folder may not be opened by this user.
    #[error("no permission to open \"{path}\"")]
    Permission {
        /// The file or folder.
        path: PathBuf,
        /// What SQLite or the system said.
        source: Cause,
    },
    /// Reading or writing failed.
    #[error("the database could not be read or written")]
    Io {
        /// What SQLite or the system said.
        source: Cause,
    },
    /// The file is damaged.
    #[error("the database is damaged")]
    Corrupt {
        /// What SQLite said.
        source: Cause,
    },
    /// A stored value that this version does not know.
    #[error("the database holds {what} that this version does not know")]
    UnknownValue {
        /// Which kind of value.
        what: &'static str,
        /// What is wrong with it.
        source: Cause,
    },
    /// A check found the content of a database wrong.
    #[error("\"{path}\" is damaged: {problem}")]
    Unsound {
        /// The file.
        path: PathBuf,
        /// The first thing that is wrong.
        problem: String,
    },
    /// A file that is to be written is there already.
    #[error("\"{path}\" exists already")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A copy of the database was to be written over the database, or the database read over itself.
    #[error("\"{path}\" is the database itself")]
    Itself {
        /// The file.
        path: PathBuf,
    },
    /// A folder or device where a file is wanted.
    #[error("\"{path}\" is no file")]
    NotAFile {
        /// The folder or device.
        path: PathBuf,
    },
    /// A file that is to be read is not there.
    #[error("there is no file \"{path}\"")]
    NoSuchFile {
        /// The file.
        path: PathBuf,
    },
    /// Less room on the disk than is needed for a while.
    #[error("this needs {needed} bytes for a while, and \"{folder}\" has {free}")]
    NoRoom {
        /// The folder of the database.
        folder: PathBuf,
        /// Bytes that are needed.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// A text that should be an instant and is not.
    #[error("\"{text}\" is not an instant in UTC")]
    Instant {
        /// The text.
        text: String,
    },
    /// A scan older than one already recorded of the same machine and source.
    #[error("a newer scan of this machine is already recorded: {recorded}, and this one began {offered}")]
    OlderScan {
        /// When the recorded scan began.
        recorded: String,
        /// When the offered one began.
        offered: String,
    },
    /// A machine that no scan has recorded.
    #[error("no machine \"{id}\" is recorded")]
    UnknownMachine {
        /// The id that was asked for.
        id: String,
    },
    /// No scan has that number.
    #[error("there is no scan number {id}")]
    UnknownScan {
        /// The number that was asked for.
        id: i64,
        /// The highest number there is.
        newest: Option<i64>,
    },
    /// No import has that number.
    #[error("there is no import number {id}")]
    UnknownBatch {
        /// The number that was asked for.
        id: i64,
    },
    /// An import that was undone before.
    #[error("import number {id} was undone before")]
    BatchUndone {
        /// Its number.
        id: i64,
    },
    /// A machine was to be joined with itself.
    #[error("{id} is one machine already")]
    OneMachine {
        /// Its id.
        id: String,
    },
    /// Two machines that we looked at ourselves were to be joined.
    #[error("{one} and {other} were both scanned, and each has an id of its own")]
    BothScanned {
        /// The name of one.
        one: String,
        /// The name of the other.
        other: String,
    },
    /// What was before an import is forgotten.
    #[error("import number {id} cannot be undone: what was before it was forgotten, or joined with another machine")]
    BatchSealed {
        /// Its number.
        id: i64,
    },
    /// Later scans or imports of the same machines rest on it.
    #[error("later scans or imports of {machines} of its machines build on import number {id}")]
    BatchBuiltUpon {
        /// Its number.
        id: i64,
        /// How many machines those are of.
        machines: i64,
    },
    /// A statement failed for another reason: a bug of ours.
    #[error("the database refused a statement")]
    Query {
        /// What SQLite said.
        source: Cause,
    },
}

impl StoreError {
    /// One of each code, for the test that proves the codes of all crates unique and documented.
    pub const CODES: &'static [&'static str] = &[
        "store/not-a-database",
        "store/newer-schema",
        "store/locked",
        "store/disk-full",
        "store/read-only",
        "store/permission",
        "store/io",
        "store/corrupt",
        "store/unknown-value",
        "store/unsound",
        "store/exists",
        "store/itself",
        "store/not-a-file",
        "store/no-such-file",
        "store/no-room",
        "store/instant",
        "store/older-scan",
        "store/unknown-scan",
        "store/unknown-batch",
        "store/unknown-machine",
        "store/batch-built-upon",
        "store/batch-undone",
        "store/batch-sealed",
        "store/query",
    ];

    /// Whether SQLite says that others are at it.
    pub(crate) fn is_busy(error: &rusqlite::Error) -> bool {
        matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
    }

    /// Tells SQLite's errors apart where a file is being opened.
    pub(crate) fn opening(path: &Path, error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotADatabase { path: path.to_owned() },
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::Permission { path: path.to_owned(), source: error.into() }
            }
            _ => error.into(),
        }
    }

    /// Tells the system's errors apart for a file or folder.
    pub(crate) fn file(path: &Path, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::Permission { path: path.to_owned(), source: error.into() },
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { source: error.into() },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { source: error.into() },
            _ => Self::Io { source: format!("{}: {error}", path.display()).into() },
        }
    }
}

impl Fault for StoreError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotADatabase { .. } => "store/not-a-database",
            Self::NewerSchema { .. } => "store/newer-schema",
            Self::Locked { .. } => "store/locked",
            Self::DiskFull { .. } => "store/disk-full",
            Self::ReadOnly { .. } => "store/read-only",
            Self::Permission { .. } => "store/permission",
            Self::Io { .. } => "store/io",
            Self::Corrupt { .. } => "store/corrupt",
            Self::UnknownValue { .. } => "store/unknown-value",
            Self::Unsound { .. } => "store/unsound",
            Self::Exists { .. } => "store/exists",
            Self::Itself { .. } => "store/itself",
            Self::NotAFile { .. } => "store/not-a-file",
            Self::NoSuchFile { .. } => "store/no-such-file",
            Self::NoRoom { .. } => "store/no-room",
            Self::Instant { .. } => "store/instant",
            Self::OlderScan { .. } => "store/older-scan",
            Self::UnknownMachine { .. } => "store/unknown-machine",
            Self::UnknownScan { .. } => "store/unknown-scan",
            Self::UnknownBatch { .. } => "store/unknown-batch",
            Self::BatchUndone { .. } => "store/batch-undone",
            Self::OneMachine { .. } => "store/one-machine",
            Self::BothScanned { .. } => "store/both-scanned",
            Self::BatchSealed { .. } => "store/batch-sealed",
            Self::BatchBuiltUpon { .. } => "store/batch-built-upon",
            Self::Query { .. } => "store/query",
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotADatabase { .. } => "name another file with --db; this one was left as it is",
            Self::NewerSchema { .. } => "update Interdict, or name another file with --db; this one was left as it is",
            Self::Locked { .. } => {
                "close the other Interdict, or try again when its scan or import is done; --wait SECONDS waits longer"
            }
            Self::DiskFull { .. } => "free some space and try again; nothing of this was recorded",
            Self::ReadOnly { .. } => "make the file and its folder writable, or name another file with --db",
            Self::Permission { .. } => "check who owns the file and its folder, or name another file with --db",
            Self::Io { .. } => "check the disk and the path, then try again",
            Self::Corrupt { .. } => "restore a backup with `interdict restore`; the damaged file was left as it is",
            Self::UnknownValue { .. } => "a newer Interdict may have written it: update, or restore a backup",
            Self::Unsound { .. } => {
                "see all that is wrong with `interdict database check`, and restore a sound backup with `interdict restore`"
            }
            Self::Exists { .. } => "name another file, or replace this one with --replace",
            Self::Itself { .. } => "name another file",
            Self::NotAFile { .. } => "name a file, which may lie in that folder",
            Self::NoSuchFile { .. } => "check the path",
            Self::NoRoom { .. } => "free some space and try again; nothing was changed",
            Self::Instant { .. } => "write it as 2026-11-22T18:00:00Z",
            Self::OlderScan { .. } => "import the scans of one machine oldest first",
            Self::UnknownMachine { .. } => "`interdict machines` lists the ids",
            Self::OneMachine { .. } => "`interdict imports machines` says which device is which machine",
            Self::BothScanned { .. } => {
                "scans of them stay two machines; forget the one that is no more with `interdict database forget --machines`"
            }
            Self::BatchSealed { .. } => "restore a backup of the time before, or import what is right now",
            Self::UnknownScan { newest: None, .. } => "nothing was scanned or imported yet",
            Self::UnknownScan { newest: Some(newest), .. } => {
                return Some(format!("the newest is {newest}; `interdict machine NAME` lists those of a machine"));
            }
            Self::UnknownBatch { .. } | Self::BatchUndone { .. } => "`interdict imports` lists the numbers",
            Self::BatchBuiltUpon { .. } => "undo the later imports first; a later scan of a machine cannot be undone",
            Self::Query { .. } => return None,
        };
        Some(hint.to_owned())
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let Some(&ffi::Error { code, extended_code }) = error.sqlite_error() else {
            return Self::Query { source: error.into() };
        };
        let source = Cause::from(error);
        match code {
            // The index of the log could not grow: SQLite tells no more than that, and it is the room that lacks.
            ErrorCode::SystemIoFailure if extended_code == ffi::SQLITE_IOERR_SHMSIZE => Self::DiskFull { source },
            // The locking protocol fails when others are at the write-ahead log's beginning for ten seconds on end.
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
                Self::Locked { source }
            }
            ErrorCode::DiskFull => Self::DiskFull { source },
            ErrorCode::ReadOnly => Self::ReadOnly { source },
            ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Self::Io { source },
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Corrupt { source },
            _ => Self::Query { source },
        }
    }
}
