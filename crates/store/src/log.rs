//! The log: what was recorded and changed, as entries that each carry the hash of the one before.
//!
//! An entry is written in the transaction of what it records, so that neither is there without the other. Whoever changes,
//! removes or moves an entry breaks the chain, unless he makes all that follows anew; that shows against a head that was
//! printed before ([`Store::verify_log`]). `docs/log.md` says how a stranger verifies a log without this program.
//!
//! The log says what was recorded, not what the machine holds now, and keeps no observation: of a scan it keeps the hash.
//! It does not ask the clock and does not know who sat at the keyboard.

mod encoding;
mod verify;

use std::fmt;
use std::str::FromStr;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior};
use serde_json::Value;

use crate::error::StoreError;
use crate::instant;
use crate::store::Store;
use crate::value::{from_count, from_json};

pub(crate) use encoding::observations_digest;
pub use verify::{HeadAnswer, HeadCheck, LogFault, LogFaultKind, Verification};

/// What stands as the previous hash in entry 1.
pub const LOG_GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The setting in which the migration leaves what was there before the log.
const TO_BEGIN: &str = "log-to-begin";
/// How many digits of a hash are printed, and how many of a given head are needed.
const SHORT: usize = 12;

/// What an entry records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogKind {
    /// The log begins: entry 1 of every log, with how many machines and scans were there before it.
    LogBegun,
    /// A scan was recorded, whether made here or read from a file.
    Scan,
    /// What the machines come to was worked out anew with another catalogue.
    CatalogueChanged,
    /// The organisation's own rules are others than before.
    OwnRulesChanged,
    /// A setting that changes answers has another value.
    SettingChanged,
    /// A file of another tool, or a scan made elsewhere, was imported.
    Import,
    /// An import was taken back.
    ImportUndone,
    /// Somebody decided whether a device of an export is a machine.
    MachineDecided,
    /// Two machines became one.
    MachinesJoined,
    /// What was long over was forgotten.
    Forgotten,
    /// A backup took the place of what was in the database: all entries before are the backup's.
    Restored,
}

impl LogKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::LogBegun,
        Self::Scan,
        Self::CatalogueChanged,
        Self::OwnRulesChanged,
        Self::SettingChanged,
        Self::Import,
        Self::ImportUndone,
        Self::MachineDecided,
        Self::MachinesJoined,
        Self::Forgotten,
        Self::Restored,
    ];

    /// The word in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LogBegun => "log-begun",
            Self::Scan => "scan",
            Self::CatalogueChanged => "catalogue-changed",
            Self::OwnRulesChanged => "own-rules-changed",
            Self::SettingChanged => "setting-changed",
            Self::Import => "import",
            Self::ImportUndone => "import-undone",
            Self::MachineDecided => "machine-decided",
            Self::MachinesJoined => "machines-joined",
            Self::Forgotten => "forgotten",
            Self::Restored => "restored",
        }
    }
}

/// An entry to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct NewLogEntry {
    /// When it happened: RFC 3339, UTC.
    pub instant: String,
    /// What it records.
    pub kind: LogKind,
    /// The particulars: an object of texts, whole numbers, lists and objects.
    pub body: Value,
}

/// An entry as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Its number, from 1.
    pub number: i64,
    /// When it was written: RFC 3339, UTC.
    pub instant: String,
    /// What it records: the word of a [`LogKind`], or one that a newer version writes.
    pub kind: String,
    /// The particulars, as JSON.
    pub body: String,
    /// The hash of the entry before.
    pub previous: String,
    /// Its own hash.
    pub hash: String,
}

/// The newest entry: whoever keeps it can later tell whether the log still holds all that it held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHead {
    /// Its number.
    pub number: i64,
    /// Its hash, 64 hexadecimal digits.
    pub hash: String,
}

impl fmt::Display for LogHead {
    /// As printed on reports: `42:0123456789ab`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.number, self.hash.get(..SHORT).unwrap_or(&self.hash))
    }
}

/// A head that was printed somewhere: `42:0123456789ab`, or the hash alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedHead {
    /// The entry it names, where it names one.
    pub number: Option<i64>,
    /// The first digits of its hash, 12 to 64 of them, in lower case.
    pub hash: String,
}

impl fmt::Display for ExpectedHead {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            Some(number) => write!(formatter, "{number}:{}", self.hash),
            None => formatter.write_str(&self.hash),
        }
    }
}

/// A text that is no head of a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a head is written as 42:0123456789ab, or as 12 to 64 hexadecimal digits")]
pub struct NotAHead;

impl FromStr for ExpectedHead {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let (number, hash) = match text.trim().split_once(':') {
            Some((number, hash)) => (Some(number), hash),
            None => (None, text.trim()),
        };
        let is_hash =
            (SHORT..=LOG_GENESIS.len()).contains(&hash.len()) && hash.bytes().all(|it| it.is_ascii_hexdigit());
        if !is_hash {
            return Err(NotAHead);
        }
        let entry = |text: &str| text.parse().ok().filter(|number: &i64| *number > 0).ok_or(NotAHead);
        Ok(Self { number: number.map(entry).transpose()?, hash: hash.to_ascii_lowercase() })
    }
}

/// Writes an entry at the end of the log, within the transaction of what it records.
pub(crate) fn append(transaction: &Transaction<'_>, entry: &NewLogEntry) -> Result<LogHead, StoreError> {
    instant::check(&entry.instant)?;
    let last = head(transaction)?;
    let number = last.as_ref().map_or(0, |last| last.number).saturating_add(1);
    let previous = last.map_or_else(|| LOG_GENESIS.to_owned(), |last| last.hash);
    let (kind, body) = (entry.kind.as_str(), encoding::canonical(&entry.body));
    let hash = encoding::hash(number, &[&entry.instant, kind, &body, &previous].map(str::as_bytes));
    let sql = "INSERT INTO log (number, instant, kind, body, previous, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    transaction.prepare_cached(sql)?.execute((number, &entry.instant, kind, &body, &previous, &hash))?;
    Ok(LogHead { number, hash })
}

/// Writes entry 1 where the log has none yet, with what the migration found.
pub(crate) fn begin(connection: &Connection, now: &str) -> Result<(), StoreError> {
    if before_the_log(connection)?.is_none() {
        return Ok(());
    }
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    if let Some(found) = before_the_log(&transaction)? {
        let body = from_json("what was before the log", &found)?;
        append(&transaction, &NewLogEntry { instant: now.to_owned(), kind: LogKind::LogBegun, body })?;
        transaction.execute("DELETE FROM setting WHERE key = ?1", [TO_BEGIN])?;
    }
    Ok(transaction.commit()?)
}

fn before_the_log(connection: &Connection) -> Result<Option<String>, StoreError> {
    let sql = "SELECT value FROM setting WHERE key = ?1";
    Ok(connection.query_row(sql, [TO_BEGIN], |row| row.get(0)).optional()?)
}

fn head(connection: &Connection) -> Result<Option<LogHead>, StoreError> {
    let sql = "SELECT number, hash FROM log ORDER BY number DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let head = statement.query_row([], |row| Ok(LogHead { number: row.get(0)?, hash: text(row, 1)? })).optional()?;
    Ok(head)
}

/// A text as it is to be shown, even where somebody put bytes there that are none.
fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Null => String::new(),
    })
}

impl Store {
    /// The newest entry of the log; nothing where somebody emptied it.
    pub fn log_head(&self) -> Result<Option<LogHead>, StoreError> {
        head(&self.connection)
    }

    /// The entries after a number (0 for all of them), oldest first, at most so many.
    pub fn log_entries(&self, after: i64, limit: Option<usize>) -> Result<Vec<LogEntry>, StoreError> {
        let sql =
            "SELECT number, instant, kind, body, previous, hash FROM log WHERE number > ?1 ORDER BY number LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map((after, limit.map_or(-1, from_count)), |row| {
            Ok(LogEntry {
                number: row.get(0)?,
                instant: text(row, 1)?,
                kind: text(row, 2)?,
                body: text(row, 3)?,
                previous: text(row, 4)?,
                hash: text(row, 5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Sets a setting and says so in the log, in one transaction; whether it had another value before. `entry` is made of
    /// that other value.
    pub fn record_setting(
        &mut self,
        key: &str,
        value: &str,
        entry: impl FnOnce(Option<&str>) -> NewLogEntry,
    ) -> Result<bool, StoreError> {
        if self.setting(key)?.as_deref() == Some(value) {
            return Ok(false);
        }
        let transaction = self.write()?;
        let sql = "SELECT value FROM setting WHERE key = ?1";
        let before: Option<String> = transaction.query_row(sql, [key], |row| row.get(0)).optional()?;
        if before.as_deref() == Some(value) {
            return Ok(false);
        }
        append(&transaction, &entry(before.as_deref()))?;
        crate::settings::set(&transaction, key, value)?;
        transaction.commit()?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_is_printed_or_in_full() {
        let full = "0123456789abcdef".repeat(4);
        let head = LogHead { number: 42, hash: full.clone() };
        assert_eq!(head.to_string(), "42:0123456789ab");
        for (given, number, hash) in [
            ("42:0123456789ab", Some(42), "0123456789ab"),
            (" 0123456789AB ", None, "0123456789ab"),
            (full.as_str(), None, full.as_str()),
            (&format!("7:{full}"), Some(7), full.as_str()),
        ] {
            assert_eq!(given.parse(), Ok(ExpectedHead { number, hash: hash.to_owned() }), "{given}");
        }
        let long = format!("{full}0");
        let wrong =
            ["", "42", "42:", "0123456789a", "42:0123456789a", "0:0123456789ab", "-1:0123456789ab", ":0123456789ab"];
        for given in wrong.into_iter().chain(["x:0123456789ab", "0123456789ag", "1:2:0123456789ab", &long]) {
            assert_eq!(given.parse::<ExpectedHead>(), Err(NotAHead), "{given}");
        }
    }

    #[test]
    fn every_kind_has_a_word_of_its_own() {
        let words: std::collections::BTreeSet<&str> = LogKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(words.len(), LogKind::ALL.len());
    }
}
