//! What undoing a batch would do, before anybody does it.

use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::log::LogKind;
use crate::store::Store;
use crate::undo;

/// What undoing a batch would do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UndoEffect {
    /// Machines it tells of.
    pub machines: usize,
    /// Those of which nothing else is known: they would be gone.
    pub machines_gone: usize,
    /// Installations that were first told of by it: they would be gone.
    pub installations_gone: usize,
    /// Installations that it says are no longer there: they would be there again.
    pub installations_back: usize,
}

impl Store {
    /// What undoing a batch would do; an error where it cannot be undone, the same as [`Store::undo_batch`] gives.
    pub fn undo_effect(&self, id: i64) -> Result<UndoEffect, StoreError> {
        undo::undoable(self.batch(id)?, id)?;
        undo::refuse_if_built_upon(&self.connection, id)?;
        let count = |sql: &str| counted(&self.connection, sql, id);
        let (installations_gone, installations_back) = match moved_as_logged(&self.connection, id)? {
            Some(moved) => moved,
            None => moved_as_counted(&self.connection, id)?,
        };
        Ok(UndoEffect {
            machines: count("SELECT count(DISTINCT machine) FROM scan WHERE batch = ?1")?,
            machines_gone: count(
                "SELECT count(DISTINCT own.machine) FROM scan own WHERE own.batch = ?1 AND NOT EXISTS \
                 (SELECT 1 FROM scan other WHERE other.machine = own.machine AND other.batch IS NOT ?1)",
            )?,
            installations_gone,
            installations_back,
        })
    }
}

/// How many installations a batch opened and closed, as the log says since it was recorded: looking at all of its
/// installations takes a second for some millions. Nothing where the log does not say it of this batch, or where the batch
/// tells of a machine twice, so that it may have closed what it opened itself.
pub(crate) fn moved_as_logged(connection: &Connection, id: i64) -> Result<Option<(usize, usize)>, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM scan WHERE batch = ?1 GROUP BY machine HAVING count(*) > 1)";
    if connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))? {
        return Ok(None);
    }
    // Where machines were joined since, the log does not say how many of their installations are one.
    let sql = "SELECT EXISTS (SELECT 1 FROM log l WHERE l.kind = ?2 AND l.number > (SELECT max(i.number) FROM log i \
               WHERE i.kind = ?3 AND json_extract(i.body, '$.import') = ?1))";
    let kinds = params![id, LogKind::MachinesJoined.as_str(), LogKind::Import.as_str()];
    if connection.prepare_cached(sql)?.query_row(kinds, |row| row.get(0))? {
        return Ok(None);
    }
    // After a restore the log may hold a batch of the same number that is no more: the newest entry is asked, and the file.
    let sql = "SELECT json_extract(l.body, '$.new_installations'), json_extract(l.body, '$.gone_installations') \
               FROM log l JOIN batch b ON b.id = ?1 WHERE l.kind = ?2 AND json_extract(l.body, '$.import') = ?1 \
               AND json_extract(l.body, '$.sha256') = b.sha256 ORDER BY l.number DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![id, LogKind::Import.as_str()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (Some(opened), Some(closed)) = (row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?) else {
        return Ok(None);
    };
    Ok(Some((usize::try_from(opened).unwrap_or_default(), usize::try_from(closed).unwrap_or_default())))
}

pub(crate) fn moved_as_counted(connection: &Connection, id: i64) -> Result<(usize, usize), StoreError> {
    let of_batch = "(SELECT id FROM scan WHERE batch = ?1)";
    let of_machines = "machine IN (SELECT DISTINCT machine FROM scan WHERE batch = ?1)";
    let opened = format!("SELECT count(*) FROM installation WHERE {of_machines} AND first_seen IN {of_batch}");
    let closed = format!(
        "SELECT count(*) FROM installation WHERE {of_machines} AND gone IN {of_batch} AND first_seen NOT IN {of_batch}"
    );
    Ok((counted(connection, &opened, id)?, counted(connection, &closed, id)?))
}

fn counted(connection: &Connection, sql: &str, id: i64) -> Result<usize, StoreError> {
    let count: i64 = connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}
