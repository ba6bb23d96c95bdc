//! The companies and people of a vendor: who is listed by whom on the day, and who is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use interdict_app::assess::listings;
use interdict_model::{Issuer, IssuerId, LegalEntity, ListedBy, PartyKind, Person, Vendor};

use super::super::places::{adjective, country};
use super::super::{Asked, reference};
use crate::wire;

/// The companies, the people, and the sentences on who is not listed.
pub(super) struct Parties {
    pub(super) entities: Vec<wire::PartyRow>,
    pub(super) people: Vec<wire::PartyRow>,
    pub(super) not_listed: Vec<String>,
}

/// A person with the listings of the day.
struct Listed<'a> {
    person: &'a Person,
    by: Vec<ListedBy>,
}

/// Everything about the parties of a vendor on the day asked for; only restriction files say who is listed.
pub(super) fn parties(asked: &Asked<'_>, vendor: &Vendor) -> Parties {
    let listed = |kind, id: &str| listings(asked.catalogue(), kind, id, asked.as_of());
    let companies: Vec<(&LegalEntity, Vec<ListedBy>)> =
        vendor.entities.iter().map(|entity| (entity, listed(PartyKind::Organisation, entity.id.as_str()))).collect();
    let mut people: Vec<Listed<'_>> = vendor
        .people
        .iter()
        .map(|person| Listed { person, by: listed(PartyKind::Person, person.id.as_str()) })
        .collect();
    let issuer = most_listing_issuer(asked, &people);
    let mut not_listed = Vec::new();
    if let Some(issuer) = issuer {
        people.sort_by_key(|listed| is_listed_by(asked, &listed.by, &issuer.id));
        let spared = people.iter().filter(|listed| !is_listed_by(asked, &listed.by, &issuer.id));
        not_listed.extend(spared.map(|listed| not_listed_sentence(asked, listed, issuer)));
        if !companies.iter().any(|(_, by)| is_listed_by(asked, by, &issuer.id)) && !companies.is_empty() {
            not_listed.push(format!("No company of {} is on {} either.", vendor.name, list_of(issuer)));
        }
        if not_listed.len() == 1 {
            not_listed[0] = not_listed[0].replace(" either.", ".");
        }
    }
    Parties {
        entities: companies.iter().map(|(entity, by)| entity_row(asked, entity, by)).collect(),
        people: people.iter().map(|listed| person_row(asked, listed)).collect(),
        not_listed,
    }
}

fn issuer_of(asked: &Asked<'_>, listing: &ListedBy) -> Option<IssuerId> {
    asked.catalogue().restriction(&listing.restriction).map(|restriction| restriction.issuer.clone())
}

fn is_listed_by(asked: &Asked<'_>, by: &[ListedBy], issuer: &IssuerId) -> bool {
    by.iter().any(|listing| issuer_of(asked, listing).as_ref() == Some(issuer))
}

/// The issuer that lists most people of the vendor on the day.
fn most_listing_issuer<'a>(asked: &Asked<'a>, people: &[Listed<'_>]) -> Option<&'a Issuer> {
    let mut counts: BTreeMap<IssuerId, usize> = BTreeMap::new();
    for listed in people {
        let issuers: BTreeSet<IssuerId> = listed.by.iter().filter_map(|listing| issuer_of(asked, listing)).collect();
        for issuer in issuers {
            *counts.entry(issuer).or_default() += 1;
        }
    }
    let (issuer, _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    asked.workbench.catalogue().issuer(&issuer)
}

/// "the US list (OFAC)".
fn list_of(issuer: &Issuer) -> String {
    format!("the {} list ({})", adjective(&issuer.jurisdiction), issuer.short_name)
}

/// "Eugene Kaspersky, chief executive and founder, is not on the US list (OFAC); listed by Poland since 26 Apr 2022."
fn not_listed_sentence(asked: &Asked<'_>, listed: &Listed<'_>, issuer: &Issuer) -> String {
    let Person { name, role, .. } = listed.person;
    let mut sentence = format!("{name}, {role}, is not on {}", list_of(issuer));
    let elsewhere: Vec<String> = listed
        .by
        .iter()
        .filter_map(|listing| {
            let restriction = asked.catalogue().restriction(&listing.restriction)?;
            Some(format!("{} since {}", country(&restriction.jurisdiction), listing.from.for_reading()))
        })
        .collect();
    if !elsewhere.is_empty() {
        let _ = write!(sentence, "; listed by {}", elsewhere.join(" and by "));
    }
    sentence.push('.');
    sentence
}

fn entity_row(asked: &Asked<'_>, entity: &LegalEntity, by: &[ListedBy]) -> wire::PartyRow {
    wire::PartyRow {
        id: entity.id.to_string(),
        name: entity.name.clone(),
        aliases: entity.aliases.iter().chain(&entity.former_names).cloned().collect(),
        country: entity.country.clone(),
        role: None,
        listed_by: by.iter().filter_map(|listing| listing_row(asked, listing, entity.id.as_str())).collect(),
        note: entity.note.clone(),
    }
}

fn person_row(asked: &Asked<'_>, listed: &Listed<'_>) -> wire::PartyRow {
    let person = listed.person;
    wire::PartyRow {
        id: person.id.to_string(),
        name: person.name.clone(),
        aliases: person.names.iter().map(|name| name.text.clone()).chain(person.aliases.iter().cloned()).collect(),
        country: None,
        role: Some(person.role.clone()),
        listed_by: listed.by.iter().filter_map(|listing| listing_row(asked, listing, person.id.as_str())).collect(),
        note: person.note.clone(),
    }
}

fn listing_row(asked: &Asked<'_>, listing: &ListedBy, party: &str) -> Option<wire::ListingRow> {
    let restriction = asked.catalogue().restriction(&listing.restriction)?;
    let issuer = asked.catalogue().issuer(&restriction.issuer);
    let own = restriction.scope.persons.iter().find(|person| person.id.as_str() == party);
    let verification = own.and_then(|person| person.verification);
    Some(wire::ListingRow {
        restriction: reference(asked.catalogue(), &listing.restriction),
        issuer: issuer.map_or_else(|| restriction.issuer.to_string(), |issuer| issuer.name.clone()),
        from: listing.from.to_string(),
        until: listing.until.map(|day| day.to_string()),
        list_id: listing.list_id.clone(),
        note: listing.note.clone(),
        verification: verification.map_or(restriction.verification, |own| own.max(restriction.verification)).into(),
        uncertain: verification.is_some_and(|own| own > restriction.verification),
    })
}
