//! `interdict machines`: the machines of the inventory, worst first.

use interdict_app::{MachineFreshness, MachineStanding};

use crate::Outcome;
use crate::arguments::MachinesArguments;
use crate::commands::paging::paged;
use crate::commands::write_rows;
use crate::error::CliError;
use crate::output::{Column, DIM, Table, plain, span, tier_style};
use crate::session::Session;
use crate::wire::{MachineList, MachineRow};

pub(super) fn run(session: &Session, arguments: &MachinesArguments) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    let vendor = arguments.vendor.as_deref().map(|id| workbench.vendor(id).map(|_| id)).transpose()?;
    let mut store = session.existing_store()?;
    let asked = session.asked(&workbench, Some(&store))?;
    session.refresh(&workbench, &mut store)?;
    let inventory = workbench.inventory(&store, &asked.circumstances)?;
    let is_wanted = |standing: &MachineStanding<'_>| {
        let has_tier = arguments.tier.is_none_or(|tier| standing.tier.rank() >= tier.rank());
        let of_vendor = |id| standing.findings.iter().any(|finding| finding.vendor.id.as_str() == id);
        has_tier && vendor.is_none_or(of_vendor)
    };
    let standings = inventory.machine_standings();
    let told = store.last_told()?;
    let row = |standing: &MachineStanding<'_>| {
        let told = told.get(&standing.machine.machine.id).map_or(&[][..], Vec::as_slice);
        MachineRow::new(standing, &MachineFreshness::of(told, asked.as_of()))
    };
    let rows: Vec<MachineRow> = standings.iter().filter(|standing| is_wanted(standing)).map(row).collect();
    let rows = paged(rows, &arguments.page, |row| &row.id, session.notes)?;
    let outcome = session.outcome(rows.iter().filter(|row| row.count() > 0).map(|row| row.tier.0));
    let wire = asked.clone();
    write_rows(
        session,
        rows,
        |rows| MachineList::new(&wire, rows),
        |page, rows| {
            asked.heading(page);
            asked.in_force_for_others(page, inventory.findings.iter().map(|finding| &finding.verdict));
            page.blank();
            if rows.is_empty() {
                page.line(&[plain("No machines to list.")]);
                return;
            }
            let mut table = Table::new(&[
                Column::Fixed("tier"),
                Column::Flexible("machine"),
                Column::Flexible("system"),
                Column::Fixed("last seen"),
                Column::Fixed("freshness"),
                Column::Number("findings"),
                Column::Fixed("id"),
            ]);
            for row in rows {
                table.row(vec![
                    span(row.tier.0.to_string(), tier_style(row.tier.0)),
                    plain(&row.hostname),
                    plain(row.os.title()),
                    plain(row.last_seen.get(..10).unwrap_or(&row.last_seen)),
                    plain(row.freshness),
                    plain(row.count().to_string()),
                    span(&row.id, DIM),
                ]);
            }
            page.table(&table);
        },
    )?;
    Ok(outcome)
}
