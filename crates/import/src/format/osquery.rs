//! osquery's answers: rows of its tables, as `osqueryi --json` prints them and as its scheduler logs them.
//!
//! A row holds texts only, under the names of the table's columns (<https://osquery.io/schema>). The table is not named
//! in the rows: it is told by columns that it alone has. A logged row stands in an envelope with the host's name
//! (`hostIdentifier`), the query's name and what happened (`action`); a differential log tells of changes only, a
//! snapshot of everything the query asked for. Since a query may ask for a part of a table, nothing is ever taken for
//! whole.

use interdict_model::{ObservationRef, ObservationSource, OsFamily, raw_key};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::Format;
use crate::devices::Devices;
use crate::error::ImportError;
use crate::json::{self, Simple, Text};
use crate::platform;
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
    if sample.has_all(&["host", "rows[].name"]) || sample.has_all(&["hostIdentifier", "diffResults"]) {
        return 85;
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
        &["name", "identifier", "creator", "version"],
        &["identifier", "team", "state", "category"],
        &["name", "label", "program", "run_at_load"],
        &["device_name", "image", "provider", "driver_key"],
        &["name", "used_by", "status", "address"],
        &["pid", "name", "path", "cmdline"],
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

/// A column: what stands in it, or nothing where it is not there at all, which tells the tables apart.
#[derive(Default)]
struct Column<'a>(Option<Text<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Column<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize(deserializer).map(|text| Self(Some(text)))
    }
}

impl Column<'_> {
    fn is_there(&self) -> bool {
        self.0.is_some()
    }

    fn known(&self) -> Option<&str> {
        self.0.as_ref().and_then(Text::known)
    }
}

/// What a query has more and fewer rows of than before; nothing stands as an empty text.
#[derive(Deserialize)]
struct Changes<'a> {
    #[serde(borrow)]
    added: Rows<'a>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Rows<'a> {
    Some(#[serde(borrow)] Vec<Row<'a>>),
    None(IgnoredAny),
}

/// What many installations are told to add to each entry: <https://osquery.readthedocs.io/en/stable/deployment/logging/>.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Decorations<'a> {
    #[serde(borrow, alias = "host_name", alias = "computer_name")]
    hostname: Text<'a>,
    #[serde(alias = "uuid", alias = "system_uuid")]
    host_uuid: Text<'a>,
    #[serde(alias = "serial", alias = "serial_number")]
    hardware_serial: Text<'a>,
}

/// A row, bare or in its envelope: the envelope's members and the columns that matter, of every table that is read.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Row<'a> {
    #[serde(borrow, rename = "hostIdentifier")]
    host: Text<'a>,
    /// What Fleet's command calls it; shippers of logs write objects of their own there.
    #[serde(rename = "host")]
    fleet_host: Simple,
    action: Text<'a>,
    #[serde(rename = "unixTime")]
    time: Text<'a>,
    columns: Option<Box<Self>>,
    snapshot: Option<Vec<Self>>,
    /// The rows of a query of Fleet's command.
    rows: Option<Rows<'a>>,
    /// Elder logs tell of all changes of a query in one entry.
    #[serde(rename = "diffResults")]
    changes: Option<Changes<'a>>,
    decorations: Option<Decorations<'a>>,

    name: Column<'a>,
    version: Column<'a>,
    arch: Column<'a>,
    path: Column<'a>,
    publisher: Column<'a>,
    vendor: Column<'a>,
    maintainer: Column<'a>,
    revision: Column<'a>,
    status: Column<'a>,
    release: Column<'a>,
    package_group: Column<'a>,
    sha1: Column<'a>,
    install_location: Column<'a>,
    install_source: Column<'a>,
    install_date: Column<'a>,
    install_time: Column<'a>,
    uninstall_string: Column<'a>,
    identifying_number: Column<'a>,
    display_name: Column<'a>,
    bundle_identifier: Column<'a>,
    bundle_executable: Column<'a>,
    bundle_short_version: Column<'a>,
    bundle_version: Column<'a>,
    package_id: Column<'a>,
    install_process_name: Column<'a>,
    location: Column<'a>,
    start_type: Column<'a>,
    service_type: Column<'a>,
    module_path: Column<'a>,
    #[serde(rename = "type")]
    kind: Column<'a>,
    state: Column<'a>,
    signatures_up_to_date: Column<'a>,
    identifier: Column<'a>,
    browser_type: Column<'a>,
    author: Column<'a>,
    creator: Column<'a>,
    provider: Column<'a>,
    manufacturer: Column<'a>,
    device_name: Column<'a>,
    image: Column<'a>,
    service: Column<'a>,
    used_by: Column<'a>,
    team: Column<'a>,
    bundle_path: Column<'a>,
    label: Column<'a>,
    program: Column<'a>,
    pid: Column<'a>,
    source: Column<'a>,
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
    let rows = match (&row.changes, &row.rows) {
        (Some(Changes { added: Rows::Some(rows) }), _) | (None, Some(Rows::Some(rows))) => Some(rows),
        (Some(Changes { added: Rows::None(_) }), _) => {
            return reading.skip(place, "the log tells of nothing that was added");
        }
        (None, _) => row.snapshot.as_ref(),
    };
    match (&row.columns, rows) {
        (Some(columns), _) => observe(reading, place, device, columns, bytes),
        (None, Some(rows)) => rows.iter().try_for_each(|row| observe(reading, place, device, row, bytes)),
        (None, None) => observe(reading, place, device, &row, bytes),
    }
}

fn device_of(reading: &mut Reading<'_>, devices: &mut Devices, row: &Row<'_>) -> Result<DeviceNumber, ImportError> {
    let fleet_host = row.fleet_host.0.as_deref().filter(|_| row.rows.is_some());
    let Some(host) = text::identity(&row.host.0).or_else(|| fleet_host.and_then(text::identity)) else {
        return reading.file_device();
    };
    if let Some(number) = devices.known(host) {
        return Ok(number);
    }
    let seen = row.time.known().and_then(text::instant);
    if let Some(seen) = &seen {
        reading.made(seen);
    }
    // The identifier is what the installation was told to use: a host name, the hardware's UUID or a key of its own.
    let is_uuid = host.len() == 36 && host.bytes().filter(|byte| *byte == b'-').count() == 4;
    let decorations = Decorations::default();
    let decorations = row.decorations.as_ref().unwrap_or(&decorations);
    let device = Device {
        tool_id: Some(host),
        hostname: text::identity(&decorations.hostname.0).or((!is_uuid).then_some(host)),
        uuid: text::identity(&decorations.host_uuid.0).or(is_uuid.then_some(host)),
        serial: text::identity(&decorations.hardware_serial.0),
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
        [&row.publisher, &row.vendor, &row.maintainer, &row.author, &row.creator, &row.provider, &row.manufacturer]
            .into_iter()
            .find_map(Column::known);
    observation.identifier = [&row.identifying_number, &row.bundle_identifier, &row.package_id, &row.identifier]
        .into_iter()
        .find_map(Column::known);
    observation.display_name = row.display_name.known();
    observation.install_location = row.install_location.known().or_else(|| row.location.known());
    observation.install_date = date.as_deref();
    observation.path = row.path.known();
    observation.arch = row.arch.known();
    match source {
        ObservationSource::Wsc => wsc(row, &mut observation),
        ObservationSource::Services => {
            let starts =
                matches!(row.start_type.known().unwrap_or_default(), "AUTO_START" | "BOOT_START" | "SYSTEM_START");
            observation.raw.push((raw_key::AUTO_START, if starts { "true" } else { "false" }));
        }
        ObservationSource::DebPackages
            if !matches!(row.status.known().unwrap_or_default(), "" | "install ok installed") =>
        {
            observation.raw.extend(row.status.known().map(|status| (raw_key::STATUS, status)));
        }
        ObservationSource::SystemExtensions => {
            observation.name = row.identifier.known();
            observation.path = row.bundle_path.known().or_else(|| row.path.known());
            observation.signer = row.team.known();
            observation.raw.extend(row.state.known().map(|state| (raw_key::STATE, state)));
        }
        ObservationSource::Launchd => {
            observation.name = row.label.known().or_else(|| row.name.known());
            observation.identifier = row.path.known();
            observation.path = row.program.known();
        }
        ObservationSource::Drivers => {
            observation.name = row.service.known().or_else(|| row.image.known().map(file_name));
            observation.display_name = row.device_name.known();
            observation.path = row.image.known();
        }
        ObservationSource::Processes => observation.raw.extend(row.pid.known().map(|pid| (raw_key::PID, pid))),
        // Firefox has a word of its own for where an extension comes from.
        ObservationSource::BrowserExtensions => {
            observation.install_location = None;
            observation.raw.extend(row.browser_type.known().map(|browser| (raw_key::BROWSER, browser)));
        }
        _ => {}
    }
    if observation.name.is_none() && observation.identifier.is_none() && observation.path.is_none() {
        return reading.reject(place, "it has neither name nor identifier nor path", bytes);
    }
    reading.observation(place, device, &observation)
}

/// The last part of a path of any system.
fn file_name(path: &str) -> &str {
    path.rsplit(['\\', '/']).next().unwrap_or(path)
}

/// Windows Security Center's products: <https://osquery.io/schema/#windows_security_products>.
fn wsc<'a>(row: &'a Row<'_>, observation: &mut ObservationRef<'a>) {
    let kind = match row.kind.known().unwrap_or_default() {
        "Antivirus" => Some("anti-virus"),
        "AntiSpyware" | "Antispyware" => Some("anti-spyware"),
        "Firewall" => Some("firewall"),
        _ => None,
    };
    let state = match row.state.known().unwrap_or_default() {
        "On" => Some("on"),
        "Off" => Some("off"),
        "Snoozed" => Some("snoozed"),
        "Expired" => Some("expired"),
        _ => None,
    };
    let current = match row.signatures_up_to_date.known().unwrap_or_default() {
        "1" => Some("true"),
        "0" => Some("false"),
        _ => None,
    };
    let fields = [(raw_key::KIND, kind), (raw_key::STATE, state), (raw_key::UP_TO_DATE, current)];
    observation.raw.extend(fields.into_iter().filter_map(|(key, value)| Some((key, value?))));
}

/// The table a row is of.
fn table_of(row: &Row<'_>) -> Option<ObservationSource> {
    let has = |column: &Column<'_>| column.is_there();
    if let Some(source) = named_source(row) {
        return Some(source);
    }
    Some(match () {
        () if has(&row.signatures_up_to_date) => ObservationSource::Wsc,
        () if has(&row.start_type) || has(&row.service_type) => ObservationSource::Services,
        () if has(&row.team) && has(&row.identifier) => ObservationSource::SystemExtensions,
        () if has(&row.label) && (has(&row.program) || has(&row.path)) => ObservationSource::Launchd,
        () if has(&row.image) || has(&row.device_name) => ObservationSource::Drivers,
        () if has(&row.used_by) && has(&row.name) => ObservationSource::KernelModules,
        () if has(&row.pid) && has(&row.path) => ObservationSource::Processes,
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
        () if is_homebrew(row) => ObservationSource::Homebrew,
        () if has(&row.name) && has(&row.version) => ObservationSource::Import,
        () => return None,
    })
}

/// The table that a query itself names, as those do that Fleet asks of hosts. dpkg's and rpm's own columns of that name
/// hold the source package.
fn named_source(row: &Row<'_>) -> Option<ObservationSource> {
    let is_table = |name: &&str| {
        name.ends_with("_packages")
            || name.ends_with("_extensions")
            || name.ends_with("_addons")
            || matches!(*name, "programs" | "apps")
    };
    row.source.known().filter(is_table).map(platform::source)
}

fn is_homebrew(row: &Row<'_>) -> bool {
    let is_there = |path: &str| path.contains("/Cellar/") || path.contains("/Caskroom/");
    row.version.is_there() && row.path.known().is_some_and(is_there)
}

fn family(source: ObservationSource) -> Option<OsFamily> {
    match source {
        ObservationSource::Programs
        | ObservationSource::Wsc
        | ObservationSource::Services
        | ObservationSource::Drivers => Some(OsFamily::Windows),
        ObservationSource::Apps
        | ObservationSource::PkgReceipts
        | ObservationSource::SystemExtensions
        | ObservationSource::Launchd => Some(OsFamily::Macos),
        ObservationSource::DebPackages | ObservationSource::RpmPackages | ObservationSource::KernelModules => {
            Some(OsFamily::Linux)
        }
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
    fn tables_are_told_by_their_columns_even_where_those_are_empty() {
        use ObservationSource::{
            BrowserExtensions, DebPackages, Drivers, Homebrew, KernelModules, Launchd, Processes, Programs,
            SystemExtensions,
        };
        let cases = [
            (r#"{"name":"x","version":"","publisher":"","install_date":"","identifying_number":""}"#, Programs, "x"),
            (r#"{"name":"x","version":"1","vendor":"","source":"deb_packages"}"#, DebPackages, "x"),
            (
                r#"{"name":"flatpak","version":"1","source":"flatpak","status":"install ok installed"}"#,
                DebPackages,
                "flatpak",
            ),
            (r#"{"device_name":"d","image":"C:\\Windows\\klif.sys","service":"","provider":"P"}"#, Drivers, "klif.sys"),
            (r#"{"name":"x","size":"1","used_by":"-","status":"Live","address":"0"}"#, KernelModules, "x"),
            (
                r#"{"identifier":"com.x","team":"T","state":"activated_enabled","version":"1"}"#,
                SystemExtensions,
                "com.x",
            ),
            (
                r#"{"name":"com.x.plist","label":"com.x","program":"/x","path":"/Library/LaunchDaemons/com.x.plist"}"#,
                Launchd,
                "com.x",
            ),
            (r#"{"pid":"4","name":"kesl","path":"/opt/kesl","cmdline":"kesl -d"}"#, Processes, "kesl"),
            (
                r#"{"name":"x","identifier":"a@b","creator":"c","version":"1","location":"app-profile"}"#,
                BrowserExtensions,
                "x",
            ),
            (r#"{"name":"wget","version":"1","path":"/opt/homebrew/Cellar/wget","type":""}"#, Homebrew, "wget"),
        ];
        for (columns, source, name) in cases {
            let text = format!(r#"{{"hostIdentifier":"a","action":"added","columns":{columns}}}"#);
            let gathered = gather(text.as_bytes(), "results.log");
            let (_, _, one) = &gathered.observations[0];
            assert_eq!((one.source, one.name.as_deref()), (source, Some(name)), "{columns}");
        }
    }

    #[test]
    fn envelopes_of_elder_logs_and_of_fleet_s_command_are_opened() {
        let text = concat!(
            r#"{"hostIdentifier":"a","diffResults":{"added":[{"name":"x","version":"1"}],"removed":""},"decorations":{"host_uuid":"4C4C4544-0042-3510-8052-B7C04F4B5331","hostname":"pc-1"}}"#,
            "\n",
            r#"{"hostIdentifier":"a","diffResults":{"added":"","removed":[{"name":"y","version":"1"}]}}"#,
            "\n",
            r#"{"host":"pc-2","rows":[{"name":"z","version":"1"}]}"#,
            "\n",
        );
        let gathered = gather(text.as_bytes(), "results.log");
        assert_eq!(gathered.rejects, []);
        assert_eq!((gathered.names(0), gathered.names(1)), (vec!["x"], vec!["z"]));
        assert_eq!(gathered.devices[0].hostname.as_deref(), Some("pc-1"));
        assert_eq!(gathered.devices[0].uuid.as_deref(), Some("4C4C4544-0042-3510-8052-B7C04F4B5331"));
        assert_eq!(gathered.imported.skipped["the log tells of nothing that was added"], 1);
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
