//! Where something was found, a page at a time: machines of a set by host name, and what was found on just those.

use interdict_model::{CollectorReport, Presence, ProductId, VendorId};
use roaring::RoaringBitmap;
use rusqlite::{OptionalExtension as _, params};

use crate::detections::{self, DetectionRow};
use crate::error::StoreError;
use crate::rollup;
use crate::software::text;
use crate::store::Store;
use crate::subjects::MachineSet;
use crate::titles::Page;
use crate::value::{from_count, to_count, to_json, to_word};

/// So many machines are sorted by name; of more, the whole list of names is walked.
const FEW: usize = 1000;

/// A machine by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedMachine {
    /// Its number in this database.
    pub number: i64,
    /// The id of its scans.
    pub machine_id: String,
    /// Its host name.
    pub hostname: String,
}

/// A collector that could not look at everything in the newest scan of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// The machine's host name.
    pub hostname: String,
    /// How it fared.
    pub report: CollectorReport,
}

impl Store {
    /// How many machines there are.
    pub fn machine_count(&self) -> Result<usize, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT count(*) FROM machine")?;
        Ok(statement.query_row([], |row| row.get(0).map(to_count))?)
    }

    /// The machines of a set, by host name and id.
    pub fn named(&self, machines: &MachineSet) -> Result<Vec<NamedMachine>, StoreError> {
        let mut named = Vec::new();
        if machines.is_empty() {
            return Ok(named);
        }
        // All of it stands in the index, in this order.
        let sql = "SELECT id, machine_id, hostname FROM machine INDEXED BY machine_by_hostname \
                   ORDER BY hostname COLLATE NOCASE, machine_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number = row.get(0)?;
            if machines.contains(number) {
                named.push(NamedMachine { number, machine_id: row.get(1)?, hostname: row.get(2)? });
            }
        }
        Ok(named)
    }

    /// A machine by the id of its scans.
    pub fn named_machine(&self, machine_id: &str) -> Result<Option<NamedMachine>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT id, machine_id, hostname FROM machine WHERE machine_id = ?1")?;
        let named = statement.query_row([machine_id], |row| {
            Ok(NamedMachine { number: row.get(0)?, machine_id: row.get(1)?, hostname: row.get(2)? })
        });
        Ok(named.optional()?)
    }

    /// So many machines of a set by host name and id, from a place on.
    pub fn named_page(
        &self,
        machines: &MachineSet,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<NamedMachine>, StoreError> {
        if machines.len() <= FEW {
            self.page_of_few(machines, offset, limit)
        } else {
            self.page_of_many(machines, offset, limit)
        }
    }

    /// All of the set are sorted.
    fn page_of_few(&self, machines: &MachineSet, offset: usize, limit: usize) -> Result<Vec<NamedMachine>, StoreError> {
        let mut named = self.names_of_numbers(machines.bitmap())?;
        named.truncate(offset.saturating_add(limit));
        Ok(named.split_off(offset.min(named.len())))
    }

    /// The names of all machines are walked through, in their order.
    fn page_of_many(
        &self,
        machines: &MachineSet,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<NamedMachine>, StoreError> {
        let sql = "SELECT id FROM machine INDEXED BY machine_by_hostname ORDER BY hostname COLLATE NOCASE, machine_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let (mut place, mut wanted) = (0, RoaringBitmap::new());
        while let Some(row) = rows.next()? {
            let number = row.get(0)?;
            if wanted.len() >= u64::try_from(limit).unwrap_or(u64::MAX) {
                break;
            }
            if machines.contains(number) {
                if place >= offset {
                    wanted.insert(rollup::member(number)?);
                }
                place += 1;
            }
        }
        self.names_of_numbers(&wanted)
    }

    fn names_of_numbers(&self, wanted: &RoaringBitmap) -> Result<Vec<NamedMachine>, StoreError> {
        let sql = "SELECT id, machine_id, hostname FROM machine WHERE id IN (SELECT value FROM json_each(?1)) \
                   ORDER BY hostname COLLATE NOCASE, machine_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let numbers = to_json(&wanted.iter().collect::<Vec<u32>>())?;
        let rows = statement.query_map([numbers], |row| {
            Ok(NamedMachine { number: row.get(0)?, machine_id: row.get(1)?, hostname: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What of a subject is found on some machines now, by host name.
    pub fn found_on(
        &self,
        vendor: &VendorId,
        product: Option<&ProductId>,
        presence: Presence,
        machines: &[i64],
    ) -> Result<Vec<DetectionRow>, StoreError> {
        // The unary plus keeps SQLite from walking through all that have the product.
        let condition = "d.gone IS NULL AND d.machine IN (SELECT value FROM json_each(?1)) AND +d.vendor = ?2 \
                         AND coalesce(d.product, '') = ?3 AND d.presence = ?4";
        let product = product.map_or("", ProductId::as_str);
        let values = params![to_json(&machines)?, vendor.as_str(), product, presence.as_str()];
        let rows = detections::rows_where(&self.connection, condition, values, "1")?;
        Ok(rows.into_iter().map(|(row, _)| row).collect())
    }

    /// Every version of a subject that is found now, in any order.
    pub fn found_versions(
        &self,
        vendor: &VendorId,
        product: Option<&ProductId>,
        presence: Presence,
    ) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT DISTINCT version FROM detection WHERE gone IS NULL AND vendor = ?1 AND product IS ?2 \
                   AND presence = ?3 AND version IS NOT NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        let values = params![vendor.as_str(), product.map(ProductId::as_str), presence.as_str()];
        let versions = statement.query_map(values, |row| row.get(0))?;
        Ok(versions.collect::<Result<_, _>>()?)
    }

    /// What the newest scan of each machine could not look at: what failed first, then by host name; so many, and how
    /// many there are.
    pub fn unseen(&self, limit: usize) -> Result<Page<Unseen>, StoreError> {
        let transaction = self.read()?;
        let total = transaction
            .prepare_cached(&format!("SELECT count(*) FROM {UNSEEN}"))?
            .query_row([], |row| row.get(0).map(to_count))?;
        let sql = format!(
            "SELECT m.hostname, c.name, c.status, c.reason, c.count FROM {UNSEEN} ORDER BY CASE c.status \
             WHEN 'failed' THEN 0 WHEN 'partial' THEN 1 ELSE 2 END, m.hostname COLLATE NOCASE, m.machine_id, c.ord LIMIT ?1"
        );
        let mut statement = transaction.prepare_cached(&sql)?;
        let mut rows = statement.query([from_count(limit)])?;
        let mut page = Page { rows: Vec::new(), total };
        while let Some(row) = rows.next()? {
            let report = CollectorReport {
                name: row.get(1)?,
                status: to_word("a collector status", text(row, 2)?.unwrap_or_default())?,
                reason: row.get(3)?,
                count: to_count(row.get(4)?),
            };
            page.rows.push(Unseen { hostname: row.get(0)?, report });
        }
        Ok(page)
    }
}

/// The collectors `c` of each machine's newest scan of ours, else of its newest import, that did not see everything.
const UNSEEN: &str = "scan_collector c JOIN scan s ON s.id = c.scan JOIN machine m ON m.id = s.machine \
    WHERE c.status <> 'complete' AND s.id = \
    (SELECT id FROM scan WHERE machine = m.id ORDER BY origin <> 0, started DESC, id DESC LIMIT 1)";

#[cfg(test)]
mod tests {
    use interdict_model::{Machine, OperatingSystem, OsFamily, ProbesStamp, ScanHeader};

    use super::*;

    fn look_at(store: &mut Store, id: &str, hostname: &str) {
        let os = OperatingSystem { family: OsFamily::Linux, name: "Debian".to_owned(), version: "13".to_owned() };
        let header = ScanHeader {
            schema: ScanHeader::SCHEMA.to_owned(),
            machine: Machine { id: id.to_owned(), hostname: hostname.to_owned(), os, arch: "x86_64".to_owned() },
            started: "2026-11-22T08:00:00Z".to_owned(),
            read_as: None,
            swept: Vec::new(),
            probes: ProbesStamp { catalogue_version: "2026.11".to_owned(), count: 0 },
            collectors: Vec::new(),
            tool_version: "0.1.0".to_owned(),
        };
        store.record_scan(&header, "2026-11-22T08:00:00Z", "a test", &[], &[], &[]).expect("records");
    }

    #[test]
    fn a_page_of_few_machines_and_of_many_is_the_same() {
        let mut store = Store::open_in_memory().expect("opens");
        for (id, hostname) in
            [("m1", "web-02"), ("m2", "WEB-01"), ("m3", "db"), ("m4", "Db"), ("m5", "ärzte"), ("m6", "")]
        {
            look_at(&mut store, id, hostname);
        }
        let all = store.all_machines().expect("reads");
        let some: MachineSet = all.numbers().filter(|number| number % 3 != 0).collect();
        for machines in [&all, &some, &MachineSet::default()] {
            let named: Vec<NamedMachine> = store.named(machines).expect("reads");
            assert_eq!(named.len(), machines.len());
            for (offset, limit) in [(0, 2), (1, 3), (4, 10), (7, 1), (0, 0)] {
                let wanted: Vec<NamedMachine> = named.iter().skip(offset).take(limit).cloned().collect();
                assert_eq!(store.page_of_few(machines, offset, limit).expect("reads"), wanted, "{offset} {limit}");
                assert_eq!(store.page_of_many(machines, offset, limit).expect("reads"), wanted, "{offset} {limit}");
            }
        }
    }

    #[test]
    fn machines_are_called_by_id_and_by_host_name() {
        let mut store = Store::open_in_memory().expect("opens");
        for (id, hostname) in [("m1", "web-01"), ("web-01", "other"), ("m3", "WEB-01")] {
            look_at(&mut store, id, hostname);
        }
        let called = |name: &str| -> Vec<String> {
            store.machines_called(name).expect("reads").into_iter().map(|row| row.machine.id).collect()
        };
        assert_eq!(called("Web-01"), ["m1", "m3"]);
        assert_eq!(called("web-01"), ["web-01", "m1", "m3"]);
        assert_eq!(called("m3"), ["m3"]);
        assert!(called("M3").is_empty(), "ids are as they are");
        assert!(called("web").is_empty());
    }
}
