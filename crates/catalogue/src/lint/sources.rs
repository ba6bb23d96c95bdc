//! Whether every claim of a restriction is named by one of its sources, and whether they are of the kind it boasts of.

use interdict_model::{Day, Diagnostic, Restriction, SourceKind, Standing, Supports, Verification};

use super::sheet::Sheet;

/// Looks at the sources of one entry.
pub(super) fn check(sheet: &mut Sheet<'_>, entry: &Restriction, date: Option<Day>) {
    // A source that could not be read is missing here and not in the file.
    if sheet.outline.count("source") != entry.sources.len() {
        return;
    }
    check_claims(sheet, entry);
    check_verification(sheet, entry);
    for (at, source) in entry.sources.iter().enumerate() {
        if source.supports.is_empty() {
            let diagnostic = Diagnostic::warning("lint/idle-source", "the source supports nothing")
                .hint(format!("say which parts: supports = [...], of {}", Supports::WORDS.join(", ")));
            sheet.complain(&format!("source.{at}"), diagnostic);
        }
        if let Some(date) = date.filter(|date| source.checked > *date) {
            let message = format!("checked on {}, after the catalogue's own date {date}", source.checked);
            let hint = "correct the day, or raise the date in catalogue.toml";
            let path = format!("source.{at}.checked");
            sheet.complain(&path, Diagnostic::error("lint/checked-in-future", message).hint(hint));
        }
    }
}

fn check_claims(sheet: &mut Sheet<'_>, entry: &Restriction) {
    // What nobody checked says so itself and never yields more than watch.
    if entry.verification == Verification::Unverified {
        return;
    }
    for (part, path) in claims(entry) {
        if entry.sources.iter().any(|source| source.supports.contains(&part)) {
            continue;
        }
        let message = format!("no source supports \"{part}\": {}", first_lower(part.meaning()));
        let hint = format!("add \"{part}\" to the supports of the source that says so, or add that source");
        sheet.complain(path, Diagnostic::error("lint/unsupported-claim", message).hint(hint));
    }
}

/// What the entry claims, and where.
fn claims(entry: &Restriction) -> Vec<(Supports, &'static str)> {
    let scope = &entry.scope;
    let names_only_persons = scope.vendors.is_empty()
        && scope.entities.is_empty()
        && scope.products.is_empty()
        && scope.goods.is_empty()
        && scope.extends.is_empty()
        && !scope.persons.is_empty();
    let mut claims = vec![(Supports::Announced, "announced")];
    if entry.published.is_some() {
        claims.push((Supports::Published, "published"));
    }
    if !names_only_persons {
        claims.push((Supports::Scope, "scope"));
    }
    if !scope.persons.is_empty() {
        claims.push((Supports::Persons, "scope.persons"));
    }
    if !entry.effects.is_empty() {
        claims.push((Supports::Effect, "effect.0"));
    }
    if !stands_as_announced(entry) {
        claims.push((Supports::Standing, "standing.0"));
    }
    // What nobody checked says so.
    let carved_out = entry.not_covered.iter().position(|part| part.verification != Some(Verification::Unverified));
    if !scope.except_classes.is_empty() {
        claims.push((Supports::CarveOut, "scope.except-classes"));
    } else if carved_out.is_some() {
        claims.push((Supports::CarveOut, "not-covered.0"));
    }
    if !entry.not_bound.is_empty() {
        claims.push((Supports::NotBound, "not-bound.0"));
    }
    claims
}

/// In force since it was announced, and nothing since: the announcement says so itself.
fn stands_as_announced(entry: &Restriction) -> bool {
    match entry.standing.as_slice() {
        [only] => only.is == Standing::InForce && only.from <= entry.announced,
        _ => false,
    }
}

fn check_verification(sheet: &mut Sheet<'_>, entry: &Restriction) {
    let has = |kinds: &[SourceKind]| entry.sources.iter().any(|source| kinds.contains(&source.kind));
    let enough = match entry.verification {
        // A copy of the official text that names what it is a copy of is the official text.
        Verification::Primary | Verification::Mirror => {
            has(&[SourceKind::Primary, SourceKind::IssuerPage, SourceKind::Mirror])
        }
        Verification::Secondary => !entry.sources.is_empty(),
        Verification::Unverified => true,
    };
    if !enough {
        let message = format!("verification is \"{}\", but no source is of that kind", entry.verification);
        let hint = "add the source that was read, or lower the verification";
        sheet.complain("verification", Diagnostic::error("lint/verification", message).hint(hint));
    }
    let unverified = |verification: Option<Verification>| verification == Some(Verification::Unverified);
    for (at, person) in entry.scope.persons.iter().enumerate() {
        if entry.verification == Verification::Unverified || unverified(person.verification) {
            let message = format!("the listing of {} is unverified: such listings are not shipped", person.id);
            let hint = "read the list itself, or take the person out";
            let path = format!("scope.persons.{at}");
            sheet.complain(&path, Diagnostic::error("lint/unverified-person", message).hint(hint));
        }
    }
}

fn first_lower(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_lowercase(), letters.as_str()))
}
