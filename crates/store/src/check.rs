//! Whether a database is sound, and how much is in it.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::error::StoreError;
use crate::store::Store;
use crate::value::to_count;
use crate::{file, rollup, schema};

/// More problems than this are not told: the first ones say what kind of damage it is.
const MOST_PROBLEMS: usize = 50;

/// What must not be, as a sentence and the question how often it is. Beside what SQLite itself can check: references that
/// are not declared, and numbers that are kept beside what they count.
const RULES: &[(&str, &str)] = &[
    (
        "installations of machines that are not there",
        "SELECT count(*) FROM installation WHERE machine NOT IN (SELECT id FROM machine)",
    ),
    (
        "installations that a scan saw which is not there",
        "SELECT count(*) FROM installation WHERE first_seen NOT IN (SELECT id FROM scan) \
         OR last_seen <> 0 AND last_seen NOT IN (SELECT id FROM scan) OR coalesce(gone NOT IN (SELECT id FROM scan), 0)",
    ),
    (
        "installations of software that is not there",
        "SELECT count(*) FROM installation WHERE software NOT IN (SELECT id FROM software)",
    ),
    (
        "installations in places that are not there",
        "SELECT count(*) FROM installation WHERE place <> 0 AND place NOT IN (SELECT id FROM place) \
         OR detail <> 0 AND detail NOT IN (SELECT id FROM detail)",
    ),
    (
        "machines whose number of installations is wrong",
        "SELECT count(*) FROM machine m WHERE installations <> (SELECT count(*) FROM installation \
         WHERE machine = m.id AND gone IS NULL)",
    ),
    (
        "earlier values of detections that lead nowhere",
        "SELECT count(*) FROM detection_past WHERE detection NOT IN (SELECT id FROM detection) \
         OR until NOT IN (SELECT id FROM scan)",
    ),
    (
        "things told of without a machine that no import tells of, or that cannot be found by words",
        "SELECT count(*) FROM told_title WHERE id NOT IN (SELECT title FROM batch_title) \
         OR id NOT IN (SELECT id FROM told_words_docsize)",
    ),
    ("machines without any scan", "SELECT count(*) FROM machine WHERE id NOT IN (SELECT machine FROM scan)"),
];

/// What a check of a database found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What is wrong, in words; nothing when it is sound.
    pub problems: Vec<String>,
    /// What is in it; nothing when it is too damaged to be counted.
    pub content: Option<Content>,
    /// The bytes of its file.
    pub bytes: u64,
    /// The bytes of the log beside it, which are not yet in the file.
    pub log_bytes: u64,
    /// The bytes in it that hold nothing any more; compacting gives them back.
    pub free_bytes: u64,
    /// Its schema.
    pub schema: i64,
    /// How it is written: `wal` on a local disk, `delete` on a network drive.
    pub journal: String,
}

impl Checked {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

/// How much is in a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Machines.
    pub machines: usize,
    /// Scans of them.
    pub scans: usize,
    /// Installations that are there now.
    pub installations: usize,
    /// Installations that are gone.
    pub past_installations: usize,
    /// Detections that are there now.
    pub detections: usize,
    /// Detections that are gone.
    pub past_detections: usize,
    /// When the oldest scan began.
    pub first_scan: Option<String>,
    /// When the newest scan began.
    pub last_scan: Option<String>,
}

impl Store {
    /// Reads everything and says what is wrong with it. Nothing is changed.
    pub fn check(&self) -> Result<Checked, StoreError> {
        let mut problems = problems(&self.connection)?;
        let transaction = self.read()?;
        problems.extend(broken_rules(&transaction)?);
        let content = content(&transaction);
        drop(transaction);
        problems.extend(content.as_ref().err().map(ToString::to_string));
        let pragma = |name| self.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let free_pages = pragma("freelist_count")?.saturating_mul(pragma("page_size")?);
        let [database, log, ..] = file::family(self.path());
        Ok(Checked {
            problems,
            content: content.ok(),
            bytes: length(&database),
            log_bytes: length(&log),
            free_bytes: u64::try_from(free_pages).unwrap_or_default(),
            schema: schema::user_version(&self.connection)?,
            journal: self.connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?,
        })
    }

    /// How much is in it.
    pub fn content(&self) -> Result<Content, StoreError> {
        content(&self.connection)
    }
}

/// How much is in a database of the present schema.
pub(crate) fn content(connection: &Connection) -> Result<Content, StoreError> {
    let sql = "SELECT (SELECT count(*) FROM machine), (SELECT count(*) FROM scan), \
               (SELECT count(*) FROM installation WHERE gone IS NULL), \
               (SELECT count(*) FROM installation WHERE gone IS NOT NULL), \
               (SELECT count(*) FROM detection WHERE gone IS NULL), \
               (SELECT count(*) FROM detection WHERE gone IS NOT NULL), \
               (SELECT min(started) FROM scan), (SELECT max(started) FROM scan)";
    let count = |row: &Row<'_>, column| row.get(column).map(to_count);
    Ok(connection.query_row(sql, [], |row| {
        Ok(Content {
            machines: count(row, 0)?,
            scans: count(row, 1)?,
            installations: count(row, 2)?,
            past_installations: count(row, 3)?,
            detections: count(row, 4)?,
            past_detections: count(row, 5)?,
            first_scan: row.get(6)?,
            last_scan: row.get(7)?,
        })
    })?)
}

/// What SQLite finds wrong: with the pages, the tables and their indexes, and with declared references.
pub(crate) fn problems(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let sql = format!("PRAGMA integrity_check({MOST_PROBLEMS})");
    let mut problems = told(connection, &sql, |row| row.get(0))?;
    problems.retain(|problem| problem != "ok");
    if !problems.is_empty() {
        return Ok(problems);
    }
    problems_of_references(connection)
}

/// Declared references that lead nowhere.
pub(crate) fn problems_of_references(connection: &Connection) -> Result<Vec<String>, StoreError> {
    told(connection, "PRAGMA foreign_key_check", |row| {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        Ok(format!("a row of {table} refers to a row of {parent} that is not there"))
    })
}

/// What must not be and is.
pub(crate) fn broken_rules(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut problems = Vec::new();
    for (what, sql) in RULES {
        match connection.query_row(sql, [], |row| row.get(0).map(to_count)) {
            Ok(0) => {}
            Ok(count) => problems.push(format!("{count} {what}")),
            Err(error) => problems.push(damage(error)?),
        }
    }
    match rollup::differences(connection) {
        Ok(0) => {}
        Ok(count) => {
            problems.push(format!("{count} sets and counts of machines that are not what the installations say"));
        }
        Err(error @ (StoreError::Corrupt { .. } | StoreError::UnknownValue { .. })) => problems.push(error.to_string()),
        Err(error) => return Err(error),
    }
    Ok(problems)
}

/// Refuses a database that is not sound; `path` is the file that is named then.
pub(crate) fn must_be_sound(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    match problems(connection)?.into_iter().next() {
        None => Ok(()),
        Some(problem) => Err(StoreError::Unsound { path: path.to_owned(), problem }),
    }
}

/// Whether nothing at all was ever written to a database but its schema.
pub(crate) fn is_empty(connection: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
               AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'title_words_%' AND name NOT LIKE 'told_words_%'";
    let mut statement = connection.prepare(sql)?;
    let tables: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for table in tables {
        let quoted = table.replace('"', "\"\"");
        // Every log has its first entry, which says no more than that it began.
        let but = if table == "log" { "WHERE number > 1" } else { "" };
        let sql = format!("SELECT 1 FROM \"{quoted}\" {but} LIMIT 1");
        if connection.query_row(&sql, [], |_| Ok(())).optional()?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn told(
    connection: &Connection,
    sql: &str,
    read: impl FnMut(&Row<'_>) -> Result<String, rusqlite::Error>,
) -> Result<Vec<String>, StoreError> {
    let rows = connection.prepare(sql).and_then(|mut statement| {
        let rows = statement.query_map([], read)?;
        rows.take(MOST_PROBLEMS).collect::<Result<Vec<_>, _>>()
    });
    match rows {
        Ok(rows) => Ok(rows),
        // So damaged that the check itself cannot go on.
        Err(error) => Ok(vec![damage(error)?]),
    }
}

/// The error in words where it is about damage; any other is none of a check's findings.
fn damage(error: rusqlite::Error) -> Result<String, StoreError> {
    let words = error.to_string();
    match StoreError::from(error) {
        StoreError::Corrupt { .. } => Ok(words),
        error => Err(error),
    }
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}
