//! A watched folder on real files.

use std::fs;
use std::sync::atomic::AtomicUsize;

use interdict_app::Target;

use super::super::{Clock, Places};
use super::*;

fn desk(folder: &Path) -> Arc<Desk> {
    let place = |name: &str| folder.join(name);
    let places = Places {
        main: Ok(place("main.db")),
        sample: Ok(place("sample.db")),
        reports: Ok(place("reports")),
        exports: None,
    };
    let clock = Clock { now: || "2026-11-22T12:00:00Z".to_owned(), today: || "2026-11-22".parse().expect("a day") };
    let mut desk = Desk::new(clock, places, Target::ThisComputer);
    let short = Duration::from_millis(50);
    desk.watching.pace = WatchPace { every: short, settle: short, ..desk.watching.pace };
    Arc::new(desk)
}

fn nothing() -> Changed {
    Box::new(|| {})
}

/// The status, as soon as it is as wanted.
fn status_when(desk: &Desk, wanted: impl Fn(&WatchStatus) -> bool) -> WatchStatus {
    let begun = Instant::now();
    loop {
        let status = desk.watch_get().expect("answers");
        if wanted(&status) {
            return status;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{status:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_folder_is_watched_until_it_is_switched_off_and_again_at_the_next_start() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("drop");
    fs::create_dir(&folder).expect("makes it");
    let csv = |name: &str| {
        let text = format!("Computer name;Software;Version\nPC-{name};7-Zip;24\n");
        fs::write(folder.join(format!("{name}.csv")), text).expect("writes");
    };
    let first = desk(home.path());
    let before = first.watch_get().expect("answers");
    assert_eq!((before.folder, before.phase), (None, WatchPhase::Off));
    assert_eq!(first.watch_switch(&WatchSwitch { on: true }, nothing()).expect("answers").phase, WatchPhase::Off);

    csv("1");
    fs::write(folder.join("picture.png"), b"\x89PNG\r\n\x1a\n\0\0").expect("writes");
    let told = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&told);
    let changed: Changed = Box::new(move || {
        count.fetch_add(1, Ordering::Relaxed);
    });
    assert_eq!(first.watch_choose(&folder, changed).expect("begins").phase, WatchPhase::Watching);
    let status = status_when(&first, |status| status.imported + status.rejected == 2);
    assert_eq!((status.imported, status.rejected, status.recent.len()), (1, 1, 2));
    let rejected = status.recent.iter().find(|line| line.error.is_some()).expect("one");
    assert_eq!(rejected.error.as_ref().map(|error| error.code.as_str()), Some("import/unknown-format"));
    assert!(told.load(Ordering::Relaxed) > 0, "the window is told");
    assert_eq!(first.app_status().expect("opens").database.machines, 1);

    let off = first.watch_switch(&WatchSwitch { on: false }, nothing()).expect("ends");
    assert_eq!((off.phase, off.folder.is_some()), (WatchPhase::Off, true), "it is remembered");
    drop(first);
    let second = desk(home.path());
    second.watch_resume(nothing()).expect("nothing to resume");
    assert_eq!(second.watch_get().expect("answers").phase, WatchPhase::Off);
    second.watch_switch(&WatchSwitch { on: true }, nothing()).expect("begins");
    let third = desk(home.path());
    status_when(&second, |status| status.phase == WatchPhase::Watching);
    csv("2");
    status_when(&second, |status| status.imported == 1);
    third.watch_resume(nothing()).expect("resumes");
    status_when(&third, |status| status.phase == WatchPhase::StandingBy);
    second.watch_switch(&WatchSwitch { on: false }, nothing()).expect("ends");
    csv("3");
    status_when(&third, |status| status.imported == 1);
    third.watch_switch(&WatchSwitch { on: false }, nothing()).expect("ends");
}

#[test]
fn a_folder_that_is_gone_is_told() {
    let home = tempfile::tempdir().expect("a folder");
    let desk = desk(home.path());
    desk.watch_choose(&home.path().join("nowhere"), nothing()).expect("begins");
    let status = status_when(&desk, |status| status.phase == WatchPhase::Failed);
    assert_eq!(status.error.map(|error| error.code).as_deref(), Some("app/file"));
    fs::create_dir(home.path().join("nowhere")).expect("makes it");
    desk.watch_switch(&WatchSwitch { on: true }, nothing()).expect("begins");
    status_when(&desk, |status| status.phase == WatchPhase::Watching && status.error.is_none());
    desk.watch_switch(&WatchSwitch { on: false }, nothing()).expect("ends");
}
