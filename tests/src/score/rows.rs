//! The tables in `tests/matching/`: an observation each, and what it is or is not.

use std::path::Path;

use interdict_model::Observation;
use serde::Deserialize;

/// One observation and its answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Row {
    /// The file it stands in.
    #[serde(skip)]
    pub file: String,
    /// As a collector gives it.
    pub observation: Observation,
    /// The vendor it is of; absent when it is nobody's.
    pub vendor: Option<String>,
    /// The product it is; not asked when absent.
    pub product: Option<String>,
    /// What the row guards against or proves.
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    row: Vec<Row>,
}

/// Every row of every file in a folder.
///
/// # Errors
/// When a file cannot be read or is no such table.
pub fn matching_rows(folder: &Path) -> Result<Vec<Row>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let mut rows = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let table: Table = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        rows.extend(table.row.into_iter().map(|row| Row { file: file.clone(), ..row }));
    }
    Ok(rows)
}
