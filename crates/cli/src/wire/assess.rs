//! `interdict/assess/v1`, and verdicts wherever they stand.

use std::collections::BTreeMap;

use interdict_model::{
    Activity, ActivityVerdict, Approval, Capacity, Condition, Force, Headline, ListedBy, Measure, Origin, Party,
    PartyKind, Reason, RestrictionId, Subject, Tier, Verdict, Verification,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::words::Bound;
use super::{Date, Question, Word, dates};
use crate::asked::Asked;
use crate::output::Row;

/// The verdict for a subject, profile and day.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Assess {
    #[schemars(extend("const" = "interdict/assess/v1"))]
    schema: &'static str,
    #[serde(flatten)]
    question: Question,
    subject: SubjectOut,
    /// The worst of all activities, also of those that are not shown.
    tier: Word<Tier>,
    headline: HeadlineOut,
    activities: Activities,
    /// What the organisation itself has approved on that day; it changes no tier.
    approvals: Vec<ApprovalOut>,
}

/// What an organisation has approved for itself.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ApprovalOut {
    pub(crate) id: String,
    /// The vendor's or product's id.
    pub(crate) subject: String,
    /// In which role somebody approved it.
    pub(crate) by: String,
    pub(crate) from: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    origin: Word<Origin>,
}

impl From<&Approval> for ApprovalOut {
    fn from(approval: &Approval) -> Self {
        Self {
            id: approval.id.clone(),
            subject: approval.subject().to_owned(),
            by: approval.by.clone(),
            from: Date(approval.from),
            until: dates(approval.until),
            note: approval.note.clone(),
            origin: Word(Origin::Own),
        }
    }
}

/// What an instrument says per activity.
pub(crate) type Activities = BTreeMap<Word<Activity>, ActivityOut>;

impl Assess {
    pub(crate) fn new(
        asked: &Asked,
        verdict: &Verdict,
        not_listed_by: &[RestrictionId],
        approvals: &[&Approval],
        only: Option<Activity>,
    ) -> Self {
        let mut activities = activities(verdict);
        activities.retain(|activity, _| only.is_none_or(|only| activity.0 == only));
        Self {
            schema: "interdict/assess/v1",
            question: Question::from(asked),
            subject: SubjectOut::new(&verdict.subject, not_listed_by),
            tier: Word(verdict.tier),
            headline: HeadlineOut::from(verdict.headline),
            activities,
            approvals: approvals.iter().map(|approval| ApprovalOut::from(*approval)).collect(),
        }
    }

    /// One row per activity and reason.
    pub(crate) fn rows(&self) -> Vec<ReasonRow> {
        self.activities.iter().flat_map(|(activity, answer)| answer.rows(activity.0)).collect()
    }
}

/// The answer per activity.
pub(crate) fn activities(verdict: &Verdict) -> Activities {
    verdict.activities.iter().map(|(activity, answer)| (Word(*activity), ActivityOut::from(answer))).collect()
}

/// What the verdict is about.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct SubjectOut {
    /// `vendor`, `product` or `party`.
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<PartyOut>,
}

impl SubjectOut {
    fn new(subject: &Subject, not_listed_by: &[RestrictionId]) -> Self {
        match subject {
            Subject::Vendor { vendor } => {
                Self { kind: "vendor", vendor: Some(vendor.to_string()), product: None, party: None }
            }
            Subject::Product { vendor, product } => Self {
                kind: "product",
                vendor: Some(vendor.to_string()),
                product: Some(product.to_string()),
                party: None,
            },
            Subject::Party { party } => Self {
                kind: "party",
                vendor: party.vendor.as_ref().map(ToString::to_string),
                product: None,
                party: Some(PartyOut::new(party, not_listed_by)),
            },
        }
    }
}

/// A person or company.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct PartyOut {
    /// Null for nobody the catalogue knows.
    id: Option<String>,
    name: String,
    /// `person`, `organisation` or `unknown`.
    kind: &'static str,
    roles: Vec<String>,
    /// The listings that name this very party and stand on that day.
    listed_by: Vec<ListedByOut>,
    /// The instruments that stand on that day and list others of the same vendor, but not this party.
    not_listed_by: Vec<String>,
}

impl PartyOut {
    fn new(party: &Party, not_listed_by: &[RestrictionId]) -> Self {
        let kind = match party.kind {
            PartyKind::Person => "person",
            PartyKind::Organisation => "organisation",
            PartyKind::Unknown => "unknown",
        };
        Self {
            id: party.id.clone(),
            name: party.name.clone(),
            kind,
            roles: party.roles.clone(),
            listed_by: party.listed_by.iter().map(ListedByOut::from).collect(),
            not_listed_by: not_listed_by.iter().map(ToString::to_string).collect(),
        }
    }
}

/// One listing.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct ListedByOut {
    restriction: String,
    from: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Date>,
    /// The role the listing gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// The list's own number.
    #[serde(skip_serializing_if = "Option::is_none")]
    list_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl From<&ListedBy> for ListedByOut {
    fn from(listed: &ListedBy) -> Self {
        Self {
            restriction: listed.restriction.to_string(),
            from: Date(listed.from),
            until: dates(listed.until),
            role: listed.role.clone(),
            list_id: listed.list_id.clone(),
            note: listed.note.clone(),
        }
    }
}

/// The two short answers.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct HeadlineOut {
    /// For who has it: the worst of use, remove and report.
    installed: Word<Tier>,
    /// For who would get it: the worst of buy, renew, deal-with and what the profile adds.
    purchase: Word<Tier>,
}

impl HeadlineOut {
    pub(crate) const fn purchase(&self) -> Tier {
        self.purchase.0
    }
}

impl From<Headline> for HeadlineOut {
    fn from(headline: Headline) -> Self {
        Self { installed: Word(headline.installed), purchase: Word(headline.purchase) }
    }
}

/// The answer for one activity.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ActivityOut {
    tier: Word<Tier>,
    /// Why, worst first.
    reasons: Vec<ReasonOut>,
    /// What instruments say to others.
    others: Vec<ReasonOut>,
}

impl From<&ActivityVerdict> for ActivityOut {
    fn from(answer: &ActivityVerdict) -> Self {
        Self {
            tier: Word(answer.tier),
            reasons: answer.reasons.iter().map(ReasonOut::from).collect(),
            others: answer.others.iter().map(ReasonOut::from).collect(),
        }
    }
}

impl ActivityOut {
    fn rows(&self, activity: Activity) -> Vec<ReasonRow> {
        let row = |for_whom, reason: Option<&ReasonOut>| ReasonRow {
            activity: Word(activity),
            tier: self.tier,
            for_whom,
            reason: reason.cloned(),
        };
        let ours = self.reasons.iter().map(|reason| row("you", Some(reason)));
        let others = self.others.iter().map(|reason| row("others", Some(reason)));
        let rows: Vec<ReasonRow> = ours.chain(others).collect();
        if rows.is_empty() { vec![row("", None)] } else { rows }
    }
}

/// Why an activity has its tier, or what an instrument says to others.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ReasonOut {
    restriction: String,
    /// Whose rule it is: the catalogue's, or the organisation's own.
    origin: Word<Origin>,
    /// What this reason alone would give.
    tier: Word<Tier>,
    force: Word<Force>,
    announced: Date,
    effect_from: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    effect_until: Option<Date>,
    binds: Vec<Bound>,
    /// Through which capacity it touches the profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    via: Option<Bound>,
    because: String,
    /// The condition that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Word<Condition>>,
    measure: Word<Measure>,
    /// Where it rests on the catalogue's reading of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<String>,
    citation: Vec<String>,
    sources: Vec<String>,
    /// Why it does not cover the subject, or what part of it is left alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_covered: Option<String>,
    verification: Word<Verification>,
}

impl From<&Reason> for ReasonOut {
    fn from(reason: &Reason) -> Self {
        let bound = |capacities: &[Capacity]| capacities.iter().copied().map(Bound).collect();
        Self {
            restriction: reason.restriction.to_string(),
            origin: Word(reason.restriction.origin()),
            tier: Word(reason.tier),
            force: Word(reason.force),
            announced: Date(reason.announced),
            effect_from: Date(reason.effect_from),
            effect_until: dates(reason.effect_until),
            binds: bound(&reason.binds),
            via: reason.via.map(Bound),
            because: reason.because.clone(),
            condition: reason.condition.map(Word),
            measure: Word(reason.measure),
            reading: reason.reading.clone(),
            citation: reason.citation.clone(),
            sources: reason.sources.clone(),
            not_covered: reason.not_covered.clone(),
            verification: Word(reason.verification),
        }
    }
}

/// One activity and one reason, for tables.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ReasonRow {
    activity: Word<Activity>,
    tier: Word<Tier>,
    for_whom: &'static str,
    reason: Option<ReasonOut>,
}

impl Row for ReasonRow {
    const COLUMNS: &'static [&'static str] = &[
        "activity",
        "tier",
        "for",
        "restriction",
        "force",
        "announced",
        "effect_from",
        "effect_until",
        "measure",
        "because",
        "not_covered",
        "citation",
        "source",
        "verification",
        "origin",
    ];

    fn values(&self) -> Vec<String> {
        let mut values = vec![self.activity.0.to_string(), self.tier.0.to_string(), self.for_whom.to_owned()];
        match &self.reason {
            Some(reason) => values.extend([
                reason.restriction.clone(),
                reason.force.0.to_string(),
                reason.announced.0.to_string(),
                reason.effect_from.0.to_string(),
                reason.effect_until.map(|day| day.0.to_string()).unwrap_or_default(),
                reason.measure.0.to_string(),
                reason.because.clone(),
                reason.not_covered.clone().unwrap_or_default(),
                reason.citation.join("; "),
                reason.sources.first().cloned().unwrap_or_default(),
                reason.verification.0.to_string(),
                reason.origin.0.to_string(),
            ]),
            None => values.resize(Self::COLUMNS.len(), String::new()),
        }
        values
    }
}
