//! The collectors for macOS.
//!
//! Each file is one collector with its tests. All of them read through a [`Host`](crate::Host): files, and the output of
//! the programs in [`PROGRAMS`](crate::PROGRAMS); none calls the system, so all of it is tested on any machine.
//!
//! What is installed and set lies on the data volume; the system's own volume holds only what Apple ships. A disk of
//! which only the system's volume is mounted is not a machine without software, and every collector says so.

mod applications;
mod bundle;
mod certificates;
mod configuration_profiles;
mod kernel_policy;
mod launchd;
mod processes;
mod receipts;
mod signature;
mod system_extensions;

use interdict_model::{Diagnostic, OsFamily, Scope, Severity};

use crate::any::{BrowserExtensions, Cron, Homebrew, InstallFolders, Sweeper};
use crate::collector::{Cause, Collector, Gathering, Needs, NeedsSystem};
use crate::host::{Host, HostError};

/// The collectors for macOS, in the order of the report. Adding one is adding a line here.
pub(crate) static COLLECTORS: &[&dyn Collector] = &[
    &applications::Applications,
    &receipts::Receipts,
    &Homebrew::MACOS,
    &system_extensions::SystemExtensions,
    &launchd::Launchd,
    &Cron::MACOS,
    &configuration_profiles::ConfigurationProfiles,
    &processes::Processes,
    &certificates::Certificates,
    &InstallFolders::MACOS,
    &BrowserExtensions::MACOS,
    &Sweeper::MACOS,
];

/// A macOS system, running or not.
pub(crate) const MACOS_FILES: Needs = Needs { os: &[OsFamily::Macos], system: NeedsSystem::Files };
/// A macOS system that runs.
const MACOS_RUNNING: Needs = Needs { os: &[OsFamily::Macos], system: NeedsSystem::Running };

/// A file that only the system's own volume has.
const SYSTEM_VOLUME: &str = "/System/Library/CoreServices/SystemVersion.plist";
/// A folder that only the data volume has.
const DATA_VOLUME: &str = "db";

/// A gathering that already accounts for the data volume of a Mac that is missing; on other systems an empty one.
pub(crate) fn begin(host: &dyn Host) -> Gathering {
    let mut gathering = Gathering::default();
    let is_missing = |path: &str| matches!(host.look(path), Err(HostError::NotFound { .. }));
    let is_mac_that_lies_still = host.os_family() == Some(OsFamily::Macos) && !host.is_live();
    if is_mac_that_lies_still && !is_missing(SYSTEM_VOLUME) && is_missing(&var(host, DATA_VOLUME)) {
        gathering.shortfall(
            Cause::NotAllowed,
            "only the system's volume is mounted; what is installed lies on the data volume",
        );
    }
    gathering
}

/// A path below `/var`, which is a link to `/private/var` on the system's volume and missing on the data volume.
fn var(host: &dyn Host, below: &str) -> String {
    let usual = format!("/var/{below}");
    let private = format!("/private/var/{below}");
    match (host.look(&usual), host.look(&private)) {
        (Err(HostError::NotFound { .. }), Err(HostError::NotFound { .. })) => usual,
        (Err(HostError::NotFound { .. }), _) => private,
        _ => usual,
    }
}

/// Keeps the diagnostics of one file; one that was not read to its end is a shortfall.
fn note(gathering: &mut Gathering, diagnostics: Vec<Diagnostic>) {
    for diagnostic in diagnostics {
        if diagnostic.severity == Severity::Error {
            let file = diagnostic.location.as_ref().map(|location| location.file.as_str()).unwrap_or_default();
            gathering.shortfall(Cause::Broken, format!("{file}: {}", diagnostic.message));
        }
        gathering.diagnostics.push(diagnostic);
    }
}

/// The user in whose home a path lies.
fn scope_of(path: &str) -> Option<Scope> {
    let name = path.strip_prefix("/Users/")?.split('/').next().filter(|name| !name.is_empty() && *name != "Shared")?;
    Some(Scope::User(name.to_owned()))
}

/// Whether a name ends like that, in either case: most disks of macOS do not tell them apart.
fn has_ending(name: &str, ending: &str) -> bool {
    let at = name.len().checked_sub(ending.len()).filter(|at| *at > 0);
    at.and_then(|at| name.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
}
