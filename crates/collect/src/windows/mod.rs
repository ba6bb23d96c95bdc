//! The collectors for Windows.
//!
//! Each file is one collector with its tests. All of them read through a [`Host`](crate::Host) and its
//! [`Registry`](crate::Registry), so the running system, a mounted disk and loose hives are looked at alike; what only a
//! running system can say stands behind [`RunningWindows`](crate::RunningWindows).

mod application_cache;
mod autostart;
mod certificates;
mod environment;
mod existence;
mod firewall;
mod identity;
mod minifilters;
mod msix;
mod processes;
mod scheduled_tasks;
mod security_center;
mod services;
mod uninstall;
mod vendor_keys;

use interdict_model::OsFamily;

use crate::any::{BrowserExtensions, InstallFolders, Signatures, Sweeper};
use crate::collector::{Cause, Collected, Collector, Gathering, Needs, NeedsSystem};
use crate::host::HostError;
use crate::registry::{Registry, RegistryUser, Values};

pub(crate) use environment::Environment;
pub(crate) use identity::identity;
pub(crate) use security_center::NO_SECURITY_CENTER;

/// The collectors for Windows, in the order of the report. Adding one is adding a line here.
pub(crate) static COLLECTORS: &[&dyn Collector] = &[
    &uninstall::Uninstall,
    &msix::Msix,
    &services::Services,
    &minifilters::Minifilters,
    &security_center::SecurityCenter,
    &firewall::Firewall,
    &scheduled_tasks::ScheduledTasks,
    &autostart::Autostart,
    &processes::Processes,
    &certificates::Certificates,
    &BrowserExtensions::WINDOWS,
    &InstallFolders::WINDOWS,
    &vendor_keys::VendorKeys,
    &application_cache::ApplicationCache,
    &Sweeper::WINDOWS,
    // Behind all whose programs it looks at.
    &Signatures::WINDOWS,
];

/// A Windows system, running or not.
pub(crate) const WINDOWS_FILES: Needs = Needs { os: &[OsFamily::Windows], system: NeedsSystem::Files };

/// Where a system says which Windows it is.
const VERSION: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion";

/// What a collector says of a system whose registry is not there to be read.
fn without_registry() -> Collected {
    Collected::not_possible("no hive of its registry is at hand")
}

/// The names of a key's subkeys; none where there is no such key, or where it cannot be read, which is accounted for.
fn subkeys(registry: &dyn Registry, key: &str, gathering: &mut Gathering) -> Vec<String> {
    read(registry.subkeys(key), gathering).unwrap_or_default()
}

/// The values of a key; nothing where there is no such key, or where it cannot be read, which is accounted for.
fn values(registry: &dyn Registry, key: &str, gathering: &mut Gathering) -> Option<Values> {
    read(registry.values(key), gathering).map(Values)
}

fn read<T>(result: Result<T, HostError>, gathering: &mut Gathering) -> Option<T> {
    match result {
        Ok(value) => {
            gathering.has_read();
            Some(value)
        }
        // To know that it is not there is to have read.
        Err(HostError::NotFound { .. }) => {
            gathering.has_read();
            None
        }
        Err(error) => {
            gathering.failed(&error);
            None
        }
    }
}

/// The users whose part of the registry can be read; the others are accounted for by name.
fn users(registry: &dyn Registry, gathering: &mut Gathering) -> Vec<RegistryUser> {
    let all = gathering.ok(registry.users()).unwrap_or_default();
    let readable = |user: &RegistryUser| match registry.subkeys(&user_key(user, "")) {
        Ok(_) | Err(HostError::NotFound { .. }) => true,
        Err(error) => {
            let why = match &error {
                HostError::NotAtHand { why, .. } => why.clone(),
                _ => error.with_cause(),
            };
            let what = format!("the registry of the user {} could not be read: {why}", user.name);
            let is_broken = matches!(error, HostError::Other { .. } | HostError::TooLarge { .. });
            gathering.shortfall(if is_broken { Cause::Broken } else { Cause::NotAllowed }, what);
            false
        }
    };
    all.into_iter().filter(readable).collect()
}

/// A key of a user's part of the registry.
fn user_key(user: &RegistryUser, below: &str) -> String {
    let separator = if below.is_empty() { "" } else { "\\" };
    format!(r"HKU\{}{separator}{below}", user.id)
}
