//! Where things stand in a file: places by path, texts with their places.
//!
//! A path is the keys and positions from the top, joined with dots: `effect.2.from` is the third effect's first day. What
//! the keys mean is not known here, and what is not TOML is left to the parser, which has complained of it.

use std::collections::BTreeMap;
use std::ops::Range;

use interdict_model::Location;
use toml::de::{DeTable, DeValue};

use crate::restriction_file;
use crate::source_file::{FileKind, SourceFile};

/// A file's table of contents.
pub(super) struct Outline<'f> {
    file: &'f SourceFile,
    /// Where the TOML begins in the text.
    offset: usize,
    /// Where the prose after the TOML begins; the end of the text when there is none.
    prose: usize,
    root: Node,
}

/// A value: where it stands and what is in it.
struct Node {
    span: Range<usize>,
    content: Content,
}

enum Content {
    Text(String),
    Table(BTreeMap<String, Node>),
    List(Vec<Node>),
    Other,
}

/// A text of the file with its path.
pub(super) struct Text<'o> {
    pub(super) path: String,
    pub(super) value: &'o str,
}

impl Text<'_> {
    /// The key it stands under; of a text in a list, the list's key.
    pub(super) fn key(&self) -> &str {
        let mut parts = self.path.rsplit('.');
        parts.find(|part| part.parse::<usize>().is_err()).unwrap_or_default()
    }
}

impl<'f> Outline<'f> {
    /// Reads the structure of a file, as far as it is TOML.
    pub(super) fn of(file: &'f SourceFile) -> Self {
        let whole = (0..file.text.len(), file.text.len());
        let (head, prose) = match FileKind::of(file) {
            FileKind::Restriction => restriction_file::head(&file.text).map_or((0..0, 0), |head| {
                let end = head.end;
                (head, end)
            }),
            FileKind::Prose | FileKind::Unknown => (0..0, 0),
            FileKind::Stamp | FileKind::Issuer | FileKind::Profile | FileKind::Vendor => whole,
        };
        let (table, _) = DeTable::parse_recoverable(file.text.get(head.clone()).unwrap_or_default());
        let root = Node { span: table.span(), content: table_content(table.get_ref()) };
        Self { file, offset: head.start, prose, root }
    }

    /// The place of a value; of the nearest thing around it when it is not there.
    pub(super) fn place(&self, path: &str) -> Location {
        let mut node = &self.root;
        for part in path.split('.').filter(|part| !part.is_empty()) {
            let inner = match &node.content {
                Content::Table(entries) => entries.get(part),
                Content::List(items) => part.parse::<usize>().ok().and_then(|at| items.get(at)),
                Content::Text(_) | Content::Other => None,
            };
            let Some(inner) = inner else { break };
            node = inner;
        }
        self.location(self.offset + node.span.start)
    }

    /// The place of the first word of the prose, or of a position in it.
    pub(super) fn prose_place(&self, position: usize) -> Location {
        let prose = self.prose();
        let fence_and_blanks = prose.len() - prose.trim_start_matches(['`', '\n', '\r', ' ']).len();
        self.location(self.prose + position.max(fence_and_blanks))
    }

    /// What follows the TOML.
    pub(super) fn prose(&self) -> &'f str {
        self.file.text.get(self.prose..).unwrap_or_default()
    }

    /// How many items a list has; of an inline list and of tables alike.
    pub(super) fn count(&self, key: &str) -> usize {
        match &self.root.content {
            Content::Table(entries) => entries.get(key).map_or(0, |node| match &node.content {
                Content::List(items) => items.len(),
                Content::Text(_) | Content::Table(_) | Content::Other => 0,
            }),
            Content::Text(_) | Content::List(_) | Content::Other => 0,
        }
    }

    /// Every text, in the order of keys.
    pub(super) fn texts(&self) -> Vec<Text<'_>> {
        let mut texts = Vec::new();
        collect(&self.root, "", &mut texts);
        texts
    }

    fn location(&self, position: usize) -> Location {
        let before = self.file.text.get(..position.min(self.file.text.len())).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let number = |count: usize| u32::try_from(count).ok();
        Location { file: self.file.path.clone(), line: number(line), column: number(column) }
    }
}

fn table_content(table: &DeTable<'_>) -> Content {
    let entries = table.iter().map(|(key, value)| (key.get_ref().to_string(), node(value)));
    Content::Table(entries.collect())
}

fn node(value: &toml::Spanned<DeValue<'_>>) -> Node {
    let content = match value.get_ref() {
        DeValue::String(text) => Content::Text(text.to_string()),
        DeValue::Array(items) => Content::List(items.iter().map(node).collect()),
        DeValue::Table(table) => table_content(table),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => Content::Other,
    };
    Node { span: value.span(), content }
}

fn collect<'o>(node: &'o Node, path: &str, texts: &mut Vec<Text<'o>>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match &node.content {
        Content::Text(value) => texts.push(Text { path: path.to_owned(), value }),
        Content::Table(entries) => entries.iter().for_each(|(key, inner)| collect(inner, &below(key), texts)),
        Content::List(items) => {
            items.iter().enumerate().for_each(|(at, inner)| collect(inner, &below(&at.to_string()), texts));
        }
        Content::Other => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_lines_and_columns() {
        let text = "```toml\nid = \"x\"\n\n[[effect]]\nfrom = 2024-01-01\n[[effect]]\nwhen = [\"a\", \"b\"]\n```\n# Title\nProse here.\n";
        let file = SourceFile::new("restrictions/us/x.md", text);
        let outline = Outline::of(&file);
        for (path, line, column) in [
            ("id", 2, 6),
            ("effect.0.from", 5, 8),
            ("effect.1", 6, 1),
            ("effect.1.when.1", 7, 14),
            ("effect.1.until", 6, 1),
            ("nothing", 2, 1),
        ] {
            let place = outline.place(path);
            assert_eq!((place.line, place.column), (Some(line), Some(column)), "{path}");
        }
        assert_eq!(outline.prose_place(0).line, Some(9));
        assert_eq!(outline.count("effect"), 2);
        let texts: Vec<(String, &str)> = outline.texts().iter().map(|text| (text.path.clone(), text.value)).collect();
        let expected = [("effect.1.when.0", "a"), ("effect.1.when.1", "b"), ("id", "x")];
        assert_eq!(texts, expected.map(|(path, value)| (path.to_owned(), value)));
        assert_eq!(outline.texts()[0].key(), "when");
    }

    #[test]
    fn what_is_not_toml_has_no_outline_and_no_panic() {
        for (path, text) in [("restrictions/us/x.md", "no head"), ("vendors/x.toml", "= = ["), ("x/y/z", "a = 1")] {
            let file = SourceFile::new(path, text);
            assert_eq!(Outline::of(&file).place("id").file, path);
        }
    }
}
