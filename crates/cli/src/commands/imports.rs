//! `interdict imports`: what was imported, what of it could not be used, and taking it back.

use interdict_app::import::FORMATS;
use interdict_app::store::Trial;
use interdict_app::{Choice, Joining};

use crate::Outcome;
use crate::arguments::{ImportsArguments, ImportsCommand, ImportsDecideArguments};
use crate::commands::write_rows;
use crate::error::CliError;
use crate::output::{Column, DIM, Table, plain, span};
use crate::session::Session;
use crate::wire::{
    BatchList, BatchRow, DecisionList, DecisionRow, FormatList, FormatRow, ImportMachineList, ImportMachineRow,
    JoinedOut, RejectList, RejectRow, UndoList, UndoRow,
};

pub(super) fn run(session: &Session, arguments: &ImportsArguments) -> Result<Outcome, CliError> {
    match &arguments.command {
        ImportsCommand::List(_) => list(session),
        ImportsCommand::Formats(_) => formats(session),
        ImportsCommand::Rejects(arguments) => rejects(session, arguments.number),
        ImportsCommand::Machines(arguments) => machines(session, arguments.number),
        ImportsCommand::Decide(arguments) => decide(session, arguments),
        ImportsCommand::Undo(arguments) => undo(session, arguments.number),
    }
}

fn list(session: &Session) -> Result<Outcome, CliError> {
    let store = session.existing_store()?;
    let rows = store.batches()?.into_iter().map(BatchRow::from).collect();
    write_rows(session, rows, BatchList::new, |page, rows| {
        if rows.is_empty() {
            page.line(&[plain("Nothing was imported.")]);
            return;
        }
        let mut table = Table::new(&[
            Column::Number("number"),
            Column::Flexible("file"),
            Column::Fixed("format"),
            Column::Fixed("imported"),
            Column::Number("machines"),
            Column::Number("used"),
            Column::Number("rejected"),
            Column::Fixed(""),
        ]);
        for row in rows {
            table.row(vec![
                plain(row.number.to_string()),
                plain(&row.file),
                plain(&row.format),
                plain(row.imported.get(..16).unwrap_or(&row.imported).replace('T', " ")),
                plain(row.machines.to_string()),
                plain(row.used.to_string()),
                plain(row.rejected.to_string()),
                span(if row.undone.is_some() { "undone" } else { "" }, DIM),
            ]);
        }
        page.table(&table);
    })?;
    Ok(Outcome::Done)
}

fn formats(session: &Session) -> Result<Outcome, CliError> {
    let rows = FORMATS.iter().map(|format| FormatRow::from(*format)).collect();
    write_rows(session, rows, FormatList::new, |page, rows| {
        for row in rows {
            page.line(&[plain(format!("{:<18}{}", row.format, row.title))]);
            if let Some(caveat) = row.caveat {
                page.paragraph(&[plain(" ".repeat(18))], caveat, DIM);
            }
        }
    })?;
    Ok(Outcome::Done)
}

fn rejects(session: &Session, number: i64) -> Result<Outcome, CliError> {
    let store = session.existing_store()?;
    let batch = known(&store, number)?;
    let rows = store.batch_rejects(number)?.into_iter().map(RejectRow::from).collect();
    write_rows(
        session,
        rows,
        |rows| RejectList::new(number, batch.rejected, rows),
        |page, rows| {
            page.line(&[plain(format!("{}: {}.", batch.header.file, could_not_be_used(batch.rejected)))]);
            for (reason, count) in &batch.skipped {
                page.line(&[plain(format!("{count} left out: {reason}."))]);
            }
            if rows.is_empty() {
                return;
            }
            let mut table =
                Table::new(&[Column::Fixed("place"), Column::Flexible("reason"), Column::Flexible("beginning")]);
            for row in rows {
                table.row(vec![plain(&row.place), plain(&row.reason), span(&row.excerpt, DIM)]);
            }
            page.table(&table);
        },
    )?;
    Ok(Outcome::Done)
}

fn could_not_be_used(rejected: u64) -> String {
    match rejected {
        0 => "every record could be used".to_owned(),
        1 => "1 record could not be used".to_owned(),
        more => format!("{more} records could not be used"),
    }
}

fn machines(session: &Session, number: i64) -> Result<Outcome, CliError> {
    let store = session.existing_store()?;
    let batch = known(&store, number)?;
    let rows = store.batch_machines(number)?.into_iter().map(ImportMachineRow::from).collect();
    write_rows(
        session,
        rows,
        |rows| ImportMachineList::new(number, rows),
        |page, rows| {
            let machines = if rows.len() == 1 { "machine" } else { "machines" };
            page.line(&[plain(format!("{}: {} {machines}.", batch.header.file, rows.len()))]);
            if rows.iter().any(|row| matches!(&*row.rule, "hostname" | "namesake")) {
                page.paragraph(
                    &[],
                    "Those taken for a machine by its host name alone come first, and new ones whose name another machine bears: \
                     see whether they are the same.",
                    anstyle::Style::new(),
                );
            }
            let mut table = Table::new(&[
                Column::Flexible("in the export"),
                Column::Flexible("machine"),
                Column::Fixed("by"),
                Column::Fixed("decided"),
                Column::Fixed("id"),
            ]);
            for row in rows {
                table.row(vec![
                    plain(&row.told),
                    plain(&row.hostname),
                    plain(&row.rule),
                    plain(row.decision.unwrap_or_default()),
                    span(&row.id, DIM),
                ]);
            }
            page.table(&table);
        },
    )?;
    Ok(Outcome::Done)
}

fn decide(session: &Session, arguments: &ImportsDecideArguments) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    let mut store = session.existing_store()?;
    let joining = match (arguments.join, arguments.later) {
        (true, _) => Joining::Whole,
        (false, true) => Joining::Never,
        (false, false) => Joining::WhereAlone,
    };
    let choice = match (&arguments.same, &arguments.not_same) {
        (Some(machine), _) => Choice::Same(machine.clone(), joining),
        (None, Some(machine)) => Choice::NotSame(Some(machine.clone()).filter(|machine| !machine.is_empty())),
        (None, None) => Choice::Open,
    };
    let trial = if arguments.dry_run { Trial::Tried } else { Trial::Done };
    let outcome = workbench.decide_machine(&mut store, (arguments.number, &arguments.device), &choice, trial)?;
    let rows = outcome.decided.into_iter().map(DecisionRow::from).collect();
    let joined = outcome.joined.map(JoinedOut::from);
    let is_done = trial == Trial::Done;
    let told = joined.clone();
    write_rows(
        session,
        rows,
        |rows| DecisionList::new(is_done, joined, rows),
        |page, rows| {
            for row in rows {
                page.line(&[plain(row.sentence())]);
            }
            for sentence in told.iter().flat_map(|joined| joined.sentences(is_done)) {
                page.paragraph(&[], &sentence, anstyle::Style::new());
            }
            if !is_done {
                page.line(&[plain("Nothing was changed: that is what would be done without --dry-run.")]);
            }
        },
    )?;
    Ok(Outcome::Done)
}

fn undo(session: &Session, number: i64) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    let mut store = session.existing_store()?;
    let batch = known(&store, number)?;
    let left = workbench.undo_import(&mut store, number)?;
    let row = UndoRow::new(&batch, left);
    write_rows(session, vec![row], UndoList::new, |page, rows| {
        for row in rows {
            page.line(&[plain(row.sentence())]);
        }
    })?;
    Ok(Outcome::Done)
}

fn known(store: &interdict_app::store::Store, number: i64) -> Result<interdict_app::store::BatchRow, CliError> {
    let unknown = interdict_app::store::StoreError::UnknownBatch { id: number };
    Ok(store.batch(number)?.ok_or(unknown)?)
}
