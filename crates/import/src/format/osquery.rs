//! osquery's answers: rows of its tables, as `osqueryi --json` prints them and as its scheduler logs them.
//!
//! A row holds texts only, under the names of the table's columns (<https://osquery.io/schema>). The table is not named
//! in the rows: it is told by columns that it alone has. A logged row stands in an envelope with the host's name
//! (`hostIdentifier`), the query's name and what happened (`action`); a differential log tells of changes only, a
//! snapshot of everything the query asked for. Since a query may ask for a part of a table, nothing is ever taken for
//! whole.

use std::fmt;

use interdict_model::{ObservationRef, ObservationSource, OsFamily, raw_key};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

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

/// The columns that matter, of every table that is read.
macro_rules! columns {
    ($($column:ident $name:literal,)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Column { $($column,)* }

        impl Column {
            fn of(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$column),)*
                    _ => None,
                }
            }
        }
    };
}

columns! {
    Name "name",
    Version "version",
    Arch "arch",
    Path "path",
    Publisher "publisher",
    Vendor "vendor",
    Maintainer "maintainer",
    Revision "revision",
    Status "status",
    Release "release",
    PackageGroup "package_group",
    Sha1 "sha1",
    InstallLocation "install_location",
    InstallSource "install_source",
    InstallDate "install_date",
    InstallTime "install_time",
    UninstallString "uninstall_string",
    IdentifyingNumber "identifying_number",
    DisplayName "display_name",
    BundleIdentifier "bundle_identifier",
    BundleExecutable "bundle_executable",
    BundleShortVersion "bundle_short_version",
    BundleVersion "bundle_version",
    PackageId "package_id",
    Location "location",
    StartType "start_type",
    ServiceType "service_type",
    Type "type",
    State "state",
    SignaturesUpToDate "signatures_up_to_date",
    Identifier "identifier",
    BrowserType "browser_type",
    Author "author",
    Creator "creator",
    Provider "provider",
    Manufacturer "manufacturer",
    DeviceName "device_name",
    Image "image",
    Service "service",
    UsedBy "used_by",
    Team "team",
    BundlePath "bundle_path",
    Label "label",
    Program "program",
    Pid "pid",
    Source "source",
}

impl Column {
    /// There are fewer than 64.
    const fn bit(self) -> u64 {
        1 << self as u32
    }
}

/// A row: what stands in its columns. A column that is there but empty tells the tables apart, too.
#[derive(Default)]
struct Row<'a> {
    there: u64,
    values: Vec<(Column, Text<'a>)>,
}

impl<'a> Row<'a> {
    fn has(&self, column: Column) -> bool {
        self.there & column.bit() != 0
    }

    fn known(&self, column: Column) -> Option<&str> {
        let value = self.has(column).then(|| self.values.iter().find(|(of, _)| *of == column))?;
        value.and_then(|(_, value)| value.known())
    }

    /// The first of these that says something.
    fn first(&self, columns: &[Column]) -> Option<&str> {
        columns.iter().find_map(|column| self.known(*column))
    }

    fn put<E: serde::de::Error>(&mut self, column: Column, value: Text<'a>) -> Result<(), E> {
        if self.has(column) {
            return Err(E::custom(format_args!("the column {column:?} stands there twice")));
        }
        self.there |= column.bit();
        if !value.0.is_empty() {
            if self.values.is_empty() {
                self.values.reserve(12);
            }
            self.values.push((column, value));
        }
        Ok(())
    }
}

/// A key of an object: a column, a member of an envelope, or nothing that matters.
#[derive(Clone, Copy)]
enum Key {
    Column(Column),
    Member(Member),
    Other,
}

/// What an envelope says beside its rows, and the rows.
#[derive(Clone, Copy)]
enum Member {
    Host,
    /// What Fleet's command calls it; shippers of logs write objects of their own there.
    FleetHost,
    Action,
    Time,
    Columns,
    Snapshot,
    /// The rows of a query of Fleet's command.
    Rows,
    /// Elder logs tell of all changes of a query in one entry.
    Changes,
    Decorations,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = Key;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a key")
            }

            fn visit_str<E>(self, name: &str) -> Result<Key, E> {
                let member = match name {
                    "hostIdentifier" => Member::Host,
                    "host" => Member::FleetHost,
                    "action" => Member::Action,
                    "unixTime" => Member::Time,
                    "columns" => Member::Columns,
                    "snapshot" => Member::Snapshot,
                    "rows" => Member::Rows,
                    "diffResults" => Member::Changes,
                    "decorations" => Member::Decorations,
                    _ => return Ok(Column::of(name).map_or(Key::Other, Key::Column)),
                };
                Ok(Key::Member(member))
            }
        }

        deserializer.deserialize_identifier(Name)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Row<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Columns;

        impl<'de> Visitor<'de> for Columns {
            type Value = Row<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a row of a table")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row<'de>, A::Error> {
                let mut row = Row::default();
                while let Some(key) = map.next_key()? {
                    match key {
                        Key::Column(column) => row.put(column, map.next_value()?)?,
                        Key::Member(_) | Key::Other => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(row)
            }
        }

        deserializer.deserialize_map(Columns)
    }
}

/// Rows, or none, which some write as an empty text.
#[derive(Default)]
struct Rows<'a>(Option<Vec<Row<'a>>>);

impl<'de: 'a, 'a> Deserialize<'de> for Rows<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Rows<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("rows of a table")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Rows<'de>, A::Error> {
                let mut rows = Vec::new();
                while let Some(row) = list.next_element()? {
                    rows.push(row);
                }
                Ok(Rows(Some(rows)))
            }

            fn visit_unit<E>(self) -> Result<Rows<'de>, E> {
                Ok(Rows(None))
            }

            fn visit_str<E>(self, _: &str) -> Result<Rows<'de>, E> {
                Ok(Rows(None))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

/// What a query has more and fewer rows of than before; nothing stands as an empty text.
#[derive(serde::Deserialize)]
struct Changes<'a> {
    #[serde(borrow)]
    added: Rows<'a>,
}

/// What many installations are told to add to each entry: <https://osquery.readthedocs.io/en/stable/deployment/logging/>.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Decorations<'a> {
    #[serde(borrow, alias = "host_name", alias = "computer_name")]
    hostname: Text<'a>,
    #[serde(alias = "uuid", alias = "system_uuid")]
    host_uuid: Text<'a>,
    #[serde(alias = "serial", alias = "serial_number")]
    hardware_serial: Text<'a>,
}

/// A row, bare or in its envelope.
#[derive(Default)]
struct Entry<'a> {
    host: Text<'a>,
    fleet_host: Simple,
    action: Text<'a>,
    /// As written, since it is read once for each host.
    time: Option<&'a RawValue>,
    columns: Option<Row<'a>>,
    snapshot: Option<Vec<Row<'a>>>,
    rows: Rows<'a>,
    changes: Option<Changes<'a>>,
    decorations: Option<Decorations<'a>>,
    /// The columns where there is no envelope.
    bare: Row<'a>,
}

impl<'a> Entry<'a> {
    fn take<A: MapAccess<'a>>(&mut self, member: Member, map: &mut A) -> Result<(), A::Error> {
        match member {
            Member::Host => self.host = map.next_value()?,
            Member::FleetHost => self.fleet_host = map.next_value()?,
            Member::Action => self.action = map.next_value()?,
            Member::Time => self.time = map.next_value()?,
            Member::Columns => self.columns = map.next_value()?,
            Member::Snapshot => self.snapshot = map.next_value()?,
            Member::Rows => self.rows = map.next_value()?,
            Member::Changes => self.changes = map.next_value()?,
            Member::Decorations => self.decorations = map.next_value()?,
        }
        Ok(())
    }

    fn time(&self) -> Option<String> {
        let time: Text<'_> = serde_json::from_str(self.time?.get()).ok()?;
        time.known().and_then(text::instant)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Entry<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Entry<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry<'de>, A::Error> {
                let mut entry = Entry::default();
                while let Some(key) = map.next_key()? {
                    match key {
                        Key::Member(member) => entry.take(member, &mut map)?,
                        Key::Column(column) => entry.bare.put(column, map.next_value()?)?,
                        Key::Other => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(entry)
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// What a line or an element holds. Looked at as text at once, which is cheaper than one value after the other.
fn parsed(bytes: &[u8]) -> serde_json::Result<Entry<'_>> {
    std::str::from_utf8(bytes).map_or_else(|_| serde_json::from_slice(bytes), serde_json::from_str)
}

fn entry(reading: &mut Reading<'_>, devices: &mut Devices, place: Place, bytes: &[u8]) -> Result<(), ImportError> {
    let entry = match parsed(bytes) {
        Ok(entry) => entry,
        Err(error) => return reading.reject(place, format!("no row of a table: {error}"), bytes),
    };
    let device = device_of(reading, devices, &entry)?;
    if entry.action.0 == "removed" {
        return reading.skip(place, "the log says that it was removed");
    }
    let rows = match (&entry.changes, &entry.rows) {
        (Some(Changes { added: Rows(None) }), _) => {
            return reading.skip(place, "the log tells of nothing that was added");
        }
        (Some(Changes { added: Rows(rows) }), _) | (None, Rows(rows @ Some(_))) => rows.as_ref(),
        (None, Rows(None)) => entry.snapshot.as_ref(),
    };
    match (&entry.columns, rows) {
        (Some(columns), _) => observe(reading, place, device, columns, bytes),
        (None, Some(rows)) => rows.iter().try_for_each(|row| observe(reading, place, device, row, bytes)),
        (None, None) => observe(reading, place, device, &entry.bare, bytes),
    }
}

fn device_of(reading: &mut Reading<'_>, devices: &mut Devices, entry: &Entry<'_>) -> Result<DeviceNumber, ImportError> {
    let fleet_host = entry.fleet_host.0.as_deref().filter(|_| entry.rows.0.is_some());
    let Some(host) = entry.host.known().or_else(|| fleet_host.and_then(text::known)) else {
        return reading.file_device();
    };
    if let Some(number) = devices.known(host) {
        return Ok(number);
    }
    let Some(host) = text::identity(&entry.host.0).or_else(|| fleet_host.and_then(text::identity)) else {
        return reading.file_device();
    };
    let seen = entry.time();
    if let Some(seen) = &seen {
        reading.made(seen);
    }
    // The identifier is what the installation was told to use: a host name, the hardware's UUID or a key of its own.
    let is_uuid = host.len() == 36 && host.bytes().filter(|byte| *byte == b'-').count() == 4;
    let decorations = Decorations::default();
    let decorations = entry.decorations.as_ref().unwrap_or(&decorations);
    let device = Device {
        tool_id: Some(host),
        hostname: text::identity(&decorations.hostname.0).or((!is_uuid).then_some(host)),
        uuid: text::identity(&decorations.host_uuid.0).or(is_uuid.then_some(host)),
        serial: text::identity(&decorations.hardware_serial.0),
        os_family: table_of(entry.columns.as_ref().unwrap_or(&entry.bare)).and_then(family),
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
    let release = match (row.known(Column::Version), row.known(Column::Release).or_else(|| row.known(Column::Revision)))
    {
        // rpm keeps the release apart; dpkg's version holds its revision already.
        (Some(version), Some(release)) if source == ObservationSource::RpmPackages => {
            Some(format!("{version}-{release}"))
        }
        _ => None,
    };
    let date = row.known(Column::InstallDate).or_else(|| row.known(Column::InstallTime));
    let date = date.and_then(|date| text::day(date, DateOrder::MonthFirst));
    let mut observation = ObservationRef::new(source);
    observation.name = row.known(Column::Name).or_else(|| row.known(Column::PackageId));
    observation.version = release
        .as_deref()
        .or_else(|| row.known(Column::Version))
        .or_else(|| row.known(Column::BundleShortVersion))
        .or_else(|| row.known(Column::BundleVersion));
    observation.publisher = row.first(&[
        Column::Publisher,
        Column::Vendor,
        Column::Maintainer,
        Column::Author,
        Column::Creator,
        Column::Provider,
        Column::Manufacturer,
    ]);
    observation.identifier =
        row.first(&[Column::IdentifyingNumber, Column::BundleIdentifier, Column::PackageId, Column::Identifier]);
    observation.display_name = row.known(Column::DisplayName);
    observation.install_location = row.known(Column::InstallLocation).or_else(|| row.known(Column::Location));
    observation.install_date = date.as_deref();
    observation.path = row.known(Column::Path);
    observation.arch = row.known(Column::Arch);
    match source {
        ObservationSource::Wsc => wsc(row, &mut observation),
        ObservationSource::Services => {
            let starts = matches!(
                row.known(Column::StartType).unwrap_or_default(),
                "AUTO_START" | "BOOT_START" | "SYSTEM_START"
            );
            observation.raw.push((raw_key::AUTO_START, if starts { "true" } else { "false" }));
        }
        ObservationSource::DebPackages
            if !matches!(row.known(Column::Status).unwrap_or_default(), "" | "install ok installed") =>
        {
            observation.raw.extend(row.known(Column::Status).map(|status| (raw_key::STATUS, status)));
        }
        ObservationSource::SystemExtensions => {
            observation.name = row.known(Column::Identifier);
            observation.path = row.known(Column::BundlePath).or_else(|| row.known(Column::Path));
            observation.signer = row.known(Column::Team);
            observation.raw.extend(row.known(Column::State).map(|state| (raw_key::STATE, state)));
        }
        ObservationSource::Launchd => {
            observation.name = row.known(Column::Label).or_else(|| row.known(Column::Name));
            observation.identifier = row.known(Column::Path);
            observation.path = row.known(Column::Program);
        }
        ObservationSource::Drivers => {
            observation.name = row.known(Column::Service).or_else(|| row.known(Column::Image).map(file_name));
            observation.display_name = row.known(Column::DeviceName);
            observation.path = row.known(Column::Image);
        }
        ObservationSource::Processes => observation.raw.extend(row.known(Column::Pid).map(|pid| (raw_key::PID, pid))),
        // Firefox has a word of its own for where an extension comes from.
        ObservationSource::BrowserExtensions => {
            observation.install_location = None;
            observation.raw.extend(row.known(Column::BrowserType).map(|browser| (raw_key::BROWSER, browser)));
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
    let kind = match row.known(Column::Type).unwrap_or_default() {
        "Antivirus" => Some("anti-virus"),
        "AntiSpyware" | "Antispyware" => Some("anti-spyware"),
        "Firewall" => Some("firewall"),
        _ => None,
    };
    let state = match row.known(Column::State).unwrap_or_default() {
        "On" => Some("on"),
        "Off" => Some("off"),
        "Snoozed" => Some("snoozed"),
        "Expired" => Some("expired"),
        _ => None,
    };
    let current = match row.known(Column::SignaturesUpToDate).unwrap_or_default() {
        "1" => Some("true"),
        "0" => Some("false"),
        _ => None,
    };
    let fields = [(raw_key::KIND, kind), (raw_key::STATE, state), (raw_key::UP_TO_DATE, current)];
    observation.raw.extend(fields.into_iter().filter_map(|(key, value)| Some((key, value?))));
}

/// The table a row is of.
fn table_of(row: &Row<'_>) -> Option<ObservationSource> {
    let has = |column| row.has(column);
    if let Some(source) = named_source(row) {
        return Some(source);
    }
    Some(match () {
        () if has(Column::SignaturesUpToDate) => ObservationSource::Wsc,
        () if has(Column::StartType) || has(Column::ServiceType) => ObservationSource::Services,
        () if has(Column::Team) && has(Column::Identifier) => ObservationSource::SystemExtensions,
        () if has(Column::Label) && (has(Column::Program) || has(Column::Path)) => ObservationSource::Launchd,
        () if has(Column::Image) || has(Column::DeviceName) => ObservationSource::Drivers,
        () if has(Column::UsedBy) && has(Column::Name) => ObservationSource::KernelModules,
        () if has(Column::Pid) && has(Column::Path) => ObservationSource::Processes,
        () if has(Column::BundleIdentifier) || has(Column::BundleExecutable) => ObservationSource::Apps,
        () if has(Column::PackageId) => ObservationSource::PkgReceipts,
        () if has(Column::Identifier) => ObservationSource::BrowserExtensions,
        () if has(Column::IdentifyingNumber)
            || has(Column::UninstallString)
            || has(Column::InstallSource)
            || has(Column::InstallLocation)
            || has(Column::InstallDate)
            || has(Column::Publisher) =>
        {
            ObservationSource::Programs
        }
        () if has(Column::Maintainer) || has(Column::Status) || has(Column::Revision) => ObservationSource::DebPackages,
        () if has(Column::PackageGroup) || has(Column::Sha1) || has(Column::Release) => ObservationSource::RpmPackages,
        () if is_homebrew(row) => ObservationSource::Homebrew,
        () if has(Column::Name) && has(Column::Version) => ObservationSource::Import,
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
    row.known(Column::Source).filter(is_table).map(platform::source)
}

fn is_homebrew(row: &Row<'_>) -> bool {
    let is_there = |path: &str| path.contains("/Cellar/") || path.contains("/Caskroom/");
    row.has(Column::Version) && row.known(Column::Path).is_some_and(is_there)
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

    #[test]
    fn lines_keep_their_numbers_wherever_the_reader_s_buffer_ends() {
        let row = |number: usize| {
            let padding = "x".repeat(number * 37 % 900);
            format!(
                r#"{{"hostIdentifier":"a","action":"added","columns":{{"name":"n{number}","version":"1","x":"{padding}"}}}}"#
            )
        };
        let mut lines: Vec<String> = (1..=3_000).map(row).collect();
        lines[1_499] = "nonsense".to_owned();
        lines[2_499] = "\r".to_owned();
        let long = "y".repeat(700_000);
        lines.push(format!(r#"{{"hostIdentifier":"a","action":"added","columns":{{"name":"{long}","version":"1"}}}}"#));
        let gathered = gather(lines.join("\n").as_bytes(), "results.log");
        assert_eq!(gathered.rejects.iter().map(|one| one.place.to_string()).collect::<Vec<_>>(), ["line 1500"]);
        assert_eq!(gathered.observations.len(), 2_999);
        let (place, _, last) = gathered.observations.last().expect("some");
        assert_eq!((place.to_string(), last.name.as_deref()), ("line 3001".to_owned(), Some(long.as_str())));
    }

    #[test]
    fn a_column_may_stand_once_and_hold_a_value() {
        let row = |columns: &str| format!(r#"{{"hostIdentifier":"a","action":"added","columns":{{{columns}}}}}"#);
        let text = [
            row(r#""name":"\u004bES \"12\"","version":12,"publisher":null,"install_location":"C:\\KES\\""#),
            row(r#""name":"x","name":"y","version":"1""#),
            row(r#""name":{"a":"b"},"version":"1""#),
            r#"["x","1"]"#.to_owned(),
        ];
        let gathered = gather(text.join("\n").as_bytes(), "results.log");
        assert_eq!(gathered.rejects.len(), 3, "{:?}", gathered.rejects);
        let (_, _, one) = &gathered.observations[0];
        assert_eq!((one.name.as_deref(), one.version.as_deref()), (Some("KES \"12\""), Some("12")));
        assert_eq!((one.publisher.as_deref(), one.install_location.as_deref()), (None, Some("C:\\KES\\")));
    }
}
