//! Text to catalogue: parse, cross-check, lint; the built-in catalogue is embedded.
//!
//! The crate turns files a lawyer can review into one [`Catalogue`] value and says everything that is wrong with them at
//! once, with file, line and column. It reads no disk (files come as text) and judges nothing.

mod addition_file;
mod approval_file;
mod builtin;
mod catalogue;
mod compiled;
mod cross_check;
pub mod diff;
mod document;
mod layer;
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
pub use catalogue::{Catalogue, EntryKind};
pub use layer::{Layered, layer, lint_layer};
pub use lint::{FILL_IN, lint, lint_alone};
pub use nearest::{nearest, nearest_all};
pub use parse::{has_errors, parse, parse_alone, parse_over};
pub use source_file::SourceFile;
