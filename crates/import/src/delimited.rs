//! Rows of columns: CSV and its kin with any separator, at any size.
//!
//! A row has bounds that no honest export meets, so that a file without line ends, or with a quote that is never closed,
//! ends with an error instead of filling memory.

use std::io::BufRead;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::error::ImportError;
use crate::mapping;

/// The longest row, in bytes.
const LONGEST_ROW: usize = 4 << 20;
/// The most columns; a workbook has as many.
const MOST_COLUMNS: usize = 16_384;

/// How many rows a table is told by.
const FIRST_ROWS: usize = 20;
/// How many lines, such as the title of a report, may stand before the titles of the columns.
const PREAMBLE: u64 = 20;

/// Reads rows one after the other into one buffer.
pub(crate) struct Rows<'r> {
    text: Box<dyn BufRead + 'r>,
    reader: Reader,
    fields: Vec<u8>,
    ends: Vec<usize>,
    filled: usize,
    columns: usize,
    /// The line on which the present row ends, or begins while it is read; from 1.
    line: u64,
    /// The last byte that was read, and how many quotes the present row has.
    last: u8,
    quotes: usize,
    is_over: bool,
}

/// A row as read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'b> {
    /// The line on which it begins, from 1.
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

    /// The bytes of all columns, one after the other.
    pub(crate) fn bytes(&self) -> &'b [u8] {
        self.fields
    }

    /// Where each column ends in [`Row::bytes`].
    pub(crate) fn ends(&self) -> &'b [usize] {
        self.ends
    }

    /// Whether every column is blank.
    pub(crate) fn is_blank(&self) -> bool {
        self.fields.iter().all(u8::is_ascii_whitespace)
    }
}

impl<'r> Rows<'r> {
    /// Reads from the first byte of a text, which is on `line`.
    pub(crate) fn new(text: Box<dyn BufRead + 'r>, delimiter: u8, line: u64) -> Self {
        let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
        reader.set_line(line);
        Self {
            text,
            reader,
            fields: vec![0; 16 << 10],
            ends: vec![0; 64],
            filled: 0,
            columns: 0,
            line,
            last: b'\n',
            quotes: 0,
            is_over: false,
        }
    }

    /// The next row, blank ones too where they have columns; nothing at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>, ImportError> {
        if self.is_over {
            return Ok(None);
        }
        (self.filled, self.columns, self.quotes) = (0, 0, 0);
        self.line = self.reader.line();
        let is_last = loop {
            let bytes = self.text.fill_buf()?;
            let is_last = bytes.is_empty();
            let (result, read, written, ended) = self.reader.read_record(
                bytes,
                self.fields.get_mut(self.filled..).unwrap_or_default(),
                self.ends.get_mut(self.columns..).unwrap_or_default(),
            );
            let taken = bytes.get(..read).unwrap_or_default();
            self.quotes += memchr::memchr_iter(b'"', taken).count();
            self.last = taken.last().copied().unwrap_or(self.last);
            self.text.consume(read);
            self.filled += written;
            self.columns += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.grow_fields()?,
                ReadRecordResult::OutputEndsFull => self.grow_columns()?,
                ReadRecordResult::Record => break is_last,
                ReadRecordResult::End => {
                    self.is_over = true;
                    return Ok(None);
                }
            }
        };
        let fields = self.fields.get(..self.filled).unwrap_or_default();
        // The reader passes over blank lines before a row: its line is counted back from its end.
        let breaks = memchr::memchr_iter(b'\n', fields).count() as u64;
        let after = u64::from(self.last == b'\n' && !is_last);
        let line = self.reader.line().saturating_sub(breaks + after).max(self.line);
        if is_last && breaks > 0 && self.quotes % 2 == 1 {
            let problem = "a quote is opened and never closed".to_owned();
            return Err(ImportError::Unreadable { problem, place: format!("line {line}") });
        }
        Ok(Some(Row { line, fields, ends: self.ends.get(..self.columns).unwrap_or_default() }))
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

/// So many NULs do not yet make a text binary, however short it is.
const FEW_NULS: usize = 3;

/// A table as its beginning shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Beginning {
    /// The character between columns.
    pub(crate) delimiter: u8,
    /// How many lines stand before the titles.
    pub(crate) preamble: u64,
    /// The titles, as written.
    pub(crate) header: Vec<String>,
    /// The first rows.
    pub(crate) rows: Vec<Vec<String>>,
}

/// The separator, the titles and the first rows of a text, if it is a table.
pub(crate) fn beginning_of(text: &str, is_all: bool) -> Option<Beginning> {
    // A row may hold a NUL, and is rejected for it; binary data is full of them.
    let nuls = memchr::memchr_iter(0, text.as_bytes()).count();
    if nuls > FEW_NULS && nuls * 100 > text.len() {
        return None;
    }
    // Excel writes the separator into a line of its own.
    let told = text.strip_prefix("sep=").and_then(|rest| rest.bytes().next());
    let separators: &[u8] = match &told {
        Some(told) => std::slice::from_ref(told),
        None => b"\t;,|",
    };
    let first = u64::from(told.is_some());
    let candidates = separators.iter().filter_map(|&delimiter| table_in(text, delimiter, first, is_all));
    candidates.max_by_key(|(known, found)| (*known, found.header.len())).map(|(_, found)| found)
}

/// A table after some lines of a text: one whose titles are known before one that only looks like one. Gives how many
/// titles are known.
fn table_in(text: &str, delimiter: u8, first: u64, is_all: bool) -> Option<(usize, Beginning)> {
    let mut looks_like_one = None;
    let mut rest = text;
    for preamble in 0..=PREAMBLE + first {
        let line = rest.lines().next().unwrap_or_default();
        let is_blank = line.bytes().all(|byte| byte == delimiter || byte == b'"' || byte.is_ascii_whitespace());
        if preamble >= first
            && !is_blank
            && line.as_bytes().contains(&delimiter)
            && let Some((header, rows)) = table_at(rest, delimiter, is_all)
        {
            let known = mapping::known_titles(&header);
            let found = Beginning { delimiter, preamble, header, rows };
            if known > 0 {
                return Some((known, found));
            }
            looks_like_one.get_or_insert(found);
        }
        let Some((_, after)) = rest.split_once('\n') else { break };
        rest = after;
    }
    Some((0, looks_like_one?))
}

fn table_at(text: &str, delimiter: u8, is_all: bool) -> Option<(Vec<String>, Vec<Vec<String>>)> {
    let mut rows = first_rows(text, delimiter, is_all).into_iter();
    let header = rows.next()?;
    let rows: Vec<Vec<String>> = rows.collect();
    let width = header.len();
    let alike = rows.iter().filter(|row| row.len() == width).count();
    // One line alone may be a sentence with a comma.
    let is_told = if rows.is_empty() { mapping::known_titles(&header) >= 2 } else { alike * 10 >= rows.len() * 8 };
    // Rows that are too short or too long are rejected one by one where the titles leave no doubt.
    let is_certain = width >= 3 && mapping::known_titles(&header) * 2 >= width && alike > 0;
    // Of titles that nobody knows somebody must say what they mean, who needs to be told which there are.
    let is_likely = width >= 3 && alike >= 2 && alike * 2 >= rows.len() && are_like_titles(&header, delimiter);
    (width > 1 && (is_told || is_certain || is_likely) && is_header(&header)).then_some((header, rows))
}

/// Whether a first row looks like titles and not like a sentence or a line of a log: each is of a few words that begin with
/// a letter, and no blank follows what parts them, as it does in writing.
fn are_like_titles(header: &[String], delimiter: u8) -> bool {
    let is_written = matches!(delimiter, b',' | b';') && header.iter().skip(1).any(|title| title.starts_with(' '));
    let is_like_title = |title: &str| {
        title.starts_with(char::is_alphabetic)
            && title.chars().count() <= 40
            && title.split_whitespace().count() <= 4
            && !title.ends_with(['.', '!', '?'])
            && !title.contains([':', '=', '{', '<'])
    };
    !is_written && header.iter().all(|title| is_like_title(title.trim().trim_start_matches(['#', '_'])))
}

/// How many columns there are, where a text is rows without titles: every one of the first rows has as many, three or more,
/// and no blank follows what parts them, as it does in writing.
pub(crate) fn columns_without_titles(text: &str, is_all: bool) -> Option<usize> {
    b"\t;,|".iter().find_map(|&delimiter| {
        let rows = first_rows(text, delimiter, is_all);
        let width = rows.first()?.len();
        let is_written = |cell: &String| matches!(delimiter, b',' | b';') && cell.starts_with(' ');
        let is_row = |row: &Vec<String>| row.len() == width && !row.iter().skip(1).any(is_written);
        (width >= 3 && rows.len() > 1 && rows.iter().all(is_row)).then_some(width)
    })
}

/// Which of the first rows of a sheet holds the titles, if it is a table.
pub(crate) fn header_in(rows: &[Vec<String>]) -> Option<usize> {
    let is_it = |at: usize| {
        let (header, below) = (rows.get(at)?, rows.get(at + 1..)?);
        let known = mapping::known_titles(header);
        let alike = below.iter().filter(|row| row.len() <= header.len() && row.len() * 2 > header.len()).count();
        let is_table =
            if below.is_empty() { known >= 2 } else { alike * 10 >= below.len() * 8 || (known >= 2 && alike > 0) };
        (header.len() > 1 && is_table && is_header(header)).then_some((at, known))
    };
    let candidates: Vec<(usize, usize)> = (0..rows.len().min(20)).filter_map(is_it).collect();
    candidates.iter().find(|(_, known)| *known > 0).or_else(|| candidates.first()).map(|(at, _)| *at)
}

/// Whether a first row names columns: short distinct texts, none of them a number alone.
pub(crate) fn is_header(titles: &[String]) -> bool {
    let distinct: std::collections::BTreeSet<&str> = titles.iter().map(|title| title.trim()).collect();
    let blank = titles.iter().filter(|title| title.trim().is_empty()).count();
    let is_title = |title: &String| title.len() <= 120 && title.trim().parse::<f64>().is_err() && !title.contains('\0');
    titles.iter().all(is_title) && distinct.len() + blank.saturating_sub(1) >= titles.len() && blank * 3 <= titles.len()
}

fn first_rows(text: &str, delimiter: u8, is_all: bool) -> Vec<Vec<String>> {
    let mut rows = Rows::new(Box::new(text.as_bytes()), delimiter, 1);
    let mut first = Vec::new();
    while first.len() <= FIRST_ROWS
        && let Ok(Some(row)) = rows.next()
    {
        if !row.is_blank() {
            let cell = |column| String::from_utf8_lossy(row.get(column).unwrap_or_default()).into_owned();
            first.push((0..row.len()).map(cell).collect());
        }
    }
    // The last row may be cut by the sample's end.
    if !is_all && first.len() > 2 && first.len() <= FIRST_ROWS {
        first.pop();
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, delimiter: u8) -> Vec<(u64, Vec<String>)> {
        let mut rows = Rows::new(Box::new(text.as_bytes()), delimiter, 1);
        let mut all = Vec::new();
        while let Some(row) = rows.next().expect("reads") {
            let cell = |column| String::from_utf8(row.get(column).expect("a cell").to_vec()).expect("text");
            all.push((row.line, (0..row.len()).map(cell).collect()));
        }
        all
    }

    #[test]
    fn rows_know_the_line_they_begin_on() {
        let read = rows("a,b\n\"two\nlines\",2\nx,\"say \"\"so\"\"\"\n", b',');
        assert_eq!(read[0], (1, vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(read[1], (2, vec!["two\nlines".to_owned(), "2".to_owned()]));
        assert_eq!(read[2], (4, vec!["x".to_owned(), "say \"so\"".to_owned()]));
        for ends in ["\n", "\r\n"] {
            let text = ["a,b", "", "", "\"two", "lines\",2", "", "x,y", ""].join(ends);
            let lines: Vec<u64> = rows(&text, b',').into_iter().map(|(line, _)| line).collect();
            assert_eq!(lines, [1, 4, 7], "{ends:?}");
        }
        let lines: Vec<u64> = rows("a,b\n\nx,y", b',').into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [1, 3], "without a last line end");
    }

    #[test]
    fn separators_are_found() {
        type Found = Option<(u8, usize, u64)>;
        let cases: &[(&str, Found)] = &[
            ("Name,Version\nKES,12\n", Some((b',', 2, 0))),
            ("Name;Version;Größe\nKES;12;1,5\nDr.Web;13;2,5\n", Some((b';', 3, 0))),
            ("Name\tVersion\nKES, new\t12\n", Some((b'\t', 2, 0))),
            ("sep=|\nName|Version\nKES|12\n", Some((b'|', 2, 1))),
            ("sep=;\r\nName;Version\r\nKES;12\r\n", Some((b';', 2, 1))),
            ("#TYPE System.Object\n\"Name\",\"Version\"\nKES,12\n", Some((b',', 2, 1))),
            ("Software report, June\n\nAll machines\nName;Version;Device\nKES;12;a\n", Some((b';', 3, 3))),
            ("Computer,Software,Version\n", Some((b',', 3, 0))),
            ("Hello, this is a letter.\nIt has no columns\nnone, at, all, here\n", None),
            ("Only, a sentence\n", None),
            ("1,2,3\n4,5,6\n", None),
            ("one column\nof text\n", None),
        ];
        for (text, expected) in cases {
            let found = beginning_of(text, true).map(|found| (found.delimiter, found.header.len(), found.preamble));
            assert_eq!(found, *expected, "{text}");
        }
    }

    #[test]
    fn a_table_of_unknown_titles_and_uneven_rows_is_one_and_prose_is_none() {
        let is_table = |text: &str| beginning_of(text, true).is_some();
        for text in [
            "Kasten;Was;Stand\nA;b;1\nB;c;2\nC;d\n",
            "box,thing,state\na,b,1\nb,Web, Mail and Files,2\nc,d,3\ne,f,4\n",
            "Inventurliste;;;\nKasten;Was;Stand;Von wem\nA;b;1;x\nB;c;2;y;z\nC;d;3;u\nD;e\n",
            "Ort\tSache\tNummer\nx\ty\t1\nx\tz\t2\nSumme\n",
            "\"Bereich\";\"Sache\";\"Nr\"\n\"a\";\"b\";\"1\"\n\"a\";\"c\";\"2\"\n\"3 Zeilen\"\n",
        ] {
            assert!(is_table(text), "{text}");
        }
        for text in [
            "Dear colleagues, friends, neighbours\nwe met, ate, and went\nthere is nothing more to say\nYours, truly, me\n",
            "He came, he saw, he left.\nShe stayed, it rained, nobody spoke.\nThen nothing.\nThe end\n",
            "Nov 22 10:00:01 host app: started, ready, ok\nNov 22 10:00:02 host app: a, b, c\nNov 22 10:00:03 host app: stopped\n",
            "2026-11-22 10:00:00, INFO, started\n2026-11-22 10:00:01, WARN, a, b, c\n2026-11-22 10:00:02 stopped\nx\n",
            "apples, pears, plums\nI like them all\nbread, milk, eggs\nthat is what we need\nand more of it\n",
            "let x = a, b, c;\nlet y = d, e, f;\nprint(x)\nprint(y)\n",
            "key: a, b, c\nother: d, e, f\nlast: g\n",
            "key: a,b,c\nother: d,e,f\nlast: g\n",
            "export A=1,B=2,C=3\nx,y,z\nu,v,w\nnothing\nmore\n",
        ] {
            assert!(!is_table(text), "{text}");
        }
    }

    #[test]
    fn rows_without_titles_are_told_from_writing() {
        for (text, columns) in [
            (
                "36,\"AEROCARIBBEAN AIRLINES\",-0- ,\"CUBA\",-0- \n173,\"ANGLO-CARIBBEAN CO., LTD.\",-0- ,\"CUBA\",-0- \n",
                Some(5),
            ),
            ("1;a;x\n2;b;y\n3;c;z\n", Some(3)),
            ("1\ta\t2026-11-22\n2\tb\t2026-11-23", Some(3)),
            ("1,a,x\n2,b\n", None),
            ("1,a,x\n", None),
            ("1,2\n3,4\n", None),
            ("He came, he saw, he left.\nShe stayed, it rained, nobody spoke.\n", None),
            ("2026-11-22 10:00:00, INFO, started\n2026-11-22 10:00:01, WARN, stopped\n", None),
            ("Dear colleagues\n", None),
            ("", None),
        ] {
            assert!(columns.is_none() || beginning_of(text, true).is_none(), "{text}");
            assert_eq!(columns_without_titles(text, true), columns, "{text}");
        }
    }

    #[test]
    fn a_quote_never_closed_and_a_row_of_columns_without_end_are_errors() {
        let endless = format!("a,b\n1,\"{}", "x".repeat(9 << 20));
        let mut rows = Rows::new(Box::new(endless.as_bytes()), b',', 1);
        rows.next().expect("the header").expect("is there");
        assert!(matches!(rows.next(), Err(ImportError::TooLarge { .. })));
        let mut rows = Rows::new(Box::new(&b"a,b\n1,\"two\n3,4\n"[..]), b',', 1);
        rows.next().expect("the header").expect("is there");
        assert!(matches!(rows.next(), Err(ImportError::Unreadable { place, .. }) if place == "line 2"));
        let wide = ",".repeat(100_000);
        assert!(matches!(Rows::new(Box::new(wide.as_bytes()), b',', 1).next(), Err(ImportError::Unreadable { .. })));
    }
}
