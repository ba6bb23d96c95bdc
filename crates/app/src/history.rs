//! How the inventory came to be what it is: machines per tier at each scan, and what the newest scans changed.
//!
//! The past inventory is judged for today's question (the same profiles and day), so that a line shows what happened on the
//! machines and not what happened in the law.

use std::collections::{BTreeMap, BTreeSet};

use interdict_assess::Circumstances;
use interdict_model::Tier;
use interdict_store::{DetectionFilter, DetectionRow, EndedBy, MachineRow, Span, Store};

use crate::error::AppError;
use crate::workbench::Workbench;

/// At most so many points are told; more would not be seen apart.
const MOST_POINTS: usize = 60;

/// Counts at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryPoint {
    /// When: the last scan of a day.
    pub at: String,
    /// Machines by their worst installed headline; tiers nobody has are absent.
    pub machines: BTreeMap<Tier, usize>,
}

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// The newest scan found something that the one before did not.
    New,
    /// The newest scan no longer found it.
    Gone,
    /// A machine was looked at for the first time.
    Machine,
}

/// One thing that the newest scans changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What kind.
    pub kind: ChangeKind,
    /// The product, the vendor or the machine.
    pub title: String,
    /// On which machines, by host name; empty for a machine.
    pub hostnames: Vec<String>,
    /// When the newest of those scans began.
    pub at: String,
    /// The finding's id, where it is about one.
    pub finding: Option<String>,
}

/// One interval of something that has a tier.
struct Stay<'a> {
    machine: &'a str,
    tier: Tier,
    from: &'a str,
    gone: Option<&'a str>,
}

impl Workbench {
    /// Machines per tier after the scans of each day, oldest first.
    pub fn history(&self, store: &Store, circumstances: &Circumstances) -> Result<Vec<HistoryPoint>, AppError> {
        let mut days: BTreeMap<String, String> = BTreeMap::new();
        let mut known_from: BTreeMap<String, String> = BTreeMap::new();
        for scan in store.scans()? {
            known_from.entry(scan.machine_id).or_insert_with(|| scan.started.clone());
            days.insert(scan.started.get(..10).unwrap_or_default().to_owned(), scan.started);
        }
        let findings = self.findings_of(stays(store)?, circumstances);
        let stays: Vec<Stay<'_>> = findings
            .iter()
            .filter(|finding| finding.tier() != Tier::None)
            .flat_map(|finding| {
                finding.rows.iter().map(|row| Stay {
                    machine: &row.machine_id,
                    tier: finding.tier(),
                    from: second(&row.first_seen),
                    gone: row.gone.as_deref().map(second),
                })
            })
            .collect();
        Ok(thinned(days.into_values().map(|at| point(at, &known_from, &stays)).collect()))
    }

    /// What the newest scan of each machine changed against the one before, newest first.
    pub fn changes(&self, store: &Store, circumstances: &Circumstances) -> Result<Vec<Change>, AppError> {
        let machines = store.machines()?;
        let of: BTreeMap<&str, &MachineRow> =
            machines.iter().map(|machine| (machine.machine.id.as_str(), machine)).collect();
        let newest = |row: &DetectionRow, at: Option<&str>| {
            let machine = of.get(row.machine_id.as_str()).filter(|machine| machine.scans > 1);
            machine.is_some_and(|machine| at.map(second) == Some(second(&machine.last_seen)))
        };
        let rows = stays(store)?;
        let appeared = rows.iter().filter(|row| row.gone.is_none() && newest(row, Some(&row.first_seen))).cloned();
        let left = rows.iter().filter(|row| newest(row, row.gone.as_deref())).cloned();
        let mut changes = self.changed(ChangeKind::New, appeared.collect(), circumstances);
        changes.extend(self.changed(ChangeKind::Gone, left.collect(), circumstances));
        changes.extend(machines.iter().filter(|machine| machine.scans == 1).map(|machine| Change {
            kind: ChangeKind::Machine,
            title: machine.machine.hostname.clone(),
            hostnames: Vec::new(),
            at: machine.last_seen.clone(),
            finding: None,
        }));
        changes.sort_by(|left, right| (&right.at, left.kind, &left.title).cmp(&(&left.at, right.kind, &right.title)));
        Ok(changes)
    }

    /// Rows that came or went, as one change per finding and day.
    fn changed(&self, kind: ChangeKind, rows: Vec<DetectionRow>, circumstances: &Circumstances) -> Vec<Change> {
        let mut changes: BTreeMap<(String, String), Change> = BTreeMap::new();
        for finding in self.findings_of(rows, circumstances).iter().filter(|finding| finding.is_spoken_of()) {
            for row in &finding.rows {
                let at = row.gone.as_ref().unwrap_or(&row.first_seen);
                let day = at.get(..10).unwrap_or_default().to_owned();
                let change = changes.entry((finding.id.clone(), day)).or_insert_with(|| Change {
                    kind,
                    title: finding.title(),
                    hostnames: Vec::new(),
                    at: at.clone(),
                    finding: Some(finding.id.clone()),
                });
                change.hostnames.push(row.hostname.clone());
                if *at > change.at {
                    change.at.clone_from(at);
                }
            }
        }
        changes.into_values().collect()
    }
}

/// Every interval but those a catalogue ended: what it no longer identifies was never there in its eyes.
fn stays(store: &Store) -> Result<Vec<DetectionRow>, AppError> {
    let mut rows = store.detections(&DetectionFilter { span: Span::All, ..DetectionFilter::default() })?;
    rows.retain(|row| row.ended_by != Some(EndedBy::Catalogue));
    Ok(rows)
}

fn point(at: String, known_from: &BTreeMap<String, String>, stays: &[Stay<'_>]) -> HistoryPoint {
    let now = second(&at);
    let known: BTreeSet<&str> =
        known_from.iter().filter(|(_, from)| second(from) <= now).map(|(machine, _)| machine.as_str()).collect();
    let mut worst: BTreeMap<&str, Tier> = known.into_iter().map(|machine| (machine, Tier::None)).collect();
    for stay in stays.iter().filter(|stay| stay.from <= now && stay.gone.is_none_or(|gone| gone > now)) {
        if let Some(tier) = worst.get_mut(stay.machine) {
            *tier = tier.worst(stay.tier);
        }
    }
    let mut machines: BTreeMap<Tier, usize> = BTreeMap::new();
    for tier in worst.into_values() {
        *machines.entry(tier).or_default() += 1;
    }
    HistoryPoint { at, machines }
}

/// At most so many points, evenly chosen; the first and the last stay.
fn thinned(points: Vec<HistoryPoint>) -> Vec<HistoryPoint> {
    let count = points.len();
    if count <= MOST_POINTS {
        return points;
    }
    let kept: BTreeSet<usize> = (0..MOST_POINTS).map(|step| step * (count - 1) / (MOST_POINTS - 1)).collect();
    points.into_iter().enumerate().filter(|(at, _)| kept.contains(at)).map(|(_, point)| point).collect()
}

/// The part of an instant by which instants are ordered: some have a fraction, some have not.
fn second(instant: &str) -> &str {
    instant.get(..19).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> (Workbench, Store, Circumstances) {
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        let mut store = Store::open_in_memory().expect("opens");
        workbench.build_sample(&mut store, "2026-11-22T12:00:00Z").expect("builds");
        let day = "2026-11-22".parse().expect("a day");
        let circumstances = workbench.circumstances(&["us-private".to_owned()], day).expect("a profile");
        (workbench, store, circumstances)
    }

    #[test]
    fn the_last_point_is_the_inventory_as_it_stands() {
        let (workbench, store, circumstances) = sample();
        let history = workbench.history(&store, &circumstances).expect("reads");
        let inventory = workbench.inventory(&store, &circumstances).expect("reads");
        let mut now: BTreeMap<Tier, usize> = BTreeMap::new();
        for standing in inventory.machine_standings() {
            *now.entry(standing.tier).or_default() += 1;
        }
        assert_eq!(history.last().map(|point| &point.machines), Some(&now));
        let restricted: Vec<usize> =
            history.iter().map(|point| point.machines.get(&Tier::Restricted).copied().unwrap_or_default()).collect();
        assert!(restricted.first() > restricted.last(), "what was removed shows: {restricted:?}");
        assert!(history.is_sorted_by(|left, right| left.at < right.at));
    }

    #[test]
    fn only_the_newest_scans_count_as_changes() {
        let (workbench, store, circumstances) = sample();
        let changes = workbench.changes(&store, &circumstances).expect("reads");
        let told = |kind, title: &str, hostname: &str| {
            let on = |change: &&Change| change.hostnames.iter().any(|host| host == hostname);
            changes.iter().filter(|change| change.kind == kind && change.title == title).any(|change| on(&change))
        };
        assert!(told(ChangeKind::Gone, "Kaspersky Endpoint Security for Windows", "WS-HR-031"));
        assert!(told(ChangeKind::New, "Kaspersky Password Manager", "LT-SALES-44"));
        assert!(!told(ChangeKind::Gone, "Kaspersky Endpoint Security for Windows", "WS-FIN-002"), "gone for long");
        let is_first = |change: &&Change| change.kind == ChangeKind::Machine;
        let first: Vec<&str> = changes.iter().filter(is_first).map(|change| change.title.as_str()).collect();
        assert_eq!(first, ["LT-SALES-52"]);
        assert!(changes.is_sorted_by(|left, right| left.at >= right.at));
    }

    #[test]
    fn long_histories_keep_their_ends() {
        let point = |number: usize| HistoryPoint { at: format!("{number:03}"), machines: BTreeMap::new() };
        let points = thinned((0..500).map(point).collect());
        assert_eq!(points.len(), MOST_POINTS);
        assert_eq!((points[0].at.as_str(), points[MOST_POINTS - 1].at.as_str()), ("000", "499"));
    }
}
