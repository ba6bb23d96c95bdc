//! Which files have stayed as they are for long enough. Nothing here touches a file.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::time::{Duration, SystemTime};

use super::clock::WatchClock;
use super::folder::{Entry, Kind, Stamp};
use super::{LeftWhy, WatchPace};

/// Endings that programs give to what they are writing.
const WRITING: [&str; 13] = [
    "crdownload",
    "download",
    "filepart",
    "lck",
    "lock",
    "new",
    "opdownload",
    "part",
    "partial",
    "swp",
    "temp",
    "tmp",
    "writing",
];

/// What Windows itself puts into folders.
const FURNITURE: [&str; 2] = ["desktop.ini", "thumbs.db"];

/// What was seen of the files of a folder.
pub(super) struct Settling {
    pace: WatchPace,
    seen: BTreeMap<OsString, Seen>,
}

struct Seen {
    stamp: Option<Stamp>,
    /// Since when it is so.
    since: Duration,
    said: Option<LeftWhy>,
    has_changed: bool,
}

/// What is to be done about an entry of the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judgement {
    /// It may still be written.
    Settling,
    /// It is a whole file as far as can be told.
    Settled,
    /// It stays where it is.
    Left(LeftWhy),
    /// It is empty, and nobody will fill it any more.
    EmptyForLong,
}

impl Settling {
    pub(super) fn new(pace: WatchPace) -> Self {
        Self { pace, seen: BTreeMap::new() }
    }

    /// Forgets what is no longer there; how many files wait.
    pub(super) fn keep_only(&mut self, entries: &[Entry]) -> usize {
        let names: std::collections::BTreeSet<&OsStr> = entries.iter().map(|entry| entry.name.as_os_str()).collect();
        self.seen.retain(|name, _| names.contains(name.as_os_str()));
        entries.iter().filter(|entry| matches!(entry.kind, Kind::File(_)) && !tells_of_writing(&entry.name)).count()
    }

    /// Forgets a file that was taken.
    pub(super) fn forget(&mut self, name: &OsStr) {
        self.seen.remove(name);
    }

    /// What is to be done about an entry.
    pub(super) fn judge(&mut self, entry: &Entry, now: Duration, wall: SystemTime) -> Judgement {
        let stamp = match entry.kind {
            Kind::File(stamp) if !tells_of_writing(&entry.name) => Some(stamp),
            Kind::File(_) | Kind::Left(_) => None,
        };
        let seen =
            self.seen.entry(entry.name.clone()).or_insert(Seen { stamp, since: now, said: None, has_changed: false });
        if seen.stamp != stamp {
            *seen = Seen { stamp, since: now, said: seen.said, has_changed: true };
        }
        let for_now = now.saturating_sub(seen.since);
        match (entry.kind, stamp) {
            (Kind::Left(why), _) => Judgement::Left(why),
            (Kind::File(_), None) => Judgement::Left(LeftWhy::Name),
            (Kind::File(_), Some(_)) if for_now < self.pace.settle => Judgement::Settling,
            (Kind::File(_), Some(Stamp { bytes: 0, changed })) => {
                let is_old = for_now >= self.pace.patience || age(changed, wall) >= self.pace.patience;
                if is_old { Judgement::EmptyForLong } else { Judgement::Left(LeftWhy::Empty) }
            }
            (Kind::File(_), Some(_)) => Judgement::Settled,
        }
    }

    /// Whether a file is still as it was when it was judged.
    pub(super) fn is_as_seen(&self, name: &OsStr, stamp: Stamp) -> bool {
        self.seen.get(name).is_some_and(|seen| seen.stamp == Some(stamp))
    }

    /// Whether a file that cannot be used as it is was waited for long enough.
    pub(super) fn is_overdue(&self, name: &OsStr, clock: &dyn WatchClock) -> bool {
        let Some(seen) = self.seen.get(name) else { return false };
        let changed = seen.stamp.and_then(|stamp| stamp.changed);
        let waited = clock.elapsed().saturating_sub(seen.since);
        waited >= self.pace.patience || age(changed, clock.wall()) >= self.pace.patience
    }

    /// Whether this was not said of that entry yet.
    pub(super) fn says_first(&mut self, name: &OsStr, why: LeftWhy) -> bool {
        self.seen.get_mut(name).is_some_and(|seen| seen.said.replace(why) != Some(why))
    }

    /// When the next file will have settled, from now; nothing where none is settling.
    pub(super) fn soonest(&self, now: Duration) -> Option<Duration> {
        let left = |seen: &Seen| self.pace.settle.checked_sub(now.saturating_sub(seen.since));
        let files = self.seen.values().filter(|seen| seen.stamp.is_some());
        files.filter_map(left).filter(|left| !left.is_zero()).min()
    }

    /// Files that changed since they were first seen, or came since, and have not settled.
    pub(super) fn unsettled(&self) -> Vec<OsString> {
        let changed = self.seen.iter().filter(|(_, seen)| seen.has_changed && seen.said.is_none());
        changed.map(|(name, _)| name.clone()).collect()
    }
}

/// How long ago a file was changed, as far as the clocks of two machines agree.
fn age(changed: Option<SystemTime>, wall: SystemTime) -> Duration {
    changed.and_then(|changed| wall.duration_since(changed).ok()).unwrap_or_default()
}

/// Whether a name says that the file is being written, is hidden, or belongs to the folder.
fn tells_of_writing(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    name.starts_with('.')
        || name.starts_with("~$")
        || name.ends_with('~')
        || WRITING.contains(&ending)
        || FURNITURE.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::super::WatchUntil;
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn settling() -> Settling {
        let pace =
            WatchPace { every: SECOND, settle: 10 * SECOND, patience: 60 * SECOND, until: WatchUntil::Cancelled };
        Settling::new(pace)
    }

    fn file(name: &str, bytes: u64, changed: u32) -> Entry {
        let changed = Some(SystemTime::UNIX_EPOCH + SECOND * changed);
        Entry { name: name.into(), kind: Kind::File(Stamp { bytes, changed }) }
    }

    #[test]
    fn names_that_tell_of_writing() {
        for name in [
            "a.csv.part",
            "a.TMP",
            "a.crdownload",
            "~$book.xlsx",
            ".a.csv",
            "a.csv~",
            ".nfs000",
            "Thumbs.db",
            "desktop.ini",
            "a.json.new",
        ] {
            assert!(tells_of_writing(name.as_ref()), "{name}");
        }
        for name in ["a.csv", "part.csv", "tmp", "a", "a.gz", "новый.csv", "a~b.csv"] {
            assert!(!tells_of_writing(name.as_ref()), "{name}");
        }
    }

    #[test]
    fn a_file_settles_when_neither_size_nor_time_change() {
        let mut settling = settling();
        let at = |seconds: u32| SECOND * seconds;
        let wall = SystemTime::UNIX_EPOCH + at(1_000);
        let mut judge = |entry: &Entry, now| settling.judge(entry, at(now), wall);
        assert_eq!(judge(&file("a", 1, 1_000), 0), Judgement::Settling);
        assert_eq!(judge(&file("a", 1, 1_000), 9), Judgement::Settling);
        assert_eq!(judge(&file("a", 2, 1_000), 10), Judgement::Settling, "it grew");
        assert_eq!(judge(&file("a", 2, 1_001), 19), Judgement::Settling, "it was written anew");
        assert_eq!(judge(&file("a", 2, 1_001), 28), Judgement::Settling);
        assert_eq!(judge(&file("a", 2, 1_001), 29), Judgement::Settled);
    }

    #[test]
    fn an_empty_file_is_waited_for_longer() {
        let mut settling = settling();
        let at = |seconds: u32| SECOND * seconds;
        let wall = SystemTime::UNIX_EPOCH + at(1_000);
        let new = file("new", 0, 1_000);
        assert_eq!(settling.judge(&new, at(0), wall), Judgement::Settling);
        assert_eq!(settling.judge(&new, at(10), wall), Judgement::Left(LeftWhy::Empty));
        assert!(settling.says_first(&new.name, LeftWhy::Empty) && !settling.says_first(&new.name, LeftWhy::Empty));
        assert_eq!(settling.judge(&new, at(60), wall), Judgement::EmptyForLong);
        let old = file("old", 0, 900);
        assert_eq!(settling.judge(&old, at(0), wall), Judgement::Settling);
        assert_eq!(settling.judge(&old, at(10), wall), Judgement::EmptyForLong, "it is empty for longer than we look");
        let ahead = file("ahead", 0, 2_000);
        settling.judge(&ahead, at(0), wall);
        assert_eq!(settling.judge(&ahead, at(10), wall), Judgement::Left(LeftWhy::Empty), "clocks disagree");
    }

    #[test]
    fn what_is_gone_is_forgotten_and_what_changed_is_told() {
        let mut settling = settling();
        let wall = SystemTime::UNIX_EPOCH;
        settling.judge(&file("a", 1, 1), SECOND, wall);
        settling.judge(&file("b", 1, 1), SECOND, wall);
        assert_eq!(settling.soonest(4 * SECOND), Some(7 * SECOND));
        assert_eq!(settling.unsettled(), Vec::<OsString>::new());
        settling.judge(&file("b", 2, 1), 5 * SECOND, wall);
        assert_eq!(settling.unsettled(), [OsString::from("b")]);
        assert_eq!(settling.keep_only(&[file("a", 1, 1)]), 1);
        assert_eq!(settling.unsettled(), Vec::<OsString>::new());
        assert_eq!(settling.judge(&file("b", 2, 1), 50 * SECOND, wall), Judgement::Settling, "it is another one");
    }
}
