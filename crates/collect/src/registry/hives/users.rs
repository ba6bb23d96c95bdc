//! Whose hive a hive is.

use interdict_formats::hive::Hive;
use interdict_formats::registry::RegistryData;

use crate::registry::Registry;

/// Where the machine's software names the users with a profile.
const PROFILE_LIST: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList";
/// Where it says which folder Windows lies in.
const VERSION: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion";
/// Where a user's hive names the folders of the profile.
const SHELL_FOLDERS: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\Shell Folders";
/// What follows the profile's folder in that of application data.
const APPLICATION_DATA: &[&str] = &[r"\AppData\Roaming", r"\Application Data"];
/// How the root of a user's classes is named.
const CLASSES: &str = "_Classes";

/// A profile that the machine knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Profile {
    /// The security identifier.
    pub(crate) id: String,
    /// The folder, with its variables put in.
    pub(crate) folder: Option<String>,
}

impl Profile {
    /// The account's name, as far as it is known: that of the folder.
    pub(crate) fn name(&self) -> String {
        let name = self.folder.as_deref().map(last_part).filter(|name| !name.is_empty());
        name.unwrap_or(&self.id).to_owned()
    }
}

/// The last part of a path.
pub(crate) fn last_part(path: &str) -> &str {
    path.trim_end_matches('\\').rsplit('\\').next().unwrap_or(path)
}

/// The profiles that the machine knows; what keeps us from knowing them is the error.
pub(crate) fn profiles(registry: &dyn Registry) -> Result<Vec<Profile>, crate::HostError> {
    let root = system_root(registry);
    let drive = root.get(..2).unwrap_or("C:").to_owned();
    let expand = |path: &str| {
        let path = path.trim_end_matches('\\');
        let variables =
            [("%SystemRoot%", root.as_str()), ("%windir%", root.as_str()), ("%SystemDrive%", drive.as_str())];
        let known = variables.iter().find_map(|(variable, value)| {
            let start = path.get(..variable.len())?;
            start.eq_ignore_ascii_case(variable).then(|| format!("{value}{}", &path[variable.len()..]))
        });
        known.unwrap_or_else(|| path.to_owned())
    };
    let mut profiles = Vec::new();
    for id in registry.subkeys(PROFILE_LIST)? {
        let path = registry.value(&format!(r"{PROFILE_LIST}\{id}"), "ProfileImagePath").ok().flatten();
        let folder = path.as_ref().and_then(RegistryData::text).map(expand);
        profiles.push(Profile { id, folder });
    }
    Ok(profiles)
}

/// The folder of Windows, such as `C:\Windows`.
pub(crate) fn system_root(registry: &dyn Registry) -> String {
    let written = registry.value(VERSION, "SystemRoot").ok().flatten();
    let has_drive = |path: &&str| {
        let start = path.as_bytes();
        start.first().is_some_and(u8::is_ascii_alphabetic) && start.get(1) == Some(&b':')
    };
    let path = written.as_ref().and_then(RegistryData::text).filter(has_drive);
    path.map_or_else(|| r"C:\Windows".to_owned(), |path| path.trim_end_matches('\\').to_owned())
}

/// The folder of the profile that a user's hive belongs to, as it says itself.
pub(crate) fn profile_of(hive: &Hive) -> Option<String> {
    let folders = hive.key(SHELL_FOLDERS).ok().flatten()?;
    let data = folders.value("AppData").ok().flatten()?;
    let path = data.text()?.trim_end_matches('\\');
    let without = |end: &&str| {
        let at = path.len().checked_sub(end.len())?;
        path.get(at..).filter(|rest| rest.eq_ignore_ascii_case(end)).map(|_| path[..at].to_owned())
    };
    APPLICATION_DATA.iter().find_map(without).filter(|path| !path.is_empty())
}

/// The security identifier of the user whose classes a hive holds, as its root is named.
pub(crate) fn classes_owner(hive: &Hive) -> Option<String> {
    let name = hive.root().ok()?.name();
    let id = name.get(..name.len().checked_sub(CLASSES.len())?)?;
    let is_one = id.starts_with("S-1-") && name[id.len()..].eq_ignore_ascii_case(CLASSES);
    is_one.then(|| id.to_owned())
}
