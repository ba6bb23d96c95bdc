//! Fleet's software and hosts, as its API and `fleetctl get --json` write them.
//!
//! Three forms: versions and titles of the whole fleet, which say on how many hosts each is but not on which
//! (`counts_updated_at`, `software`; `software_titles`); one host or a list of hosts with their software (`host`, `hosts`);
//! and bare lists of names and versions, as Fleet's own test data has them. Fields:
//! <https://fleetdm.com/docs/rest-api/rest-api#software>. Vulnerabilities, policies, users and labels are not read.
//!
//! `last_opened_at` says more than a time: an empty text stands for "never", a missing one for "not known".

use std::borrow::Cow;

use interdict_model::{Diagnostic, ObservationRef, ObservationSource, raw_key};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Format;
use crate::error::ImportError;
use crate::json::{self, Part, Text};
use crate::platform;
use crate::reading::Reading;
use crate::sample::{Sample, Shape};
use crate::sink::{Completeness, Device, DeviceNumber, Place};
use crate::text;

pub(super) const FORMAT: Format = Format {
    name: "fleet",
    title: "Fleet software or hosts",
    caveat: Some(
        "Fleet cuts vendors off after 114 characters; lists of software without hosts say on how many, not where",
    ),
    keeps_days: None,
    recognise,
    read,
};

/// Where Fleet cuts a vendor off, dots included.
const VENDOR_LENGTH: usize = 114;
/// The largest answer about one host.
const HOST_LIMIT: u64 = 128 << 20;

/// What a bare list may hold.
const MEMBERS: &[&str] = &[
    "application_id",
    "arch",
    "bundle_identifier",
    "extension_for",
    "extension_id",
    "name",
    "release",
    "source",
    "upgrade_code",
    "vendor",
    "version",
];

fn recognise(sample: &Sample) -> u8 {
    let is_fleet = sample.has_all(&["counts_updated_at", "software"])
        || sample.has("software[].hosts_count")
        || sample.has("software_titles[].hosts_count")
        || sample.has("software[].installed_versions")
        || sample.has_all(&["host.software", "host.detail_updated_at"])
        || sample.has_all(&["host.hostname", "host.osquery_version"])
        || sample.has_all(&["hosts[].hostname", "hosts[].osquery_version"]);
    if is_fleet {
        return 90;
    }
    if sample.has_all(&["software[].name", "software[].version"]) {
        return 60;
    }
    // A bare list with nothing but these members may be anybody's, but nothing is lost by reading it as this.
    let Shape::Json(paths) = &sample.shape else { return 0 };
    let is_list = paths.iter().all(|path| path.strip_prefix("[].").is_some_and(|member| MEMBERS.contains(&member)));
    if is_list && sample.has_all(&["[].name", "[].version"]) { 30 } else { 0 }
}

fn read(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let mut notes = Notes::default();
    let is_list = reading.sample.text.trim_start().starts_with('[');
    if is_list {
        json::elements(reading, &[], |reading, place, element| title(reading, &mut notes, place, element))?;
        return Ok(());
    }
    if reading.sample.has("host") {
        #[derive(Deserialize)]
        struct Answer {
            host: Box<RawValue>,
        }
        let answer: Answer = json::whole(reading, HOST_LIMIT)?;
        return host(reading, &mut notes, Place::File, &answer.host);
    }
    let lists = [Part::List(&["software"]), Part::List(&["software_titles"]), Part::List(&["hosts"])];
    // What is installed on one host, asked for by itself, does not say which host that is.
    let is_of_host = reading.sample.has("software[].installed_versions");
    let members = json::parts(reading, &lists, |reading, list, place, element| match list {
        2 => host(reading, &mut notes, place, element),
        _ if is_of_host => on_host(reading, &mut notes, place, element),
        _ => title(reading, &mut notes, place, element),
    })?;
    if let Some(counted) = members.get("counts_updated_at") {
        reading.made(counted);
    }
    Ok(())
}

/// What is said once of a file.
#[derive(Default)]
struct Notes {
    is_cut_told: bool,
}

impl Notes {
    fn vendor(&mut self, reading: &mut Reading<'_>, vendor: Option<&str>) -> Result<(), ImportError> {
        let is_cut = vendor.is_some_and(|vendor| vendor.ends_with("...") && vendor.chars().count() >= VENDOR_LENGTH);
        if !is_cut || self.is_cut_told {
            return Ok(());
        }
        self.is_cut_told = true;
        let message = "Fleet cut the names of some vendors off; what stood behind is not known";
        reading.note(Diagnostic::warning("import/cut-short", message))
    }
}

/// A version of a piece of software, or a piece of software with its versions.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Software<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    display_name: Text<'a>,
    version: Text<'a>,
    source: Text<'a>,
    vendor: Text<'a>,
    release: Text<'a>,
    arch: Text<'a>,
    bundle_identifier: Text<'a>,
    extension_id: Text<'a>,
    extension_for: Text<'a>,
    browser: Text<'a>,
    application_id: Text<'a>,
    upgrade_code: Text<'a>,
    generated_cpe: Text<'a>,
    hosts_count: Option<u64>,
    last_opened_at: Option<Text<'a>>,
    installed_paths: Option<Vec<Text<'a>>>,
    versions: Option<Vec<Version<'a>>>,
    installed_versions: Option<Vec<Version<'a>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Version<'a> {
    #[serde(borrow, rename = "version")]
    written: Text<'a>,
    hosts_count: Option<u64>,
    last_opened_at: Option<Text<'a>>,
    installed_paths: Option<Vec<Text<'a>>>,
}

fn parsed<'a>(element: &'a RawValue) -> Result<Software<'a>, String> {
    let software: Software<'a> =
        serde_json::from_str(element.get()).map_err(|error| format!("no piece of software: {error}"))?;
    if software.name.known().or_else(|| software.bundle_identifier.known()).is_none() {
        return Err("it has no name".to_owned());
    }
    Ok(software)
}

/// Something on so many hosts.
fn title(reading: &mut Reading<'_>, notes: &mut Notes, place: Place, element: &RawValue) -> Result<(), ImportError> {
    let software = match parsed(element) {
        Ok(software) => software,
        Err(reason) => return reading.reject(place, reason, element.get().as_bytes()),
    };
    notes.vendor(reading, software.vendor.known())?;
    let hosts = software.hosts_count;
    match software.versions.as_deref() {
        None | Some([]) => software.observed(None, |observation| reading.title(place, observation, hosts)),
        Some(versions) => versions.iter().try_for_each(|version| {
            let hosts = version.hosts_count;
            software.observed(Some(version), |observation| reading.title(place, observation, hosts))
        }),
    }
}

/// Something on the one host that an answer is about.
fn on_host(reading: &mut Reading<'_>, notes: &mut Notes, place: Place, element: &RawValue) -> Result<(), ImportError> {
    let device = reading.file_device()?;
    let software = match parsed(element) {
        Ok(software) => software,
        Err(reason) => return reading.reject(place, reason, element.get().as_bytes()),
    };
    let versions = software.installed_versions.as_deref().unwrap_or_default();
    if versions.is_empty() {
        return reading.skip(place, "it is offered to the host but not installed");
    }
    notes.vendor(reading, software.vendor.known())?;
    for version in versions {
        software.observed(Some(version), |observation| reading.observation(place, device, observation))?;
    }
    Ok(())
}

impl Software<'_> {
    /// As an observation, of one of its versions where it has some.
    fn observed(
        &self,
        version: Option<&Version<'_>>,
        take: impl FnOnce(&ObservationRef<'_>) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        let source = platform::source(&self.source.0);
        let written = version.map_or(&self.version, |version| &version.written).known();
        // rpm keeps the release apart; dpkg's version holds its revision already.
        let released = match (written, self.release.known()) {
            (Some(version), Some(release)) if source == ObservationSource::RpmPackages => {
                Some(Cow::Owned(format!("{version}-{release}")))
            }
            (version, _) => version.map(Cow::Borrowed),
        };
        let paths = version.and_then(|version| version.installed_paths.as_ref()).or(self.installed_paths.as_ref());
        let path = paths.and_then(|paths| paths.iter().find_map(Text::known));
        let mut observation = ObservationRef::new(source);
        observation.name = self.name.known();
        observation.display_name = self.display_name.known().filter(|display| self.name.known() != Some(*display));
        observation.version = released.as_deref();
        observation.publisher = self.vendor.known();
        observation.arch = self.arch.known();
        observation.identifier = [
            &self.bundle_identifier,
            &self.extension_id,
            &self.application_id,
            &self.upgrade_code,
            &self.generated_cpe,
        ]
        .into_iter()
        .find_map(Text::known);
        if source == ObservationSource::Programs {
            observation.install_location = path;
        } else {
            observation.path = path;
        }
        let browser = self.extension_for.known().or_else(|| self.browser.known());
        if let (ObservationSource::BrowserExtensions, Some(browser)) = (source, browser) {
            observation.raw.push((raw_key::BROWSER, browser));
        }
        let opened = version.and_then(|version| version.last_opened_at.as_ref()).or(self.last_opened_at.as_ref());
        let opened = opened.and_then(|opened| match opened.known() {
            None => Some("never".to_owned()),
            Some(written) => text::instant(written),
        });
        if let Some(opened) = &opened {
            observation.raw.push((raw_key::LAST_OPENED, opened));
        }
        take(&observation)
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Host<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    hostname: Text<'a>,
    computer_name: Text<'a>,
    uuid: Text<'a>,
    hardware_serial: Text<'a>,
    platform: Text<'a>,
    os_version: Text<'a>,
    cpu_type: Text<'a>,
    software_updated_at: Text<'a>,
    detail_updated_at: Text<'a>,
    software: Option<Vec<&'a RawValue>>,
}

impl Host<'_> {
    fn tell(&self, reading: &mut Reading<'_>) -> Result<DeviceNumber, ImportError> {
        let seen = [&self.software_updated_at, &self.detail_updated_at];
        let seen = seen.into_iter().filter_map(Text::known).find_map(text::instant);
        if let Some(seen) = &seen {
            reading.made(seen);
        }
        let platform = self.platform.known();
        let device = Device {
            tool_id: self.id.known(),
            hostname: text::identity(&self.hostname.0).or_else(|| text::identity(&self.computer_name.0)),
            uuid: text::identity(&self.uuid.0),
            serial: text::identity(&self.hardware_serial.0),
            os_family: platform.and_then(platform::family),
            os_name: self.os_version.known().or(platform),
            arch: self.cpu_type.known(),
            seen: seen.as_deref(),
            ..Device::default()
        };
        let is_known = device.tool_id.or(device.hostname).or(device.uuid).or(device.serial).is_some();
        if is_known { reading.device(&device) } else { reading.file_device() }
    }
}

/// A host with all software that Fleet knows of on it.
fn host(reading: &mut Reading<'_>, notes: &mut Notes, place: Place, element: &RawValue) -> Result<(), ImportError> {
    let host: Host<'_> = match serde_json::from_str(element.get()) {
        Ok(host) => host,
        Err(error) => return reading.reject(place, format!("no host: {error}"), element.get().as_bytes()),
    };
    let device = host.tell(reading)?;
    let mut sources = std::collections::BTreeSet::new();
    for (number, element) in (1..).zip(host.software.unwrap_or_default()) {
        let place = Place::Item(number);
        match parsed(element) {
            Ok(software) => {
                notes.vendor(reading, software.vendor.known())?;
                software.observed(None, |observation| {
                    sources.insert(observation.source);
                    reading.observation(place, device, observation)
                })?;
            }
            Err(reason) => reading.reject(place, reason, element.get().as_bytes())?,
        }
    }
    // Words that are not known here stand for many sources, of which some may be empty.
    sources.remove(&ObservationSource::Import);
    sources.into_iter().try_for_each(|source| reading.told(device, source, Completeness::Whole))
}

#[cfg(test)]
mod tests {
    use interdict_model::{ObservationSource, OsFamily, raw_key};

    use crate::sink::Completeness;
    use crate::testing::{fixture, gather};

    #[test]
    fn versions_of_a_fleet_are_on_so_many_hosts() {
        let gathered = fixture("fleet", "versions.json");
        assert!(gathered.devices.is_empty());
        let rows: Vec<(&str, Option<u64>)> =
            gathered.titles.iter().map(|(observation, hosts)| (observation.title(), *hosts)).collect();
        assert_eq!(
            rows,
            [("Kaspersky Endpoint Security for Windows", Some(41)), ("kesl", Some(7)), ("Zotero", Some(3))]
        );
        assert_eq!(gathered.titles[1].0.version.as_deref(), Some("12.1.0-1508"));
        assert_eq!(gathered.titles[2].0.raw(raw_key::BROWSER), Some("chrome"));
        assert_eq!(gathered.imported.made.as_deref(), Some("2026-03-01T04:05:06Z"));
        assert_eq!(gathered.notes.len(), 1, "said once: {:?}", gathered.notes);
        assert_eq!(gathered.notes[0].code, "import/cut-short");
    }

    #[test]
    fn titles_have_versions_each_with_its_hosts() {
        let text = r#"{"counts_updated_at":"2026-03-01T04:05:06Z","count":1,"software_titles":[{"id":1,"name":"Firefox","source":"apps","hosts_count":5,"versions":[{"id":2,"version":"1","hosts_count":2},{"id":3,"version":"2","hosts_count":3}]}]}"#;
        let gathered = gather(text.as_bytes(), "titles.json");
        assert_eq!(gathered.imported.format, "fleet");
        let rows: Vec<_> =
            gathered.titles.iter().map(|(observation, hosts)| (observation.version.as_deref(), *hosts)).collect();
        assert_eq!(rows, [(Some("1"), Some(2)), (Some("2"), Some(3))]);
    }

    #[test]
    fn a_host_knows_itself_and_what_was_never_opened() {
        let gathered = fixture("fleet", "host.json");
        let device = &gathered.devices[0];
        assert_eq!((device.hostname.as_deref(), device.os_family), (Some("mac-17.local"), Some(OsFamily::Macos)));
        assert_eq!(device.serial.as_deref(), Some("C02XX0XXXXXX"));
        let opened: Vec<Option<&str>> =
            gathered.observations.iter().map(|(_, _, one)| one.raw(raw_key::LAST_OPENED)).collect();
        assert_eq!(opened, [Some("never"), Some("2026-02-28T10:00:00Z"), None]);
        assert_eq!(gathered.observations[0].2.path.as_deref(), Some("/Applications/Kaspersky Anti-Virus For Mac.app"));
        assert_eq!(gathered.told, [(0, ObservationSource::Apps, Completeness::Whole)]);
        assert_eq!(gathered.imported.rejected, 1);
    }

    #[test]
    fn what_is_only_offered_to_a_host_is_not_on_it() {
        let text = r#"{"count":2,"software":[{"id":1,"name":"Slack","source":"apps","installed_versions":[{"version":"4.1","last_opened_at":""}]},{"id":2,"name":"Zoom","source":"apps","installed_versions":null},{"id":3,"name":"Box","source":"apps","installed_versions":[]}]}"#;
        let gathered = gather(text.as_bytes(), "mac-3.json");
        assert_eq!(gathered.devices[0].hostname.as_deref(), Some("mac-3"));
        assert_eq!(gathered.names(0), ["Slack"]);
        assert_eq!(gathered.imported.skipped["it is offered to the host but not installed"], 2);
    }
}
