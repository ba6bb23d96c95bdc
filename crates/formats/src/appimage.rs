//! `AppImages`: Linux programs in one file (<https://github.com/AppImage/AppImageSpec>).
//!
//! Told by their first bytes. What is packed in them is not read: name, version and architecture are those of the file's
//! name, as makers write them.

/// How many bytes tell one.
pub const START: usize = 11;
/// The ends of names that say for which processor a file is.
const ARCHITECTURES: &[&str] =
    &["x86_64", "amd64", "x64", "i386", "i686", "ia32", "aarch64", "arm64", "armhf", "armv7l"];

/// What the name of a file says of the program in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppImageName {
    /// The program.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// The processor it is for.
    pub arch: Option<String>,
}

/// Whether a file that begins so is an `AppImage` of the first or second kind.
#[must_use]
pub fn is_appimage(start: &[u8]) -> bool {
    start.starts_with(b"\x7fELF") && matches!(start.get(8..11), Some([b'A', b'I', 1 | 2]))
}

/// Reads the name of a file: `Name-1.2.3-x86_64.AppImage`, with `-`, `_` or a blank between the parts.
#[must_use]
pub fn parse_name(file_name: &str) -> AppImageName {
    let ending = ".appimage";
    let cut = file_name.len().saturating_sub(ending.len());
    let stem = match file_name.get(cut..) {
        Some(end) if end.eq_ignore_ascii_case(ending) => &file_name[..cut],
        _ => file_name,
    };
    let mut parsed = AppImageName::default();
    let mut rest = stem;
    for arch in ARCHITECTURES {
        let at = rest.len().saturating_sub(arch.len());
        if let Some(end) = rest.get(at..)
            && end.eq_ignore_ascii_case(arch)
            && rest[..at].ends_with(['-', '_', '.', ' '])
        {
            parsed.arch = Some(end.to_owned());
            rest = rest[..at].trim_end_matches(['-', '_', '.', ' ']);
            break;
        }
    }
    // The first part that begins like a version, and is not the whole name.
    let parts = rest.match_indices(['-', '_', ' ']).find(|(at, _)| *at > 0 && is_version(&rest[at + 1..]));
    if let Some((at, _)) = parts {
        parsed.version = Some(rest[at + 1..].trim_start_matches(['v', 'V']).to_owned());
        rest = &rest[..at];
    }
    rest.clone_into(&mut parsed.name);
    parsed
}

fn is_version(text: &str) -> bool {
    let digits = text.trim_start_matches(['v', 'V']);
    text.len() - digits.len() <= 1 && digits.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_as_makers_write_them() {
        let table = [
            ("Telegram-4.8.1-x86_64.AppImage", "Telegram", Some("4.8.1"), Some("x86_64")),
            ("DJI_Assistant_v2.1.appimage", "DJI_Assistant", Some("2.1"), None),
            ("WPS Office 11.1.0.AppImage", "WPS Office", Some("11.1.0"), None),
            ("agent-nightly-2024.1-rc1.amd64.AppImage", "agent-nightly", Some("2024.1-rc1"), Some("amd64")),
            ("1Password-latest.AppImage", "1Password-latest", None, None),
            ("7zip", "7zip", None, None),
            ("vlc-x64.AppImage", "vlc", None, Some("x64")),
            (".AppImage", "", None, None),
        ];
        for (file, name, version, arch) in table {
            let parsed = parse_name(file);
            assert_eq!(
                (parsed.name.as_str(), parsed.version.as_deref(), parsed.arch.as_deref()),
                (name, version, arch),
                "{file}"
            );
        }
    }

    #[test]
    fn a_file_is_told_by_its_first_bytes() {
        for (start, expected) in [
            (&b"\x7fELF\x02\x01\x01\0AI\x02"[..], true),
            (b"\x7fELF\x02\x01\x01\0AI\x01\0", true),
            (b"\x7fELF\x02\x01\x01\0\0\0\0", false),
            (b"AI\x02", false),
            (b"", false),
        ] {
            assert_eq!(is_appimage(start), expected, "{start:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_name_makes_it_panic(name: String) {
            let _ = parse_name(&name);
        }
    }
}
