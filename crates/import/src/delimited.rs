//! Rows of columns: CSV and its kin with any separator, at any size.
//!
//! A row has bounds that no honest export meets, so that a file without line ends, or with a quote that is never closed,
//! ends with an error instead of filling memory.

use std::io::BufRead;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::error::ImportError;

/// The longest row, in bytes.
const LONGEST_ROW: usize = 4 << 20;
/// The most columns; a workbook has as many.
const MOST_COLUMNS: usize = 16_384;

/// Reads rows one after the other into one buffer.
pub(crate) struct Rows<'r> {
    text: Box<dyn BufRead + 'r>,
    reader: Reader,
    fields: Vec<u8>,
    ends: Vec<usize>,
    filled: usize,
    columns: usize,
    /// The line on which the present row begins, from 1.
    line: u64,
    is_over: bool,
}

/// A row as read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'b> {
    pub(crate) line: u64,
    fields: &'b [u8],
    ends: &'b [usize],
}

impl<'b> Row<'b> {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of a column.
    pub(crate) fn get(&self, column: usize) -> Option<&'b [u8]> {
        let end = *self.ends.get(column)?;
        let begin = column.checked_sub(1).and_then(|before| self.ends.get(before).copied()).unwrap_or_default();
        self.fields.get(begin..end)
    }

    /// The text of a column; nothing for bytes that are no UTF-8.
    pub(crate) fn text(&self, column: usize) -> Option<&'b str> {
        std::str::from_utf8(self.get(column)?).ok()
    }

    /// All bytes, for an excerpt.
    pub(crate) fn bytes(&self) -> &'b [u8] {
        self.fields
    }

    /// Whether every column is blank.
    pub(crate) fn is_blank(&self) -> bool {
        self.fields.iter().all(u8::is_ascii_whitespace)
    }
}

impl<'r> Rows<'r> {
    pub(crate) fn new(text: Box<dyn BufRead + 'r>, delimiter: u8) -> Self {
        Self {
            text,
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            fields: vec![0; 16 << 10],
            ends: vec![0; 64],
            filled: 0,
            columns: 0,
            line: 1,
            is_over: false,
        }
    }

    /// The next row, blank ones too where they have columns; nothing at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>, ImportError> {
        if self.is_over {
            return Ok(None);
        }
        (self.filled, self.columns) = (0, 0);
        self.line = self.reader.line();
        loop {
            let bytes = self.text.fill_buf()?;
            let (result, read, written, ended) = self.reader.read_record(
                bytes,
                self.fields.get_mut(self.filled..).unwrap_or_default(),
                self.ends.get_mut(self.columns..).unwrap_or_default(),
            );
            self.text.consume(read);
            self.filled += written;
            self.columns += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.grow_fields()?,
                ReadRecordResult::OutputEndsFull => self.grow_columns()?,
                ReadRecordResult::Record => break,
                ReadRecordResult::End => {
                    self.is_over = true;
                    return Ok(None);
                }
            }
        }
        let fields = self.fields.get(..self.filled).unwrap_or_default();
        Ok(Some(Row { line: self.line, fields, ends: self.ends.get(..self.columns).unwrap_or_default() }))
    }

    fn grow_fields(&mut self) -> Result<(), ImportError> {
        if self.fields.len() >= LONGEST_ROW {
            let what = format!("the row that begins on line {} (is a quote never closed?)", self.line);
            return Err(ImportError::TooLarge { what, limit: LONGEST_ROW as u64 });
        }
        self.fields.resize(self.fields.len() * 2, 0);
        Ok(())
    }

    fn grow_columns(&mut self) -> Result<(), ImportError> {
        if self.ends.len() >= MOST_COLUMNS {
            let place = format!("line {}", self.line);
            return Err(ImportError::Unreadable {
                problem: format!("a row of more than {MOST_COLUMNS} columns"),
                place,
            });
        }
        self.ends.resize(self.ends.len() * 2, 0);
        Ok(())
    }
}

/// The separator and the titles of a text's first line that looks like titles, if it is a table.
pub(crate) fn header_of(text: &str) -> Option<(u8, Vec<String>)> {
    if text.contains('\0') {
        return None;
    }
    // Excel writes the separator into a line of its own.
    let (told, text) = match text.strip_prefix("sep=") {
        Some(rest) => (rest.bytes().next(), rest.split_once('\n').map_or("", |(_, rest)| rest)),
        None => (None, text),
    };
    let separators: &[u8] = match &told {
        Some(told) => std::slice::from_ref(told),
        None => b"\t;,|",
    };
    let candidates = separators.iter().filter_map(|&delimiter| {
        let rows = first_rows(text, delimiter, 20);
        let header = rows.first()?;
        let width = header.len();
        let alike = rows.iter().skip(1).filter(|row| row.len() == width).count();
        // One line alone may be a sentence with a comma.
        let is_table =
            rows.len() > 1 && width > 1 && alike * 10 >= rows.len().saturating_sub(1) * 8 && is_header(header);
        is_table.then_some((width, delimiter, header.clone()))
    });
    candidates.max_by_key(|(width, ..)| *width).map(|(_, delimiter, header)| (delimiter, header))
}

/// Whether a first row names columns: short distinct texts, none of them a number alone.
fn is_header(titles: &[String]) -> bool {
    let distinct: std::collections::BTreeSet<&str> = titles.iter().map(|title| title.trim()).collect();
    let blank = titles.iter().filter(|title| title.trim().is_empty()).count();
    let is_title = |title: &String| title.len() <= 120 && title.trim().parse::<f64>().is_err();
    titles.iter().all(is_title) && distinct.len() + blank.saturating_sub(1) >= titles.len() && blank * 3 <= titles.len()
}

fn first_rows(text: &str, delimiter: u8, limit: usize) -> Vec<Vec<String>> {
    let mut rows = Rows::new(Box::new(text.as_bytes()), delimiter);
    let mut first = Vec::new();
    while first.len() < limit
        && let Ok(Some(row)) = rows.next()
    {
        if !row.is_blank() {
            first.push((0..row.len()).map(|column| row.text(column).unwrap_or_default().to_owned()).collect());
        }
    }
    // The last row may be cut by the sample's end.
    if first.len() > 2 && first.len() < limit {
        first.pop();
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, delimiter: u8) -> Vec<(u64, Vec<String>)> {
        let mut rows = Rows::new(Box::new(text.as_bytes()), delimiter);
        let mut all = Vec::new();
        while let Some(row) = rows.next().expect("reads") {
            all.push((row.line, (0..row.len()).map(|column| row.text(column).expect("text").to_owned()).collect()));
        }
        all
    }

    #[test]
    fn rows_know_the_line_they_begin_on() {
        let read = rows("a,b\n\"two\nlines\",2\nx,\"say \"\"so\"\"\"\n", b',');
        assert_eq!(read[0], (1, vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(read[1], (2, vec!["two\nlines".to_owned(), "2".to_owned()]));
        assert_eq!(read[2], (4, vec!["x".to_owned(), "say \"so\"".to_owned()]));
    }

    #[test]
    fn separators_are_found() {
        let cases: &[(&str, Option<(u8, usize)>)] = &[
            ("Name,Version\nKES,12\n", Some((b',', 2))),
            ("Name;Version;Größe\nKES;12;1,5\nDr.Web;13;2,5\n", Some((b';', 3))),
            ("Name\tVersion\nKES, new\t12\n", Some((b'\t', 2))),
            ("sep=|\nName|Version\nKES|12\n", Some((b'|', 2))),
            ("Hello, this is a letter.\nIt has no columns\nnone, at, all, here\n", None),
            ("1,2,3\n4,5,6\n", None),
            ("one column\nof text\n", None),
        ];
        for (text, expected) in cases {
            let found = header_of(text).map(|(delimiter, header)| (delimiter, header.len()));
            assert_eq!(found, *expected, "{text}");
        }
    }

    #[test]
    fn a_quote_never_closed_and_a_row_of_columns_without_end_are_errors() {
        let endless = format!("a,b\n1,\"{}", "x".repeat(9 << 20));
        let mut rows = Rows::new(Box::new(endless.as_bytes()), b',');
        rows.next().expect("the header").expect("is there");
        assert!(matches!(rows.next(), Err(ImportError::TooLarge { .. })));
        let wide = ",".repeat(100_000);
        assert!(matches!(Rows::new(Box::new(wide.as_bytes()), b',').next(), Err(ImportError::Unreadable { .. })));
    }
}
