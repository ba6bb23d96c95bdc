//! `interdict findings`: what some instrument speaks of, across all machines.

use interdict_app::{AppError, FleetFinding};

use crate::Outcome;
use crate::arguments::{FindingsArguments, Format};
use crate::commands::audit::why;
use crate::commands::paging::paged;
use crate::commands::write_rows;
use crate::error::CliError;
use crate::output::{Column, DIM, Table, plain, span, tier_style};
use crate::session::Session;
use crate::wire::{FindingList, FindingRow};

pub(super) fn run(session: &Session, arguments: &FindingsArguments) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    let vendor = arguments.vendor.as_deref().map(|id| workbench.vendor(id).map(|_| id)).transpose()?;
    let mut store = session.existing_store()?;
    let asked = session.asked(&workbench, Some(&store))?;
    session.refresh(&workbench, &mut store)?;
    let exposure = workbench.exposure(&store, &asked.circumstances)?;
    let is_wanted = |finding: &&FleetFinding| {
        let has_tier = arguments.tier.is_none_or(|tier| finding.tier().rank() >= tier.rank());
        has_tier && vendor.is_none_or(|id| finding.vendor.id.as_str() == id)
    };
    let found: Vec<&FleetFinding> = exposure.spoken_of().filter(is_wanted).collect();
    let found = paged(found, &arguments.page, |finding| &finding.id, session.notes)?;
    let outcome = session.outcome(found.iter().map(|finding| finding.tier()));
    // A page shows no evidence, so that none is read for it.
    let rows: Vec<FindingRow> = match session.format() {
        Format::Text => Vec::new(),
        _ => found.iter().map(|finding| FindingRow::of_fleet(finding, &store)).collect::<Result<_, AppError>>()?,
    };
    write_rows(
        session,
        rows,
        |rows| FindingList::new(&asked, rows),
        |page, _| {
            asked.heading(page);
            asked.in_force_for_others(page, exposure.findings.iter().map(|finding| &finding.verdict));
            page.blank();
            if found.is_empty() {
                page.line(&[plain("No findings to list.")]);
                return;
            }
            let mut table = Table::new(&[
                Column::Fixed("tier"),
                Column::Fixed("presence"),
                Column::Flexible("product"),
                Column::Number("machines"),
                Column::Flexible("why"),
                Column::Fixed("id"),
            ]);
            for finding in &found {
                table.row(vec![
                    span(finding.tier().to_string(), tier_style(finding.tier())),
                    plain(finding.presence.to_string()),
                    plain(finding.title()),
                    plain(finding.machine_count().to_string()),
                    plain(why(&workbench, finding)),
                    span(&finding.id, DIM),
                ]);
            }
            page.table(&table);
            page.blank();
            asked.legal_note(page);
        },
    )?;
    Ok(outcome)
}
