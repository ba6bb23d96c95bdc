//! Imports: a file looked at before it is taken, how far the taking is, what came of it, and what was taken before.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::WireError;

/// A file the person chose or dropped. The window knows it by its number and never asks for a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OfferedFile {
    /// Its number, as long as the program runs.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// The folder it lies in.
    pub folder: String,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// A format that can be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormatInfo {
    /// Its name, in kebab case.
    pub name: String,
    /// For people.
    pub title: String,
    /// What a person should know of it.
    pub caveat: Option<String>,
    /// For how many days the tool may go on telling of what is gone.
    pub keeps_days: Option<u32>,
}

/// Which column of a table is what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportMapping {
    /// The title of the column that holds a field, by the field's name.
    pub columns: BTreeMap<String, String>,
    /// `installations` or `products`.
    pub rows: String,
    /// Where the tool had read its rows; null for not known.
    pub source: Option<String>,
    /// `windows`, `macos` or `linux` where no column says it; null for not known.
    pub os: Option<String>,
    /// `day_first` or `month_first`; null for not known.
    pub date_order: Option<String>,
    /// Whether the table has everything there is on each machine it names.
    pub complete: bool,
}

/// A file to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportPreviewRequest {
    /// Which.
    pub file: u32,
    /// Its format; found by content where null.
    pub format: Option<String>,
    /// Which column is what; the one that was kept, else made of the titles where null.
    pub mapping: Option<ImportMapping>,
}

/// What a file would become, from its first records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportPreview {
    /// The file.
    pub file: OfferedFile,
    /// The format it is read as; null where none could be told.
    pub format: Option<FormatInfo>,
    /// Its encoding, where it is text.
    pub encoding: Option<String>,
    /// What was peeled off, outermost first.
    pub layers: Vec<String>,
    /// When its data was made, where it says: RFC 3339, UTC.
    pub made: Option<String>,
    /// Whether somebody must say which column is what: nothing would be imported.
    pub needs_mapping: bool,
    /// Which column is read as what; where a mapping is needed, what may be meant. Null for what is no table.
    pub mapping: Option<ImportMapping>,
    /// Whether the mapping is the one that was kept for these titles.
    pub mapping_kept: bool,
    /// The columns of a table, in order.
    pub columns: Vec<ImportColumn>,
    /// The first records as they would be kept.
    pub records: Vec<PreviewRecord>,
    /// What could not be used among them.
    pub rejects: Vec<RejectRow>,
    /// What was left out on purpose among them.
    pub skipped: Vec<SkipCount>,
    /// What was said of the file.
    pub notes: Vec<ImportNote>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportColumn {
    /// Its title.
    pub title: String,
    /// Some of its first values.
    pub samples: Vec<String>,
    /// What it is thought to hold.
    pub field: Option<String>,
    /// `certain`, `likely` or `guess`.
    pub confidence: Option<String>,
    /// Whether it is about people: never read unless asked for.
    pub personal: bool,
}

/// A record as it would be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreviewRecord {
    /// Where it stands.
    pub place: String,
    /// The machine it is on; null for what is only said to be somewhere.
    pub machine: Option<String>,
    /// On how many machines it is said to be.
    #[ts(type = "number | null")]
    pub devices: Option<u64>,
    /// The name of the software.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Its publisher.
    pub publisher: Option<String>,
    /// Its product code, bundle id, package id or CPE.
    pub identifier: Option<String>,
    /// Where the tool read it.
    pub source: String,
}

/// Something that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RejectRow {
    /// Where it stands.
    pub place: String,
    /// Why.
    pub reason: String,
    /// Its beginning as written.
    pub excerpt: String,
}

/// Records left out on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SkipCount {
    /// Why.
    pub reason: String,
    /// How many.
    #[ts(type = "number")]
    pub count: u64,
}

/// Something worth knowing of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportNote {
    /// Its code.
    pub code: String,
    /// A sentence.
    pub message: String,
}

/// A file to import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportStartRequest {
    /// Chosen by the caller, to cancel it by.
    pub id: String,
    /// Which file.
    pub file: u32,
    /// Its format; found by content where null.
    pub format: Option<String>,
    /// Which column is what. It is kept for tables with the same titles.
    pub mapping: Option<ImportMapping>,
}

/// An import to cancel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportCancelRequest {
    /// As given with the start.
    pub id: String,
}

/// Progress of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ImportEvent {
    /// The file is read.
    Reading {
        /// Bytes so far, of the file as it lies there.
        #[ts(type = "number")]
        bytes: u64,
        /// Of how many.
        #[ts(type = "number")]
        of: u64,
        /// Records so far, by the thousand.
        #[ts(type = "number")]
        records: u64,
    },
    /// All is read and is being kept.
    Storing {
        /// Machines so far.
        done: u32,
        /// Of how many.
        of: u32,
    },
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportResult {
    /// True when it was cancelled: then nothing was kept.
    pub cancelled: bool,
    /// True when the same file was imported before: then nothing was changed.
    pub known: bool,
    /// The import it came with, or came with before.
    pub import: Option<ImportDetail>,
    /// What was said of the file.
    pub notes: Vec<ImportNote>,
    /// Installations that were not known before.
    pub new_installations: u32,
    /// Installations that are there no longer.
    pub gone_installations: u32,
    /// Products and vendors recognised on the machines it told of.
    pub detections: u32,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportRow {
    /// Its number.
    #[ts(type = "number")]
    pub number: i64,
    /// The file's name.
    pub file: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// The format's name.
    pub format: String,
    /// The format, for people.
    pub format_title: String,
    /// Its encoding, where it was text.
    pub encoding: Option<String>,
    /// What was peeled off, outermost first.
    pub layers: Vec<String>,
    /// When its data was made, where it said: RFC 3339, UTC.
    pub made: Option<String>,
    /// When it was imported: RFC 3339, UTC.
    pub imported: String,
    /// Records that were used.
    #[ts(type = "number")]
    pub used: u64,
    /// Records that could not be used.
    #[ts(type = "number")]
    pub rejected: u64,
    /// Records left out on purpose.
    #[ts(type = "number")]
    pub skipped: u64,
    /// Machines it told of.
    pub machines: u32,
    /// Records that named no machine.
    pub titles: u32,
    /// For how many days the tool may go on telling of what is gone.
    pub keeps_days: Option<u32>,
    /// When it was undone: RFC 3339, UTC.
    pub undone: Option<String>,
}

/// Every import, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportsReply {
    /// The imports.
    pub rows: Vec<ImportRow>,
}

/// Which import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportRequest {
    /// Its number.
    #[ts(type = "number")]
    pub number: i64,
}

/// An import with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportDetail {
    /// The import.
    pub row: ImportRow,
    /// What was left out on purpose, by reason.
    pub skipped: Vec<SkipCount>,
    /// What could not be used: the first of it.
    pub rejects: Vec<RejectRow>,
    /// The machines it told of, those joined by name alone first: the first of them.
    pub machines: Vec<ImportedMachine>,
    /// How many machines were known by which rule.
    pub rules: Vec<RuleCount>,
    /// Devices that may be another machine than they were taken for: the first of them, by name.
    pub reviews: Vec<JoinReview>,
    /// How many of these there are.
    pub reviews_total: u32,
    /// What undoing it would do; null where that is not possible.
    pub undo: Option<ImportUndoEffect>,
    /// Why it cannot be undone.
    pub blocked: Option<WireError>,
}

/// A device of an import and the machine it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportedMachine {
    /// The machine's id.
    pub id: String,
    /// Its host name.
    pub hostname: String,
    /// How the export calls it.
    pub told: String,
    /// `new`, `namesake`, `machine-id`, `decided`, `tool-id`, `uuid`, `serial`, `fqdn` or `hostname`.
    pub rule: String,
}

/// A device of an import that a person should hold against the machine it was taken for, or against its namesakes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JoinReview {
    /// How the export calls it.
    pub told: String,
    /// The id of the machine that it was taken for, or that it became.
    pub id: String,
    /// `hostname`: taken for a machine by its name alone; `namesake`: new, though another machine bears its name.
    pub rule: String,
    /// Whether nobody has decided yet.
    pub open: bool,
    /// What the export said of it.
    pub device: JoinSide,
    /// The machine as it was before, or the namesakes as they are now.
    pub candidates: Vec<JoinCandidate>,
}

/// What is known of one of two that may be one machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JoinSide {
    /// The machine's id; null for a device as an export tells of it.
    pub id: Option<String>,
    /// Its name as written.
    pub hostname: String,
    /// Full names, with a domain.
    pub full_names: Vec<String>,
    /// UUIDs of the system.
    pub uuids: Vec<String>,
    /// The manufacturer's serial numbers.
    pub serials: Vec<String>,
    /// Ids that tools gave it.
    pub tool_ids: Vec<String>,
    /// The operating system; empty where not known.
    pub os: String,
    /// When it was last told of: RFC 3339, UTC; empty where not known.
    pub last_seen: String,
    /// How many installations are told of it.
    pub installations: u32,
    /// Who tells of it, for people.
    pub told_by: Vec<String>,
}

/// A machine that a device may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JoinCandidate {
    /// What is known of it.
    pub side: JoinSide,
    /// `same` or `not-same`; null where nobody decided.
    pub decision: Option<String>,
}

/// What a person decides about a device and a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum JoinChoice {
    /// It is that machine, and where it was taken for another, the two become one.
    Same,
    /// It is that machine, and only later imports follow.
    SameLater,
    /// It is not.
    NotSame,
    /// What was decided is forgotten.
    Open,
}

/// A decision about a device of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportDecideRequest {
    /// The import.
    #[ts(type = "number")]
    pub number: i64,
    /// How it calls the device.
    pub told: String,
    /// The id of the machine that is decided about.
    pub machine: String,
    /// What is decided.
    pub choice: JoinChoice,
    /// Whether it is only asked what would be done.
    pub trial: bool,
}

/// What came, or would come, of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportDecided {
    /// What joining two machines does; null where none are joined.
    pub joined: Option<JoinEffect>,
}

/// What joining two machines does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JoinEffect {
    /// The id of the one from then on.
    pub id: String,
    /// Its name.
    pub hostname: String,
    /// The name of the machine that goes.
    pub former: String,
    /// Who tells of the machine that goes, for people.
    pub told_by: Vec<String>,
    /// Scans and imports that come to it.
    pub scans: u32,
    /// Installations that come to it, which are there.
    pub installations: u32,
    /// Installations that come to it, which are gone.
    pub past_installations: u32,
    /// Findings that come to it.
    pub detections: u32,
    /// Installations that both had by the same tool.
    pub united: u32,
    /// Installations that are gone by the join.
    pub closed: u32,
    /// Imports that can no longer be undone.
    #[ts(type = "number[]")]
    pub sealed: Vec<i64>,
}

/// Machines that were known by a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleCount {
    /// As in [`ImportedMachine::rule`].
    pub rule: String,
    /// How many.
    pub machines: u32,
}

/// What undoing an import would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportUndoEffect {
    /// Machines it told of.
    pub machines: u32,
    /// Those of which nothing else is known: they would be gone.
    pub machines_gone: u32,
    /// Installations first told of by it: they would be gone.
    pub installations_gone: u32,
    /// Installations it said are gone: they would be there again.
    pub installations_back: u32,
}

/// An import that was undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportUndone {
    /// Its number.
    #[ts(type = "number")]
    pub number: i64,
    /// Machines of which something else is known.
    pub machines_left: u32,
}

/// Rows that were written to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowsWritten {
    /// The file.
    pub path: String,
    /// How many rows.
    pub rows: u32,
}
