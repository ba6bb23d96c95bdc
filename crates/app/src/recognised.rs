//! The distinct things of an import, each registered and identified once, whichever machines they are on.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::num::NonZeroU32;

use interdict_identify::{Identification, Identifier, consolidate_identified, says_something};
use interdict_model::{Detection, Observation, ObservationRef, ObservationSource};
use interdict_store::{Batch, Installed, PlaceNumber, SoftwareNumber, StoreError};

use crate::spool::SpooledRow;
use crate::things::{Shared, Things};

/// The things of an import and what they are called in the database.
pub(crate) struct Numbered {
    pub(crate) things: Things,
    numbers: Vec<(SoftwareNumber, PlaceNumber)>,
}

impl Numbered {
    /// Registers all of them.
    pub(crate) fn register(batch: &mut Batch<'_>, things: Things, shared: &Shared) -> Result<Self, StoreError> {
        let first = |thing: &u32| things.borrowed(*thing);
        let software = batch.register_software(shared.software.first.iter().filter_map(first))?;
        let places = batch.register_places(shared.place.first.iter().filter_map(first))?;
        let of_row = shared.software.of_row.iter().zip(&shared.place.of_row);
        let numbers = of_row.filter_map(|(software_of, place_of)| {
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

/// What a thing says.
enum Found {
    /// What it was identified as.
    Identified(Box<(Observation, Identification)>),
    /// It may lie within an application that is somebody's: of these a fleet of Macs has many, so they stay as texts.
    MayLieWithin(u32),
}

/// What the things of an import say.
pub(crate) struct Recognised<'i> {
    identifier: &'i Identifier,
    /// Of those that say something, few, where that stands.
    found_at: Vec<Option<NonZeroU32>>,
    /// What was found; its first stands at 1.
    found: Vec<Found>,
    /// The things of [`Found::MayLieWithin`].
    within: Things,
    /// What machines came to of which nothing else is known, by what was found on them: many are alike.
    alike: HashMap<Vec<NonZeroU32>, Vec<Detection>>,
}

impl<'i> Recognised<'i> {
    /// Identifies every thing.
    pub(crate) fn of(identifier: &'i Identifier, things: &Things, shared: &Shared) -> Self {
        let (mut found, mut within) = (Vec::new(), Vec::new());
        let mut parts = SilentParts::new(identifier, things, shared);
        let found_at = (0..).take(things.len()).map(|thing| {
            if parts.are_silent(thing) {
                return None;
            }
            let observation = things.observation(thing)?;
            let identification = identifier.identify(&observation);
            if !says_something(&observation, &identification) {
                return None;
            }
            found.push(if identification == Identification::default() {
                within.push(thing);
                Found::MayLieWithin(u32::try_from(within.len() - 1).ok()?)
            } else {
                Found::Identified(Box::new((observation, identification)))
            });
            u32::try_from(found.len()).ok().and_then(NonZeroU32::new)
        });
        let found_at = found_at.collect();
        Self { identifier, found_at, found, within: things.only(&within), alike: HashMap::new() }
    }

    fn found(&self, at: NonZeroU32) -> Option<&Found> {
        self.found.get(at.get() as usize - 1)
    }

    /// Whether anything is somebody's: what else there is lies within nothing.
    fn is_anybodys(&self, found: &[NonZeroU32]) -> bool {
        let is_identified = |found: &Found| matches!(found, Found::Identified(found) if found.1.vendor.is_some());
        found.iter().any(|at| self.found(*at).is_some_and(is_identified))
    }

    /// What the rows of one machine come to, with what else is known of it.
    pub(crate) fn consolidate(&mut self, rows: &[SpooledRow], elsewhere: Vec<Observation>) -> Vec<Detection> {
        let found: Vec<NonZeroU32> =
            rows.iter().filter_map(|row| self.found_at.get(row.thing as usize).copied().flatten()).collect();
        if !elsewhere.is_empty() {
            return self.consolidate_with(&found, elsewhere);
        }
        if !self.is_anybodys(&found) {
            return Vec::new();
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
        let within: Vec<Observation> = found
            .iter()
            .filter_map(|at| match self.found(*at)? {
                Found::MayLieWithin(thing) => self.within.observation(*thing),
                Found::Identified(_) => None,
            })
            .collect();
        let mut next_within = within.iter();
        let told = found.iter().filter_map(|at| match self.found(*at)? {
            Found::Identified(identified) => Some((&identified.0, Cow::Borrowed(&identified.1))),
            Found::MayLieWithin(_) => Some((next_within.next()?, Cow::Owned(Identification::default()))),
        });
        let mut members: Vec<(&Observation, Cow<'_, Identification>)> = told.collect();
        let count = members.len();
        // The date says nothing of what something is, and things are kept without it.
        let elsewhere: Vec<Observation> =
            elsewhere.into_iter().map(|known| Observation { install_date: None, ..known }).collect();
        for known in &elsewhere {
            let identification = self.identifier.identify(known);
            let is_told = members.iter().take(count).any(|(told, _)| *told == known);
            if says_something(known, &identification) && !is_told {
                members.push((known, Cow::Owned(identification)));
            }
        }
        if members.is_empty() { Vec::new() } else { consolidate_identified(members) }
    }
}

/// Which software and which places say nothing, each asked once: a thing says nothing where neither does, since a rule matches
/// one value and no value is of both. Most things of a fleet are a common program in somebody's own folder.
struct SilentParts<'a> {
    identifier: &'a Identifier,
    things: &'a Things,
    shared: &'a Shared,
    software: Vec<Option<bool>>,
    /// With the source for which it was asked: the same folder may hold things of several.
    places: Vec<Option<(ObservationSource, bool)>>,
}

impl<'a> SilentParts<'a> {
    fn new(identifier: &'a Identifier, things: &'a Things, shared: &'a Shared) -> Self {
        let software = vec![None; shared.software.first.len()];
        Self { identifier, things, shared, software, places: vec![None; shared.place.first.len()] }
    }

    fn are_silent(&mut self, thing: u32) -> bool {
        self.is_software_silent(thing) == Some(true) && self.is_place_silent(thing) == Some(true)
    }

    /// Nothing for a thing that is not there.
    fn is_software_silent(&mut self, thing: u32) -> Option<bool> {
        let known = self.software.get_mut(*self.shared.software.of_row.get(thing as usize)? as usize)?;
        if known.is_none() {
            *known = Some(is_silent(self.identifier, &self.things.software_of(thing)?));
        }
        *known
    }

    fn is_place_silent(&mut self, thing: u32) -> Option<bool> {
        let source = self.things.source(thing)?;
        let known = self.places.get_mut(*self.shared.place.of_row.get(thing as usize)? as usize)?;
        match *known {
            Some((of, silent)) if of == source => Some(silent),
            _ => {
                let silent = is_silent(self.identifier, &self.things.place_of(thing)?);
                *known = Some((source, silent));
                Some(silent)
            }
        }
    }
}

/// Whether no rule matches anything of an observation, and it lies within no application.
fn is_silent(identifier: &Identifier, part: &ObservationRef<'_>) -> bool {
    let observation = part.to_observation();
    !identifier.matches_any(&observation) && !says_something(&observation, &Identification::default())
}

#[cfg(test)]
mod tests {
    use interdict_identify::consolidate;
    use interdict_model::{ObservationRef, ObservationSource};

    use super::*;
    use crate::workbench::Workbench;

    #[test]
    fn what_says_nothing_in_its_parts_says_nothing_as_a_whole() {
        let workbench = Workbench::open(None).expect("a catalogue");
        let identifier = workbench.identifier();
        let names =
            [None, Some("Kaspersky Endpoint Security"), Some("7-Zip"), Some("klim6"), Some("an editor of nobody's")];
        let places = [
            None,
            Some(r"C:\Program Files\Kaspersky Lab\KES"),
            Some(r"C:\Users\user1\AppData\Local\Editor"),
            Some("/Applications/Notes.app/Contents/MacOS/helper"),
            Some(r"C:\Windows\System32\drivers\klim6.sys"),
        ];
        let mut things = Things::default();
        for source in ObservationSource::ALL {
            for (name, path) in names.iter().flat_map(|name| places.iter().map(move |path| (*name, *path))) {
                let observation = ObservationRef { name, path, ..ObservationRef::new(*source) };
                things.number(&observation).expect("a number");
            }
        }
        let recognised = Recognised::of(identifier, &things, &things.shared());
        let mut counts = [0, 0];
        for (thing, at) in (0..).zip(&recognised.found_at) {
            let observation = things.observation(thing).expect("a thing");
            let says = says_something(&observation, &identifier.identify(&observation));
            assert_eq!(at.is_some(), says, "{observation:?}");
            counts[usize::from(says)] += 1;
        }
        assert!(counts.iter().all(|count| *count > 100), "both happen often: {counts:?}");
    }

    #[test]
    fn a_machine_comes_to_what_its_observations_come_to_one_by_one() {
        let workbench = Workbench::open(None).expect("a catalogue");
        let app = |name, path| ObservationRef {
            name: Some(name),
            path: Some(path),
            ..ObservationRef::new(ObservationSource::Apps)
        };
        let job = |path| ObservationRef { path: Some(path), ..ObservationRef::new(ObservationSource::Launchd) };
        let all = [
            app("Kaspersky", "/Applications/Kaspersky.app"),
            app("Notes", "/Applications/Notes.app"),
            job("/Applications/Kaspersky.app/Contents/MacOS/helper"),
            job("/Applications/Notes.app/Contents/MacOS/helper"),
            ObservationRef { name: Some("7-Zip"), ..ObservationRef::new(ObservationSource::Programs) },
        ];
        let mut things = Things::default();
        let rows: Vec<SpooledRow> = all
            .iter()
            .map(|one| SpooledRow { device: 0, thing: things.number(one).expect("a number"), date: 0 })
            .collect();
        let mut recognised = Recognised::of(workbench.identifier(), &things, &things.shared());
        let mut found_any = false;
        // Every choice of them, as a machine of its own, asked twice: the second answer was remembered.
        for choice in 0..1_usize << all.len() {
            let chosen = |index: &usize| choice >> index & 1 == 1;
            let (rows, observations): (Vec<SpooledRow>, Vec<Observation>) =
                (0..all.len()).filter(chosen).map(|index| (rows[index], all[index].to_observation())).unzip();
            let expected = consolidate(workbench.identifier(), &observations);
            found_any |= !expected.is_empty();
            assert_eq!(recognised.consolidate(&rows, Vec::new()), expected, "{choice:b}");
            assert_eq!(recognised.consolidate(&rows, Vec::new()), expected, "{choice:b} again");
        }
        assert!(found_any, "the application is known");
    }
}
