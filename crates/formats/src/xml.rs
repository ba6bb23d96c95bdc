//! Elements of small XML files, one after the other, within bounds.
//!
//! UTF-8 and UTF-16 with a mark are read. Namespaces are left out of names, entities beyond those of XML itself stand for
//! nothing, and what is not well formed ends the reading: what stood before it was given.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// How deep elements may stand in one another.
const DEEPEST: usize = 64;
/// How long the text of one element may be, and how many attributes are read.
const LONGEST: usize = 1 << 16;
const MOST_ATTRIBUTES: usize = 64;

/// An element that has ended.
pub(crate) struct Element<'a> {
    /// Its name and those around it, from the outermost on.
    pub(crate) path: &'a [String],
    /// Its attributes.
    attributes: &'a [(String, String)],
    /// Its own text, trimmed.
    pub(crate) text: &'a str,
}

impl Element<'_> {
    /// An attribute that is not empty.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Whether it stands in exactly these elements.
    pub(crate) fn is(&self, path: &[&str]) -> bool {
        self.path == path
    }
}

/// An element that is open.
#[derive(Default)]
struct Open {
    attributes: Vec<(String, String)>,
    text: String,
}

/// Gives every element as it ends. Whether all of the file could be read is the answer.
pub(crate) fn elements(bytes: &[u8], give: &mut dyn FnMut(&Element<'_>)) -> bool {
    let text = decoded(bytes);
    let mut reader = Reader::from_str(&text);
    let mut path: Vec<String> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut seen = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                if path.len() == DEEPEST {
                    return false;
                }
                path.push(start.local_name().as_ref().to_owned());
                open.push(Open { attributes: attributes(&start), text: String::new() });
            }
            Ok(Event::Empty(start)) => {
                path.push(start.local_name().as_ref().to_owned());
                give(&Element { path: &path, attributes: &attributes(&start), text: "" });
                path.pop();
                seen = true;
            }
            Ok(Event::Text(text)) => push(&mut open, &text.xml10_content()),
            Ok(Event::CData(text)) => push(&mut open, &text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => {
                let name = reference.xml10_content();
                match reference.resolve_char_ref() {
                    Ok(Some(letter)) => push(&mut open, letter.encode_utf8(&mut [0; 4])),
                    _ => push(&mut open, resolve_predefined_entity(&name).unwrap_or_default()),
                }
            }
            Ok(Event::End(_)) => {
                let Some(done) = open.pop() else { return false };
                give(&Element { path: &path, attributes: &done.attributes, text: done.text.trim() });
                path.pop();
                seen = true;
            }
            Ok(Event::Eof) => return seen && path.is_empty(),
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
            Err(_) => return false,
        }
    }
}

fn push(open: &mut [Open], text: &str) {
    if let Some(last) = open.last_mut() {
        let room = LONGEST.saturating_sub(last.text.len());
        last.text.push_str(&text[..text.floor_char_boundary(room)]);
    }
}

fn attributes(start: &BytesStart<'_>) -> Vec<(String, String)> {
    let read = start.attributes().filter_map(Result::ok).take(MOST_ATTRIBUTES);
    read.map(|attribute| {
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_or_else(|_| attribute.value.to_string(), |value| value.to_string());
        (attribute.key.local_name().as_ref().to_owned(), value)
    })
    .collect()
}

/// The text of a file, by its mark; without one, UTF-8.
fn decoded(bytes: &[u8]) -> String {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        // Without a mark, but with every other byte empty.
        [b'<', 0, ..] => wide(bytes, u16::from_le_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (Vec<String>, bool) {
        let mut rows = Vec::new();
        let whole = elements(bytes, &mut |element| {
            let attribute = element.attribute("n").unwrap_or("-");
            rows.push(format!("{} {attribute} {}", element.path.join("/"), element.text));
        });
        (rows, whole)
    }

    #[test]
    fn elements_are_given_whatever_the_encoding() {
        let text =
            "<?xml version=\"1.0\"?><a:x n='1 &amp; 2'><y>R &amp; D&#33; &nothing;</y><z n=\"\"/><![CDATA[<c>]]></a:x>";
        let expected = (vec!["x/y - R & D!".to_owned(), "x/z - ".to_owned(), "x 1 & 2 <c>".to_owned()], true);
        assert_eq!(read(text.as_bytes()), expected);
        for (mark, unit) in [(0xfeff_u16, u16::to_le_bytes as fn(u16) -> [u8; 2]), (0xfeff, u16::to_be_bytes)] {
            let wide: Vec<u8> = std::iter::once(mark).chain(text.encode_utf16()).flat_map(unit).collect();
            assert_eq!(read(&wide), expected);
        }
    }

    #[test]
    fn what_is_broken_gives_what_stood_before() {
        assert_eq!(read(b"<x><y>1</y><z>"), (vec!["x/y - 1".to_owned()], false));
        assert!(!read(b"<x></y></x>").1);
        assert_eq!(read(b""), (Vec::new(), false));
        let deep = "<x>".repeat(100) + &"</x>".repeat(100);
        assert!(!read(deep.as_bytes()).1);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, text in "[<>/a&;!\\[\\] =\"'-]{0,60}") {
            let _ = (read(&bytes), read(text.as_bytes()));
        }
    }
}
