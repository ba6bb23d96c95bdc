//! `interdict/machine/v1`: everything about one machine; and how old what is told of machines is.

use std::collections::BTreeMap;

use interdict_app::{Age, Disagreement, MachinePage, OriginFreshness, RecentChanges, Side, TellerStanding};
use interdict_model::{ObservationSource, Tier};
use schemars::JsonSchema;
use serde::Serialize;

use super::audit::{ByTier, Finding, by_tier};
use super::changes::{ChangeRow, Summary};
use super::scan::MachineOut;
use super::{Date, Question, Word};
use crate::asked::Asked;
use crate::output::Row;

/// How old something told is on the day asked for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct AgeOut {
    /// Whole days.
    pub(crate) age_days: i64,
    /// `fresh`, `aging` or `stale`.
    pub(crate) freshness: &'static str,
    /// For how many days the tool may go on telling of what is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    keeps_days: Option<u32>,
    /// The earliest day from which what such a tool tells of may be gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    may_be_gone_since: Option<Date>,
}

impl From<&Age> for AgeOut {
    fn from(age: &Age) -> Self {
        Self {
            age_days: age.days,
            freshness: age.freshness.as_str(),
            keeps_days: age.keeps_days,
            may_be_gone_since: age.may_be_gone_since.map(Date),
        }
    }
}

/// One that tells of a machine.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ToldBy {
    /// The name of a format; `interdict` for its own looking.
    pub(crate) origin: String,
    /// When the machine was as told: RFC 3339, UTC.
    last_told: String,
    #[serde(flatten)]
    age: AgeOut,
}

impl From<&OriginFreshness> for ToldBy {
    fn from(origin: &OriginFreshness) -> Self {
        Self { origin: origin.origin.clone(), last_told: origin.last_told.clone(), age: AgeOut::from(&origin.age) }
    }
}

/// Everything about one machine.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct MachineDocument {
    #[schemars(extend("const" = "interdict/machine/v1"))]
    schema: &'static str,
    #[serde(flatten)]
    question: Question,
    machine: MachineOut,
    /// When its oldest scan or import began: RFC 3339, UTC.
    first_seen: String,
    /// When its newest one began: RFC 3339, UTC.
    last_seen: String,
    /// As good as the best of those that tell of it: `fresh`, `aging` or `stale`.
    freshness: &'static str,
    /// Whole days since anybody told of it.
    age_days: i64,
    /// The worst tier of its findings.
    tier: Word<Tier>,
    /// How many findings have each tier.
    by_tier: ByTier,
    /// By what it is known.
    names: Vec<NameOut>,
    /// Who tells of it: Interdict's own looking first, then the newest.
    told_by: Vec<TellerOut>,
    /// What some instrument in force or announced speaks of, worst first.
    findings: Vec<Finding>,
    /// How many installations and traces there are, by source.
    installations: BTreeMap<Word<ObservationSource>, usize>,
    /// Where those that tell of it disagree, the worst first.
    disagreements: Vec<DisagreementOut>,
    /// Its newest scans and imports, at most 20, newest first.
    scans: Vec<ScanOut>,
    /// What the newest of them changed; null where there is only one.
    recent: Option<RecentOut>,
}

/// A name or number.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct NameOut {
    /// `uuid`, `serial`, `fqdn`, `hostname`, or `tool:` and the format whose id it is.
    kind: String,
    /// In lower case.
    value: String,
}

/// One that tells of a machine, and of what.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct TellerOut {
    origin: String,
    /// When the machine was as told: RFC 3339, UTC.
    last_told: String,
    #[serde(flatten)]
    age: AgeOut,
    /// How many scans or imports there are of it.
    scans: usize,
    /// Where the newest came from, such as a file's name.
    from: String,
    /// By which rule what it tells of was taken for this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    /// How it calls the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    told: Option<String>,
    sources: Vec<SourceOut>,
}

/// A source that was told of.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct SourceOut {
    source: Word<ObservationSource>,
    /// When anything of it was last told: RFC 3339, UTC.
    last_told: String,
    /// When all of it was last told; null where it never was.
    last_whole: Option<String>,
    #[serde(flatten)]
    age: AgeOut,
}

/// Something about which those that tell of a machine disagree.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct DisagreementOut {
    title: String,
    /// `presence` or `version`.
    about: &'static str,
    vendor: Option<String>,
    product: Option<String>,
    /// The installed headline; undetermined where nobody knows what it is.
    tier: Word<Tier>,
    /// What each says; those that could not have seen it are left out.
    sides: Vec<SideOut>,
}

/// What one of them says.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct SideOut {
    origin: String,
    /// Whether it tells of it; if not, it tells of all there is of that kind, and this is not among it.
    is_told: bool,
    versions: Vec<String>,
    /// When the machine was as it says: RFC 3339, UTC.
    at: String,
    #[serde(flatten)]
    age: AgeOut,
}

/// A scan or import.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct ScanOut {
    /// Its number, for `--since` and `--until`.
    number: i64,
    origin: String,
    /// RFC 3339, UTC.
    started: String,
    observations: usize,
}

/// What the newest scan or import changed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct RecentOut {
    /// The number of the scan or import before.
    since: i64,
    /// The number of the newest one.
    until: i64,
    /// At most 500, traces left out.
    changes: Vec<ChangeRow>,
    summary: Summary,
}

impl MachineDocument {
    pub(crate) fn new(asked: &Asked, page: &MachinePage) -> Self {
        let name =
            |name: &interdict_app::store::MachineName| NameOut { kind: name.kind.clone(), value: name.value.clone() };
        Self {
            schema: "interdict/machine/v1",
            question: Question::from(asked),
            machine: MachineOut::from(&page.machine.machine),
            first_seen: page.machine.first_seen.clone(),
            last_seen: page.machine.last_seen.clone(),
            freshness: page.freshness.freshness.as_str(),
            age_days: page.freshness.days,
            tier: Word(page.tier),
            by_tier: by_tier(page.findings.iter().map(interdict_app::Finding::tier)),
            names: page.names.iter().map(name).collect(),
            told_by: page.tellers.iter().map(TellerOut::from).collect(),
            findings: page.findings.iter().map(Finding::from).collect(),
            installations: page.installations.iter().map(|(source, count)| (Word(*source), *count)).collect(),
            disagreements: page.disagreements.iter().map(DisagreementOut::from).collect(),
            scans: page
                .scans
                .iter()
                .map(|(origin, scan)| ScanOut {
                    number: scan.id,
                    origin: origin.clone(),
                    started: scan.started.clone(),
                    observations: scan.observations,
                })
                .collect(),
            recent: page.recent.as_ref().map(RecentOut::from),
        }
    }
}

impl From<&TellerStanding> for TellerOut {
    fn from(standing: &TellerStanding) -> Self {
        let teller = &standing.teller;
        let joined = teller.joined.clone().unzip();
        Self {
            origin: teller.origin.clone(),
            last_told: teller.last_told.clone(),
            age: AgeOut::from(&standing.age),
            scans: teller.scans,
            from: teller.source_label.clone(),
            rule: joined.0,
            told: joined.1,
            sources: standing
                .sources
                .iter()
                .map(|(source, age)| SourceOut {
                    source: Word(source.source),
                    last_told: source.last_told.clone(),
                    last_whole: source.last_whole.clone(),
                    age: AgeOut::from(age),
                })
                .collect(),
        }
    }
}

impl From<&Disagreement> for DisagreementOut {
    fn from(disagreement: &Disagreement) -> Self {
        let side = |side: &Side| SideOut {
            origin: side.origin.clone(),
            is_told: side.is_told,
            versions: side.versions.clone(),
            at: side.at.clone(),
            age: AgeOut::from(&side.age),
        };
        Self {
            title: disagreement.title.clone(),
            about: disagreement.kind.as_str(),
            vendor: disagreement.vendor.clone(),
            product: disagreement.product.clone(),
            tier: Word(disagreement.tier),
            sides: disagreement.sides.iter().map(side).collect(),
        }
    }
}

impl From<&RecentChanges> for RecentOut {
    fn from(recent: &RecentChanges) -> Self {
        Self {
            since: recent.since.id,
            until: recent.until.id,
            changes: recent.differences.iter().map(ChangeRow::from).collect(),
            summary: Summary::from(&recent.summary),
        }
    }
}

impl Row for MachineDocument {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "hostname",
        "first_seen",
        "last_seen",
        "freshness",
        "age_days",
        "tier",
        "findings",
        "told_by",
        "disagreements",
    ];

    fn values(&self) -> Vec<String> {
        let (id, hostname) = self.machine.ids();
        vec![
            id.to_owned(),
            hostname.to_owned(),
            self.first_seen.clone(),
            self.last_seen.clone(),
            self.freshness.to_owned(),
            self.age_days.to_string(),
            self.tier.0.to_string(),
            self.findings.len().to_string(),
            self.told_by.iter().map(|teller| teller.origin.as_str()).collect::<Vec<_>>().join(" "),
            self.disagreements.len().to_string(),
        ]
    }
}
