//! Registry hives: opened, walked to the end with all values, and asked for a key by name.

#![no_main]

use interdict_formats::hive::Hive;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(hive) = Hive::open(bytes.to_vec(), &[]) else { return };
    let mut keys = 0;
    hive.walk(&mut |key, _| {
        keys += 1;
        let _ = (key.values(), key.link());
    });
    // What can be reached is a tree of cells of at least 80 bytes.
    assert!(keys <= bytes.len() / 80 + 1);
    let _ = hive.key(r"Microsoft\Windows\CurrentVersion\Uninstall");
});
