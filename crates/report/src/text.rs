//! Words and characters: plurals, lists, instants, anchors, and what makes foreign text harmless.

use std::fmt::Write as _;

use interdict_model::{Day, Precision};

/// The text with every character made visible that would act rather than show: control characters, marks that turn the
/// direction of writing, and characters without a shape. Escaping for HTML is maud's work and goes before.
///
/// ZERO WIDTH JOINER and NON-JOINER are kept after letters that are not ASCII, where Persian, Indic scripts and emoji
/// need them.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut previous = 'a';
    for character in text.chars() {
        match character {
            '\u{0}'..='\u{1f}' => shown.push(char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{2426}')),
            '\u{7f}' => shown.push('\u{2421}'),
            '\u{200c}' | '\u{200d}' if !previous.is_ascii() => shown.push(character),
            _ if acts(character) => {
                let _ = write!(shown, "\u{27e8}U+{:04X}\u{27e9}", u32::from(character));
            }
            _ => shown.push(character),
        }
        previous = character;
    }
    shown
}

/// Whether a character acts on others or has no shape: Unicode's `Cc`, `Cf`, `Zl`, `Zp`, noncharacters and blank letters.
fn acts(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{600}'..='\u{605}'
        | '\u{61c}'
        | '\u{6dd}'
        | '\u{70f}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{fdd0}'..='\u{fdef}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
        || u32::from(character) & 0xfffe == 0xfffe
}

/// An anchor: ASCII letters and digits in lower case, everything else one hyphen.
pub(crate) fn slug(id: &str) -> String {
    let words: Vec<&str> = id.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-").to_ascii_lowercase()
}

/// A count with its thousands apart: `128,340`.
pub(crate) fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let groups: Vec<String> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| group.iter().map(|digit| char::from(*digit)).collect())
        .collect();
    groups.join(",")
}

/// `1 machine`, `2 machines`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

/// The first of many, and how many more there are: `a, b and 3 more`.
pub(crate) fn first_listed(words: &[String], most: usize) -> String {
    some_listed(words.get(..most).unwrap_or(words), words.len())
}

/// Some of many, and how many more there are.
pub(crate) fn some_listed(some: &[String], all: usize) -> String {
    let mut some = some.to_vec();
    if let more @ 1.. = all.saturating_sub(some.len()) {
        some.push(format!("{} more", grouped(more)));
    }
    listed(&some)
}

/// The first letter as a capital.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The day of an RFC 3339 instant.
pub(crate) fn day_of(instant: &str) -> Option<Day> {
    instant.get(..10).and_then(|day| day.parse().ok())
}

/// An RFC 3339 instant as a person reads it: `22 Nov 2026, 18:46 UTC`; anything else as it is.
pub(crate) fn instant(instant: &str) -> String {
    let clock = instant.get(11..16).filter(|clock| clock.bytes().all(|byte| byte.is_ascii_digit() || byte == b':'));
    match (day_of(instant), clock, instant.ends_with('Z')) {
        (Some(day), Some(clock), true) => format!("{}, {clock} UTC", day.for_reading()),
        _ => instant.to_owned(),
    }
}

/// A day as exactly as it is known: `20 Jul 2024`, `some day in Dec 2022`, `some day in 2025`.
pub(crate) fn approximate(day: Day, precision: Precision) -> String {
    let reading = day.for_reading();
    match precision {
        Precision::Day => reading,
        Precision::Month => format!("some day in {}", reading.split_once(' ').map_or("", |(_, rest)| rest)),
        Precision::Year => format!("some day in {}", reading.rsplit(' ').next().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_act_become_visible_and_letters_stay() {
        let cases = [
            ("exe\u{202e}txt.cod", "exe⟨U+202E⟩txt.cod"),
            ("a\u{2066}b\u{2069}", "a⟨U+2066⟩b⟨U+2069⟩"),
            ("a\0b\u{1b}[31m\n\u{7f}", "a␀b␛[31m␊␡"),
            ("ka\u{200b}sper\u{200d}sky\u{feff}", "ka⟨U+200B⟩sper⟨U+200D⟩sky⟨U+FEFF⟩"),
            ("\u{85}\u{2028}\u{e0041}\u{fffe}\u{10ffff}", "⟨U+0085⟩⟨U+2028⟩⟨U+E0041⟩⟨U+FFFE⟩⟨U+10FFFF⟩"),
            ("Лаборатория Касперского 卡巴斯基 ﾃｽﾄ é", "Лаборатория Касперского 卡巴斯基 ﾃｽﾄ é"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ];
        for (text, shown) in cases {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn words_and_times_read_as_a_person_writes_them() {
        assert_eq!(slug("kaspersky.kes-linux:live"), "kaspersky-kes-linux-live");
        assert_eq!(slug("\"onload=x <b>"), "onload-x-b");
        assert_eq!(["0", "999", "1,000", "128,340", "1,000,000"], [0, 999, 1000, 128_340, 1_000_000].map(grouped));
        assert_eq!(counted(1, "machine", "machines"), "1 machine");
        assert_eq!(listed(&["a".to_owned(), "b".to_owned(), "c".to_owned()]), "a, b and c");
        assert_eq!(instant("2026-11-22T18:46:46.123Z"), "22 Nov 2026, 18:46 UTC");
        assert_eq!(instant("2026-11-22T18:46:46+02:00"), "2026-11-22T18:46:46+02:00");
        assert_eq!(instant("yesterday"), "yesterday");
        assert_eq!(instant("2026-11-22Zé:é"), "2026-11-22Zé:é");
    }
}
