//! Lists as tables: the columns that are shown, with the values that are shown; instants and days stay ISO.

use interdict_app::store::Store;
use interdict_app::{AppError, Cell, ChosenMachines, ChosenTitles, Family, ShownTitle, TableFormat};

use super::Asked;
use super::machines::chosen_row;
use super::software::{software_row, versions_on};
use crate::wire;

/// The rows of the machines that were chosen.
pub(crate) fn machine_cells<'a>(
    asked: &'a Asked<'_>,
    machines: &'a ChosenMachines,
    holders: Option<&'a Family>,
    request: &'a wire::ExportRequest,
) -> impl Iterator<Item = Result<Vec<Cell>, AppError>> + 'a {
    let (fleet, _, chosen) = machines;
    chosen.places.iter().filter_map(move |place| {
        let row = chosen_row(asked, machines, *place)?;
        let versions = holders.map(|family| versions_on(family, fleet, *place)).unwrap_or_default();
        Some(Ok(request.columns.iter().map(|column| machine_cell(&row, &versions, &column.id, request)).collect()))
    })
}

/// So many titles are read at once.
const READ_AT_ONCE: usize = 500;

/// The rows of the titles that were chosen, read as they are written.
pub(crate) fn software_cells<'a>(
    asked: &'a Asked<'_>,
    store: &'a Store,
    (titles, tiers, chosen): &'a ChosenTitles,
    request: &'a wire::ExportRequest,
) -> impl Iterator<Item = Result<Vec<Cell>, AppError>> + 'a {
    let cells = move |row: &ShownTitle| -> Option<Vec<Cell>> {
        let row = software_row(asked, titles, tiers, row)?;
        Some(request.columns.iter().map(|column| software_cell(&row, &column.id, request)).collect())
    };
    chosen.places.chunks(READ_AT_ONCE).flat_map(move |places| match titles.read(store, places) {
        Ok(rows) => rows.iter().filter_map(|row| cells(row).map(Ok)).collect::<Vec<_>>(),
        Err(error) => vec![Err(error.into())],
    })
}

fn machine_cell(row: &wire::MachineRow, versions: &[String], column: &str, request: &wire::ExportRequest) -> Cell {
    let findings = || {
        let each = |each: &wire::TierFindings| format!("{}: {}", tier_word(each.tier, request), each.count);
        row.findings.iter().map(each).collect::<Vec<_>>().join("; ")
    };
    Cell::Text(match column {
        "tier" => tier_word(row.tier, request),
        "name" => row.hostname.clone(),
        "system" => row.system.clone(),
        "findings" => findings(),
        "installations" => return Cell::Number(row.installations.into()),
        "last-seen" => row.last_seen.clone(),
        "first-seen" => row.first_seen.clone(),
        "told" => row.told_by.join("; "),
        "lack" => lack(row, request),
        "scans" => return Cell::Number(row.scans.into()),
        "arch" => row.arch.clone(),
        "id" => row.id.clone(),
        "versions" => versions.join("; "),
        // One column for each version: its own name says which.
        _ if column.starts_with("version:") => mark(versions, column),
        _ => String::new(),
    })
}

/// Whether a machine surely has nothing of what was asked for, and if not, what is missing.
fn lack(row: &wire::MachineRow, request: &wire::ExportRequest) -> String {
    let Some(lack) = &row.lack else { return String::new() };
    let reason = |reason: &wire::LackReason| {
        let said = word(&reason.reason, request);
        if reason.sources.is_empty() { said } else { format!("{said}: {}", reason.sources.join(", ")) }
    };
    let reasons: Vec<String> = lack.reasons.iter().map(reason).collect();
    let answer = word(&lack.answer, request);
    if reasons.is_empty() { answer } else { format!("{answer} ({})", reasons.join("; ")) }
}

/// The version of a column, where the machine has it.
fn mark(versions: &[String], column: &str) -> String {
    let is_it = |version: &&String| column.strip_prefix("version:") == Some(version.replace(',', " ").as_str());
    versions.iter().find(is_it).cloned().unwrap_or_default()
}

fn software_cell(row: &wire::SoftwareRow, column: &str, request: &wire::ExportRequest) -> Cell {
    let absent = String::new;
    Cell::Text(match column {
        "tier" => row.tier.map_or_else(|| word("unidentified", request), |tier| tier_word(tier, request)),
        "name" => row.name.clone(),
        "version" => row.version.clone().unwrap_or_else(absent),
        "publisher" => row.publisher.clone().unwrap_or_else(absent),
        "vendor" => row.vendor.as_ref().map_or_else(absent, |vendor| vendor.name.clone()),
        "product" => row.product.clone().unwrap_or_else(absent),
        "sources" => row.sources.join("; "),
        // What is told of without a machine is on none that is known: that is no count of nought.
        "machines" if row.machines > 0 => return Cell::Number(row.machines.into()),
        "machines" => word("no-machine", request),
        "told" => row.told.iter().map(|told| told_cell(told, request)).collect::<Vec<_>>().join("; "),
        _ => absent(),
    })
}

/// Who tells of something without a machine: `Intune 2026-11-20: 14`.
fn told_cell(told: &wire::Telling, request: &wire::ExportRequest) -> String {
    let day = told.at.get(..10).unwrap_or(&told.at);
    let newer = if told.newer > 0 { format!(" ({})", word("not-in-newest", request)) } else { String::new() };
    match told.count {
        Some(count) => format!("{} {day}: {count}{newer}", told.tool),
        None => format!("{} {day}{newer}", told.tool),
    }
}

fn tier_word(tier: wire::Tier, request: &wire::ExportRequest) -> String {
    word(super::words::asked_tier(tier).as_str(), request)
}

/// What a value is called on the screen.
fn word(value: &str, request: &wire::ExportRequest) -> String {
    let known = request.words.iter().find(|word| word.value == value);
    known.map_or_else(|| value.to_owned(), |word| word.label.clone())
}

/// The name of the file of a list, and its end.
pub(crate) fn file_name(request: &wire::ExportRequest) -> (String, &'static str) {
    let format = if request.format == "xlsx" { TableFormat::Xlsx } else { TableFormat::Csv };
    // No system has trouble with letters and digits.
    let letters = request.title.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' });
    let name: String = letters.take(60).collect();
    let name = name.trim_matches('-').to_lowercase();
    let name = if name.is_empty() { "list".to_owned() } else { name };
    (format!("interdict-{name}"), format.extension())
}
