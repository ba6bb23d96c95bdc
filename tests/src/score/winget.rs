//! Real Windows packages: name and publisher as a machine's list of programs would show them.
//!
//! The package's id and its publisher's address are labels and never shown to the identifier.

use std::collections::{BTreeMap, BTreeSet};

use interdict_catalogue::Catalogue;
use interdict_model::{Observation, ObservationSource, VendorId};
use serde_json::Value;

use super::companies::{by_name, by_website, distinctive, vendor_of_address};
use super::{Class, Label, Labelled, Read};
use crate::test_data;

/// The labels' names of restricted vendors, and ours.
const GROUPS: &[(&str, &str)] = &[
    ("Qihoo 360", "qihoo360"),
    ("Huawei", "huawei"),
    ("DJI", "dji"),
    ("Tencent", "tencent"),
    ("ByteDance", "bytedance"),
    ("Kaspersky", "kaspersky"),
    ("Yandex", "yandex"),
    ("Alibaba", "alibaba"),
    ("Baidu", "baidu"),
];

struct Package {
    id: String,
    address: Option<String>,
    observation: Observation,
}

pub(super) fn classes(catalogue: &Catalogue) -> Result<Read, String> {
    let (Some(packages), Some(labels)) =
        (test_data::text("winget/packages-dev.jsonl")?, test_data::text("winget/labels-dev.json")?)
    else {
        return Ok(Read::Absent(test_data::place("winget").display().to_string()));
    };
    let packages = packages.lines().map(package).collect::<Result<Vec<_>, _>>()?;
    let labels: Value = serde_json::from_str(&labels).map_err(|error| format!("labels-dev.json: {error}"))?;
    Ok(Read::Classes(vec![
        restricted(&packages, &labels)?,
        security(catalogue, &packages, &labels),
        all(catalogue, &packages),
    ]))
}

fn package(line: &str) -> Result<Package, String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("packages-dev.jsonl: {error}"))?;
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let newest = &value["arp"][0];
    let mut observation = Observation::new(ObservationSource::Programs);
    observation.name = newest["dn"].as_str().map(str::to_owned).or_else(|| text("name"));
    observation.publisher = newest["pub"].as_str().map(str::to_owned).or_else(|| text("publisher"));
    observation.version = text("version");
    Ok(Package { id: text("id").unwrap_or_default(), address: text("publisher_url"), observation })
}

fn restricted(packages: &[Package], labels: &Value) -> Result<Class, String> {
    let mut vendor_of: BTreeMap<&str, VendorId> = BTreeMap::new();
    for (group, vendor) in GROUPS {
        let list = labels["vendor_groups"][group].as_array().ok_or(format!("labels-dev.json: no group {group}"))?;
        let ids = list.iter().filter_map(|entry| entry["id"].as_str());
        vendor_of.extend(ids.map(|id| (id, VendorId::from(*vendor))));
    }
    let all: BTreeSet<VendorId> = GROUPS.iter().map(|(_, vendor)| VendorId::from(*vendor)).collect();
    let records = packages
        .iter()
        .map(|package| {
            let label = vendor_of.get(package.id.as_str()).cloned().map_or(Label::NoneOf(all.clone()), Label::Vendor);
            labelled(package, label)
        })
        .collect();
    Ok(Class { name: "restricted vendors, Windows packages", recall: 1.0, precision: 1.0, records })
}

fn security(catalogue: &Catalogue, packages: &[Package], labels: &Value) -> Class {
    let names = by_name(catalogue);
    let listed: BTreeSet<&str> =
        labels["security_vendors"].as_array().into_iter().flatten().filter_map(|entry| entry["id"].as_str()).collect();
    let records = packages
        .iter()
        .filter(|package| listed.contains(package.id.as_str()))
        .map(|package| labelled(package, vendor_of_id(&names, &package.id).map_or(Label::Unknown, Label::Vendor)))
        .collect();
    Class { name: "security vendors, Windows packages", recall: 0.99, precision: 0.995, records }
}

fn all(catalogue: &Catalogue, packages: &[Package]) -> Class {
    let websites = by_website(catalogue);
    let names = by_name(catalogue);
    let label = |package: &Package| {
        let by_address = package.address.as_deref().and_then(|address| vendor_of_address(&websites, address));
        by_address.or_else(|| vendor_of_id(&names, &package.id)).map_or(Label::Unknown, Label::Vendor)
    };
    let records = packages.iter().map(|package| labelled(package, label(package))).collect();
    // A publisher's address often stands beside another company's name (stores, forks): recall is for information.
    Class { name: "all vendors, Windows packages", recall: 0.0, precision: 0.995, records }
}

/// The vendor that the first part of a package id names.
fn vendor_of_id(names: &BTreeMap<String, Option<VendorId>>, id: &str) -> Option<VendorId> {
    let first = id.split('.').next()?;
    names.get(&distinctive(first)).cloned().flatten()
}

fn labelled(package: &Package, label: Label) -> Labelled {
    Labelled { title: package.id.clone(), observation: package.observation.clone(), label }
}
