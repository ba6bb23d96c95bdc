//! The Overview: counts over the inventory.

use std::collections::{BTreeMap, BTreeSet};

use interdict_app::store::MachineRow;
use interdict_app::{Change, ChangeKind, Finding, HistoryPoint, Inventory, MachineStanding};
use interdict_model::{CollectorStatus, Tier};

use super::words::collector_line;
use super::{Asked, count, reference};
use crate::wire;

/// How many of each list are shown.
const MOST_VENDORS: usize = 10;
const MOST_MACHINES: usize = 10;
const MOST_COMING: usize = 6;
const MOST_CHANGES: usize = 8;

/// The Overview.
pub(crate) fn overview(
    asked: &Asked<'_>,
    inventory: &Inventory,
    changes: &[Change],
    history: &[HistoryPoint],
) -> wire::Overview {
    let attention = || inventory.findings.iter().filter(|finding| finding.needs_attention());
    let standings = inventory.machine_standings();
    let others_only = |finding: &&Finding| finding.verdict.tier == Tier::None && finding.is_spoken_of();
    let exposed: Vec<&MachineStanding<'_>> = standings.iter().filter(|one| one.tier != Tier::None).collect();
    wire::Overview {
        attention_products: subjects(attention()),
        attention_machines: count(machines(attention()).len()),
        undetermined_products: subjects(inventory.findings.iter().filter(|one| one.tier() == Tier::Undetermined)),
        others_only_products: subjects(inventory.findings.iter().filter(others_only)),
        machines: count(inventory.totals.machines),
        installations: count(inventory.totals.installations),
        titles: count(inventory.totals.titles),
        identified_products: subjects(inventory.findings.iter()),
        tiers: tiers(inventory, &standings),
        by_vendor: by_vendor(inventory),
        by_machine: exposed.iter().take(MOST_MACHINES).map(|standing| machine(standing)).collect(),
        machines_with_findings: count(exposed.len()),
        coming: coming(asked, inventory),
        changes: changes.iter().take(MOST_CHANGES).map(change).collect(),
        history: history.iter().map(point).collect(),
        coverage: coverage(&inventory.machines),
    }
}

/// Distinct products, or vendors without a known product.
fn subjects<'f>(findings: impl Iterator<Item = &'f Finding>) -> u32 {
    let keys: BTreeSet<&str> = findings
        .map(|finding| finding.product.as_ref().map_or(finding.vendor.id.as_str(), |product| product.id.as_str()))
        .collect();
    count(keys.len())
}

fn machines<'f>(findings: impl Iterator<Item = &'f Finding>) -> BTreeSet<&'f str> {
    findings.flat_map(|finding| &finding.rows).map(|row| row.machine_id.as_str()).collect()
}

/// Per tier: rows of the Findings screen, and machines whose worst tier it is.
fn tiers(inventory: &Inventory, standings: &[MachineStanding<'_>]) -> Vec<wire::TierCount> {
    Tier::ALL
        .iter()
        .map(|tier| wire::TierCount {
            tier: (*tier).into(),
            findings: count(inventory.spoken_of().filter(|finding| finding.tier() == *tier).count()),
            machines: count(standings.iter().filter(|standing| standing.tier == *tier).count()),
        })
        .collect()
}

/// Vendors by what of theirs touches us: worst first, then most machines.
fn by_vendor(inventory: &Inventory) -> Vec<wire::VendorExposure> {
    let mut vendors: BTreeMap<&str, (&str, BTreeMap<&str, Tier>)> = BTreeMap::new();
    for finding in inventory.spoken_of().filter(|finding| finding.tier() != Tier::None) {
        let (_, machines) =
            vendors.entry(finding.vendor.id.as_str()).or_insert_with(|| (&finding.vendor.name, BTreeMap::new()));
        for row in &finding.rows {
            let worst = machines.entry(row.machine_id.as_str()).or_insert(Tier::None);
            *worst = worst.worst(finding.tier());
        }
    }
    let mut exposures: Vec<(Tier, wire::VendorExposure)> = vendors
        .into_iter()
        .map(|(vendor, (name, machines))| {
            let worst = machines.values().copied().fold(Tier::None, Tier::worst);
            let mut counts: BTreeMap<Tier, usize> = BTreeMap::new();
            for tier in machines.values() {
                *counts.entry(*tier).or_default() += 1;
            }
            let exposure = wire::VendorExposure {
                vendor: vendor.to_owned(),
                name: name.to_owned(),
                machines: count(machines.len()),
                tiers: tier_machines(&counts),
            };
            (worst, exposure)
        })
        .collect();
    exposures.sort_by(|(left_tier, left), (right_tier, right)| {
        (right_tier.rank(), right.machines).cmp(&(left_tier.rank(), left.machines)).then(left.name.cmp(&right.name))
    });
    exposures.into_iter().map(|(_, exposure)| exposure).take(MOST_VENDORS).collect()
}

/// Counts by tier, worst first: the vocabulary is in that order.
fn tier_machines(counts: &BTreeMap<Tier, usize>) -> Vec<wire::TierMachines> {
    counts
        .iter()
        .map(|(tier, machines)| wire::TierMachines { tier: (*tier).into(), machines: count(*machines) })
        .collect()
}

fn machine(standing: &MachineStanding<'_>) -> wire::MachineExposure {
    let findings = standing.findings.iter().filter(|finding| finding.tier() != Tier::None);
    wire::MachineExposure {
        id: standing.machine.machine.id.clone(),
        hostname: standing.machine.machine.hostname.clone(),
        findings: findings
            .map(|finding| wire::MachineFinding {
                finding: finding.id.clone(),
                title: finding.title(),
                tier: finding.tier().into(),
            })
            .collect(),
    }
}

fn coming(asked: &Asked<'_>, inventory: &Inventory) -> Vec<wire::ComingDate> {
    asked
        .workbench
        .coming(inventory, &asked.circumstances)
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

/// What the newest scan of each machine could not look at: what failed first.
fn coverage(machines: &[MachineRow]) -> Vec<wire::CoverageLine> {
    let order = |status: CollectorStatus| match status {
        CollectorStatus::Failed => 0,
        CollectorStatus::Partial => 1,
        CollectorStatus::NotPossible => 2,
        CollectorStatus::Complete => 3,
    };
    let mut lines: Vec<_> = machines
        .iter()
        .flat_map(|machine| machine.collectors.iter().map(move |report| (machine, report)))
        .filter(|(_, report)| report.status != CollectorStatus::Complete)
        .collect();
    lines.sort_by_key(|(_, report)| order(report.status));
    lines
        .into_iter()
        .map(|(machine, report)| wire::CoverageLine {
            hostname: machine.machine.hostname.clone(),
            collector: collector_line(report),
        })
        .collect()
}
