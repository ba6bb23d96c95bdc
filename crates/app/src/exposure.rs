//! The fleet as it stands, judged: each distinct finding once, with the set of machines that have it.
//!
//! Every count over the fleet is made of these sets, so that half a million detections cost no more than the few hundred
//! distinct things they are of. Which version, path and evidence stand where is read for the machines that are shown, and
//! nothing holds all of it at once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use interdict_assess::Circumstances;
use interdict_model::{Presence, ProductId, Subject, Tier, Vendor, VendorId};
use interdict_store::{DetectionRow, MachineSet, NamedMachine, Store, SubjectRow};

use crate::error::AppError;
use crate::findings::{Judged, KnownVerdicts, VendorStanding, id_of};
use crate::standing::worst_tiers;
use crate::workbench::Workbench;

/// The fleet for some profiles and a day.
#[derive(Debug, Clone)]
pub struct Exposure {
    /// Every distinct product (or vendor without a known product) and presence, worst first.
    pub findings: Vec<FleetFinding>,
    /// Every machine.
    pub machines: MachineSet,
}

/// One distinct finding and who has it.
#[derive(Debug, Clone)]
pub struct FleetFinding {
    /// What it is and what it means; read through the finding itself.
    pub judged: Judged,
    /// What is stored of it: vendor, product and presence.
    pub found: Vec<(VendorId, Option<ProductId>, Presence)>,
    /// The machines that have it.
    pub machines: MachineSet,
}

impl Deref for FleetFinding {
    type Target = Judged;

    fn deref(&self) -> &Judged {
        &self.judged
    }
}

/// A machine and what is found on it.
#[derive(Debug, Clone)]
pub struct ExposedMachine<'e> {
    /// The machine.
    pub machine: NamedMachine,
    /// Its findings that some instrument speaks of, worst first.
    pub findings: Vec<&'e FleetFinding>,
    /// The worst installed headline.
    pub tier: Tier,
}

/// A vendor and how many machines have what of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExposedVendor {
    /// The vendor.
    pub vendor: VendorId,
    /// Its name.
    pub name: String,
    /// Machines that have something of it that touches who asks.
    pub machines: usize,
    /// Those machines by the worst tier of this vendor's products on them.
    pub tiers: BTreeMap<Tier, usize>,
}

impl FleetFinding {
    /// How many machines have it.
    #[must_use]
    pub fn machine_count(&self) -> usize {
        self.machines.len()
    }

    /// Where it is: so many machines by host name, from a place on, each with what was found there.
    pub fn places(&self, store: &Store, offset: usize, limit: usize) -> Result<Vec<DetectionRow>, AppError> {
        let shown = store.named_page(&self.machines, offset, limit)?;
        let numbers: Vec<i64> = shown.iter().map(|machine| machine.number).collect();
        let mut rows = Vec::with_capacity(numbers.len());
        for (vendor, product, presence) in &self.found {
            rows.extend(store.found_on(vendor, product.as_ref(), *presence, &numbers)?);
        }
        let order = |row: &DetectionRow| shown.iter().position(|machine| machine.machine_id == row.machine_id);
        rows.sort_by_key(order);
        Ok(rows)
    }

    /// Every version that is installed, as written, once.
    pub fn versions(&self, store: &Store) -> Result<BTreeSet<String>, AppError> {
        let mut versions = BTreeSet::new();
        for (vendor, product, presence) in &self.found {
            versions.extend(store.found_versions(vendor, product.as_ref(), *presence)?);
        }
        Ok(versions)
    }
}

impl Workbench {
    /// The fleet for some profiles and a day. What the catalogue no longer knows is left out until detections are
    /// refreshed.
    pub fn exposure(&self, store: &Store, circumstances: &Circumstances) -> Result<Exposure, AppError> {
        let mut groups: BTreeMap<String, Vec<SubjectRow>> = BTreeMap::new();
        for row in store.subjects()? {
            groups.entry(id_of(&row.vendor, row.product.as_ref(), row.presence)).or_default().push(row);
        }
        let mut verdicts = KnownVerdicts::new();
        let mut findings: Vec<FleetFinding> = Vec::with_capacity(groups.len());
        for (id, rows) in groups {
            let Some(first) = rows.first() else { continue };
            let found = (&first.vendor, first.product.as_ref(), first.presence);
            let Some(judged) = self.judge(id, found, &mut verdicts, circumstances) else { continue };
            let mut machines = MachineSet::default();
            for row in &rows {
                machines |= &row.machines;
            }
            let found = rows.into_iter().map(|row| (row.vendor, row.product, row.presence)).collect();
            findings.push(FleetFinding { judged, found, machines });
        }
        sort_worst_first(&mut findings);
        Ok(Exposure { findings, machines: store.all_machines()? })
    }

    /// Every vendor of the catalogue, with what of it is here.
    #[must_use]
    pub fn vendor_standings(&self, exposure: &Exposure, circumstances: &Circumstances) -> Vec<VendorStanding> {
        let mut here: BTreeMap<&VendorId, Vec<&FleetFinding>> = BTreeMap::new();
        for finding in &exposure.findings {
            here.entry(&finding.vendor.id).or_default().push(finding);
        }
        let of = |vendor: &Vendor| here.get(&vendor.id).map_or(&[][..], Vec::as_slice);
        let vendors = self.catalogue().vendors().iter();
        vendors.map(|vendor| self.standing_of_vendor(of(vendor), circumstances, vendor)).collect()
    }

    /// One vendor, with what of it is here.
    #[must_use]
    pub fn vendor_standing(
        &self,
        exposure: &Exposure,
        circumstances: &Circumstances,
        vendor: &Vendor,
    ) -> VendorStanding {
        let here: Vec<&FleetFinding> = exposure.of_vendor(&vendor.id).collect();
        self.standing_of_vendor(&here, circumstances, vendor)
    }

    fn standing_of_vendor(
        &self,
        here: &[&FleetFinding],
        circumstances: &Circumstances,
        vendor: &Vendor,
    ) -> VendorStanding {
        let products: BTreeSet<&ProductId> =
            here.iter().filter_map(|finding| finding.product.as_ref()).map(|product| &product.id).collect();
        VendorStanding {
            vendor: vendor.id.clone(),
            verdict: self.assess(&Subject::Vendor { vendor: vendor.id.clone() }, circumstances),
            products_here: products.len(),
            machines: machines_with(here.iter().copied()).len(),
            installed: here.iter().map(|finding| finding.tier()).fold(Tier::None, Tier::worst),
        }
    }
}

impl Exposure {
    /// The same of some of its machines.
    #[must_use]
    pub fn of_machines(mut self, machines: MachineSet) -> Self {
        for finding in &mut self.findings {
            finding.machines.keep_only(&machines);
        }
        self.findings.retain(|finding| !finding.machines.is_empty());
        sort_worst_first(&mut self.findings);
        Self { machines, ..self }
    }

    /// The findings that some instrument speaks of, worst first.
    pub fn spoken_of(&self) -> impl Iterator<Item = &FleetFinding> {
        self.findings.iter().filter(|finding| finding.is_spoken_of())
    }

    /// The findings of a vendor, worst first.
    pub fn of_vendor<'e>(&'e self, vendor: &'e VendorId) -> impl Iterator<Item = &'e FleetFinding> {
        self.findings.iter().filter(move |finding| finding.vendor.id == *vendor)
    }

    /// One finding by its id.
    #[must_use]
    pub fn finding(&self, id: &str) -> Option<&FleetFinding> {
        self.findings.iter().find(|finding| finding.id == id)
    }

    /// The findings on a machine that some instrument speaks of, worst first.
    pub fn on_machine(&self, machine: i64) -> impl Iterator<Item = &FleetFinding> {
        self.spoken_of().filter(move |finding| finding.machines.contains(machine))
    }

    /// Machines by the worst installed headline of what some instrument says of what is on them; those without any under
    /// none.
    #[must_use]
    pub fn machine_tiers(&self) -> BTreeMap<Tier, usize> {
        worst_tiers(self.machines.clone(), by_tier(self.spoken_of()))
    }

    /// The worst installed headline of each machine, by its number; machines are as they come.
    pub(crate) fn each_tier(&self) -> BTreeMap<u32, Tier> {
        let mut tiers: BTreeMap<u32, Tier> = self.machines.numbers().map(|number| (number, Tier::None)).collect();
        for (tier, machines) in by_tier(self.spoken_of()) {
            for number in machines.numbers() {
                tiers.entry(number).and_modify(|worst| *worst = worst.worst(tier));
            }
        }
        tiers
    }

    /// Vendors of which something touches who asks, worst first, then those on most machines.
    #[must_use]
    pub fn exposed_vendors(&self) -> Vec<ExposedVendor> {
        let mut vendors: BTreeMap<&VendorId, Vec<&FleetFinding>> = BTreeMap::new();
        for finding in self.spoken_of().filter(|finding| finding.tier() != Tier::None) {
            vendors.entry(&finding.vendor.id).or_default().push(finding);
        }
        let exposed = |(vendor, findings): (&VendorId, Vec<&FleetFinding>)| {
            let machines = machines_with(findings.iter().copied());
            ExposedVendor {
                vendor: vendor.clone(),
                name: findings.first().map(|finding| finding.vendor.name.clone()).unwrap_or_default(),
                machines: machines.len(),
                tiers: worst_tiers(machines, by_tier(findings.into_iter())),
            }
        };
        let mut exposed: Vec<ExposedVendor> = vendors.into_iter().map(exposed).collect();
        let worst = |vendor: &ExposedVendor| vendor.tiers.keys().copied().fold(Tier::None, Tier::worst).rank();
        exposed.sort_by(|left, right| {
            (worst(right), right.machines).cmp(&(worst(left), left.machines)).then_with(|| left.name.cmp(&right.name))
        });
        exposed
    }

    /// So many machines that something touches, worst first, then by the number of findings that touch who asks, then by
    /// host name.
    pub fn worst_machines(&self, store: &Store, most: usize) -> Result<Vec<ExposedMachine<'_>>, AppError> {
        let touching = || self.spoken_of().filter(|finding| finding.tier() != Tier::None);
        // What binds others only does not weigh, as it is not shown.
        let weights = self.weights(touching());
        let named = heaviest(store, &machines_with(touching()), &weights, most)?;
        Ok(named.into_iter().map(|machine| self.exposed(machine)).collect())
    }

    /// All machines by host name, or where there are more than so many, the worst first, then by the number of findings
    /// that some instrument speaks of, then by host name.
    pub(crate) fn told_machines(&self, store: &Store, most: usize) -> Result<Vec<ExposedMachine<'_>>, AppError> {
        let named = if self.machines.len() <= most {
            store.named(&self.machines)?
        } else {
            heaviest(store, &self.machines, &self.weights(self.spoken_of()), most)?
        };
        Ok(named.into_iter().map(|machine| self.exposed(machine)).collect())
    }

    fn exposed(&self, machine: NamedMachine) -> ExposedMachine<'_> {
        let findings: Vec<&FleetFinding> = self.on_machine(machine.number).collect();
        let tier = findings.iter().map(|finding| finding.tier()).fold(Tier::None, Tier::worst);
        ExposedMachine { machine, findings, tier }
    }

    /// What of some findings weighs on each machine, by its number.
    fn weights<'f>(&self, findings: impl Iterator<Item = &'f FleetFinding>) -> Vec<Weight> {
        let last = self.machines.numbers().last().map_or(0, |number| index(number) + 1);
        let mut weights = vec![Weight::default(); last];
        for finding in findings {
            let tier = finding.tier().rank();
            for number in finding.machines.numbers() {
                if let Some(weight) = weights.get_mut(index(number)) {
                    weight.tier = weight.tier.max(tier);
                    weight.findings += 1;
                }
            }
        }
        weights
    }
}

/// The worst tier's rank, and how many findings: in the order of importance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Weight {
    tier: u8,
    findings: u32,
}

/// So many of some machines, the heaviest first, then by host name.
fn heaviest(
    store: &Store,
    machines: &MachineSet,
    weights: &[Weight],
    most: usize,
) -> Result<Vec<NamedMachine>, AppError> {
    let weight = |number: u32| weights.get(index(number)).copied().unwrap_or_default();
    let mut ranks: Vec<Weight> = machines.numbers().map(weight).collect();
    if most == 0 || ranks.is_empty() {
        return Ok(Vec::new());
    }
    // The least that a machine among the heaviest has; those that have the same are told apart by name.
    let place = most.min(ranks.len()) - 1;
    let least = *ranks.select_nth_unstable_by(place, |left, right| right.cmp(left)).1;
    let candidates: MachineSet = machines.numbers().filter(|number| weight(*number) >= least).collect();
    // They come by host name.
    let mut named = store.named(&candidates)?;
    let of = |machine: &NamedMachine| u32::try_from(machine.number).map(weight).unwrap_or_default();
    named.sort_by_key(|machine| Reverse(of(machine)));
    named.truncate(most);
    Ok(named)
}

fn sort_worst_first(findings: &mut [FleetFinding]) {
    findings.sort_by(|left, right| {
        let weight =
            |finding: &FleetFinding| (finding.tier().rank(), finding.verdict.tier.rank(), finding.machine_count());
        let by_weight = weight(right).cmp(&weight(left));
        by_weight.then_with(|| left.title().cmp(&right.title())).then_with(|| left.id.cmp(&right.id))
    });
}

/// The machines that have any of some findings.
pub fn machines_with<'f>(findings: impl IntoIterator<Item = &'f FleetFinding>) -> MachineSet {
    let mut machines = MachineSet::default();
    for finding in findings {
        machines |= &finding.machines;
    }
    machines
}

/// The machines that have any of some findings of each tier.
pub(crate) fn by_tier<'f>(findings: impl Iterator<Item = &'f FleetFinding>) -> BTreeMap<Tier, MachineSet> {
    let mut by_tier: BTreeMap<Tier, MachineSet> = BTreeMap::new();
    for finding in findings {
        *by_tier.entry(finding.tier()).or_default() |= &finding.machines;
    }
    by_tier
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
