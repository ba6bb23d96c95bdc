//! `interdict machines`: the machines of the inventory, worst first; those without any product of a category.

use std::fmt::Write as _;

use interdict_app::store::{ListedMachine, MachineSet, Store};
use interdict_app::{Among, LackAnswer, Lists, MachineFreshness, MachineQuery, Workbench};
use interdict_model::Tier;

use crate::Outcome;
use crate::arguments::MachinesArguments;
use crate::asked::Asked;
use crate::commands::paging::paged;
use crate::commands::write_rows;
use crate::error::CliError;
use crate::output::{Column, DIM, Page, Table, plain, span, tier_style};
use crate::session::Session;
use crate::wire::{MachineList, MachineRow};

pub(super) fn run(session: &Session, arguments: &MachinesArguments) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    let vendor = arguments.vendor.as_deref().map(|id| workbench.vendor(id).map(|_| id)).transpose()?;
    let mut store = session.existing_store()?;
    let asked = session.asked(&workbench, Some(&store))?;
    session.refresh(&workbench, &mut store)?;
    let query = MachineQuery {
        tiers: arguments.tier.map(at_least).unwrap_or_default(),
        among: vendor.map_or(Ok(Among::All), |id| having(&workbench, &store, &asked, id))?,
        without: arguments.without_category.clone(),
        answers: arguments.without_answer.into_iter().collect(),
        ..MachineQuery::default()
    };
    let lists = Lists::default();
    let (fleet, tiers, chosen) = lists.machines(&workbench, &store, &asked.circumstances, &query, asked.as_of())?;
    let told = store.last_told()?;
    let row = |place: &usize| {
        let listed: &ListedMachine = fleet.machine(*place)?;
        let told = told.get(&listed.machine.id).map_or(&[][..], Vec::as_slice);
        let freshness = MachineFreshness::of(told, asked.as_of());
        Some(MachineRow::new(listed, tiers.of(*place)?, &freshness, chosen.lack(listed)))
    };
    let rows: Vec<MachineRow> = chosen.places.iter().filter_map(row).collect();
    let unsure = chosen.facets.answers.get(&LackAnswer::NotLookedAt).copied().unwrap_or_default();
    let rows = paged(rows, &arguments.page, |row| &row.id, session.notes)?;
    let outcome = session.outcome(rows.iter().filter(|row| row.count() > 0).map(|row| row.tier.0));
    let verdicts = workbench.verdicts_here(&store, &asked.circumstances)?;
    let wire = asked.clone();
    write_rows(
        session,
        rows,
        |rows| MachineList::new(&wire, rows),
        |page, rows| {
            asked.heading(page);
            asked.in_force_for_others(page, &verdicts);
            page.blank();
            if rows.is_empty() {
                page.line(&[plain("No machines to list.")]);
                return;
            }
            if !arguments.without_category.is_empty() {
                without_heading(page, arguments, (chosen.places.len(), unsure));
            }
            write_table(page, rows);
        },
    )?;
    Ok(outcome)
}

/// The tiers that are as bad as one, or worse.
fn at_least(tier: Tier) -> Vec<Tier> {
    Tier::ALL.iter().copied().filter(|each| each.rank() >= tier.rank()).collect()
}

/// The machines with a finding of a vendor.
fn having(workbench: &Workbench, store: &Store, asked: &Asked, vendor: &str) -> Result<Among, CliError> {
    let machines: MachineSet = workbench.machines_with_finding(store, &vendor.into(), &asked.circumstances)?;
    Ok(Among::With(machines.iter().collect()))
}

/// `12 without any endpoint-protection; of 3 of them nobody can say, since not all was looked at`
fn without_heading(page: &mut Page, arguments: &MachinesArguments, (count, unsure): (usize, usize)) {
    let categories: Vec<&str> = arguments.without_category.iter().map(|category| category.as_str()).collect();
    let machines = if count == 1 { "machine" } else { "machines" };
    let mut text = format!("{count} {machines} without any {}", categories.join(" or "));
    if unsure > 0 && arguments.without_answer.is_none() {
        // Writing to a string does not fail.
        let _ = write!(text, "; of {unsure} of them it is not known, since not all was looked at");
    }
    page.paragraph(&[], &text, DIM);
    page.blank();
}

fn write_table(page: &mut Page, rows: &[MachineRow]) {
    let has_lack = rows.iter().any(|row| row.lack.is_some());
    let mut columns = vec![
        Column::Fixed("tier"),
        Column::Flexible("machine"),
        Column::Flexible("system"),
        Column::Fixed("last seen"),
        Column::Fixed("freshness"),
        Column::Number("findings"),
    ];
    // A machine without something is found again by its name; what is missing needs the room.
    columns.push(if has_lack { Column::Flexible("without it") } else { Column::Fixed("id") });
    let mut table = Table::new(&columns);
    for row in rows {
        table.row(vec![
            span(row.tier.0.to_string(), tier_style(row.tier.0)),
            plain(&row.hostname),
            plain(row.os.title()),
            plain(row.last_seen.get(..10).unwrap_or(&row.last_seen)),
            plain(row.freshness),
            plain(row.count().to_string()),
            match &row.lack {
                Some(lack) => plain(lack.in_words()),
                None => span(&row.id, DIM),
            },
        ]);
    }
    page.table(&table);
}
