//! The rows of the Restrictions screen.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use interdict_app::catalogue::Catalogue;
use interdict_app::{Exposure, FleetFinding, RestrictionState, activities_of, machines_with, restriction_standing};
use interdict_model::{Restriction, VendorId};

use super::{Asked, count};
use crate::wire;

/// All restrictions: worst for us first, then what is found here, then the newest.
pub(crate) fn restrictions(asked: &Asked<'_>, exposure: &Exposure) -> wire::RestrictionsReply {
    let reached = asked.workbench.reached(exposure, &asked.circumstances);
    let here = |restriction: &Restriction| reached.get(&restriction.id).map_or(&[][..], Vec::as_slice);
    let restrictions = asked.catalogue().restrictions().iter();
    let mut ranked: Vec<(u8, wire::RestrictionRow)> = restrictions
        .map(|restriction| {
            let standing = restriction_standing(restriction, &asked.circumstances);
            (standing.tier.rank(), row(asked, restriction, here(restriction)))
        })
        .collect();
    ranked.sort_by(|(left_rank, left), (right_rank, right)| {
        let weight = |rank: u8, row: &wire::RestrictionRow| {
            (Reverse(rank), Reverse(row.in_force), Reverse(row.machines), Reverse(row.announced.clone()))
        };
        weight(*left_rank, left).cmp(&weight(*right_rank, right)).then_with(|| left.id.cmp(&right.id))
    });
    wire::RestrictionsReply { rows: ranked.into_iter().map(|(_, row)| row).collect() }
}

/// One restriction as a row.
pub(super) fn row(asked: &Asked<'_>, restriction: &Restriction, found: &[&FleetFinding]) -> wire::RestrictionRow {
    let standing = restriction_standing(restriction, &asked.circumstances);
    let today = restriction_standing(restriction, &asked.circumstances.clone().on(asked.today));
    let issuer = asked.catalogue().issuer(&restriction.issuer);
    wire::RestrictionRow {
        id: restriction.id.to_string(),
        short_title: restriction.short_title.clone(),
        title: restriction.title.clone(),
        issuer: restriction.issuer.to_string(),
        issuer_name: issuer.map_or_else(|| restriction.issuer.to_string(), |issuer| issuer.short_name.clone()),
        jurisdiction: restriction.jurisdiction.clone(),
        instrument: restriction.instrument.to_string(),
        tier: standing.tier.into(),
        tier_today: today.tier.into(),
        touches_us: standing.touches,
        in_force: standing.in_force,
        standing: state_word(standing.state).to_owned(),
        standing_today: state_word(today.state).to_owned(),
        vendors: named_vendors(asked.catalogue(), restriction),
        goods: words(&restriction.scope.goods),
        extends: words(&restriction.scope.extends),
        activities: activities_of(restriction).into_iter().map(Into::into).collect(),
        announced: restriction.announced.to_string(),
        announced_precision: restriction.announced_precision.to_string(),
        next: standing.next.map(|day| day.to_string()),
        last: standing.last.map(|day| day.to_string()),
        verification: restriction.verification.into(),
        machines: count(machines_with(found.iter().copied()).len()),
    }
}

/// Closed words as the wire has them.
pub(super) fn words<W: ToString>(list: &[W]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

/// Where a restriction stands, as the wire's word.
pub(super) fn state_word(state: RestrictionState) -> &'static str {
    match state {
        RestrictionState::NotPublic => "not-public",
        RestrictionState::Announced => "announced",
        RestrictionState::RanOut => "ran-out",
        RestrictionState::Unverified => "unverified",
        RestrictionState::Stands(standing) => standing.as_str(),
    }
}

/// The vendors that a restriction names, or whose companies or people it names, each once.
fn named_vendors(catalogue: &Catalogue, restriction: &Restriction) -> Vec<wire::VendorRef> {
    let scope = &restriction.scope;
    let of_companies = scope.entities.iter().filter_map(|id| catalogue.entity(id)).map(|(vendor, _)| &vendor.id);
    let of_people =
        scope.persons.iter().filter_map(|listed| catalogue.person(&listed.id)).map(|(vendor, _)| &vendor.id);
    let mut seen = BTreeSet::new();
    let named = scope.vendors.iter().chain(of_companies).chain(of_people);
    named.filter(|id| seen.insert(*id)).map(|id| vendor_ref(catalogue, id)).collect()
}

/// A vendor by name.
pub(super) fn vendor_ref(catalogue: &Catalogue, id: &VendorId) -> wire::VendorRef {
    let name = catalogue.vendor(id).map_or_else(|| id.to_string(), |vendor| vendor.name.clone());
    wire::VendorRef { id: id.to_string(), name }
}
