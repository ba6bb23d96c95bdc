//! What became of a file of the watched folder.

use interdict_app::{AppError, WatchedFile};

use super::count;
use crate::wire;

/// An error that is shown and not thrown.
pub(crate) fn wire_error(error: &AppError) -> wire::WireError {
    crate::error::wire(error)
}

/// A line of what became of files.
pub(crate) fn watched(number: u32, file: &WatchedFile) -> wire::WatchedLine {
    let outcome = file.end.as_ref().ok();
    let result = match outcome {
        Some(outcome) if outcome.is_known => wire::WatchResult::Known,
        Some(_) => wire::WatchResult::Imported,
        None => wire::WatchResult::Rejected,
    };
    wire::WatchedLine {
        number,
        file: file.name.to_string_lossy().into_owned(),
        result,
        moved_to: file.moved_to.display().to_string(),
        at: file.at.clone(),
        machines: outcome.map_or(0, |outcome| count(outcome.batch.machines)),
        observations: outcome.map_or(0, |outcome| count(outcome.observations())),
        records_rejected: outcome.map_or(0, |outcome| u32::try_from(outcome.batch.rejected).unwrap_or(u32::MAX)),
        error: file.end.as_ref().err().map(wire_error),
    }
}
