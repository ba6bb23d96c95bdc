//! Whether own files fit together and with the catalogue below them: ids that are free, references that lead somewhere.
//!
//! A file that does not fit is left out, and then every file that needs it, until what is left fits.

use std::collections::{BTreeSet, HashMap};

use interdict_model::{Diagnostic, Vendor};

use super::ORGANISATION;
use super::own_file::OwnFile;
use crate::catalogue::Facts;
use crate::cross_check::{self, Known, place_of};
use crate::nearest::nearest;
use crate::source_file::SourceFile;

/// Leaves out every file that does not fit, and says why.
pub(super) fn check(base: &Facts, own: &mut [OwnFile<'_>]) {
    let below = ids(base);
    let mut taken: BTreeSet<(&'static str, String)> = BTreeSet::new();
    for file in own.iter_mut().filter(|file| file.is_used) {
        if let Some(found) = clash(file, &below, &taken) {
            file.leave_out(found);
        } else {
            taken.extend(ids_of(file));
        }
    }
    let known = Known::of(base);
    while leave_out_unfitting(&known, base, own) || leave_out_circles(own) {}
}

/// An id that the catalogue or an earlier file has already.
fn clash(
    file: &OwnFile<'_>,
    below: &BTreeSet<(&'static str, String)>,
    taken: &BTreeSet<(&'static str, String)>,
) -> Option<Diagnostic> {
    let mut within = BTreeSet::new();
    for (kind, id) in ids_of(file) {
        let key = (kind, id);
        let (message, hint) = if below.contains(&key) {
            let hint = match kind {
                "vendor" => format!("to add to it, write extends = \"{}\" instead of id and name", key.1),
                _ => "take another id".to_owned(),
            };
            (format!("the catalogue has the {kind} \"{}\" already", key.1), hint)
        } else if taken.contains(&key) || within.contains(&key) {
            (format!("the {kind} \"{}\" stands twice; the first one counts", key.1), "take another id".to_owned())
        } else {
            within.insert(key);
            continue;
        };
        let place = place_of(file.file, &key.1);
        return Some(Diagnostic::error("catalogue/duplicate-id", message).hint(hint).at(place));
    }
    None
}

/// The ids that a file brings along, with their kinds.
fn ids_of(file: &OwnFile<'_>) -> Vec<(&'static str, String)> {
    let mut found: Vec<(&'static str, String)> = Vec::new();
    found.extend(list(&file.facts));
    found.extend(file.approval.iter().map(|approval| ("approval", approval.id.clone())));
    if let Some(addition) = &file.addition {
        found.extend(addition.products.iter().map(|product| ("product", product.id.to_string())));
    }
    found
}

fn ids(facts: &Facts) -> BTreeSet<(&'static str, String)> {
    list(facts).into_iter().collect()
}

fn list(facts: &Facts) -> Vec<(&'static str, String)> {
    let mut found: Vec<(&'static str, String)> = Vec::new();
    found.extend(facts.issuers.iter().map(|entry| ("issuer", entry.id.to_string())));
    found.extend(facts.profiles.iter().map(|entry| ("profile", entry.id.to_string())));
    found.extend(facts.restrictions.iter().map(|entry| ("restriction", entry.id.to_string())));
    for vendor in &facts.vendors {
        found.push(("vendor", vendor.id.to_string()));
        found.extend(vendor.products.iter().map(|entry| ("product", entry.id.to_string())));
        found.extend(vendor.entities.iter().map(|entry| ("entity", entry.id.to_string())));
        found.extend(vendor.people.iter().map(|entry| ("person", entry.id.to_string())));
    }
    found
}

/// Leaves out the files whose references lead nowhere; whether there were any.
fn leave_out_unfitting(base_known: &Known, base: &Facts, own: &mut [OwnFile<'_>]) -> bool {
    let mut known = base_known.clone();
    let mut issuers: BTreeSet<String> = BTreeSet::from([ORGANISATION.to_owned()]);
    for file in own.iter().filter(|file| file.is_used) {
        let added = Known::of(&file.facts);
        issuers.extend(added.issuers.iter().cloned());
        known.issuers.extend(added.issuers);
        known.restrictions.extend(added.restrictions);
        known.vendors.extend(added.vendors);
        known.products.extend(added.products);
        known.entities.extend(added.entities);
        known.persons.extend(added.persons);
        let products = file.addition.iter().flat_map(|addition| &addition.products);
        known.products.extend(products.map(|product| product.id.to_string()));
    }
    known.issuers.insert(ORGANISATION.to_owned());
    let mut any = false;
    for file in own.iter_mut().filter(|file| file.is_used) {
        for found in unfitting(file, &known, &issuers, base) {
            file.leave_out(found);
            any = true;
        }
    }
    any
}

fn unfitting(file: &OwnFile<'_>, known: &Known, issuers: &BTreeSet<String>, base: &Facts) -> Vec<Diagnostic> {
    let mut found = cross_check::references(&file.facts, file.file, known);
    for restriction in &file.facts.restrictions {
        let issuer = restriction.issuer.as_str();
        if known.issuers.contains(issuer) && !issuers.contains(issuer) {
            let message = format!("\"{issuer}\" is an authority of the catalogue and cannot issue an own rule");
            let hint = format!("write issuer = \"{ORGANISATION}\", or describe an issuer of your own in issuers/");
            let place = place_of(file.file, issuer);
            found.push(Diagnostic::error("catalogue/own-issuer", message).hint(hint).at(place));
        }
    }
    if let Some(addition) = &file.addition {
        let vendor = addition.vendor.as_ref().and_then(|id| base.vendors.iter().find(|vendor| vendor.id == *id));
        match (&addition.vendor, vendor) {
            (Some(id), None) => found.extend(unknown(
                file.file,
                "vendor",
                id.as_str(),
                base.vendors.iter().map(|vendor| vendor.id.as_str()),
            )),
            (_, Some(vendor)) => found.extend(unknown_products(file, vendor)),
            (None, None) => {}
        }
    }
    if let Some(approval) = &file.approval {
        let (kind, ids) = match &approval.product {
            Some(_) => ("product", &known.products),
            None => ("vendor", &known.vendors),
        };
        found.extend(unknown(file.file, kind, approval.subject(), ids.iter().map(String::as_str)));
    }
    found
}

/// Products that an addition speaks of and the vendor does not have.
fn unknown_products(file: &OwnFile<'_>, vendor: &Vendor) -> Vec<Diagnostic> {
    let ids = || vendor.products.iter().map(|product| product.id.as_str());
    let spoken_of = file.addition.iter().flat_map(|addition| &addition.product_fingerprints);
    spoken_of.filter_map(|(id, _)| unknown(file.file, "product", id.as_str(), ids())).collect()
}

/// A complaint when an id is not among the known ones.
fn unknown<'k>(
    file: &SourceFile,
    kind: &str,
    id: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> Option<Diagnostic> {
    if id.is_empty() || known.clone().any(|one| one == id) {
        return None;
    }
    let found = Diagnostic::error("catalogue/unknown-reference", format!("there is no {kind} \"{id}\""));
    let found = match nearest(id, known) {
        Some(near) => found.hint(format!("did you mean \"{near}\"?")),
        None => found,
    };
    Some(found.at(place_of(file, id)))
}

/// Leaves out own vendors that own themselves; whether there were any. The catalogue's cannot be owned by own ones.
fn leave_out_circles(own: &mut [OwnFile<'_>]) -> bool {
    let vendors: Vec<Vendor> =
        own.iter().filter(|file| file.is_used).flat_map(|file| file.facts.vendors.iter().cloned()).collect();
    let files: HashMap<&str, &SourceFile> =
        own.iter().filter(|file| !file.facts.vendors.is_empty()).map(|file| (file.file.stem(), file.file)).collect();
    let mut any = false;
    let found = cross_check::circles(&vendors, &files);
    for diagnostic in found {
        let is_its =
            |file: &&mut OwnFile<'_>| diagnostic.location.as_ref().is_some_and(|place| place.file == file.file.path);
        if let Some(file) = own.iter_mut().find(is_its) {
            file.leave_out(diagnostic);
            any = true;
        }
    }
    any
}
