//! Workbooks: sheets of Office Open XML (`.xlsx`, `.xlsm`) and `OpenDocument` (`.ods`) as rows of cells.
//!
//! Before anything is read every part of the archive is unpacked once and thrown away, to see that none is larger than an
//! honest one. Sheets are then read row by row. The first sheet that looks like a table is taken and the others are said.
//! Formulas count with the value that was saved with them; links to other files are not followed, macros not looked at.
//! Days become `YYYY-MM-DD`, whatever they are shown as; a number is written as short as it can be, so that a version typed
//! as a number (`1.10`) has lost its last zero before it comes here.

use std::io::{self, BufRead, BufReader, Read as _};

use calamine::{DataRef, Reader as _, SheetType, Xlsx, XlsxError};
use interdict_model::Diagnostic;
use quick_xml::events::{BytesStart, Event};

use crate::container::{Archive, Entry, Input};
use crate::delimited;
use crate::error::ImportError;
use crate::sample::{Sample, Shape};
use crate::table::Cells;
use crate::xml;

/// The most bytes of all parts together, of the texts that cells share, and of any part that holds no cells.
const LARGEST: u64 = 2 << 30;
const LARGEST_TEXTS: u64 = 80 << 20;
const LARGEST_OTHER: u64 = 16 << 20;
/// The most columns of a sheet.
const MOST_COLUMNS: usize = 16_384;
/// The longest row, in bytes.
const LONGEST_ROW: usize = 4 << 20;
/// How many rows a sheet is known by, and how many sheets are looked at.
const FIRST_ROWS: usize = 50;
const MOST_SHEETS: usize = 200;

/// What a row is handed to; it answers whether it wants more.
pub(crate) type TakesRow<'t> = dyn FnMut(u64, Cells<'_>) -> Result<bool, ImportError> + 't;

/// A sheet that was chosen, for reading.
pub(crate) struct Sheet<'r> {
    book: Book<'r>,
    name: String,
}

enum Book<'r> {
    OfficeOpen(Box<Xlsx<BufReader<&'r mut dyn Input>>>),
    OpenDocument(Archive<'r>, Entry),
}

/// A workbook whose sheet was chosen.
pub(crate) struct Opened<'r> {
    /// How the sheet begins.
    pub(crate) sample: Sample,
    pub(crate) sheet: Sheet<'r>,
    /// `xlsx` or `ods`.
    pub(crate) kind: &'static str,
    /// What was not looked at.
    pub(crate) notes: Vec<Diagnostic>,
}

/// Opens a workbook and chooses the first sheet that looks like a table.
pub(crate) fn open<'r>(input: &'r mut dyn Input, file: &str) -> Result<Opened<'r>, ImportError> {
    let content = check(input)?;
    let (mut book, kind) = if let Some(entry) = content {
        (Book::OpenDocument(Archive::open(input)?, entry), "ods")
    } else {
        input.seek(io::SeekFrom::Start(0))?;
        (Book::OfficeOpen(Box::new(Xlsx::new(BufReader::new(input)).map_err(damaged)?)), "xlsx")
    };
    let names = book.sheets()?;
    let mut chosen = None;
    for name in names.iter().take(MOST_SHEETS) {
        if let Some(sample) = book.sample(name, file)? {
            chosen = Some((name.clone(), sample));
            break;
        }
    }
    let Some((name, sample)) = chosen else {
        let found = format!("a workbook of whose sheets none is a table: {}", crate::table::said(&names));
        return Err(ImportError::UnknownFormat { found });
    };
    let others: Vec<String> = names.into_iter().filter(|other| *other != name).collect();
    let message = format!("the sheet \"{name}\" was read and these were not: {}", crate::table::said(&others));
    let notes = if others.is_empty() { Vec::new() } else { vec![Diagnostic::warning("import/not-looked-at", message)] };
    Ok(Opened { sample, sheet: Sheet { book, name }, kind, notes })
}

/// Unpacks every part to nowhere, and gives the one that holds the cells of an `OpenDocument`.
fn check(input: &mut dyn Input) -> Result<Option<Entry>, ImportError> {
    let mut archive = Archive::open(input)?;
    let entries = archive.entries()?;
    let is_office_open = entries.iter().any(|entry| entry.name == "[Content_Types].xml");
    let mut all = 0;
    for entry in &entries {
        let name = entry.name.to_lowercase();
        if name.ends_with("workbook.bin") {
            let found = "a binary workbook (.xlsb): save it as .xlsx".to_owned();
            return Err(ImportError::UnknownFormat { found });
        }
        let limit = match () {
            () if name.contains("sharedstrings") => LARGEST_TEXTS,
            () if name.contains("worksheets/") || name == "content.xml" || !is_read(&name, is_office_open) => {
                LARGEST - all
            }
            () => LARGEST_OTHER,
        };
        let what = format!("the part {} of the workbook", entry.name);
        let part = BufReader::with_capacity(1 << 16, archive.read(entry)?.take(limit + 1));
        let size = walk(part, &what, is_read(&name, is_office_open))?;
        if size > limit {
            return Err(ImportError::TooLarge { what, limit });
        }
        all += size;
    }
    Ok(entries.into_iter().find(|entry| !is_office_open && entry.name == "content.xml"))
}

/// Reads a part to its end and gives its length. Of one that is read as XML, pieces longer than a row, and declarations,
/// which no workbook has and which may stand for far more than they are, end it.
fn walk(mut part: impl BufRead, what: &str, is_xml: bool) -> Result<u64, ImportError> {
    let (mut size, mut since, mut ended_open) = (0, 0, false);
    loop {
        let bytes = part.fill_buf()?;
        if bytes.is_empty() {
            return Ok(size);
        }
        let count = bytes.len();
        if is_xml {
            let declares = |at: usize| bytes.get(at) == Some(&b'!');
            let begins = memchr::memchr_iter(b'<', bytes);
            if (ended_open && declares(0)) || begins.clone().any(|at| declares(at + 1)) {
                let problem = format!("{what} holds a declaration, a comment or the like, which no workbook has");
                return Err(ImportError::Unreadable { problem, place: "before anything was read".to_owned() });
            }
            let mut from = 0;
            for at in begins.chain([count]) {
                since += at - from;
                if since > LONGEST_ROW {
                    return Err(ImportError::TooLarge { what: format!("a text in {what}"), limit: LONGEST_ROW as u64 });
                }
                if at < count {
                    since = 0;
                }
                from = at;
            }
            ended_open = bytes.last() == Some(&b'<');
        }
        size += count as u64;
        part.consume(count);
    }
}

/// Whether a part may be read: of an `OpenDocument` only its content is, of the other kind no picture, and nothing that
/// describes the document.
fn is_read(name: &str, is_office_open: bool) -> bool {
    if !is_office_open {
        return name == "content.xml";
    }
    let is_beside = name.starts_with("docprops/") || name.starts_with("customxml/");
    let extension = std::path::Path::new(name).extension();
    !is_beside && extension.is_some_and(|extension| extension == "xml" || extension == "rels")
}

fn damaged(error: XlsxError) -> ImportError {
    match error {
        XlsxError::Password => ImportError::Encrypted,
        other => ImportError::DamagedArchive { problem: other.to_string() },
    }
}

impl Sheet<'_> {
    /// Hands on every row that is not blank, with its number.
    pub(crate) fn rows(&mut self, each: &mut TakesRow<'_>) -> Result<(), ImportError> {
        self.book.rows(&self.name, each)
    }
}

impl Book<'_> {
    fn sheets(&mut self) -> Result<Vec<String>, ImportError> {
        match self {
            Self::OfficeOpen(book) => {
                let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
                Ok(sheets.map(|sheet| sheet.name.clone()).collect())
            }
            Self::OpenDocument(archive, content) => {
                let mut names = Vec::new();
                open_document(archive, content, None, &mut names, &mut |_, _| Ok(false))?;
                Ok(names)
            }
        }
    }

    fn rows(&mut self, sheet: &str, each: &mut TakesRow<'_>) -> Result<(), ImportError> {
        match self {
            Self::OfficeOpen(book) => office_open(book, sheet, each),
            Self::OpenDocument(archive, content) => open_document(archive, content, Some(sheet), &mut Vec::new(), each),
        }
    }

    /// How a sheet begins, if it looks like a table.
    fn sample(&mut self, sheet: &str, file: &str) -> Result<Option<Sample>, ImportError> {
        let mut first: Vec<(u64, Vec<String>)> = Vec::new();
        self.rows(sheet, &mut |number, cells| {
            first.push((number, (0..cells.ends.len()).map(|column| cells.whole(column).to_owned()).collect()));
            Ok(first.len() < FIRST_ROWS)
        })?;
        let rows: Vec<Vec<String>> = first.iter().map(|(_, row)| row.clone()).collect();
        let Some(at) = delimited::header_in(&rows) else { return Ok(None) };
        let text = rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n");
        let mut rows = rows.into_iter().skip(at);
        let header = rows.next().unwrap_or_default();
        let preamble = first.get(at).map_or(0, |(number, _)| number - 1);
        let shape = Shape::Table { delimiter: 0, header, preamble, rows: rows.take(20).collect() };
        Ok(Some(Sample { text, is_all: false, shape, file: file.to_lowercase() }))
    }
}

/// A row as it is put together.
#[derive(Default)]
struct Row {
    cells: Vec<String>,
    used: usize,
    text: String,
    ends: Vec<usize>,
}

impl Row {
    fn put(&mut self, column: usize, value: &str) -> Result<(), ImportError> {
        if value.trim().is_empty() {
            return Ok(());
        }
        if column >= MOST_COLUMNS {
            let problem = format!("a row of more than {MOST_COLUMNS} columns");
            return Err(ImportError::Unreadable { problem, place: "the sheet".to_owned() });
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.used = self.used.max(column + 1);
        if let Some(cell) = self.cells.get_mut(column) {
            cell.clear();
            cell.push_str(value);
        }
        Ok(())
    }

    /// Hands the row on, unless it is blank, and empties it. Answers whether more is wanted.
    fn hand_on(&mut self, number: u64, each: &mut TakesRow<'_>) -> Result<bool, ImportError> {
        if self.used == 0 {
            return Ok(true);
        }
        self.text.clear();
        self.ends.clear();
        for cell in self.cells.iter_mut().take(self.used) {
            self.text.push_str(cell);
            self.ends.push(self.text.len());
            cell.clear();
        }
        self.used = 0;
        if self.text.len() > LONGEST_ROW {
            return Err(ImportError::TooLarge {
                what: format!("row {number} of the sheet"),
                limit: LONGEST_ROW as u64,
            });
        }
        each(number, Cells { text: &self.text, ends: &self.ends })
    }
}

fn office_open(
    book: &mut Xlsx<BufReader<&mut dyn Input>>,
    sheet: &str,
    each: &mut TakesRow<'_>,
) -> Result<(), ImportError> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(damaged)?;
    let mut row = Row::default();
    let mut at = 0;
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (number, column) = cell.get_position();
        if number != at {
            if !row.hand_on(u64::from(at) + 1, each)? {
                return Ok(());
            }
            at = number;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        match cell.get_value() {
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => row.put(column, text)?,
            DataRef::SharedString(text) => row.put(column, text)?,
            DataRef::Int(number) => row.put(column, &number.to_string())?,
            DataRef::Float(number) => row.put(column, &number.to_string())?,
            DataRef::Bool(is) => row.put(column, if *is { "true" } else { "false" })?,
            DataRef::DateTime(instant) if instant.is_datetime() => row.put(column, &day_or_instant(instant))?,
            DataRef::DateTime(duration) => row.put(column, &duration.as_f64().to_string())?,
            DataRef::Error(_) | DataRef::Empty => {}
        }
    }
    row.hand_on(u64::from(at) + 1, each)?;
    Ok(())
}

fn day_or_instant(instant: &calamine::ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = instant.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

/// A cell of an `OpenDocument` as it is read.
#[derive(Default)]
struct OpenCell {
    /// How often it stands side by side.
    repeats: usize,
    /// Its value, where that is not the text it shows.
    value: Option<String>,
    text: String,
}

impl OpenCell {
    fn of(element: &BytesStart<'_>) -> Self {
        let mut cell = Self { repeats: 1, ..Self::default() };
        for attribute in element.attributes().with_checks(false).flatten() {
            let Ok(value) = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0) else { continue };
            match attribute.key.local_name().as_ref() {
                "number-columns-repeated" => cell.repeats = value.parse().unwrap_or(1),
                "value" | "boolean-value" => cell.value = Some(value.into_owned()),
                "date-value" => cell.value = Some(value.replace('T', " ").trim_end_matches(" 00:00:00").to_owned()),
                _ => {}
            }
        }
        cell
    }
}

/// Where the walk through an `OpenDocument` is.
#[derive(Default)]
struct Walk {
    row: Row,
    cell: Option<OpenCell>,
    /// Whether the present sheet is the one that is read.
    is_wanted: bool,
    /// How many notes that people put to a cell are open; they are no value.
    notes: usize,
    column: usize,
    /// The number of the present row, and for how many it stands.
    number: u64,
    rows: u64,
}

impl Walk {
    fn begin(&mut self, element: &BytesStart<'_>, is_empty: bool) {
        match element.local_name().as_ref() {
            "table-row" if self.is_wanted => {
                self.column = 0;
                let repeated = attribute(element, "number-rows-repeated").and_then(|text| text.parse().ok());
                self.rows = repeated.unwrap_or(1);
                self.number = self.number.saturating_add(if is_empty { self.rows } else { 1 });
            }
            "table-cell" | "covered-table-cell" if self.is_wanted => {
                let cell = OpenCell::of(element);
                if is_empty {
                    self.column = self.column.saturating_add(cell.repeats);
                } else {
                    self.cell = Some(cell);
                }
            }
            "annotation" if !is_empty => self.notes += 1,
            "p" if self.cell.as_ref().is_some_and(|cell| !cell.text.is_empty()) => self.text(" "),
            "s" | "tab" | "line-break" => self.text(" "),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(cell) = self.cell.as_mut().filter(|_| self.notes == 0) {
            cell.text.push_str(text);
        }
    }

    /// Answers whether more is wanted.
    fn end(&mut self, name: &str, each: &mut TakesRow<'_>) -> Result<bool, ImportError> {
        match name {
            "annotation" => self.notes = self.notes.saturating_sub(1),
            "table-cell" | "covered-table-cell" => {
                let Some(cell) = self.cell.take() else { return Ok(true) };
                let value = cell.value.as_deref().filter(|_| !cell.text.trim().is_empty()).unwrap_or(&cell.text);
                let repeats = if value.trim().is_empty() { 0 } else { cell.repeats.min(MOST_COLUMNS + 1) };
                for repeat in 0..repeats {
                    self.row.put(self.column.saturating_add(repeat), value)?;
                }
                self.column = self.column.saturating_add(cell.repeats);
            }
            "table-row" if self.is_wanted => {
                // A row that is repeated says the same again.
                let wants_more = self.row.hand_on(self.number, each)?;
                self.number = self.number.saturating_add(self.rows.saturating_sub(1));
                return Ok(wants_more);
            }
            "table" => return Ok(!self.is_wanted),
            _ => {}
        }
        let is_long = |cell: &OpenCell| cell.text.len() > LONGEST_ROW;
        if self.cell.as_ref().is_some_and(is_long) {
            return Err(ImportError::TooLarge { what: "a cell of the sheet".to_owned(), limit: LONGEST_ROW as u64 });
        }
        Ok(true)
    }
}

/// Walks through the sheets of an `OpenDocument`: notes their names, and hands on the rows of one of them.
fn open_document(
    archive: &mut Archive<'_>,
    content: &Entry,
    sheet: Option<&str>,
    names: &mut Vec<String>,
    each: &mut TakesRow<'_>,
) -> Result<(), ImportError> {
    let part = BufReader::with_capacity(1 << 16, archive.read(content)?);
    let mut reader = quick_xml::Reader::from_reader(part);
    reader.config_mut().check_end_names = false;
    let broken = |problem: String| ImportError::Unreadable { problem, place: "content.xml".to_owned() };
    let mut buffer = Vec::new();
    let mut walk = Walk::default();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|error| broken(error.to_string()))?;
        let wants_more = match &event {
            Event::Start(element) | Event::Empty(element) => {
                let is_empty = matches!(event, Event::Empty(_));
                if element.local_name().as_ref() == "table" {
                    let name = attribute(element, "name").unwrap_or_default();
                    walk.is_wanted = !is_empty && sheet == Some(name.as_str());
                    walk.number = 0;
                    names.push(name);
                }
                walk.begin(element, is_empty);
                true
            }
            Event::Text(text) => {
                walk.text(&text.xml10_content());
                true
            }
            Event::GeneralRef(reference) => {
                walk.text(&xml::resolved(reference));
                true
            }
            Event::End(element) => walk.end(element.local_name().as_ref(), each)?,
            Event::Eof => false,
            _ => true,
        };
        if !wants_more {
            return Ok(());
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found =
        element.attributes().with_checks(false).flatten().find(|known| known.key.local_name().as_ref() == name)?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use crate::testing::{Gathered, gather, try_gather};

    fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begins");
            writer.write_all(content.as_bytes()).expect("writes");
        }
        writer.finish().expect("ends").into_inner()
    }

    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// A workbook with these sheets, by name and rows of XML, and these texts that cells share.
    fn office(sheets: &[(&str, &str)], texts: &[&str]) -> Vec<u8> {
        let numbered = || sheets.iter().enumerate().map(|(at, (name, rows))| (at + 1, *name, *rows));
        let list: String = numbered()
            .map(|(at, name, _)| format!(r#"<sheet name="{name}" sheetId="{at}" r:id="rId{at}"/>"#))
            .collect::<Vec<_>>()
            .concat();
        let relations: String = numbered()
            .map(|(at, ..)| {
                format!(r#"<Relationship Id="rId{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>"#)
            })
            .collect::<Vec<_>>()
            .concat();
        let shared: String = texts.iter().map(|text| format!("<si><t>{text}</t></si>")).collect::<Vec<_>>().concat();
        let mut parts = vec![
            ("[Content_Types].xml".to_owned(), "<Types/>".to_owned()),
            (
                "_rels/.rels".to_owned(),
                format!(
                    r#"<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/workbook.xml".to_owned(),
                format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{list}</sheets></workbook>"#),
            ),
            (
                "xl/_rels/workbook.xml.rels".to_owned(),
                format!(
                    r#"<Relationships xmlns="{RELATIONS}">{relations}<Relationship Id="rId90" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId91" Type="{OFFICE}/styles" Target="styles.xml"/><Relationship Id="rId92" Type="{OFFICE}/externalLink" Target="file:///etc/passwd" TargetMode="External"/></Relationships>"#
                ),
            ),
            ("xl/sharedStrings.xml".to_owned(), format!(r#"<sst xmlns="{MAIN}">{shared}</sst>"#)),
            (
                "xl/styles.xml".to_owned(),
                format!(
                    r#"<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
                ),
            ),
        ];
        for (at, _, rows) in numbered() {
            let sheet = format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>"#);
            parts.push((format!("xl/worksheets/sheet{at}.xml"), sheet));
        }
        let parts: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        zipped(&parts)
    }

    fn text(at: &str, text: &str) -> String {
        format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
    }

    /// A title of a report, the titles of columns, a row with a formula and a day, a row with a gap, one too wide.
    fn table() -> String {
        let titles = ["Computer", "Software", "Version", "Install Date"];
        let titles: String = titles.iter().zip(["A3", "B3", "C3", "D3"]).map(|(title, at)| text(at, title)).collect();
        format!(
            r#"<row r="1">{}</row><row r="3">{titles}</row><row r="4"><c r="A4" t="s"><v>0</v></c><c r="B4" t="s"><v>1</v></c><c r="C4"><v>12.4</v></c><c r="D4" s="1"><f>[1]Sheet1!A1</f><v>45356</v></c></row><row r="6">{}{}</row><row r="7">{}{}{}</row>"#,
            text("A1", "Software of June"),
            text("A6", "PC-2"),
            text("B6", "Dr.Web &amp; more"),
            text("A7", "PC-3"),
            text("B7", "x"),
            text("F7", "too far")
        )
    }

    fn rows(gathered: &Gathered) -> Vec<String> {
        let of = |field: &Option<String>| field.clone().unwrap_or_else(|| "-".to_owned());
        let row = |(place, device, one): &(crate::sink::Place, usize, interdict_model::Observation)| {
            let hostname = gathered.devices.get(*device).and_then(|device| device.hostname.clone());
            format!("{place}: {} {} {} {}", of(&hostname), of(&one.name), of(&one.version), of(&one.install_date))
        };
        gathered.observations.iter().map(row).collect()
    }

    #[test]
    fn the_first_sheet_that_is_a_table_is_read_and_the_others_are_said() {
        let cover = format!(r#"<row r="1">{}</row>"#, text("A1", "Inventory"));
        let bytes = office(&[("Cover", &cover), ("Software", &table()), ("Notes", &cover)], &["PC-1", "Kaspersky"]);
        let gathered = gather(&bytes, "report.xlsx");
        assert_eq!(rows(&gathered), ["line 4: PC-1 Kaspersky 12.4 2024-03-05", "line 6: PC-2 Dr.Web & more - -"]);
        assert_eq!((gathered.imported.format, gathered.imported.layers.as_slice()), ("table", &["xlsx"][..]));
        assert_eq!(gathered.rejects[0].place.to_string(), "line 7");
        assert_eq!(gathered.notes[0].code, "import/not-looked-at");
        assert!(gathered.notes[0].message.contains("Cover, Notes"), "{:?}", gathered.notes);
        let preview =
            crate::preview::preview(&mut Cursor::new(&bytes), "report.xlsx", &crate::reading::Options::default(), 5)
                .expect("is shown");
        assert_eq!(preview.header, ["Computer", "Software", "Version", "Install Date"]);
        assert_eq!(preview.records.len(), 2);
    }

    fn open_document(rows: &str) -> Vec<u8> {
        let content = format!(
            r#"<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="Blatt1">{rows}</table:table><table:table table:name="Blatt2"/></office:spreadsheet></office:body></office:document-content>"#
        );
        let mimetype = "application/vnd.oasis.opendocument.spreadsheet";
        zipped(&[("mimetype", mimetype), ("content.xml", &content), ("META-INF/manifest.xml", "<!DOCTYPE x><x/>")])
    }

    #[test]
    fn an_open_document_repeats_cells_and_rows() {
        let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
        let titles = ["Computer", "Software", "Version", "Install Date"].map(cell).concat();
        let rows_of = format!(
            r#"<table:table-row>{titles}</table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="4"/></table:table-row><table:table-row table:number-rows-repeated="1000000">{}{}<table:table-cell office:value-type="float" office:value="12.4"><text:p>12,4</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2024-03-05T00:00:00"><text:p>05.03.24</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16380"/></table:table-row><table:table-row>{}{}</table:table-row>"#,
            cell("PC-1"),
            cell("A &lt;b&gt;<text:s/>&#1050;<office:annotation><text:p>a note</text:p></office:annotation>"),
            cell("PC-2"),
            cell("x"),
        );
        let gathered = gather(&open_document(&rows_of), "report.ods");
        assert_eq!(rows(&gathered), ["line 4: PC-1 A <b> К 12.4 2024-03-05", "line 1000004: PC-2 x - -"]);
        assert_eq!(gathered.imported.layers, ["ods"]);
    }

    #[test]
    fn workbooks_made_to_do_harm_end_early() {
        let wide = r#"<table:table-row><table:table-cell table:number-columns-repeated="99999999"><text:p>x</text:p></table:table-cell></table:table-row>"#;
        let long = format!("<table:table-row>{}</table:table-row>", "x".repeat(5 << 20));
        let laughs = r#"<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><x>&lol2;</x>"#;
        let cases: &[(&str, Vec<u8>, &str)] = &[
            ("cells without end", open_document(wide), "more than 16384 columns"),
            ("a text without end", open_document(&long), "a text in the part content.xml"),
            ("entities of entities", open_document(laughs), "holds a declaration"),
            ("no table", office(&[("Only", "")], &[]), "none is a table: Only"),
            ("binary", zipped(&[("[Content_Types].xml", ""), ("xl/workbook.bin", "")]), "save it as .xlsx"),
            ("old or encrypted", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more".to_vec(), "save it as .xlsx"),
        ];
        for (what, bytes, says) in cases {
            let error = try_gather(bytes, "x.xlsx").expect_err(what).to_string();
            assert!(error.contains(says), "{what}: {error}");
        }
    }

    #[test]
    fn a_workbook_cut_or_bent_anywhere_is_an_error_or_a_table() {
        let whole = office(&[("Software", &table())], &["PC-1", "Kaspersky"]);
        for at in (0..whole.len()).step_by(7) {
            let _ = try_gather(whole.get(..at).unwrap_or_default(), "x.xlsx");
            let mut bent = whole.clone();
            if let Some(byte) = bent.get_mut(at) {
                *byte ^= 0x55;
            }
            let _ = try_gather(&bent, "x.xlsx");
        }
        // Parts that are sound and say nonsense.
        for cell in [
            r#"<c r="ZZZZZZ99999999" t="s"><v>1</v></c>"#,
            r#"<c r="A0"><v>1</v></c>"#,
            r#"<c t="s"><v>-1</v></c>"#,
            r#"<c r="A1" t="s"><v>99999</v></c>"#,
            r#"<c r="" t="d"><v/></c>"#,
            r#"<c s="4294967296"><v>1e999</v></c>"#,
            r#"<c s="1"><v>-99999999999</v></c>"#,
            r#"<c t="b"><v>x</v></c>"#,
            r#"<c r="A1"><f t="shared" si="9" ref="A1:ZZZ9"/></c>"#,
            "<c",
            "</row>",
            "<row r=\"-1\">",
        ] {
            let sheet = format!("<row r=\"1\">{cell}</row>{}", table());
            let _ = try_gather(&office(&[("Software", &sheet)], &["PC-1"]), "x.xlsx");
        }
    }
}
