//! Paths of Windows below a mounted disk: `C:\Program Files` is `/Program Files` there.
//!
//! The mounted disk is taken for the system drive, by its usual letter. What lies on another drive, or on a share, is not
//! at hand, which is not the same as missing.

use super::HostError;

/// The letter of the system drive. Windows can be set up on another one; then its own paths say so, and are not at hand.
const SYSTEM_DRIVE: char = 'C';

/// The path below the root, with `/` between its parts.
pub(super) fn below_system_drive(path: &str) -> Result<String, HostError> {
    let plain = path.strip_prefix(r"\\?\").or_else(|| path.strip_prefix(r"\??\")).unwrap_or(path);
    let elsewhere = |why: &str| Err(HostError::NotAtHand { path: path.to_owned(), why: why.to_owned() });
    if plain.starts_with(r"\\") {
        return elsewhere("it lies on another computer");
    }
    let mut characters = plain.chars();
    let below = match (characters.next(), characters.next()) {
        (Some(letter), Some(':')) if letter.eq_ignore_ascii_case(&SYSTEM_DRIVE) => characters.as_str(),
        (Some(_), Some(':')) => return elsewhere("it lies on another drive than the one that is mounted"),
        _ => plain,
    };
    Ok(below.replace('\\', "/"))
}

/// A path below the root as Windows would name it.
pub(super) fn on_system_drive(below: &str) -> String {
    format!("{SYSTEM_DRIVE}:{}", below.replace('/', "\\"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(below_system_drive(path).ok().as_deref(), expected, "{path}");
        }
        assert_eq!(on_system_drive("/Windows/x"), r"C:\Windows\x");
    }
}
