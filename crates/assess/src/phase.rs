//! When an effect counts, and how much: rules 1 to 3.

use interdict_model::{Day, Effect, Force, Precision, Restriction, Standing, Tier, Verification};

/// What an effect comes to on a day, conditions aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phase {
    /// The tier for whom it touches.
    pub tier: Tier,
    /// Why it is that one.
    pub why: Why,
}

/// Why a phase has its tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// In force.
    InForce,
    /// Announced, in force from a later day.
    Announced,
    /// In force from, or over since, some day that is not known exactly.
    Uncertain,
    /// In force by its dates, but the instrument does not simply stand.
    Standing(Standing),
    /// In force by its dates, but nobody verified it.
    Unverified,
}

/// What an effect comes to on a day; nothing before it was public and after it ended.
#[must_use]
pub fn phase(restriction: &Restriction, effect: &Effect, day: Day) -> Option<Phase> {
    let by_dates = by_dates(restriction, effect, day)?;
    let standing = standing(restriction, day);
    let capped = |why| Some(Phase { tier: Tier::Watch, why });
    match standing {
        Standing::NotListed | Standing::Superseded | Standing::Ended => None,
        Standing::Proposed | Standing::Reported | Standing::Contested | Standing::Suspended | Standing::Unconfirmed => {
            capped(Why::Standing(standing))
        }
        Standing::InForce if verification(restriction, effect) == Verification::Unverified => capped(Why::Unverified),
        Standing::InForce => Some(by_dates),
    }
}

/// Whether an effect is public and not over on a day, whatever it comes to.
#[must_use]
pub fn effect_is_visible(restriction: &Restriction, effect: &Effect, day: Day) -> bool {
    phase(restriction, effect, day).is_some()
}

/// How well an effect is supported: the worse of the entry's and its own.
pub(crate) fn verification(restriction: &Restriction, effect: &Effect) -> Verification {
    effect.verification.map_or(restriction.verification, |own| own.max(restriction.verification))
}

/// When the effect became public.
pub(crate) fn announced(restriction: &Restriction, effect: &Effect) -> Day {
    effect.announced.unwrap_or(restriction.announced)
}

/// Where the instrument stands; before its first span it is what that span says.
fn standing(restriction: &Restriction, day: Day) -> Standing {
    let span = restriction.standing_on(day).or(restriction.standing.first());
    span.map_or(Standing::Unconfirmed, |span| span.is)
}

fn by_dates(restriction: &Restriction, effect: &Effect, day: Day) -> Option<Phase> {
    let possible = effect.from.possible_from(effect.from_precision);
    let certain = effect.from.certain_from(effect.from_precision);
    if day < announced(restriction, effect).min(possible) {
        return None;
    }
    if day < certain {
        let is_uncertain = effect.from_precision != Precision::Day && day >= possible;
        let why = if is_uncertain { Why::Uncertain } else { Why::Announced };
        return Some(Phase { tier: Tier::Watch, why });
    }
    if let Some(until) = effect.until {
        if day >= until.certain_from(effect.until_precision) {
            return None;
        }
        if effect.until_precision != Precision::Day && day >= until.possible_from(effect.until_precision) {
            return Some(Phase { tier: Tier::Watch, why: Why::Uncertain });
        }
    }
    Some(Phase { tier: full_tier(effect.force), why: Why::InForce })
}

/// The tier of a force in force.
pub(crate) fn full_tier(force: Force) -> Tier {
    match force {
        Force::Forbids => Tier::Prohibited,
        Force::Requires => Tier::Required,
        Force::Limits => Tier::Restricted,
        Force::Warns => Tier::Advisory,
    }
}
