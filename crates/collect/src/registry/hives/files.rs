//! Hive files on disk: read whole, completed from the transaction logs beside them, and let go when others need the memory.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use interdict_formats::hive::Hive;
use interdict_model::Diagnostic;

use super::layer::Layer;
use crate::host::{HostError, read_file, read_hive};

/// The largest hive that is read, and the largest transaction log. Windows keeps hives in memory, too.
const LARGEST_HIVE: u64 = 1 << 30;
const LARGEST_LOG: u64 = 256 << 20;
/// How many bytes of hives are held at a time, unless one alone is larger.
const MOST_HELD: usize = 1 << 30;

/// A hive file and the logs beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HiveFile {
    /// What people call it: its path on its own system, or its name in the folder that was given.
    pub(crate) name: String,
    /// Where it is on this machine.
    pub(crate) place: PathBuf,
    /// Its transaction logs.
    pub(crate) logs: Vec<PathBuf>,
}

/// The hive files of a registry.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    files: Vec<HiveFile>,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    /// Open hives, the latest used last.
    open: VecDeque<(usize, Arc<Layer>)>,
    failures: BTreeMap<usize, Failure>,
    notes: BTreeMap<usize, Vec<Diagnostic>>,
}

/// Why a hive could not be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// The file is gone, or was never there.
    Missing,
    /// Nobody can look at it.
    NotAtHand(String),
    /// The rights do not reach.
    Denied { user: String },
    /// It could not be read or is no sound hive.
    Broken(String),
}

impl Failure {
    fn of(error: &HostError) -> Self {
        match error {
            HostError::NotFound { .. } => Self::Missing,
            HostError::NotAtHand { why, .. } => Self::NotAtHand(why.clone()),
            HostError::Denied { user, .. } => Self::Denied { user: user.clone() },
            HostError::TooLarge { .. }
            | HostError::NoHives { .. }
            | HostError::Unreachable { .. }
            | HostError::Lost { .. }
            | HostError::Other { .. } => Self::Broken(error.with_cause()),
        }
    }

    /// The same about a key or file.
    pub(super) fn on(self, path: &str) -> HostError {
        let path = path.to_owned();
        match self {
            Self::Missing => HostError::NotAtHand { path, why: "its hive is missing".to_owned() },
            Self::NotAtHand(why) => HostError::NotAtHand { path, why },
            Self::Denied { user } => HostError::Denied { path, user },
            Self::Broken(what) => HostError::other(&path, io::ErrorKind::InvalidData, &what),
        }
    }
}

impl Shelf {
    pub(super) fn add(&mut self, file: HiveFile) -> usize {
        self.files.push(file);
        self.files.len() - 1
    }

    /// A file that cannot be opened, by its name.
    pub(super) fn add_unread(&mut self, name: &str, error: &HostError) -> usize {
        let file = self.add(HiveFile { name: name.to_owned(), place: PathBuf::new(), logs: Vec::new() });
        let held = self.held.get_mut().unwrap_or_else(PoisonError::into_inner);
        held.failures.insert(file, Failure::of(error));
        file
    }

    pub(super) fn name(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |file| &file.name)
    }

    /// The hive of a file, opened if it is not.
    pub(super) fn layer(&self, file: usize) -> Result<Arc<Layer>, Failure> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failure) = held.failures.get(&file) {
            return Err(failure.clone());
        }
        if let Some(at) = held.open.iter().position(|(open, _)| *open == file) {
            let entry = held.open.remove(at);
            held.open.extend(entry);
        } else {
            match self.open(file) {
                Ok(layer) => {
                    held.notes.entry(file).or_insert_with(|| layer.notes().to_vec());
                    held.make_room(layer.size());
                    held.open.push_back((file, Arc::new(layer)));
                }
                Err(failure) => {
                    held.failures.insert(file, failure.clone());
                    return Err(failure);
                }
            }
        }
        held.open.back().map(|(_, layer)| Arc::clone(layer)).ok_or(Failure::Missing)
    }

    fn open(&self, file: usize) -> Result<Layer, Failure> {
        let file = self.files.get(file).ok_or(Failure::Missing)?;
        let bytes = read_hive(&file.place, &file.name, LARGEST_HIVE).map_err(|error| Failure::of(&error))?;
        // A log that cannot be read leaves the hive as it is, which it then says of itself.
        let read_log = |log: &PathBuf| read_file(log, &file.name, LARGEST_LOG).ok();
        let logs: Vec<Vec<u8>> =
            if needs_logs(&bytes) { file.logs.iter().filter_map(read_log).collect() } else { vec![] };
        let logs: Vec<&[u8]> = logs.iter().map(Vec::as_slice).collect();
        let broken = |damage| Failure::Broken(format!("{}: {damage}", file.name));
        let hive = Hive::open(bytes, &logs).map_err(broken)?;
        Ok(Layer::new(file.name.clone(), hive))
    }

    /// What the hives that were opened so far said of themselves, by the name of the file.
    pub(super) fn notes(&self) -> Vec<(String, Diagnostic)> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let of_file = |(file, notes): (&usize, &Vec<Diagnostic>)| {
            let name = self.name(*file).to_owned();
            notes.iter().map(move |note| (name.clone(), note.clone())).collect::<Vec<_>>()
        };
        held.notes.iter().flat_map(of_file).collect()
    }
}

impl Held {
    /// Lets go of the least used hives until so much more fits.
    fn make_room(&mut self, size: usize) {
        let held = |open: &VecDeque<(usize, Arc<Layer>)>| open.iter().map(|(_, layer)| layer.size()).sum::<usize>();
        while !self.open.is_empty() && held(&self.open) + size > MOST_HELD {
            self.open.pop_front();
        }
    }
}

/// Whether a hive was not written to its end: only then its logs are read.
fn needs_logs(bytes: &[u8]) -> bool {
    Hive::is_dirty(bytes)
}

/// The transaction logs among the files beside a hive: its whole name, or its name without ending, and `.LOG`, `.LOG1` or
/// `.LOG2`, whatever the case.
pub(crate) fn logs_of<'n>(hive: &str, beside: &[&'n str]) -> Vec<&'n str> {
    let named = |stem: &str| -> Vec<&'n str> {
        let stem = stem.to_lowercase();
        let is_log = |name: &&&str| {
            let small = name.to_lowercase();
            small.strip_prefix(&stem).is_some_and(|rest| matches!(rest, ".log" | ".log1" | ".log2"))
        };
        beside.iter().filter(is_log).copied().collect()
    };
    let exact = named(hive);
    let stem = Path::new(hive).with_extension("");
    if exact.is_empty() { named(&stem.to_string_lossy()) } else { exact }
}
