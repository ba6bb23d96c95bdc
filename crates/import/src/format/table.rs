//! Tables that no tool is known by: rows of columns, and flat objects of JSON, by a mapping.
//!
//! The mapping is the person's, or suggested from the titles. Where it is not sure which column names software, nothing
//! is read: the error says which columns there are.

use std::collections::BTreeSet;

use interdict_model::Diagnostic;
use serde_json::Value;
use serde_json::value::RawValue;

use super::Format;
use crate::error::ImportError;
use crate::json;
use crate::mapping::{Field, Mapping, RowsAre, Suggestion, suggest};
use crate::reading::Reading;
use crate::sample::{Sample, Shape};
use crate::sink::Place;
use crate::table::{self, Cells, Known, Mapper, said};

pub(super) const FORMAT: Format = Format {
    name: "table",
    title: "table (CSV, TSV, workbook)",
    caveat: Some(
        "which column is what is told by its titles unless a mapping says it; columns about people are not read",
    ),
    keeps_days: None,
    recognise: |sample| u8::from(matches!(sample.shape, Shape::Table { .. })) * 10,
    read: |reading| read(reading, &Mapping::empty(), &Known::default()),
};

pub(super) const GENERIC_JSON: Format = Format {
    name: "generic-json",
    title: "JSON objects with texts and numbers",
    caveat: Some("which key is what is told by its name unless a mapping says it; keys about people are not read"),
    keeps_days: None,
    recognise: recognise_json,
    read: read_json,
};

/// Reads a table by the person's mapping, else by the one that is suggested, with what a preset knows better.
pub(super) fn read(reading: &mut Reading<'_>, preset: &Mapping, known: &Known<'_>) -> Result<(), ImportError> {
    let Shape::Table { header, rows, .. } = &reading.sample.shape else {
        let found = reading.sample.describe();
        return Err(ImportError::WrongFormat { expected: "table", found });
    };
    let mapping = mapping_for(reading.mapping, preset, header, rows)?;
    let mut mapper = Mapper::new(&mapping, header, known)?;
    reading.read_by(&mapping);
    table::read_rows(reading, |reading, place, row| mapper.row(reading, place, row))?;
    mapper.finish(reading)
}

/// The mapping that a table is read by.
pub(crate) fn mapping_for(
    told: Option<&Mapping>,
    preset: &Mapping,
    header: &[String],
    rows: &[Vec<String>],
) -> Result<Mapping, ImportError> {
    if let Some(told) = told {
        return Ok(told.clone());
    }
    let suggestion = suggest(header, rows);
    let names = |field: &Field| preset.columns.contains_key(field);
    if !suggestion.is_sure && ![Field::Name, Field::Identifier].iter().any(names) {
        return Err(ImportError::NeedsMapping { columns: said(header) });
    }
    let mut mapping = suggestion.without_guesses();
    // A column that the preset knows is nothing else.
    mapping.columns.retain(|_, title| !preset.columns.values().any(|known| known == title));
    mapping.columns.extend(preset.columns.iter().map(|(field, title)| (*field, title.clone())));
    mapping.source = preset.source;
    mapping.os = preset.os;
    mapping.date_order = preset.date_order.or(mapping.date_order);
    mapping.complete = preset.complete;
    if preset.rows == RowsAre::Products {
        mapping.rows = RowsAre::Products;
    }
    Ok(mapping)
}

/// The list in some JSON whose objects name software, and the keys of those: of several the one whose keys surely do, else
/// the one with the most keys.
fn list_of(sample: &Sample) -> Option<(String, Vec<String>)> {
    let paths = match &sample.shape {
        Shape::JsonLines(paths) => return Some((String::new(), keys_below(paths, ""))),
        Shape::Json(paths) => paths,
        Shape::Table { .. } | Shape::Xml(_) | Shape::Text => return None,
    };
    // One object alone is a list of one.
    if !paths.iter().any(|path| path.contains("[].")) && sample.text.trim_start().starts_with('{') {
        return Some((String::new(), keys_below(paths, "")));
    }
    let lists = lists(paths).into_iter().map(|list| (list.to_owned(), keys_below(paths, &format!("{list}[]."))));
    lists.max_by_key(|(_, keys)| (suggest(keys, &[]).is_sure, keys.iter().filter(|key| !key.contains('.')).count()))
}

/// The lists of objects that are not within others.
fn lists(paths: &BTreeSet<String>) -> BTreeSet<&str> {
    paths.iter().filter_map(|path| path.split_once("[].").map(|(list, _)| list)).collect()
}

/// The keys of the objects that some JSON is read as.
pub(crate) fn keys(sample: &Sample) -> Option<Vec<String>> {
    list_of(sample).map(|(_, keys)| keys).filter(|keys| !keys.is_empty())
}

/// The first objects that some JSON is read as, as rows of the values of its keys; of one value only where the beginning
/// is all of it.
pub(crate) fn first_rows(sample: &Sample, keys: &[String], limit: usize) -> Vec<Vec<String>> {
    let mut row = Flat::default();
    let mut cells = |value: &Value| {
        let cells = row.of(value.as_object()?, keys);
        Some((0..keys.len()).map(|number| cells.whole(number).to_owned()).collect())
    };
    if matches!(sample.shape, Shape::JsonLines(_)) {
        let lines = sample.text.lines().filter(|line| !line.trim().is_empty()).take(limit);
        return lines.filter_map(|line| cells(&serde_json::from_str(line).ok()?)).collect();
    }
    let Some((list, _)) = list_of(sample) else { return Vec::new() };
    if list.is_empty() && sample.text.trim_start().starts_with('{') {
        return serde_json::from_str(&sample.text).ok().and_then(|object| cells(&object)).into_iter().collect();
    }
    let elements = json::first_elements(&sample.text, &path_of(&list), limit);
    elements.iter().filter_map(|element| cells(&serde_json::from_str(element.get()).ok()?)).collect()
}

/// The mapping that the keys of some JSON and the values of its first objects suggest.
pub(crate) fn suggest_keys(sample: &Sample, keys: &[String]) -> Suggestion {
    suggest(keys, &first_rows(sample, keys, FIRST_OBJECTS))
}

/// By how many objects it is told what their keys are.
const FIRST_OBJECTS: usize = 20;

fn path_of(list: &str) -> Vec<&str> {
    list.split('.').filter(|key| !key.is_empty()).collect()
}

fn keys_below(paths: &BTreeSet<String>, prefix: &str) -> Vec<String> {
    let below: Vec<&str> = paths.iter().filter_map(|path| path.strip_prefix(prefix)).collect();
    // What holds others is no value.
    let holds =
        |key: &str| below.iter().any(|other| other.strip_prefix(key).is_some_and(|rest| rest.starts_with(['.', '['])));
    below.iter().filter(|key| !key.contains("[]") && !holds(key)).map(|key| (*key).to_owned()).collect()
}

fn recognise_json(sample: &Sample) -> u8 {
    list_of(sample).map_or(0, |(_, keys)| if suggest_keys(sample, &keys).is_sure { 5 } else { 1 })
}

fn read_json(reading: &mut Reading<'_>) -> Result<(), ImportError> {
    let wrong = |found: String| ImportError::WrongFormat { expected: GENERIC_JSON.title, found };
    let Some((list, keys)) = list_of(reading.sample) else {
        return Err(wrong(reading.sample.describe()));
    };
    if keys.is_empty() {
        return Err(ImportError::UnknownFormat { found: reading.sample.describe() });
    }
    let rows = first_rows(reading.sample, &keys, FIRST_OBJECTS);
    let mapping = mapping_for(reading.mapping, &Mapping::empty(), &keys, &rows)?;
    // A mapping may name keys that only later objects have.
    let mut keys = keys;
    for title in mapping.columns.values() {
        if !keys.contains(title) {
            keys.push(title.clone());
        }
    }
    let mut mapper = Mapper::new(&mapping, &keys, &Known::default())?;
    reading.read_by(&mapping);
    let mut row = Flat::default();
    let mut each = |reading: &mut Reading<'_>, place: Place, bytes: &[u8]| match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => mapper.row(reading, place, row.of(&object, &keys)),
        Ok(_) => reading.reject(place, "it is no object", bytes),
        Err(error) => reading.reject(place, format!("it is no JSON: {error}"), bytes),
    };
    if list.is_empty()
        && matches!(reading.sample.shape, Shape::Json(_))
        && reading.sample.text.trim_start().starts_with('{')
    {
        let object: Box<RawValue> = json::whole(reading, json::LONGEST as u64)?;
        each(reading, Place::Item(1), object.get().as_bytes())?;
    } else if matches!(reading.sample.shape, Shape::JsonLines(_)) {
        json::lines(reading, |reading, place, line| each(reading, place, line))?;
    } else {
        let mut count = 0;
        json::elements(reading, &path_of(&list), |reading, place, element| {
            count += 1;
            each(reading, place, element.get().as_bytes())
        })?;
        if count == 0 {
            // Its keys were seen: they are written so that nobody can find them again.
            return Err(ImportError::UnknownFormat { found: reading.sample.describe() });
        }
        note_other_lists(reading, &list)?;
    }
    mapper.finish(reading)
}

/// Says of which lists beside the one that was read nothing was looked at.
fn note_other_lists(reading: &mut Reading<'_>, read: &str) -> Result<(), ImportError> {
    let Shape::Json(paths) = &reading.sample.shape else { return Ok(()) };
    let others: Vec<String> = lists(paths).into_iter().filter(|list| *list != read).map(str::to_owned).collect();
    if others.is_empty() {
        return Ok(());
    }
    let message = format!("the list \"{read}\" was read and these were not: {}", said(&others));
    reading.note(Diagnostic::warning("import/not-looked-at", message))
}

/// An object as a row: the values of some keys, which may lead into objects within it.
#[derive(Default)]
struct Flat {
    text: String,
    ends: Vec<usize>,
}

impl Flat {
    fn of(&mut self, object: &serde_json::Map<String, Value>, keys: &[String]) -> Cells<'_> {
        self.text.clear();
        self.ends.clear();
        for key in keys {
            match value_at(object, key) {
                Some(Value::String(text)) => self.text.push_str(text),
                Some(Value::Number(number)) => self.text.push_str(&number.to_string()),
                Some(Value::Bool(is)) => self.text.push_str(if *is { "true" } else { "false" }),
                Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => {}
            }
            self.ends.push(self.text.len());
        }
        Cells { text: &self.text, ends: &self.ends }
    }
}

fn value_at<'v>(object: &'v serde_json::Map<String, Value>, key: &str) -> Option<&'v Value> {
    if let Some(value) = object.get(key) {
        return Some(value);
    }
    let (first, rest) = key.split_once('.')?;
    value_at(object.get(first)?.as_object()?, rest)
}

#[cfg(test)]
mod tests {
    use interdict_model::Observation;

    use super::*;
    use crate::reading::Options;
    use crate::testing::{fixture, gather, gather_with, try_gather};

    fn fields(observation: &Observation) -> [&str; 4] {
        [&observation.name, &observation.version, &observation.publisher, &observation.install_date]
            .map(|field| field.as_deref().unwrap_or("-"))
    }

    #[test]
    fn the_title_of_a_report_stands_before_the_titles_of_its_columns() {
        let gathered = fixture("table", "german.csv");
        assert_eq!(gathered.devices[0].hostname.as_deref(), Some("BUERO-01"));
        assert_eq!(
            fields(&gathered.observations[0].2),
            ["Kaspersky Endpoint Security für Windows", "12.4.0.467", "AO Kaspersky Lab", "2024-03-05"]
        );
        assert_eq!(gathered.observations[0].0, Place::Line(4));
        assert_eq!(gathered.observations[2].2.publisher.as_deref(), Some("Doctor Web, Ltd."));
        assert_eq!((gathered.imported.used, gathered.imported.rejected), (3, 0));
    }

    #[test]
    fn one_table_in_every_encoding_is_the_same_table() {
        let text = include_str!("../../fixtures/table/russian.csv");
        let expected = fixture("table", "russian.csv");
        assert_eq!(expected.observations.len(), 3);
        let wide = |swap: bool| -> Vec<u8> {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units.flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let variants = [
            ("UTF-8 with byte order mark", ["\u{feff}".as_bytes(), text.as_bytes()].concat()),
            ("UTF-16LE with byte order mark", wide(false)),
            ("UTF-16BE with byte order mark", wide(true)),
            ("windows-1251, guessed from its letters", encoding_rs::WINDOWS_1251.encode(text).0.into_owned()),
            ("UTF-8", text.replace('\n', "\r\n").into_bytes()),
            ("UTF-8", format!("sep=;\n{text}").into_bytes()),
            ("UTF-8", text.replace(';', "\t").into_bytes()),
        ];
        for (encoding, bytes) in variants {
            let gathered = gather(&bytes, "russian.csv");
            assert_eq!(gathered.imported.encoding.as_deref(), Some(encoding));
            assert_eq!(gathered.devices, expected.devices, "{encoding}");
            let of = |gathered: &crate::testing::Gathered| -> Vec<(usize, Observation)> {
                gathered.observations.iter().map(|(_, device, one)| (*device, one.clone())).collect()
            };
            assert_eq!(of(&gathered), of(&expected), "{encoding}");
        }
    }

    #[test]
    fn the_list_in_some_json_is_found_and_its_objects_are_rows() {
        let gathered = fixture("generic-json", "list.json");
        assert_eq!(
            fields(&gathered.observations[0].2),
            ["Kaspersky Endpoint Security for Windows", "-", "AO Kaspersky Lab", "2024-03-05"]
        );
        assert_eq!(gathered.devices.len(), 2);
        assert_eq!(gathered.imported.skipped.len(), 1);
        assert_eq!(gathered.rejects[0].place, Place::Item(4));
        let gathered = fixture("generic-json", "lines.ndjson");
        assert_eq!(fields(&gathered.observations[0].2), ["Dr.Web", "12.5", "-", "-"]);
        let places: Vec<Place> = gathered.rejects.iter().map(|reject| reject.place).collect();
        assert_eq!(places, [Place::Line(2), Place::Line(3)]);
        let gathered = gather(br#"{"hostname":"a","application":"x"}"#, "one.json");
        assert_eq!((gathered.imported.format, gathered.names(0)), ("generic-json", vec!["x"]));
    }

    #[test]
    fn of_several_lists_one_is_read_and_the_others_are_said() {
        let text = br#"{"a\\b":[{"app":"x","version":"1"},{"app":"y"}],"people":[{"given":"a","family":"b","age":1}]}"#;
        let gathered = gather(text, "pc-1.json");
        assert_eq!((gathered.names(0), gathered.imported.rejected), (vec!["x", "y"], 0));
        let note = gathered.notes.iter().find(|note| note.code == "import/not-looked-at").expect("is said");
        assert_eq!(note.message, "the list \"a\\b\" was read and these were not: people");
    }

    #[test]
    fn a_key_of_lists_names_nothing() {
        let text = br#"[{"software":{"name":["a","b"]},"filter":{"vendor":["x"]}}]"#;
        let Err(error) = try_gather(text, "x.json") else { panic!("names are no lists") };
        assert!(matches!(error, ImportError::UnknownFormat { .. } | ImportError::NeedsMapping { .. }), "{error}");
    }

    #[test]
    fn json_whose_keys_say_nothing_needs_a_mapping() {
        let text = r#"[{"box":"a","it":{"is":"x"}}]"#;
        assert!(matches!(try_gather(text.as_bytes(), "x.json"), Err(ImportError::NeedsMapping { .. })));
        let mut mapping = Mapping::empty();
        mapping.columns.insert(Field::DeviceName, "box".to_owned());
        mapping.columns.insert(Field::Name, "it.is".to_owned());
        let options = Options { mapping: Some(mapping), ..Options::default() };
        let gathered = gather_with(text.as_bytes(), "x.json", &options).expect("is said");
        assert_eq!(gathered.names(0), ["x"]);
    }

    #[test]
    fn a_table_of_titles_alone_is_an_empty_table() {
        let gathered = gather(b"Computer,Software,Version\n", "empty.csv");
        assert_eq!((gathered.imported.format, gathered.imported.used), ("table", 0));
    }
}
