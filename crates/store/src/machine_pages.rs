//! What long lists of machines are made of: the few fields they are filtered and sorted by, for every machine at once,
//! and the rest for the machines of one page. Reading only.
//!
//! Nothing is judged and nothing is sorted here: which tier a subject has depends on who asks and for which day.

use std::borrow::Cow;
use std::collections::HashMap;

use interdict_model::{CollectorReport, Machine, OperatingSystem, Presence, ProductId, VendorId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::error::StoreError;
use crate::installed::InstallDate;
use crate::query::SoftwareKey;
use crate::rollup;
use crate::software::{self, text};
use crate::store::Store;
use crate::value::{to_count, to_word};

/// The origin of what Interdict looked at itself.
const OURS: i64 = 0;

/// A machine as lists know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedMachine {
    /// Its number in this database.
    pub number: i64,
    /// The machine as its newest scan described it.
    pub machine: Machine,
    /// How many installations are on it now.
    pub installations: usize,
    /// How many scans there are of it.
    pub scans: usize,
    /// When its oldest scan began.
    pub first_seen: String,
    /// When its newest scan began.
    pub last_seen: String,
    /// Whether Interdict looked at it itself.
    pub is_own: bool,
    /// The formats of the tools whose exports told of it, by name.
    pub told_by: Vec<String>,
}

/// What is found on machines now: each subject once, and who has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FoundSubjects {
    /// Every distinct subject.
    pub subjects: Vec<FoundSubject>,
    /// The number of a machine, and the place of a subject in `subjects`.
    pub on: Vec<(i64, usize)>,
}

/// A product, or a vendor without a known product, in one presence.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FoundSubject {
    /// Its vendor.
    pub vendor: VendorId,
    /// The product, where it is known.
    pub product: Option<ProductId>,
    /// Whether it is really there.
    pub presence: Presence,
}

/// A state of the database: equal stamps of one connection mean that nothing was changed in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    by_others: i64,
    by_us: u64,
}

/// One piece of software on a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledRow {
    /// The number of its title.
    pub title_id: i64,
    /// Its name, version and publisher.
    pub title: SoftwareKey,
    /// Where its registration was read: a word of the sources.
    pub source: String,
    /// When the scan began that first found it.
    pub first_seen: String,
    /// The day of its installation, as the system tells it.
    pub install_date: Option<String>,
    /// Which tool told; nothing for Interdict itself.
    pub told_by: Option<String>,
}

impl Store {
    /// What the database is at: another stamp means that lists kept in memory are stale.
    pub fn stamp(&self) -> Result<Stamp, StoreError> {
        let by_others = self.connection.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        Ok(Stamp { by_others, by_us: self.connection.total_changes() })
    }

    /// Every machine, by its number.
    pub fn listed_machines(&self) -> Result<Vec<ListedMachine>, StoreError> {
        let transaction = self.read()?;
        let mut origins = origins(&transaction)?;
        // `scan_by_machine` holds all that is asked of the scans.
        let sql = "SELECT m.id, m.machine_id, m.hostname, m.os_family, m.os_name, m.os_version, m.arch, \
                   m.installations, count(*), min(s.started), max(s.started) \
                   FROM machine m JOIN scan s ON s.machine = m.id GROUP BY m.id";
        let mut statement = transaction.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut machines = Vec::new();
        while let Some(row) = rows.next()? {
            let told = origins.remove(&row.get(0)?).unwrap_or_default();
            machines.push(read_listed(row, told)?);
        }
        Ok(machines)
    }

    /// What is found on machines now.
    pub fn found_subjects(&self) -> Result<FoundSubjects, StoreError> {
        let sql = "SELECT machine, vendor, coalesce(product, ''), presence FROM detection WHERE gone IS NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut found = FoundSubjects::default();
        let mut known: HashMap<(String, String, String), usize> = HashMap::new();
        while let Some(row) = rows.next()? {
            let key: (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
            let place = if let Some(place) = known.get(&key) {
                *place
            } else {
                found.subjects.push(FoundSubject {
                    vendor: VendorId::new(key.0.as_str()),
                    product: Some(key.1.as_str()).filter(|id| !id.is_empty()).map(ProductId::new),
                    presence: to_word("a presence", &key.2)?,
                });
                let place = found.subjects.len() - 1;
                known.insert(key, place);
                place
            };
            found.on.push((row.get(0)?, place));
        }
        Ok(found)
    }

    /// How the collectors of a machine's newest scan of ours fared; of an import, where there is none.
    pub fn newest_collectors(&self, machine: i64) -> Result<Vec<CollectorReport>, StoreError> {
        let sql = "SELECT c.name, c.status, c.reason, c.count FROM scan_collector c WHERE c.scan = \
                   (SELECT id FROM scan WHERE machine = ?1 ORDER BY origin <> 0, started DESC, id DESC LIMIT 1) \
                   ORDER BY c.ord";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([machine])?;
        let mut collectors = Vec::new();
        while let Some(row) = rows.next()? {
            collectors.push(CollectorReport {
                name: row.get(0)?,
                status: to_word("a collector status", text(row, 1)?.unwrap_or_default())?,
                reason: row.get(2)?,
                count: to_count(row.get(3)?),
            });
        }
        Ok(collectors)
    }

    /// The number of a machine by the id of its scans.
    pub fn machine_number(&self, machine_id: &str) -> Result<Option<i64>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT id FROM machine WHERE machine_id = ?1")?;
        Ok(statement.query_row([machine_id], |row| row.get(0)).optional()?)
    }

    /// The software that is registered on a machine now, by name; each registration is a row.
    pub fn installed_on(&self, machine: i64) -> Result<Vec<InstalledRow>, StoreError> {
        let sql = "SELECT t.name, s.version, s.publisher, s.source, f.started, i.install_date, o.name, t.id \
                   FROM installation i JOIN software s ON s.id = i.software JOIN title t ON t.id = s.title \
                   JOIN scan f ON f.id = i.first_seen LEFT JOIN origin o ON o.id = i.origin \
                   WHERE i.machine = ?1 AND i.gone IS NULL \
                   ORDER BY t.name COLLATE NOCASE, t.name, s.version, s.publisher, s.source, i.number";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([machine])?;
        let mut installed = Vec::new();
        while let Some(row) = rows.next()? {
            installed.push(InstalledRow {
                title_id: row.get(7)?,
                title: SoftwareKey { name: row.get(0)?, version: row.get(1)?, publisher: row.get(2)? },
                source: row.get(3)?,
                first_seen: row.get(4)?,
                install_date: InstallDate::read(row.get_ref(5)?)?.text().map(Cow::into_owned),
                told_by: row.get(6)?,
            });
        }
        Ok(installed)
    }

    /// The numbers of the machines that have a title now, in order, each once.
    pub fn machines_with_title(&self, title: &SoftwareKey) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT id FROM title WHERE fingerprint = ?1 AND name = ?2 AND version = ?3 AND publisher = ?4";
        let mut statement = self.connection.prepare_cached(sql)?;
        let (version, publisher) =
            (title.version.as_deref().unwrap_or_default(), title.publisher.as_deref().unwrap_or_default());
        let fingerprint = software::fingerprint(&[Some(&title.name), Some(version), Some(publisher)]);
        let values = params![fingerprint, title.name, version, publisher];
        match statement.query_row(values, |row| row.get(0)).optional()? {
            Some(title) => Ok(rollup::machines_of(&self.connection, title)?.iter().map(i64::from).collect()),
            None => Ok(Vec::new()),
        }
    }
}

/// Who told of each machine.
#[derive(Default)]
struct Told {
    is_own: bool,
    formats: Vec<String>,
}

fn origins(connection: &Connection) -> Result<HashMap<i64, Told>, StoreError> {
    let sql = "SELECT DISTINCT s.machine, s.origin, o.name FROM machine_source s \
               LEFT JOIN origin o ON o.id = s.origin ORDER BY s.machine, o.name";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut told: HashMap<i64, Told> = HashMap::new();
    while let Some(row) = rows.next()? {
        let of = told.entry(row.get(0)?).or_default();
        if row.get::<_, i64>(1)? == OURS {
            of.is_own = true;
        } else if let Some(format) = row.get(2)? {
            of.formats.push(format);
        }
    }
    Ok(told)
}

fn read_listed(row: &Row<'_>, told: Told) -> Result<ListedMachine, StoreError> {
    let os = OperatingSystem {
        family: to_word("an operating-system family", text(row, 3)?.unwrap_or_default())?,
        name: row.get(4)?,
        version: row.get(5)?,
    };
    Ok(ListedMachine {
        number: row.get(0)?,
        machine: Machine { id: row.get(1)?, hostname: row.get(2)?, os, arch: row.get(6)? },
        installations: to_count(row.get(7)?),
        scans: to_count(row.get(8)?),
        first_seen: row.get(9)?,
        last_seen: row.get(10)?,
        is_own: told.is_own,
        told_by: told.formats,
    })
}
