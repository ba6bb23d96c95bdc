//! Detections: what a machine's observations came to, as intervals.
//!
//! The key is machine, vendor and product. Version, presence, confidence and evidence are those of the newest scan or
//! catalogue and may change within an interval; earlier versions and presences are kept (`moves.rs`). Whether a detection is a finding is not known here.

use std::collections::BTreeMap;

use interdict_model::{Detection, Evidence, Presence, ProductId, VendorId};
use rusqlite::{Connection, OptionalExtension, Params, Row, params, params_from_iter};

use crate::error::StoreError;
use crate::installations::Moved;
use crate::instant;
use crate::moves;
use crate::past::DetectionKey;
use crate::record::Recording;
use crate::rollup::Rollup;
use crate::software::{self, text};
use crate::store::Store;
use crate::subjects::{self, Subject};
use crate::value::{from_json, to_json, to_word};

/// Which detections are wanted: everything that is set must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DetectionFilter {
    /// Of this machine, by the id of its scans.
    pub machine_id: Option<String>,
    /// Of this vendor.
    pub vendor: Option<VendorId>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// Of which time.
    pub span: Span,
}

/// Which time is asked about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Span {
    /// What is there now.
    #[default]
    Current,
    /// Also what is gone.
    All,
}

/// Why a detection is no longer current.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// A scan no longer found it.
    Scan,
    /// A catalogue no longer identifies it; the software may well be there.
    Catalogue,
}

impl EndedBy {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Catalogue => "catalogue",
        }
    }

    fn read(word: &str) -> Result<Self, StoreError> {
        [Self::Scan, Self::Catalogue].into_iter().find(|ended| ended.as_str() == word).ok_or_else(|| {
            StoreError::UnknownValue { what: "a reason for an end", source: format!("\"{word}\"").into() }
        })
    }
}

/// One interval during which something was found on a machine.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectionRow {
    /// Its number in this database.
    pub id: i64,
    /// The machine, by the id of its scans.
    pub machine_id: String,
    /// The machine's present name.
    pub hostname: String,
    /// What was found, as last seen.
    pub detection: Detection,
    /// The catalogue that identified it.
    pub catalogue_version: String,
    /// When the first scan that found it began.
    pub first_seen: String,
    /// When the last scan that found it began.
    pub last_seen: String,
    /// When the scan began that no longer found it, or after which a catalogue no longer identified it.
    pub gone: Option<String>,
    /// Why it is gone.
    pub ended_by: Option<EndedBy>,
}

/// What another catalogue changed about a machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReplacedDetections {
    /// Detections that were not there before.
    pub new_detections: usize,
    /// Detections that the catalogue no longer makes.
    pub gone_detections: usize,
}

type Key = (String, Option<String>);

fn key(detection: &Detection) -> Key {
    (detection.vendor.to_string(), detection.product.as_ref().map(ProductId::to_string))
}

/// An open interval of the machine at hand.
struct Open {
    id: i64,
    /// When the scans that saw it first and last began.
    first_seen: String,
    last_seen: String,
    evidence: String,
    version: Option<String>,
    presence: Presence,
}

impl Open {
    fn subject(&self, (vendor, product): &Key) -> Subject {
        (vendor.clone(), product.clone().unwrap_or_default(), self.presence.as_str())
    }
}

/// Notes that an open detection is another one now.
fn note_change(rollup: &mut Rollup, machine: i64, key: &Key, known: &Open, now: &Detection) -> Result<(), StoreError> {
    if known.presence != now.presence {
        rollup.lost(machine, known.subject(key))?;
        rollup.found(machine, subjects::of(now))?;
    }
    Ok(())
}

/// Moves the detections of a machine to what a scan came to. A scan that began before the one that last saw a
/// detection (of other sources, or it would have been refused) does not overrule it.
pub(crate) fn record(
    connection: &Connection,
    recording: &Recording<'_>,
    detections: &[Detection],
    rollup: &mut Rollup,
) -> Result<Moved, StoreError> {
    let mut open = open_of(connection, recording.machine)?;
    let mut moved = Moved::default();
    for (key, detection) in unite(detections) {
        let Some(known) = open.remove(&key) else {
            insert(connection, recording.machine, recording.scan, recording.catalogue_version, &detection)?;
            rollup.found(recording.machine, subjects::of(&detection))?;
            moved.opened += 1;
            continue;
        };
        if recording.started >= instant::second(&known.last_seen) {
            let was = (known.version.as_deref(), known.presence);
            moves::note(connection, (known.id, recording.scan), was, &detection)?;
            update(connection, known.id, recording.catalogue_version, &detection)?;
            note_change(rollup, recording.machine, &key, &known, &detection)?;
            connection
                .prepare_cached("UPDATE detection SET last_seen = ?2 WHERE id = ?1")?
                .execute([known.id, recording.scan])?;
        }
        if recording.started < instant::second(&known.first_seen) {
            connection
                .prepare_cached("UPDATE detection SET first_seen = ?2 WHERE id = ?1")?
                .execute([known.id, recording.scan])?;
        }
    }
    for (key, missing) in open {
        if recording.started >= instant::second(&missing.last_seen) && was_looked_for(recording, &missing)? {
            end(connection, missing.id, recording.scan, EndedBy::Scan)?;
            rollup.lost(recording.machine, missing.subject(&key))?;
            moved.closed += 1;
        }
    }
    Ok(moved)
}

/// Whether the scan looked at everything in at least one source that a detection rests on.
fn was_looked_for(recording: &Recording<'_>, missing: &Open) -> Result<bool, StoreError> {
    let evidence: Vec<Evidence> = from_json("evidence", &missing.evidence)?;
    Ok(evidence.is_empty() || evidence.iter().any(|evidence| recording.is_covered(evidence.source.as_str())))
}

/// One detection per key, in a stable order; evidence of a second one goes to the first.
fn unite(detections: &[Detection]) -> BTreeMap<Key, Detection> {
    let mut united: BTreeMap<Key, Detection> = BTreeMap::new();
    for detection in detections {
        united
            .entry(key(detection))
            .and_modify(|first| first.evidence.extend(detection.evidence.iter().cloned()))
            .or_insert_with(|| detection.clone());
    }
    united
}

fn open_of(connection: &Connection, machine: i64) -> Result<BTreeMap<Key, Open>, StoreError> {
    let sql = "SELECT d.vendor, d.product, d.id, f.started, l.started, (SELECT traces FROM evidence WHERE id = d.evidence), \
               d.presence, d.version FROM detection d \
               JOIN scan f ON f.id = d.first_seen JOIN scan l ON l.id = d.last_seen \
               WHERE d.machine = ?1 AND d.gone IS NULL";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([machine])?;
    let mut all = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let open = Open {
            id: row.get(2)?,
            first_seen: row.get(3)?,
            last_seen: row.get(4)?,
            evidence: row.get(5)?,
            presence: to_word("a presence", text(row, 6)?.unwrap_or_default())?,
            version: row.get(7)?,
        };
        all.insert((row.get(0)?, row.get(1)?), open);
    }
    Ok(all)
}

/// The number of evidence as JSON, which is stored if it never was: machines alike have the same.
pub(crate) fn evidence_number(connection: &Connection, traces: &str) -> Result<i64, StoreError> {
    let fields = params![software::fingerprint(&[Some(traces)]), traces];
    let sql = "SELECT id FROM evidence WHERE fingerprint = ?1 AND traces = ?2";
    let known = connection.prepare_cached(sql)?.query_row(fields, |row| row.get(0)).optional()?;
    match known {
        Some(number) => Ok(number),
        None => Ok(connection
            .prepare_cached("INSERT INTO evidence (fingerprint, traces) VALUES (?1, ?2)")?
            .insert(fields)?),
    }
}

fn insert(
    connection: &Connection,
    machine: i64,
    scan: i64,
    catalogue_version: &str,
    detection: &Detection,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO detection (machine, vendor, product, version, presence, confidence, evidence, \
               catalogue_version, first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)";
    connection.prepare_cached(sql)?.execute(params![
        machine,
        detection.vendor.as_str(),
        detection.product.as_ref().map(ProductId::as_str),
        detection.version,
        detection.presence.as_str(),
        detection.confidence,
        evidence_number(connection, &to_json(&detection.evidence)?)?,
        catalogue_version,
        scan,
    ])?;
    Ok(())
}

fn update(connection: &Connection, id: i64, catalogue_version: &str, detection: &Detection) -> Result<(), StoreError> {
    let sql = "UPDATE detection SET version = ?2, presence = ?3, confidence = ?4, evidence = ?5, \
               catalogue_version = ?6 WHERE id = ?1";
    connection.prepare_cached(sql)?.execute(params![
        id,
        detection.version,
        detection.presence.as_str(),
        detection.confidence,
        evidence_number(connection, &to_json(&detection.evidence)?)?,
        catalogue_version,
    ])?;
    Ok(())
}

fn end(connection: &Connection, id: i64, scan: i64, ended_by: EndedBy) -> Result<(), StoreError> {
    let sql = "UPDATE detection SET gone = ?2, ended_by = ?3 WHERE id = ?1";
    connection.prepare_cached(sql)?.execute(params![id, scan, ended_by.as_str()])?;
    Ok(())
}

/// Replaces what a machine comes to. What is new is seen first, and what is gone missed first, by its newest scan.
pub(crate) fn replace(
    connection: &Connection,
    (machine, scan): (i64, i64),
    catalogue_version: &str,
    detections: &[Detection],
    rollup: &mut Rollup,
) -> Result<ReplacedDetections, StoreError> {
    let mut open = open_of(connection, machine)?;
    let mut new_detections = 0;
    for (key, detection) in unite(detections) {
        if let Some(known) = open.remove(&key) {
            update(connection, known.id, catalogue_version, &detection)?;
            note_change(rollup, machine, &key, &known, &detection)?;
        } else {
            insert(connection, machine, scan, catalogue_version, &detection)?;
            rollup.found(machine, subjects::of(&detection))?;
            new_detections += 1;
        }
    }
    for (key, gone) in &open {
        end(connection, gone.id, scan, EndedBy::Catalogue)?;
        rollup.lost(machine, gone.subject(key))?;
    }
    Ok(ReplacedDetections { new_detections, gone_detections: open.len() })
}

/// Brings the detections of two machines, the one that goes and the one that stays, to what the one comes to: how many are new,
/// and how many are gone. What both had is one interval. What is no longer found ended with a scan, or with the newest.
pub(crate) fn join(
    connection: &Connection,
    (gone, stays): (i64, i64),
    ended: Option<i64>,
    catalogue_version: &str,
    detections: &[Detection],
) -> Result<(usize, usize), StoreError> {
    let of_gone = open_of(connection, gone)?;
    let mut of_stays = open_of(connection, stays)?;
    for (key, left) in of_gone {
        if let Some(right) = of_stays.remove(&key) {
            unite_intervals(connection, left, right)?;
        }
    }
    for part in ["gone IS NULL", "gone IS NOT NULL"] {
        connection
            .execute(&format!("UPDATE detection SET machine = ?2 WHERE machine = ?1 AND {part}"), [gone, stays])?;
    }
    let sql = "SELECT id FROM scan WHERE machine = ?1 ORDER BY substr(started, 1, 19) DESC, id DESC LIMIT 1";
    let newest: i64 = connection.query_row(sql, [stays], |row| row.get(0))?;
    let mut open = open_of(connection, stays)?;
    let mut opened = 0;
    for (key, detection) in unite(detections) {
        if let Some(known) = open.remove(&key) {
            update(connection, known.id, catalogue_version, &detection)?;
        } else {
            insert(connection, stays, newest, catalogue_version, &detection)?;
            opened += 1;
        }
    }
    for missing in open.values() {
        end(connection, missing.id, ended.unwrap_or(newest), EndedBy::Scan)?;
    }
    Ok((opened, open.len()))
}

/// Makes one interval of two of one product: from the first sight to the last, with what it was before the later one began.
fn unite_intervals(connection: &Connection, left: Open, right: Open) -> Result<(), StoreError> {
    let second = |open: &Open| (instant::second(&open.last_seen).to_owned(), open.id);
    let (older, newer) = if second(&left) > second(&right) { (right, left) } else { (left, right) };
    if instant::second(&older.last_seen) <= instant::second(&newer.first_seen)
        && (&older.version, older.presence) != (&newer.version, newer.presence)
    {
        let sql = "INSERT OR IGNORE INTO detection_past (detection, until, version, presence) \
                   SELECT id, first_seen, ?2, ?3 FROM detection WHERE id = ?1";
        let values = params![newer.id, older.version, older.presence.as_str()];
        connection.prepare_cached(sql)?.execute(values)?;
    }
    let both = [older.id, newer.id];
    let delete = |sql: &str| -> Result<usize, StoreError> { Ok(connection.prepare_cached(sql)?.execute([older.id])?) };
    connection
        .prepare_cached("UPDATE OR IGNORE detection_past SET detection = ?2 WHERE detection = ?1")?
        .execute(both)?;
    delete("DELETE FROM detection_past WHERE detection = ?1")?;
    if instant::second(&older.first_seen) < instant::second(&newer.first_seen) {
        let sql = "UPDATE detection SET first_seen = (SELECT first_seen FROM detection WHERE id = ?1) WHERE id = ?2";
        connection.prepare_cached(sql)?.execute(both)?;
    }
    delete("DELETE FROM detection WHERE id = ?1")?;
    Ok(())
}

impl Store {
    /// Replaces what a machine's present observations come to, for a new catalogue, in one transaction. The machine was
    /// not looked at again, so `last_seen` of what stays does not move, and what goes is ended by the catalogue.
    pub fn replace_detections(
        &mut self,
        machine_id: &str,
        catalogue_version: &str,
        detections: &[Detection],
    ) -> Result<ReplacedDetections, StoreError> {
        let transaction = self.write()?;
        let sql = "SELECT m.id, s.id FROM machine m JOIN scan s ON s.machine = m.id WHERE m.machine_id = ?1 \
                   ORDER BY s.started DESC, s.id DESC LIMIT 1";
        let newest = transaction.query_row(sql, [machine_id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((machine, scan)) = newest else {
            return Err(StoreError::UnknownMachine { id: machine_id.to_owned() });
        };
        let mut rollup = Rollup::default();
        let replaced = replace(&transaction, (machine, scan), catalogue_version, detections, &mut rollup)?;
        rollup.write(&transaction)?;
        transaction.commit()?;
        Ok(replaced)
    }

    /// The detections that fit a filter, by host name, vendor, product and time.
    pub fn detections(&self, filter: &DetectionFilter) -> Result<Vec<DetectionRow>, StoreError> {
        let (condition, values) = condition(filter);
        let rows = rows_where(&self.connection, &condition, params_from_iter(values), "1")?;
        Ok(rows.into_iter().map(|(row, _)| row).collect())
    }
}

/// The detections `d` of machines `m` that fit a condition, each with whether it also fits another. `f` is the scan that saw
/// one first, `l` last, and `g` the one that no longer found it.
pub(crate) fn rows_where(
    connection: &Connection,
    condition: &str,
    values: impl Params,
    also: &str,
) -> Result<Vec<(DetectionRow, bool)>, StoreError> {
    let sql = format!(
        "SELECT d.id, m.machine_id, m.hostname, d.vendor, d.product, d.version, d.presence, d.confidence, \
         (SELECT traces FROM evidence WHERE id = d.evidence), d.catalogue_version, f.started, l.started, g.started, d.ended_by, {also} \
         FROM detection d JOIN machine m ON m.id = d.machine JOIN scan f ON f.id = d.first_seen \
         JOIN scan l ON l.id = d.last_seen LEFT JOIN scan g ON g.id = d.gone WHERE {condition} \
         ORDER BY m.hostname COLLATE NOCASE, m.machine_id, d.vendor, d.product, d.first_seen, d.id"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(values)?;
    let mut detections = Vec::new();
    while let Some(row) = rows.next()? {
        detections.push((read_row(row)?, row.get(14)?));
    }
    Ok(detections)
}

/// Machine, vendor and product of the detections that fit a condition, as [`rows_where`] takes it.
pub(crate) fn keys_where(
    connection: &Connection,
    condition: &str,
    values: impl Params,
) -> Result<Vec<DetectionKey>, StoreError> {
    let sql = format!(
        "SELECT m.machine_id, d.vendor, d.product FROM detection d JOIN machine m ON m.id = d.machine \
         JOIN scan f ON f.id = d.first_seen LEFT JOIN scan g ON g.id = d.gone WHERE {condition}"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(values, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The filter in SQL, with the values for its places.
fn condition(filter: &DetectionFilter) -> (String, Vec<&str>) {
    let fields = [
        ("m.machine_id", filter.machine_id.as_deref()),
        ("d.vendor", filter.vendor.as_ref().map(VendorId::as_str)),
        ("d.product", filter.product.as_ref().map(ProductId::as_str)),
    ];
    let mut terms = vec![match filter.span {
        Span::Current => "d.gone IS NULL".to_owned(),
        Span::All => "1".to_owned(),
    }];
    let mut values = Vec::new();
    for (column, value) in fields {
        if let Some(value) = value {
            terms.push(format!("{column} = ?"));
            values.push(value);
        }
    }
    (terms.join(" AND "), values)
}

fn read_row(row: &Row<'_>) -> Result<DetectionRow, StoreError> {
    let detection = Detection {
        vendor: VendorId::new(row.get::<_, String>(3)?),
        product: row.get::<_, Option<String>>(4)?.map(ProductId::new),
        version: row.get(5)?,
        presence: to_word("a presence", text(row, 6)?.unwrap_or_default())?,
        confidence: row.get(7)?,
        evidence: from_json("evidence", text(row, 8)?.unwrap_or_default())?,
    };
    Ok(DetectionRow {
        id: row.get(0)?,
        machine_id: row.get(1)?,
        hostname: row.get(2)?,
        detection,
        catalogue_version: row.get(9)?,
        first_seen: row.get(10)?,
        last_seen: row.get(11)?,
        gone: row.get(12)?,
        ended_by: text(row, 13)?.map(EndedBy::read).transpose()?,
    })
}
