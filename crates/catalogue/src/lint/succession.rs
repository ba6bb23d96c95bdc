//! What replaces what, and entries that were a mistake.

use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Day, Diagnostic, Restriction, RestrictionId, Standing, Vendor};

use super::sheet::Sheet;

/// Every restriction there is.
type Known = BTreeMap<RestrictionId, Restriction>;

/// A withdrawn entry says why it was a mistake; nothing else of it is looked at.
pub(super) fn check_withdrawn(sheet: &mut Sheet<'_>, entry: &Restriction) {
    let Some(withdrawn) = entry.withdrawn else { return };
    if entry.verification_note.is_none() {
        let message = format!("withdrawn on {withdrawn}, and nothing says why");
        let hint = "say in verification-note what the mistake was and which entry is right";
        sheet.complain("withdrawn", Diagnostic::error("lint/withdrawn", message).hint(hint));
    }
}

/// Looks at what an entry says of its successor.
pub(super) fn check(sheet: &mut Sheet<'_>, entry: &Restriction, known: &Known) {
    let over = entry.standing.iter().enumerate().find(|(_, span)| span.is == Standing::Superseded);
    let Some(successor) = &entry.superseded_by else {
        if let Some((at, _)) = over {
            let diagnostic = Diagnostic::warning("lint/superseded", "superseded, and nothing says by what")
                .hint("name the entry: superseded-by = \"...\"; where there is none, say in the note what replaced it");
            if entry.standing.get(at).is_some_and(|span| span.note.is_none()) {
                sheet.complain(&format!("standing.{at}"), diagnostic);
            }
        }
        return;
    };
    if *successor == entry.id {
        let diagnostic = Diagnostic::error("lint/superseded", "the entry is said to be superseded by itself");
        sheet.complain("superseded-by", diagnostic.hint("name the entry that replaced it"));
        return;
    }
    let ended = [Standing::Superseded, Standing::Ended];
    let Some((at, end)) = entry.standing.iter().enumerate().find(|(_, span)| ended.contains(&span.is)) else {
        let diagnostic =
            Diagnostic::error("lint/superseded", "superseded-by is given, and no standing says since when")
                .hint("add [[standing]] with the day and is = \"superseded\"");
        sheet.complain("superseded-by", diagnostic);
        return;
    };
    // One that does not exist is the parser's business.
    if let Some(successor) = known.get(successor) {
        check_successor(sheet, (at, end.from), successor);
    }
}

fn check_successor(sheet: &mut Sheet<'_>, (at, end): (usize, Day), successor: &Restriction) {
    if successor.withdrawn.is_some() {
        complain_of_withdrawn(sheet, "superseded-by", &successor.id);
        return;
    }
    let days = beginnings(successor);
    if !days.contains(&end) {
        let listed = days.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let message = format!("superseded on {end}, a day on which {} does not begin", successor.id);
        let hint =
            format!("its days are {listed}: correct one of the two, so that no day is judged by both or by none");
        let path = format!("standing.{at}.from");
        sheet.complain(&path, Diagnostic::error("lint/superseded", message).hint(hint));
    }
}

/// The days on which something of an instrument begins.
fn beginnings(entry: &Restriction) -> BTreeSet<Day> {
    let effects = entry.effects.iter().map(|effect| effect.from);
    let standing = entry.standing.iter().map(|span| span.from);
    effects.chain(standing).chain([entry.announced]).chain(entry.published).collect()
}

/// Statements are about entries that stand.
pub(super) fn check_statements(sheet: &mut Sheet<'_>, vendor: &Vendor, known: &Known) {
    for (at, statement) in vendor.statements.iter().enumerate() {
        if let Some(about) = &statement.about
            && known.get(about).is_some_and(|entry| entry.withdrawn.is_some())
        {
            complain_of_withdrawn(sheet, &format!("statement.{at}.about"), about);
        }
    }
}

fn complain_of_withdrawn(sheet: &mut Sheet<'_>, path: &str, id: &RestrictionId) {
    let message = format!("\"{id}\" is withdrawn: nobody is shown it");
    let hint = "name the entry that stands in its place, or leave this out";
    sheet.complain(path, Diagnostic::error("lint/withdrawn-reference", message).hint(hint));
}
