//! The person's desk: the catalogue, the open databases, the running audit, and one method per command.
//!
//! No Tauri here, so that everything the window can ask is tried without a window. Every method may take long; the
//! handlers call them off the main thread.

mod findings;
mod watching;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use interdict_app::assess::Circumstances;
use interdict_app::store::Store;
use interdict_app::{
    AppError, CatalogueName, Comparison, Lists, OWN_FOLDER, ScanOptions, Settings, Target, Workbench, open_sample,
};
use interdict_model::Day;

pub use self::watching::Changed;
use self::watching::Watching;
use crate::error::{DeskError, opening};
use crate::present;
use crate::wire::{
    AppStatus, AuditCancelRequest, AuditEvent, AuditOutcome, AuditRequest, CatalogueChanges, Context,
    ImportCancelRequest, Nothing, ReportWritten, SearchReply, SearchRequest, SettingsPatch, SourceOpenRequest,
    WireError,
};

mod imports;

/// What every method gives.
pub type Answer<T> = Result<T, WireError>;

/// Where the desk asks for the time.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// This instant: RFC 3339, UTC.
    pub now: fn() -> String,
    /// Today where the person sits.
    pub today: fn() -> Day,
}

/// Where the databases are; an error where the system names no folder.
#[derive(Debug)]
pub struct Places {
    /// The person's own database.
    pub main: Result<PathBuf, AppError>,
    /// The sample data.
    pub sample: Result<PathBuf, AppError>,
    /// The folder for reports.
    pub reports: Result<PathBuf, AppError>,
    /// Where lists are written to without asking; nothing where the person is asked each time.
    pub exports: Option<PathBuf>,
}

/// Everything the window's commands work on.
pub struct Desk {
    clock: Clock,
    target: Target,
    main_path: Answer<PathBuf>,
    sample_path: Answer<PathBuf>,
    reports: Answer<PathBuf>,
    workbench: OnceLock<Answer<Workbench>>,
    shelf: Mutex<Shelf>,
    lists: Lists,
    exports: Mutex<inventory::Exports>,
    export_folder: Option<PathBuf>,
    running: Mutex<Option<Running>>,
    tray: Mutex<imports::Tray>,
    watching: Watching,
}

/// The open databases. The main one is opened when first needed, and again after a failure, so that "try again" works.
#[derive(Default)]
struct Shelf {
    main: Option<Store>,
    sample: Option<Store>,
}

/// The audit or import that runs.
struct Running {
    id: String,
    cancelled: Arc<AtomicBool>,
}

impl Desk {
    /// A desk on which nothing is open yet.
    #[must_use]
    pub fn new(clock: Clock, places: Places, target: Target) -> Self {
        Self {
            clock,
            target,
            main_path: places.main.map_err(WireError::from),
            sample_path: places.sample.map_err(WireError::from),
            reports: places.reports.map_err(WireError::from),
            workbench: OnceLock::new(),
            shelf: Mutex::default(),
            lists: Lists::default(),
            exports: Mutex::default(),
            export_folder: places.exports,
            running: Mutex::default(),
            tray: Mutex::default(),
            watching: Watching::default(),
        }
    }

    /// What the frame needs to know.
    pub fn app_status(&self) -> Answer<AppStatus> {
        let workbench = self.workbench()?;
        let mut shelf = self.shelf();
        let settings = Settings::read(self.main(&mut shelf)?)?;
        let (store, is_sample) = match (&shelf.sample, &shelf.main) {
            (Some(sample), _) => (sample, true),
            (None, Some(main)) => (main, false),
            (None, None) => return Err(self.main(&mut shelf).err().unwrap_or_else(nothing_open)),
        };
        let database = present::database(store.path(), &store.totals()?, store.log_head()?.as_ref(), is_sample);
        Ok(present::status(workbench.catalogue(), (self.clock.today)(), &settings, database))
    }

    /// Changes what the person chose.
    pub fn settings_save(&self, patch: &SettingsPatch) -> Answer<AppStatus> {
        let workbench = self.workbench()?;
        if let Some(profiles) = &patch.profiles {
            workbench.circumstances(profiles, (self.clock.today)())?;
        }
        {
            let mut shelf = self.shelf();
            let store = self.main(&mut shelf)?;
            let mut settings = Settings::read(store)?;
            present::patch(&mut settings, patch);
            settings.write(store, &(self.clock.now)())?;
        }
        self.app_status()
    }

    /// Shows the sample data, made anew where it is missing or stale.
    pub fn sample_open(&self) -> Answer<AppStatus> {
        let path = self.sample_path.as_ref().map_err(WireError::clone)?;
        let sample = open_sample(self.workbench()?, path, &(self.clock.now)())?;
        self.shelf().sample = Some(sample);
        self.app_status()
    }

    /// Goes back to the person's own data.
    pub fn sample_close(&self) -> Answer<AppStatus> {
        self.shelf().sample = None;
        self.app_status()
    }

    /// Audits this computer, or the system the program was told of, and records it in the person's own database.
    pub fn audit_start(&self, request: &AuditRequest, tell: &mut dyn FnMut(AuditEvent)) -> Answer<AuditOutcome> {
        let workbench = self.workbench()?;
        let turn = self.take_turn(&request.id)?;
        // A connection of its own, so that the window keeps being answered meanwhile.
        let mut store = self.open_main()?;
        let mut progress = present::AuditProgress::default();
        let audited = workbench.audit(
            &mut store,
            &self.target,
            &ScanOptions::default(),
            &mut |event| tell(progress.event(event)),
            &|| turn.cancelled.load(Ordering::Relaxed),
        );
        match audited {
            Ok(outcome) => {
                self.shelf().sample = None;
                Ok(present::outcome(&outcome))
            }
            Err(AppError::Cancelled) => Ok(present::cancelled()),
            Err(error) => Err(error.into()),
        }
    }

    /// Cancels an audit; one that is over is left alone.
    pub fn audit_cancel(&self, request: &AuditCancelRequest) -> Answer<Nothing> {
        Ok(self.cancel(&request.id))
    }

    /// Cancels an import; one that is over is left alone.
    pub fn import_cancel(&self, request: &ImportCancelRequest) -> Answer<Nothing> {
        Ok(self.cancel(&request.id))
    }

    fn cancel(&self, id: &str) -> Nothing {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = running.as_ref().filter(|running| running.id == id) {
            running.cancelled.store(true, Ordering::Relaxed);
        }
        Nothing {}
    }

    /// What the catalogue of a folder or file changes against ours, for who asks and what is installed.
    pub fn catalogue_compare(&self, context: &Context, path: &std::path::Path) -> Answer<CatalogueChanges> {
        let comparison = Comparison::open(&CatalogueName::Builtin, &CatalogueName::new(path))?;
        self.ask(context, |asked, store| {
            let changes = comparison.changes(&asked.profiles, asked.circumstances.as_of, Some(store))?;
            Ok(present::catalogue_changes(asked, &path.display().to_string(), &changes))
        })
    }

    /// Anything by a part of its name.
    pub fn search_find(&self, request: &SearchRequest) -> Answer<SearchReply> {
        let workbench = self.workbench()?;
        self.with_store(|store| {
            let told = self.lists.told_counts(workbench, store)?;
            Ok(present::search(workbench.search(store, &told, &request.query, 40)?))
        })
    }

    /// Writes the report about the whole inventory to the folder of reports.
    pub fn report_write(&self, context: &Context) -> Answer<ReportWritten> {
        let folder = self.reports.as_ref().map_err(WireError::clone)?;
        let what = if self.shelf().sample.is_some() { "sample" } else { "audit" };
        let now = (self.clock.now)();
        let instant: String = now.chars().take(19).filter(|letter| *letter != ':').collect();
        let path = folder.join(format!("interdict-{what}-{instant}Z.html"));
        self.ask(context, |asked, store| {
            asked.workbench.write_report(store, &asked.circumstances, &asked.profiles, None, &now, &path)?;
            Ok(())
        })?;
        Ok(ReportWritten { path: path.display().to_string() })
    }

    /// Whether an address may be opened: only those of the catalogue's sources.
    pub fn check_source(&self, request: &SourceOpenRequest) -> Answer<()> {
        let is_known = present::source_addresses(self.workbench()?.catalogue()).contains(request.url.as_str());
        if is_known { Ok(()) } else { Err(DeskError::UnknownSource(request.url.clone()).into()) }
    }

    fn ask<T>(&self, context: &Context, answer: impl FnOnce(&present::Asked<'_>, &Store) -> Answer<T>) -> Answer<T> {
        let asked = self.asked(context)?;
        self.with_store(|store| answer(&asked, store))
    }

    fn asked(&self, context: &Context) -> Answer<present::Asked<'_>> {
        let workbench = self.workbench()?;
        Ok(present::Asked {
            workbench,
            circumstances: circumstances(workbench, context)?,
            profiles: profiles(context),
            today: (self.clock.today)(),
        })
    }

    fn with_store<T>(&self, answer: impl FnOnce(&Store) -> Answer<T>) -> Answer<T> {
        let mut shelf = self.shelf();
        match &shelf.sample {
            Some(sample) => answer(sample),
            None => answer(self.main(&mut shelf)?),
        }
    }

    fn workbench(&self) -> Answer<&Workbench> {
        self.workbench.get_or_init(|| self.opened_workbench()).as_ref().map_err(WireError::clone)
    }

    /// The built-in catalogue with the organisation's own rules over it, which stand beside the database.
    fn opened_workbench(&self) -> Answer<Workbench> {
        let workbench = Workbench::builtin()?;
        Ok(match self.main_path.as_ref().ok().and_then(|path| path.parent()) {
            Some(folder) => workbench.with_own_rules(&folder.join(OWN_FOLDER)),
            None => workbench,
        })
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // What a panic left behind is still an open database or none; every write is a transaction.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn main<'s>(&self, shelf: &'s mut Shelf) -> Answer<&'s mut Store> {
        let store = if let Some(store) = shelf.main.take() {
            store
        } else {
            let mut store = self.open_main()?;
            self.workbench()?.refresh_detections(&mut store)?;
            store
        };
        Ok(shelf.main.insert(store))
    }

    fn open_main(&self) -> Answer<Store> {
        let path = self.main_path.as_ref().map_err(WireError::clone)?;
        Store::open(path, &(self.clock.now)()).map_err(|error| opening(&error))
    }

    fn take_turn(&self, id: &str) -> Answer<Turn<'_>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_some() {
            return Err(DeskError::Busy.into());
        }
        let cancelled = Arc::new(AtomicBool::new(false));
        *running = Some(Running { id: id.to_owned(), cancelled: Arc::clone(&cancelled) });
        Ok(Turn { desk: self, cancelled })
    }
}

/// The right to audit or import, given back however that ends.
struct Turn<'d> {
    desk: &'d Desk,
    cancelled: Arc<AtomicBool>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.desk.running.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Who asks, for which day.
fn circumstances(workbench: &Workbench, context: &Context) -> Answer<Circumstances> {
    let as_of: Day = context.as_of.parse().map_err(|_| DeskError::NotADay(context.as_of.clone()))?;
    Ok(workbench.circumstances(&profiles(context), as_of)?)
}

/// The profiles asked with; nobody in particular where none is given.
fn profiles(context: &Context) -> Vec<String> {
    if context.profiles.is_empty() { vec!["research".to_owned()] } else { context.profiles.clone() }
}

fn unexpected(what: String) -> WireError {
    DeskError::Unexpected(what.into()).into()
}

fn nothing_open() -> WireError {
    unexpected("no database is open".to_owned())
}

#[cfg(test)]
mod import_tests;
mod inventory;
#[cfg(test)]
mod tests;
