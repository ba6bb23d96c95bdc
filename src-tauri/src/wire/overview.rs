//! The Overview.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CollectorLine, RestrictionRef, Tier, ToldFinding};

/// The Overview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Overview {
    /// Distinct products whose installed headline is prohibited, required, restricted or advisory.
    pub attention_products: u32,
    /// Machines that have at least one of them.
    pub attention_machines: u32,
    /// Distinct products that cannot be decided.
    pub undetermined_products: u32,
    /// Distinct products for which instruments in force or announced bind others only.
    pub others_only_products: u32,
    /// Machines in the inventory.
    pub machines: u32,
    /// Software installed on them now.
    pub installations: u32,
    /// Distinct titles.
    pub titles: u32,
    /// What is told of without a machine and some instrument speaks of, worst first; counted nowhere else.
    pub told: Vec<ToldFinding>,
    /// Products and vendors identified.
    pub identified_products: u32,
    /// Per tier, worst first, all seven.
    pub tiers: Vec<TierCount>,
    /// Vendors with findings, worst and most machines first, at most ten.
    pub by_vendor: Vec<VendorExposure>,
    /// Machines with findings, worst first, at most ten.
    pub by_machine: Vec<MachineExposure>,
    /// How many machines have findings in all.
    pub machines_with_findings: u32,
    /// Effects that begin or end after the day asked for and touch this profile or what is installed, at most six.
    pub coming: Vec<ComingDate>,
    /// What changed with the newest scan against the one before, at most eight.
    pub changes: Vec<Change>,
    /// Machines per tier at each scan, for this profile and day, oldest first.
    pub history: Vec<HistoryPoint>,
    /// What the newest scan of each machine could not look at, what failed first; at most sixty.
    pub coverage: Vec<CoverageLine>,
    /// How many such lines there are.
    pub coverage_lines: u32,
}

/// How many have a tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TierCount {
    /// The tier.
    pub tier: Tier,
    /// Findings (rows of the Findings screen).
    pub findings: u32,
    /// Machines whose worst tier this is; for `none` also machines without any finding.
    pub machines: u32,
}

/// How much of a vendor is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VendorExposure {
    /// The vendor's id.
    pub vendor: String,
    /// Its name.
    pub name: String,
    /// Machines that have something of it.
    pub machines: u32,
    /// Those machines by the worst tier of this vendor's products on them, worst first.
    pub tiers: Vec<TierMachines>,
}

/// Machines of a tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TierMachines {
    /// The tier.
    pub tier: Tier,
    /// Machines.
    pub machines: u32,
}

/// What one machine has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MachineExposure {
    /// The machine's id.
    pub id: String,
    /// Its host name.
    pub hostname: String,
    /// Its findings, worst first.
    pub findings: Vec<MachineFinding>,
}

/// One finding on a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MachineFinding {
    /// The finding's id.
    pub finding: String,
    /// The product's or vendor's name.
    pub title: String,
    /// Its tier.
    pub tier: Tier,
}

/// A day to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ComingDate {
    /// The day.
    pub date: String,
    /// The instrument.
    pub restriction: RestrictionRef,
    /// One sentence.
    pub says: String,
    /// Machines it touches.
    pub machines: u32,
}

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Change {
    /// `new`, `gone` or `machine`.
    pub kind: String,
    /// What.
    pub title: String,
    /// Where: the first machines by host name.
    pub detail: String,
    /// On how many more.
    pub more: u32,
    /// When.
    pub at: String,
    /// The finding, where there is one.
    pub finding: Option<String>,
}

/// Counts at one scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryPoint {
    /// When.
    pub at: String,
    /// Machines per worst tier.
    pub tiers: Vec<TierMachines>,
}

/// What could not be looked at on a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CoverageLine {
    /// The machine's host name.
    pub hostname: String,
    /// The collector and why.
    pub collector: CollectorLine,
}
