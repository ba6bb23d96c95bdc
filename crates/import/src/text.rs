//! Values as exports write them: blanks, placeholders, days.

use chrono::{DateTime, NaiveDate};

/// A value, unless it is blank.
pub(crate) fn known(value: &str) -> Option<&str> {
    // Most values neither begin nor end with a blank, and most of them with letters of ASCII.
    if let [first, .., last] = value.as_bytes()
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return Some(value);
    }
    Some(value.trim()).filter(|value| !value.is_empty())
}

/// A value of an identity, unless it is one of those that factories and tools write when they do not know.
pub(crate) fn identity(value: &str) -> Option<&str> {
    const PLACEHOLDERS: &[&str] = &[
        "0",
        "00000000-0000-0000-0000-000000000000",
        "03000200-0400-0500-0006-000700080009",
        "123456789",
        "chassis serial number",
        "default string",
        "empty",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "n/a",
        "na",
        "none",
        "not applicable",
        "not available",
        "not specified",
        "null",
        "o.e.m.",
        "system serial number",
        "to be filled by o.e.m.",
        "unknown",
    ];
    let value = known(value)?;
    let lower = value.to_ascii_lowercase();
    let says_nothing = PLACEHOLDERS.contains(&lower.as_str())
        || lower.bytes().all(|byte| matches!(byte, b'0' | b'-' | b'.' | b' ' | b'x'));
    (!says_nothing).then_some(value)
}

/// The order of day and month where a date has only numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 20/06/2024.
    DayFirst,
    /// 06/20/2024.
    MonthFirst,
}

/// A day as `YYYY-MM-DD`, from what exports write: ISO days and instants, `20240620`, `20/06/2024`, `20.06.2024`, seconds
/// since 1970. What is none of these stays as written; a date whose day and month cannot be told apart follows `order`.
pub(crate) fn day(value: &str, order: DateOrder) -> Option<String> {
    let value = known(value)?;
    Some(parse_day(value, order).map_or_else(|| value.to_owned(), |day| day.to_string()))
        .filter(|day| day != "1970-01-01" && day != "1601-01-01" && day != "0000-00-00")
}

fn parse_day(value: &str, order: DateOrder) -> Option<NaiveDate> {
    if let Some(day) = plain_day(value) {
        return Some(day);
    }
    let date = value.split(['T', ' ']).next().unwrap_or_default();
    if let Ok(day) = NaiveDate::parse_from_str(date, "%Y-%m-%d") {
        return Some(day);
    }
    if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) {
        return NaiveDate::parse_from_str(date, "%Y%m%d").ok();
    }
    if (9..=10).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return DateTime::from_timestamp(value.parse().ok()?, 0).map(|instant| instant.date_naive());
    }
    let mut parts = date.split(['/', '.']);
    let numbers: Option<Vec<u32>> = parts.by_ref().map(|part| part.parse().ok()).collect();
    let &[first, second, third] = numbers?.as_slice() else { return None };
    if first > 31 {
        return NaiveDate::from_ymd_opt(i32::try_from(first).ok()?, second, third);
    }
    let (day, month) = match order {
        _ if first > 12 => (first, second),
        _ if second > 12 => (second, first),
        // With points, the day stands first everywhere.
        _ if date.contains('.') => (first, second),
        DateOrder::DayFirst => (first, second),
        DateOrder::MonthFirst => (second, first),
    };
    let year = i32::try_from(third).ok()?;
    let year = if year < 100 { year + if year < 70 { 2000 } else { 1900 } } else { year };
    NaiveDate::from_ymd_opt(year, month, day)
}

/// The two ways in which nearly all days are written, `2024-06-20` and `20240620`, without a pattern.
fn plain_day(value: &str) -> Option<NaiveDate> {
    let (year, month, day) = match value.len() {
        8 => (value.get(..4)?, value.get(4..6)?, value.get(6..)?),
        10 if value.get(4..5)? == "-" && value.get(7..8)? == "-" => {
            (value.get(..4)?, value.get(5..7)?, value.get(8..)?)
        }
        _ => return None,
    };
    if ![year, month, day].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// An instant as RFC 3339 in UTC, from RFC 3339, `2024-06-20 10:00:00` (taken for UTC) or seconds since 1970; a day alone
/// is its beginning.
pub(crate) fn instant(value: &str) -> Option<String> {
    let value = known(value)?;
    let format = |instant: DateTime<chrono::Utc>| instant.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    if let Ok(instant) = DateTime::parse_from_rfc3339(value) {
        return Some(format(instant.to_utc()));
    }
    for pattern in ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"] {
        if let Ok(instant) = chrono::NaiveDateTime::parse_from_str(value, pattern) {
            return Some(format(instant.and_utc()));
        }
    }
    if (9..=10).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return DateTime::from_timestamp(value.parse().ok()?, 0).map(format);
    }
    let day = NaiveDate::parse_from_str(value, "%Y-%m-%d").ok()?;
    Some(format(day.and_hms_opt(0, 0, 0)?.and_utc()))
}

/// The beginning of a text for people: at most 200 characters, control characters as spaces.
pub(crate) fn excerpt(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(1000)).unwrap_or_default());
    text.chars().take(200).map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_tools_write_them() {
        let cases = [
            ("2024-06-20", Some("2024-06-20")),
            ("2024-06-20T22:00:00Z", Some("2024-06-20")),
            ("20240620", Some("2024-06-20")),
            ("20/06/2024", Some("2024-06-20")),
            ("06/20/2024", Some("2024-06-20")),
            ("05/06/2024", Some("2024-06-05")),
            ("5.6.24", Some("2024-06-05")),
            ("2024/06/20", Some("2024-06-20")),
            ("1718841600", Some("2024-06-20")),
            ("last Tuesday", Some("last Tuesday")),
            ("99999999", Some("99999999")),
            ("2024-02-30", Some("2024-02-30")),
            ("2024-6-5", Some("2024-06-05")),
            ("+2024-6-5", Some("2024-06-05")),
            ("  ", None),
            ("1970-01-01", None),
            ("0000-00-00", None),
        ];
        for (written, expected) in cases {
            assert_eq!(day(written, DateOrder::DayFirst).as_deref(), expected, "{written}");
        }
        assert_eq!(day("05/06/2024", DateOrder::MonthFirst).as_deref(), Some("2024-05-06"));
    }

    #[test]
    fn instants_become_utc() {
        let cases = [
            ("2024-06-20T10:00:00+02:00", Some("2024-06-20T08:00:00Z")),
            ("2024-06-20 10:00:00", Some("2024-06-20T10:00:00Z")),
            ("2024-06-20T10:00:00.123", Some("2024-06-20T10:00:00Z")),
            ("1718841600", Some("2024-06-20T00:00:00Z")),
            ("2024-06-20", Some("2024-06-20T00:00:00Z")),
            ("soon", None),
            ("", None),
        ];
        for (written, expected) in cases {
            assert_eq!(instant(written).as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn placeholders_identify_nobody() {
        for written in ["To Be Filled By O.E.M.", "N/A", " ", "0000-0000", "Default string"] {
            assert_eq!(identity(written), None, "{written}");
        }
        assert_eq!(identity(" 4C4C4544-0042 "), Some("4C4C4544-0042"));
    }
}
