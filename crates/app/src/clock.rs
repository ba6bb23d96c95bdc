//! The only place that asks what time it is.

use chrono::{Local, SecondsFormat, Utc};
use interdict_model::Day;

/// This instant: RFC 3339, UTC, with milliseconds.
#[must_use]
pub fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Today where the person sits.
#[must_use]
pub fn today() -> Day {
    Day::from(Local::now().date_naive())
}
