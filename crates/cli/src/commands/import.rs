//! `interdict import`: other tools' exports, and scans made elsewhere, into the inventory.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use interdict_app::import::Mapping;
use interdict_app::store::Store;
use interdict_app::{AppError, ImportOutcome, ImportRequest, Workbench, mapping_key, preview_import};

use crate::Outcome;
use crate::arguments::ImportArguments;
use crate::commands::{import_watch, write_rows};
use crate::error::CliError;
use crate::interrupt;
use crate::output::{Column, DIM, Table, plain, span};
use crate::session::Session;
use crate::wire::{ImportList, ImportedFile, PreviewList, PreviewedFile};

pub(super) fn run(session: &Session, arguments: &ImportArguments) -> Result<Outcome, CliError> {
    let format = Some(arguments.from.as_str()).filter(|format| *format != "auto");
    if let Some(format) = format
        && interdict_app::import::format_by_name(format).is_none()
    {
        let known = interdict_app::import::FORMATS.iter().map(|format| format.name);
        let nearest = interdict_app::catalogue::nearest_all(format, known).into_iter().map(str::to_owned).collect();
        return Err(CliError::UnknownFormat { format: format.to_owned(), nearest });
    }
    let mapping = arguments.mapping.as_deref().map(read_mapping).transpose()?;
    if arguments.preview {
        return show_preview(session, &arguments.files, format, mapping.as_ref());
    }
    if let Some(folder) = &arguments.watching.watch {
        return import_watch::run(session, folder, &arguments.watching, (format, mapping.as_ref()));
    }
    let workbench = session.workbench()?;
    let mut imported = Vec::new();
    let mut failed = 0;
    let mut store = None;
    for path in &arguments.files {
        match import(session, &workbench, &mut store, path, (format, mapping.as_ref())) {
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
    (format, mapping): (Option<&str>, Option<&Mapping>),
) -> Result<ImportOutcome, CliError> {
    let kept = |fingerprint: &str| kept_mapping(session, fingerprint);
    let request = ImportRequest { path, format, mapping, kept_mapping: &kept };
    workbench.import_file(&request, move || opened(session, store), &interrupt::asked)
}

/// The mapping that was kept for the header of a table.
pub(super) fn kept_mapping(session: &Session, fingerprint: &str) -> Option<Mapping> {
    let store = session.store_if_there().ok()??;
    let text = store.setting(&mapping_key(fingerprint)).ok()??;
    Mapping::from_json(&text).ok()
}

fn read_mapping(path: &Path) -> Result<Mapping, CliError> {
    let failed = |source| AppError::File { doing: "read", path: path.to_owned(), source };
    // A mapping names some columns; what is larger is none.
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut text = String::new();
    file.take(1 << 20).read_to_string(&mut text).map_err(failed)?;
    Ok(Mapping::from_json(&text).map_err(|source| AppError::Import { path: path.to_owned(), source })?)
}

fn show_preview(
    session: &Session,
    files: &[PathBuf],
    format: Option<&str>,
    mapping: Option<&Mapping>,
) -> Result<Outcome, CliError> {
    const RECORDS: usize = 10;
    let mut rows = Vec::new();
    for path in files {
        let preview = preview_import(path, format, mapping, RECORDS)?;
        session.notes.diagnostics(&preview.notes);
        rows.push(PreviewedFile::new(path.display().to_string(), &preview));
    }
    write_rows(session, rows, PreviewList::new, |page, rows| {
        for row in rows {
            page.line(&[plain(row.sentence())]);
            if !row.columns.is_empty() {
                let mut table =
                    Table::new(&[Column::Flexible("column"), Column::Fixed("would be"), Column::Fixed("how sure")]);
                for column in &row.columns {
                    let field = column.field.as_deref().unwrap_or("not read");
                    let sure = column.confidence.as_deref().unwrap_or_default();
                    table.row(vec![plain(&column.title), plain(field), span(sure, DIM)]);
                }
                page.table(&table);
                page.blank();
            }
            let mut table = Table::new(&[
                Column::Fixed("place"),
                Column::Flexible("machine"),
                Column::Flexible("name"),
                Column::Fixed("version"),
                Column::Flexible("publisher"),
            ]);
            for record in &row.records {
                let known = |text: &Option<String>| plain(text.as_deref().unwrap_or_default());
                table.row(vec![
                    plain(&record.place),
                    known(&record.machine),
                    known(&record.name),
                    known(&record.version),
                    known(&record.publisher),
                ]);
            }
            page.table(&table);
            if row.needs_mapping {
                page.line(&[plain("Say which column is what: write the mapping of --format json to a file, correct it, and name it with --mapping.")]);
            }
        }
    })?;
    Ok(Outcome::Done)
}

fn opened<'s>(session: &Session, store: &'s mut Option<Store>) -> Result<&'s mut Store, CliError> {
    Ok(match store {
        Some(store) => store,
        None => store.insert(session.store()?),
    })
}
