//! The registry of a Windows system, whichever way it can be read.
//!
//! One interface with three implementations: the registry of the running system, hive files that lie still, and a map
//! made up for a test. A collector is written once, against [`Registry`]. Keys are named alike everywhere:
//! `HKLM\SOFTWARE\...`, `HKLM\SYSTEM\CurrentControlSet\...`, `HKU\<id>\...` for each user of [`Registry::users`] and
//! `HKU\<id>_Classes\...` for that user's classes. The application cache, which is a hive and no part of a running
//! registry, lies at `HKLM\Amcache` where hive files are read.
//! Views are not hidden: what 32-bit programs see lies at `HKLM\SOFTWARE\WOW6432Node`. Nothing here can write.

mod hives;
mod map;

use interdict_formats::registry::{RegistryData, RegistryValue, same_name};
use interdict_model::Diagnostic;

use crate::host::HostError;

pub(crate) use hives::{
    Absent, HiveFile, HiveKind, HiveRegistry, Profile, classes_owner, last_part, logs_of, profile_of, profiles,
    system_root,
};
pub use map::MapRegistry;

/// How many subkeys or values one key may have.
pub(crate) const MOST_SUBKEYS: usize = 200_000;

/// A registry as it can be read. Names of keys and values are compared without regard to case.
///
/// Errors: [`HostError::NotFound`] says that the hive was read and the key is not in it; [`HostError::NotAtHand`] that the
/// hive is not there to be read, such as that of a user who is logged off; [`HostError::Denied`] that the rights do not
/// reach; [`HostError::Other`] that the hive is damaged there.
pub trait Registry {
    /// The names of a key's subkeys, in the order of the names.
    fn subkeys(&self, key: &str) -> Result<Vec<String>, HostError>;
    /// The values of a key.
    fn values(&self, key: &str) -> Result<Vec<RegistryValue>, HostError>;
    /// Every user who has or should have a part of the registry, whether or not it can be read.
    fn users(&self) -> Result<Vec<RegistryUser>, HostError>;

    /// What was passed over since this was last asked, though a list was answered, such as a damaged part of it: who read
    /// did not read everything.
    fn take_shortfalls(&self) -> Vec<String> {
        Vec::new()
    }

    /// What looks wrong with the files that the registry is read from.
    fn diagnostics(&self) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// One value of a key; nothing when the key has none of that name.
    fn value(&self, key: &str, name: &str) -> Result<Option<RegistryData>, HostError> {
        let values = self.values(key)?;
        Ok(values.into_iter().find(|value| same(&value.name, name)).map(|value| value.data))
    }
}

/// A user with a part of the registry at `HKU\<id>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegistryUser {
    /// What stands for the user below `HKU`: the security identifier, or the name of a hive file.
    pub id: String,
    /// The account's name, for people.
    pub name: String,
    /// The folder of the profile, where known.
    pub profile: Option<String>,
}

/// Whether two names are the same to a registry.
pub(crate) fn same(left: &str, right: &str) -> bool {
    same_name(left, right)
}

/// The values of one key, asked for by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Values(pub(crate) Vec<RegistryValue>);

impl Values {
    /// All values of a key.
    pub(crate) fn of(registry: &dyn Registry, key: &str) -> Result<Self, HostError> {
        registry.values(key).map(Self)
    }

    /// A value.
    pub(crate) fn get(&self, name: &str) -> Option<&RegistryData> {
        self.0.iter().find(|value| same(&value.name, name)).map(|value| &value.data)
    }

    /// A text that is not empty.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(RegistryData::text).map(str::to_owned)
    }

    /// A number.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.get(name).and_then(RegistryData::number)
    }
}
