//! Mounted systems that are odd or hostile: pipes and devices in the place of files, links in circles and out of the root,
//! files and folders without end. The command ends, reads the rest, stays within the root, and says what it could not read.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use interdict_formats::testing::hive::hive_of;
use interdict_tests::prepared_windows::PreparedWindows;
use interdict_tests::{prepared_macos, prepared_root};
use rusqlite::Connection;
use serde_json::Value;

use crate::support::{self, Home, Measured, Ran, is_root, skipped, system};

/// What no output may hold: it stands in files outside of the root.
const OUTSIDE: &str = "marker-from-outside-of-the-root";
/// Most of what a scan may take of memory, in KiB.
const MOST_MEMORY: u64 = 200 * 1024;
/// How much of a processor's time an audit may take, in hundredths of a second; the program is not optimised.
const MOST_TIME: u64 = 30 * 100;
/// When a program is taken to wait for something that never comes, on a machine that may do much else.
const LONGEST: Duration = Duration::from_mins(10);

/// Everything that an audit said.
fn said(ran: &Ran) -> String {
    format!("{}{}", ran.stdout, ran.stderr)
}

fn audit(home: &Home, root: &str) -> Ran {
    let begun = Instant::now();
    let ran = home.run(["audit", "--root", root, "--profile", "us-private", "--format", "json"]).ended_with(0);
    assert!(begun.elapsed() < LONGEST, "it took {:?}", begun.elapsed());
    ran
}

fn collector<'d>(document: &'d Value, name: &str) -> &'d Value {
    document["collectors"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()
}

fn products(document: &Value) -> Vec<&str> {
    document["findings"].as_array().unwrap().iter().filter_map(|finding| finding["product"].as_str()).collect()
}

/// What an audit says of how it went, for messages: the findings would bury it.
fn shown(ran: &Ran) -> String {
    let document = ran.json();
    format!("{:#}\n{:#}\n{}", document["collectors"], document["diagnostics"], ran.stderr)
}

/// The reason of a collector that was not complete.
#[track_caller]
fn reason<'d>(document: &'d Value, name: &str) -> &'d str {
    let report = collector(document, name);
    assert_ne!(report["status"], "complete", "{report}");
    report["reason"].as_str().unwrap()
}

/// Makes room for something at a path of the root; where it is.
fn cleared(root: &Path, path: &str) -> PathBuf {
    let place = root.join(path);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    if place.is_dir() && !place.is_symlink() {
        fs::remove_dir_all(&place).unwrap();
    } else if place.symlink_metadata().is_ok() {
        fs::remove_file(&place).unwrap();
    }
    place
}

fn pipe(root: &Path, path: &str) -> bool {
    system("mkfifo", &[cleared(root, path).as_os_str()])
}

/// A device that never ends.
fn endless(root: &Path, path: &str) -> bool {
    let place = cleared(root, path);
    let [kind, major, minor] = ["c", "1", "5"].map(OsStr::new);
    system("mknod", &[place.as_os_str(), kind, major, minor])
}

/// Writes a prepared system below the home; its root.
type Prepare = fn(&Home) -> String;

fn linux(home: &Home) -> String {
    home.prepared_root()
}

fn macos(home: &Home) -> String {
    let root = home.path("root");
    fs::create_dir_all(&root).unwrap();
    prepared_macos::write("kaspersky", &root).unwrap();
    root.to_str().unwrap().to_owned()
}

fn windows(home: &Home) -> String {
    let root = home.path("root");
    fs::create_dir_all(&root).unwrap();
    PreparedWindows::of("one-users-copy").unwrap().write_root(&root).unwrap();
    root.to_str().unwrap().to_owned()
}

/// Files that some collector expects, by family of systems.
const EXPECTED: &[(Prepare, &[&str])] = &[
    (
        linux,
        &[
            "var/lib/dpkg/status",
            "var/lib/dpkg/status.d/base",
            "var/lib/rpm/rpmdb.sqlite",
            "lib/apk/db/installed",
            "etc/os-release",
            "etc/hostname",
            "etc/machine-id",
            "etc/passwd",
            "etc/crontab",
            "etc/init.d/agent",
            "etc/xdg/autostart/agent.desktop",
            "usr/lib/systemd/system/kesl.service",
            "home/ada/.local/share/applications/agent.desktop",
            "usr/local/share/ca-certificates/agent.crt",
            "etc/ssl/certs/agent.pem",
            "lib/modules/6.1.0/extra/agent.ko",
            "etc/chromium/policies/managed/agent.json",
            "etc/chromium/native-messaging-hosts/agent.json",
            "home/ada/.config/chromium/Default/Preferences",
            "home/ada/.mozilla/firefox/profiles.ini",
        ],
    ),
    (
        macos,
        &[
            "System/Library/CoreServices/SystemVersion.plist",
            "Applications/Agent.app/Contents/Info.plist",
            "Library/LaunchDaemons/com.example.agent.plist",
            "Library/Receipts/InstallHistory.plist",
            "Library/SystemExtensions/db.plist",
            "private/var/db/receipts/com.example.agent.plist",
            "private/var/db/ConfigurationProfiles/Setup/agent.mobileconfig",
            "Library/Preferences/SystemConfiguration/preferences.plist",
        ],
    ),
    (
        windows,
        &[
            "Windows/System32/config/SOFTWARE",
            "Windows/System32/config/SYSTEM",
            "Windows/System32/Tasks/Agent",
            "Windows/AppCompat/Programs/Amcache.hve",
            "Users/ben/NTUSER.DAT",
        ],
    ),
];

/// Puts something in the place of each expected file in turn: the rest of the machine is read, and the file is named.
fn each_is_said(put: fn(&Path, &str) -> bool, what: &str) {
    for (prepare, paths) in EXPECTED {
        for path in *paths {
            let home = Home::new();
            let root = prepare(&home);
            if !put(&home.path("root"), path) {
                return skipped(&format!("no {what} can be made here"));
            }
            let ran = audit(&home, &root);
            let name = path.rsplit('/').next().unwrap();
            let said = said(&ran).replace("\\\\", "/");
            assert!(said.contains(name), "{what} at {path} is not said:\n{}", shown(&ran));
            let document = ran.json();
            let reports = document["collectors"].as_array().unwrap();
            let complete = reports.iter().filter(|report| report["status"] == "complete").count();
            // Without the registry's larger half little is left of Windows.
            let is_much = path.ends_with("config/SOFTWARE") || complete * 2 > reports.len();
            assert!(is_much, "{what} at {path} keeps the rest from being read:\n{}", shown(&ran));
        }
    }
}

#[test]
fn a_pipe_in_the_place_of_a_file_is_said() {
    each_is_said(pipe, "pipe");
}

#[test]
fn a_device_in_the_place_of_a_file_is_said() {
    if !is_root() {
        return skipped("only root makes devices");
    }
    each_is_said(endless, "device");
}

#[test]
fn a_link_in_a_circle_is_said() {
    each_is_said(|root, path| symlink(Path::new(path).file_name().unwrap(), cleared(root, path)).is_ok(), "loop");
    each_is_said(
        |root, path| {
            let other = cleared(root, &format!("{path}.other"));
            symlink(Path::new(path).file_name().unwrap(), &other).is_ok()
                && symlink(other.file_name().unwrap(), cleared(root, path)).is_ok()
        },
        "loop of two",
    );
}

#[test]
fn a_circle_of_folders_ends_and_is_said() {
    let home = Home::new();
    let root = linux(&home);
    let below = |path: &str| home.path("root").join(path);
    fs::create_dir_all(below("home/ada/.config/chromium/Default")).unwrap();
    fs::create_dir_all(below("usr/local/share/ca-certificates")).unwrap();
    // Each leads back up, so that there is no end to the paths below it.
    for link in [
        "home/ada/.config/again",
        "home/ada/.config/chromium/Default/Extensions",
        "usr/local/share/ca-certificates/again",
        "opt/kaspersky/again",
    ] {
        symlink("..", cleared(&home.path("root"), link)).unwrap();
    }
    symlink("system", cleared(&home.path("root"), "etc/systemd/system")).unwrap();
    let ran = home.run(["audit", "--root", &root, "--sweep", "/opt", "--sweep", "/home", "--format", "json"]);
    let document = ran.ended_with(0).json();
    assert!(reason(&document, "linux/systemd").contains("/etc/systemd/system could not be read: too many links"));
    assert!(products(&document).contains(&"kaspersky.kes-linux"), "{document}");
}

#[test]
fn nothing_is_certified_while_a_pipe_stands_where_packages_are_listed() {
    let home = Home::new();
    let root = linux(&home);
    fs::remove_dir_all(home.path("root/opt/kaspersky")).unwrap();
    fs::remove_dir_all(home.path("root/var/opt/kaspersky")).unwrap();
    for unit in ["kesl", "klnagent64"] {
        fs::remove_file(home.path(&format!("root/usr/lib/systemd/system/{unit}.service"))).unwrap();
        fs::remove_file(home.path(&format!("root/etc/systemd/system/multi-user.target.wants/{unit}.service"))).unwrap();
    }
    assert!(pipe(&home.path("root"), "var/lib/dpkg/status"));
    audit(&home, &root);
    let document = home.line("verify-removed --vendor kaspersky --format json").ended_with(10).json();
    let classes = document["machines"][0]["classes"].as_array().unwrap();
    let packages = classes.iter().find(|class| class["source"] == "deb_packages").unwrap();
    assert_eq!(packages["state"], "not-looked-at", "{packages}");
    assert!(packages.to_string().contains("not a regular file"), "{packages}");
}

/// What lies outside: a system of its own, full of the marker.
fn write_outside(outside: &Path) {
    prepared_root::write(outside).unwrap();
    let files = [
        ("var/lib/dpkg/status", format!("Package: {OUTSIDE}\nStatus: install ok installed\nVersion: 1\n\n")),
        ("etc/hostname", OUTSIDE.to_owned()),
        ("etc/os-release", format!("NAME=\"{OUTSIDE}\"\nVERSION_ID=\"1\"\n")),
        ("etc/passwd", format!("{OUTSIDE}:x:1000:1000::/home/{OUTSIDE}:/bin/sh\n")),
        ("unit", format!("[Unit]\nDescription={OUTSIDE}\n[Service]\nExecStart=/usr/bin/{OUTSIDE}\n")),
        (
            "Info.plist",
            format!("<plist version=\"1.0\"><dict><key>CFBundleName</key><string>{OUTSIDE}</string></dict></plist>"),
        ),
        (
            "Preferences",
            format!(
                "{{\"extensions\":{{\"settings\":{{\"aaaabbbbccccddddeeeeffffgggghhhh\":{{\"manifest\":{{\"name\":\"{OUTSIDE}\"}}}}}}}}}}"
            ),
        ),
        ("folder/agent.desktop", format!("[Desktop Entry]\nType=Application\nName={OUTSIDE}\nExec=/{OUTSIDE}\n")),
        ("folder/agent.service", format!("[Service]\nExecStart=/usr/bin/{OUTSIDE}\n")),
    ];
    for (path, text) in files {
        let place = outside.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }
    let registry = format!(
        "Windows Registry Editor Version 5.00\n\n\
         [HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{OUTSIDE}]\n\
         \"DisplayName\"=\"{OUTSIDE}\"\n\n\
         [HKEY_USERS\\S-1-5-21-1\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{OUTSIDE}]\n\
         \"DisplayName\"=\"{OUTSIDE}\"\n"
    );
    fs::write(outside.join("SOFTWARE"), hive_of(&registry, r"HKLM\SOFTWARE")).unwrap();
    fs::create_dir_all(outside.join("users")).unwrap();
    fs::write(outside.join("users/NTUSER.DAT"), hive_of(&registry, r"HKU\S-1-5-21-1")).unwrap();
    let database = Connection::open(outside.join("rpmdb.sqlite")).unwrap();
    database.execute_batch("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB)").unwrap();
    database.execute("INSERT INTO Packages VALUES (1, ?1)", [OUTSIDE.as_bytes()]).unwrap();
    for folder in ["home", "opt", "folder"] {
        fs::create_dir_all(outside.join(folder).join(OUTSIDE)).unwrap();
    }
}

#[test]
fn nothing_outside_of_the_root_is_ever_read() {
    let links = [
        ("var/lib/dpkg/status", "var/lib/dpkg/status"),
        ("etc/hostname", "etc/hostname"),
        ("etc/os-release", "etc/os-release"),
        ("etc/passwd", "etc/passwd"),
        ("usr/lib/systemd/system/kesl.service", "unit"),
        ("usr/lib/systemd/system/other.service", "unit"),
        ("home/ada/.config/chromium/Default/Preferences", "Preferences"),
        // A folder that leads outside, and what is looked for below it.
        ("etc/systemd/system", "folder"),
        ("etc/xdg/autostart", "folder"),
        ("home/bob", "home"),
        ("opt/vendor", "opt"),
        ("Applications/Agent.app/Contents/Info.plist", "Info.plist"),
        ("var/lib/rpm/rpmdb.sqlite", "rpmdb.sqlite"),
        ("Windows/System32/config/SOFTWARE", "SOFTWARE"),
        ("Users/ben", "users"),
    ];
    for prepare in [linux, macos, windows] {
        for is_absolute in [true, false] {
            let home = Home::new();
            let root = prepare(&home);
            let outside = home.path("outside");
            fs::create_dir_all(&outside).unwrap();
            write_outside(&outside);
            for (link, target) in links {
                let place = cleared(&home.path("root"), link);
                // Far more steps up than there are folders: a path that is not bounded ends at the real root.
                let up = "../".repeat(40);
                let whole = outside.join(target);
                let relative = format!("{up}{}", whole.to_str().unwrap().trim_start_matches('/'));
                let target = if is_absolute { whole } else { PathBuf::from(relative) };
                symlink(target, &place).unwrap();
                assert!(place.exists(), "who follows {link} as it is gets outside");
            }
            let scan = home.argument("scan.jsonl");
            let page = home.argument("report.html");
            let ran = home.run(["audit", "--root", &root, "--sweep", "/opt", "--sweep", "/home", "--report", &page]);
            let scanned = home.run(["scan", "--root", &root, "--sweep", "/", "--out", &scan]).ended_with(0);
            let audited = audit(&home, &root);
            let written = [&scan, &page].map(|file| fs::read_to_string(file).unwrap());
            let everything = [said(&ran.ended_with(0)), said(&scanned), said(&audited)]
                .into_iter()
                .chain(written)
                .collect::<String>();
            if let Some(at) = everything.find(OUTSIDE) {
                panic!("read outside of the root: {}", &everything[at.saturating_sub(300)..at + OUTSIDE.len()]);
            }
        }
    }
}

/// Runs an audit and measures it: what it came to, and the most memory that it held, in KiB.
fn measured(home: &Home, root: &str) -> (Ran, u64) {
    let mut command = home.command();
    command.args(["audit", "--root", root, "--profile", "us-private", "--format", "json"]);
    let Measured { ran, memory, time } = support::measured(home, &mut command, LONGEST);
    assert!(memory > 0, "nothing was measured");
    assert!(time < MOST_TIME, "it took {time} hundredths of a second");
    (ran.ended_with(0), memory)
}

/// A package with a status.
fn package(name: &str) -> String {
    format!("Package: {name}\nStatus: install ok installed\nVersion: 1\n\n")
}

#[test]
fn a_database_without_end_takes_neither_memory_nor_time() {
    for gibibytes in [1, 1 << 10] {
        let home = Home::new();
        let root = linux(&home);
        let file = File::create(home.path("root/var/lib/dpkg/status")).unwrap();
        if file.set_len(gibibytes << 30).is_err() {
            skipped(&format!("no file of {gibibytes} GiB can be made here"));
            continue;
        }
        let (ran, memory) = measured(&home, &root);
        assert!(memory < MOST_MEMORY, "{gibibytes} GiB took {memory} KiB");
        let document = ran.json();
        let reason = reason(&document, "linux/dpkg");
        assert!(reason.contains("/var/lib/dpkg/status"), "{reason}");
        assert_eq!(collector(&document, "linux/systemd")["status"], "complete", "{document}");
        assert!(products(&document).contains(&"kaspersky.kes-linux"), "its unit and files are still there: {document}");
    }
}

#[test]
fn what_follows_a_hive_in_its_file_is_left_alone() {
    let home = Home::new();
    let root = windows(&home);
    let before = products(&audit(&home, &root).json()).into_iter().map(str::to_owned).collect::<Vec<_>>();
    for hive in ["Windows/System32/config/SOFTWARE", "Windows/System32/config/SYSTEM", "Users/ada/NTUSER.DAT"] {
        let file = File::options().write(true).open(home.path("root").join(hive)).unwrap();
        file.set_len(4 << 30).unwrap();
    }
    let (ran, memory) = measured(&home, &root);
    assert!(memory < MOST_MEMORY, "it took {memory} KiB");
    assert_eq!(products(&ran.json()), before);
    // One that says that all of it is a hive is too large, which is said of the file.
    let place = home.path("root/Windows/System32/config/SOFTWARE");
    let mut bytes = vec![0; 4096];
    File::open(&place).unwrap().read_exact(&mut bytes).unwrap();
    bytes[40..44].copy_from_slice(&0xfff0_0000_u32.to_le_bytes());
    let words = bytes[..508].chunks_exact(4).map(|word| u32::from_le_bytes(word.try_into().unwrap()));
    let sum = words.fold(0, |sum, word| sum ^ word);
    bytes[508..512].copy_from_slice(&sum.to_le_bytes());
    File::options().write(true).open(&place).unwrap().write_all(&bytes).unwrap();
    let (ran, memory) = measured(&home, &root);
    assert!(memory < MOST_MEMORY, "it took {memory} KiB");
    let document = ran.json();
    assert!(reason(&document, "windows/uninstall").contains(r"config\SOFTWARE is larger than"), "{}", shown(&ran));
}

#[test]
fn a_record_without_end_is_said_and_those_around_it_are_read() {
    let home = Home::new();
    let root = linux(&home);
    let text = [
        package("kesl"),
        format!("Package: huge\nStatus: install ok installed\nVersion: 1\nDescription: {}\n\n", "x".repeat(20_000_000)),
        package("wazuh-agent"),
    ];
    home.file("root/var/lib/dpkg/status", text.concat());
    let (ran, memory) = measured(&home, &root);
    assert!(memory < MOST_MEMORY, "it took {memory} KiB");
    let document = ran.json();
    assert_eq!(collector(&document, "linux/dpkg")["count"], 3);
    assert!(reason(&document, "linux/dpkg").contains("a record is longer than"), "{}", shown(&ran));
    assert!(products(&document).contains(&"kaspersky.kes-linux"));
}

#[test]
fn a_folder_without_end_is_said() {
    let home = Home::new();
    let root = linux(&home);
    let folder = home.path("root/etc/xdg/autostart");
    fs::create_dir_all(&folder).unwrap();
    // Hard links are made faster than files, and a file may have some 65,000 of them.
    for number in 0..300_000 {
        let first = folder.join(format!("{:06}.desktop", number - number % 50_000));
        if number % 50_000 == 0 {
            fs::write(first, "").unwrap();
        } else {
            fs::hard_link(first, folder.join(format!("{number:06}.desktop"))).unwrap();
        }
    }
    let (ran, memory) = measured(&home, &root);
    assert!(memory < MOST_MEMORY, "it took {memory} KiB");
    let document = ran.json();
    assert!(reason(&document, "linux/autostart").contains("/etc/xdg/autostart is larger than"), "{}", shown(&ran));
    assert_eq!(collector(&document, "linux/systemd")["status"], "complete");
    assert!(products(&document).contains(&"kaspersky.kes-linux"));
}

#[test]
fn a_unit_without_end_is_said_and_keeps_its_name() {
    let home = Home::new();
    let root = linux(&home);
    let text = format!("[Service]\n{}ExecStart=/usr/bin/agent\n", "Environment=A=B\n".repeat(700_000));
    home.file("root/etc/systemd/system/huge.service", text);
    let (ran, memory) = measured(&home, &root);
    assert!(memory < MOST_MEMORY, "it took {memory} KiB");
    let document = ran.json();
    let reason = reason(&document, "linux/systemd");
    assert!(reason.contains("/etc/systemd/system/huge.service is larger than"), "{reason}");
    assert!(products(&document).contains(&"kaspersky.kes-linux"));
    let scan = home.run(["scan", "--root", &root]).ended_with(0);
    assert!(scan.lines().iter().any(|line| line["name"] == "huge"), "the unit is there, whatever is in it");
}

#[test]
fn names_that_are_no_utf_8_are_said() {
    let garbled = |name: &str| {
        let bytes: Vec<u8> = name.bytes().map(|byte| if byte == b'?' { 0xff } else { byte }).collect();
        OsStr::from_bytes(&bytes).to_owned()
    };
    let table: [(Prepare, &str, &str, &str); 8] = [
        (linux, "linux/systemd", "etc/systemd/system", "agent?.service"),
        (linux, "linux/certificates", "usr/local/share/ca-certificates", "agent?.crt"),
        (linux, "linux/autostart", "etc/xdg/autostart", "agent?.desktop"),
        (linux, "linux/browser-extensions", "home", "?da"),
        (linux, "linux/user-programs", "home/ada/.local/share/applications", "agent?.desktop"),
        (linux, "linux/dpkg", "var/lib/dpkg/status.d", "base?"),
        (macos, "macos/launchd", "Library/LaunchDaemons", "com.example.?.plist"),
        (macos, "macos/applications", "Applications", "Agent?.app"),
    ];
    for (prepare, name, folder, file) in table {
        let home = Home::new();
        let root = prepare(&home);
        let folder = home.path("root").join(folder);
        fs::create_dir_all(&folder).unwrap();
        let place = folder.join(garbled(file));
        if folder.ends_with("Applications") || folder.ends_with("home") {
            fs::create_dir_all(place.join("Contents")).unwrap();
        } else {
            fs::write(place, "[Service]\nExecStart=/bin/agent\n").unwrap();
        }
        let ran = audit(&home, &root);
        let document = ran.json();
        assert!(reason(&document, name).contains("is no UTF-8"), "{file}: {}", shown(&ran));
    }
}

#[test]
fn a_hive_in_a_folder_of_hives_that_cannot_be_opened_is_said() {
    let home = Home::new();
    let folder = home.path("hives");
    PreparedWindows::of("one-users-copy").unwrap().write_hives(&folder).unwrap();
    fs::write(folder.join(OsStr::from_bytes(b"caf\xe9.dat")), "regf").unwrap();
    symlink("circle", folder.join("circle")).unwrap();
    assert!(pipe(&folder, "pipe"));
    let ran = home.line("audit --hives hives --format json").ended_with(0);
    for expected in ["is no UTF-8", "circle could not be read", "pipe could not be read"] {
        assert!(ran.stdout.contains(expected), "\"{expected}\" is not said:\n{}", shown(&ran));
    }
}

#[test]
fn damaged_lists_and_databases_are_said_and_the_rest_is_read() {
    let deep = format!("<plist version=\"1.0\">{}</plist>", "<array>".repeat(100_000));
    let entities =
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><plist>&b;</plist>";
    // A binary list whose only object is an array of itself.
    let mut circle = b"bplist00".to_vec();
    circle.extend([0xa1, 0x00, 0x08, 0, 0, 0, 0, 0, 0, 1, 1]);
    circle.extend(1_u64.to_be_bytes());
    circle.extend(0_u64.to_be_bytes());
    circle.extend(10_u64.to_be_bytes());
    let lists: [&[u8]; 6] =
        [b"", b"bplist00", b"<plist version=\"1.0\"><dict><key>CF", deep.as_bytes(), entities.as_bytes(), &circle];
    for list in lists {
        let home = Home::new();
        let root = macos(&home);
        for path in ["Applications/Agent.app/Contents/Info.plist", "Library/LaunchDaemons/com.example.agent.plist"] {
            home.file(&format!("root/{path}"), list);
        }
        let (ran, memory) = measured(&home, &root);
        assert!(memory < MOST_MEMORY, "it took {memory} KiB");
        let document = ran.json();
        for name in ["macos/applications", "macos/launchd"] {
            assert!(reason(&document, name).contains("gent"), "{}: {}", list.len(), shown(&ran));
        }
        assert!(products(&document).iter().any(|product| product.starts_with("kaspersky.")), "{document}");
    }
    let page = |begin: &[u8]| [begin, &[0xff; 8192]].concat();
    let databases: [(&str, Vec<u8>); 6] = [
        ("var/lib/rpm/rpmdb.sqlite", b"SQLite format 3\0".to_vec()),
        ("var/lib/rpm/rpmdb.sqlite", page(b"SQLite format 3\0")),
        ("var/lib/rpm/Packages.db", page(b"RpmP")),
        ("var/lib/rpm/Packages.db", b"RpmP".to_vec()),
        ("var/lib/rpm/Packages", page(&[0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x61, 0x15, 0x06, 0])),
        ("var/lib/rpm/Packages", vec![0x61; 100]),
    ];
    for (path, bytes) in databases {
        let home = Home::new();
        let root = linux(&home);
        home.file(&format!("root/{path}"), bytes);
        let (ran, memory) = measured(&home, &root);
        assert!(memory < MOST_MEMORY, "it took {memory} KiB");
        let document = ran.json();
        assert!(reason(&document, "linux/rpm").contains(path), "{}", shown(&ran));
        assert!(products(&document).contains(&"kaspersky.kes-linux"));
    }
}
