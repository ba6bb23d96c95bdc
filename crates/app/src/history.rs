//! How the inventory came to be what it is: machines per tier at each scan, and what the newest scans changed.
//!
//! The past inventory is judged for today's question (the same profiles and day), so that a line shows what happened on the
//! machines and not what happened in the law. All of it is counted from intervals that are read once; a day or profile is
//! another question to the same numbers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use interdict_assess::Circumstances;
use interdict_model::{Presence, ProductId, Tier, VendorId};
use interdict_store::{MachineSet, Stay, Stays, Store, Sureness};

use crate::error::AppError;
use crate::exposure::FleetFinding;
use crate::findings::{Judged, KnownVerdicts, id_of};
use crate::versions::in_version_order;
use crate::workbench::Workbench;

/// At most so many points are told; more would not be seen apart.
const MOST_POINTS: usize = 60;
/// At most so many machines of a change are named.
const MOST_NAMED: usize = 5;

/// Everything that was ever found, and what of it stands now.
#[derive(Debug, Default)]
pub struct Chronicle {
    stays: Stays,
    sightings: HashMap<Found, Sighting>,
}

/// Vendor, product where it is known, and presence.
type Found = (VendorId, Option<ProductId>, Presence);

/// When and in which versions something is seen that is there now; scans are places in [`Stays::scans`].
#[derive(Debug, Default)]
struct Sighting {
    first: Option<u32>,
    last: Option<u32>,
    /// Places of versions, each with the last scan that saw it.
    versions: HashMap<u32, u32>,
    sureness: Sureness,
}

/// When and in which versions a finding is seen here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SeenHere {
    /// When the first scan began that found it; empty where none did.
    pub first: String,
    /// When the newest scan began that found it.
    pub last: String,
    /// Its versions, the newest seen first.
    pub versions: Vec<String>,
}

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
    /// The first of the machines by host name; empty for a machine.
    pub hostnames: Vec<String>,
    /// On how many machines.
    pub machines: usize,
    /// When the newest of those scans began.
    pub at: String,
    /// The finding's id, where it is about one.
    pub finding: Option<String>,
}

impl Chronicle {
    /// Reads it.
    pub fn read(store: &Store) -> Result<Self, AppError> {
        let stays = store.stays()?;
        let mut of_subject: Vec<Sighting> =
            stays.sureness.iter().map(|sureness| Sighting { sureness: *sureness, ..Sighting::default() }).collect();
        for stay in stays.rows.iter().filter(|stay| stay.gone.is_none()) {
            if let Some(sighting) = of_subject.get_mut(index(stay.subject)) {
                sighting.add(stay);
            }
        }
        let found = stays.subjects.iter().map(|of| (of.vendor.clone(), of.product.clone(), of.presence));
        let sightings = found.zip(of_subject).collect();
        Ok(Self { stays, sightings })
    }

    /// When and in which versions a finding is seen here.
    #[must_use]
    pub fn seen(&self, finding: &FleetFinding) -> SeenHere {
        let sightings = || finding.found.iter().filter_map(|found| self.sightings.get(found));
        let started = |place: u32| self.started(place);
        let mut versions: Vec<(&str, &str)> = Vec::new();
        for (version, last) in sightings().flat_map(|sighting| &sighting.versions) {
            versions.push((started(*last), self.stays.versions.get(index(*version)).map_or("", String::as_str)));
        }
        versions.sort_by(|left, right| right.0.cmp(left.0).then_with(|| in_version_order(right.1, left.1)));
        let mut known = BTreeSet::new();
        versions.retain(|(_, version)| known.insert(*version));
        SeenHere {
            first: sightings().filter_map(|one| one.first).map(started).min().unwrap_or_default().to_owned(),
            last: sightings().filter_map(|one| one.last).map(started).max().unwrap_or_default().to_owned(),
            versions: versions.into_iter().map(|(_, version)| version.to_owned()).collect(),
        }
    }

    /// How sure a finding was identified, over all machines that have it.
    #[must_use]
    pub fn sureness(&self, finding: &FleetFinding) -> Sureness {
        let mut surest = Sureness::default();
        for of in finding.found.iter().filter_map(|found| self.sightings.get(found)).map(|sighting| sighting.sureness) {
            surest.confidence = surest.confidence.max(of.confidence);
            surest.traces = surest.traces.max(of.traces);
        }
        surest
    }

    fn started(&self, scan: u32) -> &str {
        self.stays.scans.get(index(scan)).map_or("", |scan| scan.started.as_str())
    }

    fn second(&self, scan: u32) -> u32 {
        self.stays.scans.get(index(scan)).map_or(0, |scan| scan.second)
    }

    /// The last scan of each day on which there was one; at most so many days as are told.
    fn points(&self) -> Vec<u32> {
        let mut days: BTreeMap<&str, u32> = BTreeMap::new();
        for (place, scan) in (0_u32..).zip(&self.stays.scans) {
            days.insert(scan.started.get(..10).unwrap_or_default(), place);
        }
        thinned(days.into_values().collect())
    }

    /// The first and the newest scan of each machine, and how many there are.
    fn machines(&self) -> BTreeMap<u32, MachineScans> {
        let mut machines: BTreeMap<u32, MachineScans> = BTreeMap::new();
        for (place, scan) in (0_u32..).zip(&self.stays.scans) {
            let of = machines.entry(scan.machine).or_insert(MachineScans { first: place, newest: place, count: 0 });
            of.newest = place;
            of.count += 1;
        }
        machines
    }
}

/// The scans of a machine, as places.
#[derive(Debug, Clone, Copy)]
struct MachineScans {
    first: u32,
    newest: u32,
    count: u32,
}

impl Sighting {
    fn add(&mut self, stay: &Stay) {
        self.first = Some(self.first.map_or(stay.first, |first| first.min(stay.first)));
        self.last = Some(self.last.map_or(stay.last, |last| last.max(stay.last)));
        if let Some(version) = stay.version {
            let last = self.versions.entry(version).or_insert(stay.last);
            *last = stay.last.max(*last);
        }
    }
}

/// A machine comes to have something of a tier, or no longer has it.
#[derive(Debug, Clone, Copy)]
struct Step {
    machine: u32,
    /// What it has more of; nothing where it was looked at for the first time.
    tier: Option<Tier>,
    is_end: bool,
}

impl Workbench {
    /// Machines per tier after the scans of each day, oldest first.
    #[must_use]
    pub fn history(&self, chronicle: &Chronicle, circumstances: &Circumstances) -> Vec<HistoryPoint> {
        let points = chronicle.points();
        let seconds: Vec<u32> = points.iter().map(|point| chronicle.second(*point)).collect();
        let mut steps: Vec<Vec<Step>> = points.iter().map(|_| Vec::new()).collect();
        // What happens after the last point is told by none.
        let mut put = |scan: u32, step: Step| {
            let second = chronicle.second(scan);
            if let Some(steps) = steps.get_mut(seconds.partition_point(|point| *point < second)) {
                steps.push(step);
            }
        };
        for (machine, scans) in chronicle.machines() {
            put(scans.first, Step { machine, tier: None, is_end: false });
        }
        let judged = self.judged_subjects(chronicle, circumstances);
        for stay in &chronicle.stays.rows {
            let tier =
                judged.get(index(stay.subject)).and_then(Option::as_ref).map_or(Tier::None, |judged| judged.tier());
            let lasts = stay.gone.is_none_or(|gone| chronicle.second(gone) > chronicle.second(stay.first));
            if tier == Tier::None || !lasts {
                continue;
            }
            put(stay.first, Step { machine: stay.machine, tier: Some(tier), is_end: false });
            if let Some(gone) = stay.gone {
                put(gone, Step { machine: stay.machine, tier: Some(tier), is_end: true });
            }
        }
        let mut fleet = Tally::default();
        let told = points.iter().zip(steps).map(|(point, steps)| {
            for step in steps {
                fleet.take(step);
            }
            HistoryPoint { at: chronicle.started(*point).to_owned(), machines: fleet.machines() }
        });
        told.collect()
    }

    /// What the newest scan of each machine changed against the one before, newest first; so many changes.
    pub fn changes(
        &self,
        store: &Store,
        chronicle: &Chronicle,
        circumstances: &Circumstances,
        most: usize,
    ) -> Result<Vec<Change>, AppError> {
        let machines = chronicle.machines();
        let judged = self.judged_subjects(chronicle, circumstances);
        let mut groups: BTreeMap<(ChangeKind, &str, &str), Group<'_>> = BTreeMap::new();
        for stay in &chronicle.stays.rows {
            let at = stay.gone.unwrap_or(stay.first);
            let newest = machines.get(&stay.machine).filter(|scans| scans.count > 1).map(|scans| scans.newest);
            if newest.is_none_or(|newest| chronicle.second(newest) != chronicle.second(at)) {
                continue;
            }
            let Some(judged) = judged.get(index(stay.subject)).and_then(Option::as_ref) else { continue };
            if !judged.is_spoken_of() {
                continue;
            }
            let kind = if stay.gone.is_some() { ChangeKind::Gone } else { ChangeKind::New };
            let at = chronicle.started(at);
            let key = (kind, judged.id.as_str(), at.get(..10).unwrap_or_default());
            let group = groups.entry(key).or_insert_with(|| Group { judged, at, machines: Vec::new() });
            group.at = group.at.max(at);
            group.machines.push(stay.machine);
        }
        let mut changes = first_scans(store, chronicle, &machines, most)?;
        changes.extend(groups.into_iter().map(|((kind, ..), group)| group.change(kind)));
        changes.sort_by(|(left, _), (right, _)| {
            (&right.at, left.kind, &left.title).cmp(&(&left.at, right.kind, &right.title))
        });
        changes.truncate(most);
        changes.into_iter().map(|(change, on)| change.named(store, &on)).collect()
    }

    /// What the catalogue says of each subject of the chronicle; nothing of what it does not know.
    fn judged_subjects(&self, chronicle: &Chronicle, circumstances: &Circumstances) -> Vec<Option<Judged>> {
        let mut verdicts = KnownVerdicts::new();
        let subjects = chronicle.stays.subjects.iter();
        let judge = subjects.map(|of| {
            let id = id_of(&of.vendor, of.product.as_ref(), of.presence);
            self.judge(id, (&of.vendor, of.product.as_ref(), of.presence), &mut verdicts, circumstances)
        });
        judge.collect()
    }
}

/// What came or went of one finding on a day.
struct Group<'c> {
    judged: &'c Judged,
    at: &'c str,
    machines: Vec<u32>,
}

impl Group<'_> {
    fn change(self, kind: ChangeKind) -> (Change, MachineSet) {
        let machines: MachineSet = self.machines.into_iter().collect();
        let change = Change {
            kind,
            title: self.judged.title(),
            hostnames: Vec::new(),
            machines: machines.len(),
            at: self.at.to_owned(),
            finding: Some(self.judged.id.clone()),
        };
        (change, machines)
    }
}

impl Change {
    /// The same with the first of its machines named.
    fn named(mut self, store: &Store, machines: &MachineSet) -> Result<Self, AppError> {
        if !machines.is_empty() {
            let named = store.named_page(machines, 0, MOST_NAMED)?;
            self.hostnames = named.into_iter().map(|machine| machine.hostname).collect();
        }
        Ok(self)
    }
}

/// The machines that were looked at for the first time, newest first; at least so many, where there are.
fn first_scans(
    store: &Store,
    chronicle: &Chronicle,
    machines: &BTreeMap<u32, MachineScans>,
    most: usize,
) -> Result<Vec<(Change, MachineSet)>, AppError> {
    let once = machines.iter().filter(|(_, scans)| scans.count == 1);
    let mut once: Vec<(&str, u32)> = once.map(|(machine, scans)| (chronicle.started(scans.newest), *machine)).collect();
    once.sort_unstable_by(|left, right| right.cmp(left));
    // Names tell apart those of one instant.
    let least = once.get(most.saturating_sub(1)).map_or("", |(at, _)| at);
    once.retain(|(at, _)| *at >= least);
    let at: HashMap<i64, &str> = once.iter().map(|(at, machine)| (i64::from(*machine), *at)).collect();
    let named = store.named(&once.iter().map(|(_, machine)| *machine).collect())?;
    let change = |machine: interdict_store::NamedMachine| Change {
        kind: ChangeKind::Machine,
        at: at.get(&machine.number).copied().unwrap_or_default().to_owned(),
        title: machine.hostname,
        hostnames: Vec::new(),
        machines: 0,
        finding: None,
    };
    Ok(named.into_iter().map(|machine| (change(machine), MachineSet::default())).collect())
}

/// Machines by their worst tier, step by step.
#[derive(Default)]
struct Tally {
    /// By number: how much of each tier a machine has; nothing of one that was not looked at yet.
    machines: HashMap<u32, [u32; Tier::ALL.len()]>,
    worst: [usize; Tier::ALL.len()],
}

impl Tally {
    fn take(&mut self, step: Step) {
        let (before, after) = {
            let known = self.machines.contains_key(&step.machine);
            let has = self.machines.entry(step.machine).or_default();
            let before = known.then(|| worst_of(has));
            if let Some(count) = step.tier.and_then(|tier| has.get_mut(place(tier))) {
                *count = if step.is_end { count.saturating_sub(1) } else { *count + 1 };
            }
            (before, worst_of(has))
        };
        if before == Some(after) {
            return;
        }
        if let Some(count) = before.and_then(|before| self.worst.get_mut(before)) {
            *count -= 1;
        }
        if let Some(count) = self.worst.get_mut(after) {
            *count += 1;
        }
    }

    fn machines(&self) -> BTreeMap<Tier, usize> {
        Tier::ALL.iter().copied().zip(self.worst).filter(|(_, count)| *count > 0).collect()
    }
}

/// The place of a tier in the vocabulary.
fn place(tier: Tier) -> usize {
    Tier::ALL.iter().position(|one| *one == tier).unwrap_or_default()
}

/// The place of the worst tier of which there is any.
fn worst_of(has: &[u32; Tier::ALL.len()]) -> usize {
    let tiers = Tier::ALL.iter().zip(has).filter(|(_, count)| **count > 0).map(|(tier, _)| *tier);
    place(tiers.fold(Tier::None, Tier::worst))
}

/// At most so many points, evenly chosen; the first and the last stay.
fn thinned(points: Vec<u32>) -> Vec<u32> {
    let count = points.len();
    if count <= MOST_POINTS {
        return points;
    }
    let kept: BTreeSet<usize> = (0..MOST_POINTS).map(|step| step * (count - 1) / (MOST_POINTS - 1)).collect();
    points.into_iter().enumerate().filter(|(at, _)| kept.contains(at)).map(|(_, point)| point).collect()
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
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
        let history = workbench.history(&Chronicle::read(&store).expect("reads"), &circumstances);
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
        let chronicle = Chronicle::read(&store).expect("reads");
        let changes = workbench.changes(&store, &chronicle, &circumstances, 1_000).expect("reads");
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
        let points = thinned((0..500).collect());
        assert_eq!(points.len(), MOST_POINTS);
        assert_eq!((points[0], points[MOST_POINTS - 1]), (0, 499));
    }
}
