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
    let mut folded = String::with_capacity(text.len());
    let letters = text.nfkc().flat_map(char::to_lowercase).filter(|letter| !is_invisible(*letter));
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
    // Lower case may decompose (U+0130); composing once more makes the form stable.
    Cow::Owned(folded.nfc().collect())
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

/// Letters nobody sees and some exporters add: zero-width ones, soft hyphen, byte-order mark, trade marks' fold remains.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
        || letter.is_control() && !letter.is_whitespace()
}

/// A path in one form: lower case, forward slashes, every drive as `c:`, no slash at the end.
pub(crate) fn normalise_path(path: &str) -> String {
    let mut folded = normalise(path).replace('\\', "/");
    if folded.as_bytes().get(1) == Some(&b':') && folded.as_bytes().first().is_some_and(u8::is_ascii_lowercase) {
        folded.replace_range(0..1, "c");
    }
    while folded.len() > 1 && folded.ends_with('/') {
        folded.pop();
    }
    folded
}

/// A registry key in one form: short hive names, no `WOW6432Node` difference.
pub(crate) fn normalise_registry_key(key: &str) -> String {
    let folded = normalise(key).replace('/', "\\");
    let folded = folded.replace("hkey_local_machine", "hklm").replace("hkey_current_user", "hkcu");
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
    fn one_form_for_all_spellings() {
        for (text, expected) in [
            ("Kaspersky  Endpoint\tSecurity ", "kaspersky endpoint security"),
            ("kaspersky", "kaspersky"),
            ("ＫＡＳＰＥＲＳＫＹ", "kaspersky"),
            ("АНТИВИРУС Касперского", "антивирус касперского"),
            ("Kaspersky\u{00a0}Lab\u{200b}", "kaspersky lab"),
            ("Лаборатория\u{0438}\u{0306}", "лабораторияй"),
            ("", ""),
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
        assert_eq!(normalise_publisher("AO Kaspersky Lab <support@kaspersky.com>"), "ao kaspersky lab");
        assert_eq!(normalise_publisher("\"Wazuh, Inc\""), "wazuh, inc");
        assert_eq!(normalise_publisher("AO \"Kaspersky Lab\""), "ao \"kaspersky lab\"");
    }
}
