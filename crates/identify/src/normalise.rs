//! One form for all spellings of a text: compatibility-composed, lower case, single spaces.
//!
//! Letters of different scripts are never folded into each other: a Cyrillic "а" is not a Latin "a".

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The text in compatibility-composed lower case with single spaces and without spaces at the ends.
#[must_use]
pub fn normalise(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return normalise_ascii(text);
    }
    if text.chars().all(is_stable) {
        return Cow::Owned(with_single_spaces(text.chars().flat_map(char::to_lowercase), text.len()));
    }
    // Before composing, which would spell a trade mark out as letters of the word before it.
    let without_marks = text.chars().filter(|letter| !is_trade_mark(*letter));
    let letters = without_marks.nfkc().flat_map(char::to_lowercase).filter(|letter| !is_invisible(*letter));
    // Lower case may decompose (U+0130); composing once more makes the form stable.
    Cow::Owned(with_single_spaces(letters, text.len()).nfc().collect())
}

fn with_single_spaces(letters: impl Iterator<Item = char>, capacity: usize) -> String {
    let mut folded = String::with_capacity(capacity);
    for letter in letters {
        if letter.is_whitespace() {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else {
            folded.push(letter);
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Letters that stay what they are when composed, whatever stands around them: printable ASCII, Russian, and the common
/// Chinese signs. Most names hold nothing else, and composing takes its time.
fn is_stable(letter: char) -> bool {
    matches!(letter, ' '..='~' | 'Ё' | 'А'..='я' | 'ё' | '\u{4e00}'..='\u{9fff}')
}

fn normalise_ascii(text: &str) -> Cow<'_, str> {
    let is_plain = |(at, byte): (usize, &u8)| match byte {
        b' ' => at > 0 && at + 1 < text.len() && text.as_bytes()[at - 1] != b' ',
        byte => !byte.is_ascii_uppercase() && !byte.is_ascii_whitespace() && !byte.is_ascii_control(),
    };
    if text.as_bytes().iter().enumerate().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_whitespace() {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else if !byte.is_ascii_control() {
            folded.push(char::from(byte.to_ascii_lowercase()));
        }
    }
    folded.truncate(folded.trim_end().len());
    Cow::Owned(folded)
}

/// Marks that some write behind a name and others do not.
fn is_trade_mark(letter: char) -> bool {
    matches!(letter, '™' | '®' | '©' | '℠')
}

/// Letters nobody sees and some exporters add: zero-width ones, soft hyphen, byte-order mark.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
        || letter.is_control() && !letter.is_whitespace()
}

/// A path in one form: lower case, forward slashes, every drive as `c:`, no slash at the end, without quotation marks and
/// the prefixes under which Windows' kernel knows it.
pub(crate) fn normalise_path(path: &str) -> String {
    let mut folded = normalise(path.trim().trim_matches('"')).replace('\\', "/");
    for kernel_prefix in ["/??/", "//?/"] {
        if let Some(rest) = folded.strip_prefix(kernel_prefix) {
            folded = rest.to_owned();
        }
    }
    if let Some(rest) = folded.strip_prefix("/systemroot/") {
        folded = format!("c:/windows/{rest}");
    }
    if folded.as_bytes().get(1) == Some(&b':') && folded.as_bytes().first().is_some_and(u8::is_ascii_lowercase) {
        folded.replace_range(0..1, "c");
    }
    while folded.len() > 1 && folded.ends_with('/') {
        folded.pop();
    }
    folded
}

/// What placeholders for folders of Windows stand for, as paths are normalised; those of a user's folders stay, since
/// paths in profiles are compared in that form, too.
const FOLDERS: &[(&str, &[&str])] = &[
    ("%commonprogramfiles(x86)%", &["c:/program files (x86)/common files"]),
    ("%commonprogramfiles%", &["c:/program files/common files", "c:/program files (x86)/common files"]),
    ("%commonprogramw6432%", &["c:/program files/common files"]),
    ("%programfiles(x86)%", &["c:/program files (x86)"]),
    ("%programfiles%", &["c:/program files", "c:/program files (x86)"]),
    ("%programw6432%", &["c:/program files"]),
    ("%programdata%", &["c:/programdata", "c:/documents and settings/all users/application data"]),
    ("%allusersprofile%", &["c:/programdata", "c:/documents and settings/all users/application data"]),
    ("%systemroot%", &["c:/windows"]),
    ("%windir%", &["c:/windows"]),
    ("%systemdrive%", &["c:"]),
    ("%public%", &["c:/users/public"]),
    ("%temp%", &["%localappdata%/temp"]),
    ("%tmp%", &["%localappdata%/temp"]),
];

/// Every normal form of a path: with what a placeholder at its begin stands for, and, for one in a user's profile, as seen
/// from there.
pub(crate) fn path_values(path: &str) -> Vec<String> {
    let normal = normalise_path(path);
    let placeholder = FOLDERS.iter().find_map(|(placeholder, real)| Some((normal.strip_prefix(placeholder)?, *real)));
    let mut values = match placeholder {
        Some((rest, real)) => real.iter().map(|folder| format!("{folder}{rest}")).collect(),
        None => vec![normal],
    };
    if let [alone] = values.as_slice() {
        let more: Vec<String> =
            in_a_profile(alone).into_iter().chain(in_a_home(alone)).chain(on_a_mac(alone)).collect();
        values.extend(more);
    }
    values
}

/// A path in a user's home on any system but Windows, as seen from there.
fn in_a_home(normal: &str) -> Option<String> {
    let below = ["/users/", "/home/"].iter().find_map(|homes| normal.strip_prefix(homes));
    let below =
        below.and_then(|below| below.split_once('/')).filter(|(user, _)| *user != "shared").map(|(_, below)| below);
    let below = below
        .or_else(|| ["/root", "/var/root"].iter().find_map(|home| normal.strip_prefix(home)?.strip_prefix('/')))?;
    Some(format!("~/{below}"))
}

/// A path of macOS without the folders that its usual name leaves out.
fn on_a_mac(normal: &str) -> Option<String> {
    let plain = normal.strip_prefix("/system/volumes/data/").unwrap_or(normal).trim_start_matches('/');
    let below = ["private/var/", "private/etc/", "private/tmp/"].iter().any(|folder| plain.starts_with(folder));
    let plain = if below { plain.trim_start_matches("private/") } else { plain };
    Some(format!("/{plain}")).filter(|path| normal.starts_with('/') && path != normal)
}

/// A path in a user's profile, as seen from the profile and from its folder for programs' data.
fn in_a_profile(normal: &str) -> Vec<String> {
    let below = ["c:/users/", "c:/documents and settings/"].iter().find_map(|folder| normal.strip_prefix(folder));
    let Some((user, below)) = below.and_then(|below| below.split_once('/')) else { return Vec::new() };
    // In a pattern, the user is any, or nobody would be meant.
    if user == "public" || user == "all users" {
        return Vec::new();
    }
    let folders = [
        ("appdata/roaming/", "%appdata%"),
        ("application data/", "%appdata%"),
        ("appdata/local/", "%localappdata%"),
        ("local settings/application data/", "%localappdata%"),
    ];
    let data = folders.iter().find_map(|(folder, name)| Some(format!("{name}/{}", below.strip_prefix(folder)?)));
    std::iter::once(format!("%userprofile%/{below}")).chain(data).collect()
}

/// Whether a text names a registry key and no path of a file.
pub(crate) fn is_registry_key(text: &str) -> bool {
    let roots = ["hklm", "hkcu", "hkey_", "hku\\", "hku:", "\\registry\\"];
    roots.iter().any(|root| text.get(..root.len()).is_some_and(|start| start.eq_ignore_ascii_case(root)))
}

/// A registry key in one form: short hive names, one user's hive as `hkcu`, no `WOW6432Node` difference.
pub(crate) fn normalise_registry_key(key: &str) -> String {
    let folded = normalise(key).replace('/', "\\");
    let folded = folded
        .replace("hkey_local_machine", "hklm")
        .replace("hkey_current_user", "hkcu")
        .replace("hkey_users\\", "hku\\")
        .replace("\\registry\\machine\\", "hklm\\")
        .replace("\\registry\\user\\", "hku\\");
    let folded = ["hklm", "hkcu", "hku"]
        .iter()
        .find_map(|root| folded.strip_prefix(root)?.strip_prefix(':').map(|rest| format!("{root}{rest}")))
        .unwrap_or(folded);
    // The part behind HKU is one user's identifier.
    let folded = match folded.strip_prefix("hku\\").and_then(|rest| rest.split_once('\\')) {
        Some((_, rest)) => format!("hkcu\\{rest}"),
        None => folded,
    };
    folded.replace("\\wow6432node\\", "\\").trim_end_matches('\\').to_owned()
}

/// A publisher without what surrounds the name: `Name <mail>`, quotation marks, trade marks.
pub(crate) fn normalise_publisher(publisher: &str) -> Cow<'_, str> {
    let name = match publisher.rfind('<') {
        Some(at) if publisher.trim_end().ends_with('>') && at > 0 => publisher.get(..at).unwrap_or(publisher),
        _ => publisher,
    };
    let trimmed = name.trim().trim_matches(['"', '\'', '“', '”', '«', '»']);
    // A quotation mark in the middle (AO "Kaspersky Lab") stays; only the pair around the whole name goes.
    let balanced = if trimmed.contains(['"', '«', '»']) { name.trim() } else { trimmed };
    normalise(balanced)
}

/// The last part of a path of either kind.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_are_called_stable_are() {
        for letter in ('\0'..=char::MAX).filter(|letter| is_stable(*letter)) {
            assert!(std::iter::once(letter).nfkc().eq(std::iter::once(letter)), "{letter}");
            assert!(letter.to_lowercase().nfc().eq(letter.to_lowercase()), "{letter}");
            let pair = ['й', letter, 'e', letter];
            assert!(pair.into_iter().nfkc().eq(pair), "{letter} beside others");
            assert!(!is_trade_mark(letter) && !is_invisible(letter), "{letter}");
        }
        assert_eq!(normalise("  АО  «Лаборатория» 360安全 "), "ао «лаборатория» 360安全");
        assert_eq!(normalise("АО  Лаборатория  Ёлка 360安全 "), "ао лаборатория ёлка 360安全");
    }

    #[test]
    fn one_form_for_all_spellings() {
        for (text, expected) in [
            ("Kaspersky  Endpoint\tSecurity ", "kaspersky endpoint security"),
            ("kaspersky", "kaspersky"),
            ("ＫＡＳＰＥＲＳＫＹ", "kaspersky"),
            ("АНТИВИРУС Касперского", "антивирус касперского"),
            ("Kaspersky\u{00a0}Lab\u{200b}", "kaspersky lab"),
            ("Лаборатория\u{0438}\u{0306}", "лабораторияй"),
            ("", ""),
            ("Kaspersky™ Internet Security®", "kaspersky internet security"),
        ] {
            assert_eq!(normalise(text), expected);
        }
        assert_ne!(normalise("К"), normalise("K"), "scripts are not folded into each other");
    }

    #[test]
    fn paths_and_keys_and_publishers() {
        assert_eq!(normalise_path("D:\\Program Files\\Kaspersky Lab\\"), "c:/program files/kaspersky lab");
        assert_eq!(normalise_path("/opt/kaspersky/"), "/opt/kaspersky");
        assert_eq!(
            normalise_registry_key("HKEY_LOCAL_MACHINE\\SOFTWARE\\WOW6432Node\\KasperskyLab"),
            "hklm\\software\\kasperskylab"
        );
        assert_eq!(normalise_registry_key("HKLM:\\SOFTWARE\\X"), "hklm\\software\\x");
        assert_eq!(normalise_registry_key("HKEY_USERS\\S-1-5-21-1\\Software\\X"), "hkcu\\software\\x");
        assert_eq!(normalise_registry_key("\\REGISTRY\\MACHINE\\SOFTWARE\\X"), "hklm\\software\\x");
        assert_eq!(normalise_path("\\??\\C:\\Windows\\x.sys"), "c:/windows/x.sys");
        assert_eq!(normalise_path("\\SystemRoot\\System32\\drivers\\x.sys"), "c:/windows/system32/drivers/x.sys");
        assert_eq!(normalise_path("\"D:\\Program Files\\X\\x.exe\""), "c:/program files/x/x.exe");
        for (path, expected) in [
            (r"%SystemDrive%\X", &["c:/x"][..]),
            (r"%ProgramFiles%\X", &["c:/program files/x", "c:/program files (x86)/x"]),
            (r"%Public%\X", &["c:/users/public/x"]),
            (r"%AppData%\X", &["%appdata%/x"]),
            (r"%TEMP%\X", &["%localappdata%/temp/x"]),
            (r"C:\Users\ada\X", &["c:/users/ada/x", "%userprofile%/x"]),
            (
                r"D:\Users\ada\AppData\Local\Temp\X",
                &["c:/users/ada/appdata/local/temp/x", "%userprofile%/appdata/local/temp/x", "%localappdata%/temp/x"],
            ),
            (r"C:\Users\Public\X", &["c:/users/public/x"]),
            ("/home/ada/x", &["/home/ada/x", "~/x"]),
            ("/Users/ada/Library/X/", &["/users/ada/library/x", "~/library/x"]),
            ("/Users/Shared/X", &["/users/shared/x"]),
            ("/private/var/db/X", &["/private/var/db/x", "/var/db/x"]),
            ("/System/Volumes/Data/private/etc/X", &["/system/volumes/data/private/etc/x", "/etc/x"]),
            ("/opt/x", &["/opt/x"]),
        ] {
            assert_eq!(path_values(path), expected, "{path}");
        }
        assert_eq!(normalise_publisher("AO Kaspersky Lab <support@kaspersky.com>"), "ao kaspersky lab");
        assert_eq!(normalise_publisher("\"Wazuh, Inc\""), "wazuh, inc");
        assert_eq!(normalise_publisher("AO \"Kaspersky Lab\""), "ao \"kaspersky lab\"");
    }
}
