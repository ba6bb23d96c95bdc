//! The restrictions of the catalogue as they stand on a day, for some profiles and what is installed.
//!
//! What an instrument says to somebody is told here of the instrument itself: the worst of its effects about whatever it
//! names. What it comes to for one product or vendor is a verdict's business, and a verdict never says more.

use std::collections::{BTreeMap, BTreeSet};

use interdict_assess::{Circumstances, Span, lanes, phase};
use interdict_model::{
    Activity, Day, Effect, Force, Restriction, RestrictionId, Standing, Subject, Tier, Verification,
};

use crate::error::AppError;
use crate::exposure::{Exposure, FleetFinding};
use crate::workbench::{Workbench, unknown};

/// One restriction on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestrictionStanding<'a> {
    /// The restriction.
    pub restriction: &'a Restriction,
    /// Where it stands on the day.
    pub state: RestrictionState,
    /// The worst it says to these profiles on the day about what it names.
    pub tier: Tier,
    /// Whether any of its effects, on whatever day, speaks to these profiles.
    pub touches: bool,
    /// Whether any of its effects is in force on the day, to whomever.
    pub in_force: bool,
    /// The first day after the one asked for on which an effect begins or ends, as far as that is public.
    pub next: Option<Day>,
    /// The last day up to the one asked for on which an effect began or ended.
    pub last: Option<Day>,
}

/// Where a restriction stands on a day: its standing, told apart from what is not public, not yet in force or over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RestrictionState {
    /// Nobody outside the issuer knows of it.
    NotPublic,
    /// Public and stands, but nothing of it is in force yet.
    Announced,
    /// Everything it said is over by its own dates.
    RanOut,
    /// In force by its words, but nobody of ours has seen it.
    Unverified,
    /// As the catalogue says it stands.
    Stands(Standing),
}

/// What one effect comes to on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectState {
    /// Not public yet.
    NotPublic,
    /// Public, in force from a later day.
    Ahead,
    /// In force.
    InForce,
    /// Public and within its days, but it does not simply bind: proposed, contested, not verified, the day not certain.
    Doubtful,
    /// Over, or its instrument is.
    Over,
}

impl Workbench {
    /// One restriction; an unknown id is an error that names the nearest.
    pub fn restriction(&self, id: &str) -> Result<&Restriction, AppError> {
        let known = || self.catalogue().restrictions().iter().map(|restriction| restriction.id.as_str());
        self.catalogue().restriction(&id.into()).ok_or_else(|| unknown("restriction", id, known()))
    }

    /// Every restriction of the catalogue on the day, in the catalogue's order.
    #[must_use]
    pub fn restriction_standings(&self, circumstances: &Circumstances) -> Vec<RestrictionStanding<'_>> {
        self.catalogue().restrictions().iter().map(|restriction| standing(restriction, circumstances)).collect()
    }

    /// For each restriction what it reaches of what is found on the day, itself or close by.
    #[must_use]
    pub fn reached<'e>(
        &self,
        exposure: &'e Exposure,
        circumstances: &Circumstances,
    ) -> BTreeMap<RestrictionId, Vec<&'e FleetFinding>> {
        let mut of_subject: BTreeMap<&str, Vec<RestrictionId>> = BTreeMap::new();
        let mut reached: BTreeMap<RestrictionId, Vec<&FleetFinding>> = BTreeMap::new();
        for finding in exposure.spoken_of() {
            let ids = of_subject
                .entry(finding.subject_id())
                .or_insert_with(|| self.reaching(&finding.subject, circumstances));
            for id in ids {
                reached.entry(id.clone()).or_default().push(finding);
            }
        }
        reached
    }

    /// The restrictions that reach a subject on the day, itself or close by, the first in force first.
    #[must_use]
    pub fn reaching(&self, subject: &Subject, circumstances: &Circumstances) -> Vec<RestrictionId> {
        let day = circumstances.as_of;
        let holds = |span: &Span| span.from <= day && span.until.is_none_or(|until| until > day);
        let lanes = lanes(self.catalogue(), subject, circumstances).into_iter();
        lanes.filter(|lane| lane.spans.iter().any(holds)).map(|lane| lane.restriction).collect()
    }
}

/// One restriction on the day.
#[must_use]
pub fn standing<'a>(restriction: &'a Restriction, circumstances: &Circumstances) -> RestrictionStanding<'a> {
    let day = circumstances.as_of;
    let states = restriction.effects.iter().map(|effect| effect_state(restriction, effect, day));
    let is_public = |effect: &&Effect| announced(restriction, effect) <= day || day >= begins(effect);
    let days: BTreeSet<Day> = restriction.effects.iter().filter(is_public).flat_map(days).collect();
    RestrictionStanding {
        restriction,
        state: state(restriction, day),
        tier: restriction
            .effects
            .iter()
            .map(|effect| effect_tier(restriction, effect, circumstances))
            .fold(Tier::None, Tier::worst),
        touches: restriction.effects.iter().any(|effect| touches(effect, circumstances)),
        in_force: states.into_iter().any(|state| state == EffectState::InForce),
        next: days.iter().copied().find(|other| *other > day),
        last: days.iter().copied().rfind(|other| *other <= day),
    }
}

/// What one effect says to these profiles on the day about what it names; none where it does not speak to them.
#[must_use]
pub fn effect_tier(restriction: &Restriction, effect: &Effect, circumstances: &Circumstances) -> Tier {
    if !touches(effect, circumstances) {
        return Tier::None;
    }
    let Some(phase) = phase(restriction, effect, circumstances.as_of) else { return Tier::None };
    let holds = effect.when.iter().map(|condition| circumstances.holds(*condition));
    let holds: Vec<Option<bool>> = holds.collect();
    if holds.contains(&Some(false)) {
        return Tier::None;
    }
    // A condition that is not known leaves the activity lawful where it does not hold.
    let is_open = holds.contains(&None);
    if is_open && phase.tier == Tier::Prohibited { Tier::Restricted } else { phase.tier }
}

/// Whether an effect binds, protects or addresses somebody of these profiles.
#[must_use]
pub fn touches(effect: &Effect, circumstances: &Circumstances) -> bool {
    let mut whom = effect.binds.iter().chain(&effect.counterparty).chain(&effect.addressed);
    whom.any(|capacity| circumstances.capacities.contains(capacity))
}

/// What an effect comes to on a day.
#[must_use]
pub fn effect_state(restriction: &Restriction, effect: &Effect, day: Day) -> EffectState {
    match phase(restriction, effect, day) {
        Some(phase) if phase.tier == full_tier(effect.force) => EffectState::InForce,
        Some(_) if day < begins(effect) && !is_possible(effect, day) => EffectState::Ahead,
        Some(_) => EffectState::Doubtful,
        None if day < announced(restriction, effect) => EffectState::NotPublic,
        None => EffectState::Over,
    }
}

fn full_tier(force: Force) -> Tier {
    match force {
        Force::Forbids => Tier::Prohibited,
        Force::Requires => Tier::Required,
        Force::Limits => Tier::Restricted,
        Force::Warns => Tier::Advisory,
    }
}

fn state(restriction: &Restriction, day: Day) -> RestrictionState {
    let first_public = restriction.effects.iter().map(|effect| announced(restriction, effect)).min();
    let first_public = first_public.map_or(restriction.announced, |first| first.min(restriction.announced));
    let first_standing = restriction.standing.first().map_or(first_public, |span| span.from);
    let states = || restriction.effects.iter().map(|effect| effect_state(restriction, effect, day));
    if day < first_public.min(first_standing) && states().all(|state| state == EffectState::NotPublic) {
        return RestrictionState::NotPublic;
    }
    let is =
        restriction.standing_on(day).or(restriction.standing.first()).map_or(Standing::Unconfirmed, |span| span.is);
    let simply_stands = matches!(is, Standing::InForce | Standing::Contested);
    if simply_stands && states().any(|state| state == EffectState::Ahead) && !states().any(is_within) {
        return RestrictionState::Announced;
    }
    if simply_stands && !restriction.effects.is_empty() && states().all(|state| state == EffectState::Over) {
        return RestrictionState::RanOut;
    }
    let is_unverified = restriction.verification == Verification::Unverified;
    if is == Standing::InForce && is_unverified { RestrictionState::Unverified } else { RestrictionState::Stands(is) }
}

fn is_within(state: EffectState) -> bool {
    matches!(state, EffectState::InForce | EffectState::Doubtful)
}

fn announced(restriction: &Restriction, effect: &Effect) -> Day {
    effect.announced.unwrap_or(restriction.announced)
}

fn begins(effect: &Effect) -> Day {
    effect.from.certain_from(effect.from_precision)
}

fn is_possible(effect: &Effect, day: Day) -> bool {
    day >= effect.from.possible_from(effect.from_precision)
}

/// The days on which an effect certainly begins and ends.
fn days(effect: &Effect) -> impl Iterator<Item = Day> {
    let ends = effect.until.map(|until| until.certain_from(effect.until_precision));
    std::iter::once(begins(effect)).chain(ends)
}

/// The activities that a restriction speaks of, in the fixed order.
#[must_use]
pub fn activities(restriction: &Restriction) -> Vec<Activity> {
    let spoken_of =
        |activity: &&Activity| restriction.effects.iter().any(|effect| effect.activities.contains(activity));
    Activity::ALL.iter().filter(spoken_of).copied().collect()
}

#[cfg(test)]
mod tests {
    use interdict_model::VendorId;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn asked(workbench: &Workbench, profile: &str, on: &str) -> Circumstances {
        workbench.circumstances(&[profile.to_owned()], day(on)).expect("a profile")
    }

    #[test]
    fn the_determination_goes_from_unknown_to_announced_to_in_force() {
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        let restriction = workbench.catalogue().restriction(&"us-bis-icts-2024-kaspersky".into()).expect("is there");
        let cases = [
            ("2024-06-19", RestrictionState::NotPublic, Tier::None, false),
            ("2024-06-20", RestrictionState::Announced, Tier::Watch, false),
            ("2024-07-19", RestrictionState::Announced, Tier::Watch, false),
            ("2024-07-20", RestrictionState::Stands(Standing::InForce), Tier::Prohibited, true),
        ];
        for (on, state, tier, in_force) in cases {
            let standing = standing(restriction, &asked(&workbench, "us-private", on));
            assert_eq!((standing.state, standing.tier, standing.in_force), (state, tier, in_force), "{on}");
            assert!(standing.touches, "{on}");
        }
        let before = standing(restriction, &asked(&workbench, "us-private", "2024-07-19"));
        assert_eq!(before.next, Some(day("2024-07-20")));
        let between = standing(restriction, &asked(&workbench, "us-private", "2024-07-21"));
        assert_eq!((between.last, between.next), (Some(day("2024-07-20")), Some(day("2024-09-29"))));
    }

    #[test]
    fn a_verdict_never_says_more_than_the_restriction_itself() {
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        for (profile, on) in [("us-federal-contractor", "2026-11-22"), ("de-private", "2024-07-21")] {
            let circumstances = asked(&workbench, profile, on);
            let own: BTreeMap<&RestrictionId, Tier> = workbench
                .restriction_standings(&circumstances)
                .into_iter()
                .map(|standing| (&standing.restriction.id, standing.tier))
                .collect();
            for vendor in workbench.catalogue().vendors() {
                let subject = Subject::Vendor { vendor: VendorId::new(vendor.id.as_str()) };
                let verdict = workbench.assess(&subject, &circumstances);
                for reason in verdict.activities.values().flat_map(|answer| &answer.reasons) {
                    let most = own.get(&reason.restriction).copied().unwrap_or(Tier::None);
                    let is_doubt = matches!(reason.tier, Tier::Watch | Tier::Undetermined);
                    assert!(
                        is_doubt || reason.tier.rank() <= most.rank(),
                        "{} for {}: {:?} is more than {most:?}",
                        reason.restriction,
                        vendor.id,
                        reason.tier
                    );
                }
            }
        }
    }

    #[test]
    fn nobody_in_particular_is_touched_by_nothing() {
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        let circumstances = asked(&workbench, "research", "2026-11-22");
        for standing in workbench.restriction_standings(&circumstances) {
            assert_eq!((standing.tier, standing.touches), (Tier::None, false), "{}", standing.restriction.id);
        }
    }
}
