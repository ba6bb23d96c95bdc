//! What undoing a batch would do, before anybody does it.

use rusqlite::Connection;

use crate::error::StoreError;
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
        let of_batch = "(SELECT id FROM scan WHERE batch = ?1)";
        let of_machines = "machine IN (SELECT DISTINCT machine FROM scan WHERE batch = ?1)";
        let count = |sql: &str| counted(&self.connection, sql, id);
        Ok(UndoEffect {
            machines: count("SELECT count(DISTINCT machine) FROM scan WHERE batch = ?1")?,
            machines_gone: count(
                "SELECT count(DISTINCT own.machine) FROM scan own WHERE own.batch = ?1 AND NOT EXISTS \
                 (SELECT 1 FROM scan other WHERE other.machine = own.machine AND other.batch IS NOT ?1)",
            )?,
            installations_gone: count(&format!(
                "SELECT count(*) FROM installation WHERE {of_machines} AND first_seen IN {of_batch}"
            ))?,
            installations_back: count(&format!(
                "SELECT count(*) FROM installation WHERE {of_machines} AND gone IN {of_batch} \
                 AND first_seen NOT IN {of_batch}"
            ))?,
        })
    }
}

fn counted(connection: &Connection, sql: &str, id: i64) -> Result<usize, StoreError> {
    let count: i64 = connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}
