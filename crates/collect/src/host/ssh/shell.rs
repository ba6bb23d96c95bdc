//! Questions to the shell of a host, and what is remembered of its answers.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::rc::Rc;

use super::ahead::{Ahead, Asked};
use super::connection::{Connection, Loss};
use super::listing::{self, Described, Failure, Node, Style};
use super::script::Call;
use super::target::SshTarget;
use super::tree::{Folder, Known, Tree};
use super::trouble::trouble;
use crate::host::{EntryKind, HostError, is_garbled, links};

/// How many bytes the description of one folder may have; some 100,000 entries.
const LARGEST_FOLDER: usize = 8 << 20;
/// How many bytes the description of many folders at once may have.
const MOST_AT_ONCE: usize = 32 << 20;
/// How many folders are asked for at once because something may be in them.
const MOST_WITHIN: usize = 2_000;
/// Files up to this size come along when they are guessed, and are remembered.
pub(super) const SMALL: u64 = 64 << 10;
/// How many bytes of files are remembered.
const MOST_REMEMBERED: usize = 64 << 20;
/// How many bytes of files are guessed at once.
const MOST_GUESSED: u64 = 4 << 20;
/// How many bytes of files are asked for at once that will be read.
const MOST_EXPECTED: u64 = 32 << 20;
/// How much of a complaint is read; there is a line for each thing.
const LONGEST_COMPLAINT: usize = 4 << 20;
/// How many bytes of paths one call may have.
const LONGEST_CALL: usize = 96 << 10;
/// How many links one path may lead over, as in the kernel.
const MOST_LINKS: usize = 40;
/// The most that a file is asked for: more than any disk has.
const UNBOUNDED: u64 = 1 << 50;

/// A part of an answer that says what was wrong.
pub(super) type Complaint = Vec<u8>;

/// The shell of a host.
pub(super) struct Shell<'a> {
    pub(super) connection: Connection<'a>,
    pub(super) target: SshTarget,
    pub(super) style: Style,
    /// As whom it is read.
    pub(super) user: String,
    tree: Tree,
    files: HashMap<String, Rc<[u8]>>,
    remembered: usize,
    folders_ahead: Ahead,
    files_ahead: Ahead,
    /// What the rights did not reach.
    pub(super) hidden: BTreeSet<String>,
}

impl<'a> Shell<'a> {
    pub(super) fn new(connection: Connection<'a>, target: SshTarget, style: Style, user: String) -> Self {
        Self {
            connection,
            target,
            style,
            user,
            tree: Tree::default(),
            files: HashMap::new(),
            remembered: 0,
            folders_ahead: Ahead::default(),
            files_ahead: Ahead::default(),
            hidden: BTreeSet::new(),
        }
    }

    // --- folders ---

    /// What a folder is, by its path without links; asked for if it was not yet, together with what comes after it.
    pub(super) fn folder(&mut self, folder: &str) -> Result<&Folder, HostError> {
        if self.tree.knows(folder) {
            self.folders_ahead.used(folder);
        } else {
            let mut wanted = vec![folder.to_owned()];
            wanted.extend(self.folders_ahead.guess(folder, Asked::Folders, &self.tree));
            self.list(&wanted)?;
        }
        self.tree.folder(folder).ok_or_else(|| HostError::other(folder, io::ErrorKind::Other, "it was not described"))
    }

    /// Asks for folders by their paths without links, of which the first is there and has to be described.
    fn list(&mut self, folders: &[String]) -> Result<(), HostError> {
        if folders.len() > 1 {
            self.spread(folders)?;
        }
        let Some(first) = folders.first().filter(|first| !self.tree.knows(first)) else { return Ok(()) };
        self.call(Call::new("list").with(LARGEST_FOLDER.to_string()).with(first))?;
        let known = self.described(first)?;
        self.tree.put(first, known);
        Ok(())
    }

    /// Asks for those of these folders that are there, whether or not links lead to them; parents come first.
    fn spread(&mut self, folders: &[String]) -> Result<(), HostError> {
        for some in calls_of(folders) {
            let most = if self.style == Style::Printf { MOST_AT_ONCE } else { LARGEST_FOLDER };
            self.call(Call::new("spread").with(most.to_string()).with_all(some))?;
            if self.style == Style::Printf {
                self.spread_at_once()?;
            } else {
                self.spread_one_by_one()?;
            }
        }
        Ok(())
    }

    /// Reads the one part in which all folders are described.
    fn spread_at_once(&mut self) -> Result<(), HostError> {
        let (bytes, _, complaint) = self.told(MOST_AT_ONCE)?;
        let mut folders = listing::folders(&bytes);
        if bytes.len() >= MOST_AT_ONCE {
            // The last one may not be whole.
            folders.pop();
        }
        let complaint = String::from_utf8_lossy(&complaint);
        let mut complaints: Vec<&str> = complaint.lines().filter(|line| !line.trim().is_empty()).collect();
        let mut known = Vec::new();
        for folder in folders {
            // Said of the folder itself, and of what lies in it.
            let own = format!("{}/.", folder.path);
            let before = complaints.len();
            complaints.retain(|line| !line.contains(&own));
            let failure = match (folder.may_be_listed, before == complaints.len()) {
                (true, true) => None,
                (false, _) | (true, false) => Some(Failure::Denied),
            };
            let Described { path, may_be_entered, entries, .. } = folder;
            known.push((path, Folder { entries, failure, may_be_entered }));
        }
        // Complaints that are of none of them: each has to be asked for by itself.
        if complaints.is_empty() {
            for (path, folder) in known {
                self.put_plain(&path, folder);
            }
        }
        Ok(())
    }

    /// Reads the parts that describe one folder after the other.
    fn spread_one_by_one(&mut self) -> Result<(), HostError> {
        loop {
            let (path, status) = self.part(LONGEST_CALL)?;
            if status != "folder" {
                return Ok(());
            }
            let path = String::from_utf8_lossy(&path).into_owned();
            let known = self.described(&path)?;
            self.put_plain(&path, known);
        }
    }

    /// Asks at once for the folders in some folders.
    pub(super) fn expect_within(&mut self, folders: &[&str]) -> Result<(), HostError> {
        let folders_of = |folder: &&str| {
            let entries = self.tree.entries(folder).into_iter().flatten();
            let folders = entries.filter(|(_, node)| node.kind == EntryKind::Folder);
            folders.map(|(name, _)| format!("{folder}/{name}")).collect::<Vec<_>>()
        };
        let within = folders.iter().flat_map(folders_of).filter(|folder| !self.tree.knows(folder));
        let within: Vec<String> = within.take(MOST_WITHIN).collect();
        self.spread(&within)
    }

    /// Keeps what a folder is, unless a link leads to it.
    fn put_plain(&mut self, path: &str, folder: Folder) {
        if self.is_plain_folder(path) {
            self.tree.put(path, folder);
        }
    }

    /// Asks at once for the folders in which paths lie, as far as they are there and were not asked for.
    pub(super) fn expect_all<'p>(&mut self, paths: impl Iterator<Item = &'p str>) -> Result<(), HostError> {
        let mut folders: BTreeSet<(usize, &str)> = BTreeSet::new();
        for path in paths.filter(|path| path.starts_with('/') && !is_made_up(path) && !path.contains("/../")) {
            folders.extend(path.match_indices('/').map(|(at, _)| (path[..at].matches('/').count(), &path[..at])));
        }
        let is_new = |folder: &&str| !self.tree.knows(folder) && !self.tree.is_no_folder(folder);
        let folders: Vec<String> =
            folders.into_iter().map(|(_, folder)| folder).filter(is_new).map(str::to_owned).collect();
        self.spread(&folders)
    }

    /// Whether a path is known to be a folder to which no link leads.
    fn is_plain_folder(&self, path: &str) -> bool {
        let Some((folder, name)) = path.rsplit_once('/') else { return path.is_empty() };
        matches!(self.tree.known(folder, name), Known::Node(node) if node.kind == EntryKind::Folder)
    }

    /// Reads the three parts that describe a folder.
    fn described(&mut self, folder: &str) -> Result<Folder, HostError> {
        let (bytes, _) = self.part(LARGEST_FOLDER)?;
        let (complaint, _) = self.part(LONGEST_COMPLAINT)?;
        let (_, may_be_entered) = self.part(0)?;
        let complained = !complaint.trim_ascii().is_empty();
        let failure = if bytes.len() >= LARGEST_FOLDER {
            Some(Failure::TooLarge)
        } else {
            complained.then(|| Failure::of(&complaint))
        };
        Ok(Folder { entries: self.style.entries(&bytes, folder), failure, may_be_entered: may_be_entered == "0" })
    }

    // --- paths ---

    /// What a path without links in its folder is itself; nothing when it is not there.
    pub(super) fn node(&mut self, path: &str) -> Result<Option<Node>, HostError> {
        let Some((folder, name)) = path.rsplit_once('/').filter(|(_, name)| !name.is_empty()) else {
            return Ok(Some(Node { kind: EntryKind::Folder, executable: true, size: 0, target: None }));
        };
        if self.tree.known(folder, name) == Known::AskFolder {
            if self.tree.is_no_folder(folder) {
                return Ok(None);
            }
            self.folder(folder)?;
        } else {
            self.folders_ahead.used(folder);
        }
        match self.tree.known(folder, name) {
            Known::Node(node) => Ok(Some(node.clone())),
            Known::Nothing | Known::AskFolder => Ok(None),
            Known::Hidden => Err(self.failed(path, Failure::Denied, 0)),
            Known::AskItself => self.single(path),
        }
    }

    /// Asks what a single path is.
    fn single(&mut self, path: &str) -> Result<Option<Node>, HostError> {
        let node = self.asked_itself("look", path)?;
        self.tree.put_single(path, node.clone());
        Ok(node)
    }

    /// Asks what a path is: `look` or `follow`.
    pub(super) fn asked_itself(&mut self, function: &str, path: &str) -> Result<Option<Node>, HostError> {
        self.call(Call::new(function).with(path))?;
        let (bytes, _) = self.part(LARGEST_FOLDER)?;
        let (complaint, _) = self.part(LONGEST_COMPLAINT)?;
        match self.style.itself(&bytes, path) {
            Some(node) => Ok(Some(node)),
            None => match Failure::of(&complaint) {
                Failure::NotFound => Ok(None),
                failure => Err(self.failed(path, failure, 0)),
            },
        }
    }

    /// The path with all links resolved. What does not exist stays as it is.
    pub(super) fn resolve(&mut self, path: &str) -> Result<String, HostError> {
        self.expect(path)?;
        let resolved = links::resolve(path, &mut |path| {
            if is_made_up(path) {
                return Ok(None);
            }
            match self.node(path)?.and_then(|node| node.target) {
                Some(target) if is_garbled(&target) => Err(HostError::garbled(path)),
                target => Ok(target),
            }
        });
        resolved.map_err(|error| error.about(path))
    }

    /// Asks at once for all folders on the way to a path.
    fn expect(&mut self, path: &str) -> Result<(), HostError> {
        let mut path = path.to_owned();
        for _ in 0..MOST_LINKS {
            match self.descend(&path)? {
                Some(behind_link) => path = behind_link,
                None => return Ok(()),
            }
        }
        Ok(())
    }

    /// Walks down a path; where a link is met, gives the path that it stands for.
    fn descend(&mut self, path: &str) -> Result<Option<String>, HostError> {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        if parts.iter().any(|part| matches!(*part, "." | "..")) {
            return Ok(None);
        }
        let mut real = String::new();
        for (at, part) in parts.iter().enumerate() {
            if is_made_up(&format!("{real}/{part}")) {
                return Ok(None);
            }
            if self.tree.known(&real, part) == Known::AskFolder
                && at + 1 < parts.len()
                && !self.tree.is_no_folder(&real)
            {
                let mut folders = vec![real.clone()];
                for part in &parts[at..parts.len() - 1] {
                    folders.push(format!("{}/{part}", folders.last().map_or("", String::as_str)));
                }
                folders.extend(self.folders_ahead.guess(&real, Asked::Folders, &self.tree));
                // What lies below made-up folders is asked for one by one.
                folders.retain(|folder| !self.tree.knows(folder) && !is_made_up(folder));
                self.spread(&folders)?;
            }
            match self.tree.known(&real, part) {
                Known::Node(Node { kind: EntryKind::Folder, .. }) => {
                    real.push('/');
                    real.push_str(part);
                }
                Known::Node(Node { target: Some(target), .. }) => {
                    let before = if target.starts_with('/') { "" } else { real.as_str() };
                    let rest: String = parts[at + 1..].iter().flat_map(|part| ["/", part]).collect();
                    // With `..` in it, the walk is left to the resolver.
                    return Ok(Some(format!("{before}/{}{rest}", target.trim_matches('/'))));
                }
                Known::Node(_) | Known::Nothing | Known::Hidden | Known::AskItself | Known::AskFolder => {
                    return Ok(None);
                }
            }
        }
        Ok(None)
    }

    // --- files ---

    /// What a small file holds, asked for together with those that come after it; nothing when it cannot be had so.
    pub(super) fn small(&mut self, path: &str) -> Result<Option<Rc<[u8]>>, HostError> {
        if let Some(bytes) = self.files.get(path) {
            let bytes = Rc::clone(bytes);
            self.files_ahead.used(path);
            return Ok(Some(bytes));
        }
        let mut wanted = vec![path.to_owned()];
        let mut size = 0;
        for guess in self.files_ahead.guess(path, Asked::Files(SMALL), &self.tree) {
            size += self.size_of(&guess);
            if size <= MOST_GUESSED && !self.files.contains_key(&guess) {
                wanted.push(guess);
            }
        }
        self.fetch(&wanted)?;
        Ok(self.files.get(path).map(Rc::clone))
    }

    /// Asks at once for the small ones among files that will be read.
    pub(super) fn expect_read(&mut self, paths: &[String]) -> Result<(), HostError> {
        self.expect_all(paths.iter().map(String::as_str))?;
        let mut wanted = BTreeSet::new();
        let mut size = 0;
        for path in paths.iter().filter(|path| path.starts_with('/') && !is_made_up(path)) {
            let resolved = self.resolve(path)?;
            let is_small = |node: &Node| node.kind == EntryKind::File && node.size <= SMALL;
            let Some(node) = self.node(&resolved)?.filter(is_small) else { continue };
            size += node.size;
            if size > MOST_EXPECTED {
                break;
            }
            if !self.files.contains_key(&resolved) {
                wanted.insert(resolved);
            }
        }
        self.fetch(&wanted.into_iter().collect::<Vec<_>>())
    }

    /// Asks for small files.
    fn fetch(&mut self, wanted: &[String]) -> Result<(), HostError> {
        for some in calls_of(wanted) {
            self.call(Call::new("small").with((SMALL + 1).to_string()).with_all(some))?;
            for file in some {
                let (bytes, status) = self.part(LARGEST_FOLDER)?;
                if status == "0" && bytes.len() as u64 <= SMALL {
                    self.remember(file, bytes.into());
                }
            }
        }
        Ok(())
    }

    /// The size of a file, as far as it is known.
    fn size_of(&self, path: &str) -> u64 {
        let (folder, name) = path.rsplit_once('/').unwrap_or_default();
        match self.tree.known(folder, name) {
            Known::Node(node) => node.size,
            Known::Nothing | Known::Hidden | Known::AskItself | Known::AskFolder => 1024,
        }
    }

    /// Whether a file was read, asked for or not.
    #[cfg(all(test, unix))]
    pub(super) fn remembers(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    fn remember(&mut self, path: &str, bytes: Rc<[u8]>) {
        self.remembered += bytes.len();
        if self.remembered > MOST_REMEMBERED {
            self.files.clear();
            self.remembered = bytes.len();
        }
        self.files.insert(path.to_owned(), bytes);
    }

    /// Hands over a file in pieces as it comes, at most so many bytes.
    pub(super) fn whole(&mut self, path: &str, cap: u64, take: &mut dyn FnMut(&[u8])) -> Result<(), HostError> {
        self.call(Call::new("whole").with(path).with(cap.min(UNBOUNDED).saturating_add(1).to_string()))?;
        let mut total = 0;
        let ended = self.connection.part(&mut |piece| {
            let room = cap.saturating_sub(total);
            total += piece.len() as u64;
            let fits = usize::try_from(room).map_or(piece.len(), |room| room.min(piece.len()));
            if fits > 0 {
                take(&piece[..fits]);
            }
        });
        let status = ended.map_err(|loss| self.lost(&loss))?;
        let (complaint, _) = self.part(LONGEST_COMPLAINT)?;
        if status != "0" {
            return Err(self.failed(path, Failure::of(&complaint), cap));
        }
        if total > cap { Err(HostError::TooLarge { path: path.to_owned(), cap }) } else { Ok(()) }
    }

    // --- answers ---

    /// Sends a call.
    pub(super) fn call(&mut self, call: Call) -> Result<(), HostError> {
        self.connection.call(call).map_err(|loss| self.lost(&loss))
    }

    /// A part of the answer, and the word at its end.
    pub(super) fn part(&mut self, most: usize) -> Result<(Vec<u8>, String), HostError> {
        self.connection.part_of(most).map_err(|loss| self.lost(&loss))
    }

    /// The output of a program, how it ended, and what it complained of.
    pub(super) fn told(&mut self, most: usize) -> Result<(Vec<u8>, String, Complaint), HostError> {
        let (bytes, status) = self.part(most)?;
        let (complaint, _) = self.part(LONGEST_COMPLAINT)?;
        Ok((bytes, status, complaint))
    }

    /// The error about a path.
    pub(super) fn failed(&self, path: &str, failure: Failure, cap: u64) -> HostError {
        let path = if path.is_empty() { "/".to_owned() } else { path.to_owned() };
        match failure {
            Failure::NotFound => HostError::missing(&path),
            Failure::Denied => HostError::Denied { path, user: self.user.clone() },
            Failure::TooLarge => HostError::TooLarge { path, cap },
            Failure::Other(words) => HostError::Other { path, source: io::Error::other(words) },
        }
    }

    fn lost(&self, loss: &Loss) -> HostError {
        trouble(&self.target, loss, true)
    }
}

/// Whether a path lies in a folder that the kernel makes up as it is asked, where links are not what they seem.
pub(super) fn is_made_up(path: &str) -> bool {
    ["/proc", "/sys"]
        .iter()
        .any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// The paths in calls that are not too long.
fn calls_of(paths: &[String]) -> Vec<&[String]> {
    let mut calls = Vec::new();
    let (mut begin, mut length) = (0, 0);
    for (at, path) in paths.iter().enumerate() {
        if length > 0 && length + path.len() > LONGEST_CALL {
            calls.push(&paths[begin..at]);
            (begin, length) = (at, 0);
        }
        length += path.len() + 3;
    }
    calls.push(&paths[begin..]);
    calls.retain(|call| !call.is_empty());
    calls
}
