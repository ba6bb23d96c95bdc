//! dpkg's status database, whole and in pieces, and its lists of files.

#![no_main]

use interdict_formats::dpkg::{StatusReader, parse_checksums, parse_file_list, parse_status};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let whole = parse_status(bytes, "f");
    let mut reader = StatusReader::new("f", 0);
    bytes.chunks(7).for_each(|piece| reader.feed(piece));
    assert_eq!(reader.finish(), whole);
    let _ = (parse_file_list(bytes, "f"), parse_checksums(bytes, "f"));
});
