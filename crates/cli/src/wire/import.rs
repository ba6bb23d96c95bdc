//! `interdict/import/v1`.

use interdict_app::AuditOutcome;
use schemars::JsonSchema;
use serde::Serialize;

use super::scan::MachineOut;
use crate::output::Row;

/// What became of the files that were to be imported.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ImportList {
    #[schemars(extend("const" = "interdict/import/v1"))]
    schema: &'static str,
    /// The files that were imported, in the order given.
    import: Vec<ImportedFile>,
    /// How many files were not.
    failed: usize,
    /// The database that keeps them.
    database: String,
}

impl ImportList {
    pub(crate) fn new(import: Vec<ImportedFile>, failed: usize, database: String) -> Self {
        Self { schema: "interdict/import/v1", import, failed, database }
    }
}

/// One file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ImportedFile {
    file: String,
    machine: MachineOut,
    observations: usize,
    /// Lines that could not be used.
    rejected: usize,
    new_installations: usize,
    gone_installations: usize,
}

impl ImportedFile {
    pub(crate) fn new(file: String, outcome: &AuditOutcome) -> Self {
        Self {
            file,
            machine: MachineOut::from(&outcome.header.machine),
            observations: outcome.observations,
            rejected: outcome.diagnostics.len(),
            new_installations: outcome.recorded.new_installations,
            gone_installations: outcome.recorded.gone_installations,
        }
    }

    /// One sentence for people.
    pub(crate) fn sentence(&self) -> String {
        let rejected = match self.rejected {
            0 => String::new(),
            1 => ", 1 line could not be used".to_owned(),
            more => format!(", {more} lines could not be used"),
        };
        format!(
            "{}: {} observations of {}, {} new, {} gone{rejected}",
            self.file,
            self.observations,
            self.machine.name(),
            self.new_installations,
            self.gone_installations
        )
    }
}

impl Row for ImportedFile {
    const COLUMNS: &'static [&'static str] =
        &["file", "machine", "observations", "rejected", "new_installations", "gone_installations"];

    fn values(&self) -> Vec<String> {
        vec![
            self.file.clone(),
            self.machine.name().to_owned(),
            self.observations.to_string(),
            self.rejected.to_string(),
            self.new_installations.to_string(),
            self.gone_installations.to_string(),
        ]
    }
}
