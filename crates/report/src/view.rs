//! What an audit report shows, as plain values. Texts are taken as they are; making them harmless is the renderer's work.
//!
//! Of a large fleet a report tells the worst machines and the first places of a finding; a page of more is of no use to
//! anybody. Whoever fills the views reads no more than that and counts the rest, so that a report of any fleet is made in
//! the same room.

use std::collections::BTreeMap;

use interdict_model::{Activity, CollectorStatus, Day, Precision, Presence, SourceKind, Standing, Tier, Verification};

/// At most so many machines have a row of their own.
pub const MOST_MACHINES: usize = 2_000;
/// Of one finding at most so many machines are told with their evidence.
pub const MOST_PLACES: usize = 1_000;
/// At most so many machines are named that fared alike.
pub const MOST_NAMED: usize = 100;

/// Everything an audit report shows.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditReport {
    /// When it was made: RFC 3339, UTC.
    pub made_at: String,
    /// The version of the program that made it.
    pub tool_version: String,
    /// The day of the law.
    pub as_of: Day,
    /// The catalogue's version.
    pub catalogue_version: String,
    /// The day of the catalogue's facts.
    pub catalogue_date: Day,
    /// The newest entry of the inventory's log when the report was made.
    pub log_head: Option<LogHeadView>,
    /// Who asked.
    pub profiles: Vec<ProfileView>,
    /// Facts that were given and change what applies.
    pub known: Vec<KnownFact>,
    /// How much the report is about.
    pub fleet: FleetView,
    /// The machines that have a row of their own: all of them by host name, or of more than [`MOST_MACHINES`] the worst.
    pub machines: Vec<MachineView>,
    /// What some instrument in force or announced speaks of, worst first.
    pub findings: Vec<FindingView>,
    /// What some instrument speaks of and tools tell of without saying on which machines, worst first.
    pub told: Vec<ToldView>,
    /// What was recognised and no instrument speaks of.
    pub recognised: Vec<RecognisedView>,
    /// What the newest scans looked at.
    pub coverage: CoverageView,
}

/// How much a report is about, whatever part of it is told one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FleetView {
    /// Machines.
    pub machines: usize,
    /// Installations on them.
    pub installations: usize,
    /// Machines with a finding that needs attention.
    pub attention: usize,
    /// Machines with a finding of each headline.
    pub by_tier: BTreeMap<Tier, usize>,
}

/// A product, or a vendor without a known product, that tools tell of without saying on which machines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldView {
    /// The product's name, or the vendor's.
    pub title: String,
    /// The vendor's name.
    pub vendor: String,
    /// The installed headline it would have.
    pub installed: Tier,
    /// What it is told as: names with versions.
    pub told_as: Vec<String>,
    /// Who tells of it.
    pub tellers: Vec<TellerView>,
}

/// Who tells of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TellerView {
    /// The name of the format.
    pub name: String,
    /// When it was so: RFC 3339, UTC.
    pub at: String,
}

/// The newest entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHeadView {
    /// Its number, a colon and the first digits of its hash.
    pub short: String,
    /// Its hash in full.
    pub hash: String,
}

/// Who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileView {
    /// Its id.
    pub id: String,
    /// What it stands for.
    pub title: String,
}

/// A fact that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFact {
    /// The question.
    pub question: String,
    /// The answer: yes or no.
    pub holds: bool,
}

/// A machine, in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineView {
    /// Its id.
    pub id: String,
    /// Its host name.
    pub hostname: String,
    /// Its operating system with version.
    pub system: String,
    /// Its processor architecture.
    pub arch: String,
    /// When its newest scan began: RFC 3339, UTC.
    pub last_scan: String,
    /// How many installations are on it.
    pub installations: usize,
    /// How many findings it has.
    pub findings: usize,
    /// The worst headline of those.
    pub worst: Tier,
    /// How many collectors of its newest scan could not look everywhere.
    pub gaps: usize,
}

/// What the newest scans looked at and what not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CoverageView {
    /// How collectors fared, in the order of the machines.
    pub collectors: Vec<CollectorView>,
    /// Trace classes that nothing reads, by their names.
    pub unread: Vec<UnreadView>,
}

/// How one collector fared on the machines where it fared alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectorView {
    /// Its name, such as `linux/dpkg`.
    pub name: String,
    /// What it looks at, in words.
    pub looks_at: String,
    /// How it went.
    pub status: CollectorStatus,
    /// Why, for everything but `complete`.
    pub reason: Option<String>,
    /// How many observations it made.
    pub count: usize,
    /// On which machines.
    pub machines: NamesView,
}

/// Trace classes that the system of some machines has and no collector of their newest scan reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadView {
    /// The classes, in words.
    pub classes: Vec<String>,
    /// On which machines.
    pub machines: NamesView,
}

/// Machines of which the first are named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamesView {
    /// How many there are.
    pub count: usize,
    /// The host names of the first [`MOST_NAMED`].
    pub first: Vec<String>,
}

impl NamesView {
    /// Counts one more machine, and names it while there is room.
    pub fn add(&mut self, hostname: &str) {
        self.count += 1;
        if self.first.len() < MOST_NAMED {
            self.first.push(hostname.to_owned());
        }
    }
}

/// A product, or a vendor without a known product, in one presence.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingView {
    /// Stable: subject, a colon, presence.
    pub id: String,
    /// The product's id, or the vendor's where the product is not known.
    pub subject: String,
    /// Its name.
    pub title: String,
    /// Versions found.
    pub versions: Vec<String>,
    /// The vendor's name.
    pub vendor: String,
    /// What it is: one sentence each.
    pub what: Vec<String>,
    /// Whether it is really there.
    pub presence: Presence,
    /// The headline for who has it.
    pub installed: Tier,
    /// The headline for who would get it.
    pub purchase: Tier,
    /// All activities in the fixed order.
    pub answers: Vec<AnswerView>,
    /// The instruments that touch those who asked, worst first.
    pub instruments: Vec<InstrumentView>,
    /// The instruments that bind others.
    pub others: Vec<OtherView>,
    /// What to do next, most urgent first.
    pub next_steps: Vec<String>,
    /// On how many machines it is.
    pub machines: usize,
    /// Where it is on the first [`MOST_PLACES`] of them.
    pub places: Vec<PlaceView>,
}

/// The answer for one activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerView {
    /// The activity.
    pub activity: Activity,
    /// Its tier.
    pub tier: Tier,
}

/// What one instrument says to those who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its title for narrow places.
    pub short_title: String,
    /// Who issued it.
    pub issuer: String,
    /// The worst tier it gives.
    pub tier: Tier,
    /// What it says, worst first.
    pub lines: Vec<LineView>,
    /// How it is cited.
    pub citations: Vec<String>,
    /// Where it stands, best kind of source first.
    pub sources: Vec<SourceView>,
    /// How well the entry is supported.
    pub verification: Verification,
    /// What was not checked.
    pub verification_note: Option<String>,
}

/// One consequence of an instrument for some activities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineView {
    /// The activities it speaks of.
    pub activities: Vec<Activity>,
    /// The tier it gives them.
    pub tier: Tier,
    /// From when it counts.
    pub from: Day,
    /// How exactly that day is known.
    pub from_precision: Precision,
    /// Until the day before this one.
    pub until: Option<Day>,
    /// The plain sentence.
    pub because: String,
    /// The condition that is not known, as a question.
    pub condition: Option<String>,
    /// Where it rests on the catalogue's reading.
    pub reading: Option<String>,
    /// What it leaves alone here.
    pub not_covered: Option<String>,
}

/// Where an instrument can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceView {
    /// What kind of document.
    pub kind: SourceKind,
    /// Where.
    pub url: String,
    /// When it was last looked at.
    pub checked: Day,
}

/// An instrument that binds others, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherView {
    /// Its title for narrow places.
    pub short_title: String,
    /// Who issued it.
    pub issuer: String,
    /// Whom it binds or is addressed to, each as the end of a sentence that begins with "it": `binds a US federal body`.
    pub whom: Vec<String>,
    /// The activities it speaks of.
    pub activities: Vec<Activity>,
    /// From when the first of its effects counts.
    pub from: Day,
    /// How exactly that day is known.
    pub from_precision: Precision,
    /// Where it stood on the day asked for.
    pub standing: Standing,
    /// How well the entry is supported.
    pub verification: Verification,
    /// How it is cited.
    pub citations: Vec<String>,
}

/// Machines on which a finding is alike in version and every trace.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceView {
    /// The version there.
    pub version: Option<String>,
    /// How sure the identification is, 0 to 1.
    pub confidence: f64,
    /// Everything that supports it, strongest first.
    pub evidence: Vec<EvidenceView>,
    /// The machines, by host name.
    pub machines: Vec<SeenView>,
}

/// A machine on which something was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenView {
    /// Its id.
    pub machine: String,
    /// Its host name.
    pub hostname: String,
    /// When it was first seen there: RFC 3339, UTC.
    pub first_seen: String,
    /// When it was last seen there: RFC 3339, UTC.
    pub last_seen: String,
}

/// One observation that supports a finding.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EvidenceView {
    /// What kind of trace, in words.
    pub kind: String,
    /// What it is called there.
    pub title: String,
    /// File, folder or key.
    pub path: Option<String>,
    /// What it says about presence.
    pub says: String,
    /// Why it counts.
    pub matched: Vec<MatchedView>,
}

/// Which rule matched which value of which field.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MatchedView {
    /// The rule.
    pub rule: String,
    /// The field.
    pub field: String,
    /// The value, as it stood there.
    pub value: String,
}

/// Something that was recognised and that no instrument speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecognisedView {
    /// Its name.
    pub title: String,
    /// The vendor's name.
    pub vendor: String,
    /// Versions found.
    pub versions: Vec<String>,
    /// Whether it is really there.
    pub presence: Presence,
    /// On how many machines.
    pub machines: usize,
}

/// What the removal report shows.
#[derive(Debug, Clone, PartialEq)]
pub struct RemovalReport {
    /// The product or vendor, for people.
    pub subject: String,
    /// By what the catalogue recognises it, in a sentence.
    pub recognised_by: String,
    /// When the report was made: RFC 3339, UTC.
    pub made_at: String,
    /// The version of the program.
    pub tool_version: String,
    /// The catalogue in use.
    pub catalogue_version: String,
    /// Of which day.
    pub catalogue_date: Day,
    /// The newest entry of the inventory's log when the report was made.
    pub log_head: Option<LogHeadView>,
    /// Each machine asked about.
    pub machines: Vec<RemovalMachineView>,
}

/// One machine of a removal report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovalMachineView {
    /// Its host name, else its id.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Its operating system.
    pub system: String,
    /// When its newest scan began: RFC 3339, UTC.
    pub scanned: String,
    /// As whom it was read.
    pub read_as: Option<String>,
    /// Where the scan came from.
    pub scanned_from: String,
    /// When the subject was found before, in a sentence.
    pub history: String,
    /// Whether every class is absent.
    pub certified: bool,
    /// Every class of trace: present, not looked at, absent.
    pub classes: Vec<RemovalClassView>,
}

/// One class of trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovalClassView {
    /// Its name for people.
    pub name: String,
    /// The answer.
    pub state: RemovalState,
    /// What the answer rests on, or why there is none.
    pub because: String,
    /// What is there.
    pub traces: Vec<RemovalTraceView>,
}

/// The answer for a class of trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovalState {
    /// All of it was looked at, and nothing is there.
    Absent,
    /// Something is there.
    Present,
    /// It was not, or not wholly, looked at.
    NotLookedAt,
}

/// One trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovalTraceView {
    /// Its name.
    pub title: String,
    /// Where it is.
    pub place: String,
    /// For whom it is there, when it is one user's.
    pub scope: Option<String>,
    /// What it says about presence.
    pub says: String,
}
