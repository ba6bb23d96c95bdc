//! From schema 4 to 5: rows that held their texts themselves become rows of numbers.
//!
//! Only this step and those after it stand here, on the tables that `migrations/0005-scale.sql` left behind. Numbers of software and of
//! installations stay what they were.

use std::collections::HashMap;

use interdict_model::{ObservationSource, ScopeRef};
use rusqlite::{Transaction, params};
use rusqlite_migration::HookError;

use crate::error::StoreError;
use crate::installed::{InstallDate, Place, Registry};
use crate::software::{self, Software, text};
use crate::{detections, rollup, subjects, told, value};

/// Fills the new tables and drops the old ones.
pub(crate) fn carry_over(transaction: &Transaction<'_>) -> Result<(), HookError> {
    all(transaction).map_err(hook_error)
}

/// From schema 5 to 6: the sets of what was found.
pub(crate) fn fill_subjects(transaction: &Transaction<'_>) -> Result<(), HookError> {
    subjects::rebuild(transaction).map_err(hook_error)
}

/// From schema 6 to 7: evidence by number, and titles known by a hash.
pub(crate) fn share_evidence(transaction: &Transaction<'_>) -> Result<(), HookError> {
    carry_detections(transaction).and_then(|()| mark_titles(transaction)).map_err(hook_error)
}

/// From schema 8 to 9: the words of what is told of without a machine.
pub(crate) fn fill_told_words(transaction: &Transaction<'_>) -> Result<(), HookError> {
    told::fill_words(transaction).map_err(hook_error)
}

fn carry_detections(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let mut numbers: HashMap<i64, i64> = HashMap::new();
    let mut statement = transaction.prepare("SELECT id, evidence FROM detection_before")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        numbers.insert(row.get(0)?, detections::evidence_number(transaction, text(row, 1)?.unwrap_or_default())?);
    }
    drop(rows);
    drop(statement);
    let sql = "INSERT INTO detection (id, machine, vendor, product, version, presence, confidence, evidence, \
               catalogue_version, first_seen, last_seen, gone, ended_by) SELECT id, machine, vendor, product, version, \
               presence, confidence, ?2, catalogue_version, first_seen, last_seen, gone, ended_by \
               FROM detection_before WHERE id = ?1";
    let mut insert = transaction.prepare(sql)?;
    for (detection, evidence) in numbers {
        insert.execute([detection, evidence])?;
    }
    drop(insert);
    Ok(transaction.execute_batch("DROP TABLE detection_before")?)
}

fn mark_titles(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let mut statement = transaction.prepare("SELECT id, name, version, publisher FROM title")?;
    let mut rows = statement.query([])?;
    let mut update = transaction.prepare("UPDATE title SET fingerprint = ?2 WHERE id = ?1")?;
    while let Some(row) = rows.next()? {
        let fields = [text(row, 1)?, text(row, 2)?, text(row, 3)?];
        update.execute([row.get(0)?, software::fingerprint(&fields)])?;
    }
    Ok(())
}

fn hook_error(error: StoreError) -> HookError {
    match error {
        StoreError::Query { source } => match source.downcast::<rusqlite::Error>() {
            Ok(error) => HookError::RusqliteError(*error),
            Err(source) => HookError::Hook(source.to_string()),
        },
        error => HookError::Hook(error.to_string()),
    }
}

fn all(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let software = carry_software(transaction)?;
    carry_installations(transaction, &software)?;
    carry_batches(transaction)?;
    transaction
        .execute_batch("DROP TABLE batch_before_before; DROP TABLE installation_before; DROP TABLE software_before;")?;
    rollup::rebuild_software(transaction)
}

/// The new number of each piece of software by its old one.
fn carry_software(transaction: &Transaction<'_>) -> Result<HashMap<i64, i64>, StoreError> {
    let mut registry = Registry::of_schema_5(transaction)?;
    let sql = format!("SELECT s.id, {} FROM software_before s ORDER BY s.id", software::COLUMNS);
    let mut statement = transaction.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut numbers = HashMap::new();
    while let Some(row) = rows.next()? {
        let software = Software::read(row, 1)?;
        let source: ObservationSource = value::to_word("a source", software.source)?;
        numbers.insert(row.get(0)?, registry.software(source, &software)?.number);
    }
    Ok(numbers)
}

fn carry_installations(transaction: &Transaction<'_>, software: &HashMap<i64, i64>) -> Result<(), StoreError> {
    let mut registry = Registry::of_schema_5(transaction)?;
    let sql = "SELECT machine, number, software, origin, first_seen, last_seen, gone, path, install_location, scope, \
               raw, install_date FROM installation_before";
    let mut statement = transaction.prepare(sql)?;
    let mut rows = statement.query([])?;
    let insert = "INSERT INTO installation (machine, number, software, place, detail, install_date, origin, first_seen, \
                  last_seen, gone) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let mut insert = transaction.prepare(insert)?;
    while let Some(row) = rows.next()? {
        let scope = text(row, 9)?.map(|scope| scope.strip_prefix("user:").map_or(ScopeRef::Machine, ScopeRef::User));
        let place = registry.place(&Place { path: text(row, 7)?, install_location: text(row, 8)?, scope })?;
        let detail = registry.detail(text(row, 10)?)?;
        let number = |column| row.get::<_, i64>(column);
        insert.execute(params![
            number(0)?,
            number(1)?,
            software.get(&number(2)?),
            place,
            detail,
            InstallDate::of(text(row, 11)?),
            number(3)?,
            number(4)?,
            number(5)?,
            row.get::<_, Option<i64>>(6)?,
        ])?;
    }
    Ok(())
}

fn carry_batches(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let mut registry = Registry::of_schema_5(transaction)?;
    let mut statement =
        transaction.prepare("SELECT batch, machine, number, last_seen, install_date, raw FROM batch_before_before")?;
    let mut rows = statement.query([])?;
    let mut insert = transaction.prepare(
        "INSERT INTO batch_before (batch, machine, number, last_seen, install_date, detail) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    while let Some(row) = rows.next()? {
        let number = |column| row.get::<_, i64>(column);
        let detail = registry.detail(text(row, 5)?)?;
        insert.execute(params![
            number(0)?,
            number(1)?,
            number(2)?,
            number(3)?,
            InstallDate::of(text(row, 4)?),
            detail
        ])?;
    }
    Ok(())
}
