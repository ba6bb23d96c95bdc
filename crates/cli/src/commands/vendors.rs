//! `interdict vendors`: the vendors of which something is here, worst first, and those of which tools tell without saying on
//! which machines.

use std::cmp::Reverse;

use interdict_app::store::Store;
use interdict_app::{AppError, Exposure, VendorStanding, Workbench};

use crate::Outcome;
use crate::arguments::VendorsArguments;
use crate::asked::Asked;
use crate::commands::paging::paged;
use crate::commands::{without_machine, write_rows};
use crate::error::CliError;
use crate::output::{Column, DIM, Page, STRONG, Table, plain, span, tier_style};
use crate::session::Session;
use crate::wire::{VendorList, VendorRow, VendorTitleOut, VendorToldOut};

pub(super) fn run(session: &Session, arguments: &VendorsArguments) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    arguments.vendor.as_deref().map(|id| workbench.vendor(id)).transpose()?;
    let mut store = session.existing_store()?;
    let asked = session.asked(&workbench, Some(&store))?;
    session.refresh(&workbench, &mut store)?;
    let exposure = workbench.exposure(&store, &asked.circumstances)?;
    let standings = wanted(&workbench, &exposure, &asked, arguments);
    let here = standings.iter().filter(|standing| standing.machines > 0);
    let rows: Vec<VendorRow> = here.map(|standing| VendorRow::new(standing, name(&workbench, standing))).collect();
    let rows = paged(rows, &arguments.page, |row| &row.id, session.notes)?;
    let told = told(&workbench, &store, &standings)?;
    without_machine::note_where_rows_stand_alone(session, told.len(), ("vendor", "vendors"));
    let outcome = session.outcome(rows.iter().map(|row| row.tier.0).chain(told.iter().map(|told| told.tier.0)));
    let is_told = |standing: &&VendorStanding| told.iter().any(|told| told.id == standing.vendor.as_str());
    let shown = standings.iter().filter(|standing| standing.machines > 0 || is_told(standing));
    let verdicts: Vec<_> = shown.map(|standing| &standing.verdict).collect();
    let one = standings.first().filter(|_| arguments.vendor.is_some());
    write_rows(
        session,
        rows,
        |rows| VendorList::new(&asked, rows, told.clone()),
        |page, rows| {
            asked.heading(page);
            asked.in_force_for_others(page, verdicts);
            page.blank();
            match one {
                Some(standing) => tell_of_one(page, (standing, name(&workbench, standing)), rows, told.first()),
                None => tell_of_several(page, rows, &told),
            }
            page.blank();
            asked.legal_note(page);
        },
    )?;
    Ok(outcome)
}

/// The vendors that may be listed, worst first, then those on most machines, whether or not anything of them is here.
fn wanted(
    workbench: &Workbench,
    exposure: &Exposure,
    asked: &Asked,
    arguments: &VendorsArguments,
) -> Vec<VendorStanding> {
    let mut standings = workbench.vendor_standings(exposure, &asked.circumstances);
    standings.retain(|standing| {
        let has_tier = arguments.tier.is_none_or(|tier| standing.verdict.tier.rank() >= tier.rank());
        has_tier && arguments.vendor.as_deref().is_none_or(|id| standing.vendor.as_str() == id)
    });
    standings.sort_by_key(|standing| (Reverse(standing.verdict.tier.rank()), Reverse(standing.machines)));
    standings
}

fn name<'w>(workbench: &'w Workbench, standing: &'w VendorStanding) -> &'w str {
    let vendor = workbench.catalogue().vendor(&standing.vendor);
    vendor.map_or(standing.vendor.as_str(), |vendor| vendor.name.as_str())
}

/// What is told of these vendors without a machine, in their order.
fn told(workbench: &Workbench, store: &Store, standings: &[VendorStanding]) -> Result<Vec<VendorToldOut>, AppError> {
    let groups = workbench.read_told(store)?;
    let mut told = Vec::new();
    for standing in standings {
        if let Some(of_vendor) = workbench.told_of_vendor(store, &groups, &standing.vendor)? {
            told.push(VendorToldOut::new(standing, name(workbench, standing), &of_vendor));
        }
    }
    Ok(told)
}

fn table(rows: &[VendorRow]) -> Table {
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
    table
}

/// The vendors of which something is here, then those that are told of without a machine.
fn tell_of_several(page: &mut Page, rows: &[VendorRow], told: &[VendorToldOut]) {
    match (rows, told) {
        ([], []) => page.line(&[plain("No vendors to list.")]),
        ([], _) => page.line(&[plain("No vendors to list on any machine.")]),
        _ => page.table(&table(rows)),
    }
    if told.is_empty() {
        return;
    }
    without_machine::introduce(page);
    let mut table = Table::new(&[
        Column::Fixed("tier"),
        Column::Flexible("vendor"),
        Column::Number("titles"),
        Column::Flexible("told by"),
        Column::Number("found on"),
        Column::Fixed("id"),
    ]);
    for told in told {
        table.row(vec![
            span(told.tier.0.to_string(), tier_style(told.tier.0)),
            plain(&told.name),
            plain(told.titles.len().to_string()),
            plain(told.told_in_words()),
            plain(told.machines_found.to_string()),
            span(&told.id, DIM),
        ]);
    }
    page.table(&table);
}

/// One vendor: what of it is here, then every title that is told of without a machine. That there is none is said, too.
fn tell_of_one(
    page: &mut Page,
    (standing, name): (&VendorStanding, &str),
    rows: &[VendorRow],
    told: Option<&VendorToldOut>,
) {
    let tier = standing.verdict.tier;
    page.line(&[span(name, STRONG), plain(", "), span(tier.to_string(), tier_style(tier))]);
    match rows {
        [] if standing.machines == 0 => page.line(&[plain(format!("Nothing of {name} is on any known machine."))]),
        [] => page.line(&[plain("No vendors to list.")]),
        rows => page.table(&table(rows)),
    }
    let Some(told) = told else {
        page.line(&[plain(format!("No tool tells of anything of {name} without a machine."))]);
        return;
    };
    without_machine::introduce(page);
    let mut table = Table::new(&[Column::Flexible("told as"), Column::Flexible("told by"), Column::Fixed("product")]);
    for VendorTitleOut { product, title } in &told.titles {
        let version = title.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
        table.row(vec![
            plain(format!("{}{version}", title.name)),
            plain(title.told_in_words()),
            span(product.as_deref().unwrap_or("not known"), DIM),
        ]);
    }
    page.table(&table);
}
