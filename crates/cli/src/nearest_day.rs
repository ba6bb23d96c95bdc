//! The day a person most likely meant by a text that is not one.

use interdict_model::Day;

/// The nearest day there is: separators, missing zeros and days past the end of a month are put right.
pub(crate) fn nearest_day(text: &str) -> Option<Day> {
    let numbers: Vec<&str> = text.trim().split(['-', '/', '.', ' ']).collect();
    let [first, month, last] = numbers.as_slice() else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    if year.len() != 4 {
        return None;
    }
    let (year, month, day) = (year.parse().ok()?, month.parse::<u32>().ok()?, day.parse::<u32>().ok()?);
    let month = month.clamp(1, 12);
    (1..=day.clamp(1, 31)).rev().find_map(|day| Day::new(year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant() {
        for (text, meant) in [
            ("2024-02-30", Some("2024-02-29")),
            ("2024-7-2", Some("2024-07-02")),
            ("2024/07/20", Some("2024-07-20")),
            ("20.07.2024", Some("2024-07-20")),
            ("2024-13-01", Some("2024-12-01")),
            ("2024-00-00", Some("2024-01-01")),
            ("24-01-01", None),
            ("yesterday", None),
            ("2024-07", None),
            ("", None),
        ] {
            assert_eq!(nearest_day(text).map(|day| day.to_string()).as_deref(), meant, "{text}");
        }
    }
}
