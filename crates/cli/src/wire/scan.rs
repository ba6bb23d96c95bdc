//! `interdict/scan/v1`: the first line of a scan, and the observations after it.
//!
//! Scan files are written by `interdict-app`; the types here are what `identify` reads and what the schemas say.

use std::collections::BTreeMap;

use interdict_model::{
    CollectorReport, CollectorStatus, Machine, Observation, ObservationSource, OperatingSystem, OsFamily, Scope,
};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::Word;

/// The first line of a scan.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ScanLine {
    #[schemars(extend("const" = "interdict/scan/v1"))]
    schema: &'static str,
    machine: MachineOut,
    /// When it began: RFC 3339, UTC.
    started: String,
    probes: ProbesOut,
    collectors: Vec<CollectorOut>,
    /// As whom the machine was looked at, such as `root`.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_as: Option<String>,
    /// Folders that were searched as a whole for programs that nothing registers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    swept: Vec<String>,
    tool_version: String,
}

/// The machine that was looked at.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct MachineOut {
    id: String,
    hostname: String,
    pub(super) os: OsOut,
    pub(super) arch: String,
}

impl MachineOut {
    /// Its id and its host name.
    pub(crate) fn ids(&self) -> (&str, &str) {
        (&self.id, &self.hostname)
    }

    /// Its host name, else its id.
    pub(crate) fn name(&self) -> &str {
        if self.hostname.is_empty() { &self.id } else { &self.hostname }
    }
}

impl From<&Machine> for MachineOut {
    fn from(machine: &Machine) -> Self {
        Self {
            id: machine.id.clone(),
            hostname: machine.hostname.clone(),
            os: OsOut::from(&machine.os),
            arch: machine.arch.clone(),
        }
    }
}

/// An operating system.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct OsOut {
    family: Word<OsFamily>,
    name: String,
    version: String,
}

impl OsOut {
    /// Family, name and version.
    pub(super) fn parts(&self) -> [&str; 3] {
        [self.family.0.as_str(), &self.name, &self.version]
    }

    /// Name and version.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.name, self.version).trim_end().to_owned()
    }
}

impl From<&OperatingSystem> for OsOut {
    fn from(os: &OperatingSystem) -> Self {
        Self { family: Word(os.family), name: os.name.clone(), version: os.version.clone() }
    }
}

/// Which probes a scan was made with.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct ProbesOut {
    catalogue_version: String,
    count: usize,
}

/// How one collector fared.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct CollectorOut {
    name: String,
    status: Word<CollectorStatus>,
    /// Why, for everything but `complete`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// How many observations it made.
    count: usize,
}

impl From<&CollectorReport> for CollectorOut {
    fn from(report: &CollectorReport) -> Self {
        Self {
            name: report.name.clone(),
            status: Word(report.status),
            reason: report.reason.clone(),
            count: report.count,
        }
    }
}

/// One observation, with osquery's column names where osquery has one; what is not known is absent.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObservationLine {
    /// Where it was read.
    #[serde(default = "elsewhere", deserialize_with = "source")]
    pub(super) source: Word<ObservationSource>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) publisher: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) install_location: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) install_date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) identifier: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) signer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) arch: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) display_name: Option<String>,
    /// `machine` or `user:NAME`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<String>,
    /// Fields that no other column holds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) raw: BTreeMap<String, String>,
}

impl ObservationLine {
    /// The observation; an error when the scope is none.
    pub(crate) fn observation(self) -> Result<Observation, String> {
        let scope = self.scope.map(|text| text.parse::<Scope>()).transpose().map_err(|error| error.to_string())?;
        Ok(Observation {
            source: self.source.0,
            name: self.name,
            version: self.version,
            publisher: self.publisher,
            install_location: self.install_location,
            install_date: self.install_date,
            identifier: self.identifier,
            path: self.path,
            signer: self.signer,
            arch: self.arch,
            display_name: self.display_name,
            scope,
            raw: self.raw,
        })
    }
}

impl From<Observation> for ObservationLine {
    fn from(observation: Observation) -> Self {
        Self {
            source: Word(observation.source),
            name: observation.name,
            version: observation.version,
            publisher: observation.publisher,
            install_location: observation.install_location,
            install_date: observation.install_date,
            identifier: observation.identifier,
            path: observation.path,
            signer: observation.signer,
            arch: observation.arch,
            display_name: observation.display_name,
            scope: observation.scope.map(|scope| scope.to_string()),
            raw: observation.raw,
        }
    }
}

/// A line that does not say where it was read comes from some other tool.
const fn elsewhere() -> Word<ObservationSource> {
    Word(ObservationSource::Import)
}

fn source<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Word<ObservationSource>, D::Error> {
    ObservationSource::deserialize(deserializer).map(Word)
}
