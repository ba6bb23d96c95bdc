//! Text to catalogue: parse, cross-check, lint; the built-in catalogue is embedded.
//!
//! The crate turns files a lawyer can review into one [`Catalogue`] value and says everything that is wrong with them at
//! once, with file, line and column. It reads no disk (files come as text) and judges nothing.

mod builtin;
mod catalogue;
mod cross_check;
mod document;
mod lint;
mod nearest;
mod parse;
mod restriction_file;
mod small_files;
mod source_file;
#[cfg(test)]
mod tests;
mod vendor_file;

pub use builtin::{builtin, builtin_files};
pub use catalogue::Catalogue;
pub use lint::lint;
pub use nearest::{nearest, nearest_all};
pub use parse::{has_errors, parse, parse_alone};
pub use source_file::SourceFile;
