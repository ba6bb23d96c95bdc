//! The watched folder while the window is open: one watcher on a thread of its own, and what it says of itself.
//!
//! A watcher that was told to stop may still finish its file; what it says then is no longer listened to.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use interdict_app::import::Mapping;
use interdict_app::store::Store;
use interdict_app::{
    AppError, SystemClock, WATCH_PATIENCE, Watch, WatchEvent, WatchPace, WatchUntil, WatchedFile, WatchedFolder,
    mapping_key,
};

use super::{Answer, Desk};
use crate::present;
use crate::wire::{WatchPhase, WatchStatus, WatchSwitch, WatchedLine, WireError};

/// Tells the window that what is stored has changed.
pub type Changed = Box<dyn Fn() + Send>;

/// How many files are remembered.
const MOST_RECENT: usize = 20;
/// The window is not told of changes more often than this.
const PAUSE: Duration = Duration::from_secs(2);

/// The watcher of this window.
pub(super) struct Watching {
    pub(super) pace: WatchPace,
    state: Mutex<State>,
}

struct State {
    /// Told to the watcher that runs; another one there is none.
    stop: Option<Arc<AtomicBool>>,
    phase: WatchPhase,
    file: Option<String>,
    waiting: u32,
    imported: u32,
    rejected: u32,
    error: Option<WireError>,
    recent: VecDeque<WatchedLine>,
    /// The number of the newest line.
    number: u32,
}

impl Default for Watching {
    fn default() -> Self {
        let ten = Duration::from_secs(10);
        let pace = WatchPace { every: ten, settle: ten, patience: WATCH_PATIENCE, until: WatchUntil::Cancelled };
        let state = State {
            stop: None,
            phase: WatchPhase::Off,
            file: None,
            waiting: 0,
            imported: 0,
            rejected: 0,
            error: None,
            recent: VecDeque::new(),
            number: 0,
        };
        Self { pace, state: Mutex::new(state) }
    }
}

impl Watching {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends what runs and makes room for a new watcher.
    fn begin(&self) -> Arc<AtomicBool> {
        self.end();
        let stop = Arc::new(AtomicBool::new(false));
        let mut state = self.state();
        state.stop = Some(Arc::clone(&stop));
        state.phase = WatchPhase::Watching;
        (state.imported, state.rejected, state.error) = (0, 0, None);
        stop
    }

    /// Ends what runs.
    fn end(&self) {
        let mut state = self.state();
        if let Some(stop) = state.stop.take() {
            stop.store(true, Ordering::Relaxed);
        }
        (state.phase, state.file, state.waiting) = (WatchPhase::Off, None, 0);
    }

    /// The state, for the watcher that runs; nothing for one that was told to stop.
    fn of(&self, stop: &Arc<AtomicBool>) -> Option<MutexGuard<'_, State>> {
        let state = self.state();
        let is_mine = state.stop.as_ref().is_some_and(|mine| Arc::ptr_eq(mine, stop));
        is_mine.then_some(state)
    }
}

impl State {
    fn note(&mut self, event: &WatchEvent<'_>) {
        match event {
            WatchEvent::Watching => self.phase = WatchPhase::Watching,
            WatchEvent::StandingBy => self.phase = WatchPhase::StandingBy,
            WatchEvent::Busy { error } => {
                self.phase = WatchPhase::Busy;
                self.error = Some(present::wire_error(error));
                self.file = None;
            }
            WatchEvent::Importing { name } => self.file = Some(name.to_string_lossy().into_owned()),
            WatchEvent::Looked { waiting } => {
                self.waiting = present::count(*waiting);
                self.file = None;
            }
            WatchEvent::Changed { .. } => self.file = None,
            WatchEvent::Taken(file) => self.taken(file),
            WatchEvent::NoLocks { .. } | WatchEvent::LeftAlone { .. } => {}
        }
    }

    fn taken(&mut self, file: &WatchedFile) {
        (self.phase, self.error, self.file) = (WatchPhase::Watching, None, None);
        self.waiting = self.waiting.saturating_sub(1);
        match &file.end {
            Ok(_) => self.imported += 1,
            Err(_) => self.rejected += 1,
        }
        self.number += 1;
        self.recent.push_front(present::watched(self.number, file));
        self.recent.truncate(MOST_RECENT);
    }
}

impl Desk {
    /// How the watched folder fares.
    pub fn watch_get(&self) -> Answer<WatchStatus> {
        let folder = {
            let mut shelf = self.shelf();
            WatchedFolder::read(self.main(&mut shelf)?)?
        };
        let state = self.watching.state();
        Ok(WatchStatus {
            folder: folder.map(|chosen| chosen.folder),
            phase: state.phase,
            file: state.file.clone(),
            waiting: state.waiting,
            imported: state.imported,
            rejected: state.rejected,
            error: state.error.clone(),
            recent: state.recent.iter().cloned().collect(),
        })
    }

    /// Watches another folder from now on.
    pub fn watch_choose(self: &Arc<Self>, folder: &Path, changed: Changed) -> Answer<WatchStatus> {
        let name = folder.to_str().ok_or_else(|| AppError::WatchFolder {
            path: folder.to_owned(),
            problem: "its name cannot be written down",
        })?;
        self.remember(&WatchedFolder { folder: name.to_owned(), is_on: true })?;
        self.start(folder.to_owned(), changed)?;
        self.watch_get()
    }

    /// Begins or ends watching the folder that was chosen.
    pub fn watch_switch(self: &Arc<Self>, request: &WatchSwitch, changed: Changed) -> Answer<WatchStatus> {
        let chosen = {
            let mut shelf = self.shelf();
            WatchedFolder::read(self.main(&mut shelf)?)?
        };
        let Some(chosen) = chosen else { return self.watch_get() };
        let chosen = WatchedFolder { is_on: request.on, ..chosen };
        self.remember(&chosen)?;
        if request.on {
            self.start(PathBuf::from(chosen.folder), changed)?;
        } else {
            self.watching.end();
        }
        self.watch_get()
    }

    /// Goes on with what was watched when the window was closed.
    pub fn watch_resume(self: &Arc<Self>, changed: Changed) -> Answer<()> {
        let chosen = {
            let mut shelf = self.shelf();
            WatchedFolder::read(self.main(&mut shelf)?)?
        };
        match chosen.filter(|chosen| chosen.is_on) {
            Some(chosen) => self.start(PathBuf::from(chosen.folder), changed),
            None => Ok(()),
        }
    }

    fn remember(&self, chosen: &WatchedFolder) -> Answer<()> {
        let mut shelf = self.shelf();
        Ok(chosen.write(self.main(&mut shelf)?)?)
    }

    fn start(self: &Arc<Self>, folder: PathBuf, changed: Changed) -> Answer<()> {
        // Told here, where somebody waits for it, and not by the thread.
        self.workbench()?;
        let stop = self.watching.begin();
        let desk = Arc::clone(self);
        std::thread::spawn(move || desk.watch_folder(&folder, &stop, &changed));
        Ok(())
    }

    /// Watches until it is told to stop or something is wrong.
    fn watch_folder(&self, folder: &Path, stop: &Arc<AtomicBool>, changed: &Changed) {
        let ended = self.watch_with(folder, stop, changed);
        changed();
        let Some(mut state) = self.watching.of(stop) else { return };
        (state.stop, state.file) = (None, None);
        match ended {
            Ok(()) => state.phase = WatchPhase::Off,
            Err(error) => (state.phase, state.error) = (WatchPhase::Failed, Some(error)),
        }
    }

    fn watch_with(&self, folder: &Path, stop: &Arc<AtomicBool>, changed: &Changed) -> Answer<()> {
        let workbench = self.workbench()?;
        let path = self.main_path.as_ref().map_err(WireError::clone)?;
        let open = || Store::open(path, &(self.clock.now)());
        let kept = |fingerprint: &str| {
            let text = open().ok()?.setting(&mapping_key(fingerprint)).ok()??;
            Mapping::from_json(&text).ok()
        };
        let clock = SystemClock::new();
        let pace = self.watching.pace;
        let watch = Watch { folder, format: None, mapping: None, kept_mapping: &kept, pace, clock: &clock };
        let mut untold = Untold { changed, since: None, told: None };
        let mut tell = |event: WatchEvent<'_>| {
            if let Some(mut state) = self.watching.of(stop) {
                state.note(&event);
            }
            match event {
                WatchEvent::Taken(WatchedFile { end: Ok(outcome), .. }) if !outcome.is_known => untold.more(),
                WatchEvent::Looked { .. } => untold.tell(),
                _ => {}
            }
        };
        workbench.watch(&watch, &mut || open().map_err(AppError::from), &mut tell, &|| stop.load(Ordering::Relaxed))?;
        Ok(())
    }
}

/// Changes that the window was not told of yet: hundreds of files are not hundreds of new drawings.
struct Untold<'c> {
    changed: &'c Changed,
    since: Option<Instant>,
    told: Option<Instant>,
}

impl Untold<'_> {
    fn more(&mut self) {
        self.since = Some(Instant::now());
        if self.told.is_none_or(|told| told.elapsed() >= PAUSE) {
            self.tell();
        }
    }

    fn tell(&mut self) {
        if self.since.take().is_some() {
            self.told = Some(Instant::now());
            (self.changed)();
        }
    }
}

#[cfg(test)]
mod tests;
