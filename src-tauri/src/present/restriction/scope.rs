//! Who and what a restriction is about, and who of the same vendors it does not name.

use std::collections::BTreeSet;

use interdict_app::catalogue::Catalogue;
use interdict_model::{Goods, LegalEntity, ListedPerson, Person, Restriction, Vendor};

use super::super::restrictions::{vendor_ref, words};
use crate::wire;

/// Everything the scope says, with names.
pub(super) fn scope(catalogue: &Catalogue, restriction: &Restriction) -> wire::RestrictionScope {
    let scope = &restriction.scope;
    let (companies, companies_not_named) = companies(catalogue, restriction);
    let (persons, persons_not_listed) = persons(catalogue, restriction);
    wire::RestrictionScope {
        vendors: scope.vendors.iter().map(|id| vendor_ref(catalogue, id)).collect(),
        companies,
        companies_not_named,
        persons,
        persons_not_listed,
        goods: scope.goods.iter().map(|goods| reach(catalogue, *goods)).collect(),
        product_classes: words(&scope.product_classes),
        except_classes: words(&scope.except_classes),
        embedded: scope.embedded.map(|embedded| embedded.to_string()),
        embedded_note: scope.embedded_note.clone(),
    }
}

/// The companies it names; and where it names single companies, those of the same vendors that it does not.
fn companies(catalogue: &Catalogue, restriction: &Restriction) -> (Vec<wire::NamedCompany>, Vec<wire::NamedCompany>) {
    let scope = &restriction.scope;
    let named: Vec<(&Vendor, &LegalEntity)> = scope.entities.iter().filter_map(|id| catalogue.entity(id)).collect();
    let vendors: BTreeSet<&str> = named.iter().map(|(vendor, _)| vendor.id.as_str()).collect();
    let whole = |vendor: &Vendor| scope.vendors.contains(&vendor.id);
    let not_named = catalogue
        .vendors()
        .iter()
        .filter(|vendor| vendors.contains(vendor.id.as_str()) && !whole(vendor))
        .flat_map(|vendor| vendor.entities.iter().map(move |entity| (vendor, entity)))
        .filter(|(_, entity)| !scope.entities.contains(&entity.id));
    (named.iter().copied().map(company).collect(), not_named.map(company).collect())
}

fn company((vendor, entity): (&Vendor, &LegalEntity)) -> wire::NamedCompany {
    wire::NamedCompany {
        name: entity.name.clone(),
        country: entity.country.clone(),
        vendor: wire::VendorRef { id: vendor.id.to_string(), name: vendor.name.clone() },
    }
}

/// The people it lists, and those of the same vendors that it does not.
fn persons(
    catalogue: &Catalogue,
    restriction: &Restriction,
) -> (Vec<wire::ListedPersonRow>, Vec<wire::ListedPersonRow>) {
    let listed = &restriction.scope.persons;
    let known: Vec<(&ListedPerson, &Vendor, &Person)> = listed
        .iter()
        .filter_map(|entry| catalogue.person(&entry.id).map(|(vendor, person)| (entry, vendor, person)))
        .collect();
    let vendors: BTreeSet<&str> = known.iter().map(|(_, vendor, _)| vendor.id.as_str()).collect();
    let spared = catalogue
        .vendors()
        .iter()
        .filter(|vendor| vendors.contains(vendor.id.as_str()))
        .flat_map(|vendor| vendor.people.iter().map(move |person| (vendor, person)))
        .filter(|(_, person)| !listed.iter().any(|entry| entry.id == person.id));
    let is_uncertain = |entry: &ListedPerson| entry.verification.is_some_and(|own| own > restriction.verification);
    let rows = known.iter().map(|(entry, vendor, of)| wire::ListedPersonRow {
        role: Some(entry.role.clone().unwrap_or_else(|| of.role.clone())),
        list_id: entry.list_id.clone(),
        note: entry.note.clone(),
        uncertain: is_uncertain(entry),
        ..person(vendor, of)
    });
    (rows.collect(), spared.map(|(vendor, of)| person(vendor, of)).collect())
}

fn person(vendor: &Vendor, person: &Person) -> wire::ListedPersonRow {
    wire::ListedPersonRow {
        name: person.name.clone(),
        role: Some(person.role.clone()),
        list_id: None,
        note: None,
        uncertain: false,
        vendor: wire::VendorRef { id: vendor.id.to_string(), name: vendor.name.clone() },
    }
}

/// A class of goods, and the vendors whose files say that they belong to it.
fn reach(catalogue: &Catalogue, goods: Goods) -> wire::GoodsReach {
    let belongs = |vendor: &&Vendor| vendor.goods.iter().any(|claim| claim.kind == goods && claim.belongs);
    let vendors = catalogue.vendors().iter().filter(belongs).map(|vendor| vendor_ref(catalogue, &vendor.id));
    wire::GoodsReach { word: goods.to_string(), phrase: goods.phrase().to_owned(), vendors: vendors.collect() }
}
