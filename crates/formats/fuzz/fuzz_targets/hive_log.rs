//! Transaction logs of a sound hive; those with entries also with the hashes set right, which no fuzzer guesses.

#![no_main]

use std::sync::LazyLock;

use interdict_formats::hive::Hive;
use interdict_formats::testing::hive::{HiveKey, HiveValue, encode, make_dirty, seal, seal_entries};
use libfuzzer_sys::fuzz_target;

/// What was not written to its end.
static DIRTY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut root = HiveKey::new("ROOT");
    root.at(r"Microsoft\Windows").values.push(HiveValue::text("text", "x"));
    let mut bytes = encode(&root).bytes;
    make_dirty(&mut bytes);
    bytes
});

fuzz_target!(|bytes: &[u8]| {
    let mut sealed = bytes.to_vec();
    if sealed.len() >= 512 {
        seal(&mut sealed);
        seal_entries(&mut sealed);
    }
    for logs in [&[bytes, &sealed][..], &[&sealed[..]][..]] {
        if let Ok(hive) = Hive::open(DIRTY.clone(), logs) {
            hive.walk(&mut |key, _| drop(key.values()));
        }
    }
});
