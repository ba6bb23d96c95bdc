//! `interdict/import-watch/v1`: what became of the files of a folder that is watched.

use std::path::Path;

use interdict_app::WatchedFile;
use interdict_model::Fault as _;
use schemars::JsonSchema;
use serde::Serialize;

use super::import::ImportedFile;
use crate::output::Row;

/// What became of the files, in the order they were taken.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct WatchList {
    #[schemars(extend("const" = "interdict/import-watch/v1"))]
    schema: &'static str,
    /// The folder.
    folder: String,
    /// The files that were taken.
    files: Vec<WatchedRow>,
    /// Whether another watcher is at work on the folder; then nothing was taken.
    watched_elsewhere: bool,
    /// The database that keeps what was imported.
    database: String,
}

impl WatchList {
    pub(crate) fn new(folder: &Path, files: Vec<WatchedRow>, watched_elsewhere: bool, database: String) -> Self {
        let folder = folder.display().to_string();
        Self { schema: "interdict/import-watch/v1", folder, files, watched_elsewhere, database }
    }
}

/// One file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct WatchedRow {
    /// Its name when it was dropped.
    file: String,
    /// `imported`, `known` (the same file was imported before) or `rejected`.
    result: &'static str,
    /// Where it lies now.
    moved_to: String,
    /// When: RFC 3339, UTC.
    at: String,
    /// What came of it, unless it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    import: Option<ImportedFile>,
    /// Why it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<WatchError>,
    /// Where it lies now, below the folder: for people.
    #[serde(skip)]
    place: String,
}

/// Why a file was rejected.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct WatchError {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl WatchedRow {
    pub(crate) fn new(folder: &Path, watched: &WatchedFile) -> Self {
        let file = watched.name.to_string_lossy().into_owned();
        let place = watched.moved_to.strip_prefix(folder).unwrap_or(&watched.moved_to).display().to_string();
        let (result, import, error) = match &watched.end {
            Ok(outcome) => {
                let result = if outcome.is_known { "known" } else { "imported" };
                (result, Some(ImportedFile::new(file.clone(), outcome)), None)
            }
            Err(error) => {
                // The outer sentence only says where the file lay meanwhile.
                let source = std::error::Error::source(error).map(ToString::to_string);
                let message = source.unwrap_or_else(|| error.to_string());
                let error = WatchError { code: error.code(), message, hint: error.hint() };
                ("rejected", None, Some(error))
            }
        };
        let moved_to = watched.moved_to.display().to_string();
        Self { file, result, moved_to, at: watched.at.clone(), import, error, place }
    }

    /// One sentence for people.
    pub(crate) fn sentence(&self) -> String {
        match (&self.import, &self.error) {
            (Some(import), _) => format!("{}; now {}", import.sentence(), self.place),
            (None, Some(error)) => format!("{}: rejected: {}; now {}", self.file, error.message, self.place),
            (None, None) => self.file.clone(),
        }
    }
}

impl Row for WatchedRow {
    const COLUMNS: &'static [&'static str] = &[
        "file",
        "result",
        "moved_to",
        "at",
        "number",
        "format",
        "machines",
        "observations",
        "records_rejected",
        "code",
        "message",
    ];

    fn values(&self) -> Vec<String> {
        let of_import = self.import.as_ref().map_or_else(Default::default, ImportedFile::figures);
        let (code, message) = self.error.as_ref().map_or(("", ""), |error| (error.code, error.message.as_str()));
        let first = [&self.file, self.result, &self.moved_to, &self.at].map(str::to_owned);
        first.into_iter().chain(of_import).chain([code.to_owned(), message.to_owned()]).collect()
    }
}
