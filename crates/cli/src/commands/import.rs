//! `interdict import`: other tools' exports, and scans made elsewhere, into the inventory.

use std::path::Path;

use interdict_app::store::Store;
use interdict_app::{ImportOutcome, ImportRequest, Workbench};

use crate::Outcome;
use crate::arguments::ImportArguments;
use crate::commands::write_rows;
use crate::error::CliError;
use crate::interrupt;
use crate::output::plain;
use crate::session::Session;
use crate::wire::{ImportList, ImportedFile};

pub(super) fn run(session: &Session, arguments: &ImportArguments) -> Result<Outcome, CliError> {
    let format = Some(arguments.from.as_str()).filter(|format| *format != "auto");
    if let Some(format) = format
        && interdict_app::import::format_by_name(format).is_none()
    {
        let known = interdict_app::import::FORMATS.iter().map(|format| format.name);
        let nearest = interdict_app::catalogue::nearest_all(format, known).into_iter().map(str::to_owned).collect();
        return Err(CliError::UnknownFormat { format: format.to_owned(), nearest });
    }
    let workbench = session.workbench()?;
    let mut imported = Vec::new();
    let mut failed = 0;
    let mut store = None;
    for path in &arguments.files {
        match import(session, &workbench, &mut store, path, format) {
            Ok(outcome) => {
                session.notes.diagnostics(&outcome.notes);
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
    format: Option<&str>,
) -> Result<ImportOutcome, CliError> {
    let request = ImportRequest { path, format };
    workbench.import_file(&request, move || opened(session, store), &interrupt::asked)
}

fn opened<'s>(session: &Session, store: &'s mut Option<Store>) -> Result<&'s mut Store, CliError> {
    Ok(match store {
        Some(store) => store,
        None => store.insert(session.store()?),
    })
}
