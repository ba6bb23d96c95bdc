//! Taking a batch back: what it opened was never told, what it closed is open again.
//!
//! A batch on which later scans of its machines build cannot be undone before them: what they opened and closed rests on
//! what it told. What a machine comes to afterwards is for the caller to work out anew.

use rusqlite::{Connection, params};
use serde_json::json;

use crate::batch::BatchRow;
use crate::error::StoreError;
use crate::instant;
use crate::log::{self, LogKind, NewLogEntry};
use crate::rollup::Standing;
use crate::store::Store;
use crate::told;

impl Store {
    /// Undoes a batch, whole or not at all. Gives the ids of the machines whose detections have to be worked out anew;
    /// machines of which nothing else is known are gone.
    pub fn undo_batch(&mut self, id: i64, now: &str) -> Result<Vec<String>, StoreError> {
        instant::check(now)?;
        let batch = undoable(self.batch(id)?, id)?;
        let transaction = self.write()?;
        refuse_if_built_upon(&transaction, id)?;
        let machines = machines_of(&transaction, id)?;
        let standing = Standing::of(&transaction, &machines)?;
        revert_installations(&transaction, id)?;
        revert_sources(&transaction, id)?;
        revert_detections(&transaction, id)?;
        standing.settle(&transaction)?;
        remove_scans(&transaction, id)?;
        told::take_back(&transaction, id)?;
        let left = remove_unknown_machines(&transaction, &machines)?;
        transaction.execute("UPDATE batch SET undone = ?2 WHERE id = ?1", params![id, now])?;
        let body = json!({
            "import": id,
            "file": batch.header.file,
            "sha256": batch.header.sha256,
            "format": batch.header.format,
            "machines": machines.len(),
            "machines_left": left.len(),
        });
        log::append(&transaction, &NewLogEntry { instant: now.to_owned(), kind: LogKind::ImportUndone, body })?;
        transaction.commit()?;
        Ok(left)
    }
}

/// A batch that may be undone, as far as itself says.
pub(crate) fn undoable(batch: Option<BatchRow>, id: i64) -> Result<BatchRow, StoreError> {
    let Some(batch) = batch else { return Err(StoreError::UnknownBatch { id }) };
    if batch.undone.is_some() {
        return Err(StoreError::BatchUndone { id });
    }
    if batch.is_sealed {
        return Err(StoreError::BatchSealed { id });
    }
    Ok(batch)
}

pub(crate) fn refuse_if_built_upon(connection: &Connection, id: i64) -> Result<(), StoreError> {
    let sql = "SELECT count(DISTINCT later.machine) FROM scan own \
               JOIN scan later ON later.machine = own.machine AND later.id > own.id \
               AND later.batch IS NOT own.batch WHERE own.batch = ?1";
    let machines: i64 = connection.query_row(sql, [id], |row| row.get(0))?;
    if machines > 0 {
        return Err(StoreError::BatchBuiltUpon { id, machines });
    }
    Ok(())
}

fn machines_of(connection: &Connection, id: i64) -> Result<Vec<i64>, StoreError> {
    let mut statement = connection.prepare("SELECT DISTINCT machine FROM scan WHERE batch = ?1")?;
    let rows = statement.query_map([id], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const OF_BATCH: &str = "(SELECT id FROM scan WHERE batch = ?1)";

fn revert_installations(connection: &Connection, id: i64) -> Result<(), StoreError> {
    let machines = "machine IN (SELECT DISTINCT machine FROM scan WHERE batch = ?1)";
    let statements = [
        format!("DELETE FROM installation WHERE {machines} AND first_seen IN {OF_BATCH}"),
        format!("UPDATE installation SET gone = NULL WHERE {machines} AND gone IN {OF_BATCH}"),
        "UPDATE installation SET last_seen = b.last_seen, install_date = b.install_date, detail = b.detail \
         FROM batch_before b WHERE b.batch = ?1 AND b.machine = installation.machine AND b.number = installation.number"
            .to_owned(),
        "DELETE FROM batch_before WHERE batch = ?1".to_owned(),
        "UPDATE machine SET installations = (SELECT count(*) FROM installation i WHERE i.machine = machine.id \
         AND i.gone IS NULL) WHERE id IN (SELECT DISTINCT machine FROM scan WHERE batch = ?1)"
            .to_owned(),
    ];
    for sql in statements {
        connection.execute(&sql, [id])?;
    }
    Ok(())
}

fn revert_sources(connection: &Connection, id: i64) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM machine_source WHERE (machine, origin, source) IN \
         (SELECT machine, origin, source FROM batch_source_before WHERE batch = ?1)",
        "INSERT INTO machine_source (machine, origin, source, any_scan, full_scan) \
         SELECT machine, origin, source, any_scan, full_scan FROM batch_source_before \
         WHERE batch = ?1 AND any_scan IS NOT NULL",
        "DELETE FROM batch_source_before WHERE batch = ?1",
    ] {
        connection.execute(sql, [id])?;
    }
    Ok(())
}

/// What stays open was last seen by the newest scan before the batch; the caller works out the rest.
fn revert_detections(connection: &Connection, id: i64) -> Result<(), StoreError> {
    for sql in [
        format!("DELETE FROM detection_past WHERE until IN {OF_BATCH}"),
        format!("DELETE FROM detection WHERE first_seen IN {OF_BATCH}"),
        format!("UPDATE detection SET gone = NULL, ended_by = NULL WHERE gone IN {OF_BATCH}"),
        format!(
            "UPDATE detection SET last_seen = max(first_seen, coalesce((SELECT max(s.id) FROM scan s \
             WHERE s.machine = detection.machine AND s.batch IS NOT ?1), first_seen)) WHERE last_seen IN {OF_BATCH}"
        ),
    ] {
        connection.execute(&sql, [id])?;
    }
    Ok(())
}

fn remove_scans(connection: &Connection, id: i64) -> Result<(), StoreError> {
    for sql in [
        format!("DELETE FROM scan_collector WHERE scan IN {OF_BATCH}"),
        "DELETE FROM batch_machine WHERE batch = ?1".to_owned(),
        "DELETE FROM scan WHERE batch = ?1".to_owned(),
    ] {
        connection.execute(&sql, [id])?;
    }
    Ok(())
}

fn remove_unknown_machines(connection: &Connection, machines: &[i64]) -> Result<Vec<String>, StoreError> {
    let mut left = Vec::new();
    for machine in machines {
        let sql = "SELECT machine_id, EXISTS (SELECT 1 FROM scan WHERE machine = ?1) FROM machine WHERE id = ?1";
        let (id, is_known): (String, bool) =
            connection.prepare_cached(sql)?.query_row([machine], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if is_known {
            left.push(id);
            continue;
        }
        connection.prepare_cached("DELETE FROM machine_name WHERE machine = ?1")?.execute([machine])?;
        connection.prepare_cached("DELETE FROM machine WHERE id = ?1")?.execute([machine])?;
    }
    Ok(left)
}
