//! A watched folder through the real command: real files, real processes, killed ones too.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;

use crate::schemas::holds;
use crate::support::{Home, Ran, from_output, is_root, ran, skipped, system};

/// Somebody without any rights.
const NOBODY: u32 = 65_534;

fn table(machine: &str, rows: usize) -> String {
    let row = |number| format!("{machine};Program {number};1.{number};Somebody\n");
    format!("Computer name;Software;Version;Publisher\n{}", (0..rows).map(row).collect::<String>())
}

/// A home with a folder to drop files into.
fn prepared() -> Home {
    let home = Home::new();
    fs::create_dir(home.path("drop")).unwrap();
    home
}

/// Drops a file at once, as whoever writes it elsewhere and moves it here.
fn drop_file(home: &Home, name: &str, text: impl AsRef<[u8]>) {
    home.file("drop.writing", text);
    fs::rename(home.path("drop.writing"), home.path("drop").join(name)).unwrap();
}

/// The names of the files of a folder, in order; nothing where it is not there.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let files = entries.map(Result::unwrap).filter(|entry| !entry.file_type().unwrap().is_dir());
    let mut names: Vec<String> = files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A command that runs until it is stopped, at the latest with the test.
struct Started(Option<Child>);

impl Started {
    /// Kills it; whether it was still running.
    fn killed(mut self) -> bool {
        let mut child = self.0.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap().code().is_none()
    }

    /// Stops it as Ctrl-C does.
    fn stopped(mut self) -> Ran {
        let child = self.0.take().unwrap();
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
        from_output(&child.wait_with_output().unwrap())
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn started(home: &Home, arguments: &str) -> Started {
    let mut command = home.command();
    command.args(arguments.split_whitespace()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Started(Some(command.spawn().unwrap()))
}

/// Waits for something that happens soon.
fn wait_for(what: &str, happened: impl Fn() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < Duration::from_mins(2), "this never happened: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Every import with the name of its file.
fn imports(home: &Home) -> Vec<String> {
    let list = home.line("imports list --format json").ended_with(0).json();
    let rows = list["imports"].as_array().unwrap();
    let mut names: Vec<String> = rows.iter().map(|row| row["file"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

#[test]
fn once_takes_everything_there_is_and_says_what_became_of_it() {
    let home = prepared();
    drop_file(&home, "inventory.csv", table("PC-1", 2));
    drop_file(&home, "picture.png", b"\x89PNG\r\n\x1a\n\0\0");
    drop_file(
        &home,
        "results.log",
        "{\"name\":\"p\",\"hostIdentifier\":\"srv-1\",\"unixTime\":1718841600,\"columns\":{\"name\":\"Kaspersky Security Center\",\"version\":\"15\",\"publisher\":\"AO Kaspersky Lab\"},\"action\":\"added\"}\nnonsense\n",
    );
    drop_file(&home, "unfinished.csv.part", "x");
    let ran = home.line("import --watch drop --once --settle 1 --format json");
    let ran = ran.complains_of(1, &["unfinished.csv.part is left alone", "error[cli/bad-files]: 1 of 3 files"]);
    let document = ran.json();
    holds("import-watch", &document);
    let result = |file: &str| {
        let files = document["files"].as_array().unwrap();
        files.iter().find(|row| row["file"] == file).unwrap_or_else(|| panic!("{file}: {document}")).clone()
    };
    assert_eq!(result("inventory.csv")["import"]["observations"], 2);
    assert_eq!(result("inventory.csv")["moved_to"], "drop/done/inventory.csv");
    assert_eq!(result("results.log")["import"]["rejected"], 1);
    assert_eq!(result("picture.png")["error"]["code"], "import/unknown-format");
    assert_eq!(names(&home.path("drop")), ["unfinished.csv.part"]);
    assert_eq!(names(&home.path("drop/done")), ["inventory.csv", "results.log", "results.log.rejects.csv"]);
    assert_eq!(names(&home.path("drop/rejected")), ["picture.png", "picture.png.reason.txt"]);
    let reason = fs::read_to_string(home.path("drop/rejected/picture.png.reason.txt")).unwrap();
    assert!(reason.contains("code    import/unknown-format") && reason.contains("try     "), "{reason}");
    assert!(!reason.contains("working"), "it does not speak of where the file lay meanwhile: {reason}");
    let mode = fs::metadata(home.path("drop/rejected/picture.png.reason.txt")).unwrap().permissions().mode();
    assert_ne!(mode & 0o044, 0, "who dropped it may read why: {mode:o}");
    let found = home.line("findings --profile us-private --as-of 2026-11-22 --format json").ended_with(0).json();
    assert_eq!(found["findings"][0]["vendor"], "kaspersky");

    // The same content under another name, and another file of the same name.
    drop_file(&home, "again.csv", table("PC-1", 2));
    drop_file(&home, "inventory.csv", table("PC-2", 3));
    let rows = home.line("import --watch drop --once --settle 0 --format jsonl").ended_with(0).lines();
    let results: Vec<&Value> = rows.iter().map(|row| &row["result"]).collect();
    assert_eq!(results, ["known", "imported"]);
    assert_eq!(names(&home.path("drop/done")).len(), 5);
    assert_eq!(imports(&home), ["inventory.csv", "inventory.csv", "results.log"]);
    let text = home.line("import --watch drop --once --settle 0").ended_with(0);
    assert_eq!(text.stdout, "", "nothing was there");
    let csv = home.line("import --watch drop --once --settle 0 --format csv").ended_with(0).stdout;
    assert!(csv.starts_with("file,result,moved_to,"), "{csv}");
}

#[test]
fn wrong_usage_touches_nothing() {
    let home = prepared();
    drop_file(&home, "a.csv", table("PC-1", 1));
    for call in [
        "import --watch drop a.csv",
        "import --watch drop --preview",
        "import --once",
        "import a.csv --settle 3",
        "import --watch drop --every 0",
        "import --watch drop --format json",
        "import --watch drop --from glpi-jsn --once",
    ] {
        home.line(call).ended_with(2);
    }
    home.line("import --watch drop --format json").complains_of(2, &["error[cli/endless-document]", "--format jsonl"]);
    home.line("import --watch nowhere --once").complains_of(1, &["error[app/file]: could not read \"nowhere\""]);
    home.file("file", "x");
    home.line("import --watch file --once").complains_of(1, &["error[app/watch-folder]", "it is no folder"]);
    assert_eq!(fs::read_dir(home.path("drop")).unwrap().count(), 1);
    assert!(!home.has_data());
}

#[test]
fn two_watchers_take_a_hundred_files_once() {
    const FILES: usize = 100;
    let home = prepared();
    home.line("import --watch drop --once").ended_with(0);
    let line = "import --watch drop --settle 1 --every 1 --wait 60 --format jsonl";
    let watchers = [started(&home, line), started(&home, line)];
    for number in 0..FILES {
        drop_file(&home, &format!("{number}.csv"), table(&format!("PC-{number}"), 20));
    }
    wait_for("all files are done", || names(&home.path("drop/done")).len() == FILES);
    let rans = watchers.map(Started::stopped);
    let told: usize = rans.iter().map(|ran| ran.lines().len()).sum();
    assert_eq!(told, FILES, "each file is told once");
    for ran in &rans {
        assert_eq!(ran.code, Some(0), "{}", ran.shown());
    }
    assert!(rans.iter().any(|ran| ran.stderr.contains("Another watcher is at work")), "{}", rans[0].shown());
    assert_eq!(imports(&home).len(), FILES);
    assert_eq!(names(&home.path("drop/working")), [".lock"]);
    assert_eq!(names(&home.path("drop/rejected")), Vec::<String>::new());
}

/// Somebody tidies up `working`, and a second watcher finds no lock.
#[test]
fn a_lock_that_was_removed_does_not_make_two_take_the_same_file() {
    const FILES: usize = 30;
    let home = prepared();
    let line = "import --watch drop --settle 0 --every 1 --wait 60 --format jsonl";
    let lock = home.path("drop/working/.lock");
    let first = started(&home, line);
    wait_for("it has made its lock", || lock.exists());
    thread::sleep(Duration::from_millis(300));
    fs::remove_file(&lock).unwrap();
    let second = started(&home, line);
    wait_for("one has made a lock", || lock.exists());
    // Longer than the time between two looks: the other one has noticed.
    thread::sleep(Duration::from_secs(2));
    for number in 0..FILES {
        drop_file(&home, &format!("{number}.csv"), table(&format!("PC-{number}"), 20));
    }
    wait_for("all files are done", || names(&home.path("drop/done")).len() == FILES);
    let rans = [first.stopped(), second.stopped()];
    let told: usize = rans.iter().map(|ran| ran.lines().len()).sum();
    assert_eq!(told, FILES, "{}\n{}", rans[0].shown(), rans[1].shown());
    assert_eq!(imports(&home).len(), FILES);
    assert_eq!(names(&home.path("drop/working")), [".lock"]);
}

#[test]
fn the_second_watcher_goes_on_when_the_first_is_gone() {
    let home = prepared();
    let line = "import --watch drop --settle 0 --every 1";
    let first = started(&home, line);
    drop_file(&home, "a.csv", table("PC-1", 1));
    wait_for("the first one is at work", || names(&home.path("drop/done")).len() == 1);
    let second = started(&home, line);
    let once = home.line("import --watch drop --once").ended_with(0);
    assert!(once.stderr.contains("Another watcher is at work"), "{}", once.shown());
    assert!(first.killed());
    drop_file(&home, "b.csv", table("PC-2", 1));
    wait_for("the second one is at work", || names(&home.path("drop/done")).len() == 2);
    let ran = second.stopped().ended_with(0);
    assert!(ran.stdout.contains("b.csv") && !ran.stdout.contains("a.csv"), "{}", ran.shown());
}

#[test]
fn a_file_that_is_written_slowly_is_taken_whole() {
    let home = prepared();
    let watcher = started(&home, "import --watch drop --settle 2 --every 1 --format jsonl");
    let text = table("PC-1", 60);
    let mut file = File::create(home.path("drop/slow.csv")).unwrap();
    for part in text.as_bytes().chunks(text.len() / 12 + 1) {
        file.write_all(part).unwrap();
        file.flush().unwrap();
        thread::sleep(Duration::from_millis(300));
        assert!(home.path("drop/slow.csv").exists(), "it was taken while it was written");
    }
    drop(file);
    wait_for("it is done", || !names(&home.path("drop/done")).is_empty());
    let rows = watcher.stopped().ended_with(0).lines();
    assert_eq!((rows.len(), &rows[0]["import"]["observations"]), (1, &Value::from(60)));
    assert_eq!(imports(&home), ["slow.csv"]);
}

#[test]
fn killed_watchers_lose_nothing_and_take_nothing_twice() {
    const FILES: usize = 24;
    const KILLS: u64 = 12;
    let home = prepared();
    home.line("import --watch drop --once").ended_with(0);
    for number in 0..FILES {
        drop_file(&home, &format!("{number:02}.csv"), table(&format!("PC-{number}"), 400));
    }
    let mut kills = 0;
    for round in 0..KILLS {
        let before = names(&home.path("drop/done")).len();
        let watcher = started(&home, "import --watch drop --settle 0 --every 1");
        // Something is always done before it is killed, so that no file is its end three times in a row.
        wait_for("a file is done", || {
            let done = names(&home.path("drop/done")).len();
            done > before || done == FILES
        });
        thread::sleep(Duration::from_millis(round * 7 % 40));
        kills += usize::from(watcher.killed());
    }
    assert!(kills > 3, "killed {kills} times");
    home.line("import --watch drop --once --settle 0").ended_with(0);
    let expected: Vec<String> = (0..FILES).map(|number| format!("{number:02}.csv")).collect();
    assert_eq!(names(&home.path("drop/done")), expected);
    assert_eq!(imports(&home), expected, "each once");
    assert_eq!(names(&home.path("drop")), Vec::<String>::new());
    assert_eq!(names(&home.path("drop/rejected")), Vec::<String>::new());
    home.line("database check").ended_with(0);
}

/// Killed before the first change to any file, before the second, and so on to the end.
#[test]
#[ignore = "long: more than a hundred kills"]
fn killed_before_each_single_change() {
    if !system("strace", &["-V".as_ref()]) {
        skipped("strace is not installed");
        return;
    }
    let calls = "pwrite64,write,ftruncate,fsync,fdatasync,mkdir,rename,renameat,renameat2,link,linkat,unlink,unlinkat";
    let mut change = 1;
    loop {
        let home = prepared();
        drop_file(&home, "good.csv", table("PC-1", 5));
        drop_file(&home, "bad.png", b"\x89PNG\r\n\x1a\n\0\0");
        let plain = home.command();
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={calls}")]);
        command.args(["-e", &format!("inject={calls}:signal=KILL:when={change}")]).arg(plain.get_program());
        command.args("import --watch drop --once --settle 0 --quiet".split(' ')).current_dir(home.path(""));
        command.env("HOME", home.path("")).env("XDG_DATA_HOME", home.path("data")).stdin(Stdio::null());
        let was_killed = command.output().unwrap().status.code().is_none();
        home.line("import --watch drop --once --settle 0");
        assert_eq!(names(&home.path("drop/done")), ["good.csv"], "change {change}");
        assert_eq!(imports(&home), ["good.csv"], "change {change}");
        let rejected = names(&home.path("drop/rejected"));
        let pictures: Vec<&String> = rejected.iter().filter(|name| name.ends_with("png")).collect();
        assert_eq!(pictures.len(), 1, "change {change}: {rejected:?}");
        assert!(rejected.contains(&format!("{}.reason.txt", pictures[0])), "change {change}: {rejected:?}");
        assert_eq!(names(&home.path("drop")), Vec::<String>::new(), "change {change}");
        if !was_killed {
            break;
        }
        change += 1;
    }
    assert!(change > 20, "hardly ever killed: {change}");
}

#[test]
fn names_and_kinds_of_all_sorts() {
    let home = prepared();
    let strange = OsStr::from_bytes(b"caf\xe9 \x1b[31m.csv");
    home.file("drop.writing", table("PC-1", 1));
    fs::rename(home.path("drop.writing"), home.path("drop").join(strange)).unwrap();
    let long = format!("{}.csv", "ж".repeat(125));
    drop_file(&home, &long, table("PC-2", 1));
    let refused = format!("{}.png", "x".repeat(250));
    drop_file(&home, &refused, b"\x89PNG\r\n\x1a\n\0\0");
    home.file("outside.csv", table("PC-3", 1));
    symlink(home.path("outside.csv"), home.path("drop/link.csv")).unwrap();
    assert!(system("mkfifo", &[home.path("drop/pipe.csv").as_os_str()]));
    fs::create_dir(home.path("drop/sub")).unwrap();
    home.file("drop/sub/inside.csv", table("PC-4", 1));
    drop_file(&home, "young.csv", "");
    drop_file(&home, "old.csv", "");
    let hour = SystemTime::now() - Duration::from_hours(1);
    File::options().write(true).open(home.path("drop/old.csv")).unwrap().set_modified(hour).unwrap();

    let ran = home.line("import --watch drop --once --settle 0").ended_with(1);
    for words in ["link.csv is a link", "pipe.csv is no file", "sub is a folder", "young.csv is empty"] {
        assert!(ran.stderr.contains(words), "{words}:\n{}", ran.shown());
    }
    assert!(!ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}'), "no name steers the terminal");
    assert_eq!(names(&home.path("drop")), ["link.csv", "pipe.csv", "young.csv"]);
    assert!(home.path("drop/done").join(strange).exists(), "its name is the same, byte by byte");
    assert_eq!(imports(&home).len(), 2);
    let rejected = names(&home.path("drop/rejected"));
    assert_eq!(rejected.len(), 4, "{rejected:?}");
    assert!(rejected.contains(&"old.csv.reason.txt".to_owned()), "{rejected:?}");
    assert!(home.path("outside.csv").exists() && home.path("drop/sub/inside.csv").exists());
}

#[test]
fn a_folder_without_rights_is_said_and_nothing_moves() {
    let home = prepared();
    drop_file(&home, "a.csv", table("PC-1", 1));
    fs::set_permissions(home.path(""), fs::Permissions::from_mode(0o777)).unwrap();
    let watch = || {
        let mut command = home.command();
        command.args("import --watch drop --once --settle 0 --db own.db".split(' '));
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        ran(&mut command)
    };
    fs::set_permissions(home.path("drop"), fs::Permissions::from_mode(0o555)).unwrap();
    watch().complains_of(1, &["error[app/file]: could not make", "working", "who may read or write it"]);
    fs::set_permissions(home.path("drop"), fs::Permissions::from_mode(0o333)).unwrap();
    watch().complains_of(1, &["error[app/file]: could not read"]);
    fs::set_permissions(home.path("drop"), fs::Permissions::from_mode(0o777)).unwrap();
    assert_eq!(names(&home.path("drop")), ["a.csv"]);
    // A file that may not be read is waited for, and in the end rejected without having been read.
    fs::set_permissions(home.path("drop/a.csv"), fs::Permissions::from_mode(0o000)).unwrap();
    let ran = watch().ended_with(0);
    assert!(ran.stderr.contains("a.csv may not be read"), "{}", ran.shown());
    let hour = SystemTime::now() - Duration::from_hours(1);
    let touch = File::options().write(true).open(home.path("drop/a.csv"));
    // Who is not root cannot open it either.
    if let Ok(file) = touch {
        file.set_modified(hour).unwrap();
        watch().complains_of(1, &["error[cli/bad-files]"]);
        let reason = fs::read_to_string(home.path("drop/rejected/a.csv.reason.txt")).unwrap();
        assert!(reason.contains("app/file") && reason.contains("Permission denied"), "{reason}");
    }
}

#[test]
fn a_database_in_use_keeps_files_where_they_are() {
    let home = prepared();
    let root = home.prepared_root();
    home.run(["audit", "--root", &root, "--db", "own.db"]).ended_with(0);
    let writer = rusqlite::Connection::open(home.path("own.db")).unwrap();
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    drop_file(&home, "a.csv", table("PC-1", 1));
    let once = home.line("import --watch drop --once --settle 0 --db own.db --wait 0");
    once.complains_of(1, &["error[store/locked]"]);
    assert_eq!(names(&home.path("drop")), ["a.csv"]);
    let watcher = started(&home, "import --watch drop --settle 0 --every 1 --db own.db --wait 0");
    thread::sleep(Duration::from_secs(2));
    assert_eq!(names(&home.path("drop/done")), Vec::<String>::new());
    writer.execute_batch("COMMIT").unwrap();
    wait_for("it is done", || names(&home.path("drop/done")) == ["a.csv"]);
    let ran = watcher.stopped().ended_with(0);
    assert_eq!(ran.stderr.matches("The files wait").count(), 1, "{}", ran.shown());
    home.file("not.db", "this is no database, however one looks at it, and never was one");
    drop_file(&home, "b.csv", table("PC-2", 1));
    home.line("import --watch drop --once --settle 0 --db not.db").complains_of(1, &["error[store/not-a-database]"]);
    assert_eq!(names(&home.path("drop")), ["b.csv"], "it went back");
}

#[test]
fn a_mapping_serves_every_table_of_the_folder() {
    let home = prepared();
    home.file(
        "mapping.json",
        r#"{"schema":"interdict/mapping/v1","columns":{"device_name":"Where","name":"What it is"},"os":"windows"}"#,
    );
    for number in 1..=2 {
        drop_file(&home, &format!("{number}.csv"), format!("Where;What it is\nPC-{number};7-Zip\n"));
    }
    home.line("import --watch drop --once --settle 0 --mapping mapping.json")
        .ended_with(0)
        .tells("1 observation of PC-");
    drop_file(&home, "later.csv", "Where;What it is\nPC-9;7-Zip\n");
    home.line("import --watch drop --once --settle 0").ended_with(0).tells("later.csv: table, 1 observation of PC-9");
}
