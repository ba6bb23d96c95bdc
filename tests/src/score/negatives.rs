//! Ordinary packages of Linux systems: nothing of a restricted vendor may be seen in them.

use std::collections::BTreeSet;

use interdict_catalogue::Catalogue;
use interdict_model::{Observation, ObservationSource, RestrictionScope, VendorId};
use serde_json::Value;

use super::{Class, Label, Labelled, Read};
use crate::test_data;

/// Lists of packages that another tool read from real databases.
const LISTS: &[&str] = &[
    "linux-package-dbs/rpm-sqlite-cbl-mariner-2.0/expected.json",
    "linux-package-dbs/rpm-bdb-rhel/expected.json",
    "linux-package-dbs/rpm-bdb-libuuid/expected.json",
];

pub(super) fn classes(catalogue: &Catalogue) -> Result<Read, String> {
    let restricted: BTreeSet<VendorId> = catalogue
        .vendors()
        .iter()
        .filter(|vendor| catalogue.restrictions_of(&vendor.id).any(|restriction| names_somebody(&restriction.scope)))
        .map(|vendor| vendor.id.clone())
        .collect();
    let mut records = Vec::new();
    for list in LISTS {
        let Some(text) = test_data::text(list)? else { continue };
        let value: Value = serde_json::from_str(&text).map_err(|error| format!("{list}: {error}"))?;
        let mut packages = Vec::new();
        collect(&value, &mut packages);
        records.extend(packages.into_iter().map(|(name, publisher)| {
            let mut package = Observation::new(ObservationSource::RpmPackages);
            package.name = Some(name.clone());
            package.publisher = publisher;
            Labelled { title: name, observation: package, label: Label::NoneOf(restricted.clone()) }
        }));
    }
    if records.is_empty() {
        return Ok(Read::Absent(test_data::place("linux-package-dbs").display().to_string()));
    }
    Ok(Read::Classes(vec![Class {
        name: "no restricted vendor, Linux packages",
        recall: 1.0,
        precision: 1.0,
        records,
    }]))
}

/// Whether an instrument names vendors, companies or people; a whole class of software is no restricted vendor.
fn names_somebody(scope: &RestrictionScope) -> bool {
    !(scope.vendors.is_empty() && scope.entities.is_empty() && scope.persons.is_empty())
}

/// Every object with a name, however deep the tool nests them.
fn collect(value: &Value, packages: &mut Vec<(String, Option<String>)>) {
    match value {
        Value::Array(list) => list.iter().for_each(|entry| collect(entry, packages)),
        Value::Object(entry) => {
            let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
            match text("name").or_else(|| text("Name")) {
                Some(name) => packages.push((name, text("vendor").or_else(|| text("Vendor")))),
                None => entry.values().for_each(|entry| collect(entry, packages)),
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
