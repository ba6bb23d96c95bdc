//! Entries of folders in which files of one kind, or folders, are expected.
//!
//! A device, pipe or socket in the place of such a file is accounted for, and so is a link that leads in a circle or to
//! where nobody can look: what stands there was not read, whatever it is. A link that leads to nothing is nothing.

use std::io;

use crate::collector::Gathering;
use crate::host::{Entry, EntryKind, Found, Host, HostError, Kind};

/// Whether an entry of this path may be read as a file: it is one, or a link. One that turns out to lead to none is
/// accounted for by who reads it.
pub(crate) fn is_file_or_link(entry: &Entry, path: &str, gathering: &mut Gathering) -> bool {
    match entry.kind {
        EntryKind::File | EntryKind::Link => true,
        EntryKind::Folder => false,
        EntryKind::Special => {
            gathering.failed(&not_regular(path));
            false
        }
    }
}

/// Whether an entry of this path is a file or leads to one.
pub(crate) fn leads_to_file(host: &dyn Host, entry: &Entry, path: &str, gathering: &mut Gathering) -> bool {
    match entry.kind {
        EntryKind::Link => match behind(host, path, gathering).map(|found| found.kind) {
            Some(Kind::File | Kind::Executable) => true,
            Some(Kind::Folder) | None => false,
            Some(Kind::Special) => {
                gathering.failed(&not_regular(path));
                false
            }
        },
        EntryKind::File | EntryKind::Folder | EntryKind::Special => is_file_or_link(entry, path, gathering),
    }
}

/// Whether an entry of this path is itself a folder. Links to folders are left to who expects them there.
pub(crate) fn is_folder(host: &dyn Host, entry: &Entry, path: &str, gathering: &mut Gathering) -> bool {
    match entry.kind {
        EntryKind::Folder => true,
        EntryKind::Link => {
            let _ = behind(host, path, gathering);
            false
        }
        EntryKind::File | EntryKind::Special => false,
    }
}

/// Those of the entries of a folder that are folders themselves.
pub(crate) fn folders(host: &dyn Host, folder: &str, entries: Vec<Entry>, gathering: &mut Gathering) -> Vec<Entry> {
    let mut entries = entries;
    entries.retain(|entry| is_folder(host, entry, &format!("{folder}/{}", entry.name), gathering));
    entries
}

/// What a link leads to.
fn behind(host: &dyn Host, path: &str, gathering: &mut Gathering) -> Option<Found> {
    gathering.ok(host.look(path))
}

fn not_regular(path: &str) -> HostError {
    HostError::other(path, io::ErrorKind::InvalidInput, "not a regular file")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;

    /// What is said of an entry of `/x`, and whether it is taken for a file or link, a file, a folder.
    fn taken(host: &FixtureHost, name: &str) -> ([bool; 3], Option<String>) {
        let mut gathering = Gathering::default();
        let entries = host.list("/x", 10).expect("listed");
        let entry = entries.iter().find(|entry| entry.name == name).expect("there");
        let path = format!("/x/{name}");
        let taken = [
            is_file_or_link(entry, &path, &mut gathering),
            leads_to_file(host, entry, &path, &mut gathering),
            is_folder(host, entry, &path, &mut gathering),
        ];
        (taken, gathering.finish().reason)
    }

    #[test]
    fn what_is_neither_file_nor_folder_is_said() {
        let host = FixtureHost::new()
            .file("/x/file", "")
            .folder("/x/folder")
            .special("/x/pipe")
            .link("/x/to-file", "file")
            .link("/x/to-folder", "folder")
            .link("/x/to-nothing", "nothing")
            .link("/x/to-pipe", "pipe")
            .link("/x/loop", "loop");
        let pipe = |path: &str| format!("{path} could not be read: not a regular file");
        let circle = "/x/loop could not be read: too many links";
        let of = [
            ("file", [true, true, false], None),
            ("folder", [false, false, true], None),
            ("pipe", [false, false, false], Some(format!("{0}; {0}", pipe("/x/pipe")))),
            ("to-file", [true, true, false], None),
            ("to-folder", [true, false, false], None),
            ("to-nothing", [true, false, false], None),
            ("to-pipe", [true, false, false], Some(pipe("/x/to-pipe"))),
            ("loop", [true, false, false], Some(format!("{circle}; {circle}"))),
        ];
        for (name, expected, said) in of {
            assert_eq!(taken(&host, name), (expected, said), "{name}");
        }
    }
}
