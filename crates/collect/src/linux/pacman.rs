//! pacman packages (Arch and its kin): one folder for each in the local database.
//!
//! The database is looked for where pacman keeps it and where its configuration says. Files are checked only for the
//! packages that the probes name. Databases of repositories and the cache of packages are not read: they say what could
//! be installed.

use std::collections::BTreeSet;

use interdict_formats::pacman;
use interdict_model::ObservationSource;

use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::{EntryKind, Host, HostError};
use crate::linux::{LINUX_FILES, MOST_ENTRIES, SMALL_FILE, package_files};

/// Where pacman keeps its databases.
const DATABASES: &str = "/var/lib/pacman";
const CONFIGURATION: &str = "/etc/pacman.conf";
/// How large a list of files may be.
const LARGEST_LIST: u64 = 64 << 20;

/// Reads pacman packages.
pub(crate) struct Pacman;

impl Collector for Pacman {
    fn name(&self) -> &'static str {
        "linux/pacman"
    }

    fn looks_at(&self) -> &'static str {
        "Arch packages"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::PacmanPackages]
    }

    fn needs(&self) -> Needs {
        LINUX_FILES
    }

    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        let configuration = gathering.ok(host.read(CONFIGURATION, SMALL_FILE)).unwrap_or_default();
        let elsewhere = pacman::parse_database_path(&configuration);
        let mut seen = Vec::new();
        for databases in [Some(DATABASES.to_owned()), elsewhere].into_iter().flatten() {
            let folder = format!("{databases}/local");
            let Some(place) = gathering.ok(host.canonical(&folder)) else { continue };
            if !seen.contains(&place) {
                read_folder(host, &folder, &request.probes.packages, &mut gathering);
                seen.push(place);
            }
        }
        gathering.finish()
    }
}

fn read_folder(host: &dyn Host, folder: &str, with_files: &BTreeSet<String>, gathering: &mut Gathering) {
    let Some(entries) = gathering.ok(host.list(folder, MOST_ENTRIES)) else { return };
    gathering.has_read();
    for entry in entries.iter().filter(|entry| matches!(entry.kind, EntryKind::Folder | EntryKind::Link)) {
        read_package(host, &format!("{folder}/{}", entry.name), with_files, gathering);
    }
}

fn read_package(host: &dyn Host, folder: &str, with_files: &BTreeSet<String>, gathering: &mut Gathering) {
    let path = format!("{folder}/desc");
    let bytes = match host.read(&path, SMALL_FILE) {
        Ok(bytes) => bytes,
        // pacman makes the folder first: an installation that broke off leaves one without a description.
        Err(HostError::NotFound { .. }) => {
            gathering.shortfall(Cause::Broken, format!("{path} does not exist, so nothing is known of that package"));
            return;
        }
        Err(error) => {
            gathering.failed(&error);
            return;
        }
    };
    let (observation, diagnostics) = pacman::parse_description(&bytes, &path);
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.code == pacman::code::TRUNCATED) {
        gathering.shortfall(Cause::Broken, format!("{path}: {}", diagnostic.message));
    }
    gathering.diagnostics.extend(diagnostics);
    let Some(mut observation) = observation else { return };
    if observation.name.as_ref().is_some_and(|name| with_files.contains(name)) {
        let list = format!("{folder}/files");
        if let Some(bytes) = gathering.ok(host.read(&list, LARGEST_LIST)) {
            let (files, diagnostics) = pacman::parse_file_list(&bytes, &list);
            gathering.diagnostics.extend(diagnostics);
            package_files::check(host, &files, &mut observation, gathering);
        }
    }
    gathering.observations.push(observation);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, probes, rows};
    use interdict_model::{CollectorStatus, raw_key};

    fn collect(host: &FixtureHost, packages: &[&str]) -> Collected {
        Pacman.collect(host, &Request::of(&probes(|probes| &mut probes.packages, packages)))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            let of = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
            format!("{} {} {}", of(&one.name), of(&one.version), of(&one.install_date))
        })
    }

    #[test]
    fn each_fixture_yields_what_it_is_named_for() {
        let table: [(&str, &[&str], CollectorStatus); 3] = [
            ("no-version", &["agent - -", "gawk 5.3.1-1 2024-12-01T00:04:03Z"], CollectorStatus::Partial),
            ("broken-off", &["gawk 5.3.1-1 2024-12-01T00:04:03Z"], CollectorStatus::Partial),
            ("moved", &["gawk 5.3.1-1 2024-12-01T00:04:03Z"], CollectorStatus::Complete),
        ];
        for (name, expected, status) in table {
            let collected = collect(&fixture("linux/pacman", name), &[]);
            assert_eq!(found(&collected), expected, "{name}");
            assert_eq!(collected.status, status, "{name}: {:?}", collected.reason);
        }
    }

    #[test]
    fn a_package_without_a_description_is_named() {
        let reason = collect(&fixture("linux/pacman", "broken-off"), &[]).reason.expect("partial");
        assert!(reason.starts_with("/var/lib/pacman/local/agent-2-1/desc does not exist"), "{reason}");
    }

    #[test]
    fn no_database_is_complete_and_an_unreadable_one_is_not() {
        assert_eq!(collect(&FixtureHost::new().folder("/etc"), &[]).status, CollectorStatus::Complete);
        assert_eq!(collect(&FixtureHost::new().folder("/var/lib/pacman/local"), &[]).status, CollectorStatus::Complete);
        let host = fixture("linux/pacman", "broken-off");
        let hidden = collect(&host.unreadable("/var/lib/pacman/local"), &[]);
        assert_eq!(hidden.status, CollectorStatus::NotPossible);
    }

    #[test]
    fn files_are_checked_for_probed_packages_only() {
        let host = fixture("linux/pacman", "moved").executable("/usr/bin/gawk");
        let counts = |collected: &Collected| {
            rows(collected, |one| format!("{:?} {:?}", one.raw(raw_key::FILES_LISTED), one.raw(raw_key::EXECUTABLE)))
        };
        assert_eq!(counts(&collect(&host, &[])), ["None None"]);
        assert_eq!(counts(&collect(&host, &["gawk"])), [r#"Some("2") Some("/usr/bin/gawk")"#]);
    }
}
