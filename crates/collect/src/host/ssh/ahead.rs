//! What will be asked for next, so that it comes along in one answer.
//!
//! Collectors walk: unit after unit of one folder, `*/desc` of one package after the other. Two questions that differ in
//! one or two parts of their paths predict the following ones. The guesses begin small and grow as long as they are used; a
//! walk that picks only a few of many is left alone. Files are only guessed that have the ending of those asked for, so that
//! nothing of another kind is read.

use std::collections::{HashMap, VecDeque};

use super::tree::Tree;
use crate::host::EntryKind;

/// How many questions are remembered.
const MOST_REMEMBERED: usize = 32;
/// How many guesses a walk begins with, how they grow, and how many there are at most.
const FIRST_GUESSES: usize = 16;
const GROWTH: usize = 4;
const MOST_GUESSES: usize = 512;
/// After how many questions a walk whose guesses were not used gets another try.
const PATIENCE: usize = 6;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// What is in a folder.
    Folders,
    /// What a file holds; no file larger than this.
    Files(u64),
}

/// The questions of one kind, and what became of the guesses.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    recent: VecDeque<String>,
    walks: HashMap<String, Walk>,
    /// The walk that a path was guessed for.
    guessed: HashMap<String, String>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Walk {
    /// How many were guessed last, and how many of any guesses were used since.
    guessed: usize,
    used: usize,
    /// How many questions nothing was guessed for since.
    passed: usize,
}

impl Ahead {
    /// Says that something was asked for which was there already.
    pub(super) fn used(&mut self, path: &str) {
        if let Some(walk) = self.guessed.remove(path).and_then(|walk| self.walks.get_mut(&walk)) {
            walk.used += 1;
        }
    }

    /// What is likely to be asked for after this path, which has to be fetched.
    pub(super) fn guess(&mut self, path: &str, asked: Asked, tree: &Tree) -> Vec<String> {
        let similar = self.recent.iter().rev().find_map(|before| differing(before, path, asked));
        if self.recent.len() >= MOST_REMEMBERED {
            self.recent.pop_front();
        }
        self.recent.push_back(path.to_owned());
        let Some(parts) = similar else { return Vec::new() };
        let pattern = pattern(path, parts);
        let walk = self.walks.entry(pattern.clone()).or_default();
        let most = match walk.guessed {
            0 => FIRST_GUESSES,
            guessed if walk.used * 2 >= guessed => (guessed * GROWTH).min(MOST_GUESSES),
            _ if walk.passed < PATIENCE => {
                walk.passed += 1;
                return Vec::new();
            }
            _ => FIRST_GUESSES,
        };
        let guesses: Vec<String> = following(path, parts, asked, tree)
            .into_iter()
            .filter(|guess| !self.guessed.contains_key(guess))
            .take(most)
            .collect();
        *walk = Walk { guessed: guesses.len(), ..Walk::default() };
        self.guessed.extend(guesses.iter().map(|guess| (guess.clone(), pattern.clone())));
        guesses
    }
}

/// The parts in which two paths differ: from one on, so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parts {
    first: usize,
    count: usize,
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/').skip(1).collect()
}

/// Where two paths differ, if that makes a walk: in one part, or in two that follow each other.
fn differing(before: &str, path: &str, asked: Asked) -> Option<Parts> {
    let (before, path) = (parts(before), parts(path));
    if before.len() != path.len() {
        return None;
    }
    let differs = |at: &usize| before[*at] != path[*at];
    let first = (0..path.len()).find(differs)?;
    let count = (first..path.len()).rfind(differs)? - first + 1;
    let last = path.len() - 1;
    // A file of another name in the same folder is of the same kind when its ending is; in another folder it is not.
    let same_kind = match asked {
        Asked::Folders => true,
        Asked::Files(_) if first == last => ending(path[last]).is_some_and(|end| ending(before[last]) == Some(end)),
        Asked::Files(_) => first + count <= last,
    };
    // What differs near the root has little in common.
    (count <= 2 && first >= count && same_kind).then_some(Parts { first, count })
}

fn ending(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, ending)| ending)
}

/// The name of a walk.
fn pattern(path: &str, varying: Parts) -> String {
    let mut parts = parts(path);
    let end = parts.last().and_then(|name| ending(name)).unwrap_or_default().to_owned();
    for part in parts.iter_mut().skip(varying.first).take(varying.count) {
        *part = "*";
    }
    format!("{} {end}", parts.join("/"))
}

/// The paths that come after one, in the order of their names, as far as the folders are known.
fn following(path: &str, varying: Parts, asked: Asked, tree: &Tree) -> Vec<String> {
    let parts = parts(path);
    let base: String = parts[..varying.first].iter().flat_map(|part| ["/", part]).collect();
    let rest: String = parts[varying.first + varying.count..].iter().flat_map(|part| ["/", part]).collect();
    let own = parts[varying.first];
    let Some(entries) = tree.entries(&base) else { return Vec::new() };
    let later = entries.range(own.to_owned()..).skip_while(|(name, _)| *name == own);
    if varying.first == parts.len() - 1 {
        return later
            .filter(|(name, node)| match asked {
                Asked::Folders => node.kind == EntryKind::Folder && same_ending(own, name),
                Asked::Files(most) => node.kind == EntryKind::File && node.size <= most && ending(name) == ending(own),
            })
            .map(|(name, _)| format!("{base}/{name}"))
            .filter(|guess| asked != Asked::Folders || !tree.knows(guess))
            .take(MOST_GUESSES)
            .collect();
    }
    let folders = later.filter(|(_, node)| node.kind == EntryKind::Folder).map(|(name, _)| format!("{base}/{name}"));
    let within = folders.flat_map(|folder| {
        if varying.count == 1 {
            return vec![folder];
        }
        let below = tree.entries(&folder).into_iter().flat_map(|below| below.iter());
        let below = below.filter(|(_, node)| node.kind == EntryKind::Folder);
        below.map(|(name, _)| format!("{folder}/{name}")).collect()
    });
    let guesses = within.map(|folder| format!("{folder}{rest}"));
    guesses.filter(|guess| is_new(guess, asked, tree)).take(MOST_GUESSES).collect()
}

/// Whether a guess, as far as is known, is there and has to be asked for.
fn is_new(guess: &str, asked: Asked, tree: &Tree) -> bool {
    let (folder, name) = guess.rsplit_once('/').unwrap_or_default();
    let Some(entries) = tree.entries(folder) else { return asked != Asked::Folders || !tree.knows(guess) };
    match (asked, entries.get(name)) {
        (Asked::Folders, Some(node)) => node.kind == EntryKind::Folder && !tree.knows(guess),
        (Asked::Files(most), Some(node)) => node.kind == EntryKind::File && node.size <= most,
        (_, None) => false,
    }
}

/// Whether folders are of one kind: `a.wants` and `b.wants` are, `a.wants` and `b` are not; versions have no ending.
fn same_ending(one: &str, other: &str) -> bool {
    let word = |name| ending(name).filter(|end: &&str| end.chars().all(char::is_alphabetic)).map(str::to_owned);
    word(one).is_none_or(|end| word(other) == Some(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::ssh::listing::{Entries, Node};

    fn node(kind: EntryKind, size: u64) -> Node {
        Node { kind, executable: false, size, target: None }
    }

    fn tree(folders: &[(&str, &[&str])]) -> Tree {
        let mut tree = Tree::default();
        for (folder, names) in folders {
            let entries: Entries = names
                .iter()
                .map(|name| match name.strip_suffix('/') {
                    Some(name) => (name.to_owned(), node(EntryKind::Folder, 4096)),
                    None => ((*name).to_owned(), node(EntryKind::File, name.len() as u64)),
                })
                .collect();
            tree.put_whole(folder, entries);
        }
        tree
    }

    fn asked(ahead: &mut Ahead, tree: &Tree, paths: &[&str]) -> Vec<Vec<String>> {
        paths.iter().map(|path| ahead.guess(path, Asked::Files(20), tree)).collect()
    }

    #[test]
    fn two_files_of_a_folder_bring_the_next_of_their_kind() {
        let tree = tree(&[(
            "/u",
            &[
                "a.service",
                "b.service",
                "b.key",
                "c.service",
                "c.service.d/",
                "much-too-large.service",
                "d.socket",
                "e.service",
            ],
        )]);
        let found = asked(&mut Ahead::default(), &tree, &["/u/a.service", "/u/b.service"]);
        assert_eq!(found, [vec![], vec!["/u/c.service".to_owned(), "/u/e.service".to_owned()]]);
        let without_ending = asked(&mut Ahead::default(), &tree, &["/etc/shadow", "/etc/passwd"]);
        assert_eq!(without_ending, [Vec::<String>::new(), Vec::new()]);
    }

    #[test]
    fn the_same_file_of_two_folders_brings_that_of_the_next() {
        let tree = tree(&[("/l", &["a-1/", "b-2/", "c-3/", "d-4/"]), ("/l/c-3", &["desc"]), ("/l/d-4", &["other"])]);
        let found = asked(&mut Ahead::default(), &tree, &["/l/a-1/desc", "/l/b-2/desc"]);
        assert_eq!(found[1], ["/l/c-3/desc"]);
        let two = self::tree(&[
            ("/h/a/x", &["a/", "b/", "c/"]),
            ("/h/a/x/c", &["3.1/", "note"]),
            ("/h/a/x/c/3.1", &["manifest.json"]),
        ]);
        let of = |paths: [&str; 2]| asked(&mut Ahead::default(), &two, &paths).remove(1);
        assert_eq!(of(["/h/a/x/a/1/manifest.json", "/h/a/x/b/2/manifest.json"]), ["/h/a/x/c/3.1/manifest.json"]);
        assert!(of(["/h/a/x/a/1/manifest.json", "/h/a/x/b/2/id_rsa"]).is_empty());
        assert!(of(["/var/spool/desc", "/root/.config/desc"]).is_empty(), "nothing in common");
    }

    #[test]
    fn folders_bring_folders_of_their_kind() {
        let tree = tree(&[("/s", &["a.wants/", "b.wants/", "c/", "d.wants/", "e.d/"])]);
        let mut ahead = Ahead::default();
        ahead.guess("/s/a.wants", Asked::Folders, &tree);
        assert_eq!(ahead.guess("/s/b.wants", Asked::Folders, &tree), ["/s/d.wants"]);
    }

    #[test]
    fn guesses_grow_while_they_are_used_and_stop_when_they_are_not() {
        let names: Vec<String> = (100..900).map(|number| format!("{number}.list")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let tree = tree(&[("/i", &names)]);
        let mut ahead = Ahead::default();
        let at = |number: usize| format!("/i/{number}.list");
        ahead.guess(&at(100), Asked::Files(20), &tree);
        assert_eq!(ahead.guess(&at(101), Asked::Files(20), &tree).len(), 16);
        (102..118).for_each(|number| ahead.used(&at(number)));
        assert_eq!(ahead.guess(&at(118), Asked::Files(20), &tree).len(), 64);
        for number in 700..700 + PATIENCE {
            assert!(ahead.guess(&at(number), Asked::Files(20), &tree).is_empty());
        }
        assert_eq!(ahead.guess(&at(800), Asked::Files(20), &tree).len(), 16);
    }
}
