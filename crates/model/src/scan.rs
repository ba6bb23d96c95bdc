//! A scan: who was looked at, with which probes, and how each collector fared.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::vocabulary::{CollectorStatus, OsFamily};

/// The machine that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Stable id: the system's machine id where it has one, else derived from what is known and said so.
    pub id: String,
    /// Host name as the system gives it.
    pub hostname: String,
    /// Operating system.
    pub os: OperatingSystem,
    /// Processor architecture, as Rust or the system names it.
    pub arch: String,
}

/// An operating system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatingSystem {
    /// Its family.
    pub family: OsFamily,
    /// Its name, such as `Debian GNU/Linux`.
    pub name: String,
    /// Its version as written.
    pub version: String,
}

/// Which probes a scan was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbesStamp {
    /// The catalogue they were compiled from.
    pub catalogue_version: String,
    /// How many there were.
    pub count: usize,
}

/// How one collector fared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectorReport {
    /// The collector, such as `linux/dpkg`.
    pub name: String,
    /// How it went.
    pub status: CollectorStatus,
    /// Why, for everything but `complete`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How many observations it made.
    pub count: usize,
}

/// The first line of a scan file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanHeader {
    /// Always `interdict/scan/v1`.
    pub schema: String,
    /// Who was looked at.
    pub machine: Machine,
    /// When the scan began: RFC 3339, UTC.
    pub started: String,
    /// With which probes.
    pub probes: ProbesStamp,
    /// How each collector fared, in the order of the report.
    pub collectors: Vec<CollectorReport>,
    /// As whom it was looked at, such as `root`; rights decide what can be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_as: Option<String>,
    /// The version of the tool that scanned.
    pub tool_version: String,
}

impl ScanHeader {
    /// The schema of this version.
    pub const SCHEMA: &'static str = "interdict/scan/v1";
}

/// What to look for beside what a collector lists anyway; compiled from the catalogue's fingerprints.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probes {
    /// The catalogue they were compiled from.
    pub catalogue_version: String,
    /// Files and folders whose existence is a trace, as absolute paths of the system looked at.
    pub paths: BTreeSet<String>,
    /// Package names whose files are to be checked for existence.
    pub packages: BTreeSet<String>,
    /// Names of services, without `.service`, whose executable and enablement matter.
    pub services: BTreeSet<String>,
    /// Registry keys whose existence is a trace.
    pub registry_keys: BTreeSet<String>,
}

impl Probes {
    /// How many probes there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.paths.len() + self.packages.len() + self.services.len() + self.registry_keys.len()
    }

    /// What a scan's first line says of them.
    #[must_use]
    pub fn stamp(&self) -> ProbesStamp {
        ProbesStamp { catalogue_version: self.catalogue_version.clone(), count: self.count() }
    }
}
