//! `.reg` texts.

#![no_main]

use interdict_formats::registry_file::parse_registry_file;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = parse_registry_file(bytes);
});
