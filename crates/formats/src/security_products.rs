//! Where makers of security software note in the registry what version it is, how current its definitions are and when its
//! licence ends.
//!
//! A table, and the reading of its values. All of it is what the GLPI agent reads for its inventories
//! (<https://github.com/glpi-project/glpi-agent>, `lib/GLPI/Agent/Task/Inventory/Win32/AntiVirus.pm`); nothing was added to
//! that. What is noted only as days that are left says nothing without the day it was written, and is not read.

use chrono::{DateTime, SecondsFormat};

use crate::registry::{RegistryData, RegistryValue};

/// A key below `HKLM\SOFTWARE` (or its 32-bit half) and what its values say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotedKey {
    /// The key; `*` stands for part of one name.
    pub key: &'static str,
    values: &'static [(&'static str, Says, Form)],
}

/// What a value says of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Says {
    /// Its name.
    Name,
    /// Its version.
    Version,
    /// The version of its engine.
    EngineVersion,
    /// The version of its definitions.
    DefinitionsVersion,
    /// The instant of its definitions, RFC 3339 in UTC.
    DefinitionsDate,
    /// The folder of its data.
    DataFolder,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    /// Seconds since 1970, as a number; all bits set for none.
    Seconds,
    /// A number that goes before the one in this other value.
    Before(&'static str),
    /// Trend Micro's pattern number: 1745700 is 17.457.00.
    Pattern,
}

/// Where to look.
pub const NOTED: &[NotedKey] = &[
    NotedKey {
        key: r"KasperskyLab\protected\*\Data",
        values: &[("LastSuccessfulUpdate", Says::DefinitionsDate, Form::Seconds)],
    },
    NotedKey {
        key: r"ESET\ESET Security\CurrentVersion\Info",
        values: &[
            ("ProductName", Says::Name, Form::Text),
            ("ProductVersion", Says::Version, Form::Text),
            ("ScannerVersion", Says::EngineVersion, Form::Text),
            ("AppDataDir", Says::DataFolder, Form::Text),
        ],
    },
    NotedKey { key: r"Avira\Antivirus", values: &[("VdfVersion", Says::DefinitionsVersion, Form::Text)] },
    NotedKey {
        key: r"F-Secure\Ultralight\Updates\aquarius\*",
        values: &[("file_set_visible_version", Says::DefinitionsVersion, Form::Text)],
    },
    NotedKey {
        key: r"BitDefender\About",
        values: &[("ProductName", Says::Name, Form::Text), ("ProductVersion", Says::Version, Form::Text)],
    },
    NotedKey {
        key: r"McAfee\AVEngine",
        values: &[("AVDatVersion", Says::DefinitionsVersion, Form::Before("AVDatVersionMinor"))],
    },
    NotedKey {
        key: r"TrendMicro\PC-cillinNTCorp\CurrentVersion\Misc.",
        values: &[
            ("TmListen_Ver", Says::Version, Form::Text),
            ("InternalNonCrcPatternVer", Says::DefinitionsVersion, Form::Pattern),
        ],
    },
    NotedKey {
        key: r"Microsoft\Windows Defender\Signature Updates",
        values: &[("AVSignatureVersion", Says::DefinitionsVersion, Form::Text)],
    },
    NotedKey {
        key: r"Microsoft\Microsoft Antimalware\Signature Updates",
        values: &[("AVSignatureVersion", Says::DefinitionsVersion, Form::Text)],
    },
];

impl NotedKey {
    /// What the values of a key of this kind say.
    #[must_use]
    pub fn read(&self, values: &[RegistryValue]) -> Vec<(Says, String)> {
        let get =
            |name: &str| values.iter().find(|value| value.name.eq_ignore_ascii_case(name)).map(|value| &value.data);
        let read = |(name, says, form): &(&str, Says, Form)| {
            let data = get(name)?;
            let text = match form {
                Form::Text => data.text().map(str::to_owned),
                Form::Seconds => instant(data.number()?),
                Form::Before(minor) => {
                    Some(format!("{:04}.{:04}", data.number()?, get(minor).and_then(RegistryData::number)?))
                }
                Form::Pattern => pattern(data.number()?),
            };
            text.map(|text| (*says, text))
        };
        self.values.iter().filter_map(read).collect()
    }
}

fn instant(seconds: u64) -> Option<String> {
    if seconds == 0 || seconds == u64::from(u32::MAX) {
        return None;
    }
    let instant = DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?;
    Some(instant.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn pattern(number: u64) -> Option<String> {
    let (major, minor, revision) = (number / 100_000, number % 100_000 / 100, number % 100);
    (major > 0).then(|| format!("{major}.{minor:03}.{revision:02}"))
}

/// When an ESET licence ends, from its `License\license.lf`: signed XML in UTF-16, of which only one attribute is read.
#[must_use]
pub fn eset_licence_end(bytes: &[u8]) -> Option<String> {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let text = String::from_utf16_lossy(&units);
    let product = text.get(text.find("<ACTIVE_PRODUCT")?..)?;
    let product = product.get(..product.find('>')?)?;
    let (_, rest) = product.split_once("EXPIRATION_DATE=\"")?;
    let end = rest.split('"').next()?;
    DateTime::parse_from_rfc3339(end).is_ok().then(|| end.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str, data: RegistryData) -> RegistryValue {
        RegistryValue { name: name.to_owned(), data }
    }

    fn read(key: &str, values: &[RegistryValue]) -> Vec<(Says, String)> {
        NOTED.iter().find(|noted| noted.key.starts_with(key)).expect("in the table").read(values)
    }

    #[test]
    fn each_form_is_read() {
        let number = RegistryData::Number;
        let text = |text: &str| RegistryData::Text(text.to_owned());
        for (key, values, expected) in [
            ("Kaspersky", vec![value("LastSuccessfulUpdate", number(1_717_200_000))], Some("2024-06-01T00:00:00Z")),
            ("Kaspersky", vec![value("LastSuccessfulUpdate", number(0xffff_ffff))], None),
            ("Kaspersky", vec![value("LastSuccessfulUpdate", number(u64::MAX))], None),
            ("Avira", vec![value("vdfversion", text("8.20.1.2"))], Some("8.20.1.2")),
            (
                "McAfee",
                vec![value("AVDatVersion", number(1234)), value("AVDatVersionMinor", number(0))],
                Some("1234.0000"),
            ),
            ("McAfee", vec![value("AVDatVersion", number(1234))], None),
            ("Trend", vec![value("InternalNonCrcPatternVer", number(1_745_700))], Some("17.457.00")),
            ("Trend", vec![value("InternalNonCrcPatternVer", number(7))], None),
        ] {
            assert_eq!(read(key, &values).first().map(|(_, text)| text.as_str()), expected, "{key}");
        }
    }

    #[test]
    fn the_end_of_a_licence_is_found_in_signed_text() {
        let file = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let xml = "\u{feff}<ESET><PRODUCT_LICENSE_FILE><LICENSE><ACTIVE_PRODUCT CODE=\"1\" \
            EXPIRATION_DATE=\"2026-11-17T12:00:00Z\"/></LICENSE></PRODUCT_LICENSE_FILE></ESET>\0signature";
        assert_eq!(eset_licence_end(&file(xml)).as_deref(), Some("2026-11-17T12:00:00Z"));
        for broken in ["", "<ACTIVE_PRODUCT", "<ACTIVE_PRODUCT EXPIRATION_DATE=\"soon\">"] {
            assert_eq!(eset_licence_end(&file(broken)), None, "{broken}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, number: u64) {
            let _ = (eset_licence_end(&bytes), instant(number), pattern(number));
        }
    }
}
