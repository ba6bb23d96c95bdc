//! Every fixture once more, with one of its files or folders spoilt: what a collector then misses, it says.
//!
//! This is a test over all collectors at once, so that a new one with a fixture is held to the same: a file that cannot be
//! read is never taken for one that is not there. Fixtures of other systems have names that Windows does not take.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use interdict_model::{CollectorReport, Observation, Probes, raw_key};

use crate::scan::Scan;
use crate::testing::{fixture, windows_fixture};
use crate::{FixtureHost, Host as _, Request, scan};

/// What is done to a file or folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spoilt {
    /// A device, pipe or socket stands there instead of a file. In the place of a folder it says that nothing is in it.
    Special,
    /// A link to itself stands there instead.
    Loop,
    /// The rights do not reach.
    Denied,
}

fn scanned(host: &FixtureHost, probes: &Probes) -> Scan {
    scan(host, &Request::of(probes), String::new(), "0.1.0", &mut |_| {}).expect("not cancelled")
}

/// What is said about how a scan went.
fn said(scan: &Scan) -> BTreeSet<String> {
    let reason = |report: &CollectorReport| format!("{:?} {}", report.status, report.reason.as_deref().unwrap_or(""));
    let reports = scan.header.collectors.iter().map(reason);
    reports.chain(scan.diagnostics.iter().map(ToString::to_string)).collect()
}

/// What was listed, whatever is known of its programs.
fn listed(scan: &Scan) -> Vec<Observation> {
    let of_programs =
        [raw_key::EXECUTABLE, raw_key::EXECUTABLE_EXISTS, raw_key::FILES_LISTED, raw_key::FILES_PRESENT, raw_key::KIND];
    let without = |one: &Observation| {
        let mut one = Observation { install_location: None, path: None, ..one.clone() };
        one.raw.retain(|key, _| !of_programs.contains(&key.as_str()));
        one
    };
    scan.observations.iter().map(without).collect()
}

/// What may be missed in silence: the numbers of accounts on macOS, which only root may read.
fn is_left_out(path: &str, spoilt: Spoilt) -> bool {
    spoilt == Spoilt::Denied && path.starts_with("/private/var/db/dslocal")
}

fn fixtures() -> Vec<(String, FixtureHost)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let below = |folder: &Path| -> Vec<String> {
        let entries = fs::read_dir(folder).expect("listed").map(|entry| entry.expect("listed"));
        let folders = entries.filter(|entry| entry.path().is_dir());
        folders.map(|entry| entry.file_name().to_str().expect("text").to_owned()).collect()
    };
    let mut all = Vec::new();
    for family in ["linux", "macos", "windows"] {
        for collector in below(&root.join(family)) {
            for name in below(&root.join(family).join(&collector)) {
                let of = format!("{family}/{collector}");
                let host = if family == "windows" { windows_fixture(&of, &name) } else { fixture(&of, &name) };
                all.push((format!("{of}/{name}"), host));
            }
        }
    }
    all
}

#[test]
fn what_cannot_be_read_is_never_taken_for_what_is_not_there() {
    let mut silent = Vec::new();
    for (name, host) in fixtures() {
        let names = |one: &Observation| one.name.clone();
        let packages = scanned(&host, &Probes::default()).observations.iter().filter_map(names).collect();
        let probes = Probes { packages, ..Probes::default() };
        let sound = scanned(&host, &probes);
        for path in host.paths() {
            let is_file = host.look(&path).is_ok_and(|found| found.kind.is_file());
            for spoilt in [Spoilt::Special, Spoilt::Loop, Spoilt::Denied] {
                if spoilt == Spoilt::Special && !is_file {
                    continue;
                }
                let host = match spoilt {
                    Spoilt::Special => host.clone().without(&path).special(&path),
                    Spoilt::Loop => host.clone().without(&path).link(&path, &path),
                    Spoilt::Denied => host.clone().unreadable(&path),
                };
                let scan = scanned(&host, &probes);
                let is_same = match spoilt {
                    // A pipe in the place of a program was looked at, and is none.
                    Spoilt::Special => listed(&scan) == listed(&sound),
                    Spoilt::Loop | Spoilt::Denied => scan.observations == sound.observations,
                };
                let is_same = is_same && scan.header.machine == sound.header.machine;
                if !is_same && !is_left_out(&path, spoilt) && said(&scan).is_subset(&said(&sound)) {
                    silent.push(format!("{name}: {spoilt:?} {path}"));
                }
            }
        }
    }
    assert!(silent.is_empty(), "{} are missed in silence:\n{}", silent.len(), silent.join("\n"));
}
