//! Who does not list a party though it lists others of the same vendor: what people get wrong most.

use interdict_assess::listings;
use interdict_model::{Day, Party, PartyKind, Restriction, RestrictionId};

use crate::workbench::Workbench;

impl Workbench {
    /// The instruments that list others of the party's kind and vendor on a day, but not this party; by day of announcement.
    #[must_use]
    pub fn not_listed_by(&self, party: &Party, as_of: Day) -> Vec<RestrictionId> {
        let Some(vendor) = &party.vendor else { return Vec::new() };
        let catalogue = self.catalogue();
        let lists_others = |restriction: &&Restriction| {
            let scope = &restriction.scope;
            let named: Vec<&str> = match party.kind {
                PartyKind::Person => scope.persons.iter().map(|listed| listed.id.as_str()).collect(),
                PartyKind::Organisation => scope.entities.iter().map(interdict_model::EntityId::as_str).collect(),
                PartyKind::Unknown => Vec::new(),
            };
            let is_named = party.listed_by.iter().any(|listed| listed.restriction == restriction.id);
            let stands = |id: &&str| {
                listings(catalogue, party.kind, id, as_of).iter().any(|listed| listed.restriction == restriction.id)
            };
            !is_named && named.iter().any(stands)
        };
        catalogue.restrictions_of(vendor).filter(lists_others).map(|restriction| restriction.id.clone()).collect()
    }
}
