//! Who asks, for which day, and what is known of the thing asked about.

use std::collections::{BTreeMap, BTreeSet};

use interdict_catalogue::Catalogue;
use interdict_model::{Activity, Capacity, Condition, Day, ProfileId};

/// Who asks, for which day, and what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstances {
    /// Every capacity of every profile asked with.
    pub capacities: BTreeSet<Capacity>,
    /// Activities counted in the purchase headline besides buy, renew and deal-with.
    pub purchase_activities: BTreeSet<Activity>,
    /// The day asked about.
    pub as_of: Day,
    /// Conditions that are known to hold or not to hold.
    pub known: BTreeMap<Condition, bool>,
}

impl Circumstances {
    /// The union of some profiles on a day. Profiles the catalogue does not know add nothing; callers check them first.
    #[must_use]
    pub fn of_profiles(catalogue: &Catalogue, profiles: &[ProfileId], as_of: Day) -> Self {
        let found = || profiles.iter().filter_map(|id| catalogue.profile(id));
        Self {
            capacities: found().flat_map(|profile| profile.capacities.iter().copied()).collect(),
            purchase_activities: found().flat_map(|profile| profile.purchase_activities.iter().copied()).collect(),
            as_of,
            known: BTreeMap::new(),
        }
    }

    /// The same, with one more fact known.
    #[must_use]
    pub fn knowing(mut self, condition: Condition, holds: bool) -> Self {
        self.known.insert(condition, holds);
        self
    }

    /// The same on another day.
    #[must_use]
    pub fn on(mut self, as_of: Day) -> Self {
        self.as_of = as_of;
        self
    }

    /// Whether a condition holds, as far as known. A device is of one kind: a known kind denies the others.
    #[must_use]
    pub fn holds(&self, condition: Condition) -> Option<bool> {
        if let Some(known) = self.known.get(&condition) {
            return Some(*known);
        }
        let is_device = |condition: Condition| condition.as_str().starts_with("device:");
        let other_device_known = self.known.iter().any(|(known, holds)| *holds && is_device(*known));
        (is_device(condition) && other_device_known).then_some(false)
    }

    /// Whether what sets off a reporting duty is known to be met: work under a contract.
    #[must_use]
    pub fn trigger_is_met(&self) -> bool {
        let contracts = [Condition::ContractFederal, Condition::ContractIntelligence];
        contracts.iter().any(|contract| self.known.get(contract) == Some(&true))
    }
}
