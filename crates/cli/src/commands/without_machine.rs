//! What lists say alike of what tools tell of without a machine. Who tells what stands in the lists themselves.

use crate::arguments::Format;
use crate::output::{DIM, Page, STRONG, span};
use crate::session::Session;

/// The heading of what is told of without a machine, and what it means.
pub(super) fn introduce(page: &mut Page) {
    page.blank();
    page.line(&[span("Told of without a machine", STRONG)]);
    let why =
        "Tools list these without saying on which machines. They count for no machine; the counts are the tools' own.";
    page.paragraph(&[], why, DIM);
}

/// Says on standard error that there is more than the rows, where only rows are written.
pub(super) fn note_where_rows_stand_alone(session: &Session, told: usize, (one, several): (&str, &str)) {
    if told == 0 || !matches!(session.format(), Format::Jsonl | Format::Csv) {
        return;
    }
    let count = if told == 1 { format!("1 {one} is") } else { format!("{told} {several} are") };
    session.notes.note(&format!("{count} told of without a machine; --format json and text list them"));
}
