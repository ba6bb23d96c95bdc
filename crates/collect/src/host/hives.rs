//! A Windows system of which only registry hives are at hand: files in a folder, whatever their names.
//!
//! Every file in the folder and in folders below it is looked at; what begins as a hive is one, and what it holds says
//! where it belongs. Links to folders are not followed. Hives of kinds that nothing is read from (security, accounts, boot
//! configuration) are named and left out. Questions about anything but the registry have one answer: not at hand.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use interdict_formats::hive::Hive;
use interdict_model::{Diagnostic, Location, OsFamily};

use super::disk::{current_user, list, look, on_path, read_at, read_pieces};
use super::{Entry, EntryKind, Found, Host, HostError, Kind, Process, Program};
use crate::registry::{
    Absent, HiveFile, HiveKind, HiveRegistry, Profile, Registry, RegistryUser, classes_owner, last_part, logs_of,
    profile_of, profiles, same,
};

/// Diagnostic codes of hives that were given as files.
pub(crate) mod code {
    /// Several hives of one kind.
    pub(crate) const ALIKE: &str = "collect/hives-alike";
    /// A hive of a kind that nothing is read from, or of none that can be told.
    pub(crate) const LEFT_OUT: &str = "collect/hive-left-out";
}

/// How deep folders are searched for hives, and how many files are looked at.
const DEEPEST: usize = 12;
const MOST_FILES: usize = 100_000;
/// How much of a file tells a hive.
const START: usize = 64;
/// How much of a hive says how large it is.
const HEADER: usize = 512;
/// Why there is no answer to a question about files.
const ONLY_HIVES: &str = "only registry hives are at hand";

/// A Windows system as a folder of hives.
#[derive(Debug)]
pub struct HivesHost {
    label: String,
    user: String,
    registry: HiveRegistry,
}

impl HivesHost {
    /// The hives in a folder, of which there must be one.
    pub fn open(folder: &Path) -> Result<Self, HostError> {
        let user = current_user();
        let label = folder.to_string_lossy().into_owned();
        let found = look(folder).map_err(|error| on_path(&label, error, &user))?;
        if found.kind != Kind::Folder {
            return Err(HostError::other(&label, io::ErrorKind::NotADirectory, "not a folder"));
        }
        let mut search = Search { user: &user, hives: Vec::new(), logs: Vec::new(), unread: Vec::new(), looked_at: 0 };
        search.folder(folder, "", 0);
        let Search { hives, logs, mut unread, .. } = search;
        if hives.is_empty() {
            // A file that cannot be opened may be one.
            return Err(if unread.is_empty() { HostError::NoHives { path: label } } else { unread.swap_remove(0) });
        }
        let mut registry = HiveRegistry::default();
        for error in unread {
            registry.note(Diagnostic::warning(crate::collector::INCOMPLETE, error.with_cause()));
            registry.unknown_users(error.with_cause());
        }
        Mounting { registry: &mut registry, kinds: BTreeMap::new() }.mount(with_logs(hives, &logs));
        Ok(Self { label, user, registry })
    }

    fn not_at_hand<T>(path: &str) -> Result<T, HostError> {
        Err(HostError::NotAtHand { path: path.to_owned(), why: ONLY_HIVES.to_owned() })
    }
}

/// A file as a whole, called by a name for people.
pub(crate) fn read_file(place: &Path, name: &str, cap: u64) -> Result<Vec<u8>, HostError> {
    let mut bytes = Vec::new();
    let size = look(place).map_or(0, |found| found.size.min(cap));
    bytes.reserve_exact(usize::try_from(size).unwrap_or(0));
    let read = read_pieces(place, cap, &mut |piece| bytes.extend_from_slice(piece));
    read.map_err(|error| error.on(name, cap, &current_user()))?;
    Ok(bytes)
}

/// The hive in a file, without what may follow it there.
pub(crate) fn read_hive(place: &Path, name: &str, cap: u64) -> Result<Vec<u8>, HostError> {
    let read = |length| read_at(place, 0, length).map_err(|error| on_path(name, error, &current_user()));
    let extent = Hive::extent(&read(HEADER)?);
    match extent.map(usize::try_from) {
        None => read_file(place, name, cap),
        Some(Ok(extent)) if extent as u64 <= cap => read(extent),
        Some(_) => Err(HostError::TooLarge { path: name.to_owned(), cap }),
    }
}

/// A search for hives.
struct Search<'u> {
    user: &'u str,
    /// Name below the folder that was given, and place.
    hives: Vec<(String, PathBuf)>,
    logs: Vec<(String, PathBuf)>,
    unread: Vec<HostError>,
    looked_at: usize,
}

impl Search<'_> {
    fn folder(&mut self, folder: &Path, below: &str, depth: usize) {
        let entries = match list(folder, MOST_FILES) {
            Ok(entries) => entries,
            Err(error) => {
                let name = folder.to_string_lossy();
                return self.unread.push(error.on(&name, MOST_FILES as u64, self.user));
            }
        };
        for Entry { name, kind } in entries {
            let place = folder.join(&name);
            let named = if below.is_empty() { name } else { format!("{below}/{name}") };
            match kind {
                EntryKind::Folder if depth < DEEPEST => self.folder(&place, &named, depth + 1),
                EntryKind::File | EntryKind::Link => self.file(named, place),
                EntryKind::Folder => {
                    let why = format!("folders are searched {DEEPEST} deep");
                    self.unread.push(HostError::NotAtHand { path: named, why });
                }
                EntryKind::Special => self.unread.push(not_regular(&named)),
            }
        }
    }

    fn file(&mut self, name: String, place: PathBuf) {
        match look(&place) {
            Ok(found) if found.kind.is_file() => {}
            Ok(found) if found.kind == Kind::Special => return self.unread.push(not_regular(&name)),
            // A link to a folder.
            Ok(_) => return,
            Err(error) => {
                let error = on_path(&name, error, self.user);
                // A link that leads nowhere.
                if !matches!(error, HostError::NotFound { .. }) {
                    self.unread.push(error);
                }
                return;
            }
        }
        self.looked_at += 1;
        if self.looked_at > MOST_FILES {
            if self.looked_at == MOST_FILES + 1 {
                let cap = MOST_FILES as u64;
                self.unread.push(HostError::TooLarge { path: "the folder of hives".to_owned(), cap });
            }
            return;
        }
        match read_at(&place, 0, START) {
            Ok(start) if Hive::is_hive(&start) => self.hives.push((name, place)),
            Ok(start) if Hive::is_log(&start) => self.logs.push((name, place)),
            Ok(_) => {}
            Err(error) => self.unread.push(on_path(&name, error, self.user)),
        }
    }
}

/// Something that stands where a hive may have been.
fn not_regular(name: &str) -> HostError {
    HostError::other(name, io::ErrorKind::InvalidInput, "not a regular file")
}

/// Each hive with the logs that lie beside it.
fn with_logs(hives: Vec<(String, PathBuf)>, logs: &[(String, PathBuf)]) -> Vec<HiveFile> {
    let names: Vec<(&str, &PathBuf)> = logs.iter().map(|(name, place)| (name.as_str(), place)).collect();
    let of = |name: &str| {
        let beside = logs_of(name, &names.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        names.iter().filter(|(name, _)| beside.contains(name)).map(|(_, place)| (*place).clone()).collect()
    };
    hives.into_iter().map(|(name, place)| HiveFile { logs: of(&name), name, place }).collect()
}

/// Puts each hive where it belongs.
struct Mounting<'r> {
    registry: &'r mut HiveRegistry,
    kinds: BTreeMap<HiveKind, Vec<usize>>,
}

impl Mounting<'_> {
    fn mount(mut self, files: Vec<HiveFile>) {
        for file in files {
            let index = self.registry.add(file);
            let kind = match self.registry.layer(index) {
                Ok(layer) => HiveKind::of(layer.hive()).map_err(|damage| damage.to_string()),
                Err(error) => Err(error.with_cause()),
            };
            match kind {
                Ok(HiveKind::Other) => self.left_out(index, "nothing is read from hives of its kind"),
                Ok(kind) => self.kinds.entry(kind).or_default().push(index),
                Err(why) => {
                    // It may have been anything, so nobody can say that everything was read.
                    self.left_out(index, &why);
                    self.registry.unknown_users(format!("{}: {why}", self.registry.name(index)));
                }
            }
        }
        for (kind, place) in [
            (HiveKind::Software, r"HKLM\SOFTWARE"),
            (HiveKind::System, r"HKLM\SYSTEM"),
            (HiveKind::Amcache, r"HKLM\Amcache"),
        ] {
            self.machine(kind, place);
        }
        self.users();
    }

    fn left_out(&mut self, file: usize, why: &str) {
        let name = self.registry.name(file).to_owned();
        let message = format!("the hive was left out: {why}");
        self.registry.note(Diagnostic::warning(code::LEFT_OUT, message).at(Location::file(name)));
    }

    /// The hives of one kind that the machine has one of. The one that was written last comes first: what it says of a
    /// value holds.
    fn machine(&mut self, kind: HiveKind, place: &str) {
        let mut files = self.kinds.remove(&kind).unwrap_or_default();
        let written = |file: &usize| self.registry.layer(*file).map_or(0, |layer| layer.hive().last_written());
        files.sort_by_cached_key(|file| std::cmp::Reverse(written(file)));
        if files.len() > 1 {
            let names: Vec<&str> = files.iter().map(|file| self.registry.name(*file)).collect();
            let message = format!("{} hives are {place} and are read as one: {}", names.len(), names.join(", "));
            self.registry.note(Diagnostic::warning(code::ALIKE, message));
        }
        for file in files {
            self.registry.mount(place, file);
        }
    }

    fn users(&mut self) {
        // Without the machine's software nobody knows whom else there is, and whoever asks it is told so.
        let known = profiles(self.registry).unwrap_or_default();
        let users = self.kinds.remove(&HiveKind::User).unwrap_or_default();
        let classes = self.kinds.remove(&HiveKind::UserClasses).unwrap_or_default();
        let mut folders: Vec<(String, String)> = Vec::new();
        for file in users {
            let profile = self.registry.layer(file).ok().and_then(|layer| profile_of(layer.hive()));
            let of = |one: &&Profile| {
                let folders = one.folder.as_deref().zip(profile.as_deref());
                folders.is_some_and(|(known, own)| same(known, own))
            };
            let sid = known.iter().find(of).map(|one| one.id.clone()).filter(|id| !self.registry.has_user(id));
            let name = self.registry.name(file).to_owned();
            let id = sid.unwrap_or_else(|| self.free_id(&name));
            self.registry.mount(&format!(r"HKU\{id}"), file);
            folders.push((parent(&name).to_owned(), id.clone()));
            let name = profile.as_deref().map_or_else(|| id.clone(), |folder| last_part(folder).to_owned());
            self.registry.user(RegistryUser { id, name, profile });
        }
        for file in classes {
            let owner = self.registry.layer(file).ok().and_then(|layer| classes_owner(layer.hive()));
            let name = self.registry.name(file).to_owned();
            // Else the one whose hive lies beside it or in a folder above.
            let above = || folders.iter().find(|(folder, _)| !folder.is_empty() && name.starts_with(folder.as_str()));
            let owner = owner.or_else(|| above().map(|(_, id)| id.clone()));
            let id = owner.filter(|id| !self.registry.is_mounted(&format!(r"HKU\{id}_Classes")));
            let id = id.unwrap_or_else(|| self.free_id(&name));
            self.registry.mount(&format!(r"HKU\{id}_Classes"), file);
            if !self.registry.has_user(&id) {
                let profile = known.iter().find(|one| one.id.eq_ignore_ascii_case(&id));
                let name = profile.map_or_else(|| id.clone(), Profile::name);
                self.registry.user(RegistryUser { id, name, profile: profile.and_then(|one| one.folder.clone()) });
            }
        }
        for profile in known {
            self.registry.absent(&format!(r"HKU\{}", profile.id), missing());
            if !self.registry.has_user(&profile.id) {
                let name = profile.name();
                self.registry.user(RegistryUser { id: profile.id, name, profile: profile.folder });
            }
        }
    }

    /// The file's name, made different from those that stand for others.
    fn free_id(&self, file: &str) -> String {
        let name = file.rsplit('/').next().unwrap_or(file).to_owned();
        let is_free = |id: &String| !self.registry.has_user(id);
        let mut ids = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name} ({number})")));
        ids.find(is_free).unwrap_or(name)
    }
}

/// Why there is no hive of a user whom the machine knows.
fn missing() -> Absent {
    Absent::NotAtHand("its hive is not among the files".to_owned())
}

/// The folder of a name below the folder that was given, with a slash at its end; empty for that folder itself.
fn parent(name: &str) -> &str {
    name.rfind('/').map_or("", |at| &name[..=at])
}

impl Host for HivesHost {
    fn os_family(&self) -> Option<OsFamily> {
        Some(OsFamily::Windows)
    }

    fn is_live(&self) -> bool {
        false
    }

    fn label(&self) -> String {
        self.label.clone()
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
        Self::not_at_hand(path)
    }

    fn read_pieces(&self, path: &str, _: u64, _: &mut dyn FnMut(&[u8])) -> Result<(), HostError> {
        Self::not_at_hand(path)
    }

    fn read_at(&self, path: &str, _: u64, _: usize) -> Result<Vec<u8>, HostError> {
        Self::not_at_hand(path)
    }

    fn list(&self, folder: &str, _: usize) -> Result<Vec<Entry>, HostError> {
        Self::not_at_hand(folder)
    }

    fn read_link(&self, path: &str) -> Result<String, HostError> {
        Self::not_at_hand(path)
    }

    fn canonical(&self, path: &str) -> Result<String, HostError> {
        Self::not_at_hand(path)
    }

    fn real_path(&self, _: &str) -> Option<PathBuf> {
        None
    }

    fn processes(&self) -> Result<Vec<Process>, HostError> {
        Ok(Vec::new())
    }

    fn output_of(&self, program: &Program) -> Result<Vec<u8>, HostError> {
        Self::not_at_hand(program.path)
    }

    fn registry(&self) -> Option<&dyn Registry> {
        Some(&self.registry)
    }
}
