//! An import of one file: all the machines it tells of in one transaction, with what could not be used.
//!
//! A batch is recorded whole or not at all. The same file is taken once, known by its content. What a tool tells is kept
//! apart from what other tools tell of the same machine: its origin. Undoing one stands in `undo`.

use std::collections::BTreeSet;

use interdict_model::{Detection, Observation, ObservationRef, ObservationSource, ScanHeader};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use serde_json::json;

use crate::decisions::{self, MachineDecision};
use crate::error::StoreError;
use crate::installed::{Installed, Place, PlaceNumber, Registry, SoftwareNumber, installed, raw_json_of};
use crate::log::{self, LogKind, NewLogEntry};
use crate::names::{self, Claim, JoinRule};
use crate::record::{self, RecordedScan, Told, Whence};
use crate::rollup::Rollup;
use crate::software::Software;
use crate::store::Store;
use crate::value::{from_count, from_json, to_count, to_json};
use crate::{installations, instant, sides, told};

/// The most rejects that are kept of one batch; all of them are counted.
pub(crate) const MOST_REJECTS: usize = 10_000;

/// What is known of a file before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchHeader {
    /// Its name, as the person called it.
    pub file: String,
    /// SHA-256 of the file as it lay there, in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The format's name; the origin of what it tells.
    pub format: String,
    /// Its encoding, for people.
    pub encoding: Option<String>,
    /// What was peeled off, outermost first.
    pub layers: Vec<String>,
    /// When its data was made, where it says: RFC 3339, UTC.
    pub made: Option<String>,
    /// Now: RFC 3339, UTC.
    pub imported: String,
    /// For how many days the tool may go on telling of what is gone.
    pub keeps_days: Option<u32>,
}

/// Something that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchReject {
    /// Where it stands, such as `line 12`.
    pub place: String,
    /// Why.
    pub reason: String,
    /// Its beginning as written.
    pub excerpt: String,
}

/// Something of which no machine is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchTitle {
    /// What was told.
    pub observation: Observation,
    /// On how many machines.
    pub devices: Option<u64>,
}

/// Which machine a device was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineJoin {
    /// The machine's id.
    pub machine_id: String,
    /// Its host name.
    pub hostname: String,
    /// The rule, such as `uuid`.
    pub rule: String,
    /// How the export calls it.
    pub told: String,
    /// What somebody decided about the two.
    pub decision: Option<MachineDecision>,
}

/// A batch that was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRow {
    /// Its number in this database.
    pub id: i64,
    /// What was known of the file.
    pub header: BatchHeader,
    /// Records that were used.
    pub used: u64,
    /// Records that could not be used.
    pub rejected: u64,
    /// Records left out on purpose, by reason.
    pub skipped: Vec<(String, u64)>,
    /// Machines it told of.
    pub machines: usize,
    /// Records that name no machine.
    pub titles: usize,
    /// When it was undone.
    pub undone: Option<String>,
    /// Whether what was before it is forgotten, so that it cannot be undone any more.
    pub is_sealed: bool,
}

/// A batch being recorded. Dropped, nothing of it is kept.
pub struct Batch<'s> {
    transaction: Transaction<'s>,
    id: i64,
    whence: Whence,
    format: String,
    rejects: usize,
    titles: usize,
    machines: usize,
    /// Installations that are new, and gone.
    moved: (usize, usize),
    rollup: Rollup,
}

/// What was told of one machine, in numbers that [`Batch::register_software`] and [`Batch::register_places`] gave.
#[derive(Debug, Clone, Copy)]
pub struct ToldMachine<'a> {
    /// What is said of the telling.
    pub scan: &'a ScanHeader,
    /// The sources of which everything was told.
    pub covered: &'a [ObservationSource],
    /// What is on it.
    pub installed: &'a [Installed<'a>],
    /// The sources of that.
    pub sources: &'a BTreeSet<ObservationSource>,
    /// What it comes to, with all that is known of the machine.
    pub detections: &'a [Detection],
}

impl Store {
    /// The batch that the same file came with before, in a format or in any, unless that was undone.
    pub fn batch_of(&self, sha256: &str, format: Option<&str>) -> Result<Option<BatchRow>, StoreError> {
        let sql = "SELECT id FROM batch WHERE sha256 = ?1 AND format = coalesce(?2, format) AND undone IS NULL";
        let id: Option<i64> = self.connection.query_row(sql, params![sha256, format], |row| row.get(0)).optional()?;
        id.map_or(Ok(None), |id| self.batch(id))
    }

    /// Begins a batch. Nobody else can write until it is finished or dropped.
    pub fn begin_batch(&mut self, header: &BatchHeader) -> Result<Batch<'_>, StoreError> {
        instant::check(&header.imported)?;
        let transaction = self.write()?;
        let origin = if header.format == "scan" { 0 } else { origin_of(&transaction, &header.format)? };
        let sql = "INSERT INTO batch (file, sha256, bytes, format, encoding, layers, made, imported, used, rejected, \
                   machines, titles, keeps_days) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, 0, 0, ?9)";
        transaction.execute(
            sql,
            params![
                header.file,
                header.sha256,
                i64::try_from(header.bytes).unwrap_or(i64::MAX),
                header.format,
                header.encoding,
                to_json(&header.layers)?,
                header.made,
                header.imported,
                header.keeps_days,
            ],
        )?;
        let id = transaction.last_insert_rowid();
        let whence = Whence { origin, batch: Some(id) };
        Ok(Batch {
            transaction,
            id,
            whence,
            format: header.format.clone(),
            rejects: 0,
            titles: 0,
            machines: 0,
            moved: (0, 0),
            rollup: Rollup::default(),
        })
    }

    /// Every batch, newest first.
    pub fn batches(&self) -> Result<Vec<BatchRow>, StoreError> {
        let mut statement = self.connection.prepare_cached(&batch_sql("ORDER BY id DESC"))?;
        let rows = statement.query_map([], |row| Ok(read_batch(row)))?;
        rows.map(|row| self.with_skips(row??)).collect()
    }

    /// A batch.
    pub fn batch(&self, id: i64) -> Result<Option<BatchRow>, StoreError> {
        let mut statement = self.connection.prepare_cached(&batch_sql("WHERE id = ?1"))?;
        let row = statement.query_row([id], |row| Ok(read_batch(row))).optional()?;
        row.map(|row| self.with_skips(row?)).transpose()
    }

    /// What of a batch could not be used, at most 10,000.
    pub fn batch_rejects(&self, id: i64) -> Result<Vec<BatchReject>, StoreError> {
        let sql = "SELECT place, reason, excerpt FROM batch_reject WHERE batch = ?1 ORDER BY ord";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement
            .query_map([id], |row| Ok(BatchReject { place: row.get(0)?, reason: row.get(1)?, excerpt: row.get(2)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Which machines the devices of a batch were taken for; first those joined by name alone, and new ones with a namesake.
    pub fn batch_machines(&self, id: i64) -> Result<Vec<MachineJoin>, StoreError> {
        let sql = "SELECT m.machine_id, m.hostname, b.rule, b.told FROM batch_machine b \
                   JOIN machine m ON m.id = b.machine WHERE b.batch = ?1 \
                   ORDER BY b.rule NOT IN ('hostname', 'namesake'), m.hostname COLLATE NOCASE, m.machine_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([id], |row| {
            let (machine_id, hostname) = (row.get(0)?, row.get(1)?);
            Ok(MachineJoin { machine_id, hostname, rule: row.get(2)?, told: row.get(3)?, decision: None })
        })?;
        let mut joins: Vec<MachineJoin> = rows.collect::<Result<_, _>>()?;
        let format: Option<String> =
            self.connection.query_row("SELECT format FROM batch WHERE id = ?1", [id], |row| row.get(0)).optional()?;
        for join in &mut joins {
            let device = (format.as_deref().unwrap_or_default(), join.told.as_str());
            join.decision = decisions::about(&self.connection, device, &join.machine_id)?;
        }
        Ok(joins)
    }

    fn with_skips(&self, mut batch: BatchRow) -> Result<BatchRow, StoreError> {
        let sql = "SELECT reason, count FROM batch_skip WHERE batch = ?1 ORDER BY reason";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([batch.id], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
        for row in rows {
            let (reason, count) = row?;
            batch.skipped.push((reason, u64::try_from(count).unwrap_or_default()));
        }
        Ok(batch)
    }
}

impl Batch<'_> {
    /// The number of the batch in this database.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The id of the machine that a device is taken for, and by which rule; no id for one that is new.
    pub fn find_machine(&self, claim: &Claim) -> Result<(Option<String>, JoinRule), StoreError> {
        names::find(&self.transaction, claim, &self.format)
    }

    /// An id for the new machine of a device: the given one, unless another machine bears it. The second value says that a
    /// machine bears it which the device is, after all: the same tool told of it by the same name.
    pub fn new_machine_id(&self, claim: &Claim, id: &str) -> Result<(String, bool), StoreError> {
        names::new_id(&self.transaction, claim, &self.format, id)
    }

    /// What is known of a machine now, and who told of it; `interdict` is our own looking.
    pub fn told_of(&self, machine_id: &str) -> Result<Vec<(String, Observation)>, StoreError> {
        installations::told_of(&self.transaction, machine_id)
    }

    /// What the batch's own origin is called.
    pub fn origin(&self) -> &str {
        if self.whence.origin == 0 { "interdict" } else { &self.format }
    }

    /// Records what was told of one machine; see [`Store::record_scan`]. Refused with `store/older-scan`, nothing of this
    /// machine is written and the batch goes on.
    pub fn record(
        &mut self,
        scan: &ScanHeader,
        finished: &str,
        covered: &[ObservationSource],
        observations: &[Observation],
        detections: &[Detection],
        join: (&Claim, JoinRule),
    ) -> Result<RecordedScan, StoreError> {
        let installed = installed(&self.transaction, observations, &mut self.rollup)?;
        let sources = record::sources_of(observations);
        let told = ToldMachine { scan, covered, installed: &installed, sources: &sources, detections };
        // A scan of ours stands in the log as one, whichever way it came.
        let digest = (self.whence.origin == 0).then(|| log::observations_digest(observations)).transpose()?;
        self.keep(&told, finished, join, digest.as_deref())
    }

    /// As [`record`](Self::record), for what another tool told.
    pub fn record_installed(
        &mut self,
        told: &ToldMachine<'_>,
        finished: &str,
        join: (&Claim, JoinRule),
    ) -> Result<RecordedScan, StoreError> {
        self.keep(told, finished, join, None)
    }

    /// The numbers of pieces of software, in their order; those that were never stored are.
    pub fn register_software<'o>(
        &mut self,
        observations: impl Iterator<Item = ObservationRef<'o>>,
    ) -> Result<Vec<SoftwareNumber>, StoreError> {
        let mut registry = Registry::new(&self.transaction)?;
        let mut numbers = Vec::with_capacity(observations.size_hint().0);
        for observation in observations {
            let found = registry.software(observation.source, &Software::of_borrowed(&observation))?;
            self.rollup.note(&found);
            numbers.push(SoftwareNumber(found.number));
        }
        Ok(numbers)
    }

    /// The numbers of places and raw fields, in their order; those that were never stored are.
    pub fn register_places<'o>(
        &mut self,
        observations: impl Iterator<Item = ObservationRef<'o>>,
    ) -> Result<Vec<PlaceNumber>, StoreError> {
        let mut registry = Registry::new(&self.transaction)?;
        let mut numbers = Vec::with_capacity(observations.size_hint().0);
        for observation in observations {
            let place = registry.place(&Place::of(&observation))?;
            let detail = registry.detail(raw_json_of(&observation)?.as_deref())?;
            numbers.push(PlaceNumber { place, detail });
        }
        Ok(numbers)
    }

    /// Whether anybody but this batch's own origin, or that of other sources than these, told of a machine.
    pub fn is_told_elsewhere(&self, machine_id: &str, covered: &[ObservationSource]) -> Result<bool, StoreError> {
        let sql = "SELECT origin, source FROM machine_source \
                   WHERE machine = (SELECT id FROM machine WHERE machine_id = ?1)";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let mut rows = statement.query([machine_id])?;
        while let Some(row) = rows.next()? {
            let source = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            if row.get::<_, i64>(0)? != self.whence.origin || covered.iter().all(|known| known.as_str() != source) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn keep(
        &mut self,
        told: &ToldMachine<'_>,
        finished: &str,
        join: (&Claim, JoinRule),
        digest: Option<&str>,
    ) -> Result<RecordedScan, StoreError> {
        let &ToldMachine { scan, covered, installed, sources, detections } = told;
        let sides = sides::kept(&self.transaction, join, (scan, installed.len(), &self.format))?;
        let label = self.file()?;
        let told = Told { scan, finished, source_label: &label, covered, installed, sources, detections };
        let recorded = record::record(&self.transaction, &told, self.whence, &mut self.rollup)?;
        self.rollup.write_if_large(&self.transaction)?;
        if let Some(digest) = digest {
            log::append(&self.transaction, &record::log_entry(&told, digest, &recorded))?;
        }
        self.moved.0 += recorded.new_installations;
        self.moved.1 += recorded.gone_installations;
        let (claim, rule) = join;
        names::note(&self.transaction, &scan.machine.id, join, &self.format)?;
        let sql = "INSERT OR IGNORE INTO batch_machine (batch, machine, rule, told, sides) \
                   VALUES (?1, (SELECT id FROM machine WHERE machine_id = ?2), ?3, ?4, ?5)";
        let told = claim.hostname.as_deref().or(claim.tool_id.as_deref()).unwrap_or(&scan.machine.hostname);
        let mut statement = self.transaction.prepare_cached(sql)?;
        self.machines += statement.execute(params![self.id, scan.machine.id, rule.as_str(), told, sides])?;
        Ok(recorded)
    }

    /// Keeps something that could not be used. From the ten thousandth on they are only counted.
    pub fn reject(&mut self, reject: &BatchReject) -> Result<(), StoreError> {
        if self.rejects < MOST_REJECTS {
            let sql = "INSERT INTO batch_reject (batch, ord, place, reason, excerpt) VALUES (?1, ?2, ?3, ?4, ?5)";
            let BatchReject { place, reason, excerpt } = reject;
            let mut statement = self.transaction.prepare_cached(sql)?;
            statement.execute(params![self.id, from_count(self.rejects), place, reason, excerpt])?;
        }
        self.rejects += 1;
        Ok(())
    }

    /// Keeps something of which no machine is told.
    pub fn title(&mut self, title: &BatchTitle) -> Result<(), StoreError> {
        told::keep(&self.transaction, self.id, title)?;
        self.titles += 1;
        Ok(())
    }

    /// Completes the batch: from here on it stands.
    pub fn finish(mut self, used: u64, rejected: u64, skipped: &[(&str, u64)]) -> Result<i64, StoreError> {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let sql = "UPDATE batch SET used = ?2, rejected = ?3, machines = ?4, titles = ?5 WHERE id = ?1";
        let (machines, titles) = (from_count(self.machines), from_count(self.titles));
        self.transaction.execute(sql, params![self.id, number(used), number(rejected), machines, titles])?;
        for (reason, count) in skipped {
            let sql = "INSERT INTO batch_skip (batch, reason, count) VALUES (?1, ?2, ?3)";
            self.transaction.execute(sql, params![self.id, reason, number(*count)])?;
        }
        self.rollup.write(&self.transaction)?;
        log::append(&self.transaction, &self.log_entry(used, rejected)?)?;
        self.transaction.commit()?;
        Ok(self.id)
    }

    fn log_entry(&self, used: u64, rejected: u64) -> Result<NewLogEntry, StoreError> {
        let sql = "SELECT file, sha256, bytes, imported FROM batch WHERE id = ?1";
        let (file, sha256, bytes, imported): (String, String, i64, String) =
            self.transaction
                .query_row(sql, [self.id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let body = json!({
            "import": self.id,
            "file": file,
            "sha256": sha256,
            "bytes": bytes,
            "format": self.format,
            "used": used,
            "rejected": rejected,
            "machines": self.machines,
            "titles": self.titles,
            "new_installations": self.moved.0,
            "gone_installations": self.moved.1,
        });
        Ok(NewLogEntry { instant: imported, kind: LogKind::Import, body })
    }

    fn file(&self) -> Result<String, StoreError> {
        let mut statement = self.transaction.prepare_cached("SELECT file FROM batch WHERE id = ?1")?;
        Ok(statement.query_row([self.id], |row| row.get(0))?)
    }
}

fn origin_of(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    connection.execute("INSERT OR IGNORE INTO origin (name) VALUES (?1)", [name])?;
    Ok(connection.query_row("SELECT id FROM origin WHERE name = ?1", [name], |row| row.get(0))?)
}

fn batch_sql(rest: &str) -> String {
    format!(
        "SELECT id, file, sha256, bytes, format, encoding, layers, made, imported, keeps_days, used, rejected, machines, \
         titles, undone, sealed FROM batch {rest}"
    )
}

fn read_batch(row: &Row<'_>) -> Result<BatchRow, StoreError> {
    let count = |column: usize| row.get::<_, i64>(column).map(|count| u64::try_from(count).unwrap_or_default());
    Ok(BatchRow {
        id: row.get(0)?,
        header: BatchHeader {
            file: row.get(1)?,
            sha256: row.get(2)?,
            bytes: count(3)?,
            format: row.get(4)?,
            encoding: row.get(5)?,
            layers: from_json("layers", &row.get::<_, String>(6)?)?,
            made: row.get(7)?,
            imported: row.get(8)?,
            keeps_days: row.get(9)?,
        },
        used: count(10)?,
        rejected: count(11)?,
        skipped: Vec::new(),
        machines: to_count(row.get(12)?),
        titles: to_count(row.get(13)?),
        undone: row.get(14)?,
        is_sealed: row.get(15)?,
    })
}
