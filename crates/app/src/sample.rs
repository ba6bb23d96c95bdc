//! Made-up sample data: the machines of a company that does not exist, to look around in without auditing anything.
//!
//! Only machines, titles and traces are made up. What they are identified as and what that means is worked out by the same
//! code as for a real machine, from the catalogue in use, so nothing here says what is restricted.

mod fleet;
mod ordinary;
mod security;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use interdict_collect::sources_of;
use interdict_identify::consolidate;
use interdict_model::{
    CollectorReport, CollectorStatus, Machine, Observation, ObservationSource, OperatingSystem, OsFamily, ScanHeader,
};
use interdict_store::Store;

use crate::error::AppError;
use crate::probes::probes;
use crate::workbench::Workbench;
use fleet::{COMPUTERS, Computer, System};

/// Changes when the made-up data does, so that it is built anew.
const REVISION: u32 = 1;
/// The setting that says of what the sample was built, written last.
const BUILT_OF: &str = "sample-built-of";
/// The setting that says when.
const BUILT_AT: &str = "sample-built-at";
/// After so many days "the last ten weeks" are built anew.
const FRESH_DAYS: i64 = 3;
/// How many weeks ago the fleet is scanned; a computer is looked at in some of them, and always in the last.
const WEEKS: [u32; 8] = [10, 8, 6, 4, 3, 2, 1, 0];

/// Opens the database of sample data, building it anew where it is missing, stale or of another catalogue.
pub fn open_sample(workbench: &Workbench, path: &Path, now: &str) -> Result<Store, AppError> {
    let store = Store::open(path, now)?;
    if store.setting(BUILT_OF)?.as_deref() == Some(&built_of(workbench)) && is_fresh(&store, now)? {
        return Ok(store);
    }
    let is_empty = store.totals()?.scans == 0;
    drop(store);
    if !is_empty {
        // It was recognised as ours above, and it holds nothing that cannot be made again.
        for name in ["", "-wal", "-shm"] {
            let mut file = path.as_os_str().to_owned();
            file.push(name);
            remove(Path::new(&file))?;
        }
    }
    let mut store = Store::open(path, now)?;
    workbench.build_sample(&mut store, now)?;
    Ok(store)
}

fn remove(path: &Path) -> Result<(), AppError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(AppError::File { doing: "write", path: path.to_owned(), source }),
    }
}

fn built_of(workbench: &Workbench) -> String {
    format!("{} {REVISION}", workbench.catalogue().stamp().version)
}

fn is_fresh(store: &Store, now: &str) -> Result<bool, AppError> {
    let built = store.setting(BUILT_AT)?.and_then(|text| instant(&text));
    let age = built.zip(instant(now)).map(|(built, now)| now.signed_duration_since(built));
    Ok(age.is_some_and(|age| age >= Duration::zero() && age <= Duration::days(FRESH_DAYS)))
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.with_timezone(&Utc))
}

impl Workbench {
    /// Fills an empty database with ten weeks of made-up scans that end shortly before `now` (RFC 3339, UTC). The same
    /// instant and catalogue give the same data.
    pub fn build_sample(&self, store: &mut Store, now: &str) -> Result<(), AppError> {
        let end = instant(now).unwrap_or(DateTime::UNIX_EPOCH);
        let probes = probes(self.catalogue()).stamp();
        for weeks in WEEKS {
            for (number, computer) in
                COMPUTERS.iter().enumerate().filter(|(at, computer)| is_scanned(*at, computer, weeks))
            {
                let began = end - Duration::weeks(i64::from(weeks)) - Duration::minutes(20 + 2 * to_i64(number));
                let observations = observations(computer, weeks);
                let header = ScanHeader {
                    swept: Vec::new(),
                    read_as: None,
                    schema: ScanHeader::SCHEMA.to_owned(),
                    machine: machine(computer),
                    started: began.to_rfc3339_opts(SecondsFormat::Secs, true),
                    probes: probes.clone(),
                    collectors: collectors(computer, &observations),
                    tool_version: env!("CARGO_PKG_VERSION").to_owned(),
                };
                let finished = (began + Duration::seconds(9)).to_rfc3339_opts(SecondsFormat::Secs, true);
                let covered: Vec<ObservationSource> = header
                    .collectors
                    .iter()
                    .filter(|report| report.status == CollectorStatus::Complete)
                    .flat_map(|report| sources(&report.name).iter().copied())
                    .collect();
                let detections = consolidate(self.identifier(), &observations);
                store.record_scan(&header, &finished, "sample data", &covered, &observations, &detections)?;
            }
        }
        store.set_setting(BUILT_AT, now)?;
        store.set_setting(BUILT_OF, &built_of(self))?;
        Ok(())
    }
}

/// Each computer is looked at in some of the weeks since it is there, and in the last.
fn is_scanned(number: usize, computer: &Computer, weeks: u32) -> bool {
    let in_turn = (number + weeks as usize / 2).is_multiple_of(2) || weeks <= 1 && !number.is_multiple_of(3);
    weeks <= computer.known_for && (weeks == 0 || weeks == computer.known_for || in_turn)
}

fn machine(computer: &Computer) -> Machine {
    let (family, name, version) = match computer.system {
        System::Windows11 => (OsFamily::Windows, "Microsoft Windows 11 Enterprise", "10.0.26100"),
        System::Windows10 => (OsFamily::Windows, "Microsoft Windows 10 Pro", "10.0.19045"),
        System::WindowsServer => (OsFamily::Windows, "Microsoft Windows Server 2022 Standard", "10.0.20348"),
        System::Debian => (OsFamily::Linux, "Debian GNU/Linux", "12"),
        System::Ubuntu => (OsFamily::Linux, "Ubuntu", "24.04"),
    };
    let arch = if family == OsFamily::Linux { "amd64" } else { "x86_64" };
    let hash = fingerprint(&["machine", computer.hostname]);
    Machine {
        id: format!("{:016x}{hash:016x}", hash.rotate_left(23) ^ 0x5eed),
        hostname: computer.hostname.to_owned(),
        os: OperatingSystem { family, name: name.to_owned(), version: version.to_owned() },
        arch: arch.to_owned(),
    }
}

/// What a scan of a computer so many weeks ago read.
fn observations(computer: &Computer, weeks: u32) -> Vec<Observation> {
    let mut found = ordinary::titles(computer, weeks);
    for item in computer.has.iter().filter(|item| item.from >= weeks && item.until <= weeks) {
        found.extend(item.software.traces(item.form));
    }
    found.extend(security::of_system(computer.system));
    found
}

/// How each collector fared: complete, but for what a computer is said not to allow.
fn collectors(computer: &Computer, observations: &[Observation]) -> Vec<CollectorReport> {
    let mut counts: BTreeMap<ObservationSource, usize> = BTreeMap::new();
    for observation in observations {
        *counts.entry(observation.source).or_default() += 1;
    }
    let names: &[&str] = if computer.system.is_windows() {
        &["windows/uninstall", "windows/services", "windows/drivers", "windows/processes", "windows/install-folders"]
    } else {
        &[
            "linux/dpkg",
            "linux/rpm",
            "linux/systemd",
            "linux/kernel-modules",
            "linux/processes",
            "linux/install-folders",
        ]
    };
    let report = |name: &&str| {
        let shortfall = computer.shortfall.filter(|(collector, _, _)| collector == name);
        CollectorReport {
            name: (*name).to_owned(),
            status: shortfall.map_or(CollectorStatus::Complete, |(_, status, _)| status),
            reason: shortfall.map(|(_, _, reason)| reason.to_owned()),
            count: sources(name).iter().filter_map(|source| counts.get(source)).sum(),
        }
    };
    names.iter().map(report).collect()
}

/// The sources a collector accounts for, those of the made-up computers that no collector reads yet included.
fn sources(collector: &str) -> &'static [ObservationSource] {
    match collector {
        "windows/uninstall" => &[ObservationSource::Programs],
        "windows/services" => &[ObservationSource::Services],
        "windows/drivers" => &[ObservationSource::Drivers],
        "windows/processes" => &[ObservationSource::Processes],
        "windows/install-folders" => &[ObservationSource::Files],
        _ => sources_of(collector),
    }
}

/// A number that is the same for the same words on every machine: FNV-1a, mixed once more.
fn fingerprint(words: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in words.join("\u{1f}").bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ (hash >> 32)
}

fn to_i64(number: usize) -> i64 {
    i64::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use interdict_model::{Presence, VendorId};
    use interdict_store::DetectionFilter;

    use super::*;

    const NOW: &str = "2026-11-22T12:00:00Z";

    fn built() -> (Workbench, Store) {
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        let mut store = Store::open_in_memory().expect("opens");
        workbench.build_sample(&mut store, NOW).expect("builds");
        (workbench, store)
    }

    #[test]
    fn every_made_up_trace_is_identified_as_what_it_was_made_for() {
        let (_, store) = built();
        let rows = store.detections(&DetectionFilter::default()).expect("reads");
        for computer in COMPUTERS {
            for item in computer.has.iter().filter(|item| item.until == 0) {
                let found = rows.iter().find(|row| {
                    row.hostname == computer.hostname
                        && row
                            .detection
                            .product
                            .as_ref()
                            .is_some_and(|product| product.as_str() == item.software.product)
                });
                let found = found.unwrap_or_else(|| panic!("{} on {}", item.software.product, computer.hostname));
                assert_eq!(found.detection.presence, item.form, "{} on {}", item.software.product, computer.hostname);
            }
        }
        let presences: BTreeSet<Presence> = rows
            .iter()
            .filter(|row| row.detection.vendor.as_str() == "kaspersky")
            .map(|row| row.detection.presence)
            .collect();
        assert_eq!(presences.len(), 4, "all four presences are shown");
    }

    #[test]
    fn ordinary_titles_are_never_taken_for_a_restricted_vendors_products() {
        let (_, store) = built();
        let rows = store.detections(&DetectionFilter::default()).expect("reads");
        let made: BTreeSet<&str> = COMPUTERS
            .iter()
            .flat_map(|computer| computer.has)
            .map(|item| item.software.product)
            .chain(["microsoft.defender-av"])
            .collect();
        let catalogue = interdict_catalogue::builtin().0;
        let is_named = |vendor: &VendorId| {
            catalogue.restrictions_of(vendor).any(|restriction| {
                let scope = &restriction.scope;
                !(scope.vendors.is_empty() && scope.entities.is_empty() && scope.persons.is_empty())
            })
        };
        for row in rows.iter().filter(|row| is_named(&row.detection.vendor)) {
            if let Some(product) = &row.detection.product {
                assert!(made.contains(product.as_str()), "{product} on {}", row.hostname);
            }
        }
    }

    #[test]
    fn the_same_instant_gives_the_same_data() {
        let [(_, first), (_, second)] = [built(), built()];
        let told = |store: &Store| {
            let machines = store.machines().expect("reads");
            let software = store.software(None, None).expect("reads");
            let scans = store.scans().expect("reads");
            format!("{machines:?}{software:?}{scans:?}")
        };
        assert_eq!(told(&first), told(&second));
        let totals = first.totals().expect("reads");
        assert_eq!(totals.machines, 40);
        assert!(totals.titles >= 250, "{} titles", totals.titles);
        assert!(totals.last_scan.is_some_and(|last| last.starts_with("2026-11-22")));
    }

    #[test]
    fn a_stale_sample_is_built_anew_and_a_fresh_one_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sample.db");
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        let store = open_sample(&workbench, &path, NOW).expect("builds");
        let first = store.scans().expect("reads");
        drop(store);
        let store = open_sample(&workbench, &path, "2026-11-23T12:00:00Z").expect("opens");
        assert_eq!(store.scans().expect("reads"), first);
        drop(store);
        let store = open_sample(&workbench, &path, "2026-12-23T12:00:00Z").expect("builds anew");
        assert!(store.scans().expect("reads").last().is_some_and(|scan| scan.started.starts_with("2026-12-23")));
    }
}
