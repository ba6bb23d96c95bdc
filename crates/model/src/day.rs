//! A calendar day without a time zone: days of instruments are the issuer's local days.
//!
//! There is no "today" here; whoever needs it is given it.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::vocabulary::Precision;

/// A day, written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

/// A text that is not a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a day: write it as YYYY-MM-DD, for example 2024-07-20")]
pub struct DayError(pub String);

impl Day {
    /// Stands in for a day that should have been given and was not.
    pub const UNKNOWN: Self = Self(NaiveDate::MIN);

    /// The day of a year, month and day of month, if there is such a day.
    #[must_use]
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self)
    }

    /// The day after, or the same day at the end of time.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add_days(Days::new(1)).unwrap_or(self.0))
    }

    /// The day before, or the same day at the beginning of time.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.checked_sub_days(Days::new(1)).unwrap_or(self.0))
    }

    /// The first day on which something is certain when only its day, month or year is known.
    ///
    /// A known day is certain at once; something "in December 2022" is certain from 2023-01-01.
    #[must_use]
    pub fn certain_from(self, precision: Precision) -> Self {
        let next = match precision {
            Precision::Day => Some(self.0),
            Precision::Month if self.0.month() == 12 => NaiveDate::from_ymd_opt(self.0.year() + 1, 1, 1),
            Precision::Month => NaiveDate::from_ymd_opt(self.0.year(), self.0.month() + 1, 1),
            Precision::Year => NaiveDate::from_ymd_opt(self.0.year() + 1, 1, 1),
        };
        Self(next.unwrap_or(self.0))
    }

    /// The first day on which something may already be when only its day, month or year is known.
    #[must_use]
    pub fn possible_from(self, precision: Precision) -> Self {
        let first = match precision {
            Precision::Day => Some(self.0),
            Precision::Month => self.0.with_day(1),
            Precision::Year => NaiveDate::from_ymd_opt(self.0.year(), 1, 1),
        };
        Self(first.unwrap_or(self.0))
    }

    /// Whole days from `earlier` to this day; negative when this day is the earlier one.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        self.0.signed_duration_since(earlier.0).num_days()
    }

    /// The day as chrono's type, for those who format it.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        self.0
    }

    /// The day as a person reads it: `20 Jul 2024`.
    #[must_use]
    pub fn for_reading(self) -> String {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let month = MONTHS.get(self.0.month0() as usize).copied().unwrap_or_default();
        format!("{} {month} {}", self.0.day(), self.0.year())
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self(date)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let error = || DayError(text.to_owned());
        let digits = |range: std::ops::Range<usize>| {
            text.get(range)
                .filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
                .and_then(|part| part.parse().ok())
        };
        if text.len() != 10 || text.as_bytes().get(4) != Some(&b'-') || text.as_bytes().get(7) != Some(&b'-') {
            return Err(error());
        }
        let (Some(year), Some(month), Some(day)) = (digits(0..4), digits(5..7), digits(8..10)) else {
            return Err(error());
        };
        i32::try_from(year).ok().and_then(|year| Self::new(year, month, day)).ok_or_else(error)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn only_the_full_form_is_a_day() {
        for wrong in
            ["2024-7-20", "20-07-2024", "2024-02-30", "2024-07-20T00:00", "today", "", "2024/07/20", "+024-07-20"]
        {
            assert_eq!(wrong.parse::<Day>(), Err(DayError(wrong.to_owned())));
        }
        assert_eq!(day("2024-02-29").to_string(), "2024-02-29");
        assert_eq!(day("2024-07-20").for_reading(), "20 Jul 2024");
    }

    #[test]
    fn an_uncertain_span_ends_where_certainty_begins() {
        let cases = [
            (Precision::Day, "2022-12-13", "2022-12-13", "2022-12-13"),
            (Precision::Month, "2022-12-13", "2022-12-01", "2023-01-01"),
            (Precision::Month, "2018-05-14", "2018-05-01", "2018-06-01"),
            (Precision::Year, "2025-01-01", "2025-01-01", "2026-01-01"),
        ];
        for (precision, from, possible, certain) in cases {
            assert_eq!(day(from).possible_from(precision), day(possible));
            assert_eq!(day(from).certain_from(precision), day(certain));
        }
    }
}
