//! Restrictions that came, went, or say something else.

use interdict_model::{EntityId, PersonId, ProductId, Restriction, VendorId};

use super::{Change, Entry, Named, OTHER_SOURCES, REWORDED, What, effects, words};
use crate::catalogue::{Catalogue, EntryKind};

/// Everything about restrictions.
pub(super) fn changes(old: &Catalogue, new: &Catalogue) -> Vec<Change> {
    let mut changes = Vec::new();
    for is in new.restrictions() {
        let whats = match old.restriction(&is.id) {
            None => vec![What::RestrictionAdded {
                standing: is.standing.last().map(|span| span.is),
                effects: is.effects.clone(),
                named: Names(new).of(is),
            }],
            Some(was) if was == is => continue,
            Some(was) => differences(old, new, was, is),
        };
        changes.extend(whats.into_iter().map(|what| Change { entry: entry(new, is), what }));
    }
    for was in old.restrictions().iter().filter(|was| new.restriction(&was.id).is_none()) {
        let withdrawn = new.withdrawn().get(&was.id).copied();
        changes.push(Change { entry: entry(old, was), what: What::RestrictionRemoved { withdrawn } });
    }
    changes
}

fn entry(catalogue: &Catalogue, restriction: &Restriction) -> Entry {
    Entry {
        kind: EntryKind::Restriction,
        id: restriction.id.to_string(),
        title: restriction.title.clone(),
        jurisdiction: Some(restriction.jurisdiction.clone()),
        vendor: None,
        support: Some(restriction.verification),
        origin: catalogue.origin(EntryKind::Restriction, restriction.id.as_str()),
    }
}

fn differences(old: &Catalogue, new: &Catalogue, was: &Restriction, is: &Restriction) -> Vec<What> {
    let mut found = standing(was, is);
    found.extend(effects::changes(&was.effects, &is.effects));
    let (named_was, named_is) = (Names(old).of(was), Names(new).of(is));
    let (ids_was, ids_is) = (ids(was), ids(is));
    let names_without = |ids: &[(Named, String)], named: Vec<(Named, String)>, those: &[(Named, String)]| {
        let left = ids.iter().zip(named).filter(|(id, _)| !those.contains(id));
        left.map(|(_, name)| name).collect::<Vec<_>>()
    };
    let gained = names_without(&ids_is, named_is, &ids_was);
    found.extend((!gained.is_empty()).then_some(What::Listed(gained)));
    let lost = names_without(&ids_was, named_was, &ids_is);
    found.extend((!lost.is_empty()).then_some(What::Delisted(lost)));
    if was.verification != is.verification {
        found.push(What::Support { was: was.verification, is: is.verification });
    }
    let parts = other_differences(was, is);
    if !parts.is_empty() {
        found.push(What::Differs(parts));
    }
    if found.is_empty() {
        found.push(What::Differs(vec![REWORDED.to_owned()]));
    }
    found
}

/// Where it stands, day by day on which something was or is said.
fn standing(was: &Restriction, is: &Restriction) -> Vec<What> {
    let mut days: Vec<_> = was.standing.iter().chain(&is.standing).map(|span| span.from).collect();
    days.sort_unstable();
    days.dedup();
    let mut found = Vec::new();
    for day in days {
        let on = |side: &Restriction| side.standing.iter().find(|span| span.from == day).cloned();
        let (before, after) = (on(was), on(is));
        if before.as_ref().map(|span| span.is) != after.as_ref().map(|span| span.is) {
            found.push(What::Standing { was: before, is: after });
        }
    }
    found
}

/// Everything that is neither standing, effect, party nor support.
fn other_differences(was: &Restriction, is: &Restriction) -> Vec<String> {
    let mut parts = Vec::new();
    if was.announced != is.announced {
        parts.push(format!("announced on {} now, was {}", is.announced, was.announced));
    }
    if was.superseded_by != is.superseded_by {
        parts.push(match &is.superseded_by {
            Some(by) => format!("replaced by {by}"),
            None => "no longer said to be replaced".to_owned(),
        });
    }
    if was.issuer != is.issuer {
        parts.push(format!("issued by {} now, was {}", is.issuer, was.issuer));
    }
    let (before, after) = (&was.scope, &is.scope);
    parts.extend(words::gained_and_lost(
        "reaches the classes",
        "no longer names the classes",
        &before.product_classes,
        &after.product_classes,
    ));
    parts.extend(words::gained_and_lost(
        "leaves alone the classes",
        "no longer leaves alone the classes",
        &before.except_classes,
        &after.except_classes,
    ));
    if before.embedded != after.embedded {
        let word = |answer: Option<interdict_model::Embedded>| answer.map_or("silent", |answer| answer.as_str());
        let (is, was) = (word(after.embedded), word(before.embedded));
        parts.push(format!("other vendors' products that hold the code: {is} now, was {was}"));
    }
    if before.extends != after.extends {
        parts.push("the lists whose affiliates it reaches are different".to_owned());
    }
    if was.not_bound != is.not_bound || was.not_covered != is.not_covered {
        parts.push("what it leaves alone is told differently".to_owned());
    }
    if was.sources != is.sources || was.citations != is.citations {
        parts.push(OTHER_SOURCES.to_owned());
    }
    if is_reworded(was, is) {
        parts.push(REWORDED.to_owned());
    }
    parts
}

fn is_reworded(was: &Restriction, is: &Restriction) -> bool {
    let notes = |side: &Restriction| -> Vec<Option<String>> {
        let of_standing = side.standing.iter().map(|span| span.note.clone());
        let beside = [&side.announced_note, &side.verification_note, &side.scope.embedded_note];
        of_standing.chain(beside.into_iter().cloned()).collect()
    };
    let texts = |side: &Restriction| [side.title.clone(), side.short_title.clone(), side.text.clone()];
    let listed = |side: &Restriction| side.scope.persons.clone();
    let same_people = ids(was) == ids(is);
    texts(was) != texts(is)
        || (was.instrument, &was.authority, &was.grounds, was.published)
            != (is.instrument, &is.authority, &is.grounds, is.published)
        || was.announced_precision != is.announced_precision
        || was.jurisdiction != is.jurisdiction
        || (same_people && listed(was) != listed(is))
        || (was.standing.len() == is.standing.len() && notes(was) != notes(is))
}

/// The ids of whom and what it names, in the order of [`Names::of`].
fn ids(restriction: &Restriction) -> Vec<(Named, String)> {
    let scope = &restriction.scope;
    let mut ids: Vec<(Named, String)> = Vec::new();
    ids.extend(scope.vendors.iter().map(|id| (Named::Vendor, id.to_string())));
    ids.extend(scope.entities.iter().map(|id| (Named::Company, id.to_string())));
    ids.extend(scope.persons.iter().map(|listed| (Named::Person, listed.id.to_string())));
    ids.extend(scope.products.iter().map(|id| (Named::Product, id.to_string())));
    ids.extend(scope.goods.iter().map(|goods| (Named::Goods, goods.to_string())));
    ids
}

/// The names that ids have in a catalogue.
struct Names<'a>(&'a Catalogue);

impl Names<'_> {
    /// Whom and what a restriction names, in the order of [`ids`].
    fn of(&self, restriction: &Restriction) -> Vec<(Named, String)> {
        let name = |(kind, id): (Named, String)| {
            let found = match kind {
                Named::Vendor => self.0.vendor(&VendorId::new(id.as_str())).map(|found| found.name.clone()),
                Named::Company => self.0.entity(&EntityId::new(id.as_str())).map(|(_, found)| found.name.clone()),
                Named::Person => self.0.person(&PersonId::new(id.as_str())).map(|(_, found)| found.name.clone()),
                Named::Product => self.0.product(&ProductId::new(id.as_str())).map(|found| found.name.clone()),
                Named::Goods => id.parse().ok().map(|goods: interdict_model::Goods| goods.phrase().to_owned()),
            };
            (kind, found.unwrap_or(id))
        };
        ids(restriction).into_iter().map(name).collect()
    }
}
