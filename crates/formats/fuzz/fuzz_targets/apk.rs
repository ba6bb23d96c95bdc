//! apk's database, whole and in pieces.

#![no_main]

use std::collections::BTreeSet;

use interdict_formats::apk::{InstalledReader, parse_installed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let wanted: BTreeSet<String> = [String::from("agent")].into();
    let whole = parse_installed(bytes, "f", &wanted);
    let mut reader = InstalledReader::new("f", &wanted);
    bytes.chunks(7).for_each(|piece| reader.feed(piece));
    assert_eq!(reader.finish(), whole);
});
