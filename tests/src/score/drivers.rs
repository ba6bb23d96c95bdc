//! Minifilter drivers: the file name is the record, the company that registered its altitude is the label.

use interdict_catalogue::Catalogue;
use interdict_model::{Observation, ObservationSource};

use super::companies::{by_name, distinctive};
use super::{Class, Label, Labelled, Read};
use crate::test_data;

pub(super) fn classes(catalogue: &Catalogue) -> Result<Read, String> {
    let Some(text) = test_data::text("driver-altitudes/allocated-altitudes.csv")? else {
        return Ok(Read::Absent(test_data::place("driver-altitudes").display().to_string()));
    };
    let names = by_name(catalogue);
    let records = text
        .lines()
        .skip(1)
        .filter_map(|line| {
            let cells: Vec<&str> = line.splitn(4, ',').collect();
            let [_, file, _, company] = cells.as_slice() else { return None };
            // Notes behind the name ("on 64bit", "- Bottom") are the list's, not the file's.
            let file = file.split_whitespace().next()?;
            let mut driver = Observation::new(ObservationSource::Minifilters);
            driver.name = Some(file.to_owned());
            driver.publisher = None;
            let vendor = names.get(&distinctive(company.trim_matches('"'))).cloned().flatten();
            let label = vendor.map_or(Label::Unknown, Label::Vendor);
            Some(Labelled { title: format!("{file} of {company}"), observation: driver, label })
        })
        // Of a company the catalogue does not know nothing can be judged by a file name.
        .filter(|record| record.label != Label::Unknown)
        .collect();
    Ok(Read::Classes(vec![Class {
        name: "known companies, minifilter drivers",
        recall: 0.0,
        precision: 0.995,
        records,
    }]))
}
