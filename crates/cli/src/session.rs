//! One run of the command: the global options made into what commands work with.

use std::path::{Path, PathBuf};
use std::time::Duration;

use interdict_app::store::{self, Options, Store, StoreError};
use interdict_app::{AppError, OwnRules, Settings, Workbench, default_database, now, own_rules_folder, today};
use interdict_model::{Day, Diagnostic, Severity, Tier};

use crate::Outcome;
use crate::arguments::{Format, GlobalArguments};
use crate::asked::{Asked, Origin};
use crate::error::CliError;
use crate::nearest_day::nearest_day;
use crate::output::{Answer, Notes};

/// The profile that holds nothing: who asks without saying who they are.
pub(crate) const RESEARCH: &str = "research";

/// One run of the command.
#[derive(Debug)]
pub(crate) struct Session {
    globals: GlobalArguments,
    /// Where the answer goes.
    pub(crate) answer: Answer,
    /// Where everything else goes.
    pub(crate) notes: Notes,
}

impl Session {
    pub(crate) fn new(globals: GlobalArguments) -> Self {
        let answer = Answer::new(globals.no_color);
        let notes = Notes::new(globals.no_color, globals.quiet);
        Self { globals, answer, notes }
    }

    /// The format that was asked for, or text.
    pub(crate) fn format(&self) -> Format {
        self.globals.format.unwrap_or(Format::Text)
    }

    /// The catalogue that was named, if any was.
    pub(crate) fn catalogue_path(&self) -> Option<&Path> {
        self.globals.catalogue.as_deref()
    }

    /// The catalogue in use. Wrong profiles and days are told here, before anything is looked at or made.
    pub(crate) fn workbench(&self) -> Result<Workbench, CliError> {
        let mut workbench = Workbench::open(self.catalogue_path())?;
        if let Some(folder) = self.own_rules_folder() {
            workbench = workbench.with_own_rules(&folder);
            self.own_rule_notes(&folder, workbench.own_rules());
        }
        workbench.circumstances(&self.globals.profiles, self.as_of()?)?;
        Ok(workbench)
    }

    /// Where the organisation's own rules stand, where it has any.
    pub(crate) fn own_rules_folder(&self) -> Option<PathBuf> {
        own_rules_folder(self.database().ok().as_deref())
    }

    /// Says what is wrong with own rules: a warning each, since everything else is used.
    fn own_rule_notes(&self, folder: &Path, own_rules: &OwnRules) {
        let as_warning = |found: &Diagnostic| {
            let mut found = Diagnostic { severity: Severity::Warning, ..found.clone() };
            if let Some(place) = &mut found.location {
                place.file = folder.join(&place.file).display().to_string();
            }
            found
        };
        let problems: Vec<Diagnostic> = own_rules.problems.iter().map(as_warning).collect();
        self.notes.diagnostics(&problems);
        if own_rules.left_out > 0 {
            let of = own_rules.left_out + own_rules.used;
            let verb = if own_rules.left_out == 1 { "is" } else { "are" };
            self.notes.note(&format!(
                "{} of {of} files of your own rules {verb} not used; everything else is. Check them with: interdict catalogue lint --own",
                own_rules.left_out
            ));
        }
    }

    /// Where the database is or would be.
    pub(crate) fn database(&self) -> Result<PathBuf, CliError> {
        match &self.globals.db {
            Some(path) => Ok(path.clone()),
            None => Ok(default_database()?),
        }
    }

    /// The database, made when it is not there yet.
    pub(crate) fn store(&self) -> Result<Store, CliError> {
        self.open(&self.database()?)
    }

    /// The database, to ask it something: one that is not there is not made.
    pub(crate) fn existing_store(&self) -> Result<Store, CliError> {
        let path = self.database()?;
        if !path.exists() {
            return Err(CliError::NoInventory { path });
        }
        self.open(&path)
    }

    /// How patient the database is opened.
    pub(crate) fn options(&self) -> Options {
        self.globals
            .wait
            .map_or_else(Options::default, |seconds| Options { busy_timeout: Duration::from_secs(seconds) })
    }

    /// Says what is to be known of the place of a database.
    pub(crate) fn place_notes(&self, path: &Path) {
        self.notes.diagnostics(&store::warnings(path));
    }

    fn open(&self, path: &Path) -> Result<Store, CliError> {
        self.place_notes(path);
        Ok(Store::open_with(path, &now(), self.options()).map_err(AppError::from)?)
    }

    /// Brings what machines come to up to the catalogue in use. While another process writes, what an earlier catalogue
    /// said is shown, and that is said.
    pub(crate) fn refresh(&self, workbench: &Workbench, store: &mut Store) -> Result<(), CliError> {
        match workbench.refresh_detections(store) {
            Err(AppError::Store(StoreError::Locked { .. })) => {
                self.notes.note(
                    "Another process is writing to the database: what is shown was identified with an earlier catalogue.",
                );
                Ok(())
            }
            outcome => Ok(outcome.map(drop)?),
        }
    }

    /// The database where there is one; one that was named must be there.
    pub(crate) fn store_if_there(&self) -> Result<Option<Store>, CliError> {
        if self.globals.db.is_none() && !self.database().is_ok_and(|path| path.is_file()) {
            return Ok(None);
        }
        self.existing_store().map(Some)
    }

    /// Who asks, for which day. The database is looked into for the saved profile only, and only where there is one.
    pub(crate) fn asked(&self, workbench: &Workbench, store: Option<&Store>) -> Result<Asked, CliError> {
        let (profiles, origin) = self.profiles(store)?;
        let circumstances = workbench.circumstances(&profiles, self.as_of()?)?;
        Ok(Asked { profiles, origin, circumstances, catalogue: workbench.catalogue().stamp().clone() })
    }

    /// The day asked for.
    pub(crate) fn as_of(&self) -> Result<Day, CliError> {
        self.globals.as_of.as_deref().map_or_else(|| Ok(today()), read_day)
    }

    /// What it comes to that these tiers were found.
    pub(crate) fn outcome(&self, tiers: impl IntoIterator<Item = Tier>) -> Outcome {
        let Some(limit) = self.globals.fail_on else { return Outcome::Done };
        let found = tiers.into_iter().any(|tier| tier.rank() >= limit.rank());
        if found { Outcome::Findings } else { Outcome::Done }
    }

    fn profiles(&self, store: Option<&Store>) -> Result<(Vec<String>, Origin), CliError> {
        if !self.globals.profiles.is_empty() {
            let mut profiles: Vec<String> = Vec::new();
            for profile in &self.globals.profiles {
                if !profiles.contains(profile) {
                    profiles.push(profile.clone());
                }
            }
            return Ok((profiles, Origin::Given));
        }
        let saved = match store {
            Some(store) => saved_profiles(store)?,
            None => self.saved_elsewhere()?,
        };
        Ok(match saved {
            Some(profiles) => (profiles, Origin::Saved),
            None => (vec![RESEARCH.to_owned()], Origin::Nobody),
        })
    }

    /// The profiles saved in the database, for a command that needs none of it otherwise.
    fn saved_elsewhere(&self) -> Result<Option<Vec<String>>, CliError> {
        // Where there is no data folder, or no rights to it, nothing was saved there.
        let Some(path) = self.database().ok().filter(|path| path.is_file()) else { return Ok(None) };
        let store = Store::open_with(&path, &now(), self.options()).map_err(CliError::SavedProfile)?;
        saved_profiles(&store)
    }
}

/// A day as somebody wrote it.
pub(crate) fn read_day(text: &str) -> Result<Day, CliError> {
    text.parse().map_err(|_| CliError::Day { text: text.to_owned(), nearest: nearest_day(text) })
}

fn saved_profiles(store: &Store) -> Result<Option<Vec<String>>, CliError> {
    let saved = Settings::read(store).map_err(CliError::SavedProfile)?.profiles;
    Ok(saved.filter(|profiles| !profiles.is_empty()))
}
