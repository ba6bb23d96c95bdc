//! A machine made up for a test: files in memory, with rights that can be taken away.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;

use interdict_model::OsFamily;

use super::{Entry, EntryKind, Found, Host, HostError, Kind, Process, links};

#[derive(Debug, Clone)]
enum Node {
    Folder,
    File(Vec<u8>),
    Executable(Vec<u8>),
    Link(String),
}

/// A machine in memory. It is a Linux system that does not run, until said otherwise.
#[derive(Debug, Clone)]
pub struct FixtureHost {
    nodes: BTreeMap<String, Node>,
    unreadable: BTreeSet<String>,
    processes: Option<Vec<Process>>,
    user: String,
}

impl Default for FixtureHost {
    fn default() -> Self {
        Self::new()
    }
}

impl FixtureHost {
    /// An empty system.
    #[must_use]
    pub fn new() -> Self {
        Self { nodes: BTreeMap::new(), unreadable: BTreeSet::new(), processes: None, user: "uid 65534".to_owned() }
    }

    /// With a file.
    #[must_use]
    pub fn file(self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.node(path, Node::File(bytes.into()))
    }

    /// With a file that may be executed.
    #[must_use]
    pub fn executable(self, path: &str) -> Self {
        self.node(path, Node::Executable(b"\x7fELF".to_vec()))
    }

    /// With a folder.
    #[must_use]
    pub fn folder(self, path: &str) -> Self {
        self.node(path, Node::Folder)
    }

    /// With a link.
    #[must_use]
    pub fn link(self, path: &str, target: &str) -> Self {
        self.node(path, Node::Link(target.to_owned()))
    }

    /// With a file or folder that may not be read; what is below such a folder cannot even be seen.
    #[must_use]
    pub fn unreadable(mut self, path: &str) -> Self {
        self.unreadable.insert(path.to_owned());
        self
    }

    /// Running, with these processes.
    #[must_use]
    pub fn running(mut self, processes: Vec<Process>) -> Self {
        self.processes = Some(processes);
        self
    }

    /// Read as this user, such as `root`.
    #[must_use]
    pub fn read_as(mut self, user: &str) -> Self {
        user.clone_into(&mut self.user);
        self
    }

    fn node(mut self, path: &str, node: Node) -> Self {
        let parents = path.match_indices('/').skip(1).map(|(at, _)| path[..at].to_owned());
        for parent in parents.collect::<Vec<_>>() {
            self.nodes.entry(parent).or_insert(Node::Folder);
        }
        self.nodes.insert(path.to_owned(), node);
        self
    }

    fn denied(&self, path: &str) -> HostError {
        HostError::Denied { path: path.to_owned(), user: self.user.clone() }
    }

    /// The path with links resolved, if every folder on the way can be entered.
    fn resolve(&self, path: &str) -> Result<String, HostError> {
        let resolved = links::resolve(path, &mut |path| {
            let folders = path.match_indices('/').skip(1).map(|(at, _)| &path[..at]);
            if folders.into_iter().any(|folder| self.unreadable.contains(folder)) {
                return Err(self.denied(path));
            }
            Ok(match self.nodes.get(path) {
                Some(Node::Link(target)) => Some(target.clone()),
                Some(Node::Folder | Node::File(_) | Node::Executable(_)) | None => None,
            })
        });
        resolved.map_err(|error| error.about(path))
    }

    fn get(&self, path: &str) -> Result<(String, &Node), HostError> {
        let resolved = self.resolve(path)?;
        let node = if resolved == "/" { Some(&Node::Folder) } else { self.nodes.get(&resolved) };
        Ok((resolved, node.ok_or_else(|| HostError::NotFound { path: path.to_owned() })?))
    }
}

impl Host for FixtureHost {
    fn os_family(&self) -> Option<OsFamily> {
        Some(OsFamily::Linux)
    }

    fn is_live(&self) -> bool {
        self.processes.is_some()
    }

    fn label(&self) -> String {
        "fixture".to_owned()
    }

    fn describe_user(&self) -> String {
        self.user.clone()
    }

    fn live_hostname(&self) -> Option<String> {
        self.processes.as_ref().map(|_| "fixture".to_owned())
    }

    fn live_arch(&self) -> Option<String> {
        self.processes.as_ref().map(|_| "x86_64".to_owned())
    }

    fn look(&self, path: &str) -> Result<Found, HostError> {
        let (kind, size) = match self.get(path)?.1 {
            Node::Folder => (Kind::Folder, 0),
            Node::File(bytes) => (Kind::File, bytes.len()),
            Node::Executable(bytes) => (Kind::Executable, bytes.len()),
            Node::Link(_) => (Kind::Special, 0),
        };
        Ok(Found { kind, size: size as u64 })
    }

    fn read_pieces(&self, path: &str, cap: u64, take: &mut dyn FnMut(&[u8])) -> Result<(), HostError> {
        let (resolved, node) = self.get(path)?;
        let (Node::File(bytes) | Node::Executable(bytes)) = node else {
            return Err(HostError::other(path, io::ErrorKind::InvalidInput, "not a regular file"));
        };
        if self.unreadable.contains(&resolved) {
            return Err(self.denied(path));
        }
        if bytes.len() as u64 > cap {
            return Err(HostError::TooLarge { path: path.to_owned(), cap });
        }
        // Small pieces, so that every test of a collector is one of reading in pieces, too.
        bytes.chunks(64).for_each(take);
        Ok(())
    }

    fn read_start(&self, path: &str, length: usize) -> Result<Vec<u8>, HostError> {
        let mut start = self.read(path, u64::MAX)?;
        start.truncate(length);
        Ok(start)
    }

    fn list(&self, folder: &str, cap: usize) -> Result<Vec<Entry>, HostError> {
        let (resolved, node) = self.get(folder)?;
        if !matches!(node, Node::Folder) {
            return Err(HostError::NotFound { path: folder.to_owned() });
        }
        if self.unreadable.contains(&resolved) {
            return Err(self.denied(folder));
        }
        let prefix = format!("{}/", resolved.trim_end_matches('/'));
        let below = self.nodes.range(prefix.clone()..).take_while(|(path, _)| path.starts_with(&prefix));
        let mut entries: Vec<Entry> = below
            .filter(|(path, _)| !path[prefix.len()..].contains('/'))
            .map(|(path, node)| Entry {
                name: path[prefix.len()..].to_owned(),
                kind: match node {
                    Node::Folder => EntryKind::Folder,
                    Node::File(_) | Node::Executable(_) => EntryKind::File,
                    Node::Link(_) => EntryKind::Link,
                },
            })
            .collect();
        if entries.len() > cap {
            return Err(HostError::TooLarge { path: folder.to_owned(), cap: cap as u64 });
        }
        entries.sort_unstable();
        Ok(entries)
    }

    fn read_link(&self, path: &str) -> Result<String, HostError> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = self.resolve(folder)?;
        match self.nodes.get(&format!("{}/{name}", folder.trim_end_matches('/'))) {
            Some(Node::Link(target)) => Ok(target.clone()),
            Some(Node::Folder | Node::File(_) | Node::Executable(_)) => {
                Err(HostError::other(path, io::ErrorKind::InvalidInput, "not a link"))
            }
            None => Err(HostError::NotFound { path: path.to_owned() }),
        }
    }

    fn canonical(&self, path: &str) -> Result<String, HostError> {
        Ok(self.get(path)?.0)
    }

    fn real_path(&self, _: &str) -> Option<PathBuf> {
        None
    }

    fn processes(&self) -> Result<Vec<Process>, HostError> {
        Ok(self.processes.clone().unwrap_or_default())
    }
}
