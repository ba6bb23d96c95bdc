//! JSON of any size: its outline, its lines, the elements of a list deep within it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _};

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::bounded::{Allowance, Bounded};
use crate::encoding;
use crate::error::ImportError;
use crate::reading::Reading;
use crate::sink::Place;
use crate::text;

/// The longest line or element.
pub(crate) const LONGEST: usize = 8 << 20;
/// The deepest that keys are told.
const OUTLINE_DEPTH: usize = 5;

/// The beginning of some JSON.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outline {
    /// The paths of keys, and with `[]` behind them those of lists.
    pub(crate) paths: BTreeSet<String>,
    /// How many values begin side by side.
    pub(crate) values: usize,
    /// Whether the first is an object.
    pub(crate) is_object: bool,
    /// Whether the first value ended, and a line with it.
    pub(crate) ends_line: bool,
}

/// Reads the keys of a text that may be cut anywhere and need not be JSON at all.
pub(crate) fn outline(text: &str) -> Outline {
    let mut outline = Outline { is_object: text.starts_with('{'), ..Outline::default() };
    // Per open bracket: whether it is a list, and the key it stands under.
    let mut stack: Vec<(bool, Option<Cow<'_, str>>)> = Vec::new();
    let mut key: Option<Cow<'_, str>> = None;
    let mut after_value = false;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => {
                outline.values += usize::from(stack.is_empty());
                let is_list = byte == b'[';
                if is_list && let Some(name) = &key {
                    note(&mut outline.paths, &stack, &format!("{name}[]"));
                }
                stack.push((is_list, key.take()));
            }
            b'}' | b']' => {
                key = None;
                stack.pop();
                after_value = stack.is_empty();
            }
            b'\n' if after_value => outline.ends_line = true,
            b'"' => {
                let begin = at + 1;
                at = begin;
                while let Some(&byte) = bytes.get(at) {
                    match byte {
                        b'\\' => at += 1,
                        b'"' => break,
                        _ => {}
                    }
                    at += 1;
                }
                let is_key = bytes
                    .get(at + 1..)
                    .is_some_and(|rest| rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':'));
                if is_key && let Some(name) = text.get(begin..at) {
                    let name = unescaped(name);
                    note(&mut outline.paths, &stack, &name);
                    key = Some(name);
                }
            }
            b',' => key = None,
            _ => {}
        }
        at += 1;
    }
    outline
}

/// A key as those who look for it see it.
fn unescaped(name: &str) -> Cow<'_, str> {
    if !name.contains('\\') {
        return Cow::Borrowed(name);
    }
    serde_json::from_str(&format!("\"{name}\"")).map_or(Cow::Borrowed(name), Cow::Owned)
}

fn note(paths: &mut BTreeSet<String>, stack: &[(bool, Option<Cow<'_, str>>)], name: &str) {
    if stack.len() > OUTLINE_DEPTH * 2 || paths.len() > 2_000 {
        return;
    }
    let mut path = String::new();
    for (is_list, key) in stack {
        if let Some(key) = key {
            path.push_str(key);
        }
        if *is_list {
            path.push_str("[]");
        }
        if !path.is_empty() && !path.ends_with('.') && !is_list {
            path.push('.');
        }
    }
    // Of a list of objects the list's mark and the object's point: `items[].name`.
    if path.ends_with("[]") {
        path.push('.');
    }
    path.push_str(name);
    paths.insert(path);
}

/// Hands on every line that is not blank, where possible as it lies in the reader's buffer.
pub(crate) fn lines(
    reading: &mut Reading<'_>,
    mut each: impl FnMut(&mut Reading<'_>, Place, &[u8]) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let mut text = std::mem::replace(&mut reading.text, Box::new(std::io::empty()));
    let mut hand_on = |number: u64, line: &[u8]| match line {
        _ if line.len() > LONGEST => Err(too_long(number)),
        _ if line.iter().all(u8::is_ascii_whitespace) => Ok(()),
        _ => each(reading, Place::Line(number), line),
    };
    // The beginning of a line whose end was not in the buffer.
    let mut begun = Vec::new();
    let mut number = 1;
    loop {
        let buffer = match text.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        if buffer.is_empty() {
            return hand_on(number, &begun);
        }
        let length = buffer.len();
        let mut rest = buffer;
        while let Some((line, after)) = memchr::memchr(b'\n', rest).and_then(|end| rest.split_at_checked(end + 1)) {
            if begun.is_empty() {
                hand_on(number, line)?;
            } else {
                begun.extend_from_slice(line);
                hand_on(number, &begun)?;
                begun.clear();
            }
            number += 1;
            rest = after;
        }
        begun.extend_from_slice(rest);
        text.consume(length);
        if begun.len() > LONGEST {
            return Err(too_long(number));
        }
    }
}

fn too_long(number: u64) -> ImportError {
    ImportError::TooLarge { what: format!("line {number}"), limit: LONGEST as u64 }
}

/// The other members of an object beside a list: those that are texts, numbers or truth values, by name.
pub(crate) type Members = BTreeMap<String, String>;

/// Hands on every element of the list at a path of keys (none for a list that is the whole), as its own text of JSON.
/// Gives the simple members of the outermost object.
///
/// What is not JSON ends with an error that says where; an element that is JSON is handed on whatever it is.
pub(crate) fn elements(
    reading: &mut Reading<'_>,
    path: &[&str],
    mut each: impl FnMut(&mut Reading<'_>, Place, &RawValue) -> Result<(), ImportError>,
) -> Result<Members, ImportError> {
    parts(reading, &[Part::List(path)], |reading, _, place, element| each(reading, place, element))
}

/// A part of a document, by the keys that lead to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part<'p> {
    /// A list, of which every element is handed on. Some tools write lists as objects with numbers for keys.
    List(&'p [&'p str]),
    /// Any value, which is handed on in one piece.
    Value(&'p [&'p str]),
}

/// Hands on several parts of a document in the order of the file: which part, where, and its own text of JSON. Everything
/// else is passed over in no memory, but for the simple members of the outermost object, which are the answer.
pub(crate) fn parts(
    reading: &mut Reading<'_>,
    parts: &[Part<'_>],
    mut each: impl FnMut(&mut Reading<'_>, usize, Place, &RawValue) -> Result<(), ImportError>,
) -> Result<Members, ImportError> {
    let allowance = Allowance::default();
    let (text, replaced) = encoding::lossy(std::mem::replace(&mut reading.text, Box::new(std::io::empty())));
    let text = BufReader::with_capacity(1 << 16, Bounded::new(text, allowance.clone()));
    let mut members = Members::new();
    let mut failure = None;
    let mut numbers = vec![0; parts.len()];
    let mut take = |part: usize, element: &RawValue| {
        let Some(number) = numbers.get_mut(part) else { return false };
        *number += 1;
        if element.get().len() > LONGEST {
            failure = Some(ImportError::TooLarge { what: format!("item {number}"), limit: LONGEST as u64 });
        } else if let Err(error) = each(reading, part, Place::Item(*number), element) {
            failure = Some(error);
        }
        failure.is_none()
    };
    let mut deserializer = serde_json::Deserializer::from_reader(text);
    let wanted = parts.iter().copied().enumerate().collect();
    let seed = Walk { wanted, members: Some(&mut members), take: &mut take, allowance: &allowance };
    let outcome = seed.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    match (failure, outcome) {
        (Some(failure), _) => Err(failure),
        (None, Err(error)) => Err(broken(error)),
        (None, Ok(())) => {
            encoding::note_replaced(reading, &replaced)?;
            Ok(members)
        }
    }
}

/// The first elements of the list at a path, of the beginning of a text that may be cut anywhere.
pub(crate) fn first_elements(text: &str, path: &[&str], limit: usize) -> Vec<Box<RawValue>> {
    let mut elements = Vec::new();
    let mut take = |_, element: &RawValue| {
        elements.push(element.to_owned());
        elements.len() < limit
    };
    let allowance = Allowance::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let wanted = vec![(0, Part::List(path))];
    // Where it is cut, or is no JSON, what stands before that has been taken.
    let _ = Walk { wanted, members: None, take: &mut take, allowance: &allowance }.deserialize(&mut deserializer);
    elements
}

/// What a JSON reader complains of.
pub(crate) fn broken(error: serde_json::Error) -> ImportError {
    if error.is_io() {
        return ImportError::from(std::io::Error::from(error));
    }
    let place = format!("line {}, column {}", error.line(), error.column());
    let problem = if error.is_eof() {
        "the file ends in the middle: it was cut short".to_owned()
    } else {
        let text = error.to_string();
        format!("this is no JSON: {}", text.split(" at line ").next().unwrap_or_default())
    };
    ImportError::Unreadable { problem, place }
}

/// Walks to the wanted parts and through them.
struct Walk<'w, 'p> {
    /// What is wanted of the value that follows, by the keys that still lead to it.
    wanted: Vec<(usize, Part<'p>)>,
    members: Option<&'w mut Members>,
    take: &'w mut dyn FnMut(usize, &RawValue) -> bool,
    allowance: &'w Allowance,
}

impl Walk<'_, '_> {
    /// The list that the value itself is wanted as.
    fn list(&self) -> Option<usize> {
        self.wanted.iter().find_map(|(index, part)| matches!(part, Part::List([])).then_some(*index))
    }

    fn hand_on<E: serde::de::Error>(&mut self, index: usize, element: &RawValue) -> Result<(), E> {
        if (self.take)(index, element) { Ok(()) } else { Err(E::custom("stopped")) }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wanted.first() {
            Some((_, Part::List([key, ..]) | Part::Value([key, ..]))) => write!(formatter, "an object with \"{key}\""),
            _ => formatter.write_str("a list"),
        }
    }

    /// Some tools write nothing at all where a list is empty.
    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let Some(index) = self.list() else {
            return Err(A::Error::invalid_type(serde::de::Unexpected::Seq, &self));
        };
        loop {
            self.allowance.grant(LONGEST as u64);
            let Some(element) = list.next_element::<Box<RawValue>>()? else { return Ok(()) };
            self.hand_on(index, &element)?;
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        loop {
            self.allowance.grant(LONGEST as u64);
            let Some(key) = map.next_key::<String>()? else { return Ok(()) };
            if let Some(index) = self.list() {
                let element = map.next_value::<Box<RawValue>>()?;
                self.hand_on(index, &element)?;
                continue;
            }
            let wanted: Vec<(usize, Part<'_>)> = self
                .wanted
                .iter()
                .filter_map(|(index, part)| {
                    let below = match part {
                        Part::List([first, rest @ ..]) if *first == key => Part::List(rest),
                        Part::Value([first, rest @ ..]) if *first == key => Part::Value(rest),
                        Part::List(_) | Part::Value(_) => return None,
                    };
                    Some((*index, below))
                })
                .collect();
            let whole = wanted.iter().find_map(|(index, part)| matches!(part, Part::Value([])).then_some(*index));
            match (whole, &mut self.members) {
                (Some(index), _) => {
                    let value = map.next_value::<Box<RawValue>>()?;
                    self.hand_on(index, &value)?;
                }
                (None, _) if !wanted.is_empty() => {
                    let (take, allowance) = (&mut *self.take, self.allowance);
                    map.next_value_seed(Walk { wanted, members: None, take, allowance })?;
                }
                (None, Some(members)) if members.len() < 200 => {
                    if let Some(value) = map.next_value_seed(Member(self.allowance))? {
                        members.insert(key, value);
                    }
                }
                (None, _) => {
                    self.allowance.lift();
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
    }
}

/// A text, a number or a truth value; anything else is passed over.
#[derive(Debug, Default)]
pub(crate) struct Simple(pub(crate) Option<String>);

impl<'de> serde::Deserialize<'de> for Simple {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Member(&Allowance::default()).deserialize(deserializer).map(Self)
    }
}

/// Reads what [`Simple`] is, of a document that may be of any size.
struct Member<'w>(&'w Allowance);

impl<'de> DeserializeSeed<'de> for Member<'_> {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<String>, D::Error> {
        self.0.grant(LONGEST as u64);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Option<String>, E> {
        Ok(Some(text.chars().take(1_000).collect()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Option<String>, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Option<String>, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Option<String>, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Option<String>, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<String>, A::Error> {
        self.0.lift();
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<String>, A::Error> {
        loop {
            // A key is kept for a moment, even one that nobody asks for.
            self.0.grant(LONGEST as u64);
            if map.next_key::<IgnoredAny>()?.is_none() {
                return Ok(None);
            }
            self.0.lift();
            map.next_value::<IgnoredAny>()?;
        }
    }
}

/// A value as text, borrowed where it stands without escapes: texts, numbers and truth values; empty for anything else
/// that says nothing (`null`, a missing key with `#[serde(default)]`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl Text<'_> {
    /// The text, unless it is blank.
    pub(crate) fn known(&self) -> Option<&str> {
        text::known(&self.0)
    }
}

impl<'de: 'a, 'a> serde::Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Text<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text or a number")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }

            fn visit_string<E>(self, text: String) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text)))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(if value { "true" } else { "false" })))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(value.to_string())))
            }

            fn visit_unit<E>(self) -> Result<Text<'de>, E> {
                Ok(Text::default())
            }
        }

        deserializer.deserialize_any(Any)
    }
}

/// The simple members of one object, by name in lower case: what some tools write in many spellings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fields(pub(crate) Members);

impl Fields {
    /// A member that says something.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(|value| text::known(value)).filter(|value| !value.eq_ignore_ascii_case("n/a"))
    }

    /// The first of these that says something.
    pub(crate) fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.get(name))
    }
}

impl<'de> serde::Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Fields;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_unit<E>(self) -> Result<Fields, E> {
                Ok(Fields::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Members::new();
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    if let Simple(Some(value)) = map.next_value()? {
                        fields.insert(key.to_ascii_lowercase(), value);
                    }
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

/// The whole text as one value, for formats whose files are of one machine; at most `limit` bytes.
pub(crate) fn whole<T: serde::de::DeserializeOwned>(reading: &mut Reading<'_>, limit: u64) -> Result<T, ImportError> {
    let (text, replaced) = encoding::lossy(std::mem::replace(&mut reading.text, Box::new(std::io::empty())));
    let mut bytes = Vec::new();
    text.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ImportError::TooLarge { what: "a file of this format".to_owned(), limit });
    }
    encoding::note_replaced(reading, &replaced)?;
    serde_json::from_slice(&bytes).map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_names_keys_with_their_way() {
        let outline = outline(
            "{\"data\": {\"affected_items\": [{\"scan\": {\"id\": 1}, \"name\": \"a \\\" b\"}], \"total\": 3}}\n",
        );
        let paths: Vec<&str> = outline.paths.iter().map(String::as_str).collect();
        assert_eq!(
            paths,
            [
                "data",
                "data.affected_items",
                "data.affected_items[]",
                "data.affected_items[].name",
                "data.affected_items[].scan",
                "data.affected_items[].scan.id",
                "data.total"
            ]
        );
        assert_eq!((outline.values, outline.is_object, outline.ends_line), (1, true, true));
    }

    #[test]
    fn a_member_without_end_that_nobody_asks_for_is_an_error() {
        let long = "a".repeat(LONGEST + (1 << 18));
        for text in [
            format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","x":"{long}","components":[]}}"#),
            format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","x":{{"{long}":1}},"components":[]}}"#),
        ] {
            let Err(error) = crate::testing::try_gather(text.as_bytes(), "x.json") else { panic!("it is too long") };
            assert!(matches!(error, ImportError::TooLarge { .. }), "{error}");
        }
        let passed_over =
            format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","x":["{long}"],"components":[{{"name":"y"}}]}}"#);
        assert_eq!(crate::testing::gather(passed_over.as_bytes(), "x.json").titles.len(), 1);
    }

    #[test]
    fn a_list_as_the_whole_has_its_mark() {
        assert!(outline("[{\"name\":\"x\"}]").paths.contains("[].name"));
        assert_eq!(outline("{\"a\":1}\n{\"a\":2}").values, 2);
    }
}
