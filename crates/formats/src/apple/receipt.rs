//! Receipts of macOS installer packages, and the history of what was installed.
//!
//! A receipt is a property list (`/var/db/receipts/<identifier>.plist`) beside a bill of materials of the same name,
//! which [`bill_of_materials`](super::bill_of_materials) reads. Source: pkgutil(1) and the files themselves.

use interdict_model::Diagnostic;

use crate::property_list::{Value, read, read_dictionary, unexpected};

/// How many installations a history may list.
const MOST_INSTALLATIONS: usize = 100_000;

/// A receipt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// `PackageIdentifier`, such as `com.example.agent.pkg`.
    pub identifier: Option<String>,
    /// `PackageVersion`.
    pub version: Option<String>,
    /// `InstallDate`: RFC 3339 in UTC.
    pub installed: Option<String>,
    /// `InstallPrefixPath`: what the paths of its files are relative to, itself relative to the disk; `/` when empty.
    pub prefix: String,
    /// `PackageFileName`: the file it was installed from.
    pub file_name: Option<String>,
}

/// Reads a receipt.
#[must_use]
pub fn parse_receipt(bytes: &[u8], file_name: &str) -> (Receipt, Vec<Diagnostic>) {
    let (value, diagnostics) = read_dictionary(bytes, file_name);
    let prefix = value.text_of("InstallPrefixPath").unwrap_or_default();
    let receipt = Receipt {
        identifier: value.text_of("PackageIdentifier"),
        version: value.text_of("PackageVersion"),
        installed: value.text_of("InstallDate"),
        prefix: format!("/{}", prefix.trim_matches(['/', '.'])),
        file_name: value.text_of("PackageFileName"),
    };
    (receipt, diagnostics)
}

/// One installation of the history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Installation {
    /// `displayName`: what the person saw.
    pub display_name: Option<String>,
    /// `displayVersion`.
    pub display_version: Option<String>,
    /// `packageIdentifiers`: the packages it consisted of.
    pub packages: Vec<String>,
    /// `date`: RFC 3339 in UTC.
    pub date: Option<String>,
}

/// Reads `/Library/Receipts/InstallHistory.plist`: installations, the oldest first.
#[must_use]
pub fn parse_history(bytes: &[u8], file_name: &str) -> (Vec<Installation>, Vec<Diagnostic>) {
    let (value, mut diagnostics) = read(bytes, file_name);
    let Some(value) = value else { return (Vec::new(), diagnostics) };
    if !matches!(value, Value::List(_)) {
        diagnostics.push(unexpected("the outermost value is no list", file_name));
    }
    let installation = |entry: &Value| Installation {
        display_name: entry.text_of("displayName"),
        display_version: entry.text_of("displayVersion"),
        packages: entry.texts_of("packageIdentifiers"),
        date: entry.text_of("date"),
    };
    (value.list().iter().take(MOST_INSTALLATIONS).map(installation).collect(), diagnostics)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::property_list::code;
    use crate::property_list::tests::{binary, xml};

    #[test]
    fn a_receipt_is_read() {
        let text = xml("<dict><key>InstallDate</key><date>2023-04-05T06:07:08Z</date>\
            <key>InstallPrefixPath</key><string>./Applications/</string>\
            <key>PackageFileName</key><string>A.pkg</string><key>PackageIdentifier</key><string>com.example.a</string>\
            <key>PackageVersion</key><string>1.0</string></dict>");
        let (receipt, diagnostics) = parse_receipt(&binary(&text), "f");
        assert_eq!(diagnostics, []);
        assert_eq!(receipt.identifier.as_deref(), Some("com.example.a"));
        assert_eq!(receipt.installed.as_deref(), Some("2023-04-05T06:07:08Z"));
        assert_eq!(receipt.prefix, "/Applications");
        let bare = parse_receipt(&xml("<dict><key>InstallPrefixPath</key><string>/</string></dict>"), "f").0;
        assert_eq!((bare.prefix.as_str(), bare.identifier), ("/", None));
    }

    #[test]
    fn the_history_is_read() {
        let text = xml("<array><dict><key>displayName</key><string>Agent</string><key>packageIdentifiers</key><array>\
            <string>a</string><string>b</string></array><key>date</key><date>2023-04-05T06:07:08Z</date></dict>\
            <string>odd</string></array>");
        let (history, diagnostics) = parse_history(&text, "f");
        assert_eq!((history.len(), diagnostics.len()), (2, 0));
        assert_eq!((history[0].display_name.as_deref(), history[0].packages.len()), (Some("Agent"), 2));
        assert_eq!(history[1], Installation::default());
        assert_eq!(parse_history(&xml("<dict/>"), "f").1[0].code, code::UNEXPECTED);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (parse_receipt(&bytes, "f"), parse_history(&bytes, "f"));
        }
    }
}
