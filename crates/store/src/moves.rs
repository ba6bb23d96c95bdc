//! What a detection was before: the versions and presences it had while its interval lasts.
//!
//! A row is written where a scan finds a detection otherwise than the one before, and only then. What another catalogue
//! makes of the same traces is no change of a machine and is not kept.

use interdict_model::{Detection, Presence};
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::instant;
use crate::software::text;
use crate::value::to_word;

/// A version and a presence that a detection had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Was {
    /// When the scan began that first found it otherwise.
    pub(crate) started: String,
    /// That scan.
    pub(crate) scan: i64,
    /// The version until then.
    pub(crate) version: Option<String>,
    /// The presence until then.
    pub(crate) presence: Presence,
}

impl Was {
    /// By what its end is ordered among moments.
    pub(crate) fn until(&self) -> (&str, i64) {
        (instant::second(&self.started), self.scan)
    }
}

/// Keeps what a detection was, where a scan finds it otherwise.
pub(crate) fn note(
    connection: &Connection,
    (detection, scan): (i64, i64),
    (version, presence): (Option<&str>, Presence),
    now: &Detection,
) -> Result<(), StoreError> {
    if (version, presence) == (now.version.as_deref(), now.presence) {
        return Ok(());
    }
    let sql = "INSERT OR IGNORE INTO detection_past (detection, until, version, presence) VALUES (?1, ?2, ?3, ?4)";
    connection.prepare_cached(sql)?.execute(params![detection, scan, version, presence.as_str()])?;
    Ok(())
}

/// What a detection was before, the oldest first.
pub(crate) fn of(connection: &Connection, detection: i64) -> Result<Vec<Was>, StoreError> {
    let sql = "SELECT u.started, u.id, p.version, p.presence FROM detection_past p JOIN scan u ON u.id = p.until \
               WHERE p.detection = ?1 ORDER BY substr(u.started, 1, 19), u.id";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([detection])?;
    let mut past = Vec::new();
    while let Some(row) = rows.next()? {
        past.push(Was {
            started: row.get(0)?,
            scan: row.get(1)?,
            version: row.get(2)?,
            presence: to_word("a presence", text(row, 3)?.unwrap_or_default())?,
        });
    }
    Ok(past)
}
