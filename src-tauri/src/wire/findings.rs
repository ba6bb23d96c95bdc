//! Findings, and one finding in full.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    Activity, ActivityTier, Context, MachineExposure, Presence, RestrictionRef, Tier, ToldFinding, VendorRef,
    Verification,
};

/// All findings: every product or vendor here that some instrument in force or announced speaks of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FindingsReply {
    /// One row per product (or vendor without a known product) and presence, worst first.
    pub rows: Vec<FindingRow>,
    /// Rows whose tier is advisory or worse.
    pub attention: u32,
    /// Rows of tier none about which instruments bind others.
    pub others_only: u32,
    /// What is told of without a machine and some instrument speaks of, worst first; no rows, since on no machine.
    pub told: Vec<ToldFinding>,
    /// The machine that was asked for, with every row that is on it; nothing for one that nobody knows.
    pub on_machine: Option<MachineExposure>,
}

/// Which findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FindingsRequest {
    /// Asked with.
    pub context: Context,
    /// A machine's id: what is on it is told, too.
    pub machine: Option<String>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FindingRow {
    /// Stable within a database: product or vendor id, a colon, presence.
    pub id: String,
    /// The product's id, where it is known.
    pub product: Option<String>,
    /// The product's name, or the vendor's with "unknown product".
    pub title: String,
    /// Versions found, newest seen first.
    pub versions: Vec<String>,
    /// The vendor's id.
    pub vendor: String,
    /// Its name.
    pub vendor_name: String,
    /// What the product does.
    pub category: Option<String>,
    /// Whether it is really there.
    pub presence: Presence,
    /// The installed headline.
    pub tier: Tier,
    /// The purchase headline.
    pub purchase: Tier,
    /// All ten activities in the fixed order.
    pub activities: Vec<ActivityTier>,
    /// The installed headline as of today; differs from `tier` only when another day is asked for.
    pub tier_today: Tier,
    /// All ten activities as of today.
    pub activities_today: Vec<ActivityTier>,
    /// Machines that have it.
    pub machines: u32,
    /// The instrument behind the tier (or, when it binds others only, the weightiest of those).
    pub instrument: Option<RestrictionRef>,
    /// Since when that instrument says so.
    pub since: Option<String>,
    /// When it was first seen here.
    pub first_seen: String,
    /// When it was last seen here.
    pub last_seen: String,
    /// How many instruments in force or announced bind others.
    pub others: u32,
    /// The instruments that reach it on the day, itself or close by.
    pub restrictions: Vec<String>,
    /// The vendor whose product this is an integration for.
    pub made_for: Option<VendorRef>,
}

/// Which finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FindingRequest {
    /// Asked with.
    pub context: Context,
    /// The row's id.
    pub id: String,
}

/// A part of where a finding is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FindingMachinesRequest {
    /// Asked with.
    pub context: Context,
    /// The finding's id.
    pub id: String,
    /// The place of the first machine wanted, by host name.
    pub offset: u32,
    /// At most so many; never more than a hundred.
    pub limit: u32,
}

/// A part of where a finding is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FindingMachines {
    /// The machines from the place asked for.
    pub machines: Vec<MachineHit>,
    /// How many there are.
    pub total: u32,
}

/// One finding in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FindingDetail {
    /// The row.
    pub row: FindingRow,
    /// The one fact that would change the tier, as a question, where there is one.
    pub question: Option<ConditionQuestion>,
    /// All ten activities with their reasons.
    pub answers: Vec<ActivityAnswer>,
    /// The reasons grouped by instrument, worst first: first those that touch us, then others.
    pub instruments: Vec<InstrumentBlock>,
    /// What each instrument says over time.
    pub timeline: Vec<TimelineLane>,
    /// Where it is: the first machines by host name; `finding_machines` gives the others.
    pub machines: Vec<MachineHit>,
    /// How sure the identification is on the machine where it is surest, 0 to 1.
    pub confidence: f64,
    /// The most traces that support it on one machine.
    pub traces: u32,
    /// What to do next, in order.
    pub next_steps: Vec<String>,
    /// What a reader should know about the product.
    pub note: Option<String>,
}

/// A condition that is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConditionQuestion {
    /// The condition, such as `contract:federal`.
    pub condition: String,
    /// The question.
    pub question: String,
    /// What the answer yes would mean, in one sentence.
    pub if_yes: String,
}

/// The answer for one activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ActivityAnswer {
    /// The activity.
    pub activity: Activity,
    /// Its tier.
    pub tier: Tier,
    /// Why, one sentence each, worst first.
    pub reasons: Vec<ReasonLine>,
    /// What instruments say to others.
    pub others: Vec<ReasonLine>,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReasonLine {
    /// The instrument.
    pub restriction: RestrictionRef,
    /// The tier this reason gives.
    pub tier: Tier,
    /// The plain sentence.
    pub because: String,
    /// From when.
    pub from: String,
    /// Until when.
    pub until: Option<String>,
    /// Why it is not covered, where that is so.
    pub not_covered: Option<String>,
}

/// What one instrument says here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InstrumentBlock {
    /// The instrument.
    pub restriction: RestrictionRef,
    /// Its full title.
    pub title: String,
    /// Who issued it.
    pub issuer: String,
    /// The worst tier it gives us; none when it binds others only.
    pub tier: Tier,
    /// Whether it touches us.
    pub touches_us: bool,
    /// The activities it speaks of here.
    pub activities: Vec<Activity>,
    /// Plain sentences, one per effect, each once.
    pub because: Vec<String>,
    /// How it is cited.
    pub citations: Vec<String>,
    /// Where it can be read, best source first.
    pub urls: Vec<String>,
    /// How well the entry is supported.
    pub verification: Verification,
    /// What was not checked.
    pub verification_note: Option<String>,
    /// Where it rests on our reading.
    pub readings: Vec<String>,
    /// What it leaves alone here.
    pub not_covered: Vec<String>,
}

/// One instrument over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimelineLane {
    /// The instrument.
    pub restriction: RestrictionRef,
    /// Whether it touches us.
    pub touches_us: bool,
    /// Its effects, by day; bars may overlap.
    pub bars: Vec<TimelineBar>,
}

/// One span of one tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimelineBar {
    /// First day.
    pub from: String,
    /// The day after the last one; null when open.
    pub until: Option<String>,
    /// The tier on those days: for us where it touches us, else what it says to those it binds.
    pub tier: Tier,
    /// The activities of that span.
    pub activities: Vec<Activity>,
    /// One sentence.
    pub says: String,
}

/// Where it is on one machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MachineHit {
    /// The machine's id.
    pub id: String,
    /// Its host name.
    pub hostname: String,
    /// Whether it is really there.
    pub presence: Presence,
    /// Its version.
    pub version: Option<String>,
    /// First seen.
    pub first_seen: String,
    /// Last seen.
    pub last_seen: String,
    /// How sure the identification is, 0 to 1.
    pub confidence: f64,
    /// Everything that supports it.
    pub evidence: Vec<EvidenceLine>,
}

/// One observation that supports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EvidenceLine {
    /// `Package`, `Service`, `Process`, `Folder` ...
    pub label: String,
    /// What it is called there.
    pub title: String,
    /// Where.
    pub path: Option<String>,
    /// What it says about presence.
    pub says: String,
    /// Why it counts.
    pub matched: Vec<MatchedLine>,
}

/// Which rule matched which value of which field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MatchedLine {
    /// The field.
    pub field: String,
    /// The value.
    pub value: String,
    /// The rule.
    pub rule: String,
}
