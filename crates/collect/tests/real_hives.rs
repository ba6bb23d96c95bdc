//! The reader of registry hives and the collectors over it, on hives of real machines, where they are at hand.
//!
//! What another tool (regipy) read from the same bytes stands in the files `expected-*.json` beside them. How many keys and
//! values each hive has was counted with a third one (notatin).
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a test reads the data it is about, and says when there is none"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::PathBuf;

use interdict_collect::{HivesHost, Host as _, Request, Scan, scan};
use interdict_formats::hive::{Damage, Hive, Key};
use interdict_formats::registry::RegistryData;
use interdict_model::{CollectorStatus, ObservationSource, Probes};
use serde_json::{Map, Value};

fn data(below: &str) -> Option<PathBuf> {
    let base = std::env::var_os("INTERDICT_TEST_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let path = base.join("registry-hives").join(below);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no test data at {}", path.display());
    None
}

/// The bytes of a hive or log, unpacked where it is packed.
fn read(name: &str) -> Option<Vec<u8>> {
    if name == "Software_Delta" {
        return data(name).map(|path| fs::read(path).expect("readable"));
    }
    let packed = fs::read(data(&format!("{name}.xz"))?).expect("readable");
    let mut bytes = Vec::new();
    lzma_rust2::XzReader::new(packed.as_slice(), true).read_to_end(&mut bytes).expect("packed with xz");
    Some(bytes)
}

fn expected(name: &str) -> Option<Value> {
    let text = fs::read_to_string(data(&format!("expected-{name}.json"))?).expect("readable");
    Some(serde_json::from_str(&text).expect("JSON"))
}

/// Keys, values, and the damage met on the way to all of them.
fn counts(hive: &Hive) -> (usize, usize, Vec<Damage>) {
    let (mut keys, mut values, mut damage) = (0, 0, Vec::new());
    let unreached = hive.walk(&mut |key, _| {
        let listed = key.values();
        keys += 1;
        values += listed.found.len();
        damage.extend(listed.damage);
    });
    damage.extend(unreached);
    (keys, values, damage)
}

/// The subkeys of a key, with those values that are asked for.
fn rows(hive: &Hive, path: &str, columns: &[&str], name: &str) -> Vec<Value> {
    let Some(key) = hive.key(path).expect("sound") else { return Vec::new() };
    let subkeys = key.subkeys();
    assert_eq!(subkeys.damage, [], "{path}");
    let mut rows: Vec<Value> = subkeys.found.iter().map(|key| row(key, columns, name)).collect();
    rows.sort_by_key(|row| row[name].as_str().unwrap_or_default().to_lowercase());
    rows
}

fn row(key: &Key<'_>, columns: &[&str], name: &str) -> Value {
    let mut row = Map::new();
    row.insert(name.to_owned(), key.name().into());
    for column in columns {
        let value = match key.value(column).expect("sound") {
            Some(RegistryData::Text(text)) => text.into(),
            Some(RegistryData::Number(number)) => number.into(),
            Some(RegistryData::Texts(texts)) => in_python(&texts).into(),
            Some(RegistryData::Binary { .. }) | None => continue,
        };
        row.insert((*column).to_owned(), value);
    }
    Value::Object(row)
}

/// A list of texts as regipy's language shows it.
fn in_python(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| format!("'{}'", text.replace('\\', r"\\"))).collect();
    format!("[{}]", quoted.join(", "))
}

/// What is expected below a path, sorted alike. Empty texts may be there or not.
fn assert_rows(found: &[Value], expected: &[Value], name: &str) {
    let bare = |row: &Value| {
        let fields = row.as_object().expect("an object").iter();
        let kept = fields.filter(|(key, value)| key.as_str() != "key_path" && value.as_str() != Some(""));
        kept.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>()
    };
    let mut expected: Vec<_> = expected.iter().map(bare).collect();
    expected.sort_by_key(|row| row[name].as_str().unwrap_or_default().to_lowercase());
    let found: Vec<_> = found.iter().map(bare).collect();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
}

/// The columns of uninstall keys that are compared.
const PROGRAM: &[&str] = &[
    "DisplayName",
    "Publisher",
    "DisplayVersion",
    "InstallDate",
    "InstallLocation",
    "UninstallString",
    "QuietUninstallString",
];

#[test]
fn every_key_and_value_is_reached() {
    for (name, keys, values) in [
        ("Software_Delta", 12, 12),
        ("NTUSER_BAGMRU.DAT", 6_279, 15_912),
        ("transactions_NTUSER.DAT", 2_590, 4_119),
        ("amcache.hve", 2_105, 17_539),
        ("SYSTEM_2", 20_015, 49_779),
    ] {
        let Some(bytes) = read(name) else { return };
        let hive = Hive::open(bytes, &[]).expect("a hive");
        assert_eq!(counts(&hive), (keys, values, Vec::new()), "{name}");
    }
}

#[test]
fn uninstall_keys_are_what_regipy_reads() {
    for (name, file) in [
        ("Software_Delta", "Software_Delta"),
        ("NTUSER_BAGMRU.DAT", "NTUSER_BAGMRU"),
        ("transactions_NTUSER.DAT", "transactions_NTUSER"),
    ] {
        let (Some(bytes), Some(expected)) = (read(name), expected(&format!("{file}.uninstall"))) else { return };
        let hive = Hive::open(bytes, &[]).expect("a hive");
        let places = ["", r"WOW6432Node\", r"Software\", r"Software\WOW6432Node\"];
        let keys = places.map(|place| format!(r"{place}Microsoft\Windows\CurrentVersion\Uninstall"));
        let mut found: Vec<Value> = keys.iter().flat_map(|key| rows(&hive, key, PROGRAM, "subkey")).collect();
        found.sort_by_key(|row| row["subkey"].as_str().unwrap_or_default().to_lowercase());
        assert_rows(&found, expected.as_array().expect("a list"), "subkey");
    }
}

#[test]
fn services_are_what_regipy_reads() {
    let (Some(bytes), Some(expected)) = (read("SYSTEM_2"), expected("SYSTEM_2.services")) else { return };
    let hive = Hive::open(bytes, &[]).expect("a hive");
    let columns = ["DisplayName", "ImagePath", "Start", "Type", "Group", "Description"];
    let found = rows(&hive, r"ControlSet001\Services", &columns, "name");
    assert_rows(&found, expected["services"].as_array().expect("a list"), "name");
    let name = hive.key(r"ControlSet001\Control\ComputerName\ComputerName").expect("sound").expect("there");
    assert_eq!(name.value("ComputerName"), Ok(Some(RegistryData::Text("SENSEI".to_owned()))));
}

#[test]
fn the_application_cache_is_what_regipy_reads() {
    let (Some(bytes), Some(expected)) = (read("amcache.hve"), expected("amcache")) else { return };
    let hive = Hive::open(bytes, &[]).expect("a hive");
    for (path, expected) in expected.as_object().expect("an object") {
        let expected = expected.as_array().expect("a list");
        let fields = expected.iter().flat_map(|row| row.as_object().expect("an object").keys());
        let mut columns: Vec<&str> = fields.map(String::as_str).filter(|column| *column != "subkey").collect();
        columns.sort_unstable();
        columns.dedup();
        // The files are listed with a few of their fields, and only those that have them.
        let found = rows(&hive, path, &columns, "subkey");
        assert_rows(&found, expected, "subkey");
    }
}

#[test]
fn a_dirty_hive_is_completed_from_its_logs() {
    let names = ["transactions_NTUSER.DAT", "transactions_ntuser.dat.log1", "transactions_ntuser.dat.log2"];
    let files: Vec<Vec<u8>> = names.iter().filter_map(|name| read(name)).collect();
    let [hive, first, second] = &files[..] else { return };
    let codes = |hive: &Hive| hive.notes().iter().map(|note| note.code.to_string()).collect::<Vec<_>>();
    let without = Hive::open(hive.clone(), &[]).expect("a hive");
    assert_eq!(codes(&without), ["formats/hive-dirty"]);
    for logs in [&[first.as_slice(), second][..], &[second, first], &[first]] {
        let with = Hive::open(hive.clone(), logs).expect("a hive");
        assert_eq!(codes(&with), ["formats/hive-recovered"]);
        // Everything still fits together, which it would not if an entry were missing.
        assert_eq!(counts(&with), (3_105, 4_695, Vec::new()));
    }
    // The second log alone holds what was written before.
    let stale = Hive::open(hive.clone(), &[second]).expect("a hive");
    assert_eq!((codes(&stale), counts(&stale)), (vec!["formats/hive-dirty".to_owned()], counts(&without)));
}

#[test]
fn a_corrupted_hive_yields_what_is_left() {
    let Some(bytes) = read("corrupted_system_hive") else { return };
    let hive = Hive::open(bytes, &[]).expect("its header and root are sound");
    assert!(hive.notes().iter().any(|note| note.code == "formats/hive-bin"), "{:?}", hive.notes());
    let (keys, values, damage) = counts(&hive);
    assert_eq!((keys, values), (1_687, 5_616));
    assert!(damage.len() > 100, "{}", damage.len());
    // Of the services some are left; of any other nobody can say that it is not there.
    let services = r"ControlSet001\Services";
    assert!(matches!(hive.key(services), Ok(Some(_))));
    assert!(hive.key(&format!(r"{services}\klif")).is_err());
}

/// Everything that is collected from these hives, put into a folder under names that say nothing.
fn collected(names: &[&str]) -> Option<Scan> {
    let folder = tempfile::tempdir().expect("a folder");
    for (number, name) in names.iter().enumerate() {
        fs::write(folder.path().join(format!("{number}.bin")), read(name)?).expect("written");
    }
    let host = HivesHost::open(folder.path()).expect("hives");
    assert!(host.look(r"C:\Windows").is_err());
    let probes = Probes::default();
    Some(scan(&host, &Request::of(&probes), "2026-11-22T00:00:00Z".to_owned(), "0", &mut |_| {}).expect("not stopped"))
}

fn of_source(scan: &Scan, sources: &[ObservationSource]) -> Vec<String> {
    let of = scan.observations.iter().filter(|one| sources.contains(&one.source));
    of.map(|one| one.name.clone().unwrap_or_default()).collect()
}

#[test]
fn collectors_find_in_hives_what_is_in_them() {
    let Some(scan) = collected(&["SYSTEM_2", "Software_Delta", "NTUSER_BAGMRU.DAT"]) else { return };
    assert_eq!((scan.header.machine.hostname.as_str(), scan.header.machine.arch.as_str()), ("SENSEI", "x86_64"));
    let Some(programs) = expected("NTUSER_BAGMRU.uninstall") else { return };
    let mut expected_programs: Vec<&str> =
        programs.as_array().expect("a list").iter().filter_map(|row| row["DisplayName"].as_str()).collect();
    expected_programs.extend(["Test", "Test2"]);
    expected_programs.sort_unstable();
    let mut found = of_source(&scan, &[ObservationSource::Programs]);
    found.sort_unstable();
    assert_eq!(found, expected_programs);
    let services = of_source(&scan, &[ObservationSource::Services, ObservationSource::Drivers]);
    let Some(keys) = expected("SYSTEM_2.services") else { return };
    // Keys with neither a type nor a program hold settings of other software.
    let is_service = |row: &&Value| row.get("Type").or(row.get("ImagePath")).is_some();
    let keys = keys["services"].as_array().expect("a list");
    let expected_services: BTreeSet<&str> =
        keys.iter().filter(is_service).filter_map(|row| row["name"].as_str()).collect();
    assert_eq!((keys.len(), expected_services.len()), (469, 423));
    assert_eq!(services.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected_services);
    for name in ["WinDefend", "WdFilter", "WdNisSvc"] {
        assert!(services.iter().any(|service| service == name), "{name} of {}", services.len());
    }
    let status = |name: &str| scan.header.collectors.iter().find(|report| report.name == name).map(|one| one.status);
    // Files are not at hand, so nobody knows which of them exist.
    assert_eq!(status("windows/services"), Some(CollectorStatus::Partial));
}

#[test]
fn collectors_say_of_a_corrupted_hive_that_it_is_one() {
    let Some(scan) = collected(&["corrupted_system_hive"]) else { return };
    let services = scan.header.collectors.iter().find(|report| report.name == "windows/services").expect("listed");
    assert_eq!(services.status, CollectorStatus::Partial);
    let reason = services.reason.as_deref().unwrap_or_default();
    assert!(reason.contains("0.bin") && reason.contains("damaged"), "{reason}");
    assert!(services.count > 50, "{}", services.count);
}

#[test]
fn collectors_find_what_windows_remembers() {
    let (Some(scan), Some(expected)) = (collected(&["amcache.hve"]), expected("amcache")) else { return };
    let names = |path: &str, column: &str| -> Vec<String> {
        let rows = expected[path].as_array().expect("a list").iter();
        rows.map(|row| row[column].as_str().unwrap_or_default().to_owned()).collect()
    };
    let mut remembered = names(r"\Root\InventoryApplication", "Name");
    let known = names(r"\Root\InventoryApplication", "subkey");
    let older = names(r"\Root\Programs", "subkey").into_iter().zip(names(r"\Root\Programs", "0"));
    remembered.extend(older.filter(|(id, _)| !known.contains(id)).map(|(_, name)| name));
    remembered.retain(|name| !name.is_empty());
    remembered.sort_unstable();
    let mut found: Vec<String> = scan.observations.iter().filter_map(|one| one.display_name.clone()).collect();
    found.sort_unstable();
    assert_eq!(found, remembered);
    assert!(found.iter().any(|name| name.starts_with("FileInsight")));
}
