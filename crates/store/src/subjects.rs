//! Which machines have what was found, as sets: what counts and lists of a whole fleet are made of.
//!
//! A subject is a product in one presence, or a vendor without a known product. The sets follow from the open detections
//! and from nothing else; `database check` compares the two. Evidence stands with the detections.

use std::collections::BTreeMap;
use std::ops::BitOrAssign;

use interdict_model::{Detection, Presence, ProductId, VendorId};
use roaring::RoaringBitmap;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::StoreError;
use crate::rollup::{self, Moved};
use crate::software::text;
use crate::store::Store;
use crate::value::to_word;

/// Some machines, by their numbers in this database.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MachineSet(RoaringBitmap);

impl MachineSet {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        usize::try_from(self.0.len()).unwrap_or(usize::MAX)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes out those that are in another set.
    pub fn remove_all(&mut self, other: &Self) {
        self.0 -= &other.0;
    }

    /// Takes out those that are not in another set.
    pub fn keep_only(&mut self, other: &Self) {
        self.0 &= &other.0;
    }

    /// The numbers of the machines, in order.
    pub fn iter(&self) -> impl Iterator<Item = i64> + '_ {
        self.0.iter().map(i64::from)
    }

    pub(crate) fn insert(&mut self, machine: u32) {
        self.0.insert(machine);
    }

    pub(crate) fn bitmap(&self) -> &RoaringBitmap {
        &self.0
    }

    pub(crate) fn from_blob(blob: Option<&[u8]>) -> Result<Self, StoreError> {
        rollup::from_blob(blob).map(Self)
    }

    /// Whether a machine is in it.
    #[must_use]
    pub fn contains(&self, machine: i64) -> bool {
        rollup::member(machine).is_ok_and(|machine| self.0.contains(machine))
    }

    /// The numbers of its machines, in order.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.0.iter()
    }

    /// Those of it that are in another set, too.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(&self.0 & &other.0)
    }
}

impl FromIterator<u32> for MachineSet {
    fn from_iter<T: IntoIterator<Item = u32>>(machines: T) -> Self {
        Self(machines.into_iter().collect())
    }
}

impl BitOrAssign<&Self> for MachineSet {
    fn bitor_assign(&mut self, other: &Self) {
        self.0 |= &other.0;
    }
}

/// What was found, and where it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct SubjectRow {
    /// The vendor.
    pub vendor: VendorId,
    /// The product, where it is known.
    pub product: Option<ProductId>,
    /// Whether it is really there.
    pub presence: Presence,
    /// The machines that have it.
    pub machines: MachineSet,
}

/// Vendor, product or nothing, presence: as they are stored.
pub(crate) type Subject = (String, String, &'static str);

/// The subject of a detection.
pub(crate) fn of(detection: &Detection) -> Subject {
    let product = detection.product.as_ref().map(ProductId::to_string).unwrap_or_default();
    (detection.vendor.to_string(), product, detection.presence.as_str())
}

impl Store {
    /// Everything that was found and is there now, by vendor, product and presence.
    pub fn subjects(&self) -> Result<Vec<SubjectRow>, StoreError> {
        let sql = "SELECT vendor, product, presence, machines FROM subject ORDER BY vendor, product, presence";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut subjects = Vec::new();
        while let Some(row) = rows.next()? {
            subjects.push(SubjectRow {
                vendor: VendorId::new(row.get::<_, String>(0)?),
                product: Some(row.get::<_, String>(1)?).filter(|id| !id.is_empty()).map(ProductId::new),
                presence: to_word("a presence", text(row, 2)?.unwrap_or_default())?,
                machines: MachineSet(rollup::from_blob(
                    row.get_ref(3)?.as_blob_or_null().map_err(rusqlite::Error::from)?,
                )?),
            });
        }
        Ok(subjects)
    }

    /// Every machine.
    pub fn all_machines(&self) -> Result<MachineSet, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT id FROM machine ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut machines = RoaringBitmap::new();
        while let Some(row) = rows.next()? {
            machines.insert(rollup::member(row.get(0)?)?);
        }
        Ok(MachineSet(machines))
    }
}

/// Writes what moved.
pub(crate) fn write(connection: &Connection, moved: BTreeMap<Subject, Moved>) -> Result<(), StoreError> {
    if moved.is_empty() {
        return Ok(());
    }
    let mut read = connection
        .prepare_cached("SELECT machines FROM subject WHERE vendor = ?1 AND product = ?2 AND presence = ?3")?;
    let mut put = connection.prepare_cached(
        "INSERT OR REPLACE INTO subject (vendor, product, presence, machines) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut remove =
        connection.prepare_cached("DELETE FROM subject WHERE vendor = ?1 AND product = ?2 AND presence = ?3")?;
    for ((vendor, product, presence), moved) in moved {
        let known: Option<Vec<u8>> = read.query_row([&*vendor, &*product, presence], |row| row.get(0)).optional()?;
        let mut machines = moved.over(rollup::from_blob(known.as_deref())?);
        match rollup::to_blob(&mut machines)? {
            Some(blob) => put.execute(params![vendor, product, presence, blob])?,
            None => remove.execute([&*vendor, &*product, presence])?,
        };
    }
    Ok(())
}

/// What was found on a machine and is there now.
pub(crate) fn of_machine(connection: &Connection, machine: i64) -> Result<Vec<Subject>, StoreError> {
    let sql = "SELECT vendor, coalesce(product, ''), presence FROM detection WHERE machine = ?1 AND gone IS NULL";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([machine])?;
    let mut subjects = Vec::new();
    while let Some(row) = rows.next()? {
        let presence: Presence = to_word("a presence", text(row, 2)?.unwrap_or_default())?;
        subjects.push((row.get(0)?, row.get(1)?, presence.as_str()));
    }
    Ok(subjects)
}

/// Every set as the detections say.
pub(crate) fn truth(connection: &Connection) -> Result<BTreeMap<Subject, RoaringBitmap>, StoreError> {
    let sql = "SELECT vendor, coalesce(product, ''), presence, machine FROM detection WHERE gone IS NULL";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut sets: BTreeMap<Subject, RoaringBitmap> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let presence: Presence = to_word("a presence", text(row, 2)?.unwrap_or_default())?;
        let subject = (row.get(0)?, row.get(1)?, presence.as_str());
        sets.entry(subject).or_default().insert(rollup::member(row.get(3)?)?);
    }
    Ok(sets)
}

/// How many sets differ from what the detections say.
pub(crate) fn differences(connection: &Connection) -> Result<usize, StoreError> {
    let mut truth = truth(connection)?;
    let mut statement = connection.prepare("SELECT vendor, product, presence, machines FROM subject")?;
    let mut rows = statement.query([])?;
    let mut differences = 0;
    while let Some(row) = rows.next()? {
        let presence: Presence = to_word("a presence", text(row, 2)?.unwrap_or_default())?;
        let expected = truth.remove(&(row.get(0)?, row.get(1)?, presence.as_str())).unwrap_or_default();
        let kept = rollup::from_blob(row.get_ref(3)?.as_blob_or_null().map_err(rusqlite::Error::from)?);
        differences += usize::from(kept.ok().as_ref() != Some(&expected));
    }
    Ok(differences + truth.len())
}

/// Fills the sets for what is there.
pub(crate) fn rebuild(connection: &Connection) -> Result<(), StoreError> {
    connection.execute("DELETE FROM subject", [])?;
    let moved = truth(connection)?.into_iter().map(|(subject, came)| (subject, Moved::came(came)));
    write(connection, moved.collect())
}
