//! Programs of macOS and their code signatures.

#![no_main]

use interdict_formats::code_signature::parse_mach_o;
use interdict_formats::ranges::from_memory;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = parse_mach_o(&from_memory(bytes));
});
