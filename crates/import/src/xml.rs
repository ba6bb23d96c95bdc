//! XML of any size: elements of a document, one after the other, each with all that stands in it.
//!
//! Namespaces are left out of names. A document type is passed over and the entities it declares are never expanded: they
//! stay as written. Depth and size of an element are bounded; end tags that do not match, and a document that ends in the
//! middle, are errors.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::bounded::{Allowance, Bounded};
use crate::encoding;
use crate::error::ImportError;
use crate::json::{Fields, LONGEST};
use crate::reading::Reading;
use crate::sink::Place;
use crate::text;

/// How deep elements may stand in one another.
const DEEPEST: usize = 128;
/// How many elements may stand in one that is handed on.
const MOST_ELEMENTS: usize = 200_000;
/// How many attributes of an element are read.
const MOST_ATTRIBUTES: usize = 64;

/// An element with all that stands in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// Its own text, unless it is blank.
    pub(crate) fn text(&self) -> Option<&str> {
        text::known(&self.text)
    }

    /// The first element of a name in it.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first element of a name in it.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).and_then(Self::text)
    }

    /// An attribute that is not blank.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).and_then(|(_, value)| text::known(value))
    }

    /// The texts of the elements in it by their names in lower case; of several of one name the first.
    pub(crate) fn fields(&self) -> Fields {
        let mut fields = Fields::default();
        for child in self.children.iter().filter(|child| child.children.is_empty()) {
            fields.0.entry(child.name.to_ascii_lowercase()).or_insert_with(|| child.text.clone());
        }
        fields
    }
}

/// Hands on every element whose path from the root is one of those wanted: which, the line it begins on, and itself.
pub(crate) fn elements(
    reading: &mut Reading<'_>,
    wanted: &[&[&str]],
    mut each: impl FnMut(&mut Reading<'_>, usize, Place, &Element) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let (text, replaced) = encoding::lossy(std::mem::replace(&mut reading.text, Box::new(std::io::empty())));
    let allowance = Allowance::default();
    let mut walk = Walk::new(Bounded::new(text, allowance.clone()), allowance);
    while let Some((path, place, element)) = walk.next(wanted)? {
        each(reading, path, place, &element)?;
    }
    encoding::note_replaced(reading, &replaced)
}

/// A walk through a document.
struct Walk<R> {
    reader: Reader<R>,
    allowance: Allowance,
    buffer: Vec<u8>,
    /// The names of the open elements around what is read.
    path: Vec<String>,
    /// The open elements of what is handed on, the outermost first.
    open: Vec<Element>,
    elements: usize,
    seen_root: bool,
}

impl<R: std::io::BufRead> Walk<R> {
    fn new(text: R, allowance: Allowance) -> Self {
        Self {
            reader: Reader::from_reader(text),
            allowance,
            buffer: Vec::new(),
            path: Vec::new(),
            open: Vec::new(),
            elements: 0,
            seen_root: false,
        }
    }

    /// The next wanted element; nothing when the document ended as it should.
    fn next(&mut self, wanted: &[&[&str]]) -> Result<Option<(usize, Place, Element)>, ImportError> {
        let mut begun = (0, Place::File);
        let mut buffer = std::mem::take(&mut self.buffer);
        loop {
            if self.open.is_empty() {
                self.allowance.grant(LONGEST as u64);
            }
            buffer.clear();
            let line = Place::Line(self.allowance.line());
            let event = match self.reader.read_event_into(&mut buffer) {
                Ok(event) => event,
                Err(error) => return Err(self.broken(error)),
            };
            match event {
                Event::Start(start) => {
                    if let Some(which) = self.begin(&start, wanted)? {
                        begun = (which, line);
                    }
                }
                Event::Empty(start) => {
                    if let Some(which) = self.begin(&start, wanted)? {
                        begun = (which, line);
                    }
                    if let Some(element) = self.end() {
                        self.buffer = buffer;
                        return Ok(Some((begun.0, begun.1, element)));
                    }
                }
                Event::End(_) => {
                    if let Some(element) = self.end() {
                        self.buffer = buffer;
                        return Ok(Some((begun.0, begun.1, element)));
                    }
                }
                Event::Text(text) => self.push(&text.xml10_content()),
                Event::CData(text) => self.push(&text.xml10_content()),
                Event::GeneralRef(reference) => self.push(&resolved(&reference)),
                Event::Eof => return self.over(),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    /// An element begins: which of those wanted it is.
    fn begin(&mut self, start: &BytesStart<'_>, wanted: &[&[&str]]) -> Result<Option<usize>, ImportError> {
        self.seen_root = true;
        if self.path.len() == DEEPEST {
            return Err(self.unreadable(format!("elements stand more than {DEEPEST} deep in one another")));
        }
        self.path.push(start.local_name().as_ref().to_owned());
        let which = if self.open.is_empty() { wanted.iter().position(|path| *path == self.path) } else { None };
        if which.is_some() {
            self.elements = 0;
        }
        if which.is_some() || !self.open.is_empty() {
            self.elements += 1;
            if self.elements > MOST_ELEMENTS {
                let what = format!("the number of elements in one, near line {},", self.allowance.line());
                return Err(ImportError::TooLarge { what, limit: MOST_ELEMENTS as u64 });
            }
            let name = self.path.last().cloned().unwrap_or_default();
            self.open.push(Element { name, attributes: attributes(start), ..Element::default() });
        }
        Ok(which)
    }

    /// An element ends: the one that is handed on, if it is that.
    fn end(&mut self) -> Option<Element> {
        self.path.pop();
        let element = self.open.pop()?;
        match self.open.last_mut() {
            Some(around) => {
                around.children.push(element);
                None
            }
            None => Some(element),
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(element) = self.open.last_mut() {
            element.text.push_str(text);
        }
    }

    fn over<T>(&self) -> Result<Option<T>, ImportError> {
        match (self.seen_root, self.path.last()) {
            (true, None) => Ok(None),
            (true, Some(name)) => {
                Err(self.unreadable(format!("the file ends in the middle of <{name}>: it was cut short")))
            }
            (false, _) => Err(self.unreadable("there is no element in it".to_owned())),
        }
    }

    fn unreadable(&self, problem: String) -> ImportError {
        ImportError::Unreadable { problem, place: format!("line {}", self.allowance.line()) }
    }

    fn broken(&mut self, error: quick_xml::Error) -> ImportError {
        if let quick_xml::Error::Io(error) = error {
            return std::sync::Arc::try_unwrap(error)
                .map_or_else(|shared| std::io::Error::from(shared.kind()).into(), ImportError::from);
        }
        let is_over = self.reader.get_mut().fill_buf().is_ok_and(<[u8]>::is_empty);
        self.unreadable(match error {
            quick_xml::Error::Syntax(_) if is_over => "the file ends in the middle: it was cut short".to_owned(),
            error => format!("this is no XML: {error}"),
        })
    }
}

/// A letter by its number or one of XML's own entities; others stay as written.
pub(crate) fn resolved(reference: &BytesRef<'_>) -> String {
    let name = reference.xml10_content();
    match (reference.resolve_char_ref(), resolve_predefined_entity(&name)) {
        (Ok(Some(letter)), _) => letter.to_string(),
        (_, Some(text)) => text.to_owned(),
        (_, None) => format!("&{name};"),
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
