//! `.reg` texts: what the registry editor exports and reads.
//!
//! Version 5 (`Windows Registry Editor Version 5.00`) and the older `REGEDIT4`, in UTF-16 with a mark or in UTF-8. Lines
//! that delete keys or values are passed over, with a diagnostic: a text that deletes is no inventory.

use interdict_model::{Diagnostic, Location};

use crate::registry::{RegistryData, RegistryValue};

/// The diagnostic codes of this module.
pub(crate) mod code {
    /// A line that could not be used.
    pub(crate) const UNREAD: &str = "formats/registry-file";
}

/// How many keys are read.
const MOST_KEYS: usize = 1_000_000;

/// A key of a `.reg` text with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryFileKey {
    /// Its path as written, such as `HKEY_LOCAL_MACHINE\SOFTWARE`.
    pub path: String,
    /// Its values, in the order written.
    pub values: Vec<RegistryValue>,
}

/// The keys of a `.reg` text, in the order written.
#[must_use]
pub fn parse_registry_file(bytes: &[u8]) -> (Vec<RegistryFileKey>, Vec<Diagnostic>) {
    let text = decoded(bytes);
    let mut keys: Vec<RegistryFileKey> = Vec::new();
    let mut diagnostics = Vec::new();
    let mut complain = |line: usize, what: &str| {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        diagnostics.push(Diagnostic::warning(code::UNREAD, what).at(Location::line(String::new(), line)));
    };
    let mut lines = text.lines().enumerate();
    match lines.next().map(|(_, line)| line.trim()) {
        Some("Windows Registry Editor Version 5.00" | "REGEDIT4") => {}
        _ => complain(1, "the first line does not say that this is a registry export"),
    }
    while let Some((number, line)) = lines.next() {
        let line = line.trim();
        if line.is_empty() || line.starts_with(';') {
            continue;
        }
        if let Some(path) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            if path.starts_with('-') {
                complain(number + 1, "a line that deletes a key is passed over");
            } else if keys.len() == MOST_KEYS {
                complain(number + 1, "more keys than are read");
                break;
            } else {
                keys.push(RegistryFileKey { path: path.to_owned(), values: Vec::new() });
            }
            continue;
        }
        // Long binary values go on in the next lines, each but the last ended by a backslash.
        let mut whole = line.to_owned();
        while whole.ends_with('\\') && !whole.ends_with("\"\\") {
            whole.pop();
            let Some((_, next)) = lines.next() else { break };
            whole.push_str(next.trim());
        }
        match (parse_value(&whole), keys.last_mut()) {
            (Some(value), Some(key)) => key.values.push(value),
            (Some(_), None) => complain(number + 1, "a value before the first key"),
            (None, _) => complain(number + 1, "not a value of a registry export"),
        }
    }
    (keys, diagnostics)
}

fn decoded(bytes: &[u8]) -> String {
    match bytes {
        [0xff, 0xfe, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// `"name"=data` or `@=data`.
fn parse_value(line: &str) -> Option<RegistryValue> {
    let (name, rest) = match line.strip_prefix('@') {
        Some(rest) => (String::new(), rest),
        None => quoted(line)?,
    };
    let data = rest.trim_start().strip_prefix('=')?.trim();
    Some(RegistryValue { name, data: parse_data(data)? })
}

fn parse_data(data: &str) -> Option<RegistryData> {
    if data.starts_with('"') {
        let (text, rest) = quoted(data)?;
        return rest.trim().is_empty().then_some(RegistryData::Text(text));
    }
    if let Some(digits) = data.strip_prefix("dword:") {
        return u32::from_str_radix(digits.trim(), 16).ok().map(|number| RegistryData::Number(number.into()));
    }
    let rest = data.strip_prefix("hex")?;
    let (kind, bytes) = match rest.strip_prefix('(') {
        Some(rest) => {
            let (kind, bytes) = rest.split_once("):")?;
            (u32::from_str_radix(kind, 16).ok()?, bytes)
        }
        None => (3, rest.strip_prefix(':')?),
    };
    let bytes: Option<Vec<u8>> = bytes
        .split(',')
        .map(str::trim)
        .filter(|byte| !byte.is_empty())
        .map(|byte| u8::from_str_radix(byte, 16).ok())
        .collect();
    Some(RegistryData::decode(kind, &bytes?))
}

/// A text in quotes, with `\\` and `\"` undone, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut value = String::new();
    let mut characters = inner.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, &inner[at + 1..])),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Windows Registry Editor Version 5.00\r\n\r\n; a comment\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\X]\r\n\
        @=\"default\"\r\n\"Path\"=\"C:\\\\X\\\\\\\"y\\\"\"\r\n\"N\"=dword:0000000a\r\n\"M\"=hex(7):61,00,00,00,\\\r\n  62,00,00,00,00,00\r\n\
        \"E\"=hex(2):25,00,41,00,25,00,00,00\r\n\"B\"=hex:01,02\r\n[-HKEY_LOCAL_MACHINE\\GONE]\r\nnonsense\r\n";

    #[test]
    fn every_kind_of_line_is_read() {
        let (keys, diagnostics) = parse_registry_file(TEXT.as_bytes());
        let values: Vec<_> = keys[0].values.iter().map(|value| (value.name.as_str(), value.data.clone())).collect();
        assert_eq!(keys.len(), 1);
        assert_eq!(
            values,
            [
                ("", RegistryData::Text("default".to_owned())),
                ("Path", RegistryData::Text("C:\\X\\\"y\"".to_owned())),
                ("N", RegistryData::Number(10)),
                ("M", RegistryData::Texts(vec!["a".to_owned(), "b".to_owned()])),
                ("E", RegistryData::Text("%A%".to_owned())),
                ("B", RegistryData::Binary { kind: 3, bytes: vec![1, 2] }),
            ]
        );
        assert_eq!(diagnostics.len(), 2, "{diagnostics:?}");
    }

    #[test]
    fn the_editors_own_encoding_is_read_too() {
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend(TEXT.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(parse_registry_file(&bytes), parse_registry_file(TEXT.as_bytes()));
    }

    #[test]
    fn what_is_no_export_is_said() {
        for bytes in [&b""[..], b"\xff\xfe\x01", b"\"a\"=\"b", b"Windows Registry Editor Version 5.00\n\"a\"=\"b\"\n"] {
            let (keys, diagnostics) = parse_registry_file(bytes);
            assert!(keys.is_empty() && !diagnostics.is_empty(), "{bytes:?}");
        }
    }
}
