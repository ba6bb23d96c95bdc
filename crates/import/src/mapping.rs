//! Which column of a table is what.
//!
//! A [`Mapping`] says it in the words of the titles; [`suggest`] makes one from the titles, in several languages, and
//! from the first values, and says of every column how sure it is. [`fingerprint`] names a header, so that whoever keeps
//! mappings finds the one of the last time. Nothing is kept here.

mod aliases;
mod suggest;

use std::collections::BTreeMap;

use interdict_model::{ObservationSource, OsFamily};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::ImportError;
pub use crate::mapping::suggest::{Column, Confidence, Suggestion, suggest};
pub use crate::text::DateOrder;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// A machine's name, with or without its domain.
    DeviceName,
    /// The exporting tool's own id of a machine.
    DeviceId,
    /// A machine's domain or workgroup.
    Domain,
    /// A machine's UUID.
    Uuid,
    /// A machine's serial number.
    Serial,
    /// A machine's operating system.
    Os,
    /// The version of a machine's operating system.
    OsVersion,
    /// When the tool last heard of a machine.
    LastSeen,
    /// On how many machines something is.
    DeviceCount,
    /// The name of a piece of software.
    Name,
    /// Its version.
    Version,
    /// Who publishes it.
    Publisher,
    /// Its product code, bundle id, package id or CPE.
    Identifier,
    /// The folder it is installed to.
    InstallLocation,
    /// A file of it.
    Path,
    /// When it was installed.
    InstallDate,
    /// The processor architecture it is made for.
    Arch,
    /// In whose profile it is installed. Never suggested: whose machine it is, is nobody's business here.
    User,
}

impl Field {
    /// Every field, in the order they are told to people.
    pub const ALL: &[Self] = &[
        Self::DeviceName,
        Self::DeviceId,
        Self::Domain,
        Self::Uuid,
        Self::Serial,
        Self::Os,
        Self::OsVersion,
        Self::LastSeen,
        Self::DeviceCount,
        Self::Name,
        Self::Version,
        Self::Publisher,
        Self::Identifier,
        Self::InstallLocation,
        Self::Path,
        Self::InstallDate,
        Self::Arch,
        Self::User,
    ];

    /// As a mapping's file calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DeviceName => "device_name",
            Self::DeviceId => "device_id",
            Self::Domain => "domain",
            Self::Uuid => "uuid",
            Self::Serial => "serial",
            Self::Os => "os",
            Self::OsVersion => "os_version",
            Self::LastSeen => "last_seen",
            Self::DeviceCount => "device_count",
            Self::Name => "name",
            Self::Version => "version",
            Self::Publisher => "publisher",
            Self::Identifier => "identifier",
            Self::InstallLocation => "install_location",
            Self::Path => "path",
            Self::InstallDate => "install_date",
            Self::Arch => "arch",
            Self::User => "user",
        }
    }
}

/// What a row of a table stands for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowsAre {
    /// A piece of software on a machine.
    #[default]
    Installations,
    /// A piece of software somewhere: lists of products, licences or purchases.
    Products,
}

/// Which column of a table is what, and what is true of all rows. Its file is JSON; unknown keys are errors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// [`Mapping::SCHEMA`].
    pub schema: String,
    /// The title of the column that holds a field. Titles are compared without regard to case, blanks and punctuation.
    pub columns: BTreeMap<Field, String>,
    /// What a row stands for.
    #[serde(default)]
    pub rows: RowsAre,
    /// Where the tool that made the table had read its rows; `import` where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ObservationSource>,
    /// The family of operating systems of every machine, where no column says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<OsFamily>,
    /// The order of day and month. Where it is not said, dates that may be read both ways stay as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// Whether the table has everything there is on each machine it names, so that what it does not name is gone.
    #[serde(default)]
    pub complete: bool,
}

impl Mapping {
    /// The name and version of this kind of file.
    pub const SCHEMA: &str = "interdict/mapping/v1";

    /// A mapping of no column.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            schema: Self::SCHEMA.to_owned(),
            columns: BTreeMap::new(),
            rows: RowsAre::Installations,
            source: None,
            os: None,
            date_order: None,
            complete: false,
        }
    }

    /// Reads a mapping's file.
    pub fn from_json(text: &str) -> Result<Self, ImportError> {
        let bad = |problem: String| ImportError::BadMapping { problem };
        let mapping: Self = serde_json::from_str(text).map_err(|error| bad(error.to_string()))?;
        if mapping.schema != Self::SCHEMA {
            return Err(bad(format!("its schema is \"{}\", not \"{}\"", mapping.schema, Self::SCHEMA)));
        }
        mapping.check()?;
        Ok(mapping)
    }

    /// The mapping's file.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Whether something can be read with it.
    pub(crate) fn check(&self) -> Result<(), ImportError> {
        if [Field::Name, Field::Identifier].iter().any(|field| self.columns.contains_key(field)) {
            return Ok(());
        }
        let problem = "it says of no column that it holds the name or the identifier of software".to_owned();
        Err(ImportError::BadMapping { problem })
    }
}

/// A title without case, blanks and punctuation: `Asset Name`, `asset_name` and `AssetName` are the same.
pub(crate) fn normalised(title: &str) -> String {
    title.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The name of a header: the SHA-256 of its titles in order, without case, blanks and punctuation, in hexadecimal.
#[must_use]
pub fn fingerprint(header: &[String]) -> String {
    let mut digest = Sha256::new();
    for title in header {
        digest.update(normalised(title));
        digest.update([0]);
    }
    digest.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        for half in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(half), 16));
        }
        text
    })
}

/// How many titles of a header are known in one of the languages.
pub(crate) fn known_titles(header: &[String]) -> usize {
    header.iter().filter(|title| aliases::is_known(&normalised(title))).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(titles: &[&str]) -> Vec<String> {
        titles.iter().map(|title| (*title).to_owned()).collect()
    }

    #[test]
    fn a_fingerprint_is_of_the_titles_in_their_order() {
        let one = fingerprint(&header(&["Asset Name", "Software"]));
        assert_eq!(one.len(), 64);
        assert_eq!(one, fingerprint(&header(&["asset_name", " SOFTWARE "])));
        assert_ne!(one, fingerprint(&header(&["Software", "Asset Name"])));
        assert_ne!(one, fingerprint(&header(&["AssetNameSoftware"])), "titles do not run into each other");
    }

    #[test]
    fn a_mapping_reads_back_and_unknown_keys_are_errors() {
        let mut mapping = Mapping::empty();
        mapping.columns.insert(Field::Name, "Anwendung".to_owned());
        mapping.date_order = Some(DateOrder::DayFirst);
        assert_eq!(Mapping::from_json(&mapping.to_json()).expect("reads"), mapping);
        let cases = [
            (r#"{"schema":"interdict/mapping/v1","columns":{"name":"x"},"colour":"red"}"#, "colour"),
            (r#"{"schema":"interdict/mapping/v1","columns":{"nmae":"x"}}"#, "nmae"),
            (r#"{"schema":"interdict/mapping/v2","columns":{"name":"x"}}"#, "v2"),
            (r#"{"schema":"interdict/mapping/v1","columns":{"version":"x"}}"#, "name or the identifier"),
            ("", "EOF"),
        ];
        for (text, expected) in cases {
            let error = Mapping::from_json(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn fields_are_called_what_their_file_calls_them() {
        for field in Field::ALL {
            assert_eq!(serde_json::to_string(field).expect("serialises"), format!("\"{}\"", field.name()));
        }
    }
}
