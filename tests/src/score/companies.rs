//! What a vendor is called, for judging attributions: by its website, its names, and the words of a record.

use std::collections::BTreeMap;

use interdict_catalogue::Catalogue;
use interdict_identify::normalise;
use interdict_model::{Observation, Vendor, VendorId};

/// Words that tell no company from another.
const COMMON: &[&str] = &[
    "ag",
    "ao",
    "as",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "development",
    "gmbh",
    "group",
    "inc",
    "incorporated",
    "international",
    "jsc",
    "lab",
    "labs",
    "limited",
    "llc",
    "ltd",
    "ooo",
    "oy",
    "plc",
    "pte",
    "pty",
    "sa",
    "sas",
    "security",
    "software",
    "solutions",
    "spol",
    "sro",
    "systems",
    "technologies",
    "technology",
    "the",
    "networks",
    "private",
    "pvt",
];

/// The host of an address without `www.`.
pub(super) fn host(address: &str) -> Option<String> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next()?.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (!host.is_empty()).then(|| host.to_owned())
}

/// Vendors by the domain of their website; a domain of two vendors is nobody's.
pub(super) fn by_website(catalogue: &Catalogue) -> BTreeMap<String, Option<VendorId>> {
    let mut found: BTreeMap<String, Option<VendorId>> = BTreeMap::new();
    for vendor in catalogue.vendors() {
        // An address with a path is a site where many publish.
        let own = vendor.website.as_deref().filter(|website| !website.contains('/'));
        if let Some(host) = own.and_then(host) {
            found.entry(host).and_modify(|known| *known = None).or_insert_with(|| Some(vendor.id.clone()));
        }
    }
    found
}

/// The vendor whose website an address belongs to, subdomains included.
pub(super) fn vendor_of_address(websites: &BTreeMap<String, Option<VendorId>>, address: &str) -> Option<VendorId> {
    let host = host(address)?;
    let mut rest = host.as_str();
    loop {
        if let Some(found) = websites.get(rest) {
            return found.clone();
        }
        rest = rest.split_once('.')?.1;
    }
}

/// Every name of a vendor: its own, in other scripts, for search, of its companies and products.
pub(super) fn names(vendor: &Vendor) -> impl Iterator<Item = &str> {
    let entities = vendor.entities.iter().flat_map(|entity| {
        std::iter::once(&entity.name).chain(&entity.aliases).chain(&entity.former_names).map(String::as_str)
    });
    let names = vendor.names.iter().map(|name| name.text.as_str());
    std::iter::once(vendor.name.as_str()).chain(names).chain(vendor.aliases.iter().map(String::as_str)).chain(entities)
}

/// A name's words that tell it from others, in one string.
pub(super) fn distinctive(name: &str) -> String {
    let folded = normalise(name);
    let words = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.filter(|word| !COMMON.contains(word)).collect::<Vec<_>>().join(" ")
}

/// Vendors by the distinctive words of each of their names; words of two vendors are nobody's.
pub(super) fn by_name(catalogue: &Catalogue) -> BTreeMap<String, Option<VendorId>> {
    let mut found: BTreeMap<String, Option<VendorId>> = BTreeMap::new();
    for vendor in catalogue.vendors() {
        for words in names(vendor).map(distinctive).filter(|words| words.chars().count() > 1) {
            found
                .entry(words)
                .and_modify(|known| {
                    if known.as_ref() != Some(&vendor.id) {
                        *known = None;
                    }
                })
                .or_insert_with(|| Some(vendor.id.clone()));
        }
    }
    found
}

/// Whether one of two vendors is or owns the other.
pub(super) fn are_one_group(catalogue: &Catalogue, one: &VendorId, other: &VendorId) -> bool {
    let owners = |id: &VendorId| {
        let vendor = catalogue.vendor(id);
        let related =
            vendor.into_iter().flat_map(|vendor| &vendor.relations).filter_map(|relation| relation.vendor.clone());
        vendor.and_then(|vendor| vendor.parent.clone()).into_iter().chain(related).collect::<Vec<_>>()
    };
    one == other || owners(one).contains(other) || owners(other).contains(one)
}

/// Whether the record's own words name the vendor, one of its companies or one of its products.
pub(super) fn is_named_in(catalogue: &Catalogue, id: &VendorId, observation: &Observation) -> bool {
    let Some(vendor) = catalogue.vendor(id) else { return false };
    let fields = [
        &observation.publisher,
        &observation.name,
        &observation.display_name,
        &observation.identifier,
        &observation.signer,
    ];
    let text: Vec<String> = fields.into_iter().flatten().map(|value| format!(" {} ", distinctive(value))).collect();
    let holds = |name: &str| {
        let words = distinctive(name);
        let is_spaced = words.is_ascii();
        !words.is_empty()
            && text
                .iter()
                .any(|text| if is_spaced { text.contains(&format!(" {words} ")) } else { text.contains(&words) })
    };
    names(vendor).any(holds) || vendor.products.iter().any(|product| holds(&product.name))
}
