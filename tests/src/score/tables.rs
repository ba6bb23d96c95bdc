//! The project's own tables, `tests/matching/`: positives and guards of every vendor.

use interdict_catalogue::Catalogue;
use interdict_model::VendorId;

use super::{Class, Label, Labelled, Read, matching_rows};
use crate::checkout;

pub(super) fn classes(_: &Catalogue) -> Result<Read, String> {
    let rows = matching_rows(&checkout::root().join("tests/matching"))?;
    let records = rows
        .into_iter()
        .map(|row| Labelled {
            title: format!("{}: {}", row.file, row.why),
            observation: row.observation,
            label: row.vendor.map_or(Label::Nobody, |vendor| Label::Vendor(VendorId::new(vendor))),
        })
        .collect();
    Ok(Read::Classes(vec![Class { name: "the project's own tables", recall: 1.0, precision: 1.0, records }]))
}
