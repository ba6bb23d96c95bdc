//! One file per command: arguments to answer.

mod assess;
mod audit;
mod backup;
mod catalogue;
mod changes;
mod database;
mod diff;
mod findings;
mod identify;
mod import;
mod import_watch;
mod imports;
mod installations;
mod log;
mod machine;
mod machines;
mod paging;
mod restore;
mod scan;
mod software;
mod ssh;
mod vendors;
mod verify_removed;
mod without_machine;

use serde::Serialize;

use crate::Outcome;
use crate::arguments::{Command, Format};
use crate::error::CliError;
use crate::output::{Answer, Page, Row, write_csv, write_json_lines};
use crate::session::Session;

/// Runs a command.
pub(crate) fn run(session: &Session, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::Audit(arguments) => audit::run(session, &arguments),
        Command::Scan(arguments) => scan::run(session, &arguments),
        Command::Import(arguments) => import::run(session, &arguments),
        Command::Imports(arguments) => imports::run(session, &arguments),
        Command::Identify(_) => identify::run(session),
        Command::Assess(arguments) => assess::run(session, &arguments),
        Command::Catalogue(arguments) => catalogue::run(session, arguments),
        Command::Machine(arguments) => machine::run(session, &arguments),
        Command::Changes(arguments) => changes::run(session, &arguments),
        Command::Machines(arguments) => machines::run(session, &arguments),
        Command::Software(arguments) => software::run(session, &arguments),
        Command::Installations(arguments) => installations::run(session, &arguments),
        Command::Findings(arguments) => findings::run(session, &arguments),
        Command::Vendors(arguments) => vendors::run(session, &arguments),
        Command::VerifyRemoved(arguments) => verify_removed::run(session, &arguments),
        Command::Backup(arguments) => backup::run(session, &arguments),
        Command::Restore(arguments) => restore::run(session, &arguments),
        Command::Database(arguments) => database::run(session, &arguments),
        Command::Log(arguments) => log::run(session, &arguments.command),
    }
}

/// Writes an answer that is one thing in the format asked for: as a page, as its document, or as one row.
fn write_one<D: Row>(session: &Session, document: D, page: impl FnOnce(&mut Page, &D)) -> Result<(), CliError> {
    match session.format() {
        Format::Text => {
            let mut text = Answer::page();
            page(&mut text, &document);
            session.answer.text(text)
        }
        Format::Json => Answer::json(&document),
        Format::Jsonl => write_json_lines(Answer::raw(), [Ok(document)]),
        Format::Csv => write_csv(Answer::raw(), [Ok(document)]),
    }
}

/// Writes rows in the format asked for: as a page, inside their document, or alone.
fn write_rows<R: Row, D: Serialize>(
    session: &Session,
    rows: Vec<R>,
    document: impl FnOnce(Vec<R>) -> D,
    page: impl FnOnce(&mut Page, &[R]),
) -> Result<(), CliError> {
    let answer = session.answer;
    match session.format() {
        Format::Text => {
            let mut text = Answer::page();
            page(&mut text, &rows);
            answer.text(text)
        }
        Format::Json => Answer::json(&document(rows)),
        Format::Jsonl => write_json_lines(Answer::raw(), rows.into_iter().map(Ok)),
        Format::Csv => write_csv(Answer::raw(), rows.into_iter().map(Ok)),
    }
}
