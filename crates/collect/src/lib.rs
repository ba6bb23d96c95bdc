//! Hosts and collectors: what is on a machine, and how well it could be looked at.
//!
//! A [`Host`] is a machine as it can be read: this one while it runs ([`LiveHost`]), the mounted disk of another
//! ([`RootedHost`]), or one made up for a test ([`FixtureHost`]). A [`Collector`] reads one kind of trace from any of
//! them; [`collectors`] lists them. [`scan`] runs them all. A collector never fails as a whole and is never silent:
//! beside its observations it says whether everything could be read, and if not, what and why.
//!
//! Nothing here changes a machine, runs a program of it or judges what is found; which product an observation is, is
//! worked out by `interdict-identify`. How the bytes of a database are read stands in `interdict-formats`.
#![expect(clippy::disallowed_methods, reason = "the host is where the machine is read")]

mod any;
mod collector;
#[cfg(test)]
#[expect(dead_code, reason = "the tests of the formats use the rest of it")]
#[path = "../../formats/tests/support/executable_encoder.rs"]
mod executable_encoder;
mod host;
#[cfg(test)]
#[cfg(unix)]
mod hostile;
mod linux;
mod machine;
mod macos;
mod registry;
mod scan;
#[cfg(test)]
#[expect(dead_code, reason = "the tests of the formats use the rest of it")]
#[path = "../../formats/tests/support/signature_encoder.rs"]
mod signature_encoder;
mod sources;
mod sqlite;
#[cfg(test)]
mod testing;
mod windows;

pub use collector::{Collected, Collector, Needs, NeedsSystem, Request, Sweep};
pub use host::{
    Entry, EntryKind, ExecutableLink, FixtureHost, Found, HivesHost, Holding, Host, HostError, Kind, LiveHost,
    LocalFile, PROGRAMS, Process, Program, RecordedWindows, RootedHost, RunningWindows, SecurityProduct,
    SecurityProductKind, SshArgumentError, SshDestination, SshHost, SshLimits, SshSetting, SshTarget, remote_commands,
};
pub use registry::{MapRegistry, Registry, RegistryUser};
pub use scan::{Interrupted, Scan, ScanProgress, not_looked_at, rules_out, scan};
pub use sources::sources_of;

/// Every collector, in the order of the report; each family of systems has a list of its own.
pub fn collectors() -> impl Iterator<Item = &'static dyn Collector> {
    [linux::COLLECTORS, windows::COLLECTORS, macos::COLLECTORS].into_iter().flatten().copied()
}

/// A collector by its name.
#[must_use]
pub fn collector(name: &str) -> Option<&'static dyn Collector> {
    collectors().find(|collector| collector.name() == name)
}

/// Every diagnostic and error code of this crate with what it means, for the documentation and the test that no code
/// exists twice.
pub const DIAGNOSTIC_CODES: &[(&str, &str)] = &[
    ("collect/not-found", "A file or folder does not exist."),
    ("collect/denied", "A file or folder may not be read by the user the program runs as."),
    ("collect/not-at-hand", "A file, folder or registry key is no part of what can be looked at."),
    ("collect/too-large", "A file or folder is larger than is read."),
    ("collect/no-hives", "A folder that was given for its registry hives holds none."),
    (host::code::ALIKE, "Several registry hives of one kind were given; they are read as one."),
    (host::code::LEFT_OUT, "A registry hive was left out: nothing is read from its kind, or its kind cannot be told."),
    ("collect/unreadable", "A file or folder could not be read; the cause says why."),
    ("collect/unreachable", "A machine cannot be connected to over ssh, or is none that can be read so."),
    ("collect/connection-lost", "A machine broke off while it was read over ssh; nothing of the scan was kept."),
    (scan::HIDDEN, "Files and folders could not be seen as the user a machine was read as over ssh."),
    ("collect/cancelled", "The scan was cancelled before it was done."),
    (collector::INCOMPLETE, "A collector could not read everything; what and why is in the message."),
];
