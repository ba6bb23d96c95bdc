//! Signature databases of UEFI: the certificates in the list of a machine's owner (`MokListRT`) and its relatives.
//!
//! The layout is `EFI_SIGNATURE_LIST` of the UEFI specification, section 32.4. Hashes and bare keys are passed over.

use crate::certificate::{Certificate, parse_certificate};
use crate::ranges::u32_le;

/// `EFI_CERT_X509_GUID`, a5c059a1-94e4-4aa7-87b5-ab155c2bf072, as it stands in memory.
const X509: [u8; 16] = [0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a, 0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72];
/// The length of a list's head: what its entries are, and three lengths.
const HEAD: usize = 28;
/// The length of the owner's identifier before each entry.
const OWNER: usize = 16;
/// How many certificates are read.
const MOST_CERTIFICATES: usize = 1_000;

/// The certificates of a signature database. What does not fit ends the reading; what stood before it is kept.
#[must_use]
pub fn parse_signature_database(bytes: &[u8]) -> Vec<Certificate> {
    let mut certificates = Vec::new();
    let mut rest = bytes;
    while let Some((list, behind)) = next_list(rest) {
        rest = behind;
        let [head, entry_length] = [20, 24].map(|at| u32_le(list, at).and_then(|length| usize::try_from(length).ok()));
        let Some((head, entry_length)) = head.zip(entry_length).filter(|(_, length)| *length > OWNER) else { break };
        let Some(entries) = list.get(HEAD.saturating_add(head)..) else { break };
        if list.starts_with(&X509) {
            let found = entries.chunks_exact(entry_length).filter_map(|entry| parse_certificate(&entry[OWNER..]));
            certificates.extend(found.take(MOST_CERTIFICATES.saturating_sub(certificates.len())));
        }
    }
    certificates
}

fn next_list(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::try_from(u32_le(bytes, 16)?).ok()?;
    (length >= HEAD).then(|| bytes.split_at_checked(length)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(kind: [u8; 16], entry: &[u8]) -> Vec<u8> {
        let mut list = kind.to_vec();
        let entry_length = u32::try_from(OWNER + entry.len()).expect("short");
        list.extend((entry_length + 28).to_le_bytes());
        list.extend(0u32.to_le_bytes());
        list.extend(entry_length.to_le_bytes());
        list.extend([7; OWNER]);
        list.extend(entry);
        list
    }

    #[test]
    fn certificates_are_found_among_hashes() {
        let certificate = include_bytes!("../tests/data/machine-owner.der");
        let mut bytes = list([1; 16], &[0; 32]);
        bytes.extend(list(X509, certificate));
        let found = parse_signature_database(&bytes);
        assert_eq!(
            found.iter().map(|one| one.subject.as_str()).collect::<Vec<_>>(),
            ["CN=Example Module Signing, O=Example Ltd"]
        );
        bytes.extend([9; 40]);
        assert_eq!(parse_signature_database(&bytes).len(), 1);
        assert!(parse_signature_database(&bytes[..100]).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, length: u32, entry: u32) {
            let _ = parse_signature_database(&bytes);
            let mut bytes = list(X509, &bytes);
            bytes[16..20].copy_from_slice(&length.to_le_bytes());
            bytes[24..28].copy_from_slice(&entry.to_le_bytes());
            let _ = parse_signature_database(&bytes);
        }
    }
}
