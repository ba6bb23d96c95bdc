//! One finding in full.

use std::collections::BTreeMap;

use interdict_app::store::{DetectionRow, Sureness};
use interdict_app::{FleetFinding, SeenHere, next_steps};
use interdict_model::{Activity, Evidence, Matched, Reason, Restriction, RestrictionId, Tier, Verdict};

use super::listing::{Today, row};
use super::words::{evidence_label, tier_phrase};
use super::{Asked, answers, capitalised, count, reference, tier_of, timeline};
use crate::wire;

/// So many machines are told with a finding, and in one answer.
pub(crate) const FIRST_MACHINES: usize = 25;
pub(crate) const MOST_MACHINES: usize = 100;

/// One finding in full, with the first of the machines that have it.
pub(crate) fn finding(
    asked: &Asked<'_>,
    finding: &FleetFinding,
    seen: SeenHere,
    (rows, surest): (&[DetectionRow], Sureness),
) -> wire::FindingDetail {
    wire::FindingDetail {
        row: row(asked, finding, seen, Today::default().verdict(asked, finding)),
        question: question(asked, finding),
        answers: answers(asked.catalogue(), &finding.verdict),
        instruments: instruments(asked, &finding.verdict),
        timeline: timeline(asked, &finding.subject),
        machines: hits(rows),
        confidence: surest.confidence,
        traces: count(surest.traces),
        next_steps: next_steps(finding),
        note: finding.product.as_ref().and_then(|product| product.note.clone()),
    }
}

/// The first unknown condition of what the holder may do whose answer yes would change the headline.
fn question(asked: &Asked<'_>, finding: &FleetFinding) -> Option<wire::ConditionQuestion> {
    let holding = [Activity::Use, Activity::Remove, Activity::Report];
    let reasons = holding.iter().filter_map(|activity| finding.verdict.activities.get(activity));
    let conditions = reasons.flat_map(|answer| &answer.reasons).filter_map(|reason| reason.condition);
    for condition in conditions {
        let known = asked.circumstances.clone().knowing(condition, true);
        let verdict = asked.workbench.assess(&finding.subject, &known);
        if verdict.headline.installed != finding.tier() {
            return Some(wire::ConditionQuestion {
                condition: condition.to_string(),
                question: condition.question().to_owned(),
                if_yes: if_yes(&finding.verdict, &verdict, known.trigger_is_met()),
            });
        }
    }
    None
}

/// What the answer yes would mean.
fn if_yes(now: &Verdict, then: &Verdict, reports: bool) -> String {
    let mut parts = Vec::new();
    for (activity, word) in [(Activity::Use, "use"), (Activity::Remove, "removal")] {
        if tier_of(then, activity) != tier_of(now, activity) {
            parts.push(format!("{word} is {}", tier_phrase(tier_of(then, activity))));
        }
    }
    if reports && tier_of(then, Activity::Report) == Tier::Required {
        parts.push("what was found has to be reported".to_owned());
    }
    if parts.is_empty() {
        parts.push(format!("the answer is \"{}\"", tier_phrase(then.headline.installed)));
    }
    format!("{}.", capitalised(&parts.join(", and ")))
}

/// The reasons by instrument: first those that touch us, worst first, then those that bind others, by day.
fn instruments(asked: &Asked<'_>, verdict: &Verdict) -> Vec<wire::InstrumentBlock> {
    let mut ours: BTreeMap<&RestrictionId, Gathered<'_>> = BTreeMap::new();
    let mut theirs: BTreeMap<&RestrictionId, Gathered<'_>> = BTreeMap::new();
    for (activity, answer) in &verdict.activities {
        for reason in &answer.reasons {
            ours.entry(&reason.restriction).or_default().add(*activity, reason);
        }
    }
    for (activity, answer) in &verdict.activities {
        for reason in answer.others.iter().filter(|reason| !ours.contains_key(&reason.restriction)) {
            theirs.entry(&reason.restriction).or_default().add(*activity, reason);
        }
    }
    let mut ours: Vec<_> = ours.into_iter().collect();
    ours.sort_by_key(|(_, gathered)| (std::cmp::Reverse(gathered.tier().rank()), gathered.from()));
    let mut theirs: Vec<_> = theirs.into_iter().collect();
    theirs.sort_by_key(|(_, gathered)| gathered.from());
    let block = |(id, gathered): (&RestrictionId, Gathered<'_>), touches_us| {
        Some(gathered.block(asked, asked.catalogue().restriction(id)?, touches_us))
    };
    let ours = ours.into_iter().filter_map(|entry| block(entry, true));
    ours.chain(theirs.into_iter().filter_map(|entry| block(entry, false))).collect()
}

/// The reasons of one instrument.
#[derive(Default)]
struct Gathered<'v> {
    reasons: Vec<(Activity, &'v Reason)>,
}

impl<'v> Gathered<'v> {
    fn add(&mut self, activity: Activity, reason: &'v Reason) {
        self.reasons.push((activity, reason));
    }

    fn tier(&self) -> Tier {
        self.reasons.iter().map(|(_, reason)| reason.tier).fold(Tier::None, Tier::worst)
    }

    fn from(&self) -> Option<interdict_model::Day> {
        self.reasons.iter().map(|(_, reason)| reason.effect_from).min()
    }

    fn block(&self, asked: &Asked<'_>, restriction: &Restriction, touches_us: bool) -> wire::InstrumentBlock {
        let reasons = || self.reasons.iter().map(|(_, reason)| *reason);
        let issuer = asked.catalogue().issuer(&restriction.issuer);
        let stated = restriction.not_covered.iter().map(|entry| entry.says.clone());
        let not_covered = reasons().filter_map(|reason| reason.not_covered.clone());
        wire::InstrumentBlock {
            restriction: reference(asked.catalogue(), &restriction.id),
            title: restriction.title.clone(),
            issuer: issuer.map_or_else(|| restriction.issuer.to_string(), |issuer| issuer.name.clone()),
            tier: self.tier().into(),
            touches_us,
            activities: each_once(self.reasons.iter().map(|(activity, _)| (*activity).into())),
            because: each_once(reasons().map(|reason| capitalised(&reason.because))),
            citations: restriction.citations.clone(),
            urls: reasons().next().map(|reason| reason.sources.clone()).unwrap_or_default(),
            verification: reasons().map(|reason| reason.verification).max().unwrap_or(restriction.verification).into(),
            verification_note: restriction.verification_note.clone(),
            readings: each_once(reasons().filter_map(|reason| reason.reading.clone())),
            not_covered: each_once(not_covered.chain(stated)),
        }
    }
}

/// Each value once, in the order they came.
fn each_once<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut once = Vec::new();
    for value in values {
        if !once.contains(&value) {
            once.push(value);
        }
    }
    once
}

/// A part of where a finding is.
pub(crate) fn finding_machines(rows: &[DetectionRow], total: usize) -> wire::FindingMachines {
    wire::FindingMachines { machines: hits(rows), total: count(total) }
}

fn hits(rows: &[DetectionRow]) -> Vec<wire::MachineHit> {
    rows.iter().map(machine_hit).collect()
}

fn machine_hit(row: &DetectionRow) -> wire::MachineHit {
    wire::MachineHit {
        id: row.machine_id.clone(),
        hostname: row.hostname.clone(),
        presence: row.detection.presence.into(),
        version: row.detection.version.clone(),
        first_seen: row.first_seen.clone(),
        last_seen: row.last_seen.clone(),
        confidence: row.detection.confidence,
        evidence: row.detection.evidence.iter().map(evidence_line).collect(),
    }
}

fn evidence_line(evidence: &Evidence) -> wire::EvidenceLine {
    let matched = |matched: &Matched| wire::MatchedLine {
        field: matched.field.clone(),
        value: matched.value.clone(),
        rule: matched.rule.clone(),
    };
    wire::EvidenceLine {
        label: evidence_label(evidence).to_owned(),
        title: evidence.title.clone(),
        path: evidence.path.clone(),
        says: evidence.says.clone(),
        matched: evidence.matched.iter().map(matched).collect(),
    }
}
