//! What macOS keeps of its software: bundles, receipts, launchd jobs, extensions, profiles, keychains, and what its own programs
//! print.
//!
//! Nearly all of it is property lists, which [`property_list`](crate::property_list) reads within bounds. Each module
//! takes the bytes of one kind of file and answers with what stands in it; a field that is missing or of another kind
//! than it should be is absent, since vendors write these files by hand.

pub mod bill_of_materials;
pub mod bundle;
pub mod configuration_profile;
pub mod extension;
pub mod keychain;
pub mod launchd;
pub mod receipt;
pub mod system;

/// How many letters the identifier of an Apple developer team has.
const TEAM_LETTERS: usize = 10;

/// Whether a text has the form of the identifier of an Apple developer team: ten capital letters and digits.
#[must_use]
pub fn is_team_identifier(text: &str) -> bool {
    text.len() == TEAM_LETTERS && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// The path that a `file://` address names, with `%20` and the like resolved; nothing for any other address.
pub(crate) fn path_of_address(address: &str) -> Option<String> {
    let rest = address.strip_prefix("file://")?;
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    let mut bytes = Vec::with_capacity(path.len());
    let mut left = path.as_bytes();
    while let Some((first, rest)) = left.split_first() {
        let escaped = (*first == b'%').then(|| rest.get(..2)).flatten();
        let value = escaped.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(value.unwrap_or(*first));
        left = rest.get(if value.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    let path = String::from_utf8_lossy(&bytes);
    let path = path.trim_end_matches('/');
    path.starts_with('/').then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_files_are_paths() {
        for (address, expected) in [
            (
                "file:///Library/SystemExtensions/A/b.systemextension/",
                Some("/Library/SystemExtensions/A/b.systemextension"),
            ),
            ("file:///Applications/Two%20words.app/", Some("/Applications/Two words.app")),
            ("file://localhost/a%C3%BC%zz%4", Some("/aü%zz%4")),
            ("https://example.com/a", None),
            ("file://", None),
        ] {
            assert_eq!(path_of_address(address).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn teams_are_told_from_other_texts() {
        assert!(is_team_identifier("2Y8XE5CQ94"));
        for text in ["2y8xe5cq94", "2Y8XE5CQ9", "com.apple.a", ""] {
            assert!(!is_team_identifier(text), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_address_makes_it_panic(rest: String) {
            let _ = path_of_address(&format!("file://{rest}"));
        }
    }
}
