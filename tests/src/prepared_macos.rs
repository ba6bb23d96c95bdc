//! Prepared macOS systems, written to a real folder.
//!
//! They are the fixtures of the collectors (`crates/collect/fixtures/macos/whole-system`): folders that look like the root
//! of a disk, each with a `fixture.txt` for what files in a repository cannot say on every platform.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

/// Where the systems lie.
const SYSTEMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/collect/fixtures/macos/whole-system");

/// Writes one of the systems below a folder, which must exist.
pub fn write(name: &str, root: &Path) -> io::Result<()> {
    let system = PathBuf::from(SYSTEMS).join(name);
    copy(&system, root)?;
    let manifest = root.join("fixture.txt");
    let lines = fs::read_to_string(&manifest)?;
    fs::remove_file(manifest)?;
    // Links last: what is written through them must lie where they lead.
    let (links, others): (Vec<&str>, Vec<&str>) = lines.lines().partition(|line| line.starts_with("link "));
    for line in others.into_iter().chain(links) {
        let Some((kind, rest)) = line.split_once(' ') else { continue };
        let (path, target) = rest.split_once(" -> ").unwrap_or((rest, ""));
        let place = root.join(path.trim_start_matches('/'));
        fs::create_dir_all(place.parent().unwrap_or(root))?;
        match kind {
            "folder" => fs::create_dir_all(place)?,
            "executable" => {
                fs::write(&place, "#!/bin/sh\n")?;
                fs::set_permissions(&place, fs::Permissions::from_mode(0o755))?;
            }
            "link" => symlink(target, place)?,
            _ => return Err(io::Error::other(format!("what is \"{line}\"?"))),
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}
