//! `interdict/audit/v1`, and findings wherever they stand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use interdict_app::collect::not_looked_at;
use interdict_app::store::{DetectionRow, LogHead, Store};
use interdict_app::{AppError, AuditOutcome, FleetFinding, Judged, each_version, next_steps};
use interdict_model::{Diagnostic, Evidence, ObservationSource, Presence, Tier};
use schemars::JsonSchema;
use serde::Serialize;

use super::assess::{Activities, ApprovalOut, HeadlineOut, activities};
use super::catalogue::DiagnosticOut;
use super::identify::MatchedOut;
use super::scan::{CollectorOut, MachineOut};
use super::{LogHeadOut, Question, Word};
use crate::asked::Asked;
use crate::output::Row;

/// What is on a machine and what it means.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Audit {
    #[schemars(extend("const" = "interdict/audit/v1"))]
    schema: &'static str,
    #[serde(flatten)]
    question: Question,
    machine: MachineOut,
    collectors: Vec<CollectorOut>,
    coverage: Coverage,
    summary: Summary,
    /// What some instrument in force or announced speaks of, worst first.
    findings: Vec<Finding>,
    /// What changed since the scan before.
    changes: Changes,
    /// What looked wrong in what was read.
    diagnostics: Vec<DiagnosticOut>,
    /// The database that keeps it.
    database: String,
    /// The newest entry of the database's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    log_head: Option<LogHeadOut>,
    /// The report that was written, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<String>,
}

/// What was not looked at.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Coverage {
    /// One sentence each.
    not_looked_at: Vec<String>,
}

/// How much there is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Summary {
    observations: usize,
    /// Distinct products, and vendors without a known product.
    products: usize,
    vendors: usize,
    by_tier: ByTier,
}

/// How many have each tier, all seven.
pub(crate) type ByTier = BTreeMap<Word<Tier>, usize>;

/// Counts tiers.
pub(crate) fn by_tier(tiers: impl IntoIterator<Item = Tier>) -> ByTier {
    let mut counts: ByTier = Tier::ALL.iter().map(|tier| (Word(*tier), 0)).collect();
    for tier in tiers {
        *counts.entry(Word(tier)).or_default() += 1;
    }
    counts
}

/// What a scan changed in the inventory.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Changes {
    new_installations: usize,
    gone_installations: usize,
    new_detections: usize,
    gone_detections: usize,
}

/// Where an audit is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept<'a> {
    /// The database.
    pub(crate) database: &'a Path,
    /// The newest entry of its log.
    pub(crate) log_head: Option<&'a LogHead>,
    /// The report that was written.
    pub(crate) report: Option<&'a Path>,
}

impl Audit {
    pub(crate) fn new(
        asked: &Asked,
        outcome: &AuditOutcome,
        found: &[interdict_app::Finding],
        Kept { database, log_head, report }: Kept<'_>,
    ) -> Self {
        let vendors: BTreeSet<&str> = found.iter().map(|finding| finding.vendor.id.as_str()).collect();
        Self {
            schema: "interdict/audit/v1",
            question: Question::from(asked),
            machine: MachineOut::from(&outcome.header.machine),
            collectors: outcome.header.collectors.iter().map(CollectorOut::from).collect(),
            coverage: Coverage { not_looked_at: not_looked_at(&outcome.header.collectors) },
            summary: Summary {
                observations: outcome.observations,
                products: found.len(),
                vendors: vendors.len(),
                by_tier: by_tier(found.iter().map(interdict_app::Finding::tier)),
            },
            findings: found.iter().filter(|finding| finding.is_spoken_of()).map(Finding::from).collect(),
            changes: Changes {
                new_installations: outcome.recorded.new_installations,
                gone_installations: outcome.recorded.gone_installations,
                new_detections: outcome.recorded.new_detections,
                gone_detections: outcome.recorded.gone_detections,
            },
            diagnostics: outcome.diagnostics.iter().map(|found: &Diagnostic| DiagnosticOut::from(found)).collect(),
            database: database.display().to_string(),
            log_head: log_head.map(LogHeadOut::from),
            report: report.map(|path| path.display().to_string()),
        }
    }

    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

/// A product, or a vendor without a known product, that some instrument speaks of.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Finding {
    /// Null where only the vendor is known.
    product: Option<String>,
    vendor: String,
    /// The product's name, or what is known instead.
    name: String,
    /// Every version that is installed, as written.
    versions: Vec<String>,
    presence: Word<Presence>,
    /// The installed headline.
    tier: Word<Tier>,
    headline: HeadlineOut,
    activities: Activities,
    /// What it was known by: of several machines, that of the first dozen by name.
    evidence: Vec<EvidenceOut>,
    next_steps: Vec<String>,
    /// What the organisation itself has approved of it on that day; it changes no tier.
    approvals: Vec<ApprovalOut>,
}

/// Evidence of more machines than this would only repeat itself.
const MACHINES_WITH_EVIDENCE: usize = 12;

impl From<&interdict_app::Finding> for Finding {
    fn from(finding: &interdict_app::Finding) -> Self {
        let rows = finding.rows.get(..MACHINES_WITH_EVIDENCE).unwrap_or(&finding.rows);
        Self::new(&finding.judged, versions(finding), rows)
    }
}

impl Finding {
    /// What was judged, in every version that is installed, with the evidence of some places where it is.
    fn new(finding: &Judged, versions: Vec<String>, rows: &[DetectionRow]) -> Self {
        let evidence = rows
            .iter()
            .flat_map(|row| row.detection.evidence.iter().map(|evidence| EvidenceOut::new(evidence, &row.machine_id)));
        Self {
            product: finding.product.as_ref().map(|product| product.id.to_string()),
            vendor: finding.vendor.id.to_string(),
            name: finding.title(),
            versions,
            presence: Word(finding.presence),
            tier: Word(finding.tier()),
            headline: HeadlineOut::from(finding.verdict.headline),
            activities: activities(&finding.verdict),
            evidence: evidence.collect(),
            next_steps: next_steps(finding),
            approvals: finding.approvals.iter().map(ApprovalOut::from).collect(),
        }
    }

    /// A finding of the whole fleet: rows are read of the machines whose evidence is told.
    pub(crate) fn of_fleet(finding: &FleetFinding, store: &Store) -> Result<Self, AppError> {
        let rows = finding.places(store, 0, MACHINES_WITH_EVIDENCE)?;
        Ok(Self::new(&finding.judged, each_version(finding.versions(store)?.iter().map(String::as_str)), &rows))
    }
}

/// Every version of a finding, once, the lowest first.
pub(crate) fn versions(finding: &interdict_app::Finding) -> Vec<String> {
    each_version(finding.rows.iter().filter_map(|row| row.detection.version.as_deref()))
}

/// One observation that supports a finding.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct EvidenceOut {
    source: Word<ObservationSource>,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// What it says about presence.
    says: String,
    /// Why it counts as this product's.
    matched: Vec<MatchedOut>,
    /// The machine it was read on.
    machine: String,
}

impl EvidenceOut {
    fn new(evidence: &Evidence, machine: &str) -> Self {
        Self {
            source: Word(evidence.source),
            title: evidence.title.clone(),
            path: evidence.path.clone(),
            says: evidence.says.clone(),
            matched: evidence.matched.iter().map(MatchedOut::from).collect(),
            machine: machine.to_owned(),
        }
    }
}

impl Finding {
    pub(crate) const COLUMNS: [&str; 9] =
        ["product", "vendor", "name", "versions", "presence", "tier", "purchase", "paths", "next_steps"];

    pub(crate) fn cells(&self) -> Vec<String> {
        let paths: BTreeSet<&str> = self.evidence.iter().filter_map(|evidence| evidence.path.as_deref()).collect();
        vec![
            self.product.clone().unwrap_or_default(),
            self.vendor.clone(),
            self.name.clone(),
            self.versions.join("; "),
            self.presence.0.to_string(),
            self.tier.0.to_string(),
            self.headline.purchase().to_string(),
            paths.into_iter().collect::<Vec<_>>().join("; "),
            self.next_steps.join(" "),
        ]
    }
}

impl Row for Finding {
    const COLUMNS: &'static [&'static str] = &Self::COLUMNS;

    fn values(&self) -> Vec<String> {
        self.cells()
    }
}
