//! The collectors for Linux.
//!
//! Each file is one collector with its tests; what it knows of a format it has from `interdict-formats`. All of them read
//! through a [`Host`](crate::Host), so a mounted disk is looked at like the running machine.

mod dpkg;
mod install_folders;
mod kernel_modules;
mod package_files;
mod processes;
mod rpm;
mod systemd;

pub(crate) use dpkg::Dpkg;
pub(crate) use install_folders::InstallFolders;
pub(crate) use kernel_modules::KernelModules;
pub(crate) use processes::Processes;
pub(crate) use rpm::Rpm;
pub(crate) use systemd::Systemd;

use interdict_model::OsFamily;

use crate::collector::{Needs, NeedsSystem};

/// How large the small text files of a system may be: units, lists of modules, links.
const SMALL_FILE: u64 = 1 << 20;
/// How many entries a folder of a system may have.
const MOST_ENTRIES: usize = 200_000;

/// A Linux system, running or not.
const LINUX_FILES: Needs = Needs { os: OsFamily::Linux, system: NeedsSystem::Files };
/// A Linux system that runs.
const LINUX_RUNNING: Needs = Needs { os: OsFamily::Linux, system: NeedsSystem::Running };
