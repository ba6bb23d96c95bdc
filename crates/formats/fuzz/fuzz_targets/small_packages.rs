//! The small files of pacman, Flatpak, snapd and Homebrew: all readers over the same bytes.

#![no_main]

use interdict_formats::{flatpak, homebrew, pacman, snap};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = (pacman::parse_description(bytes, "f"), pacman::parse_file_list(bytes, "f"));
    let _ = (flatpak::parse_component(bytes, "f"), flatpak::key_file_value(bytes, "Application", "command"));
    let _ = (snap::parse_state(bytes, "f"), snap::parse_meta(bytes), snap::parse_assertion(bytes));
    let _ = (homebrew::parse_receipt(bytes, "f"), homebrew::parse_cask_json(bytes, "f"));
    let _ = (homebrew::parse_cask_ruby(bytes), homebrew::parse_app_folder(bytes));
});
