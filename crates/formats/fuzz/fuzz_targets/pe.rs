//! Programs of Windows: headers, version resource, signatures and the digest they are over.

#![no_main]

use interdict_formats::portable_executable::parse_portable_executable;
use interdict_formats::ranges::from_memory;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let read = from_memory(bytes);
    if let Some(program) = parse_portable_executable(&read).0 {
        let _ = program.check_digest(&read, 1 << 20);
    }
});
