//! Capacities: the ways of being bound that instruments speak of and profiles hold.
//!
//! A closed vocabulary but for US states, which follow a pattern. Which profile holds which capacities is the
//! catalogue's business, not this module's.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::vocabulary::UnknownWord;

/// One way of being bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capacity {
    /// A capacity with a fixed word: its position in [`FIXED`].
    Fixed(u8),
    /// A body of one US state, by its two-letter postal code in lower case.
    UsStateOf([u8; 2]),
}

/// Every fixed capacity: the word, and the noun phrase that follows "because you are".
pub const FIXED: &[(&str, &str)] = &[
    ("anyone", "within reach of the rule, which binds anyone"),
    ("vendor-group", "a company of the vendor's group"),
    ("us-person", "a US person"),
    ("us-federal", "a US federal body"),
    ("us-federal-civilian", "a US federal civilian agency"),
    ("us-dod", "part of the US Department of Defense"),
    ("us-intelligence", "an agency of the US intelligence community"),
    ("us-federal-contractor", "a US federal contractor"),
    ("us-state", "a body of a US state"),
    ("fcc-supported", "a recipient of FCC subsidies"),
    ("fcc-equipment-applicant", "an applicant for FCC equipment authorisation"),
    ("ca-federal", "a Canadian federal body"),
    ("au-commonwealth", "an Australian Commonwealth entity"),
    ("uk-person", "a UK person"),
    ("uk-government", "a UK government department"),
    ("eu-person", "a person in the European Union"),
    ("eu-institution", "an institution of the European Union"),
    ("de-entity", "an organisation in Germany"),
    ("de-critical", "an operator of critical infrastructure in Germany"),
    ("it-public", "an Italian public administration"),
    ("lt-critical", "a Lithuanian state body or operator of critical information infrastructure"),
    ("nl-central", "part of the Dutch central government"),
    ("pl-person", "a person in Poland"),
    ("ro-public", "a Romanian public authority or institution"),
    ("ua-person", "a person in Ukraine"),
    ("tw-public", "a Taiwanese public body"),
    ("in-intermediary", "an intermediary in India"),
    ("cn-operator", "an operator in China"),
    ("ru-critical", "an operator of critical infrastructure in Russia"),
    ("it-person", "a person in Italy"),
    ("cz-critical", "an operator of critical information infrastructure in Czechia"),
    ("uk-telecom-provider", "a provider of public telecommunications in the United Kingdom"),
    ("ca-person", "a person in Canada"),
    ("us-investor", "a US person who invests"),
];

const STATE_PREFIX: &str = "us-state-";

impl Capacity {
    /// `anyone`: held by every profile but `research`.
    pub const ANYONE: Self = Self::Fixed(0);
    /// `vendor-group`: the vendor itself; no profile holds it.
    pub const VENDOR_GROUP: Self = Self::Fixed(1);

    /// The noun phrase that follows "because you are".
    #[must_use]
    pub fn phrase(self) -> String {
        match self {
            Self::Fixed(index) => FIXED.get(usize::from(index)).map_or("", |(_, phrase)| phrase).to_owned(),
            Self::UsStateOf(code) => {
                format!("a body of the US state {}", String::from_utf8_lossy(&code).to_uppercase())
            }
        }
    }

    /// Every fixed capacity.
    pub fn fixed() -> impl Iterator<Item = Self> {
        (0..FIXED.len()).filter_map(|index| u8::try_from(index).ok()).map(Self::Fixed)
    }
}

impl fmt::Display for Capacity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(index) => formatter.write_str(FIXED.get(usize::from(*index)).map_or("", |(word, _)| word)),
            Self::UsStateOf(code) => write!(formatter, "{STATE_PREFIX}{}", String::from_utf8_lossy(code)),
        }
    }
}

impl FromStr for Capacity {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        if let Some(position) = FIXED.iter().position(|(known, _)| *known == word)
            && let Ok(position) = u8::try_from(position)
        {
            return Ok(Self::Fixed(position));
        }
        match word.strip_prefix(STATE_PREFIX).map(str::as_bytes) {
            Some(&[first, second]) if first.is_ascii_lowercase() && second.is_ascii_lowercase() => {
                Ok(Self::UsStateOf([first, second]))
            }
            _ => Err(UnknownWord { vocabulary: "capacity", word: word.to_owned(), known: FIXED_WORDS }),
        }
    }
}

/// The words of [`FIXED`] alone.
const FIXED_WORDS: &[&str] = &{
    let mut words = [""; FIXED.len()];
    let mut index = 0;
    while index < FIXED.len() {
        words[index] = FIXED[index].0;
        index += 1;
    }
    words
};

impl Serialize for Capacity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Capacity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        word.parse().map_err(|error: UnknownWord| {
            serde::de::Error::custom(format!("{error}, expected one of: {}, us-state-XX", error.known.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fixed_word_reads_back() {
        for capacity in Capacity::fixed() {
            assert_eq!(capacity.to_string().parse::<Capacity>().as_ref(), Ok(&capacity));
            assert!(!capacity.phrase().is_empty());
        }
        assert_eq!(Capacity::ANYONE.to_string(), "anyone");
        assert_eq!(Capacity::VENDOR_GROUP.to_string(), "vendor-group");
    }

    #[test]
    fn states_follow_the_pattern_and_nothing_else_does() {
        let texas: Capacity = "us-state-tx".parse().expect("a state");
        assert_eq!(texas.to_string(), "us-state-tx");
        for wrong in ["us-state-", "us-state-TX", "us-state-tex", "us-state-t1", "US-person", ""] {
            assert!(wrong.parse::<Capacity>().is_err(), "{wrong}");
        }
    }
}
