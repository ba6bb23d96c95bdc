//! What tools tell of without saying on which machines: lists of a whole tenant with counts, bills of an application's
//! materials, lists of licences.
//!
//! It stands beside what is on machines and is never counted with it: how many machines have something is counted here,
//! how many have it by what a tool counts is that tool's word. Nothing that is told closes anything: what an import told
//! stays until it is undone or forgotten as of an older day, with the day it was last told on.

use std::collections::HashMap;

use interdict_model::{Observation, ObservationSource};
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Row, Transaction, params};

use crate::batch::BatchTitle;
use crate::error::StoreError;
use crate::software::text;
use crate::store::Store;
use crate::value::{to_json, to_word};
use crate::words;

/// Something told of without a machine, as it passes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassingTold<'a> {
    /// Its number in this database.
    pub id: i64,
    /// Its name, else its name for people, else its identifier.
    pub name: &'a str,
    /// Its version; empty where it is not told.
    pub version: &'a str,
    /// Its publisher; empty where it is not told.
    pub publisher: &'a str,
    /// Where the tool read it.
    pub source: ObservationSource,
    /// Its identifier, such as a CPE name; empty where it is not told.
    pub identifier: &'a str,
}

impl PassingTold<'_> {
    /// As the observation that it was told as.
    #[must_use]
    pub fn observation(&self) -> Observation {
        let known = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let mut observation = Observation::new(self.source);
        observation.name = known(self.name);
        observation.version = known(self.version);
        observation.publisher = known(self.publisher);
        observation.identifier = known(self.identifier);
        observation
    }
}

/// Something told of without a machine, and who tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldTitle {
    /// Its number in this database.
    pub id: i64,
    /// Its name, else its name for people, else its identifier.
    pub name: String,
    /// Its version as written.
    pub version: Option<String>,
    /// Its publisher as written.
    pub publisher: Option<String>,
    /// Where the tool read it.
    pub source: ObservationSource,
    /// Its identifier.
    pub identifier: Option<String>,
    /// The newest telling of each tool, the newest first; never none.
    pub tellings: Vec<Telling>,
}

/// That a tool told of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// The name of the format.
    pub origin: String,
    /// The import.
    pub batch: i64,
    /// The file's name.
    pub file: String,
    /// When it was so: when the file's data was made, else when it was imported. RFC 3339, UTC.
    pub at: String,
    /// On how many machines, as the tool counts.
    pub devices: Option<u64>,
    /// How many newer imports of that tool tell of things without a machine, but not of this.
    pub newer: usize,
}

/// In which order lists of them go.
const BY_NAME: &str = "name COLLATE NOCASE, name, version, publisher, source, identifier";

impl Store {
    /// Shows everything that is told of without a machine, by name, version and publisher.
    pub fn each_told(&self, mut take: impl FnMut(PassingTold<'_>)) -> Result<(), StoreError> {
        let sql = format!("SELECT id, name, version, publisher, source, identifier FROM told_title ORDER BY {BY_NAME}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            take(PassingTold {
                id: row.get(0)?,
                name: text(row, 1)?.unwrap_or_default(),
                version: text(row, 2)?.unwrap_or_default(),
                publisher: text(row, 3)?.unwrap_or_default(),
                source: to_word("a source", text(row, 4)?.unwrap_or_default())?,
                identifier: text(row, 5)?.unwrap_or_default(),
            });
        }
        Ok(())
    }

    /// What is told of without a machine, by number, in that order, with who tells of it.
    pub fn told_titles(&self, ids: &[i64]) -> Result<Vec<ToldTitle>, StoreError> {
        let transaction = self.read()?;
        let batches = Batches::read(&transaction)?;
        let sql = "SELECT t.id, t.name, t.version, t.publisher, t.source, t.identifier \
                   FROM json_each(?1) wanted JOIN told_title t ON t.id = wanted.value ORDER BY wanted.key";
        let mut statement = transaction.prepare_cached(sql)?;
        let mut tellings = transaction.prepare_cached("SELECT batch, devices FROM batch_title WHERE title = ?1")?;
        let mut rows = statement.query([to_json(&ids)?])?;
        let mut titles = Vec::with_capacity(ids.len());
        while let Some(row) = rows.next()? {
            titles.push(ToldTitle { tellings: batches.tellings(&mut tellings, row.get(0)?)?, ..read_title(row)? });
        }
        Ok(titles)
    }

    /// The numbers of what is told of without a machine and has all words of a text in its name or publisher, each perhaps
    /// going on, in any script; none for a text without letters and digits.
    pub fn told_with_words(&self, text: &str) -> Result<Vec<i64>, StoreError> {
        let Some(question) = words::question(text) else { return Ok(Vec::new()) };
        let mut statement = self.connection.prepare_cached("SELECT rowid FROM told_words WHERE told_words MATCH ?1")?;
        let rows = statement.query_map([question], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The numbers of what is told of without a machine, of exactly a name and publisher; an empty publisher is none.
    pub fn told_named(&self, name: &str, publisher: &str) -> Result<Vec<i64>, StoreError> {
        let sql =
            "SELECT id FROM told_title WHERE name = ?1 COLLATE NOCASE AND name = ?1 AND publisher = ?2 ORDER BY id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([name, publisher], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn read_title(row: &Row<'_>) -> Result<ToldTitle, StoreError> {
    let known = |column| Ok::<_, StoreError>(Some(row.get::<_, String>(column)?).filter(|text| !text.is_empty()));
    Ok(ToldTitle {
        id: row.get(0)?,
        name: row.get(1)?,
        version: known(2)?,
        publisher: known(3)?,
        source: to_word("a source", text(row, 4)?.unwrap_or_default())?,
        identifier: known(5)?,
        tellings: Vec::new(),
    })
}

/// The imports that tell of anything without a machine.
struct Batches {
    by_id: HashMap<i64, Telling>,
}

impl Batches {
    fn read(connection: &Connection) -> Result<Self, StoreError> {
        let sql = "SELECT id, format, file, coalesce(made, imported) AS at FROM batch WHERE undone IS NULL AND titles > 0 \
                   ORDER BY at DESC, id DESC";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut newer: HashMap<String, usize> = HashMap::new();
        let mut by_id = HashMap::new();
        while let Some(row) = rows.next()? {
            let (batch, origin): (i64, String) = (row.get(0)?, row.get(1)?);
            let count = newer.entry(origin.clone()).or_default();
            let telling = Telling { origin, batch, file: row.get(2)?, at: row.get(3)?, devices: None, newer: *count };
            *count += 1;
            by_id.insert(batch, telling);
        }
        Ok(Self { by_id })
    }

    /// The newest telling of each tool, the newest first.
    fn tellings(&self, statement: &mut CachedStatement<'_>, title: i64) -> Result<Vec<Telling>, StoreError> {
        let mut newest: HashMap<&str, Telling> = HashMap::new();
        let mut rows = statement.query([title])?;
        while let Some(row) = rows.next()? {
            let Some(known) = self.by_id.get(&row.get(0)?) else { continue };
            if newest.get(known.origin.as_str()).is_some_and(|other| other.newer < known.newer) {
                continue;
            }
            let devices: Option<i64> = row.get(1)?;
            let devices = devices.map(|devices| u64::try_from(devices).unwrap_or_default());
            newest.insert(&known.origin, Telling { devices, ..known.clone() });
        }
        let mut tellings: Vec<Telling> = newest.into_values().collect();
        tellings.sort_by(|left, right| (&right.at, right.batch).cmp(&(&left.at, left.batch)));
        Ok(tellings)
    }
}

/// Keeps that a batch tells of something. Told of more than once in one file, the counts add up: tools list a product once
/// for each system or department.
pub(crate) fn keep(transaction: &Transaction<'_>, batch: i64, title: &BatchTitle) -> Result<(), StoreError> {
    /// The sum of two such counts fits.
    const MOST: i64 = i64::MAX >> 1;
    let told = &title.observation;
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let fields = params![
        told.title(),
        or_empty(&told.version),
        or_empty(&told.publisher),
        told.source.as_str(),
        or_empty(&told.identifier)
    ];
    let sql = "SELECT id FROM told_title WHERE name = ?1 COLLATE NOCASE AND name = ?1 AND version = ?2 \
               AND publisher = ?3 AND source = ?4 AND identifier = ?5";
    let known: Option<i64> = transaction.prepare_cached(sql)?.query_row(fields, |row| row.get(0)).optional()?;
    let id = if let Some(id) = known {
        id
    } else {
        let sql = "INSERT INTO told_title (name, version, publisher, source, identifier) VALUES (?1, ?2, ?3, ?4, ?5)";
        let id = transaction.prepare_cached(sql)?.insert(fields)?;
        let words = words::of_title(told.title(), told.publisher.as_deref().unwrap_or_default());
        transaction
            .prepare_cached("INSERT INTO told_words (rowid, words) VALUES (?1, ?2)")?
            .execute(params![id, words])?;
        id
    };
    let sql = "INSERT INTO batch_title (title, batch, devices) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET \
               devices = CASE WHEN devices IS NULL THEN excluded.devices \
               ELSE min(devices, ?4) + coalesce(excluded.devices, 0) END";
    let devices = title.devices.map(|devices| i64::try_from(devices).unwrap_or(MOST).min(MOST));
    transaction.prepare_cached(sql)?.execute(params![id, batch, devices, MOST])?;
    Ok(())
}

/// Takes away what a batch told, and what nobody else tells of.
pub(crate) fn take_back(connection: &Connection, batch: i64) -> Result<(), StoreError> {
    if connection.execute("DELETE FROM batch_title WHERE batch = ?1", [batch])? > 0 {
        take_untold(connection)?;
    }
    Ok(())
}

/// Takes away what imports told of a time before an instant, and what nobody has told of since; says how many tellings and
/// how many titles that were. Every import goes by itself: that a newer one of its tool tells of the same ends nothing, since
/// both may be whole lists of different things.
pub(crate) fn forget_before(connection: &Connection, before: &str) -> Result<(usize, usize), StoreError> {
    let sql = "DELETE FROM batch_title WHERE batch IN (SELECT id FROM batch WHERE coalesce(made, imported) < ?1)";
    let tellings = connection.execute(sql, [before])?;
    let titles = if tellings > 0 { take_untold(connection)? } else { 0 };
    Ok((tellings, titles))
}

/// Takes away what nobody tells of any more; says how much that was.
fn take_untold(connection: &Connection) -> Result<usize, StoreError> {
    connection.execute(
        "DELETE FROM told_words WHERE rowid IN (SELECT id FROM told_title WHERE id NOT IN (SELECT title FROM batch_title))",
        [],
    )?;
    Ok(connection.execute("DELETE FROM told_title WHERE id NOT IN (SELECT title FROM batch_title)", [])?)
}

/// Fills the words of a database that had none.
pub(crate) fn fill_words(connection: &Connection) -> Result<(), StoreError> {
    let mut statement = connection.prepare("SELECT id, name, publisher FROM told_title")?;
    let mut insert = connection.prepare("INSERT INTO told_words (rowid, words) VALUES (?1, ?2)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let words = words::of_title(text(row, 1)?.unwrap_or_default(), text(row, 2)?.unwrap_or_default());
        insert.execute(params![row.get::<_, i64>(0)?, words])?;
    }
    Ok(())
}
