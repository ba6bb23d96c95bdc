//! Settings: texts by key. What a key means is the caller's business.

use rusqlite::{Connection, OptionalExtension};

use crate::error::StoreError;
use crate::store::Store;

impl Store {
    /// The value of a setting, if it was ever set.
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT value FROM setting WHERE key = ?1")?;
        Ok(statement.query_row([key], |row| row.get(0)).optional()?)
    }

    /// Sets a setting that changes no answer. One that does goes through [`record_setting`](Store::record_setting).
    pub fn set_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        set(&self.connection, key, value)
    }
}

pub(crate) fn set(connection: &Connection, key: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    connection.prepare_cached(sql)?.execute([key, value])?;
    Ok(())
}
