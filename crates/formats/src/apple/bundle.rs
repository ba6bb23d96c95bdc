//! `Info.plist`: what a bundle (application, extension, kernel extension) says of itself.
//!
//! Keys as Apple documents them: <https://developer.apple.com/documentation/bundleresources/information-property-list>.
//! Names in other languages (`InfoPlist.strings`) are not read.

use interdict_model::Diagnostic;

use crate::property_list::{Value, read_dictionary};

/// What a bundle says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BundleInfo {
    /// `CFBundleIdentifier`, such as `com.example.app`.
    pub identifier: Option<String>,
    /// `CFBundleName`: its short name.
    pub name: Option<String>,
    /// `CFBundleDisplayName`: the name people see.
    pub display_name: Option<String>,
    /// `CFBundleShortVersionString`, else `CFBundleVersion`.
    pub version: Option<String>,
    /// `CFBundleExecutable`: the file name of its program, without a folder.
    pub executable: Option<String>,
    /// `CFBundlePackageType`, such as `APPL`.
    pub package_type: Option<String>,
    /// `NSHumanReadableCopyright`.
    pub copyright: Option<String>,
    /// `NSExtension`'s `NSExtensionPointIdentifier`: what an app extension extends.
    pub extension_point: Option<String>,
    /// Whether a kernel extension is made to be loaded by the system: it matches devices (`IOKitPersonalities`) or must
    /// be there to start from some disk (`OSBundleRequired`).
    pub is_loaded_by_system: bool,
}

/// Reads `Info.plist`. One that is damaged yields what stands before the damage.
#[must_use]
pub fn parse_info_plist(bytes: &[u8], file_name: &str) -> (BundleInfo, Vec<Diagnostic>) {
    let (value, diagnostics) = read_dictionary(bytes, file_name);
    let has_entries = |key: &str| value.get(key).and_then(Value::dictionary).is_some_and(|entries| !entries.is_empty());
    let executable = value.text_of("CFBundleExecutable");
    let info = BundleInfo {
        identifier: value.text_of("CFBundleIdentifier"),
        name: value.text_of("CFBundleName"),
        display_name: value.text_of("CFBundleDisplayName"),
        version: value.text_of("CFBundleShortVersionString").or_else(|| value.text_of("CFBundleVersion")),
        // A file name; a path would lead out of the bundle.
        executable: executable.filter(|name| !name.contains('/') && !matches!(name.as_str(), "." | "..")),
        package_type: value.text_of("CFBundlePackageType"),
        copyright: value.text_of("NSHumanReadableCopyright"),
        extension_point: value.get("NSExtension").and_then(|extension| extension.text_of("NSExtensionPointIdentifier")),
        is_loaded_by_system: has_entries("IOKitPersonalities") || value.text_of("OSBundleRequired").is_some(),
    };
    (info, diagnostics)
}

/// The holder a copyright line names: `© 2003–2024 AO Kaspersky Lab. All rights reserved.` is `AO Kaspersky Lab`. What
/// some write behind the name stays. Nothing where no name is left.
#[must_use]
pub fn copyright_holder(line: &str) -> Option<String> {
    let words = line.split_whitespace().map(|word| word.trim_start_matches('©'));
    let kept: Vec<&str> = words.skip_while(|word| is_before_holder(word)).collect();
    let holder = kept.join(" ");
    let end = holder.to_ascii_lowercase().find("all rights reserved").unwrap_or(holder.len());
    let holder = holder.get(..end)?.trim_end_matches([' ', ',']);
    // A full stop ends the sentence, unless it ends an abbreviation such as "Inc." or "S.A.".
    let last = holder.rsplit(' ').next().unwrap_or_default().trim_end_matches('.');
    let is_abbreviated = last.contains('.') || ABBREVIATIONS.iter().any(|short| last.eq_ignore_ascii_case(short));
    let holder = if is_abbreviated { holder } else { holder.trim_end_matches('.') };
    holder.chars().any(char::is_alphabetic).then(|| holder.to_owned())
}

/// Legal forms that are written with a full stop behind them.
const ABBREVIATIONS: &[&str] = &["inc", "ltd", "co", "corp", "pty", "bros", "cie"];

/// What stands before the name in a copyright line: the word, the sign, years.
fn is_before_holder(word: &str) -> bool {
    let bare = word.trim_matches([',', '.', '-', '–', '—']);
    let is_year = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut years = bare.split(['-', '–', '—', ',']);
    bare.is_empty() || ["copyright", "(c)", "by"].contains(&bare.to_ascii_lowercase().as_str()) || years.all(is_year)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::property_list::code;
    use crate::property_list::tests::{binary, xml};

    #[test]
    fn a_bundle_says_what_it_is() {
        let text = xml("<dict><key>CFBundleIdentifier</key><string>com.example.app</string>\
            <key>CFBundleName</key><string>App</string><key>CFBundleDisplayName</key><string>The App</string>\
            <key>CFBundleShortVersionString</key><string>1.2</string><key>CFBundleVersion</key><string>34</string>\
            <key>CFBundleExecutable</key><string>App</string><key>CFBundlePackageType</key><string>APPL</string>\
            <key>NSHumanReadableCopyright</key><string>© 2024 Example</string>\
            <key>NSExtension</key><dict><key>NSExtensionPointIdentifier</key><string>com.apple.Safari.extension</string>\
            </dict></dict>");
        let expected = BundleInfo {
            identifier: Some("com.example.app".to_owned()),
            name: Some("App".to_owned()),
            display_name: Some("The App".to_owned()),
            version: Some("1.2".to_owned()),
            executable: Some("App".to_owned()),
            package_type: Some("APPL".to_owned()),
            copyright: Some("© 2024 Example".to_owned()),
            extension_point: Some("com.apple.Safari.extension".to_owned()),
            is_loaded_by_system: false,
        };
        assert_eq!(parse_info_plist(&text, "f"), (expected.clone(), Vec::new()));
        assert_eq!(parse_info_plist(&binary(&text), "f"), (expected, Vec::new()));
    }

    #[test]
    fn the_holder_is_what_is_left_of_a_copyright_line() {
        for (line, expected) in [
            ("© 2003–2024 Kaspersky Laboratory. All rights reserved.", Some("Kaspersky Laboratory")),
            ("© 2024 AO Kaspersky Lab. All rights reserved.", Some("AO Kaspersky Lab")),
            ("© 2020 Example S.A. All Rights Reserved", Some("Example S.A.")),
            ("Copyright © 2019 Google Inc. All rights reserved.", Some("Google Inc.")),
            (
                "©2026 Slack Technologies LLC, a Salesforce company. All rights reserved.",
                Some("Slack Technologies LLC, a Salesforce company"),
            ),
            ("Copyright (c) 1997-2023, Example Ltd", Some("Example Ltd")),
            ("Copyright 2014 - 2024 by 1Password", Some("1Password")),
            ("360 Security", Some("360 Security")),
            ("2345.com", Some("2345.com")),
            ("Copyright © 2024", None),
            ("All rights reserved.", None),
            ("ПАО «Пример», 2020", Some("ПАО «Пример», 2020")),
            ("", None),
        ] {
            assert_eq!(copyright_holder(line).as_deref(), expected, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_line_makes_it_panic(line: String) {
            let _ = copyright_holder(&line);
            let _ = copyright_holder(&format!("© {line} all rights reserved"));
        }
    }

    #[test]
    fn what_is_missing_or_odd_is_absent() {
        let of = |inner: &str| parse_info_plist(&xml(&format!("<dict>{inner}</dict>")), "f").0;
        assert_eq!(of("<key>CFBundleVersion</key><real>4.5</real>").version.as_deref(), Some("4.5"));
        assert_eq!(of("<key>CFBundleName</key><string> </string>"), BundleInfo::default());
        assert_eq!(of("<key>CFBundleName</key><array/>"), BundleInfo::default());
        assert_eq!(of("<key>CFBundleExecutable</key><string>../../bin/sh</string>").executable, None);
        assert!(of("<key>IOKitPersonalities</key><dict><key>a</key><dict/></dict>").is_loaded_by_system);
        assert!(!of("<key>IOKitPersonalities</key><dict/>").is_loaded_by_system);
        let (info, diagnostics) = parse_info_plist(b"", "f");
        assert_eq!((info, diagnostics[0].code.as_ref()), (BundleInfo::default(), code::MALFORMED));
    }
}
