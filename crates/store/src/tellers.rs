//! Who tells of a machine, since when it has not, and by what names the machine is known.

use std::collections::HashMap;

use interdict_model::ObservationSource;
use rusqlite::OptionalExtension as _;

use crate::error::StoreError;
use crate::query::ScanRow;
use crate::software::text;
use crate::store::Store;
use crate::value::{to_count, to_word};

/// One that tells of a machine: Interdict's own looking, or an export's tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Teller {
    /// The name of the format; `interdict` for our own looking.
    pub origin: String,
    /// How many scans, or imports, there are of it.
    pub scans: usize,
    /// When the machine was as its newest one tells: RFC 3339, UTC.
    pub last_told: String,
    /// Where that came from, for people: `this computer`, a file's name.
    pub source_label: String,
    /// For how many days the tool may go on telling of what is gone.
    pub keeps_days: Option<u32>,
    /// By which rule what it tells of was taken for this machine, and how it calls the machine.
    pub joined: Option<(String, String)>,
    /// What it told of.
    pub sources: Vec<ToldSource>,
}

/// One source that a teller told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldSource {
    /// The source.
    pub source: ObservationSource,
    /// When the newest scan or import that told anything of it began.
    pub last_told: String,
    /// When the newest one began that told of everything there is of it; nothing when none ever did.
    pub last_whole: Option<String>,
}

/// When one that tells of a machine last did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastTold {
    /// The name of the format; `interdict` for our own looking.
    pub origin: String,
    /// When the machine was as told.
    pub at: String,
    /// For how many days the tool may go on telling of what is gone.
    pub keeps_days: Option<u32>,
}

/// A name or number that a machine is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineName {
    /// `uuid`, `serial`, `fqdn`, `hostname`, or `tool:` and the format whose id it is.
    pub kind: String,
    /// In lower case.
    pub value: String,
}

/// The newest scan of each machine and origin, with the import it came with.
const LAST_TOLD: &str = "\
    SELECT m.machine_id, coalesce(o.name, 'interdict'), max(s.started), count(*), b.keeps_days, s.source_label, s.batch \
    FROM scan s JOIN machine m ON m.id = s.machine LEFT JOIN origin o ON o.id = s.origin \
    LEFT JOIN batch b ON b.id = s.batch {where} GROUP BY s.machine, s.origin ORDER BY s.origin <> 0, max(s.started) DESC";

impl Store {
    /// When each that tells of a machine last did, by the machine's id; our own looking first, then the newest.
    pub fn last_told(&self) -> Result<HashMap<String, Vec<LastTold>>, StoreError> {
        let mut statement = self.connection.prepare_cached(&LAST_TOLD.replace("{where}", ""))?;
        let mut rows = statement.query([])?;
        let mut told: HashMap<String, Vec<LastTold>> = HashMap::new();
        while let Some(row) = rows.next()? {
            let last = LastTold { origin: row.get(1)?, at: row.get(2)?, keeps_days: row.get(4)? };
            told.entry(row.get(0)?).or_default().push(last);
        }
        Ok(told)
    }

    /// Who tells of a machine: our own looking first, then the newest. Nothing for an unknown machine.
    pub fn tellers_of(&self, machine_id: &str) -> Result<Vec<Teller>, StoreError> {
        let transaction = self.read()?;
        let sql = LAST_TOLD.replace("{where}", "WHERE m.machine_id = ?1");
        let mut statement = transaction.prepare_cached(&sql)?;
        let mut rows = statement.query([machine_id])?;
        let mut tellers = Vec::new();
        while let Some(row) = rows.next()? {
            let batch: Option<i64> = row.get(6)?;
            tellers.push(Teller {
                origin: row.get(1)?,
                scans: to_count(row.get(3)?),
                last_told: row.get(2)?,
                source_label: row.get(5)?,
                keeps_days: row.get(4)?,
                joined: batch.map_or(Ok(None), |batch| self.joined(batch, machine_id))?,
                sources: Vec::new(),
            });
        }
        for teller in &mut tellers {
            teller.sources = self.told_sources(machine_id, &teller.origin)?;
        }
        Ok(tellers)
    }

    fn joined(&self, batch: i64, machine_id: &str) -> Result<Option<(String, String)>, StoreError> {
        let sql = "SELECT b.rule, b.told FROM batch_machine b JOIN machine m ON m.id = b.machine \
                   WHERE b.batch = ?1 AND m.machine_id = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row((batch, machine_id), |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    fn told_sources(&self, machine_id: &str, origin: &str) -> Result<Vec<ToldSource>, StoreError> {
        let sql = "SELECT t.source, a.started, f.started FROM machine_source t JOIN machine m ON m.id = t.machine \
                   JOIN scan a ON a.id = t.any_scan LEFT JOIN scan f ON f.id = t.full_scan \
                   LEFT JOIN origin o ON o.id = t.origin \
                   WHERE m.machine_id = ?1 AND coalesce(o.name, 'interdict') = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([machine_id, origin])?;
        let mut sources = Vec::new();
        while let Some(row) = rows.next()? {
            sources.push(ToldSource {
                source: to_word("a source", text(row, 0)?.unwrap_or_default())?,
                last_told: row.get(1)?,
                last_whole: row.get(2)?,
            });
        }
        sources.sort_by_key(|told| told.source);
        Ok(sources)
    }

    /// The names and numbers a machine is known by, by kind and value.
    pub fn names_of(&self, machine_id: &str) -> Result<Vec<MachineName>, StoreError> {
        let sql = "SELECT n.kind, n.value FROM machine_name n JOIN machine m ON m.id = n.machine \
                   WHERE m.machine_id = ?1 AND n.kind NOT GLOB 'same:*' AND n.kind NOT GLOB 'apart:*' \
                   AND n.kind NOT GLOB 'called:*' AND n.kind <> 'machine-id' ORDER BY n.kind, n.value";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows =
            statement.query_map([machine_id], |row| Ok(MachineName { kind: row.get(0)?, value: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The newest scans and imports of a machine, at most so many, newest first, each with who told.
    pub fn scans_of(&self, machine_id: &str, limit: usize) -> Result<Vec<(String, ScanRow)>, StoreError> {
        let sql = "SELECT s.id, m.machine_id, s.started, s.observation_count, coalesce(o.name, 'interdict') \
                   FROM scan s JOIN machine m ON m.id = s.machine LEFT JOIN origin o ON o.id = s.origin \
                   WHERE m.machine_id = ?1 ORDER BY substr(s.started, 1, 19) DESC, s.id DESC LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map((machine_id, crate::value::from_count(limit)), |row| {
            let scan = ScanRow {
                id: row.get(0)?,
                machine_id: row.get(1)?,
                started: row.get(2)?,
                observations: to_count(row.get(3)?),
            };
            Ok((row.get(4)?, scan))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
