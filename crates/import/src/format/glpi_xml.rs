//! Inventories of the GLPI agent's older form and of `FusionInventory` as XML: one machine a file.
//!
//! The names are those of the JSON form in upper case; days have the day first. What is read of a section,
//! [`super::glpi`] says. [`super::ocs_xml`] is the elder relative, read alike.

use super::Format;
use super::glpi::{self, Facts, Inventory};
use crate::error::ImportError;
use crate::json::Fields;
use crate::reading::Reading;
use crate::sample::Sample;
use crate::sink::Place;
use crate::xml;

pub(super) const FORMAT: Format = Format {
    name: "glpi-xml",
    title: "GLPI or FusionInventory inventory (XML)",
    caveat: Some(glpi::CAVEAT),
    keeps_days: None,
    recognise,
    read,
};

/// How much of the sections of one machine is kept until it is known whose they are.
const LIMIT: usize = 128 << 20;
/// What the map of a record's members takes besides their texts.
const RECORD: usize = 1_000;

fn recognise(sample: &Sample) -> u8 {
    const SECTIONS: &[&str] = &["HARDWARE", "BIOS", "SOFTWARES", "OPERATINGSYSTEM", "ACCESSLOG", "VERSIONCLIENT"];
    let is_inventory = SECTIONS.iter().any(|section| sample.has(&format!("REQUEST/CONTENT/{section}")));
    if is_inventory { 85 } else { 0 }
}

/// The sections that are records, in the order in which they are handed on.
const RECORDS: &[&[&str]] = &[
    &["REQUEST", "CONTENT", "SOFTWARES"],
    &["REQUEST", "CONTENT", "ANTIVIRUS"],
    &["REQUEST", "CONTENT", "REMOTE_MGMT"],
];
/// The sections that say whose they are.
const FACTS: &[&[&str]] = &[
    &["REQUEST", "CONTENT", "HARDWARE"],
    &["REQUEST", "CONTENT", "BIOS"],
    &["REQUEST", "CONTENT", "OPERATINGSYSTEM"],
    &["REQUEST", "CONTENT", "ACCESSLOG"],
    &["REQUEST", "DEVICEID"],
    &["REQUEST", "PARTIAL"],
    &["REQUEST", "CONTENT", "PARTIAL"],
];

pub(super) fn read(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let mut facts = Facts::default();
    let mut records: Vec<(usize, Place, Fields)> = Vec::new();
    let mut kept = 0;
    let wanted: Vec<&[&str]> = RECORDS.iter().chain(FACTS).copied().collect();
    xml::elements(reading, &wanted, |_, which, place, element| {
        match which.checked_sub(RECORDS.len()) {
            None => {
                let fields = element.fields();
                kept += RECORD + fields.0.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
                if kept > LIMIT {
                    let what = "an inventory".to_owned();
                    return Err(ImportError::TooLarge { what, limit: LIMIT as u64 });
                }
                records.push((which, place, fields));
            }
            Some(0) => facts.hardware = element.fields(),
            Some(1) => facts.bios = element.fields(),
            Some(2) => facts.system = element.fields(),
            Some(3) => facts.log = element.fields(),
            Some(4) => facts.id = element.text().map(str::to_owned),
            Some(_) => facts.is_partial = element.text().is_some_and(|text| !matches!(text, "0" | "false")),
        }
        Ok(())
    })?;
    records.sort_by_key(|(which, ..)| *which);
    let mut inventory = Inventory::begin(reading, &facts)?;
    for (which, place, fields) in &records {
        let bytes = fields.0.values().map(String::as_str).collect::<Vec<_>>().join(" ");
        match which {
            0 => inventory.software(reading, *place, fields, bytes.as_bytes())?,
            1 => inventory.antivirus(reading, *place, fields, bytes.as_bytes())?,
            _ => inventory.remote_control(reading, *place, fields, bytes.as_bytes())?,
        }
    }
    inventory.end(reading)
}

#[cfg(test)]
mod tests {
    use interdict_model::{ObservationSource, OsFamily, raw_key};

    use crate::sink::Completeness;
    use crate::testing::{fixture, gather, try_gather};

    #[test]
    fn days_have_the_day_first_and_an_antivirus_of_linux_is_one() {
        let gathered = fixture("glpi-xml", "linux-antivirus.xml");
        let device = &gathered.devices[0];
        assert_eq!(device.tool_id.as_deref(), Some("srv-mail-2026-01-02-03-04-05"));
        assert_eq!((device.hostname.as_deref(), device.os_family), (Some("srv-mail"), Some(OsFamily::Linux)));
        let (place, _, kesl) = &gathered.observations[0];
        assert_eq!((kesl.source, kesl.install_date.as_deref()), (ObservationSource::DebPackages, Some("2025-06-05")));
        assert_eq!(kesl.publisher.as_deref(), Some("AO \"Kaspersky & Lab\""), "entities of XML and letters by number");
        assert_eq!(place.to_string(), "line 18");
        let (_, _, second) = &gathered.observations[1];
        assert_eq!(second.install_date, None, "N/A is no day");
        assert_eq!(second.publisher, None, "the system's name, which the agent gives to every package");
        let (_, _, antivirus) = &gathered.observations[2];
        assert_eq!((antivirus.source, antivirus.raw(raw_key::STATE)), (ObservationSource::Wsc, Some("on")));
        assert_eq!(antivirus.raw(raw_key::DEFINITIONS_DATE), Some("2026-01-04"));
        let whole = (0, ObservationSource::DebPackages, Completeness::Whole);
        assert!(gathered.told.contains(&whole));
    }

    #[test]
    fn a_document_that_is_broken_is_not_imported() {
        let begin = "<REQUEST><DEVICEID>d</DEVICEID><CONTENT><SOFTWARES><NAME>x</NAME></SOFTWARES>";
        let cases = [
            ("", "cut short"),
            ("<SOFTWARES", "cut short"),
            ("<SOFTWARES><NAME>x</VERSION>", "no XML"),
            ("<SOFTWARES><NAME>x", "cut short"),
        ];
        for (end, expected) in cases {
            let error = try_gather(format!("{begin}{end}").as_bytes(), "x.xml").expect_err(end);
            assert!(error.to_string().contains(expected), "{end}: {error}");
        }
        let deep = format!("{begin}{}", "<A>".repeat(10_000));
        let error = try_gather(deep.as_bytes(), "x.xml").expect_err("too deep");
        assert!(error.to_string().contains("deep"), "{error}");
    }

    #[test]
    fn declared_entities_are_never_expanded() {
        let text = "<!DOCTYPE R [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>\
            <REQUEST><DEVICEID>d</DEVICEID><CONTENT><SOFTWARES><NAME>x &b; &f;</NAME></SOFTWARES></CONTENT></REQUEST>";
        let gathered = gather(text.as_bytes(), "x.xml");
        assert_eq!(gathered.names(0), ["x &b; &f;"]);
    }

    #[test]
    fn bytes_that_are_no_letters_are_replaced_and_said() {
        let mut bytes = b"<REQUEST><DEVICEID>d</DEVICEID><CONTENT><BIOS/>".to_vec();
        bytes.resize(70_000, b' ');
        bytes.extend(b"<SOFTWARES><NAME>Pr\xfcfer</NAME></SOFTWARES></CONTENT></REQUEST>");
        let gathered = gather(&bytes, "x.xml");
        assert_eq!(gathered.names(0), ["Pr\u{fffd}fer"]);
        assert_eq!(gathered.notes[0].code, "import/encoding");
    }
}
