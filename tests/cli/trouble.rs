//! Machines that cannot be read well and databases that cannot be used: said clearly, nothing lost.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::Path;

use interdict_tests::prepared_root::HOSTNAME;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{Home, is_root, ran, skipped, system};

/// Somebody without any rights.
const NOBODY: u32 = 65_534;

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn status_of<'d>(document: &'d Value, collector: &str) -> &'d Value {
    document["collectors"].as_array().unwrap().iter().find(|one| one["name"] == collector).unwrap()
}

#[test]
fn a_folder_without_rights_is_not_taken_for_an_empty_one() {
    let home = Home::new();
    let root = home.prepared_root();
    let locked = home.path("root/opt/kaspersky");
    mode(&locked, 0o000);
    // The home is its owner's alone; nobody must get to the root and keep a database.
    mode(&home.path(""), 0o755);
    fs::create_dir(home.path("shared")).unwrap();
    mode(&home.path("shared"), 0o777);
    let mut command = home.command();
    command.args(["audit", "--root", &root, "--db", "shared/own.db", "--profile", "us-private", "--format", "json"]);
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    let ran = ran(&mut command);
    mode(&locked, 0o755);
    let document = ran.ended_with(0).json();
    let folders = status_of(&document, "linux/install-folders");
    assert_eq!(folders["status"], "partial", "{folders}");
    assert!(folders["reason"].as_str().unwrap().contains("/opt/kaspersky"), "{folders}");
    let not_looked_at = document["coverage"]["not_looked_at"].to_string();
    assert!(not_looked_at.contains("/opt/kaspersky"), "{not_looked_at}");
    let products: Vec<&Value> =
        document["findings"].as_array().unwrap().iter().map(|finding| &finding["product"]).collect();
    assert!(products.contains(&&json!("kaspersky.kes-linux")), "the package database still names it: {products:?}");
}

#[test]
fn a_truncated_package_database_is_read_as_far_as_it_goes() {
    let home = Home::new();
    let root = home.prepared_root();
    let path = home.path("root/var/lib/dpkg/status");
    let status = fs::read_to_string(&path).unwrap();
    let cut = status.find("Package: python3-panda3d-viewer").unwrap() + 40;
    fs::write(&path, &status[..cut]).unwrap();
    let ran = home.run(["audit", "--root", &root, "--profile", "us-private", "--format", "json"]).ended_with(0);
    assert!(
        ran.stderr.contains("[formats/dpkg-truncated]") && ran.stderr.contains("/var/lib/dpkg/status"),
        "{}",
        ran.shown()
    );
    let document = ran.json();
    assert_eq!(document["findings"].as_array().unwrap().len(), 2);
    assert_ne!(status_of(&document, "linux/dpkg")["status"], "complete");
    assert!(document["diagnostics"].to_string().contains("formats/dpkg-truncated"));
}

#[test]
fn an_rpm_database_that_is_none_is_said_and_the_rest_is_read() {
    let home = Home::new();
    let root = home.prepared_root();
    home.file("root/var/lib/rpm/rpmdb.sqlite", "this is no database, and long enough to look like a file of some kind");
    let document =
        home.run(["audit", "--root", &root, "--profile", "us-private", "--format", "json"]).ended_with(0).json();
    let rpm = status_of(&document, "linux/rpm");
    assert_eq!(rpm["status"], "failed", "{rpm}");
    assert!(rpm["reason"].as_str().unwrap().contains("rpmdb.sqlite"), "{rpm}");
    assert!(document["coverage"]["not_looked_at"].to_string().contains("rpmdb.sqlite"));
    assert_eq!(document["findings"].as_array().unwrap().len(), 2);
}

#[test]
fn a_root_that_is_not_there_or_no_system() {
    let home = Home::new();
    home.line("audit --root nowhere").complains_of(1, &["error[collect/not-found]", "nowhere"]);
    home.file("file", "");
    home.line("scan --root file").complains_of(1, &["error[collect/unreadable]"]);
    fs::create_dir(home.path("empty")).unwrap();
    let document = home.line("audit --root empty --format json").ended_with(0).json();
    assert!(document["collectors"].as_array().unwrap().iter().all(|one| one["status"] == "not-possible"), "{document}");
    assert!(!document["coverage"]["not_looked_at"].as_array().unwrap().is_empty());
}

#[test]
fn a_database_that_is_none_is_left_as_it_is() {
    let home = Home::new();
    let root = home.prepared_root();
    let garbage = "this is a letter to a friend, and no database at all, however often you look at it".repeat(20);
    let file = home.file("own.db", &garbage);
    for call in ["audit --root root", "machines", "import scan.jsonl"] {
        home.run(["scan", "--root", &root, "--out", "scan.jsonl"]).ended_with(0);
        home.run(call.split(' ').chain(["--db", &file])).complains_of(
            1,
            &["error[store/not-a-database]", "own.db", "hint: name another file with --db; this one was left as it is"],
        );
        assert_eq!(fs::read_to_string(&file).unwrap(), garbage, "{call}");
    }
    // Who asks cannot be read from it; that must not pass for nobody.
    home.line("assess --vendor kaspersky --db own.db").complains_of(1, &["error[cli/saved-profile]", "--profile"]);
    home.line("assess --vendor kaspersky --db own.db --profile us-private").ended_with(0);
}

#[test]
fn a_database_of_a_newer_version_is_left_as_it_is() {
    let home = Home::new();
    let root = home.prepared_root();
    home.run(["audit", "--root", &root, "--db", "own.db"]).ended_with(0);
    let connection = Connection::open(home.path("own.db")).unwrap();
    connection.pragma_update(None, "user_version", 999).unwrap();
    drop(connection);
    for call in ["audit --root root", "findings"] {
        home.line(&format!("{call} --db own.db"))
            .complains_of(1, &["error[store/newer-schema]", "schema 999", "hint: update Interdict"]);
    }
    let connection = Connection::open(home.path("own.db")).unwrap();
    let scans: i64 = connection.query_row("SELECT count(*) FROM scan", [], |row| row.get(0)).unwrap();
    assert_eq!(scans, 1);
}

#[test]
fn a_database_somebody_else_writes_to() {
    let home = Home::new();
    let root = home.prepared_root();
    home.run(["audit", "--root", &root, "--db", "own.db"]).ended_with(0);
    let connection = Connection::open(home.path("own.db")).unwrap();
    connection.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let ran = home.run(["audit", "--root", &root, "--db", "own.db"]);
    connection.execute_batch("ROLLBACK").unwrap();
    let ran = ran.complains_of(
        1,
        &[
            "error[store/locked]: the database is in use",
            "\n  cause: database is locked",
            "\n  hint: close the other Interdict",
        ],
    );
    assert_eq!(ran.stdout, "");
    let machine = &home.line("machines --db own.db --format json").ended_with(0).json()["machines"][0];
    assert_eq!(machine["hostname"], HOSTNAME, "what was there is still there");
    home.run(["audit", "--root", &root, "--db", "own.db"]).ended_with(0);
}

/// A small disk of its own, where this machine allows one.
struct SmallDisk<'h> {
    home: &'h Home,
}

impl<'h> SmallDisk<'h> {
    fn mounted(home: &'h Home) -> Option<Self> {
        fs::create_dir(home.path("disk")).unwrap();
        let path = home.path("disk");
        let arguments = ["-t", "tmpfs", "-o", "size=2m", "tmpfs"].map(OsStr::new);
        let mounted = is_root() && system("mount", &[&arguments[..], &[path.as_os_str()]].concat());
        mounted.then_some(Self { home })
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        system("umount", &[self.home.path("disk").as_os_str()]);
    }
}

#[test]
fn a_full_disk() {
    let home = Home::new();
    let root = home.prepared_root();
    let Some(_disk) = SmallDisk::mounted(&home) else {
        skipped("no small disk can be mounted here");
        return;
    };
    home.run(["audit", "--root", &root, "--db", "disk/own.db", "--format", "json"]).ended_with(0);
    // So many new packages do not fit any more.
    let filler = filler(40_000);
    let path = home.path("root/var/lib/dpkg/status");
    let status = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{status}{filler}")).unwrap();
    let ran = home.run(["audit", "--root", &root, "--db", "disk/own.db"]);
    let ran = ran.complains_of(1, &["error[store/disk-full]: no space left for the database", "hint: free some space"]);
    assert_eq!(ran.stdout, "");
    let software = home.line("software --db disk/own.db --format jsonl").ended_with(0).lines();
    assert_eq!(software.len(), 11, "what was there is still there, and nothing of the new");
    fs::write(&path, status).unwrap();
    home.run(["audit", "--root", &root, "--db", "disk/own.db"]).ended_with(0);
    // Neither does a scan file, and the older one stays.
    fs::write(home.path("disk/scan.jsonl"), "old").unwrap();
    fs::write(&path, filler).unwrap();
    home.run(["scan", "--root", &root, "--out", "disk/scan.jsonl"])
        .complains_of(1, &["error[app/file]: could not write"]);
    assert_eq!(fs::read_to_string(home.path("disk/scan.jsonl")).unwrap(), "old");
    let left: Vec<_> = fs::read_dir(home.path("disk")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("interdict-scan")), "{left:?}");
}

#[test]
fn files_that_are_no_scans() {
    let home = Home::new();
    let root = home.prepared_root();
    home.run(["scan", "--root", &root, "--out", "scan.jsonl"]).ended_with(0);
    let csv = home.file("export.csv", "Dear colleagues, the list is attached.\n");
    home.run(["import", &csv]).complains_of(1, &["error[import/unknown-format]", "export.csv", "plain text", "--from"]);
    let list = home.file("list.csv", "36,\"AEROCARIBBEAN AIRLINES\",-0- \n173,\"ANGLO-CARIBBEAN CO., LTD.\",-0- \n");
    home.run(["import", &list])
        .complains_of(1, &["error[import/no-titles]", "3 columns", "a line above the first row"]);
    assert!(!home.has_data(), "nothing was put into it, so no database was made");
    home.line("import nowhere.jsonl").complains_of(1, &["error[app/file]", "nowhere.jsonl"]);
    let ran = home.run(["import", "export.csv", "scan.jsonl", "--format", "json"]);
    let ran =
        ran.complains_of(1, &["error[import/unknown-format]", "error[cli/bad-files]: 1 of 2 files were not imported"]);
    assert_eq!(ran.json()["import"].as_array().unwrap().len(), 1);
    assert_eq!(ran.json()["failed"], 1);
    home.line("import scan.jsonl").ended_with(0);
    let newer = fs::read_to_string(home.path("scan.jsonl")).unwrap();
    let older = newer.replacen("\"started\":\"2", "\"started\":\"1", 1);
    let older = home.file("older.jsonl", older);
    home.run(["import", &older]).complains_of(1, &["error[store/older-scan]", "oldest first"]);
}

#[test]
fn a_link_as_the_output_stays_a_link() {
    let home = Home::new();
    let root = home.prepared_root();
    home.file("real.jsonl", "old");
    symlink(home.path("real.jsonl"), home.path("link.jsonl")).unwrap();
    home.run(["scan", "--root", &root, "--out", "link.jsonl"]).ended_with(0);
    assert!(home.path("link.jsonl").is_symlink());
    assert!(fs::read_to_string(home.path("real.jsonl")).unwrap().starts_with("{\"schema\""));
    home.run(["scan", "--root", &root, "--out", "/dev/null"]).ended_with(0);
}

/// A package database of so many packages.
pub(crate) fn filler(packages: usize) -> String {
    (0..packages).fold(String::new(), |mut text, number| {
        let record = "Status: install ok installed\nMaintainer: Filler <filler@example.org>\nArchitecture: all";
        writeln!(text, "Package: filler-{number}\n{record}\nVersion: {number}\n").unwrap();
        text
    })
}
