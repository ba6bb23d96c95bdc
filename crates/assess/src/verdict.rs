//! Puts the rules together: every effect of every instrument that speaks of the subject, per activity.

use std::collections::BTreeMap;

use interdict_catalogue::Catalogue;
use interdict_model::{
    Activity, ActivityVerdict, Condition, Day, Effect, Headline, Party, PartyKind, Reason, Restriction, SourceKind,
    Subject, Tier, Vendor, VendorId, Verdict, Verification,
};

use crate::circumstances::Circumstances;
use crate::coverage::{Coverage, coverage};
use crate::phase::{Phase, announced, phase, verification};
use crate::scope::owners_of;
use crate::sentence;
use crate::touch::Touch;

/// The verdict for a subject under some circumstances.
///
/// A party nobody knows, and a vendor or product the catalogue does not hold, is undetermined in every activity.
#[must_use]
pub fn assess(catalogue: &Catalogue, subject: &Subject, circumstances: &Circumstances) -> Verdict {
    let mut answers: BTreeMap<Activity, Answer> =
        Activity::ALL.iter().map(|activity| (*activity, Answer::default())).collect();
    match vendor_of(catalogue, subject) {
        Some(vendor) => {
            for restriction in relevant(catalogue, vendor, subject, circumstances.as_of) {
                let weighing = Weighing { catalogue, restriction, vendor, subject, circumstances };
                for effect in &restriction.effects {
                    weighing.effect(effect, &mut answers);
                }
            }
        }
        None => answers.values_mut().for_each(|answer| answer.undetermined = true),
    }
    verdict(subject.clone(), answers, circumstances)
}

fn vendor_of<'a>(catalogue: &'a Catalogue, subject: &Subject) -> Option<&'a Vendor> {
    match subject {
        Subject::Vendor { vendor } => catalogue.vendor(vendor),
        Subject::Product { vendor, product } => catalogue.product(product).and_then(|_| catalogue.vendor(vendor)),
        Subject::Party { party } => party.vendor.as_ref().and_then(|vendor| catalogue.vendor(vendor)),
    }
}

/// The restrictions that may speak of the subject, each once: those of the vendor, of its owners, of what it carries on,
/// of a vendor whose engine the product may hold, and those that name no vendor at all.
pub(crate) fn relevant<'a>(
    catalogue: &'a Catalogue,
    vendor: &'a Vendor,
    subject: &Subject,
    day: Day,
) -> Vec<&'a Restriction> {
    let mut vendors: Vec<&VendorId> = vec![&vendor.id];
    vendors.extend(owners_of(catalogue, vendor, day).into_iter().map(|owner| &owner.id));
    vendors.extend(vendor.predecessors().map(|(predecessor, _)| predecessor));
    if let Subject::Product { product, .. } = subject {
        let engines = vendor.embeds.iter().filter(|embeds| embeds.product == *product);
        vendors.extend(engines.map(|embeds| &embeds.engine_vendor));
    }
    let of_vendors = vendors.into_iter().flat_map(|id| catalogue.restrictions_of(id));
    let mut found: Vec<&Restriction> = Vec::new();
    for restriction in of_vendors.chain(catalogue.restrictions_on_classes()) {
        if !found.iter().any(|known| known.id == restriction.id) {
            found.push(restriction);
        }
    }
    found
}

/// What was gathered for one activity.
#[derive(Default)]
struct Answer {
    undetermined: bool,
    reasons: Vec<Reason>,
    others: Vec<Reason>,
    /// The worst tier that counts for a holder: duties whose trigger is not met left out.
    installed: Option<Tier>,
}

/// One restriction against one subject.
struct Weighing<'a> {
    catalogue: &'a Catalogue,
    restriction: &'a Restriction,
    vendor: &'a Vendor,
    subject: &'a Subject,
    circumstances: &'a Circumstances,
}

impl Weighing<'_> {
    fn effect(&self, effect: &Effect, answers: &mut BTreeMap<Activity, Answer>) {
        let Some(phase) = phase(self.restriction, effect, self.circumstances.as_of) else { return };
        let coverage = coverage(self.catalogue, self.restriction, effect, self.subject, self.circumstances.as_of);
        let touch = Touch::of(effect, &self.circumstances.capacities);
        for activity in &effect.activities {
            if !self.concerns(*activity) {
                continue;
            }
            let Some(answer) = answers.get_mut(activity) else { continue };
            match touch {
                None => self.for_others(effect, phase, &coverage, *activity, answer),
                Some(touch) => self.for_us(effect, phase, &coverage, touch, *activity, answer),
            }
        }
    }

    fn names_no_vendor(&self) -> bool {
        let scope = &self.restriction.scope;
        scope.vendors.is_empty() && scope.entities.is_empty() && scope.persons.is_empty()
    }

    /// A blocked person can only be dealt with or not; everything else is a company's business.
    fn concerns(&self, activity: Activity) -> bool {
        let is_person = matches!(self.subject, Subject::Party { party: Party { kind: PartyKind::Person, .. } });
        !is_person || activity == Activity::DealWith
    }

    fn for_us(
        &self,
        effect: &Effect,
        phase: Phase,
        coverage: &Coverage,
        touch: Touch,
        activity: Activity,
        answer: &mut Answer,
    ) {
        let mut reason = self.reason(effect, phase, Some(touch));
        match coverage {
            Coverage::NotAbout => return,
            Coverage::NotCovered(says) => {
                reason.tier = Tier::None;
                reason.because = sentence::would_bind(self.restriction, effect, phase.why, touch);
                reason.not_covered = Some(sentence::ended(&format!("Not covered: {says}")));
            }
            Coverage::Unclear(says) => {
                reason.tier = Tier::Undetermined;
                reason.not_covered = Some(sentence::ended(&format!("Cannot be decided: {says}")));
            }
            Coverage::ReportedEmbedded(says) => {
                reason.tier = Tier::Undetermined;
                reason.not_covered = Some(says.clone());
            }
            Coverage::PeopleOnly { listed } => {
                if activity != Activity::DealWith {
                    return;
                }
                reason.tier = Tier::Watch;
                reason.because = sentence::people_listed(self.catalogue, self.restriction, effect, self.vendor, listed);
            }
            Coverage::OwnersOnly(says) => {
                if activity != Activity::DealWith {
                    return;
                }
                reason.tier = Tier::Watch;
                reason.not_covered = Some(sentence::ended(says));
            }
            Coverage::Predecessor(says) => {
                reason.tier = Tier::Watch;
                reason.because = format!("{} {}", sentence::ended(says), reason.because);
                reason.not_covered = Some("Whether the instrument reaches a successor is not stated.".to_owned());
            }
            Coverage::Covered { except } => {
                self.conditions(effect, phase, touch, &mut reason);
                let left_alone = [except.clone(), self.not_bound(activity)];
                let left_alone: Vec<String> = left_alone
                    .into_iter()
                    .flatten()
                    .map(|text| sentence::capitalised(text.trim_end_matches('.')))
                    .collect();
                if reason.not_covered.is_none() && !left_alone.is_empty() {
                    reason.not_covered = Some(sentence::ended(&left_alone.join(". ")));
                }
            }
        }
        if effect.trigger.is_none() || self.circumstances.trigger_is_met() {
            answer.installed = Some(answer.installed.map_or(reason.tier, |worst| worst.worst(reason.tier)));
        }
        answer.reasons.push(reason);
    }

    /// Rule 4: what conditions make of a covered effect.
    fn conditions(&self, effect: &Effect, phase: Phase, touch: Touch, reason: &mut Reason) {
        let holds = |condition: &&Condition| self.circumstances.holds(**condition);
        if let Some(denied) = effect.when.iter().find(|condition| holds(condition) == Some(false)) {
            reason.tier = Tier::None;
            reason.because = sentence::would_bind(self.restriction, effect, phase.why, touch);
            reason.not_covered = Some(format!("Not covered: it applies only {}.", denied.phrase()));
            return;
        }
        let Some(unknown) = effect.when.iter().find(|condition| holds(condition).is_none()) else { return };
        reason.condition = Some(*unknown);
        reason.because = sentence::because(self.restriction, effect, phase.why, touch, Some(*unknown));
        if phase.tier == Tier::Prohibited {
            reason.tier = Tier::Restricted;
        }
    }

    /// What the instrument expressly leaves alone in this activity, for this profile.
    fn not_bound(&self, activity: Activity) -> Option<String> {
        let holds =
            |who: &[interdict_model::Capacity]| who.iter().any(|one| self.circumstances.capacities.contains(one));
        let entry = self.restriction.not_bound.iter().find(|entry| entry.activity == activity && holds(&entry.who))?;
        Some(entry.says.clone())
    }

    fn for_others(&self, effect: &Effect, phase: Phase, coverage: &Coverage, activity: Activity, answer: &mut Answer) {
        let mut reason = self.reason(effect, phase, None);
        reason.tier = Tier::None;
        match coverage {
            Coverage::NotAbout => return,
            // An instrument on a class that names no vendor says nothing to others of those it may or does not reach.
            Coverage::NotCovered(_) | Coverage::Unclear(_) if self.names_no_vendor() => return,
            Coverage::NotCovered(says) => reason.not_covered = Some(format!("Not covered: {says}.")),
            Coverage::Unclear(says) => reason.not_covered = Some(format!("Cannot be decided: {says}.")),
            Coverage::Predecessor(says) => reason.not_covered = Some(sentence::ended(says)),
            Coverage::OwnersOnly(says) => {
                if activity != Activity::DealWith {
                    return;
                }
                reason.not_covered = Some(sentence::ended(says));
            }
            Coverage::ReportedEmbedded(says) => reason.not_covered = Some(says.clone()),
            Coverage::PeopleOnly { listed } => {
                if activity != Activity::DealWith {
                    return;
                }
                let listed = sentence::people_listed(self.catalogue, self.restriction, effect, self.vendor, listed);
                reason.because = format!("{} {listed}", reason.because);
            }
            Coverage::Covered { except } => {
                reason.not_covered = except.as_ref().map(|except| sentence::ended(&sentence::capitalised(except)));
            }
        }
        answer.others.push(reason);
    }

    fn reason(&self, effect: &Effect, phase: Phase, touch: Option<Touch>) -> Reason {
        let restriction = self.restriction;
        let because = match touch {
            Some(touch) => sentence::because(restriction, effect, phase.why, touch, None),
            None => sentence::others(restriction, effect, phase.why),
        };
        Reason {
            restriction: restriction.id.clone(),
            tier: phase.tier,
            force: effect.force,
            announced: announced(restriction, effect),
            effect_from: effect.from,
            effect_until: effect.until,
            binds: effect.binds.clone(),
            via: touch.map(Touch::via),
            because,
            condition: None,
            measure: effect.measure,
            reading: effect.reading.clone(),
            citation: restriction.citations.clone(),
            sources: sources(restriction),
            not_covered: None,
            by_class: self.names_no_vendor() && restriction.scope.goods.iter().any(|goods| goods.is_software()),
            verification: self.verification(effect),
        }
    }

    /// The worst of the entry's, the effect's and, for a listed person, the listing's.
    fn verification(&self, effect: &Effect) -> Verification {
        let of_effect = verification(self.restriction, effect);
        let Subject::Party { party: Party { id: Some(id), .. } } = self.subject else { return of_effect };
        let listed = self.restriction.scope.persons.iter().find(|person| person.id.as_str() == id);
        listed.and_then(|person| person.verification).map_or(of_effect, |own| own.max(of_effect))
    }
}

/// Addresses, the best kind of source first.
fn sources(restriction: &Restriction) -> Vec<String> {
    let mut sources: Vec<(SourceKind, &str)> =
        restriction.sources.iter().map(|source| (source.kind, source.url.as_str())).collect();
    sources.sort_by_key(|(kind, _)| *kind);
    sources.into_iter().map(|(_, url)| url.to_owned()).collect()
}

fn verdict(subject: Subject, answers: BTreeMap<Activity, Answer>, circumstances: &Circumstances) -> Verdict {
    let installed_of = |activity: Activity| {
        let answer = answers.get(&activity);
        let undetermined = answer.is_some_and(|answer| answer.undetermined);
        let fallback = if undetermined { Tier::Undetermined } else { Tier::None };
        answer.and_then(|answer| answer.installed).unwrap_or(fallback)
    };
    let installed =
        [Activity::Use, Activity::Remove, Activity::Report].into_iter().map(installed_of).fold(Tier::None, Tier::worst);
    let activities: BTreeMap<Activity, ActivityVerdict> =
        answers.into_iter().map(|(activity, answer)| (activity, activity_verdict(answer))).collect();
    let tier_of = |activity: &Activity| activities.get(activity).map_or(Tier::None, |answer| answer.tier);
    let purchase = [Activity::Buy, Activity::Renew, Activity::DealWith]
        .iter()
        .chain(&circumstances.purchase_activities)
        .map(tier_of)
        .fold(Tier::None, Tier::worst);
    let tier = Activity::ALL.iter().map(tier_of).fold(Tier::None, Tier::worst);
    Verdict { subject, tier, headline: Headline { installed, purchase }, activities }
}

fn activity_verdict(mut answer: Answer) -> ActivityVerdict {
    let by_weight = |left: &Reason, right: &Reason| {
        (right.tier.rank(), right.effect_from, &left.restriction).cmp(&(
            left.tier.rank(),
            left.effect_from,
            &right.restriction,
        ))
    };
    answer.reasons.sort_by(by_weight);
    answer
        .others
        .sort_by(|left, right| (left.effect_from, &left.restriction).cmp(&(right.effect_from, &right.restriction)));
    let fallback = if answer.undetermined { Tier::Undetermined } else { Tier::None };
    let tier = answer.reasons.iter().map(|reason| reason.tier).fold(fallback, Tier::worst);
    ActivityVerdict { tier, reasons: answer.reasons, others: answer.others }
}
