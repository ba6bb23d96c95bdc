//! Bills of materials of `CycloneDX` 1.0 to 1.7, as JSON and as XML (<https://cyclonedx.org/docs/1.7/json/>).
//!
//! `metadata.component` is what the bill is of: a device, a system, a platform or a container's image is a machine; an
//! application is a title like what is in it. Components may stand in one another. Where a package URL says which package
//! manager a component is of, it is a package of that. Services, vulnerabilities, dependencies, licences and formulations
//! are not read; data and cryptographic assets are no software and are left out.

use interdict_model::ObservationSource;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Format;
use super::sbom::{self, Records, Subject};
use crate::error::ImportError;
use crate::json::{self, Part, Text};
use crate::platform;
use crate::reading::Reading;
use crate::sample::{Sample, Shape};
use crate::sink::{Device, Place};
use crate::text;
use crate::xml::{self, Element};

pub(super) const FORMAT: Format = Format {
    name: "cyclonedx",
    title: "CycloneDX bill of materials",
    caveat: Some("a bill lists what its maker looked for, so nothing is taken for gone that is not told"),
    keeps_days: None,
    recognise,
    read,
};

fn recognise(sample: &Sample) -> u8 {
    match &sample.shape {
        Shape::Json(_) if sample.has("bomFormat") && sample.text.contains("CycloneDX") => 95,
        Shape::Json(_) if sample.has_all(&["specVersion", "components[].type"]) => 80,
        Shape::Xml(_) if sample.has("bom") && sample.text.contains("cyclonedx.org/schema/bom") => 95,
        _ => 0,
    }
}

fn read(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let mut records = Records::default();
    if matches!(reading.sample.shape, Shape::Xml(_)) {
        read_xml(reading, &mut records)?;
    } else {
        read_json(reading, &mut records)?;
    }
    records.end(reading)
}

fn read_json(reading: &mut Reading<'_>, records: &mut Records) -> Result<(), ImportError> {
    let parts = [Part::Value(&["metadata"]), Part::List(&["components"]), Part::List(&["services"])];
    json::parts(reading, &parts, |reading, part, place, value| match part {
        0 => match serde_json::from_str::<Metadata<'_>>(value.get()) {
            Ok(metadata) => of(reading, records, &metadata),
            Err(error) => reading.reject(Place::File, format!("no metadata: {error}"), value.get().as_bytes()),
        },
        1 => component_of_json(reading, records, place, value),
        _ => reading.skip(place, SERVICE),
    })?;
    Ok(())
}

const SERVICE: &str = "a service elsewhere, not software here";

fn component_of_json(
    reading: &mut Reading<'_>,
    records: &mut Records,
    place: Place,
    value: &RawValue,
) -> Result<(), ImportError> {
    let bytes = value.get().as_bytes();
    match serde_json::from_slice::<Component<'_>>(bytes) {
        Ok(component) => put(reading, records, place, &component, bytes),
        Err(error) => reading.reject(place, format!("no component: {error}"), bytes),
    }
}

fn read_xml(reading: &mut Reading<'_>, records: &mut Records) -> Result<(), ImportError> {
    let wanted: &[&[&str]] =
        &[&["bom", "metadata"], &["bom", "components", "component"], &["bom", "services", "service"]];
    xml::elements(reading, wanted, |reading, which, place, element| match which {
        0 => {
            let component = element.child("component").map(Component::of);
            let timestamp = Text(element.text_of("timestamp").unwrap_or_default().into());
            of(reading, records, &Metadata { timestamp, component })
        }
        1 => put(reading, records, place, &Component::of(element), element.name.as_bytes()),
        _ => reading.skip(place, SERVICE),
    })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Metadata<'a> {
    #[serde(borrow)]
    timestamp: Text<'a>,
    component: Option<Component<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Component<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    name: Text<'a>,
    group: Text<'a>,
    version: Text<'a>,
    publisher: Text<'a>,
    author: Text<'a>,
    cpe: Text<'a>,
    purl: Text<'a>,
    supplier: Option<Organisation<'a>>,
    manufacturer: Option<Organisation<'a>>,
    authors: Option<Vec<Organisation<'a>>>,
    evidence: Option<Evidence<'a>>,
    properties: Option<Vec<Property<'a>>>,
    components: Option<Vec<Self>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Organisation<'a> {
    #[serde(borrow)]
    name: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Evidence<'a> {
    #[serde(borrow)]
    occurrences: Option<Vec<Occurrence<'a>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Occurrence<'a> {
    #[serde(borrow)]
    location: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Property<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    value: Text<'a>,
}

impl<'a> Component<'a> {
    /// The component that an element of XML is. Elements are not deeper than their reader allows.
    fn of(element: &'a Element) -> Self {
        let text = |name: &str| Text(element.text_of(name).unwrap_or_default().into());
        let organisation = |name: &str| {
            let found = element.child(name)?;
            Some(Organisation { name: Text(found.text_of("name").or_else(|| found.text())?.into()) })
        };
        let within = |name: &str| element.child(name).map(|list| list.children.as_slice()).unwrap_or_default();
        let occurrences = element.child("evidence").and_then(|evidence| evidence.child("occurrences"));
        let occurrences = occurrences.map(|list| {
            let location = |one: &'a Element| Some(Occurrence { location: Text(one.text_of("location")?.into()) });
            list.children.iter().filter_map(location).collect()
        });
        let author = |one: &'a Element| Some(Organisation { name: Text(one.text_of("name")?.into()) });
        let property = |one: &'a Element| {
            Some(Property { name: Text(one.attribute("name")?.into()), value: Text(one.text()?.into()) })
        };
        Self {
            kind: Text(element.attribute("type").unwrap_or_default().into()),
            name: text("name"),
            group: text("group"),
            version: text("version"),
            publisher: text("publisher"),
            author: text("author"),
            cpe: text("cpe"),
            purl: text("purl"),
            supplier: organisation("supplier"),
            manufacturer: organisation("manufacturer"),
            authors: Some(within("authors").iter().filter_map(author).collect()),
            evidence: Some(Evidence { occurrences }),
            properties: Some(within("properties").iter().filter_map(property).collect()),
            components: Some(within("components").iter().map(Self::of).collect()),
        }
    }

    fn publisher(&self) -> Option<&str> {
        self.publisher
            .known()
            .or_else(|| name_of(self.manufacturer.as_ref()))
            .or_else(|| name_of(self.supplier.as_ref()))
            .or_else(|| self.authors.iter().flatten().find_map(|author| author.name.known()))
            .or_else(|| self.author.known())
    }

    fn path(&self) -> Option<&str> {
        let mut occurrences = self.evidence.iter().filter_map(|evidence| evidence.occurrences.as_ref()).flatten();
        // syft writes where it found a package into a property.
        let is_location = |name: &str| name.starts_with("syft:location:") && name.ends_with(":path");
        let mut properties = self.properties.iter().flatten();
        occurrences
            .find_map(|occurrence| occurrence.location.known())
            .or_else(|| properties.find(|property| is_location(&property.name.0)).and_then(|one| one.value.known()))
    }
}

fn name_of<'o>(organisation: Option<&'o Organisation<'_>>) -> Option<&'o str> {
    organisation.and_then(|organisation| organisation.name.known())
}

/// Says what the bill is of, and takes what stands in that.
fn of(reading: &mut Reading<'_>, records: &mut Records, metadata: &Metadata<'_>) -> Result<(), ImportError> {
    let seen = metadata.timestamp.known().and_then(text::instant);
    if let Some(seen) = &seen {
        reading.made(seen);
    }
    let Some(component) = &metadata.component else { return records.are_of(reading, Subject::Title) };
    let (name, version) = (component.name.known(), component.version.known());
    let subject = match component.kind.0.as_ref() {
        "device" | "container" | "platform" | "firmware" => {
            let device = Device {
                tool_id: component.purl.known(),
                hostname: name.and_then(text::identity),
                seen: seen.as_deref(),
                ..Device::default()
            };
            let is_known = device.tool_id.or(device.hostname).is_some();
            Subject::Device(if is_known { reading.device(&device)? } else { reading.file_device()? })
        }
        // A system's name says nothing of the machine that it runs on.
        "operating-system" => {
            let os_family = name.and_then(platform::family);
            let device =
                Device { os_family, os_name: name, os_version: version, seen: seen.as_deref(), ..Device::default() };
            Subject::Device(reading.file_device_with(&device)?)
        }
        _ => {
            records.are_of(reading, Subject::Title)?;
            return put(reading, records, Place::File, component, component.name.0.as_bytes());
        }
    };
    records.are_of(reading, subject)?;
    within(reading, records, Place::File, component, component.name.0.as_bytes())
}

fn put(
    reading: &mut Reading<'_>,
    records: &mut Records,
    place: Place,
    component: &Component<'_>,
    bytes: &[u8],
) -> Result<(), ImportError> {
    let kind = component.kind.0.as_ref();
    if matches!(kind, "data" | "cryptographic-asset") {
        reading.skip(place, "data or a cryptographic asset, not software")?;
        return within(reading, records, place, component, bytes);
    }
    let name = component.name.known();
    let is_file = kind == "file";
    let known = sbom::Component {
        name: name.filter(|_| !is_file),
        group: component.group.known(),
        version: component.version.known(),
        publisher: component.publisher(),
        path: component.path().or(name.filter(|_| is_file)),
        url: component.purl.known(),
        cpe: component.cpe.known(),
        source: match kind {
            "file" => Some(ObservationSource::Files),
            "device-driver" => Some(ObservationSource::Drivers),
            _ => None,
        },
        ..sbom::Component::default()
    };
    records.put(reading, place, &known, bytes)?;
    within(reading, records, place, component, bytes)
}

/// The components that stand in one.
fn within(
    reading: &mut Reading<'_>,
    records: &mut Records,
    place: Place,
    component: &Component<'_>,
    bytes: &[u8],
) -> Result<(), ImportError> {
    // JSON and XML are both read to a bounded depth, so that this ends.
    component.components.iter().flatten().try_for_each(|inner| put(reading, records, place, inner, bytes))
}

#[cfg(test)]
mod tests {
    use ObservationSource::{DebPackages, Drivers, Files, Import};
    use interdict_model::{ObservationSource, OsFamily, raw_key};

    use crate::testing::{Gathered, fixture, gather};

    fn titles(gathered: &Gathered) -> Vec<&str> {
        gathered.titles.iter().map(|(one, _)| one.title()).collect()
    }

    #[test]
    fn a_bill_of_a_device_as_json_and_as_xml_is_the_same() {
        let (json, xml) = (fixture("cyclonedx", "device.json"), fixture("cyclonedx", "device.xml"));
        assert_eq!(json.devices, xml.devices);
        assert_eq!(json.devices[0].hostname.as_deref(), Some("srv-files-01"));
        assert_eq!(json.devices[0].seen.as_deref(), Some("2026-02-03T04:05:06Z"));
        let plain =
            |gathered: &Gathered| gathered.observations.iter().map(|(_, _, one)| one.clone()).collect::<Vec<_>>();
        assert_eq!(plain(&json), plain(&xml));
        let sources: Vec<ObservationSource> = json.observations.iter().map(|(_, _, one)| one.source).collect();
        assert_eq!(sources, [DebPackages, Import, Import, Drivers, Files]);
        let (_, _, kesl) = &json.observations[0];
        assert_eq!((kesl.arch.as_deref(), kesl.raw(raw_key::SOURCE_PACKAGE)), (Some("amd64"), Some("kesl-source")));
        assert_eq!(kesl.path.as_deref(), Some("/var/lib/dpkg/status"));
        let (_, _, suite) = &json.observations[1];
        assert_eq!(suite.publisher.as_deref(), Some("AO Kaspersky Lab"));
        assert!(suite.identifier.as_deref().is_some_and(|cpe| cpe.starts_with("cpe:2.3:a:kaspersky:")));
        assert_eq!(json.observations[2].2.name.as_deref(), Some("engine"), "a component within a component");
        assert_eq!(json.observations[4].2.path.as_deref(), Some("/opt/tool/tdsskiller.exe"));
        assert_eq!(json.imported.skipped.values().sum::<u64>(), 2);
        assert_eq!(json.imported.skipped, xml.imported.skipped);
    }

    #[test]
    fn a_bill_of_an_application_is_on_no_device() {
        let text = r#"{"components":[{"type":"library","group":"org.x","name":"y","version":"1"}],"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"type":"application","name":"Suite","components":[{"type":"library","name":"z"}]}}}"#;
        let gathered = gather(text.as_bytes(), "bom.json");
        assert!(gathered.devices.is_empty());
        assert_eq!(titles(&gathered), ["org.x/y", "Suite", "z"], "what stood before the metadata waited");
    }

    #[test]
    fn a_bill_of_a_system_is_of_the_machine_the_file_is_named_for() {
        let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":{"type":"operating-system","name":"Debian","version":"12"}},"components":[{"type":"library","name":"bash","purl":"pkg:deb/debian/bash@5"}]}"#;
        let gathered = gather(text.as_bytes(), "web-01.cdx.json");
        let device = &gathered.devices[0];
        assert_eq!((device.hostname.as_deref(), device.os_family), (Some("web-01"), Some(OsFamily::Linux)));
        assert_eq!(gathered.names(0), ["bash"]);
    }

    #[test]
    fn dependencies_in_a_cycle_do_not_matter() {
        let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.4","components":[{"bom-ref":"a","type":"library","name":"a"},{"bom-ref":"b","type":"library","name":"b"}],"dependencies":[{"ref":"a","dependsOn":["b"]},{"ref":"b","dependsOn":["a","b"]}],"formulation":[{"components":[{"type":"application","name":"compiler"}]}]}"#;
        assert_eq!(titles(&gather(text.as_bytes(), "bom.json")), ["a", "b"]);
    }

    #[test]
    fn a_component_too_deep_is_rejected_alone() {
        let depth = 200;
        let deep = format!("{}{}", r#"{"type":"library","name":"x","components":["#.repeat(depth), "]}".repeat(depth));
        let text = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.4","components":[{{"type":"library","name":"a"}},{deep}]}}"#
        );
        let gathered = gather(text.as_bytes(), "bom.json");
        assert_eq!(titles(&gathered), ["a"]);
        assert!(gathered.rejects[0].reason.contains("recursion"), "{:?}", gathered.rejects);
    }
}
