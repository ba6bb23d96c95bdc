//! What reading a large registry hive costs: opening it, reading what the collectors for Windows read, and all of it.

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a bench reads the clock and prints figures")]
#![expect(clippy::expect_used, reason = "a bench that cannot be prepared fails")]

#[path = "../../catalogue/benches/figures/mod.rs"]
mod figures;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use figures::Figures;
use interdict_collect::{HivesHost, Host as _, Request, collectors, scan};
use interdict_formats::hive::Hive;
use interdict_formats::testing::hive::{HiveKey, HiveValue, encode};
use interdict_model::{CollectorStatus, Probes};

const LIMIT: Duration = Duration::from_millis(1_500);
const PROGRAMS: usize = 10_000;
const OTHER_KEYS: usize = 1_000_000;
/// How many keys lie side by side among the others, and how deep.
const SIDE_BY_SIDE: usize = 100;

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-hive");
    fs::create_dir_all(&folder).expect("made");
    let bytes = encode(&software()).bytes;
    fs::write(folder.join("SOFTWARE"), &bytes).expect("written");
    let megabytes = bytes.len() / 1_000_000;
    let mut figures = Figures::new("reading a SOFTWARE hive, processor time of one core");
    println!("  {megabytes} MB: {PROGRAMS} programs among {OTHER_KEYS} other keys");

    let open = || HivesHost::open(&folder).expect("a hive");
    let host = figures.measure("opening it from disk, median of 5", 5, None, open);
    figures.measure("the uninstall keys with all their values, median of 5", 5, None, || programs(&host));
    let probes = Probes::default();
    let request = Request::of(&probes);
    let found = figures.measure("opening it and every collector, median of 5", 5, Some(LIMIT), || {
        scan(&open(), &request, String::new(), "0", &mut |_| {}).expect("not stopped")
    });
    let count = |name: &str| found.header.collectors.iter().find(|report| report.name == name).map(|one| one.count);
    figures.check("every program was found", count("windows/uninstall") == Some(PROGRAMS));
    let failed = |status| matches!(status, CollectorStatus::Failed);
    figures.check("no collector failed", !found.header.collectors.iter().any(|report| failed(report.status)));
    println!("  {} collectors", collectors().filter(|one| one.name().starts_with("windows/")).count());

    let (keys, values) =
        figures.measure("opening it and every key with every value, median of 3", 3, Some(LIMIT), || {
            all(&Hive::open(bytes.clone(), &[]).expect("a hive"))
        });
    println!("  {keys} keys, {values} values");
    figures.check("every key was found", keys > PROGRAMS + OTHER_KEYS);
    fs::remove_dir_all(folder).expect("removed");
    figures.end()
}

/// How many uninstall keys there are, each read as a collector reads it.
fn programs(host: &HivesHost) -> usize {
    let registry = host.registry().expect("Windows");
    let key = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall";
    let names = registry.subkeys(key).expect("there");
    names
        .iter()
        .filter(|name| registry.values(&format!(r"{key}\{name}")).is_ok_and(|values| !values.is_empty()))
        .count()
}

/// How many keys and values can be reached.
fn all(hive: &Hive) -> (usize, usize) {
    let (mut keys, mut values) = (0, 0);
    let damage = hive.walk(&mut |key, _| {
        keys += 1;
        values += key.values().found.len();
    });
    assert!(damage.is_empty(), "{damage:?}");
    (keys, values)
}

/// A hive with programs as installers register them, and other keys as classes have them.
fn software() -> HiveKey {
    let mut root = HiveKey::new("ROOT");
    let version = root.at(r"Microsoft\Windows NT\CurrentVersion");
    version.values.push(HiveValue::text("SystemRoot", r"C:\Windows"));
    let uninstall = root.at(r"Microsoft\Windows\CurrentVersion\Uninstall");
    uninstall.subkeys = (0..PROGRAMS).map(program).collect();
    let classes = root.at("Classes");
    let per_branch = SIDE_BY_SIDE * SIDE_BY_SIDE;
    classes.subkeys = (0..OTHER_KEYS.div_ceil(per_branch)).map(|branch| other(branch, 2)).collect();
    root
}

fn program(number: usize) -> HiveKey {
    let name = format!("{{{number:08X}-0000-4000-8000-000000000000}}");
    let folder = format!(r"C:\Program Files\Vendor {}\Product {number}", number % 500);
    let values = [
        ("DisplayName", format!("Product {number} of a vendor")),
        ("DisplayVersion", format!("{}.{}.{}", number % 20, number % 7, number % 1000)),
        ("Publisher", format!("Vendor {} Inc.", number % 500)),
        ("InstallLocation", folder.clone()),
        ("InstallDate", "20260101".to_owned()),
        ("UninstallString", format!(r#""{folder}\uninstall.exe" /x {name}"#)),
        ("URLInfoAbout", "https://www.example.org/about".to_owned()),
    ];
    let mut key = HiveKey::new(&name);
    key.values = values.iter().map(|(name, text)| HiveValue::text(name, text)).collect();
    key.values.push(HiveValue::new("EstimatedSize", 4, [1, 2, 3, 0]));
    key.values.push(HiveValue::new("NoModify", 4, [1, 0, 0, 0]));
    key
}

/// A branch of keys, every tenth of which has a value.
fn other(number: usize, levels: usize) -> HiveKey {
    let mut key = HiveKey::new(&format!("Class.{number:06}"));
    if number.is_multiple_of(10) {
        key.values.push(HiveValue::text("", "A class of documents"));
    }
    if levels > 0 {
        key.subkeys = (0..SIDE_BY_SIDE).map(|below| other(number * SIDE_BY_SIDE + below, levels - 1)).collect();
    }
    key
}
