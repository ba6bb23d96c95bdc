//! Recording a scan: one transaction that moves every interval of one machine.
//!
//! What was seen stays open or is opened; what was not seen is closed, but only where the scan looked at everything the
//! source has. Which sources those are is the caller's knowledge (`covered`), as is what the observations come to. The
//! log gets one entry of each scan, never one per installation.

use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{CollectorStatus, Detection, Machine, Observation, ObservationSource, ScanHeader};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;

use crate::error::StoreError;
use crate::installed::{Installed, installed};
use crate::instant;
use crate::log::{self, LogKind, NewLogEntry};
use crate::rollup::Rollup;
use crate::store::Store;
use crate::value::{from_count, to_json};
use crate::{detections, installations, names};

/// What a recorded scan changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedScan {
    /// The number of the scan in this database.
    pub scan_id: i64,
    /// Installations that were not there before.
    pub new_installations: usize,
    /// Installations that are no longer there.
    pub gone_installations: usize,
    /// Detections that were not there before.
    pub new_detections: usize,
    /// Detections that are no longer there.
    pub gone_detections: usize,
}

/// The scan being recorded, as the parts of the recording see it.
pub(crate) struct Recording<'a> {
    pub(crate) machine: i64,
    pub(crate) scan: i64,
    /// Whose looking it is: of [`origin`](crate::batch) 0 is our own.
    pub(crate) origin: i64,
    /// The import it came with.
    pub(crate) batch: Option<i64>,
    /// When it began, in seconds.
    pub(crate) started: &'a str,
    /// What is said of it.
    pub(crate) header: &'a ScanHeader,
    /// The catalogue of its probes.
    pub(crate) catalogue_version: &'a str,
    /// The sources of which it saw everything there is.
    pub(crate) covered: BTreeSet<&'static str>,
    /// Per source, the newest earlier scan that saw everything there was.
    pub(crate) full_before: BTreeMap<String, i64>,
}

impl Recording<'_> {
    pub(crate) fn is_covered(&self, source: &str) -> bool {
        self.covered.contains(source)
    }
}

impl Store {
    /// Records a scan, whole or not at all.
    ///
    /// `covered` names the sources that were fully looked at: what they no longer show is gone from this scan on. Of any
    /// other source nothing is closed, nor what a search of folders found that this scan did not search. `detections` is what the machine comes to; where sources are not covered, the
    /// caller adds their [`observations_of`](Store::observations_of) before consolidating, or what only they show is
    /// taken to say less than before. A detection that is missing stays open if none of the sources of its evidence
    /// is covered.
    ///
    /// Scans of one machine and source come oldest first; an older one is refused with `store/older-scan`. `finished` is
    /// the instant of the scan's entry in the log.
    pub fn record_scan(
        &mut self,
        scan: &ScanHeader,
        finished: &str,
        source_label: &str,
        covered: &[ObservationSource],
        observations: &[Observation],
        detections: &[Detection],
    ) -> Result<RecordedScan, StoreError> {
        // Before the transaction begins: nobody waits for it.
        let digest = log::observations_digest(observations)?;
        let transaction = self.write()?;
        let mut rollup = Rollup::default();
        let installed = installed(&transaction, observations, &mut rollup)?;
        let sources = sources_of(observations);
        let told = Told { scan, finished, source_label, covered, installed: &installed, sources: &sources, detections };
        let recorded = record(&transaction, &told, Whence { origin: 0, batch: None }, &mut rollup)?;
        rollup.write(&transaction)?;
        log::append(&transaction, &log_entry(&told, &digest, &recorded))?;
        transaction.commit()?;
        Ok(recorded)
    }
}

/// The scan's entry in the log: enough to tell later whether a scan file is the one that was recorded, and how much of the
/// machine it covered.
pub(crate) fn log_entry(told: &Told<'_>, digest: &str, recorded: &RecordedScan) -> NewLogEntry {
    let header = told.scan;
    let covered: BTreeSet<&'static str> = told.covered.iter().map(|source| source.as_str()).collect();
    let gaps = header.collectors.iter().filter(|report| report.status != CollectorStatus::Complete);
    let body = json!({
        "scan": recorded.scan_id,
        "machine": header.machine.id,
        "hostname": header.machine.hostname,
        "from": told.source_label,
        "started": header.started,
        "tool_version": header.tool_version,
        "catalogue_version": header.probes.catalogue_version,
        "observations": told.installed.len(),
        "observations_sha256": digest,
        "covered": covered,
        "not_complete": gaps
            .map(|report| json!({ "collector": report.name, "status": report.status.as_str() }))
            .collect::<Vec<_>>(),
        "new_installations": recorded.new_installations,
        "gone_installations": recorded.gone_installations,
        "new_detections": recorded.new_detections,
        "gone_detections": recorded.gone_detections,
    });
    NewLogEntry { instant: told.finished.to_owned(), kind: LogKind::Scan, body }
}

/// Whose looking a scan is, and with which import it came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whence {
    pub(crate) origin: i64,
    pub(crate) batch: Option<i64>,
}

/// A scan to record.
pub(crate) struct Told<'a> {
    pub(crate) scan: &'a ScanHeader,
    pub(crate) finished: &'a str,
    pub(crate) source_label: &'a str,
    pub(crate) covered: &'a [ObservationSource],
    pub(crate) installed: &'a [Installed<'a>],
    /// The sources of these.
    pub(crate) sources: &'a BTreeSet<ObservationSource>,
    pub(crate) detections: &'a [Detection],
}

/// The sources of observations.
pub(crate) fn sources_of(observations: &[Observation]) -> BTreeSet<ObservationSource> {
    observations.iter().map(|observation| observation.source).collect()
}

/// Records a scan within a transaction. Nothing of it is written when it is refused.
pub(crate) fn record(
    connection: &Connection,
    told: &Told<'_>,
    whence: Whence,
    rollup: &mut Rollup,
) -> Result<RecordedScan, StoreError> {
    let Told { scan, finished, sources, detections, .. } = told;
    instant::check(&scan.started)?;
    instant::check(finished)?;
    let covered: BTreeSet<&'static str> = told.covered.iter().map(|source| source.as_str()).collect();
    let touched: BTreeSet<&str> = sources.iter().map(|source| source.as_str()).chain(covered.iter().copied()).collect();
    let mut known = known_machine(connection, &scan.machine.id)?;
    if known.is_none() && whence.origin == 0 {
        known = names::adopt(connection, scan)?;
    }
    let full_before = match known {
        Some(machine) => sources_before(connection, machine, whence.origin, scan, &touched)?,
        None => BTreeMap::new(),
    };
    let (machine, is_new) = find_or_add_machine(connection, scan)?;
    names::note_hostname(connection, machine, &scan.machine.hostname)?;
    let scan_id = insert_scan(connection, machine, told, &covered, whence)?;
    let recording = Recording {
        machine,
        scan: scan_id,
        origin: whence.origin,
        batch: whence.batch,
        started: instant::second(&scan.started),
        header: scan,
        catalogue_version: &scan.probes.catalogue_version,
        covered,
        full_before,
    };
    let installations = installations::record(connection, &recording, told.installed, is_new, rollup)?;
    let found = detections::record(connection, &recording, detections, rollup)?;
    note_sources(connection, &recording, &touched)?;
    Ok(RecordedScan {
        scan_id,
        new_installations: installations.opened,
        gone_installations: installations.closed,
        new_detections: found.opened,
        gone_detections: found.closed,
    })
}

fn known_machine(connection: &Connection, id: &str) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT id FROM machine WHERE machine_id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?)
}

/// The number of the machine, and whether it was unknown. What is known of it is that of its newest scan.
fn find_or_add_machine(connection: &Connection, scan: &ScanHeader) -> Result<(i64, bool), StoreError> {
    let Machine { id, hostname, os, arch } = &scan.machine;
    let sql =
        "SELECT id, (SELECT max(started) FROM scan WHERE machine = machine.id) FROM machine WHERE machine_id = ?1";
    let known: Option<(i64, Option<String>)> =
        connection.prepare_cached(sql)?.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((machine, newest)) = known else {
        let sql = "INSERT INTO machine (machine_id, hostname, os_family, os_name, os_version, arch) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        connection.prepare_cached(sql)?.execute(params![
            id,
            hostname,
            os.family.as_str(),
            os.name,
            os.version,
            arch
        ])?;
        return Ok((connection.last_insert_rowid(), true));
    };
    if newest.is_none_or(|newest| instant::second(&newest) <= instant::second(&scan.started)) {
        let sql = "UPDATE machine SET hostname = ?2, os_family = ?3, os_name = ?4, os_version = ?5, arch = ?6 \
                   WHERE id = ?1";
        connection.prepare_cached(sql)?.execute(params![
            machine,
            hostname,
            os.family.as_str(),
            os.name,
            os.version,
            arch
        ])?;
    }
    Ok((machine, false))
}

/// Per source, the newest scan that read all of it; refuses a scan that is older than one that read the same source.
fn sources_before(
    connection: &Connection,
    machine: i64,
    origin: i64,
    scan: &ScanHeader,
    touched: &BTreeSet<&str>,
) -> Result<BTreeMap<String, i64>, StoreError> {
    let sql = "SELECT m.source, m.full_scan, s.started FROM machine_source m JOIN scan s ON s.id = m.any_scan \
               WHERE m.machine = ?1 AND m.origin = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([machine, origin])?;
    let mut full_before = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (source, full_scan, recorded): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if touched.contains(source.as_str()) && instant::second(&recorded) > instant::second(&scan.started) {
            return Err(StoreError::OlderScan { recorded, offered: scan.started.clone() });
        }
        if let Some(full_scan) = full_scan {
            full_before.insert(source, full_scan);
        }
    }
    Ok(full_before)
}

fn insert_scan(
    connection: &Connection,
    machine: i64,
    told: &Told<'_>,
    covered: &BTreeSet<&'static str>,
    whence: Whence,
) -> Result<i64, StoreError> {
    let scan = told.scan;
    let sql = "INSERT INTO scan (machine, started, finished, tool_version, catalogue_version, probe_count, \
               source_label, covered, observation_count, read_as, origin, batch) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    let id = connection.prepare_cached(sql)?.insert(params![
        machine,
        scan.started,
        told.finished,
        scan.tool_version,
        scan.probes.catalogue_version,
        from_count(scan.probes.count),
        told.source_label,
        to_json(covered)?,
        from_count(told.installed.len()),
        scan.read_as,
        whence.origin,
        whence.batch,
    ])?;
    let sql = "INSERT INTO scan_collector (scan, ord, name, status, reason, count) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let mut statement = connection.prepare_cached(sql)?;
    for (order, collector) in scan.collectors.iter().enumerate() {
        statement.execute(params![
            id,
            from_count(order),
            collector.name,
            collector.status.as_str(),
            collector.reason,
            from_count(collector.count),
        ])?;
    }
    Ok(id)
}

/// Remembers per source that this scan is now the newest that read it, and perhaps all of it.
fn note_sources(
    connection: &Connection,
    recording: &Recording<'_>,
    touched: &BTreeSet<&str>,
) -> Result<(), StoreError> {
    if let Some(batch) = recording.batch {
        remember_sources(connection, recording, batch, touched)?;
    }
    let sql = "INSERT INTO machine_source (machine, origin, source, any_scan, full_scan) VALUES (?1, ?5, ?2, ?3, ?4) \
               ON CONFLICT (machine, origin, source) DO UPDATE SET any_scan = excluded.any_scan, \
               full_scan = coalesce(excluded.full_scan, full_scan)";
    let mut statement = connection.prepare_cached(sql)?;
    for &source in touched {
        let full_scan = recording.is_covered(source).then_some(recording.scan);
        statement.execute(params![recording.machine, source, recording.scan, full_scan, recording.origin])?;
    }
    Ok(())
}

/// Keeps what the sources were before a batch, so that it can be undone.
fn remember_sources(
    connection: &Connection,
    recording: &Recording<'_>,
    batch: i64,
    touched: &BTreeSet<&str>,
) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO batch_source_before (batch, machine, origin, source, any_scan, full_scan) \
               SELECT ?1, ?2, ?3, ?4, m.any_scan, m.full_scan FROM (SELECT 1) \
               LEFT JOIN machine_source m ON m.machine = ?2 AND m.origin = ?3 AND m.source = ?4";
    let mut statement = connection.prepare_cached(sql)?;
    for &source in touched {
        statement.execute(params![batch, recording.machine, recording.origin, source])?;
    }
    Ok(())
}
