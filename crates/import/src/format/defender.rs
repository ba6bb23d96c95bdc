//! Microsoft Defender Vulnerability Management's software of devices as JSON.
//!
//! Three sources with the same members: software with a product code
//! (<https://learn.microsoft.com/defender-endpoint/api/get-assessment-software-inventory>), software without one
//! (<https://learn.microsoft.com/defender-endpoint/api/get-assessment-non-cpe-software-inventory>) and the table
//! `DeviceTvmSoftwareInventory` of advanced hunting. The API writes `value` lists with names in camel case, its file
//! export one object a line, hunting `Results` with names in Pascal case; all of these are read alike. Weaknesses, ends of
//! support and groups are not read.
//!
//! Names and vendors are Microsoft's own short forms (`endpoint_security_for_windows` of `kaspersky`), not what the
//! machine shows; for people the underscores become spaces.

use interdict_model::{ObservationRef, ObservationSource};

use super::Format;
use crate::devices::Devices;
use crate::error::ImportError;
use crate::json::{self, Fields, Part, Text};
use crate::platform;
use crate::reading::Reading;
use crate::sample::{Sample, Shape};
use crate::sink::{Device, Place};
use crate::text;

pub(super) const FORMAT: Format = Format {
    name: "defender",
    title: "Defender software inventory (JSON)",
    caveat: Some(
        "names are Microsoft's short forms; software with and without a product code are two exports, import both; \
         what a device stopped reporting goes away after 30 days only",
    ),
    keeps_days: Some(30),
    recognise,
    read,
};

/// Where the lists stand in the several envelopes.
const LISTS: &[&[&str]] = &[&["value"], &["Results"], &["results"]];

fn recognise(sample: &Sample) -> u8 {
    let prefixes = ["", "[].", "value[].", "Results[].", "results[]."];
    let has = |names: [&str; 2]| {
        prefixes.iter().any(|prefix| names.iter().all(|name| sample.has(&format!("{prefix}{name}"))))
    };
    let is_one = has(["deviceId", "softwareName"]) || has(["DeviceId", "SoftwareName"]);
    if is_one { 90 } else { 0 }
}

fn read(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let mut devices = Devices::default();
    if matches!(reading.sample.shape, Shape::JsonLines(_)) {
        return json::lines(reading, |reading, place, line| record(reading, &mut devices, place, line));
    }
    if reading.sample.text.trim_start().starts_with('[') {
        json::elements(reading, &[], |reading, place, element| {
            record(reading, &mut devices, place, element.get().as_bytes())
        })?;
        return Ok(());
    }
    if !LISTS.iter().any(|path| path.iter().all(|name| reading.sample.has(name))) {
        // One line of a file of lines.
        return json::lines(reading, |reading, place, line| record(reading, &mut devices, place, line));
    }
    let lists: Vec<Part<'_>> = LISTS.iter().map(|path| Part::List(path)).collect();
    json::parts(reading, &lists, |reading, _, place, element| {
        record(reading, &mut devices, place, element.get().as_bytes())
    })?;
    Ok(())
}

/// The members of a record in lower case, and the first path of each kind.
#[derive(serde::Deserialize)]
struct Paths<'a> {
    #[serde(borrow, default, alias = "DiskPaths", rename = "diskPaths")]
    disk: Option<Vec<Text<'a>>>,
    #[serde(default, alias = "RegistryPaths", rename = "registryPaths")]
    registry: Option<Vec<Text<'a>>>,
}

fn record(reading: &mut Reading<'_>, devices: &mut Devices, place: Place, bytes: &[u8]) -> Result<(), ImportError> {
    let parsed = serde_json::from_slice::<Fields>(bytes)
        .and_then(|fields| serde_json::from_slice::<Paths<'_>>(bytes).map(|paths| (fields, paths)));
    let (fields, paths) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return reading.reject(place, format!("no record of software: {error}"), bytes),
    };
    let hostname = fields.get("devicename").and_then(text::identity);
    let Some(key) = fields.get("deviceid").or(hostname) else {
        return reading.reject(place, "it names no device", bytes);
    };
    let seen = fields.first(&["softwarelastseentimestamp", "timestamp"]).and_then(text::instant);
    if let Some(seen) = &seen {
        reading.made(seen);
    }
    let device = if let Some(device) = devices.known(key) {
        device
    } else {
        let os_name = fields.get("osplatform");
        let device = Device {
            tool_id: fields.get("deviceid"),
            hostname,
            os_family: os_name.and_then(platform::family),
            os_name,
            os_version: fields.get("osversion"),
            arch: fields.get("osarchitecture"),
            ..Device::default()
        };
        devices.number(reading, key, &device)?
    };
    let Some(name) = fields.get("softwarename") else {
        return reading.reject(place, "it names no software", bytes);
    };
    let readable = name.contains('_').then(|| name.replace('_', " "));
    let disk = paths.disk.iter().flatten().find_map(Text::known);
    let key = paths.registry.iter().flatten().find_map(Text::known);
    let mut observation = ObservationRef::new(ObservationSource::Import);
    observation.name = Some(name);
    observation.display_name = readable.as_deref();
    observation.version = fields.get("softwareversion");
    observation.publisher = fields.get("softwarevendor");
    observation.identifier = fields.get("productcodecpe").filter(|code| code.starts_with("cpe:"));
    observation.path = disk.or(key);
    reading.observation(place, device, &observation)
}

#[cfg(test)]
mod tests {
    use interdict_model::{ObservationSource, OsFamily};

    use crate::testing::{Gathered, fixture, gather};

    fn rows(gathered: &Gathered) -> Vec<(Option<&str>, &str, Option<&str>)> {
        let row = |(_, device, _): &(_, usize, interdict_model::Observation)| *device;
        let devices: Vec<usize> = gathered.observations.iter().map(row).collect();
        gathered
            .observations
            .iter()
            .zip(devices)
            .map(|((_, _, one), device)| {
                (gathered.devices[device].hostname.as_deref(), one.title(), one.publisher.as_deref())
            })
            .collect()
    }

    #[test]
    fn the_spellings_of_all_envelopes_are_read_alike() {
        let expected = [
            (Some("pc-1.example.test"), "endpoint security for windows", Some("kaspersky")),
            (Some("srv-2.example.test"), "7-zip", None),
        ];
        for file in ["api-camel.json", "hunting-pascal.json", "export-lines.json"] {
            let gathered = fixture("defender", file);
            assert_eq!(rows(&gathered), expected, "{file}");
            assert_eq!(gathered.devices[0].os_family, Some(OsFamily::Windows), "{file}");
            assert_eq!(gathered.observations[0].2.source, ObservationSource::Import);
            assert_eq!(gathered.observations[0].2.name.as_deref(), Some("endpoint_security_for_windows"));
        }
    }

    #[test]
    fn evidence_on_disk_is_the_path_and_a_record_of_no_device_is_rejected() {
        let gathered = fixture("defender", "api-camel.json");
        assert_eq!(
            gathered.observations[0].2.path.as_deref(),
            Some(r"C:\Program Files (x86)\Kaspersky Lab\KES.12.6.0\avp.exe")
        );
        let text = r#"{"value":[{"deviceId":"","deviceName":"","softwareName":"x","softwareVendor":"y"}]}"#;
        let gathered = gather(text.as_bytes(), "x.json");
        assert_eq!(gathered.rejects[0].reason, "it names no device");
    }

    #[test]
    fn software_without_a_product_code_says_when_it_was_seen() {
        let text = r#"{"@odata.context":"x","value":[{"id":"a","deviceId":"d1","rbacGroupId":26,"rbacGroupName":"g","deviceName":"pc-1","osPlatform":"Windows10","softwareVendor":"doctor web, ltd","softwareName":"dr.web","softwareVersion":"12.0","softwareLastSeenTimestamp":"2026-01-02T03:04:05Z"}]}"#;
        let gathered = gather(text.as_bytes(), "x.json");
        assert_eq!(gathered.imported.format, "defender");
        assert_eq!(gathered.imported.made.as_deref(), Some("2026-01-02T03:04:05Z"));
    }
}
