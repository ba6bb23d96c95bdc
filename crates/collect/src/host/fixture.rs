//! A machine made up for a test: files in memory, with rights that can be taken away.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;

use interdict_model::OsFamily;

use super::{
    Entry, EntryKind, Found, Holding, Host, HostError, Kind, Process, Program, RunningWindows, SecurityProduct,
    is_garbled, links,
};
use crate::registry::{MapRegistry, Registry};

/// Where a registry names the users with a profile.
const PROFILE_LIST: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList";

#[derive(Debug, Clone)]
enum Node {
    Folder,
    File(Vec<u8>),
    Executable(Vec<u8>),
    Link(String),
    Special,
}

/// A machine in memory. It is a Linux system that does not run, until said otherwise.
#[derive(Debug, Clone)]
pub struct FixtureHost {
    family: OsFamily,
    /// By path; that of a Windows system begins with `/c:` and is in small letters.
    nodes: BTreeMap<String, Node>,
    /// The name of each node as written.
    names: BTreeMap<String, String>,
    registry: Option<MapRegistry>,
    printed: BTreeMap<String, Vec<u8>>,
    unreadable: BTreeSet<String>,
    processes: Option<Vec<Process>>,
    holdings: BTreeMap<u32, BTreeSet<Holding>>,
    windows: Option<RecordedWindows>,
    user: String,
}

/// What a running Windows system said once, for a test.
#[derive(Debug, Clone, Default)]
pub struct RecordedWindows {
    /// The products registered with Security Center; nothing where there is none.
    pub security_products: Option<Vec<SecurityProduct>>,
    /// The services and drivers that run.
    pub running_services: Vec<String>,
    /// The firewall's providers.
    pub firewall_providers: Vec<String>,
    /// Who signed a file, by its path.
    pub signers: BTreeMap<String, String>,
}

impl RunningWindows for RecordedWindows {
    fn security_products(&self) -> Result<Vec<SecurityProduct>, HostError> {
        let why = || HostError::NotAtHand {
            path: r"root\SecurityCenter2".to_owned(),
            why: "this Windows has no Security Center".to_owned(),
        };
        self.security_products.clone().ok_or_else(why)
    }

    fn running_services(&self) -> Result<Vec<String>, HostError> {
        Ok(self.running_services.clone())
    }

    fn firewall_providers(&self) -> Result<Vec<String>, HostError> {
        Ok(self.firewall_providers.clone())
    }

    fn verified_signer(&self, path: &str) -> Result<Option<String>, HostError> {
        Ok(self.signers.get(path).cloned())
    }
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
        Self {
            family: OsFamily::Linux,
            nodes: BTreeMap::new(),
            names: BTreeMap::new(),
            registry: None,
            printed: BTreeMap::new(),
            unreadable: BTreeSet::new(),
            processes: None,
            holdings: BTreeMap::new(),
            windows: None,
            user: "uid 65534".to_owned(),
        }
    }

    /// An empty Windows system with this registry. Paths are written as Windows does.
    #[must_use]
    pub fn windows(registry: MapRegistry) -> Self {
        Self { family: OsFamily::Windows, registry: Some(registry), ..Self::new() }
    }

    /// A Windows system from texts: a registry export, and a list of files with one path a line. One that ends in a
    /// backslash is a folder; `#` begins a comment. The users are those of the registry's `ProfileList`, each named after
    /// the folder of the profile.
    #[must_use]
    pub fn windows_from(registry: &str, files: &str) -> Self {
        let mut map = MapRegistry::from_text(registry);
        for id in map.subkeys(PROFILE_LIST).unwrap_or_default() {
            let profile = map.value(&format!(r"{PROFILE_LIST}\{id}"), "ProfileImagePath").ok().flatten();
            let profile = profile.as_ref().and_then(|data| data.text()).map(|path| path.replace("%SystemDrive%", "C:"));
            let name = profile.as_deref().and_then(|path| path.rsplit('\\').next()).unwrap_or(&id).to_owned();
            map = map.user(&id, &name, profile.as_deref());
        }
        let lines = files.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.fold(Self::windows(map), |host, line| match line.strip_suffix('\\') {
            Some(folder) => host.folder(folder),
            None if line.to_lowercase().ends_with(".exe") => host.executable(line),
            None => host.file(line, ""),
        })
    }

    /// An empty macOS system.
    #[must_use]
    pub fn macos() -> Self {
        Self { family: OsFamily::Macos, ..Self::new() }
    }

    /// With a program that prints this.
    #[must_use]
    pub fn prints(mut self, program: &Program, bytes: impl Into<Vec<u8>>) -> Self {
        self.printed.insert(program.line(), bytes.into());
        self
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

    /// With a device, pipe or socket.
    #[must_use]
    pub fn special(self, path: &str) -> Self {
        self.node(path, Node::Special)
    }

    /// With a file or folder that may not be read; what is below such a folder cannot even be seen.
    #[must_use]
    pub fn unreadable(mut self, path: &str) -> Self {
        let key = self.key(path);
        self.unreadable.insert(key);
        self
    }

    /// Running, with these processes.
    #[must_use]
    pub fn running(mut self, processes: Vec<Process>) -> Self {
        self.processes = Some(processes);
        self
    }

    /// Running, with what this system said once.
    #[must_use]
    pub fn running_windows(mut self, recorded: RecordedWindows) -> Self {
        self.processes.get_or_insert_default();
        self.windows = Some(recorded);
        self
    }

    /// With a process that holds this; all others hold nothing. Where `/proc/<pid>/fd` is made unreadable, it is not known.
    #[must_use]
    pub fn holds(mut self, pid: u32, holdings: &[Holding]) -> Self {
        self.holdings.insert(pid, holdings.iter().copied().collect());
        self
    }

    /// Read as this user, such as `root`.
    #[must_use]
    pub fn read_as(mut self, user: &str) -> Self {
        user.clone_into(&mut self.user);
        self
    }

    /// Without a file or a folder with all that is in it.
    #[must_use]
    pub fn without(mut self, path: &str) -> Self {
        let key = self.key(path);
        let below = format!("{key}/");
        self.nodes.retain(|path, _| *path != key && !path.starts_with(&below));
        self
    }

    /// The paths of everything that it has.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        self.nodes.keys().cloned().collect()
    }

    fn node(mut self, path: &str, node: Node) -> Self {
        let written = self.slashed(path);
        let ends = written.match_indices('/').skip(1).map(|(at, _)| at).chain([written.len()]);
        for end in ends.collect::<Vec<_>>() {
            let key = self.key(&written[..end]);
            let name = written[..end].rsplit('/').next().unwrap_or_default().to_owned();
            self.names.entry(key.clone()).or_insert(name);
            self.nodes.entry(key).or_insert(Node::Folder);
        }
        let key = self.key(&written);
        self.nodes.insert(key, node);
        self
    }

    /// A path with `/` between its parts and at its begin.
    fn slashed(&self, path: &str) -> String {
        match self.family {
            OsFamily::Windows if path.starts_with('/') => path.to_owned(),
            OsFamily::Windows => format!("/{}", path.replace('\\', "/")),
            OsFamily::Linux | OsFamily::Macos | OsFamily::Unknown => path.to_owned(),
        }
    }

    /// What a path is kept under.
    fn key(&self, path: &str) -> String {
        let slashed = self.slashed(path);
        if self.family == OsFamily::Windows { slashed.to_lowercase() } else { slashed }
    }

    fn denied(&self, path: &str) -> HostError {
        HostError::Denied { path: path.to_owned(), user: self.user.clone() }
    }

    /// The path with links resolved, if every folder on the way can be entered.
    fn resolve(&self, path: &str) -> Result<String, HostError> {
        let resolved = links::resolve(&self.key(path), &mut |path| {
            let folders = path.match_indices('/').skip(1).map(|(at, _)| &path[..at]);
            if folders.into_iter().any(|folder| self.unreadable.contains(folder)) {
                return Err(self.denied(path));
            }
            Ok(match self.nodes.get(path) {
                Some(Node::Link(target)) => Some(target.clone()),
                Some(Node::Folder | Node::File(_) | Node::Executable(_) | Node::Special) | None => None,
            })
        });
        resolved.map_err(|error| error.about(path))
    }

    fn get(&self, path: &str) -> Result<(String, &Node), HostError> {
        let resolved = self.resolve(path)?;
        let node = if resolved == "/" { Some(&Node::Folder) } else { self.nodes.get(&resolved) };
        let missing = || if is_garbled(&resolved) { HostError::garbled(path) } else { HostError::missing(path) };
        let node = node.ok_or_else(missing)?;
        Ok((resolved, node))
    }
}

impl Host for FixtureHost {
    fn os_family(&self) -> Option<OsFamily> {
        Some(self.family)
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
            Node::Link(_) | Node::Special => (Kind::Special, 0),
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

    fn read_at(&self, path: &str, offset: u64, length: usize) -> Result<Vec<u8>, HostError> {
        let bytes = self.read(path, u64::MAX)?;
        let rest = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..)).unwrap_or_default();
        Ok(rest[..rest.len().min(length)].to_vec())
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
                name: self.names.get(path).cloned().unwrap_or_else(|| path[prefix.len()..].to_owned()),
                kind: match node {
                    Node::Folder => EntryKind::Folder,
                    Node::File(_) | Node::Executable(_) => EntryKind::File,
                    Node::Link(_) => EntryKind::Link,
                    Node::Special => EntryKind::Special,
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
        let key = self.key(path);
        let (folder, name) = key.rsplit_once('/').unwrap_or(("", &key));
        let folder = self.resolve(folder)?;
        match self.nodes.get(&format!("{}/{name}", folder.trim_end_matches('/'))) {
            Some(Node::Link(target)) => Ok(target.clone()),
            Some(Node::Folder | Node::File(_) | Node::Executable(_) | Node::Special) => {
                Err(HostError::other(path, io::ErrorKind::InvalidInput, "not a link"))
            }
            None => Err(HostError::missing(path)),
        }
    }

    fn canonical(&self, path: &str) -> Result<String, HostError> {
        let resolved = self.get(path)?.0;
        if self.family != OsFamily::Windows {
            return Ok(resolved);
        }
        let ends = resolved.match_indices('/').skip(1).map(|(at, _)| at).chain([resolved.len()]);
        let names: Vec<&str> = ends.filter_map(|end| self.names.get(&resolved[..end]).map(String::as_str)).collect();
        Ok(names.join("\\"))
    }

    fn real_path(&self, _: &str) -> Option<PathBuf> {
        None
    }

    fn processes(&self) -> Result<Vec<Process>, HostError> {
        Ok(self.processes.clone().unwrap_or_default())
    }

    fn holdings(&self, pid: u32) -> Result<BTreeSet<Holding>, HostError> {
        let folder = format!("/proc/{pid}/fd");
        if self.unreadable.contains(&folder) {
            return Err(self.denied(&folder));
        }
        Ok(self.holdings.get(&pid).cloned().unwrap_or_default())
    }

    fn output_of(&self, program: &Program) -> Result<Vec<u8>, HostError> {
        let why =
            || HostError::NotAtHand { path: program.path.to_owned(), why: "it is no part of the fixture".to_owned() };
        self.printed.get(&program.line()).cloned().ok_or_else(why)
    }

    fn registry(&self) -> Option<&dyn Registry> {
        self.registry.as_ref().map(|registry| registry as &dyn Registry)
    }

    fn running_windows(&self) -> Option<&dyn RunningWindows> {
        self.windows.as_ref().map(|windows| windows as &dyn RunningWindows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_windows_are_found_whatever_their_case() {
        let host = FixtureHost::windows(MapRegistry::default()).file(r"C:\Program Files\Vendor\a.exe", "x");
        assert!(host.look(r"c:\PROGRAM FILES\vendor\A.EXE").is_ok());
        assert_eq!(host.canonical(r"c:\program files\VENDOR").expect("there"), r"C:\Program Files\Vendor");
        assert_eq!(host.list(r"C:\Program Files\", 10).expect("there")[0].name, "Vendor");
        assert!(matches!(host.look(r"C:\Program Files\Other"), Err(HostError::NotFound { .. })));
    }
}
