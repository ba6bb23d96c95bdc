//! Questions about the whole inventory: machines, software, totals. Reading only.

use interdict_model::{CollectorReport, Machine, ObservationSource, OperatingSystem};
use rusqlite::{OptionalExtension as _, Row, params};

use crate::error::StoreError;
use crate::software::text;
use crate::store::Store;
use crate::value::{from_count, from_json, to_count, to_word};

/// A machine and how well it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineRow {
    /// The machine as its newest scan described it.
    pub machine: Machine,
    /// When its oldest scan began.
    pub first_seen: String,
    /// When its newest scan began.
    pub last_seen: String,
    /// How many scans there are of it.
    pub scans: usize,
    /// How many installations are on it now.
    pub installations: usize,
    /// How the collectors of its newest scan of ours fared; of an import, where there is none.
    pub collectors: Vec<CollectorReport>,
}

/// What makes a title: the place of a [`SoftwareRow`] in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoftwareKey {
    /// Its name.
    pub name: String,
    /// Its version as written.
    pub version: Option<String>,
    /// Its publisher as written.
    pub publisher: Option<String>,
}

/// One title: installed software of one name, version and publisher, wherever its registrations were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoftwareRow {
    /// Its name, else its name for people, else its identifier.
    pub name: String,
    /// Its version as written.
    pub version: Option<String>,
    /// Its publisher as written.
    pub publisher: Option<String>,
    /// Where its registrations were read, in the order of the vocabulary.
    pub sources: Vec<ObservationSource>,
    /// On how many machines it is now.
    pub machines: usize,
}

impl SoftwareRow {
    /// The place of the row, to ask for what comes after it.
    pub fn key(&self) -> SoftwareKey {
        SoftwareKey { name: self.name.clone(), version: self.version.clone(), publisher: self.publisher.clone() }
    }
}

/// How much there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Machines.
    pub machines: usize,
    /// Installations that are there now, traces included.
    pub installations: usize,
    /// Distinct names, versions and publishers that are installed now.
    pub titles: usize,
    /// Things that tools tell of without saying on which machines; none of them is counted above.
    pub told: usize,
    /// Scans.
    pub scans: usize,
    /// When the newest scan began.
    pub last_scan: Option<String>,
}

/// A scan that was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanRow {
    /// Its number in this database.
    pub id: i64,
    /// The machine, by the id of its scans.
    pub machine_id: String,
    /// When it began.
    pub started: String,
    /// How many observations it made.
    pub observations: usize,
}

/// The newest scan of a machine, and with what it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewestScan {
    /// Its number in this database.
    pub id: i64,
    /// When it began.
    pub started: String,
    /// Where it came from, for people.
    pub source_label: String,
    /// As whom the machine was read, where the scan says so.
    pub read_as: Option<String>,
    /// The version of the tool that scanned.
    pub tool_version: String,
    /// The catalogue whose probes it was made with.
    pub probes_version: String,
}

impl Store {
    /// The newest scan of a machine; nothing for one without any. What other tools tell counts only where we never looked
    /// ourselves: it says nothing of what was looked at.
    pub fn newest_scan(&self, machine_id: &str) -> Result<Option<NewestScan>, StoreError> {
        let sql = "SELECT s.id, s.started, s.source_label, s.read_as, s.tool_version, s.catalogue_version \
                   FROM scan s JOIN machine m ON m.id = s.machine WHERE m.machine_id = ?1 \
                   ORDER BY s.origin <> 0, s.started DESC, s.id DESC LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let newest = statement.query_row([machine_id], |row| {
            Ok(NewestScan {
                id: row.get(0)?,
                started: row.get(1)?,
                source_label: row.get(2)?,
                read_as: row.get(3)?,
                tool_version: row.get(4)?,
                probes_version: row.get(5)?,
            })
        });
        Ok(newest.optional()?)
    }

    /// Every scan, in the order they began.
    pub fn scans(&self) -> Result<Vec<ScanRow>, StoreError> {
        let sql = "SELECT s.id, m.machine_id, s.started, s.observation_count FROM scan s \
                   JOIN machine m ON m.id = s.machine ORDER BY s.started, s.id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            Ok(ScanRow {
                id: row.get(0)?,
                machine_id: row.get(1)?,
                started: row.get(2)?,
                observations: to_count(row.get(3)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every machine, by host name.
    pub fn machines(&self) -> Result<Vec<MachineRow>, StoreError> {
        let mut machines = Vec::new();
        self.each_machine(|machine| machines.push(machine))?;
        Ok(machines)
    }

    /// Hands every machine over, by host name, one after the other: of a large fleet nobody has to hold all.
    pub fn each_machine(&self, mut take: impl FnMut(MachineRow)) -> Result<(), StoreError> {
        let transaction = self.read()?;
        let sql = "SELECT m.id, m.machine_id, m.hostname, m.os_family, m.os_name, m.os_version, m.arch, \
                   m.installations, count(*), min(s.started), max(s.started) \
                   FROM machine m JOIN scan s ON s.machine = m.id GROUP BY m.id \
                   ORDER BY m.hostname COLLATE NOCASE, m.machine_id";
        let mut statement = transaction.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            take(read_machine(row, self.newest_collectors(row.get(0)?)?)?);
        }
        Ok(())
    }

    /// The machines of an id or host name, in any case of its Latin letters. Other letters have to be as they were told.
    pub fn machines_called(&self, name: &str) -> Result<Vec<MachineRow>, StoreError> {
        let sql = "SELECT m.id, m.machine_id, m.hostname, m.os_family, m.os_name, m.os_version, m.arch, \
                   m.installations, count(*), min(s.started), max(s.started) \
                   FROM machine m JOIN scan s ON s.machine = m.id \
                   WHERE m.machine_id = ?1 OR m.hostname = ?1 COLLATE NOCASE GROUP BY m.id \
                   ORDER BY m.hostname COLLATE NOCASE, m.machine_id";
        let transaction = self.read()?;
        let mut statement = transaction.prepare_cached(sql)?;
        let mut rows = statement.query([name])?;
        let mut machines = Vec::new();
        while let Some(row) = rows.next()? {
            machines.push(read_machine(row, self.newest_collectors(row.get(0)?)?)?);
        }
        Ok(machines)
    }

    /// What is installed now, one row per name, version and publisher, by name; at most `limit` rows, those after a
    /// given place.
    pub fn software(&self, limit: Option<usize>, after: Option<&SoftwareKey>) -> Result<Vec<SoftwareRow>, StoreError> {
        let place = if after.is_some() { AFTER } else { "1" };
        let sql = TITLES.replace("{place}", place);
        let limit = limit.map_or(-1, from_count);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = match after {
            Some(SoftwareKey { name, version, publisher }) => statement.query(params![
                limit,
                name,
                version.as_deref().unwrap_or_default(),
                publisher.as_deref().unwrap_or_default()
            ])?,
            None => statement.query([limit])?,
        };
        let mut software = Vec::new();
        while let Some(row) = rows.next()? {
            software.push(read_software(row)?);
        }
        Ok(software)
    }

    /// How much there is.
    pub fn totals(&self) -> Result<Totals, StoreError> {
        let sql = "SELECT (SELECT count(*) FROM machine), (SELECT coalesce(sum(installations), 0) FROM machine), \
                   (SELECT count(*) FROM scan), (SELECT max(started) FROM scan), \
                   (SELECT count(*) FROM title WHERE machines > 0), (SELECT count(*) FROM told_title)";
        let mut statement = self.connection.prepare_cached(sql)?;
        let count = |row: &Row<'_>, column| row.get(column).map(to_count);
        Ok(statement.query_row([], |row| {
            Ok(Totals {
                machines: count(row, 0)?,
                installations: count(row, 1)?,
                scans: count(row, 2)?,
                last_scan: row.get(3)?,
                titles: count(row, 4)?,
                told: count(row, 5)?,
            })
        })?)
    }
}

/// In the order of the index `title_by_name`, so that a page costs what is on it.
pub(crate) const TITLES: &str = "\
    SELECT t.name, t.version, t.publisher, \
        (SELECT json_group_array(DISTINCT s.source) FROM software s WHERE s.title = t.id AND s.machines IS NOT NULL), \
        t.machines \
    FROM title t INDEXED BY title_by_name WHERE t.machines > 0 AND {place} \
    ORDER BY t.name COLLATE NOCASE, t.name, t.version, t.publisher LIMIT ?1";

pub(crate) const AFTER: &str = "(t.name COLLATE NOCASE, t.name, t.version, t.publisher) > (?2, ?2, ?3, ?4)";

fn read_machine(row: &Row<'_>, collectors: Vec<CollectorReport>) -> Result<MachineRow, StoreError> {
    let os = OperatingSystem {
        family: to_word("an operating-system family", text(row, 3)?.unwrap_or_default())?,
        name: row.get(4)?,
        version: row.get(5)?,
    };
    Ok(MachineRow {
        machine: Machine { id: row.get(1)?, hostname: row.get(2)?, os, arch: row.get(6)? },
        installations: to_count(row.get(7)?),
        scans: to_count(row.get(8)?),
        first_seen: row.get(9)?,
        last_seen: row.get(10)?,
        collectors,
    })
}

pub(crate) fn read_software(row: &Row<'_>) -> Result<SoftwareRow, StoreError> {
    let known = |text: String| Some(text).filter(|text| !text.is_empty());
    let words: Vec<String> = from_json("sources", text(row, 3)?.unwrap_or_default())?;
    let mut sources: Vec<ObservationSource> =
        words.iter().map(|word| to_word("a source", word)).collect::<Result<_, _>>()?;
    sources.sort_unstable();
    Ok(SoftwareRow {
        name: row.get(0)?,
        version: known(row.get(1)?),
        publisher: known(row.get(2)?),
        sources,
        machines: to_count(row.get(4)?),
    })
}
