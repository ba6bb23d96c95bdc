//! `interdict machine`: everything about one machine.

use interdict_app::{Age, Difference, DifferenceOf, Disagreement, MachinePage, Side, TellerStanding};

use crate::Outcome;
use crate::arguments::MachineArguments;
use crate::asked::Asked;
use crate::commands::audit::why;
use crate::commands::changes::{brief, finding_table, in_short, software_of_one};
use crate::commands::write_one;
use crate::error::CliError;
use crate::output::{Column, DIM, Page, STRONG, Table, counted, plain, span, tier_style};
use crate::session::Session;
use crate::wire::MachineDocument;

/// More disagreements than these are counted on a page.
const MOST_DISAGREEMENTS: usize = 30;
/// More scans than these are left to the other formats.
const MOST_SCANS: usize = 8;
/// More changes of software than these are counted on a page.
const MOST_CHANGES: usize = 40;

pub(super) fn run(session: &Session, arguments: &MachineArguments) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    let mut store = session.existing_store()?;
    let asked = session.asked(&workbench, Some(&store))?;
    session.refresh(&workbench, &mut store)?;
    let machine = workbench.machine_page(&store, &arguments.machine, &asked.circumstances)?;
    write_one(session, MachineDocument::new(&asked, &machine), |page, _| {
        heading(page, &asked, &machine);
        findings(page, &machine, &workbench);
        tellers(page, &machine);
        disagreements(page, &machine);
        scans(page, &machine);
        recent(page, &machine);
        page.blank();
        asked.legal_note(page);
    })?;
    Ok(session.outcome(machine.findings.iter().map(interdict_app::Finding::tier)))
}

fn heading(page: &mut Page, asked: &Asked, machine: &MachinePage) {
    let row = &machine.machine;
    let name = if row.machine.hostname.is_empty() { &row.machine.id } else { &row.machine.hostname };
    let os = &row.machine.os;
    let system: Vec<&str> = [os.name.as_str(), os.version.as_str(), row.machine.arch.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    let system = if system.is_empty() { "system not known".to_owned() } else { system.join(" ") };
    page.line(&[span(name, STRONG), plain(format!(", {system}"))]);
    asked.heading(page);
    asked.in_force_for_others(page, machine.findings.iter().map(|finding| &finding.verdict));
    page.blank();
    let freshness = machine.freshness.freshness.as_str();
    page.paragraph(
        &[],
        &format!(
            "{freshness}: last told of {}, first on {}; {} of software in {} now.",
            days_ago(machine.freshness.days),
            row.first_seen.get(..10).unwrap_or(&row.first_seen),
            counted(row.installations, "trace"),
            counted(machine.installations.len(), "source"),
        ),
        anstyle::Style::new(),
    );
    let known: Vec<String> = machine.names.iter().map(|name| format!("{} {}", name.kind, name.value)).collect();
    let known = std::iter::once(format!("id {}", row.machine.id)).chain(known).collect::<Vec<_>>().join(" · ");
    page.paragraph(&[plain("Known by: ")], &known, DIM);
}

fn days_ago(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        more => format!("{more} days ago"),
    }
}

/// `fresh, 3 days`, and what a tool keeps.
fn age(age: &Age) -> String {
    let days = match age.days {
        0 => "today".to_owned(),
        1 => "1 day".to_owned(),
        more => format!("{more} days"),
    };
    let keeps = match (age.keeps_days, age.may_be_gone_since) {
        (Some(keeps), Some(since)) => format!(", keeps {keeps} days: may be gone since {since}"),
        _ => String::new(),
    };
    format!("{} ({days}{keeps})", age.freshness.as_str())
}

fn findings(page: &mut Page, machine: &MachinePage, workbench: &interdict_app::Workbench) {
    page.blank();
    if machine.findings.is_empty() {
        page.line(&[plain("No instrument speaks of anything that is known to be on it.")]);
        return;
    }
    let mut table = Table::new(&[
        Column::Fixed("tier"),
        Column::Fixed("presence"),
        Column::Flexible("finding"),
        Column::Flexible("version"),
        Column::Fixed("since"),
        Column::Flexible("why"),
    ]);
    for finding in &machine.findings {
        let since = finding.rows.first().and_then(|row| row.first_seen.get(..10)).unwrap_or_default();
        table.row(vec![
            span(finding.tier().to_string(), tier_style(finding.tier())),
            plain(finding.presence.to_string()),
            plain(finding.title()),
            plain(crate::wire::versions(finding).join(", ")),
            plain(since),
            plain(why(workbench, finding)),
        ]);
    }
    page.table(&table);
}

fn tellers(page: &mut Page, machine: &MachinePage) {
    page.blank();
    page.line(&[span("Who tells of it", STRONG)]);
    let mut table = Table::new(&[
        Column::Fixed("told by"),
        Column::Flexible("freshness"),
        Column::Fixed("last told"),
        Column::Flexible("of"),
        Column::Flexible("taken for it by"),
    ]);
    for standing in &machine.tellers {
        let teller = &standing.teller;
        let joined = teller.joined.as_ref().map(|(rule, told)| format!("{rule} ({told})")).unwrap_or_default();
        table.row(vec![
            plain(&teller.origin),
            plain(age(&standing.age)),
            plain(brief(&teller.last_told)),
            plain(sources(standing)),
            plain(joined),
        ]);
    }
    page.table(&table);
}

/// The sources, those first that are older than the teller's newest with their ages.
fn sources(standing: &TellerStanding) -> String {
    let told = standing.sources.iter().map(|(source, age)| {
        let part = if source.last_whole.is_none() { ", in part" } else { "" };
        let older = if age.days > standing.age.days { format!(", {}", days_ago(age.days)) } else { String::new() };
        let notes = format!("{part}{older}");
        let notes = notes.trim_start_matches(", ");
        if notes.is_empty() { source.source.to_string() } else { format!("{} ({notes})", source.source) }
    });
    told.collect::<Vec<_>>().join(", ")
}

fn disagreements(page: &mut Page, machine: &MachinePage) {
    if machine.tellers.len() < 2 {
        return;
    }
    page.blank();
    let found = &machine.disagreements;
    if found.is_empty() {
        page.line(&[plain("Where those that tell of it could see the same, they say the same.")]);
        return;
    }
    page.line(&[span("Where they disagree", STRONG)]);
    let origins: Vec<&str> = machine.tellers.iter().map(|standing| standing.teller.origin.as_str()).collect();
    // Titles of columns are fixed in the program, and these are not: who is who stands in each cell.
    let mut table =
        Table::new(&[Column::Fixed("tier"), Column::Flexible("software"), Column::Flexible("side by side")]);
    for one in found.iter().take(MOST_DISAGREEMENTS) {
        table.row(vec![
            span(one.tier.to_string(), tier_style(one.tier)),
            plain(&one.title),
            plain(side_by_side(one, &origins)),
        ]);
    }
    page.table(&table);
    if found.len() > MOST_DISAGREEMENTS {
        let more = found.len() - MOST_DISAGREEMENTS;
        page.line(&[span(format!("and {more} more; --format json has them all"), DIM)]);
    }
}

fn side_by_side(one: &Disagreement, origins: &[&str]) -> String {
    let say = |side: &Side| {
        let what = match (side.is_told, side.versions.is_empty()) {
            (false, _) => "not there".to_owned(),
            (true, true) => "there".to_owned(),
            (true, false) => side.versions.join(", "),
        };
        format!("{}: {what} ({}, {})", side.origin, side.at.get(..10).unwrap_or(&side.at), side.age.freshness.as_str())
    };
    let mut sides: Vec<&Side> = one.sides.iter().collect();
    sides.sort_by_key(|side| origins.iter().position(|origin| *origin == side.origin));
    sides.into_iter().map(say).collect::<Vec<_>>().join(" | ")
}

fn scans(page: &mut Page, machine: &MachinePage) {
    page.blank();
    page.line(&[span("Scans and imports", STRONG), span(", for --since and --until of `interdict changes`", DIM)]);
    let mut table = Table::new(&[
        Column::Number("number"),
        Column::Fixed("began"),
        Column::Fixed("told by"),
        Column::Number("observations"),
    ]);
    for (origin, scan) in machine.scans.iter().take(MOST_SCANS) {
        table.row(vec![
            plain(scan.id.to_string()),
            plain(brief(&scan.started)),
            plain(origin),
            plain(scan.observations.to_string()),
        ]);
    }
    page.table(&table);
    let more = machine.machine.scans.saturating_sub(MOST_SCANS);
    if more > 0 {
        page.line(&[span(format!("and {more} older"), DIM)]);
    }
}

fn recent(page: &mut Page, machine: &MachinePage) {
    let Some(recent) = &machine.recent else { return };
    page.blank();
    let title = format!("What {} changed, against {}", recent.until.id, recent.since.id);
    page.line(&[span(title, STRONG)]);
    page.paragraph(&[], &in_short(&recent.summary), anstyle::Style::new());
    let findings: Vec<Difference> =
        recent.differences.iter().filter(|difference| difference.of == DifferenceOf::Finding).cloned().collect();
    finding_table(page, &findings);
    let software: Vec<Difference> =
        recent.differences.iter().filter(|difference| difference.of == DifferenceOf::Software).cloned().collect();
    software_of_one(page, software.get(..MOST_CHANGES).unwrap_or(&software));
    if software.len() > MOST_CHANGES {
        page.line(&[span(
            format!(
                "and more; all with: interdict changes --since {} --until {} --software",
                recent.since.id, recent.until.id
            ),
            DIM,
        )]);
    }
}
