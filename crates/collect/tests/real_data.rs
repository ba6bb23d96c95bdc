//! The reader of dpkg's databases over real ones, where they are at hand.
//!
//! They come without a list of what is in them; what is expected here was read off them by hand.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a test reads the data it is about, and says when there is none"
)]

mod support;

use std::fs;

use interdict_formats::dpkg;
use interdict_model::{Observation, raw_key};
use support::package_databases;

fn read(below: &str) -> Option<(Vec<Observation>, Vec<String>)> {
    let path = package_databases(below)?;
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
