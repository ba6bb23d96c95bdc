//! Looking after a database that grows old: giving space back, and forgetting what is long over.

use std::path::{Path, PathBuf};
use std::{env, fs};

use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use serde_json::json;

use crate::error::StoreError;
use crate::log::{self, LogKind, NewLogEntry};
use crate::rollup::Standing;
use crate::store::Store;
use crate::value::to_count;
use crate::{check, file, instant, told};

/// What the smallest log and its index may take.
const LEAST_ROOM: u64 = 64 << 10;

/// What compacting came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compacted {
    /// The bytes of the database and its log before.
    pub bytes_before: u64,
    /// The bytes of the database and its log afterwards.
    pub bytes_after: u64,
}

/// Which machines may be forgotten as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Machines {
    /// None: only what is over goes.
    Keep,
    /// Those that no scan has seen since the day.
    ForgetUnseen,
}

/// Whether what tools told of without a machine may be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tellings {
    /// Nothing of it: whether it is over nobody can say.
    Keep,
    /// What was told before the day, and with it the titles of which nobody has told since.
    ForgetOld,
}

/// What is forgotten beside what was over before the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForgetScope {
    /// Machines.
    pub machines: Machines,
    /// What names none.
    pub tellings: Tellings,
}

impl ForgetScope {
    /// Nothing: only what was over goes.
    pub const PAST: Self = Self { machines: Machines::Keep, tellings: Tellings::Keep };
    /// Machines that no scan has seen since.
    pub const UNSEEN_MACHINES: Self = Self { machines: Machines::ForgetUnseen, tellings: Tellings::Keep };
}

/// Whether something is done or only tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trial {
    /// It is done.
    Done,
    /// It is worked out and not kept.
    Tried,
}

/// What was forgotten, or would be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Machines as a whole.
    pub machines: Vec<ForgottenMachine>,
    /// Installations: those of these machines, and those that were gone before the day.
    pub installations: usize,
    /// Detections, likewise.
    pub detections: usize,
    /// Scans that nothing refers to any more.
    pub scans: usize,
    /// Software that is nowhere and was nowhere since the day.
    pub software: usize,
    /// What imports told of without a machine: one for each title of each import.
    pub tellings: usize,
    /// Titles of which thereby nobody tells any more.
    pub told_titles: usize,
}

/// A machine that is forgotten as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgottenMachine {
    /// The id of its scans.
    pub machine_id: String,
    /// Its name.
    pub hostname: String,
    /// When its newest scan began.
    pub last_seen: String,
}

impl Store {
    /// Rebuilds the file without the space that nothing uses any more, in one transaction.
    ///
    /// For a while it needs the size of the content twice: once in the folder for temporary files, and once in the
    /// write-ahead log.
    pub fn compact(&mut self) -> Result<Compacted, StoreError> {
        let bytes_before = bytes(self.path());
        self.must_have_room()?;
        // In memory the copy of a large database would not fit.
        self.connection.pragma_update(None, "temp_store", "DEFAULT")?;
        let outcome = self.connection.execute_batch("VACUUM");
        self.connection.pragma_update(None, "temp_store", "MEMORY")?;
        outcome?;
        // While others read, the old pages stay in the log; the next writer takes them over.
        let _ = self.connection.pragma_update_and_check(None, "wal_checkpoint", "TRUNCATE", |_| Ok(()));
        Ok(Compacted { bytes_before, bytes_after: bytes(self.path()) })
    }

    /// Forgets what was over before an instant. What is there now stays, but that of machines which may be forgotten as a
    /// whole, and what tools told of without a machine before it, where that may be. All of it or nothing is done; what is
    /// only tried is counted by doing and not keeping it. What is done is an entry of the log, with the instant `now`; the
    /// log itself is never forgotten.
    pub fn forget(
        &mut self,
        before: &str,
        scope: ForgetScope,
        trial: Trial,
        now: &str,
    ) -> Result<Forgotten, StoreError> {
        instant::check(before)?;
        // A check of each removed row would search whole tables; all references are checked at the end instead.
        self.connection.pragma_update(None, "foreign_keys", false)?;
        let outcome = forget(&mut self.connection, before, scope, trial, now);
        self.connection.pragma_update(None, "foreign_keys", true)?;
        outcome
    }

    fn must_have_room(&self) -> Result<(), StoreError> {
        let pragma = |name| self.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let pages = pragma("page_count")?.saturating_sub(pragma("freelist_count")?);
        let content = u64::try_from(pages.saturating_mul(pragma("page_size")?)).unwrap_or_default();
        let (own, temporary) = (file::folder_of(self.path()), temporary_folder());
        // The log has a head for each page, and an index beside it.
        let log = content.saturating_add(content / 32).saturating_add(LEAST_ROOM);
        let of_own = if is_one_disk(own, &temporary) { log.saturating_add(content) } else { log };
        for (folder, needed) in [(own, of_own), (&*temporary, content)] {
            // Where the system does not say how much is free, SQLite will when it is used up.
            let Ok(free) = fs4::available_space(folder) else { continue };
            if free < needed {
                return Err(StoreError::NoRoom { folder: folder.to_owned(), needed, free });
            }
        }
        Ok(())
    }
}

/// Where SQLite puts temporary files (<https://sqlite.org/tempfiles.html>, 5).
fn temporary_folder() -> PathBuf {
    let named = ["SQLITE_TMPDIR", "TMPDIR"].into_iter().filter_map(env::var_os).map(PathBuf::from);
    let usual = ["/var/tmp", "/usr/tmp", "/tmp"].map(PathBuf::from);
    named.chain(usual).find(|folder| folder.is_dir()).unwrap_or_else(env::temp_dir)
}

/// Whether two folders share one disk, as far as its size and what is free on it tell.
fn is_one_disk(one: &Path, other: &Path) -> bool {
    let space = |folder| Some((fs4::total_space(folder).ok()?, fs4::available_space(folder).ok()?));
    space(one) == space(other)
}

/// The bytes of the database and its log.
fn bytes(path: &Path) -> u64 {
    let [database, log, ..] = file::family(path);
    [database, log].iter().filter_map(|path| fs::metadata(path).ok()).map(|file| file.len()).sum()
}

/// What the log keeps of what was forgotten: how much, and the machines by name.
fn log_entry(before: &str, scope: ForgetScope, forgotten: &Forgotten, now: &str) -> NewLogEntry {
    let named = |machine: &ForgottenMachine| json!({ "machine": machine.machine_id, "hostname": machine.hostname, "last_seen": machine.last_seen });
    let body = json!({
        "before": before,
        "unseen_machines": scope.machines == Machines::ForgetUnseen,
        "old_tellings": scope.tellings == Tellings::ForgetOld,
        "machines": forgotten.machines.iter().map(named).collect::<Vec<_>>(),
        "installations": forgotten.installations,
        "detections": forgotten.detections,
        "scans": forgotten.scans,
        "software": forgotten.software,
        "tellings": forgotten.tellings,
        "told_titles": forgotten.told_titles,
    });
    NewLogEntry { instant: now.to_owned(), kind: LogKind::Forgotten, body }
}

fn forget(
    connection: &mut Connection,
    instant: &str,
    scope: ForgetScope,
    trial: Trial,
    now: &str,
) -> Result<Forgotten, StoreError> {
    let before = instant::second(instant);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut forgotten = Forgotten::default();
    if scope.machines == Machines::ForgetUnseen {
        forget_machines(&transaction, before, &mut forgotten)?;
    }
    forget_past(&transaction, before, &mut forgotten)?;
    if scope.tellings == Tellings::ForgetOld {
        (forgotten.tellings, forgotten.told_titles) = told::forget_before(&transaction, before)?;
    }
    if let Some(problem) = check::problems_of_references(&transaction)?.into_iter().next() {
        return Err(StoreError::Query { source: problem.into() });
    }
    match trial {
        Trial::Done => {
            log::append(&transaction, &log_entry(instant, scope, &forgotten, now))?;
            transaction.commit()?;
        }
        Trial::Tried => transaction.rollback()?,
    }
    Ok(forgotten)
}

/// Machines whose newest scan began before, with everything of them.
fn forget_machines(transaction: &Transaction<'_>, before: &str, forgotten: &mut Forgotten) -> Result<(), StoreError> {
    let sql = "SELECT m.id, m.machine_id, m.hostname, max(s.started) FROM machine m JOIN scan s ON s.machine = m.id \
               GROUP BY m.id HAVING max(s.started) < ?1 ORDER BY m.hostname COLLATE NOCASE, m.machine_id";
    let mut statement = transaction.prepare(sql)?;
    let unseen: Vec<i64> = statement.query_map([before], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let standing = Standing::of(transaction, &unseen)?;
    let mut rows = statement.query([before])?;
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        let delete = |sql: &str| transaction.prepare_cached(sql)?.execute([number]);
        delete("DELETE FROM detection_past WHERE detection IN (SELECT id FROM detection WHERE machine = ?1)")?;
        forgotten.detections += delete("DELETE FROM detection WHERE machine = ?1")?;
        forgotten.installations += delete("DELETE FROM installation WHERE machine = ?1")?;
        for table in ["machine_source", "machine_name", "batch_machine", "batch_before", "batch_source_before"] {
            delete(&format!("DELETE FROM {table} WHERE machine = ?1"))?;
        }
        forgotten.machines.push(ForgottenMachine {
            machine_id: row.get(1)?,
            hostname: row.get(2)?,
            last_seen: row.get(3)?,
        });
    }
    drop(rows);
    standing.settle(transaction)?;
    // Last, so that the list above is not read while it changes.
    let sql = "DELETE FROM scan_collector WHERE scan IN (SELECT id FROM scan WHERE machine NOT IN \
               (SELECT machine FROM scan WHERE started >= ?1))";
    transaction.execute(sql, [before])?;
    let sql = "DELETE FROM scan WHERE machine NOT IN (SELECT machine FROM scan WHERE started >= ?1)";
    forgotten.scans += transaction.execute(sql, [before])?;
    transaction.execute("DELETE FROM machine WHERE id NOT IN (SELECT machine FROM scan)", [])?;
    Ok(())
}

/// Intervals that ended before, the scans of that time that nothing refers to any more, and software that is nowhere.
fn forget_past(transaction: &Transaction<'_>, before: &str, forgotten: &mut Forgotten) -> Result<(), StoreError> {
    let delete = |sql: &str| transaction.execute(sql, params![before]);
    forgotten.installations +=
        delete("DELETE FROM installation WHERE gone IS NOT NULL AND gone IN (SELECT id FROM scan WHERE started < ?1)")?;
    forgotten.detections +=
        delete("DELETE FROM detection WHERE gone IS NOT NULL AND gone IN (SELECT id FROM scan WHERE started < ?1)")?;
    delete("DELETE FROM detection_past WHERE until IN (SELECT id FROM scan WHERE started < ?1)")?;
    transaction.execute("DELETE FROM detection_past WHERE detection NOT IN (SELECT id FROM detection)", [])?;
    // An import whose past is forgotten cannot be undone any more; one that names no machine has none.
    delete("UPDATE batch SET sealed = 1 WHERE imported < ?1 AND machines > 0")?;
    transaction.execute_batch(
        "DELETE FROM batch_before WHERE batch IN (SELECT id FROM batch WHERE sealed);
         DELETE FROM batch_source_before WHERE batch IN (SELECT id FROM batch WHERE sealed);
         CREATE TEMP TABLE needed_scan (id INTEGER PRIMARY KEY);
         INSERT OR IGNORE INTO needed_scan SELECT first_seen FROM installation;
         INSERT OR IGNORE INTO needed_scan SELECT last_seen FROM installation;
         INSERT OR IGNORE INTO needed_scan SELECT gone FROM installation WHERE gone IS NOT NULL;
         INSERT OR IGNORE INTO needed_scan SELECT first_seen FROM detection;
         INSERT OR IGNORE INTO needed_scan SELECT last_seen FROM detection;
         INSERT OR IGNORE INTO needed_scan SELECT gone FROM detection WHERE gone IS NOT NULL;
         INSERT OR IGNORE INTO needed_scan SELECT until FROM detection_past;
         INSERT OR IGNORE INTO needed_scan SELECT any_scan FROM machine_source;
         INSERT OR IGNORE INTO needed_scan SELECT full_scan FROM machine_source WHERE full_scan IS NOT NULL;
         INSERT OR IGNORE INTO needed_scan SELECT last_seen FROM batch_before;
         INSERT OR IGNORE INTO needed_scan SELECT any_scan FROM batch_source_before WHERE any_scan IS NOT NULL;
         INSERT OR IGNORE INTO needed_scan SELECT full_scan FROM batch_source_before WHERE full_scan IS NOT NULL;
         INSERT OR IGNORE INTO needed_scan SELECT (SELECT id FROM scan WHERE machine = machine.id
             ORDER BY started DESC, id DESC LIMIT 1) FROM machine;
         INSERT OR IGNORE INTO needed_scan SELECT id FROM scan own WHERE id = (SELECT id FROM scan
             WHERE machine = own.machine AND origin = 0 ORDER BY started DESC, id DESC LIMIT 1);",
    )?;
    let sql = "SELECT count(*) FROM scan WHERE started < ?1 AND id NOT IN (SELECT id FROM needed_scan)";
    forgotten.scans += transaction.query_row(sql, [before], |row| row.get(0).map(to_count))?;
    delete(
        "DELETE FROM scan_collector WHERE scan IN (SELECT id FROM scan WHERE started < ?1 \
         AND id NOT IN (SELECT id FROM needed_scan))",
    )?;
    delete("DELETE FROM scan WHERE started < ?1 AND id NOT IN (SELECT id FROM needed_scan)")?;
    transaction.execute_batch("DROP TABLE needed_scan")?;
    forgotten.software +=
        transaction.execute("DELETE FROM software WHERE id NOT IN (SELECT software FROM installation)", [])?;
    transaction.execute_batch(
        "DELETE FROM evidence WHERE id NOT IN (SELECT evidence FROM detection);
         DELETE FROM title_words WHERE rowid IN (SELECT id FROM title
             WHERE id NOT IN (SELECT title FROM software WHERE title IS NOT NULL));
         DELETE FROM title WHERE id NOT IN (SELECT title FROM software WHERE title IS NOT NULL);
         DELETE FROM place WHERE id NOT IN (SELECT place FROM installation);
         DELETE FROM detail WHERE id NOT IN (SELECT detail FROM installation)
             AND id NOT IN (SELECT detail FROM batch_before);",
    )?;
    Ok(())
}
