//! Wazuh's packages, as its manager's API and as its indexer write them.
//!
//! The API answers with pages of `data.affected_items`
//! (<https://documentation.wazuh.com/current/user-manual/api/reference.html#tag/Syscollector>), in which a blank is a
//! space; the indexer with `hits.hits` or, taken out by a tool, with one document a line
//! (`wazuh-states-inventory-packages-*`). An answer is a page or a selection, so nothing is ever taken for whole. Other
//! inventories of Wazuh (processes, ports, updates) are not read.

use interdict_model::{ObservationRef, ObservationSource, OsFamily};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Format;
use crate::devices::Devices;
use crate::error::ImportError;
use crate::json::{self, Text};
use crate::platform;
use crate::reading::Reading;
use crate::sample::{Sample, Shape};
use crate::sink::{Device, DeviceNumber, Place};
use crate::text::{self, DateOrder};

pub(super) const FORMAT: Format = Format {
    name: "wazuh",
    title: "Wazuh packages",
    caveat: Some("an answer is a page or a selection, so nothing is taken for gone that is not told"),
    keeps_days: None,
    recognise,
    read,
};

fn recognise(sample: &Sample) -> u8 {
    let is_api = sample.has("data.affected_items")
        && sample.has("data.affected_items[].name")
        && (sample.has("data.affected_items[].agent_id") || sample.has("data.affected_items[].scan.id"));
    let is_hit = |prefix: &str| {
        let has = |path: &str| sample.has(&format!("{prefix}{path}"));
        has("package.name")
            && (has("agent.id") || has("wazuh.agent.id") || has("wazuh.cluster.name") || has("host.os.platform"))
    };
    if is_api || is_hit("hits.hits[]._source.") || is_hit("_source.") || is_hit("[]._source.") || is_hit("") {
        return 90;
    }
    0
}

fn read(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let mut devices = Devices::default();
    if matches!(reading.sample.shape, Shape::JsonLines(_)) {
        return json::lines(reading, |reading, place, line| hit(reading, &mut devices, place, line));
    }
    let path: &[&str] = if reading.sample.has("data.affected_items") {
        &["data", "affected_items"]
    } else if reading.sample.has("hits.hits") {
        &["hits", "hits"]
    } else {
        &[]
    };
    let is_api = path.first() == Some(&"data");
    // A single document, as from a query by id.
    if path.is_empty() && reading.sample.text.trim_start().starts_with('{') {
        let raw: Box<RawValue> = json::whole(reading, json::LONGEST as u64)?;
        return hit(reading, &mut devices, Place::File, raw.get().as_bytes());
    }
    json::elements(reading, path, |reading, place, element| {
        let bytes = element.get().as_bytes();
        if is_api { item(reading, &mut devices, place, bytes) } else { hit(reading, &mut devices, place, bytes) }
    })?;
    Ok(())
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Item<'a> {
    #[serde(borrow)]
    agent_id: Text<'a>,
    scan: Option<Scan<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Scan<'a> {
    #[serde(borrow)]
    time: Text<'a>,
}

/// The members of a package in both forms.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Package<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    vendor: Text<'a>,
    architecture: Text<'a>,
    format: Text<'a>,
    #[serde(rename = "type")]
    kind: Text<'a>,
    source: Text<'a>,
    location: Text<'a>,
    path: Text<'a>,
    install_time: Text<'a>,
    installed: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Hit<'a> {
    #[serde(borrow, rename = "_source")]
    source: Option<Document<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Document<'a> {
    #[serde(borrow)]
    agent: Option<Agent<'a>>,
    /// Since version 5 the agent stands here.
    wazuh: Option<Origin<'a>>,
    host: Option<Host<'a>>,
    package: Option<Package<'a>>,
    state: Option<State<'a>>,
    #[serde(rename = "@timestamp")]
    timestamp: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Origin<'a> {
    #[serde(borrow)]
    agent: Option<Agent<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct State<'a> {
    #[serde(borrow)]
    modified_at: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Agent<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    name: Text<'a>,
    host: Option<Host<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Host<'a> {
    #[serde(borrow)]
    hostname: Text<'a>,
    architecture: Text<'a>,
    os: Option<System<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct System<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    full: Text<'a>,
    version: Text<'a>,
    platform: Text<'a>,
    #[serde(rename = "type")]
    kind: Text<'a>,
}

/// An item of the API, which is a package with some members besides. It names the agent by its number only.
fn item(reading: &mut Reading<'_>, devices: &mut Devices, place: Place, bytes: &[u8]) -> Result<(), ImportError> {
    let parsed = serde_json::from_slice::<Item<'_>>(bytes)
        .and_then(|item| serde_json::from_slice::<Package<'_>>(bytes).map(|package| (item, package)));
    let (item, package) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return reading.reject(place, format!("no package: {error}"), bytes),
    };
    let device = match item.agent_id.known() {
        None => reading.file_device()?,
        Some(agent) => {
            if let Some(device) = devices.known(agent) {
                device
            } else {
                let seen = item.scan.as_ref().and_then(|scan| scan.time.known()).and_then(text::instant);
                if let Some(seen) = &seen {
                    reading.made(seen);
                }
                let os_family = source_of(&package).and_then(family);
                let device = Device { tool_id: Some(agent), os_family, seen: seen.as_deref(), ..Device::default() };
                devices.number(reading, agent, &device)?
            }
        }
    };
    observe(reading, place, device, &package, bytes)
}

/// A document of the indexer, bare or in its envelope.
fn hit(reading: &mut Reading<'_>, devices: &mut Devices, place: Place, bytes: &[u8]) -> Result<(), ImportError> {
    let parsed = serde_json::from_slice::<Hit<'_>>(bytes).and_then(|hit| match hit.source {
        Some(document) => Ok(document),
        None => serde_json::from_slice(bytes),
    });
    match parsed {
        Ok(found) => document(reading, devices, place, &found, bytes),
        Err(error) => reading.reject(place, format!("no document of the index: {error}"), bytes),
    }
}

fn document(
    reading: &mut Reading<'_>,
    devices: &mut Devices,
    place: Place,
    document: &Document<'_>,
    bytes: &[u8],
) -> Result<(), ImportError> {
    let Some(package) = &document.package else {
        return reading.reject(place, "a document without a package", bytes);
    };
    let (agent, host) = (Agent::default(), Host::default());
    let origin = document.wazuh.as_ref().and_then(|origin| origin.agent.as_ref());
    let agent = document.agent.as_ref().or(origin).unwrap_or(&agent);
    let host = document.host.as_ref().or(agent.host.as_ref()).unwrap_or(&host);
    let hostname = text::identity(&host.hostname.0).or_else(|| text::identity(&agent.name.0));
    let Some(key) = agent.id.known().or(hostname) else {
        let device = reading.file_device()?;
        return observe(reading, place, device, package, bytes);
    };
    let device = if let Some(device) = devices.known(key) {
        device
    } else {
        let system = System::default();
        let system = host.os.as_ref().unwrap_or(&system);
        let seen = document.state.as_ref().and_then(|state| state.modified_at.known());
        let seen = seen.or_else(|| document.timestamp.known()).and_then(text::instant);
        if let Some(seen) = &seen {
            reading.made(seen);
        }
        let words = [&system.kind, &system.platform, &system.full, &system.name];
        let os_family = words.into_iter().filter_map(Text::known).find_map(platform::family);
        let device = Device {
            tool_id: agent.id.known(),
            hostname,
            os_family: os_family.or_else(|| source_of(package).and_then(family)),
            os_name: system.full.known().or_else(|| system.name.known()).or_else(|| system.platform.known()),
            os_version: system.version.known(),
            arch: host.architecture.known(),
            seen: seen.as_deref(),
            ..Device::default()
        };
        devices.number(reading, key, &device)?
    };
    observe(reading, place, device, package, bytes)
}

/// What the package is of: Wazuh calls every application of macOS a `pkg`, told by where it lies.
fn source_of(package: &Package<'_>) -> Option<ObservationSource> {
    let format = package.format.known().or_else(|| package.kind.known())?;
    let location = package.location.known().or_else(|| package.path.known());
    Some(match format {
        "pkg" | "macports" if package.source.0 == "homebrew" => ObservationSource::Homebrew,
        "pkg" if location.is_some_and(|location| location.contains(".app")) => ObservationSource::Apps,
        format => platform::source(format),
    })
}

fn family(source: ObservationSource) -> Option<OsFamily> {
    match source {
        ObservationSource::Programs => Some(OsFamily::Windows),
        ObservationSource::Apps | ObservationSource::Homebrew => Some(OsFamily::Macos),
        ObservationSource::DebPackages
        | ObservationSource::RpmPackages
        | ObservationSource::ApkPackages
        | ObservationSource::PacmanPackages
        | ObservationSource::Snap => Some(OsFamily::Linux),
        _ => None,
    }
}

fn observe(
    reading: &mut Reading<'_>,
    place: Place,
    device: DeviceNumber,
    package: &Package<'_>,
    bytes: &[u8],
) -> Result<(), ImportError> {
    let Some(name) = package.name.known() else { return reading.reject(place, "a package without a name", bytes) };
    let date = package.install_time.known().or_else(|| package.installed.known());
    let date = date.and_then(|date| text::day(date, DateOrder::MonthFirst));
    let mut observation = ObservationRef::new(source_of(package).unwrap_or(ObservationSource::Import));
    observation.name = Some(name);
    observation.version = package.version.known();
    observation.publisher = package.vendor.known();
    observation.arch = package.architecture.known();
    observation.install_date = date.as_deref();
    let location = package.location.known().or_else(|| package.path.known());
    if observation.source == ObservationSource::Programs {
        observation.install_location = location;
    } else {
        observation.path = location;
    }
    reading.observation(place, device, &observation)
}

#[cfg(test)]
mod tests {
    use interdict_model::{ObservationSource, OsFamily};

    use crate::testing::fixture;

    #[test]
    fn blanks_of_the_api_are_absent_and_the_manager_is_an_agent_like_others() {
        let gathered = fixture("wazuh", "api-blanks.json");
        let agents: Vec<Option<&str>> = gathered.devices.iter().map(|device| device.tool_id.as_deref()).collect();
        assert_eq!(agents, [Some("000"), Some("004")]);
        assert_eq!(gathered.devices[1].os_family, Some(OsFamily::Windows));
        assert_eq!(gathered.devices[0].seen.as_deref(), Some("2025-05-28T11:16:15Z"));
        let (_, _, kesl) = &gathered.observations[0];
        assert_eq!((kesl.source, kesl.publisher.as_deref()), (ObservationSource::DebPackages, None));
        assert_eq!((kesl.path.as_deref(), kesl.install_date.as_deref()), (None, None));
        let (_, _, kes) = &gathered.observations[1];
        assert_eq!(kes.install_location.as_deref(), Some(r"C:\Program Files (x86)\Kaspersky Lab\"));
        assert_eq!(kes.install_date.as_deref(), Some("2024-02-03"));
        assert_eq!(gathered.imported.rejected, 1);
        assert!(gathered.told.is_empty(), "a page is never the whole");
    }

    #[test]
    fn the_indexer_names_hosts() {
        for file in ["indexer-hits.json", "indexer-lines.ndjson", "indexer-version-5.json"] {
            let gathered = fixture("wazuh", file);
            let device = &gathered.devices[0];
            assert_eq!((device.tool_id.as_deref(), device.hostname.as_deref()), (Some("012"), Some("mac-9")), "{file}");
            assert_eq!(device.os_family, Some(OsFamily::Macos));
            let sources: Vec<ObservationSource> = gathered.observations.iter().map(|(_, _, one)| one.source).collect();
            assert_eq!(sources, [ObservationSource::Apps, ObservationSource::Homebrew], "{file}");
        }
    }
}
