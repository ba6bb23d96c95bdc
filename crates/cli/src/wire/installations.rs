//! `interdict/installations/v1`: what is on each machine now, one row for each thing.

use interdict_app::import::INSTALLATION_COLUMNS;
use interdict_app::store::MachineRow;
use interdict_model::Observation;
use schemars::JsonSchema;
use serde::Serialize;

use super::scan::{MachineOut, ObservationLine};
use crate::output::Row;

/// What is on the machines.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct InstallationList {
    #[schemars(extend("const" = "interdict/installations/v1"))]
    schema: &'static str,
    installations: Vec<InstallationRow>,
}

impl InstallationList {
    pub(crate) fn new(installations: Vec<InstallationRow>) -> Self {
        Self { schema: "interdict/installations/v1", installations }
    }
}

/// One thing on a machine, as it was observed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct InstallationRow {
    pub(crate) machine: MachineOut,
    /// When its newest scan or export began: RFC 3339, UTC.
    last_seen: String,
    /// Who told of it: `interdict`, or the format of an export.
    pub(crate) told_by: String,
    #[serde(flatten)]
    pub(crate) seen: ObservationLine,
}

impl InstallationRow {
    pub(crate) fn new(machine: &MachineRow, told_by: String, observation: Observation) -> Self {
        Self {
            machine: MachineOut::from(&machine.machine),
            last_seen: machine.last_seen.clone(),
            told_by,
            seen: ObservationLine::from(observation),
        }
    }
}

impl Row for InstallationRow {
    // What `interdict import` reads, whatever the order.
    const COLUMNS: &'static [&'static str] = &INSTALLATION_COLUMNS;

    fn values(&self) -> Vec<String> {
        let seen = &self.seen;
        let [family, name, version] = self.machine.os.parts();
        let (id, hostname) = self.machine.ids();
        let raw = if seen.raw.is_empty() { String::new() } else { serde_json::json!(seen.raw).to_string() };
        let ours = [id, hostname, family, name, version, &self.machine.arch, &self.last_seen, &self.told_by];
        let texts = [
            &seen.name,
            &seen.display_name,
            &seen.version,
            &seen.publisher,
            &seen.install_location,
            &seen.install_date,
            &seen.identifier,
            &seen.path,
            &seen.signer,
            &seen.arch,
            &seen.scope,
        ];
        let ours = ours.into_iter().map(str::to_owned).chain([seen.source.0.to_string()]);
        ours.chain(texts.map(|text| text.clone().unwrap_or_default())).chain([raw]).collect()
    }
}
