//! Keychains of macOS.

#![no_main]

use interdict_formats::apple::keychain::parse_keychain;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = parse_keychain(bytes, "f");
});
