//! The distinct things of an import, each registered and identified once, whichever machines they are on.

use std::collections::HashMap;

use interdict_identify::{Identification, Identifier, consolidate_identified, says_something};
use interdict_model::{Detection, Observation};
use interdict_store::{Batch, Installed, PlaceNumber, SoftwareNumber, StoreError};

use crate::intake::Things;
use crate::spool::SpooledRow;

/// What the parts of things are called in the database.
pub(crate) struct Numbers {
    software: Vec<SoftwareNumber>,
    places: Vec<PlaceNumber>,
}

impl Numbers {
    /// Registers all of them.
    pub(crate) fn register(batch: &mut Batch<'_>, things: &Things) -> Result<Self, StoreError> {
        let software = batch.register_software(things.software())?;
        let places = batch.register_places(things.places())?;
        Ok(Self { software, places })
    }

    /// Rows as the store takes them.
    pub(crate) fn installed<'t>(&self, things: &'t Things, rows: &[SpooledRow]) -> Vec<Installed<'t>> {
        let installed = rows.iter().filter_map(|row| {
            let (software, place) = things.parts(row.thing)?;
            Some(Installed {
                software: *self.software.get(software as usize)?,
                place: *self.places.get(place as usize)?,
                date: things.date(row.date),
            })
        });
        installed.collect()
    }
}

/// What is known of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    NotAsked,
    SaysNothing,
    SaysSomething,
}

/// Things as they were identified.
pub(crate) struct Recognised<'t> {
    identifier: &'t Identifier,
    pub(crate) things: &'t Things,
    known: Vec<Known>,
    /// Only those that say something: few.
    found: HashMap<u32, (Observation, Identification)>,
}

impl<'t> Recognised<'t> {
    pub(crate) fn new(identifier: &'t Identifier, things: &'t Things) -> Self {
        Self { identifier, things, known: vec![Known::NotAsked; things.len()], found: HashMap::new() }
    }

    /// What the rows of one machine come to, with what else is known of it.
    pub(crate) fn consolidate(&mut self, rows: &[SpooledRow], elsewhere: Vec<Observation>) -> Vec<Detection> {
        for row in rows {
            self.ask(row.thing);
        }
        let told = rows.iter().filter_map(|row| self.found.get(&row.thing));
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

    fn ask(&mut self, thing: u32) {
        let Some(known) = self.known.get_mut(thing as usize) else { return };
        if *known != Known::NotAsked {
            return;
        }
        *known = Known::SaysNothing;
        let Some(observation) = self.things.observation(thing) else { return };
        let identification = self.identifier.identify(&observation);
        if says_something(&observation, &identification) {
            *known = Known::SaysSomething;
            self.found.insert(thing, (observation, identification));
        }
    }
}
