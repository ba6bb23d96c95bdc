//! Which of two versions is the higher, whoever writes them, and whether two mean the same.
//!
//! Versions are compared as texts of numbers and words: nothing is known of the rules of one package manager. What cannot
//! be ordered is different and no more.

use std::cmp::Ordering;

/// A number or a word of a version.
#[derive(Debug, PartialEq, Eq)]
enum Part<'v> {
    Number(&'v str),
    Word(&'v str),
}

/// Which of two versions is the higher; nothing where one is a word without any number, or where they mean the same and are
/// written differently.
pub(crate) fn compared(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (parts(left), parts(right));
    let has_number = |parts: &[Part<'_>]| parts.iter().any(|part| matches!(part, Part::Number(_)));
    if !has_number(&left) || !has_number(&right) {
        return None;
    }
    let differing = left.iter().zip(&right).map(|(left, right)| order(left, right)).find(|order| order.is_ne());
    let longer = || match left.len().cmp(&right.len()) {
        Ordering::Equal => Ordering::Equal,
        // A word that follows makes it a preliminary one (1.0rc1), a number a later one (1.0.1).
        Ordering::Less => rest_order(&right, left.len()).reverse(),
        Ordering::Greater => rest_order(&left, right.len()),
    };
    Some(differing.unwrap_or_else(longer)).filter(|order| order.is_ne())
}

fn rest_order(parts: &[Part<'_>], from: usize) -> Ordering {
    match parts.get(from) {
        Some(Part::Word(word)) if is_preliminary(word) => Ordering::Less,
        Some(Part::Word(_) | Part::Number(_)) => Ordering::Greater,
        None => Ordering::Equal,
    }
}

fn is_preliminary(word: &str) -> bool {
    ["alpha", "beta", "rc", "pre", "dev", "preview", "snapshot"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

fn order(left: &Part<'_>, right: &Part<'_>) -> Ordering {
    match (left, right) {
        (Part::Number(left), Part::Number(right)) => {
            let (left, right) = (left.trim_start_matches('0'), right.trim_start_matches('0'));
            left.len().cmp(&right.len()).then_with(|| left.cmp(right))
        }
        (Part::Word(left), Part::Word(right)) => left.to_ascii_lowercase().cmp(&right.to_ascii_lowercase()),
        (Part::Number(_), Part::Word(_)) => Ordering::Greater,
        (Part::Word(_), Part::Number(_)) => Ordering::Less,
    }
}

/// Whether two versions do not contradict each other: the same parts, or one says the same in less detail, such as without
/// the release of a package or the build of a program.
pub(crate) fn agree(left: &str, right: &str) -> bool {
    let (left, right) = (without_epoch(left), without_epoch(right));
    let (left, right) = (parts(left), parts(right));
    left.iter().zip(&right).all(|(left, right)| order(left, right).is_eq())
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
        }
        rest = after;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_higher_is_found_where_there_is_one() {
        for (lower, higher) in [
            ("1.9", "1.10"),
            ("12.1.0.506", "12.2"),
            ("1.0", "1.0.1"),
            ("1.0rc1", "1.0"),
            ("6.1.0-10-amd64", "6.1.0-12-amd64"),
            ("1:9.0", "2:1.0"),
            ("v1.2", "1.3"),
            ("2024.09", "2024.10"),
            ("1.2.99999999999999999999999", "1.2.100000000000000000000000"),
            ("1.0a", "1.0b"),
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
        for (left, right) in
            [("12.1", "12.1.0.506"), ("4.14", "4.14-1.el9"), ("1:2.3-4", "2.3"), ("1.0", "1.0"), ("1.02", "1.2")]
        {
            assert!(agree(left, right) && agree(right, left), "{left} {right}");
        }
        for (left, right) in [("12.1", "12.2"), ("12.1", "12.10"), ("1", "2"), ("1.0a", "1.0b")] {
            assert!(!agree(left, right) && !agree(right, left), "{left} {right}");
        }
    }
}
