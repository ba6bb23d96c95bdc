//! How much what is told of a machine can be trusted to be so still: by its age, and by how long a tool keeps what is gone.
//!
//! Nothing here asks the clock: ages are counted to the day a question is asked for. An age never changes what something
//! means; it says how old the answer is.

use interdict_model::Day;
use interdict_store::LastTold;

/// Up to this age what is told is fresh: machines are looked at weekly or more often where they are looked at at all, so
/// what is younger could not be newer.
pub const FRESH_DAYS: i64 = 7;

/// From above this age it is stale: a month of updates went by, and common tools drop a machine they have not heard of
/// for so long.
pub const STALE_DAYS: i64 = 30;

/// How well what is told stands for what is there now. The first is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Freshness {
    /// At most [`FRESH_DAYS`] old, of a tool that does not keep what is gone for longer than that.
    Fresh,
    /// At most [`STALE_DAYS`] old.
    Aging,
    /// Older.
    Stale,
}

impl Freshness {
    /// Every value, the best first.
    pub const ALL: [Self; 3] = [Self::Fresh, Self::Aging, Self::Stale];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Aging => "aging",
            Self::Stale => "stale",
        }
    }
}

/// How old what was told is on the day asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// Whole days since it was so; none where it is told of a later day than the one asked for.
    pub days: i64,
    /// For how many days the tool may go on telling of what is gone.
    pub keeps_days: Option<u32>,
    /// The earliest day from which what is told may be gone, where the tool keeps what is gone.
    pub may_be_gone_since: Option<Day>,
    /// What that comes to.
    pub freshness: Freshness,
}

impl Age {
    /// The age, on a day, of what was told at an instant by a tool that keeps what is gone for some days.
    #[must_use]
    pub fn of(told: &str, keeps_days: Option<u32>, as_of: Day) -> Self {
        // An instant that cannot be read is not kept; without a day it would be of no use.
        let day = told.get(..10).and_then(|day| day.parse::<Day>().ok()).unwrap_or(Day::UNKNOWN);
        let days = as_of.days_since(day).max(0);
        let keeps = i64::from(keeps_days.unwrap_or_default());
        let may_be_gone_since = keeps_days.map(|keeps| (0..keeps).fold(day, |day, _| day.previous()));
        Self { days, keeps_days, may_be_gone_since, freshness: freshness(days, keeps) }
    }
}

/// A tool that keeps what is gone for longer than what is fresh may be old never tells of what is surely there.
fn freshness(days: i64, keeps_days: i64) -> Freshness {
    if days > STALE_DAYS {
        Freshness::Stale
    } else if days > FRESH_DAYS || keeps_days > FRESH_DAYS {
        Freshness::Aging
    } else {
        Freshness::Fresh
    }
}

/// How old what one teller tells of a machine is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginFreshness {
    /// The name of the format; `interdict` for our own looking.
    pub origin: String,
    /// When the machine was as told: RFC 3339, UTC.
    pub last_told: String,
    /// How old that is.
    pub age: Age,
}

/// How old what is known of a machine is: as good as the best of those that tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineFreshness {
    /// The best there is.
    pub freshness: Freshness,
    /// Whole days since anybody told of it.
    pub days: i64,
    /// Each that tells of it: our own looking first, then the newest.
    pub origins: Vec<OriginFreshness>,
}

impl MachineFreshness {
    /// Of what each last told, on a day. Nothing told is as stale as can be.
    #[must_use]
    pub fn of(told: &[LastTold], as_of: Day) -> Self {
        let origin = |told: &LastTold| OriginFreshness {
            origin: told.origin.clone(),
            last_told: told.at.clone(),
            age: Age::of(&told.at, told.keeps_days, as_of),
        };
        let origins: Vec<OriginFreshness> = told.iter().map(origin).collect();
        Self {
            freshness: origins.iter().map(|origin| origin.age.freshness).min().unwrap_or(Freshness::Stale),
            days: origins.iter().map(|origin| origin.age.days).min().unwrap_or_default(),
            origins,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn ages_decay_and_what_is_kept_is_never_fresh() {
        for (told, keeps_days, days, expected) in [
            ("2026-11-23T23:59:59Z", None, 0, Freshness::Fresh),
            ("2026-11-24T08:00:00Z", None, 0, Freshness::Fresh),
            ("2026-11-16T00:00:00Z", None, 7, Freshness::Fresh),
            ("2026-11-15T23:59:59Z", None, 8, Freshness::Aging),
            ("2026-10-24T00:00:00Z", None, 30, Freshness::Aging),
            ("2026-10-23T00:00:00Z", None, 31, Freshness::Stale),
            ("2026-11-23T00:00:00Z", Some(7), 0, Freshness::Fresh),
            ("2026-11-23T00:00:00Z", Some(30), 0, Freshness::Aging),
            ("2026-10-23T00:00:00Z", Some(30), 31, Freshness::Stale),
        ] {
            let age = Age::of(told, keeps_days, day("2026-11-23"));
            assert_eq!((age.days, age.freshness), (days, expected), "{told} {keeps_days:?}");
        }
        let kept = Age::of("2026-11-23T00:00:00Z", Some(30), day("2026-11-23"));
        assert_eq!(kept.may_be_gone_since, Some(day("2026-10-24")));
    }

    #[test]
    fn a_machine_is_as_fresh_as_the_best_of_what_is_told() {
        let told = |origin: &str, at: &str, keeps_days| LastTold {
            origin: origin.to_owned(),
            at: format!("{at}T08:00:00Z"),
            keeps_days,
        };
        let all = [told("interdict", "2026-09-01", None), told("defender", "2026-11-23", Some(30))];
        let known = MachineFreshness::of(&all, day("2026-11-23"));
        assert_eq!((known.freshness, known.days), (Freshness::Aging, 0));
        assert_eq!(known.origins[0].age.freshness, Freshness::Stale);
        assert_eq!(MachineFreshness::of(&[], day("2026-11-23")).freshness, Freshness::Stale);
    }
}
