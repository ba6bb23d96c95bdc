//! Vendors and products that came, went, or are described or recognised differently.

use interdict_model::{Fingerprint, Product, Vendor};

use super::{Change, Entry, REWORDED, What, entry, without, words};
use crate::catalogue::{Catalogue, EntryKind};

/// Everything about vendors and products.
pub(super) fn changes(old: &Catalogue, new: &Catalogue) -> Vec<Change> {
    let mut changes = Vec::new();
    for is in new.vendors() {
        match old.vendor(&is.id) {
            None => changes.push(Change { entry: vendor_entry(new, is), what: What::Added(belongings(is)) }),
            Some(was) if was == is => {}
            Some(was) => changes.extend(differences(old, new, was, is)),
        }
    }
    for was in old.vendors().iter().filter(|was| new.vendor(&was.id).is_none()) {
        changes.push(Change { entry: vendor_entry(old, was), what: What::Removed });
    }
    changes
}

fn vendor_entry(catalogue: &Catalogue, vendor: &Vendor) -> Entry {
    entry(catalogue, EntryKind::Vendor, vendor.id.as_str(), &vendor.name)
}

fn product_entry(catalogue: &Catalogue, product: &Product) -> Entry {
    let entry = entry(catalogue, EntryKind::Product, product.id.as_str(), &product.name);
    Entry { vendor: Some(product.vendor.clone()), ..entry }
}

/// What belongs to a vendor that is new, each as a clause.
fn belongings(vendor: &Vendor) -> Vec<String> {
    let of_products = vendor.products.iter().map(|product| product.fingerprints.len()).sum::<usize>();
    [
        (vendor.products.len(), "product", "products"),
        (vendor.fingerprints.len() + of_products, "fingerprint", "fingerprints"),
        (vendor.entities.len(), "company", "companies"),
        (vendor.people.len(), "person", "people"),
    ]
    .into_iter()
    .filter(|(count, _, _)| *count > 0)
    .map(|(count, one, many)| words::counted(count, one, many))
    .collect()
}

fn differences(old: &Catalogue, new: &Catalogue, was: &Vendor, is: &Vendor) -> Vec<Change> {
    let mut changes = Vec::new();
    let parts = vendor_differs(was, is);
    if !parts.is_empty() {
        changes.push(Change { entry: vendor_entry(new, is), what: What::Differs(parts) });
    }
    if let Some(what) = fingerprints(&was.fingerprints, &is.fingerprints) {
        changes.push(Change { entry: vendor_entry(new, is), what });
    }
    for product in &is.products {
        let before = was.products.iter().find(|known| known.id == product.id);
        let whats: Vec<What> = match before {
            None => {
                let count = words::counted(product.fingerprints.len(), "fingerprint", "fingerprints");
                vec![What::Added(if product.fingerprints.is_empty() { Vec::new() } else { vec![count] })]
            }
            Some(before) => {
                let parts = product_differs(before, product);
                let differs = (!parts.is_empty()).then_some(What::Differs(parts));
                differs.into_iter().chain(fingerprints(&before.fingerprints, &product.fingerprints)).collect()
            }
        };
        changes.extend(whats.into_iter().map(|what| Change { entry: product_entry(new, product), what }));
    }
    let gone = was.products.iter().filter(|before| !is.products.iter().any(|product| product.id == before.id));
    changes.extend(gone.map(|before| Change { entry: product_entry(old, before), what: What::Removed }));
    changes
}

fn vendor_differs(was: &Vendor, is: &Vendor) -> Vec<String> {
    let mut parts = Vec::new();
    if was.name != is.name {
        parts.push(format!("called {} now, was {}", is.name, was.name));
    }
    if was.parent != is.parent {
        parts.push(match &is.parent {
            Some(parent) => format!("owned by {parent} now"),
            None => "no longer said to be owned by another".to_owned(),
        });
    }
    let companies = |side: &Vendor| -> Vec<String> { side.entities.iter().map(|entity| entity.name.clone()).collect() };
    parts.extend(words::gained_and_lost("company", "no longer the company", &companies(was), &companies(is)));
    let people = |side: &Vendor| -> Vec<String> { side.people.iter().map(|person| person.name.clone()).collect() };
    parts.extend(words::gained_and_lost("person", "no longer the person", &people(was), &people(is)));
    if was.relations != is.relations {
        parts.push("what it was, came from and belonged to is told differently".to_owned());
    }
    if was.goods != is.goods {
        parts.push("the classes of goods it makes are different".to_owned());
    }
    if was.embeds != is.embeds {
        parts.push("what is reported of engines it builds in is different".to_owned());
    }
    if parts.is_empty() && described(was) != described(is) {
        parts.push(REWORDED.to_owned());
    }
    parts
}

/// A vendor without its products, fingerprints and what is told of by itself.
fn described(vendor: &Vendor) -> Vendor {
    Vendor { products: Vec::new(), fingerprints: Vec::new(), ..vendor.clone() }
}

fn product_differs(was: &Product, is: &Product) -> Vec<String> {
    let mut parts = Vec::new();
    if was.name != is.name {
        parts.push(format!("called {} now, was {}", is.name, was.name));
    }
    parts.extend(words::gained_and_lost("belongs to", "no longer belongs to", &was.classes, &is.classes));
    if was.category != is.category {
        parts.push(format!("counted under {} now, was {}", is.category, was.category));
    }
    if was.status != is.status {
        parts.push(format!("{} now, was {}", is.status, was.status));
    }
    if was.made_for != is.made_for || was.goods != is.goods {
        parts.push("what it is made for or counts as is different".to_owned());
    }
    let bare = |side: &Product| Product { fingerprints: Vec::new(), ..side.clone() };
    if parts.is_empty() && bare(was) != bare(is) {
        parts.push(REWORDED.to_owned());
    }
    parts
}

/// Literals and patterns that came or went. One that was seen elsewhere or is better supported is still the same.
fn fingerprints(was: &[Fingerprint], is: &[Fingerprint]) -> Option<What> {
    let text = |print: &Fingerprint| {
        let never_alone = if print.ambiguous { ", never alone" } else { "" };
        format!("{} {} \"{}\"{never_alone}", print.field, print.kind, print.value)
    };
    let texts = |prints: &[Fingerprint]| -> Vec<String> { prints.iter().map(text).collect() };
    let (before, after) = (texts(was), texts(is));
    let owned = |texts: Vec<&String>| texts.into_iter().cloned().collect::<Vec<String>>();
    let (added, removed) = (owned(without(&after, &before)), owned(without(&before, &after)));
    (!added.is_empty() || !removed.is_empty()).then_some(What::Fingerprints { added, removed })
}
