//! Property lists, by every reader of one.

#![no_main]

use interdict_formats::apple::bundle::parse_info_plist;
use interdict_formats::apple::configuration_profile::{parse_privacy_overrides, parse_profiles};
use interdict_formats::apple::extension::parse_system_extensions;
use interdict_formats::apple::launchd::{parse_job, parse_overrides};
use interdict_formats::apple::receipt::{parse_history, parse_receipt};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = (parse_info_plist(bytes, "f"), parse_job(bytes, "f"), parse_overrides(bytes, "f"));
    let _ = (parse_receipt(bytes, "f"), parse_history(bytes, "f"), parse_system_extensions(bytes, "f"));
    let _ = (parse_profiles(bytes, "f"), parse_privacy_overrides(bytes, "f"));
});
