//! Debian packages: the status database of dpkg, or the single files that images without dpkg keep instead; and those of
//! opkg (OpenWrt, Yocto), whose database has the same form.
//!
//! Every record is kept, whatever its status: a package that was removed but not purged is a trace. Files are checked
//! only for the packages that the probes name.

use std::collections::BTreeSet;

use interdict_formats::dpkg::{self, StatusReader};
use interdict_model::{Diagnostic, Observation, ObservationSource};

use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::{Entry, EntryKind, Host, HostError};
use crate::linux::{LINUX_FILES, MOST_ENTRIES, package_files};

/// A database and the folder with the lists of files.
struct Database {
    status: &'static str,
    info: &'static str,
}

/// One file for each package, in images without dpkg ("distroless").
const STATUS_FOLDER: &str = "/var/lib/dpkg/status.d";
/// What the checksums of a package's files end with, in that folder.
const CHECKSUMS: &str = ".md5sums";
/// How large the database may be: ten times that of a system with every package of Debian.
const LARGEST_STATUS: u64 = 1 << 30;
/// How large a list of files may be.
const LARGEST_LIST: u64 = 64 << 20;

/// Reads Debian packages, or those of opkg.
pub(crate) struct Dpkg {
    name: &'static str,
    looks_at: &'static str,
    databases: &'static [Database],
    /// The folder with a file for each package, where there may be one.
    status_folder: Option<&'static str>,
}

impl Dpkg {
    /// dpkg.
    pub(crate) const DPKG: Self = Self {
        name: "linux/dpkg",
        looks_at: "Debian packages",
        databases: &[Database { status: "/var/lib/dpkg/status", info: "/var/lib/dpkg/info" }],
        status_folder: Some(STATUS_FOLDER),
    };
    /// opkg, with the places of OpenWrt, of Yocto, and of packages beside the system's own (Entware).
    pub(crate) const OPKG: Self = Self {
        name: "linux/opkg",
        looks_at: "opkg packages",
        databases: &[
            Database { status: "/usr/lib/opkg/status", info: "/usr/lib/opkg/info" },
            Database { status: "/var/lib/opkg/status", info: "/var/lib/opkg/info" },
            Database { status: "/opt/lib/opkg/status", info: "/opt/lib/opkg/info" },
        ],
        status_folder: None,
    };
}

impl Collector for Dpkg {
    fn name(&self) -> &'static str {
        self.name
    }

    fn looks_at(&self) -> &'static str {
        self.looks_at
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::DebPackages]
    }

    fn needs(&self) -> Needs {
        LINUX_FILES
    }

    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected {
        let probes = request.probes;
        let mut gathering = Gathering::default();
        let mut seen = Vec::new();
        for database in self.databases {
            // One place may be a link to the other.
            let Some(place) = gathering.ok(host.canonical(database.status)) else { continue };
            if !seen.contains(&place) {
                read_status(host, database.status, Some(database.info), &mut gathering);
                seen.push(place);
            }
        }
        if let Some(folder) = self.status_folder {
            let entries = gathering.ok(host.list(folder, MOST_ENTRIES)).unwrap_or_default();
            let is_status = |entry: &&Entry| entry.kind != EntryKind::Folder && !entry.name.ends_with(CHECKSUMS);
            for entry in entries.iter().filter(is_status) {
                read_status(host, &format!("{folder}/{}", entry.name), None, &mut gathering);
            }
        }
        self.check_files(host, &probes.packages, &mut gathering);
        gathering.finish()
    }
}

fn read_status(host: &dyn Host, path: &str, info: Option<&str>, gathering: &mut Gathering) {
    let Some(found) = gathering.ok(host.look(path)) else { return };
    let mut reader = StatusReader::new(path, usize::try_from(found.size).unwrap_or_default());
    let read = host.read_pieces(path, LARGEST_STATUS, &mut |piece| reader.feed(piece));
    let (observations, diagnostics) = reader.finish();
    let was_read = gathering.ok(read).is_some();
    if was_read {
        gathering.has_read();
    }
    let is_gap = |diagnostic: &&Diagnostic| {
        [dpkg::code::TRUNCATED, dpkg::code::RECORD_TOO_LONG].contains(&diagnostic.code.as_ref())
    };
    for diagnostic in diagnostics.iter().filter(is_gap) {
        gathering.shortfall(Cause::Broken, format!("{path}: {}, later packages may be missing", diagnostic.message));
    }
    // dpkg never leaves its database empty once a package was installed; a crash while it is written does.
    if let Some(info) = info.filter(|_| was_read && found.size == 0)
        && host
            .list(info, MOST_ENTRIES)
            .is_ok_and(|entries| entries.iter().any(|entry| entry.name.strip_suffix(".list").is_some()))
    {
        gathering.shortfall(Cause::Broken, format!("{path} is empty though {info} has lists of packages' files"));
    }
    gathering.diagnostics.extend(diagnostics);
    if gathering.observations.is_empty() {
        gathering.observations = observations;
    } else {
        gathering.observations.extend(observations);
    }
}

impl Dpkg {
    fn check_files(&self, host: &dyn Host, packages: &BTreeSet<String>, gathering: &mut Gathering) {
        if packages.is_empty() {
            return;
        }
        let mut observations = std::mem::take(&mut gathering.observations);
        for observation in &mut observations {
            if !observation.name.as_ref().is_some_and(|name| packages.contains(name)) {
                continue;
            }
            let path = observation.path.clone().unwrap_or_default();
            match self.databases.iter().find(|database| database.status == path) {
                Some(database) => check_listed(host, database.info, observation, gathering),
                None => check_by_checksums(host, &path, observation, gathering),
            }
        }
        gathering.observations = observations;
    }
}

/// Checks the files that a list beside the database names.
fn check_listed(host: &dyn Host, info: &str, observation: &mut Observation, gathering: &mut Gathering) {
    let name = observation.name.as_deref().unwrap_or_default();
    // Packages that may be installed for several architectures at once have the architecture in the name.
    let arch = observation.arch.as_deref().unwrap_or_default();
    let lists = [format!("{info}/{name}.list"), format!("{info}/{name}:{arch}.list")];
    // dpkg itself takes a package whose list is missing to have no files.
    let is_missing = |list: &String| matches!(host.look(list), Err(HostError::NotFound { .. }));
    if lists.iter().all(is_missing) {
        package_files::check(host, &[], observation, gathering);
        return;
    }
    for list in lists {
        let Some(bytes) = gathering.ok(host.read(&list, LARGEST_LIST)) else { continue };
        let (files, diagnostics) = dpkg::parse_file_list(&bytes, &list);
        gathering.diagnostics.extend(diagnostics);
        package_files::check(host, &files, observation, gathering);
        break;
    }
}

/// Checks the files whose checksums lie beside a package's own file; without them nothing is known of its files.
fn check_by_checksums(host: &dyn Host, path: &str, observation: &mut Observation, gathering: &mut Gathering) {
    let list = format!("{path}{CHECKSUMS}");
    let Some(bytes) = gathering.ok(host.read(&list, LARGEST_LIST)) else { return };
    let (files, diagnostics) = dpkg::parse_checksums(&bytes, &list);
    gathering.diagnostics.extend(diagnostics);
    package_files::check(host, &files, observation, gathering);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, probes, rows};
    use interdict_model::Probes;
    use interdict_model::{CollectorStatus, raw_key};

    const STATUS: &str = "/var/lib/dpkg/status";

    fn collect(host: &FixtureHost) -> Collected {
        Dpkg::DPKG.collect(host, &Request::of(&Probes::default()))
    }

    #[test]
    fn each_fixture_yields_what_it_is_named_for() {
        let table: [(&str, &[&str], CollectorStatus); 8] = [
            ("no-version", &["kesl - -", "nano 7.2-1 -"], CollectorStatus::Complete),
            ("no-publisher", &["kesl 12.1.0-1508 -"], CollectorStatus::Complete),
            ("deinstalled", &["kesl 12.1.0-1508 deinstall ok config-files"], CollectorStatus::Complete),
            ("half-installed", &["kesl 12.1.0-1508 install reinstreq half-installed"], CollectorStatus::Complete),
            ("crlf", &["kesl 12.1.0-1508 -", "nano 7.2-1 -"], CollectorStatus::Complete),
            ("truncated", &["nano 7.2-1 -", "kesl - -"], CollectorStatus::Partial),
            ("status-d", &["base-files 12.4 -", "tzdata 2024a -"], CollectorStatus::Complete),
            ("nameless", &["nano 7.2-1 -"], CollectorStatus::Complete),
        ];
        for (name, expected, status) in table {
            let collected = collect(&fixture("linux/dpkg", name));
            let found = rows(&collected, |one| {
                format!(
                    "{} {} {}",
                    one.name.as_deref().unwrap_or("-"),
                    one.version.as_deref().unwrap_or("-"),
                    one.raw(raw_key::STATUS).unwrap_or("-")
                )
            });
            assert_eq!(found, expected, "{name}");
            assert_eq!(collected.status, status, "{name}: {:?}", collected.reason);
        }
    }

    #[test]
    fn a_cut_database_is_named_with_its_path() {
        let reason = collect(&fixture("linux/dpkg", "truncated")).reason.expect("partial");
        assert!(reason.starts_with("/var/lib/dpkg/status: the file ends in the middle of a line"), "{reason}");
    }

    #[test]
    fn no_database_is_complete_and_an_unreadable_one_is_not() {
        let none = collect(&FixtureHost::new().folder("/etc"));
        assert_eq!((none.status, none.reason), (CollectorStatus::Complete, None));
        let hidden = collect(&fixture("linux/dpkg", "crlf").unreadable("/var/lib/dpkg/status"));
        assert_eq!(hidden.status, CollectorStatus::NotPossible);
        assert_eq!(hidden.reason.as_deref(), Some("/var/lib/dpkg/status may not be read as uid 65534"));
        let folder = collect(&fixture("linux/dpkg", "crlf").unreadable("/var/lib/dpkg"));
        assert_eq!(folder.status, CollectorStatus::NotPossible);
        let one_of_two = collect(&fixture("linux/dpkg", "status-d").unreadable("/var/lib/dpkg/status.d/tzdata"));
        assert_eq!((one_of_two.status, one_of_two.observations.len()), (CollectorStatus::Partial, 1));
    }

    #[test]
    fn an_emptied_database_is_noticed() {
        let host = FixtureHost::new().file(STATUS, "").file("/var/lib/dpkg/info/kesl.list", "/.\n");
        let collected = collect(&host);
        assert_eq!(collected.status, CollectorStatus::Partial);
        assert_eq!(collect(&FixtureHost::new().file(STATUS, "")).status, CollectorStatus::Complete);
    }

    #[test]
    fn files_are_checked_for_probed_packages_only() {
        let host = fixture("linux/dpkg", "files");
        let collected = Dpkg::DPKG
            .collect(&host, &Request::of(&probes(|probes| &mut probes.packages, &["kesl", "klnagent", "gone"])));
        let of = |one: &Observation, key| one.raw(key).unwrap_or("-").to_owned();
        let found = rows(&collected, |one| {
            format!(
                "{} {} {} {}",
                one.name.as_deref().unwrap_or("-"),
                of(one, raw_key::FILES_LISTED),
                of(one, raw_key::FILES_PRESENT),
                of(one, raw_key::EXECUTABLE)
            )
        });
        assert_eq!(
            found,
            ["kesl 3 2 /opt/kaspersky/kesl/bin/kesl-control", "klnagent 1 0 -", "gone 0 0 -", "nano - - -"]
        );
    }

    #[test]
    fn files_of_packages_without_dpkg_are_checked_by_their_checksums() {
        let host = fixture("linux/dpkg", "status-d").file("/usr/share/zoneinfo/UTC", "");
        let request = probes(|probes| &mut probes.packages, &["tzdata", "base-files"]);
        let collected = Dpkg::DPKG.collect(&host, &Request::of(&request));
        let found = rows(&collected, |one| {
            format!("{:?} {:?}", one.raw(raw_key::FILES_LISTED), one.raw(raw_key::FILES_PRESENT))
        });
        assert_eq!(found, ["None None", r#"Some("2") Some("1")"#]);
        assert_eq!((collected.status, collected.reason), (CollectorStatus::Complete, None));
    }

    #[test]
    fn packages_of_opkg_are_read_from_all_its_places() {
        let host = fixture("linux/opkg", "two-places").link("/var/lib/opkg", "../../usr/lib/opkg");
        let request = probes(|probes| &mut probes.packages, &["agent"]);
        let collected = Dpkg::OPKG.collect(&host, &Request::of(&request));
        let found = rows(&collected, |one| {
            let raw = |key| one.raw(key).unwrap_or("-").to_owned();
            format!(
                "{} {} {} {}",
                one.name.as_deref().unwrap_or("-"),
                one.path.as_deref().unwrap_or("-"),
                raw(raw_key::STATUS),
                raw(raw_key::EXECUTABLE)
            )
        });
        let expected = [
            "ubus /usr/lib/opkg/status install user installed -",
            "agent /usr/lib/opkg/status install user installed /usr/bin/agent",
            "nano /opt/lib/opkg/status install user installed -",
        ];
        assert_eq!(found, expected);
        assert_eq!((collected.status, collected.reason), (CollectorStatus::Complete, None));
    }
}
