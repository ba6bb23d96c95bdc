//! A page of text for people, as wide as the terminal.

use std::fmt::Write as _;

use anstyle::Style;
use unicode_width::UnicodeWidthStr as _;

use super::clean::clean;
use super::table::Table;

/// A piece of a line in one style.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) text: String,
    pub(crate) style: Style,
}

/// A piece in a style.
pub(crate) fn span(text: impl Into<String>, style: Style) -> Span {
    Span { text: text.into(), style }
}

/// A piece without any.
pub(crate) fn plain(text: impl Into<String>) -> Span {
    span(text, Style::new())
}

/// Lines break between words only: an id or an address stays whole where it fits.
pub(super) fn wrapping(width: usize) -> textwrap::Options<'static> {
    textwrap::Options::new(width).word_splitter(textwrap::WordSplitter::NoHyphenation)
}

/// A page being written. Every text is cleaned on its way in; styles come only from spans.
#[derive(Debug)]
pub(crate) struct Page {
    text: String,
    width: usize,
}

impl Page {
    /// An empty page for a width in columns.
    pub(crate) fn new(width: usize) -> Self {
        Self { text: String::new(), width: width.max(40) }
    }

    /// The page with its colours.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// One line, however long.
    pub(crate) fn line(&mut self, spans: &[Span]) {
        for piece in spans {
            self.push(&clean(&piece.text), piece.style);
        }
        self.text.push('\n');
    }

    /// A paragraph, wrapped; what follows its first line is indented as far as its lead is wide.
    pub(crate) fn paragraph(&mut self, lead: &[Span], text: &str, style: Style) {
        let indent: usize = lead.iter().map(|piece| clean(&piece.text).width()).sum();
        let text = clean(text);
        let mut lines = textwrap::wrap(&text, wrapping(self.width.saturating_sub(indent).max(20))).into_iter();
        for piece in lead {
            self.push(&clean(&piece.text), piece.style);
        }
        self.push(&lines.next().unwrap_or_default(), style);
        self.text.push('\n');
        for line in lines {
            self.text.push_str(&" ".repeat(indent));
            self.push(&line, style);
            self.text.push('\n');
        }
    }

    /// A table.
    pub(crate) fn table(&mut self, table: &Table) {
        for line in table.lines(self.width) {
            for piece in line {
                self.push(&piece.text, piece.style);
            }
            self.text.truncate(self.text.trim_end_matches(' ').len());
            self.text.push('\n');
        }
    }

    fn push(&mut self, text: &str, style: Style) {
        if text.is_empty() {
            return;
        }
        // Writing to a string does not fail.
        let _ = write!(self.text, "{style}{text}{style:#}");
    }
}
