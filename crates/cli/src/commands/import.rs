//! `interdict import`: scans made elsewhere into the inventory.

use std::path::Path;

use interdict_app::store::Store;
use interdict_app::{AuditOutcome, Workbench, read_scan};

use crate::Outcome;
use crate::arguments::ImportArguments;
use crate::commands::write_rows;
use crate::error::CliError;
use crate::output::plain;
use crate::session::Session;
use crate::wire::{ImportList, ImportedFile};

pub(super) fn run(session: &Session, arguments: &ImportArguments) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    let mut imported = Vec::new();
    let mut failed = 0;
    let mut store = None;
    for path in &arguments.files {
        match import(session, &workbench, &mut store, path) {
            Ok(outcome) => {
                session.notes.diagnostics(&outcome.diagnostics);
                imported.push(ImportedFile::new(path.display().to_string(), &outcome));
            }
            // The only file: its error is the command's.
            Err(error) if arguments.files.len() == 1 => return Err(error),
            Err(error) => {
                failed += 1;
                session.notes.say(&format!("{}:", path.display()));
                session.notes.fault(&error);
            }
        }
    }
    let database = session.database()?.display().to_string();
    write_rows(
        session,
        imported,
        |rows| ImportList::new(rows, failed, database.clone()),
        |page, rows| {
            for row in rows {
                page.line(&[plain(row.sentence())]);
            }
            page.line(&[plain(format!("Kept in {database}"))]);
        },
    )?;
    if failed > 0 {
        return Err(CliError::BadFiles { count: failed, of: arguments.files.len() });
    }
    Ok(Outcome::Done)
}

/// Imports one file. The database is opened, and made, only once something can be put into it.
fn import(
    session: &Session,
    workbench: &Workbench,
    store: &mut Option<Store>,
    path: &Path,
) -> Result<AuditOutcome, CliError> {
    let file = read_scan(path)?;
    let store = match store {
        Some(store) => store,
        None => store.insert(session.store()?),
    };
    Ok(workbench.record_scan_file(store, file, &path.display().to_string())?)
}
