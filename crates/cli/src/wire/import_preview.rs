//! `interdict/import-preview/v1`.

use interdict_app::import::{Mapping, Preview};
use schemars::JsonSchema;
use serde::Serialize;

use crate::output::Row;

/// What files would become.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct PreviewList {
    #[schemars(extend("const" = "interdict/import-preview/v1"))]
    schema: &'static str,
    previews: Vec<PreviewedFile>,
}

impl PreviewList {
    pub(crate) fn new(previews: Vec<PreviewedFile>) -> Self {
        Self { schema: "interdict/import-preview/v1", previews }
    }
}

/// A file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct PreviewedFile {
    pub(crate) file: String,
    /// The format it would be read as; empty where a mapping is needed first.
    pub(crate) format: String,
    pub(crate) encoding: Option<String>,
    /// What was peeled off, outermost first.
    pub(crate) layers: Vec<String>,
    /// Whether somebody must say which column is what.
    pub(crate) needs_mapping: bool,
    /// The columns of a table.
    pub(crate) columns: Vec<PreviewColumn>,
    /// The mapping that is suggested: what `--mapping` takes.
    #[schemars(with = "Option<std::collections::BTreeMap<String, serde_json::Value>>")]
    pub(crate) mapping: Option<Mapping>,
    /// The first records.
    pub(crate) records: Vec<PreviewRecord>,
    /// What could not be used among them: place and reason.
    pub(crate) rejects: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct PreviewColumn {
    pub(crate) title: String,
    /// The field it would be read as; null for one that is not read.
    pub(crate) field: Option<String>,
    /// How sure that is.
    pub(crate) confidence: Option<String>,
}

/// A record as it would be imported.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct PreviewRecord {
    pub(crate) place: String,
    pub(crate) machine: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) publisher: Option<String>,
    pub(crate) source: String,
}

impl PreviewedFile {
    pub(crate) fn new(file: String, preview: &Preview) -> Self {
        let suggestion = preview.suggestion.as_ref();
        let column = |(index, title): (usize, &String)| {
            let found = suggestion.and_then(|suggestion| suggestion.columns.get(index));
            let field = found.and_then(|found| found.field);
            PreviewColumn {
                title: title.clone(),
                field: field.map(|(field, _)| field.name().to_owned()),
                confidence: field.map(|(_, confidence)| confidence.name().to_owned()),
            }
        };
        Self {
            file,
            format: preview.imported.format.to_owned(),
            encoding: preview.imported.encoding.clone(),
            layers: preview.imported.layers.iter().map(|layer| (*layer).to_owned()).collect(),
            needs_mapping: preview.needs_mapping,
            columns: preview.header.iter().enumerate().map(column).collect(),
            mapping: preview.mapping().cloned(),
            records: preview
                .records
                .iter()
                .map(|record| PreviewRecord {
                    place: record.place.to_string(),
                    machine: record.machine.clone(),
                    name: record.observation.name.clone(),
                    version: record.observation.version.clone(),
                    publisher: record.observation.publisher.clone(),
                    source: record.observation.source.to_string(),
                })
                .collect(),
            rejects: preview.rejects.iter().map(|reject| format!("{}: {}", reject.place, reject.reason)).collect(),
        }
    }

    /// One sentence for people.
    pub(crate) fn sentence(&self) -> String {
        let format = if self.format.is_empty() { "a table nobody described yet" } else { &self.format };
        let encoding = self.encoding.as_ref().map(|encoding| format!(", {encoding}")).unwrap_or_default();
        let layers = if self.layers.is_empty() { String::new() } else { format!(", in {}", self.layers.join(", ")) };
        format!("{}: {format}{encoding}{layers}; the first records:", self.file)
    }
}

impl Row for PreviewedFile {
    const COLUMNS: &'static [&'static str] = &["file", "format", "encoding", "needs_mapping", "columns", "records"];

    fn values(&self) -> Vec<String> {
        vec![
            self.file.clone(),
            self.format.clone(),
            self.encoding.clone().unwrap_or_default(),
            self.needs_mapping.to_string(),
            self.columns.len().to_string(),
            self.records.len().to_string(),
        ]
    }
}
