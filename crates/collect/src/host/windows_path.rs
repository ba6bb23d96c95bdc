//! Paths of Windows: which of them a running system is asked for, and where they are below a mounted disk, where
//! `C:\Program Files` is `/Program Files`.
//!
//! The mounted disk is taken for the system drive, whose letter the system's registry says. What lies on another drive, or on
//! a share, is not at hand, which is not the same as missing.

use super::HostError;

/// The letter of the drive that a path names.
pub(super) fn drive_of(path: &str) -> Option<char> {
    let mut characters = plain(path).chars();
    let letter = characters.next().filter(char::is_ascii_alphabetic)?;
    (characters.next() == Some(':')).then_some(letter)
}

/// The path without the mark that lets it be longer, or that says that it is meant for the kernel.
fn plain(path: &str) -> &str {
    path.strip_prefix(r"\\?\").or_else(|| path.strip_prefix(r"\??\")).unwrap_or(path)
}

/// A path of a running system as people write it. What names no drive does not exist there, and what lies on no drive, such
/// as on a share, is not at hand: to look at it would be to speak to another computer.
pub(super) fn on_a_drive(path: &str) -> Result<&str, HostError> {
    let plain = without_prefix(path);
    if has_drive(plain) {
        Ok(plain)
    } else if plain.starts_with(r"\\") || plain.starts_with("//") {
        Err(elsewhere(path))
    } else {
        Err(HostError::NotFound { path: path.to_owned() })
    }
}

/// Says that a path lies elsewhere.
pub(super) fn elsewhere(path: &str) -> HostError {
    HostError::NotAtHand { path: path.to_owned(), why: "it lies on no drive of this computer".to_owned() }
}

/// A path without what Windows puts before those it resolved (`\\?\`) and the kernel before those with a drive (`\??\`).
pub(super) fn without_prefix(path: &str) -> &str {
    let plain = [r"\\?\", r"\??\"].iter().find_map(|prefix| path.strip_prefix(prefix));
    // Without it `\\?\UNC\server` would no longer say where it is.
    plain.filter(|plain| has_drive(plain)).unwrap_or(path)
}

fn has_drive(path: &str) -> bool {
    let mut letters = path.chars();
    letters.next().is_some_and(|letter| letter.is_ascii_alphabetic()) && letters.next() == Some(':')
}

/// The path below the root, with `/` between its parts.
pub(super) fn below_system_drive(path: &str, system_drive: char) -> Result<String, HostError> {
    let plain = plain(path);
    let elsewhere = |why: &str| Err(HostError::NotAtHand { path: path.to_owned(), why: why.to_owned() });
    if plain.starts_with(r"\\") {
        return elsewhere("it lies on another computer");
    }
    let mut characters = plain.chars();
    let below = match (characters.next(), characters.next()) {
        (Some(letter), Some(':')) if letter.eq_ignore_ascii_case(&system_drive) => characters.as_str(),
        (Some(_), Some(':')) => return elsewhere("it lies on another drive than the one that is mounted"),
        _ => plain,
    };
    Ok(below.replace('\\', "/"))
}

/// A path below the root as Windows would name it.
pub(super) fn on_system_drive(below: &str, system_drive: char) -> String {
    format!("{system_drive}:{}", below.replace('/', "\\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_system_is_asked_for_what_lies_on_its_drives() {
        for (path, expected) in [
            (r"C:\Program Files\x", Some(r"C:\Program Files\x")),
            (r"\\?\d:\x", Some(r"d:\x")),
            (r"\??\C:\Windows\x.sys", Some(r"C:\Windows\x.sys")),
            (r"\\server\share\x", None),
            (r"\\?\UNC\server\share\x", None),
            (r"\\.\PhysicalDrive0", None),
            ("//server/share", None),
            ("/etc/machine-id", None),
            ("", None),
        ] {
            assert_eq!(on_a_drive(path).ok(), expected, "{path}");
        }
        assert!(matches!(on_a_drive(r"\\server\share"), Err(HostError::NotAtHand { .. })));
        assert!(matches!(on_a_drive("/etc/hostname"), Err(HostError::NotFound { .. })));
        assert_eq!(without_prefix(r"\\?\UNC\server\share"), r"\\?\UNC\server\share");
    }

    #[test]
    fn only_the_system_drive_is_at_hand() {
        for (path, expected) in [
            (r"C:\Program Files\x", Some("/Program Files/x")),
            (r"\\?\c:\x", Some("/x")),
            (r"\??\C:\Windows\x.sys", Some("/Windows/x.sys")),
            ("/Windows/System32", Some("/Windows/System32")),
            (r"D:\x", None),
            (r"\\server\share\x", None),
        ] {
            assert_eq!(below_system_drive(path, 'C').ok().as_deref(), expected, "{path}");
        }
        assert_eq!(below_system_drive(r"d:\x", 'D').ok().as_deref(), Some("/x"));
        assert!(below_system_drive(r"C:\x", 'D').is_err());
        assert_eq!((drive_of(r"\??\e:\x"), drive_of(r"\Windows"), drive_of("")), (Some('e'), None, None));
        assert_eq!(on_system_drive("/Windows/x", 'C'), r"C:\Windows\x");
    }
}
