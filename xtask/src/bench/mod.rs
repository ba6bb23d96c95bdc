//! Measurements held against limits; a missed limit is a failure. The figures belong into `docs/performance.md`.
//!
//! What a library does is measured by a bench of its package, which prints its figures and limits itself; what commands do
//! is measured here, against a peer.

mod fleet;
mod peers;
mod scan;

use anyhow::bail;
use clap::ValueEnum;

use crate::workspace::Workspace;

/// What can be measured.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Measured {
    /// Scan and audit of 50,000 packages, against dpkg-query and other tools on the path.
    Scan,
    /// Loading the built-in catalogue.
    Catalogue,
    /// Tiers of all products for all profiles on 100 days.
    Tiers,
    /// Identifying 1,000,000 records.
    Identify,
    /// Reading a registry hive of 100 MB.
    Hive,
    /// Importing a made-up fleet's log, against the sqlite3 shell's import of the same rows.
    Fleet,
}

/// Measures it. How many rows there are can be said of the fleet alone.
pub(crate) fn bench(workspace: &Workspace, what: Measured, rows: Option<u64>) -> anyhow::Result<()> {
    if rows.is_some() && !matches!(what, Measured::Fleet) {
        bail!("only the fleet has a number of rows");
    }
    let of_package = |package, bench| workspace.cargo(["bench", "--package", package, "--bench", bench]).run();
    match what {
        Measured::Scan => scan::scan(workspace),
        Measured::Catalogue => of_package("interdict-catalogue", "load"),
        Measured::Tiers => of_package("interdict-assess", "tiers"),
        Measured::Identify => of_package("interdict-identify", "identify"),
        Measured::Fleet => fleet::fleet(workspace, rows),
        Measured::Hive => of_package("interdict-collect", "hive"),
    }
}
