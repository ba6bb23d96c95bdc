//! Bytes of machine databases to observations.
//!
//! Each module reads one format: bytes go in, values and [`Diagnostic`](interdict_model::Diagnostic)s come out. Nothing
//! here opens a file, asks the clock or fails as a whole, and no bytes make it panic. Sizes, depths and counts are
//! bounded, since the bytes come from machines that nobody vouches for. Where the bytes lie, and what it means that
//! they are missing or unreadable, is the business of `interdict-collect`.

pub mod apk;
pub mod app_package;
pub mod appimage;
pub mod apple;
mod asn1;
pub mod browser;
pub mod certificate;
pub mod certificate_store;
pub mod code_signature;
pub mod crontab;
pub mod desktop_entry;
pub mod dpkg;
pub mod efi;
pub mod executable;
#[cfg(test)]
#[path = "../tests/support/executable_encoder.rs"]
mod executable_encoder;
pub mod firewall_rule;
pub mod flatpak;
pub mod hive;
pub mod homebrew;
mod json;
pub mod kernel_module;
pub mod kernel_modules;
mod notes;
pub mod pacman;
pub mod portable_executable;
pub mod process;
pub mod product_code;
pub mod property_list;
pub mod ranges;
pub mod registry;
pub mod registry_file;
pub mod rpm;
pub mod rpm_bdb;
pub mod rpm_database;
pub mod rpm_ndb;
pub mod scheduled_task;
pub mod security_center;
pub mod security_products;
pub mod signature;
#[cfg(test)]
#[path = "../tests/support/signature_encoder.rs"]
mod signature_encoder;
pub mod snap;
pub mod start_script;
pub mod system;
pub mod systemd;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod unix_command;
pub mod version_resource;
pub mod wide_texts;
pub mod windows_command;
mod xml;

/// Every diagnostic code of this crate with what it means, for the documentation and the test that no code exists twice.
pub const DIAGNOSTIC_CODES: &[(&str, &str)] = &[
    (
        apple::bill_of_materials::code::MALFORMED,
        "A bill of materials is damaged or is none; what could be read of it was used.",
    ),
    (browser::code::NOT_JSON, "A browser's file is not the JSON it should be."),
    (browser::code::TRUNCATED, "A browser's file ends within its JSON."),
    (browser::code::TOO_MANY, "A browser's file lists more extensions than are read; the rest was left out."),
    (apk::code::NAMELESS, "An apk record has no package name and was left out."),
    (apk::code::TRUNCATED, "apk's database ends within a record; what stood after it is unknown."),
    (apk::code::RUN_TOGETHER, "Two apk records stand without an empty line between them; both were kept."),
    (apk::code::TOO_LONG, "A line or a list of files in apk's database is longer than is read; the rest was left out."),
    (pacman::code::NAMELESS, "A pacman package's description has no name and was left out."),
    (pacman::code::TRUNCATED, "A pacman package's description ends too early; what could be read was kept."),
    (pacman::code::LIST_TOO_LONG, "A list of a pacman package's files is longer than is read; the rest was left out."),
    (crontab::code::LINE_UNREAD, "A line of a cron table is neither a setting, a comment nor an entry."),
    (crontab::code::TOO_MANY, "A cron table has more entries than are read; the rest was left out."),
    (flatpak::code::MALFORMED, "An AppStream file is not the XML it should be; what could be read was kept."),
    (homebrew::code::NOT_JSON, "A file of Homebrew's is not the JSON it should be; what stood before was kept."),
    (homebrew::code::TRUNCATED, "A file of Homebrew's ends within its JSON; what stood before was kept."),
    (snap::code::NOT_JSON, "snapd's state is not the JSON it should be; what stood before was kept."),
    (snap::code::TRUNCATED, "snapd's state ends within its JSON; what stood before was kept."),
    (snap::code::TOO_MANY, "snapd's state has more snaps than are read; the rest was left out."),
    (
        apple::keychain::code::MALFORMED,
        "A keychain is damaged or is none, or holds certificates that cannot be read; the others were used.",
    ),
    (dpkg::code::NAMELESS, "A dpkg record has no package name and was left out."),
    (dpkg::code::TRUNCATED, "A dpkg file ends within a record; what stood after it is unknown."),
    (dpkg::code::RUN_TOGETHER, "Two dpkg records stand without an empty line between them; both were kept."),
    (dpkg::code::FIELD_TWICE, "A dpkg record has a field twice; the first one counts."),
    (dpkg::code::RECORD_TOO_LONG, "A dpkg record is longer than is read; the rest of it was left out."),
    (dpkg::code::LIST_TOO_LONG, "A list of a package's files is longer than is read; the rest was left out."),
    (hive::code::HEADER, "The header of a registry hive contradicts itself or the file; what could be read was kept."),
    (hive::code::TRUNCATED, "A registry hive ends before its header says; what stood after it is unknown."),
    (hive::code::BIN, "Blocks of a registry hive have no sound header; what in them is sound was read all the same."),
    (hive::code::DIRTY, "A registry hive was not written to its end, and no transaction log completes it."),
    (hive::code::RECOVERED, "A registry hive was completed from its transaction logs."),
    (hive::code::LOG, "A transaction log of a registry hive cannot be used."),
    (hive::code::DAMAGED, "A part of a registry hive contradicts itself and was left out."),
    (registry_file::code::UNREAD, "A line of a registry export could not be used."),
    (property_list::code::MALFORMED, "A property list is damaged or is none; what stood before the damage was used."),
    (property_list::code::TOO_LARGE, "A property list holds more than is read; the rest was left out."),
    (property_list::code::UNEXPECTED, "A property list holds something else than its place says."),
    (kernel_module::code::UNPACKED, "A compressed kernel module could not be unpacked."),
    (kernel_module::code::SIGNATURE, "A kernel module's signature contradicts itself; who signed it is unknown."),
    (notes::NOT_UTF8, "A value is not UTF-8; the bytes that are not were replaced."),
    (notes::MORE, "More of the same was found than is listed."),
    (certificate::code::MALFORMED, "What should be a certificate is none, or a broken one, and was left out."),
    (certificate::code::PEM, "A block of a PEM file does not end or is not base64, and was left out."),
    (certificate::code::TOO_MANY, "A file has more certificates than are read; the rest was left out."),
    (
        code_signature::code::MALFORMED,
        "A program of macOS, or its code signature, is broken; what could be read was kept.",
    ),
    (signature::code::MALFORMED, "A signature is broken or has no signer; nobody is named as signer."),
    (
        signature::code::SIGNER_MISSING,
        "A signature does not bring its signer's certificate; nobody is named as signer.",
    ),
    (rpm::code::MALFORMED, "An RPM header contradicts itself and was left out."),
    (rpm::code::NAMELESS, "An RPM header has no package name and was left out."),
    (rpm::code::FILES_MALFORMED, "The file list of an RPM package contradicts itself; what could be read was kept."),
    (rpm_database::code::MALFORMED, "An RPM database contradicts itself; what could be read was kept."),
    (rpm_database::code::TRUNCATED, "An RPM database ends too early; what could be read was kept."),
    (app_package::code::MALFORMED, "The manifest of an app package is not, or not all, one."),
    (scheduled_task::code::MALFORMED, "The file of a scheduled task is not, or not all, the XML of one."),
    (systemd::code::LINE_OUTSIDE, "A line of a unit file is neither a section, a setting nor a comment."),
];

#[cfg(test)]
#[path = "../tests/support/rpm_database_encoder.rs"]
mod rpm_database_encoder;

#[cfg(test)]
mod tests {
    #[test]
    fn every_code_stands_once_and_names_this_crate() {
        let mut codes: Vec<_> = super::DIAGNOSTIC_CODES.iter().map(|(code, _)| *code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), super::DIAGNOSTIC_CODES.len());
        assert!(codes.iter().all(|code| code.starts_with("formats/")));
    }
}
