//! Rows alone: comma-separated values and JSON lines, written as they come.

use std::io::{self, Write};

use interdict_app::inert;
use serde::Serialize;

use crate::error::CliError;

/// A row of a list as comma-separated values.
pub(crate) trait Row: Serialize {
    /// The titles of the columns.
    const COLUMNS: &'static [&'static str];
    /// One value per column.
    fn values(&self) -> Vec<String>;
}

/// Writes rows as comma-separated values, the titles first.
pub(crate) fn write_csv<R: Row>(
    out: impl Write,
    rows: impl IntoIterator<Item = Result<R, CliError>>,
) -> Result<(), CliError> {
    write_csv_with(out, R::COLUMNS, |write| rows.into_iter().try_for_each(|row| write(row?.values())))
}

/// Writes comma-separated values, the titles first, as somebody tells them.
pub(crate) fn write_csv_with(
    out: impl Write,
    columns: &[&str],
    tell: impl FnOnce(&mut dyn FnMut(Vec<String>) -> Result<(), CliError>) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(columns).map_err(csv_error)?;
    tell(&mut |values| writer.write_record(values.iter().map(|value| inert(value))).map_err(csv_error))?;
    writer.flush().map_err(CliError::Output)
}

/// Writes more rows below those that were written with [`write_csv`].
pub(crate) fn write_more_csv<R: Row>(
    out: impl Write,
    rows: impl IntoIterator<Item = Result<R, CliError>>,
) -> Result<(), CliError> {
    let mut writer = csv::Writer::from_writer(out);
    for row in rows {
        let values = row?.values();
        writer.write_record(values.iter().map(|value| inert(value))).map_err(csv_error)?;
    }
    writer.flush().map_err(CliError::Output)
}

/// Writes one row as a line of JSON.
pub(crate) fn write_json_line(mut out: impl Write, row: &impl Serialize) -> Result<(), CliError> {
    serde_json::to_writer(&mut out, row).map_err(|error| CliError::Output(error.into()))?;
    out.write_all(b"\n").map_err(CliError::Output)
}

/// Writes rows as JSON, one a line.
pub(crate) fn write_json_lines<R: Serialize>(
    mut out: impl Write,
    rows: impl IntoIterator<Item = Result<R, CliError>>,
) -> Result<(), CliError> {
    for row in rows {
        write_json_line(&mut out, &row?)?;
    }
    out.flush().map_err(CliError::Output)
}

fn csv_error(error: csv::Error) -> CliError {
    CliError::Output(match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}
