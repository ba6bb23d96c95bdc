//! The distinct things of an import, each registered and identified once, whichever machines they are on.

use std::collections::HashMap;

use interdict_identify::{Identification, Identifier, consolidate_identified, says_something};
use interdict_model::{Detection, Observation};
use interdict_store::{Batch, Installed, PlaceNumber, SoftwareNumber, StoreError};

use crate::spool::SpooledRow;
use crate::things::Things;

/// What things are called in the database, by their numbers.
pub(crate) struct Numbers(Vec<(SoftwareNumber, PlaceNumber)>);

impl Numbers {
    /// Registers all of them.
    pub(crate) fn register(batch: &mut Batch<'_>, things: &Things) -> Result<Self, StoreError> {
        let by_software = things.by_software();
        let by_place = things.by_place();
        let first = |thing: &u32| things.borrowed(*thing);
        let software = batch.register_software(by_software.first.iter().filter_map(first))?;
        let places = batch.register_places(by_place.first.iter().filter_map(first))?;
        let numbers = by_software.of_row.iter().zip(&by_place.of_row).filter_map(|(software_of, place_of)| {
            Some((*software.get(*software_of as usize)?, *places.get(*place_of as usize)?))
        });
        Ok(Self(numbers.collect()))
    }

    /// Rows as the store takes them.
    pub(crate) fn installed<'t>(&self, things: &'t Things, rows: &[SpooledRow]) -> Vec<Installed<'t>> {
        let installed = rows.iter().filter_map(|row| {
            let (software, place) = *self.0.get(row.thing as usize)?;
            Some(Installed { software, place, date: things.date(row.date) })
        });
        installed.collect()
    }
}

/// Of so many different machines it is remembered what they came to.
const MOST_ALIKE: usize = 4_096;

/// What is known of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    NotAsked,
    SaysNothing,
    /// It says something: where that stands.
    Found(u32),
}

/// Things as they were identified.
pub(crate) struct Recognised<'t> {
    identifier: &'t Identifier,
    pub(crate) things: &'t Things,
    known: Vec<Known>,
    /// Only those that say something: few.
    found: Vec<(Observation, Identification)>,
    /// What machines came to of which nothing else is known, by what was found on them: many are alike.
    alike: HashMap<Vec<u32>, Vec<Detection>>,
}

impl<'t> Recognised<'t> {
    pub(crate) fn new(identifier: &'t Identifier, things: &'t Things) -> Self {
        Self {
            identifier,
            things,
            known: vec![Known::NotAsked; things.len()],
            found: Vec::new(),
            alike: HashMap::new(),
        }
    }

    /// What the rows of one machine come to, with what else is known of it.
    pub(crate) fn consolidate(&mut self, rows: &[SpooledRow], elsewhere: Vec<Observation>) -> Vec<Detection> {
        let found: Vec<u32> = rows.iter().filter_map(|row| self.ask(row.thing)).collect();
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

    fn consolidate_with(&self, found: &[u32], elsewhere: Vec<Observation>) -> Vec<Detection> {
        let told = found.iter().filter_map(|found| self.found.get(*found as usize));
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

    /// Where it stands what a thing says; nothing for one that says nothing.
    fn ask(&mut self, thing: u32) -> Option<u32> {
        match self.known.get_mut(thing as usize)? {
            Known::Found(found) => Some(*found),
            Known::SaysNothing => None,
            known @ Known::NotAsked => {
                *known = Known::SaysNothing;
                let observation = self.things.observation(thing)?;
                let identification = self.identifier.identify(&observation);
                if !says_something(&observation, &identification) {
                    return None;
                }
                let found = u32::try_from(self.found.len()).ok()?;
                *known = Known::Found(found);
                self.found.push((observation, identification));
                Some(found)
            }
        }
    }
}
