//! Signatures (CMS), in DER and with lengths left open.

#![no_main]

use interdict_formats::signature::parse_signature;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = parse_signature(bytes);
});
