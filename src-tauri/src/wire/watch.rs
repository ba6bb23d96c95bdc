//! The watched folder.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::WireError;

/// How the watched folder fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WatchStatus {
    /// The folder; null where none was chosen.
    pub folder: Option<String>,
    /// What is done about it now.
    pub phase: WatchPhase,
    /// The file that is being imported now.
    pub file: Option<String>,
    /// Files that lay in it when it was looked at last.
    pub waiting: u32,
    /// Files imported since watching began.
    pub imported: u32,
    /// Files rejected since watching began.
    pub rejected: u32,
    /// Why watching ended, or why files wait.
    pub error: Option<WireError>,
    /// What became of the last files, newest first, at most 20.
    pub recent: Vec<WatchedLine>,
}

/// What is done about the watched folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum WatchPhase {
    /// Nothing.
    Off,
    /// It is watched.
    Watching,
    /// Another program watches it.
    StandingBy,
    /// The database is in use, so files wait.
    Busy,
    /// Watching ended with an error.
    Failed,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WatchedLine {
    /// Counts up, so that nothing is told twice.
    pub number: u32,
    /// Its name when it was dropped.
    pub file: String,
    /// What became of it.
    pub result: WatchResult,
    /// Where it lies now.
    pub moved_to: String,
    /// When.
    pub at: String,
    /// Machines it told of.
    pub machines: u32,
    /// Observations it told.
    pub observations: u32,
    /// Records of it that could not be used.
    pub records_rejected: u32,
    /// Why it was rejected.
    pub error: Option<WireError>,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum WatchResult {
    /// It was imported.
    Imported,
    /// The same file was imported before.
    Known,
    /// It could not be imported.
    Rejected,
}

/// Whether to watch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WatchSwitch {
    /// True to begin, false to end.
    pub on: bool,
}
