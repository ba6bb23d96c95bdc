//! The collectors of packages over real databases, where they are at hand, held against a second way of reading them.
//!
//! The databases come from the tests of other inventory tools, without a list of what is in them. The second way is as
//! plain as `grep`: lines that begin with a field's name. What the other tools make of the same files, and why that is
//! not always the same, stands in `docs/quality.md`.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a test reads the data it is about, and says when there is none"
)]

mod support;

use std::fs;
use std::path::Path;

use interdict_collect::{Collected, Request, RootedHost, collector};
use interdict_model::{CollectorStatus, Observation, Probes, raw_key};
use support::package_databases;

/// What a collector reads from a system that has these files.
fn collect(name: &str, files: &[(&str, &[u8])], packages: &[&str]) -> Collected {
    let root = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(root.path().join("etc")).expect("made");
    for (path, bytes) in files {
        let path = root.path().join(path.trim_start_matches('/'));
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("made");
        fs::write(path, bytes).expect("written");
    }
    let host = RootedHost::open(root.path()).expect("a folder");
    let mut probes = Probes::default();
    probes.packages.extend(packages.iter().map(|name| (*name).to_owned()));
    collector(name).expect("listed").collect(&host, &Request::of(&probes))
}

fn read(below: &str) -> Option<Vec<u8>> {
    package_databases(below).map(|path| fs::read(path).expect("readable"))
}

fn row(one: &Observation) -> [String; 4] {
    [&one.name, &one.version, &one.arch, &one.publisher].map(|value| value.clone().unwrap_or_default())
}

fn rows(collected: &Collected) -> Vec<[String; 4]> {
    collected.observations.iter().map(row).collect()
}

/// The second way: of each stanza between empty lines the lines that begin with these fields.
fn stanzas(text: &str, fields: [&str; 4]) -> Vec<[String; 4]> {
    let text = text.replace("\r\n", "\n");
    let all = text.split("\n\n").map(|stanza| {
        fields.map(|field| {
            let begins = |line: &&str| line.get(..field.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(field));
            let line = stanza.lines().find(begins);
            line.and_then(|line| line.get(field.len()..)).unwrap_or_default().trim().to_owned()
        })
    });
    all.filter(|stanza| !stanza[0].is_empty()).collect()
}

#[test]
fn apk_databases_agree_with_their_lines() {
    for (file, packages, broken) in [
        ("osv-scalibr/apk/testdata/installed", 15, false),
        ("osv-scalibr/apk/testdata/single", 1, false),
        ("osv-scalibr/apk/testdata/different-arch", 1, false),
        ("osv-scalibr/apk/testdata/no-origin", 1, false),
        ("osv-scalibr/apk/testdata/empty", 0, false),
        ("osv-scalibr/apk/testdata/invalid", 0, true),
        ("syft/alpine/testdata/multiple-2/lib/apk/db/installed", 14, false),
    ] {
        let Some(bytes) = read(file) else { return };
        let text = String::from_utf8(bytes.clone()).expect("text");
        let name = "alpine-baselayout-data";
        let collected = collect("linux/apk", &[("/lib/apk/db/installed", &bytes)], &[name]);
        assert_eq!(rows(&collected), stanzas(&text, ["P:", "V:", "A:", "m:"]), "{file}");
        assert_eq!(collected.observations.len(), packages, "{file}");
        assert_eq!((collected.status, collected.reason), (CollectorStatus::Complete, None), "{file}");
        assert_eq!(!collected.diagnostics.is_empty(), broken, "{file}: {:?}", collected.diagnostics);
        if let Some(one) = collected.observations.iter().find(|one| one.name.as_deref() == Some(name)) {
            let stanza = text.split("\n\n").find(|stanza| stanza.contains(&format!("P:{name}\n"))).expect("there");
            let files = stanza.lines().filter(|line| line.starts_with("R:")).count().to_string();
            assert_eq!(one.raw(raw_key::FILES_LISTED), Some(files.as_str()), "{file}");
        }
    }
}

#[test]
fn dpkg_and_opkg_databases_agree_with_their_lines() {
    let sets: [(&str, &str, &str, &[&str]); 5] = [
        (
            "linux/dpkg",
            "/var/lib/dpkg/status",
            "osv-scalibr/dpkg/testdata/dpkg",
            &[
                "valid",
                "transitional",
                "transitional_empty",
                "transitional_dummy",
                "empty",
                "invalid",
                "single",
                "nopackage",
                "noversion",
                "trailingnewlines",
                "statusfield",
            ],
        ),
        (
            "linux/opkg",
            "/usr/lib/opkg/status",
            "osv-scalibr/dpkg/testdata/opkg",
            &[
                "valid",
                "transitional",
                "invalid",
                "empty",
                "single",
                "nopackage",
                "noversion",
                "trailingnewlines",
                "statusfield",
            ],
        ),
        ("linux/dpkg", "/var/lib/dpkg/status.d/x", "osv-scalibr/dpkg/testdata/dpkg/status.d", &["foo"]),
        (
            "linux/dpkg",
            "/var/lib/dpkg/status.d/x",
            "syft/debian/testdata/var/lib/dpkg/status.d",
            &[
                "single",
                "multiple",
                "deinstall",
                "coreutils-relationships",
                "libpam-runtime",
                "doc-examples",
                "corrupt",
                "empty",
                "installed-size-4KB",
            ],
        ),
        (
            "linux/dpkg",
            "/var/lib/dpkg/status",
            "dpkg-claircore",
            &["debian-only.status", "postgresql.status", "vcpkg.status"],
        ),
    ];
    let mut packages = 0;
    for (name, place, folder, files) in sets {
        for file in files {
            let Some(bytes) = read(&format!("{folder}/{file}")) else { return };
            let text = String::from_utf8(bytes.clone()).expect("text");
            let collected = collect(name, &[(place, &bytes)], &[]);
            let expected = stanzas(&text, ["Package:", "Version:", "Architecture:", "Maintainer:"]);
            assert_eq!(rows(&collected), expected, "{folder}/{file}");
            packages += expected.len();
        }
    }
    assert_eq!(packages, 109);
}

#[test]
fn pacman_databases_agree_with_their_lines() {
    for (file, status) in [
        ("osv-scalibr/pacman/testdata/valid", CollectorStatus::Complete),
        ("osv-scalibr/pacman/testdata/valid_one_dep", CollectorStatus::Complete),
        ("osv-scalibr/pacman/testdata/valid_no_dep", CollectorStatus::Complete),
        ("osv-scalibr/pacman/testdata/eof_after_dependencies", CollectorStatus::Complete),
        ("osv-scalibr/pacman/testdata/invalid_value_eof", CollectorStatus::Partial),
        ("syft/arch/testdata/installed/var/lib/pacman/local/gmp-6.2.1-2/desc", CollectorStatus::Complete),
    ] {
        let Some(bytes) = read(file) else { return };
        let text = String::from_utf8(bytes.clone()).expect("text");
        let of = |section: &str| {
            let mut lines = text.lines().skip_while(|line| *line != format!("%{section}%")).skip(1);
            lines.next().unwrap_or_default().to_owned()
        };
        let collected = collect("linux/pacman", &[("/var/lib/pacman/local/x-1/desc", &bytes)], &[]);
        assert_eq!(rows(&collected), [["NAME", "VERSION", "ARCH", "PACKAGER"].map(of)], "{file}");
        assert_eq!(collected.status, status, "{file}: {:?}", collected.reason);
    }
}

#[test]
fn snaps_and_flatpaks_have_the_values_of_their_files() {
    // The values were read off the files by hand.
    for (file, version, arch) in [
        ("single-arch.yaml", "16-2.61.4-20240607", "amd64"),
        ("multi-arch.yaml", "16-2.61.4-20240607", "amd64,arm64"),
        ("missing-name.yaml", "16-2.61.4-20240607", "amd64"),
        ("missing-version.yaml", "", "amd64"),
        ("invalid", "", ""),
    ] {
        let Some(bytes) = read(&format!("osv-scalibr/snap/testdata/{file}")) else { return };
        let collected = collect("linux/snap", &[("/snap/core/current/meta/snap.yaml", &bytes)], &[]);
        let expected = ["core", version, arch, ""].map(str::to_owned);
        assert_eq!(rows(&collected), [expected], "{file}");
    }
    let program = "GNU Image Manipulation Program";
    for (file, name, version, publisher, broken) in [
        ("valid.xml", Some(program), "2.10.38", "The GIMP team", false),
        ("noname.xml", None, "2.10.38", "The GIMP team", false),
        ("noversion.xml", Some(program), "", "The GIMP team", false),
        ("bad.xml", None, "", "", true),
        ("empty.xml", None, "", "", true),
    ] {
        let Some(bytes) = read(&format!("osv-scalibr/flatpak/testdata/{file}")) else { return };
        let place =
            "/var/lib/flatpak/app/org.gimp.GIMP/x86_64/stable/active/files/share/metainfo/org.gimp.GIMP.metainfo.xml";
        let collected = collect("linux/flatpak", &[(place, &bytes)], &[]);
        let expected = ["org.gimp.GIMP", version, "x86_64", publisher].map(str::to_owned);
        assert_eq!(rows(&collected), [expected], "{file}");
        assert_eq!(collected.observations[0].display_name.as_deref(), name, "{file}");
        assert_eq!(!collected.diagnostics.is_empty(), broken, "{file}: {:?}", collected.diagnostics);
    }
}
