//! One raw fact read from a machine or an export.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::vocabulary::ObservationSource;

/// One raw fact, with osquery's column names where osquery has one. What is not known is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// Where it was read.
    pub source: ObservationSource,
    /// Package, program, service, module or process name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Version as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Publisher, vendor or maintainer as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Folder it was installed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install_location: Option<String>,
    /// Day or instant of installation as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install_date: Option<String>,
    /// Bundle id, product code, package id: whatever identifies it in its own world.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// File or key it was read from or points to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Subject of its code signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    /// Processor architecture as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arch: Option<String>,
    /// Name for people, where `name` is a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// For whom it is installed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// Fields that no other column holds and a rule may use; the keys are those of [`raw_key`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub raw: BTreeMap<String, String>,
}

impl Observation {
    /// An observation of which only the source is known yet.
    #[must_use]
    pub const fn new(source: ObservationSource) -> Self {
        Self {
            source,
            name: None,
            version: None,
            publisher: None,
            install_location: None,
            install_date: None,
            identifier: None,
            path: None,
            signer: None,
            arch: None,
            display_name: None,
            scope: None,
            raw: BTreeMap::new(),
        }
    }

    /// The name for people, else the name, else the identifier, else the path.
    #[must_use]
    pub fn title(&self) -> &str {
        [&self.display_name, &self.name, &self.identifier, &self.path]
            .into_iter()
            .find_map(Option::as_deref)
            .unwrap_or_default()
    }

    /// The value of a raw field.
    #[must_use]
    pub fn raw(&self, key: &str) -> Option<&str> {
        self.raw.get(key).map(String::as_str)
    }
}

/// The keys of [`Observation::raw`] that rules read.
pub mod raw_key {
    /// dpkg's three words, when they are not `install ok installed`; of an application of macOS `in the trash`.
    pub const STATUS: &str = "status";
    /// How many files the package lists; only for packages the probes name.
    pub const FILES_LISTED: &str = "files_listed";
    /// How many of those exist.
    pub const FILES_PRESENT: &str = "files_present";
    /// An executable of the package that exists.
    pub const EXECUTABLE: &str = "executable";
    /// Whether something starts the service or module: `true` or `false`.
    pub const AUTO_START: &str = "auto_start";
    /// Whether the executable that a service or process names exists: `true` or `false`.
    pub const EXECUTABLE_EXISTS: &str = "executable_exists";
    /// Where a service is enabled from, such as `multi-user.target`; when a task runs, as written; of a launchd job the
    /// key that starts it.
    pub const ENABLED_BY: &str = "enabled_by";
    /// What an observation is, within its source: of files `folder`, `executable` or `file`; of browser extensions
    /// `policy`, `external`, `unpacked` or `native-messaging-host`; of services `masked` or `broken-link`; of products
    /// registered with Security Center `anti-virus`, `anti-spyware` or `firewall`; of the firewall's a `rule`; of
    /// certificates of Windows `root`, `distribution`, `intermediate` or `publisher`; of extensions of macOS
    /// `kernel-extension`, or what the system extension is for, such as `endpoint-security`; of its configuration
    /// profiles `profile`, `managed-settings`, or what a rule of one does, such as `allows-system-extension`,
    /// and `consent-to-kernel-extension` or `refusal-of-kernel-extension`.
    pub const KIND: &str = "kind";
    /// For a folder: an executable file below it.
    pub const EXECUTABLE_BELOW: &str = "executable_below";
    /// A process id.
    pub const PID: &str = "pid";
    /// The version of a product's engine, where its vendor notes it.
    pub const ENGINE_VERSION: &str = "engine_version";
    /// The version of a product's definitions, where its vendor notes it.
    pub const DEFINITIONS_VERSION: &str = "definitions_version";
    /// The day or instant of a product's definitions, where its vendor notes it; RFC 3339 or as written.
    pub const DEFINITIONS_DATE: &str = "definitions_date";
    /// When a licence ends, where the vendor notes it.
    pub const LICENCE_END: &str = "licence_end";
    /// A minifilter's altitude: its place in the order of filters.
    pub const ALTITUDE: &str = "altitude";
    /// What Security Center says of a product: `on`, `off`, `snoozed` or `expired`; of a system extension of macOS the
    /// system's word, such as `activated_enabled`.
    pub const STATE: &str = "state";
    /// Whether Security Center takes a product's definitions for current: `true` or `false`.
    pub const UP_TO_DATE: &str = "up_to_date";
    /// The browser an extension belongs to.
    pub const BROWSER: &str = "browser";
    /// Whether an extension, a snap or a task is enabled: `true` or `false`.
    pub const ENABLED: &str = "enabled";
    /// The ids of the browser extensions that may start a native messaging host, by comma.
    pub const EXTENSIONS: &str = "extensions";
    /// What a process holds that only security software and the like does: `fanotify`, `bpf`, by comma.
    pub const HOLDS: &str = "holds";
    /// How a signature was read: `embedded, digest matches` (the file is the one that was signed), `embedded, digest
    /// differs` (it is not: changed since, or the signature was taken from another file), `embedded, not checked`,
    /// `embedded, not trusted by Windows`, or `verified by Windows`. Whom a certificate's chain ends at is never checked
    /// but in the last two.
    pub const SIGNATURE: &str = "signature";
    /// The revision of a snap, which says what is installed where its version is not known.
    pub const REVISION: &str = "revision";
    /// The channel that a snap follows.
    pub const CHANNEL: &str = "channel";
    /// The folder a person named that the file was found in, for programs that nothing registers.
    pub const SWEPT: &str = "swept";
    /// What a program's file was called when it was made, where it is called otherwise now.
    pub const ORIGINAL_FILE_NAME: &str = "original_file_name";
    /// The source package of a binary package.
    pub const SOURCE_PACKAGE: &str = "source_package";
    /// When it was last opened, where the system keeps that: RFC 3339, or `never`.
    pub const LAST_OPENED: &str = "last_opened";
}

/// For whom something is installed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The whole machine.
    Machine,
    /// One user.
    User(String),
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Machine => formatter.write_str("machine"),
            Self::User(name) => write!(formatter, "user:{name}"),
        }
    }
}

/// A text that is not a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a scope: write \"machine\" or \"user:NAME\"")]
pub struct ScopeError(String);

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        match text.strip_prefix("user:") {
            Some(name) if !name.is_empty() => Ok(Self::User(name.to_owned())),
            None if text == "machine" => Ok(Self::Machine),
            _ => Err(ScopeError(text.to_owned())),
        }
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_absent_in_json() {
        let mut observation = Observation::new(ObservationSource::Programs);
        observation.name = Some("Kaspersky Endpoint Security for Windows".to_owned());
        observation.scope = Some(Scope::User("ada".to_owned()));
        let json = serde_json::to_string(&observation).expect("serialises");
        assert_eq!(
            json,
            r#"{"source":"programs","name":"Kaspersky Endpoint Security for Windows","scope":"user:ada"}"#
        );
        assert_eq!(serde_json::from_str::<Observation>(&json).expect("reads back"), observation);
    }

    #[test]
    fn a_misspelt_column_is_an_error_that_names_the_columns() {
        let error = serde_json::from_str::<Observation>(r#"{"source":"programs","nmae":"x"}"#).expect_err("unknown");
        assert!(error.to_string().contains("display_name"), "{error}");
    }
}
