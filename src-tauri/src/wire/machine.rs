//! The page of one machine.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CollectorLine, Context, MachineRow, Presence, Tier, VendorRef};

/// One machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MachineRequest {
    /// Who asks, for which day.
    pub context: Context,
    /// Its id.
    pub id: String,
}

/// Everything about one machine but its installed software, which may be long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MachineDetail {
    /// The machine as a row.
    pub row: MachineRow,
    /// The names and numbers it is known by.
    pub names: Vec<MachineNameLine>,
    /// `fresh`, `aging`, `stale`.
    pub freshness: String,
    /// How many days old the newest that is told of it is.
    pub days: u32,
    /// Who tells of it.
    pub tellers: Vec<TellerLine>,
    /// As whom it was read by the newest scan of ours, where that is known.
    pub read_as: Option<String>,
    /// How the collectors of its newest scan fared.
    pub collectors: Vec<CollectorLine>,
    /// What some instrument speaks of, worst first.
    pub findings: Vec<MachineFindingLine>,
    /// Where those that tell of it disagree.
    pub disagreements: Vec<DisagreementLine>,
    /// The newest scans and imports, newest first.
    pub scans: Vec<ScanLine>,
    /// What the newest of them changed; nothing where there is only one.
    pub recent: Option<RecentLine>,
    /// What its removal can be certified of.
    pub removable: Vec<RemovableLine>,
    /// How it can be looked at again.
    pub again: LookAgain,
}

/// A product, or a vendor without a known product, that is or was on a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RemovableLine {
    /// The id of the product or vendor.
    pub subject: String,
    /// Its name.
    pub title: String,
    /// Whether no scan finds it any more.
    pub gone: bool,
}

/// How a machine can be looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LookAgain {
    /// `here`: it is this computer; `command`: by a command; `scan`: by a scan made on it; `export`: by another export of
    /// the tool that told of it; `sample`: it is made up.
    pub how: String,
    /// The command, or who told.
    pub what: String,
}

/// Two scans or imports of a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CompareRequest {
    /// Who asks, for which day.
    pub context: Context,
    /// The machine's id.
    pub id: String,
    /// The number of one.
    pub since: u32,
    /// The number of the other.
    pub until: u32,
}

/// Whether something is gone from a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RemovalRequest {
    /// The machine's id.
    pub id: String,
    /// The id of the product or vendor.
    pub subject: String,
}

/// Whether something is gone from a machine, by every class of trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RemovalReply {
    /// The product or vendor.
    pub title: String,
    /// By what it is recognised.
    pub recognised_by: String,
    /// Whether every class of trace is absent.
    pub certified: bool,
    /// When it was there, in a sentence.
    pub history: String,
    /// When the scan began that this rests on.
    pub scanned: String,
    /// Every class of trace: what is there first, then what was not looked at.
    pub classes: Vec<RemovalClassLine>,
}

/// One class of trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RemovalClassLine {
    /// What it is called.
    pub name: String,
    /// `present`, `not-looked-at`, `absent`.
    pub state: String,
    /// Why.
    pub because: String,
    /// What is there, with its place.
    pub traces: Vec<String>,
}

/// A name or number of a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MachineNameLine {
    /// `uuid`, `serial`, `fqdn`, `hostname`, or `tool:` and a format.
    pub kind: String,
    /// The name.
    pub value: String,
}

/// One that tells of a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TellerLine {
    /// Who, for people.
    pub name: String,
    /// When the machine was as it tells.
    pub last_told: String,
    /// Where that came from.
    pub source: String,
    /// How many scans or imports there are of it.
    pub scans: u32,
    /// For how many days it may go on telling of what is gone.
    pub keeps_days: Option<u32>,
    /// `fresh`, `aging`, `stale`.
    pub freshness: String,
}

/// A finding on a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MachineFindingLine {
    /// Its id.
    pub id: String,
    /// The product, or the vendor.
    pub title: String,
    /// Its version on the machine.
    pub version: Option<String>,
    /// Its vendor.
    pub vendor: VendorRef,
    /// Its tier.
    pub tier: Tier,
    /// Whether it is really there.
    pub presence: Presence,
    /// When it was first seen there.
    pub first_seen: String,
    /// When it was last seen there.
    pub last_seen: String,
}

/// Something about which those that tell of a machine disagree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DisagreementLine {
    /// The software.
    pub title: String,
    /// `presence` or `version`.
    pub kind: String,
    /// Its tier.
    pub tier: Tier,
    /// What each says.
    pub sides: Vec<SideLine>,
}

/// What one teller says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SideLine {
    /// Who, for people.
    pub name: String,
    /// Whether it tells of the software.
    pub told: bool,
    /// The versions it tells of.
    pub versions: Vec<String>,
    /// When the machine was as it tells.
    pub at: String,
}

/// A scan or import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ScanLine {
    /// Its number.
    pub id: u32,
    /// Who told, for people.
    pub name: String,
    /// When it began.
    pub at: String,
    /// How much it told of.
    pub observations: u32,
}

/// What the newest scan or import changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecentLine {
    /// When the one before began.
    pub since: String,
    /// When the newest began.
    pub until: String,
    /// What is new: findings and software.
    pub new: u32,
    /// What is gone.
    pub gone: u32,
    /// What changed.
    pub changed: u32,
    /// The changes; of very many only the first.
    pub changes: Vec<ChangeOnMachine>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChangeOnMachine {
    /// `finding` or `software`.
    pub of: String,
    /// `new`, `gone`, `changed`.
    pub kind: String,
    /// `new`, `first-look`, `recognised-since`, of what is new.
    pub newness: Option<String>,
    /// What it is.
    pub title: String,
    /// Its version.
    pub version: Option<String>,
    /// Its version before, of what changed.
    pub was_version: Option<String>,
    /// Whether a finding is really there.
    pub presence: Option<Presence>,
    /// Whether it really was, of what changed.
    pub was_presence: Option<Presence>,
    /// Its tier.
    pub tier: Option<Tier>,
}

/// A part of what is installed on a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InstalledRequest {
    /// Who asks, for which day.
    pub context: Context,
    /// The machine's id.
    pub id: String,
    /// Words of the name or publisher.
    pub text: String,
    /// `name`, `version`, `publisher`, `first-seen`.
    pub sort: String,
    /// Whether the order is turned around.
    pub descending: bool,
    /// The place of the first row wanted.
    pub offset: u32,
    /// At most so many rows.
    pub limit: u32,
}

/// A part of what is installed on a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InstalledPage {
    /// The rows from the offset asked for.
    pub rows: Vec<InstalledLine>,
    /// How many the words choose.
    pub total: u32,
    /// How many there are.
    pub all: u32,
}

/// Something installed on a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InstalledLine {
    /// The id of the page of all its versions.
    pub family: Option<String>,
    /// Its name.
    pub name: String,
    /// Its version as written.
    pub version: Option<String>,
    /// Its publisher as written.
    pub publisher: Option<String>,
    /// Where it was read, for people.
    pub source: String,
    /// When it was first seen there.
    pub first_seen: String,
    /// Who told of it, for people.
    pub told_by: String,
    /// Its tier; nothing where it is not recognised.
    pub tier: Option<Tier>,
}
