//! A whole fleet, detection by detection, judged: what is counted from sets is held against it.
//!
//! Nothing but tests reads a fleet like this: of millions of installations it would hold every trace at once.

use std::collections::{BTreeSet, HashMap};

use interdict_assess::Circumstances;
use interdict_model::Tier;
use interdict_store::{DetectionFilter, MachineRow, Store};

use crate::error::AppError;
use crate::findings::Finding;
use crate::workbench::Workbench;

/// The inventory for some profiles and a day.
#[derive(Debug, Clone)]
pub(crate) struct Inventory {
    /// Every distinct product (or vendor without a known product) and presence, worst first.
    pub(crate) findings: Vec<Finding>,
    /// Every machine.
    pub(crate) machines: Vec<MachineRow>,
}

/// A machine and what is on it.
#[derive(Debug, Clone)]
pub(crate) struct MachineStanding<'a> {
    /// The machine.
    pub(crate) machine: &'a MachineRow,
    /// Its findings that some instrument speaks of, worst first.
    pub(crate) findings: Vec<&'a Finding>,
    /// The worst installed headline.
    pub(crate) tier: Tier,
}

impl MachineStanding<'_> {
    /// How many of its findings touch who asks: what binds others only does not.
    fn touching(&self) -> usize {
        self.findings.iter().filter(|finding| finding.tier() != Tier::None).count()
    }
}

impl Finding {
    /// Distinct machines that have it.
    pub(crate) fn machine_count(&self) -> usize {
        self.rows.iter().map(|row| row.machine_id.as_str()).collect::<BTreeSet<_>>().len()
    }
}

impl Workbench {
    /// The inventory for some profiles and a day.
    pub(crate) fn inventory(&self, store: &Store, circumstances: &Circumstances) -> Result<Inventory, AppError> {
        let rows = store.detections(&DetectionFilter::default())?;
        Ok(Inventory { findings: self.findings_of(rows, circumstances), machines: store.machines()? })
    }
}

impl Inventory {
    /// The findings that some instrument speaks of, worst first.
    pub(crate) fn spoken_of(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.is_spoken_of())
    }

    /// Every machine with its findings, worst first, then by the number of findings that touch who asks, then by host name.
    pub(crate) fn machine_standings(&self) -> Vec<MachineStanding<'_>> {
        let mut on_machine: HashMap<&str, Vec<&Finding>> = HashMap::new();
        for finding in self.spoken_of() {
            for row in &finding.rows {
                let findings = on_machine.entry(&row.machine_id).or_default();
                // One finding may have several rows of a machine, one after the other.
                if findings.last().is_none_or(|last| last.id != finding.id) {
                    findings.push(finding);
                }
            }
        }
        let mut standings: Vec<MachineStanding<'_>> = self
            .machines
            .iter()
            .map(|machine| {
                let findings = on_machine.remove(machine.machine.id.as_str()).unwrap_or_default();
                let tier = findings.iter().map(|finding| finding.tier()).fold(Tier::None, Tier::worst);
                MachineStanding { machine, findings, tier }
            })
            .collect();
        standings.sort_by_key(|standing| std::cmp::Reverse((standing.tier.rank(), standing.touching())));
        standings
    }
}
