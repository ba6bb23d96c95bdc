//! Words: places still to fill in, words that are not neutral, addresses anybody could change on the way.

use interdict_model::Diagnostic;

use super::sheet::Sheet;

/// What a text begins with that stands in for one still to be written; what belongs there follows it.
pub const FILL_IN: &str = "fill in";

const FILL_IN_CODE: &str = "lint/fill-in";

/// Words that a catalogue of facts does not use of a vendor. The instrument's own words go into a statement's `quote`.
const LOADED_WORDS: &[&str] = &[
    "banned",
    "blacklist",
    "blacklisted",
    "dangerous company",
    "evil",
    "hostile",
    "illegal",
    "infamous",
    "malicious company",
    "malicious vendor",
    "notorious",
    "puppet",
    "rogue",
    "shady",
    "shell company",
    "sinister",
    "so-called",
    "spyware maker",
    "untrustworthy",
];

/// Keys whose text is the catalogue's own, as opposed to names, identifiers and quotations.
const OWN_WORDS: &[&str] = &[
    "announced-note",
    "embedded-note",
    "note",
    "reading",
    "role",
    "says",
    "short-title",
    "trigger",
    "until-event",
    "verification-note",
];

/// Looks at every text of a file.
pub(super) fn check(sheet: &mut Sheet<'_>) {
    let mut found: Vec<(String, Diagnostic)> = Vec::new();
    for text in sheet.outline.texts() {
        let mut push = |diagnostic| found.push((text.path.clone(), diagnostic));
        if let Some(wanted) = to_fill_in(text.value) {
            push(fill_in(text.key(), wanted));
            continue;
        }
        // A fingerprint's value is what stands on machines.
        if text.key() != "value" && text.value.contains("http://") {
            let hint = "write the https:// address; where there is none, name the document in words";
            push(
                Diagnostic::error("lint/not-https", format!("\"{}\" holds an address that is not https", text.key()))
                    .hint(hint),
            );
        }
        if OWN_WORDS.contains(&text.key()) {
            loaded_words(text.value).for_each(|(_, word)| push(loaded(word)));
        }
    }
    for (path, diagnostic) in found {
        sheet.complain(&path, diagnostic);
    }
    check_prose(sheet);
}

fn check_prose(sheet: &mut Sheet<'_>) {
    let prose = sheet.outline.prose();
    for (at, _) in prose.match_indices(FILL_IN) {
        // Only where a title or a sentence would begin; anywhere else these are words like any other.
        let lead = prose.get(..at).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
        if lead.trim_start_matches(['#', ' ']).is_empty() {
            let rest = prose.get(at..).unwrap_or_default().lines().next().unwrap_or_default();
            let what = if lead.is_empty() { "the text" } else { "the title" };
            sheet.complain_of_prose(at, fill_in(what, to_fill_in(rest).unwrap_or_default()));
        }
    }
    for (at, word) in loaded_words(prose) {
        sheet.complain_of_prose(at, loaded(word));
    }
}

/// What belongs where a text is still to be filled in.
fn to_fill_in(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(FILL_IN)?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix(':').map(str::trim) }
}

fn fill_in(what: &str, wanted: &str) -> Diagnostic {
    let what = if what.contains(' ') { what.to_owned() } else { format!("\"{what}\"") };
    let diagnostic = Diagnostic::error(FILL_IN_CODE, format!("{what} is still to be filled in"));
    if wanted.is_empty() { diagnostic } else { diagnostic.hint(wanted) }
}

/// Whether a complaint is about a place still to be filled in.
pub(super) fn is_mark(diagnostic: &Diagnostic) -> bool {
    diagnostic.code == FILL_IN_CODE
}

/// Of what the parser says about a place to fill in, only the words to choose from are of use.
pub(super) fn take_advice(mark: &mut Diagnostic, found: &Diagnostic) {
    let names_words = found.code == "catalogue/unknown-word";
    if let Some(words) = found.hint.as_ref().filter(|hint| names_words && hint.starts_with("one of")) {
        mark.hint = Some(match mark.hint.take() {
            Some(wanted) if !wanted.contains("one of") => format!("{wanted}; {words}"),
            _ => words.clone(),
        });
    }
}

fn loaded(word: &str) -> Diagnostic {
    let hint = "use the instrument's own words; what somebody said belongs into a statement's quote";
    Diagnostic::warning("lint/loaded-word", format!("\"{word}\" is not a neutral word")).hint(hint)
}

/// Loaded words with their positions, as whole words.
fn loaded_words(text: &str) -> impl Iterator<Item = (usize, &'static str)> {
    let lower = text.to_ascii_lowercase();
    let found: Vec<(usize, &'static str)> = LOADED_WORDS
        .iter()
        .flat_map(|word| {
            let places = lower.match_indices(word).map(|(at, _)| at);
            places.filter(|at| is_whole(&lower, *at, word.len())).map(|at| (at, *word)).collect::<Vec<_>>()
        })
        .collect();
    found.into_iter()
}

/// Whether no letter touches the piece of text.
fn is_whole(text: &str, at: usize, length: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    let after = text.get(at + length..).and_then(|after| after.chars().next());
    ![before, after].into_iter().flatten().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loaded_words_are_whole_words() {
        let words = |text| loaded_words(text).map(|(_, word)| word).collect::<Vec<_>>();
        assert_eq!(words("A notorious maker."), ["notorious"]);
        assert_eq!(words("Banned? The ban, the Regimes, unbanned."), ["banned"]);
        assert_eq!(words("Ünotorious, notoriousü"), Vec::<&str>::new());
    }

    #[test]
    fn a_place_to_fill_in_says_what_belongs_there() {
        for (text, wanted) in [
            ("fill in", Some("")),
            ("fill in: the issuer's id", Some("the issuer's id")),
            ("fill in the gaps", None),
            ("Fill in: x", None),
        ] {
            assert_eq!(to_fill_in(text), wanted, "{text}");
        }
    }
}
