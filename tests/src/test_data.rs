//! Where the folder of public test data is: `INTERDICT_TEST_DATA`, else beside the workspace.

use std::path::PathBuf;

/// A place in the folder of public test data, whether or not it is there.
#[must_use]
pub fn place(below: &str) -> PathBuf {
    let beside = || crate::checkout::root().join("../shared/data");
    std::env::var_os("INTERDICT_TEST_DATA").map_or_else(beside, PathBuf::from).join(below)
}

/// The text of a file of the folder; nothing when it is not there.
///
/// # Errors
/// When it is there and cannot be read.
pub fn text(below: &str) -> Result<Option<String>, String> {
    let path = place(below);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}
