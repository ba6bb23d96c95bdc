//! RPM databases of Berkeley DB: read to the end, with no more handed over than there is.

#![no_main]

use std::convert::Infallible;

use interdict_formats::rpm_bdb::read_packages;
use interdict_formats::rpm_database::DatabaseFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut read = |offset: u64, length: usize| {
        let rest = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..)).unwrap_or_default();
        Ok::<_, Infallible>(rest[..rest.len().min(length)].to_vec())
    };
    let mut handed_over = 0;
    let file = DatabaseFile { size: bytes.len() as u64, read: &mut read };
    let diagnostics = read_packages(file, &mut |header| handed_over += header.len());
    assert!(diagnostics.is_ok_and(|diagnostics| diagnostics.len() < 60));
    // What lies in a page of records may be handed over once more than what lies behind it.
    assert!(handed_over <= 2 * bytes.len());
});
