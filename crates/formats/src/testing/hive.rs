//! Writes registry hives and transaction logs.
//!
//! [`HiveKey`] is a tree of keys, from a `.reg` text or built by hand; [`encode`] lays it out as Windows does: cells in
//! blocks of 4096 bytes or more, lists by the number of subkeys, long data in pieces. It also says where everything went, so
//! that a test can damage one cell at will. The layout is that of
//! <https://github.com/msuhanov/regf/blob/master/Windows%20registry%20file%20format%20specification.md>.

mod layout;
mod log;

use crate::registry::{RegistryData, RegistryValue, same_name};
use crate::registry_file::parse_registry_file;

pub use layout::{Encoded, Layout, Lists, Place, encode, encode_as, offset, seal};
pub use log::{entry_log, make_dirty, page_log, seal_entries};

/// What the roots of a `.reg` text may be called.
const ROOTS: &[(&str, &str)] = &[("HKEY_LOCAL_MACHINE", "HKLM"), ("HKEY_USERS", "HKU")];
/// What `HKLM\SYSTEM\CurrentControlSet` is on disk.
const CONTROL_SET: &str = "ControlSet001";

/// A key with all that is below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HiveKey {
    /// Its name.
    pub name: String,
    /// The flags of its node beside the one for its name.
    pub flags: u16,
    /// Its values.
    pub values: Vec<HiveValue>,
    /// Its subkeys.
    pub subkeys: Vec<HiveKey>,
}

/// A value as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiveValue {
    /// Its name; empty for a key's default value.
    pub name: String,
    /// The number of its type.
    pub kind: u32,
    /// What it holds.
    pub data: Vec<u8>,
}

impl HiveValue {
    /// A value of this type and these bytes.
    #[must_use]
    pub fn new(name: &str, kind: u32, data: impl Into<Vec<u8>>) -> Self {
        Self { name: name.to_owned(), kind, data: data.into() }
    }

    /// A text (`REG_SZ`).
    #[must_use]
    pub fn text(name: &str, text: &str) -> Self {
        Self::new(name, 1, wide(&[text]))
    }
}

impl From<RegistryValue> for HiveValue {
    fn from(value: RegistryValue) -> Self {
        let RegistryValue { name, data } = value;
        let (kind, data) = match data {
            RegistryData::Text(text) => (1, wide(&[&text])),
            RegistryData::Texts(texts) => {
                let texts: Vec<&str> = texts.iter().map(String::as_str).chain([""]).collect();
                (7, wide(&texts))
            }
            RegistryData::Number(number) => match u32::try_from(number) {
                Ok(number) => (4, number.to_le_bytes().to_vec()),
                Err(_) => (11, number.to_le_bytes().to_vec()),
            },
            RegistryData::Binary { kind, bytes } => (kind, bytes),
        };
        Self { name, kind, data }
    }
}

/// Texts in UTF-16, each ended by a NUL.
fn wide(texts: &[&str]) -> Vec<u8> {
    let units = texts.iter().flat_map(|text| text.encode_utf16().chain([0]));
    units.flat_map(u16::to_le_bytes).collect()
}

impl HiveKey {
    /// A key without anything.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The keys of a `.reg` text below one of its paths, which becomes the root: `HKLM\SOFTWARE`, `HKLM\SYSTEM`,
    /// `HKU\S-1-5-21-1`. Roots may be written in full or short. What stands below `HKLM\SYSTEM\CurrentControlSet` goes to
    /// `ControlSet001`, and `Select` says so, unless the text has control sets of its own.
    #[must_use]
    pub fn from_text(text: &str, root: &str) -> Self {
        let root = short(root);
        let mut hive = Self::new("ROOT");
        for key in parse_registry_file(text.as_bytes()).0 {
            let path = short(&key.path);
            let below = match path.get(..root.len()) {
                Some(start) if same_name(start, &root) => &path[root.len()..],
                _ => continue,
            };
            if below.is_empty() || below.starts_with('\\') {
                let values = key.values.into_iter().map(HiveValue::from);
                hive.at(below).values.extend(values);
            }
        }
        hive.settle_control_sets();
        hive
    }

    /// The key at a path below this one, made where it is missing.
    pub fn at(&mut self, path: &str) -> &mut Self {
        let mut key = self;
        for name in path.split('\\').filter(|name| !name.is_empty()) {
            let known = key.subkeys.iter().position(|subkey| same_name(&subkey.name, name));
            let index = known.unwrap_or_else(|| {
                key.subkeys.push(Self::new(name));
                key.subkeys.len() - 1
            });
            key = &mut key.subkeys[index];
        }
        key
    }

    /// With a value.
    #[must_use]
    pub fn with(mut self, value: HiveValue) -> Self {
        self.values.push(value);
        self
    }

    fn settle_control_sets(&mut self) {
        let Some(current) = self.subkeys.iter_mut().find(|key| same_name(&key.name, "CurrentControlSet")) else {
            return;
        };
        CONTROL_SET.clone_into(&mut current.name);
        let select = self.at("Select");
        if select.values.is_empty() {
            select.values =
                ["Current", "Default", "LastKnownGood"].map(|name| HiveValue::new(name, 4, 1_u32.to_le_bytes())).into();
        }
    }
}

fn short(path: &str) -> String {
    let path = path.trim_end_matches('\\');
    let (root, rest) = path.split_once('\\').unwrap_or((path, ""));
    let root = ROOTS.iter().find(|(long, _)| *long == root).map_or(root, |(_, short)| short);
    if rest.is_empty() { root.to_owned() } else { format!("{root}\\{rest}") }
}

/// The hive of a `.reg` text below one of its paths, as the bytes of a file.
#[must_use]
pub fn hive_of(text: &str, root: &str) -> Vec<u8> {
    encode(&HiveKey::from_text(text, root)).bytes
}

/// The hives of a `.reg` text as files of a Windows disk: their paths below its root, with `/`, and their bytes. Users of
/// `HKU` lie where the text's `ProfileList` says, else in `Users/<id>`; `HKU\<id>_Classes` becomes that user's classes.
#[must_use]
pub fn disk_of(text: &str) -> Vec<(String, Vec<u8>)> {
    let keys = parse_registry_file(text.as_bytes()).0;
    let mut roots: Vec<String> = Vec::new();
    for key in &keys {
        let path = short(&key.path);
        let root: Vec<&str> = path.splitn(3, '\\').take(2).collect();
        let root = root.join("\\");
        if !roots.iter().any(|known| same_name(known, &root)) {
            roots.push(root);
        }
    }
    let profile = |id: &str| {
        let list = format!(r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\{id}");
        let key = keys.iter().find(|key| same_name(&short(&key.path), &list));
        let value = key.and_then(|key| key.values.iter().find(|value| value.name == "ProfileImagePath"));
        let path = value.and_then(|value| value.data.text()).map(|path| path.replace("%SystemRoot%", r"C:\Windows"));
        let below = path.as_deref().and_then(|path| path.split_once(":\\").or_else(|| path.split_once("%\\")));
        below.map_or_else(|| format!("Users/{id}"), |(_, below)| below.replace('\\', "/"))
    };
    let place = |root: &str| match root.split_once('\\') {
        Some(("HKLM", hive)) => format!("Windows/System32/config/{}", hive.to_uppercase()),
        Some((_, id)) => match id.strip_suffix("_Classes") {
            Some(id) => format!("{}/AppData/Local/Microsoft/Windows/UsrClass.dat", profile(id)),
            None => format!("{}/NTUSER.DAT", profile(id)),
        },
        None => root.to_owned(),
    };
    roots.iter().filter(|root| root.contains('\\')).map(|root| (place(root), hive_of(text, root))).collect()
}
