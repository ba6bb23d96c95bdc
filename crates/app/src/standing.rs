//! The whole fleet in counts for some profiles and a day: machines by their worst tier, vendors by machines.
//!
//! Made of sets of machines, one per distinct subject, so that another day or profile costs the same however many
//! installations there are. Which paths and versions, and the evidence, are read for what is shown
//! ([`Exposure`](crate::Exposure)).

use std::collections::BTreeMap;

use interdict_assess::Circumstances;
use interdict_model::{ActivityVerdict, Subject, Tier, VendorId, Verdict};
use interdict_store::{MachineSet, Store, SubjectRow};

use crate::error::AppError;
use crate::workbench::Workbench;

/// The fleet in counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Machines.
    pub machines: usize,
    /// Machines by the worst installed headline of what some instrument says of what is on them.
    pub tiers: BTreeMap<Tier, usize>,
    /// Vendors that are anywhere, by machines, most first.
    pub vendors: Vec<VendorCount>,
}

/// A vendor and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorCount {
    /// The vendor.
    pub vendor: VendorId,
    /// Machines that have something of it.
    pub machines: usize,
    /// The worst installed headline of what is there.
    pub tier: Tier,
}

impl Workbench {
    /// The fleet in counts for some profiles and a day.
    pub fn standing(&self, store: &Store, circumstances: &Circumstances) -> Result<Standing, AppError> {
        let mut by_tier: BTreeMap<Tier, MachineSet> = BTreeMap::new();
        let mut by_vendor: BTreeMap<VendorId, (MachineSet, Tier)> = BTreeMap::new();
        // Rows of one subject follow each other.
        let mut judged: Option<(Subject, (Tier, bool))> = None;
        for row in store.subjects()? {
            let Some(subject) = self.subject_of(&row) else { continue };
            let (tier, is_spoken_of) = match judged {
                Some((ref known, verdict)) if *known == subject => verdict,
                _ => self.judged(&subject, circumstances),
            };
            judged = Some((subject, (tier, is_spoken_of)));
            let (machines, worst) = by_vendor.entry(row.vendor).or_insert_with(|| (MachineSet::default(), Tier::None));
            *machines |= &row.machines;
            *worst = worst.worst(tier);
            if is_spoken_of {
                *by_tier.entry(tier).or_default() |= &row.machines;
            }
        }
        let all = store.all_machines()?;
        Ok(Standing { machines: all.len(), tiers: worst_tiers(all, by_tier), vendors: most_first(by_vendor) })
    }

    /// The verdicts on everything that was found and is there now, each subject once.
    pub fn verdicts_here(&self, store: &Store, circumstances: &Circumstances) -> Result<Vec<Verdict>, AppError> {
        let mut subjects: Vec<Subject> =
            store.subjects()?.into_iter().filter_map(|row| self.subject_of(&row)).collect();
        // Rows of one subject follow each other.
        subjects.dedup();
        Ok(subjects.iter().map(|subject| self.assess(subject, circumstances)).collect())
    }

    /// The machines that have something of a vendor of which some instrument speaks.
    pub fn machines_with_finding(
        &self,
        store: &Store,
        vendor: &VendorId,
        circumstances: &Circumstances,
    ) -> Result<MachineSet, AppError> {
        let mut machines = MachineSet::default();
        for row in store.subjects()?.into_iter().filter(|row| row.vendor == *vendor) {
            if self.subject_of(&row).is_some_and(|subject| self.judged(&subject, circumstances).1) {
                machines |= &row.machines;
            }
        }
        Ok(machines)
    }

    /// A product where the catalogue knows it, else its vendor; nothing where it does not know that either.
    fn subject_of(&self, row: &SubjectRow) -> Option<Subject> {
        let vendor = self.catalogue().vendor(&row.vendor)?;
        Some(match row.product.as_ref().and_then(|product| self.catalogue().product(product)) {
            Some(product) => Subject::Product { vendor: vendor.id.clone(), product: product.id.clone() },
            None => Subject::Vendor { vendor: vendor.id.clone() },
        })
    }

    /// The installed headline of a subject, and whether any instrument speaks of it.
    fn judged(&self, subject: &Subject, circumstances: &Circumstances) -> (Tier, bool) {
        let verdict = self.assess(subject, circumstances);
        let speaks =
            |answer: &ActivityVerdict| !answer.reasons.is_empty() || answer.others.iter().any(|other| !other.by_class);
        (verdict.headline.installed, verdict.activities.values().any(speaks))
    }
}

/// Each machine in its worst tier only; those of which nothing is said in the tier of nothing.
pub(crate) fn worst_tiers(mut left: MachineSet, by_tier: BTreeMap<Tier, MachineSet>) -> BTreeMap<Tier, usize> {
    let mut sets: Vec<(Tier, MachineSet)> = by_tier.into_iter().collect();
    sets.sort_by_key(|(tier, _)| std::cmp::Reverse(tier.rank()));
    let mut tiers: BTreeMap<Tier, usize> = BTreeMap::new();
    for (tier, machines) in sets {
        let before = left.len();
        left.remove_all(&machines);
        *tiers.entry(tier).or_default() += before - left.len();
    }
    *tiers.entry(Tier::None).or_default() += left.len();
    tiers.retain(|_, count| *count > 0);
    tiers
}

fn most_first(by_vendor: BTreeMap<VendorId, (MachineSet, Tier)>) -> Vec<VendorCount> {
    let counted =
        by_vendor.into_iter().map(|(vendor, (machines, tier))| VendorCount { vendor, machines: machines.len(), tier });
    let mut vendors: Vec<VendorCount> = counted.collect();
    vendors.sort_by(|left, right| right.machines.cmp(&left.machines).then_with(|| left.vendor.cmp(&right.vendor)));
    vendors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_those_of_the_inventory_on_any_day_and_for_any_profile() {
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        let mut store = Store::open_in_memory().expect("opens");
        workbench.build_sample(&mut store, "2026-11-22T12:00:00Z").expect("builds");
        for (profile, day) in [
            ("us-private", "2024-09-28"),
            ("us-private", "2024-09-29"),
            ("us-private", "2026-11-22"),
            ("us-federal-civilian", "2026-11-22"),
            ("de-private", "2026-11-22"),
        ] {
            let circumstances =
                workbench.circumstances(&[profile.to_owned()], day.parse().expect("a day")).expect("a profile");
            let standing = workbench.standing(&store, &circumstances).expect("reads");
            let inventory = workbench.inventory(&store, &circumstances).expect("reads");
            let mut tiers: BTreeMap<Tier, usize> = BTreeMap::new();
            for machine in inventory.machine_standings() {
                *tiers.entry(machine.tier).or_default() += 1;
            }
            assert_eq!(standing.tiers, tiers, "{profile} {day}");
            assert_eq!(standing.machines, inventory.machines.len());
            let exposure = workbench.exposure(&store, &circumstances).expect("reads");
            let mut vendors: Vec<VendorCount> = workbench
                .vendor_standings(&exposure, &circumstances)
                .into_iter()
                .filter(|vendor| vendor.machines > 0)
                .map(|vendor| VendorCount { vendor: vendor.vendor, machines: vendor.machines, tier: vendor.installed })
                .collect();
            vendors
                .sort_by(|left, right| right.machines.cmp(&left.machines).then_with(|| left.vendor.cmp(&right.vendor)));
            assert_eq!(standing.vendors, vendors, "{profile} {day}");
        }
    }
}
