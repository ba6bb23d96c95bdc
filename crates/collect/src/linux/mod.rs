//! The collectors for Linux.
//!
//! Each file is one collector with its tests; what it knows of a format it has from `interdict-formats`. All of them read
//! through a [`Host`](crate::Host), so a mounted disk is looked at like the running machine.

mod apk;
mod autostart;
mod certificates;
mod dpkg;
mod flatpak;
mod init_scripts;
mod kernel_modules;
pub(crate) mod package_files;
mod pacman;
mod processes;
pub(crate) mod programs;
mod rpm;
mod snap;
mod systemd;
mod user_programs;
mod user_units;

use interdict_model::OsFamily;

use crate::any::{BrowserExtensions, Cron, Homebrew, InstallFolders, MOST_ENTRIES, SMALL_FILE, Sweeper};
use crate::collector::{Collector, Needs, NeedsSystem};

/// The collectors for Linux, in the order of the report. Adding one is adding a line here.
pub(crate) static COLLECTORS: &[&dyn Collector] = &[
    &dpkg::Dpkg::DPKG,
    &dpkg::Dpkg::OPKG,
    &rpm::Rpm,
    &apk::Apk,
    &pacman::Pacman,
    &flatpak::Flatpak,
    &snap::Snap,
    &Homebrew::LINUX,
    &systemd::Systemd,
    &user_units::UserUnits,
    &init_scripts::InitScripts,
    &Cron::LINUX,
    &autostart::Autostart,
    &kernel_modules::KernelModules,
    &processes::Processes,
    &InstallFolders::LINUX,
    &user_programs::UserPrograms,
    &BrowserExtensions::LINUX,
    &certificates::Certificates,
    &Sweeper::LINUX,
];

/// A Linux system, running or not.
pub(crate) const LINUX_FILES: Needs = Needs { os: &[OsFamily::Linux], system: NeedsSystem::Files };
/// A Linux system that runs.
const LINUX_RUNNING: Needs = Needs { os: &[OsFamily::Linux], system: NeedsSystem::Running };
