//! A registry made up for a test, from `.reg` texts.

use std::collections::{BTreeMap, BTreeSet};

use interdict_formats::registry::RegistryValue;
use interdict_formats::registry_file::parse_registry_file;

use super::{Registry, RegistryUser};
use crate::host::HostError;

/// How the registry editor writes the roots, and how they are named here.
const ROOTS: &[(&str, &str)] = &[("HKEY_LOCAL_MACHINE", "HKLM"), ("HKEY_USERS", "HKU")];

/// A registry in memory.
#[derive(Debug, Clone, Default)]
pub struct MapRegistry {
    /// By the key's path in small letters: its name as written, and its values.
    keys: BTreeMap<String, (String, Vec<RegistryValue>)>,
    users: Vec<RegistryUser>,
    denied: BTreeSet<String>,
    missing: BTreeSet<String>,
}

impl MapRegistry {
    /// The keys of a `.reg` text; complaints about it are the test's to make. `HKEY_LOCAL_MACHINE` and `HKEY_USERS` may be
    /// written in full or short.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self::default().and_text(text)
    }

    /// With the keys of another `.reg` text.
    #[must_use]
    pub fn and_text(mut self, text: &str) -> Self {
        for key in parse_registry_file(text.as_bytes()).0 {
            let (root, rest) = key.path.split_once('\\').unwrap_or((&key.path, ""));
            let root = ROOTS.iter().find(|(long, _)| *long == root).map_or(root, |(_, short)| short);
            self.insert(&format!("{root}\\{rest}"), key.values);
        }
        self
    }

    /// With a user, whose keys lie at `HKU\<id>`.
    #[must_use]
    pub fn user(mut self, id: &str, name: &str, profile: Option<&str>) -> Self {
        self.users.push(RegistryUser { id: id.to_owned(), name: name.to_owned(), profile: profile.map(str::to_owned) });
        self
    }

    /// With a key that may not be read, nor anything below it.
    #[must_use]
    pub fn denied(mut self, key: &str) -> Self {
        self.denied.insert(key.to_lowercase());
        self
    }

    /// With a hive that is not at hand, such as `HKLM\SYSTEM` or `HKU\<id>`.
    #[must_use]
    pub fn missing(mut self, hive: &str) -> Self {
        self.missing.insert(hive.to_lowercase());
        self
    }

    fn insert(&mut self, path: &str, values: Vec<RegistryValue>) {
        let path = path.trim_end_matches('\\');
        for (at, _) in path.match_indices('\\').chain([(path.len(), "")]) {
            let name = path[..at].rsplit('\\').next().unwrap_or_default().to_owned();
            self.keys.entry(path[..at].to_lowercase()).or_insert_with(|| (name, Vec::new()));
        }
        if let Some((_, known)) = self.keys.get_mut(&path.to_lowercase()) {
            known.extend(values);
        }
    }

    fn check(&self, key: &str) -> Result<String, HostError> {
        let small = key.trim_end_matches('\\').to_lowercase();
        let below = |of: &String| small == *of || small.starts_with(&format!("{of}\\"));
        if self.missing.iter().any(below) {
            return Err(HostError::NotAtHand { path: key.to_owned(), why: "its hive is missing".to_owned() });
        }
        if self.denied.iter().any(below) {
            return Err(HostError::Denied { path: key.to_owned(), user: "a test".to_owned() });
        }
        Ok(small)
    }
}

impl Registry for MapRegistry {
    fn subkeys(&self, key: &str) -> Result<Vec<String>, HostError> {
        let small = self.check(key)?;
        if !self.keys.contains_key(&small) {
            return Err(HostError::NotFound { path: key.to_owned() });
        }
        let prefix = format!("{small}\\");
        let below = self.keys.range(prefix.clone()..).take_while(|(path, _)| path.starts_with(&prefix));
        Ok(below.filter(|(path, _)| !path[prefix.len()..].contains('\\')).map(|(_, (name, _))| name.clone()).collect())
    }

    fn values(&self, key: &str) -> Result<Vec<RegistryValue>, HostError> {
        let small = self.check(key)?;
        let found = self.keys.get(&small).ok_or_else(|| HostError::NotFound { path: key.to_owned() })?;
        Ok(found.1.clone())
    }

    fn users(&self) -> Result<Vec<RegistryUser>, HostError> {
        Ok(self.users.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use interdict_formats::registry::RegistryData;

    #[test]
    fn keys_are_found_whatever_their_case_and_what_is_not_looked_at_is_told_from_what_is_not_there() {
        let text = "REGEDIT4\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Vendor\\Product]\n\"Version\"=\"1\"\n[HKU\\S-1-5-21-1\\Software]\n";
        let registry = MapRegistry::from_text(text)
            .user("S-1-5-21-1", "user", Some(r"C:\Users\user"))
            .denied(r"HKLM\SECURITY")
            .missing(r"HKLM\SYSTEM");
        assert_eq!(registry.subkeys(r"hklm\software").expect("there"), ["Vendor"]);
        let version = registry.value(r"HKLM\Software\vendor\PRODUCT", "version").expect("there");
        assert_eq!(version, Some(RegistryData::Text("1".to_owned())));
        assert_eq!(registry.value(r"HKLM\SOFTWARE\Vendor", "none").expect("there"), None);
        assert!(matches!(registry.subkeys(r"HKLM\SOFTWARE\Other"), Err(HostError::NotFound { .. })));
        assert!(matches!(registry.subkeys(r"HKLM\SECURITY\Policy"), Err(HostError::Denied { .. })));
        assert!(matches!(registry.values(r"HKLM\SYSTEM\Select"), Err(HostError::NotAtHand { .. })));
        assert_eq!(registry.users().expect("known").len(), 1);
    }
}
