//! `interdict database`: check it, compact it, forget what is long over.

use interdict_app::store::{ForgetScope, Machines, Tellings, Trial};
use interdict_app::{AppError, forget, today};

use crate::Outcome;
use crate::arguments::{DatabaseArguments, DatabaseCommand, ForgetArguments};
use crate::commands::write_one;
use crate::error::CliError;
use crate::output::{Column, Page, STRONG, Table, counted, plain, size, span};
use crate::session::{Session, read_day};
use crate::wire::{DatabaseCheck, DatabaseCompact, DatabaseForget};

pub(super) fn run(session: &Session, arguments: &DatabaseArguments) -> Result<Outcome, CliError> {
    match &arguments.command {
        DatabaseCommand::Check(_) => check(session),
        DatabaseCommand::Compact(_) => compact(session),
        DatabaseCommand::Forget(arguments) => forget_past(session, arguments),
    }
}

fn check(session: &Session) -> Result<Outcome, CliError> {
    let store = session.existing_store()?;
    let checked = store.check().map_err(AppError::from)?;
    let document = DatabaseCheck::new(session.database()?.display().to_string(), &checked);
    write_one(session, document, |page, check| {
        let verdict = if check.sound { "sound" } else { "damaged" };
        page.line(&[plain(format!("{}: ", check.database)), span(verdict, STRONG)]);
        for problem in &check.problems {
            page.paragraph(&[plain("  ")], problem, anstyle::Style::new());
        }
        if let Some(content) = &check.content {
            page.line(&[plain(content.words())]);
        }
        page.line(&[plain(format!(
            "{}, {} in the log beside it, {} unused; schema {}, journal {}",
            size(check.bytes),
            size(check.log_bytes),
            size(check.free_bytes),
            check.database_schema,
            check.journal
        ))]);
        if !check.sound {
            page.paragraph(&[], "Keep a copy of the file, and restore a backup with: interdict restore FILE", STRONG);
        }
    })?;
    Ok(if checked.is_sound() { Outcome::Done } else { Outcome::NotVerified })
}

fn compact(session: &Session) -> Result<Outcome, CliError> {
    let mut store = session.existing_store()?;
    let compacted = store.compact().map_err(AppError::from)?;
    let document = DatabaseCompact::new(session.database()?.display().to_string(), compacted);
    write_one(session, document, |page, compact| {
        let (before, after) = (size(compact.bytes_before), size(compact.bytes_after));
        page.line(&[plain(format!("{}: {before} before, {after} now", compact.database))]);
    })?;
    Ok(Outcome::Done)
}

fn forget_past(session: &Session, arguments: &ForgetArguments) -> Result<Outcome, CliError> {
    let before = read_day(&arguments.before)?;
    if before > today() {
        return Err(CliError::DayAhead { day: before });
    }
    let scope = ForgetScope {
        machines: if arguments.machines { Machines::ForgetUnseen } else { Machines::Keep },
        tellings: if arguments.told { Tellings::ForgetOld } else { Tellings::Keep },
    };
    let trial = if arguments.dry_run { Trial::Tried } else { Trial::Done };
    let mut store = session.existing_store()?;
    let forgotten = forget(&mut store, before, scope, trial)?;
    let database = session.database()?.display().to_string();
    let document = DatabaseForget::new(database, before, trial == Trial::Done, &forgotten);
    write_one(session, document, forgotten_page)?;
    Ok(Outcome::Done)
}

fn forgotten_page(page: &mut Page, forget: &DatabaseForget) {
    let before = forget.before.0;
    if forget.is_nothing() {
        page.line(&[plain(format!("Nothing to forget that was over before {before}."))]);
        return;
    }
    let verb = if forget.done { "Forgot" } else { "Would forget" };
    page.line(&[
        span(verb, STRONG),
        plain(format!(
            " what was over before {before}: {}, {}, {}, {} of distinct software",
            counted(forget.installations, "installation"),
            counted(forget.detections, "detection"),
            counted(forget.scans, "scan"),
            counted(forget.software, "piece"),
        )),
    ]);
    if !forget.machines.is_empty() {
        page.line(&[plain(format!(
            "with {} not seen since, and everything of them:",
            counted(forget.machines.len(), "machine")
        ))]);
        let mut table = Table::new(&[Column::Flexible("machine"), Column::Fixed("last seen"), Column::Fixed("id")]);
        for machine in &forget.machines {
            table.row(vec![
                plain(&machine.hostname),
                plain(machine.last_seen.get(..10).unwrap_or(&machine.last_seen)),
                plain(&machine.id),
            ]);
        }
        page.table(&table);
    }
    if forget.tellings > 0 {
        page.line(&[plain(format!(
            "and {} without a machine of before that day; of {} nobody has told since",
            counted(forget.tellings, "telling"),
            counted(forget.told_titles, "title")
        ))]);
    }
    let next = if forget.done {
        "The space is given back by: interdict database compact"
    } else {
        "Nothing was changed. Without --dry-run it is forgotten for good; make a backup first."
    };
    page.line(&[plain(next)]);
}
