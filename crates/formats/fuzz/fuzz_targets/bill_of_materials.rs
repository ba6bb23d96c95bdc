//! Bills of materials of macOS packages.

#![no_main]

use interdict_formats::apple::bill_of_materials::parse_bill_of_materials;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = parse_bill_of_materials(bytes, "f");
});
