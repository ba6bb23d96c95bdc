//! Every interval of everything that was ever found, as numbers: what a history of the whole fleet is counted from.
//!
//! Read at once and kept by who asks; some twenty bytes each. Evidence is left out, and so is what a catalogue ended: what
//! it no longer identifies was never there in its eyes. Nothing is judged here.

use std::collections::HashMap;

use interdict_model::{Presence, ProductId, VendorId};
use rusqlite::Connection;

use crate::error::StoreError;
use crate::instant;
use crate::rollup;
use crate::software::text;
use crate::store::Store;
use crate::value::{to_count, to_word};

/// What was ever found, and the scans that tell when.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stays {
    /// Every scan, in the order they began.
    pub scans: Vec<StayScan>,
    /// Every distinct subject that was ever found.
    pub subjects: Vec<StaySubject>,
    /// How sure each of them was identified, over all machines that have it now.
    pub sureness: Vec<Sureness>,
    /// Every distinct version.
    pub versions: Vec<String>,
    /// The intervals.
    pub rows: Vec<Stay>,
}

/// How sure something was identified, over all machines that have it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sureness {
    /// The highest confidence, 0 to 1.
    pub confidence: f64,
    /// The most pieces of evidence that one machine has.
    pub traces: usize,
}

/// A scan or import of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StayScan {
    /// The machine's number.
    pub machine: u32,
    /// When it began: RFC 3339, UTC.
    pub started: String,
    /// The place of the second in which it began among those of all scans: equal where the seconds are equal.
    pub second: u32,
}

/// A product, or a vendor without a known product, in one presence.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StaySubject {
    /// The vendor.
    pub vendor: VendorId,
    /// The product, where it is known.
    pub product: Option<ProductId>,
    /// Whether it is really there; of what is gone, when it was last seen.
    pub presence: Presence,
}

/// One interval. Scans are places in [`Stays::scans`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// The machine's number.
    pub machine: u32,
    /// The place of the subject.
    pub subject: u32,
    /// The place of the version, where one is known.
    pub version: Option<u32>,
    /// The scan that found it first.
    pub first: u32,
    /// The scan that found it last.
    pub last: u32,
    /// The scan that no longer found it.
    pub gone: Option<u32>,
}

impl Store {
    /// What was ever found, but for what a catalogue ended.
    pub fn stays(&self) -> Result<Stays, StoreError> {
        let transaction = self.read()?;
        let mut stays = Stays::default();
        let places = read_scans(&transaction, &mut stays)?;
        read_rows(&transaction, &mut stays, &places)?;
        Ok(stays)
    }
}

/// Reads the scans, and gives the place of each by its number.
fn read_scans(connection: &Connection, stays: &mut Stays) -> Result<HashMap<i64, u32>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id, machine, started FROM scan ORDER BY started, id")?;
    let mut rows = statement.query([])?;
    let mut read: Vec<(i64, StayScan)> = Vec::new();
    while let Some(row) = rows.next()? {
        read.push((row.get(0)?, StayScan { machine: rollup::member(row.get(1)?)?, started: row.get(2)?, second: 0 }));
    }
    // As texts, an instant with a fraction stands before the same second without one.
    read.sort_by(|(left, one), (right, other)| {
        (instant::second(&one.started), left).cmp(&(instant::second(&other.started), right))
    });
    let mut places = HashMap::with_capacity(read.len());
    for (place, (id, mut scan)) in (0_u32..).zip(read) {
        scan.second = match stays.scans.last() {
            Some(before) if instant::second(&before.started) == instant::second(&scan.started) => before.second,
            _ => place,
        };
        places.insert(id, place);
        stays.scans.push(scan);
    }
    Ok(places)
}

/// How many pieces each piece of evidence is made of, by its number.
fn traces_of_evidence(connection: &Connection) -> Result<HashMap<i64, usize>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id, json_array_length(traces) FROM evidence")?;
    let counts = statement.query_map([], |row| Ok((row.get(0)?, to_count(row.get(1)?))))?;
    Ok(counts.collect::<Result<_, _>>()?)
}

fn read_rows(connection: &Connection, stays: &mut Stays, scans: &HashMap<i64, u32>) -> Result<(), StoreError> {
    let sql = "SELECT machine, vendor, coalesce(product, ''), presence, version, first_seen, last_seen, gone, confidence, evidence \
               FROM detection WHERE ended_by IS NOT 'catalogue'";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut subjects = Subjects::default();
    let mut versions: HashMap<String, u32> = HashMap::new();
    let traces = traces_of_evidence(connection)?;
    // A scan that is referred to is there: the schema sees to it.
    let place = |id: i64| scans.get(&id).copied().unwrap_or_default();
    while let Some(row) = rows.next()? {
        let word = |column| text(row, column).map(Option::unwrap_or_default);
        let subject = subjects.place(&mut stays.subjects, word(1)?, word(2)?, word(3)?)?;
        let gone: Option<i64> = row.get(7)?;
        stays.sureness.resize(stays.subjects.len(), Sureness::default());
        if let Some(surest) =
            usize::try_from(subject).ok().and_then(|place| stays.sureness.get_mut(place)).filter(|_| gone.is_none())
        {
            surest.confidence = surest.confidence.max(row.get(8)?);
            surest.traces = surest.traces.max(traces.get(&row.get(9)?).copied().unwrap_or_default());
        }
        stays.rows.push(Stay {
            machine: rollup::member(row.get(0)?)?,
            subject,
            version: text(row, 4)?.map(|version| version_place(&mut versions, &mut stays.versions, version)),
            first: place(row.get(5)?),
            last: place(row.get(6)?),
            gone: gone.map(place),
        });
    }
    Ok(())
}

fn version_place(known: &mut HashMap<String, u32>, versions: &mut Vec<String>, version: &str) -> u32 {
    if let Some(place) = known.get(version) {
        return *place;
    }
    let place = u32::try_from(versions.len()).unwrap_or(u32::MAX);
    known.insert(version.to_owned(), place);
    versions.push(version.to_owned());
    place
}

/// The places of subjects by their words, so that no word is copied for a row.
#[derive(Default)]
struct Subjects(HashMap<String, HashMap<String, HashMap<String, u32>>>);

impl Subjects {
    fn place(
        &mut self,
        subjects: &mut Vec<StaySubject>,
        vendor: &str,
        product: &str,
        presence: &str,
    ) -> Result<u32, StoreError> {
        let known = self.0.get(vendor).and_then(|products| products.get(product)?.get(presence));
        if let Some(place) = known {
            return Ok(*place);
        }
        let place = u32::try_from(subjects.len()).unwrap_or(u32::MAX);
        subjects.push(StaySubject {
            vendor: VendorId::new(vendor),
            product: Some(product).filter(|id| !id.is_empty()).map(ProductId::new),
            presence: to_word("a presence", presence)?,
        });
        let products = self.0.entry(vendor.to_owned()).or_default();
        products.entry(product.to_owned()).or_default().insert(presence.to_owned(), place);
        Ok(place)
    }
}
