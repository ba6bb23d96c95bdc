//! Text of others made safe to show: nothing in it moves the cursor, changes a colour or turns the reading order.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with control characters, and characters that turn or hide text, written as `\u{...}`.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if is_unsafe(letter) {
            // Writing to a string does not fail.
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(letter));
        } else {
            safe.push(letter);
        }
    }
    Cow::Owned(safe)
}

/// Control characters, separators of lines, and the invisible characters that turn or hide what stands around them.
fn is_unsafe(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_turns_or_hides_is_spelt_out() {
        for (text, shown) in [
            ("Kaspersky", "Kaspersky"),
            ("Лаборатория Касперского", "Лаборатория Касперского"),
            ("卡巴斯基 €", "卡巴斯基 €"),
            ("\u{1b}[2Jgone", "\\u{1b}[2Jgone"),
            ("a\r\nb\tc", "a\\u{d}\\u{a}b\\u{9}c"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("ab\u{202e}cd", "ab\\u{202e}cd"),
        ] {
            assert_eq!(clean(text), shown);
        }
    }
}
