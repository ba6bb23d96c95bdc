//! Taking a batch back: what it opened was never told, what it closed is open again.
//!
//! A batch on which later scans of its machines build cannot be undone before them: what they opened and closed rests on
//! what it told. What a machine comes to afterwards is for the caller to work out anew.

use rusqlite::{Connection, TransactionBehavior, params};
use serde_json::json;

use crate::batch::BatchRow;
use crate::error::StoreError;
use crate::log::{self, LogKind, NewLogEntry};
use crate::rollup::{Rollup, software_of};
use crate::store::Store;
use crate::{check, instant, subjects, told};

impl Store {
    /// Undoes a batch, whole or not at all. Gives the ids of the machines whose detections have to be worked out anew;
    /// machines of which nothing else is known are gone.
    pub fn undo_batch(&mut self, id: i64, now: &str) -> Result<Vec<String>, StoreError> {
        instant::check(now)?;
        let batch = undoable(self.batch(id)?, id)?;
        // Each removed scan and machine would search whole tables for what refers to it; all is looked at once, at the end.
        self.connection.pragma_update(None, "foreign_keys", false)?;
        let outcome = undo(&mut self.connection, (id, &batch), now);
        self.connection.pragma_update(None, "foreign_keys", true)?;
        outcome
    }
}

fn undo(connection: &mut Connection, (id, batch): (i64, &BatchRow), now: &str) -> Result<Vec<String>, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    refuse_if_built_upon(&transaction, id)?;
    let machines = machines_of(&transaction, id)?;
    let mut rollup = Rollup::default();
    revert_detections(&transaction, id, &machines, &mut rollup)?;
    for machine in &machines {
        revert_installations(&transaction, id, *machine, &mut rollup)?;
        rollup.write_if_large(&transaction)?;
    }
    rollup.write(&transaction)?;
    revert_sources(&transaction, id)?;
    remove_scans(&transaction, id)?;
    told::take_back(&transaction, id)?;
    let left = remove_unknown_machines(&transaction, &machines)?;
    transaction.execute("UPDATE batch SET undone = ?2 WHERE id = ?1", params![id, now])?;
    if let Some(problem) = check::problems_of_references(&transaction)?.into_iter().next() {
        return Err(StoreError::Query { source: problem.into() });
    }
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
    let mut statement = connection.prepare("SELECT DISTINCT machine FROM scan WHERE batch = ?1 ORDER BY machine")?;
    let rows = statement.query_map([id], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const OF_BATCH: &str = "(SELECT id FROM scan WHERE batch = ?1)";

/// What takes back what a batch (1) told of the installations of one machine (2). The unary plus keeps SQLite from looking
/// through all scans of the batch.
pub(crate) const OF_MACHINE: [&str; 4] = [
    "DELETE FROM installation WHERE machine = ?2 \
     AND first_seen IN (SELECT id FROM scan WHERE machine = ?2 AND +batch = ?1)",
    "UPDATE installation SET gone = NULL WHERE machine = ?2 \
     AND gone IN (SELECT id FROM scan WHERE machine = ?2 AND +batch = ?1)",
    "UPDATE installation SET last_seen = b.last_seen, install_date = b.install_date, detail = b.detail \
     FROM batch_before b WHERE b.batch = ?1 AND b.machine = ?2 AND installation.machine = ?2 \
     AND b.number = installation.number",
    "DELETE FROM batch_before WHERE batch = ?1 AND machine = ?2",
];

/// Takes back what a batch told of one machine's installations.
fn revert_installations(connection: &Connection, id: i64, machine: i64, rollup: &mut Rollup) -> Result<(), StoreError> {
    let mut before = software_of(connection, machine)?;
    for sql in OF_MACHINE {
        connection.prepare_cached(sql)?.execute([id, machine])?;
    }
    let sql = "UPDATE machine SET installations = (SELECT count(*) FROM installation i WHERE i.machine = machine.id \
               AND i.gone IS NULL) WHERE id = ?1";
    connection.prepare_cached(sql)?.execute([machine])?;
    rollup.machine(machine, &mut before, &mut software_of(connection, machine)?)
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
fn revert_detections(
    connection: &Connection,
    id: i64,
    machines: &[i64],
    rollup: &mut Rollup,
) -> Result<(), StoreError> {
    for machine in machines {
        for subject in subjects::of_machine(connection, *machine)? {
            rollup.lost(*machine, subject)?;
        }
    }
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
    for machine in machines {
        for subject in subjects::of_machine(connection, *machine)? {
            rollup.found(*machine, subject)?;
        }
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
