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

/// How sure something was identified, over all machines that have it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sureness {
    /// The highest confidence, 0 to 1.
    pub confidence: f64,
    /// The most pieces of evidence that one machine has.
    pub traces: usize,
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
    /// How sure a subject was identified, over all machines that have it now.
    pub fn sureness(
        &self,
        vendor: &VendorId,
        product: Option<&ProductId>,
        presence: Presence,
    ) -> Result<Sureness, StoreError> {
        let sql = "SELECT max(d.confidence), max(json_array_length(e.traces)) FROM detection d JOIN evidence e ON e.id = d.evidence \
                   WHERE d.gone IS NULL AND d.vendor = ?1 AND d.product IS ?2 AND d.presence = ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let values = params![vendor.as_str(), product.map(ProductId::as_str), presence.as_str()];
        Ok(statement.query_row(values, |row| {
            let traces: Option<i64> = row.get(1)?;
            Ok(Sureness {
                confidence: row.get::<_, Option<f64>>(0)?.unwrap_or_default(),
                traces: to_count(traces.unwrap_or_default()),
            })
        })?)
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
