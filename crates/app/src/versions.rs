//! Which of two versions is the higher, whoever writes them, and whether two mean the same.
//!
//! Versions are compared as texts of numbers and words: nothing is known of the rules of one package manager. What cannot
//! be ordered is different and no more. For lists every two have an order, which numbers follow by value.

use std::cmp::Ordering;
use std::collections::BTreeSet;

/// A number or a word of a version.
#[derive(Debug, PartialEq, Eq)]
enum Part<'v> {
    Number(&'v str),
    Word(&'v str),
    /// What packagers write before what comes ahead of the version itself: `1.0~rc1`.
    Tilde,
}

/// Where a version stands in a list: 2.0 before 10.0, 1.0rc1 before 1.0, one without a version last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionPlace {
    is_absent: bool,
    meaning: Vec<u8>,
    /// What means the same goes by how it is written.
    text: String,
}

impl VersionPlace {
    /// The place of a version; an empty one is absent.
    #[must_use]
    pub fn of(version: &str) -> Self {
        Self { is_absent: version.is_empty(), meaning: meaning(&parts(version)), text: version.to_owned() }
    }

    /// The version as written.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }
}

/// The order of two versions in a list; see [`VersionPlace`].
#[must_use]
pub fn in_version_order(left: &str, right: &str) -> Ordering {
    if left == right { Ordering::Equal } else { VersionPlace::of(left).cmp(&VersionPlace::of(right)) }
}

/// Every version once, the lowest first.
#[must_use]
pub fn each_version<'v>(versions: impl IntoIterator<Item = &'v str>) -> Vec<String> {
    let distinct: BTreeSet<&str> = versions.into_iter().collect();
    let mut places: Vec<VersionPlace> = distinct.into_iter().map(VersionPlace::of).collect();
    places.sort_unstable();
    places.into_iter().map(VersionPlace::into_text).collect()
}

/// Which of two versions is the higher; nothing where one is a word without any number, or where they mean the same and are
/// written differently.
pub(crate) fn compared(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (parts(left), parts(right));
    let has_number = |parts: &[Part<'_>]| parts.iter().any(|part| matches!(part, Part::Number(_)));
    if !has_number(&left) || !has_number(&right) {
        return None;
    }
    Some(meaning(&left).cmp(&meaning(&right))).filter(|order| order.is_ne())
}

/// A version as bytes whose order is that of the versions. Each part begins with its rank: whatever follows, a preliminary
/// version (`1.0rc1`, `1.0~1`) comes before the end of a text, which comes before another word (`1.0a`) and a number
/// (`1.0.1`).
fn meaning(parts: &[Part<'_>]) -> Vec<u8> {
    const TILDE: u8 = 0;
    const PRELIMINARY: u8 = 1;
    const END: u8 = 2;
    const WORD: u8 = 3;
    const NUMBER: u8 = 4;
    let mut bytes = Vec::with_capacity(parts.len() * 8 + 1);
    for part in parts {
        match part {
            Part::Tilde => bytes.push(TILDE),
            Part::Word(word) => {
                let word = word.to_lowercase();
                bytes.push(if is_preliminary(&word) { PRELIMINARY } else { WORD });
                bytes.extend_from_slice(word.as_bytes());
                // No letter is as low, so that the shorter of two words is the lower.
                bytes.push(0);
            }
            Part::Number(digits) => {
                let digits = digits.trim_start_matches('0');
                bytes.push(NUMBER);
                // A longer number is a higher one.
                bytes.extend_from_slice(&u32::try_from(digits.len()).unwrap_or(u32::MAX).to_be_bytes());
                bytes.extend_from_slice(digits.as_bytes());
            }
        }
    }
    bytes.push(END);
    bytes
}

fn is_preliminary(word: &str) -> bool {
    ["alpha", "beta", "rc", "pre", "dev", "preview", "snapshot"].contains(&word)
}

/// Whether two versions do not contradict each other: the same parts, or one says the same in less detail, such as without
/// the release of a package or the build of a program.
pub(crate) fn agree(left: &str, right: &str) -> bool {
    let without_tildes = |version| {
        let mut parts = parts(without_epoch(version));
        parts.retain(|part| *part != Part::Tilde);
        parts
    };
    let (left, right) = (without_tildes(left), without_tildes(right));
    left.iter().zip(&right).all(|(left, right)| is_same(left, right))
}

fn is_same(left: &Part<'_>, right: &Part<'_>) -> bool {
    match (left, right) {
        (Part::Number(left), Part::Number(right)) => left.trim_start_matches('0') == right.trim_start_matches('0'),
        (Part::Word(left), Part::Word(right)) => left.to_lowercase() == right.to_lowercase(),
        (Part::Number(_) | Part::Word(_) | Part::Tilde, _) => left == right,
    }
}

/// Packages may begin with a number and a colon, which other tools leave out.
fn without_epoch(version: &str) -> &str {
    match version.split_once(':') {
        Some((epoch, rest)) if !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => version,
    }
}

fn parts(version: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = version;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let is_letter = first.is_alphabetic();
        let end = rest
            .find(|letter: char| letter.is_ascii_digit() != is_digit || letter.is_alphabetic() != is_letter)
            .unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        if is_digit {
            parts.push(Part::Number(part));
        } else if is_letter {
            // "v1.2" and "1.2" are the same.
            if !(parts.is_empty() && part.eq_ignore_ascii_case("v")) {
                parts.push(Part::Word(part));
            }
        } else {
            parts.extend(part.matches('~').map(|_| Part::Tilde));
        }
        rest = after;
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_higher_is_found_where_there_is_one() {
        for (lower, higher) in [
            ("1.9", "1.10"),
            ("12.1.0.506", "12.2"),
            ("1.0", "1.0.1"),
            ("1.0rc1", "1.0"),
            ("1.0~rc1", "1.0"),
            ("6.5.0-18.18~22.04.1", "6.5.0-18.18"),
            ("6.1.0-10-amd64", "6.1.0-12-amd64"),
            ("1:9.0", "2:1.0"),
            ("v1.2", "1.3"),
            ("2024.09", "2024.10"),
            ("1.2.99999999999999999999999", "1.2.100000000000000000000000"),
            ("1.0a", "1.0b"),
            ("1.0rc2", "1.0a"),
        ] {
            assert_eq!(compared(lower, higher), Some(Ordering::Less), "{lower} {higher}");
            assert_eq!(compared(higher, lower), Some(Ordering::Greater), "{higher} {lower}");
        }
        for (left, right) in [("1.0", "1.0"), ("1.0", "01.0"), ("unknown", "1.0"), ("", "1"), ("1.0", "v1.0")] {
            assert_eq!(compared(left, right), None, "{left} {right}");
        }
    }

    #[test]
    fn less_detail_is_no_contradiction() {
        for (left, right) in [
            ("12.1", "12.1.0.506"),
            ("4.14", "4.14-1.el9"),
            ("1:2.3-4", "2.3"),
            ("1.0", "1.0"),
            ("1.02", "1.2"),
            ("2.3~4", "2.3-4"),
        ] {
            assert!(agree(left, right) && agree(right, left), "{left} {right}");
        }
        for (left, right) in [("12.1", "12.2"), ("12.1", "12.10"), ("1", "2"), ("1.0a", "1.0b")] {
            assert!(!agree(left, right) && !agree(right, left), "{left} {right}");
        }
    }

    /// Each list is in order: every one before all that follow it.
    #[test]
    fn a_list_of_versions_goes_by_what_they_mean() {
        let nines = "9".repeat(5_000);
        let more = format!("1{}", "0".repeat(5_000));
        for list in [
            vec!["1.0", "2.0", "10.0", ""],
            vec!["unknown", "23.01", "24.5", "24.5 (x64)", "24.5 (x86)", "24.5.1", "24.10", ""],
            vec!["8", "8a", "8b", "8.0-alpha", "8.0 beta 2", "8.0 beta 10", "8.0rc1", "8.0"],
            vec!["1.0~~1", "1.0~1", "1.0", "1.0-1", "1.0-1ubuntu2", "1.0-1ubuntu10"],
            // What means the same goes by how it is written.
            vec!["01.0", "1.0", "1.00", "v1.0"],
            vec!["0", nines.as_str(), more.as_str()],
            vec!["2009", "2010 SP1", "2010 SP2", "2010 SP10", "2011"],
        ] {
            for (place, lower) in list.iter().enumerate() {
                assert_eq!(in_version_order(lower, lower), Ordering::Equal);
                for higher in &list[place + 1..] {
                    assert_eq!(in_version_order(lower, higher), Ordering::Less, "{lower:.40} {higher:.40}");
                    assert_eq!(in_version_order(higher, lower), Ordering::Greater, "{higher:.40} {lower:.40}");
                }
            }
        }
    }

    proptest! {
        /// Sorted by it any texts are in an order that looking at any two of them confirms.
        #[test]
        fn the_order_is_total(mut versions in prop::collection::vec(
            prop_oneof![r"[0-9]{1,40}([.~+-]?([0-9]{1,4}|rc|beta|a|Z|\(x64\))){0,5}", ".{0,12}"], 0..12)
        ) {
            versions.sort_by(|left, right| in_version_order(left, right));
            for (place, lower) in versions.iter().enumerate() {
                for higher in &versions[place..] {
                    let order = in_version_order(lower, higher);
                    prop_assert_eq!(order, in_version_order(higher, lower).reverse());
                    prop_assert_eq!(order == Ordering::Equal, lower == higher);
                    prop_assert!(order != Ordering::Greater, "{} {}", lower, higher);
                    if let Some(compared) = compared(lower, higher) {
                        prop_assert_eq!(compared, order);
                    }
                }
            }
        }
    }
}
