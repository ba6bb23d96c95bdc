//! The readers and collectors over real databases, where they are at hand.
//!
//! The data lies beside the workspace (or where `INTERDICT_TEST_DATA` says) and is not part of it; without it these
//! tests say so and pass. What another tool read from the same rpm bytes stands in `expected.json`; the dpkg files come
//! without such a file, and what is expected of them here was read off them by hand.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a test reads the data it is about, and says when there is none"
)]

use std::fs;
use std::path::PathBuf;

use interdict_collect::{Request, RootedHost, collector};
use interdict_formats::dpkg;
use interdict_model::{CollectorStatus, Observation, Probes, raw_key};

fn data(below: &str) -> Option<PathBuf> {
    let base = std::env::var_os("INTERDICT_TEST_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let path = base.join("linux-package-dbs").join(below);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no test data at {}", path.display());
    None
}

fn read(below: &str) -> Option<(Vec<Observation>, Vec<String>)> {
    let path = data(below)?;
    let (observations, diagnostics) = dpkg::parse_status(&fs::read(path).expect("readable"), below);
    Some((observations, diagnostics.into_iter().map(|diagnostic| diagnostic.code.into_owned()).collect()))
}

/// Name, version and status of each record.
fn rows(observations: &[Observation]) -> Vec<(&str, Option<&str>, Option<&str>)> {
    observations
        .iter()
        .map(|one| (one.name.as_deref().unwrap_or_default(), one.version.as_deref(), one.raw(raw_key::STATUS)))
        .collect()
}

type Row = (&'static str, Option<&'static str>, Option<&'static str>);

#[test]
fn osv_scalibr_dpkg() {
    let table: &[(&str, &[Row], &[&str])] = &[
        ("dpkg/empty", &[], &[]),
        ("dpkg/invalid", &[], &["formats/dpkg-nameless", "formats/dpkg-nameless"]),
        ("dpkg/nopackage", &[("foo", Some("1.0"), None), ("bar", Some("2.0"), None)], &["formats/dpkg-nameless"]),
        ("dpkg/noversion", &[("foo", Some("1.0"), None), ("acl", None, None), ("bar", Some("2.0"), None)], &[]),
        ("dpkg/single", &[("acl", Some("2.3.1-3"), None)], &[]),
        ("dpkg/trailingnewlines", &[("acl", Some("2.3.1-3"), None)], &[]),
        (
            "dpkg/statusfield",
            &[
                ("wantinstall_installed", Some("1.0"), None),
                ("wantdeinstall_installed", Some("1.0"), Some("deinstall reinstreq installed")),
                ("wantdeinstall_configfiles", Some("1.0"), Some("deinstall ok config-files")),
                ("wantinstall_unpacked", Some("1.0"), Some("install ok unpacked")),
                ("wantpurge_installed", Some("1.0"), Some("purge ok installed")),
                ("wantinstall_halfinstalled", Some("1.0"), Some("install reinstreq half-installed")),
                ("wantnostatus", Some("1.0"), None),
            ],
            &["formats/dpkg-truncated"],
        ),
        (
            "dpkg/status.d/foo",
            &[("foo", Some("1.2.3"), None), ("bar", Some("1.0"), Some("deinstall ok config-files"))],
            &[],
        ),
        (
            "opkg/noversion",
            &[
                ("ubus", Some("2024.10.20~252a9b0c-r1"), None),
                ("libuci20130104", None, None),
                ("busybox", Some("1.36.1-r2"), None),
            ],
            &[],
        ),
    ];
    for (file, expected, codes) in table {
        let Some((observations, found)) = read(&format!("osv-scalibr/dpkg/testdata/{file}")) else { return };
        assert_eq!(rows(&observations), *expected, "{file}");
        assert_eq!(found, *codes, "{file}");
    }
}

#[test]
fn claircore() {
    let table: &[(&str, usize, &str, Option<&str>)] = &[
        ("debian-only.status", 1, "debian-archive-keyring", Some("Debian Release Team <packages@release.debian.org>")),
        (
            "postgresql.status",
            3,
            "postgresql-client",
            Some("Debian PostgreSQL Maintainers <team+postgresql@tracker.debian.org>"),
        ),
        ("vcpkg.status", 24, "libffi", None),
    ];
    for (file, count, first, publisher) in table {
        let Some((observations, codes)) = read(&format!("dpkg-claircore/{file}")) else { return };
        assert_eq!(observations.len(), *count, "{file}");
        assert_eq!(observations[0].name.as_deref(), Some(*first), "{file}");
        assert_eq!(observations[0].publisher.as_deref(), *publisher, "{file}");
        assert!(codes.is_empty(), "{file}: {codes:?}");
    }
}

#[test]
fn syft() {
    let folder = "syft/debian/testdata/var/lib/dpkg/status.d";
    let table: &[(&str, &[&str])] = &[
        ("single", &["apt"]),
        ("multiple", &["no-version", "tzdata", "util-linux"]),
        ("deinstall", &["linux-image-6.14.0-1012-aws", "linux-image-6.8.0-1029-aws"]),
        ("corrupt", &[]),
        ("empty", &[]),
    ];
    for (file, expected) in table {
        let Some((observations, _)) = read(&format!("{folder}/{file}")) else { return };
        assert_eq!(rows(&observations).iter().map(|row| row.0).collect::<Vec<_>>(), *expected, "{file}");
    }
}

/// What rpm says of one package.
fn expected_rpm(package: &serde_json::Value) -> String {
    let of = |key: &str| package[key].as_str().filter(|value| *value != "(none)").unwrap_or_default().to_owned();
    let epoch = Some(of("epoch")).filter(|epoch| !matches!(epoch.as_str(), "" | "0")).map(|epoch| epoch + ":");
    let publisher = Some(of("vendor")).filter(|vendor| !vendor.is_empty()).unwrap_or_else(|| of("packager"));
    let version = format!("{}{}-{}", epoch.unwrap_or_default(), of("version"), of("release"));
    [of("name"), version, of("arch"), publisher, of("installtime")].join("|")
}

fn seconds(instant: &str) -> String {
    // The other way round than the reader goes, by hand: days since 1970 from the civil date.
    let number = |range: std::ops::Range<usize>| instant[range].parse::<i64>().expect("a number");
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = (1970..year).map(|year| 365 + i64::from(leap(year))).sum::<i64>()
        + [31, 28 + i64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            .into_iter()
            .zip(1..month)
            .map(|(days, _)| days)
            .sum::<i64>()
        + day
        - 1;
    (days * 86_400 + number(11..13) * 3_600 + number(14..16) * 60 + number(17..19)).to_string()
}

#[test]
fn rpm_agrees_with_rpm() {
    let Some(source) = data("rpm-sqlite-cbl-mariner-2.0") else { return };
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().join("var/lib/rpm");
    fs::create_dir_all(&folder).expect("made");
    fs::copy(source.join("rpmdb.sqlite"), folder.join("rpmdb.sqlite")).expect("copied");
    let host = RootedHost::open(root.path()).expect("a folder");
    let rpm = collector("linux/rpm").expect("listed");
    let mut probes = Probes::default();
    probes.packages.insert("bash".to_owned());
    let collected = rpm.collect(&host, &Request::of(&probes));
    assert_eq!((collected.status, collected.reason), (CollectorStatus::Complete, None));

    let json = fs::read_to_string(source.join("expected.json")).expect("readable");
    let packages: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let mut expected: Vec<String> = packages.as_array().expect("a list").iter().map(expected_rpm).collect();
    let mut found: Vec<String> = collected
        .observations
        .iter()
        .map(|one| {
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            let installed = one.install_date.as_deref().map(seconds).unwrap_or_default();
            [text(&one.name), text(&one.version), text(&one.arch), text(&one.publisher), installed].join("|")
        })
        .collect();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    let bash = collected.observations.iter().find(|one| one.name.as_deref() == Some("bash")).expect("bash");
    assert_ne!(bash.raw(raw_key::FILES_LISTED), Some("0"));
    assert_eq!(bash.raw(raw_key::FILES_PRESENT), Some("0"));
}

#[test]
fn a_database_that_is_not_read_yet_is_said() {
    let Some(source) = data("rpm-bdb-libuuid") else { return };
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().join("var/lib/rpm");
    fs::create_dir_all(&folder).expect("made");
    fs::copy(source.join("Packages"), folder.join("Packages")).expect("copied");
    let host = RootedHost::open(root.path()).expect("a folder");
    let rpm = collector("linux/rpm").expect("listed");
    let collected = rpm.collect(&host, &Request::of(&Probes::default()));
    assert_eq!(collected.status, CollectorStatus::NotPossible);
    assert!(collected.reason.is_some_and(|reason| reason.contains("Berkeley DB")));
}
