//! One restriction in full.

mod effects;
mod scope;

use std::cmp::Reverse;

use interdict_app::{Exposure, FleetFinding};
use interdict_model::{Restriction, Source};

use super::restrictions::{row, words};
use super::{Asked, count, reference};
use crate::wire;

/// One restriction in full.
pub(crate) fn restriction(
    asked: &Asked<'_>,
    exposure: &Exposure,
    restriction: &Restriction,
) -> wire::RestrictionDetail {
    let catalogue = asked.catalogue();
    let found = asked.workbench.reached(exposure, &asked.circumstances).remove(&restriction.id).unwrap_or_default();
    let issuer = catalogue.issuer(&restriction.issuer);
    let replaced =
        catalogue.restrictions().iter().filter(|other| other.superseded_by.as_ref() == Some(&restriction.id));
    wire::RestrictionDetail {
        row: row(asked, restriction, &found),
        text: restriction.text.trim().to_owned(),
        issuer: issuer.map_or_else(|| restriction.issuer.to_string(), |issuer| issuer.name.clone()),
        authority: restriction.authority.clone(),
        citations: restriction.citations.clone(),
        published: restriction.published.map(|day| day.to_string()),
        announced_note: restriction.announced_note.clone(),
        grounds: words(&restriction.grounds),
        verification_note: restriction.verification_note.clone(),
        superseded_by: restriction.superseded_by.as_ref().map(|id| reference(catalogue, id)),
        supersedes: replaced.map(|other| reference(catalogue, &other.id)).collect(),
        standings: standings(restriction),
        effects: effects::effects(asked, restriction),
        scope: scope::scope(catalogue, restriction),
        not_bound: effects::not_bound(asked, restriction),
        not_covered: not_covered(restriction),
        sources: sources(restriction),
        found: found_here(found),
    }
}

fn standings(restriction: &Restriction) -> Vec<wire::StandingRow> {
    let standing = |span: &interdict_model::StandingSpan| wire::StandingRow {
        from: span.from.to_string(),
        is: span.is.to_string(),
        note: span.note.clone(),
    };
    restriction.standing.iter().map(standing).collect()
}

fn not_covered(restriction: &Restriction) -> Vec<wire::NotCoveredRow> {
    let entry = |entry: &interdict_model::NotCovered| wire::NotCoveredRow {
        says: entry.says.clone(),
        verification: entry.verification.filter(|own| *own > restriction.verification).map(Into::into),
    };
    restriction.not_covered.iter().map(entry).collect()
}

/// The documents, the best kind first.
fn sources(restriction: &Restriction) -> Vec<wire::RestrictionSource> {
    let mut documents: Vec<&Source> = restriction.sources.iter().collect();
    documents.sort_by_key(|source| source.kind);
    let document = |source: &Source| wire::RestrictionSource {
        kind: source.kind.to_string(),
        url: source.url.clone(),
        supports: words(&source.supports),
        checked: source.checked.to_string(),
        note: source.note.clone(),
    };
    documents.into_iter().map(document).collect()
}

/// What is found here: worst first, then what is on most machines.
fn found_here(mut found: Vec<&FleetFinding>) -> Vec<wire::FoundHere> {
    found.sort_by_key(|finding| (Reverse(finding.tier().rank()), Reverse(finding.machine_count()), finding.title()));
    let line = |finding: &FleetFinding| wire::FoundHere {
        finding: finding.id.clone(),
        title: finding.title(),
        vendor_name: finding.vendor.name.clone(),
        presence: finding.presence.into(),
        machines: count(finding.machine_count()),
        tier: finding.tier().into(),
    };
    found.into_iter().map(line).collect()
}
