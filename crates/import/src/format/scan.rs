//! Our own scan files: JSON lines, the first of which says who was looked at and how.
//!
//! `docs/schemas` describes them. How much of a source a scan tells follows from how each of its collectors fared; which
//! sources a collector has is known to `interdict-collect` alone, so that whoever takes the records decides it from the
//! header, and nothing is told here.

use interdict_model::{Observation, ObservationRef, ScanHeader};

use super::Format;
use crate::error::ImportError;
use crate::json;
use crate::reading::Reading;
use crate::sample::Sample;
use crate::sink::{Device, DeviceNumber};

pub(super) const FORMAT: Format =
    Format { name: "scan", title: "Interdict scan", caveat: None, keeps_days: None, recognise, read };

fn recognise(sample: &Sample) -> u8 {
    let line = sample.text.lines().next().unwrap_or_default();
    if sample.has_all(&["schema", "machine.id", "collectors"]) && line.contains("interdict/scan/") { 100 } else { 0 }
}

fn read(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let mut device: Option<DeviceNumber> = None;
    json::lines(reading, |reading, place, line| {
        let Some(number) = device else {
            device = Some(header(reading, line)?);
            return Ok(());
        };
        match serde_json::from_slice::<Observation>(line) {
            Ok(observation) => reading.observation(place, number, &ObservationRef::from(&observation)),
            // What was not written to its end holds less than there is, and would pass for all.
            Err(error) if error.is_eof() && line.last() != Some(&b'\n') => Err(ImportError::Unreadable {
                problem: "the file ends in the middle of a line: it was cut short".to_owned(),
                place: place.to_string(),
            }),
            // Scans may stand behind one another in a file; what follows a header is that machine's.
            Err(_) if serde_json::from_slice::<ScanHeader>(line).is_ok() => {
                device = Some(header(reading, line)?);
                Ok(())
            }
            Err(error) => reading.reject(place, error.to_string(), line),
        }
    })
}

fn header(reading: &mut Reading<'_>, line: &[u8]) -> Result<DeviceNumber, ImportError> {
    let wrong = |found: String| ImportError::WrongFormat { expected: FORMAT.title, found };
    let header: ScanHeader = serde_json::from_slice(line).map_err(|error| wrong(format!("its first line: {error}")))?;
    if header.schema != ScanHeader::SCHEMA {
        return Err(wrong(format!("its schema is \"{}\", not \"{}\"", header.schema, ScanHeader::SCHEMA)));
    }
    reading.made(&header.started);
    let machine = &header.machine;
    reading.device(&Device {
        machine_id: Some(&machine.id),
        hostname: Some(&machine.hostname),
        os_family: Some(machine.os.family),
        os_name: Some(&machine.os.name),
        os_version: Some(&machine.os.version),
        arch: Some(&machine.arch),
        seen: Some(&header.started),
        ..Device::default()
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::{gather, try_gather};

    #[test]
    fn what_follows_another_header_is_that_machine_s() {
        const HEADER: &str = r#"{"schema":"interdict/scan/v1","machine":{"id":"ID","hostname":"ID","os":{"family":"linux","name":"Debian","version":"12"},"arch":"x86_64"},"started":"2026-11-22T10:00:00Z","probes":{"catalogue_version":"x","count":0},"collectors":[],"tool_version":"0.1.0"}"#;
        let scan =
            |id: &str| format!("{HEADER}\n{{\"source\":\"deb_packages\",\"name\":\"of-ID\"}}\n").replace("ID", id);
        let gathered = gather(format!("{}{}", scan("a"), scan("b")).as_bytes(), "all.jsonl");
        assert_eq!((gathered.names(0), gathered.names(1)), (vec!["of-a"], vec!["of-b"]));
    }

    #[test]
    fn a_scan_cut_short_is_not_imported() {
        let text = concat!(
            r#"{"schema":"interdict/scan/v1","machine":{"id":"m1","hostname":"web-01","os":{"family":"linux","name":"Debian","version":"12"},"arch":"x86_64"},"started":"2026-11-22T10:00:00Z","probes":{"catalogue_version":"x","count":0},"collectors":[],"tool_version":"0.1.0"}"#,
            "\n",
            r#"{"source":"deb_packages","name":"ke"#,
        );
        let error = try_gather(text.as_bytes(), "web-01.jsonl").expect_err("is cut");
        assert!(error.to_string().contains("cut short (line 2)"), "{error}");
    }

    #[test]
    fn a_line_that_is_no_observation_is_rejected_alone() {
        let text = concat!(
            r#"{"schema":"interdict/scan/v1","machine":{"id":"m1","hostname":"web-01","os":{"family":"linux","name":"Debian","version":"12"},"arch":"x86_64"},"started":"2026-11-22T10:00:00Z","probes":{"catalogue_version":"x","count":0},"collectors":[],"tool_version":"0.1.0"}"#,
            "\n",
            r#"{"source":"deb_packages","name":"kesl","version":"12.1"}"#,
            "\n",
            r#"{"source":"deb_packages","nmae":"kesl"}"#,
            "\n",
        );
        let gathered = gather(text.as_bytes(), "web-01.jsonl");
        assert_eq!(gathered.imported.format, "scan");
        assert_eq!((gathered.imported.used, gathered.imported.rejected), (1, 1));
        assert_eq!(gathered.devices[0].machine_id.as_deref(), Some("m1"));
        assert_eq!(gathered.rejects[0].place.to_string(), "line 3");
    }
}
