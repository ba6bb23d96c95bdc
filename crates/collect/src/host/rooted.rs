//! A system whose disk is mounted at a folder of this machine.
//!
//! Every path and every link is resolved inside that folder. The disk is assumed not to change while it is looked at.
//! That of a Windows system is asked for paths of the system drive, whatever their case; other drives are not at hand.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use interdict_model::OsFamily;

use super::disk::{current_user, list, look, on_path, read_at, read_link, read_pieces};
use super::windows_hives::{Disk, WindowsHives};
use super::{Entry, Found, Host, HostError, Kind, Process, Program, is_garbled, links, windows_path};
use crate::registry::Registry;

/// Folders of which every Linux system has at least one, however small.
const LINUX_MARKS: &[&str] = &["/etc", "/usr", "/var", "/opt", "/bin", "/sbin", "/lib"];

/// Folders of which every disk of macOS has one: that of the system, the data volume, or both in one. None of them is
/// there on any other system.
const MACOS_MARKS: &[&str] = &[
    "/System/Library/CoreServices",
    "/System/Volumes/Data",
    "/Library/Preferences",
    "/Library/LaunchDaemons",
    "/Library/LaunchAgents",
    "/Library/Application Support",
    "/Library/SystemExtensions",
    "/private/var/db",
    "/Applications",
];
/// Where the data volume of macOS is mounted on the system's volume.
const DATA_VOLUME: &str = "/System/Volumes/Data";
/// What the system's volume shows of the data volume (`/usr/share/firmlinks`): such links are no links of the file system,
/// and lead nowhere once the disk is mounted elsewhere.
const FIRM_LINKS: &[&str] = &["/Applications", "/Library", "/Users", "/Volumes", "/opt", "/private", "/usr/local"];

/// Folders of which every Windows system has at least one.
const WINDOWS_MARKS: &[&str] = &["/Windows/System32", "/WINDOWS/system32", "/windows/system32", "/Windows/system32"];
/// How many names a folder may have whose case does not matter.
const MOST_SPELLINGS: usize = 1_000_000;

/// A system mounted at a folder.
#[derive(Debug)]
pub struct RootedHost {
    root: PathBuf,
    user: String,
    /// What the system looks like.
    family: Option<OsFamily>,
    /// Of macOS: what is to be looked for on the data volume, since the system's volume has nothing there.
    on_data_volume: Vec<&'static str>,
    /// Resolved folders: most paths asked for lie in a few of them.
    folders: Mutex<HashMap<String, String>>,
    /// Of folders whose names are compared without regard to case: the name in small letters to the name as written.
    spellings: Mutex<HashMap<String, HashMap<String, String>>>,
    /// The hives of a Windows system, found when they are first asked for.
    hives: OnceLock<WindowsHives>,
}

impl RootedHost {
    /// The system mounted at a folder, which must exist.
    pub fn open(root: &Path) -> Result<Self, HostError> {
        let user = current_user();
        let name = root.to_string_lossy();
        let found = look(root).map_err(|error| on_path(&name, error, &user))?;
        if found.kind != Kind::Folder {
            return Err(HostError::other(&name, io::ErrorKind::NotADirectory, "not a folder"));
        }
        let mut host = Self {
            root: root.to_owned(),
            user,
            family: None,
            on_data_volume: Vec::new(),
            folders: Mutex::new(HashMap::new()),
            spellings: Mutex::new(HashMap::new()),
            hives: OnceLock::new(),
        };
        host.family = host.family();
        if host.family == Some(OsFamily::Macos) {
            host.on_data_volume = host.on_data_volume();
        }
        Ok(host)
    }

    fn family(&self) -> Option<OsFamily> {
        let is_there = |path: &str| !matches!(self.look(path), Err(HostError::NotFound { .. }));
        if WINDOWS_MARKS.iter().any(|mark| is_there(mark)) {
            Some(OsFamily::Windows)
        } else if MACOS_MARKS.iter().any(|mark| is_there(mark)) {
            Some(OsFamily::Macos)
        } else if LINUX_MARKS.iter().any(|mark| is_there(mark)) {
            Some(OsFamily::Linux)
        } else {
            None
        }
    }

    /// The firm links that lead nowhere here, while the data volume has what they stand for.
    fn on_data_volume(&self) -> Vec<&'static str> {
        let is_empty = |folder: &str| list(&self.place(folder), MOST_SPELLINGS).is_ok_and(|entries| entries.is_empty());
        let is_missing = |folder: &str| matches!(self.look(folder), Err(HostError::NotFound { .. }));
        let has = |folder: &str| self.look(&format!("{DATA_VOLUME}{folder}")).is_ok();
        let leads_nowhere = |folder: &&str| (is_missing(folder) || is_empty(folder)) && has(folder);
        FIRM_LINKS.iter().copied().filter(leads_nowhere).collect()
    }

    /// A path as it lies below the root: that of a Windows system in its real spelling.
    fn below_root(&self, path: &str) -> Result<String, HostError> {
        if self.family != Some(OsFamily::Windows) {
            return Ok(path.to_owned());
        }
        // Its hives are asked which letter its drive has, and are themselves found without one.
        let drive = windows_path::drive_of(path).map_or('C', |_| self.hives().drive);
        let path = windows_path::below_system_drive(path, drive)?;
        let mut spelt = String::new();
        for part in path.split('/').filter(|part| !part.is_empty()) {
            let name = self.spelling(&spelt, part)?;
            spelt.push('/');
            spelt.push_str(&name);
        }
        Ok(spelt)
    }

    /// How a name in a folder is really written; as given when nothing there fits.
    fn spelling(&self, folder: &str, name: &str) -> Result<String, HostError> {
        if matches!(name, "." | "..") {
            return Ok(name.to_owned());
        }
        let mut spellings = self.spellings.lock().unwrap_or_else(PoisonError::into_inner);
        if !spellings.contains_key(folder) {
            let real = self.place(&self.folder(folder)?);
            let entries = match list(&real, MOST_SPELLINGS) {
                Ok(entries) => entries,
                Err(error) => match error.on(folder, MOST_SPELLINGS as u64, &self.user) {
                    HostError::NotFound { .. } => Vec::new(),
                    // A folder that may be entered and not listed: the name is tried as it was given.
                    HostError::Denied { .. } => return Ok(name.to_owned()),
                    error => return Err(error),
                },
            };
            let names = entries.into_iter().map(|entry| (entry.name.to_lowercase(), entry.name)).collect();
            spellings.insert(folder.to_owned(), names);
        }
        let known = spellings.get(folder).and_then(|names| names.get(&name.to_lowercase()));
        Ok(known.cloned().unwrap_or_else(|| name.to_owned()))
    }

    /// Where a resolved path is on this machine.
    fn place(&self, resolved: &str) -> PathBuf {
        let is_below =
            |link: &&str| resolved.strip_prefix(*link).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let below = resolved.trim_start_matches('/');
        if self.on_data_volume.iter().any(is_below) {
            return self.root.join(DATA_VOLUME.trim_start_matches('/')).join(below);
        }
        self.root.join(below)
    }

    fn link(&self, path: &str) -> Result<Option<String>, HostError> {
        match read_link(&self.place(path)) {
            // Where it leads cannot be asked for.
            Ok(target) if is_garbled(&target) => Err(HostError::garbled(path)),
            Ok(target) => Ok(Some(target)),
            // What the system answers for anything that is no link, and for what is not there.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(None),
            Err(error) => match on_path(path, error, &self.user) {
                HostError::NotFound { .. } => Ok(None),
                error => Err(error),
            },
        }
    }

    fn resolve(&self, path: &str) -> Result<String, HostError> {
        links::resolve(path, &mut |path| self.link(path)).map_err(|error| error.about(path))
    }

    /// The real place of a path whose last part, if it is a link, is not followed.
    fn place_of_entry(&self, path: &str) -> Result<PathBuf, HostError> {
        let path = self.below_root(path).map_err(|error| error.about(path))?;
        let (folder, name) = path.trim_end_matches('/').rsplit_once('/').unwrap_or(("", &path));
        Ok(self.place(&self.folder(folder)?).join(name))
    }

    fn folder(&self, folder: &str) -> Result<String, HostError> {
        let mut known = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(resolved) = known.get(folder) {
            return Ok(resolved.clone());
        }
        let resolved = self.resolve(folder)?;
        known.insert(folder.to_owned(), resolved.clone());
        Ok(resolved)
    }

    /// The path with all links resolved; asks the disk only for the last part when the folder is known.
    fn resolved(&self, path: &str) -> Result<String, HostError> {
        let (folder, name) = path.trim_end_matches('/').rsplit_once('/').unwrap_or(("", path));
        if matches!(name, "" | "." | "..") {
            return self.resolve(path);
        }
        let folder = self.folder(folder).map_err(|error| error.about(path))?;
        let whole = format!("{}/{name}", folder.trim_end_matches('/'));
        match self.link(&whole).map_err(|error| error.about(path))? {
            Some(_) => self.resolve(&whole),
            None => Ok(whole),
        }
    }

    fn hives(&self) -> &WindowsHives {
        self.hives.get_or_init(|| WindowsHives::of(self))
    }

    fn real(&self, path: &str) -> Result<PathBuf, HostError> {
        let below = self.below_root(path).map_err(|error| error.about(path))?;
        Ok(self.place(&self.resolved(&below)?))
    }
}

impl Disk for RootedHost {
    fn place_of(&self, path: &str) -> Option<PathBuf> {
        self.real(path).ok()
    }
}

impl Host for RootedHost {
    fn os_family(&self) -> Option<OsFamily> {
        self.family
    }

    fn is_live(&self) -> bool {
        false
    }

    fn label(&self) -> String {
        self.root.to_string_lossy().into_owned()
    }

    fn describe_user(&self) -> String {
        self.user.clone()
    }

    fn live_hostname(&self) -> Option<String> {
        None
    }

    fn live_arch(&self) -> Option<String> {
        None
    }

    fn look(&self, path: &str) -> Result<Found, HostError> {
        look(&self.real(path)?).map_err(|error| on_path(path, error, &self.user))
    }

    fn read_pieces(&self, path: &str, cap: u64, take: &mut dyn FnMut(&[u8])) -> Result<(), HostError> {
        read_pieces(&self.real(path)?, cap, take).map_err(|error| error.on(path, cap, &self.user))
    }

    fn read_at(&self, path: &str, offset: u64, length: usize) -> Result<Vec<u8>, HostError> {
        read_at(&self.real(path)?, offset, length).map_err(|error| on_path(path, error, &self.user))
    }

    fn list(&self, folder: &str, cap: usize) -> Result<Vec<Entry>, HostError> {
        list(&self.real(folder)?, cap).map_err(|error| error.on(folder, cap as u64, &self.user))
    }

    fn read_link(&self, path: &str) -> Result<String, HostError> {
        read_link(&self.place_of_entry(path)?).map_err(|error| on_path(path, error, &self.user))
    }

    fn canonical(&self, path: &str) -> Result<String, HostError> {
        let below = self.below_root(path).map_err(|error| error.about(path))?;
        let resolved = self.resolved(&below).map_err(|error| error.about(path))?;
        look(&self.place(&resolved)).map_err(|error| on_path(path, error, &self.user))?;
        Ok(if self.family == Some(OsFamily::Windows) {
            windows_path::on_system_drive(&resolved, self.hives().drive)
        } else {
            resolved
        })
    }

    fn real_path(&self, path: &str) -> Option<PathBuf> {
        self.real(path).ok()
    }

    fn processes(&self) -> Result<Vec<Process>, HostError> {
        Ok(Vec::new())
    }

    fn output_of(&self, program: &Program) -> Result<Vec<u8>, HostError> {
        let why = "nothing of a mounted system is run".to_owned();
        Err(HostError::NotAtHand { path: program.path.to_owned(), why })
    }

    fn registry(&self) -> Option<&dyn Registry> {
        (self.family == Some(OsFamily::Windows)).then(|| &self.hives().registry as &dyn Registry)
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    /// A root with a folder beside it that no link may reach.
    fn mounted() -> (tempfile::TempDir, RootedHost) {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("root");
        fs::create_dir_all(root.join("usr/lib")).expect("made");
        fs::create_dir_all(root.join("etc")).expect("made");
        fs::write(root.join("usr/lib/file"), "inside").expect("written");
        fs::write(root.join("secret"), "inside").expect("written");
        fs::write(folder.path().join("secret"), "outside").expect("written");
        let host = RootedHost::open(&root).expect("a folder");
        (folder, host)
    }

    #[test]
    fn no_link_leads_out_of_the_root() {
        let (folder, host) = mounted();
        let root = folder.path().join("root");
        let outside = folder.path().join("secret");
        symlink("../../secret", root.join("etc/relative")).expect("linked");
        symlink("/secret", root.join("etc/absolute")).expect("linked");
        symlink(&outside, root.join("etc/real")).expect("linked");
        symlink("..", root.join("usr/up")).expect("linked");
        symlink("/usr/lib", root.join("lib")).expect("linked");
        for (path, expected) in [
            ("/etc/relative", Some("inside")),
            ("/etc/absolute", Some("inside")),
            ("/etc/real", None),
            ("/../secret", Some("inside")),
            ("/usr/up/../../secret", Some("inside")),
            ("/lib/file", Some("inside")),
            ("/lib/../lib/./file", Some("inside")),
        ] {
            let read = host.read(path, 100).ok().map(|bytes| String::from_utf8(bytes).expect("text"));
            assert_eq!(read.as_deref(), expected, "{path}");
        }
        assert_eq!(host.canonical("/lib/file").expect("there"), "/usr/lib/file");
        assert_eq!(host.read_link("/etc/absolute").expect("a link"), "/secret");
        assert!(matches!(host.look("/etc/real"), Err(HostError::NotFound { .. })));
        assert!(matches!(host.canonical("/lib/gone"), Err(HostError::NotFound { .. })));
    }

    #[test]
    fn a_loop_of_links_ends() {
        let (folder, host) = mounted();
        symlink("b", folder.path().join("root/a")).expect("linked");
        symlink("a", folder.path().join("root/b")).expect("linked");
        assert!(matches!(host.read("/a", 100), Err(HostError::Other { .. })));
        assert!(matches!(host.list("/a/x", 100), Err(HostError::Other { .. })));
    }

    #[test]
    fn what_is_no_system_is_told_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(RootedHost::open(folder.path()).expect("a folder").os_family(), None);
        fs::create_dir_all(folder.path().join("var/lib")).expect("made");
        assert_eq!(RootedHost::open(folder.path()).expect("a folder").os_family(), Some(OsFamily::Linux));
        fs::create_dir_all(folder.path().join("Windows/System32")).expect("made");
        assert_eq!(RootedHost::open(folder.path()).expect("a folder").os_family(), Some(OsFamily::Windows));
        assert!(matches!(RootedHost::open(&folder.path().join("no")), Err(HostError::NotFound { .. })));
        fs::write(folder.path().join("file"), "").expect("written");
        assert!(RootedHost::open(&folder.path().join("file")).is_err());
    }

    #[test]
    fn a_disk_of_macos_is_known_with_and_without_its_system() {
        for mark in ["System/Library/CoreServices", "private/var/db", "Applications", "Library/LaunchDaemons"] {
            let folder = tempfile::tempdir().expect("a folder");
            fs::create_dir_all(folder.path().join(mark)).expect("made");
            // Both have these, too.
            fs::create_dir_all(folder.path().join("usr/bin")).expect("made");
            assert_eq!(RootedHost::open(folder.path()).expect("a folder").os_family(), Some(OsFamily::Macos), "{mark}");
        }
    }

    #[test]
    fn what_the_data_volume_holds_is_found_through_the_systems() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("System/Volumes/Data");
        for made in ["System/Library/CoreServices", "Applications", "Library/Fonts", "System/Volumes/Data/Library"] {
            fs::create_dir_all(folder.path().join(made)).expect("made");
        }
        fs::create_dir_all(data.join("Applications/A.app")).expect("made");
        fs::create_dir_all(data.join("private/var/db/receipts")).expect("made");
        symlink("private/var", folder.path().join("var")).expect("linked");
        let host = RootedHost::open(folder.path()).expect("a folder");
        assert_eq!(host.list("/Applications", 10).expect("there")[0].name, "A.app");
        assert!(host.look("/var/db/receipts").is_ok());
        assert!(host.look("/System/Volumes/Data/Applications/A.app").is_ok());
        // The system's volume has a library of its own here, so that one counts.
        assert!(host.look("/Library/Fonts").is_ok());
    }

    #[test]
    fn a_name_that_is_no_utf_8_is_listed_and_is_not_taken_for_missing() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt as _;
        let (folder, host) = mounted();
        let etc = folder.path().join("root/etc");
        fs::write(etc.join(OsStr::from_bytes(b"caf\xe9.conf")), "x").expect("written");
        fs::write(etc.join("caf\u{fffd}"), "x").expect("written");
        symlink(OsStr::from_bytes(b"caf\xe9.conf"), etc.join("link")).expect("linked");
        symlink("/usr/lib", etc.join(OsStr::from_bytes(b"\xff"))).expect("linked");
        let names: Vec<String> = host.list("/etc", 10).expect("listed").into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["caf\u{fffd}", "caf\u{fffd}.conf", "link", "\u{fffd}"]);
        for path in ["/etc/caf\u{fffd}.conf", "/etc/link", "/etc/\u{fffd}", "/etc/\u{fffd}/file"] {
            assert!(matches!(host.read(path, 100), Err(HostError::NotAtHand { .. })), "{path}");
            assert!(matches!(host.look(path), Err(HostError::NotAtHand { .. })), "{path}");
        }
        assert!(host.read("/etc/caf\u{fffd}", 100).is_ok(), "that name is written so");
    }

    #[test]
    fn a_pipe_is_not_waited_for() {
        let (folder, host) = mounted();
        let pipe = folder.path().join("root/etc/pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success());
        if made {
            assert!(matches!(host.read("/etc/pipe", 100), Err(HostError::Other { .. })));
        }
    }
}
