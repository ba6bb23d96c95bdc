//! The catalogue that the program was built with.

use interdict_model::Diagnostic;

use crate::catalogue::Catalogue;
use crate::compiled;
use crate::parse::parse;
use crate::source_file::SourceFile;

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/files.rs"));
}

/// What the build script made of the files; empty where the parser complained of them.
pub(crate) const COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/compiled.bin"));

/// The built-in catalogue's files, for those who want the text: the linter and tests.
#[must_use]
pub fn builtin_files() -> Vec<SourceFile> {
    embedded::FILES.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect()
}

/// The built-in catalogue, with complaints about it: none in a release, a test sees to that.
///
/// It was parsed and checked when the program was built. Only a catalogue with errors is read from its text here, so that
/// they are said.
#[must_use]
pub fn builtin() -> (Catalogue, Vec<Diagnostic>) {
    match compiled::read(COMPILED) {
        Some(catalogue) => (catalogue, Vec::new()),
        None => parse(&builtin_files()),
    }
}
