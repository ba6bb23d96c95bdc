//! What an instrument's entry must have for a reader: a short title, sentences, a citation, days in their order.

use interdict_model::{Diagnostic, Restriction, Standing};

use super::sheet::Sheet;

/// A short title must fit a lane of the timeline.
const SHORT_TITLE_LETTERS: usize = 28;

/// Looks at one entry as a whole.
pub(super) fn check(sheet: &mut Sheet<'_>, entry: &Restriction) {
    check_words(sheet, entry);
    check_days(sheet, entry);
}

fn check_words(sheet: &mut Sheet<'_>, entry: &Restriction) {
    let letters = entry.short_title.chars().count();
    if letters > SHORT_TITLE_LETTERS {
        let message =
            format!("short-title has {letters} letters, {SHORT_TITLE_LETTERS} at most fit: \"{}\"", entry.short_title);
        let hint = "shorten it, or give a short-title where there is none and the title is taken";
        sheet.complain("short-title", Diagnostic::error("lint/short-title", message).hint(hint));
    }
    if entry.text.is_empty() {
        let diagnostic = Diagnostic::error("lint/no-text", "no sentences follow the title")
            .hint("write two or three plain sentences: what it does, whom it binds, what it leaves alone");
        sheet.complain_of_prose(0, diagnostic);
    }
    if entry.citations.is_empty() {
        let diagnostic = Diagnostic::warning("lint/no-citation", "the instrument is not cited")
            .hint("give citations = [\"...\"]: gazette, docket or case number");
        sheet.complain("citations", diagnostic);
    }
}

fn check_days(sheet: &mut Sheet<'_>, entry: &Restriction) {
    let public = entry.announced.possible_from(entry.announced_precision);
    if let Some(published) = entry.published.filter(|published| *published < public) {
        let message = format!("published on {published}, before it was announced on {}", entry.announced);
        let hint = "announced is the first day it was public: take the earlier one";
        sheet.complain("published", Diagnostic::error("lint/published-before-announced", message).hint(hint));
    }
    for (at, effect) in entry.effects.iter().enumerate() {
        if let Some(announced) = effect.announced.filter(|announced| *announced < public) {
            let message = format!("effect {} was announced on {announced}, before the instrument", at + 1);
            let hint = format!("an effect is announced on {} or later", entry.announced);
            let path = format!("effect.{at}.announced");
            sheet.complain(&path, Diagnostic::error("lint/announced-before-instrument", message).hint(hint));
        }
    }
    // A proposal may have been public, or a text in force, before this entry's instrument was.
    if let Some(first) =
        entry.standing.first().filter(|first| first.from > entry.announced && first.is == Standing::InForce)
        && entry.effects.iter().any(|effect| effect.from < first.from)
    {
        let message = format!("an effect counts from before {}, when the first standing begins", first.from);
        let hint = "let the first standing begin with the first effect, or with the announcement";
        sheet.complain("standing.0.from", Diagnostic::warning("lint/standing-begins-late", message).hint(hint));
    }
}
