//! apk packages: Alpine's database of what is installed, where apk keeps it and where newer systems have moved it.
//!
//! Files are checked only for the packages that the probes name. The list of wishes (`/etc/apk/world`) is not read, only
//! whether it names anything: a system that wished for packages and has no database of them is not one without any.

use std::collections::BTreeSet;

use interdict_formats::apk::{self, InstalledReader};
use interdict_model::ObservationSource;

use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::Host;
use crate::linux::{LINUX_FILES, package_files};

/// Where the database is: the old place, and the one since `/lib` is a part of `/usr`.
const DATABASES: &[&str] = &["/lib/apk/db/installed", "/usr/lib/apk/db/installed"];
/// What was asked to be installed.
const WORLD: &str = "/etc/apk/world";
/// How large the database may be: ten times that of a system with every package of Alpine.
const LARGEST_DATABASE: u64 = 1 << 30;

/// Reads apk packages.
pub(crate) struct Apk;

impl Collector for Apk {
    fn name(&self) -> &'static str {
        "linux/apk"
    }

    fn looks_at(&self) -> &'static str {
        "Alpine packages"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::ApkPackages]
    }

    fn needs(&self) -> Needs {
        LINUX_FILES
    }

    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        let mut seen = Vec::new();
        for path in DATABASES {
            // /lib is often a link to /usr/lib.
            let Some(place) = gathering.ok(host.canonical(path)) else { continue };
            if !seen.contains(&place) {
                read_database(host, path, &request.probes.packages, &mut gathering);
                seen.push(place);
            }
        }
        if gathering.observations.is_empty()
            && host.look(WORLD).is_ok_and(|found| found.kind.is_file() && found.size > 0)
        {
            let what = if seen.is_empty() { "there is no database" } else { "the database is without packages" };
            gathering.shortfall(Cause::Broken, format!("{WORLD} names packages, but {what}"));
        }
        gathering.finish()
    }
}

fn read_database(host: &dyn Host, path: &str, with_files: &BTreeSet<String>, gathering: &mut Gathering) {
    let mut reader = InstalledReader::new(path, with_files);
    let read = host.read_pieces(path, LARGEST_DATABASE, &mut |piece| reader.feed(piece));
    let (packages, diagnostics) = reader.finish();
    if gathering.ok(read).is_some() {
        gathering.has_read();
    }
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.code == apk::code::TRUNCATED) {
        gathering.shortfall(Cause::Broken, format!("{path}: {}, later packages may be missing", diagnostic.message));
    }
    gathering.diagnostics.extend(diagnostics);
    for mut package in packages {
        if let Some(files) = package.files {
            package_files::check(host, &files, &mut package.observation, gathering);
        }
        gathering.observations.push(package.observation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixtureHost;
    use crate::testing::{fixture, probes, rows};
    use interdict_model::{CollectorStatus, Probes, raw_key};

    fn collect(host: &FixtureHost) -> Collected {
        Apk.collect(host, &Request::of(&Probes::default()))
    }

    #[test]
    fn each_fixture_yields_what_it_is_named_for() {
        let table: [(&str, &[&str], CollectorStatus); 4] = [
            (
                "usr-merged",
                &["busybox 1.36.1-r2 Sören Tempel <soeren+alpine@soeren-tempel.net>"],
                CollectorStatus::Complete,
            ),
            ("no-version", &["agent - -", "musl 1.2.4-r2 -"], CollectorStatus::Complete),
            ("truncated", &["musl 1.2.4-r2 -", "agent - -"], CollectorStatus::Partial),
            ("no-database", &[], CollectorStatus::Failed),
        ];
        for (name, expected, status) in table {
            let collected = collect(&fixture("linux/apk", name));
            let found = rows(&collected, |one| {
                let of = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
                format!("{} {} {}", of(&one.name), of(&one.version), of(&one.publisher))
            });
            assert_eq!(found, expected, "{name}");
            assert_eq!(collected.status, status, "{name}: {:?}", collected.reason);
        }
    }

    #[test]
    fn a_linked_place_is_read_once() {
        let host = FixtureHost::new().file(DATABASES[1], "P:a\nV:1\n\n").link("/lib", "usr/lib");
        let collected = collect(&host);
        assert_eq!(collected.observations.len(), 1);
        assert_eq!(collected.observations[0].path.as_deref(), Some(DATABASES[0]));
    }

    #[test]
    fn no_database_is_complete_and_an_unreadable_one_is_not() {
        assert_eq!(collect(&FixtureHost::new().folder("/etc")).status, CollectorStatus::Complete);
        let host = FixtureHost::new().file(DATABASES[0], "P:a\nV:1\n\n");
        let hidden = collect(&host.clone().unreadable(DATABASES[0]));
        assert_eq!(hidden.status, CollectorStatus::NotPossible);
        assert_eq!(hidden.reason.as_deref(), Some("/lib/apk/db/installed may not be read as uid 65534"));
        assert_eq!(collect(&host.unreadable("/lib/apk")).status, CollectorStatus::NotPossible);
    }

    #[test]
    fn an_emptied_database_is_noticed() {
        let host = FixtureHost::new().file(DATABASES[0], "");
        assert_eq!(collect(&host).status, CollectorStatus::Complete);
        assert_eq!(collect(&host.file(WORLD, "busybox\n")).status, CollectorStatus::Partial);
    }

    #[test]
    fn files_are_checked_for_probed_packages_only() {
        let host = FixtureHost::new()
            .file(DATABASES[0], "P:agent\nV:1\nF:opt/agent\nR:agent\nR:gone\n\nP:other\nV:1\nF:bin\nR:x\n\n")
            .executable("/opt/agent/agent");
        let collected = Apk.collect(&host, &Request::of(&probes(|probes| &mut probes.packages, &["agent"])));
        let found = rows(&collected, |one| {
            let raw = |key| one.raw(key).unwrap_or("-").to_owned();
            [raw(raw_key::FILES_LISTED), raw(raw_key::FILES_PRESENT), raw(raw_key::EXECUTABLE)].join(" ")
        });
        assert_eq!(found, ["2 1 /opt/agent/agent", "- - -"]);
    }
}
