//! Bills of materials of SPDX: 2.2 and 2.3 as JSON and as tag-value text, 3.0 as JSON-LD (<https://spdx.dev/specifications/>).
//!
//! What a document describes is said by words that may stand at its end, so that its packages wait for them. Where that
//! is a device, a system or a container, the rest is on it; else all come as titles. Suppliers are read without the kind
//! and the address that SPDX writes around them; `NOASSERTION` and `NONE` are absent. Files, snippets, licences and other
//! relationships are not read, so that cycles in those cannot matter.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::Format;
use super::sbom::{Component, Records, Subject};
use crate::error::ImportError;
use crate::json::{self, Part, Text};
use crate::platform;
use crate::reading::Reading;
use crate::sample::{Sample, Shape};
use crate::sink::{Device, Place};
use crate::text;

pub(super) const FORMAT: Format = Format {
    name: "spdx",
    title: "SPDX bill of materials",
    caveat: Some("a bill lists what its maker looked for, so nothing is taken for gone that is not told"),
    keeps_days: None,
    recognise,
    read,
};

/// How many packages and other elements of one document are kept until it is known what it describes.
const LIMIT: usize = 1_000_000;

fn recognise(sample: &Sample) -> u8 {
    let is_graph = sample.has("@graph") && sample.text.contains("spdx.org/rdf/3");
    let is_text = !matches!(sample.shape, Shape::Json(_) | Shape::JsonLines(_) | Shape::Xml(_))
        && sample.text.lines().take(50).any(|line| line.starts_with("SPDXVersion:"));
    if sample.has("spdxVersion") || is_graph || is_text { 95 } else { 0 }
}

fn read(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let mut document = Document::default();
    if !matches!(reading.sample.shape, Shape::Json(_)) {
        read_tags(reading, &mut document)?;
    } else if reading.sample.has("@graph") {
        read_graph(reading, &mut document)?;
    } else {
        read_json(reading, &mut document)?;
    }
    document.hand_on(reading)
}

/// A package of any of the forms.
#[derive(Debug, Default)]
struct Package {
    id: String,
    name: Option<String>,
    version: Option<String>,
    publisher: Option<String>,
    /// The ids of those who supplied and originated it, where they are elements of their own.
    agents: Vec<String>,
    purpose: Option<String>,
    url: Option<String>,
    cpe: Option<String>,
}

/// All that is needed of a document.
#[derive(Debug, Default)]
struct Document {
    created: Option<String>,
    /// The ids of what it describes.
    described: BTreeSet<String>,
    packages: Vec<(Place, Package)>,
    /// The names of persons, organisations and tools by their ids.
    agents: BTreeMap<String, String>,
}

impl Document {
    fn keep(&mut self, place: Place, package: Package) -> Result<(), ImportError> {
        self.packages.push((place, package));
        self.check()
    }

    fn check(&self) -> Result<(), ImportError> {
        if self.packages.len() + self.agents.len() + self.described.len() <= LIMIT {
            return Ok(());
        }
        let what = "the number of elements of a document".to_owned();
        Err(ImportError::TooLarge { what, limit: LIMIT as u64 })
    }

    fn hand_on(mut self, reading: &mut Reading<'_>) -> Result<(), ImportError> {
        let seen = self.created.as_deref().and_then(text::instant);
        if let Some(seen) = &seen {
            reading.made(seen);
        }
        let is_machine = |purpose: &str| {
            let purpose = purpose.to_ascii_lowercase().replace(['-', '_'], "");
            matches!(purpose.as_str(), "device" | "operatingsystem" | "container" | "platform")
        };
        let place = self.packages.iter().position(|(_, package)| {
            self.described.contains(&package.id) && package.purpose.as_deref().is_some_and(is_machine)
        });
        let mut records = Records::default();
        let subject = match place.map(|place| self.packages.remove(place).1) {
            None => Subject::Title,
            Some(machine) => {
                let is_system =
                    machine.purpose.as_deref().is_some_and(|purpose| purpose.to_ascii_uppercase().starts_with('O'));
                let (name, version) = (machine.name.as_deref(), machine.version.as_deref());
                let device = Device { seen: seen.as_deref(), ..Device::default() };
                Subject::Device(if is_system {
                    let os_family = name.and_then(platform::family);
                    reading.file_device_with(&Device { os_family, os_name: name, os_version: version, ..device })?
                } else if let Some(hostname) = name.and_then(text::identity) {
                    reading.device(&Device { hostname: Some(hostname), ..device })?
                } else {
                    reading.file_device_with(&device)?
                })
            }
        };
        records.are_of(reading, subject)?;
        for (place, package) in &self.packages {
            let agent = package.agents.iter().find_map(|id| self.agents.get(id)).map(String::as_str);
            let component = Component {
                name: package.name.as_deref(),
                version: package.version.as_deref(),
                publisher: package.publisher.as_deref().or(agent),
                url: package.url.as_deref(),
                cpe: package.cpe.as_deref(),
                ..Component::default()
            };
            records.put(reading, *place, &component, package.id.as_bytes())?;
        }
        records.end(reading)
    }
}

/// A value, unless it is one of the words for not knowing.
fn known(value: &str) -> Option<&str> {
    text::known(value).filter(|value| !matches!(*value, "NOASSERTION" | "NONE"))
}

fn owned(value: &str) -> Option<String> {
    known(value).map(str::to_owned)
}

/// The name in `Organization: Example (mail@example.test)`.
fn party(written: &str) -> Option<String> {
    let written = known(written)?;
    let name = ["Organization:", "Person:", "Tool:"].iter().find_map(|kind| written.strip_prefix(kind));
    let name = name.unwrap_or(written).trim();
    let without_address = name.strip_suffix(')').and_then(|name| name.rsplit_once('('));
    let name = match without_address {
        Some((name, address)) if address.contains('@') || address.trim().is_empty() => name,
        _ => name,
    };
    known(name).map(str::to_owned)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Package2<'a> {
    #[serde(borrow, rename = "SPDXID")]
    id: Text<'a>,
    name: Text<'a>,
    #[serde(rename = "versionInfo")]
    version: Text<'a>,
    supplier: Text<'a>,
    originator: Text<'a>,
    #[serde(rename = "primaryPackagePurpose")]
    purpose: Text<'a>,
    #[serde(rename = "externalRefs")]
    references: Option<Vec<Reference<'a>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Reference<'a> {
    #[serde(borrow, rename = "referenceType")]
    kind: Text<'a>,
    #[serde(rename = "referenceLocator")]
    locator: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Relationship<'a> {
    #[serde(borrow, rename = "spdxElementId")]
    from: Text<'a>,
    #[serde(rename = "relationshipType")]
    kind: Text<'a>,
    #[serde(rename = "relatedSpdxElement")]
    to: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Creation<'a> {
    #[serde(borrow)]
    created: Text<'a>,
}

fn read_json(reading: &mut Reading<'_>, document: &mut Document) -> Result<(), ImportError> {
    let parts = [
        Part::List(&["packages"]),
        Part::List(&["documentDescribes"]),
        Part::List(&["relationships"]),
        Part::Value(&["creationInfo"]),
    ];
    json::parts(reading, &parts, |reading, part, place, value| {
        let bytes = value.get().as_bytes();
        match part {
            0 => match serde_json::from_slice::<Package2<'_>>(bytes) {
                Ok(package) => return document.keep(place, package.read()),
                Err(error) => return reading.reject(place, format!("no package: {error}"), bytes),
            },
            1 => {
                let id: Text<'_> = serde_json::from_slice(bytes).unwrap_or_default();
                document.described.insert(id.0.into_owned());
            }
            // There may be millions of others, which say nothing of what is installed.
            2 => {
                let relationship: Relationship<'_> = serde_json::from_slice(bytes).unwrap_or_default();
                match relationship.kind.0.as_ref() {
                    "DESCRIBES" => document.described.insert(relationship.to.0.into_owned()),
                    "DESCRIBED_BY" => document.described.insert(relationship.from.0.into_owned()),
                    _ => false,
                };
            }
            _ => {
                let creation: Creation<'_> = serde_json::from_slice(bytes).unwrap_or_default();
                document.created = creation.created.known().map(str::to_owned);
            }
        }
        document.check()
    })?;
    Ok(())
}

impl Package2<'_> {
    fn read(&self) -> Package {
        let reference = |is: fn(&str) -> bool| {
            self.references.iter().flatten().find(|one| is(&one.kind.0)).and_then(|one| owned(&one.locator.0))
        };
        Package {
            id: self.id.0.to_string(),
            name: owned(&self.name.0),
            version: owned(&self.version.0),
            publisher: party(&self.supplier.0).or_else(|| party(&self.originator.0)),
            purpose: owned(&self.purpose.0),
            url: reference(|kind| kind == "purl"),
            cpe: reference(|kind| kind.ends_with("cpe23Type")),
            ..Package::default()
        }
    }
}

/// An element of a graph of SPDX 3.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Node<'a> {
    #[serde(borrow, rename = "type", alias = "@type")]
    kind: Text<'a>,
    #[serde(rename = "spdxId", alias = "@id")]
    id: Text<'a>,
    name: Text<'a>,
    created: Text<'a>,
    #[serde(rename = "software_packageVersion")]
    version: Text<'a>,
    #[serde(rename = "software_packageUrl")]
    url: Text<'a>,
    #[serde(rename = "software_primaryPurpose")]
    purpose: Text<'a>,
    #[serde(rename = "suppliedBy")]
    supplied: Texts<'a>,
    #[serde(rename = "originatedBy")]
    originated: Texts<'a>,
    #[serde(rename = "rootElement")]
    root: Texts<'a>,
    #[serde(rename = "externalIdentifier")]
    identifiers: Option<Vec<Identifier<'a>>>,
}

/// One text or a list of them; what stands there in full instead of its id is not looked at.
#[derive(Deserialize)]
#[serde(untagged)]
enum Texts<'a> {
    List(#[serde(borrow)] Vec<Text<'a>>),
    One(Text<'a>),
    Other(IgnoredAny),
}

impl Default for Texts<'_> {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Texts<'_> {
    fn all(&self) -> impl Iterator<Item = String> {
        let texts = match self {
            Self::List(texts) => texts.as_slice(),
            Self::One(text) => std::slice::from_ref(text),
            Self::Other(_) => &[],
        };
        texts.iter().filter_map(Text::known).map(str::to_owned)
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Identifier<'a> {
    #[serde(borrow, rename = "externalIdentifierType")]
    kind: Text<'a>,
    identifier: Text<'a>,
}

fn read_graph(reading: &mut Reading<'_>, document: &mut Document) -> Result<(), ImportError> {
    json::elements(reading, &["@graph"], |reading, place, element| node(reading, document, place, element))?;
    Ok(())
}

fn node(
    reading: &mut Reading<'_>,
    document: &mut Document,
    place: Place,
    element: &RawValue,
) -> Result<(), ImportError> {
    let node: Node<'_> = match serde_json::from_str(element.get()) {
        Ok(node) => node,
        Err(error) => {
            return reading.reject(place, format!("no element of a graph: {error}"), element.get().as_bytes());
        }
    };
    match node.kind.0.as_ref() {
        "CreationInfo" => document.created = node.created.known().map(str::to_owned),
        "SpdxDocument" | "software_Sbom" => document.described.extend(node.root.all()),
        "Organization" | "Person" | "SoftwareAgent" | "Agent" => {
            if let Some(name) = owned(&node.name.0) {
                document.agents.insert(node.id.0.into_owned(), name);
            }
        }
        "software_Package" => {
            let identifier = |is: fn(&str) -> bool| {
                let found = node.identifiers.iter().flatten().find(|one| is(&one.kind.0));
                found.and_then(|one| owned(&one.identifier.0))
            };
            let package = Package {
                id: node.id.0.to_string(),
                name: owned(&node.name.0),
                version: owned(&node.version.0),
                agents: node.supplied.all().chain(node.originated.all()).collect(),
                purpose: owned(&node.purpose.0),
                url: owned(&node.url.0).or_else(|| identifier(|kind| kind.eq_ignore_ascii_case("packageUrl"))),
                cpe: identifier(|kind| kind == "cpe23"),
                ..Package::default()
            };
            return document.keep(place, package);
        }
        _ => {}
    }
    document.check()
}

/// Tag-value text: a `Tag: value` a line. A package begins with its name; what stands in `<text>` is passed over.
fn read_tags(reading: &mut Reading<'_>, document: &mut Document) -> Result<(), ImportError> {
    let mut package: Option<(Place, Package)> = None;
    let mut is_in_text = false;
    json::lines(reading, |_, place, line| {
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        if is_in_text {
            is_in_text = !line.contains("</text>");
            return Ok(());
        }
        let Some((tag, value)) = line.split_once(':') else { return Ok(()) };
        is_in_text = value.contains("<text>") && !value.contains("</text>");
        let value = value.trim();
        match (tag, &mut package) {
            ("PackageName", _) => {
                let begun = (place, Package { name: owned(value), ..Package::default() });
                if let Some((place, package)) = package.replace(begun) {
                    return document.keep(place, package);
                }
            }
            // Files and snippets follow the packages they are in, and have ids of their own.
            ("FileName" | "SnippetSPDXID", _) => {
                if let Some((place, package)) = package.take() {
                    return document.keep(place, package);
                }
            }
            ("Created", _) => document.created = owned(value),
            ("Relationship", _) => {
                if let [from, kind, to] = value.split_whitespace().collect::<Vec<_>>().as_slice() {
                    match *kind {
                        "DESCRIBES" => document.described.insert((*to).to_owned()),
                        "DESCRIBED_BY" => document.described.insert((*from).to_owned()),
                        _ => false,
                    };
                }
            }
            (tag, Some((_, package))) => package_tag(package, tag, value),
            (_, None) => {}
        }
        document.check()
    })?;
    match package {
        Some((place, package)) => document.keep(place, package),
        None => Ok(()),
    }
}

fn package_tag(package: &mut Package, tag: &str, value: &str) {
    match tag {
        "SPDXID" => value.clone_into(&mut package.id),
        "PackageVersion" => package.version = owned(value),
        "PackageSupplier" => package.publisher = party(value).or(package.publisher.take()),
        "PackageOriginator" => package.publisher = package.publisher.take().or_else(|| party(value)),
        "PrimaryPackagePurpose" => package.purpose = owned(value),
        "ExternalRef" => {
            if let [_, kind, locator] = value.split_whitespace().collect::<Vec<_>>().as_slice() {
                match *kind {
                    "purl" => package.url = owned(locator),
                    kind if kind.ends_with("cpe23Type") => package.cpe = owned(locator),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use interdict_model::ObservationSource;

    use super::party;
    use crate::testing::{Gathered, fixture, gather};

    type Row<'g> = (ObservationSource, Option<&'g str>, Option<&'g str>, Option<&'g str>);

    fn rows(gathered: &Gathered) -> Vec<Row<'_>> {
        let mut rows = Vec::new();
        for (_, _, one) in &gathered.observations {
            rows.push((one.source, one.name.as_deref(), one.version.as_deref(), one.publisher.as_deref()));
        }
        rows
    }

    #[test]
    fn all_three_forms_of_a_bill_of_a_device_are_the_same() {
        let expected = [
            (ObservationSource::DebPackages, Some("kesl"), Some("12.1.0-1508"), Some("AO Kaspersky Lab")),
            (ObservationSource::Import, Some("Suite"), None, None),
        ];
        for file in ["device-2.3.json", "device-2.3.spdx", "device-3.0.json"] {
            let gathered = fixture("spdx", file);
            assert_eq!(gathered.devices[0].hostname.as_deref(), Some("srv-files-01"), "{file}");
            assert_eq!(gathered.devices[0].seen.as_deref(), Some("2026-02-03T04:05:06Z"), "{file}");
            assert_eq!(rows(&gathered), expected, "{file}");
            let cpe = gathered.observations[1].2.identifier.as_deref();
            assert_eq!(cpe, Some("cpe:2.3:a:kaspersky:endpoint_security:12:*:*:*:*:*:*:*"), "{file}");
            assert_eq!(gathered.imported.rejected, 0, "{file}: {:?}", gathered.rejects);
        }
    }

    #[test]
    fn a_bill_of_an_application_with_cycles_is_on_no_device() {
        let text = r#"{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"x","packages":[{"SPDXID":"SPDXRef-a","name":"a"},{"SPDXID":"SPDXRef-b","name":"b"},{"SPDXID":"SPDXRef-c"}],"relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-a"},{"spdxElementId":"SPDXRef-a","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-b"},{"spdxElementId":"SPDXRef-b","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-a"}]}"#;
        let gathered = gather(text.as_bytes(), "x.spdx.json");
        let names: Vec<&str> = gathered.titles.iter().map(|(one, _)| one.title()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(gathered.rejects[0].reason, "a component without a name");
    }

    #[test]
    fn suppliers_lose_their_kind_and_address() {
        let cases = [
            ("Organization: AO Kaspersky Lab (info@example.test)", Some("AO Kaspersky Lab")),
            ("Organization: Example (Schweiz) AG", Some("Example (Schweiz) AG")),
            ("Person: Ada ()", Some("Ada")),
            ("NOASSERTION", None),
            ("Organization: NONE", None),
        ];
        for (written, expected) in cases {
            assert_eq!(party(written).as_deref(), expected, "{written}");
        }
    }
}
