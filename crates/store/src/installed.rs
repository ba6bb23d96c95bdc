//! An installation as it is kept: numbers of what it shares with others, and its day.
//!
//! [`Registry`] gives the numbers. Whatever differs in a field has another number, so that numbers can be compared instead
//! of texts.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use hashbrown::HashSet;
use interdict_model::{Observation, ObservationRef, ObservationSource, Scope, ScopeRef};
use rusqlite::types::{ToSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};

use crate::error::StoreError;
use crate::rollup::Rollup;
use crate::software::{self, Software};
use crate::value::{from_json, to_json};

/// The number of a piece of software in this database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SoftwareNumber(pub(crate) i64);

/// Where something stands and which raw fields it has, as numbers of this database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceNumber {
    /// Path, folder and scope: what makes it the same installation in the next scan.
    pub(crate) place: i64,
    /// Raw fields, which may change.
    pub(crate) detail: i64,
}

/// When something was installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InstallDate<'a> {
    /// Nobody says.
    Unknown,
    /// A day, in days since 1970-01-01.
    Day(i32),
    /// Whatever is written, where it is no day of the usual form.
    Written(Cow<'a, str>),
}

/// One installation of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed<'a> {
    /// What.
    pub software: SoftwareNumber,
    /// Where.
    pub place: PlaceNumber,
    /// Since when.
    pub date: InstallDate<'a>,
}

impl<'a> InstallDate<'a> {
    /// Takes a date as written: `YYYY-MM-DD` is a day, anything else stays what it is.
    #[must_use]
    pub fn of(text: Option<&'a str>) -> Self {
        match text {
            None => Self::Unknown,
            Some(text) => day_number(text).map_or(Self::Written(Cow::Borrowed(text)), Self::Day),
        }
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Unknown => None,
            Self::Day(number) => Some(Cow::Owned(day_text(*number))),
            Self::Written(text) => Some(Cow::Borrowed(text)),
        }
    }

    /// A date of a row.
    pub(crate) fn read(value: ValueRef<'a>) -> Result<Self, StoreError> {
        Ok(match value {
            ValueRef::Null => Self::Unknown,
            ValueRef::Integer(day) => Self::Day(i32::try_from(day).unwrap_or_default()),
            value => Self::Written(Cow::Borrowed(value.as_str().map_err(rusqlite::Error::from)?)),
        })
    }
}

impl ToSql for InstallDate<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>, rusqlite::Error> {
        Ok(match self {
            Self::Unknown => ToSqlOutput::Owned(Value::Null),
            Self::Day(day) => ToSqlOutput::Owned(Value::Integer(i64::from(*day))),
            Self::Written(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

/// The days from 1970-01-01 to a day written `YYYY-MM-DD` of the years 1900 to 2999; nothing for what is no such day.
fn day_number(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<i32> {
        bytes
            .get(from..to)?
            .iter()
            .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i32::from(byte - b'0')))
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    if !(1900..3000).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // The 30th of February would come back as another day.
    let is_real = match month {
        2 => day <= 28 || day == 29 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0),
        4 | 6 | 9 | 11 => day <= 30,
        _ => true,
    };
    is_real.then(|| days_of(year, month, day))
}

/// Days from 1970-01-01, by counting years from March (Howard Hinnant, "chrono-compatible low-level date algorithms").
const fn days_of(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The opposite of [`day_number`].
fn day_text(number: i32) -> String {
    let shifted = number + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + years + i32::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Path, folder and scope of an observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Place<'a> {
    pub(crate) path: Option<&'a str>,
    pub(crate) install_location: Option<&'a str>,
    pub(crate) scope: Option<ScopeRef<'a>>,
}

impl<'a> Place<'a> {
    pub(crate) fn of(observation: &ObservationRef<'a>) -> Self {
        Self { path: observation.path, install_location: observation.install_location, scope: observation.scope }
    }

    fn of_owned(observation: &'a Observation) -> Self {
        Self {
            path: observation.path.as_deref(),
            install_location: observation.install_location.as_deref(),
            scope: observation.scope.as_ref().map(|scope| match scope {
                Scope::Machine => ScopeRef::Machine,
                Scope::User(name) => ScopeRef::User(name),
            }),
        }
    }

    fn scope_text(&self) -> Option<Cow<'a, str>> {
        self.scope.map(|scope| match scope {
            ScopeRef::Machine => Cow::Borrowed("machine"),
            ScopeRef::User(name) => Cow::Owned(format!("user:{name}")),
        })
    }
}

/// Finds or gives the numbers of what installations share, during one transaction.
pub(crate) struct Registry<'c> {
    software: Numbering<'c>,
    title: Numbering<'c>,
    place: Numbering<'c>,
    detail: Numbering<'c>,
}

/// How the rows of one table are found by a fingerprint and all they say, and get a number.
struct Numbering<'c> {
    find: CachedStatement<'c>,
    insert: CachedStatement<'c>,
    /// Whether the table held any row: where it did not, only what was given here has to be looked for.
    held_any: bool,
    /// Halves of the fingerprints given here: where two meet, the table is asked.
    given: HashSet<u32>,
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the lower half is what is wanted")]
const fn half(fingerprint: i64) -> u32 {
    fingerprint as u32
}

impl<'c> Numbering<'c> {
    fn new(connection: &'c Connection, table: &str, find: &str, insert: &str) -> Result<Self, StoreError> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {table})");
        Ok(Self {
            find: connection.prepare_cached(find)?,
            insert: connection.prepare_cached(insert)?,
            held_any: connection.prepare_cached(&sql)?.query_row([], |row| row.get(0))?,
            given: HashSet::new(),
        })
    }

    fn find(&mut self, fingerprint: i64, fields: &[&dyn ToSql]) -> Result<Option<i64>, StoreError> {
        if !self.held_any && !self.given.contains(&half(fingerprint)) {
            return Ok(None);
        }
        Ok(self.find.query_row(fields, |row| row.get(0)).optional()?)
    }

    fn give(&mut self, fingerprint: i64, fields: &[&dyn ToSql]) -> Result<i64, StoreError> {
        let number = self.insert.insert(fields)?;
        if !self.held_any {
            self.given.insert(half(fingerprint));
        }
        Ok(number)
    }

    fn find_or_give(&mut self, fingerprint: i64, fields: &[&dyn ToSql]) -> Result<i64, StoreError> {
        match self.find(fingerprint, fields)? {
            Some(number) => Ok(number),
            None => self.give(fingerprint, fields),
        }
    }
}

/// A number of software.
pub(crate) struct Found {
    pub(crate) number: i64,
    /// Whether it was given just now.
    pub(crate) is_new: bool,
    /// The title, where the software is new and has one, and whether that is new, too.
    pub(crate) title: Option<(i64, bool)>,
}

/// How titles are found and inserted: fingerprint, name, version, publisher.
const TITLES: [&str; 2] = [
    "SELECT id FROM title WHERE fingerprint = ?1 AND name = ?2 AND version = ?3 AND publisher = ?4",
    "INSERT INTO title (fingerprint, name, version, publisher) VALUES (?1, ?2, ?3, ?4)",
];

/// The same in schema 5, where titles had no fingerprint yet.
const TITLES_OF_SCHEMA_5: [&str; 2] = [
    "SELECT id FROM title WHERE ?1 IS NOT NULL AND name = ?2 COLLATE NOCASE AND name = ?2 AND version = ?3 \
     AND publisher = ?4",
    "INSERT INTO title (name, version, publisher) SELECT ?2, ?3, ?4 WHERE ?1 IS NOT NULL",
];

impl<'c> Registry<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Result<Self, StoreError> {
        Self::with_titles(connection, TITLES)
    }

    /// For the step that leads to schema 5.
    pub(crate) fn of_schema_5(connection: &'c Connection) -> Result<Self, StoreError> {
        Self::with_titles(connection, TITLES_OF_SCHEMA_5)
    }

    fn with_titles(connection: &'c Connection, [find_title, insert_title]: [&str; 2]) -> Result<Self, StoreError> {
        let numbering = |table, find, insert| Numbering::new(connection, table, find, insert);
        Ok(Self {
            software: numbering(
                "software",
                "SELECT id FROM software WHERE fingerprint = ?1 AND source = ?2 AND name IS ?3 AND version IS ?4 \
                 AND publisher IS ?5 AND identifier IS ?6 AND signer IS ?7 AND arch IS ?8 AND display_name IS ?9",
                "INSERT INTO software (fingerprint, source, name, version, publisher, identifier, signer, arch, \
                 display_name, title) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?,
            title: numbering("title", find_title, insert_title)?,
            place: numbering(
                "place",
                "SELECT id FROM place WHERE fingerprint = ?1 AND path IS ?2 AND install_location IS ?3 AND scope IS ?4",
                "INSERT INTO place (fingerprint, path, install_location, scope) VALUES (?1, ?2, ?3, ?4)",
            )?,
            detail: numbering(
                "detail",
                "SELECT id FROM detail WHERE fingerprint = ?1 AND raw = ?2",
                "INSERT INTO detail (fingerprint, raw) VALUES (?1, ?2)",
            )?,
        })
    }

    /// The number of a piece of software, which is stored if it never was.
    pub(crate) fn software(&mut self, source: ObservationSource, software: &Software<'_>) -> Result<Found, StoreError> {
        let Software { source: word, name, version, publisher, identifier, signer, arch, display_name } = software;
        let fingerprint = software.fingerprint();
        let fields = params![fingerprint, word, name, version, publisher, identifier, signer, arch, display_name];
        if let Some(number) = self.software.find(fingerprint, fields)? {
            return Ok(Found { number, is_new: false, title: None });
        }
        let title = if source.is_registration() { Some(self.title(software)?) } else { None };
        let of_title = title.map(|(title, _)| title);
        let fields = [fields, params![of_title]].concat();
        let number = self.software.give(fingerprint, &fields)?;
        Ok(Found { number, is_new: true, title })
    }

    /// The number of a title, and whether it was given just now.
    fn title(&mut self, software: &Software<'_>) -> Result<(i64, bool), StoreError> {
        let name = software.title();
        let (version, publisher) = (software.version.unwrap_or_default(), software.publisher.unwrap_or_default());
        let fingerprint = software::fingerprint(&[Some(name), Some(version), Some(publisher)]);
        let fields = params![fingerprint, name, version, publisher];
        match self.title.find(fingerprint, fields)? {
            Some(title) => Ok((title, false)),
            None => Ok((self.title.give(fingerprint, fields)?, true)),
        }
    }

    /// The number of a place; 0 for one of which nothing is known.
    pub(crate) fn place(&mut self, place: &Place<'_>) -> Result<i64, StoreError> {
        if *place == Place::default() {
            return Ok(0);
        }
        let scope = place.scope_text();
        let fingerprint = software::fingerprint(&[place.path, place.install_location, scope.as_deref()]);
        self.place.find_or_give(fingerprint, params![fingerprint, place.path, place.install_location, scope])
    }

    /// The number of a set of raw fields, written as JSON; 0 for none.
    pub(crate) fn detail(&mut self, raw: Option<&str>) -> Result<i64, StoreError> {
        let Some(raw) = raw else { return Ok(0) };
        let fingerprint = software::fingerprint(&[Some(raw)]);
        self.detail.find_or_give(fingerprint, params![fingerprint, raw])
    }
}

/// The raw fields as JSON, or nothing when there are none.
pub(crate) fn raw_json(observation: &Observation) -> Result<Option<String>, StoreError> {
    if observation.raw.is_empty() { Ok(None) } else { to_json(&observation.raw).map(Some) }
}

/// The raw fields of a borrowed observation as [`raw_json`] writes them.
pub(crate) fn raw_json_of(observation: &ObservationRef<'_>) -> Result<Option<String>, StoreError> {
    if observation.raw.is_empty() {
        return Ok(None);
    }
    let raw: BTreeMap<&str, &str> = observation.raw.iter().copied().collect();
    to_json(&raw).map(Some)
}

/// The installations of one machine's observations. Software that was unknown is noted.
pub(crate) fn installed<'a>(
    connection: &Connection,
    observations: &'a [Observation],
    rollup: &mut Rollup,
) -> Result<Vec<Installed<'a>>, StoreError> {
    let mut registry = Registry::new(connection)?;
    let mut software_numbers: HashMap<Software<'a>, i64> = HashMap::with_capacity(observations.len());
    let mut place_numbers: HashMap<Place<'a>, i64> = HashMap::new();
    let mut installed = Vec::with_capacity(observations.len());
    for observation in observations {
        let software = match software_numbers.entry(Software::of(observation)) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(unknown) => {
                let found = registry.software(observation.source, unknown.key())?;
                rollup.note(&found);
                *unknown.insert(found.number)
            }
        };
        let place = match place_numbers.entry(Place::of_owned(observation)) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(unknown) => {
                let number = registry.place(unknown.key())?;
                *unknown.insert(number)
            }
        };
        let detail = registry.detail(raw_json(observation)?.as_deref())?;
        installed.push(Installed {
            software: SoftwareNumber(software),
            place: PlaceNumber { place, detail },
            date: InstallDate::of(observation.install_date.as_deref()),
        });
    }
    Ok(installed)
}

/// Raw fields that were kept as JSON.
pub(crate) fn read_raw(raw: Option<&str>) -> Result<BTreeMap<String, String>, StoreError> {
    raw.map_or_else(|| Ok(BTreeMap::new()), |raw| from_json("raw fields", raw))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_come_back_as_written_and_anything_else_stays_text() {
        for (text, number) in [
            ("1970-01-01", Some(0)),
            ("2024-02-29", Some(19_782)),
            ("2026-11-23", Some(20_780)),
            ("1969-12-31", Some(-1)),
            ("2023-02-29", None),
            ("2024-13-01", None),
            ("2024-1-01", None),
            ("20240101", None),
            ("2024-01-01T00:00:00Z", None),
            ("", None),
        ] {
            let date = InstallDate::of(Some(text));
            assert_eq!(
                matches!(date, InstallDate::Day(day) if Some(day) == number),
                number.is_some(),
                "{text}: {date:?}"
            );
            assert_eq!(date.text().as_deref(), Some(text));
        }
        assert_eq!(InstallDate::of(None).text(), None);
    }
}
