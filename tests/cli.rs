//! The built `interdict` command, end to end: exit codes, standard output, standard error.
//!
//! Each test has a home folder of its own, so that no test sees the database of another or of the person who runs it.

#![expect(clippy::disallowed_methods, reason = "starts the command and prepares the files it reads")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be prepared fails")]

#[path = "cli/audit.rs"]
mod audit;
#[path = "cli/catalogue.rs"]
mod catalogue;
#[path = "cli/catalogue_diff.rs"]
mod catalogue_diff;
#[path = "cli/codes.rs"]
mod codes;
#[path = "cli/database.rs"]
mod database;
#[expect(dead_code, reason = "the tests of the formats use the rest of it")]
#[path = "../crates/formats/tests/support/executable_encoder.rs"]
mod executable_encoder;
#[path = "cli/fleet.rs"]
mod fleet;
#[path = "cli/founding.rs"]
mod founding;
#[path = "cli/history.rs"]
mod history;
#[path = "cli/hives.rs"]
mod hives;
#[path = "cli/hostile_imports.rs"]
mod hostile_imports;
#[path = "cli/hostile_roots.rs"]
mod hostile_roots;
#[path = "cli/identify.rs"]
mod identify;
#[path = "cli/imports.rs"]
mod imports;
#[path = "cli/kills.rs"]
mod kills;
#[path = "cli/lists.rs"]
mod lists;
#[path = "cli/log.rs"]
mod log;
#[path = "cli/own_rules.rs"]
mod own_rules;
#[path = "cli/removal.rs"]
mod removal;
#[path = "cli/round_trip.rs"]
mod round_trip;
#[path = "cli/samples.rs"]
mod samples;
#[path = "cli/schemas.rs"]
mod schemas;
#[expect(dead_code, reason = "the tests of the formats use the rest of it")]
#[path = "../crates/formats/tests/support/signature_encoder.rs"]
mod signature_encoder;
#[path = "cli/ssh.rs"]
mod ssh;
#[path = "cli/sshd.rs"]
mod sshd;
#[path = "cli/support.rs"]
mod support;
#[path = "cli/sweep.rs"]
mod sweep;
#[path = "cli/told.rs"]
mod told;
#[path = "cli/trouble.rs"]
mod trouble;
#[path = "cli/usage.rs"]
mod usage;
#[path = "cli/watch.rs"]
mod watch;
#[path = "cli/windows.rs"]
mod windows;
