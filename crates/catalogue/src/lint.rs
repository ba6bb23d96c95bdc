//! The strict linter: what the parser lets pass and a reviewer would not.
//!
//! Errors here are claims without a source, spans that cannot be, and literals that would hit what they should not.
//! Warnings are what a person should look at. It works on a parsed catalogue and names files, not lines.

use std::collections::HashMap;

use interdict_model::{
    Diagnostic, Fingerprint, FingerprintField, Force, Location, Restriction, SourceKind, Supports, Vendor, Verification,
};

use crate::catalogue::Catalogue;

/// A short title must fit a lane of the timeline.
const SHORT_TITLE_LETTERS: usize = 28;
/// A literal of fewer letters hits too much to decide alone.
const SHORT_LITERAL: usize = 3;
/// Words that a catalogue of facts does not use of a vendor.
const LOADED_WORDS: &[&str] =
    &["illegal", "banned", "spyware maker", "notorious", "shady", "hostile", "malicious company"];

/// Everything the strict linter has against a catalogue, by file.
#[must_use]
pub fn lint(catalogue: &Catalogue) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for restriction in catalogue.restrictions() {
        let place = Location::file(format!("restrictions/{}/{}.md", restriction.jurisdiction, restriction.id));
        let found = restriction_findings(restriction);
        diagnostics.extend(found.into_iter().map(|diagnostic| diagnostic.at(place.clone())));
    }
    for vendor in catalogue.vendors() {
        let place = Location::file(format!("vendors/{}.toml", vendor.id));
        let found = vendor_findings(vendor);
        diagnostics.extend(found.into_iter().map(|diagnostic| diagnostic.at(place.clone())));
    }
    diagnostics.extend(shared_identifiers(catalogue));
    diagnostics
}

fn restriction_findings(restriction: &Restriction) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if restriction.short_title.chars().count() > SHORT_TITLE_LETTERS {
        let message =
            format!("short-title has more than {SHORT_TITLE_LETTERS} letters: \"{}\"", restriction.short_title);
        found.push(Diagnostic::error("lint/short-title", message));
    }
    if restriction.text.is_empty() {
        found.push(Diagnostic::error("lint/no-text", "two or three plain sentences must follow the title"));
    }
    if restriction.citations.is_empty() {
        found.push(Diagnostic::warning("lint/no-citation", "no citation"));
    }
    found.extend(source_findings(restriction));
    found.extend(effect_findings(restriction));
    let prose = format!("{} {}", restriction.title, restriction.text).to_lowercase();
    for word in LOADED_WORDS.iter().filter(|word| prose.contains(*word)) {
        found.push(Diagnostic::warning("lint/loaded-word", format!("\"{word}\" is not a neutral word")));
    }
    found
}

fn source_findings(restriction: &Restriction) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let supports = |part: Supports| restriction.sources.iter().any(|source| source.supports.contains(&part));
    if restriction.verification != Verification::Unverified {
        let names_only_persons = restriction.scope.vendors.is_empty() && restriction.scope.entities.is_empty();
        for part in [Supports::Scope, Supports::Effect] {
            let is_persons = part == Supports::Scope && names_only_persons && supports(Supports::Persons);
            if !restriction.effects.is_empty() && !supports(part) && !is_persons {
                found.push(Diagnostic::error("lint/unsupported-claim", format!("no source supports the {part}")));
            }
        }
    }
    if !restriction.scope.persons.is_empty() && !supports(Supports::Persons) {
        found.push(Diagnostic::error("lint/unsupported-claim", "no source supports the persons"));
    }
    let has = |kinds: &[SourceKind]| restriction.sources.iter().any(|source| kinds.contains(&source.kind));
    let enough = match restriction.verification {
        Verification::Primary => has(&[SourceKind::Primary, SourceKind::IssuerPage]) || has(&[SourceKind::Mirror]),
        Verification::Mirror => has(&[SourceKind::Primary, SourceKind::IssuerPage, SourceKind::Mirror]),
        Verification::Secondary => !restriction.sources.is_empty(),
        Verification::Unverified => true,
    };
    if !enough {
        let message = format!("verification is \"{}\", but no source is of that kind", restriction.verification);
        found.push(Diagnostic::error("lint/verification", message));
    }
    if restriction.verification == Verification::Unverified && !restriction.scope.persons.is_empty() {
        found.push(Diagnostic::error("lint/unverified-person", "unverified listings of persons are not shipped"));
    }
    found
}

fn effect_findings(restriction: &Restriction) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (number, effect) in restriction.effects.iter().enumerate() {
        let number = number + 1;
        if effect.says.is_none() {
            let message = format!("effect {number} has no \"says\": one plain sentence a reader is shown");
            found.push(Diagnostic::error("lint/no-sentence", message));
        }
        let announced = effect.announced.unwrap_or(restriction.announced);
        if announced > effect.from.certain_from(effect.from_precision) && restriction.announced_note.is_none() {
            let message = format!("effect {number} counts from {} but was announced on {announced}", effect.from);
            let hint = "say why in announced-note";
            found.push(Diagnostic::error("lint/announced-after-from", message).hint(hint));
        }
        if effect.force == Force::Requires
            && effect.trigger.is_none()
            && effect.activities.contains(&interdict_model::Activity::Report)
        {
            let message = format!("effect {number} requires a report and names no trigger");
            found.push(Diagnostic::warning("lint/no-trigger", message));
        }
    }
    found
}

fn vendor_findings(vendor: &Vendor) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let of_products = vendor.products.iter().flat_map(|product| &product.fingerprints);
    for fingerprint in vendor.fingerprints.iter().chain(of_products) {
        let letters = fingerprint.value.chars().filter(|letter| letter.is_alphanumeric()).count();
        if letters < SHORT_LITERAL && !fingerprint.ambiguous {
            let message = format!("\"{}\" is too short to decide alone", fingerprint.value);
            found.push(Diagnostic::error("lint/short-literal", message).hint("mark it ambiguous = true"));
        }
        let begins_with_anything = fingerprint.value.contains("**") || fingerprint.value.starts_with('*');
        if begins_with_anything && !fingerprint.ambiguous {
            let message =
                format!("\"{}\" begins with anything and would hit other vendors' records", fingerprint.value);
            found.push(Diagnostic::warning("lint/catch-all", message));
        }
    }
    for product in vendor.products.iter().filter(|product| product.classes.is_empty()) {
        let message = format!("{} has no classes: instruments that differ by class cannot be decided", product.id);
        found.push(Diagnostic::warning("lint/no-classes", message));
    }
    found
}

/// Exact identifiers of two vendors or products that do not say so.
fn shared_identifiers(catalogue: &Catalogue) -> Vec<Diagnostic> {
    let mut holders: HashMap<(FingerprintField, String), Vec<(String, &Fingerprint)>> = HashMap::new();
    for vendor in catalogue.vendors() {
        let own = vendor.fingerprints.iter().map(|fingerprint| (vendor.id.to_string(), fingerprint));
        let products = vendor.products.iter();
        let of_products = products.flat_map(|product| product.fingerprints.iter().map(|f| (product.id.to_string(), f)));
        for (holder, fingerprint) in own.chain(of_products) {
            let key = (fingerprint.field, fingerprint.value.to_lowercase());
            holders.entry(key).or_default().push((holder, fingerprint));
        }
    }
    let mut found = Vec::new();
    for ((field, value), list) in holders {
        for (holder, fingerprint) in &list {
            let others = list.iter().map(|(other, _)| other).filter(|other| *other != holder);
            let undeclared: Vec<&str> = others
                .filter(|other| !declares(fingerprint, other) && !is_own_product(holder, other))
                .map(String::as_str)
                .collect();
            if !undeclared.is_empty() && !fingerprint.ambiguous {
                let message = format!("{field} \"{value}\" of {holder} is also {}'s", undeclared.join("'s and "));
                let vendor = holder.split('.').next().unwrap_or_default();
                let diagnostic = Diagnostic::error("lint/undeclared-shared-identifier", message)
                    .hint("declare it with shared-with on each, or mark it ambiguous = true");
                found.push(diagnostic.at(Location::file(format!("vendors/{vendor}.toml"))));
            }
        }
    }
    found.sort();
    found
}

fn declares(fingerprint: &Fingerprint, other: &str) -> bool {
    fingerprint.shared_with.iter().any(|shared| shared == other || other.starts_with(&format!("{shared}.")))
}

/// A vendor and one of its own products may carry the same identifier.
fn is_own_product(holder: &str, other: &str) -> bool {
    other.starts_with(&format!("{holder}.")) || holder.starts_with(&format!("{other}."))
}
