//! The database in the hands of many: several processes at once, backups, disks that are full or cannot be written.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use interdict_app::Workbench;
use interdict_app::store::{Options, Store};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::fleet::{MACHINES, Numbered};
use crate::support::{Home, Ran, is_root, ran, skipped, system};

const NOW: &str = "2026-11-22T18:00:00Z";
/// Somebody without any rights.
const NOBODY: u32 = 65_534;

/// A home with a database that holds one scan of a machine.
fn home() -> Home {
    let home = Home::new();
    import(&home, Numbered { number: 0, packages: 30 }).ended_with(0);
    home
}

fn import(home: &Home, scan: Numbered) -> Ran {
    let name = format!("scan-{}.jsonl", scan.number);
    home.file(&name, scan.text());
    home.line(&format!("import {name} --db own.db --wait 120 --format json"))
}

fn machines(home: &Home, database: &str) -> usize {
    let document = home.line(&format!("machines --db {database} --format json")).ended_with(0).json();
    document["machines"].as_array().unwrap().len()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// What lies in the home, without what the test put there.
fn names(home: &Home, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(home.path(folder)).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.starts_with("scan-"));
    names.sort();
    names
}

#[test]
fn many_read_while_one_writes_and_nobody_is_turned_away() {
    let home = home();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let readers: Vec<_> = ["machines", "software", "findings", "database check"]
            .into_iter()
            .map(|list| {
                let (home, done) = (&home, &done);
                scope.spawn(move || {
                    let mut answers = 0;
                    while !done.load(Ordering::SeqCst) || answers == 0 {
                        let document = home.line(&format!("{list} --db own.db --format json")).ended_with(0).json();
                        assert_ne!(document["sound"], json!(false), "{document}");
                        answers += 1;
                    }
                    answers
                })
            })
            .collect();
        // The window keeps its database open and asks it in between.
        let window = Store::open(&home.path("own.db"), NOW).unwrap();
        let mut seen = 0;
        for number in 1..10 {
            import(&home, Numbered { number, packages: 300 }).ended_with(0);
            let scans = window.totals().unwrap().scans;
            assert!(scans > seen, "what is recorded is seen at once");
            seen = scans;
        }
        done.store(true, Ordering::SeqCst);
        for reader in readers {
            assert!(reader.join().unwrap() > 0);
        }
    });
    assert_eq!(machines(&home, "own.db"), 3);
}

#[test]
fn writers_of_several_processes_take_turns() {
    let home = home();
    let builtin = Workbench::builtin().unwrap();
    thread::scope(|scope| {
        for lane in 1..=MACHINES {
            let home = &home;
            scope.spawn(move || {
                for round in 0..4 {
                    // One lane for each machine, whose scans come oldest first.
                    import(home, Numbered { number: lane + round * MACHINES, packages: 200 }).ended_with(0);
                }
            });
        }
        // The window writes too: its settings, and what another catalogue says of the machines.
        let patient = Options { busy_timeout: Duration::from_mins(2) };
        let mut window = Store::open_with(&home.path("own.db"), NOW, patient).unwrap();
        for turn in 0..20 {
            window.set_setting("turn", &turn.to_string()).unwrap();
            builtin.refresh_detections(&mut window).unwrap();
        }
    });
    let store = Store::open(&home.path("own.db"), NOW).unwrap();
    assert_eq!(store.totals().unwrap().scans, 13);
    assert!(store.check().unwrap().is_sound());
    for number in 10..=12 {
        Numbered { number, packages: 200 }.must_be_there(&store);
    }
}

#[test]
fn a_writer_waits_as_long_as_it_is_told() {
    let home = home();
    let connection = Connection::open(home.path("own.db")).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    let begun = Instant::now();
    for call in ["import scan-1.jsonl", "restore copy.db", "database compact", "database forget --before 2026-01-01"] {
        home.file("scan-1.jsonl", Numbered { number: 1, packages: 5 }.text());
        if !home.path("copy.db").exists() {
            home.line("backup copy.db --db own.db").ended_with(0);
        }
        home.line(&format!("{call} --db own.db --wait 0")).complains_of(
            1,
            &["error[store/locked]: the database is in use by another process", "hint: close the other", "--wait"],
        );
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "nobody waited for five seconds each");
    // Reading goes on, and says so where it cannot bring things up to date.
    assert_eq!(machines(&home, "own.db"), 1);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| home.line("import scan-1.jsonl --db own.db --wait 100"));
        thread::sleep(Duration::from_millis(500));
        connection.execute_batch("COMMIT").unwrap();
        waiting.join().unwrap().ended_with(0);
    });
    assert_eq!(machines(&home, "own.db"), 2);
    home.line("machines --wait never").ended_with(2);
}

#[test]
fn a_backup_is_restored_and_the_restore_undone() {
    let home = home();
    home.line("backup nowhere/copy.db --db own.db").complains_of(1, &["error[store/no-such-file]", "nowhere"]);
    let backup = home.line("backup copy.db --db own.db --format json").ended_with(0).json();
    assert_eq!((&backup["machines"], &backup["installations"]), (&json!(1), &json!(30)));
    assert_eq!(backup["bytes"], fs::metadata(home.path("copy.db")).unwrap().len());
    home.line("backup copy.db --db own.db").complains_of(
        1,
        &["error[store/exists]", "copy.db", "hint: name another file, or replace this one with --replace"],
    );
    home.line("backup copy.db --db own.db --replace").ended_with(0);
    import(&home, Numbered { number: 1, packages: 10 }).ended_with(0);
    let restored = home.line("restore copy.db --db own.db --format json").ended_with(0).json();
    assert_eq!(restored["machines"], 1);
    assert_eq!(machines(&home, "own.db"), 1);
    let kept = restored["kept"].as_str().unwrap();
    assert!(kept.contains("own.before-restore."), "{kept}");
    let text = home.run(["restore", kept, "--db", "own.db"]).ended_with(0).stdout;
    assert!(text.contains("Undo this with: interdict restore"), "{text}");
    assert_eq!(machines(&home, "own.db"), 2);
    // Into a database that is not there yet, nothing has to be kept.
    let fresh = home.line("restore copy.db --db new/fresh.db --format json").ended_with(0).json();
    assert_eq!(fresh.get("kept"), None);
    assert_eq!(machines(&home, "new/fresh.db"), 1);
    assert_eq!(mode(&home.path("new")), 0o700);
}

#[test]
fn the_database_is_not_overwritten_by_its_own_backup() {
    let home = home();
    symlink(home.path("own.db"), home.path("soft.db")).unwrap();
    fs::hard_link(home.path("own.db"), home.path("hard.db")).unwrap();
    for target in ["own.db", "soft.db", "hard.db", "./../own.db", "own.db-wal"] {
        let target = target.replace("..", &format!("../{}", home.path("").file_name().unwrap().to_string_lossy()));
        home.run(["backup", &target, "--replace", "--db", "own.db"]).complains_of(1, &["error[store/itself]"]);
    }
    for source in ["own.db", "soft.db", "hard.db"] {
        home.run(["restore", source, "--db", "own.db"]).complains_of(1, &["error[store/itself]"]);
    }
    fs::remove_file(home.path("hard.db")).unwrap();
    assert_eq!(machines(&home, "own.db"), 1);
}

#[test]
fn what_is_no_database_is_said_by_every_command() {
    let home = home();
    home.file("letter.db", "dear friend, this is no database at all, however long you look".repeat(50));
    fs::create_dir(home.path("folder")).unwrap();
    for call in ["database check", "database compact", "database forget --before 2026-01-01", "backup x.db"] {
        home.line(&format!("{call} --db letter.db"))
            .complains_of(1, &["error[store/not-a-database]", "letter.db", "hint"]);
        home.line(&format!("{call} --db folder")).complains_of(1, &["error[store/not-a-database]", "folder", "hint"]);
        home.line(&format!("{call} --db none.db")).complains_of(1, &["error[cli/no-inventory]", "none.db", "hint"]);
    }
    home.line("restore letter.db --db own.db").complains_of(1, &["error[store/not-a-database]", "letter.db"]);
    home.line("restore folder --db own.db").complains_of(1, &["error[store/not-a-file]", "folder"]);
    home.line("restore none.db --db own.db").complains_of(1, &["error[store/no-such-file]", "none.db"]);
    home.line("restore none.db --db new.db").complains_of(1, &["error[store/no-such-file]"]);
    home.line("backup folder --replace --db own.db").complains_of(1, &["error[store/not-a-file]", "folder"]);
    home.line("backup /dev/null --replace --db own.db").complains_of(1, &["error[store/not-a-file]", "/dev/null"]);
    assert!(!home.path("new.db").exists() && !home.path("none.db").exists() && !home.path("x.db").exists());
    assert_eq!(machines(&home, "own.db"), 1);
}

#[test]
fn damage_is_found_and_a_backup_repairs_it() {
    let home = home();
    import(&home, Numbered { number: 3, packages: 3_000 }).ended_with(0);
    home.line("backup copy.db --db own.db").ended_with(0);
    let sound = home.line("database check --db own.db --format json").ended_with(0).json();
    assert_eq!((&sound["sound"], &sound["content"]["scans"]), (&json!(true), &json!(2)));
    let mut bytes = fs::read(home.path("own.db")).unwrap();
    let middle = bytes.len() / 2 / 4_096 * 4_096;
    bytes[middle..middle + 2_000].fill(0xa5);
    fs::write(home.path("own.db"), &bytes).unwrap();
    let damaged = home.line("database check --db own.db --format json").ended_with(10).json();
    assert_eq!(damaged["sound"], false);
    assert!(!damaged["problems"].as_array().unwrap().is_empty());
    home.line("backup copy.db --replace --db own.db")
        .complains_of(1, &["error[store/unsound]", "own.db", "interdict restore"]);
    home.line("restore copy.db --db own.db").ended_with(0);
    home.line("database check --db own.db").ended_with(0);
    assert_eq!(machines(&home, "own.db"), 1);
    // So damaged that it cannot be opened at all: it is set aside as it is.
    let mut bytes = fs::read(home.path("own.db")).unwrap();
    bytes[100..400].fill(0xa5);
    fs::write(home.path("own.db"), &bytes).unwrap();
    home.line("machines --db own.db").complains_of(1, &["error[store/corrupt]", "interdict restore"]);
    let restored = home.line("restore copy.db --db own.db --format json").ended_with(0).json();
    assert_eq!(fs::read(home.path(restored["kept"].as_str().unwrap())).unwrap(), bytes);
    assert_eq!(machines(&home, "own.db"), 1);
}

#[test]
fn what_is_long_over_is_forgotten_after_a_dry_run_said_so() {
    let home = home();
    import(&home, Numbered { number: 3, packages: 30 }).ended_with(0);
    import(&home, Numbered { number: 1, packages: 7 }).ended_with(0);
    let call = "database forget --before 2026-02-01 --db own.db --format json";
    let tried = home.line(&format!("{call} --dry-run")).ended_with(0).json();
    assert_eq!((&tried["done"], &tried["installations"], &tried["machines"]), (&json!(false), &json!(20), &json!([])));
    let mut done = home.line(call).ended_with(0).json();
    assert_eq!(done["done"], true);
    done["done"] = json!(false);
    assert_eq!(done, tried, "what was said is what is done");
    assert_eq!(home.line(call).ended_with(0).json()["installations"], 0);
    assert_eq!(machines(&home, "own.db"), 2, "what is there now stays");
    let with_machines = home.line(&format!("{call} --machines")).ended_with(0).json();
    let hosts: Vec<&Value> = with_machines["machines"].as_array().unwrap().iter().map(|one| &one["hostname"]).collect();
    assert_eq!(hosts, ["machine-0", "machine-1"]);
    assert_eq!(machines(&home, "own.db"), 0);
    home.line("database forget --before 2026-02-31 --db own.db").complains_of(2, &["error[cli/day]", "2026-02-28"]);
    home.line("database forget --before 2999-01-01 --db own.db").complains_of(2, &["error[cli/day-ahead]", "2999"]);
    home.line("database forget --db own.db").ended_with(2);
    home.line("database compact --db own.db").ended_with(0);
    home.line("database check --db own.db").ended_with(0);
}

#[test]
fn nobody_else_can_read_any_file_of_it_whatever_the_umask() {
    let home = Home::new();
    home.file("scan-0.jsonl", Numbered { number: 0, packages: 50 }.text());
    let plain = home.command();
    let mut command = Command::new("sh");
    command.args(["-c", "umask 0; \"$0\" import scan-0.jsonl --db d/own.db && \"$0\" backup copy.db --db d/own.db && \"$0\" restore copy.db --db d/own.db"]);
    command.arg(plain.get_program()).current_dir(home.path("")).env("HOME", home.path(""));
    ran(&mut command).ended_with(0);
    let open = Store::open(&home.path("d/own.db"), NOW).unwrap();
    assert_eq!(mode(&home.path("d")), 0o700);
    let files = names(&home, "d");
    assert_eq!(files.len(), 4, "{files:?}");
    for name in files {
        assert_eq!(mode(&home.path("d").join(&name)), 0o600, "{name}");
    }
    drop(open);
    assert_eq!(mode(&home.path("copy.db")), 0o600);
    // What somebody opened to others is said and left so.
    set_mode(&home.path("d"), 0o755);
    set_mode(&home.path("d/own.db"), 0o644);
    for call in ["machines", "backup copy.db --replace", "database check"] {
        let ran = home.line(&format!("{call} --db d/own.db")).ended_with(0);
        assert_eq!(ran.stderr.matches("warning[store/readable-by-others]").count(), 1, "{}", ran.shown());
        assert!(ran.stderr.contains("hint: make it private with: chmod 600"), "{}", ran.shown());
        assert_eq!(home.line(&format!("{call} --db d/own.db --quiet")).ended_with(0).stderr, "");
    }
    assert_eq!(mode(&home.path("d/own.db")), 0o644);
}

/// Runs the command as somebody who is not root, so that permissions mean something.
fn as_nobody(home: &Home, line: &str) -> Ran {
    let mut command = home.command();
    command.args(line.split_whitespace());
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    ran(&mut command)
}

#[test]
fn files_and_folders_that_cannot_be_written() {
    let home = Home::new();
    set_mode(&home.path(""), 0o777);
    home.file("scan-0.jsonl", Numbered { number: 0, packages: 5 }.text());
    set_mode(&home.path("scan-0.jsonl"), 0o644);
    home.file("scan-1.jsonl", Numbered { number: 1, packages: 5 }.text());
    set_mode(&home.path("scan-1.jsonl"), 0o644);
    as_nobody(&home, "import scan-0.jsonl --db d/own.db").ended_with(0);
    as_nobody(&home, "backup copy.db --db d/own.db").ended_with(0);
    // Identified with another catalogue, it would have to be worked out anew.
    let connection = Connection::open(home.path("d/own.db")).unwrap();
    let sql = "UPDATE setting SET value = '2020.01' WHERE key = 'detected-with-catalogue'";
    assert_eq!(connection.execute(sql, []).unwrap(), 1);
    drop(connection);
    let original = fs::read(home.path("d/own.db")).unwrap();
    let calls = [
        "import scan-1.jsonl",
        "machines",
        "restore copy.db",
        "database compact",
        "database forget --before 2026-01-01",
    ];
    set_mode(&home.path("d/own.db"), 0o400);
    for call in calls {
        let ran = as_nobody(&home, &format!("{call} --db d/own.db"));
        ran.complains_of(1, &["error[store/read-only]: the database is read-only", "cause: ", "hint: make the file"]);
    }
    set_mode(&home.path("d/own.db"), 0o000);
    for call in calls {
        let ran = as_nobody(&home, &format!("{call} --db d/own.db"));
        ran.complains_of(1, &["error[store/permission]", "d/own.db", "cause: ", "hint: check who owns"]);
    }
    set_mode(&home.path("d/own.db"), 0o600);
    set_mode(&home.path("d"), 0o500);
    for call in calls {
        let ran = as_nobody(&home, &format!("{call} --db d/own.db"));
        let shown = ran.shown();
        let ran = ran.ended_with(1);
        let is_clear = ["store/read-only", "store/permission"].iter().any(|code| ran.stderr.contains(code));
        assert!(is_clear && ran.stderr.contains("hint: "), "{call}: {shown}");
    }
    as_nobody(&home, "backup d/copy.db --db d/own.db").ended_with(1);
    set_mode(&home.path("d"), 0o700);
    assert_eq!(fs::read(home.path("d/own.db")).unwrap(), original, "nothing was changed");
    as_nobody(&home, "database check --db d/own.db").ended_with(0);
}

/// Something mounted for as long as a test runs, where this machine allows it.
struct Mounted<'h> {
    home: &'h Home,
    folder: &'static str,
}

impl<'h> Mounted<'h> {
    fn new(home: &'h Home, folder: &'static str, arguments: &[&str]) -> Option<Self> {
        fs::create_dir_all(home.path(folder)).unwrap();
        let path = home.path(folder);
        let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).chain([path.as_os_str()]).collect();
        (is_root() && system("mount", &arguments)).then_some(Self { home, folder })
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        system("umount", &[self.home.path(self.folder).as_os_str()]);
    }
}

#[test]
fn a_disk_that_is_mounted_read_only() {
    let home = home();
    let Some(_disk) = Mounted::new(&home, "disk", &["-t", "tmpfs", "tmpfs"]) else {
        skipped("nothing can be mounted here");
        return;
    };
    home.line("backup disk/own.db --db own.db").ended_with(0);
    let remount = |how: &str| {
        let path = home.path("disk");
        assert!(system("mount", &["-o".as_ref(), format!("remount,{how}").as_ref(), path.as_os_str()]));
    };
    remount("ro");
    for call in ["machines", "import scan-0.jsonl", "database compact", "restore own.db"] {
        home.line(&format!("{call} --db disk/own.db"))
            .complains_of(1, &["error[store/read-only]: the database is read-only", "cause: ", "hint: "]);
    }
    home.line("machines --db disk/new.db").complains_of(1, &["error[cli/no-inventory]"]);
    home.line("import scan-0.jsonl --db disk/new.db").complains_of(1, &["error[store/read-only]", "hint: "]);
    home.line("backup disk/copy.db --db own.db").complains_of(1, &["error[store/read-only]", "hint: "]);
    // A backup on such a disk can be restored all the same.
    home.line("restore disk/own.db --db fresh.db").ended_with(0);
    assert_eq!(machines(&home, "fresh.db"), 1);
    remount("rw");
    assert_eq!(machines(&home, "disk/own.db"), 1);
}

#[test]
fn a_disk_that_is_full() {
    /// Enough for an inventory of little and its log.
    const SIZE: u64 = 2 << 20;
    let home = home();
    let size_of_disk = format!("size={SIZE}");
    let Some(_disk) = Mounted::new(&home, "disk", &["-t", "tmpfs", "-o", &size_of_disk, "tmpfs"]) else {
        skipped("no small disk can be mounted here");
        return;
    };
    home.line("restore own.db --db disk/own.db").ended_with(0);
    import(&home, Numbered { number: 1, packages: 18_000 }).ended_with(0);
    home.line("backup large.db --db own.db").ended_with(0);
    let full = ["error[store/disk-full]: no space left for the database", "cause: ", "hint: free some space"];
    home.line("backup disk/large.db --db own.db").complains_of(1, &full);
    home.line("restore large.db --db disk/own.db").complains_of(1, &full);
    home.line("import scan-1.jsonl --db disk/own.db").complains_of(1, &full);
    assert_eq!(names(&home, "disk"), ["own.db"], "nothing is left of what did not fit");
    home.line("database check --db disk/own.db").ended_with(0);
    assert_eq!(machines(&home, "disk/own.db"), 1);
    let size = fs::metadata(home.path("disk/own.db")).unwrap().len();
    let no_room = ["error[store/no-room]: this needs ", "bytes for a while", "hint: free some space"];
    for (free, words) in [(8_192, full), (65_536, no_room)] {
        fs::write(home.path("disk/filler"), vec![1; usize::try_from(SIZE - size - free).unwrap()]).unwrap();
        home.line("database compact --db disk/own.db").complains_of(1, &words);
        fs::remove_file(home.path("disk/filler")).unwrap();
    }
    home.line("database compact --db disk/own.db").ended_with(0);
}

#[test]
fn files_that_may_not_grow_any_further() {
    let home = home();
    import(&home, Numbered { number: 1, packages: 20 }).ended_with(0);
    home.line("backup copy.db --db own.db").ended_with(0);
    home.file("scan-2.jsonl", Numbered { number: 2, packages: 9_000 }.text());
    let program = home.command();
    let limited = |line: &str| {
        let mut command = Command::new("sh");
        // In blocks of 512 bytes; without the trap the signal would end the process.
        command.args(["-c", "trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\""]).arg(program.get_program());
        ran(command.args(line.split_whitespace()).current_dir(home.path("")).env("HOME", home.path("")))
    };
    let ran = limited("import scan-2.jsonl --db own.db");
    ran.complains_of(1, &["error[store/io]: the database could not be read or written", "cause: ", "hint: "]);
    home.line("database check --db own.db").ended_with(0);
    assert_eq!(machines(&home, "own.db"), 2);
    import(&home, Numbered { number: 2, packages: 9_000 }).ended_with(0);
    limited("backup large.db --db own.db").complains_of(1, &["error[store/", "hint: "]);
    limited("database compact --db own.db").complains_of(1, &["error[store/", "hint: "]);
    assert!(!names(&home, "").iter().any(|name| name.contains("large") || name.contains("part")));
    home.line("database check --db own.db").ended_with(0);
    assert_eq!(machines(&home, "own.db"), 3);
}
