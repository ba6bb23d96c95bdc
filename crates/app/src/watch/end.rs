//! Whom an error concerns: the file, the moment, or everything.

use std::io;

use interdict_import::ImportError;
use interdict_store::StoreError;

use crate::error::AppError;

/// What becomes of a file, and of watching, after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Becomes {
    /// The file is at fault.
    Rejected,
    /// Somebody took the file away.
    Gone,
    /// The file is still being written.
    Changed,
    /// Somebody asked to stop.
    Cancelled,
    /// The database is in use: the next time may do.
    Later,
    /// No other file would fare better.
    Trouble,
}

/// Sorts an error of an import.
pub(super) fn becomes(error: &AppError) -> Becomes {
    match error {
        AppError::Import { source: ImportError::Stopped, .. } | AppError::Cancelled => Becomes::Cancelled,
        AppError::Import { source: ImportError::Read { source }, .. } | AppError::File { source, .. } => of_io(source),
        AppError::Import { .. } | AppError::NotAScan { .. } => Becomes::Rejected,
        AppError::FileChanged { .. } => Becomes::Changed,
        AppError::Store(error) => of_store(error),
        _ => Becomes::Trouble,
    }
}

/// What the system said concerns the disk; what a reader said concerns what it read.
fn of_io(error: &io::Error) -> Becomes {
    match error.raw_os_error() {
        Some(_) if error.kind() == io::ErrorKind::NotFound => Becomes::Gone,
        Some(_) => Becomes::Trouble,
        None => Becomes::Rejected,
    }
}

fn of_store(error: &StoreError) -> Becomes {
    match error {
        StoreError::Locked { .. } => Becomes::Later,
        // What the file says does not fit what is known, or cannot be kept at all: a watcher that stopped there would meet
        // the same file again and again.
        StoreError::OlderScan { .. }
        | StoreError::Instant { .. }
        | StoreError::UnknownMachine { .. }
        | StoreError::Query { .. } => Becomes::Rejected,
        _ => Becomes::Trouble,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn only_what_is_the_files_own_fault_rejects_it() {
        let path = || PathBuf::from("x");
        let cause = || "x".into();
        let import = |source| AppError::Import { path: path(), source };
        let file = |source| AppError::File { doing: "read", path: path(), source };
        let system = io::Error::from_raw_os_error;
        for (error, expected) in [
            (import(ImportError::Empty), Becomes::Rejected),
            (import(ImportError::Encrypted), Becomes::Rejected),
            (import(ImportError::Stopped), Becomes::Cancelled),
            (import(ImportError::Read { source: io::ErrorKind::InvalidData.into() }), Becomes::Rejected),
            (import(ImportError::Read { source: system(5) }), Becomes::Trouble),
            (file(system(2)), Becomes::Gone),
            (file(system(13)), Becomes::Trouble),
            (file(io::Error::other("a line is too long")), Becomes::Rejected),
            (AppError::NotAScan { path: path(), problem: String::new() }, Becomes::Rejected),
            (AppError::FileChanged { path: path() }, Becomes::Changed),
            (AppError::Cancelled, Becomes::Cancelled),
            (AppError::NoDataFolder, Becomes::Trouble),
            (StoreError::Locked { source: cause() }.into(), Becomes::Later),
            (StoreError::DiskFull { source: cause() }.into(), Becomes::Trouble),
            (StoreError::ReadOnly { source: cause() }.into(), Becomes::Trouble),
            (StoreError::Corrupt { source: cause() }.into(), Becomes::Trouble),
            (StoreError::Query { source: cause() }.into(), Becomes::Rejected),
            (StoreError::OlderScan { recorded: String::new(), offered: String::new() }.into(), Becomes::Rejected),
        ] {
            assert_eq!(becomes(&error), expected, "{error:?}");
        }
    }
}
