//! Looking after the database: copies, restoring, checking, compacting, forgetting.

use std::path::Path;

use interdict_model::Day;
use interdict_store::{BackedUp, ForgetScope, Forgotten, Options, Replace, Restored, Store, Trial};

use crate::clock::now;
use crate::error::AppError;

/// A backup, and when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupMade {
    /// The moment it was begun; what was recorded later is not in it.
    pub at: String,
    /// What was written.
    pub backup: BackedUp,
}

/// Copies the database to a file while others read and write it.
pub fn back_up(store: &Store, target: &Path, replace: Replace) -> Result<BackupMade, AppError> {
    let at = now();
    Ok(BackupMade { at, backup: store.back_up(target, replace)? })
}

/// Replaces the whole content of a database by that of a backup; what was in it is kept in a file beside it.
pub fn restore(database: &Path, backup: &Path, options: Options) -> Result<Restored, AppError> {
    Ok(interdict_store::restore(database, backup, &now(), options)?)
}

/// Forgets what was over before the beginning of a day in UTC.
pub fn forget(store: &mut Store, before: Day, scope: ForgetScope, trial: Trial) -> Result<Forgotten, AppError> {
    Ok(store.forget(&format!("{before}T00:00:00Z"), scope, trial, &now())?)
}
