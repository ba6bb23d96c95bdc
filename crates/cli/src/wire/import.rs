//! `interdict/import/v1`.

use interdict_app::ImportOutcome;
use schemars::JsonSchema;
use serde::Serialize;

use super::scan::MachineOut;
use crate::output::{self, Row};

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
    /// The number of the import, for `interdict imports`.
    number: i64,
    /// The format it was read as.
    format: String,
    encoding: Option<String>,
    /// SHA-256 of the file as it lay there, in hexadecimal.
    sha256: String,
    /// When the data was made, where the file says: RFC 3339, UTC.
    made: Option<String>,
    /// Whether the same file was imported before: then nothing was changed.
    known_before: bool,
    /// The machine, where the file tells of exactly one.
    machine: Option<MachineOut>,
    /// How many machines it tells of.
    machines: usize,
    /// Records that name no machine.
    titles: usize,
    observations: usize,
    /// Records that could not be used.
    rejected: u64,
    /// Records left out on purpose, by reason.
    skipped: std::collections::BTreeMap<String, u64>,
    new_installations: usize,
    gone_installations: usize,
}

impl ImportedFile {
    pub(crate) fn new(file: String, outcome: &ImportOutcome) -> Self {
        let batch = &outcome.batch;
        let machine = match outcome.machines.as_slice() {
            [only] => Some(MachineOut::from(&only.machine)),
            _ => None,
        };
        Self {
            file,
            number: batch.id,
            format: batch.header.format.clone(),
            encoding: batch.header.encoding.clone(),
            sha256: batch.header.sha256.clone(),
            made: batch.header.made.clone(),
            known_before: outcome.is_known,
            machine,
            machines: batch.machines,
            titles: batch.titles,
            observations: outcome.observations(),
            rejected: batch.rejected,
            skipped: batch.skipped.iter().cloned().collect(),
            new_installations: outcome.sum(|recorded| recorded.new_installations),
            gone_installations: outcome.sum(|recorded| recorded.gone_installations),
        }
    }

    /// Number, format, machines, observations and rejected records, for a row of another list.
    pub(crate) fn figures(&self) -> [String; 5] {
        [
            self.number.to_string(),
            self.format.clone(),
            self.machines.to_string(),
            self.observations.to_string(),
            self.rejected.to_string(),
        ]
    }

    /// One sentence for people.
    pub(crate) fn sentence(&self) -> String {
        if self.known_before {
            return format!("{}: the same file is import {} already; nothing changed", self.file, self.number);
        }
        let of = match (&self.machine, self.machines) {
            (Some(machine), _) => format!(" of {}", machine.name()),
            (None, 0) => String::new(),
            (None, more) => format!(" of {more} machines"),
        };
        let counted = |count: u64, one: &str, more: &str| match count {
            0 => String::new(),
            1 => format!(", 1 {one}"),
            count => format!(", {count} {more}"),
        };
        let titles = counted(self.titles as u64, "title of no machine", "titles of no machine");
        let rejected = counted(self.rejected, "record could not be used", "records could not be used");
        let skipped = counted(self.skipped.values().sum(), "left out", "left out");
        let why =
            if self.rejected > 0 { format!(" (interdict imports rejects {})", self.number) } else { String::new() };
        format!(
            "{}: {}, {}{of}, {} new, {} gone{titles}{skipped}{rejected}{why}",
            self.file,
            self.format,
            output::counted(self.observations, "observation"),
            self.new_installations,
            self.gone_installations
        )
    }
}

impl Row for ImportedFile {
    const COLUMNS: &'static [&'static str] = &[
        "file",
        "machine",
        "observations",
        "rejected",
        "new_installations",
        "gone_installations",
        "number",
        "format",
        "machines",
        "titles",
        "known_before",
    ];

    fn values(&self) -> Vec<String> {
        vec![
            self.file.clone(),
            self.machine.as_ref().map(|machine| machine.name().to_owned()).unwrap_or_default(),
            self.observations.to_string(),
            self.rejected.to_string(),
            self.new_installations.to_string(),
            self.gone_installations.to_string(),
            self.number.to_string(),
            self.format.clone(),
            self.machines.to_string(),
            self.titles.to_string(),
            self.known_before.to_string(),
        ]
    }
}
