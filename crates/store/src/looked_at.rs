//! Which machines had everything of a source told of, and how lately: what makes "nothing there" an answer. Reading only.
//!
//! Nothing is said here of which sources an answer needs.

use std::collections::BTreeMap;

use interdict_model::{Observation, ObservationSource};
use roaring::RoaringBitmap;

use crate::error::StoreError;
use crate::instant;
use crate::rollup;
use crate::software::{COLUMNS, Software, text};
use crate::store::Store;
use crate::subjects::MachineSet;
use crate::value::to_word;

/// The machines of which somebody told everything that a source has.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WholeReading {
    /// At any time.
    pub ever: MachineSet,
    /// Since the instant asked for.
    pub since: MachineSet,
}

impl Store {
    /// By source, the machines of which somebody told everything it has: at any time, and in a scan or import that began
    /// at an instant (RFC 3339, UTC) or later.
    pub fn whole_readings(&self, since: &str) -> Result<BTreeMap<ObservationSource, WholeReading>, StoreError> {
        instant::check(since)?;
        let transaction = self.read()?;
        let mut late = RoaringBitmap::new();
        let mut statement = transaction.prepare_cached("SELECT id FROM scan WHERE started >= ?1")?;
        let mut rows = statement.query([instant::second(since)])?;
        while let Some(row) = rows.next()? {
            late.insert(number(row.get(0)?)?);
        }
        let sql = "SELECT source, machine, full_scan FROM machine_source WHERE full_scan IS NOT NULL";
        let mut statement = transaction.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut readings: BTreeMap<ObservationSource, WholeReading> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let source = to_word("a source", text(row, 0)?.unwrap_or_default())?;
            let machine = rollup::member(row.get(1)?)?;
            let reading = readings.entry(source).or_default();
            reading.ever.insert(machine);
            if late.contains(number(row.get(2)?)?) {
                reading.since.insert(machine);
            }
        }
        Ok(readings)
    }

    /// The distinct software and traces of one source that are anywhere now, without places and raw fields, and who has
    /// them.
    pub fn software_of_source(&self, source: ObservationSource) -> Result<Vec<(Observation, MachineSet)>, StoreError> {
        // The word itself stands in the question, so that an index of one source alone answers it.
        let sql = format!(
            "SELECT {COLUMNS}, s.machines FROM software s WHERE s.source = '{source}' AND s.machines IS NOT NULL"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let software = Software::read(row, 0)?;
            let owned = |text: Option<&str>| text.map(str::to_owned);
            let mut observation = Observation::new(source);
            observation.name = owned(software.name);
            observation.version = owned(software.version);
            observation.publisher = owned(software.publisher);
            observation.identifier = owned(software.identifier);
            observation.signer = owned(software.signer);
            observation.arch = owned(software.arch);
            observation.display_name = owned(software.display_name);
            let machines = row.get_ref(8)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
            all.push((observation, MachineSet::from_blob(machines)?));
        }
        Ok(all)
    }
}

fn number(scan: i64) -> Result<u32, StoreError> {
    u32::try_from(scan)
        .map_err(|_| StoreError::UnknownValue { what: "a scan's number", source: scan.to_string().into() })
}
