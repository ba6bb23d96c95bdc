//! The machines of a report: how many there are, which have a row, and what their newest scans looked at.
//!
//! Machines are read one after the other and kept only where they have a row; of the others it is counted what is told of
//! all together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use interdict_collect::sources_of;
use interdict_model::{CollectorReport, CollectorStatus, ObservationSource, OsFamily};
use interdict_report::{CollectorView, CoverageView, FleetView, MOST_MACHINES, MachineView, NamesView, UnreadView};
use interdict_store::{MachineRow, Store};

use super::in_words;
use crate::error::AppError;
use crate::exposure::{ExposedMachine, Exposure, by_tier, machines_with};

/// What a report tells of its machines.
pub(super) struct Looked {
    /// How much it is about.
    pub(super) fleet: FleetView,
    /// The machines that have a row.
    pub(super) machines: Vec<MachineView>,
    /// What their newest scans looked at.
    pub(super) coverage: CoverageView,
}

/// Looks at the machines of an exposure: at all of the inventory, or at one by its id.
pub(super) fn look(store: &Store, exposure: &Exposure, machine: Option<&str>) -> Result<Looked, AppError> {
    let told = exposure.told_machines(store, MOST_MACHINES)?;
    let mut looking = Looking::new(exposure, &told);
    match machine {
        Some(id) => {
            let called = store.machines_called(id)?;
            called.into_iter().filter(|row| row.machine.id == id).for_each(|row| looking.take(row));
        }
        None => store.each_machine(|row| looking.take(row))?,
    }
    Ok(looking.finish())
}

/// How a collector fared: its name, the result and the reason.
type Fared = (String, CollectorStatus, Option<String>);

/// What is known after some machines.
struct Looking<'e> {
    fleet: FleetView,
    /// What is found on the machines that have a row, with the place of it, by their ids.
    told: HashMap<&'e str, (usize, &'e ExposedMachine<'e>)>,
    machines: Vec<Option<MachineView>>,
    collectors: Vec<CollectorView>,
    /// The places of those.
    place_of: HashMap<Fared, usize>,
    unread: BTreeMap<Vec<String>, NamesView>,
}

impl<'e> Looking<'e> {
    fn new(exposure: &Exposure, told: &'e [ExposedMachine<'e>]) -> Self {
        let attention = exposure.findings.iter().filter(|finding| finding.needs_attention());
        let tiers = by_tier(exposure.spoken_of());
        let place =
            |(place, exposed): (usize, &'e ExposedMachine<'e>)| (exposed.machine.machine_id.as_str(), (place, exposed));
        Self {
            fleet: FleetView {
                machines: 0,
                installations: 0,
                attention: machines_with(attention).len(),
                by_tier: tiers.into_iter().map(|(tier, machines)| (tier, machines.len())).collect(),
            },
            told: told.iter().enumerate().map(place).collect(),
            machines: vec![None; told.len()],
            collectors: Vec::new(),
            place_of: HashMap::new(),
            unread: BTreeMap::new(),
        }
    }

    fn take(&mut self, row: MachineRow) {
        self.fleet.machines += 1;
        self.fleet.installations += row.installations;
        let unread = unread(&row);
        if !unread.is_empty() {
            self.unread.entry(unread).or_default().add(&row.machine.hostname);
        }
        if let Some((place, exposed)) = self.told.get(row.machine.id.as_str())
            && let Some(view) = self.machines.get_mut(*place)
        {
            *view = Some(machine_view(&row, exposed));
        }
        for collector in row.collectors {
            self.collector(collector, &row.machine.hostname);
        }
    }

    /// Counts a collector among those that fared alike.
    fn collector(&mut self, CollectorReport { name, status, reason, count }: CollectorReport, hostname: &str) {
        let place = *self.place_of.entry((name, status, reason)).or_insert_with_key(|(name, status, reason)| {
            self.collectors.push(CollectorView {
                name: name.clone(),
                looks_at: looks_at(name),
                status: *status,
                reason: reason.clone(),
                count: 0,
                machines: NamesView::default(),
            });
            self.collectors.len() - 1
        });
        if let Some(alike) = self.collectors.get_mut(place) {
            alike.count += count;
            alike.machines.add(hostname);
        }
    }

    fn finish(self) -> Looked {
        let unread = self.unread.into_iter().map(|(classes, machines)| UnreadView { classes, machines });
        Looked {
            fleet: self.fleet,
            machines: self.machines.into_iter().flatten().collect(),
            coverage: CoverageView { collectors: self.collectors, unread: unread.collect() },
        }
    }
}

fn machine_view(row: &MachineRow, exposed: &ExposedMachine<'_>) -> MachineView {
    let os = &row.machine.os;
    MachineView {
        id: row.machine.id.clone(),
        hostname: row.machine.hostname.clone(),
        system: format!("{} {}", os.name, os.version).trim().to_owned(),
        arch: row.machine.arch.clone(),
        last_scan: row.last_seen.clone(),
        installations: row.installations,
        findings: exposed.findings.len(),
        worst: exposed.tier,
        gaps: row.collectors.iter().filter(|collector| collector.status != CollectorStatus::Complete).count(),
    }
}

/// What a collector reads, in words.
fn looks_at(collector: &str) -> String {
    sources_of(collector).iter().map(|source| in_words(*source)).collect::<Vec<_>>().join(", ")
}

/// The trace classes that a machine's system has and no collector of its newest scan reads, in words.
fn unread(row: &MachineRow) -> Vec<String> {
    let read: BTreeSet<ObservationSource> =
        row.collectors.iter().flat_map(|collector| sources_of(&collector.name)).copied().collect();
    let is_unread = |source: &&ObservationSource| is_kept_by(**source, row.machine.os.family) && !read.contains(source);
    ObservationSource::ALL.iter().filter(is_unread).map(|source| in_words(*source)).collect()
}

/// Whether a family of systems keeps such traces at all.
fn is_kept_by(source: ObservationSource, family: OsFamily) -> bool {
    match source {
        ObservationSource::DebPackages
        | ObservationSource::RpmPackages
        | ObservationSource::ApkPackages
        | ObservationSource::PacmanPackages
        | ObservationSource::Flatpak
        | ObservationSource::Snap
        | ObservationSource::KernelModules => family == OsFamily::Linux,
        ObservationSource::Homebrew => family != OsFamily::Windows,
        ObservationSource::Programs
        | ObservationSource::Msix
        | ObservationSource::Wsc
        | ObservationSource::Drivers
        | ObservationSource::Minifilters
        | ObservationSource::WfpProviders
        | ObservationSource::Registry => family == OsFamily::Windows,
        ObservationSource::Apps
        | ObservationSource::PkgReceipts
        | ObservationSource::SystemExtensions
        | ObservationSource::Launchd
        | ObservationSource::ConfigurationProfiles => family == OsFamily::Macos,
        ObservationSource::Services => family != OsFamily::Macos,
        ObservationSource::BrowserExtensions
        | ObservationSource::Processes
        | ObservationSource::Certificates
        | ObservationSource::ScheduledTasks
        | ObservationSource::Files => true,
        ObservationSource::Import => false,
    }
}
