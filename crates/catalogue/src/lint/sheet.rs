//! One file while it is looked at: its outline and what was found.

use interdict_model::Diagnostic;

use super::outline::Outline;
use crate::source_file::SourceFile;

/// A file, where things stand in it, and the complaints about it.
pub(super) struct Sheet<'f> {
    pub(super) outline: Outline<'f>,
    pub(super) found: Vec<Diagnostic>,
}

impl<'f> Sheet<'f> {
    pub(super) fn new(file: &'f SourceFile) -> Self {
        Self { outline: Outline::of(file), found: Vec::new() }
    }

    /// Complains of the value at a path.
    pub(super) fn complain(&mut self, path: &str, diagnostic: Diagnostic) {
        self.found.push(diagnostic.at(self.outline.place(path)));
    }

    /// Complains of something in the prose, at a position in it.
    pub(super) fn complain_of_prose(&mut self, position: usize, diagnostic: Diagnostic) {
        self.found.push(diagnostic.at(self.outline.prose_place(position)));
    }
}
