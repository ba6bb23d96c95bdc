//! `interdict/scan-hosts/v1`: what became of the machines of one run over ssh.

use std::path::Path;

use interdict_app::{HostEnd, HostScan};
use interdict_model::Fault as _;
use schemars::JsonSchema;
use serde::Serialize;

use super::scan::MachineOut;
use crate::output::Row;

/// What became of the machines.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct HostList {
    #[schemars(extend("const" = "interdict/scan-hosts/v1"))]
    schema: &'static str,
    /// When the run began: RFC 3339, UTC.
    started: String,
    /// When it ended.
    finished: String,
    /// Where the files are.
    folder: String,
    /// Each machine once, in the order of the list.
    hosts: Vec<HostRow>,
}

impl HostList {
    pub(crate) fn new(hosts: Vec<HostRow>, started: String, finished: String, folder: &Path) -> Self {
        let folder = folder.display().to_string();
        Self { schema: "interdict/scan-hosts/v1", started, finished, folder, hosts }
    }
}

/// One machine.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct HostRow {
    /// As it stands in the list: `[user@]host[:port]`.
    host: String,
    /// `scanned`, `skipped` (its file was there already), `failed` or `cancelled`.
    result: &'static str,
    /// Its file, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    machine: Option<MachineOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    observations: Option<usize>,
    /// What the user it was read as could not see, and what else was not looked at, in sentences.
    not_looked_at: Vec<String>,
    /// Why there is no file.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<HostError>,
}

/// Why a machine was not read.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct HostError {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

/// The code of the diagnostic that says how much was hidden.
const HIDDEN: &str = "collect/hidden";

impl HostRow {
    pub(crate) const SCANNED: &'static str = "scanned";
    pub(crate) const SKIPPED: &'static str = "skipped";
    pub(crate) const FAILED: &'static str = "failed";
    pub(crate) const CANCELLED: &'static str = "cancelled";

    /// How it ended.
    pub(crate) fn result(&self) -> &'static str {
        self.result
    }

    /// Whether its file is there.
    pub(crate) fn has_file(&self) -> bool {
        self.file.is_some()
    }

    /// The columns for people.
    pub(crate) fn cells(&self) -> Vec<String> {
        let why = self.error.as_ref().map(|error| error.message.clone());
        let own = format!("{} cannot be read over ssh: ", self.host);
        let why = why.map(|why| why.strip_prefix(&own).map_or_else(|| why.clone(), str::to_owned));
        vec![
            self.host.clone(),
            self.result.to_owned(),
            format!("{:.1}", self.seconds),
            self.observations.map_or_else(String::new, |count| count.to_string()),
            self.file.clone().or(why).unwrap_or_default(),
            self.not_looked_at.first().cloned().unwrap_or_default(),
        ]
    }
}

impl From<&HostScan> for HostRow {
    fn from(scan: &HostScan) -> Self {
        let file = Some(scan.file.display().to_string());
        let row = Self {
            host: scan.target.destination.to_string(),
            result: Self::SCANNED,
            file: None,
            seconds: scan.took.as_secs_f64(),
            machine: None,
            observations: None,
            not_looked_at: Vec::new(),
            error: None,
        };
        match &scan.end {
            HostEnd::Scanned { machine, observations, diagnostics, not_looked_at } => {
                let hidden = diagnostics.iter().filter(|found| found.code == HIDDEN).map(|found| found.message.clone());
                Self {
                    file,
                    machine: Some(MachineOut::from(machine)),
                    observations: Some(*observations),
                    not_looked_at: hidden.chain(not_looked_at.iter().cloned()).collect(),
                    ..row
                }
            }
            HostEnd::Skipped => Self { result: Self::SKIPPED, file, ..row },
            HostEnd::Cancelled => Self { result: Self::CANCELLED, ..row },
            HostEnd::Failed(error) => {
                let source = std::error::Error::source(error).map(ToString::to_string);
                let message = source.unwrap_or_else(|| error.to_string());
                let error = HostError { code: error.code(), message, hint: error.hint() };
                Self { result: Self::FAILED, error: Some(error), ..row }
            }
        }
    }
}

impl Row for HostRow {
    const COLUMNS: &'static [&'static str] =
        &["host", "result", "seconds", "observations", "file_or_error", "not_looked_at"];

    fn values(&self) -> Vec<String> {
        let mut values = self.cells();
        if let Some(last) = values.last_mut() {
            *last = self.not_looked_at.join(" ");
        }
        values
    }
}
