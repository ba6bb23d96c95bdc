//! What lies ahead: effects that begin or end after the day asked for.

use std::collections::BTreeMap;

use interdict_assess::{Circumstances, effect_is_visible, lanes};
use interdict_model::{Day, Effect, Restriction, RestrictionId};
use interdict_store::MachineSet;

use crate::exposure::Exposure;
use crate::workbench::Workbench;

/// One thing that begins or ends on a day to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming {
    /// The first day on which it is certain.
    pub date: Day,
    /// The instrument.
    pub restriction: RestrictionId,
    /// One sentence.
    pub says: String,
    /// How many machines have something that the instrument speaks of.
    pub machines: usize,
}

impl Workbench {
    /// What is public on the day asked for, begins or ends later, and touches these profiles or what is installed; by day.
    #[must_use]
    pub fn coming(&self, exposure: &Exposure, circumstances: &Circumstances) -> Vec<Coming> {
        let machines = self.machines_by_restriction(exposure, circumstances);
        let mut coming: Vec<Coming> = Vec::new();
        for restriction in self.catalogue().restrictions() {
            let here = machines.get(&restriction.id);
            for effect in &restriction.effects {
                if here.is_none() && !touches(effect, circumstances) {
                    continue;
                }
                for (date, says) in days_ahead(restriction, effect, circumstances.as_of) {
                    let machines = here.map_or(0, MachineSet::len);
                    let next = Coming { date, restriction: restriction.id.clone(), says, machines };
                    if !coming.contains(&next) {
                        coming.push(next);
                    }
                }
            }
        }
        coming.sort_by(|left, right| {
            (left.date, right.machines, &left.restriction).cmp(&(right.date, left.machines, &right.restriction))
        });
        coming
    }

    /// The machines that have something an instrument reaches, per instrument.
    pub(crate) fn machines_by_restriction(
        &self,
        exposure: &Exposure,
        circumstances: &Circumstances,
    ) -> BTreeMap<RestrictionId, MachineSet> {
        let mut machines: BTreeMap<RestrictionId, MachineSet> = BTreeMap::new();
        for finding in exposure.spoken_of() {
            for lane in lanes(self.catalogue(), &finding.subject, circumstances) {
                *machines.entry(lane.restriction).or_default() |= &finding.machines;
            }
        }
        machines
    }
}

fn touches(effect: &Effect, circumstances: &Circumstances) -> bool {
    let whom = effect.binds.iter().chain(&effect.counterparty).chain(&effect.addressed);
    whom.into_iter().any(|capacity| circumstances.capacities.contains(capacity))
}

/// The days after `as_of` on which an effect begins or ends, as far as it is public on that day.
fn days_ahead(restriction: &Restriction, effect: &Effect, as_of: Day) -> Vec<(Day, String)> {
    if !effect_is_visible(restriction, effect, as_of) {
        return Vec::new();
    }
    let says = effect.says.clone().unwrap_or_else(|| effect.measure.meaning().trim().to_owned());
    let begins = effect.from.certain_from(effect.from_precision);
    let ends = effect.until.map(|until| until.certain_from(effect.until_precision));
    let mut days = Vec::new();
    if let Some(ends) = ends.filter(|ends| *ends > as_of) {
        days.push((ends, format!("Ends: {says}")));
    }
    if begins > as_of {
        days.push((begins, says));
    }
    days
}

#[cfg(test)]
mod tests {
    use interdict_store::Store;

    use super::*;

    fn coming(profile: &str, day: &str) -> Vec<String> {
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        let mut store = Store::open_in_memory().expect("opens");
        workbench.build_sample(&mut store, "2026-11-22T12:00:00Z").expect("builds");
        let day = day.parse().expect("a day");
        let circumstances = workbench.circumstances(&[profile.to_owned()], day).expect("a profile");
        let exposure = workbench.exposure(&store, &circumstances).expect("reads");
        let told = workbench.coming(&exposure, &circumstances);
        told.into_iter().map(|coming| format!("{} {}", coming.date, coming.restriction)).collect()
    }

    #[test]
    fn what_is_public_and_not_yet_in_force_is_ahead() {
        let told = coming("us-private", "2024-06-30");
        for ahead in ["2024-07-20 us-bis-icts-2024-kaspersky", "2024-09-29 us-bis-icts-2024-kaspersky"] {
            assert!(told.contains(&ahead.to_owned()), "{ahead}: {told:?}");
        }
        assert!(told.is_sorted());
    }

    #[test]
    fn what_was_not_public_yet_is_not_told() {
        let told = coming("us-private", "2024-06-19");
        assert!(!told.iter().any(|line| line.ends_with("us-bis-icts-2024-kaspersky")), "{told:?}");
    }
}
