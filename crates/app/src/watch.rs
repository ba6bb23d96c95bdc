//! A folder that is watched: what is dropped into it is imported once, then lies in `done` or `rejected`.
//!
//! The folder is looked at now and then, since shares of other machines tell nobody of their changes. A file is taken when
//! it stayed as it is for a while; then it is moved to `working`, which only one watcher can do, imported, and moved on.
//! Whatever ends the program, a file lies in exactly one of those places, and the next watcher goes on with what lies in
//! `working`: importing the same file twice changes nothing.
//!
//! What becomes of the content of a file stands in `imports`. Sub-folders are not looked into and links not followed.

mod clock;
mod end;
mod folder;
mod notice;
mod settling;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

use interdict_import::{ImportError, Mapping};
use interdict_store::{Store, StoreError};

pub use self::clock::{SystemClock, WatchClock};
use self::end::{Becomes, becomes};
use self::folder::{Claim, ClaimEnd, Folder, Leftover, LockState, Moved};
use self::notice::{reason_text, rejects_csv};
use self::settling::{Judgement, Settling};
use crate::error::AppError;
use crate::imports::{ImportOutcome, ImportRequest};
use crate::workbench::Workbench;

/// How long a file that is empty or may not be read is waited for, unless said otherwise.
pub const WATCH_PATIENCE: Duration = Duration::from_mins(10);

/// How often a file may end the program before it is not tried any more.
const MOST_ATTEMPTS: u8 = 3;

/// Which folder is watched, and what its files are read as.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// The format of all its files by name; found by content where it is not said.
    pub format: Option<&'a str>,
    /// Which column of a table is what.
    pub mapping: Option<&'a Mapping>,
    /// The mapping that was kept for a header, by the header's fingerprint.
    pub kept_mapping: &'a dyn Fn(&str) -> Option<Mapping>,
    /// How often, how patient, how long.
    pub pace: WatchPace,
    /// Where the time comes from.
    pub clock: &'a dyn WatchClock,
}

/// How often the folder is looked at, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchPace {
    /// The time between two looks.
    pub every: Duration,
    /// How long a file must stay as it is before it is taken.
    pub settle: Duration,
    /// How long a file that is empty or may not be read is waited for before it is rejected.
    pub patience: Duration,
    /// When it is enough.
    pub until: WatchUntil,
}

/// When watching ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchUntil {
    /// When somebody asks for it.
    Cancelled,
    /// When what was there at the beginning is taken, as far as it stays as it is.
    Once,
}

/// Why a file, or what is none, stays where it is for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftWhy {
    /// It is a link.
    Link,
    /// It is a folder.
    Folder,
    /// It is a pipe, a device or the like.
    NoFile,
    /// Its name says that it is being written, or that it belongs to the folder.
    Name,
    /// There is nothing in it yet.
    Empty,
    /// Another program has it open and lets nobody read it.
    InUse,
    /// It may not be read.
    Unreadable,
    /// It may not be moved.
    Unmovable,
    /// It changed while it was waited for; told where the folder is looked at once only.
    Changing,
    /// A file of the same name is being imported by somebody.
    SameName,
}

/// What happens while a folder is watched.
#[derive(Debug)]
pub enum WatchEvent<'e> {
    /// From here on this watcher takes files.
    Watching,
    /// Another watcher takes the files of this folder.
    StandingBy,
    /// The folder's file system knows no locks: two watchers are kept apart by moving files alone.
    NoLocks {
        /// What the system said.
        problem: std::io::Error,
    },
    /// Something stays where it is; told once while it is there.
    LeftAlone {
        /// Its name.
        name: &'e OsStr,
        /// Why.
        why: LeftWhy,
    },
    /// A file is imported now.
    Importing {
        /// Its name.
        name: &'e OsStr,
    },
    /// The database is in use; files wait. Told once until one could be imported.
    Busy {
        /// What the database said.
        error: &'e AppError,
    },
    /// A file changed while it was imported: nothing of it was kept, and it waits again.
    Changed {
        /// Its name.
        name: &'e OsStr,
    },
    /// What became of a file.
    Taken(&'e WatchedFile),
    /// The folder was looked at.
    Looked {
        /// How many files wait in it.
        waiting: usize,
    },
}

/// What became of a file.
#[derive(Debug)]
pub struct WatchedFile {
    /// Its name when it was dropped.
    pub name: OsString,
    /// Where it lies now.
    pub moved_to: PathBuf,
    /// When: RFC 3339, UTC.
    pub at: String,
    /// What came of it, or why it was rejected.
    pub end: Result<ImportOutcome, AppError>,
}

/// What came of watching.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WatchSummary {
    /// Files that were imported, or had been before.
    pub imported: usize,
    /// Files that were rejected.
    pub rejected: usize,
    /// Whether nothing was done because another watcher is at it.
    pub is_watched_elsewhere: bool,
}

impl Workbench {
    /// Imports what is dropped into a folder until somebody asks to stop, or once.
    ///
    /// An error is what concerns more than one file: the folder, the database, the disk. The file at hand is then where it
    /// was, or in `working`, from where the next watcher takes it.
    pub fn watch(
        &self,
        watch: &Watch<'_>,
        open: &mut dyn FnMut() -> Result<Store, AppError>,
        tell: &mut dyn FnMut(WatchEvent<'_>),
        cancelled: &dyn Fn() -> bool,
    ) -> Result<WatchSummary, AppError> {
        Watcher::new(self, watch, open, tell, cancelled).run()
    }
}

/// Whether there is more to do in this round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Go,
    /// The database is in use, or somebody asked to stop.
    Later,
}

struct Watcher<'w> {
    workbench: &'w Workbench,
    watch: &'w Watch<'w>,
    open: &'w mut dyn FnMut() -> Result<Store, AppError>,
    tell: &'w mut dyn FnMut(WatchEvent<'_>),
    cancelled: &'w dyn Fn() -> bool,
    folder: Folder,
    settling: Settling,
    /// What this watcher itself had to leave in `working`, because its name was taken in the folder meanwhile.
    left: BTreeSet<PathBuf>,
    /// What lies in `working` where there are no locks, and since when it was seen there.
    strangers: BTreeMap<PathBuf, Duration>,
    is_busy: bool,
    summary: WatchSummary,
}

impl<'w> Watcher<'w> {
    fn new(
        workbench: &'w Workbench,
        watch: &'w Watch<'w>,
        open: &'w mut dyn FnMut() -> Result<Store, AppError>,
        tell: &'w mut dyn FnMut(WatchEvent<'_>),
        cancelled: &'w dyn Fn() -> bool,
    ) -> Self {
        Self {
            workbench,
            watch,
            open,
            tell,
            cancelled,
            folder: Folder::new(watch.folder),
            settling: Settling::new(watch.pace),
            left: BTreeSet::new(),
            strangers: BTreeMap::new(),
            is_busy: false,
            summary: WatchSummary::default(),
        }
    }

    fn run(mut self) -> Result<WatchSummary, AppError> {
        let pace = self.watch.pace;
        let mut looks = 0;
        while !(self.cancelled)() {
            self.folder.prepare()?;
            if !self.folder.still_ours() && !self.take_turn()? {
                return Ok(self.summary);
            }
            self.round()?;
            looks += 1;
            let settling = self.settling.soonest(self.watch.clock.elapsed());
            if pace.until == WatchUntil::Once && (looks == 2 || settling.is_none()) {
                break;
            }
            let pause = settling.unwrap_or(pace.every);
            let pause = if pace.until == WatchUntil::Once { pause } else { pause.min(pace.every) };
            self.watch.clock.wait(pause, self.cancelled);
        }
        if pace.until == WatchUntil::Once {
            for name in self.settling.unsettled() {
                (self.tell)(WatchEvent::LeftAlone { name: &name, why: LeftWhy::Changing });
            }
        }
        Ok(self.summary)
    }

    /// Waits until no other watcher has the folder; whether it is ours.
    fn take_turn(&mut self) -> Result<bool, AppError> {
        let mut is_said = false;
        loop {
            match self.folder.lock()? {
                LockState::Ours => {
                    (self.tell)(WatchEvent::Watching);
                    return Ok(true);
                }
                LockState::Unknown(problem) => {
                    (self.tell)(WatchEvent::NoLocks { problem });
                    (self.tell)(WatchEvent::Watching);
                    return Ok(true);
                }
                LockState::Theirs => {}
            }
            if !is_said {
                (self.tell)(WatchEvent::StandingBy);
                is_said = true;
            }
            if self.watch.pace.until == WatchUntil::Once {
                self.summary.is_watched_elsewhere = true;
                return Ok(false);
            }
            self.watch.clock.wait(self.watch.pace.every, self.cancelled);
            if (self.cancelled)() {
                self.summary.is_watched_elsewhere = true;
                return Ok(false);
            }
        }
    }

    /// Looks at the folder once and takes what can be taken.
    fn round(&mut self) -> Result<(), AppError> {
        let mut store = None;
        for leftover in self.folder.leftovers()? {
            if (self.cancelled)() || self.adopt(leftover, &mut store)? == Next::Later {
                return Ok(());
            }
        }
        let entries = self.folder.look()?;
        let (now, wall) = (self.watch.clock.elapsed(), self.watch.clock.wall());
        let waiting = self.settling.keep_only(&entries);
        (self.tell)(WatchEvent::Looked { waiting });
        for entry in entries {
            if (self.cancelled)() {
                return Ok(());
            }
            let next = match self.settling.judge(&entry, now, wall) {
                Judgement::Settling => Next::Go,
                Judgement::Left(why) => self.leave(&entry.name, why),
                Judgement::Settled => self.take(&entry.name, &mut store)?,
                Judgement::EmptyForLong => self.refuse(&entry.name, import_error(&entry.name, ImportError::Empty))?,
            };
            if next == Next::Later {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Leaves something where it is, and says so once.
    fn leave(&mut self, name: &OsStr, why: LeftWhy) -> Next {
        if self.settling.says_first(name, why) {
            (self.tell)(WatchEvent::LeftAlone { name, why });
        }
        Next::Go
    }

    /// Takes a file that has settled.
    fn take(&mut self, name: &OsStr, store: &mut Option<Store>) -> Result<Next, AppError> {
        if let Err(problem) = self.folder.can_be_read(name) {
            return match folder::reading_why(&problem) {
                Some(LeftWhy::Unreadable) if self.settling.is_overdue(name, self.watch.clock) => {
                    self.refuse(name, self.folder.failed("read", name, problem))
                }
                Some(why) => Ok(self.leave(name, why)),
                None if problem.kind() == std::io::ErrorKind::NotFound => Ok(Next::Go),
                None => Err(self.folder.failed("read", name, problem)),
            };
        }
        match self.folder.claim(name)? {
            ClaimEnd::Ours(claim) if self.settling.is_as_seen(name, claim.stamp) => self.import(&claim, store),
            ClaimEnd::Ours(claim) => {
                self.put_back(&claim)?;
                Ok(Next::Go)
            }
            ClaimEnd::Gone => Ok(Next::Go),
            ClaimEnd::Left(why) => Ok(self.leave(name, why)),
        }
    }

    /// Rejects a file of the folder without reading it.
    fn refuse(&mut self, name: &OsStr, error: AppError) -> Result<Next, AppError> {
        match self.folder.claim(name)? {
            ClaimEnd::Ours(claim) => self.reject(&claim, error).map(|()| Next::Go),
            ClaimEnd::Gone => Ok(Next::Go),
            ClaimEnd::Left(why) => Ok(self.leave(name, why)),
        }
    }

    /// Goes on with what a watcher left in `working` that was ended from outside.
    fn adopt(&mut self, leftover: Leftover, store: &mut Option<Store>) -> Result<Next, AppError> {
        if self.left.remove(&leftover.place) {
            return self.claimed(leftover, store);
        }
        if !self.folder.is_locked() && !self.is_abandoned(&leftover.place) {
            return Ok(Next::Go);
        }
        if leftover.attempt >= MOST_ATTEMPTS {
            let name = leftover.name.to_string_lossy().into_owned();
            let error = AppError::WatchAttempts { name, times: MOST_ATTEMPTS };
            let Some(claim) = self.folder.claimed(leftover)? else { return Ok(Next::Go) };
            self.reject(&claim, error)?;
            return Ok(Next::Go);
        }
        match self.folder.try_again(leftover)? {
            Some(leftover) => self.claimed(leftover, store),
            None => Ok(Next::Go),
        }
    }

    /// Without locks nobody can tell a watcher that was ended from one at work, but for the time it takes.
    fn is_abandoned(&mut self, place: &Path) -> bool {
        const LONG: Duration = Duration::from_hours(1);
        let now = self.watch.clock.elapsed();
        let since = *self.strangers.entry(place.to_owned()).or_insert(now);
        now.saturating_sub(since) >= LONG && self.strangers.remove(place).is_some()
    }

    fn claimed(&mut self, leftover: Leftover, store: &mut Option<Store>) -> Result<Next, AppError> {
        match self.folder.claimed(leftover)? {
            Some(claim) => self.import(&claim, store),
            None => Ok(Next::Go),
        }
    }

    /// Imports a file that is ours alone.
    fn import(&mut self, claim: &Claim, store: &mut Option<Store>) -> Result<Next, AppError> {
        (self.tell)(WatchEvent::Importing { name: &claim.name });
        let watch = self.watch;
        let request = ImportRequest {
            path: &claim.place,
            format: watch.format,
            mapping: watch.mapping,
            kept_mapping: watch.kept_mapping,
        };
        let open = &mut *self.open;
        let there = &mut *store;
        let imported = self.workbench.import_file(&request, move || opened(there, open), self.cancelled);
        match imported {
            Ok(outcome) => {
                self.is_busy = false;
                self.finish(claim, outcome, store)
            }
            Err(error) => self.failed(claim, error),
        }
    }

    fn failed(&mut self, claim: &Claim, error: AppError) -> Result<Next, AppError> {
        match becomes(&error) {
            Becomes::Rejected => self.reject(claim, error).map(|()| Next::Go),
            Becomes::Gone => Ok(Next::Go),
            Becomes::Changed => self.changed(claim),
            Becomes::Cancelled => self.put_back(claim).map(|()| Next::Later),
            // Who runs it once does not come back by itself.
            Becomes::Later if self.watch.pace.until == WatchUntil::Once => self.give_up(claim, error),
            Becomes::Later => {
                self.put_back(claim)?;
                if !std::mem::replace(&mut self.is_busy, true) {
                    (self.tell)(WatchEvent::Busy { error: &error });
                }
                Ok(Next::Later)
            }
            Becomes::Trouble => self.give_up(claim, error),
        }
    }

    /// Ends watching with an error, which is worth more than that the file could not be put back: it is found again.
    fn give_up(&mut self, claim: &Claim, error: AppError) -> Result<Next, AppError> {
        let _ = self.put_back(claim);
        Err(error)
    }

    /// Puts a file that was imported to those that are done.
    fn finish(
        &mut self,
        claim: &Claim,
        mut outcome: ImportOutcome,
        store: &mut Option<Store>,
    ) -> Result<Next, AppError> {
        if !claim.is_unchanged() {
            if let Some(store) = store.as_mut().filter(|_| !outcome.is_known) {
                match self.workbench.undo_import(store, outcome.batch.id) {
                    // What was imported since rests on it; the whole file comes on top.
                    Ok(_) | Err(AppError::Store(StoreError::BatchBuiltUpon { .. })) => {}
                    Err(error) => return self.give_up(claim, error),
                }
            }
            return self.changed(claim);
        }
        for note in &mut outcome.notes {
            if let Some(place) = &mut note.location
                && Path::new(&place.file) == claim.place
            {
                place.file = claim.name.to_string_lossy().into_owned();
            }
        }
        let rejects = match store {
            Some(store) if outcome.batch.rejected > 0 => store.batch_rejects(outcome.batch.id)?,
            _ => Vec::new(),
        };
        let rejects = (!rejects.is_empty()).then(|| rejects_csv(&rejects));
        let beside = rejects.as_deref().map(|table| (".rejects.csv", table));
        let moved = self.folder.put_away(claim, folder::DONE, beside, &self.watch.clock.instant())?;
        self.taken(claim, moved, Ok(outcome));
        Ok(Next::Go)
    }

    /// Puts a file that cannot be imported to those that were rejected, with the reason beside it.
    fn reject(&mut self, claim: &Claim, error: AppError) -> Result<(), AppError> {
        let at = self.watch.clock.instant();
        let reason = reason_text(&claim.name, claim.stamp.bytes, &error, &at);
        let moved = self.folder.put_away(claim, folder::REJECTED, Some((".reason.txt", reason.as_bytes())), &at)?;
        self.taken(claim, moved, Err(error));
        Ok(())
    }

    fn taken(&mut self, claim: &Claim, moved: Moved, end: Result<ImportOutcome, AppError>) {
        self.settling.forget(&claim.name);
        // Somebody took it away under our hands: then nobody waits for it.
        let Moved::To(moved_to) = moved else { return };
        match &end {
            Ok(_) => self.summary.imported += 1,
            Err(_) => self.summary.rejected += 1,
        }
        let file = WatchedFile { name: claim.name.clone(), moved_to, at: self.watch.clock.instant(), end };
        (self.tell)(WatchEvent::Taken(&file));
    }

    fn changed(&mut self, claim: &Claim) -> Result<Next, AppError> {
        self.put_back(claim)?;
        (self.tell)(WatchEvent::Changed { name: &claim.name });
        Ok(Next::Go)
    }

    /// Puts a file back where it was dropped, unless another one lies there by now.
    fn put_back(&mut self, claim: &Claim) -> Result<(), AppError> {
        if !self.folder.put_back(claim)? {
            self.left.insert(claim.place.clone());
        }
        Ok(())
    }
}

/// The database, opened when it is needed for the first time.
fn opened<'s>(
    store: &'s mut Option<Store>,
    open: &mut dyn FnMut() -> Result<Store, AppError>,
) -> Result<&'s mut Store, AppError> {
    Ok(match store {
        Some(store) => store,
        None => store.insert(open()?),
    })
}

fn import_error(name: &OsStr, source: ImportError) -> AppError {
    AppError::Import { path: PathBuf::from(name), source }
}

#[cfg(test)]
mod tests;
