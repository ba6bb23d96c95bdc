//! What machines come to, worked out anew where another catalogue did so: after an update, or once own rules change.
//!
//! Each distinct thing of the fleet is identified once, and machines of which the same things say something are
//! consolidated once. Nobody is looked at again.

use std::borrow::Cow;
use std::collections::HashMap;

use interdict_identify::{Identification, Identifier, consolidate_identified, says_something};
use interdict_model::{Detection, Observation};
use interdict_store::{LogKind, NewLogEntry, Present, PresentThing, Store, StoreError};
use serde_json::json;

use crate::clock::now;
use crate::error::AppError;
use crate::workbench::Workbench;

/// The setting that says which catalogue all detections are of.
const DETECTED_WITH: &str = "detected-with-catalogue";
/// After so many machines what was worked out is kept.
const AT_ONCE: usize = 512;
/// So many different things are remembered at once: some 50 MB.
const MOST_THINGS: usize = 1_000_000;
/// Of so many different machines it is remembered what they come to.
const MOST_ALIKE: usize = 512;

impl Workbench {
    /// Works out anew what every machine comes to where another catalogue did so; how many machines that were.
    pub fn refresh_detections(&self, store: &mut Store) -> Result<usize, AppError> {
        self.log_own_rules(store)?;
        let version = &self.catalogue().stamp().version;
        if store.setting(DETECTED_WITH)?.as_ref() == Some(version) {
            return Ok(0);
        }
        let machines: Vec<u32> = store.all_machines()?.numbers().collect();
        let mut known = Known::new(self.identifier());
        for some in machines.chunks(AT_ONCE) {
            store.rework_detections(some, version, |present, machine| known.consolidate(present, machine))?;
        }
        store.record_setting(DETECTED_WITH, version, |before| NewLogEntry {
            instant: now(),
            kind: LogKind::CatalogueChanged,
            body: json!({ "from": before, "to": version, "machines": machines.len() }),
        })?;
        Ok(machines.len())
    }

    /// Says of an inventory without a machine that this catalogue identifies what comes: else the first question about a
    /// fleet that was just imported would work out all of it a second time. It changes nothing of what was known, so that
    /// the log has no entry of it.
    pub(crate) fn begin_detections(&self, store: &mut Store) -> Result<(), AppError> {
        if store.setting(DETECTED_WITH)?.is_none() && store.machine_count()? == 0 {
            store.set_setting(DETECTED_WITH, &self.catalogue().stamp().version)?;
        }
        Ok(())
    }
}

/// What was worked out already.
struct Known<'i> {
    identifier: &'i Identifier,
    /// Of each thing, where that stands which it says; nothing where it says nothing.
    things: HashMap<PresentThing, Option<usize>>,
    found: Vec<(Observation, Identification)>,
    /// What machines come to by what says something on them.
    alike: HashMap<Vec<usize>, Vec<Detection>>,
}

impl<'i> Known<'i> {
    fn new(identifier: &'i Identifier) -> Self {
        Self { identifier, things: HashMap::new(), found: Vec::new(), alike: HashMap::new() }
    }

    /// What is on a machine comes to this.
    fn consolidate(&mut self, present: &Present<'_>, machine: u32) -> Result<Vec<Detection>, StoreError> {
        if self.things.len() >= MOST_THINGS {
            *self = Self::new(self.identifier);
        }
        let mut found = Vec::new();
        for thing in present.things_of(machine)? {
            found.extend(self.place_of(present, thing)?);
        }
        if let Some(detections) = self.alike.get(&found) {
            return Ok(detections.clone());
        }
        let identified = found.iter().filter_map(|place| self.found.get(*place));
        let members = identified.map(|(observation, identification)| (observation, Cow::Borrowed(identification)));
        let detections = consolidate_identified(members.collect());
        if self.alike.len() < MOST_ALIKE {
            self.alike.insert(found, detections.clone());
        }
        Ok(detections)
    }

    fn place_of(&mut self, present: &Present<'_>, thing: PresentThing) -> Result<Option<usize>, StoreError> {
        if let Some(known) = self.things.get(&thing) {
            return Ok(*known);
        }
        let said = present.observation(thing)?.and_then(|observation| {
            let identification = self.identifier.identify(&observation);
            says_something(&observation, &identification).then_some((observation, identification))
        });
        let place = said.map(|said| {
            self.found.push(said);
            self.found.len() - 1
        });
        self.things.insert(thing, place);
        Ok(place)
    }
}

#[cfg(test)]
mod tests {
    use interdict_identify::consolidate;
    use interdict_store::DetectionFilter;

    use super::*;
    use crate::clock::now;
    use crate::sample::open_sample;

    /// The detections of a machine but for numbers and times.
    fn detections(store: &Store, machine: &str) -> Vec<Detection> {
        let filter = DetectionFilter { machine_id: Some(machine.to_owned()), ..DetectionFilter::default() };
        let rows = store.detections(&filter).expect("reads");
        rows.into_iter().map(|row| row.detection).collect()
    }

    #[test]
    fn what_is_worked_out_anew_is_what_each_machine_comes_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        let mut store = open_sample(&workbench, &folder.path().join("sample.db"), &now()).expect("opens");
        let machines: Vec<String> = store.machines().expect("reads").into_iter().map(|row| row.machine.id).collect();
        let mut found = 0;
        // As if an earlier catalogue had known nothing.
        for machine in &machines {
            store.replace_detections(machine, "2020.01", &[]).expect("replaces");
            assert!(detections(&store, machine).is_empty());
        }
        store.set_setting(DETECTED_WITH, "2020.01").expect("sets");
        assert_eq!(workbench.refresh_detections(&mut store).expect("refreshes"), machines.len());
        for machine in &machines {
            let observations: Vec<Observation> = store.observations_of(machine).expect("reads");
            let dateless: Vec<Observation> =
                observations.into_iter().map(|one| Observation { install_date: None, ..one }).collect();
            let mut expected = consolidate(workbench.identifier(), &dateless);
            expected.sort_by(|left, right| (&left.vendor, &left.product).cmp(&(&right.vendor, &right.product)));
            found += expected.len();
            assert_eq!(detections(&store, machine), expected, "{machine}");
        }
        assert!(found > machines.len(), "{found} on {} machines", machines.len());
        assert!(store.check().expect("checks").is_sound());
        assert_eq!(workbench.refresh_detections(&mut store).expect("refreshes"), 0, "once is enough");
    }

    #[test]
    fn what_comes_to_an_empty_inventory_is_identified_with_this_catalogue() {
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        let mut store = Store::open_in_memory().expect("opens");
        workbench.begin_detections(&mut store).expect("begins");
        let version = &workbench.catalogue().stamp().version;
        assert_eq!(store.setting(DETECTED_WITH).expect("reads").as_ref(), Some(version));
    }
}
