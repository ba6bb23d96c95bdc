//! Prepared Windows systems on disk: hive files as Windows writes them, and the programs they name.
//!
//! Each is a folder of `tests/fixtures/windows`, named for the one thing that makes it hard: `machine.reg`, a registry
//! export with the hives of all users, and `files.txt`, one path a line; one that ends with `\` is a folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use interdict_formats::registry_file::parse_registry_file;
use interdict_formats::testing::hive::hive_of;

use crate::checkout;

const PROFILES: &str = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\";

/// A prepared system.
pub struct PreparedWindows {
    registry: String,
    files: String,
}

impl PreparedWindows {
    /// The system of this name, as the repository has it.
    pub fn of(name: &str) -> io::Result<Self> {
        let folder = checkout::root().join("tests/fixtures/windows").join(name);
        let text = |file: &str| fs::read_to_string(folder.join(file));
        Ok(Self { registry: text("machine.reg")?, files: text("files.txt")? })
    }

    /// Writes it as the disk of a Windows system below a folder.
    pub fn write_root(&self, root: &Path) -> io::Result<()> {
        let config = root.join("Windows/System32/config");
        fs::create_dir_all(&config)?;
        fs::write(config.join("SOFTWARE"), hive_of(&self.registry, r"HKLM\SOFTWARE"))?;
        fs::write(config.join("SYSTEM"), hive_of(&self.registry, r"HKLM\SYSTEM"))?;
        for path in self.files.lines().filter(|line| !line.is_empty()) {
            let place = below(root, path);
            if path.ends_with('\\') {
                fs::create_dir_all(place)?;
                continue;
            }
            fs::create_dir_all(place.parent().unwrap_or(root))?;
            fs::write(place, b"MZ")?;
        }
        for (id, profile) in self.profiles() {
            let folder = below(root, &profile);
            fs::create_dir_all(&folder)?;
            fs::write(folder.join("NTUSER.DAT"), hive_of(&self.registry, &format!(r"HKU\{id}")))?;
        }
        Ok(())
    }

    /// Writes its hives alone into a folder, under names that say nothing.
    pub fn write_hives(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("one.bin"), hive_of(&self.registry, r"HKLM\SOFTWARE"))?;
        fs::write(folder.join("two.bin"), hive_of(&self.registry, r"HKLM\SYSTEM"))?;
        for (number, (id, _)) in self.profiles().into_iter().enumerate() {
            fs::write(folder.join(format!("user{number}.bin")), hive_of(&self.registry, &format!(r"HKU\{id}")))?;
        }
        Ok(())
    }

    /// The users' identifiers and the folders of their profiles.
    fn profiles(&self) -> Vec<(String, String)> {
        let keys = parse_registry_file(self.registry.as_bytes()).0;
        let profile = |key: &interdict_formats::registry_file::RegistryFileKey| {
            let id = key.path.strip_prefix(PROFILES)?.to_owned();
            let value = key.values.iter().find(|value| value.name == "ProfileImagePath")?;
            Some((id, value.data.text()?.to_owned()))
        };
        keys.iter().filter_map(profile).collect()
    }
}

/// Where a path of the system drive lies below the root.
fn below(root: &Path, path: &str) -> PathBuf {
    let path = path.trim_end_matches('\\').trim_start_matches(r"C:\");
    path.split('\\').fold(root.to_owned(), |place, part| place.join(part))
}
