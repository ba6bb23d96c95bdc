//! What a Windows program says of itself: the version resource (`VS_VERSIONINFO`).
//!
//! Every language is read; English is preferred, then neutral, then the first, and what that leaves out is taken from the
//! others. Nothing of it is vouched for by anybody: a program says of itself what it likes. Source: Microsoft's
//! description of `VS_VERSIONINFO`, `StringFileInfo` and `VS_FIXEDFILEINFO`.

use crate::ranges::{u16_le, u32_le};

/// How many languages are read.
const MOST_LANGUAGES: usize = 64;
/// How many strings of a language are read; there are about a dozen.
const MOST_STRINGS: usize = 128;
/// How many letters of a string are kept.
const MOST_LETTERS: usize = 512;

/// The strings of a version resource; what is empty or missing is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionStrings {
    /// `CompanyName`.
    pub company: Option<String>,
    /// `ProductName`.
    pub product: Option<String>,
    /// `FileDescription`.
    pub description: Option<String>,
    /// `FileVersion`, else the version in numbers.
    pub file_version: Option<String>,
    /// `ProductVersion`, else the version in numbers.
    pub product_version: Option<String>,
    /// `OriginalFilename`.
    pub original_file_name: Option<String>,
    /// `InternalName`.
    pub internal_name: Option<String>,
}

impl VersionStrings {
    /// Fills what is absent from another language.
    fn fill_from(&mut self, strings: &[(String, String)]) {
        for (key, value) in strings {
            let field = match key.to_ascii_lowercase().as_str() {
                "companyname" => &mut self.company,
                "productname" => &mut self.product,
                "filedescription" => &mut self.description,
                "fileversion" => &mut self.file_version,
                "productversion" => &mut self.product_version,
                "originalfilename" => &mut self.original_file_name,
                "internalname" => &mut self.internal_name,
                _ => continue,
            };
            field.get_or_insert_with(|| value.clone());
        }
    }
}

/// The strings of some version resources of one file, best language first. Nothing where none of them is one.
#[must_use]
pub fn parse_version_resources(resources: &[Vec<u8>]) -> Option<VersionStrings> {
    let mut languages: Vec<(u8, Vec<(String, String)>)> = Vec::new();
    let mut fixed = None;
    let mut found = false;
    for bytes in resources {
        let Some(root) = Node::at(bytes, 0).filter(|root| root.key == "VS_VERSION_INFO") else { continue };
        found = true;
        fixed = fixed.or_else(|| fixed_versions(bytes, &root));
        for part in root.children(bytes).filter(|part| part.key == "StringFileInfo") {
            let room = MOST_LANGUAGES.saturating_sub(languages.len());
            for table in part.children(bytes).take(room) {
                let strings =
                    table.children(bytes).take(MOST_STRINGS).filter_map(|string| string.text(bytes)).collect();
                languages.push((rank(&table.key), strings));
            }
        }
    }
    languages.sort_by_key(|(rank, _)| *rank);
    let mut strings = VersionStrings::default();
    for (_, language) in &languages {
        strings.fill_from(language);
    }
    if let Some((file, product)) = fixed {
        strings.file_version = strings.file_version.or(Some(file));
        strings.product_version = strings.product_version.or(Some(product));
    }
    found.then_some(strings)
}

/// Which language is preferred, by the key of its table: language and code page in hexadecimal digits.
fn rank(key: &str) -> u8 {
    match key.get(..4).and_then(|language| u16::from_str_radix(language, 16).ok()) {
        Some(0x0409) => 0,
        Some(language) if language & 0x3ff == 9 => 1,
        Some(0) => 2,
        _ => 3,
    }
}

/// The file's and the product's version in numbers, as `VS_FIXEDFILEINFO` has them; nothing for all zeros.
fn fixed_versions(bytes: &[u8], root: &Node) -> Option<(String, String)> {
    const SIGNATURE: u32 = 0xfeef_04bd;
    let value = bytes.get(root.value..root.end)?;
    let version = |at: usize| {
        let (high, low) = (u32_le(value, at)?, u32_le(value, at + 4)?);
        Some(format!("{}.{}.{}.{}", high >> 16, high & 0xffff, low >> 16, low & 0xffff))
    };
    (u32_le(value, 0)? == SIGNATURE).then_some(())?;
    version(8).zip(version(16)).filter(|(file, product)| file != "0.0.0.0" || product != "0.0.0.0")
}

/// A node of the tree a version resource is.
struct Node {
    key: String,
    /// Where its value begins.
    value: usize,
    /// Where what follows its value begins.
    after: usize,
    end: usize,
}

impl Node {
    const HEAD: usize = 6;

    fn at(bytes: &[u8], at: usize) -> Option<Self> {
        let length = usize::from(u16_le(bytes, at)?);
        let value_length = usize::from(u16_le(bytes, at + 2)?);
        let is_text = u16_le(bytes, at + 4)? == 1;
        let end = at.checked_add(length)?.min(bytes.len());
        let (key, key_end) = utf16(bytes.get(..end)?, at + Self::HEAD);
        let value = key_end.next_multiple_of(4).min(end);
        // A text's length counts letters, and some compilers count bytes; the children of a text are never asked for.
        let after = if is_text { value } else { value.saturating_add(value_length).next_multiple_of(4) };
        (length >= Self::HEAD).then_some(Self { key, value, after, end })
    }

    fn children<'b>(&self, bytes: &'b [u8]) -> impl Iterator<Item = Self> + use<'b> {
        let (mut at, end) = (self.after, self.end);
        std::iter::from_fn(move || {
            let node = Self::at(bytes.get(..end)?, at)?;
            at = node.end.next_multiple_of(4);
            Some(node)
        })
    }

    /// Its key and value, where the value is a text that says something.
    fn text(&self, bytes: &[u8]) -> Option<(String, String)> {
        let (text, _) = utf16(bytes.get(..self.end)?, self.value);
        let shown = text.chars().filter(|letter| !letter.is_control()).take(MOST_LETTERS).collect::<String>();
        let value = shown.trim();
        (!value.is_empty()).then(|| (self.key.clone(), value.to_owned()))
    }
}

/// A text in UTF-16 up to its zero, and where what follows begins.
fn utf16(bytes: &[u8], at: usize) -> (String, usize) {
    let units: Vec<u16> = bytes
        .get(at..)
        .unwrap_or_default()
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .take_while(|unit| *unit != 0)
        .collect();
    (String::from_utf16_lossy(&units), at + 2 * units.len() + 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::executable_encoder::version_resource;

    const FIXED: [u16; 4] = [21, 15, 8, 493];

    #[test]
    fn english_is_preferred_and_the_others_fill_what_it_leaves_out() {
        let russian: (&str, &[(&str, &str)]) =
            ("041904B0", &[("CompanyName", "АО «Испытание»"), ("ProductName", "Щит")]);
        let british: (&str, &[(&str, &str)]) = ("080904B0", &[("CompanyName", "Test plc"), ("InternalName", "GUARD")]);
        let english: (&str, &[(&str, &str)]) = (
            "040904b0",
            &[("CompanyName", "Test Company"), ("FileVersion", "21, 15, 8, 493\0junk"), ("ProductName", "  ")],
        );
        let neutral: (&str, &[(&str, &str)]) = ("000004b0", &[("CompanyName", "Neutral"), ("FileDescription", "d\n")]);
        let all = version_resource(FIXED, &[russian, neutral, british, english]);
        let strings = parse_version_resources(&[all]).expect("a version resource");
        assert_eq!(strings.company.as_deref(), Some("Test Company"));
        assert_eq!(strings.internal_name.as_deref(), Some("GUARD"));
        assert_eq!(strings.description.as_deref(), Some("d"));
        assert_eq!(strings.product.as_deref(), Some("Щит"));
        assert_eq!(strings.file_version.as_deref(), Some("21, 15, 8, 493"));
        assert_eq!(strings.product_version.as_deref(), Some("21.15.8.493"));
        // The same in a resource for each language.
        let apart = [russian, english].map(|language| version_resource(FIXED, &[language]));
        assert_eq!(parse_version_resources(&apart).expect("resources").company.as_deref(), Some("Test Company"));
    }

    #[test]
    fn a_resource_without_strings_has_its_numbers() {
        let strings = parse_version_resources(&[version_resource(FIXED, &[])]).expect("a version resource");
        assert_eq!((strings.company, strings.file_version.as_deref()), (None, Some("21.15.8.493")));
        let nothing = parse_version_resources(&[version_resource([0; 4], &[])]);
        assert_eq!(nothing, Some(VersionStrings::default()));
        assert_eq!(parse_version_resources(&[b"MANIFEST".to_vec(), Vec::new()]), None);
    }

    proptest! {
        #[test]
        fn wrong_bytes_do_not_make_it_panic(
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
            length in any::<prop::sample::Index>(),
        ) {
            let language: (&str, &[(&str, &str)]) = ("040904b0", &[("CompanyName", "Test"), ("ProductName", "Щит")]);
            let mut bytes = version_resource(FIXED, &[language, language]);
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let cut = bytes[..length.index(bytes.len())].to_vec();
            let _ = parse_version_resources(&[bytes, cut]);
        }
    }
}
