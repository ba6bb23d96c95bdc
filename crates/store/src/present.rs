//! What is on machines now, thing by thing, and what it comes to worked out anew for another catalogue.
//!
//! A fleet has few different things on many machines, so that who works out what they come to asks for the numbers of a
//! machine and for each thing once. What is gone, and who told, is not asked here.

use interdict_model::{Detection, Observation};
use rusqlite::{Connection, OptionalExtension as _};

use crate::detections::{self, ReplacedDetections};
use crate::error::StoreError;
use crate::installations;
use crate::rollup::Rollup;
use crate::store::Store;

/// Something that stands on machines: the same number wherever it does. Its date of installation is no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PresentThing {
    software: i64,
    place: i64,
    detail: i64,
}

/// What is there at the moment of a transaction.
#[derive(Debug)]
pub struct Present<'t>(&'t Connection);

impl Present<'_> {
    /// What is on a machine, by its number, in the order of its first appearance.
    pub fn things_of(&self, machine: u32) -> Result<Vec<PresentThing>, StoreError> {
        let sql =
            "SELECT software, place, detail FROM installation WHERE machine = ?1 AND gone IS NULL ORDER BY number";
        let mut statement = self.0.prepare_cached(sql)?;
        let things = statement.query_map([machine], |row| {
            Ok(PresentThing { software: row.get(0)?, place: row.get(1)?, detail: row.get(2)? })
        })?;
        Ok(things.collect::<Result<_, _>>()?)
    }

    /// A thing as it was observed, without its date.
    pub fn observation(&self, thing: PresentThing) -> Result<Option<Observation>, StoreError> {
        let sql = installations::one_thing();
        let mut statement = self.0.prepare_cached(&sql)?;
        let read = |row: &rusqlite::Row<'_>| Ok(installations::read_observation(row));
        statement.query_row([thing.software, thing.place, thing.detail], read).optional()?.transpose()
    }
}

impl Store {
    /// Replaces what some machines come to, each worked out from what is on it now, in one transaction. Nobody looked at
    /// them again, so `last_seen` of what stays does not move, and what goes is ended by the catalogue. Numbers of
    /// machines that are not there are left out.
    pub fn rework_detections(
        &mut self,
        machines: &[u32],
        catalogue_version: &str,
        mut consolidate: impl FnMut(&Present<'_>, u32) -> Result<Vec<Detection>, StoreError>,
    ) -> Result<ReplacedDetections, StoreError> {
        let transaction = self.write()?;
        let mut replaced = ReplacedDetections::default();
        let mut rollup = Rollup::default();
        for machine in machines {
            let Some(scan) = newest_scan(&transaction, *machine)? else { continue };
            let detections = consolidate(&Present(&transaction), *machine)?;
            let place = (i64::from(*machine), scan);
            let of_machine = detections::replace(&transaction, place, catalogue_version, &detections, &mut rollup)?;
            replaced.new_detections += of_machine.new_detections;
            replaced.gone_detections += of_machine.gone_detections;
        }
        rollup.write(&transaction)?;
        transaction.commit()?;
        Ok(replaced)
    }
}

fn newest_scan(connection: &Connection, machine: u32) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT id FROM scan WHERE machine = ?1 ORDER BY started DESC, id DESC LIMIT 1";
    Ok(connection.prepare_cached(sql)?.query_row([machine], |row| row.get(0)).optional()?)
}
