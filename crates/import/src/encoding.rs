//! Which encoding a text has, and its text as UTF-8.
//!
//! Detected from the beginning of a file: a byte order mark, the zero bytes of UTF-16 without one (`PowerShell` 5 writes
//! UTF-16 with one), UTF-8 that is valid, else the likeliest of the single-byte encodings that Windows systems write.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use interdict_model::Diagnostic;

use crate::error::ImportError;
use crate::reading::Reading;

/// The encoding of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Detected {
    pub(crate) encoding: &'static Encoding,
    /// The length of its byte order mark.
    pub(crate) mark: usize,
    /// Whether it was guessed from which letters there are, and not seen.
    pub(crate) guessed: bool,
}

impl Detected {
    /// For people, such as `UTF-16LE with byte order mark`.
    pub(crate) fn name(self) -> String {
        let mark = if self.mark > 0 { " with byte order mark" } else { "" };
        let guessed = if self.guessed { ", guessed from its letters" } else { "" };
        format!("{}{mark}{guessed}", self.encoding.name())
    }
}

/// Finds the encoding from a file's beginning; `is_all` when that is the whole file.
pub(crate) fn detect(beginning: &[u8], is_all: bool) -> Detected {
    if let Some((encoding, mark)) = Encoding::for_bom(beginning) {
        return Detected { encoding, mark, guessed: false };
    }
    if let Some(encoding) = wide(beginning) {
        return Detected { encoding, mark: 0, guessed: false };
    }
    let is_utf8 = match std::str::from_utf8(beginning) {
        Ok(_) => true,
        // The last letter may be cut by the sample's end.
        Err(error) => !is_all && error.error_len().is_none(),
    };
    if is_utf8 {
        return Detected { encoding: UTF_8, mark: 0, guessed: false };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(beginning, is_all);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    // What is not one of the encodings that single bytes cannot tell from binary data is what Windows calls ANSI.
    let encoding = if encoding == UTF_8 { WINDOWS_1252 } else { encoding };
    Detected { encoding, mark: 0, guessed: true }
}

/// UTF-16 without a mark: text of any European language has a zero in nearly every other byte.
fn wide(beginning: &[u8]) -> Option<&'static Encoding> {
    let pairs = beginning.chunks_exact(2).take(512);
    let count = pairs.len();
    if count < 4 {
        return None;
    }
    let little = pairs.clone().filter(|pair| pair[0] != 0 && pair[1] == 0).count();
    let big = pairs.filter(|pair| pair[0] == 0 && pair[1] != 0).count();
    match () {
        () if little * 10 >= count * 6 && big == 0 => Some(UTF_16LE),
        () if big * 10 >= count * 6 && little == 0 => Some(UTF_16BE),
        () => None,
    }
}

/// The text of a sample; a letter cut by its end is left out.
pub(crate) fn decode_sample(beginning: &[u8], detected: Detected) -> String {
    let mut decoder = detected.encoding.new_decoder_without_bom_handling();
    let bytes = beginning.get(detected.mark..).unwrap_or_default();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len()));
    let _ = decoder.decode_to_string(bytes, &mut text, false);
    text
}

/// A text as UTF-8. What is UTF-8 already is handed on as it is.
pub(crate) fn decoded<'r>(mut reader: Box<dyn BufRead + 'r>, detected: Detected) -> io::Result<Box<dyn BufRead + 'r>> {
    let mut mark = [0_u8; 3];
    if let Some(mark) = mark.get_mut(..detected.mark) {
        reader.read_exact(mark)?;
    }
    if detected.encoding == UTF_8 {
        return Ok(reader);
    }
    let decoder = detected.encoding.new_decoder_without_bom_handling();
    Ok(Box::new(Decoding::new(reader, decoder)))
}

/// A text as UTF-8 without fail, for readers that end at the first byte that is none: such bytes are replaced. Whether
/// some were is known when it is read.
pub(crate) fn lossy<'r>(reader: Box<dyn BufRead + 'r>) -> (Box<dyn BufRead + 'r>, Rc<Cell<bool>>) {
    let decoding = Decoding::new(reader, UTF_8.new_decoder_without_bom_handling());
    let replaced = decoding.replaced.clone();
    (Box::new(decoding), replaced)
}

/// Says that bytes were replaced, if some were.
pub(crate) fn note_replaced(reading: &mut Reading<'_>, replaced: &Cell<bool>) -> Result<(), ImportError> {
    if !replaced.get() {
        return Ok(());
    }
    let message = "some bytes are no letters of UTF-8, as which the rest reads; they are replaced";
    reading.note(Diagnostic::warning("import/encoding", message))
}

/// Decodes as it is read.
struct Decoding<'r> {
    reader: Box<dyn BufRead + 'r>,
    decoder: Decoder,
    text: Vec<u8>,
    filled: usize,
    taken: usize,
    is_over: bool,
    replaced: Rc<Cell<bool>>,
}

impl<'r> Decoding<'r> {
    fn new(reader: Box<dyn BufRead + 'r>, decoder: Decoder) -> Self {
        let (text, replaced) = (vec![0; 1 << 16], Rc::default());
        Self { reader, decoder, text, filled: 0, taken: 0, is_over: false, replaced }
    }
}

impl BufRead for Decoding<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.taken == self.filled && !self.is_over {
            let bytes = self.reader.fill_buf()?;
            let is_last = bytes.is_empty();
            let (result, read, written, replaced) = self.decoder.decode_to_utf8(bytes, &mut self.text, is_last);
            self.reader.consume(read);
            if replaced {
                self.replaced.set(true);
            }
            (self.taken, self.filled) = (0, written);
            self.is_over = is_last && result == CoderResult::InputEmpty;
        }
        Ok(self.text.get(self.taken..self.filled).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.taken = (self.taken + amount).min(self.filled);
    }
}

impl Read for Decoding<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), available.get(..count)) {
            to.copy_from_slice(from);
        }
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, String) {
        let detected = detect(bytes, true);
        let mut text = String::new();
        decoded(Box::new(bytes), detected).expect("reads").read_to_string(&mut text).expect("is UTF-8");
        assert_eq!(decode_sample(bytes, detected), text);
        (detected.name(), text)
    }

    fn wide(text: &str, mark: &[u8], swap: bool) -> Vec<u8> {
        let units = text.encode_utf16().flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() });
        mark.iter().copied().chain(units).collect()
    }

    #[test]
    fn encodings_are_seen_or_guessed_and_said() {
        let russian =
            "Название;Издатель\nАнтивирус Касперского;АО «Лаборатория Касперского»\nДоктор Веб;ООО «Доктор Веб»\n";
        let german = "Name;Hersteller\nÜbersicht für Prüfer;Müller Söhne GmbH\n";
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode(russian);
        let (latin, _, _) = WINDOWS_1252.encode(german);
        let cases: &[(&str, Vec<u8>, &str)] = &[
            ("UTF-8", russian.as_bytes().to_vec(), russian),
            ("UTF-8 with byte order mark", [b"\xef\xbb\xbf", russian.as_bytes()].concat(), russian),
            ("UTF-16LE with byte order mark", wide(russian, b"\xff\xfe", false), russian),
            ("UTF-16BE with byte order mark", wide(german, b"\xfe\xff", true), german),
            ("UTF-16LE", wide(german, b"", false), german),
            ("UTF-16BE", wide(german, b"", true), german),
            ("windows-1251, guessed from its letters", cyrillic.into_owned(), russian),
            ("windows-1252, guessed from its letters", latin.into_owned(), german),
            ("UTF-8", b"plain".to_vec(), "plain"),
        ];
        for (name, bytes, text) in cases {
            assert_eq!(read(bytes), ((*name).to_owned(), (*text).to_owned()), "{name}");
        }
    }

    #[test]
    fn a_letter_cut_by_the_samples_end_is_no_sign_of_another_encoding() {
        let text = "я".repeat(100);
        let cut = text.as_bytes().get(..99).expect("long enough");
        assert_eq!(detect(cut, false).name(), "UTF-8");
        assert_ne!(detect(cut, true).name(), "UTF-8");
    }

    #[test]
    fn long_texts_are_decoded_in_pieces() {
        let text = "Касперский €\n".repeat(50_000);
        assert_eq!(read(&wide(&text, b"\xff\xfe", false)).1, text);
    }
}
