//! Words in Latin letters, so that a name in any script is found by its spelling in another.
//!
//! "Касперский" becomes "kasperskiy" and "安全" becomes "an quan". What is searched for goes the same way. Nothing here
//! guesses: a name is found by the beginnings of its words, not by what resembles it.

/// The words of a title: its name and its publisher.
pub(crate) fn of_title(name: &str, publisher: &str) -> String {
    let mut words = of(name);
    if !publisher.is_empty() {
        words.push(' ');
        words.push_str(&of(publisher));
    }
    words
}

/// A text in lower-case Latin letters; what is written without blanks between words gets one at each sign.
pub(crate) fn of(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            words.push(character.to_ascii_lowercase());
            continue;
        }
        let latin = any_ascii::any_ascii_char(character);
        let is_own_word = is_word_by_itself(character);
        if is_own_word {
            words.push(' ');
        }
        words.extend(latin.chars().map(|letter| letter.to_ascii_lowercase()));
        if is_own_word {
            words.push(' ');
        }
    }
    words
}

/// Signs of Chinese and Japanese, and Korean syllables: nothing separates their words.
fn is_word_by_itself(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The question in the language of SQLite's full-text search: every word has to be there, the last one may go on.
/// Nothing for a text without any letter or digit.
pub(crate) fn question(text: &str) -> Option<String> {
    /// A person types less; each word costs.
    const MOST_WORDS: usize = 16;
    let latin = of(text);
    let words: Vec<&str> = latin
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .collect();
    if words.is_empty() {
        return None;
    }
    Some(words.iter().map(|word| format!("\"{word}\"*")).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_meet_in_latin_letters() {
        for (text, words) in [
            ("Kaspersky Endpoint Security", "kaspersky endpoint security"),
            ("Касперский", "kasperskiy"),
            ("Антивирус Касперского", "antivirus kasperskogo"),
            ("360安全卫士", "360 an  quan  wei  shi "),
            ("Dr.Web", "dr.web"),
            ("Ångström", "angstrom"),
        ] {
            assert_eq!(of(text), words, "{text}");
        }
    }

    #[test]
    fn a_question_is_only_words() {
        for (text, question_of_it) in [
            ("Касперск", Some(r#""kaspersk"*"#)),
            ("dr.web agent", Some(r#""dr"* "web"* "agent"*"#)),
            (r#"" OR * NEAR("#, Some(r#""or"* "near"*"#)),
            ("安全", Some(r#""an"* "quan"*"#)),
            ("  ...  ", None),
            ("", None),
        ] {
            assert_eq!(question(text).as_deref(), question_of_it, "{text}");
        }
    }
}
