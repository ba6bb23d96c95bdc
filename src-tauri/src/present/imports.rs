//! Imports: what a file would become, what came of it, and what was taken before.

use std::collections::BTreeMap;
use std::path::Path;

use interdict_app::import::mapping::Mapping;
use interdict_app::import::{FORMATS, Format, ImportError, Preview, format_by_name};
use interdict_app::store::{BatchReject, BatchRow, JoinReview, MachineJoin, Side, StoreError, UndoEffect};
use interdict_app::{DecisionOutcome, ImportOutcome};
use interdict_model::Diagnostic;

use super::count;
use crate::error::sentence;
use crate::wire;

/// How many of its first values stand beside a column.
const SAMPLES: usize = 3;
/// Of how many rejects and machines the window is told; the rest is counted, and written to files.
const MOST_ROWS: usize = 1_000;

/// Every format.
pub(crate) fn formats() -> Vec<wire::FormatInfo> {
    FORMATS.iter().map(|format| format_info(format)).collect()
}

fn format_info(format: &Format) -> wire::FormatInfo {
    wire::FormatInfo {
        name: format.name.to_owned(),
        title: title(format),
        caveat: format.caveat.map(sentence),
        keeps_days: format.keeps_days,
    }
}

/// A format's title as the window begins a line with it: names that tools write in small letters stay so.
fn title(format: &Format) -> String {
    const SMALL: [&str; 2] = ["osquery", "syft"];
    if SMALL.iter().any(|name| format.title.starts_with(name)) {
        return format.title.to_owned();
    }
    let mut letters = format.title.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A file that lies there to be looked at.
pub(crate) fn offered(id: u32, path: &Path) -> wire::OfferedFile {
    let text = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    wire::OfferedFile {
        id,
        name: text(path.file_name()),
        folder: text(path.parent().map(Path::as_os_str)),
        bytes: std::fs::metadata(path).map(|metadata| metadata.len()).unwrap_or_default(),
    }
}

/// The mapping that the window means.
pub(crate) fn mapping_of(told: &wire::ImportMapping) -> Result<Mapping, ImportError> {
    let value = serde_json::json!({
        "schema": Mapping::SCHEMA,
        "columns": told.columns,
        "rows": told.rows,
        "source": told.source,
        "os": told.os,
        "date_order": told.date_order,
        "complete": told.complete,
    });
    Mapping::from_json(&value.to_string())
}

fn mapping(mapping: &Mapping) -> wire::ImportMapping {
    let word = |value: Option<serde_json::Value>| value.and_then(|value| value.as_str().map(str::to_owned));
    let columns: BTreeMap<String, String> =
        mapping.columns.iter().map(|(field, title)| (field.name().to_owned(), title.clone())).collect();
    wire::ImportMapping {
        columns,
        rows: word(serde_json::to_value(mapping.rows).ok()).unwrap_or_default(),
        source: mapping.source.map(|source| source.as_str().to_owned()),
        os: word(mapping.os.and_then(|os| serde_json::to_value(os).ok())),
        date_order: word(mapping.date_order.and_then(|order| serde_json::to_value(order).ok())),
        complete: mapping.complete,
    }
}

/// What a file would become.
pub(crate) fn import_preview(file: wire::OfferedFile, preview: &Preview, is_kept: bool) -> wire::ImportPreview {
    let imported = &preview.imported;
    // Where nobody knows, the guesses are something to begin with.
    let read_by = imported.mapping.as_ref().or_else(|| preview.needs_mapping.then(|| preview.mapping()).flatten());
    let mut skipped: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, reason) in &preview.skips {
        *skipped.entry(reason).or_default() += 1;
    }
    wire::ImportPreview {
        file,
        format: format_by_name(imported.format).map(format_info),
        encoding: imported.encoding.clone(),
        layers: imported.layers.iter().map(|layer| (*layer).to_owned()).collect(),
        made: imported.made.clone(),
        needs_mapping: preview.needs_mapping,
        mapping: read_by.map(mapping),
        mapping_kept: is_kept,
        columns: if read_by.is_some() { columns(preview) } else { Vec::new() },
        records: preview.records.iter().map(record).collect(),
        rejects: preview
            .rejects
            .iter()
            .map(|reject| wire::RejectRow {
                place: reject.place.to_string(),
                reason: reject.reason.clone(),
                excerpt: reject.excerpt.clone(),
            })
            .collect(),
        skipped: skipped.into_iter().map(|(reason, count)| skip(reason, count)).collect(),
        notes: preview.notes.iter().map(note).collect(),
    }
}

fn columns(preview: &Preview) -> Vec<wire::ImportColumn> {
    let suggestion = preview.suggestion.as_ref();
    let column = |(number, title): (usize, &String)| {
        let thought = suggestion.and_then(|suggestion| suggestion.columns.get(number));
        let field = thought.and_then(|column| column.field);
        let mut samples: Vec<String> = Vec::new();
        for value in preview.rows.iter().filter_map(|row| row.get(number)).map(|value| value.trim()) {
            if samples.len() < SAMPLES && !value.is_empty() && !samples.iter().any(|known| known == value) {
                samples.push(value.chars().take(80).collect());
            }
        }
        wire::ImportColumn {
            title: title.trim().to_owned(),
            samples,
            field: field.map(|(field, _)| field.name().to_owned()),
            confidence: field.map(|(_, confidence)| confidence.name().to_owned()),
            personal: thought.is_some_and(|column| column.is_personal),
        }
    };
    preview.header.iter().enumerate().map(column).collect()
}

fn record(record: &interdict_app::import::PreviewRecord) -> wire::PreviewRecord {
    let observation = &record.observation;
    wire::PreviewRecord {
        place: record.place.to_string(),
        machine: record.machine.clone(),
        devices: record.devices,
        name: observation.name.clone(),
        version: observation.version.clone(),
        publisher: observation.publisher.clone(),
        identifier: observation.identifier.clone(),
        source: observation.source.as_str().to_owned(),
    }
}

fn skip(reason: &str, count: u64) -> wire::SkipCount {
    wire::SkipCount { reason: reason.to_owned(), count }
}

fn note(diagnostic: &Diagnostic) -> wire::ImportNote {
    wire::ImportNote { code: diagnostic.code.to_string(), message: sentence(&diagnostic.message) }
}

/// What came of a file. `detail` is asked of the database.
pub(crate) fn import_result(outcome: &ImportOutcome, detail: wire::ImportDetail) -> wire::ImportResult {
    // Rejects are shown with their place and are no notes here.
    let is_reject = |note: &&Diagnostic| matches!(&*note.code, "app/scan-line" | "app/import-record");
    wire::ImportResult {
        cancelled: false,
        known: outcome.is_known,
        import: Some(detail),
        notes: outcome.notes.iter().filter(|note| !is_reject(note)).map(note).collect(),
        new_installations: count(outcome.sum(|recorded| recorded.new_installations)),
        gone_installations: count(outcome.sum(|recorded| recorded.gone_installations)),
        detections: count(outcome.machines.iter().map(|machine| machine.detections).sum()),
    }
}

/// Nothing was kept.
pub(crate) fn import_cancelled() -> wire::ImportResult {
    wire::ImportResult {
        cancelled: true,
        known: false,
        import: None,
        notes: Vec::new(),
        new_installations: 0,
        gone_installations: 0,
        detections: 0,
    }
}

/// An import as a row.
pub(crate) fn import_row(batch: &BatchRow) -> wire::ImportRow {
    let header = &batch.header;
    wire::ImportRow {
        number: batch.id,
        file: header.file.clone(),
        sha256: header.sha256.clone(),
        bytes: header.bytes,
        format: header.format.clone(),
        format_title: format_by_name(&header.format).map_or_else(|| header.format.clone(), title),
        encoding: header.encoding.clone(),
        layers: header.layers.clone(),
        made: header.made.clone(),
        imported: header.imported.clone(),
        used: batch.used,
        rejected: batch.rejected,
        skipped: batch.skipped.iter().map(|(_, count)| count).sum(),
        machines: count(batch.machines),
        titles: count(batch.titles),
        keeps_days: header.keeps_days,
        undone: batch.undone.clone(),
    }
}

/// An import with all that is known of it.
pub(crate) fn import_detail(
    batch: &BatchRow,
    rejects: Vec<BatchReject>,
    (machines, (reviews, reviews_total)): (Vec<MachineJoin>, (Vec<JoinReview>, usize)),
    undo: Result<UndoEffect, StoreError>,
) -> wire::ImportDetail {
    let mut rules: BTreeMap<String, u32> = BTreeMap::new();
    for machine in &machines {
        *rules.entry(machine.rule.clone()).or_default() += 1;
    }
    let (undo, blocked) = match undo {
        Ok(effect) => (Some(effect), None),
        Err(error) => (None, Some(error.into())),
    };
    wire::ImportDetail {
        row: import_row(batch),
        skipped: batch.skipped.iter().map(|(reason, count)| skip(reason, *count)).collect(),
        rejects: rejects
            .into_iter()
            .take(MOST_ROWS)
            .map(|reject| wire::RejectRow { place: reject.place, reason: reject.reason, excerpt: reject.excerpt })
            .collect(),
        machines: machines
            .into_iter()
            .take(MOST_ROWS)
            .map(|join| wire::ImportedMachine {
                id: join.machine_id,
                hostname: join.hostname,
                told: join.told,
                rule: join.rule,
            })
            .collect(),
        rules: rules.into_iter().map(|(rule, machines)| wire::RuleCount { rule, machines }).collect(),
        reviews: reviews.into_iter().map(review).collect(),
        reviews_total: count(reviews_total),
        undo: undo.map(|effect| wire::ImportUndoEffect {
            machines: count(effect.machines),
            machines_gone: count(effect.machines_gone),
            installations_gone: count(effect.installations_gone),
            installations_back: count(effect.installations_back),
        }),
        blocked,
    }
}

fn review(review: JoinReview) -> wire::JoinReview {
    wire::JoinReview {
        open: review.is_open(),
        told: review.told,
        id: review.machine_id,
        rule: review.rule,
        device: side(review.device),
        candidates: review
            .candidates
            .into_iter()
            .map(|candidate| wire::JoinCandidate {
                side: side(candidate.side),
                decision: candidate.decision.map(|decision| decision.as_str().to_owned()),
            })
            .collect(),
    }
}

fn side(side: Side) -> wire::JoinSide {
    wire::JoinSide {
        id: side.machine_id,
        hostname: side.hostname,
        full_names: side.full_names,
        uuids: side.uuids,
        serials: side.serials,
        tool_ids: side.tool_ids.into_iter().map(|(_, id)| id).collect(),
        os: side.os,
        last_seen: side.last_seen,
        installations: count(side.installations),
        told_by: side.told_by.iter().map(|teller| teller_title(teller)).collect(),
    }
}

/// Who tells of a machine, for people.
fn teller_title(teller: &str) -> String {
    format_by_name(teller).map_or_else(|| teller.to_owned(), title)
}

/// What came of a decision.
pub(crate) fn import_decided(outcome: DecisionOutcome) -> wire::ImportDecided {
    wire::ImportDecided {
        joined: outcome.joined.map(|joined| wire::JoinEffect {
            id: joined.machine_id,
            hostname: joined.hostname,
            former: joined.former_hostname,
            told_by: joined.tellers.iter().map(|teller| teller_title(teller)).collect(),
            scans: count(joined.scans),
            installations: count(joined.installations),
            past_installations: count(joined.past_installations),
            detections: count(joined.detections),
            united: count(joined.united),
            closed: count(joined.closed),
            sealed: joined.sealed_imports,
        }),
    }
}
