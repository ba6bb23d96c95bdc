//! `interdict installations`: everything on every machine, row by row.

use interdict_app::MachineInstallations;

use crate::Outcome;
use crate::arguments::{Format, InstallationsArguments};
use crate::error::CliError;
use crate::output::{Answer, Column, DIM, Table, plain, span, write_csv, write_json_lines};
use crate::session::Session;
use crate::wire::{InstallationList, InstallationRow};

pub(super) fn run(session: &Session, arguments: &InstallationsArguments) -> Result<Outcome, CliError> {
    let store = session.existing_store()?;
    let machines = interdict_app::installations(&store, &arguments.machines)?;
    let limit = arguments.limit.unwrap_or(usize::MAX);
    if session.format() == Format::Text {
        text(session, machines.map(|machine| machine.map_err(CliError::from)), limit)?;
        return Ok(session.outcome([]));
    }
    let rows = machines
        .flat_map(|machine| match machine {
            Ok(MachineInstallations { machine, told }) => {
                let row = |(teller, seen)| Ok(InstallationRow::new(&machine, teller, seen));
                told.into_iter().map(row).collect::<Vec<_>>()
            }
            Err(error) => vec![Err(CliError::from(error))],
        })
        .take(limit);
    match session.format() {
        Format::Jsonl => write_json_lines(Answer::raw(), rows)?,
        Format::Csv => write_csv(Answer::raw(), rows)?,
        Format::Json | Format::Text => Answer::json(&InstallationList::new(rows.collect::<Result<_, _>>()?))?,
    }
    Ok(session.outcome([]))
}

/// A table for each machine, written before the next machine is read.
fn text(
    session: &Session,
    machines: impl Iterator<Item = Result<MachineInstallations, CliError>>,
    mut limit: usize,
) -> Result<(), CliError> {
    let mut any = false;
    for machine in machines {
        let MachineInstallations { machine, told } = machine?;
        if limit == 0 {
            break;
        }
        let mut page = Answer::page();
        if any {
            page.blank();
        }
        any = true;
        let row = &machine.machine;
        let name = if row.hostname.is_empty() { &row.id } else { &row.hostname };
        page.line(&[plain(name), span(format!("  {}, {} here", row.os.name, told.len()), DIM)]);
        let mut table = Table::new(&[
            Column::Flexible("name"),
            Column::Flexible("version"),
            Column::Flexible("publisher"),
            Column::Fixed("source"),
            Column::Fixed("told by"),
        ]);
        for (teller, seen) in told.iter().take(limit) {
            table.row(vec![
                plain(seen.title()),
                plain(seen.version.as_deref().unwrap_or_default()),
                plain(seen.publisher.as_deref().unwrap_or_default()),
                plain(seen.source.as_str()),
                plain(teller),
            ]);
        }
        limit = limit.saturating_sub(told.len());
        page.table(&table);
        session.answer.text(page)?;
    }
    if !any {
        let mut page = Answer::page();
        page.line(&[plain("No machines to list.")]);
        session.answer.text(page)?;
    }
    Ok(())
}
