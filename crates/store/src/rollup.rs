//! Which machines have what now, kept beside the software as sets of machine numbers, and how many that are per title.
//!
//! Changes are gathered and written at the end of a transaction, so that an import of many machines writes each set once.
//! The sets follow from the open installations and from nothing else; `database check` compares the two.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use hashbrown::HashMap;
use roaring::RoaringBitmap;
use rusqlite::{CachedStatement, Connection, params};

use crate::error::StoreError;
use crate::installed::Found;
use crate::software::text;
use crate::subjects::{self, Subject};
use crate::words;

/// The number of a machine as sets keep it.
pub(crate) fn member(machine: i64) -> Result<u32, StoreError> {
    u32::try_from(machine)
        .map_err(|_| StoreError::UnknownValue { what: "a machine's number", source: machine.to_string().into() })
}

/// A set as it is stored.
pub(crate) fn to_blob(machines: &mut RoaringBitmap) -> Result<Option<Vec<u8>>, StoreError> {
    if machines.is_empty() {
        return Ok(None);
    }
    machines.optimize();
    let mut blob = Vec::with_capacity(machines.serialized_size());
    machines.serialize_into(&mut blob).map_err(|error| StoreError::Query { source: error.into() })?;
    Ok(Some(blob))
}

/// A set that was stored.
pub(crate) fn from_blob(blob: Option<&[u8]>) -> Result<RoaringBitmap, StoreError> {
    blob.map_or_else(
        || Ok(RoaringBitmap::new()),
        |blob| {
            RoaringBitmap::deserialize_from(blob)
                .map_err(|error| StoreError::UnknownValue { what: "a set of machines", source: error.into() })
        },
    )
}

/// Who came to have something and who no longer has it.
#[derive(Debug, Default)]
pub(crate) struct Moved {
    came: RoaringBitmap,
    went: RoaringBitmap,
}

impl Moved {
    /// These came.
    pub(crate) fn came(came: RoaringBitmap) -> Self {
        Self { came, went: RoaringBitmap::new() }
    }

    /// Who has it, of those that had.
    pub(crate) fn over(self, before: RoaringBitmap) -> RoaringBitmap {
        (before | self.came) - self.went
    }

    fn come(&mut self, machine: u32) {
        if !self.went.is_empty() {
            self.went.remove(machine);
        }
        // Machines mostly come in the order of their numbers: then it is put at the end without a search.
        if self.came.try_push(machine).is_err() {
            self.came.insert(machine);
        }
    }

    fn go(&mut self, machine: u32) {
        self.came.remove(machine);
        self.went.insert(machine);
    }
}

/// The changes of one transaction.
#[derive(Debug, Default)]
pub(crate) struct Rollup {
    /// Which machines came to have which software and which no longer have it, as they came.
    moves: Vec<Move>,
    subjects: BTreeMap<Subject, Moved>,
    /// Software stored in this transaction, with its title: nobody had it before.
    fresh: HashMap<i64, Option<i64>>,
    /// Titles stored in this transaction: all their software is in `fresh`.
    fresh_titles: HashSet<i64>,
}

/// One machine that came to have a piece of software or no longer has it: in one number, in whose order moves are by
/// software, then by machine.
#[derive(Debug, Clone, Copy)]
struct Move(u64);

impl Move {
    fn new(software: i64, machine: u32, is_gone: bool) -> Result<Self, StoreError> {
        let software = u32::try_from(software).ok().filter(|software| *software <= u32::MAX >> 1).ok_or_else(|| {
            StoreError::UnknownValue { what: "a number of software", source: software.to_string().into() }
        })?;
        Ok(Self(u64::from(software) << 33 | u64::from(machine) << 1 | u64::from(is_gone)))
    }

    const fn software(self) -> u64 {
        self.0 >> 33
    }

    /// Software and machine.
    const fn subject(self) -> u64 {
        self.0 >> 1
    }

    fn machine(self) -> u32 {
        u32::try_from(self.subject() & u64::from(u32::MAX)).unwrap_or_default()
    }

    const fn is_gone(self) -> bool {
        self.0 & 1 == 1
    }
}

impl Moved {
    /// The moves of one piece of software, by machine; of those of a machine the last one counts.
    fn of(moves: &[Move]) -> Self {
        let mut moved = Self::default();
        for of_machine in moves.chunk_by(|left, right| left.subject() == right.subject()) {
            let Some(last) = of_machine.last() else { continue };
            let set = if last.is_gone() { &mut moved.went } else { &mut moved.came };
            // They come in the order of their numbers: each is put at the end without a search.
            if set.try_push(last.machine()).is_err() {
                set.insert(last.machine());
            }
        }
        moved
    }
}

impl Rollup {
    /// Remembers that software is new to the database.
    pub(crate) fn note(&mut self, found: &Found) {
        if found.is_new {
            self.fresh.insert(found.number, found.title.map(|(title, _)| title));
            self.fresh_titles.extend(found.title.filter(|(_, is_new)| *is_new).map(|(title, _)| title));
        }
    }

    /// What a machine had before and has afterwards; each may hold a number more than once.
    pub(crate) fn machine(
        &mut self,
        machine: i64,
        before: &mut Vec<i64>,
        after: &mut Vec<i64>,
    ) -> Result<(), StoreError> {
        let machine = member(machine)?;
        if !before.is_empty() {
            for had in [&mut *before, &mut *after] {
                had.sort_unstable();
                had.dedup();
            }
        }
        for software in before.iter().filter(|software| after.binary_search(software).is_err()) {
            self.moves.push(Move::new(*software, machine, true)?);
        }
        for software in after.iter().filter(|software| before.binary_search(software).is_err()) {
            self.moves.push(Move::new(*software, machine, false)?);
        }
        Ok(())
    }

    /// Something was found on a machine where it was not, or not in this presence.
    pub(crate) fn found(&mut self, machine: i64, subject: Subject) -> Result<(), StoreError> {
        self.subjects.entry(subject).or_default().come(member(machine)?);
        Ok(())
    }

    /// Something is no longer on a machine, or no longer in this presence.
    pub(crate) fn lost(&mut self, machine: i64, subject: Subject) -> Result<(), StoreError> {
        self.subjects.entry(subject).or_default().go(member(machine)?);
        Ok(())
    }

    /// Writes what was gathered where it is much, so that an import of any size holds little.
    pub(crate) fn write_if_large(&mut self, connection: &Connection) -> Result<(), StoreError> {
        if self.moves.len() > MOST_GATHERED { self.write(connection) } else { Ok(()) }
    }

    /// Writes what was gathered and forgets it.
    pub(crate) fn write(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let mut read = connection.prepare_cached("SELECT title, machines FROM software WHERE id = ?1")?;
        let mut update = connection.prepare_cached("UPDATE software SET machines = ?2 WHERE id = ?1")?;
        let mut moves = std::mem::take(&mut self.moves);
        moves.sort_by_key(|one| one.subject());
        let mut titles = BTreeSet::new();
        // Of titles all of whose software is written here: nobody has to be asked who has them.
        let mut whole: BTreeMap<i64, RoaringBitmap> = BTreeMap::new();
        for of_software in moves.chunk_by(|left, right| left.software() == right.software()) {
            let moved = Moved::of(of_software);
            let software = of_software.first().map_or(0, |first| i64::try_from(first.software()).unwrap_or_default());
            let (title, mut machines) = if let Some(title) = self.fresh.remove(&software) {
                (title, moved.came)
            } else {
                let (title, machines) = read_set(&mut read, software)?;
                (title, moved.over(machines))
            };
            update.execute(params![software, to_blob(&mut machines)?])?;
            match title {
                Some(title) if self.fresh_titles.contains(&title) => *whole.entry(title).or_default() |= machines,
                Some(title) => drop(titles.insert(title)),
                None => {}
            }
        }
        drop(moves);
        self.fresh_titles.clear();
        // Below this, an index is filled quicker than built.
        let aside = if whole.len() > 1_000 { IndexesAside::of_titles(connection, whole.len())? } else { None };
        let mut count = Count::new(connection)?;
        for (title, machines) in whole {
            count.write(title, machines.len())?;
        }
        for title in titles {
            count.write(title, machines_of(connection, title)?.len())?;
        }
        drop(count);
        if let Some(aside) = aside {
            aside.build(connection)?;
        }
        subjects::write(connection, std::mem::take(&mut self.subjects))
    }
}

/// Beyond so many moves the sets are written: eight bytes each, and half as much again while they are sorted.
const MOST_GATHERED: usize = 2_000_000;

/// The indexes of the titles that some machine has, while they are not there: to build one from its rows takes a fraction
/// of what it takes to put them in one by one. All within a transaction, so that nobody else ever misses them.
struct IndexesAside(Vec<String>);

impl IndexesAside {
    /// Takes them away where as many titles come as there are, or more.
    fn of_titles(connection: &Connection, come: usize) -> Result<Option<Self>, StoreError> {
        let there: i64 = connection.query_row("SELECT count(*) FROM title WHERE machines > 0", [], |row| row.get(0))?;
        if usize::try_from(there).is_ok_and(|there| there > come) {
            return Ok(None);
        }
        let sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'title' \
                   AND sql LIKE '% WHERE machines > 0'";
        let mut statement = connection.prepare(sql)?;
        let indexes: Vec<(String, String)> =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        for (name, _) in &indexes {
            connection.execute_batch(&format!("DROP INDEX \"{}\"", name.replace('"', "\"\"")))?;
        }
        Ok(Some(Self(indexes.into_iter().map(|(_, sql)| sql).collect())))
    }

    fn build(self, connection: &Connection) -> Result<(), StoreError> {
        for sql in self.0 {
            connection.execute_batch(&sql)?;
        }
        Ok(())
    }
}

fn read_set(read: &mut CachedStatement<'_>, software: i64) -> Result<(Option<i64>, RoaringBitmap), StoreError> {
    let mut rows = read.query([software])?;
    match rows.next()? {
        Some(row) => Ok((row.get(0)?, from_blob(row.get_ref(1)?.as_blob_or_null().map_err(rusqlite::Error::from)?)?)),
        None => Ok((None, RoaringBitmap::new())),
    }
}

/// Keeps on how many machines titles are, and the words of those that some machine has.
struct Count<'c> {
    read: CachedStatement<'c>,
    update: CachedStatement<'c>,
    add: CachedStatement<'c>,
    remove: CachedStatement<'c>,
}

impl<'c> Count<'c> {
    fn new(connection: &'c Connection) -> Result<Self, StoreError> {
        Ok(Self {
            read: connection.prepare_cached("SELECT machines, name, publisher FROM title WHERE id = ?1")?,
            update: connection.prepare_cached("UPDATE title SET machines = ?2 WHERE id = ?1")?,
            add: connection.prepare_cached("INSERT INTO title_words (rowid, words) VALUES (?1, ?2)")?,
            remove: connection.prepare_cached("DELETE FROM title_words WHERE rowid = ?1")?,
        })
    }

    fn write(&mut self, title: i64, machines: u64) -> Result<(), StoreError> {
        let machines = i64::try_from(machines).unwrap_or(i64::MAX);
        let mut rows = self.read.query([title])?;
        let Some(row) = rows.next()? else { return Ok(()) };
        let before: i64 = row.get(0)?;
        if before == 0 && machines > 0 {
            let words = words::of_title(text(row, 1)?.unwrap_or_default(), text(row, 2)?.unwrap_or_default());
            self.add.execute(params![title, words])?;
        } else if before > 0 && machines == 0 {
            self.remove.execute([title])?;
        }
        if before != machines {
            self.update.execute([title, machines])?;
        }
        Ok(())
    }
}

/// The machines that have a title now.
pub(crate) fn machines_of(connection: &Connection, title: i64) -> Result<RoaringBitmap, StoreError> {
    let mut statement = connection.prepare_cached("SELECT machines FROM software WHERE title = ?1")?;
    let mut rows = statement.query([title])?;
    let mut machines = RoaringBitmap::new();
    while let Some(row) = rows.next()? {
        machines |= from_blob(row.get_ref(0)?.as_blob_or_null().map_err(rusqlite::Error::from)?)?;
    }
    Ok(machines)
}

/// What machines have now, read before something is done to their installations and detections that no recording does.
pub(crate) struct Standing(Vec<(i64, Vec<i64>, Vec<Subject>)>);

impl Standing {
    pub(crate) fn of(connection: &Connection, machines: &[i64]) -> Result<Self, StoreError> {
        let standing = machines.iter().map(|machine| {
            Ok((*machine, software_of(connection, *machine)?, subjects::of_machine(connection, *machine)?))
        });
        Ok(Self(standing.collect::<Result<_, StoreError>>()?))
    }

    /// Brings the sets to what the machines have afterwards.
    pub(crate) fn settle(self, connection: &Connection) -> Result<(), StoreError> {
        let mut rollup = Rollup::default();
        for (machine, mut before, subjects) in self.0 {
            rollup.machine(machine, &mut before, &mut software_of(connection, machine)?)?;
            for subject in subjects {
                rollup.lost(machine, subject)?;
            }
            for subject in subjects::of_machine(connection, machine)? {
                rollup.found(machine, subject)?;
            }
        }
        rollup.write(connection)
    }
}

/// The software that a machine has now.
pub(crate) fn software_of(connection: &Connection, machine: i64) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT DISTINCT software FROM installation WHERE machine = ?1 AND gone IS NULL";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([machine], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Works the sets of software and the counts of titles out anew, of a database that has none yet.
pub(crate) fn rebuild_software(connection: &Connection) -> Result<(), StoreError> {
    let mut rollup = Rollup::default();
    let mut machines = connection.prepare("SELECT id FROM machine")?;
    let machines: Vec<i64> = machines.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for machine in machines {
        rollup.machine(machine, &mut Vec::new(), &mut software_of(connection, machine)?)?;
    }
    rollup.write(connection)
}

/// How many sets and counts differ from what the installations say.
pub(crate) fn differences(connection: &Connection) -> Result<usize, StoreError> {
    let mut truth: HashMap<i64, RoaringBitmap> = HashMap::new();
    let mut statement = connection.prepare("SELECT software, machine FROM installation WHERE gone IS NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        truth.entry(row.get(0)?).or_default().insert(member(row.get(1)?)?);
    }
    let mut differences = 0;
    let mut counts: HashMap<i64, RoaringBitmap> = HashMap::new();
    let mut statement = connection.prepare("SELECT id, title, machines FROM software")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let expected = truth.remove(&row.get::<_, i64>(0)?).unwrap_or_default();
        let kept = from_blob(row.get_ref(2)?.as_blob_or_null().map_err(rusqlite::Error::from)?);
        differences += usize::from(kept.ok().as_ref() != Some(&expected));
        if let Some(title) = row.get(1)? {
            *counts.entry(title).or_default() |= expected;
        }
    }
    let mut statement = connection.prepare("SELECT id, machines FROM title")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let expected = counts.remove(&row.get::<_, i64>(0)?).map_or(0, |machines| machines.len());
        differences += usize::from(u64::try_from(row.get::<_, i64>(1)?) != Ok(expected));
    }
    let sql = "SELECT (SELECT count(*) FROM title WHERE machines > 0) - (SELECT count(*) FROM title_words_docsize)";
    let unlike: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    differences += usize::from(unlike != 0);
    differences += subjects::differences(connection)?;
    Ok(differences)
}
