//! Where the real data lies that tests read, if it does.
//!
//! It lies beside the workspace (or where `INTERDICT_TEST_DATA` says) and is not part of it; without it a test says so
//! and passes.

use std::path::PathBuf;

/// A file or folder of the package databases of real systems.
pub(crate) fn package_databases(below: &str) -> Option<PathBuf> {
    let base = std::env::var_os("INTERDICT_TEST_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let path = base.join("linux-package-dbs").join(below);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no test data at {}", path.display());
    None
}
