//! Importing from the window: the tray on which chosen and dropped files lie, looking at one, taking it, and undoing that.
//!
//! The window never names a path: it knows files by the number they have on the tray, and only the person puts them there,
//! by choosing in the system's dialog, by dropping, or on the command line.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use interdict_app::import::mapping::Mapping;
use interdict_app::store::{Store, StoreError, Trial};
use interdict_app::{
    AppError, Choice, ImportProgress, ImportRequest, Joining, mapping_key, preview_import, write_import_rejects,
};

use super::{Answer, Desk};
use crate::error::DeskError;
use crate::present;
use crate::wire;

/// How many of the first records are looked at.
const RECORDS: usize = 20;

/// How many of the devices that are worth a look are shown.
const REVIEWS: usize = 200;

/// Files that the person chose or dropped, in that order.
#[derive(Default)]
pub(super) struct Tray {
    files: Vec<PathBuf>,
    /// How many of them the window has been told of.
    told: usize,
}

impl Desk {
    /// Puts files on the tray; the window is told of them when it asks.
    pub fn offer(&self, paths: impl IntoIterator<Item = PathBuf>) {
        self.tray.lock().unwrap_or_else(PoisonError::into_inner).files.extend(paths);
    }

    /// The files that were put on the tray since the last question.
    pub fn import_offered(&self) -> Answer<Vec<wire::OfferedFile>> {
        let mut tray = self.tray.lock().unwrap_or_else(PoisonError::into_inner);
        let first = tray.told;
        tray.told = tray.files.len();
        let new = tray.files.iter().enumerate().skip(first);
        Ok(new.map(|(number, path)| present::offered(u32::try_from(number).unwrap_or(u32::MAX), path)).collect())
    }

    /// The formats that can be imported.
    pub fn import_formats(&self) -> Answer<Vec<wire::FormatInfo>> {
        Ok(present::formats())
    }

    /// What a file would become, from its first records.
    pub fn import_preview(&self, request: &wire::ImportPreviewRequest) -> Answer<wire::ImportPreview> {
        let path = self.on_tray(request.file)?;
        let failed = |source| AppError::Import { path: path.clone(), source };
        let given = request.mapping.as_ref().map(present::mapping_of).transpose().map_err(failed)?;
        let mut preview = preview_import(&path, request.format.as_deref(), given.as_ref(), RECORDS)?;
        let kept = match (&given, &preview.fingerprint) {
            (None, Some(fingerprint)) => self.kept_mapping(fingerprint)?,
            _ => None,
        };
        let is_kept = kept.is_some();
        if let Some(kept) = kept {
            let recognised = Some(preview.imported.format).filter(|name| !name.is_empty());
            let format = request.format.as_deref().or(recognised);
            preview = preview_import(&path, format, Some(&kept), RECORDS)?;
        }
        Ok(present::import_preview(present::offered(request.file, &path), &preview, is_kept))
    }

    /// Imports a file into the person's own database, whole or not at all.
    pub fn import_start(
        &self,
        request: &wire::ImportStartRequest,
        tell: &dyn Fn(wire::ImportEvent),
    ) -> Answer<wire::ImportResult> {
        let workbench = self.workbench()?;
        let path = self.on_tray(request.file)?;
        let failed = |source| AppError::Import { path: path.clone(), source };
        let mapping = request.mapping.as_ref().map(present::mapping_of).transpose().map_err(failed)?;
        let turn = self.take_turn(&request.id)?;
        // A connection of its own, so that the window keeps being answered meanwhile.
        let mut store = self.open_main()?;
        let kept = |fingerprint: &str| self.kept_mapping(fingerprint).ok().flatten();
        let asked = ImportRequest {
            path: &path,
            format: request.format.as_deref(),
            mapping: mapping.as_ref(),
            kept_mapping: &kept,
        };
        let told = Cell::new(0);
        let outcome = workbench.import_file_watched::<AppError>(
            &asked,
            || Ok(&mut store),
            &|progress| tell_some(progress, &told, tell),
            &|| turn.cancelled.load(Ordering::Relaxed),
        );
        match outcome {
            Ok(outcome) => {
                self.shelf().sample = None;
                let detail = detail(&store, outcome.batch.id)?;
                Ok(present::import_result(&outcome, detail))
            }
            Err(AppError::Cancelled) => Ok(present::import_cancelled()),
            Err(error) => Err(error.into()),
        }
    }

    /// Every import, newest first.
    pub fn imports_list(&self) -> Answer<wire::ImportsReply> {
        self.with_store(|store| {
            Ok(wire::ImportsReply { rows: store.batches()?.iter().map(present::import_row).collect() })
        })
    }

    /// One import.
    pub fn import_get(&self, request: &wire::ImportRequest) -> Answer<wire::ImportDetail> {
        self.with_store(|store| detail(store, request.number))
    }

    /// Decides whether a device of an import is a machine, or says what that would do.
    pub fn import_decide(&self, request: &wire::ImportDecideRequest) -> Answer<wire::ImportDecided> {
        let workbench = self.workbench()?;
        let machine = request.machine.clone();
        let choice = match request.choice {
            wire::JoinChoice::Same => Choice::Same(machine, Joining::Whole),
            wire::JoinChoice::SameLater => Choice::Same(machine, Joining::Never),
            wire::JoinChoice::NotSame => Choice::NotSame(Some(machine)),
            wire::JoinChoice::Open => Choice::Open,
        };
        let trial = if request.trial { Trial::Tried } else { Trial::Done };
        let device = (request.number, request.told.as_str());
        let mut shelf = self.shelf();
        let outcome = match &mut shelf.sample {
            Some(sample) => workbench.decide_machine(sample, device, &choice, trial)?,
            None => workbench.decide_machine(self.main(&mut shelf)?, device, &choice, trial)?,
        };
        Ok(present::import_decided(outcome))
    }

    /// Takes an import back.
    pub fn import_undo(&self, request: &wire::ImportRequest) -> Answer<wire::ImportUndone> {
        let workbench = self.workbench()?;
        let mut shelf = self.shelf();
        let left = match &mut shelf.sample {
            Some(sample) => workbench.undo_import(sample, request.number)?,
            None => workbench.undo_import(self.main(&mut shelf)?, request.number)?,
        };
        Ok(wire::ImportUndone { number: request.number, machines_left: u32::try_from(left).unwrap_or(u32::MAX) })
    }

    /// Writes what of an import could not be used to the folder of reports.
    pub fn import_rejects_save(&self, request: &wire::ImportRequest) -> Answer<wire::RowsWritten> {
        let folder = self.reports.as_ref().map_err(wire::WireError::clone)?;
        let now = (self.clock.now)();
        let instant: String = now.chars().take(19).filter(|letter| *letter != ':').collect();
        let path = folder.join(format!("interdict-import-{}-rejects-{instant}Z.csv", request.number));
        let rows = self.with_store(|store| Ok(write_import_rejects(store, request.number, &path)?))?;
        Ok(wire::RowsWritten { path: path.display().to_string(), rows: u32::try_from(rows).unwrap_or(u32::MAX) })
    }

    fn on_tray(&self, id: u32) -> Answer<PathBuf> {
        let tray = self.tray.lock().unwrap_or_else(PoisonError::into_inner);
        let path = usize::try_from(id).ok().and_then(|id| tray.files.get(id)).cloned();
        path.ok_or_else(|| DeskError::UnknownFile(id).into())
    }

    /// The mapping that was kept for a header in the person's own database; one that does not read is none.
    fn kept_mapping(&self, fingerprint: &str) -> Answer<Option<Mapping>> {
        let mut shelf = self.shelf();
        let text = self.main(&mut shelf)?.setting(&mapping_key(fingerprint))?;
        Ok(text.and_then(|text| Mapping::from_json(&text).ok()))
    }
}

fn detail(store: &Store, number: i64) -> Answer<wire::ImportDetail> {
    let batch = store.batch(number)?.ok_or(StoreError::UnknownBatch { id: number })?;
    let (rejects, machines) = (store.batch_rejects(number)?, store.batch_machines(number)?);
    let reviews = store.import_reviews(number, REVIEWS)?;
    Ok(present::import_detail(&batch, rejects, (machines, reviews), store.undo_effect(number)))
}

/// Tells of some hundred steps, however large the file is, and of its end once.
fn tell_some(progress: ImportProgress, told: &Cell<u64>, tell: &dyn Fn(wire::ImportEvent)) {
    match progress {
        ImportProgress::Reading { bytes, of, records } => {
            let step = (of / 200).max(1 << 16);
            if bytes >= told.get() + step || (bytes == of && told.get() < of) {
                told.set(bytes);
                tell(wire::ImportEvent::Reading { bytes, of, records });
            }
        }
        ImportProgress::Storing { done, of } => {
            let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
            tell(wire::ImportEvent::Storing { done: number(done), of: number(of) });
        }
    }
}
