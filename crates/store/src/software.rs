//! Distinct pieces of software: each combination of eight fields is stored once and then named by its number.

use std::hash::{Hash, Hasher};

use interdict_model::{Observation, ObservationRef};
use rusqlite::Row;

/// What makes a piece of software distinct, wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Software<'a> {
    pub(crate) source: &'a str,
    pub(crate) name: Option<&'a str>,
    pub(crate) version: Option<&'a str>,
    pub(crate) publisher: Option<&'a str>,
    pub(crate) identifier: Option<&'a str>,
    pub(crate) signer: Option<&'a str>,
    pub(crate) arch: Option<&'a str>,
    pub(crate) display_name: Option<&'a str>,
}

impl Hash for Software<'_> {
    /// The fields that hardly ever leave two apart; hashing all of them takes longer than comparing the few that meet.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.name, self.version, self.identifier).hash(state);
    }
}

/// The columns [`Software::read`] wants, in its order, from a table called `s`.
pub(crate) const COLUMNS: &str =
    "s.source, s.name, s.version, s.publisher, s.identifier, s.signer, s.arch, s.display_name";

impl<'a> Software<'a> {
    /// The software of an observation.
    pub(crate) fn of(observation: &'a Observation) -> Self {
        Self {
            source: observation.source.as_str(),
            name: observation.name.as_deref(),
            version: observation.version.as_deref(),
            publisher: observation.publisher.as_deref(),
            identifier: observation.identifier.as_deref(),
            signer: observation.signer.as_deref(),
            arch: observation.arch.as_deref(),
            display_name: observation.display_name.as_deref(),
        }
    }

    /// The software of an observation that is only looked at.
    pub(crate) fn of_borrowed(observation: &ObservationRef<'a>) -> Self {
        Self {
            source: observation.source.as_str(),
            name: observation.name,
            version: observation.version,
            publisher: observation.publisher,
            identifier: observation.identifier,
            signer: observation.signer,
            arch: observation.arch,
            display_name: observation.display_name,
        }
    }

    /// What people call it: its name, else its name for people, else its identifier.
    pub(crate) fn title(&self) -> &'a str {
        self.name.or(self.display_name).or(self.identifier).unwrap_or_default()
    }

    /// The software in a row, from the column `first` on.
    pub(crate) fn read(row: &'a Row<'_>, first: usize) -> Result<Self, rusqlite::Error> {
        Ok(Self {
            source: text(row, first)?.unwrap_or_default(),
            name: text(row, first + 1)?,
            version: text(row, first + 2)?,
            publisher: text(row, first + 3)?,
            identifier: text(row, first + 4)?,
            signer: text(row, first + 5)?,
            arch: text(row, first + 6)?,
            display_name: text(row, first + 7)?,
        })
    }

    /// A hash that is the same in every version and on every machine.
    pub(crate) fn fingerprint(&self) -> i64 {
        fingerprint(&[
            Some(self.source),
            self.name,
            self.version,
            self.publisher,
            self.identifier,
            self.signer,
            self.arch,
            self.display_name,
        ])
    }
}

/// FNV-1a over some fields, each with the mark of its presence or absence. It narrows a search; the fields themselves are
/// always compared, so that a collision merges nothing.
pub(crate) fn fingerprint(fields: &[Option<&str>]) -> i64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut mix = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for field in fields {
        // 0xff and 0xfe stand in no UTF-8 text, so fields cannot run into each other.
        mix(if field.is_some() { 0xff } else { 0xfe });
        field.unwrap_or_default().bytes().for_each(&mut mix);
    }
    hash.cast_signed()
}

/// A text of a row without a copy.
pub(crate) fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<Option<&'a str>, rusqlite::Error> {
    Ok(row.get_ref(column)?.as_str_or_null()?)
}

#[cfg(test)]
mod tests {
    use interdict_model::ObservationSource;

    use super::*;

    #[test]
    fn a_fingerprint_never_changes_and_tells_fields_apart() {
        let mut observation = Observation::new(ObservationSource::DebPackages);
        observation.name = Some("kesl".to_owned());
        let fingerprint = Software::of(&observation).fingerprint();
        assert_eq!(fingerprint, Software::of(&observation.clone()).fingerprint());
        // Stored in every database: a change of this number needs a migration.
        assert_eq!(fingerprint, -1_883_884_596_597_061_401);
        let mut moved = Observation::new(ObservationSource::DebPackages);
        moved.version = Some("kesl".to_owned());
        assert_ne!(Software::of(&moved).fingerprint(), fingerprint);
        moved.name = Some(String::new());
        moved.version = None;
        let nameless = Observation::new(ObservationSource::DebPackages);
        assert_ne!(Software::of(&moved).fingerprint(), Software::of(&nameless).fingerprint());
    }
}
