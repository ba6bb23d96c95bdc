//! Reading TOML with a place for every complaint.
//!
//! A [`Document`] collects diagnostics; a [`TableReader`] hands out values by key, says what is missing, misspelt or of the
//! wrong kind, and complains of keys nobody asked for. Nothing here stops at the first problem, and nothing here knows what
//! the keys mean.

use std::cell::RefCell;
use std::ops::Range;
use std::str::FromStr;

use interdict_model::{Day, Diagnostic, Location, UnknownWord};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::nearest::nearest;

/// Letters of the longest text a key may have: some six times the longest that anybody needed so far.
pub(crate) const LONGEST_TEXT: usize = 4_000;

/// One file while it is read.
pub(crate) struct Document<'t> {
    file: &'t str,
    /// The whole text, of which the TOML is a part.
    text: &'t str,
    /// Where the TOML begins in the text.
    offset: usize,
    diagnostics: RefCell<Vec<Diagnostic>>,
}

impl<'t> Document<'t> {
    /// A file whose TOML begins at `offset`.
    pub(crate) fn new(file: &'t str, text: &'t str, offset: usize) -> Self {
        Self { file, text, offset, diagnostics: RefCell::new(Vec::new()) }
    }

    /// Parses the TOML; syntax errors become diagnostics and what could be read is returned.
    pub(crate) fn parse<'d>(&'d self, toml: &'t str) -> TableReader<'d, 't> {
        let (table, errors) = DeTable::parse_recoverable(toml);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            let message = error.message().trim_end_matches('.').replace('\n', ", ");
            self.error("catalogue/syntax", &span, message);
        }
        let span = table.span();
        TableReader::new(self, table.into_inner(), span)
    }

    /// The complaints, in the order of the text.
    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut diagnostics = self.diagnostics.into_inner();
        diagnostics.sort_by_key(|diagnostic| diagnostic.location.as_ref().map(|place| (place.line, place.column)));
        diagnostics
    }

    pub(crate) fn error(&self, code: &'static str, span: &Range<usize>, message: impl Into<String>) {
        self.push(Diagnostic::error(code, message), span);
    }

    pub(crate) fn push(&self, diagnostic: Diagnostic, span: &Range<usize>) {
        self.diagnostics.borrow_mut().push(diagnostic.at(self.location(span)));
    }

    fn location(&self, span: &Range<usize>) -> Location {
        let position = (self.offset + span.start).min(self.text.len());
        let before = self.text.get(..position).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Location { file: self.file.to_owned(), line: u32::try_from(line).ok(), column: u32::try_from(column).ok() }
    }
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    pub(crate) span: Range<usize>,
}

/// A table of which each key is asked for once.
pub(crate) struct TableReader<'d, 't> {
    pub(crate) document: &'d Document<'t>,
    pub(crate) span: Range<usize>,
    entries: Vec<(Placed<String>, Spanned<DeValue<'t>>)>,
    asked: Vec<&'static str>,
}

impl<'d, 't> TableReader<'d, 't> {
    fn new(document: &'d Document<'t>, table: DeTable<'t>, span: Range<usize>) -> Self {
        let entries = table
            .into_iter()
            .map(|(key, value)| {
                let span = key.span();
                (Placed { value: key.into_inner().into_owned(), span }, value)
            })
            .collect();
        Self { document, span, entries, asked: Vec::new() }
    }

    fn take(&mut self, key: &'static str) -> Option<Spanned<DeValue<'t>>> {
        self.asked.push(key);
        let position = self.entries.iter().position(|(name, _)| name.value == key)?;
        Some(self.entries.remove(position).1)
    }

    /// Whether a key stands there and was not asked for yet.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| name.value == key)
    }

    fn missing(&self, key: &str) {
        self.document.error("catalogue/missing-key", &self.span, format!("\"{key}\" is missing"));
    }

    fn wrong_kind(&self, key: &str, wanted: &str, found: &Spanned<DeValue<'t>>) {
        let kind = found.get_ref().type_str();
        self.document.error("catalogue/wrong-kind", &found.span(), format!("\"{key}\" must be {wanted}, not {kind}"));
    }

    /// Complains of a value.
    pub(crate) fn complain(&self, code: &'static str, span: &Range<usize>, message: impl Into<String>) {
        self.document.error(code, span, message);
    }

    /// A text that must be there and not be empty.
    pub(crate) fn text(&mut self, key: &'static str) -> Placed<String> {
        self.optional_text(key).unwrap_or_else(|| {
            self.missing(key);
            Placed { value: String::new(), span: self.span.clone() }
        })
    }

    /// A text no longer than anybody would read; what is beyond that is complained of and left out.
    fn bounded(&self, key: &str, text: &str, span: &Range<usize>) -> String {
        let Some((end, _)) = text.char_indices().nth(LONGEST_TEXT) else { return text.to_owned() };
        let letters = text.chars().count();
        let message = format!("\"{key}\" has {letters} letters, more than {LONGEST_TEXT}: shorten it");
        self.complain("catalogue/too-long", span, message);
        text.get(..end).unwrap_or_default().to_owned()
    }

    /// A text that may be absent.
    pub(crate) fn optional_text(&mut self, key: &'static str) -> Option<Placed<String>> {
        let value = self.take(key)?;
        let span = value.span();
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                self.complain("catalogue/empty", &span, format!("\"{key}\" is empty: leave it out or fill it in"));
                Some(Placed { value: String::new(), span })
            }
            DeValue::String(text) => Some(Placed { value: self.bounded(key, text, &span), span }),
            _ => {
                self.wrong_kind(key, "a text", &value);
                Some(Placed { value: String::new(), span })
            }
        }
    }

    /// The text alone, when its place does not matter.
    pub(crate) fn optional_string(&mut self, key: &'static str) -> Option<String> {
        self.optional_text(key).map(|text| text.value)
    }

    /// A list of texts; absent means empty.
    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<Placed<String>> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_kind(key, "a list of texts", &value);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::String(text) => {
                    let span = item.span();
                    texts.push(Placed { value: self.bounded(key, text, &span), span });
                }
                _ => self.wrong_kind(key, "a list of texts", item),
            }
        }
        texts
    }

    /// The texts alone.
    pub(crate) fn strings(&mut self, key: &'static str) -> Vec<String> {
        self.texts(key).into_iter().map(|text| text.value).collect()
    }

    /// A word of a closed vocabulary that must be there; `fallback` stands in for a bad one.
    pub(crate) fn word<T: FromStr<Err = UnknownWord>>(&mut self, key: &'static str, fallback: T) -> T {
        let text = self.text(key);
        if text.value.is_empty() { fallback } else { self.parse_word(&text).unwrap_or(fallback) }
    }

    /// A word of a closed vocabulary that may be absent.
    pub(crate) fn optional_word<T: FromStr<Err = UnknownWord>>(&mut self, key: &'static str) -> Option<T> {
        let text = self.optional_text(key)?;
        if text.value.is_empty() { None } else { self.parse_word(&text) }
    }

    /// Words of a closed vocabulary; absent means none.
    pub(crate) fn words<T: FromStr<Err = UnknownWord>>(&mut self, key: &'static str) -> Vec<T> {
        let texts = self.texts(key);
        texts.iter().filter_map(|text| self.parse_word(text)).collect()
    }

    fn parse_word<T: FromStr<Err = UnknownWord>>(&self, text: &Placed<String>) -> Option<T> {
        match text.value.parse() {
            Ok(word) => Some(word),
            Err(error) => {
                let hint = match nearest(&error.word, error.known.iter().copied()) {
                    Some(word) => format!("did you mean \"{word}\"?"),
                    None => format!("one of: {}", error.known.join(", ")),
                };
                let diagnostic = Diagnostic::error("catalogue/unknown-word", error.to_string()).hint(hint);
                self.document.push(diagnostic, &text.span);
                None
            }
        }
    }

    /// A day that must be there.
    pub(crate) fn day(&mut self, key: &'static str) -> Option<Placed<Day>> {
        let before = self.entries.len();
        let day = self.optional_day(key);
        if day.is_none() && self.entries.len() == before {
            self.missing(key);
        }
        day
    }

    /// A day that may be absent.
    pub(crate) fn optional_day(&mut self, key: &'static str) -> Option<Placed<Day>> {
        let value = self.take(key)?;
        let span = value.span();
        let day = match value.get_ref() {
            DeValue::Datetime(moment) if moment.time.is_none() => {
                moment.date.and_then(|date| Day::new(i32::from(date.year), u32::from(date.month), u32::from(date.day)))
            }
            _ => None,
        };
        if day.is_none() {
            let written = self.document.text.get(self.document.offset + span.start..self.document.offset + span.end);
            let message = format!("\"{key}\" is not a day: {}", written.unwrap_or_default());
            let hint = format!("write it without quotes, as in {key} = 2024-07-20");
            self.document.push(Diagnostic::error("catalogue/not-a-day", message).hint(hint), &span);
        }
        day.map(|value| Placed { value, span })
    }

    /// The day alone.
    pub(crate) fn optional_plain_day(&mut self, key: &'static str) -> Option<Day> {
        self.optional_day(key).map(|day| day.value)
    }

    /// A whole number that must be there.
    pub(crate) fn number(&mut self, key: &'static str) -> Option<i64> {
        let Some(value) = self.take(key) else {
            self.missing(key);
            return None;
        };
        if let DeValue::Integer(number) = value.get_ref() {
            return i64::from_str_radix(number.as_str(), number.radix()).ok();
        }
        self.wrong_kind(key, "a whole number", &value);
        None
    }

    /// A flag; absent means false.
    pub(crate) fn flag(&mut self, key: &'static str) -> bool {
        let Some(value) = self.take(key) else { return false };
        if let DeValue::Boolean(flag) = value.get_ref() {
            return *flag;
        }
        self.wrong_kind(key, "true or false", &value);
        false
    }

    /// A table that may be absent.
    pub(crate) fn optional_table(&mut self, key: &'static str) -> Option<TableReader<'d, 't>> {
        let value = self.take(key)?;
        let span = value.span();
        if value.get_ref().is_table() {
            let DeValue::Table(table) = value.into_inner() else { return None };
            return Some(TableReader::new(self.document, table, span));
        }
        self.wrong_kind(key, "a table", &value);
        None
    }

    /// Tables under one key, written `[[key]]` or as a list of inline tables; absent means none.
    pub(crate) fn tables(&mut self, key: &'static str) -> Vec<TableReader<'d, 't>> {
        let Some(value) = self.take(key) else { return Vec::new() };
        if !value.get_ref().is_array() {
            self.wrong_kind(key, "a list of tables", &value);
            return Vec::new();
        }
        let DeValue::Array(items) = value.into_inner() else { return Vec::new() };
        let mut tables = Vec::new();
        for item in items {
            let span = item.span();
            if item.get_ref().is_table() {
                if let DeValue::Table(table) = item.into_inner() {
                    tables.push(TableReader::new(self.document, table, span));
                }
            } else {
                self.wrong_kind(key, "a list of tables", &item);
            }
        }
        tables
    }

    /// Complains of every key that nobody asked for.
    pub(crate) fn finish(self) {
        for (key, _) in &self.entries {
            let diagnostic = Diagnostic::error("catalogue/unknown-key", format!("unknown key \"{}\"", key.value));
            let hint = match nearest(&key.value, self.asked.iter().copied()) {
                Some(known) => format!("did you mean \"{known}\"?"),
                None => format!("known here: {}", self.asked.join(", ")),
            };
            self.document.push(diagnostic.hint(hint), &key.span);
        }
    }
}
