//! `interdict findings`: what some instrument speaks of, across all machines.

use interdict_app::assess::Circumstances;
use interdict_app::store::Store;
use interdict_app::{AppError, Exposure, FleetFinding, ToldFinding, Workbench, machines_with};

use crate::Outcome;
use crate::arguments::{FindingsArguments, Format};
use crate::commands::audit::why;
use crate::commands::paging::paged;
use crate::commands::{without_machine, write_rows};
use crate::error::CliError;
use crate::output::{Column, DIM, Page, Table, plain, span, tier_style};
use crate::session::Session;
use crate::wire::{FindingList, FindingRow, ToldOut, WithoutMachineOut};

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
    let told = told(&workbench, &store, &asked.circumstances, arguments)?;
    without_machine::note_where_rows_stand_alone(session, told.len(), ("product", "products"));
    let tiers = found.iter().map(|finding| finding.tier()).chain(told.iter().map(|told| told.tier()));
    let outcome = session.outcome(tiers);
    // A page shows no evidence, so that none is read for it.
    let rows: Vec<FindingRow> = match session.format() {
        Format::Text => Vec::new(),
        _ => found.iter().map(|finding| FindingRow::of_fleet(finding, &store)).collect::<Result<_, AppError>>()?,
    };
    write_rows(
        session,
        rows,
        |rows| FindingList::new(&asked, rows, told.iter().map(|told| without_machine(told, &exposure)).collect()),
        |page, _| {
            asked.heading(page);
            asked.in_force_for_others(page, exposure.findings.iter().map(|finding| &finding.verdict));
            page.blank();
            if found.is_empty() && told.is_empty() {
                page.line(&[plain("No findings to list.")]);
                return;
            }
            if found.is_empty() {
                page.line(&[plain("No findings on any machine.")]);
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
            if !found.is_empty() {
                page.table(&table);
            }
            tell(page, &told, &exposure);
            page.blank();
            asked.legal_note(page);
        },
    )?;
    Ok(outcome)
}

/// What is told of without a machine, chosen as the findings are.
fn told(
    workbench: &Workbench,
    store: &Store,
    circumstances: &Circumstances,
    arguments: &FindingsArguments,
) -> Result<Vec<ToldFinding>, AppError> {
    let told = workbench.read_told(store)?;
    let mut told = workbench.told_findings(store, &told, circumstances)?;
    told.retain(|told| {
        let has_tier = arguments.tier.is_none_or(|tier| told.tier().rank() >= tier.rank());
        has_tier && arguments.vendor.as_deref().is_none_or(|id| told.vendor.id.as_str() == id)
    });
    Ok(told)
}

fn without_machine(told: &ToldFinding, exposure: &Exposure) -> WithoutMachineOut {
    WithoutMachineOut::new(told, machines_found(told, exposure))
}

/// On how many machines the same is found.
fn machines_found(told: &ToldFinding, exposure: &Exposure) -> usize {
    machines_with(exposure.findings.iter().filter(|finding| finding.subject == told.subject)).len()
}

/// What is told of without a machine, below the findings.
fn tell(page: &mut Page, told: &[ToldFinding], exposure: &Exposure) {
    if told.is_empty() {
        return;
    }
    without_machine::introduce(page);
    let mut table = Table::new(&[
        Column::Fixed("tier"),
        Column::Flexible("product"),
        Column::Flexible("told as"),
        Column::Flexible("told by"),
        Column::Number("found on"),
    ]);
    for told in told {
        let tier = told.tier();
        for (at, title) in told.titles.iter().enumerate() {
            let first = |text: String| if at == 0 { text } else { String::new() };
            let version = title.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
            let by: Vec<String> = title.tellings.iter().map(|telling| ToldOut::from(telling).in_words()).collect();
            table.row(vec![
                span(first(tier.to_string()), tier_style(tier)),
                plain(first(told.title())),
                plain(format!("{}{version}", title.name)),
                plain(by.join("; ")),
                plain(first(machines_found(told, exposure).to_string())),
            ]);
        }
    }
    page.table(&table);
}
