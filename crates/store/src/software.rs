//! Distinct pieces of software: each combination of eight fields is stored once and then named by its number.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use interdict_model::{Observation, ObservationSource};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

use crate::error::StoreError;

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

    /// A hash that is the same in every version and on every machine: FNV-1a over the fields, each with its length or
    /// the mark of its absence.
    fn fingerprint(&self) -> i64 {
        let fields = [
            Some(self.source),
            self.name,
            self.version,
            self.publisher,
            self.identifier,
            self.signer,
            self.arch,
            self.display_name,
        ];
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let mut mix = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        for field in fields {
            // 0xff and 0xfe stand in no UTF-8 text, so fields cannot run into each other.
            mix(if field.is_some() { 0xff } else { 0xfe });
            field.unwrap_or_default().bytes().for_each(&mut mix);
        }
        hash.cast_signed()
    }
}

/// A text of a row without a copy.
pub(crate) fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<Option<&'a str>, rusqlite::Error> {
    Ok(row.get_ref(column)?.as_str_or_null()?)
}

/// Finds or gives the numbers of pieces of software during one transaction.
pub(crate) struct Numbers<'c, 'a> {
    /// Absent when nothing was stored before: whatever is found then is in `known`.
    find: Option<CachedStatement<'c>>,
    insert: CachedStatement<'c>,
    known: HashMap<Software<'a>, i64>,
}

impl<'c, 'a> Numbers<'c, 'a> {
    /// Nothing is known yet; about `expected` pieces of software will be asked for.
    pub(crate) fn new(connection: &'c Connection, expected: usize) -> Result<Self, StoreError> {
        let find = "SELECT id FROM software WHERE fingerprint = ?1 AND source = ?2 AND name IS ?3 AND version IS ?4 \
                    AND publisher IS ?5 AND identifier IS ?6 AND signer IS ?7 AND arch IS ?8 AND display_name IS ?9";
        let insert = "INSERT INTO software (fingerprint, source, name, version, publisher, identifier, signer, arch, \
                      display_name, registration) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let has_any =
            connection.query_row("SELECT EXISTS (SELECT 1 FROM software)", [], |row| row.get::<_, bool>(0))?;
        Ok(Self {
            find: has_any.then(|| connection.prepare_cached(find)).transpose()?,
            insert: connection.prepare_cached(insert)?,
            known: HashMap::with_capacity(expected),
        })
    }

    /// The number of a piece of software, which is stored if it never was.
    pub(crate) fn number(&mut self, source: ObservationSource, software: Software<'a>) -> Result<i64, StoreError> {
        if let Some(&id) = self.known.get(&software) {
            return Ok(id);
        }
        let Software { source: word, name, version, publisher, identifier, signer, arch, display_name } = software;
        let fingerprint = software.fingerprint();
        let fields = params![fingerprint, word, name, version, publisher, identifier, signer, arch, display_name];
        let found = match &mut self.find {
            Some(find) => find.query_row(fields, |row| row.get(0)).optional()?,
            None => None,
        };
        let id = match found {
            Some(id) => id,
            None => self.insert.insert(params![
                fingerprint,
                word,
                name,
                version,
                publisher,
                identifier,
                signer,
                arch,
                display_name,
                source.is_registration(),
            ])?,
        };
        self.known.insert(software, id);
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
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
