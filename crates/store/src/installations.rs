//! Installations of one machine: what a scan opens, keeps and closes, and what is there now.
//!
//! A scan that covers a source and finds an installation as it was writes nothing for it: that it was seen again follows
//! from `machine_source.full_scan`. Two observations that differ in nothing that makes them distinct are two
//! installations, so that what is asked back is what was handed in.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use interdict_model::{Observation, ObservationSource, Scope, raw_key};
use rusqlite::{CachedStatement, Connection, Params, Row, params};

use crate::error::StoreError;
use crate::installed::{InstallDate, Installed, PlaceNumber, SoftwareNumber, read_raw};
use crate::record::Recording;
use crate::rollup::Rollup;
use crate::software::{self, text};
use crate::store::Store;
use crate::value::{from_count, to_word};

/// How many intervals a recording opened and closed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) opened: usize,
    pub(crate) closed: usize,
}

/// What makes an installation the same one in the next scan: software and place. Day of installation and raw fields may
/// change.
type Identity = (i64, i64);

fn identity(installed: &Installed<'_>) -> Identity {
    (installed.software.0, installed.place.place)
}

/// The open installations of a machine in the order they were first seen; the software's columns follow.
const OPEN_ROWS: &str = "SELECT i.number, p.path, p.install_location, i.install_date, d.raw, p.scope, {software} \
                         FROM installation i JOIN software s ON s.id = i.software \
                         LEFT JOIN place p ON p.id = i.place LEFT JOIN detail d ON d.id = i.detail \
                         WHERE i.machine = ?1 AND i.gone IS NULL ORDER BY i.number";

fn open_rows() -> String {
    OPEN_ROWS.replace("{software}", software::COLUMNS)
}

/// Software, a place and a detail by their numbers, with the columns of [`OPEN_ROWS`].
pub(crate) fn one_thing() -> String {
    format!(
        "SELECT 0, p.path, p.install_location, NULL, d.raw, p.scope, {} FROM software s \
         LEFT JOIN place p ON p.id = ?2 LEFT JOIN detail d ON d.id = ?3 WHERE s.id = ?1",
        software::COLUMNS
    )
}

/// The installations of a scan that no stored one has claimed yet. Equal ones form a chain.
struct Unclaimed<'a> {
    installed: &'a [Installed<'a>],
    first: HashMap<Identity, usize>,
    /// Per installation the next equal one; the slot of the first is moved along as the chain is claimed.
    head: Vec<Option<usize>>,
    next: Vec<Option<usize>>,
    claimed: Vec<bool>,
}

impl<'a> Unclaimed<'a> {
    fn new(installed: &'a [Installed<'a>]) -> Self {
        let mut first = HashMap::with_capacity(installed.len());
        let mut next = vec![None; installed.len()];
        let mut last: Vec<usize> = (0..installed.len()).collect();
        for (index, one) in installed.iter().enumerate() {
            let start = *first.entry(identity(one)).or_insert(index);
            if start != index {
                next[last[start]] = Some(index);
                last[start] = index;
            }
        }
        let head = (0..installed.len()).map(Some).collect();
        Self { installed, first, head, next, claimed: vec![false; installed.len()] }
    }

    /// Takes the next installation of this identity out.
    fn claim(&mut self, identity: Identity) -> Option<&'a Installed<'a>> {
        let start = *self.first.get(&identity)?;
        let index = self.head[start]?;
        self.head[start] = self.next[index];
        self.claimed[index] = true;
        Some(&self.installed[index])
    }

    fn rest(&self) -> impl Iterator<Item = &'a Installed<'a>> {
        self.installed.iter().zip(&self.claimed).filter(|(_, claimed)| !**claimed).map(|(installed, _)| installed)
    }
}

/// What a scan does to the installations that were open before it.
#[derive(Default)]
struct Changes<'a> {
    /// Seen again by a scan that does not cover the source: has to be written down.
    seen: Vec<i64>,
    /// Seen again with another day of installation or other raw fields.
    altered: Vec<(i64, &'a Installed<'a>)>,
    /// No longer there; with the scan that saw it last, where that is not in the row.
    gone: Vec<(i64, Option<i64>)>,
    /// The software of every open installation, whoever told of it: before, and what stays of it.
    before: Vec<i64>,
    after: Vec<i64>,
}

/// Moves the installations of a machine to what a scan saw.
pub(crate) fn record(
    connection: &Connection,
    recording: &Recording<'_>,
    installed: &[Installed<'_>],
    is_new: bool,
    rollup: &mut Rollup,
) -> Result<Moved, StoreError> {
    let mut moved = Moved::default();
    let mut changes = Changes::default();
    if is_new {
        moved.opened = open(connection, recording, installed.iter(), &mut changes.after)?;
    } else {
        let mut unclaimed = Unclaimed::new(installed);
        changes = compare(connection, recording, &mut unclaimed)?;
        write_changes(connection, recording, &changes)?;
        moved.opened = open(connection, recording, unclaimed.rest(), &mut changes.after)?;
        moved.closed = changes.gone.len();
    }
    rollup.machine(recording.machine, &mut changes.before, &mut changes.after)?;
    let sql = "UPDATE machine SET installations = installations + ?2 WHERE id = ?1";
    connection
        .prepare_cached(sql)?
        .execute([recording.machine, from_count(moved.opened) - from_count(moved.closed)])?;
    Ok(moved)
}

fn compare<'a>(
    connection: &Connection,
    recording: &Recording<'_>,
    unclaimed: &mut Unclaimed<'a>,
) -> Result<Changes<'a>, StoreError> {
    let mut changes = Changes::default();
    let sql = "SELECT i.number, i.software, i.place, i.detail, i.install_date, i.origin, s.source \
               FROM installation i JOIN software s ON s.id = i.software \
               WHERE i.machine = ?1 AND i.gone IS NULL ORDER BY i.number";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([recording.machine])?;
    while let Some(row) = rows.next()? {
        let (number, software): (i64, i64) = (row.get(0)?, row.get(1)?);
        changes.before.push(software);
        if row.get::<_, i64>(5)? == recording.origin && !stays(connection, recording, unclaimed, row, &mut changes)? {
            let source = text(row, 6)?.unwrap_or_default();
            changes.gone.push((number, recording.full_before.get(source).copied()));
        } else {
            changes.after.push(software);
        }
    }
    Ok(changes)
}

/// Whether an open installation is there after the scan; what has to be written of it is noted.
fn stays<'a>(
    connection: &Connection,
    recording: &Recording<'_>,
    unclaimed: &mut Unclaimed<'a>,
    row: &Row<'_>,
    changes: &mut Changes<'a>,
) -> Result<bool, StoreError> {
    let number: i64 = row.get(0)?;
    let source = text(row, 6)?.unwrap_or_default();
    match unclaimed.claim((row.get(1)?, row.get(2)?)) {
        Some(seen)
            if seen.place.detail != row.get::<_, i64>(3)? || seen.date != InstallDate::read(row.get_ref(4)?)? =>
        {
            changes.altered.push((number, seen));
            Ok(true)
        }
        Some(_) => {
            if !recording.is_covered(source) {
                changes.seen.push(number);
            }
            Ok(true)
        }
        None if recording.is_covered(source) => Ok(!was_looked_at(connection, recording, row)?),
        None => Ok(true),
    }
}

/// Whether the scan looked where the installation was found; only what a search of folders found needs a closer look.
fn was_looked_at(connection: &Connection, recording: &Recording<'_>, row: &Row<'_>) -> Result<bool, StoreError> {
    let detail: i64 = row.get(3)?;
    if detail == 0 {
        return Ok(true);
    }
    let raw: String =
        connection.prepare_cached("SELECT raw FROM detail WHERE id = ?1")?.query_row([detail], |row| row.get(0))?;
    if !raw.contains(raw_key::SWEPT) {
        return Ok(true);
    }
    let sql = open_rows().replace("ORDER BY", "AND i.number = ?2 ORDER BY");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([recording.machine, row.get(0)?])?;
    match rows.next()? {
        Some(row) => Ok(recording.header.looked_where(&read_observation(row)?)),
        None => Ok(true),
    }
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
    let sql =
        "UPDATE installation SET last_seen = ?3, install_date = ?4, detail = ?5 WHERE machine = ?1 AND number = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    for (number, installed) in &changes.altered {
        statement.execute(params![machine, number, scan, installed.date, installed.place.detail])?;
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
    let sql = "INSERT OR IGNORE INTO batch_before (batch, machine, number, last_seen, install_date, detail) \
               SELECT ?1, machine, number, last_seen, install_date, detail FROM installation \
               WHERE machine = ?2 AND number = ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let altered = changes.altered.iter().map(|(number, _)| number);
    let gone = changes.gone.iter().map(|(number, _)| number);
    for number in changes.seen.iter().chain(altered).chain(gone) {
        statement.execute([batch, machine, *number])?;
    }
    Ok(())
}

/// How many installations are written with one statement: beginning and ending one takes longer than a row.
const AT_ONCE: usize = 32;

/// Opens an interval for each, and says how many; their software is added to what the machine has afterwards.
fn open<'a>(
    connection: &Connection,
    recording: &Recording<'_>,
    installed: impl Iterator<Item = &'a Installed<'a>>,
    after: &mut Vec<i64>,
) -> Result<usize, StoreError> {
    let sql = "SELECT coalesce(max(number), 0) FROM installation WHERE machine = ?1";
    let before: i64 = connection.prepare_cached(sql)?.query_row([recording.machine], |row| row.get(0))?;
    let mut many = connection.prepare_cached(insert_sql(&MANY, AT_ONCE))?;
    let mut one = connection.prepare_cached(insert_sql(&ONE, 1))?;
    let installed: Vec<&Installed<'_>> = installed.collect();
    let mut number = before;
    for rows in installed.chunks(AT_ONCE) {
        if rows.len() == AT_ONCE {
            insert(&mut many, recording, &mut number, rows)?;
        } else {
            for row in rows.chunks(1) {
                insert(&mut one, recording, &mut number, row)?;
            }
        }
    }
    after.extend(installed.iter().map(|installed| installed.software.0));
    Ok(installed.len())
}

/// The statements of [`insert_sql`], which are made once.
static MANY: OnceLock<String> = OnceLock::new();
static ONE: OnceLock<String> = OnceLock::new();

/// Inserts so many installations of one machine, origin and scan, the first three values; then come five of each. Where one
/// fails the transaction is dropped, so that the statement keeps no journal of its own.
fn insert_sql(made: &'static OnceLock<String>, rows: usize) -> &'static str {
    made.get_or_init(|| {
        let values: Vec<String> = (0..rows)
            .map(|row| {
                let at = 4 + row * 5;
                format!("(?1, ?{}, ?{}, ?{}, ?{}, ?{}, ?2, ?3, 0)", at, at + 1, at + 2, at + 3, at + 4)
            })
            .collect();
        format!(
            "INSERT OR FAIL INTO installation (machine, number, software, place, detail, install_date, origin, first_seen, \
             last_seen) VALUES {}",
            values.join(", ")
        )
    })
}

fn insert(
    statement: &mut CachedStatement<'_>,
    recording: &Recording<'_>,
    number: &mut i64,
    rows: &[&Installed<'_>],
) -> Result<(), StoreError> {
    for (at, value) in [(1, recording.machine), (2, recording.origin), (3, recording.scan)] {
        statement.raw_bind_parameter(at, value)?;
    }
    let mut at = 4;
    for Installed { software: SoftwareNumber(software), place: PlaceNumber { place, detail }, date } in rows {
        *number += 1;
        for value in [*number, *software, *place, *detail] {
            statement.raw_bind_parameter(at, value)?;
            at += 1;
        }
        statement.raw_bind_parameter(at, date)?;
        at += 1;
    }
    statement.raw_execute()?;
    Ok(())
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
    let sql = open_rows()
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
/// had changed was seen by the newest scan that saw all of its source. Scans of two machines that were joined need not have been
/// recorded in the order they began.
const INTERVAL: &str = "\
    coalesce((SELECT name FROM origin WHERE id = i.origin), 'interdict'), \
    (SELECT started FROM scan WHERE id = i.first_seen), \
    (SELECT max(started) FROM scan WHERE id IN (i.first_seen, i.last_seen, CASE WHEN i.gone IS NULL THEN (SELECT full_scan \
        FROM machine_source m WHERE m.machine = i.machine AND m.origin = i.origin AND m.source = s.source) END)), \
    (SELECT started FROM scan WHERE id = i.gone)";

/// The column after those of [`OPEN_ROWS`] and of the software.
const INTERVAL_COLUMN: usize = 14;

pub(crate) fn read_observation(row: &Row<'_>) -> Result<Observation, StoreError> {
    let owned = |column| Ok::<_, rusqlite::Error>(text(row, column)?.map(str::to_owned));
    let mut observation = Observation::new(to_word("a source", text(row, 6)?.unwrap_or_default())?);
    observation.path = owned(1)?;
    observation.install_location = owned(2)?;
    observation.install_date = InstallDate::read(row.get_ref(3)?)?.text().map(Cow::into_owned);
    observation.raw = read_raw(text(row, 4)?)?;
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
