//! Keys of a hive.

use super::cells::{NOWHERE, number, short};
use super::value::{StoredName, Value};
use super::{Damage, Hive, Listed};
use crate::registry::{RegistryData, RegistryValue, same_name};

/// How long the fixed part of a key is.
const FIXED: usize = 76;
/// A key that stands for another one.
const IS_LINK: u16 = 0x0010;
/// The name is stored with one byte for each letter.
const IS_NARROW: u16 = 0x0020;
/// A key that stands for a handle; what its values would be is something else.
const IS_HANDLE: u16 = 0x0040;
/// The value of a link that says where it leads, and its type (`REG_LINK`).
const LINK_VALUE: (&str, u32) = ("SymbolicLinkValue", 6);

/// A key of a hive.
#[derive(Debug, Clone, Copy)]
pub struct Key<'h> {
    hive: &'h Hive,
    place: u32,
    node: &'h [u8],
}

impl<'h> Key<'h> {
    pub(super) fn read(hive: &'h Hive, place: u32) -> Result<Self, Damage> {
        let node = hive.cell(place)?;
        let damage = |what| Err(Damage::at(place, what));
        if !node.starts_with(b"nk") {
            return damage("a key does not begin as one does");
        }
        let key = Self { hive, place, node };
        if node.len() < FIXED + key.name_length() {
            return damage("a key is longer than the cell it lies in");
        }
        Ok(key)
    }

    /// Where it is, for [`Hive::key_at`].
    #[must_use]
    pub const fn place(&self) -> u32 {
        self.place
    }

    /// Its name; letters that are none become replacement characters.
    #[must_use]
    pub fn name(&self) -> String {
        self.stored_name().to_string()
    }

    /// When it or its values were last changed: 100 nanoseconds since 1601 (`FILETIME`), 0 when never.
    #[must_use]
    pub fn last_written(&self) -> u64 {
        (u64::from(self.field(8)) << 32) | u64::from(self.field(4))
    }

    /// Its subkeys.
    #[must_use]
    pub fn subkeys(&self) -> Listed<Key<'h>> {
        let count = self.field(20) as usize;
        if count == 0 {
            return Listed::default();
        }
        let places = self.hive.subkey_places(self.field(28));
        let mut listed = Listed { found: Vec::with_capacity(places.found.len()), damage: places.damage };
        if places.found.len() != count && listed.damage.is_empty() {
            listed.note(Damage::at(self.place, "a key has another number of subkeys than it says"));
        }
        for place in places.found {
            match self.subkey_at(place) {
                Ok(key) => listed.found.push(key),
                Err(damage) => listed.note(damage),
            }
        }
        listed
    }

    /// One of its subkeys by name, whatever the case; an error when it may be among those that are damaged.
    pub fn subkey(&self, name: &str) -> Result<Option<Key<'h>>, Damage> {
        let listed = self.subkeys();
        let found = listed.found.into_iter().find(|key| same_name(&key.name(), name));
        match (found, listed.damage.first()) {
            (None, Some(damage)) => Err(*damage),
            (found, _) => Ok(found),
        }
    }

    /// Its values.
    #[must_use]
    pub fn values(&self) -> Listed<RegistryValue> {
        let stored = self.stored_values();
        let mut listed = Listed { found: Vec::with_capacity(stored.found.len()), damage: stored.damage };
        for value in stored.found {
            match value.data(self.hive) {
                Ok(data) => listed.found.push(RegistryValue { name: value.name.to_string(), data }),
                Err(damage) => listed.note(damage),
            }
        }
        listed
    }

    /// One of its values by name, whatever the case; an error when it is or may be among those that are damaged.
    pub fn value(&self, name: &str) -> Result<Option<RegistryData>, Damage> {
        let stored = self.stored_values();
        let found = stored.found.iter().find(|value| same_name(&value.name.to_string(), name));
        match (found, stored.damage.first()) {
            (Some(value), _) => value.data(self.hive).map(Some),
            (None, Some(damage)) => Err(*damage),
            (None, None) => Ok(None),
        }
    }

    /// How many values it has, counted as they are listed.
    #[must_use]
    pub fn value_count(&self) -> usize {
        self.stored_values().found.len()
    }

    /// Whether it stands for another key.
    #[must_use]
    pub fn is_link(&self) -> bool {
        self.flags() & IS_LINK != 0
    }

    /// Says that something is wrong with it which only who asks can know.
    #[must_use]
    pub fn damage(&self, what: &'static str) -> Damage {
        Damage::at(self.place, what)
    }

    /// Where it leads, for a key that stands for another one: a path such as `\Registry\Machine\Software\Classes`.
    pub fn link(&self) -> Result<Option<String>, Damage> {
        if !self.is_link() {
            return Ok(None);
        }
        let missing = Damage::at(self.place, "a key that stands for another one does not say for which");
        match self.value(LINK_VALUE.0)? {
            // Written without an end, as any other letters.
            Some(RegistryData::Binary { kind, bytes }) if kind == LINK_VALUE.1 => {
                Ok(Some(StoredName { bytes: &bytes, is_narrow: false }.to_string()))
            }
            Some(RegistryData::Text(path)) => Ok(Some(path)),
            Some(RegistryData::Texts(_) | RegistryData::Number(_) | RegistryData::Binary { .. }) | None => Err(missing),
        }
    }

    /// A key that this one lists.
    fn subkey_at(&self, place: u32) -> Result<Self, Damage> {
        let key = self.hive.key_at(place)?;
        if key.field(16) != self.place || place == self.hive.root {
            return Err(Damage::at(place, "a key does not belong to the key that lists it"));
        }
        if key.name().contains('\\') {
            return Err(Damage::at(place, "a key has a name that no key may have"));
        }
        Ok(key)
    }

    fn stored_values(&self) -> Listed<Value<'h>> {
        let mut listed = Listed::default();
        let count = self.field(36) as usize;
        if count == 0 || self.flags() & IS_HANDLE != 0 {
            return listed;
        }
        let list = self.field(40);
        let places = match self.hive.cell(list) {
            Ok(cell) => self.hive.value_places(list, cell, count),
            Err(damage) => {
                listed.note(if list == NOWHERE {
                    Damage::at(self.place, "a key's values are nowhere")
                } else {
                    damage
                });
                return listed;
            }
        };
        listed.damage = places.damage;
        for place in places.found {
            match Value::read(self.hive, place) {
                Ok(value) => listed.found.push(value),
                Err(damage) => listed.note(damage),
            }
        }
        listed
    }

    fn stored_name(&self) -> StoredName<'h> {
        let bytes = self.node.get(FIXED..FIXED + self.name_length()).unwrap_or_default();
        StoredName { bytes, is_narrow: self.flags() & IS_NARROW != 0 }
    }

    fn name_length(&self) -> usize {
        short(self.node, 72).map_or(0, usize::from)
    }

    fn flags(&self) -> u16 {
        short(self.node, 2).unwrap_or_default()
    }

    fn field(&self, offset: usize) -> u32 {
        number(self.node, offset).unwrap_or_default()
    }
}
