//! Values of a Windows registry, whichever way they were read: from the running system, a hive file or a `.reg` text.
//!
//! How a hive file is laid out is not known here.

/// A value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryValue {
    /// Its name; empty for a key's default value.
    pub name: String,
    /// What it holds.
    pub data: RegistryData,
}

/// What a value holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistryData {
    /// `REG_SZ`, and `REG_EXPAND_SZ` with its placeholders as written.
    Text(String),
    /// `REG_MULTI_SZ`.
    Texts(Vec<String>),
    /// `REG_DWORD`, `REG_DWORD_BIG_ENDIAN` or `REG_QWORD`.
    Number(u64),
    /// Anything else: the type and the bytes.
    Binary {
        /// The number of the type.
        kind: u32,
        /// The bytes.
        bytes: Vec<u8>,
    },
}

impl RegistryData {
    /// What a value of this type and these bytes holds
    /// (<https://learn.microsoft.com/windows/win32/sysinfo/registry-value-types>). Bytes that do not fit their type are
    /// kept as they are.
    #[must_use]
    pub fn decode(kind: u32, bytes: &[u8]) -> Self {
        let binary = || Self::Binary { kind, bytes: bytes.to_vec() };
        match kind {
            1 | 2 => Self::Text(text_of(bytes)),
            7 => Self::Texts(texts_of(bytes)),
            4 => <[u8; 4]>::try_from(bytes)
                .map_or_else(|_| binary(), |bytes| Self::Number(u32::from_le_bytes(bytes).into())),
            5 => <[u8; 4]>::try_from(bytes)
                .map_or_else(|_| binary(), |bytes| Self::Number(u32::from_be_bytes(bytes).into())),
            11 => <[u8; 8]>::try_from(bytes).map_or_else(|_| binary(), |bytes| Self::Number(u64::from_le_bytes(bytes))),
            _ => binary(),
        }
    }

    /// The text, trimmed; nothing for an empty one or another type. Of several the first: some installers write one text as
    /// a list.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            Self::Texts(texts) => texts.iter().map(|text| text.trim()).find(|text| !text.is_empty()),
            Self::Number(_) | Self::Binary { .. } => None,
        }
    }

    /// The number; some installers write theirs as text.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Texts(_) | Self::Binary { .. } => None,
        }
    }
}

/// Whether two names of keys or values are the same: case does not matter.
#[must_use]
pub fn same_name(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right) || (!left.is_ascii() && left.to_lowercase() == right.to_lowercase())
}

/// UTF-16 up to the first NUL; an odd last byte is left out, lone surrogates become replacement characters.
fn text_of(bytes: &[u8]) -> String {
    let units: Vec<u16> = units(bytes).take_while(|unit| *unit != 0).collect();
    String::from_utf16_lossy(&units)
}

/// UTF-16 texts, each ended by a NUL.
fn texts_of(bytes: &[u8]) -> Vec<String> {
    let units: Vec<u16> = units(bytes).collect();
    units.split(|unit| *unit == 0).filter(|text| !text.is_empty()).map(String::from_utf16_lossy).collect()
}

fn units(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn values_are_decoded_by_their_type() {
        let table = [
            (1, wide("Лаборатория\0rest"), RegistryData::Text("Лаборатория".to_owned())),
            (2, wide("%ProgramFiles%\\x"), RegistryData::Text("%ProgramFiles%\\x".to_owned())),
            (7, wide("a\0b\0\0"), RegistryData::Texts(vec!["a".to_owned(), "b".to_owned()])),
            (4, vec![2, 1, 0, 0], RegistryData::Number(258)),
            (5, vec![0, 0, 1, 2], RegistryData::Number(258)),
            (11, vec![1, 0, 0, 0, 0, 0, 0, 128], RegistryData::Number((1 << 63) + 1)),
            (4, vec![1], RegistryData::Binary { kind: 4, bytes: vec![1] }),
            (3, vec![1, 2], RegistryData::Binary { kind: 3, bytes: vec![1, 2] }),
            (1, vec![65, 0, 66], RegistryData::Text("A".to_owned())),
        ];
        for (kind, bytes, expected) in table {
            assert_eq!(RegistryData::decode(kind, &bytes), expected, "{kind} {bytes:?}");
        }
        assert_eq!(RegistryData::Text(" 7 ".to_owned()).number(), Some(7));
        assert_eq!(RegistryData::Text(" ".to_owned()).text(), None);
        assert_eq!(RegistryData::Texts(vec![" ".to_owned(), "a ".to_owned()]).text(), Some("a"));
    }
}
