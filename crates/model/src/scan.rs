//! A scan: who was looked at, with which probes, and how each collector fared.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::observation::{Observation, raw_key};
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
    /// Folders that were searched as a whole for programs that nothing registers, because a person named them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub swept: Vec<String>,
    /// The version of the tool that scanned.
    pub tool_version: String,
}

impl ScanHeader {
    /// The schema of this version.
    pub const SCHEMA: &'static str = "interdict/scan/v1";

    /// Whether it looked where an earlier scan found something. What only a search of folders finds is not gone because
    /// those folders were not searched again.
    #[must_use]
    pub fn looked_where(&self, found: &Observation) -> bool {
        if found.raw(raw_key::SWEPT).is_none() {
            return true;
        }
        let path = comparable(found.path.as_deref().unwrap_or_default());
        self.swept.iter().any(|folder| {
            let rest = path.strip_prefix(comparable(folder).trim_end_matches('/'));
            rest.is_some_and(|rest| rest.starts_with('/'))
        })
    }
}

/// A path as it compares: case matters on no Windows system.
fn comparable(path: &str) -> String {
    if path.contains('\\') { path.to_lowercase().replace('\\', "/") } else { path.to_owned() }
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
    /// Names of files in small letters, for collectors that come across files: no collector looks for them.
    pub file_names: BTreeSet<String>,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::ObservationSource;

    #[test]
    fn what_a_search_found_is_looked_for_only_by_a_search_of_that_place() {
        let json = r#"{"schema":"","machine":{"id":"","hostname":"","os":{"family":"linux","name":"","version":""},"arch":""},
            "started":"","probes":{"catalogue_version":"","count":0},"collectors":[],"tool_version":""}"#;
        let mut header: ScanHeader = serde_json::from_str(json).expect("reads");
        let mut found = Observation::new(ObservationSource::Files);
        found.path = Some("/home/ada/tool".to_owned());
        assert!(header.looked_where(&found), "no search found it");
        found.raw.insert(raw_key::SWEPT.to_owned(), "/home".to_owned());
        let table: [(&str, &str, bool); 8] = [
            ("/home/ada/tool", "/home/ada", true),
            ("/home/ada/tool", "/home/ada/", true),
            ("/home/ada/tool", "/", true),
            ("/home/ada/tool", "/home/ad", false),
            ("/home/ada/tool", "/Home", false),
            (r"C:\Tools\x.exe", r"c:\tools", true),
            (r"C:\Tools\x.exe", r"C:\", true),
            (r"C:\Tools\x.exe", r"D:\", false),
        ];
        for (path, folder, expected) in table {
            found.path = Some(path.to_owned());
            header.swept = vec![folder.to_owned()];
            assert_eq!(header.looked_where(&found), expected, "{path} {folder}");
        }
        header.swept.clear();
        assert!(!header.looked_where(&found));
    }
}
