//! Installations of one machine: what a scan opens, keeps and closes, and what is there now.
//!
//! A scan that covers a source and finds an installation as it was writes nothing for it: that it was seen again follows
//! from `machine_source.full_scan`. Two observations that differ in nothing that makes them distinct are two
//! installations, so that what is asked back is what was handed in.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{Hash, Hasher};

use interdict_model::{Observation, ObservationSource, Scope, raw_key};
use rusqlite::{Connection, Params, Row, params};

use crate::error::StoreError;
use crate::record::Recording;
use crate::software::{self, Numbers, Software, text};
use crate::store::Store;
use crate::value::{from_count, from_json, to_json, to_word};

/// How many intervals a recording opened and closed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) opened: usize,
    pub(crate) closed: usize,
}

/// What makes an installation the same one in the next scan. Day of installation and raw fields may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity<'a> {
    software: Software<'a>,
    path: Option<&'a str>,
    install_location: Option<&'a str>,
    scope: Option<Whom<'a>>,
}

impl Hash for Identity<'_> {
    /// The path tells files apart, the software nearly everything else.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.software.hash(state);
        self.path.hash(state);
    }
}

/// A scope without a copy of the user's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whom<'a> {
    Machine,
    User(&'a str),
}

impl<'a> Identity<'a> {
    fn of(observation: &'a Observation) -> Self {
        Self {
            software: Software::of(observation),
            path: observation.path.as_deref(),
            install_location: observation.install_location.as_deref(),
            scope: observation.scope.as_ref().map(|scope| match scope {
                Scope::Machine => Whom::Machine,
                Scope::User(name) => Whom::User(name),
            }),
        }
    }

    /// Reads the columns of [`OPEN_ROWS`].
    fn read(row: &'a Row<'_>) -> Result<Self, rusqlite::Error> {
        let scope = text(row, 5)?.map(|scope| scope.strip_prefix("user:").map_or(Whom::Machine, Whom::User));
        let software = Software::read(row, 6)?;
        Ok(Self { software, path: text(row, 1)?, install_location: text(row, 2)?, scope })
    }
}

/// The open installations of a machine in the order they were first seen; the software's columns follow.
const OPEN_ROWS: &str = "SELECT i.number, i.path, i.install_location, i.install_date, i.raw, i.scope, {software} \
                         FROM installation i JOIN software s ON s.id = i.software \
                         WHERE i.machine = ?1 AND i.gone IS NULL {origin} ORDER BY i.number";

fn open_rows(origin: &str) -> String {
    OPEN_ROWS.replace("{software}", software::COLUMNS).replace("{origin}", origin)
}

/// The observations of a scan that no stored installation has claimed yet. Equal ones form a chain.
struct Unclaimed<'a> {
    observations: &'a [Observation],
    first: HashMap<Identity<'a>, usize>,
    /// Per observation the next equal one; the slot of the first is moved along as the chain is claimed.
    head: Vec<Option<usize>>,
    next: Vec<Option<usize>>,
    claimed: Vec<bool>,
}

impl<'a> Unclaimed<'a> {
    fn new(observations: &'a [Observation]) -> Self {
        let mut first = HashMap::with_capacity(observations.len());
        let mut next = vec![None; observations.len()];
        let mut last: Vec<usize> = (0..observations.len()).collect();
        for (index, observation) in observations.iter().enumerate() {
            let start = *first.entry(Identity::of(observation)).or_insert(index);
            if start != index {
                next[last[start]] = Some(index);
                last[start] = index;
            }
        }
        let head = (0..observations.len()).map(Some).collect();
        Self { observations, first, head, next, claimed: vec![false; observations.len()] }
    }

    /// Takes the next observation of this identity out.
    fn claim(&mut self, identity: &Identity<'_>) -> Option<&'a Observation> {
        let first: &HashMap<Identity<'_>, usize> = &self.first;
        let start = *first.get(identity)?;
        let index = self.head[start]?;
        self.head[start] = self.next[index];
        self.claimed[index] = true;
        Some(&self.observations[index])
    }

    fn rest(&self) -> impl Iterator<Item = &'a Observation> {
        self.observations
            .iter()
            .zip(&self.claimed)
            .filter(|(_, claimed)| !**claimed)
            .map(|(observation, _)| observation)
    }
}

/// What a scan does to the installations that were open before it.
#[derive(Default)]
struct Changes<'a> {
    /// Seen again by a scan that does not cover the source: has to be written down.
    seen: Vec<i64>,
    /// Seen again with another day of installation or other raw fields.
    altered: Vec<(i64, &'a Observation)>,
    /// No longer there; with the scan that saw it last, where that is not in the row.
    gone: Vec<(i64, Option<i64>)>,
}

/// Moves the installations of a machine to what a scan saw.
pub(crate) fn record(
    connection: &Connection,
    recording: &Recording<'_>,
    observations: &[Observation],
    is_new: bool,
) -> Result<Moved, StoreError> {
    let mut unclaimed = Unclaimed::new(observations);
    let changes = if is_new { Changes::default() } else { compare(connection, recording, &mut unclaimed)? };
    write_changes(connection, recording, &changes)?;
    let opened = open(connection, recording, &unclaimed)?;
    let moved = Moved { opened, closed: changes.gone.len() };
    let sql = "UPDATE machine SET installations = installations + ?2 WHERE id = ?1";
    connection.execute(sql, [recording.machine, from_count(moved.opened) - from_count(moved.closed)])?;
    Ok(moved)
}

fn compare<'a>(
    connection: &Connection,
    recording: &Recording<'_>,
    unclaimed: &mut Unclaimed<'a>,
) -> Result<Changes<'a>, StoreError> {
    let mut changes = Changes::default();
    let mut statement = connection.prepare_cached(&open_rows("AND i.origin = ?2"))?;
    let mut rows = statement.query([recording.machine, recording.origin])?;
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        let identity = Identity::read(row)?;
        let source = identity.software.source;
        match unclaimed.claim(&identity) {
            Some(observation) if is_altered(row, observation)? => changes.altered.push((number, observation)),
            Some(_) if recording.is_covered(source) => {}
            Some(_) => changes.seen.push(number),
            None if recording.is_covered(source) && was_looked_at(recording, row)? => {
                changes.gone.push((number, recording.full_before.get(source).copied()));
            }
            None => {}
        }
    }
    Ok(changes)
}

/// Whether the scan looked where the installation was found; only what a search of folders found needs a closer look.
fn was_looked_at(recording: &Recording<'_>, row: &Row<'_>) -> Result<bool, StoreError> {
    let may_be_swept = text(row, 4)?.is_some_and(|raw| raw.contains(raw_key::SWEPT));
    Ok(!may_be_swept || recording.header.looked_where(&read_observation(row)?))
}

fn is_altered(row: &Row<'_>, observation: &Observation) -> Result<bool, StoreError> {
    if text(row, 3)? != observation.install_date.as_deref() {
        return Ok(true);
    }
    Ok(text(row, 4)? != raw_json(observation)?.as_deref())
}

fn write_changes(connection: &Connection, recording: &Recording<'_>, changes: &Changes<'_>) -> Result<(), StoreError> {
    let (machine, scan) = (recording.machine, recording.scan);
    if let Some(batch) = recording.batch {
        remember(connection, batch, machine, changes)?;
    }
    let sql = "UPDATE installation SET last_seen = ?3 WHERE machine = ?1 AND number = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    for number in &changes.seen {
        statement.execute([machine, *number, scan])?;
    }
    let sql = "UPDATE installation SET last_seen = ?3, install_date = ?4, raw = ?5 WHERE machine = ?1 AND number = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    for (number, observation) in &changes.altered {
        statement.execute(params![machine, number, scan, observation.install_date, raw_json(observation)?])?;
    }
    let sql = "UPDATE installation SET gone = ?3, last_seen = max(last_seen, coalesce(?4, last_seen)) \
               WHERE machine = ?1 AND number = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    for (number, last_full) in &changes.gone {
        statement.execute(params![machine, number, scan, last_full])?;
    }
    Ok(())
}

/// Keeps what the rows were before a batch changes them, so that it can be undone.
fn remember(connection: &Connection, batch: i64, machine: i64, changes: &Changes<'_>) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO batch_before (batch, machine, number, last_seen, install_date, raw) \
               SELECT ?1, machine, number, last_seen, install_date, raw FROM installation \
               WHERE machine = ?2 AND number = ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let altered = changes.altered.iter().map(|(number, _)| number);
    let gone = changes.gone.iter().map(|(number, _)| number);
    for number in changes.seen.iter().chain(altered).chain(gone) {
        statement.execute([batch, machine, *number])?;
    }
    Ok(())
}

fn open(connection: &Connection, recording: &Recording<'_>, unclaimed: &Unclaimed<'_>) -> Result<usize, StoreError> {
    let sql = "SELECT coalesce(max(number), 0) FROM installation WHERE machine = ?1";
    let mut number: i64 = connection.query_row(sql, [recording.machine], |row| row.get(0))?;
    let sql = "INSERT INTO installation (machine, number, software, path, install_location, install_date, scope, raw, \
               first_seen, last_seen, origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10)";
    let mut statement = connection.prepare_cached(sql)?;
    let opened = unclaimed.rest().count();
    let mut numbers = Numbers::new(connection, opened)?;
    for observation in unclaimed.rest() {
        let software = numbers.number(observation.source, Software::of(observation))?;
        number += 1;
        statement.execute(params![
            recording.machine,
            number,
            software,
            observation.path,
            observation.install_location,
            observation.install_date,
            observation.scope.as_ref().map(scope_text),
            raw_json(observation)?,
            recording.scan,
            recording.origin,
        ])?;
    }
    Ok(opened)
}

/// A scope's `Display`, without a copy for the one nearly everything has.
fn scope_text(scope: &Scope) -> Cow<'static, str> {
    match scope {
        Scope::Machine => Cow::Borrowed("machine"),
        Scope::User(_) => Cow::Owned(scope.to_string()),
    }
}

/// The raw fields as JSON, or nothing when there are none.
fn raw_json(observation: &Observation) -> Result<Option<String>, StoreError> {
    if observation.raw.is_empty() { Ok(None) } else { to_json(&observation.raw).map(Some) }
}

impl Store {
    /// What is on a machine now, as it was observed, in the order of its first appearance. Nothing for an unknown machine.
    pub fn observations_of(&self, machine_id: &str) -> Result<Vec<Observation>, StoreError> {
        let transaction = self.read()?;
        observations_of(&transaction, machine_id)
    }

    /// The same with who told of it: the name of an origin, `interdict` for our own looking.
    pub fn told_of(&self, machine_id: &str) -> Result<Vec<(String, Observation)>, StoreError> {
        let transaction = self.read()?;
        told_of(&transaction, machine_id)
    }
}

fn observations_of(connection: &Connection, machine_id: &str) -> Result<Vec<Observation>, StoreError> {
    Ok(told_of(connection, machine_id)?.into_iter().map(|(_, observation)| observation).collect())
}

/// What is on a machine now, and who told of it.
pub(crate) fn told_of(connection: &Connection, machine_id: &str) -> Result<Vec<(String, Observation)>, StoreError> {
    let now = intervals_where(connection, "i.gone IS NULL", params![machine_id])?;
    Ok(now.into_iter().map(|interval| (interval.origin, interval.observation)).collect())
}

/// One interval during which something stood on a machine. What may change within an interval is that of its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// Its number on its machine.
    pub number: i64,
    /// Who told of it: the name of an origin, `interdict` for our own looking.
    pub origin: String,
    /// What was seen.
    pub observation: Observation,
    /// When the scan or import began that saw it first.
    pub first_seen: String,
    /// When the one began that saw it last.
    pub last_seen: String,
    /// When the one began that no longer found it.
    pub gone: Option<String>,
}

/// The intervals of a machine that fit a condition about `i.first_seen`, `i.gone` and `i.origin`, in the order of their
/// first appearance. The machine's id is `?1`; the condition may use further places.
pub(crate) fn intervals_where(
    connection: &Connection,
    condition: &str,
    values: impl Params,
) -> Result<Vec<Interval>, StoreError> {
    let sql = open_rows("")
        .replacen("= ?1", "= (SELECT id FROM machine WHERE machine_id = ?1)", 1)
        .replacen("i.gone IS NULL", &format!("({condition})"), 1)
        .replacen(" FROM installation i", &format!(", {INTERVAL} FROM installation i"), 1);
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(values)?;
    let mut intervals = Vec::new();
    while let Some(row) = rows.next()? {
        intervals.push(Interval {
            number: row.get(0)?,
            origin: row.get(INTERVAL_COLUMN)?,
            observation: read_observation(row)?,
            first_seen: row.get(INTERVAL_COLUMN + 1)?,
            last_seen: row.get(INTERVAL_COLUMN + 2)?,
            gone: row.get(INTERVAL_COLUMN + 3)?,
        });
    }
    Ok(intervals)
}

/// Who told of which sources of a machine, of the intervals that fit a condition as [`intervals_where`] takes it.
pub(crate) fn sources_where(
    connection: &Connection,
    condition: &str,
    values: impl Params,
) -> Result<BTreeSet<(String, ObservationSource)>, StoreError> {
    let sql = format!(
        "SELECT DISTINCT coalesce((SELECT name FROM origin WHERE id = i.origin), 'interdict'), s.source \
         FROM installation i JOIN software s ON s.id = i.software \
         WHERE i.machine = (SELECT id FROM machine WHERE machine_id = ?1) AND ({condition})"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(values)?;
    let mut sources = BTreeSet::new();
    while let Some(row) = rows.next()? {
        sources.insert((row.get(0)?, to_word("a source", text(row, 1)?.unwrap_or_default())?));
    }
    Ok(sources)
}

/// Who told of an interval, and when it began, was last seen and ended. What was not written down anew because nothing
/// had changed was seen by the newest scan that saw all of its source.
const INTERVAL: &str = "\
    coalesce((SELECT name FROM origin WHERE id = i.origin), 'interdict'), \
    (SELECT started FROM scan WHERE id = i.first_seen), \
    (SELECT started FROM scan WHERE id = max(i.last_seen, CASE WHEN i.gone IS NULL THEN coalesce((SELECT full_scan \
        FROM machine_source m WHERE m.machine = i.machine AND m.origin = i.origin AND m.source = s.source), 0) \
        ELSE 0 END)), \
    (SELECT started FROM scan WHERE id = i.gone)";

/// The column after those of [`OPEN_ROWS`] and of the software.
const INTERVAL_COLUMN: usize = 14;

fn read_observation(row: &Row<'_>) -> Result<Observation, StoreError> {
    let owned = |column| Ok::<_, rusqlite::Error>(text(row, column)?.map(str::to_owned));
    let mut observation = Observation::new(to_word("a source", text(row, 6)?.unwrap_or_default())?);
    observation.path = owned(1)?;
    observation.install_location = owned(2)?;
    observation.install_date = owned(3)?;
    observation.raw = text(row, 4)?.map_or_else(|| Ok(BTreeMap::new()), |raw| from_json("raw fields", raw))?;
    observation.scope = text(row, 5)?.map(read_scope).transpose()?;
    observation.name = owned(7)?;
    observation.version = owned(8)?;
    observation.publisher = owned(9)?;
    observation.identifier = owned(10)?;
    observation.signer = owned(11)?;
    observation.arch = owned(12)?;
    observation.display_name = owned(13)?;
    Ok(observation)
}

/// The opposite of a scope's `Display`. Its `FromStr` is stricter: it refuses a user without a name.
fn read_scope(text: &str) -> Result<Scope, StoreError> {
    match text.strip_prefix("user:") {
        Some(name) => Ok(Scope::User(name.to_owned())),
        None => {
            text.parse::<Scope>().map_err(|error| StoreError::UnknownValue { what: "a scope", source: error.into() })
        }
    }
}
