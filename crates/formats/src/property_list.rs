//! Apple's property lists, in their binary, XML and old text forms, as bounded values.
//!
//! The forms are read by the `plist` crate as a stream of events; the tree is built here, so that depth, count and length
//! are bounded whatever the file says. That matters for the binary form, where many places may refer to one object: a
//! file of some hundred bytes can stand for a tree that fills any memory. What stands before a damaged place is kept.
//! Archives of objects (`NSKeyedArchiver`) come out as the plain lists and dictionaries they are stored as; JSON, which
//! Apple's tools also accept, is not read.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::time::UNIX_EPOCH;

use chrono::{DateTime, SecondsFormat, Utc};
use interdict_model::{Diagnostic, Location};
use plist::stream::{Event, Reader};

/// Codes of this format's diagnostics.
pub mod code {
    /// Not a property list, or a damaged one.
    pub const MALFORMED: &str = "formats/plist-malformed";
    /// More than is read.
    pub const TOO_LARGE: &str = "formats/plist-too-large";
    /// A property list of another kind.
    pub const UNEXPECTED: &str = "formats/plist-unexpected";
}

/// How many values one list may hold, those counted that are referred to more than once.
const MOST_VALUES: u64 = 500_000;
/// How many bytes of text and data one list may hold, counted likewise.
const MOST_BYTES: u64 = 64 << 20;
/// How deep values may be nested. Apple's own files stay below a dozen.
const DEEPEST: usize = 64;

/// A value of a property list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Text(String),
    Boolean(bool),
    Integer(i64),
    Real(f64),
    /// An instant, RFC 3339 in UTC; nothing where it lies outside the calendar.
    Date(Option<String>),
    Data(Vec<u8>),
    List(Vec<Value>),
    Dictionary(BTreeMap<String, Value>),
}

impl Value {
    /// The text; numbers and instants, which some write where a text belongs, as they would be written. Nothing for
    /// an empty text.
    pub(crate) fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Self::Integer(number) => Some(number.to_string()),
            Self::Real(number) => Some(number.to_string()),
            Self::Date(date) => date.clone(),
            Self::Boolean(_) | Self::Data(_) | Self::List(_) | Self::Dictionary(_) => None,
        }
    }

    /// Whether it says yes; numbers do so unless they are 0.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self {
            Self::Boolean(truth) => Some(*truth),
            Self::Integer(number) => Some(*number != 0),
            Self::Text(_) | Self::Real(_) | Self::Date(_) | Self::Data(_) | Self::List(_) | Self::Dictionary(_) => None,
        }
    }

    /// Its entries; none of anything but a list.
    pub(crate) fn list(&self) -> &[Self] {
        match self {
            Self::List(values) => values,
            _ => &[],
        }
    }

    /// Its entries by key; nothing of anything but a dictionary.
    pub(crate) fn dictionary(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Dictionary(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entry of a dictionary.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.dictionary()?.get(key)
    }

    /// The text of an entry of a dictionary.
    pub(crate) fn text_of(&self, key: &str) -> Option<String> {
        self.get(key)?.text()
    }

    /// The texts in an entry of a dictionary that is a list.
    pub(crate) fn texts_of(&self, key: &str) -> Vec<String> {
        self.get(key).map(Self::list).unwrap_or_default().iter().filter_map(Self::text).collect()
    }
}

/// Reads a property list whose outermost value is a dictionary; an empty one where it is not.
pub(crate) fn read_dictionary(bytes: &[u8], file_name: &str) -> (Value, Vec<Diagnostic>) {
    let (value, mut diagnostics) = read(bytes, file_name);
    match value {
        Some(value @ Value::Dictionary(_)) => (value, diagnostics),
        other => {
            if other.is_some() {
                diagnostics.push(unexpected("the outermost value is no dictionary", file_name));
            }
            (Value::Dictionary(BTreeMap::new()), diagnostics)
        }
    }
}

/// A complaint that a property list is not of the kind it should be.
pub(crate) fn unexpected(message: &str, file_name: &str) -> Diagnostic {
    Diagnostic::error(code::UNEXPECTED, message).at(Location::file(file_name))
}

/// Reads a property list of any form; what could be read of a damaged one, and nothing where that is nothing.
pub(crate) fn read(bytes: &[u8], file_name: &str) -> (Option<Value>, Vec<Diagnostic>) {
    let mut tree = Tree::default();
    let mut complaint = None;
    for event in Reader::new(Cursor::new(without_mark(bytes))) {
        let taken = match event {
            Ok(event) => tree.take(event),
            Err(error) => Err(Refusal::Malformed(format!("not a property list, or a damaged one: {error}"))),
        };
        match taken {
            Ok(()) if tree.root.is_some() => break,
            Ok(()) => {}
            Err(refusal) => {
                complaint = Some(refusal);
                break;
            }
        }
    }
    if complaint.is_none() {
        complaint = match tree.root {
            Some(Value::List(_) | Value::Dictionary(_)) => None,
            // Any text at all is a value of the old form; no file consists of one.
            Some(_) => Some(Refusal::Malformed("not a property list".to_owned())),
            None => Some(Refusal::Malformed("the property list ends before its outermost value does".to_owned())),
        };
    }
    let diagnostic = complaint.map(|refusal| match refusal {
        Refusal::Malformed(message) => Diagnostic::error(code::MALFORMED, message),
        Refusal::TooLarge(message) => Diagnostic::error(code::TOO_LARGE, message),
    });
    let diagnostics = diagnostic.map(|diagnostic| diagnostic.at(Location::file(file_name))).into_iter().collect();
    (tree.into_root().filter(|root| matches!(root, Value::List(_) | Value::Dictionary(_))), diagnostics)
}

/// The bytes without a byte-order mark, which XML allows.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Why reading ends before its time.
enum Refusal {
    Malformed(String),
    TooLarge(String),
}

/// A value that is not complete yet.
enum Open {
    List(Vec<Value>),
    Dictionary { entries: BTreeMap<String, Value>, key: Option<String> },
}

/// The tree as far as it was read.
#[derive(Default)]
struct Tree {
    open: Vec<Open>,
    root: Option<Value>,
    values: u64,
    bytes: u64,
}

impl Tree {
    fn take(&mut self, event: Event<'_>) -> Result<(), Refusal> {
        self.count(&event)?;
        if let Some(Open::Dictionary { key: key @ None, .. }) = self.open.last_mut() {
            match event {
                Event::String(text) => *key = Some(text.into_owned()),
                Event::EndCollection => self.close(),
                _ => return Err(Refusal::Malformed("a key of a dictionary is not a text".to_owned())),
            }
            return Ok(());
        }
        match event {
            Event::StartArray(_) => self.open(Open::List(Vec::new()))?,
            Event::StartDictionary(_) => self.open(Open::Dictionary { entries: BTreeMap::new(), key: None })?,
            Event::EndCollection => self.close(),
            Event::Boolean(truth) => self.put(Value::Boolean(truth)),
            Event::Data(data) => self.put(Value::Data(data.into_owned())),
            Event::Date(date) => self.put(Value::Date(instant(date))),
            // A number beyond what has a sign is kept as the nearest one; nothing here is that large.
            Event::Integer(number) => self.put(Value::Integer(number.as_signed().unwrap_or(i64::MAX))),
            Event::Real(number) => self.put(Value::Real(number)),
            Event::String(text) => self.put(Value::Text(text.into_owned())),
            Event::Uid(uid) => self.put(Value::Integer(i64::try_from(uid.get()).unwrap_or(i64::MAX))),
            _ => return Err(Refusal::Malformed("a kind of value that is not known".to_owned())),
        }
        Ok(())
    }

    /// Holds the whole against the bounds. A collection counts with all its entries as soon as it begins, since the
    /// reader fetches their references before it hands over the first.
    fn count(&mut self, event: &Event<'_>) -> Result<(), Refusal> {
        let (values, bytes) = match event {
            Event::StartArray(length) => (length.unwrap_or_default(), 0),
            Event::StartDictionary(length) => (length.unwrap_or_default().saturating_mul(2), 0),
            Event::Data(data) => (1, data.len() as u64),
            Event::String(text) => (1, text.len() as u64),
            _ => (1, 0),
        };
        self.values = self.values.saturating_add(values.max(1));
        self.bytes = self.bytes.saturating_add(bytes);
        if self.values > MOST_VALUES || self.bytes > MOST_BYTES {
            let message = format!("more than the {MOST_VALUES} values or {MOST_BYTES} bytes that are read of one list");
            return Err(Refusal::TooLarge(message));
        }
        Ok(())
    }

    fn open(&mut self, open: Open) -> Result<(), Refusal> {
        if self.open.len() >= DEEPEST {
            return Err(Refusal::TooLarge(format!("nested deeper than the {DEEPEST} levels that are read")));
        }
        self.open.push(open);
        Ok(())
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some(Open::List(values)) => self.put(Value::List(values)),
            Some(Open::Dictionary { entries, .. }) => self.put(Value::Dictionary(entries)),
            None => {}
        }
    }

    fn put(&mut self, value: Value) {
        match self.open.last_mut() {
            Some(Open::List(values)) => values.push(value),
            Some(Open::Dictionary { entries, key }) => {
                // Of a key that stands twice the first value counts, as the system has it.
                if let Some(key) = key.take() {
                    entries.entry(key).or_insert(value);
                }
            }
            None => self.root = Some(value),
        }
    }

    /// The whole, with what was still open closed as it is.
    fn into_root(mut self) -> Option<Value> {
        while !self.open.is_empty() {
            self.close();
        }
        self.root
    }
}

fn instant(date: plist::Date) -> Option<String> {
    let [epoch, instant] = [UNIX_EPOCH, date.into()];
    let seconds = match instant.duration_since(epoch) {
        Ok(after) => i64::try_from(after.as_secs()).ok()?,
        Err(before) => -i64::try_from(before.duration().as_secs()).ok()?,
    };
    let instant = DateTime::<Utc>::from_timestamp(seconds, 0)?;
    Some(instant.to_rfc3339_opts(SecondsFormat::Secs, true))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An XML property list around some XML.
    pub(crate) fn xml(inner: &str) -> Vec<u8> {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
             \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">{inner}</plist>\n"
        )
        .into_bytes()
    }

    /// The same list in the binary form.
    pub(crate) fn binary(xml: &[u8]) -> Vec<u8> {
        let value = plist::Value::from_reader(Cursor::new(xml)).expect("a property list");
        let mut bytes = Vec::new();
        value.to_writer_binary(&mut bytes).expect("written");
        bytes
    }

    fn codes(bytes: &[u8]) -> Vec<String> {
        read(bytes, "f").1.into_iter().map(|diagnostic| diagnostic.code.into_owned()).collect()
    }

    const EVERYTHING: &str = "<dict><key>text</key><string>a &amp; b</string><key>number</key><integer>-7</integer>\
        <key>real</key><real>1.5</real><key>yes</key><true/><key>date</key><date>2024-09-29T00:00:01Z</date>\
        <key>data</key><data>AAEC</data><key>list</key><array><string>x</string><dict/></array></dict>";

    #[test]
    fn every_form_holds_the_same() {
        let text = xml(EVERYTHING);
        let (value, diagnostics) = read(&text, "f");
        let value = value.expect("read");
        assert_eq!(diagnostics, []);
        assert_eq!(value.text_of("text").as_deref(), Some("a & b"));
        assert_eq!(value.text_of("number").as_deref(), Some("-7"));
        assert_eq!(value.text_of("real").as_deref(), Some("1.5"));
        assert_eq!(value.get("yes").and_then(Value::truth), Some(true));
        assert_eq!(value.text_of("date").as_deref(), Some("2024-09-29T00:00:01Z"));
        assert_eq!(value.get("data"), Some(&Value::Data(vec![0, 1, 2])));
        assert_eq!(value.texts_of("list"), ["x"]);
        assert_eq!(read(&binary(&text), "f"), (Some(value.clone()), Vec::new()));
        let marked = [b"\xef\xbb\xbf", text.as_slice()].concat();
        assert_eq!(read(&marked, "f"), (Some(value), Vec::new()));
        let old = read(b"{ Label = \"com.example.a\"; List = ( x, y ); }", "f").0.expect("read");
        assert_eq!((old.text_of("Label").as_deref(), old.texts_of("List").len()), (Some("com.example.a"), 2));
    }

    #[test]
    fn what_stands_before_the_damage_is_kept() {
        let text = xml("<dict><key>a</key><string>1</string><key>b</key><array><string>2</string><string>3");
        let (value, diagnostics) = read(&text[..text.len() - "</plist>\n".len()], "f");
        let value = value.expect("in part");
        assert_eq!((value.text_of("a").as_deref(), value.texts_of("b")), (Some("1"), vec!["2".to_owned()]));
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(diagnostics[0].code, code::MALFORMED);
        let cut = xml("<dict><key>a</key><string>1</string>");
        assert_eq!(read(&cut, "f").0.and_then(|value| value.text_of("a")).as_deref(), Some("1"));
    }

    #[test]
    fn what_is_no_property_list_is_said() {
        let others =
            [&b""[..], b"bplist00", b"<html><body/></html>", b"{ a = 1;", b"\x00\x01\x02\x03\x04\x05\x06\x07\x08"];
        for bytes in others {
            assert_eq!(codes(bytes), [code::MALFORMED], "{bytes:?}");
        }
        assert_eq!(read_dictionary(&xml("<array/>"), "f").1[0].code, code::UNEXPECTED);
        assert_eq!(read_dictionary(b"this is not a valid plist\n", "f").1.len(), 1);
    }

    /// A binary list of objects, each of at most 14 references of one byte.
    fn objects(objects: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = b"bplist00".to_vec();
        let mut offsets = Vec::new();
        for object in objects {
            offsets.push(u16::try_from(bytes.len()).expect("small"));
            bytes.extend(object);
        }
        let table = bytes.len() as u64;
        for offset in &offsets {
            bytes.extend(offset.to_be_bytes());
        }
        bytes.extend([0, 0, 0, 0, 0, 0, 2, 1]);
        bytes.extend((objects.len() as u64).to_be_bytes());
        bytes.extend(0_u64.to_be_bytes());
        bytes.extend(table.to_be_bytes());
        bytes
    }

    #[test]
    fn a_list_that_refers_to_one_object_again_and_again_ends() {
        // Forty levels of a list that holds the next one fourteen times: 14^40 values in some six hundred bytes.
        let mut levels: Vec<Vec<u8>> = (1..=40_u8).map(|next| [vec![0xae], vec![next; 14]].concat()).collect();
        levels.push(vec![0x09]);
        assert_eq!(codes(&objects(&levels)), [code::TOO_LARGE]);
        let itself = objects(&[vec![0xa1, 0]]);
        assert_eq!(codes(&itself), [code::MALFORMED]);
    }

    #[test]
    fn long_texts_that_stand_in_many_places_end() {
        let text = [vec![0x5f, 0x11, 0x40, 0x00], vec![b'x'; 1 << 14]].concat();
        let many: Vec<Vec<u8>> = (1..=8_u8).map(|next| [vec![0xae], vec![next; 14]].concat()).collect();
        assert_eq!(codes(&objects(&[many, vec![text]].concat())), [code::TOO_LARGE]);
    }

    #[test]
    fn deep_nesting_is_cut_and_said() {
        let deep = xml(&format!("<dict><key>a</key><string>1</string><key>b</key>{}", "<array>".repeat(5000)));
        let (value, diagnostics) = read(&deep, "f");
        assert_eq!(diagnostics[0].code, code::TOO_LARGE);
        assert_eq!(value.and_then(|value| value.text_of("a")).as_deref(), Some("1"));
    }

    #[test]
    fn instants_outside_the_calendar_are_nothing() {
        // The year -5000, as seconds from 2001.
        let date = [vec![0x33], (-220_924_800_000.0_f64).to_be_bytes().to_vec()].concat();
        let list = objects(&[vec![0xa1, 1], date]);
        let value = read(&list, "f").0.expect("read");
        assert!(matches!(value.list(), [Value::Date(Some(text))] if text.starts_with('-')), "{value:?}");
        let never = objects(&[vec![0xa1, 1], [vec![0x33], f64::NAN.to_be_bytes().to_vec()].concat()]);
        assert_eq!(codes(&never), [code::MALFORMED]);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = read(&bytes, "f");
            let _ = read(&[b"bplist00".as_slice(), &bytes].concat(), "f");
            let _ = read(&[b"<plist>".as_slice(), &bytes].concat(), "f");
            let _ = read(&[b"{".as_slice(), &bytes].concat(), "f");
        }

        #[test]
        fn no_mutation_makes_it_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), cut in any::<prop::sample::Index>()) {
            for whole in [xml(EVERYTHING), binary(&xml(EVERYTHING)), b"{ a = \"b\\U0041\"; /* c */ d = (e, <00ff>); }".to_vec()] {
                let mut bytes = whole.clone();
                for (at, byte) in &changes {
                    let at = at.index(bytes.len());
                    bytes[at] = *byte;
                }
                let _ = read(&bytes, "f");
                let _ = read(&whole[..cut.index(whole.len())], "f");
            }
        }
    }
}
