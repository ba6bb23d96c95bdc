//! macOS apps: names and bundle ids as a machine would show them; the homepage is the label.

use interdict_catalogue::Catalogue;
use interdict_model::{Observation, ObservationSource};
use serde_json::Value;

use super::companies::{by_website, vendor_of_address};
use super::{Class, Label, Labelled, Read};
use crate::test_data;

pub(super) fn classes(catalogue: &Catalogue) -> Result<Read, String> {
    let Some(text) = test_data::text("homebrew-casks/casks-dev.json")? else {
        return Ok(Read::Absent(test_data::place("homebrew-casks").display().to_string()));
    };
    let casks: Vec<Value> = serde_json::from_str(&text).map_err(|error| format!("casks-dev.json: {error}"))?;
    let websites = by_website(catalogue);
    let mut records = Vec::new();
    for cask in &casks {
        let vendor = cask["homepage"].as_str().and_then(|address| vendor_of_address(&websites, address));
        let label = vendor.map_or(Label::Unknown, Label::Vendor);
        let token = cask["token"].as_str().unwrap_or_default();
        // A font is no app, and all of them have the homepage of whoever hosts them.
        if token.starts_with("font-") {
            continue;
        }
        records.extend(observations(cask).map(|observation| Labelled {
            title: token.to_owned(),
            observation,
            label: label.clone(),
        }));
    }
    Ok(Read::Classes(vec![Class { name: "all vendors, macOS apps", recall: 0.0, precision: 0.995, records }]))
}

/// The app by its name with its bundle id, and its installer receipts.
fn observations(cask: &Value) -> impl Iterator<Item = Observation> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let list = |key: &str| cask[key].as_array().cloned().unwrap_or_default();
    let bundle = list("quit").iter().find_map(text);
    let app = list("names").iter().find_map(text).map(|name| {
        let mut app = Observation::new(ObservationSource::Apps);
        app.name = Some(name);
        app.identifier = bundle;
        app
    });
    let receipts: Vec<Observation> = list("pkgutil")
        .iter()
        .filter_map(text)
        .filter(|id| !id.contains('*'))
        .map(|id| {
            let mut receipt = Observation::new(ObservationSource::PkgReceipts);
            receipt.name = Some(id);
            receipt
        })
        .collect();
    app.into_iter().chain(receipts)
}
