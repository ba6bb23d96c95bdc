//! Tables as files for spreadsheets: every row that a list shows, with the columns it shows, in its order.
//!
//! Rows are written as they come, so that a million of them take no more memory than ten. The file is there when it is
//! whole, or not at all. No value ever becomes a formula: foreign names are what others chose them to be.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::comma_separated::inert;
use crate::error::AppError;

/// A sheet of a workbook holds no more rows, its head included.
const SHEET_ROWS: u32 = 1_048_576;
/// A cell of a workbook holds no more letters.
const CELL_LETTERS: usize = 32_767;
/// How often progress is told.
const TELL_EVERY: usize = 5_000;

/// The form of a table's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// Comma-separated values in UTF-8, with the mark by which spreadsheets know it.
    Csv,
    /// A workbook of Excel.
    Xlsx,
}

impl TableFormat {
    /// The end of the file's name.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// A value of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text, as it is.
    Text(String),
    /// A count.
    Number(u64),
}

/// What is written where.
#[derive(Debug, Clone, Copy)]
pub struct TableFile<'a> {
    /// The file.
    pub path: &'a Path,
    /// Its form.
    pub format: TableFormat,
    /// The name of the sheet.
    pub title: &'a str,
    /// The heads of the columns.
    pub headers: &'a [String],
}

/// Writes a table, and gives how many rows it has. Nothing is left of one whose rows could not all be read. `tell` hears now and then how many are written; when `is_cancelled`
/// says so, nothing is left of it.
pub fn write_table(
    file: &TableFile<'_>,
    rows: impl Iterator<Item = Result<Vec<Cell>, AppError>>,
    tell: &mut dyn FnMut(usize),
    is_cancelled: &dyn Fn() -> bool,
) -> Result<usize, AppError> {
    // Beside the place it is for, so that it moves there in one step.
    let folder = file.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |source: io::Error| AppError::File { doing: "write", path: file.path.to_owned(), source };
    let scratch = tempfile::Builder::new().prefix(".interdict-").tempfile_in(folder).map_err(failed)?;
    let mut written = 0;
    let mut cancelled = false;
    let mut unread = None;
    let read = rows.map_while(|row| row.map_err(|error| unread = Some(error)).ok());
    let counted = read.take_while(|_| {
        cancelled = cancelled || (written % TELL_EVERY == 0 && is_cancelled());
        if !cancelled {
            written += 1;
            if written % TELL_EVERY == 0 {
                tell(written);
            }
        }
        !cancelled
    });
    let ended = match file.format {
        TableFormat::Csv => write_csv(scratch.as_file(), file.headers, counted),
        TableFormat::Xlsx => write_xlsx(scratch.as_file(), file, counted).map_err(io::Error::other),
    };
    ended.map_err(failed)?;
    if let Some(error) = unread {
        return Err(error);
    }
    if cancelled {
        return Err(AppError::Cancelled);
    }
    scratch.as_file().sync_all().map_err(failed)?;
    scratch.persist(file.path).map_err(|error| failed(error.error))?;
    Ok(written)
}

/// A place for a file of a name in a folder that is not taken yet.
#[must_use]
pub fn free_place(folder: &Path, name: &str, extension: &str) -> PathBuf {
    let numbered = |number: u32| match number {
        0 => folder.join(format!("{name}.{extension}")),
        number => folder.join(format!("{name}-{number}.{extension}")),
    };
    (0..u32::MAX).map(numbered).find(|path| !path.exists()).unwrap_or_else(|| numbered(0))
}

fn write_csv(file: &File, headers: &[String], rows: impl Iterator<Item = Vec<Cell>>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    // Without it, spreadsheets take every other script for gibberish.
    out.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    writer.write_record(headers.iter().map(|header| inert(header)))?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| match cell {
            Cell::Text(text) => inert(text),
            Cell::Number(number) => number.to_string(),
        }))?;
    }
    writer.flush()
}

fn write_xlsx(file: &File, table: &TableFile<'_>, rows: impl Iterator<Item = Vec<Cell>>) -> Result<(), XlsxError> {
    let mut workbook = Workbook::new();
    let mut rows = rows.peekable();
    let mut number = 0;
    while number == 0 || rows.peek().is_some() {
        number += 1;
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        let name = if number == 1 { table.title.to_owned() } else { format!("{} {number}", table.title) };
        sheet.set_name(&name)?;
        let mut next = begin_sheet(sheet, table.headers)?;
        while next < SHEET_ROWS {
            let Some(row) = rows.next() else { break };
            write_row(sheet, next, &row)?;
            next += 1;
        }
    }
    workbook.save_to_writer(BufWriter::new(file))
}

fn begin_sheet(sheet: &mut Worksheet, headers: &[String]) -> Result<u32, XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_freeze_panes(1, 0)?;
    for (column, header) in (0_u16..).zip(headers) {
        sheet.set_column_width(column, 24)?;
        sheet.write_string_with_format(0, column, header.as_str(), &bold)?;
    }
    Ok(1)
}

fn write_row(sheet: &mut Worksheet, number: u32, row: &[Cell]) -> Result<(), XlsxError> {
    for (column, cell) in (0_u16..).zip(row) {
        match cell {
            // A string is never a formula, whatever it begins with.
            Cell::Text(text) if text.is_empty() => {}
            Cell::Text(text) => {
                sheet.write_string(number, column, text.chars().take(CELL_LETTERS).collect::<String>())?;
            }
            Cell::Number(count) => {
                sheet.write_number(number, column, f64::from(u32::try_from(*count).unwrap_or(u32::MAX)))?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: u64) -> impl Iterator<Item = Result<Vec<Cell>, AppError>> {
        (0..count).map(|number| Ok(vec![Cell::Text(format!("=cmd|'/c calc'!A{number}")), Cell::Number(number)]))
    }

    fn write(path: &Path, format: TableFormat, count: u64) -> Result<usize, AppError> {
        let headers = ["Name".to_owned(), "Machines".to_owned()];
        let file = TableFile { path, format, title: "Software", headers: &headers };
        write_table(&file, rows(count), &mut |_| {}, &|| false)
    }

    #[test]
    fn values_are_texts_and_numbers_and_never_formulas() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("software.csv");
        assert_eq!(write(&path, TableFormat::Csv, 2).expect("writes"), 2);
        let text = std::fs::read_to_string(&path).expect("reads");
        assert_eq!(text, "\u{feff}Name,Machines\r\n'=cmd|'/c calc'!A0,0\r\n'=cmd|'/c calc'!A1,1\r\n");
        let path = folder.path().join("software.xlsx");
        assert_eq!(write(&path, TableFormat::Xlsx, 2).expect("writes"), 2);
        let bytes = std::fs::read(&path).expect("reads");
        assert!(bytes.starts_with(b"PK"), "a workbook is a zip");
        assert_eq!(std::fs::read_dir(folder.path()).expect("lists").count(), 2, "nothing is left beside them");
    }

    #[test]
    fn what_is_cancelled_or_cannot_be_written_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("software.csv");
        let headers = ["Name".to_owned(), "Machines".to_owned()];
        let file = TableFile { path: &path, format: TableFormat::Csv, title: "Software", headers: &headers };
        let mut told = Vec::new();
        let cancelled = std::cell::Cell::new(false);
        let result = write_table(
            &file,
            rows(20_000),
            &mut |count| {
                told.push(count);
                cancelled.set(count >= 10_000);
            },
            &|| cancelled.get(),
        );
        assert!(matches!(result, Err(AppError::Cancelled)));
        assert_eq!(told, [5_000, 10_000]);
        assert_eq!(std::fs::read_dir(folder.path()).expect("lists").count(), 0);
        let nowhere = folder.path().join("no/such/folder/a.csv");
        assert!(matches!(write(&nowhere, TableFormat::Csv, 1), Err(AppError::File { .. })));
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = free_place(folder.path(), "machines", "csv");
        assert!(first.ends_with("machines.csv"));
        std::fs::write(&first, "").expect("writes");
        assert!(free_place(folder.path(), "machines", "csv").ends_with("machines-1.csv"));
    }
}
