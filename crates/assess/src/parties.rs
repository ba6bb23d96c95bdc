//! Who lists a party on a day: only restrictions that name this very person or company.

use interdict_catalogue::Catalogue;
use interdict_model::{Day, Effect, ListedBy, PartyKind, Restriction, Tier};

use crate::phase::phase;

/// The listings of a party (by id) that stand on a day, by day of listing.
///
/// A restriction on a whole group does not list its companies one by one, and one on a company does not list its officers.
#[must_use]
pub fn listings(catalogue: &Catalogue, kind: PartyKind, id: &str, as_of: Day) -> Vec<ListedBy> {
    let mut found: Vec<ListedBy> =
        catalogue.restrictions().iter().filter_map(|restriction| listing(restriction, kind, id, as_of)).collect();
    found.sort_by(|left, right| (left.from, &left.restriction).cmp(&(right.from, &right.restriction)));
    found
}

fn listing(restriction: &Restriction, kind: PartyKind, id: &str, as_of: Day) -> Option<ListedBy> {
    let listed = restriction.scope.persons.iter().find(|person| person.id.as_str() == id);
    let is_named = match kind {
        PartyKind::Person => listed.is_some(),
        PartyKind::Organisation => restriction.scope.entities.iter().any(|entity| entity.as_str() == id),
        PartyKind::Unknown => false,
    };
    if !is_named {
        return None;
    }
    let concerns = |effect: &&Effect| match kind {
        PartyKind::Person => effect.persons.iter().any(|person| person.as_str() == id) || is_unnarrowed(effect),
        PartyKind::Organisation => effect.entities.iter().any(|entity| entity.as_str() == id) || is_unnarrowed(effect),
        PartyKind::Unknown => false,
    };
    let stands = |effect: &&Effect| phase(restriction, effect, as_of).is_some_and(|phase| phase.tier != Tier::None);
    let effects: Vec<&Effect> = restriction.effects.iter().filter(concerns).filter(stands).collect();
    let first = effects.iter().min_by_key(|effect| effect.from)?;
    // A listing that is only announced does not list anybody yet.
    if first.from > as_of {
        return None;
    }
    Some(ListedBy {
        restriction: restriction.id.clone(),
        from: first.from,
        until: first.until,
        role: listed.and_then(|person| person.role.clone()),
        list_id: listed.and_then(|person| person.list_id.clone()),
        note: listed.and_then(|person| person.note.clone()),
    })
}

fn is_unnarrowed(effect: &Effect) -> bool {
    effect.entities.is_empty() && effect.persons.is_empty()
}
