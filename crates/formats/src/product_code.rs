//! Product codes of Windows Installer, and the packed form in which it names its keys.
//!
//! In the packed form the braces and dashes are gone, the digits of the first three groups stand in reverse order, and
//! those of the last two are swapped in pairs: `{12345678-9ABC-DEF0-1234-56789ABCDEF0}` is
//! `87654321CBA90FED21436587A9CBED0F`
//! (<https://learn.microsoft.com/windows/win32/msi/productcode>; the packing is how Windows Installer names its keys).

/// The product code of a packed one, in braces and capitals; nothing for what is not 32 hexadecimal digits.
#[must_use]
pub fn unpacked(packed: &str) -> Option<String> {
    let digits: Vec<char> = packed.chars().map(|digit| digit.to_ascii_uppercase()).collect();
    if digits.len() != 32 || !digits.iter().all(char::is_ascii_hexdigit) {
        return None;
    }
    let reversed = |from: usize, to: usize| digits[from..to].iter().rev().collect::<String>();
    let swapped = |from: usize, to: usize| {
        digits[from..to].chunks_exact(2).flat_map(|pair| [pair[1], pair[0]]).collect::<String>()
    };
    Some(format!(
        "{{{}-{}-{}-{}-{}}}",
        reversed(0, 8),
        reversed(8, 12),
        reversed(12, 16),
        swapped(16, 20),
        swapped(20, 32)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_code_is_unpacked() {
        let code = "{12345678-9ABC-DEF0-1234-56789ABCDEF0}";
        assert_eq!(unpacked("87654321CBA90FED21436587A9CBED0F").as_deref(), Some(code));
        assert_eq!(unpacked("87654321cba90fed21436587a9cbed0f").as_deref(), Some(code));
        for no_code in ["", "87654321", "Z7654321CBA90FED21436587A9CBED0F", "éééééééééééééééé"] {
            assert_eq!(unpacked(no_code), None, "{no_code}");
        }
    }
}
