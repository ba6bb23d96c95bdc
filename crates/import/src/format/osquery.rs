//! osquery's answers: rows of its tables, as `osqueryi --json` prints them and as its scheduler logs them.
//!
//! A row holds texts only, under the names of the table's columns (<https://osquery.io/schema>). The table is not named
//! in the rows: it is told by columns that it alone has. A logged row stands in an envelope with the host's name
//! (`hostIdentifier`), the query's name and what happened (`action`); a differential log tells of changes only, a
//! snapshot of everything the query asked for. Since a query may ask for a part of a table, nothing is ever taken for
//! whole.

use interdict_model::{ObservationRef, ObservationSource, OsFamily, raw_key};
use serde::Deserialize;

use super::Format;
use crate::devices::Devices;
use crate::error::ImportError;
use crate::json::{self, Text};
use crate::reading::Reading;
use crate::sample::Sample;
use crate::sink::{Device, DeviceNumber, Place};
use crate::text::{self, DateOrder};

pub(super) const FORMAT: Format = Format {
    name: "osquery",
    title: "osquery results or log",
    caveat: Some("a query may ask for a part of a table, so nothing is taken for gone that is not told"),
    keeps_days: None,
    recognise,
    read,
};

fn recognise(sample: &Sample) -> u8 {
    if sample.has_all(&["hostIdentifier", "action"]) && (sample.has("columns") || sample.has("snapshot")) {
        return 95;
    }
    let row = |column: &str| sample.has(column) || sample.has(&format!("[].{column}"));
    let tables: &[&[&str]] = &[
        &["identifying_number", "name"],
        &["uninstall_string", "install_location", "name", "version"],
        &["bundle_identifier", "bundle_executable"],
        &["signatures_up_to_date", "state_timestamp"],
        &["package_id", "install_process_name"],
        &["name", "version", "maintainer", "revision"],
        &["name", "version", "package_group", "sha1"],
        &["name", "start_type", "service_type", "display_name"],
        &["name", "identifier", "browser_type"],
    ];
    if tables.iter().any(|columns| columns.iter().all(|column| row(column))) { 80 } else { 0 }
}

fn read(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let mut devices = Devices::default();
    if reading.sample.text.trim_start().starts_with('[') {
        json::elements(reading, &[], |reading, place, element| {
            entry(reading, &mut devices, place, element.get().as_bytes())
        })?;
    } else {
        json::lines(reading, |reading, place, line| entry(reading, &mut devices, place, line))?;
    }
    Ok(())
}

/// A row, bare or in its envelope: the envelope's members and the columns that matter, of every table that is read.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Row<'a> {
    #[serde(borrow, rename = "hostIdentifier")]
    host: Text<'a>,
    action: Text<'a>,
    #[serde(rename = "unixTime")]
    time: Text<'a>,
    columns: Option<Box<Self>>,
    snapshot: Option<Vec<Self>>,

    name: Text<'a>,
    version: Text<'a>,
    arch: Text<'a>,
    path: Text<'a>,
    publisher: Text<'a>,
    vendor: Text<'a>,
    maintainer: Text<'a>,
    revision: Text<'a>,
    status: Text<'a>,
    release: Text<'a>,
    package_group: Text<'a>,
    sha1: Text<'a>,
    install_location: Text<'a>,
    install_source: Text<'a>,
    install_date: Text<'a>,
    install_time: Text<'a>,
    uninstall_string: Text<'a>,
    identifying_number: Text<'a>,
    display_name: Text<'a>,
    bundle_identifier: Text<'a>,
    bundle_executable: Text<'a>,
    bundle_short_version: Text<'a>,
    bundle_version: Text<'a>,
    package_id: Text<'a>,
    install_process_name: Text<'a>,
    location: Text<'a>,
    start_type: Text<'a>,
    service_type: Text<'a>,
    module_path: Text<'a>,
    #[serde(rename = "type")]
    kind: Text<'a>,
    state: Text<'a>,
    signatures_up_to_date: Text<'a>,
    identifier: Text<'a>,
    browser_type: Text<'a>,
    author: Text<'a>,
}

fn entry(reading: &mut Reading<'_>, devices: &mut Devices, place: Place, bytes: &[u8]) -> Result<(), ImportError> {
    let row: Row<'_> = match serde_json::from_slice(bytes) {
        Ok(row) => row,
        Err(error) => return reading.reject(place, format!("no row of a table: {error}"), bytes),
    };
    let device = device_of(reading, devices, &row)?;
    if row.action.0 == "removed" {
        return reading.skip(place, "the log says that it was removed");
    }
    match (&row.columns, &row.snapshot) {
        (Some(columns), _) => observe(reading, place, device, columns, bytes),
        (None, Some(rows)) => {
            for row in rows {
                observe(reading, place, device, row, bytes)?;
            }
            Ok(())
        }
        (None, None) => observe(reading, place, device, &row, bytes),
    }
}

fn device_of(reading: &mut Reading<'_>, devices: &mut Devices, row: &Row<'_>) -> Result<DeviceNumber, ImportError> {
    let Some(host) = text::identity(&row.host.0) else { return reading.file_device() };
    if let Some(number) = devices.known(host) {
        return Ok(number);
    }
    let seen = row.time.known().and_then(text::instant);
    if let Some(seen) = &seen {
        reading.made(seen);
    }
    // The identifier is what the installation was told to use: a host name, the hardware's UUID or a key of its own.
    let is_uuid = host.len() == 36 && host.bytes().filter(|byte| *byte == b'-').count() == 4;
    let device = Device {
        tool_id: Some(host),
        hostname: (!is_uuid).then_some(host),
        uuid: is_uuid.then_some(host),
        os_family: table_of(row.columns.as_deref().unwrap_or(row)).and_then(family),
        seen: seen.as_deref(),
        ..Device::default()
    };
    devices.number(reading, host, &device)
}

fn observe(
    reading: &mut Reading<'_>,
    place: Place,
    device: DeviceNumber,
    row: &Row<'_>,
    bytes: &[u8],
) -> Result<(), ImportError> {
    let Some(source) = table_of(row) else {
        return reading.reject(place, "no table that tells of software has these columns", bytes);
    };
    let release = match (row.version.known(), row.release.known().or_else(|| row.revision.known())) {
        // rpm keeps the release apart; dpkg's version holds its revision already.
        (Some(version), Some(release)) if source == ObservationSource::RpmPackages => {
            Some(format!("{version}-{release}"))
        }
        _ => None,
    };
    let date = row.install_date.known().or_else(|| row.install_time.known());
    let date = date.and_then(|date| text::day(date, DateOrder::MonthFirst));
    let mut observation = ObservationRef::new(source);
    observation.name = row.name.known().or_else(|| row.package_id.known());
    observation.version = release
        .as_deref()
        .or_else(|| row.version.known())
        .or_else(|| row.bundle_short_version.known())
        .or_else(|| row.bundle_version.known());
    observation.publisher =
        [&row.publisher, &row.vendor, &row.maintainer, &row.author].into_iter().find_map(Text::known);
    observation.identifier = [&row.identifying_number, &row.bundle_identifier, &row.package_id, &row.identifier]
        .into_iter()
        .find_map(Text::known);
    observation.display_name = row.display_name.known();
    observation.install_location = row.install_location.known().or_else(|| row.location.known());
    observation.install_date = date.as_deref();
    observation.path = row.path.known();
    observation.arch = row.arch.known();
    match source {
        ObservationSource::Wsc => wsc(row, &mut observation),
        ObservationSource::Services => {
            let starts = matches!(row.start_type.0.as_ref(), "AUTO_START" | "BOOT_START" | "SYSTEM_START");
            observation.raw.push((raw_key::AUTO_START, if starts { "true" } else { "false" }));
        }
        ObservationSource::DebPackages if !matches!(row.status.0.as_ref(), "" | "install ok installed") => {
            observation.raw.push((raw_key::STATUS, &row.status.0));
        }
        _ => {}
    }
    if observation.name.is_none() && observation.identifier.is_none() && observation.path.is_none() {
        return reading.reject(place, "it has neither name nor identifier nor path", bytes);
    }
    reading.observation(place, device, &observation)
}

/// Windows Security Center's products: <https://osquery.io/schema/#windows_security_products>.
fn wsc<'a>(row: &'a Row<'_>, observation: &mut ObservationRef<'a>) {
    let kind = match row.kind.0.as_ref() {
        "Antivirus" => Some("anti-virus"),
        "AntiSpyware" | "Antispyware" => Some("anti-spyware"),
        "Firewall" => Some("firewall"),
        _ => None,
    };
    let state = match row.state.0.as_ref() {
        "On" => Some("on"),
        "Off" => Some("off"),
        "Snoozed" => Some("snoozed"),
        "Expired" => Some("expired"),
        _ => None,
    };
    let current = match row.signatures_up_to_date.0.as_ref() {
        "1" => Some("true"),
        "0" => Some("false"),
        _ => None,
    };
    let fields = [(raw_key::KIND, kind), (raw_key::STATE, state), (raw_key::UP_TO_DATE, current)];
    observation.raw.extend(fields.into_iter().filter_map(|(key, value)| Some((key, value?))));
}

/// The table a row is of.
fn table_of(row: &Row<'_>) -> Option<ObservationSource> {
    let has = |column: &Text<'_>| !column.0.is_empty();
    let named = has(&row.name);
    Some(match () {
        () if has(&row.signatures_up_to_date) => ObservationSource::Wsc,
        () if has(&row.start_type) || has(&row.service_type) => ObservationSource::Services,
        () if has(&row.bundle_identifier) || has(&row.bundle_executable) => ObservationSource::Apps,
        () if has(&row.package_id) => ObservationSource::PkgReceipts,
        () if has(&row.identifier) => ObservationSource::BrowserExtensions,
        () if has(&row.identifying_number)
            || has(&row.uninstall_string)
            || has(&row.install_source)
            || has(&row.install_location)
            || has(&row.install_date)
            || has(&row.publisher) =>
        {
            ObservationSource::Programs
        }
        () if has(&row.maintainer) || has(&row.status) || has(&row.revision) => ObservationSource::DebPackages,
        () if has(&row.package_group) || has(&row.sha1) || has(&row.release) => ObservationSource::RpmPackages,
        () if named && has(&row.version) => ObservationSource::Import,
        () => return None,
    })
}

fn family(source: ObservationSource) -> Option<OsFamily> {
    match source {
        ObservationSource::Programs | ObservationSource::Wsc | ObservationSource::Services => Some(OsFamily::Windows),
        ObservationSource::Apps | ObservationSource::PkgReceipts => Some(OsFamily::Macos),
        ObservationSource::DebPackages | ObservationSource::RpmPackages => Some(OsFamily::Linux),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use interdict_model::{ObservationSource, raw_key};

    use crate::testing::{fixture, gather};

    #[test]
    fn answers_of_a_shell_are_of_the_machine_the_file_is_named_for() {
        let gathered = fixture("osquery", "programs.json");
        assert_eq!(gathered.devices[0].hostname.as_deref(), Some("programs"));
        assert_eq!(gathered.notes[0].code, "import/machine-from-file-name");
        let (_, _, kes) = &gathered.observations[0];
        assert_eq!(kes.source, ObservationSource::Programs);
        assert_eq!(kes.publisher.as_deref(), Some("AO Kaspersky Lab"));
        assert_eq!(kes.identifier.as_deref(), Some("{E5F3B2A1-0000-4000-8000-00000000C0DE}"));
        assert_eq!(kes.install_date.as_deref(), Some("2024-03-05"));
        assert_eq!(gathered.imported.rejected, 1, "a row without any name");
    }

    #[test]
    fn a_log_knows_its_hosts_and_leaves_out_what_was_removed() {
        let gathered = fixture("osquery", "scheduled.log");
        let hosts: Vec<Option<&str>> = gathered.devices.iter().map(|device| device.hostname.as_deref()).collect();
        assert_eq!(hosts, [Some("srv-files-01"), Some("mac-17"), None]);
        assert_eq!(gathered.devices[2].uuid.as_deref(), Some("4C4C4544-0042-3510-8052-B7C04F4B5331"));
        assert_eq!(gathered.names(0), ["Kaspersky Security for Windows Server"]);
        assert_eq!(gathered.names(1), ["Slack.app", "Kaspersky Anti-Virus For Mac.app"]);
        assert_eq!(gathered.imported.skipped["the log says that it was removed"], 1);
        let (_, _, wsc) = gathered.observations.last().expect("some");
        assert_eq!((wsc.source, wsc.raw(raw_key::STATE)), (ObservationSource::Wsc, Some("on")));
        assert_eq!(gathered.imported.made.as_deref(), Some("2024-06-21T00:00:00Z"));
    }

    #[test]
    fn lines_that_are_no_rows_are_rejected_with_their_number() {
        let text = "{\"hostIdentifier\":\"a\",\"action\":\"added\",\"columns\":{\"name\":\"x\",\"version\":\"1\",\"publisher\":\"P\"}}\nnonsense\n{\"hostIdentifier\":\"a\",\"action\":\"added\",\"columns\":{\"pid\":\"4\"}}\n";
        let gathered = gather(text.as_bytes(), "osqueryd.results.log");
        let places: Vec<String> = gathered.rejects.iter().map(|reject| reject.place.to_string()).collect();
        assert_eq!(places, ["line 2", "line 3"]);
        assert_eq!(gathered.imported.used, 1);
    }
}
