//! SQLite databases of other programs, opened read-only and as immutable: nothing is locked, nothing is written beside
//! them, and nothing that their schema holds runs.
//!
//! Changes that still stand in a journal are not read, which is said.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::collector::{Cause, Gathering};
use crate::host::{Host, HostError, LocalFile};

/// What every SQLite file begins with.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// An open database.
pub(crate) struct Database {
    connection: Connection,
    /// A copy goes away with it.
    _file: LocalFile,
}

/// Opens a database of a host; one that has to be copied first may have so many bytes. Why it could not be opened is
/// accounted for.
pub(crate) fn open(host: &dyn Host, path: &str, cap: u64, gathering: &mut Gathering) -> Option<Database> {
    // Read through the host first: it says who may not read the file, and SQLite would say less.
    let start = gathering.ok(host.read_start(path, SQLITE.len()))?;
    if start != SQLITE {
        gathering.shortfall(Cause::Broken, format!("{path} is not an SQLite database"));
        return None;
    }
    let file = gathering.ok(host.local_file(path, cap))?;
    let journal = format!("{path}-wal");
    match host.look(&journal) {
        Ok(found) if found.size > 0 => {
            gathering.shortfall(Cause::Broken, format!("the latest changes, in {journal}, are not read"));
        }
        Ok(_) | Err(HostError::NotFound { .. }) => {}
        Err(error) => gathering.failed(&error),
    }
    match connect(file.path()) {
        Ok(connection) => Some(Database { connection, _file: file }),
        Err(error) => {
            gathering.shortfall(Cause::Broken, format!("{path} could not be read: {error}"));
            None
        }
    }
}

impl Database {
    /// What to ask.
    pub(crate) const fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Whether there is a table of that name: a view in its place, or one that a module makes up, is none.
    pub(crate) fn has_table(&self, name: &str) -> rusqlite::Result<bool> {
        let tables =
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1 AND sql NOT LIKE 'CREATE VIRTUAL%'";
        Ok(self.connection.query_row(tables, [name], |row| row.get::<_, i64>(0))? > 0)
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(immutable_uri(path), flags)?;
    connection.execute_batch("PRAGMA trusted_schema = OFF")?;
    Ok(connection)
}

/// The address of a file for SQLite, which changes nothing beside it (<https://www.sqlite.org/uri.html>).
fn immutable_uri(path: &Path) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri + "?immutable=1"
}
