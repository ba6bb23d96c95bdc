//! Files of a host as libraries of this machine need them: with a path that can be opened.
//!
//! What lies on this machine is opened where it is; what does not is copied into a temporary file, which goes away with
//! the value.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Host, HostError};

/// A file of a host that can be opened on this machine.
#[derive(Debug)]
pub enum LocalFile {
    /// It lies on this machine.
    InPlace(PathBuf),
    /// A copy of what lies elsewhere; it is removed when this value goes.
    Copy(NamedTempFile),
}

impl LocalFile {
    /// Where to open it.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::InPlace(path) => path,
            Self::Copy(copy) => copy.path(),
        }
    }
}

/// Copies a file of a host, which hands it over in pieces, so that it is never in memory as a whole.
pub(super) fn copied<H: Host + ?Sized>(host: &H, path: &str, cap: u64) -> Result<LocalFile, HostError> {
    let failed = |source: io::Error| {
        let source = io::Error::new(source.kind(), format!("no copy could be made on this machine: {source}"));
        HostError::Other { path: path.to_owned(), source }
    };
    let mut copy = tempfile::Builder::new().prefix("interdict-copy-").tempfile().map_err(failed)?;
    let mut written = Ok(());
    host.read_pieces(path, cap, &mut |piece| {
        if written.is_ok() {
            written = copy.write_all(piece);
        }
    })?;
    written.and_then(|()| copy.flush()).map_err(failed)?;
    Ok(LocalFile::Copy(copy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;

    #[test]
    fn a_copy_goes_away_and_has_the_same_bounds() {
        let host = FixtureHost::new().file("/var/lib/rpm/rpmdb.sqlite", [0, 255, 10].repeat(1000));
        let copy = host.local_file("/var/lib/rpm/rpmdb.sqlite", 3000).expect("copied");
        let place = copy.path().to_owned();
        assert_eq!(std::fs::read(&place).expect("there"), [0, 255, 10].repeat(1000));
        drop(copy);
        assert!(!place.exists());
        assert!(matches!(host.local_file("/var/lib/rpm/rpmdb.sqlite", 2999), Err(HostError::TooLarge { .. })));
        assert!(matches!(host.local_file("/none", 1), Err(HostError::NotFound { .. })));
    }
}
