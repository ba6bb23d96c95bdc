//! RPM headers, and the lists of files in them.

#![no_main]

use interdict_formats::rpm::{MOST_FILES, parse_files, parse_header};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = parse_header(bytes);
    let (files, _) = parse_files(bytes);
    assert!(files.len() <= MOST_FILES);
});
