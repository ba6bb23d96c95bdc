//! Rows of columns, wherever they come from, to records by a mapping.
//!
//! A row is a place and cells; delimited texts, sheets of workbooks and flat objects of JSON all give rows. What a row
//! with a mapping becomes is written once, in [`Mapper`].

use std::borrow::Cow;
use std::io::{BufRead as _, Read as _};

use encoding_rs::WINDOWS_1252;
use interdict_model::{Diagnostic, ObservationRef, ObservationSource, ScopeRef};

use crate::delimited::{self, Rows};
use crate::devices::Devices;
use crate::error::ImportError;
use crate::mapping::{DateOrder, Field, Mapping, RowsAre, normalised};
use crate::platform;
use crate::reading::Reading;
use crate::sample::Shape;
use crate::sink::{Completeness, Device, DeviceNumber, Place};
use crate::text;
use crate::workbook::Sheet;

/// A row: its cells one after the other, and where each ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cells<'b> {
    pub(crate) text: &'b str,
    pub(crate) ends: &'b [usize],
}

impl<'b> Cells<'b> {
    /// What a column holds, unless it is blank or a word for it.
    pub(crate) fn known(&self, column: usize) -> Option<&'b str> {
        text::known(self.whole(column)).filter(|value| !says_nothing(value))
    }

    /// All of it, for people.
    fn written(&self) -> Vec<u8> {
        written(self.ends, self.text.as_bytes(), b';')
    }

    /// All that a column holds.
    pub(crate) fn whole(&self, column: usize) -> &'b str {
        let end = self.ends.get(column).copied().unwrap_or_default();
        let begin = column.checked_sub(1).and_then(|before| self.ends.get(before).copied()).unwrap_or_default();
        self.text.get(begin..end).unwrap_or_default()
    }
}

/// The beginning of a row with something between its cells, for people.
fn written(ends: &[usize], cells: &[u8], between: u8) -> Vec<u8> {
    const ENOUGH: usize = 1_000;
    let mut text = Vec::new();
    let mut begin = 0;
    for (number, end) in ends.iter().enumerate() {
        if number > 0 {
            text.push(between);
        }
        text.extend_from_slice(cells.get(begin..*end).unwrap_or_default());
        begin = *end;
        if text.len() > ENOUGH {
            break;
        }
    }
    text
}

/// What databases and tools write where there is nothing.
fn says_nothing(value: &str) -> bool {
    const WORDS: &[&str] = &["(null)", "-", "n/a", "null", "not available"];
    value.len() <= 13 && WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// Reads the rows of a sheet of a workbook, or of a delimited text. What cannot be a row is rejected here.
pub(crate) fn read_rows(
    reading: &mut Reading<'_>,
    each: impl FnMut(&mut Reading<'_>, Place, Cells<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    match reading.sheet.take() {
        Some(sheet) => read_sheet(reading, sheet, each),
        None => read_delimited(reading, each),
    }
}

fn read_sheet(
    reading: &mut Reading<'_>,
    mut sheet: Sheet<'_>,
    mut each: impl FnMut(&mut Reading<'_>, Place, Cells<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let Shape::Table { header, preamble, .. } = &reading.sample.shape else { return Ok(()) };
    let (width, preamble) = (header.len(), *preamble);
    sheet.rows(&mut |number, row| {
        let place = Place::Line(number);
        match () {
            () if number <= preamble + 1 => {}
            () if row.ends.len() > width => {
                let reason = format!("it has {} columns where the titles are {width}", row.ends.len());
                reading.reject(place, reason, &row.written())?;
            }
            () => each(reading, place, row)?,
        }
        Ok(true)
    })
}

fn read_delimited(
    reading: &mut Reading<'_>,
    mut each: impl FnMut(&mut Reading<'_>, Place, Cells<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let Shape::Table { delimiter, header, preamble, .. } = &reading.sample.shape else {
        let found = reading.sample.describe();
        return Err(ImportError::WrongFormat { expected: "table", found });
    };
    let (delimiter, width, preamble) = (*delimiter, header.len(), *preamble);
    let mut text = std::mem::replace(&mut reading.text, Box::new(std::io::empty()));
    for _ in 0..preamble {
        let mut line = Vec::new();
        text.by_ref().take(crate::container::SAMPLE as u64).read_until(b'\n', &mut line)?;
    }
    let mut rows = Rows::new(text, delimiter, preamble + 1);
    // The titles.
    rows.next()?;
    let mut decoded = Decoded::default();
    while let Some(row) = rows.next()? {
        if row.is_blank() {
            continue;
        }
        let place = Place::Line(row.line);
        if let Some(reason) = unusable(&row, width, delimiter) {
            reading.reject(place, reason, &written(row.ends(), row.bytes(), delimiter))?;
            continue;
        }
        if let Ok(text) = std::str::from_utf8(row.bytes()) {
            each(reading, place, Cells { text, ends: row.ends() })?;
            continue;
        }
        if !decoded.is_said {
            let message = format!("{place} and maybe others are no UTF-8 and were read as Windows-1252");
            reading.note(Diagnostic::warning("import/encoding", message))?;
        }
        each(reading, place, decoded.row(&row))?;
    }
    Ok(())
}

/// Why a row cannot be one of this table.
fn unusable(row: &delimited::Row<'_>, width: usize, delimiter: u8) -> Option<String> {
    if memchr::memchr(0, row.bytes()).is_some() {
        return Some("it holds a NUL, which no text does".to_owned());
    }
    let is_blank = |column: usize| row.get(column).is_some_and(|cell| cell.iter().all(u8::is_ascii_whitespace));
    if row.len() > width && !(width..row.len()).all(is_blank) {
        return Some(format!("it has {} columns where the titles are {width}", row.len()));
    }
    // A quote that is closed in a later row by one that was meant to open: whole rows lie within a cell.
    let breaks = memchr::memchr_iter(b'\n', row.bytes()).count();
    let swallowed = || memchr::memchr_iter(delimiter, row.bytes()).count() >= breaks * (width - 1);
    if breaks > 0 && (row.len() < width || swallowed()) {
        return Some(format!("a quote runs over {} lines and seems never closed", breaks + 1));
    }
    None
}

/// A row in an encoding of single bytes, as UTF-8.
#[derive(Default)]
struct Decoded {
    text: String,
    ends: Vec<usize>,
    is_said: bool,
}

impl Decoded {
    fn row(&mut self, row: &delimited::Row<'_>) -> Cells<'_> {
        self.is_said = true;
        self.text.clear();
        self.ends.clear();
        for column in 0..row.len() {
            let cell = row.get(column).unwrap_or_default();
            match std::str::from_utf8(cell) {
                Ok(cell) => self.text.push_str(cell),
                Err(_) => self.text.push_str(&WINDOWS_1252.decode_without_bom_handling(cell).0),
            }
            self.ends.push(self.text.len());
        }
        Cells { text: &self.text, ends: &self.ends }
    }
}

/// What a tool's own format knows beside a mapping.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known<'k> {
    /// Columns that are asked when a field's own is blank.
    pub(crate) others: &'k [(Field, &'k str)],
    /// Whether the words of a name are joined by underscores.
    pub(crate) has_underscores: bool,
}

/// What rows become.
pub(crate) struct Mapper<'m> {
    mapping: &'m Mapping,
    /// The columns of each field, in the order they are asked.
    columns: Vec<(Field, usize)>,
    devices: Devices,
    key: String,
    has_machine: bool,
    count_is_said: bool,
    has_underscores: bool,
    /// Where the present row was read by the tool, where the row says so.
    pub(crate) source: Option<ObservationSource>,
}

impl<'m> Mapper<'m> {
    /// A mapper for a table with these titles.
    pub(crate) fn new(mapping: &'m Mapping, header: &[String], known: &Known<'_>) -> Result<Self, ImportError> {
        mapping.check()?;
        let titles: Vec<String> = header.iter().map(|title| normalised(title)).collect();
        let column = |title: &str| {
            // Titles of signs alone are all the same without them.
            let bare = normalised(title);
            let is_it = |(number, known): (usize, &String)| {
                if bare.is_empty() {
                    header.get(number).is_some_and(|whole| whole.trim() == title.trim())
                } else {
                    *known == bare
                }
            };
            (0..titles.len()).find(|number| titles.get(*number).is_some_and(|known| is_it((*number, known))))
        };
        let missing: Vec<&str> =
            mapping.columns.values().filter(|title| column(title).is_none()).map(String::as_str).collect();
        if !missing.is_empty() {
            let columns = said(header);
            return Err(ImportError::MappingDoesNotFit { missing: missing.join(", "), columns });
        }
        let own = mapping.columns.iter().filter_map(|(field, title)| Some((*field, column(title)?)));
        let others = known.others.iter().filter_map(|(field, title)| Some((*field, column(title)?)));
        let columns: Vec<(Field, usize)> = own.chain(others).collect();
        let is_of_machine =
            |field: &Field| matches!(field, Field::DeviceName | Field::DeviceId | Field::Uuid | Field::Serial);
        let has_machine = columns.iter().any(|(field, _)| is_of_machine(field));
        Ok(Self {
            mapping,
            columns,
            devices: Devices::default(),
            key: String::new(),
            has_machine,
            count_is_said: false,
            has_underscores: known.has_underscores,
            source: None,
        })
    }

    fn get<'b>(&self, row: &Cells<'b>, field: Field) -> Option<&'b str> {
        self.columns.iter().filter(|(own, _)| *own == field).find_map(|(_, column)| row.known(*column))
    }

    /// Hands on what a row says.
    pub(crate) fn row(&mut self, reading: &mut Reading<'_>, place: Place, row: Cells<'_>) -> Result<(), ImportError> {
        let name = self.get(&row, Field::Name);
        let identifier = self.get(&row, Field::Identifier);
        let is_product = self.mapping.rows == RowsAre::Products;
        let device = if is_product { None } else { self.device(reading, &row)? };
        if name.is_none() && identifier.is_none() {
            return match device {
                Some(_) if self.has_machine => reading.skip(place, "the row names a machine and no software"),
                _ => reading.reject(place, "it names no software", &row.written()),
            };
        }
        let order = self.mapping.date_order;
        let date = self.get(&row, Field::InstallDate).and_then(|date| day(date, order));
        let mut observation =
            ObservationRef::new(self.source.or(self.mapping.source).unwrap_or(ObservationSource::Import));
        let readable =
            name.filter(|name| self.has_underscores && name.contains('_')).map(|name| name.replace('_', " "));
        observation.name = name;
        observation.display_name = readable.as_deref();
        observation.version = self.get(&row, Field::Version);
        observation.publisher = self.get(&row, Field::Publisher);
        observation.identifier = identifier;
        observation.install_location = self.get(&row, Field::InstallLocation);
        observation.path = self.get(&row, Field::Path);
        observation.install_date = date.as_deref();
        observation.arch = self.get(&row, Field::Arch);
        observation.scope = self.get(&row, Field::User).map(ScopeRef::User);
        if is_product {
            let count = self.count(reading, place, &row)?;
            return reading.title(place, &observation, count);
        }
        match device {
            Some(device) => reading.observation(place, device, &observation),
            None => reading.reject(place, "it names no machine", &row.written()),
        }
    }

    /// On how many machines a product is.
    fn count(&mut self, reading: &mut Reading<'_>, place: Place, row: &Cells<'_>) -> Result<Option<u64>, ImportError> {
        let Some(written) = self.get(row, Field::DeviceCount) else { return Ok(None) };
        let digits: String = written.chars().filter(|letter| !matches!(letter, ' ' | '\u{a0}' | ',' | '\'')).collect();
        let count = digits.parse().ok();
        if count.is_none() && !self.count_is_said {
            self.count_is_said = true;
            let message = format!("{place} and maybe others do not say a number of machines but \"{written}\"");
            reading.note(Diagnostic::warning("import/device-count", message))?;
        }
        Ok(count)
    }

    /// The machine of a row; nothing where the table tells of machines and the row of none.
    fn device(&mut self, reading: &mut Reading<'_>, row: &Cells<'_>) -> Result<Option<DeviceNumber>, ImportError> {
        if !self.has_machine {
            return reading.file_device_of(self.mapping.os).map(Some);
        }
        let identity = |field: Field| self.get(row, field).and_then(text::identity);
        let tool_id = identity(Field::DeviceId);
        let uuid = identity(Field::Uuid);
        let serial = identity(Field::Serial);
        let hostname = identity(Field::DeviceName);
        let domain = identity(Field::Domain);
        let Some((kind, first)) = [("id", tool_id), ("uuid", uuid), ("name", hostname), ("serial", serial)]
            .into_iter()
            .find_map(|(kind, value)| Some((kind, value?)))
        else {
            return Ok(None);
        };
        let mut key = std::mem::take(&mut self.key);
        key.clear();
        key.push_str(kind);
        for part in [first, domain.filter(|_| kind == "name").unwrap_or_default()] {
            key.push('\0');
            key.extend(part.chars().flat_map(char::to_lowercase));
        }
        // Two machines may bear one name; a row that says no serial number means the first of them.
        let name = key.len();
        if let Some(serial) = serial.filter(|_| kind == "name") {
            key.push('\0');
            key.extend(serial.chars().flat_map(char::to_lowercase));
        }
        let (has_serial, short) = (key.len() > name, key.get(..name).unwrap_or_default());
        let number = if let Some(number) = self.devices.known(&key) {
            number
        } else if let Some(number) = has_serial.then(|| self.devices.known_as(short, &key)).flatten() {
            number
        } else {
            let seen = self.get(row, Field::LastSeen).and_then(|seen| instant(seen, self.mapping.date_order));
            if let Some(seen) = &seen {
                reading.made(seen);
            }
            let os_name = self.get(row, Field::Os);
            let device = Device {
                tool_id,
                hostname,
                domain,
                uuid,
                serial,
                os_family: os_name.and_then(platform::family).or(self.mapping.os),
                os_name,
                os_version: self.get(row, Field::OsVersion),
                seen: seen.as_deref(),
                ..Device::default()
            };
            let number = self.devices.number(reading, &key, &device)?;
            if has_serial {
                self.devices.also(short, number);
            } else if kind == "name" {
                self.devices.is_bare(short);
            }
            number
        };
        self.key = key;
        Ok(Some(number))
    }

    /// Says at the end how much of each machine was told.
    pub(crate) fn finish(self, reading: &mut Reading<'_>) -> Result<(), ImportError> {
        if self.mapping.complete && self.has_machine {
            let source = self.mapping.source.unwrap_or(ObservationSource::Import);
            let mut devices: Vec<DeviceNumber> = self.devices.all().collect();
            devices.sort_unstable();
            devices.dedup();
            for device in devices {
                reading.told(device, source, Completeness::Whole)?;
            }
        }
        Ok(())
    }
}

/// Titles for people: the first ones.
pub(crate) fn said(header: &[String]) -> String {
    const MOST: usize = 30;
    let mut titles: Vec<Cow<'_, str>> =
        header.iter().take(MOST).map(|title| text::excerpt(title.as_bytes()).into()).collect();
    if header.len() > MOST {
        titles.push(format!("and {} more", header.len() - MOST).into());
    }
    titles.join(", ")
}

/// A day; as written where it may be read both ways and nobody said which.
fn day(value: &str, order: Option<DateOrder>) -> Option<String> {
    if let Some(order) = order {
        return text::day(value, order);
    }
    let day_first = text::day(value, DateOrder::DayFirst);
    if day_first == text::day(value, DateOrder::MonthFirst) { day_first } else { Some(value.to_owned()) }
}

/// An instant, or the beginning of a day.
fn instant(value: &str, order: Option<DateOrder>) -> Option<String> {
    text::instant(value).or_else(|| text::instant(&day(value, order)?))
}

#[cfg(test)]
mod tests {
    use interdict_model::{ObservationSource, OsFamily};

    use super::*;
    use crate::mapping::DateOrder;
    use crate::reading::Options;
    use crate::testing::{Gathered, gather, gather_with, try_gather};

    fn with(mapping: &str, text: &str) -> Result<Gathered, ImportError> {
        let mapping = format!("{{\"schema\":\"interdict/mapping/v1\",{mapping}}}");
        let mapping = Mapping::from_json(&mapping).expect("a mapping");
        gather_with(text.as_bytes(), "list.csv", &Options { mapping: Some(mapping), ..Options::default() })
    }

    fn reasons(gathered: &Gathered) -> Vec<String> {
        gathered.rejects.iter().map(|reject| format!("{}: {}", reject.place, reject.reason)).collect()
    }

    #[test]
    fn rows_that_cannot_be_rows_are_rejected_alone() {
        let text = "Computer,Software,Version,Vendor\n\
                    a,One,1,V\n\
                    b,Tw\0o,2,V\n\
                    \n\
                    c,Three\n\
                    d,Four,4,V,,,\n\
                    e,Five,5,V,,x\n\
                    ,Six,6,V\n\
                    f,,,\n\
                    g,N/A,,\n\
                    ,,1,\n";
        let gathered = gather(text.as_bytes(), "list.csv");
        let names: Vec<&str> = gathered.observations.iter().map(|(_, _, one)| one.title()).collect();
        assert_eq!(names, ["One", "Three", "Four"]);
        assert_eq!(
            reasons(&gathered),
            [
                "line 3: it holds a NUL, which no text does",
                "line 7: it has 6 columns where the titles are 4",
                "line 8: it names no machine",
                "line 11: it names no software",
            ]
        );
        assert_eq!(gathered.imported.skipped["the row names a machine and no software"], 2);
        assert_eq!(gathered.devices.len(), 5, "machines without software are machines");
        assert_eq!(gathered.observations[1].2.version, None);
    }

    #[test]
    fn a_quote_that_swallows_rows_is_no_row() {
        let text = "Computer,Software,Version\na,\"One,1\nb,Two,2\nc,\"Three\",3\nd,Four,4\n";
        let gathered = gather(text.as_bytes(), "list.csv");
        assert!(gathered.rejects[0].reason.starts_with("a quote runs over"), "{:?}", gathered.rejects);
        let text = "Computer,Software,Version\na,One,1\nb,\"Two,2\nc,Three,3\n";
        assert!(matches!(try_gather(text.as_bytes(), "list.csv"), Err(ImportError::Unreadable { .. })));
    }

    #[test]
    fn bytes_that_are_no_utf8_further_down_are_read_and_said_once() {
        let mut bytes = b"Computer,Software\n".to_vec();
        bytes.extend(std::iter::repeat_n(&b"pc-1,Something\n"[..], 6_000).flatten());
        bytes.extend(b"pc-1,\xdcbersicht\npc-1,\xdcbung\n");
        let gathered = gather(&bytes, "list.csv");
        assert_eq!(gathered.imported.encoding.as_deref(), Some("UTF-8"));
        assert_eq!(gathered.observations.last().expect("some").2.name.as_deref(), Some("Übung"));
        assert_eq!(gathered.notes.len(), 1);
        assert!(gathered.notes[0].message.contains("line 6002"), "{:?}", gathered.notes);
    }

    #[test]
    fn two_machines_of_one_name_are_told_apart_by_their_serial_numbers() {
        let text = "Computer,Serial number,Software\nPC-1,S1,One\npc-1,S2,Two\nPC-1,,Three\nPC-1,s1,Four\n\
                    PC-2,,Five\nPC-2,S3,Six\nPC-2,S4,Seven\nPC-2,,Eight\n";
        let gathered = gather(text.as_bytes(), "list.csv");
        let serials: Vec<Option<&str>> = gathered.devices.iter().map(|device| device.serial.as_deref()).collect();
        assert_eq!(serials, [Some("S1"), Some("S2"), None, Some("S4")]);
        for (device, names) in [(0, &["One", "Three", "Four"][..]), (1, &["Two"]), (2, &["Five", "Six", "Eight"])] {
            assert_eq!(gathered.names(device), names, "a row without a number is of the first one of the name");
        }
    }

    #[test]
    fn a_table_of_which_no_column_is_sure_is_not_guessed_at() {
        let text = "A;B\nAntivirus;1.2\nOther;2.3\n";
        let error = try_gather(text.as_bytes(), "list.csv").expect_err("unsure");
        assert!(matches!(&error, ImportError::NeedsMapping { columns } if columns == "A, B"), "{error}");
        let gathered = with(r#""columns":{"name":"A","version":"b"}"#, text).expect("is said");
        assert_eq!(gathered.names(0), ["Antivirus", "Other"]);
        let error = with(r#""columns":{"name":"Programme","version":"b"}"#, text).expect_err("no such column");
        assert!(matches!(&error, ImportError::MappingDoesNotFit { missing, .. } if missing == "Programme"), "{error}");
    }

    #[test]
    fn what_a_mapping_says_of_all_rows_holds_for_all() {
        let text = "Box;What;When;Who\nPC-1;One;05/06/2024;ada\npc-1;Two;13/06/2024;\n";
        let columns = r#""columns":{"device_name":"Box","name":"What","install_date":"When","user":"Who"}"#;
        let gathered =
            with(&format!(r#"{columns},"source":"programs","os":"windows","complete":true"#), text).expect("reads");
        assert_eq!(gathered.devices.len(), 1, "names are the same in any case");
        assert_eq!(gathered.devices[0].os_family, Some(OsFamily::Windows));
        let (_, _, one) = &gathered.observations[0];
        assert_eq!(one.source, ObservationSource::Programs);
        assert_eq!(one.install_date.as_deref(), Some("05/06/2024"), "may be read both ways: stays as written");
        assert_eq!(one.scope.as_ref().map(ToString::to_string).as_deref(), Some("user:ada"));
        assert_eq!(gathered.observations[1].2.install_date.as_deref(), Some("2024-06-13"));
        assert_eq!(gathered.told, [(0, ObservationSource::Programs, Completeness::Whole)]);
        let gathered = with(&format!(r#"{columns},"date_order":"month_first""#), text).expect("reads");
        assert_eq!(gathered.observations[0].2.install_date.as_deref(), Some("2024-05-06"));
        assert!(gathered.told.is_empty());
    }

    #[test]
    fn products_keep_their_count_and_no_machine() {
        let text = "Software;Vendor;Devices\nOne;V;1 204\nTwo;V;many\nThree;V;\n";
        let gathered = gather(text.as_bytes(), "list.csv");
        let counts: Vec<Option<u64>> = gathered.titles.iter().map(|(_, count)| *count).collect();
        assert_eq!((counts, gathered.devices.len()), (vec![Some(1204), None, None], 0));
        assert_eq!(gathered.notes[0].code, "import/device-count");
    }

    #[test]
    fn dates_follow_the_order_that_is_known() {
        assert_eq!(day("05/06/2024", None).as_deref(), Some("05/06/2024"));
        assert_eq!(day("05/06/2024", Some(DateOrder::MonthFirst)).as_deref(), Some("2024-05-06"));
        assert_eq!(day("5.6.2024", None).as_deref(), Some("2024-06-05"));
        assert_eq!(instant("6/21/2024 9:12:33 AM", None).as_deref(), Some("2024-06-21T00:00:00Z"));
    }
}
