//! The scope of one effect: whom and what it names, and how a vendor stands to those names.

use std::collections::VecDeque;

use interdict_catalogue::Catalogue;
use interdict_model::{
    Day, Effect, Embedded, EntityId, Goods, GoodsClaim, Instrument, LegalEntity, PersonId, Product, ProductClass,
    ProductId, Restriction, RestrictionScope, Vendor, VendorId,
};

use crate::phase::{Why, phase};

/// Owners above this many levels are not looked for: a group is not so deep, a broken catalogue could be.
const DEEPEST_GROUP: usize = 16;

/// The scope of one effect on a day: the restriction's, narrowed.
pub(crate) struct Scope<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) restriction: &'a Restriction,
    day: Day,
    vendors: &'a [VendorId],
    entities: &'a [EntityId],
    persons: Vec<&'a PersonId>,
    pub(crate) goods: &'a [Goods],
    /// Of the named vendors only these products; all when empty.
    products: &'a [ProductId],
    pub(crate) classes: &'a [ProductClass],
    pub(crate) embedded: Embedded,
}

impl<'a> Scope<'a> {
    pub(crate) fn of(catalogue: &'a Catalogue, restriction: &'a Restriction, effect: &'a Effect, day: Day) -> Self {
        let scope = &restriction.scope;
        let is_narrowed = !(effect.vendors.is_empty()
            && effect.entities.is_empty()
            && effect.persons.is_empty()
            && effect.goods.is_empty());
        let all_persons = || scope.persons.iter().map(|listed| &listed.id).collect();
        Self {
            catalogue,
            restriction,
            day,
            vendors: if is_narrowed { &effect.vendors } else { &scope.vendors },
            entities: if is_narrowed { &effect.entities } else { &scope.entities },
            persons: if is_narrowed { effect.persons.iter().collect() } else { all_persons() },
            goods: if is_narrowed { &effect.goods } else { &scope.goods },
            products: if effect.products.is_empty() { &scope.products } else { &effect.products },
            classes: if effect.product_classes.is_empty() { &scope.product_classes } else { &effect.product_classes },
            embedded: effect.embedded.or(scope.embedded).unwrap_or(Embedded::Silent),
        }
    }

    /// Whether the vendor or one of its owners on the day is named as a group.
    pub(crate) fn names_group_of(&self, vendor: &Vendor) -> bool {
        self.vendors.contains(&vendor.id) || self.owners_of(vendor).iter().any(|owner| self.vendors.contains(&owner.id))
    }

    pub(crate) fn names_entity_of(&self, vendor: &Vendor) -> bool {
        vendor.entities.iter().any(|entity| self.entities.contains(&entity.id))
    }

    pub(crate) fn names_entity(&self, id: &str) -> bool {
        self.entities.iter().any(|entity| entity.as_str() == id)
    }

    pub(crate) fn names_person(&self, id: &str) -> bool {
        self.persons.iter().any(|person| person.as_str() == id)
    }

    /// Whether only some products are named and this is none of them.
    pub(crate) fn leaves_out(&self, product: &Product) -> bool {
        !self.products.is_empty() && !self.products.contains(&product.id)
    }

    /// The vendor's products that alone are named; nothing where all are.
    pub(crate) fn named_products_of(&self, vendor: &Vendor) -> Option<String> {
        let named = vendor.products.iter().filter(|product| self.products.contains(&product.id));
        let names: Vec<&str> = named.map(|product| product.name.as_str()).collect();
        (!self.products.is_empty()).then(|| names.join(", "))
    }

    /// Says which companies of the vendor are named, here or by another effect, and which are not.
    pub(crate) fn named_companies(&self, vendor: &Vendor) -> String {
        let is_named = |entity: &&LegalEntity| self.entities.contains(&entity.id);
        let elsewhere = &self.restriction.scope.entities;
        let named: Vec<&LegalEntity> = vendor.entities.iter().filter(is_named).collect();
        let rest: Vec<&LegalEntity> =
            vendor.entities.iter().filter(|entity| !is_named(entity) && !elsewhere.contains(&entity.id)).collect();
        if rest.is_empty() {
            format!("names {} only", names(&named))
        } else {
            format!("names {} only; not named: {}", names(&named), names(&rest))
        }
    }

    pub(crate) fn listed_people_of(&self, vendor: &Vendor) -> Vec<PersonId> {
        let people = vendor.people.iter().filter(|person| self.persons.contains(&&person.id));
        people.map(|person| person.id.clone()).collect()
    }

    /// An owner of the vendor one of whose companies is named, with those companies.
    pub(crate) fn named_owner_of(&self, vendor: &Vendor) -> Option<(&'a Vendor, String)> {
        let owner = self.owners_of(vendor).into_iter().find(|owner| self.names_entity_of(owner))?;
        let named: Vec<&LegalEntity> =
            owner.entities.iter().filter(|entity| self.entities.contains(&entity.id)).collect();
        Some((owner, names(&named)))
    }

    /// What the catalogue says of the vendor and the named classes of goods: that it belongs, else that it does not.
    pub(crate) fn goods_claim_of<'v>(&self, vendor: &'v Vendor) -> Option<&'v GoodsClaim> {
        let claims = || vendor.goods.iter().filter(|claim| self.goods.contains(&claim.kind));
        claims().find(|claim| claim.belongs).or_else(|| claims().next())
    }

    /// The kinds of lists whose companies' affiliates the restriction reaches as well.
    pub(crate) fn extends(&self) -> &'a [Instrument] {
        &self.restriction.scope.extends
    }

    /// An instrument of the extended kinds in force on the day that names a company of the vendor.
    pub(crate) fn extended_list_naming(&self, vendor: &Vendor) -> Option<&'a Restriction> {
        let names = |scope: &RestrictionScope| vendor.entities.iter().any(|entity| scope.entities.contains(&entity.id));
        let in_force = |restriction: &Restriction| {
            restriction
                .effects
                .iter()
                .any(|effect| phase(restriction, effect, self.day).is_some_and(|phase| phase.why == Why::InForce))
        };
        self.catalogue.restrictions_of(&vendor.id).find(|restriction| {
            self.extends().contains(&restriction.instrument) && names(&restriction.scope) && in_force(restriction)
        })
    }

    /// The vendors that own this one on the day, the nearest first.
    pub(crate) fn owners_of(&self, vendor: &Vendor) -> Vec<&'a Vendor> {
        owners_of(self.catalogue, vendor, self.day)
    }
}

/// The vendors that own this one on a day, the nearest first.
pub(crate) fn owners_of<'a>(catalogue: &'a Catalogue, vendor: &Vendor, day: Day) -> Vec<&'a Vendor> {
    let mut found: Vec<&Vendor> = Vec::new();
    let mut next: VecDeque<&Vendor> = vendor.owners_on(day).filter_map(|id| catalogue.vendor(id)).collect();
    while let Some(owner) = next.pop_front() {
        let is_new = owner.id != vendor.id && !found.iter().any(|known| known.id == owner.id);
        if is_new && found.len() < DEEPEST_GROUP {
            found.push(owner);
            next.extend(owner.owners_on(day).filter_map(|id| catalogue.vendor(id)));
        }
    }
    found
}

fn names(list: &[&LegalEntity]) -> String {
    list.iter().map(|entity| entity.name.as_str()).collect::<Vec<_>>().join(", ")
}
