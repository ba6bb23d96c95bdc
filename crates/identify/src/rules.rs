//! Fingerprints as rules: normal form, what holds them, how much they weigh.

use std::collections::{HashMap, HashSet};

use interdict_catalogue::Catalogue;
use interdict_model::{
    Confidence, Fingerprint, FingerprintField, MatchKind, ObservationSource, Product, ProductId, Vendor, VendorId,
};

use crate::company::company_core;
use crate::fields::driver_stem;
use crate::normalise::{normalise, normalise_publisher, normalise_registry_key, path_values};

/// One rule.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) vendor: VendorId,
    pub(crate) product: Option<ProductId>,
    pub(crate) field: FingerprintField,
    pub(crate) kind: MatchKind,
    /// Normal form of the whole value.
    pub(crate) value: String,
    /// The part that the automaton looks for: the longest literal of a pattern, else the whole value.
    pub(crate) literal: String,
    /// Never decides alone.
    pub(crate) ambiguous: bool,
    pub(crate) weight: f64,
    /// The vendor whose product this is an integration for.
    pub(crate) made_for: Option<VendorId>,
    /// As a reader is shown it.
    pub(crate) label: String,
}

/// Every rule of a catalogue: fingerprints, and the names of vendors and companies as publishers and signers.
pub(crate) fn rules(catalogue: &Catalogue) -> Vec<Rule> {
    let mut rules = Vec::new();
    for vendor in catalogue.vendors() {
        for fingerprint in &vendor.fingerprints {
            push_fingerprint(&mut rules, vendor, None, fingerprint);
        }
        for product in &vendor.products {
            for fingerprint in &product.fingerprints {
                push_fingerprint(&mut rules, vendor, Some(product), fingerprint);
            }
        }
    }
    let mut known: HashSet<(FingerprintField, String)> =
        rules.iter().map(|rule: &Rule| (rule.field, rule.value.clone())).collect();
    let names = names_of_one_vendor(catalogue);
    let doubtful = doubtful_names(catalogue);
    for vendor in catalogue.vendors() {
        push_names(&mut rules, vendor, &names, &doubtful, &mut known);
        push_reversed_domain(&mut rules, vendor);
    }
    rules
}

fn push_fingerprint(rules: &mut Vec<Rule>, vendor: &Vendor, product: Option<&Product>, fingerprint: &Fingerprint) {
    for value in normal_values(fingerprint) {
        let literal = longest_literal(fingerprint.kind, &value).to_owned();
        if literal.is_empty() {
            continue;
        }
        let holder = product.map_or(vendor.id.as_str(), |product| product.id.as_str());
        let kind = if fingerprint.field == FingerprintField::Path && fingerprint.kind == MatchKind::Exact {
            MatchKind::Prefix
        } else {
            fingerprint.kind
        };
        rules.push(Rule {
            vendor: vendor.id.clone(),
            product: product.map(|product| product.id.clone()),
            field: fingerprint.field,
            kind,
            literal,
            ambiguous: fingerprint.ambiguous || is_shared(fingerprint, vendor),
            weight: weight(fingerprint.field, fingerprint.confidence),
            made_for: product.and_then(|product| product.made_for.clone()),
            label: format!("{holder}: {} {} \"{}\"", fingerprint.field, fingerprint.kind, fingerprint.value),
            value,
        });
    }
}

/// Shared with another vendor: never decides alone. Shared among a vendor's own products: decides for the vendor.
fn is_shared(fingerprint: &Fingerprint, vendor: &Vendor) -> bool {
    let own = |other: &str| other == vendor.id.as_str() || other.split('.').next() == Some(vendor.id.as_str());
    fingerprint.shared_with.iter().any(|other| !own(other))
}

/// Every name of a vendor and its companies, as written and as core.
fn names_of(vendor: &Vendor) -> impl Iterator<Item = (&str, String)> {
    let entities = vendor
        .entities
        .iter()
        .flat_map(|entity| std::iter::once(&entity.name).chain(&entity.aliases).chain(&entity.former_names));
    let names = std::iter::once(&vendor.name).chain(vendor.names.iter().map(|name| &name.text)).chain(entities);
    names.flat_map(|name| {
        let normal = normalise_publisher(name).into_owned();
        let core = company_core(&normal).filter(|core| *core != normal);
        std::iter::once((name.as_str(), normal)).chain(core.map(|core| (name.as_str(), core)))
    })
}

/// The names that one vendor alone has; what two have tells nothing.
fn names_of_one_vendor(catalogue: &Catalogue) -> HashMap<String, Option<VendorId>> {
    let mut names: HashMap<String, Option<VendorId>> = HashMap::new();
    for vendor in catalogue.vendors() {
        for (_, value) in names_of(vendor) {
            let holder = names.entry(value).or_insert_with(|| Some(vendor.id.clone()));
            if holder.as_ref() != Some(&vendor.id) {
                *holder = None;
            }
        }
    }
    names
}

/// Names that a fingerprint says never decide alone, as written and as core: no name of a company makes them decide.
fn doubtful_names(catalogue: &Catalogue) -> HashSet<(FingerprintField, String)> {
    let is_name = |field| matches!(field, FingerprintField::Publisher | FingerprintField::Signer);
    let vendors = catalogue.vendors().iter();
    let fingerprints = vendors.flat_map(|vendor| vendor.fingerprints.iter().map(move |print| (vendor, print)));
    fingerprints
        .filter(|(vendor, print)| is_name(print.field) && (print.ambiguous || is_shared(print, vendor)))
        .flat_map(|(_, print)| {
            let normal = normalise_publisher(&print.value).into_owned();
            let core = company_core(&normal);
            std::iter::once(normal).chain(core).map(|value| (print.field, value))
        })
        .collect()
}

/// Names of the vendor and its companies are publishers and signers, unless a fingerprint says so already.
fn push_names(
    rules: &mut Vec<Rule>,
    vendor: &Vendor,
    names: &HashMap<String, Option<VendorId>>,
    doubtful: &HashSet<(FingerprintField, String)>,
    known: &mut HashSet<(FingerprintField, String)>,
) {
    for (name, value) in names_of(vendor) {
        let enough = if value.is_ascii() { 4 } else { 2 };
        let is_own = names.get(&value) == Some(&Some(vendor.id.clone()));
        if value.chars().count() < enough || !is_own {
            continue;
        }
        for field in [FingerprintField::Publisher, FingerprintField::Signer] {
            if doubtful.contains(&(field, value.clone())) || !known.insert((field, value.clone())) {
                continue;
            }
            rules.push(Rule {
                vendor: vendor.id.clone(),
                product: None,
                field,
                kind: MatchKind::Exact,
                literal: value.clone(),
                ambiguous: false,
                weight: weight(field, Confidence::Known),
                made_for: None,
                label: format!("{}: name of the company \"{name}\" as {field}", vendor.id),
                value: value.clone(),
            });
        }
    }
}

/// Sites where many publish: their name in an identifier is no vendor's.
const SHARED_SITES: &[&str] =
    &["github.com", "github.io", "gitlab.com", "sourceforge.net", "google.com", "apple.com", "bitbucket.org"];

/// macOS identifiers begin with the vendor's domain, reversed: `com.kaspersky.` for kaspersky.com.
fn push_reversed_domain(rules: &mut Vec<Rule>, vendor: &Vendor) {
    let Some(domain) = vendor.website.as_deref().map(str::to_lowercase) else { return };
    let parts: Vec<&str> = domain.split('.').collect();
    let is_plain = parts.len() >= 2 && !domain.contains('/') && !SHARED_SITES.contains(&domain.as_str());
    // A name of two letters before the suffix is too short to be one company's everywhere.
    if !is_plain || parts.first().is_none_or(|name| name.len() < 3) {
        return;
    }
    let value = parts.into_iter().rev().collect::<Vec<_>>().join(".");
    for field in [FingerprintField::BundleId, FingerprintField::LaunchdLabel, FingerprintField::PackageReceipt] {
        rules.push(Rule {
            vendor: vendor.id.clone(),
            product: None,
            field,
            kind: MatchKind::Prefix,
            literal: value.clone(),
            ambiguous: false,
            weight: weight(field, Confidence::Known),
            made_for: None,
            label: format!("{}: {field} begins with the reversed domain \"{value}\"", vendor.id),
            value: value.clone(),
        });
    }
}

/// How much a match of a field weighs alone, 0 to 1. What only this vendor can have (a signature, a package name) weighs
/// more than what anybody can write (a display name, a file name).
fn weight(field: FingerprintField, confidence: Confidence) -> f64 {
    let full = match field {
        FingerprintField::Signer | FingerprintField::TeamId => 0.97,
        FingerprintField::DebPackage
        | FingerprintField::RpmPackage
        | FingerprintField::Flatpak
        | FingerprintField::Snap
        | FingerprintField::HomebrewCask
        | FingerprintField::WingetId
        | FingerprintField::BundleId
        | FingerprintField::PackageReceipt
        | FingerprintField::BrowserExtension => 0.95,
        FingerprintField::Publisher | FingerprintField::SystemdUnit | FingerprintField::LaunchdLabel => 0.9,
        FingerprintField::Service | FingerprintField::Driver | FingerprintField::Certificate => 0.88,
        FingerprintField::RegistryKey | FingerprintField::Path => 0.85,
        FingerprintField::DisplayName => 0.82,
        FingerprintField::Cpe => 0.75,
        FingerprintField::Process => 0.65,
        FingerprintField::FileName => 0.5,
    };
    match confidence {
        Confidence::Seen => full,
        Confidence::Known => full - 0.07,
    }
}

/// How well a field tells the products of one vendor apart: names of packages, units and the like are given once; what a
/// person reads changes with edition and language; what any file may be called comes last. The name of a registered
/// program says more than the folder it lies in (editions share folders); the description of a service says less.
pub(crate) fn precedence(field: FingerprintField, source: ObservationSource) -> u8 {
    match field {
        FingerprintField::DisplayName if source.is_registration() => 3,
        FingerprintField::DebPackage
        | FingerprintField::RpmPackage
        | FingerprintField::Flatpak
        | FingerprintField::Snap
        | FingerprintField::HomebrewCask
        | FingerprintField::WingetId
        | FingerprintField::BundleId
        | FingerprintField::PackageReceipt
        | FingerprintField::BrowserExtension
        | FingerprintField::SystemdUnit
        | FingerprintField::LaunchdLabel
        | FingerprintField::Service
        | FingerprintField::Driver => 4,
        FingerprintField::Path | FingerprintField::RegistryKey => 2,
        FingerprintField::DisplayName
        | FingerprintField::Certificate
        | FingerprintField::Signer
        | FingerprintField::TeamId
        | FingerprintField::Publisher => 1,
        FingerprintField::Cpe | FingerprintField::Process | FingerprintField::FileName => 0,
    }
}

/// The value in the form its field is compared in; a placeholder for a Windows folder gives both program folders.
fn normal_values(fingerprint: &Fingerprint) -> Vec<String> {
    let value = fingerprint.value.as_str();
    match fingerprint.field {
        FingerprintField::Publisher | FingerprintField::Signer => vec![normalise_publisher(value).into_owned()],
        FingerprintField::RegistryKey => vec![normalise_registry_key(value)],
        FingerprintField::Driver => vec![normalise(driver_stem(value)).into_owned()],
        FingerprintField::SystemdUnit => {
            vec![normalise(value.strip_suffix(".service").unwrap_or(value)).into_owned()]
        }
        FingerprintField::Path => path_values(value),
        _ => vec![normalise(value).into_owned()],
    }
}

/// The longest part of a pattern without `*`, or the whole value of any other kind.
fn longest_literal(kind: MatchKind, value: &str) -> &str {
    match kind {
        MatchKind::Glob => value.split('*').max_by_key(|part| part.len()).unwrap_or_default(),
        MatchKind::Exact | MatchKind::Versioned | MatchKind::Prefix => value,
    }
}
