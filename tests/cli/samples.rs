//! Every file of the public test data through the real command, where the folder is at hand: an export is imported whole
//! and once, a system or a hive is scanned, and of everything else it is said what it is and nothing is made of it.
//!
//! A file that is new, gone, or comes to another count than `samples/table.rs` says fails.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use interdict_tests::test_data;
use serde_json::Value;

use crate::support::{Home, Ran, skipped};

#[path = "samples/table.rs"]
mod table;

use table::SAMPLES;

/// How a file is read.
#[derive(Debug, Clone, Copy)]
enum Use {
    /// By `interdict import`, as this format. How many observations, titles, machines, and records left out on purpose;
    /// and where and why records could not be used.
    Export(&'static str, [u64; 4], &'static [(&'static str, &'static str)]),
    /// By `interdict scan --root`, where it lies at a place of a system: which collector reads it, how much it finds, and
    /// the codes of what is said of it.
    System(&'static str, &'static str, u64, &'static [&'static str]),
    /// By `interdict scan --hives`: the collector and how much it finds.
    Hive(&'static str, u64),
    /// A transaction log of a hive, which is read beside it.
    Log(&'static str),
    /// What another tool reads from a sample, which must be as much; and how that is counted.
    Expected(&'static str, fn(&Value) -> u64),
    /// No export of anybody, yet a list of software that reads as one: how much, and what it is.
    Names(u64, &'static str),
    /// No sample: what it is. An import refuses it and makes nothing of it.
    Other(&'static str),
    /// Not to be read.
    Sealed,
}

/// The rows of a list.
fn list(expected: &Value) -> u64 {
    expected.as_array().expect("a list").len() as u64
}

/// Keys of services with neither a type nor a program hold settings of other software.
fn services(expected: &Value) -> u64 {
    let keys = expected["services"].as_array().expect("a list").iter();
    keys.filter(|row| row.get("Type").or(row.get("ImagePath")).is_some()).count() as u64
}

/// The programs of Windows' application cache, of which older keys repeat some.
fn remembered(expected: &Value) -> u64 {
    let keys = [r"\Root\InventoryApplication", r"\Root\Programs"];
    let rows = keys.iter().flat_map(|key| expected[key].as_array().expect("a list"));
    rows.filter_map(|row| row["subkey"].as_str()).collect::<BTreeSet<_>>().len() as u64
}

/// The folder; where there is none, says so.
fn data() -> Option<PathBuf> {
    let folder = test_data::place("");
    if !folder.is_dir() {
        skipped(&format!("there is no public test data at {}", folder.display()));
        return None;
    }
    Some(folder)
}

fn files_below(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            files_below(&entry.path(), found);
        } else {
            found.insert(entry.path());
        }
    }
}

#[test]
fn every_file_of_the_test_data_is_accounted_for() {
    let Some(folder) = data() else { return };
    let mut found = BTreeSet::new();
    files_below(&folder, &mut found);
    let found: BTreeSet<String> =
        found.iter().map(|file| file.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/")).collect();
    let told: BTreeSet<String> = SAMPLES.iter().map(|(file, _)| (*file).to_owned()).collect();
    assert_eq!(told.len(), SAMPLES.len(), "a file stands twice in tests/cli/samples/table.rs");
    let unknown: Vec<&String> = found.difference(&told).collect();
    assert!(unknown.is_empty(), "say in tests/cli/samples/table.rs what reads {unknown:?}");
    let gone: Vec<&String> = told.difference(&found).collect();
    assert!(gone.is_empty(), "tests/cli/samples/table.rs tells of {gone:?}, which are not in {}", folder.display());
    for (file, uses) in SAMPLES {
        let says_why = |one: &Use| match one {
            Use::Other(what) | Use::Names(_, what) => what.len() > 5,
            Use::Export(..) | Use::System(..) | Use::Hive(..) | Use::Log(_) | Use::Expected(..) | Use::Sealed => true,
        };
        assert!(!uses.is_empty() && uses.iter().all(says_why), "say of {file} what it is");
    }
}

/// All of them into one inventory, as a person would who has them in a folder.
#[test]
fn every_export_is_imported_whole_and_once() {
    let Some(folder) = data() else { return };
    let exports: Vec<(&str, Export<'_>)> =
        SAMPLES.iter().flat_map(|(file, uses)| uses.iter().filter_map(|one| Some((*file, Export::of(one)?)))).collect();
    assert!(exports.len() >= 40, "only {} exports", exports.len());
    let home = Home::new();
    let import = || {
        let files = exports.iter().map(|(file, _)| folder.join(file).into_os_string());
        let line: Vec<OsString> = ["import", "--format", "json"].map(OsString::from).into_iter().chain(files).collect();
        home.run(line).ended_with(0).json()
    };
    let document = import();
    let told = document["import"].as_array().unwrap();
    assert_eq!((told.len(), document["failed"].as_u64()), (exports.len(), Some(0)));
    for ((file, export), told) in exports.iter().zip(told) {
        export.is_what_was_told(&home, file, told);
    }
    let before = everything(&home);
    let again = import();
    let again = again["import"].as_array().unwrap();
    assert!(again.iter().all(|told| told["known_before"] == true), "{again:?}");
    assert_eq!(everything(&home), before, "importing again changed something");
    home.line("database check").ended_with(0);
    home.line("log verify").ended_with(0);
}

/// What an export must come to.
struct Export<'t> {
    format: &'t str,
    counts: [u64; 4],
    rejects: &'t [(&'t str, &'t str)],
}

impl Export<'static> {
    fn of(one: &Use) -> Option<Self> {
        match one {
            Use::Export(format, counts, rejects) => Some(Self { format, counts: *counts, rejects }),
            Use::Names(observations, _) => {
                Some(Self { format: "generic-json", counts: [*observations, 0, 1, 0], rejects: &[] })
            }
            Use::System(..) | Use::Hive(..) | Use::Log(_) | Use::Expected(..) | Use::Other(_) | Use::Sealed => None,
        }
    }

    fn is_what_was_told(&self, home: &Home, file: &str, told: &Value) {
        let count = |key: &str| told[key].as_u64().unwrap();
        let left_out = told["skipped"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
        let found = [count("observations"), count("titles"), count("machines"), left_out];
        assert_eq!((told["format"].as_str().unwrap(), found), (self.format, self.counts), "{file}: {told}");
        assert_eq!(count("rejected"), self.rejects.len() as u64, "{file}");
        let line = format!("imports rejects {} --format json", count("number"));
        let listed = home.line(&line).ended_with(0).json();
        let rejects = listed["rejects"].as_array().unwrap().iter();
        let rejects: Vec<(&str, &str)> =
            rejects.map(|one| (one["place"].as_str().unwrap(), one["reason"].as_str().unwrap())).collect();
        assert_eq!(rejects, self.rejects, "{file}");
    }
}

/// All that an inventory says of itself.
fn everything(home: &Home) -> Vec<String> {
    let asked = ["machines", "installations", "software", "imports list", "log list"];
    asked.iter().map(|line| home.line(&format!("{line} --format jsonl")).ended_with(0).stdout).collect()
}

#[test]
fn every_system_and_hive_is_scanned() {
    let Some(folder) = data() else { return };
    let mut scanned = 0;
    for (file, uses) in SAMPLES {
        for one in *uses {
            match *one {
                Use::System(collector, place, count, codes) => {
                    scanned += u64::from(scan_system(&folder.join(file), file, place, (collector, count, codes)));
                }
                Use::Hive(collector, count) => {
                    scan_hive(&folder, file, collector, count);
                    scanned += 1;
                }
                _ => {}
            }
        }
    }
    assert!(scanned >= 70, "only {scanned} systems and hives");
}

/// Scans a system that has a file at a place; whether that was possible.
fn scan_system(path: &Path, file: &str, place: &str, expected: (&str, u64, &[&str])) -> bool {
    let home = Home::new();
    if !place_system(&home, path, place) {
        return false;
    }
    let (collector, count, codes) = expected;
    let ran = home.run(["scan", "--root", &home.argument("root")]).ended_with(0);
    assert_eq!(count_of(&ran, collector), count, "{file}: {}", ran.shown());
    assert_eq!(codes_of(&ran, place), codes, "{file}: {}", ran.stderr);
    true
}

/// Scans a hive alone, and then with each of its logs more.
fn scan_hive(folder: &Path, file: &str, collector: &str, count: u64) {
    let home = Home::new();
    let logs = SAMPLES.iter().filter(|(_, uses)| matches!(uses, [Use::Log(of)] if *of == file)).map(|(log, _)| *log);
    for next in [file].into_iter().chain(logs) {
        place_hive(&home, &folder.join(next));
        let ran = home.run(["scan", "--hives", &home.argument("hives")]).ended_with(0);
        assert_eq!(count_of(&ran, collector), count, "{file} when {next} was added");
    }
}

/// Puts a file where a system has it; whether that was possible.
fn place_system(home: &Home, file: &Path, place: &str) -> bool {
    let root = home.path("root");
    fs::create_dir_all(root.join("etc")).unwrap();
    if place == "/" {
        // Its folders begin below one of its own.
        let unpacked = home.path("unpacked");
        fs::create_dir_all(&unpacked).unwrap();
        let tar = Command::new("tar").arg("-xJf").arg(file).arg("-C").arg(&unpacked).output();
        if !tar.is_ok_and(|output| output.status.success()) {
            skipped("there is no tar that unpacks xz");
            return false;
        }
        fs::remove_dir_all(&root).unwrap();
        fs::rename(unpacked.join("rootfs"), root).unwrap();
        return true;
    }
    let place = root.join(place.trim_start_matches('/'));
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::copy(file, place).unwrap();
    true
}

/// Puts a hive or a log of one into the folder of hives, unpacked where it is packed.
fn place_hive(home: &Home, file: &Path) {
    let hives = home.path("hives");
    fs::create_dir_all(&hives).unwrap();
    let packed = fs::read(file).unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    let Some(name) = name.strip_suffix(".xz") else {
        fs::write(hives.join(name), packed).unwrap();
        return;
    };
    let mut bytes = Vec::new();
    lzma_rust2::XzReader::new(packed.as_slice(), true).read_to_end(&mut bytes).unwrap();
    fs::write(hives.join(name), bytes).unwrap();
}

/// How much a collector found by the first line of a scan.
fn count_of(ran: &Ran, collector: &str) -> u64 {
    let header: Value = serde_json::from_str(ran.stdout.lines().next().unwrap()).unwrap();
    let reports = header["collectors"].as_array().unwrap();
    let report = reports.iter().find(|report| report["name"] == collector);
    report.unwrap_or_else(|| panic!("no {collector} in {header}"))["count"].as_u64().unwrap()
}

/// The codes of what is said of a file.
fn codes_of<'r>(ran: &'r Ran, place: &str) -> Vec<&'r str> {
    let of_file = ran.stderr.lines().filter(|line| line.starts_with(place) && place != "/");
    of_file.filter_map(|line| line.split_once('[')?.1.split_once(']')).map(|(code, _)| code).collect()
}

#[test]
fn counts_are_those_of_the_expected_files() {
    let Some(folder) = data() else { return };
    let uses: BTreeMap<&str, &[Use]> = SAMPLES.iter().copied().collect();
    let mut compared = 0;
    for (file, _) in SAMPLES {
        let Some(Use::Expected(of, count)) = uses[file].first() else {
            assert!(!file.rsplit('/').next().unwrap().starts_with("expected"), "{file} is compared with nothing");
            continue;
        };
        let expected = serde_json::from_str(&fs::read_to_string(folder.join(file)).unwrap()).unwrap();
        let found = uses[of].iter().find_map(|one| match one {
            Use::System(_, _, count, _) | Use::Hive(_, count) => Some(*count),
            _ => None,
        });
        assert_eq!(found, Some(count(&expected)), "{of} and {file}");
        compared += 1;
    }
    assert_eq!(compared, 8);
}

#[test]
fn what_is_no_export_is_refused_and_leaves_nothing() {
    let Some(folder) = data() else { return };
    for (file, uses) in SAMPLES {
        let is_read = |one: &Use| matches!(one, Use::Export(..) | Use::Names(..) | Use::Expected(..) | Use::Sealed);
        if uses.iter().any(is_read) {
            continue;
        }
        let home = Home::new();
        let ran = home.run(["import".as_ref(), folder.join(file).as_os_str()]).ended_with(1);
        let codes = ["import/unknown-format", "import/needs-mapping", "import/no-titles", "import/empty"];
        assert!(codes.iter().any(|code| ran.stderr.starts_with(&format!("error[{code}]"))), "{file}: {}", ran.shown());
        assert!(!home.has_data(), "{file} made a database");
    }
}
