//! `interdict vendors`: the vendors of which something is here, worst first.

use std::cmp::Reverse;

use crate::Outcome;
use crate::arguments::VendorsArguments;
use crate::commands::paging::paged;
use crate::commands::write_rows;
use crate::error::CliError;
use crate::output::{Column, DIM, Table, plain, span, tier_style};
use crate::session::Session;
use crate::wire::{VendorList, VendorRow};

pub(super) fn run(session: &Session, arguments: &VendorsArguments) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    let mut store = session.existing_store()?;
    let asked = session.asked(&workbench, Some(&store))?;
    session.refresh(&workbench, &mut store)?;
    let exposure = workbench.exposure(&store, &asked.circumstances)?;
    let mut standings = workbench.vendor_standings(&exposure, &asked.circumstances);
    standings.retain(|standing| standing.machines > 0);
    let name = |standing: &interdict_app::VendorStanding| {
        let vendor = workbench.catalogue().vendor(&standing.vendor);
        vendor.map_or_else(|| standing.vendor.to_string(), |vendor| vendor.name.clone())
    };
    let mut rows: Vec<VendorRow> = standings.iter().map(|standing| VendorRow::new(standing, &name(standing))).collect();
    rows.retain(|row| arguments.tier.is_none_or(|tier| row.tier.0.rank() >= tier.rank()));
    rows.sort_by_key(|row| (Reverse(row.tier.0.rank()), Reverse(row.machines)));
    let rows = paged(rows, &arguments.page, |row| &row.id, session.notes)?;
    let outcome = session.outcome(rows.iter().map(|row| row.tier.0));
    let wire = asked.clone();
    write_rows(
        session,
        rows,
        |rows| VendorList::new(&wire, rows),
        |page, rows| {
            asked.heading(page);
            asked.in_force_for_others(page, standings.iter().map(|standing| &standing.verdict));
            page.blank();
            if rows.is_empty() {
                page.line(&[plain("No vendors to list.")]);
                return;
            }
            let mut table = Table::new(&[
                Column::Fixed("tier"),
                Column::Fixed("installed"),
                Column::Flexible("vendor"),
                Column::Number("products"),
                Column::Number("machines"),
                Column::Fixed("id"),
            ]);
            for row in rows {
                table.row(vec![
                    span(row.tier.0.to_string(), tier_style(row.tier.0)),
                    span(row.installed.0.to_string(), tier_style(row.installed.0)),
                    plain(&row.name),
                    plain(row.products.to_string()),
                    plain(row.machines.to_string()),
                    span(&row.id, DIM),
                ]);
            }
            page.table(&table);
            page.blank();
            asked.legal_note(page);
        },
    )?;
    Ok(outcome)
}
