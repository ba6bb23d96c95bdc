//! The intervals of two machines that become one.
//!
//! Only what one tool told of both has to be brought together, source by source. The newer of the two is the one of which
//! the tool told everything last, or told last where it never told everything. What of the older one the newer one has, too,
//! is one interval from its first to its last sight, unless the newer one was looked at in between and did not have it. What
//! the newer one does not have is gone since the first time that it was looked at as a whole thereafter. What was told of
//! different tools, and of different sources, stays as it is.
//!
//! Imports stay undoable: what a row was before it was brought together is kept with the import that is seen in it. Where
//! the first sight came with the later import, that cannot be, and the import is sealed.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::StoreError;
use crate::instant;
use crate::joins::{Joined, Two};
use crate::value::from_json;

/// A scan, ordered by when it began.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At {
    second: String,
    scan: i64,
}

/// The newest scans of a source: of any of it, and of all of it.
#[derive(Debug, Clone, Default)]
struct State {
    any: Option<At>,
    full: Option<At>,
}

impl State {
    fn newest(&self, other: &Self) -> Self {
        let newest = |left: &Option<At>, right: &Option<At>| left.clone().max(right.clone());
        Self { any: newest(&self.any, &other.any), full: newest(&self.full, &other.full) }
    }
}

/// What a source was before an import, and the first scan of that import.
struct Before {
    scan: i64,
    batch: i64,
    state: State,
}

/// One source of which one tool told on both machines.
pub(crate) struct Conflict {
    origin: i64,
    source: String,
    gone: State,
    stays: State,
    /// Scans of the newer one that saw all of it, in their order.
    looks: Vec<At>,
    newer_is_gone: bool,
    before: [Vec<Before>; 2],
}

impl Conflict {
    /// Every such source. Read before anything moves.
    pub(crate) fn of(connection: &Connection, two: &Two) -> Result<Vec<Self>, StoreError> {
        let sql = "SELECT g.origin, g.source, g.any_scan, g.full_scan, s.any_scan, s.full_scan FROM machine_source g \
                   JOIN machine_source s ON s.machine = ?2 AND s.origin = g.origin AND s.source = g.source \
                   WHERE g.machine = ?1";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query([two.gone, two.stays])?;
        let mut conflicts = Vec::new();
        while let Some(row) = rows.next()? {
            let (origin, source): (i64, String) = (row.get(0)?, row.get(1)?);
            let state = |at: usize| -> Result<State, StoreError> {
                let [any, full] = [row.get(at)?, row.get(at + 1)?];
                Ok(State { any: moment(connection, any)?, full: moment(connection, full)? })
            };
            let (gone, stays) = (state(2)?, state(4)?);
            let newer_is_gone = (&gone.full, &gone.any) > (&stays.full, &stays.any);
            let newer = if newer_is_gone { two.gone } else { two.stays };
            let before =
                [history(connection, two.gone, origin, &source)?, history(connection, two.stays, origin, &source)?];
            let looks = whole_looks(connection, newer, origin, &source)?;
            conflicts.push(Self { origin, source, gone, stays, looks, newer_is_gone, before });
        }
        Ok(conflicts)
    }

    /// What a source was on either machine when a scan was the next.
    fn state_before(&self, scan: i64) -> State {
        let of = |before: &[Before], now: &State| {
            before.iter().find(|before| before.scan >= scan).map_or_else(|| now.clone(), |before| before.state.clone())
        };
        let [gone, stays] = &self.before;
        of(gone, &self.gone).newest(&of(stays, &self.stays))
    }
}

fn moment(connection: &Connection, scan: Option<i64>) -> Result<Option<At>, StoreError> {
    let Some(scan) = scan else { return Ok(None) };
    let sql = "SELECT started FROM scan WHERE id = ?1";
    let started: Option<String> = connection.prepare_cached(sql)?.query_row([scan], |row| row.get(0)).optional()?;
    Ok(started.map(|started| At { second: instant::second(&started).to_owned(), scan }))
}

/// What a source of a machine was before each import that told of it, in the order of their scans.
fn history(connection: &Connection, machine: i64, origin: i64, source: &str) -> Result<Vec<Before>, StoreError> {
    let sql = "SELECT min(s.id), b.batch, b.any_scan, b.full_scan FROM scan s JOIN batch_source_before b \
               ON b.batch = s.batch AND b.machine = s.machine AND b.origin = s.origin AND b.source = ?3 \
               WHERE s.machine = ?1 AND s.origin = ?2 GROUP BY b.batch ORDER BY min(s.id)";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![machine, origin, source])?;
    let mut history = Vec::new();
    while let Some(row) = rows.next()? {
        let state = State { any: moment(connection, row.get(2)?)?, full: moment(connection, row.get(3)?)? };
        history.push(Before { scan: row.get(0)?, batch: row.get(1)?, state });
    }
    Ok(history)
}

fn whole_looks(connection: &Connection, machine: i64, origin: i64, source: &str) -> Result<Vec<At>, StoreError> {
    let sql = "SELECT id, started, covered FROM scan WHERE machine = ?1 AND origin = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([machine, origin])?;
    let mut looks = Vec::new();
    while let Some(row) = rows.next()? {
        let covered: Vec<String> = from_json("covered sources", &row.get::<_, String>(2)?)?;
        if covered.iter().any(|covered| covered == source) {
            let started: String = row.get(1)?;
            looks.push(At { second: instant::second(&started).to_owned(), scan: row.get(0)? });
        }
    }
    looks.sort();
    Ok(looks)
}

/// Gives the rows of the machine that goes to the one that stays, but for what stands in the way of another row; says which
/// imports tell of either.
pub(crate) fn move_rows(connection: &Connection, two: &Two) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT DISTINCT batch FROM scan WHERE machine IN (?1, ?2) AND batch IS NOT NULL";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([two.gone, two.stays], |row| row.get(0))?;
    let batches: Vec<i64> = rows.collect::<Result<_, _>>()?;
    let offset = offset(connection, two)?;
    let sql = "UPDATE installation SET machine = ?2, number = number + ?3 WHERE machine = ?1";
    connection.execute(sql, [two.gone, two.stays, offset])?;
    for batch in &batches {
        let three = [*batch, two.gone, two.stays];
        let sql = "UPDATE batch_before SET machine = ?3, number = number + ?4 WHERE batch = ?1 AND machine = ?2";
        connection.prepare_cached(sql)?.execute([*batch, two.gone, two.stays, offset])?;
        for table in ["batch_machine", "batch_source_before"] {
            let sql = format!("UPDATE OR IGNORE {table} SET machine = ?3 WHERE batch = ?1 AND machine = ?2");
            connection.prepare_cached(&sql)?.execute(three)?;
            let sql = format!("DELETE FROM {table} WHERE batch = ?1 AND machine = ?2");
            connection.prepare_cached(&sql)?.execute([*batch, two.gone])?;
        }
    }
    connection.execute("UPDATE OR IGNORE machine_source SET machine = ?2 WHERE machine = ?1", [two.gone, two.stays])?;
    connection.execute("DELETE FROM machine_source WHERE machine = ?1", [two.gone])?;
    Ok(batches)
}

/// What is added to the numbers of the installations that move.
fn offset(connection: &Connection, two: &Two) -> Result<i64, StoreError> {
    let sql = "SELECT coalesce(max(number), 0) FROM installation WHERE machine = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([two.stays], |row| row.get(0))?)
}

/// An open installation of one of the two.
struct Open {
    number: i64,
    identity: (i64, i64),
    detail: i64,
    date: Value,
    first: At,
    /// As it is written: 0 where it is no more than the first.
    last_written: i64,
    last: At,
}

/// Brings the rows of both together, and gives the newest scan that ended something.
pub(crate) fn bring_together(
    connection: &Connection,
    two: &Two,
    conflicts: &[Conflict],
    batches: &[i64],
    joined: &mut Joined,
) -> Result<Option<i64>, StoreError> {
    let mut ended: Option<At> = None;
    let mut sealed = BTreeSet::new();
    for conflict in conflicts {
        let (of_gone, of_stays) = open_rows(connection, two, conflict)?;
        let (older, newer) = if conflict.newer_is_gone { (of_stays, of_gone) } else { (of_gone, of_stays) };
        let mut there: HashMap<(i64, i64), VecDeque<Open>> = HashMap::new();
        for row in newer {
            there.entry(row.identity).or_default().push_back(row);
        }
        for row in older {
            let look = conflict.looks.iter().find(|look| look.second > row.last.second);
            let same = there.get_mut(&row.identity);
            let is_one = |newer: &Open| look.is_none_or(|look| newer.first <= *look);
            if let Some(newer) =
                same.and_then(|rows| rows.front().is_some_and(is_one).then(|| rows.pop_front()).flatten())
            {
                unite(connection, two, (row, newer), batches, &mut sealed)?;
                joined.united += 1;
            } else if let Some(look) = look {
                close(connection, two, &row, look)?;
                joined.closed += 1;
                ended = ended.max(Some(look.clone()));
            }
        }
        write_state(connection, two, conflict)?;
    }
    for batch in &sealed {
        connection.execute("UPDATE batch SET sealed = 1 WHERE id = ?1", [batch])?;
    }
    joined.sealed_imports = sealed.into_iter().collect();
    Ok(ended.map(|look| look.scan))
}

/// The open rows of a source on the machine that goes and on the one that stays. They lie on the one already; whose they
/// were their scans say, which have not moved yet.
fn open_rows(connection: &Connection, two: &Two, conflict: &Conflict) -> Result<(Vec<Open>, Vec<Open>), StoreError> {
    let sql = "SELECT i.number, i.software, i.place, i.detail, i.install_date, f.id, f.started, i.last_seen, \
               (SELECT started FROM scan WHERE id = i.last_seen), f.machine FROM installation i \
               JOIN software s ON s.id = i.software JOIN scan f ON f.id = i.first_seen \
               WHERE i.machine = ?1 AND i.gone IS NULL AND i.origin = ?2 AND s.source = ?3 ORDER BY i.number";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![two.stays, conflict.origin, conflict.source])?;
    let (mut of_gone, mut of_stays) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let at = |started: String, scan| At { second: instant::second(&started).to_owned(), scan };
        let first = at(row.get(6)?, row.get(5)?);
        let last_written = row.get(7)?;
        let written = row.get::<_, Option<String>>(8)?.map(|started| at(started, last_written));
        let is_gone = row.get::<_, i64>(9)? == two.gone;
        let full = if is_gone { &conflict.gone.full } else { &conflict.stays.full };
        let last = [written, full.clone()].into_iter().flatten().fold(first.clone(), At::max);
        let open = Open {
            number: row.get(0)?,
            identity: (row.get(1)?, row.get(2)?),
            detail: row.get(3)?,
            date: row.get(4)?,
            first,
            last_written,
            last,
        };
        if is_gone { of_gone.push(open) } else { of_stays.push(open) }
    }
    Ok((of_gone, of_stays))
}

/// Makes one interval of two, in the row of the newer one.
fn unite(
    connection: &Connection,
    two: &Two,
    (older, newer): (Open, Open),
    batches: &[i64],
    sealed: &mut BTreeSet<i64>,
) -> Result<(), StoreError> {
    let begins_older = older.first < newer.first;
    let ends_older = older.last > newer.last;
    let first = if begins_older { &older.first } else { &newer.first };
    let (end, date, detail) =
        if ends_older { (&older.last, &older.date, older.detail) } else { (&newer.last, &newer.date, newer.detail) };
    // What it is without the import that is seen in it: the other one.
    let (of_import, otherwise) = if begins_older { (&newer.first, &older) } else { (end, &newer) };
    if begins_older || ends_older {
        remember(connection, two, (of_import.scan, newer.number), otherwise)?;
    }
    if begins_older && older.first.scan > newer.first.scan {
        let sql = "SELECT batch FROM scan WHERE id = ?1";
        let batch: Option<i64> = connection.prepare_cached(sql)?.query_row([older.first.scan], |row| row.get(0))?;
        sealed.extend(batch);
    }
    let sql = "DELETE FROM installation WHERE machine = ?1 AND number = ?2";
    connection.prepare_cached(sql)?.execute([two.stays, older.number])?;
    for batch in batches {
        let sql = "UPDATE OR IGNORE batch_before SET number = ?4 WHERE batch = ?1 AND machine = ?2 AND number = ?3";
        connection.prepare_cached(sql)?.execute([*batch, two.stays, older.number, newer.number])?;
        let sql = "DELETE FROM batch_before WHERE batch = ?1 AND machine = ?2 AND number = ?3";
        connection.prepare_cached(sql)?.execute([*batch, two.stays, older.number])?;
    }
    // As it would have been written: what follows from a look at the whole source is not.
    let last = match (ends_older, newer.last_written) {
        (true, _) if end.scan != first.scan => end.scan,
        (false, 0) if begins_older => newer.first.scan,
        (false, written) => written,
        (true, _) => 0,
    };
    let sql = "UPDATE installation SET first_seen = ?3, last_seen = ?4, install_date = ?5, detail = ?6 \
               WHERE machine = ?1 AND number = ?2";
    connection.prepare_cached(sql)?.execute(params![two.stays, newer.number, first.scan, last, date, detail])?;
    Ok(())
}

/// Keeps what a row is without the import that a scan came with.
fn remember(
    connection: &Connection,
    two: &Two,
    (scan, number): (i64, i64),
    otherwise: &Open,
) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO batch_before (batch, machine, number, last_seen, install_date, detail) \
               SELECT batch, ?2, ?3, ?4, ?5, ?6 FROM scan WHERE id = ?1 AND batch IS NOT NULL";
    let values = params![scan, two.stays, number, otherwise.last_written, otherwise.date, otherwise.detail];
    connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// Ends what was not found any more when the newer one was looked at.
fn close(connection: &Connection, two: &Two, row: &Open, look: &At) -> Result<(), StoreError> {
    remember(connection, two, (look.scan, row.number), row)?;
    // A later import that saw it last may be undone before the one that ends it.
    let last = match row.last.scan {
        scan if scan == row.first.scan => 0,
        scan if scan < look.scan => scan,
        _ => row.last_written,
    };
    let sql = "UPDATE installation SET gone = ?3, last_seen = ?4 WHERE machine = ?1 AND number = ?2";
    connection.prepare_cached(sql)?.execute([two.stays, row.number, look.scan, last])?;
    Ok(())
}

/// Writes what is known of a source of the one, now and before each import.
fn write_state(connection: &Connection, two: &Two, conflict: &Conflict) -> Result<(), StoreError> {
    let scan = |at: &Option<At>| at.as_ref().map(|at| at.scan);
    let now = conflict.gone.newest(&conflict.stays);
    let sql =
        "UPDATE machine_source SET any_scan = ?4, full_scan = ?5 WHERE machine = ?1 AND origin = ?2 AND source = ?3";
    let values = params![two.stays, conflict.origin, conflict.source, scan(&now.any), scan(&now.full)];
    connection.prepare_cached(sql)?.execute(values)?;
    let mut first: BTreeMap<i64, i64> = BTreeMap::new();
    for before in conflict.before.iter().flatten() {
        let known = first.entry(before.batch).or_insert(before.scan);
        *known = before.scan.min(*known);
    }
    let sql = "INSERT OR REPLACE INTO batch_source_before (batch, machine, origin, source, any_scan, full_scan) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let mut statement = connection.prepare_cached(sql)?;
    for (batch, of_batch) in first {
        let State { any, full } = conflict.state_before(of_batch);
        let key = params![batch, two.stays, conflict.origin, conflict.source, scan(&any), scan(&full)];
        statement.execute(key)?;
    }
    Ok(())
}
