//! A whole scan: every collector in turn.

use interdict_model::{
    CollectorReport, CollectorStatus, Diagnostic, Fault, Location, Observation, OsFamily, ScanHeader,
};

use crate::any::is_sweep;
use crate::collector::{Collected, Collector, NeedsSystem, Request};
use crate::collectors;
use crate::host::{Host, HostError};
use crate::machine::machine;
use crate::registry::Registry;
use crate::windows::NO_SECURITY_CENTER;

/// The code of the diagnostic that says how much was hidden from the user a machine was read as.
pub(crate) const HIDDEN: &str = "collect/hidden";
/// What no collector reads yet, so that nobody takes silence for a clean bill.
const NOT_READ_ON_LINUX: &str = "Not read by this version on Linux: Portage, Nix and Guix packages, packages of programming \
    languages, key stores of Java, and what lies inside containers and disk images.";
/// What is not looked for unless a person asks for it.
const NOT_SWEPT: &str = "Programs that nothing registers: not looked for (ask with --sweep DIR).";

/// The same on macOS.
const NOT_READ_ON_MACOS: &str = "Not read by this version on macOS: login items and other background items that only the \
    system's own database names (BackgroundItems), keychains of users, certificates that Firefox keeps for itself, \
    MacPorts packages, and applications outside the folders for them.";

/// The same on Windows.
const NOT_READ_ON_WINDOWS: &str = "Not read by this version on Windows: where links in startup folders and on desktops \
    lead, task files of Windows before Vista, the packages that drivers came in, what Windows remembers while it runs, \
    certificates that Firefox keeps for itself, earlier installations and restore points, and programs that no key, \
    package, service, task or known folder accounts for.";

/// Why a system that does not run has no processes.
const NOTHING_RUNS: &str = "a mounted system runs no processes";

/// What a scan brought back: the lines of a scan file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// The first line: who was looked at, with which probes, and how each collector fared.
    pub header: ScanHeader,
    /// What was read, in the order of the collectors.
    pub observations: Vec<Observation>,
    /// What looks wrong in it.
    pub diagnostics: Vec<Diagnostic>,
}

/// How far a scan is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanProgress {
    /// A collector begins.
    Started {
        /// Its name.
        collector: &'static str,
        /// Which one it is, from 0.
        index: usize,
        /// How many there are.
        of: usize,
    },
    /// A collector is done.
    Finished {
        /// How it went.
        report: CollectorReport,
    },
}

/// Why a scan was not finished; what it had read so far is dropped, since half a scan looks like a clean machine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Interrupted {
    /// The person cancelled it.
    #[error("the scan was cancelled")]
    Cancelled,
    /// The machine broke off.
    #[error(transparent)]
    Lost(HostError),
}

impl Fault for Interrupted {
    fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "collect/cancelled",
            Self::Lost(error) => error.code(),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Cancelled => None,
            Self::Lost(error) => error.hint(),
        }
    }
}

/// Runs every collector that knows the host's kind of system. `started` is the instant to write down (RFC 3339, UTC);
/// whether to stop is asked after each collector.
pub fn scan(
    host: &dyn Host,
    request: &Request<'_>,
    started: String,
    tool_version: &str,
    progress: &mut dyn FnMut(ScanProgress),
) -> Result<Scan, Interrupted> {
    let mut observations = Vec::new();
    let mut diagnostics = Vec::new();
    let mut reports = Vec::new();
    let family = host.os_family();
    let collectors = collectors_of(host, request);
    for (index, collector) in collectors.iter().enumerate() {
        progress(ScanProgress::Started { collector: collector.name(), index, of: collectors.len() });
        let (mut collected, count) = run(*collector, host, family, request, &mut observations);
        // Asked after each, since a collector that was told to stop brings back half of what is there.
        finished(host, request)?;
        let report = CollectorReport {
            name: collector.name().to_owned(),
            status: collected.status,
            reason: collected.reason,
            count,
        };
        if observations.is_empty() {
            observations = collected.observations;
        } else {
            observations.append(&mut collected.observations);
        }
        diagnostics.append(&mut collected.diagnostics);
        reports.push(report.clone());
        progress(ScanProgress::Finished { report });
    }
    let (machine, unread) = machine(host, family, &observations);
    diagnostics.extend(unread);
    finished(host, request)?;
    diagnostics.extend(hidden(host));
    diagnostics.extend(host.registry().map(Registry::diagnostics).unwrap_or_default());
    let header = ScanHeader {
        schema: ScanHeader::SCHEMA.to_owned(),
        machine,
        started,
        probes: request.probes.stamp(),
        swept: swept(&reports, request),
        collectors: reports,
        read_as: Some(host.describe_user()),
        tool_version: tool_version.to_owned(),
    };
    Ok(Scan { header, observations, diagnostics })
}

/// Whether what was read since the last time was read to its end.
fn finished(host: &dyn Host, request: &Request<'_>) -> Result<(), Interrupted> {
    if (request.cancelled)() {
        return Err(Interrupted::Cancelled);
    }
    host.lost().map_or(Ok(()), |error| Err(Interrupted::Lost(error)))
}

/// What the rights did not reach, in one line.
fn hidden(host: &dyn Host) -> Option<Diagnostic> {
    let things = match host.hidden() {
        0 => return None,
        1 => "1 thing was".to_owned(),
        more => format!("{more} things were"),
    };
    let message = match host.describe_user().as_str() {
        "root" => format!("read as root, and {things} hidden all the same"),
        user => format!("read as {user}, not as root: {things} hidden"),
    };
    Some(Diagnostic::warning(HIDDEN, message).at(Location::file(host.label())))
}

/// The collectors that know a kind of system, running or not; where there is none, all of them, to say that nothing was
/// looked at.
///
/// Folders are only searched where a person names them.
fn collectors_of(host: &dyn Host, request: &Request<'_>) -> Vec<&'static dyn Collector> {
    let family = host.os_family();
    let knows = |collector: &&dyn Collector| family.is_none_or(|family| collector.needs().os.contains(&family));
    let is_asked_for = |collector: &&dyn Collector| request.sweep.is_some() || !is_sweep(collector.name());
    let is_possible = |collector: &&dyn Collector| !(host.is_live() && collector.needs().system == NeedsSystem::Still);
    collectors().filter(knows).filter(is_asked_for).filter(is_possible).collect()
}

/// The folders that were searched as a whole.
fn swept(reports: &[CollectorReport], request: &Request<'_>) -> Vec<String> {
    let mut sweeps = reports.iter().filter(|report| is_sweep(&report.name));
    let is_complete = sweeps.any(|report| report.status == CollectorStatus::Complete);
    request.sweep.filter(|_| is_complete).map(|sweep| sweep.folders.clone()).unwrap_or_default()
}

/// Runs a collector: what it brought back, and how many observations it made or completed.
fn run(
    collector: &dyn Collector,
    host: &dyn Host,
    family: Option<OsFamily>,
    request: &Request<'_>,
    earlier: &mut [Observation],
) -> (Collected, usize) {
    let needs = collector.needs();
    let collected = match family {
        None => Collected::not_possible(format!("there is no operating system at {}", host.label())),
        Some(_) if needs.system == NeedsSystem::Running && !host.is_live() => Collected::not_possible(NOTHING_RUNS),
        Some(_) => {
            if let Some(completed) = collector.complete(host, request, earlier) {
                return completed;
            }
            let passed_over = || host.registry().map(Registry::take_shortfalls).unwrap_or_default();
            // What was passed over before is not this collector's.
            drop(passed_over());
            let collected = collector.collect(host, request);
            collected.without(passed_over())
        }
    };
    let count = collected.observations.len();
    (collected, count)
}

/// Whether a collector that was not possible says that there is nothing of its kind to be found: a system that does not
/// run has no processes, a server no Security Center. Anything else that was not possible leaves the question open.
#[must_use]
pub fn rules_out(report: &CollectorReport) -> bool {
    report.status == CollectorStatus::NotPossible
        && report.reason.as_deref().is_some_and(|reason| [NOTHING_RUNS, NO_SECURITY_CENTER].contains(&reason))
}

/// What a scan did not look at, in sentences for people: each collector that did not read everything, and what no
/// collector of this version reads.
#[must_use]
pub fn not_looked_at(reports: &[CollectorReport]) -> Vec<String> {
    if let Some(reason) = one_reason(reports) {
        return vec![format!("Nothing was looked at: {reason}.")];
    }
    let mut sentences: Vec<String> = reports.iter().filter_map(shortfall).collect();
    if !reports.iter().any(|report| is_sweep(&report.name)) {
        sentences.push(NOT_SWEPT.to_owned());
    }
    if reports.iter().any(|report| report.name.starts_with("linux/")) {
        sentences.push(NOT_READ_ON_LINUX.to_owned());
    }
    if reports.iter().any(|report| report.name.starts_with("windows/")) {
        sentences.push(NOT_READ_ON_WINDOWS.to_owned());
    }
    if reports.iter().any(|report| report.name.starts_with("macos/")) {
        sentences.push(NOT_READ_ON_MACOS.to_owned());
    }
    sentences
}

/// The reason why nothing at all was looked at, where there is but one.
fn one_reason(reports: &[CollectorReport]) -> Option<&str> {
    let reason = reports.first()?.reason.as_deref()?;
    let is_it = |report: &CollectorReport| {
        report.status == CollectorStatus::NotPossible && report.reason.as_deref() == Some(reason)
    };
    (reports.len() > 1 && reports.iter().all(is_it)).then_some(reason)
}

fn shortfall(report: &CollectorReport) -> Option<String> {
    let how = match report.status {
        CollectorStatus::Complete => return None,
        CollectorStatus::Partial => "only partly looked at",
        CollectorStatus::NotPossible => "not looked at",
        CollectorStatus::Failed => "not looked at, which should have worked",
    };
    let what = crate::collector(&report.name).map_or(report.name.as_str(), |collector| collector.looks_at());
    let mut sentence = what.to_owned();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let reason = report.reason.as_deref().unwrap_or("no reason was given");
    Some(format!("{sentence}: {how} ({reason})."))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{FixtureHost, MapRegistry};
    use interdict_model::Probes;
    use std::cell::Cell;

    const STATUS: &str = "/var/lib/dpkg/status";

    pub(crate) fn quiet(host: &dyn Host) -> Scan {
        let probes = Probes::default();
        let started = "2026-11-22T00:00:00Z".to_owned();
        scan(host, &Request::of(&probes), started, "0.1.0", &mut |_| {}).expect("not cancelled")
    }

    #[test]
    fn only_the_collectors_of_the_kind_of_system_are_run() {
        for (host, family) in [
            (FixtureHost::new(), "linux/"),
            (FixtureHost::windows(MapRegistry::default()), "windows/"),
            (FixtureHost::macos(), "macos/"),
        ] {
            for report in quiet(&host).header.collectors {
                assert!(report.name.starts_with(family) || report.name.starts_with("any/"), "{}", report.name);
            }
        }
    }

    #[test]
    fn folders_are_only_searched_where_a_person_names_them() {
        let host =
            FixtureHost::new().file("/media/stick/tool", [b"\x7fELF\x02\x01".as_slice(), &[0; 10], &[2, 0]].concat());
        let is_said = |scan: &Scan| not_looked_at(&scan.header.collectors).iter().any(|sentence| sentence == NOT_SWEPT);
        let without = quiet(&host);
        assert!(is_said(&without) && without.header.swept.is_empty() && without.observations.is_empty());
        let (probes, limit) = (Probes::default(), std::time::Duration::from_mins(1));
        for (folder, swept) in [("/media", vec!["/media".to_owned()]), ("/none", Vec::new())] {
            let sweep = crate::Sweep { folders: vec![folder.to_owned()], bytes: 1 << 20, time: limit };
            let request = Request { sweep: Some(&sweep), ..Request::of(&probes) };
            let scan = scan(&host, &request, String::new(), "0.1.0", &mut |_| {}).expect("not cancelled");
            assert_eq!((scan.header.swept.clone(), scan.observations.len()), (swept.clone(), swept.len()));
            assert!(!is_said(&scan));
        }
    }

    #[test]
    fn a_scan_says_who_was_looked_at_and_how() {
        let host = FixtureHost::new()
            .file("/etc/machine-id", "0123456789abcdef0123456789abcdef\n")
            .file("/etc/hostname", "web-01\n")
            .file("/etc/os-release", "NAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n")
            .file(
                STATUS,
                "Package: a\nArchitecture: amd64\nVersion: 1\n\nPackage: b\nArchitecture: all\nVersion: 1\n\n",
            );
        let mut scan = quiet(&host);
        scan.header.collectors.truncate(1);
        assert_eq!(
            serde_json::to_string_pretty(&scan.header).expect("serialises"),
            include_str!("../fixtures/scan/header.json").trim_end()
        );
        assert_eq!(scan.observations.len(), 2);
    }

    #[test]
    fn a_machine_without_an_id_goes_by_its_name_or_its_place() {
        let table = [
            (FixtureHost::new().file("/etc/hostname", "web-01\n"), "hostname:web-01"),
            (FixtureHost::new().file("/etc/machine-id", "uninitialized\n"), "root:fixture"),
            (FixtureHost::new().running(Vec::new()), "hostname:fixture"),
        ];
        for (host, expected) in table {
            assert_eq!(quiet(&host).header.machine.id, expected);
        }
    }

    #[test]
    fn the_architecture_is_dpkgs_or_that_of_most_packages() {
        let packages = "Package: a\nArchitecture: i386\nVersion: 1\n\nPackage: b\nArchitecture: arm64\nVersion: 1\n\n\
            Package: c\nArchitecture: arm64\nVersion: 1\n\n";
        let host = FixtureHost::new().file(STATUS, packages);
        assert_eq!(quiet(&host).header.machine.arch, "arm64");
        assert_eq!(quiet(&host.file("/var/lib/dpkg/arch", "amd64\ni386\n")).header.machine.arch, "amd64");
        assert_eq!(quiet(&FixtureHost::new()).header.machine.arch, "unknown");
        let apk = FixtureHost::new()
            .file("/lib/apk/db/installed", "P:a\nV:1\nA:noarch\n\nP:b\nV:1\nA:noarch\n\nP:c\nV:1\nA:armv7\n\n");
        assert_eq!(quiet(&apk).header.machine.arch, "armv7");
    }

    #[test]
    fn a_folder_that_is_no_system_is_never_clean() {
        let folder = tempfile::tempdir().expect("a folder");
        let host = crate::RootedHost::open(folder.path()).expect("a folder");
        let scan = quiet(&host);
        assert!(scan.header.collectors.iter().all(|report| report.status == CollectorStatus::NotPossible));
        let sentences = not_looked_at(&scan.header.collectors);
        assert_eq!(sentences.len(), 1);
        assert!(sentences[0].starts_with("Nothing was looked at: there is no operating system at "), "{sentences:?}");
    }

    #[test]
    fn what_was_not_looked_at_is_said_in_sentences() {
        let host = FixtureHost::new().file(STATUS, "").unreadable(STATUS);
        let sentences = not_looked_at(&quiet(&host).header.collectors);
        assert_eq!(sentences[0], "Debian packages: not looked at (/var/lib/dpkg/status may not be read as uid 65534).");
        let processes = "Running processes: not looked at (a mounted system runs no processes).";
        assert!(sentences.iter().any(|sentence| sentence == processes), "{sentences:?}");
    }

    #[test]
    fn progress_is_told_and_a_cancelled_scan_stops_after_the_collector() {
        let mut told = Vec::new();
        let asked = Cell::new(0);
        let cancelled = || {
            asked.set(asked.get() + 1);
            asked.get() > 1
        };
        let probes = Probes::default();
        let request = Request { cancelled: &cancelled, ..Request::of(&probes) };
        let tell = &mut |progress| told.push(progress);
        assert_eq!(
            scan(&FixtureHost::new(), &request, String::new(), "0.1.0", tell).map(|_| ()).map_err(|error| error.code()),
            Err("collect/cancelled")
        );
        let of = collectors_of(&FixtureHost::new(), &request).len();
        assert_eq!(told[0], ScanProgress::Started { collector: "linux/dpkg", index: 0, of });
        assert!(matches!(&told[1], ScanProgress::Finished { report } if report.name == "linux/dpkg"));
        assert!(matches!(&told[2..], [ScanProgress::Started { index: 1, .. }]), "{told:?}");
    }

    #[test]
    fn every_code_stands_once_and_names_this_crate() {
        let mut codes: Vec<_> = crate::DIAGNOSTIC_CODES.iter().map(|(code, _)| *code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), crate::DIAGNOSTIC_CODES.len());
        assert!(codes.iter().all(|code| code.starts_with("collect/")));
    }
}
