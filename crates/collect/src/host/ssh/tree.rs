//! The folders of a host as far as they were asked for: a path that is not in its folder needs no question.

use std::collections::HashMap;

use super::listing::{Entries, Failure, Node};
use crate::host::EntryKind;

/// How many entries are kept; beyond that everything is forgotten, and asked for again where it is needed.
const MOST_KEPT: usize = 2_000_000;

/// What is known of folders, by their paths without links.
#[derive(Debug, Default)]
pub(super) struct Tree {
    folders: HashMap<String, Folder>,
    /// What single paths are, in folders that do not say what is in them.
    singles: HashMap<String, Option<Node>>,
    kept: usize,
}

/// What is known of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Folder {
    pub(super) entries: Entries,
    /// Why it could not be listed, or not wholly.
    pub(super) failure: Option<Failure>,
    /// Whether what is in it can be asked for.
    pub(super) may_be_entered: bool,
}

/// What is known of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known<'t> {
    /// It is there.
    Node(&'t Node),
    /// It is not.
    Nothing,
    /// It may not be asked for.
    Hidden,
    /// Its folder does not say; it has to be asked for itself.
    AskItself,
    /// Its folder was not asked for yet.
    AskFolder,
}

impl Tree {
    /// Whether a folder was asked for.
    pub(super) fn knows(&self, folder: &str) -> bool {
        self.folders.contains_key(folder)
    }

    /// What is known of a folder.
    pub(super) fn folder(&self, folder: &str) -> Option<&Folder> {
        self.folders.get(folder)
    }

    /// What is in a folder that was asked for.
    pub(super) fn entries(&self, folder: &str) -> Option<&Entries> {
        self.folders.get(folder).map(|folder| &folder.entries)
    }

    /// What is known of a name in a folder.
    pub(super) fn known(&self, folder: &str, name: &str) -> Known<'_> {
        let Some(known) = self.folders.get(folder) else { return Known::AskFolder };
        if let Some(node) = known.entries.get(name) {
            return Known::Node(node);
        }
        match &known.failure {
            None | Some(Failure::NotFound) => Known::Nothing,
            Some(Failure::Denied) if !known.may_be_entered => Known::Hidden,
            Some(Failure::Denied | Failure::TooLarge | Failure::Other(_)) => {
                match self.singles.get(&format!("{folder}/{name}")) {
                    Some(Some(node)) => Known::Node(node),
                    Some(None) => Known::Nothing,
                    None => Known::AskItself,
                }
            }
        }
    }

    /// Whether a path is known not to be a folder, since it or a folder on the way to it is not there or is none.
    pub(super) fn is_no_folder(&self, path: &str) -> bool {
        let Some((folder, name)) = path.rsplit_once('/') else { return false };
        match self.known(folder, name) {
            Known::Node(node) => node.kind != EntryKind::Folder,
            Known::Nothing => true,
            Known::AskFolder => self.is_no_folder(folder),
            Known::Hidden | Known::AskItself => false,
        }
    }

    /// Keeps what a folder is.
    pub(super) fn put(&mut self, folder: &str, known: Folder) {
        self.make_room(known.entries.len() + 1);
        self.folders.insert(folder.to_owned(), known);
    }

    /// Keeps what a single path is.
    pub(super) fn put_single(&mut self, path: &str, node: Option<Node>) {
        self.make_room(1);
        self.singles.insert(path.to_owned(), node);
    }

    fn make_room(&mut self, more: usize) {
        if self.kept + more > MOST_KEPT {
            self.folders.clear();
            self.singles.clear();
            self.kept = 0;
        }
        self.kept += more;
    }

    #[cfg(test)]
    pub(super) fn put_whole(&mut self, folder: &str, entries: Entries) {
        self.put(folder, Folder { entries, failure: None, may_be_entered: true });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_folder_does_not_say_is_not_taken_for_nothing() {
        let node = Node { kind: EntryKind::File, executable: false, size: 1, target: None };
        let entries = || Entries::from([("a".to_owned(), node.clone())]);
        let mut tree = Tree::default();
        assert_eq!(tree.known("/x", "a"), Known::AskFolder);
        for (failure, may_be_entered, expected) in [
            (None, true, Known::Nothing),
            (Some(Failure::NotFound), false, Known::Nothing),
            (Some(Failure::Denied), false, Known::Hidden),
            (Some(Failure::Denied), true, Known::AskItself),
            (Some(Failure::TooLarge), true, Known::AskItself),
        ] {
            tree.put("/x", Folder { entries: entries(), failure, may_be_entered });
            assert_eq!(tree.known("/x", "a"), Known::Node(&node));
            assert_eq!(tree.known("/x", "b"), expected);
        }
        tree.put_single("/x/b", None);
        assert_eq!(tree.known("/x", "b"), Known::Nothing);
    }

    #[test]
    fn below_what_is_no_folder_there_is_nothing_to_ask() {
        let node = |kind| Node { kind, executable: false, size: 1, target: None };
        let mut tree = Tree::default();
        let entries = [("opt", EntryKind::Folder), ("file", EntryKind::File), ("link", EntryKind::Link)];
        tree.put_whole("", entries.into_iter().map(|(name, kind)| (name.to_owned(), node(kind))).collect());
        for (path, expected) in [
            ("", false),
            ("/opt", false),
            ("/opt/a/b", false),
            ("/none", true),
            ("/none/a/b", true),
            ("/file/a", true),
            ("/link/a", true),
        ] {
            assert_eq!(tree.is_no_folder(path), expected, "{path}");
        }
    }
}
