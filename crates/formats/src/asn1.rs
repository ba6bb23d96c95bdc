//! ASN.1 as certificates and signatures are written in it: elements of BER and DER, borrowed from the bytes.
//!
//! Lenient on purpose, since nothing is verified here and a certificate that breaks a rule still names somebody: Apple's
//! tools write signatures in BER with lengths left open, which readers of strict DER refuse. Source: ITU-T X.690. Every
//! step consumes bytes and nothing recurses, so any bytes come to an end. This module knows no schema.

/// The bit that says an element is made of elements.
const CONSTRUCTED: u8 = 0x20;

/// The tags in use, as their first byte stands in the file.
pub(crate) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(crate) const UTF8_STRING: u8 = 0x0c;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const GENERALIZED_TIME: u8 = 0x18;
    pub(crate) const UNIVERSAL_STRING: u8 = 0x1c;
    pub(crate) const BMP_STRING: u8 = 0x1e;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;

    /// A constructed element of the context, such as `[0]`.
    pub(crate) const fn context(number: u8) -> u8 {
        0xa0 | number
    }

    /// A primitive element of the context.
    pub(crate) const fn context_primitive(number: u8) -> u8 {
        0x80 | number
    }
}

/// One element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    /// Its first byte: class, form and number. Numbers above 30 do not occur in what is read here and end the reading.
    pub(crate) tag: u8,
    /// What is in it.
    pub(crate) content: &'a [u8],
    /// All of it, header included.
    pub(crate) whole: &'a [u8],
}

impl<'a> Element<'a> {
    /// Its elements, up to the first that is broken.
    pub(crate) const fn children(&self) -> Elements<'a> {
        Elements { rest: self.content }
    }

    /// Whether it is made of elements.
    pub(crate) const fn is_constructed(&self) -> bool {
        self.tag & CONSTRUCTED != 0
    }

    /// The element if it has this tag.
    pub(crate) fn tagged(self, tag: u8) -> Option<Self> {
        (self.tag == tag).then_some(self)
    }
}

/// Elements one after the other. Ends at the end of the bytes and at the first that is broken.
#[derive(Debug, Clone)]
pub(crate) struct Elements<'a> {
    rest: &'a [u8],
}

impl<'a> Elements<'a> {
    pub(crate) const fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next element if it has this tag; else nothing is consumed.
    pub(crate) fn accept(&mut self, tag: u8) -> Option<Element<'a>> {
        let mut ahead = self.clone();
        let element = ahead.next()?.tagged(tag)?;
        *self = ahead;
        Some(element)
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let Some(header) = Header::of(self.rest).filter(|header| !header.is_end()) else {
            self.rest = &[];
            return None;
        };
        let body = self.rest.get(header.size..).unwrap_or_default();
        let (inside, after) = match header.length {
            Some(length) => (length, 0),
            None => (open_length(body).unwrap_or(usize::MAX), Header::END_SIZE),
        };
        let end = header.size.checked_add(inside).and_then(|end| end.checked_add(after));
        let parts = end.and_then(|end| self.rest.split_at_checked(end)).zip(body.get(..inside));
        let Some(((whole, rest), content)) = parts else {
            self.rest = &[];
            return None;
        };
        self.rest = rest;
        Some(Element { tag: header.tag, content, whole })
    }
}

/// The header of an element: tag and length.
struct Header {
    tag: u8,
    /// Nothing where it is left open: then two zero bytes end the element.
    length: Option<usize>,
    /// How many bytes the header has.
    size: usize,
}

impl Header {
    /// How long the mark is that ends an element of open length.
    const END_SIZE: usize = 2;

    fn of(bytes: &[u8]) -> Option<Self> {
        let (&tag, rest) = bytes.split_first()?;
        let (&first, rest) = rest.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        match first {
            0..=0x7f => Some(Self { tag, length: Some(first.into()), size: 2 }),
            0x80 if tag & CONSTRUCTED != 0 => Some(Self { tag, length: None, size: 2 }),
            0x81..=0x84 => {
                let count = usize::from(first & 0x7f);
                let digits = rest.get(..count)?;
                let length = digits.iter().fold(0_usize, |length, digit| (length << 8) | usize::from(*digit));
                Some(Self { tag, length: Some(length), size: 2 + count })
            }
            _ => None,
        }
    }

    const fn is_end(&self) -> bool {
        self.tag == 0 && matches!(self.length, Some(0))
    }
}

/// How long the content of an element of open length is: up to the mark that ends it, past those of the elements in it.
fn open_length(body: &[u8]) -> Option<usize> {
    let mut at = 0_usize;
    let mut open = 0_usize;
    loop {
        let header = Header::of(body.get(at..)?)?;
        if header.is_end() {
            if open == 0 {
                return Some(at);
            }
            open -= 1;
        }
        if header.length.is_none() {
            open += 1;
        }
        at = at.checked_add(header.size)?.checked_add(header.length.unwrap_or(0))?;
    }
}

/// The bytes of an octet string, put together where it is written in pieces.
pub(crate) fn octets(element: &Element<'_>) -> Vec<u8> {
    if !element.is_constructed() {
        return element.content.to_vec();
    }
    element.children().flat_map(|piece| piece.content.iter().copied()).collect()
}

/// The text of a string. What the bytes are not, they are replaced by.
///
/// T.61 is read as UTF-8 where it is that and else as Latin-1, as everybody does: hardly any certificate follows T.61.
pub(crate) fn text(element: &Element<'_>) -> String {
    let bytes = element.content;
    match element.tag {
        tag::BMP_STRING => {
            let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        tag::UNIVERSAL_STRING => bytes
            .chunks_exact(4)
            .map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
            .map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect(),
        tag::UTF8_STRING => String::from_utf8_lossy(bytes).into_owned(),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().copied().map(char::from).collect(),
        },
    }
}

/// An object identifier in dotted form.
pub(crate) fn dotted(content: &[u8]) -> String {
    let mut numbers = Vec::new();
    let mut number = 0_u64;
    for byte in content {
        number = (number << 7) | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            if numbers.is_empty() {
                let first = (number / 40).min(2);
                numbers.push(first.to_string());
                number -= first * 40;
            }
            numbers.push(number.to_string());
            number = 0;
        }
    }
    numbers.join(".")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const T61_STRING: u8 = 0x14;

    /// Tag, length of the content, length of the whole.
    type Expected = Option<(u8, usize, usize)>;

    #[test]
    fn lengths_may_be_short_long_and_left_open() {
        let long = [[0x30, 0x82, 0x01, 0x00].as_slice(), &[0x02; 256]].concat();
        let table: [(&[u8], Expected); 10] = [
            (&[0x04, 0x01, 0xff, 0x00], Some((0x04, 1, 3))),
            (&long, Some((0x30, 256, 260))),
            // Open within open: the inner mark does not end the outer element.
            (&[0x30, 0x80, 0x30, 0x80, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04], Some((0x30, 6, 10))),
            (&[0x30, 0x80, 0x05, 0x00], None),
            (&[0x04, 0x80, 0x00, 0x00], None),
            (&[0x04, 0x02, 0xff], None),
            (&[0x04, 0x84, 0xff, 0xff, 0xff, 0xff], None),
            (&[0x04, 0x85, 0, 0, 0, 0, 1, 0], None),
            (&[0x1f, 0x81, 0x01, 0x00], None),
            (&[], None),
        ];
        for (bytes, expected) in table {
            let found = Elements::of(bytes).next();
            assert_eq!(
                found.map(|element| (element.tag, element.content.len(), element.whole.len())),
                expected,
                "{bytes:02x?}"
            );
        }
    }

    #[test]
    fn strings_of_every_kind_are_text() {
        let table: [(u8, &[u8], &str); 8] = [
            (tag::UTF8_STRING, "Лаборатория".as_bytes(), "Лаборатория"),
            (tag::UTF8_STRING, b"a\xffb", "a\u{fffd}b"),
            (tag::BMP_STRING, &[0x04, 0x10, 0x00, 0x4f], "АO"),
            (tag::BMP_STRING, &[0xd8, 0x00, 0x00], "\u{fffd}"),
            (tag::UNIVERSAL_STRING, &[0, 0x01, 0xf6, 0x00, 0, 0x11, 0, 0], "😀\u{fffd}"),
            (T61_STRING, b"M\xfcller", "Müller"),
            (T61_STRING, "Müller".as_bytes(), "Müller"),
            (0x13, b"AO Kaspersky Lab", "AO Kaspersky Lab"),
        ];
        for (tag, content, expected) in table {
            assert_eq!(text(&Element { tag, content, whole: content }), expected);
        }
    }

    #[test]
    fn identifiers_are_dotted() {
        assert_eq!(dotted(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]), "1.2.840.113549.1.7.2");
        assert_eq!(dotted(&[0x88, 0x37]), "2.999");
        assert_eq!(dotted(&[0xff; 40]), "");
    }

    proptest! {
        #[test]
        fn any_bytes_come_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut consumed = 0;
            for element in Elements::of(&bytes) {
                consumed += element.whole.len();
                prop_assert!(element.content.len() < element.whole.len());
                let _ = (octets(&element), text(&element), dotted(element.content), element.children().count());
            }
            prop_assert!(consumed <= bytes.len());
        }
    }
}
