//! JSON as a row of single values, each with its place: what is wanted of a large document is taken as it goes by.
//!
//! Nothing is kept but the way to the value at hand, so a document costs no more memory than its bytes, one of an
//! unforeseen shape is no error, and one that is cut off gives what stood before the cut. Depth is bounded by
//! `serde_json` (128).

use std::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};

/// One step of the way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// The member of an object.
    Key(String),
    /// An item of a list, counted from 0.
    Item(usize),
}

/// A single value; `null` is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scalar<'v> {
    Text(&'v str),
    Whole(i64),
    Broken(f64),
    Truth(bool),
}

impl Scalar<'_> {
    /// The value as it would be written.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Text(text) => text.to_owned(),
            Self::Whole(number) => number.to_string(),
            Self::Broken(number) => number.to_string(),
            Self::Truth(truth) => truth.to_string(),
        }
    }

    /// Whole seconds, where it is a number.
    pub(crate) fn seconds(self) -> Option<i64> {
        match self {
            Self::Whole(number) => Some(number),
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a cast of a float saturates, and instants are checked"
            )]
            Self::Broken(number) => Some(number as i64),
            Self::Text(_) | Self::Truth(_) => None,
        }
    }
}

/// How a document ends that is not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is cut off.
    Truncated { line: u32 },
    /// It is no JSON from here on.
    Malformed { line: u32 },
}

impl Unread {
    /// The line where it happened, and what, in words.
    pub(crate) const fn said(self) -> (u32, &'static str) {
        match self {
            Self::Truncated { line } => (line, "the file ends within its JSON"),
            Self::Malformed { line } => (line, "the file is no JSON from here on"),
        }
    }
}

/// Hands over every single value of a document in order, until its end or until it cannot be read.
pub(crate) fn values(bytes: &[u8], take: &mut dyn FnMut(&[Step], Scalar<'_>)) -> Result<(), Unread> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let mut way = Vec::new();
    let walked = Walk { way: &mut way, take }.deserialize(&mut json).and_then(|()| json.end());
    walked.map_err(|error| {
        let line = u32::try_from(error.line()).unwrap_or(u32::MAX);
        if error.is_eof() { Unread::Truncated { line } } else { Unread::Malformed { line } }
    })
}

/// Whether a way leads over these members, `*` standing for any one step.
pub(crate) fn leads(way: &[Step], members: &[&str]) -> bool {
    way.len() == members.len()
        && way.iter().zip(members).all(|(step, member)| match step {
            Step::Key(key) => *member == "*" || key == member,
            Step::Item(_) => *member == "*",
        })
}

struct Walk<'w, 't> {
    way: &'w mut Vec<Step>,
    take: &'t mut dyn FnMut(&[Step], Scalar<'_>),
}

impl<'de> DeserializeSeed<'de> for Walk<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        (self.take)(self.way, Scalar::Text(text));
        Ok(())
    }

    fn visit_bool<E>(self, truth: bool) -> Result<(), E> {
        (self.take)(self.way, Scalar::Truth(truth));
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        (self.take)(self.way, Scalar::Whole(number));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        (self.take)(self.way, Scalar::Whole(i64::try_from(number).unwrap_or(i64::MAX)));
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        (self.take)(self.way, Scalar::Broken(number));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut number = 0;
        loop {
            self.way.push(Step::Item(number));
            let item = items.next_element_seed(Walk { way: self.way, take: self.take });
            self.way.pop();
            if item?.is_none() {
                return Ok(());
            }
            number += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(key) = members.next_key::<String>()? {
            self.way.push(Step::Key(key));
            let member = members.next_value_seed(Walk { way: self.way, take: self.take });
            self.way.pop();
            member?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, Result<(), Unread>) {
        let mut found = Vec::new();
        let ended = values(text.as_bytes(), &mut |way, value| {
            let way: Vec<String> = way
                .iter()
                .map(|step| match step {
                    Step::Key(key) => key.clone(),
                    Step::Item(number) => number.to_string(),
                })
                .collect();
            found.push(format!("{} {}", way.join("."), value.text()));
        });
        (found, ended)
    }

    #[test]
    fn every_value_is_handed_over_with_its_place() {
        let text = r#"{"a":{"b":[1,{"c":"x"},null,true,1.5]},"d":"\u00e9"}"#;
        let expected = ["a.b.0 1", "a.b.1.c x", "a.b.3 true", "a.b.4 1.5", "d é"].map(str::to_owned).to_vec();
        assert_eq!(read(text), (expected, Ok(())));
    }

    #[test]
    fn what_stands_before_the_break_is_kept() {
        assert_eq!(read("{\"a\":1,\n\"b\":"), (vec!["a 1".to_owned()], Err(Unread::Truncated { line: 2 })));
        assert_eq!(read("{\"a\":1,\n]"), (vec!["a 1".to_owned()], Err(Unread::Malformed { line: 2 })));
        assert_eq!(read("1 1").1, Err(Unread::Malformed { line: 1 }));
        assert!(read(&"[".repeat(100_000)).1.is_err());
    }

    #[test]
    fn ways_are_compared_step_by_step() {
        let way = [Step::Key("a".to_owned()), Step::Item(3), Step::Key("b".to_owned())];
        for (members, expected) in [
            (&["a", "*", "b"][..], true),
            (&["a", "3", "b"], false),
            (&["*", "*", "*"], true),
            (&["a", "*"], false),
            (&["a", "*", "c"], false),
        ] {
            assert_eq!(leads(&way, members), expected, "{members:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[\\[\\]{}\",:a-c0-9eE.\\\\ -]{0,80}") {
            let _ = read(&text);
        }
    }
}
