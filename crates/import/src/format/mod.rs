//! The formats, one module each. A new one is a module, a folder of fixtures and a line in [`FORMATS`].

mod cyclonedx;
mod defender;
mod dpkg;
mod fleet;
mod glpi;
mod glpi_json;
mod glpi_xml;
mod interdict_csv;
mod ocs_xml;
mod osquery;
mod powershell;
mod presets;
mod registry;
mod rpm;
mod sbom;
mod scan;
mod spdx;
mod syft;
mod system_profiler;
pub(crate) mod table;
mod wazuh;
mod winget;

pub use interdict_csv::COLUMNS as INSTALLATION_COLUMNS;

use crate::error::ImportError;
use crate::reading::Reading;
use crate::sample::{Sample, Shape};

/// A format that can be imported.
pub struct Format {
    /// What `--from` calls it, in kebab case; never changes.
    pub name: &'static str,
    /// For people, such as `osquery results`.
    pub title: &'static str,
    /// What is known of it that a person should know: what it leaves out, how old its data may be.
    pub caveat: Option<&'static str>,
    /// For how many days the tool may go on telling of what is no longer there, because it keeps what machines told it.
    pub keeps_days: Option<u32>,
    /// How sure it is that a file is of this format: 0 not at all, 100 certain. Of equals the first in the list wins.
    pub(crate) recognise: fn(&Sample) -> u8,
    /// Reads a file.
    pub(crate) read: fn(&mut Reading<'_>) -> Result<(), ImportError>,
}

/// Every format, in alphabetical order.
pub const FORMATS: &[&Format] = &[
    &presets::ACTION1,
    &presets::CONFIGMGR,
    &cyclonedx::FORMAT,
    &defender::FORMAT,
    &presets::DEFENDER_CSV,
    &dpkg::LIST,
    &dpkg::QUERY,
    &dpkg::STATUS,
    &fleet::FORMAT,
    &table::GENERIC_JSON,
    &powershell::FORMAT,
    &glpi_json::FORMAT,
    &glpi_xml::FORMAT,
    &interdict_csv::FORMAT,
    &presets::INTUNE_AGGREGATE,
    &presets::INTUNE_RAW,
    &presets::JAMF,
    &presets::KSC_REGISTRY,
    &presets::LANSWEEPER,
    &presets::NINJAONE,
    &ocs_xml::FORMAT,
    &osquery::FORMAT,
    &presets::PDQ,
    &registry::FORMAT,
    &rpm::FORMAT,
    &scan::FORMAT,
    &presets::SNIPE_IT,
    &spdx::FORMAT,
    &syft::FORMAT,
    &system_profiler::FORMAT,
    &table::FORMAT,
    &wazuh::FORMAT,
    &winget::FORMAT,
];

/// A format by its name.
#[must_use]
pub fn format_by_name(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}

/// The format that reads a file by a mapping, if it is one of rows of columns.
pub(crate) fn mapped(sample: &Sample) -> Option<&'static Format> {
    match sample.shape {
        Shape::Table { .. } => Some(&table::FORMAT),
        Shape::Json(_) | Shape::JsonLines(_) => Some(&table::GENERIC_JSON),
        Shape::Xml(_) | Shape::Text => None,
    }
}

/// The format that is surest of a file.
pub(crate) fn recognise(sample: &Sample) -> Option<&'static Format> {
    let mut best: Option<(u8, &'static Format)> = None;
    for format in FORMATS {
        let sure = (format.recognise)(sample);
        if sure > best.map_or(0, |(sure, _)| sure) {
            best = Some((sure, format));
        }
    }
    best.map(|(_, format)| format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_in_order() {
        assert!(FORMATS.is_sorted_by(|left, right| left.name < right.name));
        for format in FORMATS {
            assert!(format.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
        }
    }
}
