//! Where files go: the platform's own data folder, nothing else.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use crate::error::AppError;
use crate::own_rules::OWN_FOLDER;

/// On Windows the one that stays on the machine: a database is nothing to carry around with a roaming profile.
fn data_folder() -> Result<PathBuf, AppError> {
    // Without HOME the system's list of users would be asked, for which a program that is linked statically loads
    // libraries of the machine it was carried to.
    if cfg!(target_feature = "crt-static") && cfg!(unix) && std::env::var_os("HOME").is_none() {
        return Err(AppError::NoDataFolder);
    }
    let folders = ProjectDirs::from("", "", "interdict").ok_or(AppError::NoDataFolder)?;
    Ok(folders.data_local_dir().to_owned())
}

/// The database that is used when none is named.
pub fn default_database() -> Result<PathBuf, AppError> {
    Ok(data_folder()?.join("interdict.db"))
}

/// The database of made-up sample data, apart from the real one.
pub fn sample_database() -> Result<PathBuf, AppError> {
    Ok(data_folder()?.join("sample.db"))
}

/// Where reports go when no file is named.
pub fn reports_folder() -> Result<PathBuf, AppError> {
    Ok(data_folder()?.join("reports"))
}

/// Where own rules stand: beside the database, else in the data folder. Nothing when there is no such folder.
#[must_use]
pub fn own_rules_folder(database: Option<&Path>) -> Option<PathBuf> {
    let beside = database.and_then(Path::parent).map(|folder| folder.join(OWN_FOLDER));
    let in_data_folder = || data_folder().ok().map(|folder| folder.join(OWN_FOLDER));
    beside.filter(|folder| folder.exists()).or_else(|| in_data_folder().filter(|folder| folder.exists()))
}
