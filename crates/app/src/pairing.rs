//! Which new installation took the place of which that is gone: the same software with something else about it.
//!
//! Two are the same software when one teller told of both in one source and scope and they share, in this order, identifier
//! and path, identifier, name and path, name and architecture, name, or the name without the version in it. Whoever is left
//! over is new or gone. Nothing is guessed beyond that: a package whose name changes with its version (kernels do that) is one that
//! is gone and one that is new.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use interdict_identify::normalise;
use interdict_model::Observation;
use interdict_store::Interval;

use crate::versions::compared;

/// What came, what went, and what took the place of what.
#[derive(Debug, Default)]
pub(crate) struct Paired {
    pub(crate) new: Vec<Interval>,
    pub(crate) gone: Vec<Interval>,
    /// Gone, and what is there instead.
    pub(crate) changed: Vec<(Interval, Interval)>,
}

/// What two have to share, the surest first.
const KEYS: [fn(&Observation) -> Option<String>; 6] = [
    |told| Some(format!("{}\0{}", text(told.identifier.as_ref())?, text(told.path.as_ref())?)),
    |told| text(told.identifier.as_ref()),
    |told| Some(format!("{}\0{}", text(told.name.as_ref())?, text(told.path.as_ref())?)),
    |told| Some(format!("{}\0{}", text(told.name.as_ref())?, text(told.arch.as_ref())?)),
    |told| text(told.name.as_ref()),
    name_without_version,
];

fn text(field: Option<&String>) -> Option<String> {
    field.map(|text| normalise(text).into_owned()).filter(|text| !text.is_empty())
}

/// A name in one form, without the version that stands in it: `Mozilla Firefox 120.0 (x64)`.
pub(crate) fn name_without_version(told: &Observation) -> Option<String> {
    let name = text(told.name.as_ref())
        .or_else(|| text(told.display_name.as_ref()))
        .or_else(|| text(told.identifier.as_ref()))?;
    let Some(version) = text(told.version.as_ref()).filter(|version| version.bytes().any(|byte| byte.is_ascii_digit()))
    else {
        return Some(name);
    };
    let without = name.replace(&version, " ");
    let words: Vec<&str> = without.split_whitespace().collect();
    Some(words.join(" ").trim_end_matches([' ', '-', ',']).to_owned()).filter(|name| !name.is_empty())
}

/// Pairs what is gone with what is new.
pub(crate) fn paired(new: Vec<Interval>, gone: Vec<Interval>) -> Paired {
    let mut paired = Paired { new, gone, changed: Vec::new() };
    for key in KEYS {
        if paired.new.is_empty() || paired.gone.is_empty() {
            break;
        }
        pair_by(&mut paired, key);
    }
    paired
}

type Place = (String, &'static str, Option<String>, String);

fn pair_by(paired: &mut Paired, key: fn(&Observation) -> Option<String>) {
    let place = |interval: &Interval| -> Option<Place> {
        let told = &interval.observation;
        let scope = told.scope.as_ref().map(ToString::to_string);
        Some((interval.origin.clone(), told.source.as_str(), scope, key(told)?))
    };
    let mut waiting: BTreeMap<Place, Vec<Interval>> = BTreeMap::new();
    let mut left = Vec::new();
    for interval in std::mem::take(&mut paired.gone) {
        match place(&interval) {
            Some(place) => waiting.entry(place).or_default().push(interval),
            None => left.push(interval),
        }
    }
    // Of several of one name the lowest versions go first: what is left over is the newest, or the oldest, of them.
    for several in waiting.values_mut() {
        several.sort_by(|left, right| version_order(right, left));
    }
    let mut new = std::mem::take(&mut paired.new);
    new.sort_by(version_order);
    for interval in new {
        match place(&interval).and_then(|place| waiting.get_mut(&place)?.pop()) {
            Some(before) => paired.changed.push((before, interval)),
            None => paired.new.push(interval),
        }
    }
    left.extend(waiting.into_values().flatten());
    left.sort_by_key(|interval| interval.number);
    paired.new.sort_by_key(|interval| interval.number);
    paired.gone = left;
}

/// By version where that orders them, else by number; a total order of texts where versions cannot be compared.
fn version_order(left: &Interval, right: &Interval) -> Ordering {
    let version = |interval: &Interval| interval.observation.version.clone().unwrap_or_default();
    let (lower, higher) = (version(left), version(right));
    version_key(&lower).cmp(&version_key(&higher)).then_with(|| left.number.cmp(&right.number))
}

/// A text that orders versions nearly as [`compared`] does, and totally: numbers are filled up with zeros.
fn version_key(version: &str) -> String {
    let mut key = String::new();
    let mut number = String::new();
    for letter in version.chars().chain(std::iter::once('\0')) {
        if letter.is_ascii_digit() {
            number.push(letter);
            continue;
        }
        if !number.is_empty() {
            let digits = number.trim_start_matches('0');
            // Writing to a string does not fail.
            let _ = write!(key, "{digits:0>20}");
            number.clear();
        }
        key.push(letter.to_ascii_lowercase());
    }
    key
}

/// A field of which two installations of one software differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// As it is called in a scan.
    pub field: &'static str,
    /// What it was.
    pub was: Option<String>,
    /// What it is.
    pub is: Option<String>,
}

/// How a version moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To a higher one.
    Upgraded,
    /// To a lower one.
    Downgraded,
}

impl Direction {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upgraded => "upgraded",
            Self::Downgraded => "downgraded",
        }
    }

    /// From one version to another, where they can be ordered.
    pub(crate) fn between(was: Option<&str>, is: Option<&str>) -> Option<Self> {
        match compared(was?, is?)? {
            Ordering::Less => Some(Self::Upgraded),
            Ordering::Greater => Some(Self::Downgraded),
            Ordering::Equal => None,
        }
    }
}

/// The fields of which two observations differ, the version first.
pub(crate) fn differing_fields(was: &Observation, is: &Observation) -> Vec<FieldChange> {
    let fields: [(&'static str, &Option<String>, &Option<String>); 9] = [
        ("version", &was.version, &is.version),
        ("name", &was.name, &is.name),
        ("display_name", &was.display_name, &is.display_name),
        ("publisher", &was.publisher, &is.publisher),
        ("identifier", &was.identifier, &is.identifier),
        ("path", &was.path, &is.path),
        ("install_location", &was.install_location, &is.install_location),
        ("signer", &was.signer, &is.signer),
        ("arch", &was.arch, &is.arch),
    ];
    fields
        .into_iter()
        .filter(|(_, was, is)| was != is)
        .map(|(field, was, is)| FieldChange { field, was: was.clone(), is: is.clone() })
        .collect()
}

#[cfg(test)]
mod tests {
    use interdict_model::{ObservationSource, Scope};

    use super::*;

    fn told(number: i64, name: &str, version: &str) -> Interval {
        let mut observation = Observation::new(ObservationSource::Programs);
        observation.name = Some(name.to_owned());
        observation.version = Some(version.to_owned());
        let first_seen = "2026-11-01T08:00:00Z".to_owned();
        Interval {
            number,
            origin: "interdict".to_owned(),
            observation,
            last_seen: first_seen.clone(),
            first_seen,
            gone: None,
        }
    }

    fn with(mut interval: Interval, change: impl FnOnce(&mut Observation)) -> Interval {
        change(&mut interval.observation);
        interval
    }

    fn numbers(paired: &Paired) -> (Vec<(i64, i64)>, Vec<i64>, Vec<i64>) {
        let number = |interval: &Interval| interval.number;
        (
            paired.changed.iter().map(|(gone, new)| (number(gone), number(new))).collect(),
            paired.gone.iter().map(number).collect(),
            paired.new.iter().map(number).collect(),
        )
    }

    #[test]
    fn the_same_software_is_found_again_by_what_it_shares() {
        let guid = |told: &mut Observation| told.identifier = Some("{A}".to_owned());
        let user = |told: &mut Observation| told.scope = Some(Scope::User("ada".to_owned()));
        for (what, gone, new, is_pair) in [
            ("the name", told(1, "KESL", "1"), told(2, "kesl ", "2"), true),
            ("nothing", told(1, "kesl", "1"), told(2, "klnagent", "1"), false),
            (
                "the name but for its version",
                told(1, "Firefox 120.0 (x64)", "120.0"),
                told(2, "Firefox 121.0 (x64)", "121.0"),
                true,
            ),
            ("the identifier", with(told(1, "Old", "1"), guid), with(told(2, "New", "2"), guid), true),
            ("the name, of another user", told(1, "x", "1"), with(told(2, "x", "2"), user), false),
            (
                "the name, in another source",
                told(1, "x", "1"),
                with(told(2, "x", "2"), |told| told.source = ObservationSource::Msix),
                false,
            ),
            (
                "the name, by another teller",
                told(1, "x", "1"),
                Interval { origin: "glpi-json".to_owned(), ..told(2, "x", "2") },
                false,
            ),
        ] {
            let paired = paired(vec![new], vec![gone]);
            assert_eq!(paired.changed.len(), usize::from(is_pair), "{what}");
            assert_eq!(paired.new.len() + paired.gone.len(), if is_pair { 0 } else { 2 }, "{what}");
        }
    }

    #[test]
    fn of_several_versions_the_lowest_go_together_and_the_rest_is_left() {
        let gone = vec![told(1, "k", "1.9"), told(2, "k", "1.10")];
        let new = vec![told(5, "k", "2.0"), told(4, "k", "1.11"), told(6, "k", "3.0")];
        assert_eq!(numbers(&paired(new, gone)), (vec![(1, 4), (2, 5)], vec![], vec![6]));
        let gone = vec![told(3, "k", "2.0"), told(1, "k", "1.0"), told(2, "k", "1.5")];
        assert_eq!(numbers(&paired(vec![told(9, "k", "4.0")], gone)), (vec![(1, 9)], vec![2, 3], vec![]));
    }

    #[test]
    fn the_surest_match_comes_first() {
        let at = |number, version: &str, path: &str| {
            with(told(number, "tool", version), |told| told.path = Some(path.to_owned()))
        };
        let gone = vec![at(1, "1", "/a"), at(2, "2", "/b")];
        let new = vec![at(3, "1", "/b"), at(4, "2", "/a")];
        let (mut pairs, ..) = numbers(&paired(new, gone));
        pairs.sort_unstable();
        assert_eq!(pairs, [(1, 4), (2, 3)]);
    }

    #[test]
    fn what_differs_is_told_field_by_field() {
        let (was, is) = (told(1, "x", "2.0"), with(told(2, "x", "1.0"), |told| told.arch = Some("arm64".to_owned())));
        let fields = differing_fields(&was.observation, &is.observation);
        assert_eq!(fields.iter().map(|change| change.field).collect::<Vec<_>>(), ["version", "arch"]);
        assert_eq!(Direction::between(Some("2.0"), Some("1.0")), Some(Direction::Downgraded));
        assert_eq!(Direction::between(None, Some("1.0")), None);
    }
}
