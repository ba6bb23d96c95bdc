//! A watcher over real folders, with a clock that does not wait.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::time::SystemTime;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// A clock on which waiting takes no time, and which does something at each waiting.
struct Fake<'f> {
    elapsed: Cell<Duration>,
    waits: Cell<usize>,
    meanwhile: &'f dyn Fn(usize),
}

impl WatchClock for Fake<'_> {
    fn elapsed(&self) -> Duration {
        self.elapsed.get()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::now() + self.elapsed.get()
    }

    fn wait(&self, time: Duration, _cancelled: &dyn Fn() -> bool) {
        self.elapsed.set(self.elapsed.get() + time);
        self.waits.set(self.waits.get() + 1);
        (self.meanwhile)(self.waits.get());
    }
}

struct Trial {
    home: tempfile::TempDir,
    workbench: Workbench,
    until: WatchUntil,
    /// After how many waits somebody asks to stop.
    waits: usize,
}

/// What was told, and what came of it.
#[derive(Debug)]
struct Told {
    events: Vec<String>,
    end: Result<WatchSummary, AppError>,
}

impl Trial {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        fs::create_dir(home.path().join("drop")).expect("makes a folder");
        Self { home, workbench: Workbench::builtin().expect("the catalogue"), until: WatchUntil::Cancelled, waits: 4 }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join("drop").join(name)
    }

    fn drop_file(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("writes");
    }

    fn store(&self) -> Store {
        Store::open(&self.home.path().join("x.db"), &crate::clock::now()).expect("opens")
    }

    fn watch(&self) -> Told {
        self.watch_while(&|_| {})
    }

    fn watch_while(&self, meanwhile: &dyn Fn(usize)) -> Told {
        self.watch_with(meanwhile, &mut || {
            Store::open(&self.home.path().join("x.db"), &crate::clock::now()).map_err(AppError::from)
        })
    }

    fn watch_with(&self, meanwhile: &dyn Fn(usize), open: &mut dyn FnMut() -> Result<Store, AppError>) -> Told {
        let clock = Fake { elapsed: Cell::default(), waits: Cell::default(), meanwhile };
        let pace = WatchPace { every: 10 * SECOND, settle: 5 * SECOND, patience: WATCH_PATIENCE, until: self.until };
        let folder = self.home.path().join("drop");
        let watch =
            Watch { folder: &folder, format: None, mapping: None, kept_mapping: &|_| None, pace, clock: &clock };
        let events = RefCell::new(Vec::new());
        let mut tell = |event: WatchEvent<'_>| {
            let text = match event {
                WatchEvent::Looked { .. } | WatchEvent::Watching | WatchEvent::Importing { .. } => return,
                WatchEvent::Taken(file) => {
                    let what = match &file.end {
                        Ok(outcome) if outcome.is_known => "known",
                        Ok(_) => "imported",
                        Err(error) => interdict_model::Fault::code(error),
                    };
                    let to = file.moved_to.strip_prefix(&folder).expect("below the folder").display().to_string();
                    format!("{} {what} {to}", file.name.display())
                }
                WatchEvent::LeftAlone { name, why } => format!("{} left {why:?}", name.display()),
                WatchEvent::Changed { name } => format!("{} changed", name.display()),
                WatchEvent::Busy { .. } => "busy".to_owned(),
                other => format!("{other:?}"),
            };
            events.borrow_mut().push(text);
        };
        let cancelled = || clock.waits.get() >= self.waits;
        let end = self.workbench.watch(&watch, open, &mut tell, &cancelled);
        Told { events: events.into_inner(), end }
    }

    /// Every file below the folder, with its length.
    fn files(&self) -> BTreeMap<String, u64> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.home.path().join("drop")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("lists").map(|entry| entry.expect("an entry")) {
                let metadata = entry.metadata().expect("is there");
                let name = entry.path().strip_prefix(self.home.path().join("drop")).expect("below").to_owned();
                if metadata.is_dir() {
                    folders.push(entry.path());
                } else if name != Path::new("working/.lock") {
                    files.insert(name.display().to_string().replace('\\', "/"), metadata.len());
                }
            }
        }
        files
    }

    fn names(&self) -> Vec<String> {
        self.files().into_keys().collect()
    }

    fn batches(&self) -> usize {
        self.store().batches().expect("lists").len()
    }
}

fn csv(machine: &str) -> String {
    format!("Computer name;Software;Version;Publisher\n{machine};7-Zip;24.0;Igor Pavlov\n")
}

#[test]
fn what_is_dropped_is_imported_once_and_moved() {
    let trial = Trial::new();
    trial.drop_file("a.csv", &csv("PC-1"));
    trial.drop_file("same.csv", &csv("PC-1"));
    trial.drop_file("picture.png", "\u{89}PNG\r\n\u{1a}\n\0\0\0");
    let told = trial.watch();
    let summary = told.end.expect("no trouble");
    assert_eq!((summary.imported, summary.rejected), (2, 1), "{:?}", told.events);
    assert_eq!(
        trial.names(),
        ["done/a.csv", "done/same.csv", "rejected/picture.png", "rejected/picture.png.reason.txt"]
    );
    assert_eq!(trial.batches(), 1, "the same content changes nothing");
    let reason = fs::read_to_string(trial.path("rejected/picture.png.reason.txt")).expect("is there");
    assert!(reason.contains("import/unknown-format"), "{reason}");
    assert_eq!(trial.watch().events, Vec::<String>::new(), "nothing is left to do");
}

#[test]
fn a_file_that_grows_is_not_taken() {
    let trial = Trial { waits: 8, ..Trial::new() };
    trial.drop_file("a.csv", "Computer name;Software;Version;Publisher\n");
    let grow = |waits: usize| {
        if waits <= 3 {
            trial.drop_file("a.csv", &format!("{}{}", csv("PC-1"), "PC-2;x;1;y\n".repeat(waits)));
        } else if waits == 4 {
            assert_eq!(trial.names(), ["a.csv"], "it settles first");
        }
    };
    let told = trial.watch_while(&grow);
    assert_eq!(told.events, ["a.csv imported done/a.csv"]);
    assert_eq!(trial.batches(), 1);
}

#[test]
fn once_takes_what_stays_and_leaves_what_does_not() {
    let trial = Trial { until: WatchUntil::Once, waits: 99, ..Trial::new() };
    trial.drop_file("a.csv", &csv("PC-1"));
    trial.drop_file("b.csv", &csv("PC-2"));
    let told = trial.watch_while(&|waits| {
        assert_eq!(waits, 1, "one wait");
        trial.drop_file("b.csv", &csv("PC-22"));
        trial.drop_file("late.csv", &csv("PC-3"));
    });
    assert_eq!(told.events, ["a.csv imported done/a.csv", "b.csv left Changing"]);
    assert_eq!(trial.names(), ["b.csv", "done/a.csv", "late.csv"]);
    let empty = Trial { until: WatchUntil::Once, waits: 99, ..Trial::new() };
    let told = empty.watch_while(&|_| panic!("nothing to wait for"));
    assert_eq!(told.end.expect("no trouble"), WatchSummary::default());
}

#[test]
fn what_is_no_file_of_ours_is_left_and_said_once() {
    let trial = Trial::new();
    trial.drop_file("a.csv.part", &csv("PC-1"));
    trial.drop_file(".hidden.csv", &csv("PC-1"));
    trial.drop_file("empty.csv", "");
    fs::create_dir(trial.path("sub")).expect("makes a folder");
    fs::write(trial.path("sub/b.csv"), csv("PC-2")).expect("writes");
    let told = trial.watch();
    let mut events = told.events;
    events.sort();
    assert_eq!(events, [".hidden.csv left Name", "a.csv.part left Name", "empty.csv left Empty", "sub left Folder"]);
    assert_eq!(trial.names(), [".hidden.csv", "a.csv.part", "empty.csv", "sub/b.csv"]);
    // Renamed when it is complete, as programs do.
    fs::rename(trial.path("a.csv.part"), trial.path("a.csv")).expect("renames");
    assert!(trial.watch().events.contains(&"a.csv imported done/a.csv".to_owned()));
    let patient = Trial { waits: 70, ..trial };
    assert!(patient.watch().events.contains(&"empty.csv import/empty rejected/empty.csv".to_owned()));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let trial = Trial::new();
    let outside = trial.home.path().join("outside.csv");
    fs::write(&outside, csv("PC-1")).expect("writes");
    std::os::unix::fs::symlink(&outside, trial.path("link.csv")).expect("links");
    assert_eq!(trial.watch().events, ["link.csv left Link"]);
    assert_eq!((trial.names(), outside.exists()), (vec!["link.csv".to_owned()], true));
    // A sub-folder that leads elsewhere would move files there.
    let elsewhere = trial.home.path().join("elsewhere");
    fs::create_dir(&elsewhere).expect("makes a folder");
    fs::remove_dir(trial.path("done")).expect("removes");
    std::os::unix::fs::symlink(&elsewhere, trial.path("done")).expect("links");
    let told = trial.watch();
    assert!(matches!(told.end, Err(AppError::WatchFolder { .. })), "{told:?}");
}

#[test]
fn what_a_watcher_left_is_taken_up_and_what_ends_it_again_and_again_is_rejected() {
    for (place, attempts, expected) in [
        ("working/a.csv", 1, "a.csv imported done/a.csv"),
        ("working/attempt-2/a.csv", 2, "a.csv imported done/a.csv"),
        ("working/attempt-3/a.csv", 3, "a.csv app/watch-attempts rejected/a.csv"),
    ] {
        let trial = Trial::new();
        fs::create_dir_all(trial.path(place).parent().expect("a folder")).expect("makes folders");
        trial.drop_file(place, &csv("PC-1"));
        assert_eq!(trial.watch().events, [expected], "{attempts}");
    }
}

#[test]
fn a_database_in_use_is_waited_for() {
    let trial = Trial { waits: 6, ..Trial::new() };
    trial.drop_file("a.csv", &csv("PC-1"));
    trial.drop_file("b.csv", &csv("PC-2"));
    let opened = Cell::new(0);
    let mut open = || {
        opened.set(opened.get() + 1);
        if opened.get() < 4 {
            return Err(StoreError::Locked { source: "busy".into() }.into());
        }
        Ok(trial.store())
    };
    let told = trial.watch_with(
        &|waits| {
            if waits == 2 {
                assert_eq!(trial.names(), ["a.csv", "b.csv"], "they wait where they were dropped");
            }
        },
        &mut open,
    );
    assert_eq!(told.events, ["busy", "a.csv imported done/a.csv", "b.csv imported done/b.csv"]);
}

#[test]
fn trouble_ends_watching_and_the_file_goes_back() {
    for until in [WatchUntil::Cancelled, WatchUntil::Once] {
        let trial = Trial { until, ..Trial::new() };
        trial.drop_file("a.csv", &csv("PC-1"));
        let mut open = || Err(StoreError::DiskFull { source: "full".into() }.into());
        let told = trial.watch_with(&|_| {}, &mut open);
        assert!(matches!(told.end, Err(AppError::Store(StoreError::DiskFull { .. }))), "{told:?}");
        assert_eq!(trial.names(), ["a.csv"]);
    }
    let trial = Trial { until: WatchUntil::Once, ..Trial::new() };
    trial.drop_file("a.csv", &csv("PC-1"));
    let mut open = || Err(StoreError::Locked { source: "busy".into() }.into());
    let told = trial.watch_with(&|_| {}, &mut open);
    assert!(matches!(told.end, Err(AppError::Store(StoreError::Locked { .. }))), "once does not come back: {told:?}");
    assert_eq!(trial.names(), ["a.csv"]);
}

#[test]
fn a_name_that_was_there_before_is_kept_beside_the_new_one() {
    let trial = Trial { waits: 9, ..Trial::new() };
    trial.drop_file("a.csv", &csv("PC-1"));
    let told = trial.watch_while(&|waits| {
        if waits == 3 {
            trial.drop_file("a.csv", &csv("PC-2"));
        }
    });
    assert_eq!(told.events.len(), 2, "{:?}", told.events);
    let names = trial.names();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.iter().all(|name| name == "done/a.csv" || name.starts_with("done/a-2")), "{names:?}");
}

#[test]
fn records_that_could_not_be_used_are_beside_the_file() {
    let trial = Trial::new();
    let line = r#"{"name":"p","hostIdentifier":"srv-1","unixTime":1718841600,"columns":{"name":"X","version":"15","publisher":"Y"},"action":"added"}"#;
    trial.drop_file("results.log", &format!("{line}\nnonsense\n{line}\n"));
    let told = trial.watch();
    assert_eq!(told.events, ["results.log imported done/results.log"]);
    assert_eq!(trial.names(), ["done/results.log", "done/results.log.rejects.csv"]);
    let table = fs::read_to_string(trial.path("done/results.log.rejects.csv")).expect("is there");
    assert!(table.contains("\"line 2\""), "{table}");
}

#[test]
fn a_second_watcher_stands_by() {
    let trial = Trial { until: WatchUntil::Once, ..Trial::new() };
    trial.drop_file("a.csv", &csv("PC-1"));
    fs::create_dir(trial.path("working")).expect("makes a folder");
    let lock = File::create(trial.path("working/.lock")).expect("makes the lock");
    lock.lock().expect("locks");
    let told = trial.watch();
    assert_eq!(told.events, ["StandingBy"]);
    assert!(told.end.expect("no trouble").is_watched_elsewhere);
    assert_eq!(trial.names(), ["a.csv"]);
    drop(lock);
    assert_eq!(trial.watch().events, ["a.csv imported done/a.csv"]);
}

#[test]
fn a_folder_that_is_none_is_told() {
    let trial = Trial::new();
    fs::remove_dir(trial.path("")).expect("removes");
    assert!(matches!(trial.watch().end, Err(AppError::File { doing: "read", .. })));
    fs::write(trial.home.path().join("drop"), "x").expect("writes");
    assert!(matches!(trial.watch().end, Err(AppError::WatchFolder { .. })));
}

/// As on a share: nobody sees who else is at work, and only one of two can move a file.
#[test]
fn without_locks_each_file_is_taken_once() {
    const FILES: usize = 40;
    let trial = Trial::new();
    for number in 0..FILES {
        trial.drop_file(&format!("{number:02}.csv"), &csv(&format!("PC-{number}")));
    }
    drop(trial.store());
    let watch_once = || {
        let clock = Fake { elapsed: Cell::default(), waits: Cell::default(), meanwhile: &|_| {} };
        let pace = WatchPace { every: SECOND, settle: Duration::ZERO, patience: SECOND, until: WatchUntil::Cancelled };
        let folder = trial.path("");
        let watch =
            Watch { folder: &folder, format: None, mapping: None, kept_mapping: &|_| None, pace, clock: &clock };
        let taken = Cell::new(0);
        let mut tell =
            |event: WatchEvent<'_>| taken.set(taken.get() + usize::from(matches!(event, WatchEvent::Taken(_))));
        let cancelled = || clock.waits.get() >= 10;
        let mut open = || Ok(trial.store());
        let mut watcher = Watcher::new(&trial.workbench, &watch, &mut open, &mut tell, &cancelled);
        watcher.folder.without_locks();
        watcher.run().expect("no trouble");
        taken.get()
    };
    let taken: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(watch_once)).collect();
        threads.into_iter().map(|thread| thread.join().expect("ends")).sum()
    });
    assert_eq!((taken, trial.batches(), trial.names().len()), (FILES, FILES, FILES));
}

#[test]
fn without_locks_what_was_left_is_taken_up_after_an_hour() {
    let trial = Trial::new();
    fs::create_dir(trial.path("working")).expect("makes a folder");
    trial.drop_file("working/a.csv", &csv("PC-1"));
    for (waits, expected) in [(300, "working/a.csv"), (400, "done/a.csv")] {
        let clock = Fake { elapsed: Cell::default(), waits: Cell::default(), meanwhile: &|_| {} };
        let pace = WatchPace { every: 10 * SECOND, settle: SECOND, patience: SECOND, until: WatchUntil::Cancelled };
        let folder = trial.path("");
        let watch =
            Watch { folder: &folder, format: None, mapping: None, kept_mapping: &|_| None, pace, clock: &clock };
        let cancelled = || clock.waits.get() >= waits;
        let (mut open, mut tell) = (|| Ok(trial.store()), |_: WatchEvent<'_>| {});
        let mut watcher = Watcher::new(&trial.workbench, &watch, &mut open, &mut tell, &cancelled);
        watcher.folder.without_locks();
        watcher.run().expect("no trouble");
        assert_eq!(trial.names(), [expected]);
    }
}
