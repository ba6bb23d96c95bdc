//! Texts in binary values of Windows whose layout nobody documents: what can be told without it.
//!
//! Texts are UTF-16. Either each is preceded by its length in bytes, or each ends with a NUL. What else stands in such a
//! value is not read, and a text that does not look like one is left out.

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

/// Texts of at least so many letters that end with a NUL, at even places.
#[must_use]
pub fn ended_texts(bytes: &[u8], shortest: usize) -> Vec<String> {
    let units = units(bytes);
    let mut texts = Vec::new();
    for run in units.split(|unit| *unit == 0) {
        // What stands before a text without a NUL between belongs to something else.
        let start = run.iter().rposition(|unit| !is_printable(*unit)).map_or(0, |at| at + 1);
        let text = &run[start..run.len().min(start + LONGEST)];
        if text.len() >= shortest.max(1)
            && let Some(text) = printable(text)
        {
            texts.push(text);
            if texts.len() == MOST {
                break;
            }
        }
    }
    texts
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
    fn texts_are_found_by_their_ends() {
        let mut bytes = vec![1, 0, 0, 0, 0x15, 0xe0];
        bytes.extend(wide("Vendor Firewall\0"));
        bytes.extend(wide("ab\0"));
        bytes.extend([7, 0]);
        bytes.extend(wide("vendor-service"));
        assert_eq!(ended_texts(&bytes, 4), ["Vendor Firewall", "vendor-service"]);
        assert!(ended_texts(&[], 4).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, shortest in 0_usize..10) {
            let _ = (measured_texts(&bytes), ended_texts(&bytes, shortest));
        }
    }
}
