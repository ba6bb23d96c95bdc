//! How answers and notes are written.
//!
//! Everything that was read elsewhere passes [`clean`] before a terminal sees it. Colours are chosen here and nowhere
//! else, and the word is always there beside the colour.

mod answer;
mod clean;
mod figures;
mod notes;
mod page;
mod progress;
mod rows;
mod style;
mod table;

pub(crate) use answer::Answer;
pub(crate) use figures::{counted, size};
pub(crate) use notes::Notes;
pub(crate) use page::{Page, Span, plain, span};
pub(crate) use progress::Progress;
pub(crate) use rows::{Row, write_csv, write_csv_with, write_json_line, write_json_lines, write_more_csv};
pub(crate) use style::{DIM, STRONG, tier_style};
pub(crate) use table::{Column, Table};
