//! Registry hive files, read where they lie: `SOFTWARE`, `SYSTEM`, `NTUSER.DAT`, `UsrClass.dat`, `Amcache.hve`.
//!
//! A [`Hive`] keeps the bytes and goes from key to key when it is asked; no tree of everything is built, since of a hive of
//! a hundred megabytes a few branches are wanted. A hive that was not written to its end is completed from the
//! transaction logs beside it, in memory. Security descriptors, class names, keys that last until the next start only and
//! deleted keys are not read.
//!
//! Nothing in the bytes is believed: every cell must lie in the file and be in use, a key must name as its parent the key
//! that lists it and may be listed once, so that what can be reached is a tree, no larger than the file. What does not fit
//! is [`Damage`]. A list gives what is sound in it beside its damage; a look for one name that walks into damage is
//! answered by the damage, never by "not there".
//!
//! The layout is that of <https://github.com/msuhanov/regf/blob/master/Windows%20registry%20file%20format%20specification.md>.

mod cells;
mod header;
mod key;
mod log;
#[cfg(test)]
mod tests;
mod value;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use interdict_model::Diagnostic;

use header::{BASE_BLOCK, Header};

pub use key::Key;

/// The diagnostic codes of this module.
pub(crate) mod code {
    /// The file's header contradicts itself or the file.
    pub(crate) const HEADER: &str = "formats/hive-header";
    /// The file ends before its header says.
    pub(crate) const TRUNCATED: &str = "formats/hive-truncated";
    /// A block of the file has no header.
    pub(crate) const BIN: &str = "formats/hive-bin";
    /// The hive was not written to its end, and no log completes it.
    pub(crate) const DIRTY: &str = "formats/hive-dirty";
    /// Changes from a transaction log were applied.
    pub(crate) const RECOVERED: &str = "formats/hive-recovered";
    /// A transaction log could not be used.
    pub(crate) const LOG: &str = "formats/hive-log";
    /// Something in the hive contradicts itself and was left out.
    pub(crate) const DAMAGED: &str = "formats/hive-damaged";
}

/// How deep keys may lie, as on Windows
/// (<https://learn.microsoft.com/windows/win32/sysinfo/registry-element-size-limits>).
pub const MOST_DEPTH: usize = 512;
/// How often the whole of a hive may be read before it is said that something makes us read it again and again.
const MOST_ROUNDS: u64 = 64;
/// What may be read of any hive, however small.
const LEAST_EFFORT: u64 = 64 << 20;

/// A hive.
#[derive(Debug)]
pub struct Hive {
    /// The whole file.
    bytes: Vec<u8>,
    /// How much of what follows the header is part of the hive.
    length: usize,
    /// The second number of the format's version.
    minor: u32,
    /// Where the root key is.
    root: u32,
    /// When the header was written.
    written: u64,
    notes: Vec<Diagnostic>,
    /// How much has been read so far. Lists and values that are shared by many keys would else make a small file large.
    spent: AtomicU64,
}

impl Hive {
    /// Whether bytes begin as a hive does. So do transaction logs; [`is_log`](Self::is_log) tells them apart.
    #[must_use]
    pub fn is_hive(start: &[u8]) -> bool {
        start.starts_with(b"regf") && !Self::is_log(start)
    }

    /// Whether bytes begin as the transaction log of a hive does; 32 are enough to tell.
    #[must_use]
    pub fn is_log(start: &[u8]) -> bool {
        start.starts_with(b"regf") && header::kind(start).is_some_and(|kind| kind != header::PRIMARY)
    }

    /// Whether the file of a hive was not written to its end, so that its transaction logs are wanted.
    #[must_use]
    pub fn is_dirty(bytes: &[u8]) -> bool {
        Header::read(bytes).is_ok_and(|header| header.is_dirty())
    }

    /// How many bytes of a file belong to the hive, from its first 512; whatever follows is none of it. Nothing where that
    /// cannot be told: the hive was not written to its end, and may have grown.
    #[must_use]
    pub fn extent(start: &[u8]) -> Option<u64> {
        let header = Header::read(start).ok().filter(|header| !header.is_dirty())?;
        Some(BASE_BLOCK as u64 + u64::from(header.length))
    }

    /// A hive from the bytes of its file and those of the transaction logs beside it, which are used only when the hive was
    /// not written to its end. Damage to the header that leaves no root key is an error.
    pub fn open(mut bytes: Vec<u8>, logs: &[&[u8]]) -> Result<Self, Damage> {
        let mut notes = Vec::new();
        let header = Header::read(&bytes)?;
        if bytes.len() < BASE_BLOCK {
            return Err(Damage { offset: 0, what: "it ends within its header" });
        }
        if header.is_dirty() {
            log::apply(&mut bytes, &header, logs, &mut notes);
        }
        let header = Header::read(&bytes)?;
        let length = header::length(&header, &bytes, &mut notes);
        header::check_bins(&bytes[BASE_BLOCK..BASE_BLOCK + length], &mut notes);
        let (minor, root, written) = (header.minor, header.root, u64::from_le_bytes(header.written));
        let mut hive = Self { bytes, length, minor, root, written, notes, spent: AtomicU64::new(0) };
        hive.root = hive.sound_root()?;
        Ok(hive)
    }

    /// What looks wrong in the file as a whole: its header, its blocks, its logs.
    #[must_use]
    pub fn notes(&self) -> &[Diagnostic] {
        &self.notes
    }

    /// When it was last written: 100 nanoseconds since 1601 (`FILETIME`), as its header says, else its root key.
    #[must_use]
    pub fn last_written(&self) -> u64 {
        match self.written {
            0 => self.root().map_or(0, |root| root.last_written()),
            written => written,
        }
    }

    /// How many bytes it takes.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.bytes.len()
    }

    /// The root key.
    pub fn root(&self) -> Result<Key<'_>, Damage> {
        self.key_at(self.root)
    }

    /// A key by its path from the root, such as `Microsoft\Windows`; nothing when it is not there.
    pub fn key(&self, path: &str) -> Result<Option<Key<'_>>, Damage> {
        let mut key = self.root()?;
        for (depth, name) in path.split('\\').filter(|name| !name.is_empty()).enumerate() {
            if depth >= MOST_DEPTH {
                return Ok(None);
            }
            let Some(next) = key.subkey(name)? else { return Ok(None) };
            key = next;
        }
        Ok(Some(key))
    }

    /// A key by its place, as [`Key::place`] says it.
    pub fn key_at(&self, place: u32) -> Result<Key<'_>, Damage> {
        Key::read(self, place)
    }

    /// Hands over every key that can be reached, a key before its subkeys, with its depth below the root; what could not be
    /// reached is the answer.
    pub fn walk(&self, visit: &mut dyn FnMut(&Key<'_>, usize)) -> Vec<Damage> {
        let mut damage = Vec::new();
        let mut ahead = match self.root() {
            Ok(root) => vec![(root, 0)],
            Err(error) => return vec![error],
        };
        while let Some((key, depth)) = ahead.pop() {
            visit(&key, depth);
            let below = key.subkeys();
            damage.extend(below.damage);
            if depth >= MOST_DEPTH && !below.found.is_empty() {
                damage.push(Damage::at(key.place(), "keys lie deeper than Windows allows"));
                continue;
            }
            ahead.extend(below.found.into_iter().rev().map(|key| (key, depth + 1)));
        }
        damage
    }

    /// The place of the root key: where the header says, else where every hive that is written anew has it.
    fn sound_root(&mut self) -> Result<u32, Damage> {
        /// Right behind the header of the first block.
        const USUAL: u32 = 0x20;
        match self.key_at(self.root) {
            Ok(_) => Ok(self.root),
            Err(damage) => {
                self.key_at(USUAL).map_err(|_| damage)?;
                self.notes.push(Diagnostic::error(
                    code::HEADER,
                    "the header does not say where the root key is; it was found in its usual place",
                ));
                Ok(USUAL)
            }
        }
    }

    /// Accounts for reading so much.
    fn spend(&self, effort: usize) -> Result<(), Damage> {
        let effort = effort as u64;
        let spent = self.spent.fetch_add(effort, Ordering::Relaxed).saturating_add(effort);
        if spent > (self.bytes.len() as u64).saturating_mul(MOST_ROUNDS).max(LEAST_EFFORT) {
            return Err(Damage { offset: 0, what: "the same parts are read again and again" });
        }
        Ok(())
    }
}

/// A part of a hive that contradicts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damage {
    /// Where in the file, in bytes.
    pub offset: u64,
    /// What is wrong there.
    pub what: &'static str,
}

impl Damage {
    /// Damage at an offset from the first block, as the format counts.
    fn at(place: u32, what: &'static str) -> Self {
        Self { offset: BASE_BLOCK as u64 + u64::from(place), what }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the hive is damaged at byte {}: {}", self.offset, self.what)
    }
}

impl std::error::Error for Damage {}

impl From<Damage> for Diagnostic {
    fn from(damage: Damage) -> Self {
        Self::error(code::DAMAGED, damage.to_string())
    }
}

/// What a list holds, and what in it could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// What is sound, in the order of the hive.
    pub found: Vec<T>,
    /// What is not.
    pub damage: Vec<Damage>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { found: Vec::new(), damage: Vec::new() }
    }
}

impl<T> Listed<T> {
    /// How many places of damage one list names.
    const MOST_DAMAGE: usize = 100;

    fn note(&mut self, damage: Damage) {
        if self.damage.len() < Self::MOST_DAMAGE {
            self.damage.push(damage);
        }
    }
}
