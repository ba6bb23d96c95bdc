//! The collectors for macOS.
//!
//! Each file is one collector with its tests. All of them read through a [`Host`](crate::Host): files, and the output of
//! the programs in [`PROGRAMS`](crate::PROGRAMS); none calls the system, so all of it is tested on any machine.

use interdict_model::OsFamily;

use crate::any::{BrowserExtensions, InstallFolders};
use crate::collector::{Collector, Needs, NeedsSystem};

/// The collectors for macOS, in the order of the report. Adding one is adding a line here.
pub(crate) static COLLECTORS: &[&dyn Collector] = &[&InstallFolders::MACOS, &BrowserExtensions::MACOS];

/// A macOS system, running or not.
pub(crate) const MACOS_FILES: Needs = Needs { os: &[OsFamily::Macos], system: NeedsSystem::Files };
