//! Exports of the registry editor: the programs of the uninstall keys in them.
//!
//! As `reg export HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall` writes them, in UTF-16. Keys of the machine
//! are the machine's programs, keys of a user are that user's; under `HKEY_CURRENT_USER` the export does not say whose.
//! Whether a program's files exist cannot be seen from here.

use std::io::Read as _;

use interdict_formats::registry::RegistryValue;
use interdict_formats::registry_file::{RegistryFileKey, parse_registry_file};
use interdict_model::{Diagnostic, ObservationRef, ObservationSource, OsFamily, ScopeRef};

use super::Format;
use crate::error::ImportError;
use crate::reading::Reading;
use crate::sample::Sample;
use crate::sink::Place;
use crate::text::{self, DateOrder};

/// The largest file, in bytes of UTF-8; the uninstall keys of a machine come to one or two megabytes.
const LIMIT: u64 = 128 << 20;

pub(super) const FORMAT: Format = Format {
    name: "reg",
    title: "registry export (.reg)",
    caveat: Some("the uninstall keys are read; whether the files of a program exist cannot be seen from here"),
    keeps_days: None,
    recognise,
    read,
};

fn recognise(sample: &Sample) -> u8 {
    let first = sample.text.lines().next().unwrap_or_default().trim();
    if matches!(first, "Windows Registry Editor Version 5.00" | "REGEDIT4") { 100 } else { 0 }
}

fn read(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let text = std::mem::replace(&mut reading.text, Box::new(std::io::empty()));
    let mut bytes = Vec::new();
    text.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        return Err(ImportError::TooLarge { what: "a registry export".to_owned(), limit: LIMIT });
    }
    let (keys, diagnostics) = parse_registry_file(&bytes);
    drop(bytes);
    let mut complaints = diagnostics.into_iter();
    for complaint in complaints.by_ref().take(1_000) {
        let place = complaint.location.and_then(|location| location.line);
        reading.reject(place.map_or(Place::File, |line| Place::Line(line.into())), complaint.message, b"")?;
    }
    let more = complaints.count();
    if more > 0 {
        let message = format!("{more} more lines could not be used");
        reading.note(Diagnostic::warning("import/unreadable", message))?;
    }
    for (number, key) in (1..).zip(&keys) {
        observe(reading, Place::Item(number), key)?;
    }
    Ok(())
}

/// The name of a program's key, where it is one of the uninstall keys.
fn program(path: &str) -> Option<&str> {
    let (parent, name) = path.rsplit_once('\\')?;
    let lower = parent.to_ascii_lowercase();
    lower.ends_with(r"\microsoft\windows\currentversion\uninstall").then_some(name)
}

/// For whom a key registers; nothing where the export does not say.
fn scope(path: &str) -> Option<ScopeRef<'_>> {
    let mut parts = path.split('\\');
    let root = parts.next()?;
    if root.eq_ignore_ascii_case("HKEY_LOCAL_MACHINE") || root.eq_ignore_ascii_case("HKLM") {
        return Some(ScopeRef::Machine);
    }
    let is_users = root.eq_ignore_ascii_case("HKEY_USERS") || root.eq_ignore_ascii_case("HKU");
    parts.next().filter(|_| is_users).map(ScopeRef::User)
}

fn observe(reading: &mut Reading<'_>, place: Place, key: &RegistryFileKey) -> Result<(), ImportError> {
    let Some(name) = program(&key.path) else {
        return reading.skip(place, "the key is no program's uninstall key");
    };
    let value = |wanted: &str| key.values.iter().find(|value| value.name.eq_ignore_ascii_case(wanted));
    let written =
        |wanted: &str| value(wanted).and_then(|value: &RegistryValue| value.data.text()).and_then(text::known);
    let (display_name, publisher, version) = (written("DisplayName"), written("Publisher"), written("DisplayVersion"));
    let has_command = written("UninstallString").or_else(|| written("QuietUninstallString")).is_some();
    if display_name.is_none() && publisher.is_none() && version.is_none() && !has_command {
        return reading.skip(place, "the key registers no program: it has no name, publisher, version or command");
    }
    let date = written("InstallDate").and_then(|date| text::day(date, DateOrder::MonthFirst));
    let folder = written("InstallLocation").map(|folder| folder.trim_matches('"'));
    let device = reading.file_device_of(Some(OsFamily::Windows))?;
    let mut observation = ObservationRef::new(ObservationSource::Programs);
    observation.name = Some(display_name.unwrap_or(name));
    observation.version = version;
    observation.publisher = publisher;
    observation.install_location = folder.and_then(text::known);
    observation.install_date = date.as_deref();
    observation.identifier = Some(name);
    observation.path = Some(&key.path);
    observation.scope = scope(&key.path);
    reading.observation(place, device, &observation)
}

#[cfg(test)]
mod tests {
    use crate::testing::fixture;

    #[test]
    fn programs_are_the_machines_or_a_users() {
        let gathered = fixture("reg", "uninstall-utf16.reg");
        let row = |one: &interdict_model::Observation| {
            let of = |field: &Option<String>| field.clone().unwrap_or_else(|| "-".to_owned());
            let scope = one.scope.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
            format!(
                "{} | {} | {} | {} | {scope}",
                of(&one.name),
                of(&one.version),
                of(&one.publisher),
                of(&one.install_date)
            )
        };
        let rows: Vec<String> = gathered.observations.iter().map(|(_, _, one)| row(one)).collect();
        assert_eq!(
            rows,
            [
                "Kaspersky Endpoint Security для Windows | 12.4.0.467 | АО \"Лаборатория Касперского\" | 2024-03-05 | machine",
                "7-Zip | 24.05 | - | - | user:S-1-5-21-1004336348-1177238915-682003330-1001",
                "Mine | - | Somebody | - | -",
                "{00000000-0000-0000-0000-00000000BEEF} | - | - | - | machine",
            ]
        );
        let kes = &gathered.observations[0].2;
        assert_eq!(kes.install_location.as_deref(), Some(r"C:\Program Files (x86)\Kaspersky Lab\KES.12.4.0\"));
        assert_eq!(kes.identifier.as_deref(), Some("{E5F3B2A1-0000-4000-8000-00000000C0DE}"));
        assert_eq!(gathered.imported.skipped.values().sum::<u64>(), 2);
        assert_eq!(gathered.rejects.len(), 1, "{:?}", gathered.rejects);
    }
}
