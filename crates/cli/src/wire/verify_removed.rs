//! `interdict/verify-removed/v1`: whether a subject is gone, class of trace by class of trace.

use std::collections::BTreeMap;

use interdict_app::{ClassAnswer, MachineRemoval, Removal, RemovalTrace};
use interdict_model::{CatalogueStamp, FingerprintField, ObservationSource, Subject};
use schemars::JsonSchema;
use serde::Serialize;

use super::identify::MatchedOut;
use super::scan::MachineOut;
use super::{Catalogue, LogHeadOut, Word};
use crate::output::Row;

/// Whether a product, or everything of a vendor, is gone from machines.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct VerifyRemoved {
    #[schemars(extend("const" = "interdict/verify-removed/v1"))]
    schema: &'static str,
    /// When it was asked: RFC 3339, UTC.
    asked: String,
    catalogue: Catalogue,
    tool_version: &'static str,
    /// The newest entry of the database's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    log_head: Option<LogHeadOut>,
    vendor: String,
    /// The product; absent when everything of the vendor is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<String>,
    /// How many fingerprints of each kind the catalogue has for it.
    fingerprints: BTreeMap<String, usize>,
    /// Whether every class of trace is absent on every machine asked about.
    certified: bool,
    machines: Vec<RemovedMachine>,
}

/// One machine.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct RemovedMachine {
    machine: MachineOut,
    /// The newest scan, on which the answers rest.
    scan: RemovalScan,
    /// When the newest scan that found it began; absent when none ever did.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_found: Option<String>,
    /// When the scan began that no longer found it.
    #[serde(skip_serializing_if = "Option::is_none")]
    no_longer_found: Option<String>,
    /// Whether every class of trace is absent.
    certified: bool,
    classes: Vec<TraceClass>,
}

/// A scan that answers rest on.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct RemovalScan {
    id: i64,
    /// When it began: RFC 3339, UTC.
    started: String,
    /// Where it came from.
    from: String,
    /// As whom the machine was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_as: Option<String>,
    tool_version: String,
    /// The catalogue whose probes it was made with.
    probes: String,
}

/// One class of trace.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct TraceClass {
    /// The class, by the source of its observations.
    source: Word<ObservationSource>,
    #[schemars(extend("enum" = ["absent", "present", "not-looked-at"]))]
    state: &'static str,
    /// What the answer rests on, or why there is none.
    because: String,
    /// What is there.
    traces: Vec<TraceOut>,
}

/// One trace.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct TraceOut {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// `machine` or `user:NAME`.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    says: String,
    /// The product it was identified as; absent when only the vendor is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<String>,
    matched: Vec<MatchedOut>,
}

impl VerifyRemoved {
    pub(crate) fn new(
        removal: &Removal,
        asked: String,
        catalogue: &CatalogueStamp,
        fingerprints: &BTreeMap<FingerprintField, usize>,
    ) -> Self {
        let (vendor, product) = match &removal.subject {
            Subject::Product { vendor, product } => (vendor.to_string(), Some(product.to_string())),
            Subject::Vendor { vendor } => (vendor.to_string(), None),
            Subject::Party { party } => (party.name.clone(), None),
        };
        Self {
            schema: "interdict/verify-removed/v1",
            asked,
            catalogue: Catalogue::from(catalogue),
            tool_version: env!("CARGO_PKG_VERSION"),
            log_head: removal.log_head.as_ref().map(LogHeadOut::from),
            vendor,
            product,
            fingerprints: fingerprints.iter().map(|(field, count)| (field.to_string(), *count)).collect(),
            certified: removal.is_certain(),
            machines: removal.machines.iter().map(RemovedMachine::from).collect(),
        }
    }

    /// One row per machine and class.
    pub(crate) fn rows(&self) -> Vec<RemovalRow> {
        let rows = self.machines.iter().flat_map(|machine| machine.classes.iter().map(move |class| (machine, class)));
        rows.map(|(machine, class)| RemovalRow {
            machine: machine.machine.name().to_owned(),
            scanned: machine.scan.started.clone(),
            source: class.source,
            state: class.state,
            because: class.because.clone(),
            paths: class.traces.iter().map(|trace| trace.path.clone().unwrap_or_else(|| trace.title.clone())).collect(),
        })
        .collect()
    }
}

impl From<&MachineRemoval> for RemovedMachine {
    fn from(removal: &MachineRemoval) -> Self {
        Self {
            machine: MachineOut::from(&removal.machine),
            scan: RemovalScan {
                id: removal.scan.id,
                started: removal.scan.started.clone(),
                from: removal.scan.source_label.clone(),
                read_as: removal.scan.read_as.clone(),
                tool_version: removal.scan.tool_version.clone(),
                probes: removal.scan.probes_version.clone(),
            },
            last_found: removal.before.as_ref().map(|before| before.last_seen.clone()),
            no_longer_found: removal.before.as_ref().and_then(|before| before.gone.clone()),
            certified: removal.is_certain(),
            classes: removal.classes.iter().map(TraceClass::from).collect(),
        }
    }
}

impl From<&ClassAnswer> for TraceClass {
    fn from(answer: &ClassAnswer) -> Self {
        Self {
            source: Word(answer.source),
            state: answer.state.as_str(),
            because: answer.because.clone(),
            traces: answer.traces.iter().map(TraceOut::from).collect(),
        }
    }
}

impl From<&RemovalTrace> for TraceOut {
    fn from(trace: &RemovalTrace) -> Self {
        Self {
            title: trace.title.clone(),
            path: trace.path.clone(),
            scope: trace.scope.as_ref().map(ToString::to_string),
            says: trace.says.clone(),
            product: trace.product.as_ref().map(ToString::to_string),
            matched: trace.matched.iter().map(MatchedOut::from).collect(),
        }
    }
}

/// One class of trace on one machine.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RemovalRow {
    machine: String,
    scanned: String,
    source: Word<ObservationSource>,
    state: &'static str,
    because: String,
    paths: Vec<String>,
}

impl Row for RemovalRow {
    const COLUMNS: &'static [&'static str] = &["machine", "scanned", "source", "state", "because", "paths"];

    fn values(&self) -> Vec<String> {
        vec![
            self.machine.clone(),
            self.scanned.clone(),
            self.source.0.to_string(),
            self.state.to_owned(),
            self.because.clone(),
            self.paths.join("; "),
        ]
    }
}
