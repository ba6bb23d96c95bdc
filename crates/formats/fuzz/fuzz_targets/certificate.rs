//! Certificates in DER, and bundles of them in PEM.

#![no_main]

use interdict_formats::certificate::{parse_certificate, parse_certificates};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = parse_certificate(bytes);
    let (certificates, _) = parse_certificates(bytes, "bundle");
    // A block has a begin and an end.
    assert!(certificates.len() <= bytes.len() / 50 + 1);
});
