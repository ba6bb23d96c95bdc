//! The readers and collectors of macOS over real property lists, where they are at hand.
//!
//! What is expected is what another reader of property lists (Python's `plistlib`) finds in the same files, and of those
//! that the other tools' tests call invalid, that it is said.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a test reads the data it is about, and says when there is none"
)]

mod support;

use std::fs;

use interdict_collect::{Request, RootedHost, collector};
use interdict_formats::apple::bundle::{BundleInfo, parse_info_plist};
use interdict_model::{CollectorStatus, Probes};
use support::package_databases;

/// Identifier, name, display name, version and program of a bundle, and the codes of the diagnostics.
fn read(below: &str) -> Option<(String, Vec<String>)> {
    let path = package_databases(below)?;
    let (info, diagnostics) = parse_info_plist(&fs::read(path).expect("readable"), below);
    let BundleInfo { identifier, name, display_name, version, executable, .. } = info;
    let parts = [identifier, name, display_name, version, executable];
    let row = parts.map(|part| part.unwrap_or_else(|| "-".to_owned())).join(" | ");
    Some((row, diagnostics.into_iter().map(|diagnostic| diagnostic.code.into_owned()).collect()))
}

#[test]
fn bundles_of_osv_scalibr() {
    const NOTHING: &str = "- | - | - | - | -";
    let malformed = &["formats/plist-malformed"][..];
    for (file, expected, codes) in [
        ("ValidXML", "com.google.Chrome | Chrome | Google Chrome | 130.0.6723.69 | Google Chrome", &[][..]),
        ("MissingData", "com.google.Chrome | Chrome | - | 6723.69 | Google Chrome", &[]),
        ("BinaryApp", "com.google.corp.gMacInformation | gMacInformation | - | 202410231131 | gMacInformation", &[]),
        ("Empty", NOTHING, malformed),
        ("InvalidFormat", NOTHING, malformed),
        ("DifferentFormat", NOTHING, malformed),
    ] {
        let Some((row, found)) = read(&format!("osv-scalibr/macapps/testdata/{file}.plist")) else { return };
        assert_eq!(row, expected, "{file}");
        assert_eq!(found, codes, "{file}");
    }
}

#[test]
fn bundles_of_syft() {
    for (file, expected, complaints) in [
        ("version-from-bundle-version", "- | Name | - | 42 | -", 0),
        ("name-from-identifier", "com.example.app | - | - | 1.0 | -", 0),
        ("name-from-executable", "- | - | - | 1.0 | Exec", 0),
        ("no-name", "- | - | - | 1.0 | -", 0),
        ("no-version", "- | Name | - | - | -", 0),
        ("malformed", "- | - | - | - | -", 1),
    ] {
        let Some((row, found)) = read(&format!("syft/apple/testdata/parse-cases/{file}.plist")) else { return };
        assert_eq!((row.as_str(), found.len()), (expected, complaints), "{file}");
    }
}

#[test]
fn applications_of_syft_are_found_below_a_root() {
    for (root, expected) in [
        ("native-app-example", "com.mitchellh.ghostty Ghostty 1.3.1 -"),
        ("install-example", "com.tinyspeck.slackmacgap Slack 4.50.128 Slack Technologies LLC, a Salesforce company"),
    ] {
        let Some(path) = package_databases(&format!("syft/apple/testdata/{root}")) else { return };
        let host = RootedHost::open(&path).expect("a folder");
        let collected =
            collector("macos/applications").expect("listed").collect(&host, &Request::of(&Probes::default()));
        assert_eq!((collected.status, collected.reason), (CollectorStatus::Complete, None), "{root}");
        let rows: Vec<String> = collected
            .observations
            .iter()
            .map(|one| {
                let parts = [&one.identifier, &one.name, &one.version, &one.publisher];
                parts.map(|part| part.as_deref().unwrap_or("-")).join(" ")
            })
            .collect();
        assert_eq!(rows, [expected], "{root}");
    }
}
