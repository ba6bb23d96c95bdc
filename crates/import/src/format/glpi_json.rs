//! Inventories of the GLPI agent as JSON: one machine a file.
//!
//! `partial` says that only what changed was sent; without it a section lists all of its kind. The schema is at
//! <https://github.com/glpi-project/inventory_format>. What is read of a section, [`super::glpi`] says.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Format;
use super::glpi::{self, Facts, Inventory};
use crate::error::ImportError;
use crate::json::{self, Fields};
use crate::reading::Reading;
use crate::sample::Sample;
use crate::sink::Place;

pub(super) const FORMAT: Format = Format {
    name: "glpi-json",
    title: "GLPI inventory (JSON)",
    caveat: Some(glpi::CAVEAT),
    keeps_days: None,
    recognise,
    read,
};

/// The largest file. That of a machine with ten thousand packages is some megabytes.
const LIMIT: u64 = 128 << 20;

fn recognise(sample: &Sample) -> u8 {
    const SECTIONS: &[&str] =
        &["hardware", "bios", "softwares", "versionclient", "accesslog", "operatingsystem", "antivirus"];
    let sections = SECTIONS.iter().filter(|section| sample.has(&format!("content.{section}"))).count();
    match sections {
        0 => 0,
        1 if !sample.has("deviceid") && !sample.has("content.versionclient") => 50,
        _ => 95,
    }
}

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    deviceid: Option<String>,
    #[serde(default)]
    partial: Option<serde_json::Value>,
    content: Content,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Content {
    hardware: Fields,
    bios: Fields,
    operatingsystem: Fields,
    accesslog: Fields,
    softwares: Option<Vec<Box<RawValue>>>,
    antivirus: Option<Vec<Box<RawValue>>>,
    remote_mgmt: Option<Vec<Box<RawValue>>>,
}

type Take = fn(&mut Inventory, &mut Reading<'_>, Place, &Fields, &[u8]) -> Result<(), ImportError>;

fn read(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let Document { deviceid, partial, content } = json::whole(reading, LIMIT)?;
    let Content { hardware, bios, operatingsystem, accesslog, softwares, antivirus, remote_mgmt } = content;
    let is_partial = partial.is_some_and(|partial| match partial {
        serde_json::Value::Bool(partial) => partial,
        serde_json::Value::Number(number) => number.as_f64() != Some(0.0),
        serde_json::Value::String(text) => !matches!(text.as_str(), "" | "0" | "false"),
        _ => false,
    });
    let facts = Facts { id: deviceid, is_partial, hardware, bios, system: operatingsystem, log: accesslog };
    let mut inventory = Inventory::begin(reading, &facts)?;
    let sections: [(Option<Vec<Box<RawValue>>>, Take); 3] =
        [(softwares, Inventory::software), (antivirus, Inventory::antivirus), (remote_mgmt, Inventory::remote_control)];
    for (records, take) in sections {
        for (number, record) in (1..).zip(records.into_iter().flatten()) {
            let (place, bytes) = (Place::Item(number), record.get().as_bytes());
            match serde_json::from_slice::<Fields>(bytes) {
                Ok(fields) => take(&mut inventory, reading, place, &fields, bytes)?,
                Err(error) => reading.reject(place, format!("no record of a section: {error}"), bytes)?,
            }
        }
    }
    inventory.end(reading)
}

#[cfg(test)]
mod tests {
    use interdict_model::{ObservationSource, OsFamily, Scope, raw_key};

    use crate::sink::Completeness;
    use crate::testing::{fixture, gather, try_gather};

    #[test]
    fn a_windows_machine_with_its_antivirus() {
        let gathered = fixture("glpi-json", "windows-antivirus.json");
        let device = &gathered.devices[0];
        assert_eq!(device.tool_id.as_deref(), Some("pc-ada-2026-01-02-03-04-05"));
        assert_eq!((device.hostname.as_deref(), device.domain.as_deref()), (Some("PC-ADA"), Some("example.test")));
        assert_eq!((device.uuid.as_deref(), device.serial.as_deref()), (None, Some("5CG0123456")), "a placeholder");
        assert_eq!(device.os_family, Some(OsFamily::Windows));
        assert_eq!(device.seen.as_deref(), Some("2026-01-05T09:10:11Z"));
        let (_, _, kes) = &gathered.observations[0];
        assert_eq!(kes.source, ObservationSource::Programs);
        assert_eq!(kes.identifier.as_deref(), Some("{E5F3B2A1-0000-4000-8000-00000000C0DE}"));
        assert_eq!(kes.install_date.as_deref(), Some("2025-12-31"));
        let (_, _, own) = &gathered.observations[1];
        assert_eq!(own.scope, Some(Scope::User("ada".to_owned())));
        assert_eq!(own.version, None, "a record without a version is kept");
        let (_, _, store) = &gathered.observations[2];
        assert_eq!(store.source, ObservationSource::Msix);
        let (_, _, antivirus) = &gathered.observations[3];
        assert_eq!(antivirus.source, ObservationSource::Wsc);
        assert_eq!(antivirus.raw(raw_key::KIND), Some("anti-virus"));
        assert_eq!(antivirus.raw(raw_key::STATE), Some("on"));
        assert_eq!(antivirus.raw(raw_key::UP_TO_DATE), Some("false"));
        assert_eq!(antivirus.raw(raw_key::LICENCE_END), Some("2026-06-30"));
        assert_eq!(antivirus.raw(raw_key::DEFINITIONS_DATE), Some("2026-01-04"));
        let (_, _, remote) = &gathered.observations[4];
        assert_eq!((remote.name.as_deref(), remote.identifier.as_deref()), (Some("anydesk"), None));
        assert!(gathered.told.iter().all(|(_, _, completeness)| *completeness == Completeness::Whole));
        assert_eq!(gathered.told.len(), 4);
        assert_eq!(gathered.rejects.len(), 1);
        assert_eq!(gathered.rejects[0].reason, "a piece of software without a name");
    }

    #[test]
    fn a_partial_inventory_tells_nothing_whole() {
        let gathered = fixture("glpi-json", "partial.json");
        assert_eq!(gathered.names(0), ["kesl"]);
        assert_eq!(gathered.told, [(0, ObservationSource::DebPackages, Completeness::Part)]);
    }

    #[test]
    fn whose_it_is_may_stand_at_the_end_or_nowhere() {
        let text = r#"{"content":{"softwares":[{"name":"x"}],"versionclient":"v"},"partial":0,"deviceid":"d-1"}"#;
        let gathered = gather(text.as_bytes(), "x.json");
        assert_eq!(gathered.devices[0].tool_id.as_deref(), Some("d-1"));
        assert_eq!(gathered.told[0].2, Completeness::Whole);
        let text = r#"{"content":{"softwares":[{"name":"x"}],"versionclient":"v"}}"#;
        assert_eq!(gather(text.as_bytes(), "pc-7.json").devices[0].hostname.as_deref(), Some("pc-7"));
    }

    #[test]
    fn sections_may_be_null() {
        let text = r#"{"deviceid":"d-1","content":{"versionclient":"v","hardware":null,"bios":null,"softwares":null,"antivirus":[{"name":"x"}]}}"#;
        assert_eq!(gather(text.as_bytes(), "x.json").names(0), ["x"]);
    }

    #[test]
    fn a_document_cut_short_is_an_error() {
        let text = r#"{"deviceid":"d-1","content":{"versionclient":"v","softwares":[{"name":"x"},{"na"#;
        let error = try_gather(text.as_bytes(), "x.json").expect_err("is cut");
        assert!(error.to_string().contains("cut short"), "{error}");
    }
}
