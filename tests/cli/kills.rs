//! The command killed at random moments, again and again: what it reported is there, and nothing is there by half.
//!
//! Each round starts one command that writes, kills it (SIGKILL) after a random time, and looks at the database: SQLite's
//! own checks and ours, every scan that was reported, each machine as its newest scan found it, the log whole and with an
//! entry of every scan. Backups must be sound or
//! absent; a restore, a compaction or a forgetting is there as a whole or not at all. The next round goes on from there.
//! `INTERDICT_SEED` repeats a run as far as the machine's own timing allows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};
use std::{env, fs, thread};

use interdict_app::store::Store;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use crate::fleet::{self, Numbered};
use crate::support::{Home, skipped, system};

const NOW: &str = "2026-11-22T18:00:00Z";
const PACKAGES: u32 = 900;

#[test]
fn twenty_kills_lose_nothing_that_was_reported() {
    kill_so_often(20);
}

#[test]
#[ignore = "long: two hundred kills"]
fn two_hundred_kills_lose_nothing_that_was_reported() {
    kill_so_often(200);
}

/// Not at random: before the first change that a command makes to any file, before the second, and so on to its end.
#[test]
#[ignore = "long: some hundred kills"]
fn killed_before_each_single_write() {
    if !system("strace", &["-V".as_ref()]) {
        skipped("strace is not installed");
        return;
    }
    let mut trial = Trial::new(1);
    trial.packages = 12;
    trial.warm_up();
    for deed in [Deed::Import, Deed::Backup, Deed::Restore, Deed::Compact, Deed::Forget] {
        // Something that can be forgotten.
        for _ in 0..2 {
            let line = trial.line(Deed::Import);
            let stdout = trial.home.line(&line).ended_with(0).stdout;
            trial.note_imports(&stdout);
        }
        let mut write = 1;
        while trial.round(write, deed, Kill::BeforeWrite(write)) {
            write += 1;
        }
        assert!(write > 5, "{deed:?} was hardly ever killed");
        say(&format!("{deed:?}: killed before each of {} writes", write - 1));
    }
    say(&format!("found after the kills: {:?}", trial.found));
}

/// When a command is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kill {
    /// At a random moment of its usual time.
    Sometime,
    /// Before the write of this number to a file, counting what renames, cuts, flushes and removes.
    BeforeWrite(usize),
}

/// Which command is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Import,
    Audit,
    Backup,
    Restore,
    Compact,
    Forget,
}

/// In turn; what writes most comes most often.
const DEEDS: [Deed; 10] = [
    Deed::Import,
    Deed::Backup,
    Deed::Import,
    Deed::Restore,
    Deed::Import,
    Deed::Compact,
    Deed::Import,
    Deed::Audit,
    Deed::Import,
    Deed::Forget,
];

fn kill_so_often(kills: usize) {
    let seed = env::var("INTERDICT_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(1, |since| since.as_secs()));
    say(&format!("{kills} kills, INTERDICT_SEED={seed}"));
    let mut trial = Trial::new(seed);
    trial.warm_up();
    let begun = Instant::now();
    for round in 0..kills * 5 {
        trial.round(round, DEEDS[round % DEEDS.len()], Kill::Sometime);
        if trial.kills() == kills {
            break;
        }
    }
    let seconds = begun.elapsed().as_secs();
    say(&format!("killed, and done before the kill: {:?}, in {seconds} s", trial.tally));
    say(&format!("found after the kills: {:?}", trial.found));
    assert_eq!(trial.kills(), kills, "most commands were done before they were killed");
}

fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Splitmix64: the seed is printed, so any generator will do.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    fn within(&mut self, span: Duration) -> Duration {
        Duration::from_micros(self.below(u64::try_from(span.as_micros()).unwrap()))
    }
}

/// What a command that was to be killed came to.
struct Ended {
    was_killed: bool,
    stdout: String,
}

struct Trial {
    home: Home,
    random: Random,
    /// Every scan that was ever written to a file, in order.
    scans: Vec<Numbered>,
    /// The newest scan of each machine that was reported recorded.
    reported: BTreeMap<String, Numbered>,
    /// How many audits were reported, of the one machine that is audited.
    audits: usize,
    /// How many packages a scan has at most.
    packages: u32,
    /// About how long each command takes, so that kills come at every part of it: longer after each kill, shorter after
    /// each command that was done before it, since other work on the machine comes and goes.
    usual: BTreeMap<Deed, Duration>,
    tally: BTreeMap<Deed, (usize, usize)>,
    /// What the killed commands had come to.
    found: BTreeMap<(Deed, String), usize>,
}

impl Trial {
    fn new(seed: u64) -> Self {
        let home = Home::new();
        home.prepared_root();
        Self {
            home,
            random: Random(seed),
            scans: Vec::new(),
            reported: BTreeMap::new(),
            audits: 0,
            packages: PACKAGES,
            usual: BTreeMap::new(),
            tally: BTreeMap::new(),
            found: BTreeMap::new(),
        }
    }

    fn kills(&self) -> usize {
        self.tally.values().map(|(killed, _)| killed).sum()
    }

    /// Every command once, to its end: how long it takes, and something to lose.
    fn warm_up(&mut self) {
        // Cargo may have to build it first.
        self.home.line("--version").ended_with(0);
        for deed in [Deed::Import, Deed::Audit, Deed::Backup, Deed::Restore, Deed::Compact, Deed::Forget] {
            let line = self.line(deed);
            let begun = Instant::now();
            let ran = self.home.line(&line).ended_with(0);
            self.usual.insert(deed, begun.elapsed());
            if deed == Deed::Import {
                self.note_imports(&ran.stdout);
            }
            self.audits += usize::from(deed == Deed::Audit);
            if deed == Deed::Backup {
                fs::rename(self.home.path("backup.db"), self.home.path("known.db")).unwrap();
            }
        }
        self.settle();
        self.must_be_whole();
    }

    /// The command for a deed; scans that are imported are written first.
    fn line(&mut self, deed: Deed) -> String {
        match deed {
            Deed::Import => {
                let files: Vec<String> = (0..fleet::MACHINES).map(|_| self.scan_file()).collect();
                format!("import {} --db own.db --format json", files.join(" "))
            }
            Deed::Audit => "audit --root root --db own.db --format json".to_owned(),
            Deed::Backup => "backup backup.db --replace --db own.db --format json".to_owned(),
            Deed::Restore => "restore known.db --db own.db --format json".to_owned(),
            Deed::Compact => "database compact --db own.db --format json".to_owned(),
            Deed::Forget => "database forget --before 2026-02-01 --db own.db --format json".to_owned(),
        }
    }

    fn scan_file(&mut self) -> String {
        let number = u32::try_from(self.scans.len()).unwrap();
        let packages = self.packages - u32::try_from(self.random.below(u64::from(self.packages / 3))).unwrap();
        let scan = Numbered { number, packages };
        self.scans.push(scan);
        let name = format!("scan-{number}.jsonl");
        self.home.file(&name, scan.text());
        name
    }

    /// Kills one command and looks at what it left; whether it was killed, and not done before.
    fn round(&mut self, round: usize, deed: Deed, kill: Kill) -> bool {
        let line = self.line(deed);
        let (before, after) = (self.content("own.db"), self.expected_after(deed));
        // Now and then somebody has the database open, as the window would.
        let open = (round % 2 == 1).then(|| self.store());
        let ended = match kill {
            Kill::Sometime => self.killed(deed, &line),
            Kill::BeforeWrite(write) => self.killed_before(write, &line),
        };
        let reported = !ended.was_killed && !ended.stdout.is_empty();
        let tally = self.tally.entry(deed).or_default();
        let usual = self.usual.entry(deed).or_default();
        if ended.was_killed {
            tally.0 += 1;
            *usual = usual.mul_f64(1.15).min(Duration::from_mins(1));
        } else {
            tally.1 += 1;
            *usual = usual.mul_f64(0.75);
        }
        if ended.was_killed {
            let came_to = self.came_to(deed, &before);
            *self.found.entry((deed, came_to)).or_default() += 1;
        }
        if let Some(open) = open {
            open.totals().unwrap_or_else(|error| panic!("round {round}, {deed:?}: who had it open: {error}"));
        }
        let found = self.content("own.db");
        match deed {
            Deed::Import => self.note_imports(&ended.stdout),
            Deed::Audit => self.audits += usize::from(reported),
            Deed::Backup => {
                assert!(found == before, "round {round}: a backup changed the database");
                self.look_at_backup(&before, reported);
            }
            Deed::Restore | Deed::Compact | Deed::Forget => {
                let is_after = Some(&found) == after.as_ref();
                assert!(is_after || found == before, "round {round}: {deed:?} is done by half");
                assert!(is_after || !reported, "round {round}: {deed:?} was reported and is not done");
                if is_after {
                    self.settle();
                }
            }
        }
        self.must_be_whole();
        self.clear_up();
        ended.was_killed
    }

    /// How far a killed command came, in words.
    fn came_to(&self, deed: Deed, before: &str) -> String {
        let log = fs::metadata(self.home.path("own.db-wal")).is_ok_and(|log| log.len() > 0);
        let written = match deed {
            Deed::Import => {
                let starts: Vec<String> = self.scans.iter().rev().take(3).map(|scan| scan.started()).collect();
                let there = self.store().scans().unwrap().iter().filter(|scan| starts.contains(&scan.started)).count();
                format!("{there} of 3 scans")
            }
            Deed::Backup if self.home.path("backup.db").exists() => "done".to_owned(),
            _ if self.content("own.db") == before => "nothing".to_owned(),
            _ => "done".to_owned(),
        };
        format!("{written}{}", if log { " and a log" } else { "" })
    }

    /// Starts a command and kills it: at any moment of its usual time, or soon after it began to write.
    fn killed(&mut self, deed: Deed, line: &str) -> Ended {
        let usual = self.usual[&deed];
        let after_writing = self.random.below(2) == 1;
        let patience = self.random.within(if after_writing { usual / 2 } else { usual });
        let mut command = self.home.command();
        command.args(line.split_whitespace()).stdout(Stdio::piped()).stderr(Stdio::null());
        let before = self.footprint();
        let mut child = command.spawn().unwrap();
        let begun = Instant::now();
        if after_writing {
            while self.footprint() == before && child.try_wait().unwrap().is_none() && begun.elapsed() < usual * 4 {
                thread::sleep(Duration::from_micros(200));
            }
        }
        thread::sleep(patience);
        // SIGKILL; a command that is done already does not mind.
        child.kill().unwrap();
        let mut stdout = String::new();
        child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        Ended { was_killed: child.wait().unwrap().code().is_none(), stdout }
    }

    /// Starts a command and kills it before it changes a file for the so-manieth time.
    fn killed_before(&self, write: usize, line: &str) -> Ended {
        let calls = "pwrite64,write,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat";
        let plain = self.home.command();
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={calls}")]);
        command.args(["-e", &format!("inject={calls}:signal=KILL:when={write}")]).arg(plain.get_program());
        command.args(line.split_whitespace()).current_dir(self.home.path(""));
        command.env("HOME", self.home.path("")).env("XDG_DATA_HOME", self.home.path("data"));
        let output = command.stdin(Stdio::null()).output().unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        // The tracer ends as the command did.
        let code = output.status.code();
        assert!(matches!(code, None | Some(0)), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        Ended { was_killed: code.is_none(), stdout }
    }

    /// The names and sizes of everything in the folder, which change as soon as something is written.
    fn footprint(&self) -> Vec<(String, u64)> {
        let entries = fs::read_dir(self.home.path("")).unwrap().flatten();
        let mut found: Vec<_> = entries
            .filter_map(|entry| Some((entry.file_name().to_string_lossy().into_owned(), entry.metadata().ok()?.len())))
            // The index of the log comes with every reader.
            .filter(|(name, _)| !name.ends_with("-shm"))
            .collect();
        found.sort();
        found
    }

    /// The scans that an import says it recorded; what a kill cut short says nothing.
    fn note_imports(&mut self, stdout: &str) {
        let Ok(document) = serde_json::from_str::<Value>(stdout) else { return };
        for row in document["import"].as_array().unwrap() {
            let name = row["file"].as_str().unwrap();
            let number: usize = name.trim_start_matches("scan-").trim_end_matches(".jsonl").parse().unwrap();
            let scan = self.scans[number];
            self.reported.insert(scan.machine(), scan);
        }
    }

    /// What is there after a command that is done as a whole or not at all: tried on a copy.
    fn expected_after(&mut self, deed: Deed) -> Option<String> {
        match deed {
            Deed::Restore => Some(self.content("known.db")),
            Deed::Compact => Some(self.content("own.db")),
            Deed::Forget => {
                self.home.line("backup trial.db --replace --db own.db").ended_with(0);
                self.home.line("database forget --before 2026-02-01 --db trial.db").ended_with(0);
                Some(self.content("trial.db"))
            }
            Deed::Import | Deed::Audit | Deed::Backup => None,
        }
    }

    fn look_at_backup(&self, expected: &str, reported: bool) {
        let path = self.home.path("backup.db");
        if !path.exists() {
            assert!(!reported, "a backup was reported and is not there");
            return;
        }
        // It is the one that was being written, since the round before left none.
        assert!(self.content("backup.db") == expected, "a backup is there by half");
        let checked = Store::open(&path, NOW).unwrap().check().unwrap();
        assert!(checked.is_sound(), "{:?}", checked.problems);
    }

    /// Everything that was reported is there, each machine is as its newest scan found it, and nothing is damaged.
    fn must_be_whole(&self) {
        let store = self.store();
        let checked = store.check().unwrap();
        assert!(checked.is_sound(), "{:?}", checked.problems);
        let newest = fleet::newest(&store, &self.scans);
        for (machine, scan) in &self.reported {
            let found = newest.get(machine).unwrap_or_else(|| panic!("nothing is left of {machine}"));
            assert!(found >= scan, "{scan:?} was reported, and the newest is {found:?}");
        }
        for scan in newest.values() {
            scan.must_be_there(&store);
        }
        let walked = store.verify_log(&[]).unwrap();
        assert!(walked.is_good(), "{walked:?}");
        let entries = store.log_entries(0, None).unwrap();
        let logged: BTreeSet<i64> = entries.iter().filter_map(|entry| logged_scan(&entry.body)).collect();
        let unlogged = store.scans().unwrap().into_iter().find(|scan| !logged.contains(&scan.id));
        assert!(unlogged.is_none(), "{unlogged:?} is not in the log");
        let audited = store.scans().unwrap().iter().filter(|scan| !scan.machine_id.starts_with("machine-")).count();
        assert!(audited >= self.audits, "{} audits were reported and {audited} are there", self.audits);
    }

    /// From here on what is there now counts as reported.
    fn settle(&mut self) {
        let store = self.store();
        self.reported = fleet::newest(&store, &self.scans);
        let audits = store.scans().unwrap().into_iter().filter(|scan| !scan.machine_id.starts_with("machine-"));
        self.audits = audits.count();
    }

    fn store(&self) -> Store {
        Store::open(&self.home.path("own.db"), NOW).unwrap()
    }

    /// The whole content of a database as text.
    fn content(&self, name: &str) -> String {
        content(&self.home.path(name))
    }

    /// Removes what killed commands leave beside it, which the next ones would remove only after an hour.
    fn clear_up(&self) {
        for (name, _) in self.footprint() {
            let is_left = name.contains(".part") || name.contains(".before-restore.") || name.starts_with("backup.db");
            if is_left || name.starts_with("trial.db") || name.starts_with("scan-") {
                fs::remove_file(self.home.path(&name)).unwrap();
            }
        }
    }
}

/// The number of the scan that an entry of the log records.
fn logged_scan(body: &str) -> Option<i64> {
    serde_json::from_str::<Value>(body).unwrap()["scan"].as_i64()
}

/// Every row of every table that holds content, in order.
fn content(path: &Path) -> String {
    const TABLES: [&str; 24] = [
        "setting",
        "machine",
        "scan",
        "scan_collector",
        "machine_source",
        "software",
        "title",
        "place",
        "detail",
        "installation",
        "evidence",
        "detection",
        "detection_past",
        "subject",
        "origin",
        "batch",
        "batch_reject",
        "batch_skip",
        "batch_title",
        "told_title",
        "machine_name",
        "batch_machine",
        "batch_before",
        "batch_source_before",
    ];
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    connection.execute_batch("BEGIN").unwrap();
    let mut text = String::new();
    for table in TABLES {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                write!(text, "{:?}|", row.get_ref(column).unwrap()).unwrap();
            }
            text.push('\n');
        }
    }
    text
}
