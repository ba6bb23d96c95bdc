//! The distinct things of an import, each registered and identified once, whichever machines they are on.

use std::collections::{BTreeSet, HashMap};
use std::num::NonZeroU32;

use interdict_identify::{Identification, Identifier, consolidate_identified, says_something};
use interdict_model::{Detection, Observation, ObservationSource};
use interdict_store::{Batch, Installed, PlaceNumber, SoftwareNumber, StoreError};

use crate::spool::SpooledRow;
use crate::things::Things;

/// The things of an import and what they are called in the database.
pub(crate) struct Numbered {
    pub(crate) things: Things,
    numbers: Vec<(SoftwareNumber, PlaceNumber)>,
}

impl Numbered {
    /// Registers all of them.
    pub(crate) fn register(batch: &mut Batch<'_>, mut things: Things) -> Result<Self, StoreError> {
        things.close();
        let first = |thing: &u32| things.borrowed(*thing);
        let by_software = things.by_software();
        let software = batch.register_software(by_software.first.iter().filter_map(first))?;
        let by_place = things.by_place();
        let places = batch.register_places(by_place.first.iter().filter_map(first))?;
        let numbers = by_software.of_row.iter().zip(&by_place.of_row).filter_map(|(software_of, place_of)| {
            Some((*software.get(*software_of as usize)?, *places.get(*place_of as usize)?))
        });
        Ok(Self { numbers: numbers.collect(), things })
    }

    /// Rows as the store takes them.
    pub(crate) fn installed<'t>(&'t self, rows: &[SpooledRow]) -> Vec<Installed<'t>> {
        let installed = rows.iter().filter_map(|row| {
            let (software, place) = *self.numbers.get(row.thing as usize)?;
            Some(Installed { software, place, date: self.things.date(row.date) })
        });
        installed.collect()
    }

    /// The sources of rows.
    pub(crate) fn sources(&self, rows: &[SpooledRow]) -> BTreeSet<ObservationSource> {
        rows.iter().filter_map(|row| self.things.source(row.thing)).collect()
    }
}

/// Of so many different machines it is remembered what they came to.
const MOST_ALIKE: usize = 512;

/// What the things of an import say.
pub(crate) struct Recognised<'i> {
    identifier: &'i Identifier,
    /// Of those that say something, few, where that stands.
    found_at: Vec<Option<NonZeroU32>>,
    /// Its first stands at 1.
    found: Vec<(Observation, Identification)>,
    /// What machines came to of which nothing else is known, by what was found on them: many are alike.
    alike: HashMap<Vec<NonZeroU32>, Vec<Detection>>,
}

impl<'i> Recognised<'i> {
    /// Identifies every thing.
    pub(crate) fn of(identifier: &'i Identifier, things: &Things) -> Self {
        let mut found = Vec::new();
        let found_at = (0..).take(things.len()).map(|thing| {
            let observation = things.observation(thing)?;
            let identification = identifier.identify(&observation);
            if !says_something(&observation, &identification) {
                return None;
            }
            found.push((observation, identification));
            u32::try_from(found.len()).ok().and_then(NonZeroU32::new)
        });
        let found_at = found_at.collect();
        Self { identifier, found_at, found, alike: HashMap::new() }
    }

    /// What the rows of one machine come to, with what else is known of it.
    pub(crate) fn consolidate(&mut self, rows: &[SpooledRow], elsewhere: Vec<Observation>) -> Vec<Detection> {
        let found: Vec<NonZeroU32> =
            rows.iter().filter_map(|row| self.found_at.get(row.thing as usize).copied().flatten()).collect();
        if !elsewhere.is_empty() {
            return self.consolidate_with(&found, elsewhere);
        }
        if let Some(detections) = self.alike.get(&found) {
            return detections.clone();
        }
        let detections = self.consolidate_with(&found, elsewhere);
        if self.alike.len() < MOST_ALIKE {
            self.alike.insert(found, detections.clone());
        }
        detections
    }

    fn consolidate_with(&self, found: &[NonZeroU32], elsewhere: Vec<Observation>) -> Vec<Detection> {
        let told = found.iter().filter_map(|found| self.found.get(found.get() as usize - 1));
        let mut members: Vec<(&Observation, Identification)> =
            told.map(|(observation, identification)| (observation, identification.clone())).collect();
        let count = members.len();
        // The date says nothing of what something is, and things are kept without it.
        let elsewhere: Vec<Observation> =
            elsewhere.into_iter().map(|known| Observation { install_date: None, ..known }).collect();
        for known in &elsewhere {
            let identification = self.identifier.identify(known);
            let is_told = members.iter().take(count).any(|(told, _)| *told == known);
            if says_something(known, &identification) && !is_told {
                members.push((known, identification));
            }
        }
        if members.is_empty() { Vec::new() } else { consolidate_identified(members) }
    }
}
