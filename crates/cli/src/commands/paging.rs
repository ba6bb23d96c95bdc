//! Which part of a list is shown: at most so many rows, after a given one.

use crate::arguments::PageArguments;
use crate::error::CliError;
use crate::output::Notes;

/// The rows that are wanted. What is left out at the end is said on standard error.
pub(super) fn paged<T>(
    mut rows: Vec<T>,
    page: &PageArguments,
    id: impl Fn(&T) -> &str,
    notes: Notes,
) -> Result<Vec<T>, CliError> {
    if let Some(after) = &page.after {
        let at = rows.iter().position(|row| id(row) == after);
        let at = at.ok_or_else(|| CliError::UnknownRow { id: after.clone() })?;
        rows.drain(..=at);
    }
    if let Some(limit) = page.limit.filter(|limit| *limit < rows.len()) {
        let more = rows.len() - limit;
        rows.truncate(limit);
        match rows.last() {
            Some(last) => notes.note(&format!("{more} more rows; continue with --after {}", id(last))),
            None => notes.note(&format!("{more} rows")),
        }
    }
    Ok(rows)
}
