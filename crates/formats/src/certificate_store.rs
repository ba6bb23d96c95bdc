//! Certificates as the registry of Windows keeps them: a value `Blob` of properties, of which one is the certificate.
//!
//! Each property is its number, a word that is not used, its length and its bytes, in little-endian order
//! (<https://learn.microsoft.com/openspecs/windows_protocols/ms-gpef>, the registry's encoding of certificates). Other
//! properties, such as what the certificate is trusted for, are not read.

/// The property that is the certificate in DER (`CERT_CERT_PROP_ID` of `wincrypt.h`).
const CERTIFICATE: u32 = 32;
/// How many properties are looked through.
const MOST_PROPERTIES: usize = 256;

/// The certificate of a blob, in DER.
#[must_use]
pub fn certificate_of(blob: &[u8]) -> Option<&[u8]> {
    let mut rest = blob;
    for _ in 0..MOST_PROPERTIES {
        let (head, behind) = rest.split_first_chunk::<12>()?;
        let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (bytes, next) = behind.split_at_checked(usize::try_from(number(8)).ok()?)?;
        if number(0) == CERTIFICATE {
            return Some(bytes);
        }
        rest = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn property(number: u32, bytes: &[u8]) -> Vec<u8> {
        let length = u32::try_from(bytes.len()).expect("short");
        [&number.to_le_bytes()[..], &1_u32.to_le_bytes(), &length.to_le_bytes(), bytes].concat()
    }

    #[test]
    fn the_certificate_is_found_among_the_properties() {
        let blob = [property(3, &[0; 20]), property(32, b"DER"), property(11, b"name")].concat();
        assert_eq!(certificate_of(&blob), Some(&b"DER"[..]));
        assert_eq!(certificate_of(&blob[..45]), None, "cut within the certificate");
        assert_eq!(certificate_of(&property(3, &[0; 20])), None);
        assert_eq!(certificate_of(&[0xff; 40]), None);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = certificate_of(&bytes);
        }
    }
}
