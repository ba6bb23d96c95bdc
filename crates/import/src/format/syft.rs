//! syft's own JSON of a container's image or a folder (<https://github.com/anchore/syft/tree/main/schema/json>).
//!
//! `artifacts` come first, then `source` says what was looked at and `distro` which system it holds. An image is a machine
//! of its name; a folder or file that holds a system is the machine the file is named for; any other folder or file is
//! nobody's, and its artifacts come as titles. Relationships, files and licences are not read.

use interdict_model::ObservationSource;
use serde::Deserialize;

use super::Format;
use super::sbom::{Component, Records, Subject};
use crate::error::ImportError;
use crate::json::{self, Fields, Part, Text};
use crate::platform;
use crate::reading::Reading;
use crate::sample::Sample;
use crate::sink::{Device, Place};
use crate::text;

pub(super) const FORMAT: Format = Format {
    name: "syft",
    title: "syft JSON",
    caveat: Some("syft lists what its cataloguers know, so nothing is taken for gone that is not told"),
    keeps_days: None,
    recognise,
    read,
};

fn recognise(sample: &Sample) -> u8 {
    let is_syft = sample.has("artifacts[].foundBy")
        || sample.has_all(&["artifacts", "source.type", "descriptor.name"])
        || sample.has_all(&["artifacts[].metadataType", "artifacts[].locations"]);
    if is_syft { 95 } else { 0 }
}

fn read(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let parts = [Part::List(&["artifacts"]), Part::Value(&["source"]), Part::Value(&["distro"])];
    let mut records = Records::default();
    let (mut source, mut distro) = (None, Fields::default());
    json::parts(reading, &parts, |reading, part, place, value| {
        let bytes = value.get().as_bytes();
        let wrong = |what: &str, error: &serde_json::Error| format!("no {what}: {error}");
        match part {
            0 => return artifact(reading, &mut records, place, bytes),
            1 => match serde_json::from_slice::<Source>(bytes) {
                Ok(found) => source = Some(found),
                Err(error) => return reading.reject(Place::File, wrong("source", &error), bytes),
            },
            _ => match serde_json::from_slice::<Fields>(bytes) {
                Ok(found) => distro = found,
                Err(error) => return reading.reject(Place::File, wrong("system", &error), bytes),
            },
        }
        Ok(())
    })?;
    let subject = subject(reading, source.unwrap_or_default(), &distro)?;
    records.are_of(reading, subject)?;
    records.end(reading)
}

/// What was looked at. Elder versions write `target`, a text or an object, for what newer ones put into `metadata`.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Source {
    #[serde(rename = "type")]
    kind: String,
    name: Option<String>,
    target: Option<serde_json::Value>,
    metadata: Option<serde_json::Value>,
}

fn subject(reading: &mut Reading<'_>, source: Source, distro: &Fields) -> Result<Subject, ImportError> {
    let os_name = distro.first(&["prettyname", "name", "id"]);
    let device = Device {
        os_family: distro.first(&["id", "name", "prettyname"]).and_then(platform::family),
        os_name,
        os_version: distro.first(&["versionid", "version"]),
        ..Device::default()
    };
    if source.kind != "image" {
        let holds_system = os_name.is_some();
        return Ok(if holds_system { Subject::Device(reading.file_device_with(&device)?) } else { Subject::Title });
    }
    let details = source.metadata.or(source.target);
    let named = details.as_ref().and_then(|details| details.get("userInput")?.as_str());
    let hostname = named.or(source.name.as_deref()).and_then(text::identity);
    if hostname.is_none() {
        return Ok(Subject::Device(reading.file_device_with(&device)?));
    }
    Ok(Subject::Device(reading.device(&Device { hostname, ..device })?))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Artifact<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    #[serde(rename = "type")]
    kind: Text<'a>,
    purl: Text<'a>,
    locations: Option<Vec<Location<'a>>>,
    cpes: Option<Vec<Cpe<'a>>>,
    metadata: Option<Metadata<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Location<'a> {
    #[serde(borrow)]
    path: Text<'a>,
}

/// Elder versions write the text alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Cpe<'a> {
    Object {
        #[serde(borrow)]
        cpe: Text<'a>,
    },
    Plain(Text<'a>),
}

/// What some cataloguers say besides.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Metadata<'a> {
    #[serde(borrow)]
    maintainer: Text<'a>,
    vendor: Text<'a>,
    architecture: Text<'a>,
    #[serde(rename = "bundleIdentifier")]
    bundle: Text<'a>,
}

fn artifact(reading: &mut Reading<'_>, records: &mut Records, place: Place, bytes: &[u8]) -> Result<(), ImportError> {
    let artifact: Artifact<'_> = match serde_json::from_slice(bytes) {
        Ok(artifact) => artifact,
        Err(error) => return reading.reject(place, format!("no artifact: {error}"), bytes),
    };
    let metadata = artifact.metadata.as_ref();
    let cpe = artifact.cpes.iter().flatten().find_map(|cpe| match cpe {
        Cpe::Object { cpe } | Cpe::Plain(cpe) => cpe.known(),
    });
    let component = Component {
        name: artifact.name.known(),
        version: artifact.version.known(),
        publisher: metadata.and_then(|metadata| metadata.vendor.known().or_else(|| metadata.maintainer.known())),
        arch: metadata.and_then(|metadata| metadata.architecture.known()),
        path: artifact.locations.iter().flatten().find_map(|location| location.path.known()),
        url: artifact.purl.known(),
        cpe: metadata.and_then(|metadata| metadata.bundle.known()).or(cpe),
        source: match artifact.kind.0.as_ref() {
            "linux-kernel-module" => Some(ObservationSource::KernelModules),
            "mac-app" | "macos-app" => Some(ObservationSource::Apps),
            kind => Some(platform::source(kind)),
        },
        ..Component::default()
    };
    records.put(reading, place, &component, bytes)
}

#[cfg(test)]
mod tests {
    use interdict_model::{ObservationSource, OsFamily, raw_key};

    use crate::testing::{fixture, gather};

    #[test]
    fn an_image_is_a_machine_of_its_name() {
        let gathered = fixture("syft", "image.json");
        let device = &gathered.devices[0];
        assert_eq!(device.hostname.as_deref(), Some("registry.example.test/mail:1.2"));
        assert_eq!((device.os_family, device.os_version.as_deref()), (Some(OsFamily::Linux), Some("12")));
        assert_eq!(device.seen, None, "syft does not say when it looked");
        let sources: Vec<ObservationSource> = gathered.observations.iter().map(|(_, _, one)| one.source).collect();
        assert_eq!(
            sources,
            [ObservationSource::DebPackages, ObservationSource::RpmPackages, ObservationSource::Import]
        );
        let (_, _, kesl) = &gathered.observations[0];
        assert_eq!(
            (kesl.publisher.as_deref(), kesl.arch.as_deref()),
            (Some("Kaspersky <x@example.test>"), Some("amd64"))
        );
        assert_eq!(kesl.raw(raw_key::SOURCE_PACKAGE), Some("kesl-source"));
        assert_eq!(gathered.observations[2].2.path.as_deref(), Some("/app/package.json"));
        assert_eq!(gathered.imported.rejected, 1);
    }

    #[test]
    fn a_folder_is_a_machine_only_where_it_holds_a_system() {
        let bill = |distro: &str| {
            format!(
                r#"{{"artifacts":[{{"name":"x","version":"1","type":"python","foundBy":"c"}}],"source":{{"type":"directory","target":"/srv"}},"distro":{distro},"descriptor":{{"name":"syft"}}}}"#
            )
        };
        let folder = gather(bill("{}").as_bytes(), "app.json");
        assert_eq!((folder.devices.len(), folder.titles.len()), (0, 1));
        let system = gather(bill(r#"{"id":"alpine","versionID":"3.19"}"#).as_bytes(), "edge-7.json");
        assert_eq!(system.devices[0].hostname.as_deref(), Some("edge-7"));
        assert_eq!(system.names(0), ["x"]);
    }
}
