//! The inventory in SQLite: the only place with SQL of ours.
//!
//! A [`Store`] keeps machines, their scans, what was seen on them and what that came to, as intervals: since when, last
//! when, gone when. A scan is recorded in one transaction or not at all. What is reported recorded survives a kill of the
//! process and, since every transaction is flushed, a power cut.
//!
//! The crate does not identify or judge anything, does not ask the clock (instants are RFC 3339 texts in UTC, handed in)
//! and has no idea where the file should be. It never overwrites a file that is not an Interdict database.

#![expect(clippy::disallowed_methods, reason = "the store creates its own file, its folder and its backups")]

mod backup;
mod batch;
mod carry_over;
mod check;
mod copy;
mod decisions;
mod detections;
mod error;
mod file;
mod found;
mod installations;
mod installed;
mod instant;
mod joined_intervals;
mod joins;
mod log;
mod looked_at;
mod machine_pages;
mod moves;
mod names;
mod past;
mod place;
mod present;
mod query;
mod record;
mod rollup;
mod schema;
mod settings;
mod sides;
mod software;
mod stays;
mod store;
mod subjects;
mod tellers;
mod title_list;
mod titles;
mod told;
mod undo;
mod undo_effect;
mod upkeep;
mod value;
mod words;

#[cfg(test)]
mod tests;

pub use backup::{BackedUp, Replace, Restored, restore};
pub use batch::{Batch, BatchHeader, BatchReject, BatchRow, BatchTitle, MachineJoin, ToldMachine};
pub use check::{Checked, Content};
pub use decisions::{Decided, MachineDecision};
pub use detections::{DetectionFilter, DetectionRow, EndedBy, ReplacedDetections, Span};
pub use error::StoreError;
pub use found::{NamedMachine, Unseen};
pub use installations::Interval;
pub use installed::{InstallDate, Installed, PlaceNumber, SoftwareNumber};
pub use joins::{JoinRequest, Joined};
pub use log::{
    ExpectedHead, HeadAnswer, HeadCheck, LOG_GENESIS, LogEntry, LogFault, LogFaultKind, LogHead, LogKind, NewLogEntry,
    NotAHead, Verification,
};
pub use looked_at::WholeReading;
pub use machine_pages::{FoundSubject, FoundSubjects, InstalledRow, ListedMachine, Stamp};
pub use names::{Claim, JoinRule};
pub use past::{DetectionChange, InstallationChanges, MachineSpan, Moment, Past, ScanOf};
pub use place::{WARNINGS, warnings};
pub use present::{Present, PresentThing};
pub use query::{MachineRow, NewestScan, ScanRow, SoftwareKey, SoftwareRow, Totals};
pub use record::RecordedScan;
pub use sides::{Candidate, JoinReview, Side};
pub use stays::{Stay, StayScan, StaySubject, Stays, Sureness};
pub use store::{Options, Store};
pub use subjects::{MachineSet, SubjectRow};
pub use tellers::{LastTold, MachineName, Teller, ToldSource};
pub use title_list::{PassingTitle, SourceSet};
pub use titles::{Page, TitleQuery, TitleRow, TitleSort, Who};
pub use told::{PassingTold, Telling, ToldTitle};
pub use undo_effect::UndoEffect;
pub use upkeep::{Compacted, ForgetScope, Forgotten, ForgottenMachine, Machines, Tellings, Trial};
