//! Which hives a mounted Windows system has, and whose they are; and where those of a running system lie whose users are
//! logged off.
//!
//! Hives of users are those of the profiles that the machine knows, and those of folders beside them that it does not:
//! old copies, profiles that were moved, the one that new users begin with. Copies of the machine's own hives
//! (`RegBack`, restore points, `Windows.old`) are not read.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use super::{EntryKind, Host, HostError, RootedHost};
use crate::registry::{
    Absent, HiveFile, HiveRegistry, Profile, RegistryUser, last_part, logs_of, profiles, system_root,
};

/// The machine's hives: their files, on the disk that is mounted, whatever its letter, and where they belong.
const MACHINE: &[(&str, &str)] =
    &[(r"\Windows\System32\config\SOFTWARE", r"HKLM\SOFTWARE"), (r"\Windows\System32\config\SYSTEM", r"HKLM\SYSTEM")];
/// The application cache, which systems before Windows 8 do not have.
const APPLICATION_CACHE: (&str, &str) = (r"\Windows\AppCompat\Programs\Amcache.hve", r"HKLM\Amcache");
/// The account of the system itself, whose hive is among the machine's.
const SYSTEM_ACCOUNT: (&str, &str) = ("S-1-5-18", r"\Windows\System32\config\DEFAULT");
/// Folders whose folders are profiles.
const PROFILES: &[&str] = &[r"\Users", r"\Documents and Settings", r"\Windows\ServiceProfiles"];
/// A profile that lies alone.
const SYSTEM_PROFILE: &str = r"\Windows\System32\config\systemprofile";
/// What a user's hive is called; that of a profile that nobody can change ends otherwise.
const USER_HIVES: &[&str] = &["NTUSER.DAT", "NTUSER.MAN"];
/// Where the hive of a user's classes lies in a profile, since Vista and before.
const CLASSES: &[&str] = &[
    r"AppData\Local\Microsoft\Windows\UsrClass.dat",
    r"Local Settings\Application Data\Microsoft\Windows\UsrClass.dat",
];
/// How many profiles are looked at, and how many files lie beside a hive.
const MOST_PROFILES: usize = 10_000;
const MOST_BESIDE: usize = 100_000;
/// The letter of the system drive where the registry does not say.
const USUAL_DRIVE: char = 'C';

/// A host whose files lie on a disk of this machine.
pub(super) trait Disk: Host {
    /// Where a path is on this machine; nothing where links on the way lead in a circle or to where nobody can look.
    fn place_of(&self, path: &str) -> Option<PathBuf>;
}

/// The registry of a mounted Windows system, and the letter of its drive.
#[derive(Debug)]
pub(super) struct WindowsHives {
    pub(super) registry: HiveRegistry,
    pub(super) drive: char,
}

impl WindowsHives {
    /// That of a host.
    pub(super) fn of(host: &RootedHost) -> Self {
        let mut registry = HiveRegistry::default();
        for (path, place) in MACHINE {
            mount(&mut registry, host, path, place, &missing(path));
        }
        let (path, place) = APPLICATION_CACHE;
        mount(&mut registry, host, path, place, &Absent::NotThere);
        let root = system_root(&registry);
        let drive = root.chars().next().map_or(USUAL_DRIVE, |letter| letter.to_ascii_uppercase());
        let mut users = Users { host, registry: &mut registry, drive, seen: BTreeSet::new() };
        users.known();
        users.beside();
        Self { registry, drive }
    }
}

fn missing(path: &str) -> Absent {
    Absent::NotAtHand(format!("{path} does not exist"))
}

/// Puts a hive at its place in the registry, or says why there is none. Paths are those of the mounted disk, without a
/// drive.
fn mount(registry: &mut HiveRegistry, host: &dyn Disk, path: &str, place: &str, absent: &Absent) -> bool {
    match hive_file(host, path) {
        Ok(file) => {
            let file = registry.add(file);
            registry.mount(place, file);
            true
        }
        Err(HostError::NotFound { .. }) => {
            registry.absent(place, absent.clone());
            false
        }
        // It may be there: who asks for it is told what stood in the way.
        Err(error) => {
            let file = registry.add_unread(path, &error);
            registry.mount(place, file);
            true
        }
    }
}

/// A hive and the logs beside it.
fn hive_file(host: &dyn Disk, path: &str) -> Result<HiveFile, HostError> {
    let found = host.look(path)?;
    if !found.kind.is_file() {
        return Err(HostError::other(path, io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let place = host.place_of(path).ok_or_else(|| HostError::missing(path))?;
    let (folder, name) = path.rsplit_once('\\').unwrap_or(("", path));
    // A folder that may not be listed can hide logs; the hive says itself when it wants some.
    let entries = host.list(folder, MOST_BESIDE).unwrap_or_default();
    let beside = entries.iter().filter(|entry| entry.kind == EntryKind::File).map(|entry| entry.name.as_str());
    let logs = logs_of(name, &beside.collect::<Vec<_>>())
        .into_iter()
        .filter_map(|log| host.place_of(&format!(r"{folder}\{log}")))
        .collect();
    Ok(HiveFile { name: path.to_owned(), place, logs })
}

/// The hives of a user, by the folder of the profile.
pub(super) fn profile(registry: &mut HiveRegistry, host: &dyn Disk, id: &str, folder: &str) {
    let user = format!(r"HKU\{id}");
    let path = |name: &str| format!(r"{folder}\{name}");
    let absent = missing(&path(USER_HIVES[0]));
    let _ = USER_HIVES.iter().any(|name| mount(registry, host, &path(name), &user, &absent));
    // A user who has never had classes of their own has no file.
    let classes = format!("{user}_Classes");
    let _ = CLASSES.iter().any(|name| mount(registry, host, &path(name), &classes, &Absent::NotThere));
}

/// The users of a mounted system.
struct Users<'h> {
    host: &'h RootedHost,
    registry: &'h mut HiveRegistry,
    drive: char,
    /// The profiles that are known, by their folders as they are really written.
    seen: BTreeSet<PathBuf>,
}

impl Users<'_> {
    /// Those whom the machine knows.
    fn known(&mut self) {
        // Why the machine's software cannot be read is said to whoever asks it.
        for profile in profiles(self.registry).unwrap_or_default() {
            let name = profile.name();
            let Profile { id, folder } = profile;
            let below = folder.as_deref().map(|folder| self.below(folder));
            if id.eq_ignore_ascii_case(SYSTEM_ACCOUNT.0) {
                let place = format!(r"HKU\{id}");
                mount(self.registry, self.host, SYSTEM_ACCOUNT.1, &place, &missing(SYSTEM_ACCOUNT.1));
                self.registry.absent(&format!("{place}_Classes"), Absent::NotThere);
            } else {
                match below {
                    Some(Some(folder)) => self.profile(&id, &folder),
                    Some(None) => self.elsewhere(&id, "its profile lies on another drive than the one that is mounted"),
                    None => self.elsewhere(&id, "the machine does not say where its profile is"),
                }
            }
            self.registry.user(RegistryUser { id, name, profile: folder });
        }
    }

    /// Those in folders beside the profiles that the machine knows.
    fn beside(&mut self) {
        let mut folders: Vec<String> = Vec::new();
        for parent in PROFILES {
            match self.host.list(parent, MOST_PROFILES) {
                Ok(entries) => {
                    let real = entries.into_iter().filter(|entry| entry.kind == EntryKind::Folder);
                    folders.extend(real.map(|entry| format!(r"{parent}\{}", entry.name)));
                }
                Err(HostError::NotFound { .. }) => {}
                Err(error) => self.registry.unknown_users(error.with_cause()),
            }
        }
        folders.push(SYSTEM_PROFILE.to_owned());
        for folder in folders {
            let place = self.host.place_of(&folder);
            if place.is_some_and(|place| self.seen.contains(&place)) || !self.has_hive(&folder) {
                continue;
            }
            let name = last_part(&folder).to_owned();
            let mut ids = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name} ({number})")));
            let id = ids.find(|id| !self.registry.has_user(id)).unwrap_or_else(|| name.clone());
            self.profile(&id, &folder);
            let profile = Some(format!("{}:{folder}", self.drive));
            self.registry.user(RegistryUser { id, name, profile });
        }
    }

    /// Whether a hive of a user lies in a folder; what cannot be entered may hold one.
    fn has_hive(&self, folder: &str) -> bool {
        let is_there =
            |name: &&str| !matches!(self.host.look(&format!(r"{folder}\{name}")), Err(HostError::NotFound { .. }));
        USER_HIVES.iter().any(is_there)
    }

    /// The hives of a profile.
    fn profile(&mut self, id: &str, folder: &str) {
        self.seen.extend(self.host.place_of(folder));
        profile(self.registry, self.host, id, folder);
    }

    fn elsewhere(&mut self, id: &str, why: &str) {
        for place in [format!(r"HKU\{id}"), format!(r"HKU\{id}_Classes")] {
            self.registry.absent(&place, Absent::NotAtHand(why.to_owned()));
        }
    }

    /// A path without the drive that is mounted; nothing for one of another drive.
    fn below(&self, path: &str) -> Option<String> {
        let below = super::windows_path::below_system_drive(path, self.drive).ok()?;
        Some(below.replace('/', "\\"))
    }
}
