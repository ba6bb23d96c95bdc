//! Our own list of installations: what `interdict installations --format csv` writes, read back without a loss.
//!
//! Its values are taken as they are, blanks and all, since they are ours; only the `'` is taken away that keeps spreadsheets
//! from taking a value for a formula. Columns may stand in any order, and others beside them: a person may have looked at
//! the file and saved it. Who told of a row is read by nobody: what comes from this file is told by this file.
//! [`COLUMNS`] is the one list of the columns: `interdict installations` writes them by it.

use std::collections::BTreeMap;

use interdict_model::{ObservationRef, ObservationSource, OsFamily, ScopeRef};

use super::Format;
use crate::devices::Devices;
use crate::error::ImportError;
use crate::reading::Reading;
use crate::sample::Shape;
use crate::sink::{Device, DeviceNumber, Place};
use crate::table::{self, Cells};

pub(super) const FORMAT: Format = Format {
    name: "interdict-csv",
    title: "Interdict list of installations (CSV)",
    caveat: Some("has what was there when it was written, and nothing of the past"),
    keeps_days: None,
    recognise: |sample| if sample.has_columns(TOLD_BY) { 100 } else { 0 },
    read,
};

/// The titles of the columns, in the order in which they are written.
pub const COLUMNS: [&str; 21] = [
    "machine_id",
    "hostname",
    "os_family",
    "os_name",
    "os_version",
    "machine_arch",
    "last_seen",
    "told_by",
    "source",
    "name",
    "display_name",
    "version",
    "publisher",
    "install_location",
    "install_date",
    "identifier",
    "path",
    "signer",
    "arch",
    "scope",
    "raw",
];

/// The columns that no other tool has together.
const TOLD_BY: &[&str] = &["machine_id", "hostname", "last_seen", "told_by", "source", "display_name", "raw"];

fn read(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let wrong = |found: String| ImportError::WrongFormat { expected: FORMAT.title, found };
    let Shape::Table { header, .. } = &reading.sample.shape else {
        return Err(wrong(reading.sample.describe()));
    };
    let Some(columns) = Columns::of(header) else {
        return Err(wrong(reading.sample.describe()));
    };
    let mut devices = Devices::default();
    table::read_rows(reading, |reading, place, row| one(reading, &columns, &mut devices, place, row))
}

/// Where each column stands; nothing for one that is not there.
struct Columns {
    machine: [Option<usize>; 7],
    source: usize,
    texts: [Option<usize>; 10],
    scope: Option<usize>,
    raw: Option<usize>,
}

const OF_MACHINE: [&str; 7] =
    ["machine_id", "hostname", "os_family", "os_name", "os_version", "machine_arch", "last_seen"];
const TEXTS: [&str; 10] = [
    "name",
    "display_name",
    "version",
    "publisher",
    "install_location",
    "install_date",
    "identifier",
    "path",
    "signer",
    "arch",
];

impl Columns {
    fn of(header: &[String]) -> Option<Self> {
        let place = |title: &str| header.iter().position(|column| column.trim().eq_ignore_ascii_case(title));
        Some(Self {
            machine: OF_MACHINE.map(place),
            source: place("source")?,
            texts: TEXTS.map(place),
            scope: place("scope"),
            raw: place("raw"),
        })
    }
}

/// What a column holds, as it was before it was made safe for spreadsheets.
fn value<'b>(row: &Cells<'b>, column: Option<usize>) -> Option<&'b str> {
    let written = row.whole(column?);
    let was = written
        .strip_prefix('\'')
        .filter(|rest| rest.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']));
    Some(was.unwrap_or(written)).filter(|value| !value.is_empty())
}

fn one(
    reading: &mut Reading<'_>,
    columns: &Columns,
    devices: &mut Devices,
    place: Place,
    row: Cells<'_>,
) -> Result<(), ImportError> {
    let Some(device) = device(reading, columns, devices, &row)? else {
        return reading.reject(place, "it names no machine", row.text.as_bytes());
    };
    let source = value(&row, Some(columns.source)).unwrap_or_default();
    let Ok(source) = source.parse::<ObservationSource>() else {
        return reading.reject(place, format!("\"{source}\" is no source of observations"), row.text.as_bytes());
    };
    let scope = match value(&row, columns.scope) {
        None => None,
        Some("machine") => Some(ScopeRef::Machine),
        Some(other) => match other.strip_prefix("user:").filter(|name| !name.is_empty()) {
            Some(name) => Some(ScopeRef::User(name)),
            None => return reading.reject(place, format!("\"{other}\" is no scope"), row.text.as_bytes()),
        },
    };
    let raw: BTreeMap<String, String> = match value(&row, columns.raw).map(serde_json::from_str).transpose() {
        Ok(raw) => raw.unwrap_or_default(),
        Err(error) => return reading.reject(place, format!("its raw fields: {error}"), row.text.as_bytes()),
    };
    let [name, display_name, version, publisher, install_location, install_date, identifier, path, signer, arch] =
        columns.texts.map(|column| value(&row, column));
    let raw = raw.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let observation = ObservationRef {
        name,
        display_name,
        version,
        publisher,
        install_location,
        install_date,
        identifier,
        path,
        signer,
        arch,
        scope,
        raw,
        ..ObservationRef::new(source)
    };
    reading.observation(place, device, &observation)
}

/// The machine of a row, by its id, else by its name; nothing where it names none.
fn device(
    reading: &mut Reading<'_>,
    columns: &Columns,
    devices: &mut Devices,
    row: &Cells<'_>,
) -> Result<Option<DeviceNumber>, ImportError> {
    let [machine_id, hostname, family, os_name, os_version, arch, seen] =
        columns.machine.map(|column| value(row, column));
    let Some(key) = machine_id.or(hostname) else { return Ok(None) };
    if let Some(known) = devices.known(key) {
        return Ok(Some(known));
    }
    let os_family = family.and_then(|word| word.parse::<OsFamily>().ok());
    let device = Device { machine_id, hostname, os_family, os_name, os_version, arch, seen, ..Device::default() };
    devices.number(reading, key, &device).map(Some)
}

#[cfg(test)]
mod tests {
    use interdict_model::Scope;

    use crate::testing::fixture;

    /// Every column but the one that says who told of a row is read.
    #[test]
    fn what_is_written_is_read() {
        let read = super::OF_MACHINE.iter().chain(&super::TEXTS).chain(&["source", "scope", "raw"]);
        let read: std::collections::BTreeSet<&str> = read.copied().collect();
        let written: std::collections::BTreeSet<&str> = super::COLUMNS.into_iter().collect();
        assert_eq!(written.difference(&read).copied().collect::<Vec<_>>(), ["told_by"]);
        assert!(read.is_subset(&written), "{read:?}");
        assert!(super::TOLD_BY.iter().all(|column| written.contains(column)));
    }

    #[test]
    fn values_are_what_they_were_and_machines_keep_their_ids() {
        let gathered = fixture("interdict-csv", "formulas-and-blanks.csv");
        let ids: Vec<_> = gathered.devices.iter().map(|device| device.machine_id.as_deref().unwrap_or("-")).collect();
        assert_eq!(ids, ["m-1", "m-2"]);
        assert_eq!(gathered.devices[0].seen.as_deref(), Some("2026-11-22T10:00:00Z"));
        let first = &gathered.observations[0].2;
        assert_eq!(first.name.as_deref(), Some("=cmd|calc"), "the sign that made it safe is gone");
        assert_eq!(first.version.as_deref(), Some(" 1.0 "), "blanks are values");
        assert_eq!(first.publisher.as_deref(), Some("-"));
        assert_eq!(first.scope, Some(Scope::User("alpha".to_owned())));
        assert_eq!(first.raw.get("status").map(String::as_str), Some("install ok, installed"));
        assert_eq!(gathered.observations[1].2.name.as_deref(), Some("'=quoted before"));
        assert_eq!(gathered.observations[2].2.name.as_deref(), Some("'t is plain"));
        assert_eq!(gathered.observations[2].2.install_location.as_deref(), Some("two\nlines, \"quoted\""));
        let reasons: Vec<&str> = gathered.rejects.iter().map(|reject| reject.reason.as_str()).collect();
        assert_eq!(reasons.len(), 4, "{reasons:?}");
        for (reason, said) in reasons.iter().zip(["no machine", "no source", "no scope", "raw fields"]) {
            assert!(reason.contains(said), "{reason}");
        }
    }
}
