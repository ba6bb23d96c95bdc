//! Which hive a file is, by what is in it: file names are whatever somebody gave them.

use interdict_formats::hive::{Damage, Hive};
use interdict_formats::registry::same_name;

/// Keys that hives of users have at their root beside `Software`.
const OF_USERS: &[&str] = &[
    "AppEvents",
    "Console",
    "Control Panel",
    "Environment",
    "EUDC",
    "Identities",
    "Network",
    "Printers",
    "UNICODE Program Groups",
];
/// Keys below `Microsoft` that make a root the machine's software.
const OF_SOFTWARE: &[&str] = &[r"Microsoft\Windows\CurrentVersion", r"Microsoft\Windows NT\CurrentVersion"];
/// Keys that an application cache has, of any version.
const OF_AMCACHE: &[&str] =
    &[r"Root\InventoryApplication", r"Root\InventoryApplicationFile", r"Root\File", r"Root\Programs"];

/// What a hive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HiveKind {
    /// The machine's software: `HKLM\SOFTWARE`.
    Software,
    /// The machine's setup: `HKLM\SYSTEM`.
    System,
    /// A user's: `HKU\<id>`.
    User,
    /// A user's classes: `HKU\<id>_Classes`.
    UserClasses,
    /// The application cache, which is no part of the registry while Windows runs.
    Amcache,
    /// Any other: security, accounts, drivers, boot configuration.
    Other,
}

impl HiveKind {
    /// What a hive is. Where damage hides it, the damage is the answer.
    pub(crate) fn of(hive: &Hive) -> Result<Self, Damage> {
        let root = hive.root()?.subkeys();
        let names: Vec<String> = root.found.iter().map(interdict_formats::hive::Key::name).collect();
        let has = |name: &str| names.iter().any(|known| same_name(known, name));
        let is_there = |path: &&str| matches!(hive.key(path), Ok(Some(_)));
        // A hive of the machine's setup has a key Software, too.
        if names.iter().any(|name| is_control_set(name)) {
            Ok(Self::System)
        } else if has("Software") && OF_USERS.iter().any(|name| has(name)) {
            Ok(Self::User)
        } else if has("Microsoft") && OF_SOFTWARE.iter().any(is_there) {
            Ok(Self::Software)
        } else if has("Local Settings") {
            Ok(Self::UserClasses)
        } else if OF_AMCACHE.iter().any(is_there) {
            Ok(Self::Amcache)
        } else {
            root.damage.first().map_or(Ok(Self::Other), |damage| Err(*damage))
        }
    }
}

/// Whether a key is one of the numbered control sets.
pub(super) fn is_control_set(name: &str) -> bool {
    let number = name.get(..10).filter(|start| start.eq_ignore_ascii_case("ControlSet")).and_then(|_| name.get(10..));
    number.is_some_and(|number| number.len() == 3 && number.bytes().all(|digit| digit.is_ascii_digit()))
}
