//! Unpacked container images: roots with little more than one package database must be looked at completely.
#![expect(clippy::disallowed_methods, clippy::expect_used, reason = "a test writes the folders it is about")]

use std::fs;
use std::path::Path;

use interdict_collect::{Request, RootedHost, Scan, scan};
use interdict_model::{CollectorStatus, Probes, raw_key};

const APK: &str = "P:musl\nV:1.2.4-r2\nA:x86_64\nm:Timo Teräs <timo.teras@iki.fi>\n\n\
    P:kesl\nV:12.1.0-r0\nA:x86_64\nF:opt/kaspersky/kesl/bin\nR:kesl\n\n";
const DISTROLESS: &str = "Package: kesl\nArchitecture: amd64\nVersion: 12.1.0-1508\nMaintainer: AO Kaspersky Lab\n";
const PACMAN: &str = "%NAME%\nkesl\n\n%VERSION%\n12.1.0-1\n\n%ARCH%\nx86_64\n\n";
const OPENWRT: &str =
    "Package: kesl\nVersion: 12.1.0-r1\nStatus: install user installed\nArchitecture: aarch64_cortex-a53\n\n";

/// What a root is, its files, the architecture, how many packages there are, and how many files of the probed one.
type Row<'r> = (&'r str, &'r [(&'r str, &'r str)], &'r str, usize, Option<&'r str>);

/// What is scanned of a root with these files.
fn scanned(files: &[(&str, &str)]) -> Scan {
    let root = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = root.path().join(path.trim_start_matches('/'));
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("made");
        fs::write(path, text).expect("written");
    }
    let host = RootedHost::open(root.path()).expect("a folder");
    let mut probes = Probes::default();
    probes.packages.insert("kesl".to_owned());
    scan(&host, &Request::of(&probes), "2026-11-22T00:00:00Z".to_owned(), "0.1.0", &mut |_| {}).expect("not cancelled")
}

#[test]
fn a_root_with_one_package_database_is_looked_at_completely() {
    let program = ("/opt/kaspersky/kesl/bin/kesl", "");
    let sums = "b026324c6904b2a9cb4b88d6d61c81d1  opt/kaspersky/kesl/bin/kesl\n";
    let table: [Row<'_>; 6] = [
        ("apk", &[("/lib/apk/db/installed", APK), ("/etc/os-release", "ID=alpine\n"), program], "x86_64", 2, Some("1")),
        ("apk below /usr", &[("/usr/lib/apk/db/installed", APK)], "x86_64", 2, Some("0")),
        (
            "distroless",
            &[("/var/lib/dpkg/status.d/kesl", DISTROLESS), ("/var/lib/dpkg/status.d/kesl.md5sums", sums), program],
            "amd64",
            1,
            Some("1"),
        ),
        ("distroless without checksums", &[("/var/lib/dpkg/status.d/kesl", DISTROLESS)], "amd64", 1, None),
        ("pacman", &[("/var/lib/pacman/local/kesl-12.1.0-1/desc", PACMAN)], "x86_64", 1, None),
        ("opkg", &[("/usr/lib/opkg/status", OPENWRT)], "aarch64_cortex-a53", 1, Some("0")),
    ];
    for (what, files, arch, count, present) in table {
        let scan = scanned(files);
        assert_eq!(scan.header.machine.arch, arch, "{what}");
        let packages: Vec<_> = scan.observations.iter().filter(|one| one.source.is_registration()).collect();
        assert_eq!(packages.len(), count, "{what}: {packages:?}");
        let kesl = packages.iter().find(|one| one.name.as_deref() == Some("kesl")).expect("found");
        assert_eq!(kesl.raw(raw_key::FILES_PRESENT), present, "{what}");
        // Only what needs a running system is left out.
        let short: Vec<_> =
            scan.header.collectors.iter().filter(|one| one.status != CollectorStatus::Complete).collect();
        let names: Vec<&str> = short.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["linux/processes"], "{what}: {short:?}");
        assert!(scan.diagnostics.is_empty(), "{what}: {:?}", scan.diagnostics);
    }
}
