//! Whether the files exist that a registration names, told apart from whether they could be looked for at all.
//!
//! What lies on another computer is never asked for: to ask would be to speak to it.

use crate::any::MOST_ENTRIES;
use crate::collector::{Cause, Gathering};
use crate::host::{Entry, Host, HostError, Kind};
use crate::windows::environment::is_on_a_drive;

/// What looking for a file comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existence {
    /// It is there, and this is what it is.
    There(Kind),
    /// It is not there.
    Gone,
    /// It could not be looked for, so nobody knows.
    Unknown,
}

impl Existence {
    /// Whether it exists; nothing where nobody knows.
    pub(crate) const fn known(self) -> Option<bool> {
        match self {
            Self::There(_) => Some(true),
            Self::Gone => Some(false),
            Self::Unknown => None,
        }
    }
}

/// Looks for files and counts those that could not be looked for.
pub(crate) struct Files<'h> {
    host: &'h dyn Host,
    unknown: usize,
    example: Option<String>,
}

impl<'h> Files<'h> {
    /// Of a host.
    pub(crate) fn of(host: &'h dyn Host) -> Self {
        Self { host, unknown: 0, example: None }
    }

    /// Whether a file or folder exists. What is no path with a drive is unknown, and no shortfall: nothing says where it is.
    pub(crate) fn look(&mut self, path: &str) -> Existence {
        if !is_on_a_drive(path) {
            return Existence::Unknown;
        }
        match self.host.look(path) {
            Ok(found) => Existence::There(found.kind),
            // Short names are kept in no list: only the running system knows what they stand for.
            Err(HostError::NotFound { .. }) if has_short_name(path) && !self.host.is_live() => Existence::Unknown,
            Err(HostError::NotFound { .. }) => Existence::Gone,
            Err(error) => {
                self.unknown += 1;
                self.example.get_or_insert_with(|| error.with_cause());
                Existence::Unknown
            }
        }
    }

    /// The first of some paths that exists; else whether all are gone.
    pub(crate) fn first_of(&mut self, paths: &[String]) -> (Existence, Option<String>) {
        let mut known = true;
        for path in paths {
            match self.look(path) {
                Existence::There(kind) => return (Existence::There(kind), Some(path.clone())),
                Existence::Gone => {}
                Existence::Unknown => known = false,
            }
        }
        let answer = if known && !paths.is_empty() { Existence::Gone } else { Existence::Unknown };
        (answer, paths.first().cloned())
    }

    /// What is in a folder; nothing in one that does not exist. None where it could not be listed.
    pub(crate) fn list(&mut self, folder: &str) -> Option<Vec<Entry>> {
        match self.host.list(folder, MOST_ENTRIES) {
            Ok(entries) => Some(entries),
            Err(HostError::NotFound { .. }) => Some(Vec::new()),
            Err(error) => {
                self.unknown += 1;
                self.example.get_or_insert_with(|| error.with_cause());
                None
            }
        }
    }

    /// Accounts for what could not be looked for. `whose` says whose files they are, such as `services and drivers`.
    pub(crate) fn account(self, whose: &str, gathering: &mut Gathering) {
        if let Some(example) = self.example {
            let count = self.unknown;
            let what = if count == 1 {
                format!("a file or folder of {whose} could not be looked at: {example}")
            } else {
                format!("{count} files or folders of {whose} could not be looked at, the first because {example}")
            };
            gathering.shortfall(Cause::NotAllowed, what);
        }
    }
}

/// Whether a part of a path may be a short name, such as `KASPER~1`.
fn has_short_name(path: &str) -> bool {
    path.split('\\').any(|part| {
        part.split_once('~').is_some_and(|(start, number)| {
            start.len() <= 6 && number.chars().next().is_some_and(|digit| digit.is_ascii_digit())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FixtureHost, MapRegistry};

    #[test]
    fn what_is_not_looked_for_is_not_gone() {
        let host = FixtureHost::windows(MapRegistry::default())
            .executable(r"C:\X\x.exe")
            .executable(r"C:\Hidden\y.exe")
            .unreadable(r"C:\Hidden");
        let mut files = Files::of(&host);
        assert_eq!(files.look(r"C:\X\x.exe").known(), Some(true));
        assert_eq!(files.look(r"C:\X\z.exe").known(), Some(false));
        assert_eq!(files.look(r"C:\Hidden\y.exe").known(), None);
        assert_eq!(files.look(r"C:\KASPER~1\x.exe").known(), None);
        assert_eq!(files.look(r"\\server\share\x.exe").known(), None);
        let paths = [r"C:\X\z.exe".to_owned(), r"C:\X\x.exe".to_owned()];
        assert_eq!(files.first_of(&paths).1.as_deref(), Some(r"C:\X\x.exe"));
        assert_eq!(files.first_of(&[]).0, Existence::Unknown);
        let mut gathering = Gathering::default();
        files.account("programs", &mut gathering);
        let reason = gathering.finish().reason.expect("one is hidden");
        assert_eq!(
            reason,
            r"a file or folder of programs could not be looked at: C:\Hidden\y.exe may not be read as uid 65534"
        );
    }
}
