//! Texts in binary values of Windows whose layout nobody documents: what can be told without it.
//!
//! Texts are UTF-16. Either each is preceded by its length in bytes, or it is written as Windows' remote procedure calls
//! write a text. What else stands in such a value is not read, and a text that does not look like one is left out.

/// How many texts are read of one value, and how long one may be, in UTF-16 units.
const MOST: usize = 256;
const LONGEST: usize = 32_767;

/// Texts that are preceded by their length in bytes, as 32 bits.
#[must_use]
pub fn measured_texts(bytes: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = bytes;
    while rest.len() > 4 && texts.len() < MOST {
        match measured(rest) {
            Some((text, behind)) => {
                texts.push(text);
                rest = behind;
            }
            None => rest = &rest[2..],
        }
    }
    texts
}

fn measured(bytes: &[u8]) -> Option<(String, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    if length < 2 || !length.is_multiple_of(2) || length / 2 > LONGEST || length > rest.len() {
        return None;
    }
    let (text, behind) = rest.split_at(length);
    Some((printable(&units(text))?, behind))
}

/// Texts as remote procedure calls write them: the most letters there may be, the first of them, how many there are, all as
/// 32 bits and at a place that 4 divides, then the letters with a NUL at the end (conformant varying strings of
/// <https://pubs.opengroup.org/onlinepubs/9629399/chap14.htm>).
#[must_use]
pub fn marshalled_texts(bytes: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = bytes;
    while rest.len() > 12 && texts.len() < MOST {
        match marshalled(rest) {
            Some((text, length)) => {
                texts.push(text);
                rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
            }
            None => rest = &rest[4..],
        }
    }
    texts
}

/// The text that begins here, and how many bytes it takes.
fn marshalled(bytes: &[u8]) -> Option<(String, usize)> {
    let (head, rest) = bytes.split_first_chunk::<12>()?;
    let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let letters = usize::try_from(number(0)).ok()?;
    if !(2..=LONGEST).contains(&letters) || number(4) != 0 || number(8) != number(0) {
        return None;
    }
    let units = units(rest.get(..letters * 2)?);
    let (end, text) = units.split_last()?;
    let text = printable(text).filter(|_| *end == 0)?;
    Some((text, 12 + letters * 2))
}

fn units(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()
}

/// Whether a unit may be part of a text of these values: no control, no private use, no lone half of a letter.
const fn is_printable(unit: u16) -> bool {
    matches!(unit, 0x20..=0x7e | 0xa0..=0xd7ff | 0xf900..=0xfffd)
}

fn printable(units: &[u16]) -> Option<String> {
    let all = !units.is_empty() && units.iter().all(|unit| is_printable(*unit));
    all.then(|| String::from_utf16_lossy(units))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn with_length(text: &str) -> Vec<u8> {
        let text = wide(text);
        let mut bytes = u32::try_from(text.len()).expect("short").to_le_bytes().to_vec();
        bytes.extend(text);
        bytes
    }

    #[test]
    fn texts_are_found_by_their_lengths() {
        let mut bytes = vec![3, 0];
        bytes.extend(with_length("Author"));
        bytes.extend([0x66, 0x66, 0, 0, 0, 0]);
        bytes.extend(with_length(r"C:\Program Files\Vendor\update.exe"));
        bytes.extend(with_length("/silent Ж"));
        bytes.extend([0, 0, 0, 0, 0, 0]);
        assert_eq!(measured_texts(&bytes), ["Author", r"C:\Program Files\Vendor\update.exe", "/silent Ж"]);
        assert_eq!(measured_texts(&bytes[..40]), ["Author"]);
        assert!(measured_texts(&[0xff; 64]).is_empty());
    }

    #[test]
    fn texts_of_remote_procedure_calls_are_found() {
        let marshalled = |text: &str| {
            let letters = wide(&format!("{text}\0"));
            let count = u32::try_from(letters.len() / 2).expect("short").to_le_bytes();
            let mut bytes = [&count[..], &[0; 4], &count, &letters].concat();
            bytes.resize(bytes.len().next_multiple_of(4), 0);
            bytes
        };
        let head = [0x01, 0x10, 0x08, 0x00, 0xcc, 0xcc, 0xcc, 0xcc, 0xf0, 0, 0, 0, 0, 0, 0, 0];
        let bytes =
            [head.to_vec(), marshalled("Vendor Firewall"), marshalled("Межсетевой экран"), marshalled("vendorfw")];
        let bytes = bytes.concat();
        assert_eq!(marshalled_texts(&bytes), ["Vendor Firewall", "Межсетевой экран", "vendorfw"]);
        assert_eq!(marshalled_texts(&bytes[..70]), ["Vendor Firewall"]);
        assert!(marshalled_texts(&[]).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (measured_texts(&bytes), marshalled_texts(&bytes));
        }
    }
}
