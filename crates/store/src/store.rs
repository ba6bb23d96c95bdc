//! Opening the database. What can be asked and told stands in the modules beside this one.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use rusqlite_migration::M;

use crate::error::StoreError;
use crate::{file, instant, log, schema};

/// Between two attempts to open a database that others are opening.
const PAUSE: Duration = Duration::from_millis(10);

/// When the log of a database begins that nobody keeps.
const BEGINNING_OF_TIME: &str = "1970-01-01T00:00:00Z";

/// How patient an opened store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How long to wait for another writer before `store/locked`.
    pub busy_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(5) }
    }
}

/// An open database. Several may be open on one file, in one process or in many: readers never wait, writers take turns.
#[derive(Debug)]
pub struct Store {
    pub(crate) connection: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens the database at `path`, creating its folder and file when they are missing and upgrading an older schema
    /// after a backup beside it. `now` is the instant for the backup's name and for the first entry of a log.
    pub fn open(path: &Path, now: &str) -> Result<Self, StoreError> {
        Self::open_with(path, now, Options::default())
    }

    /// The same, with other options.
    pub fn open_with(path: &Path, now: &str, options: Options) -> Result<Self, StoreError> {
        Self::open_migrating(path, now, options, &schema::MIGRATIONS)
    }

    /// A database that lives as long as this value; for tests and trials. Its log begins in 1970.
    pub fn open_in_memory() -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        configure(&connection)?;
        schema::migrate(&mut connection, &schema::MIGRATIONS)?;
        log::begin(&connection, BEGINNING_OF_TIME)?;
        Ok(Self { connection, path: PathBuf::from(":memory:") })
    }

    /// Opens with the given migrations, so that tests can stand before and after one.
    pub(crate) fn open_migrating(
        path: &Path,
        now: &str,
        options: Options,
        migrations: &[M<'_>],
    ) -> Result<Self, StoreError> {
        instant::check(now)?;
        file::create_if_missing(path)?;
        let begun = Instant::now();
        loop {
            // Two that create one database at once can each hold what the other waits for. SQLite then turns one of them
            // away at once, whatever its patience: that one lets go of everything and begins anew.
            match Self::open_existing(path, now, options, migrations) {
                Err(StoreError::Locked { .. }) if begun.elapsed() < options.busy_timeout => {
                    std::thread::sleep(PAUSE.min(options.busy_timeout));
                }
                outcome => return outcome,
            }
        }
    }

    fn open_existing(path: &Path, now: &str, options: Options, migrations: &[M<'_>]) -> Result<Self, StoreError> {
        // Neither CREATE, which would ignore the permissions above, nor URI, which would read `file:` into a name.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection =
            Connection::open_with_flags(path, flags).map_err(|error| StoreError::opening(path, error))?;
        connection.busy_timeout(options.busy_timeout)?;
        schema::prepare(&mut connection, path, now, migrations)?;
        configure(&connection)?;
        log::begin(&connection, now)?;
        Ok(Self { connection, path: path.to_owned() })
    }

    /// Where the database is; `:memory:` for one without a file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Begins a transaction that may write, waiting for its turn.
    pub(crate) fn write(&mut self) -> Result<Transaction<'_>, StoreError> {
        Ok(self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// Begins a transaction in which everything read is of one moment.
    pub(crate) fn read(&self) -> Result<Transaction<'_>, StoreError> {
        Ok(self.connection.unchecked_transaction()?)
    }
}

/// The settings of a connection that the file does not remember.
fn configure(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "foreign_keys", true)?;
    // FULL flushes the log at each commit. A scan is one commit, so a recorded scan survives a power cut for the price of
    // one flush; NORMAL would only survive the kill of the process.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // At most 48 MiB of pages, so that a large scan does not write the same page to the log again and again.
    connection.pragma_update(None, "cache_size", -49_152)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // After a large import the log shrinks back.
    connection.pragma_update_and_check(None, "journal_size_limit", 64 << 20, |_| Ok(()))?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}
