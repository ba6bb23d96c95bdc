//! The rpm collector over real databases, and rpm itself over made-up ones, where they are at hand.
//!
//! What rpm 4.18 read from the same bytes stands in `expected.json` beside the real databases. The made-up ones are
//! written by the encoder that other tests of the readers rely on: rpm must read them, too, or the encoder is wrong.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a test reads the data it is about, and says when there is none"
)]

#[path = "../../formats/tests/support/rpm_database_encoder.rs"]
mod rpm_database_encoder;
#[path = "../../formats/tests/support/rpm_encoder.rs"]
#[expect(dead_code, reason = "the encoder is shared with the tests of the reader, which use all of it")]
mod rpm_encoder;
mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use interdict_collect::{Collected, Request, RootedHost, collector};
use interdict_model::{CollectorStatus, Observation, Probes, raw_key};
use rpm_database_encoder::{Order, berkeley, ndb};
use rpm_encoder::{Data, encode};
use support::package_databases;

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

/// What the collector reads from the files of a folder, put where rpm has its database.
fn read(files: &Path) -> Collected {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().join("var/lib/rpm");
    fs::create_dir_all(&folder).expect("made");
    for entry in fs::read_dir(files).expect("a folder") {
        let entry = entry.expect("listed");
        if entry.path().is_file() {
            fs::copy(entry.path(), folder.join(entry.file_name())).expect("copied");
        }
    }
    let host = RootedHost::open(root.path()).expect("a folder");
    let mut probes = Probes::default();
    probes.packages.insert("bash".to_owned());
    collector("linux/rpm").expect("listed").collect(&host, &Request::of(&probes))
}

fn row(one: &Observation) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let installed = one.install_date.as_deref().map(seconds).unwrap_or_default();
    [text(&one.name), text(&one.version), text(&one.arch), text(&one.publisher), installed].join("|")
}

/// Compares with what rpm read from the same bytes.
fn agrees_with_rpm(files: &Path, expected: &Path, packages: usize) -> Collected {
    let collected = read(files);
    assert_eq!((collected.status, collected.reason.as_deref()), (CollectorStatus::Complete, None));
    let json = fs::read_to_string(expected).expect("readable");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let mut expected: Vec<String> = json.as_array().expect("a list").iter().map(expected_rpm).collect();
    let mut found: Vec<String> = collected.observations.iter().map(row).collect();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(found.len(), packages);
    collected
}

fn has_files_of_bash(collected: &Collected) {
    let bash = collected.observations.iter().find(|one| one.name.as_deref() == Some("bash")).expect("bash");
    let listed: u32 = bash.raw(raw_key::FILES_LISTED).and_then(|number| number.parse().ok()).expect("a number");
    assert!(listed > 20, "{listed}");
    assert_eq!(bash.raw(raw_key::FILES_PRESENT), Some("0"));
}

#[test]
fn sqlite_agrees_with_rpm() {
    let Some(source) = package_databases("rpm-sqlite-cbl-mariner-2.0") else { return };
    has_files_of_bash(&agrees_with_rpm(&source, &source.join("expected.json"), 129));
}

#[test]
fn berkeley_db_agrees_with_rpm() {
    let Some(source) = package_databases("rpm-bdb-libuuid") else { return };
    agrees_with_rpm(&source, &source.join("expected.json"), 1);
}

#[test]
fn berkeley_db_of_a_whole_system_agrees_with_rpm() {
    let Some(source) = package_databases("rpm-bdb-rhel") else { return };
    let unpacked = tempfile::tempdir().expect("a folder");
    let tar =
        Command::new("tar").arg("-xJf").arg(source.join("var-lib-rpm.tar.xz")).arg("-C").arg(unpacked.path()).output();
    if !tar.is_ok_and(|output| output.status.success()) {
        println!("skipped: there is no tar that unpacks xz");
        return;
    }
    let files = unpacked.path().join("rootfs/var/lib/rpm");
    has_files_of_bash(&agrees_with_rpm(&files, &source.join("expected.json"), 101));

    // The same database cut at any place: never silent, never more than there is.
    let whole = fs::read(files.join("Packages")).expect("readable");
    for tenth in 0..10 {
        let cut = tempfile::tempdir().expect("a folder");
        fs::write(cut.path().join("Packages"), &whole[..=whole.len() * tenth / 10]).expect("written");
        let collected = read(cut.path());
        let expected =
            if collected.observations.is_empty() { CollectorStatus::Failed } else { CollectorStatus::Partial };
        assert_eq!(collected.status, expected, "{tenth}");
        assert!(collected.observations.len() < 101, "{tenth}");
    }
}

/// What rpm says is in a database; nothing where there is no rpm, or it does not know the format.
fn asked_of_rpm(folder: &Path, format: &str) -> Option<Vec<String>> {
    let answer = Command::new("rpm")
        .args(["-qa", "--queryformat", r"%{NAME} %{EVR} %{VENDOR}\n", "--define", &format!("_db_backend {format}")])
        .arg("--dbpath")
        .arg(folder)
        .output();
    let Ok(answer) = answer else {
        println!("skipped: there is no rpm here");
        return None;
    };
    let complaints = String::from_utf8_lossy(&answer.stderr);
    if complaints.contains("using dummy database") {
        println!("skipped: this rpm does not know {format}");
        return None;
    }
    assert!(answer.status.success(), "{complaints}");
    let mut lines: Vec<String> = String::from_utf8_lossy(&answer.stdout).lines().map(str::to_owned).collect();
    lines.sort();
    Some(lines)
}

#[test]
fn rpm_reads_what_the_encoder_writes() {
    let long = "x".repeat(10_000);
    let headers: Vec<Vec<u8>> = (0..20)
        .map(|number| {
            let name = format!("package-{number:02}");
            let tags = [
                (1000, Data::Text(&name)),
                (1001, Data::Text("1.0")),
                (1002, Data::Text("3")),
                (1005, Data::Text(if number % 2 == 0 { "short" } else { &long })),
                (1008, Data::Numbers(&[1_600_000_000])),
                (1011, Data::Text("Vendor")),
                (1021, Data::Text("linux")),
                (1022, Data::Text("x86_64")),
            ];
            encode(&tags)
        })
        .collect();
    let headers: Vec<&[u8]> = headers.iter().map(Vec::as_slice).collect();
    let expected: Vec<String> = (0..20).map(|number| format!("package-{number:02} 1.0-3 Vendor")).collect();
    for (format, name, bytes) in [
        ("bdb_ro", "Packages", berkeley(Order::Little, 4096, &headers)),
        ("bdb_ro", "Packages", berkeley(Order::Big, 4096, &headers)),
        ("ndb", "Packages.db", ndb(&headers)),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(name), bytes).expect("written");
        let collected = read(folder.path());
        let found: Vec<String> = collected
            .observations
            .iter()
            .map(|one| {
                let text = |value: &Option<String>| value.clone().unwrap_or_default();
                format!("{} {} {}", text(&one.name), text(&one.version), text(&one.publisher))
            })
            .collect();
        assert_eq!(found, expected, "{name}");
        if let Some(of_rpm) = asked_of_rpm(folder.path(), format) {
            assert_eq!(of_rpm, expected, "{name}");
        }
    }
}

/// A database that rpm itself makes, in every format it can.
#[test]
fn databases_that_rpm_makes_are_read() {
    let work = tempfile::tempdir().expect("a folder");
    let spec = work.path().join("tiny.spec");
    let text = "Name: tiny-agent\nVersion: 1.2\nRelease: 3\nEpoch: 4\nSummary: tiny\nLicense: MIT\nVendor: Vendor Limited\n\
        BuildArch: noarch\n%description\ntiny\n%install\nmkdir -p %{buildroot}/opt/tiny/bin\n\
        echo > %{buildroot}/opt/tiny/bin/tiny\n%files\n/opt/tiny/bin/tiny\n";
    fs::write(&spec, text).expect("written");
    let built = Command::new("rpmbuild")
        .args(["-bb", "--define"])
        .arg(format!("_topdir {}", work.path().display()))
        .arg(&spec)
        .output();
    if !built.as_ref().is_ok_and(|output| output.status.success()) {
        println!("skipped: there is no rpmbuild here");
        return;
    }
    let package = work.path().join("RPMS/noarch/tiny-agent-1.2-3.noarch.rpm");
    for format in ["sqlite", "ndb", "bdb"] {
        let folder = work.path().join(format);
        fs::create_dir_all(&folder).expect("made");
        let installed = Command::new("rpm")
            .args(["-i", "--justdb", "--nodeps", "--force-debian", "--define", &format!("_db_backend {format}")])
            .arg("--dbpath")
            .arg(&folder)
            .arg(&package)
            .output()
            .expect("rpmbuild comes with rpm");
        if String::from_utf8_lossy(&installed.stderr).contains("invalid %_db_backend") {
            println!("skipped: this rpm does not know {format}");
            continue;
        }
        assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
        let collected = read(&folder);
        assert_eq!((collected.status, collected.reason.as_deref()), (CollectorStatus::Complete, None), "{format}");
        let [one] = collected.observations.as_slice() else { panic!("{format}: {:?}", collected.observations) };
        assert_eq!(row(one).rsplit_once('|').expect("parts").0, "tiny-agent|4:1.2-3|noarch|Vendor Limited", "{format}");
    }
}
