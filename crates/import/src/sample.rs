//! What a file looks like, from its beginning: enough to tell formats apart.

use std::collections::BTreeSet;

use crate::delimited::{self, Beginning};
use crate::json;

/// The beginning of a text, and what it is written in.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The first 64 KiB as text.
    pub text: String,
    /// Whether that is all of it.
    pub is_all: bool,
    /// What it is written in.
    pub shape: Shape,
    /// The file's name, in lower case; a hint, never a proof.
    pub file: String,
}

/// What a text is written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// One JSON value. The paths of keys in the beginning, such as `data.affected_items[].name`; `[]` stands for a list.
    Json(BTreeSet<String>),
    /// One JSON object a line. The paths of keys.
    JsonLines(BTreeSet<String>),
    /// XML. The names of elements in the beginning with those around them, such as `REQUEST/CONTENT/SOFTWARES`; without
    /// prefixes.
    Xml(BTreeSet<String>),
    /// Rows of columns: separated by a character, or sheets of a workbook (`delimiter` 0). The titles of the columns.
    Table {
        /// The character between columns.
        delimiter: u8,
        /// The titles, as written.
        header: Vec<String>,
        /// How many lines stand before the titles.
        preamble: u64,
        /// The first rows below the titles.
        rows: Vec<Vec<String>>,
    },
    /// Other text.
    Text,
}

impl Sample {
    /// What the text looks like.
    pub(crate) fn of(text: String, is_all: bool, file: &str) -> Self {
        let shape = shape_of(&text, is_all);
        Self { text, is_all, shape, file: file.to_lowercase() }
    }

    /// Whether a path of keys of JSON, or of elements of XML, is in the beginning.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        match &self.shape {
            Shape::Json(paths) | Shape::JsonLines(paths) | Shape::Xml(paths) => paths.contains(path),
            Shape::Table { .. } | Shape::Text => false,
        }
    }

    /// Whether all of these are there.
    #[must_use]
    pub fn has_all(&self, paths: &[&str]) -> bool {
        paths.iter().all(|path| self.has(path))
    }

    /// Whether the columns hold all of these titles, in any case and order.
    #[must_use]
    pub fn has_columns(&self, titles: &[&str]) -> bool {
        let Shape::Table { header, .. } = &self.shape else { return false };
        titles.iter().all(|title| header.iter().any(|column| column.trim().eq_ignore_ascii_case(title)))
    }

    /// How many columns there are, where it is rows of columns without a line of titles.
    pub(crate) fn columns_without_titles(&self) -> Option<usize> {
        let is_text = self.shape == Shape::Text && !self.text.contains('\0');
        is_text.then(|| delimited::columns_without_titles(&self.text, self.is_all)).flatten()
    }

    /// How many bytes of the line there are that the sample breaks off in.
    fn last_line(&self) -> usize {
        self.text.len() - self.text.rfind('\n').map_or(0, |end| end + 1)
    }

    /// For people.
    #[must_use]
    pub fn describe(&self) -> String {
        let some = |paths: &BTreeSet<String>| {
            let is_top = |path: &&str| !path.contains('.') && !path.ends_with("[]");
            let top: Vec<&str> = paths.iter().map(String::as_str).filter(is_top).take(6).collect();
            if top.is_empty() { String::new() } else { format!(" with {}", top.join(", ")) }
        };
        match &self.shape {
            Shape::Json(paths) => format!("JSON{}", some(paths)),
            Shape::JsonLines(paths) => format!("lines of JSON{}", some(paths)),
            Shape::Xml(paths) => {
                let root = paths.iter().min_by_key(|path| path.matches('/').count());
                format!("XML{}", root.map(|root| format!(" with the root {root}")).unwrap_or_default())
            }
            Shape::Table { header, .. } => {
                let titles: Vec<&str> = header.iter().map(String::as_str).take(6).collect();
                format!("a table with the columns {}", titles.join(", "))
            }
            Shape::Text if self.text.contains('\0') => "binary data".to_owned(),
            Shape::Text if !self.is_all && self.last_line() > self.text.len() / 2 => {
                format!("a line of more than {} bytes", self.last_line())
            }
            Shape::Text => match self.columns_without_titles() {
                Some(columns) => format!("a table of {columns} columns without a line of titles"),
                None => "plain text".to_owned(),
            },
        }
    }
}

fn shape_of(text: &str, is_all: bool) -> Shape {
    let trimmed = text.trim_start();
    if trimmed.starts_with(['{', '[']) {
        let outline = json::outline(trimmed);
        return if outline.values > 1 || (outline.is_object && outline.ends_line && !is_all && outline.values == 1) {
            Shape::JsonLines(outline.paths)
        } else {
            Shape::Json(outline.paths)
        };
    }
    if trimmed.starts_with('<') {
        return Shape::Xml(xml_paths(trimmed));
    }
    match delimited::beginning_of(text, is_all) {
        Some(Beginning { delimiter, preamble, header, rows }) => Shape::Table { delimiter, header, preamble, rows },
        None => Shape::Text,
    }
}

/// The paths of the elements in the beginning of an XML text.
fn xml_paths(text: &str) -> BTreeSet<String> {
    const DEPTH: usize = 5;
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut stack: Vec<String> = Vec::new();
    let mut paths = BTreeSet::new();
    while let Ok(event) = reader.read_event() {
        let (name, opens) = match &event {
            quick_xml::events::Event::Start(start) => (start.local_name().as_ref().to_owned(), true),
            quick_xml::events::Event::Empty(start) => (start.local_name().as_ref().to_owned(), false),
            quick_xml::events::Event::End(_) => {
                stack.pop();
                continue;
            }
            quick_xml::events::Event::Eof => break,
            _ => continue,
        };
        stack.push(name);
        if stack.len() <= DEPTH {
            paths.insert(stack.join("/"));
        }
        if !opens {
            stack.pop();
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(text: &str) -> Sample {
        Sample::of(text.to_owned(), true, "Export.CSV")
    }

    #[test]
    fn shapes_are_told_apart() {
        assert!(matches!(sample("[{\"name\":\"x\"}]").shape, Shape::Json(_)));
        assert!(sample("{\"data\":{\"affected_items\":[{\"name\":\"x\"}]}}").has("data.affected_items[].name"));
        assert!(matches!(sample("{\"name\":\"x\"}\n{\"name\":\"y\"}\n").shape, Shape::JsonLines(_)));
        let xml = sample("<?xml version=\"1.0\"?><REQUEST><CONTENT><SOFTWARES><NAME>x</NAME></SOFTWARES></CONTENT>");
        assert!(xml.has("REQUEST/CONTENT/SOFTWARES"));
        let table = sample("Device;Software;Version\nPC-1;KES;12\n");
        assert!(table.has_columns(&["software", "device"]));
        assert!(!table.has_columns(&["publisher"]));
        assert_eq!(sample("Hello, world.\n").shape, Shape::Text);
        assert_eq!(sample("\0\0\0\0").describe(), "binary data");
        let with_nul = sample("Device;Software;Version\nPC-1;K\0S;12\n");
        assert!(with_nul.has_columns(&["software"]), "its row is rejected, and it stays a table");
        let endless = Sample::of(format!("Device;Software\n{}", "x".repeat(60_000)), false, "list.csv");
        assert_eq!(endless.describe(), "a line of more than 60000 bytes");
    }

    #[test]
    fn a_beginning_cut_anywhere_still_has_a_shape() {
        let text = "{\"content\":{\"softwares\":[{\"name\":\"x\"},{\"name\":\"y\"}]},\"deviceid\":\"d\"}";
        for end in 1..text.len() {
            let sample = Sample::of(text.get(..end).expect("ASCII").to_owned(), false, "x");
            assert!(matches!(sample.shape, Shape::Json(_)), "{end}: {:?}", sample.shape);
        }
    }
}
