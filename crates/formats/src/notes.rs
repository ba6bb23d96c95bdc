//! Diagnostics of one file, bounded in number, and the reading of text that may not be UTF-8.
//!
//! A broken file of fifty thousand records must not answer with fifty thousand complaints: the first few say what is
//! wrong, and the last says how many there were. This module knows no format.

use interdict_model::{Diagnostic, Location};

/// A value is not UTF-8.
pub(crate) const NOT_UTF8: &str = "formats/not-utf8";
/// There was more to complain about.
pub(crate) const MORE: &str = "formats/more-of-the-same";

/// How many diagnostics one file may have before the rest is only counted.
const MOST: usize = 50;

/// The diagnostics of one file.
pub(crate) struct Notes {
    file_name: String,
    diagnostics: Vec<Diagnostic>,
    left_out: usize,
}

impl Notes {
    pub(crate) fn new(file_name: &str) -> Self {
        Self { file_name: file_name.to_owned(), diagnostics: Vec::new(), left_out: 0 }
    }

    pub(crate) fn file_name(&self) -> &str {
        &self.file_name
    }

    /// Notes a diagnostic about a line.
    pub(crate) fn push(&mut self, line: u32, diagnostic: Diagnostic) {
        if self.diagnostics.len() >= MOST {
            self.left_out += 1;
            return;
        }
        self.diagnostics.push(diagnostic.at(Location::line(self.file_name.as_str(), line)));
    }

    /// The text of a value; bytes that are not UTF-8 are replaced, and that is noted.
    pub(crate) fn text(&mut self, line: u32, field: &str, bytes: &[u8]) -> String {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return text.to_owned();
        }
        let message = format!("the value of {field} is not UTF-8; what could not be read was replaced");
        self.push(line, Diagnostic::warning(NOT_UTF8, message));
        String::from_utf8_lossy(bytes).into_owned()
    }

    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        if self.left_out > 0 {
            let message = format!("{} more diagnostics of this file are not listed", self.left_out);
            self.diagnostics.push(Diagnostic::warning(MORE, message).at(Location::file(self.file_name)));
        }
        self.diagnostics
    }
}

/// The lines of some bytes, without their ends, CR LF included.
pub(crate) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_complaints_is_counted_not_listed() {
        let mut notes = Notes::new("f");
        for _ in 0..MOST + 7 {
            notes.push(0, Diagnostic::warning(NOT_UTF8, "x"));
        }
        let diagnostics = notes.finish();
        assert_eq!(diagnostics.len(), MOST + 1);
        assert_eq!(
            diagnostics.last().map(|last| last.message.as_str()),
            Some("7 more diagnostics of this file are not listed")
        );
    }
}
