//! `interdict import --watch`: what is dropped into a folder, for as long as somebody wants.
//!
//! A file's row is written when the file is moved, and flushed, so that who reads along knows at once.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use interdict_app::import::Mapping;
use interdict_app::store::Store;
use interdict_app::{
    AppError, LeftWhy, SystemClock, WATCH_PATIENCE, Watch, WatchEvent, WatchPace, WatchSummary, WatchUntil,
    WatchedFile, now,
};

use crate::Outcome;
use crate::arguments::{Format, WatchArguments};
use crate::commands::import::kept_mapping;
use crate::error::CliError;
use crate::interrupt;
use crate::output::{Answer, Progress, plain, write_csv, write_json_lines, write_more_csv};
use crate::session::Session;
use crate::wire::{WatchList, WatchedRow};

pub(super) fn run(
    session: &Session,
    folder: &Path,
    arguments: &WatchArguments,
    (format, mapping): (Option<&str>, Option<&Mapping>),
) -> Result<Outcome, CliError> {
    if session.format() == Format::Json && !arguments.once {
        return Err(CliError::EndlessDocument);
    }
    let workbench = session.workbench()?;
    let database = session.database()?;
    session.place_notes(&database);
    interrupt::watch();
    let kept = |fingerprint: &str| kept_mapping(session, fingerprint);
    let clock = SystemClock::new();
    let watch = Watch { folder, format, mapping, kept_mapping: &kept, pace: pace(arguments), clock: &clock };
    let told = RefCell::new(Told::new(session, folder));
    if session.format() == Format::Csv {
        write_csv::<WatchedRow>(Answer::raw(), [])?;
    }
    if !arguments.once {
        session.notes.note(&format!("Watching {}; Ctrl-C ends it.", folder.display()));
    }
    let ended = workbench.watch(
        &watch,
        &mut || Store::open_with(&database, &now(), session.options()).map_err(AppError::from),
        &mut |event| told.borrow_mut().tell(&event),
        &|| interrupt::asked() || told.borrow().failure.is_some(),
    );
    let told = told.into_inner();
    drop(told.progress);
    if let Some(error) = told.failure {
        return Err(error);
    }
    if session.format() == Format::Json {
        // What was taken before trouble came is told as well.
        let elsewhere = ended.as_ref().is_ok_and(|summary| summary.is_watched_elsewhere);
        Answer::json(&WatchList::new(folder, told.rows, elsewhere, database.display().to_string()))?;
    }
    let summary = ended?;
    if session.format() == Format::Text && (summary.imported, summary.rejected) != (0, 0) {
        let mut page = Answer::page();
        page.line(&[plain(format!("{}. Kept in {}", counted(summary), database.display()))]);
        session.answer.text(page)?;
    }
    if arguments.once && summary.rejected > 0 {
        return Err(CliError::BadFiles { count: summary.rejected, of: summary.imported + summary.rejected });
    }
    Ok(Outcome::Done)
}

fn pace(arguments: &WatchArguments) -> WatchPace {
    WatchPace {
        every: Duration::from_secs(arguments.every),
        settle: Duration::from_secs(arguments.settle),
        patience: WATCH_PATIENCE,
        until: if arguments.once { WatchUntil::Once } else { WatchUntil::Cancelled },
    }
}

fn counted(summary: WatchSummary) -> String {
    let files = if summary.imported == 1 { "file" } else { "files" };
    format!("{} {files} imported, {} rejected", summary.imported, summary.rejected)
}

/// Tells what happens, where it belongs.
struct Told<'s> {
    session: &'s Session,
    folder: &'s Path,
    progress: Progress,
    /// The rows so far, for one document.
    rows: Vec<WatchedRow>,
    /// Why nothing more can be written.
    failure: Option<CliError>,
}

impl<'s> Told<'s> {
    fn new(session: &'s Session, folder: &'s Path) -> Self {
        Self { session, folder, progress: Progress::new(session.notes), rows: Vec::new(), failure: None }
    }

    fn tell(&mut self, event: &WatchEvent<'_>) {
        let folder = self.folder.display();
        match event {
            WatchEvent::Watching => self.progress.say(format!("watching {folder}")),
            WatchEvent::StandingBy => {
                self.note(&format!("Another watcher is at work on {folder}: it takes the files."));
                self.progress.say(format!("standing by for {folder}"));
            }
            WatchEvent::NoLocks { problem } => self.note(&format!(
                "There are no locks on {folder} ({problem}): files are still taken once, and what a watcher left behind \
                 is taken up after an hour."
            )),
            WatchEvent::LeftAlone { name, why } => self.note(&left(name, *why)),
            WatchEvent::Importing { name } => self.progress.say(format!("importing {}", name.display())),
            WatchEvent::Busy { error } => {
                self.note(&format!("The files wait: {error}."));
            }
            WatchEvent::Changed { name } => self.note(&format!(
                "{}: it changed while it was imported; nothing of it was kept, and it waits again.",
                name.display()
            )),
            WatchEvent::Taken(file) => {
                let row = WatchedRow::new(self.folder, file);
                if let Ok(outcome) = &file.end {
                    self.progress.aside(|| self.session.notes.diagnostics(&outcome.notes));
                }
                let written = self.write(row, file);
                self.failure = written.err();
                self.progress.say(format!("watching {folder}"));
            }
            WatchEvent::Looked { .. } => {}
        }
    }

    fn note(&self, text: &str) {
        self.progress.aside(|| self.session.notes.note(text));
    }

    fn write(&mut self, row: WatchedRow, file: &WatchedFile) -> Result<(), CliError> {
        let session = self.session;
        match session.format() {
            Format::Json => {
                self.rows.push(row);
                Ok(())
            }
            Format::Jsonl => write_json_lines(Answer::raw(), [Ok(row)]),
            Format::Csv => write_more_csv(Answer::raw(), [Ok(row)]),
            Format::Text => {
                let mut written = Ok(());
                self.progress.aside(|| {
                    let mut page = Answer::page();
                    page.line(&[plain(row.sentence())]);
                    written = session.answer.text(page);
                    if let Err(error) = &file.end
                        && let Some(hint) = interdict_model::Fault::hint(error)
                    {
                        session.notes.note(&format!("  hint: {hint}"));
                    }
                });
                written
            }
        }
    }
}

/// Why something stays in the folder, in a sentence.
fn left(name: &OsStr, why: LeftWhy) -> String {
    let name = name.display();
    match why {
        LeftWhy::Link => format!("{name} is a link and is left alone."),
        LeftWhy::Folder => format!("{name} is a folder and is not looked into."),
        LeftWhy::NoFile => format!("{name} is no file and is left alone."),
        LeftWhy::Name => format!("{name} is left alone: its name says that it is being written or hidden."),
        LeftWhy::Empty => format!("{name} is empty; it is waited for."),
        LeftWhy::InUse => format!("{name} is in use by another program; it is waited for."),
        LeftWhy::Unreadable => format!("{name} may not be read; check who owns it. It is waited for."),
        LeftWhy::Unmovable => format!("{name} may not be moved; check who owns it and the folder. It is waited for."),
        LeftWhy::Changing => format!("{name} is still being written; the next run takes it."),
        LeftWhy::SameName => format!("{name} waits: another file of that name is at hand."),
    }
}
