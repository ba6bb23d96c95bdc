//! Where files go: the platform's own data folder, nothing else.

use std::path::PathBuf;

use directories::ProjectDirs;

use crate::error::AppError;

fn data_folder() -> Result<PathBuf, AppError> {
    let folders = ProjectDirs::from("", "", "interdict").ok_or(AppError::NoDataFolder)?;
    Ok(folders.data_dir().to_owned())
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
