//! The registry of a Windows system that lies still, from its hive files.
//!
//! A [`HiveRegistry`] knows where in the registry each file belongs; what a file holds is told by its content
//! ([`HiveKind`]), not by its name. Several files may belong to one place, since people put copies and old profiles beside
//! each other: then all of them are read as one, so that no trace in any is missed. Files are opened when they are asked
//! for and the least used are let go when there are too many.
//!
//! Damage is told apart from absence. A list that is sound in part is answered with that part, and
//! [`take_shortfalls`](Registry::take_shortfalls) says what of it was passed over. Links between keys are followed.

mod files;
mod kind;
mod layer;
mod users;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use interdict_formats::hive::{Damage, MOST_DEPTH};
use interdict_formats::registry::{RegistryData, RegistryValue};
use interdict_model::{Diagnostic, Location};

use super::{MOST_SUBKEYS, Registry, RegistryUser, same};
use crate::host::HostError;
use files::Shelf;
use layer::{Layer, Step};

pub(crate) use files::{HiveFile, logs_of};
pub(crate) use kind::HiveKind;
pub(crate) use users::{Profile, classes_owner, last_part, profile_of, profiles, system_root};

/// How many links one path may lead over.
const MOST_LINKS: usize = 2;
/// How many things that were passed over are remembered.
const MOST_SHORTFALLS: usize = 1_000;
/// How the kernel names the roots, in small letters, and how they are named here.
const KERNEL_ROOTS: &[(&str, &str)] = &[(r"\registry\machine\", r"HKLM\"), (r"\registry\user\", r"HKU\")];
/// What the current control set is called; on disk there are only numbered ones.
const CURRENT: &str = "CurrentControlSet";

/// A registry of hive files.
#[derive(Debug, Default)]
pub(crate) struct HiveRegistry {
    shelf: Shelf,
    /// By place in the registry, in small letters: `hklm\software`, `hku\s-1-5-21-1`.
    mounts: BTreeMap<String, Mount>,
    users: Vec<RegistryUser>,
    /// What keeps us from knowing all users.
    unknown_users: Vec<String>,
    diagnostics: Vec<Diagnostic>,
    passed_over: Mutex<PassedOver>,
}

/// What was passed over since somebody asked.
#[derive(Debug, Default)]
struct PassedOver {
    /// By the hive's name: where it is damaged, and the first of it in words.
    damage: BTreeMap<String, (BTreeSet<u64>, String)>,
    /// Anything else.
    other: Vec<String>,
}

/// What belongs to a place in the registry.
#[derive(Debug)]
struct Mount {
    /// Its last part as written.
    name: String,
    /// The files.
    files: Vec<usize>,
    /// Why there are none.
    absent: Absent,
}

/// Why there is no hive for a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Absent {
    /// Nobody knows what would be in it, with the reason.
    NotAtHand(String),
    /// The system has none, so nothing is in it.
    NotThere,
}

/// A key in one of the files.
struct Spot {
    layer: Arc<Layer>,
    place: u32,
}

/// Where a key is, and what kept us from finding it elsewhere.
#[derive(Default)]
struct Spots {
    found: Vec<Spot>,
    problems: Vec<Problem>,
    /// Whether a sound file knows that it is not in it.
    is_absent: bool,
}

/// What kept us from finding a key in a file.
enum Problem {
    Damage(Arc<Layer>, Damage),
    Error(HostError),
}

impl HiveRegistry {
    /// Puts a file on the shelf; its number.
    pub(crate) fn add(&mut self, file: HiveFile) -> usize {
        self.shelf.add(file)
    }

    /// Puts a file on the shelf that may be there and cannot be opened; who asks for what is in it is told why.
    pub(crate) fn add_unread(&mut self, name: &str, error: &HostError) -> usize {
        self.shelf.add_unread(name, error)
    }

    /// Opens a file of the shelf, to say what it is.
    pub(crate) fn layer(&self, file: usize) -> Result<Arc<Layer>, HostError> {
        self.shelf.layer(file).map_err(|failure| failure.on(self.shelf.name(file)))
    }

    /// What people call a file of the shelf.
    pub(crate) fn name(&self, file: usize) -> &str {
        self.shelf.name(file)
    }

    /// Says that a file belongs to a place, such as `HKLM\SOFTWARE`; beside those that do already.
    pub(crate) fn mount(&mut self, place: &str, file: usize) {
        self.at(place).files.push(file);
    }

    /// Says that there is no file for a place.
    pub(crate) fn absent(&mut self, place: &str, absent: Absent) {
        self.at(place).absent = absent;
    }

    /// Whether a file belongs to a place.
    pub(crate) fn is_mounted(&self, place: &str) -> bool {
        self.mounts.get(&place.to_lowercase()).is_some_and(|mount| !mount.files.is_empty())
    }

    fn at(&mut self, place: &str) -> &mut Mount {
        let name = place.rsplit('\\').next().unwrap_or_default().to_owned();
        let absent = Absent::NotAtHand("its hive is missing".to_owned());
        self.mounts.entry(place.to_lowercase()).or_insert(Mount { name, files: Vec::new(), absent })
    }

    /// Names a user.
    pub(crate) fn user(&mut self, user: RegistryUser) {
        self.users.push(user);
    }

    /// Whether a name already stands for a user.
    pub(crate) fn has_user(&self, id: &str) -> bool {
        self.users.iter().any(|user| same(&user.id, id))
    }

    /// Says what keeps us from knowing all users.
    pub(crate) fn unknown_users(&mut self, why: String) {
        self.unknown_users.push(why);
    }

    /// Notes what looks wrong with the files as they were found.
    pub(crate) fn note(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Where a key is.
    fn spots(&self, key: &str, links: usize) -> Result<Spots, HostError> {
        let parts: Vec<&str> = key.split('\\').filter(|part| !part.is_empty()).collect();
        let (place, below) = parts.split_at(parts.len().min(2));
        let not_at_hand = |why: &str| HostError::NotAtHand { path: key.to_owned(), why: why.to_owned() };
        let Some(mount) = self.mounts.get(&place.join("\\").to_lowercase()) else {
            return Err(not_at_hand("no hive of it is at hand"));
        };
        if mount.files.is_empty() {
            return Err(match &mount.absent {
                Absent::NotAtHand(why) => not_at_hand(why),
                Absent::NotThere => HostError::NotFound { path: key.to_owned() },
            });
        }
        if below.len() > MOST_DEPTH {
            return Err(HostError::NotFound { path: key.to_owned() });
        }
        let mut found = Spots::default();
        for file in &mount.files {
            match self.shelf.layer(*file) {
                Ok(layer) => self.spots_in(&layer, key, below, links, &mut found),
                Err(failure) => found.problems.push(Problem::Error(failure.on(key))),
            }
        }
        Ok(found)
    }

    fn spots_in(&self, layer: &Arc<Layer>, key: &str, below: &[&str], links: usize, found: &mut Spots) {
        match layer.find(below) {
            Ok(Step::There(place)) => found.found.push(Spot { layer: Arc::clone(layer), place }),
            Ok(Step::Nowhere) => found.is_absent = true,
            Ok(Step::Link(target)) => match self.linked(&target, links) {
                Ok(other) => {
                    found.found.extend(other.found);
                    found.problems.extend(other.problems);
                    found.is_absent |= other.is_absent;
                }
                Err(HostError::NotFound { .. }) => found.is_absent = true,
                Err(error) => found.problems.push(Problem::Error(error.about(key))),
            },
            Err(damage) => found.problems.push(Problem::Damage(Arc::clone(layer), damage)),
        }
    }

    /// Where a link leads, by the kernel's name of it.
    fn linked(&self, target: &str, links: usize) -> Result<Spots, HostError> {
        if links >= MOST_LINKS {
            return Err(HostError::other(target, io::ErrorKind::InvalidData, "too many links between keys"));
        }
        let small = target.to_lowercase();
        let named = KERNEL_ROOTS.iter().find(|(root, _)| small.starts_with(root));
        // The roots are as long in small letters.
        let path = named.and_then(|(root, name)| Some(format!("{name}{}", target.get(root.len()..)?)));
        let why = || "a link between keys leads outside of the registry's files".to_owned();
        let path = path.ok_or_else(|| HostError::NotAtHand { path: target.to_owned(), why: why() })?;
        self.spots(&path, links + 1)
    }

    /// The places of a key that was found; what kept us from finding it elsewhere is noted.
    fn found(&self, key: &str) -> Result<Vec<Spot>, HostError> {
        let Spots { found: spots, mut problems, is_absent } = self.spots(key, 0)?;
        if spots.is_empty() && !is_absent && !problems.is_empty() {
            return Err(match problems.swap_remove(0) {
                Problem::Damage(layer, damage) => damaged(key, &layer, damage),
                Problem::Error(error) => error,
            });
        }
        for problem in problems {
            match problem {
                Problem::Damage(layer, damage) => self.damage(key, &layer, damage),
                Problem::Error(error) => self.shortfall(error.with_cause()),
            }
        }
        if spots.is_empty() {
            return Err(HostError::NotFound { path: key.to_owned() });
        }
        Ok(spots)
    }

    fn shortfall(&self, what: String) {
        let mut passed_over = self.passed_over.lock().unwrap_or_else(PoisonError::into_inner);
        if passed_over.other.len() < MOST_SHORTFALLS && !passed_over.other.contains(&what) {
            passed_over.other.push(what);
        }
    }

    fn damage(&self, key: &str, layer: &Layer, damage: Damage) {
        let mut passed_over = self.passed_over.lock().unwrap_or_else(PoisonError::into_inner);
        let first = || (BTreeSet::new(), format!("at byte {} in {key}: {}", damage.offset, damage.what));
        let (places, _) = passed_over.damage.entry(layer.name().to_owned()).or_insert_with(first);
        places.insert(damage.offset);
    }

    /// Accounts for damage in a list: an error where nothing of it is sound.
    fn account(&self, key: &str, damage: &[(Arc<Layer>, Damage)], is_empty: bool) -> Result<(), HostError> {
        if let (true, Some((layer, damage))) = (is_empty, damage.first()) {
            return Err(damaged(key, layer, *damage));
        }
        for (layer, damage) in damage {
            self.damage(key, layer, *damage);
        }
        Ok(())
    }

    /// What is mounted right below a root; nothing for any other key.
    fn mounted_below(&self, key: &str) -> Option<Vec<String>> {
        let root = key.trim_matches('\\').to_lowercase();
        if !matches!(root.as_str(), "hklm" | "hku") {
            return None;
        }
        let prefix = format!("{root}\\");
        let below = self.mounts.iter().filter(|(place, mount)| place.starts_with(&prefix) && !mount.files.is_empty());
        Some(below.map(|(_, mount)| mount.name.clone()).collect())
    }
}

impl Registry for HiveRegistry {
    fn subkeys(&self, key: &str) -> Result<Vec<String>, HostError> {
        if let Some(names) = self.mounted_below(key) {
            return Ok(names);
        }
        let mut names = BTreeMap::new();
        let mut damage = Vec::new();
        for Spot { layer, place } in self.found(key)? {
            let mut add = |name: String| {
                names.entry(name.to_lowercase()).or_insert(name);
            };
            match layer.children(place) {
                Ok(children) => {
                    children.places().filter_map(|place| layer.key_name(place)).for_each(&mut add);
                    if layer.has_current_control_set(place) {
                        add(CURRENT.to_owned());
                    }
                    damage.extend(children.damage.iter().map(|damage| (Arc::clone(&layer), *damage)));
                }
                Err(error) => damage.push((layer, error)),
            }
        }
        self.account(key, &damage, names.is_empty())?;
        if names.len() > MOST_SUBKEYS {
            self.shortfall(format!("{key} has more than the {MOST_SUBKEYS} subkeys that are read"));
        }
        Ok(names.into_values().take(MOST_SUBKEYS).collect())
    }

    fn values(&self, key: &str) -> Result<Vec<RegistryValue>, HostError> {
        if self.mounted_below(key).is_some() {
            return Ok(Vec::new());
        }
        let mut values: Vec<RegistryValue> = Vec::new();
        let mut damage = Vec::new();
        for Spot { layer, place } in self.found(key)? {
            match layer.values(place) {
                Ok(listed) => {
                    // What the first file says holds.
                    let known = values.len();
                    let new = |value: &RegistryValue| !values[..known].iter().any(|one| same(&one.name, &value.name));
                    let new: Vec<RegistryValue> = listed.found.into_iter().filter(new).collect();
                    values.extend(new);
                    damage.extend(listed.damage.into_iter().map(|damage| (Arc::clone(&layer), damage)));
                }
                Err(error) => damage.push((layer, error)),
            }
        }
        self.account(key, &damage, values.is_empty())?;
        if values.len() > MOST_SUBKEYS {
            self.shortfall(format!("{key} has more than the {MOST_SUBKEYS} values that are read"));
            values.truncate(MOST_SUBKEYS);
        }
        Ok(values)
    }

    fn value(&self, key: &str, name: &str) -> Result<Option<RegistryData>, HostError> {
        if self.mounted_below(key).is_some() {
            return Ok(None);
        }
        let mut first_error = None;
        for Spot { layer, place } in self.found(key)? {
            match layer.value(place, name) {
                Ok(Some(data)) => return Ok(Some(data)),
                Ok(None) => {}
                Err(damage) => drop(first_error.get_or_insert_with(|| damaged(key, &layer, damage))),
            }
        }
        first_error.map_or(Ok(None), Err)
    }

    fn users(&self) -> Result<Vec<RegistryUser>, HostError> {
        for why in &self.unknown_users {
            self.shortfall(why.clone());
        }
        Ok(self.users.clone())
    }

    fn take_shortfalls(&self) -> Vec<String> {
        let taken = std::mem::take(&mut *self.passed_over.lock().unwrap_or_else(PoisonError::into_inner));
        let of_hive = |(hive, (places, first)): (String, (BTreeSet<u64>, String))| match places.len() {
            1 => format!("the hive {hive} is damaged {first}"),
            more => format!("the hive {hive} is damaged in {more} places, first {first}"),
        };
        taken.damage.into_iter().map(of_hive).chain(taken.other).collect()
    }

    fn diagnostics(&self) -> Vec<Diagnostic> {
        let of_files = self.shelf.notes();
        let placed = of_files.into_iter().map(|(name, note)| note.at(Location::file(name)));
        self.diagnostics.iter().cloned().chain(placed).collect()
    }
}

/// Damage on the way to a key or in it.
fn damaged(key: &str, layer: &Layer, damage: Damage) -> HostError {
    let message = format!("{}: {damage}", layer.name());
    HostError::other(key, io::ErrorKind::InvalidData, &message)
}

#[cfg(test)]
mod tests;
