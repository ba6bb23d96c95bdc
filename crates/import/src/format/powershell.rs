//! Tables and lists that PowerShell prints: of `Get-Package`, and of anything else whose columns are known.
//!
//! A table has a rule of dashes below its titles, which says where each column begins; a list has a line `Name : value`
//! for each property and a blank line between records. Its colons stand below each other behind a blank, by which it differs
//! from the many other texts of names and values, such as the records of packages. PowerShell 5 cuts what is too long for the window and ends it with
//! three points, PowerShell 7 with an ellipsis: a cut name is kept as far as it goes, anything else that is cut is not known.

use interdict_model::{Diagnostic, ObservationSource, OsFamily};

use super::Format;
use crate::error::ImportError;
use crate::json;
use crate::mapping::{Field, Mapping, suggest};
use crate::reading::Reading;
use crate::sample::Sample;
use crate::sink::Place;
use crate::table::{Cells, Known, Mapper, said};

pub(super) const FORMAT: Format = Format {
    name: "get-package",
    title: "table or list that PowerShell prints, such as of Get-Package",
    caveat: Some("what is too long for the window is cut off; Export-Csv writes all of it"),
    keeps_days: None,
    recognise: |sample| match titles(sample) {
        Some(titles) if suggest(&titles, &[]).is_sure => 70,
        Some(_) | None => 0,
    },
    read,
};

/// The longest value of a list, in bytes: far more than a name or a path takes.
const LONGEST_VALUE: usize = 64 << 10;

/// Where columns begin below a rule such as `----   -------`, in characters; nothing for any other line.
fn rule(line: &str) -> Option<Vec<usize>> {
    let line = line.trim_end();
    let is_rule = line.starts_with("--") && line.contains(' ') && line.bytes().all(|byte| byte == b'-' || byte == b' ');
    if !is_rule {
        return None;
    }
    let before = std::iter::once(b' ').chain(line.bytes());
    Some(
        before
            .zip(line.bytes())
            .enumerate()
            .filter(|(_, (before, own))| (*before, *own) == (b' ', b'-'))
            .map(|(at, _)| at)
            .collect(),
    )
}

/// What stands between two places of a line.
fn cell(line: &str, starts: &[usize], column: usize) -> String {
    let Some(begin) = starts.get(column) else { return String::new() };
    let end = starts.get(column + 1).copied().unwrap_or(usize::MAX);
    line.chars().skip(*begin).take(end - begin).collect::<String>().trim().to_owned()
}

/// A property of a list: its name, a blank at least, a colon, its value.
fn property(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.strip_suffix(' ')?.trim_end();
    let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    is_name.then(|| (name, value.trim()))
}

/// The titles of a table, or the names of the properties of a list.
fn titles(sample: &Sample) -> Option<Vec<String>> {
    let mut before = "";
    let mut properties: Vec<String> = Vec::new();
    for line in sample.text.lines().filter(|line| !line.trim().is_empty()).take(100) {
        if let Some(starts) = rule(line) {
            return Some((0..starts.len()).map(|column| cell(before, &starts, column)).collect());
        }
        if let Some((name, _)) = property(line)
            && !properties.iter().any(|known| known == name)
        {
            properties.push(name.to_owned());
        }
        before = line;
    }
    let first = sample.text.lines().find(|line| !line.trim().is_empty())?;
    (properties.len() > 1 && property(first).is_some()).then_some(properties)
}

fn mapping_of(reading: &Reading<'_>, titles: &[String]) -> Result<Mapping, ImportError> {
    if let Some(mapping) = reading.mapping {
        return Ok(mapping.clone());
    }
    let suggestion = suggest(titles, &[]);
    if !suggestion.is_sure {
        return Err(ImportError::NeedsMapping { columns: said(titles) });
    }
    let mut mapping = suggestion.without_guesses();
    mapping.os = Some(OsFamily::Windows);
    mapping.source = Some(ObservationSource::Programs);
    Ok(mapping)
}

fn read(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let wrong = |found: String| ImportError::WrongFormat { expected: FORMAT.title, found };
    let Some(titles) = titles(reading.sample) else {
        return Err(wrong(reading.sample.describe()));
    };
    let mapping = mapping_of(reading, &titles)?;
    reading.read_by(&mapping);
    let is_table = reading.sample.text.lines().any(|line| rule(line).is_some());
    let mut records = Records {
        mapper: Mapper::new(&mapping, &titles, &Known::default())?,
        name: mapping.columns.get(&Field::Name).and_then(|name| titles.iter().position(|title| title == name)),
        provider: titles.iter().position(|title| title == "ProviderName"),
        titles: &titles,
        cut: 0,
    };
    if is_table {
        records.read_table(reading)?;
    } else {
        records.read_list(reading)?;
    }
    let cut = records.cut;
    records.mapper.finish(reading)?;
    if cut > 0 {
        let message =
            format!("PowerShell cut off what was too long for its window, in {cut} rows; Export-Csv writes all of it");
        reading.note(Diagnostic::warning("import/cut-short", message))?;
    }
    Ok(())
}

struct Records<'m> {
    mapper: Mapper<'m>,
    titles: &'m [String],
    /// The column of names, and that of the package provider.
    name: Option<usize>,
    provider: Option<usize>,
    cut: u64,
}

impl Records<'_> {
    fn read_table(&mut self, reading: &mut Reading<'_>) -> Result<(), ImportError> {
        let mut starts: Option<Vec<usize>> = None;
        json::lines(reading, |reading, place, line| {
            let text = String::from_utf8_lossy(line);
            if let Some(columns) = rule(&text) {
                starts = Some(columns);
                return Ok(());
            }
            let Some(starts) = &starts else { return Ok(()) };
            let cells = (0..self.titles.len()).map(|column| cell(&text, starts, column)).collect();
            self.record(reading, place, cells)
        })
    }

    fn read_list(&mut self, reading: &mut Reading<'_>) -> Result<(), ImportError> {
        let mut cells = vec![String::new(); self.titles.len()];
        let mut begins: Option<Place> = None;
        let mut last: Option<usize> = None;
        let mut is_overlong = false;
        json::lines(reading, |reading, place, line| {
            let text = String::from_utf8_lossy(line);
            let text = text.trim_end();
            // A long value goes on in the next lines, below itself.
            if text.starts_with(' ') {
                if let Some(cell) = last.and_then(|last| cells.get_mut(last)) {
                    if cell.len() > LONGEST_VALUE {
                        is_overlong = true;
                        return Ok(());
                    }
                    // Lines break at blanks where there are any.
                    if cell.contains(' ') {
                        cell.push(' ');
                    }
                    cell.push_str(text.trim());
                }
                return Ok(());
            }
            let Some((name, value)) = property(text) else {
                return reading.reject(place, "it is no property of a list", line);
            };
            last = self.titles.iter().position(|title| title == name);
            // Blank lines are passed over: a record ends where its first property comes again.
            if last.is_some_and(|last| {
                cells.get(last).is_some_and(|cell| !cell.is_empty()) || (last == 0 && begins.is_some())
            }) && let Some(begin) = begins.take()
            {
                let record = std::mem::replace(&mut cells, vec![String::new(); self.titles.len()]);
                self.whole_record(reading, begin, record, std::mem::take(&mut is_overlong))?;
            }
            begins.get_or_insert(place);
            if let Some(cell) = last.and_then(|last| cells.get_mut(last)) {
                value.clone_into(cell);
            }
            Ok(())
        })?;
        match begins {
            Some(begin) => self.whole_record(reading, begin, cells, is_overlong),
            None => Ok(()),
        }
    }

    fn whole_record(
        &mut self,
        reading: &mut Reading<'_>,
        begin: Place,
        cells: Vec<String>,
        is_overlong: bool,
    ) -> Result<(), ImportError> {
        if is_overlong {
            let reason = format!("a value of it is longer than {LONGEST_VALUE} bytes");
            return reading.reject(begin, reason, cells.concat().as_bytes());
        }
        self.record(reading, begin, cells)
    }

    fn record(&mut self, reading: &mut Reading<'_>, place: Place, mut cells: Vec<String>) -> Result<(), ImportError> {
        let mut is_cut = false;
        for (column, cell) in cells.iter_mut().enumerate() {
            let Some(whole) = cell.strip_suffix("...").or_else(|| cell.strip_suffix('…')) else { continue };
            is_cut = true;
            *cell = if Some(column) == self.name { whole.trim_end().to_owned() } else { String::new() };
        }
        self.cut += u64::from(is_cut);
        // Modules and updates are no programs of the uninstall keys.
        let provider = self.provider.and_then(|column| cells.get(column)).map(String::as_str);
        self.mapper.source = match provider {
            None | Some("" | "Programs" | "msi") => None,
            Some(_) => Some(ObservationSource::Import),
        };
        let mut text = String::new();
        let mut ends = Vec::with_capacity(cells.len());
        for cell in &cells {
            text.push_str(cell);
            ends.push(text.len());
        }
        self.mapper.row(reading, place, Cells { text: &text, ends: &ends })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Gathered, fixture, gather};

    fn rows(gathered: &Gathered) -> Vec<String> {
        let row = |one: &interdict_model::Observation| {
            let of = |field: &Option<String>| field.clone().unwrap_or_else(|| "-".to_owned());
            format!("{} {} | {} | {}", one.source.as_str(), of(&one.name), of(&one.version), of(&one.publisher))
        };
        gathered.observations.iter().map(|(_, _, one)| row(one)).collect()
    }

    #[test]
    fn columns_begin_where_their_dashes_do() {
        let gathered = fixture("get-package", "table-utf16.txt");
        assert_eq!(
            rows(&gathered),
            [
                "programs Kaspersky Endpoint Secur | 12.4.0.467 | -",
                "programs 7-Zip 24.05 (x64) | 24.05 | -",
                "import PSReadLine | 2.3.5 | -",
            ]
        );
        assert_eq!(gathered.notes.iter().filter(|note| note.code == "import/cut-short").count(), 1);
        assert_eq!(gathered.devices[0].os_family, Some(OsFamily::Windows));
    }

    #[test]
    fn a_list_has_a_line_for_each_property() {
        let gathered = fixture("get-package", "list.txt");
        assert_eq!(
            rows(&gathered),
            [
                "programs Kaspersky Endpoint Security for Windows with a name that goes on | 12.4.0.467 | AO Kaspersky Lab",
                "programs No Version | - | Somebody",
            ]
        );
        assert_eq!(gathered.imported.rejected, 0);
    }

    #[test]
    fn a_value_that_goes_on_without_end_is_rejected_with_its_record_alone() {
        let endless = "   aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n".repeat(20_000);
        let text = format!("Name    : x\nVersion : 1\nSummary : a\n{endless}\nName    : y\nVersion : 2\n");
        let gathered = gather(text.as_bytes(), "PC-1.txt");
        assert_eq!(gathered.names(0), ["y"]);
        assert_eq!(gathered.rejects[0].place, Place::Line(1));
        assert_eq!(gathered.rejects[0].reason, "a value of it is longer than 65536 bytes");
    }

    #[test]
    fn other_texts_of_names_and_values_are_no_lists_of_powershell() {
        for text in [
            "name: core\nversion: 16-2.61.4\nsummary: snapd runtime environment\narchitectures:\n - amd64\n",
            "Name: kesl\nVersion: 12.1\nVendor: AO Kaspersky Lab\n",
        ] {
            let outcome = crate::testing::try_gather(text.as_bytes(), "meta.txt");
            assert!(matches!(outcome, Err(ImportError::UnknownFormat { .. })), "{text}");
        }
    }

    #[test]
    fn other_tables_of_dashes_are_not_taken_for_packages() {
        let text = "Handles  NPM(K)  ProcessName\n-------  ------  -----------\n    123      12  avp\n";
        assert!(crate::testing::try_gather(text.as_bytes(), "ps.txt").is_err());
        let text = "PSComputerName  DisplayName     DisplayVersion Publisher\n--------------  -----------     -------------- ---------\nPC-1            Dr.Web          12.0           Doctor Web\n";
        let gathered = gather(text.as_bytes(), "many.txt");
        assert_eq!(gathered.devices[0].hostname.as_deref(), Some("PC-1"));
        assert_eq!(rows(&gathered), ["programs Dr.Web | 12.0 | Doctor Web"]);
    }
}
