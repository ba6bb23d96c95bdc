//! The catalogue that the program was built with.

use interdict_model::Diagnostic;

use crate::catalogue::Catalogue;
use crate::parse::parse;
use crate::source_file::SourceFile;

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/files.rs"));
}

/// The built-in catalogue's files.
#[must_use]
pub fn builtin_files() -> Vec<SourceFile> {
    embedded::FILES.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect()
}

/// The built-in catalogue, with complaints about it: none in a release, a test sees to that.
#[must_use]
pub fn builtin() -> (Catalogue, Vec<Diagnostic>) {
    parse(&builtin_files())
}
