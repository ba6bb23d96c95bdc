//! Keychains of macOS: the certificates in them.
//!
//! A keychain is a database of tables, all numbers big-endian. Keys and passwords in it are encrypted and are not read,
//! nor looked for; certificates lie in a table of their own, each as it is behind a header. Apple does not document the
//! file; this follows the layout that Apple's published sources and public readers of it agree on.

use interdict_model::{Diagnostic, Location};

use crate::certificate::{Certificate, parse_certificate};

/// Codes of this format's diagnostics.
pub mod code {
    /// Not a keychain, or one that contradicts itself.
    pub const MALFORMED: &str = "formats/keychain-malformed";
}

const MAGIC: &[u8] = b"kych";
/// The id of the table of certificates (`CSSM_DL_DB_RECORD_X509_CERTIFICATE`).
const CERTIFICATES: u32 = 0x8000_1000;
/// How long a table's header is; the offsets of its records follow.
const TABLE_HEADER: usize = 28;
/// How long a certificate's header is; the certificate follows.
const RECORD_HEADER: usize = 60;
/// How many tables a keychain may have; real ones have about twenty.
const MOST_TABLES: usize = 256;
/// How many certificates are read.
const MOST_CERTIFICATES: usize = 10_000;

/// Reads the certificates of a keychain. One that cannot be read is left out, which is said.
#[must_use]
pub fn parse_keychain(bytes: &[u8], file_name: &str) -> (Vec<Certificate>, Vec<Diagnostic>) {
    let mut certificates = Vec::new();
    let damage = match read(bytes, &mut certificates) {
        Some(0) => None,
        Some(left_out) => Some(format!("{left_out} of the certificates in the keychain could not be read")),
        None => Some("not a keychain, or a damaged one".to_owned()),
    };
    let diagnostic = |message: String| Diagnostic::error(code::MALFORMED, message).at(Location::file(file_name));
    (certificates, damage.map(diagnostic).into_iter().collect())
}

/// Reads the certificates; how many of them could not be, or nothing where the tables cannot be found.
fn read(bytes: &[u8], certificates: &mut Vec<Certificate>) -> Option<usize> {
    let header = bytes.strip_prefix(MAGIC)?;
    let schema = bytes.get(usize::try_from(number(header, 8)?).ok()?..)?;
    let tables = usize::try_from(number(schema, 4)?).ok()?.min(MOST_TABLES);
    let mut left_out = 0;
    for at in 0..tables {
        let table = schema.get(usize::try_from(number(schema, 8 + 4 * at)?).ok()?..)?;
        if number(table, 4)? != CERTIFICATES {
            continue;
        }
        let slots = usize::try_from(number(table, 24)?).ok()?.min(MOST_CERTIFICATES);
        for slot in 0..slots {
            let offset = number(table, TABLE_HEADER + 4 * slot)?;
            // Free places have none, or lead to another free place by an odd number.
            if offset == 0 || offset % 4 != 0 {
                continue;
            }
            match record(table, offset) {
                Some(certificate) => certificates.push(certificate),
                None => left_out += 1,
            }
        }
    }
    Some(left_out)
}

fn record(table: &[u8], offset: u32) -> Option<Certificate> {
    let record = table.get(usize::try_from(offset).ok()?..)?;
    let size = usize::try_from(number(record, 16)?).ok()?;
    parse_certificate(record.get(RECORD_HEADER..RECORD_HEADER.checked_add(size)?)?)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A keychain with these certificates behind another table, and a free place among them.
    fn keychain(certificates: &[Vec<u8>]) -> Vec<u8> {
        let be = |value: usize| u32::try_from(value).expect("small").to_be_bytes();
        let slots = certificates.len() + 1;
        let mut table = [vec![0; 4], CERTIFICATES.to_be_bytes().to_vec(), vec![0; 16], be(slots).to_vec()].concat();
        let mut records = Vec::new();
        let first = TABLE_HEADER + 4 * slots;
        table.extend(be(0));
        for certificate in certificates {
            table.extend(be(first + records.len()));
            let mut record = [vec![0; 16], be(certificate.len()).to_vec(), vec![0; 40], certificate.clone()].concat();
            record.resize(record.len().next_multiple_of(4), 0);
            records.extend(record);
        }
        table.extend(records);
        let other = [be(TABLE_HEADER).to_vec(), be(1).to_vec(), vec![0; 20]].concat();
        let schema = [be(0).to_vec(), be(2).to_vec(), be(16).to_vec(), be(16 + other.len()).to_vec()].concat();
        [MAGIC.to_vec(), be(0x0001_0000).to_vec(), be(16).to_vec(), be(20).to_vec(), vec![0; 4], schema, other, table]
            .concat()
    }

    fn certificate() -> Vec<u8> {
        crate::signature_encoder::Certificate::of("Agent Root", "Example").encode()
    }

    #[test]
    fn certificates_are_found_behind_other_tables_and_free_places() {
        let (found, diagnostics) = parse_keychain(&keychain(&[certificate(), certificate()]), "f");
        assert_eq!((found.len(), diagnostics.len()), (2, 0));
        assert_eq!(found[0].common_name.as_deref(), Some("Agent Root"));
        assert_eq!(parse_keychain(&keychain(&[]), "f"), (Vec::new(), Vec::new()));
    }

    #[test]
    fn what_cannot_be_read_is_counted() {
        let (found, diagnostics) = parse_keychain(&keychain(&[certificate(), b"cut".to_vec()]), "f");
        assert_eq!((found.len(), diagnostics[0].code.as_ref()), (1, code::MALFORMED));
        for bytes in [&b""[..], b"kych", b"SQLite format 3\0"] {
            assert_eq!(parse_keychain(bytes, "f").1[0].code, code::MALFORMED);
        }
    }

    proptest! {
        #[test]
        fn no_mutation_makes_it_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>()) {
            let whole = keychain(&[certificate()]);
            let mut bytes = whole.clone();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = parse_keychain(&bytes, "f");
            let _ = parse_keychain(&whole[..cut.index(whole.len())], "f");
        }
    }
}
