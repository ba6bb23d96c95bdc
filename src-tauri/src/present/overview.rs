//! The Overview: counts over the inventory.

use std::collections::{BTreeMap, BTreeSet};

use interdict_app::store::{Page, Totals, Unseen};
use interdict_app::{
    Change, ChangeKind, ExposedMachine, ExposedVendor, Exposure, FleetFinding, HistoryPoint, ToldFinding, machines_with,
};
use interdict_model::Tier;

use super::software::told_findings;
use super::words::collector_line;
use super::{Asked, count, reference};
use crate::wire;

/// How many of each list are shown.
const MOST_VENDORS: usize = 10;
pub(crate) const MOST_MACHINES: usize = 10;
const MOST_COMING: usize = 6;
pub(crate) const MOST_CHANGES: usize = 8;
pub(crate) const MOST_UNSEEN: usize = 60;

/// What the Overview is made of.
pub(crate) struct Parts<'a> {
    /// The fleet as it stands.
    pub(crate) exposure: &'a Exposure,
    /// How much there is.
    pub(crate) totals: Totals,
    /// The worst machines.
    pub(crate) worst: Vec<ExposedMachine<'a>>,
    /// What the newest scans changed.
    pub(crate) changes: Vec<Change>,
    /// Machines per tier over time.
    pub(crate) history: &'a [HistoryPoint],
    /// What could not be looked at.
    pub(crate) unseen: &'a Page<Unseen>,
    /// What is told of without a machine.
    pub(crate) told: &'a [ToldFinding],
}

/// The Overview.
pub(crate) fn overview(asked: &Asked<'_>, parts: &Parts<'_>) -> wire::Overview {
    let exposure = parts.exposure;
    let attention = || exposure.findings.iter().filter(|finding| finding.needs_attention());
    let others_only = |finding: &&FleetFinding| finding.verdict.tier == Tier::None && finding.is_spoken_of();
    let by_tier = exposure.machine_tiers();
    let untouched = by_tier.get(&Tier::None).copied().unwrap_or_default();
    wire::Overview {
        attention_products: subjects(attention()),
        attention_machines: count(machines_with(attention()).len()),
        undetermined_products: subjects(exposure.findings.iter().filter(|one| one.tier() == Tier::Undetermined)),
        others_only_products: subjects(exposure.findings.iter().filter(others_only)),
        machines: count(parts.totals.machines),
        installations: count(parts.totals.installations),
        titles: count(parts.totals.titles),
        told: told_findings(asked, exposure, parts.told),
        identified_products: subjects(exposure.findings.iter()),
        tiers: tiers(exposure, &by_tier),
        by_vendor: exposure.exposed_vendors().into_iter().take(MOST_VENDORS).map(vendor).collect(),
        by_machine: parts.worst.iter().map(machine).collect(),
        machines_with_findings: count(exposure.machines.len().saturating_sub(untouched)),
        coming: coming(asked, exposure),
        changes: parts.changes.iter().map(change).collect(),
        history: parts.history.iter().map(point).collect(),
        coverage: parts.unseen.rows.iter().map(coverage).collect(),
        coverage_lines: count(parts.unseen.total),
    }
}

/// Distinct products, or vendors without a known product.
fn subjects<'f>(findings: impl Iterator<Item = &'f FleetFinding>) -> u32 {
    let keys: BTreeSet<&str> = findings.map(|finding| finding.subject_id()).collect();
    count(keys.len())
}

/// Per tier: rows of the Findings screen, and machines whose worst tier it is.
fn tiers(exposure: &Exposure, by_tier: &BTreeMap<Tier, usize>) -> Vec<wire::TierCount> {
    Tier::ALL
        .iter()
        .map(|tier| wire::TierCount {
            tier: (*tier).into(),
            findings: count(exposure.spoken_of().filter(|finding| finding.tier() == *tier).count()),
            machines: count(by_tier.get(tier).copied().unwrap_or_default()),
        })
        .collect()
}

fn vendor(vendor: ExposedVendor) -> wire::VendorExposure {
    wire::VendorExposure {
        vendor: vendor.vendor.to_string(),
        name: vendor.name,
        machines: count(vendor.machines),
        tiers: tier_machines(&vendor.tiers),
    }
}

/// Counts by tier, worst first: the vocabulary is in that order.
fn tier_machines(counts: &BTreeMap<Tier, usize>) -> Vec<wire::TierMachines> {
    counts
        .iter()
        .map(|(tier, machines)| wire::TierMachines { tier: (*tier).into(), machines: count(*machines) })
        .collect()
}

fn machine(exposed: &ExposedMachine<'_>) -> wire::MachineExposure {
    let findings = exposed.findings.iter().filter(|finding| finding.tier() != Tier::None);
    wire::MachineExposure {
        id: exposed.machine.machine_id.clone(),
        hostname: exposed.machine.hostname.clone(),
        findings: findings.map(|finding| machine_finding(finding)).collect(),
    }
}

/// A finding as a mark of a machine.
pub(super) fn machine_finding(finding: &FleetFinding) -> wire::MachineFinding {
    wire::MachineFinding { finding: finding.id.clone(), title: finding.title(), tier: finding.tier().into() }
}

fn coming(asked: &Asked<'_>, exposure: &Exposure) -> Vec<wire::ComingDate> {
    asked
        .workbench
        .coming(exposure, &asked.circumstances)
        .into_iter()
        .take(MOST_COMING)
        .map(|coming| wire::ComingDate {
            date: coming.date.to_string(),
            restriction: reference(asked.catalogue(), &coming.restriction),
            says: coming.says,
            machines: count(coming.machines),
        })
        .collect()
}

fn change(change: &Change) -> wire::Change {
    let (kind, detail) = match change.kind {
        ChangeKind::New => ("new", change.hostnames.join(", ")),
        ChangeKind::Gone => ("gone", change.hostnames.join(", ")),
        ChangeKind::Machine => ("machine", "First scan".to_owned()),
    };
    wire::Change {
        kind: kind.to_owned(),
        title: change.title.clone(),
        detail,
        more: count(change.machines.saturating_sub(change.hostnames.len())),
        at: change.at.clone(),
        finding: change.finding.clone(),
    }
}

/// All seven tiers at each point, so that lines do not break off.
fn point(point: &HistoryPoint) -> wire::HistoryPoint {
    let machines = |tier: &Tier| count(point.machines.get(tier).copied().unwrap_or_default());
    let tiers = Tier::ALL.iter().map(|tier| wire::TierMachines { tier: (*tier).into(), machines: machines(tier) });
    wire::HistoryPoint { at: point.at.clone(), tiers: tiers.collect() }
}

fn coverage(unseen: &Unseen) -> wire::CoverageLine {
    wire::CoverageLine { hostname: unseen.hostname.clone(), collector: collector_line(&unseen.report) }
}
