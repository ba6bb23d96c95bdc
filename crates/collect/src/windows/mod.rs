//! The collectors for Windows.
//!
//! Each file is one collector with its tests. All of them read through a [`Host`](crate::Host) and its
//! [`Registry`](crate::Registry), so the running system, a mounted disk and loose hives are looked at alike; what only a
//! running system can say stands behind [`RunningWindows`](crate::RunningWindows).

use interdict_model::OsFamily;

use crate::collector::{Collector, Needs, NeedsSystem};

/// The collectors for Windows, in the order of the report. Adding one is adding a line here.
pub(crate) static COLLECTORS: &[&dyn Collector] = &[];

/// A Windows system, running or not.
pub(crate) const WINDOWS_FILES: Needs = Needs { os: &[OsFamily::Windows], system: NeedsSystem::Files };
