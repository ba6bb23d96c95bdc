//! What people and management agreed to have loaded into the kernel.
//!
//! Since macOS 10.13 no kernel extension of another developer is loaded without consent, which stands in a database of
//! the system (SQLite, undocumented) and outlives the extension. One that was refused stands there, too: it was on the
//! machine. What was loaded when is not read.

use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::collector::{Cause, Gathering};
use crate::host::Host;
use crate::macos::var;
use crate::sqlite;

/// The database, below `/var`.
const DATABASE: &str = "db/SystemPolicyConfiguration/KextPolicy";
/// How large it may be.
const LARGEST: u64 = 64 << 20;
/// How many rows are read.
const MOST_ROWS: u32 = 10_000;
/// What people agreed to, and what management did; the second has no name of the developer.
const TABLES: &[(&str, &str)] = &[("kext_policy", "developer_name"), ("kext_policy_mdm", "NULL")];
/// The raw kind of an extension that may be loaded.
const CONSENT: &str = "consent-to-kernel-extension";
/// The raw kind of one that may not.
const REFUSAL: &str = "refusal-of-kernel-extension";

/// The consents.
pub(super) struct KernelPolicy {
    rows: Vec<Row>,
    path: String,
}

struct Row {
    team: Option<String>,
    bundle: Option<String>,
    developer: Option<String>,
    is_allowed: bool,
}

impl KernelPolicy {
    /// Reads the database; nothing where there is none, or it may not be read.
    pub(super) fn read(host: &dyn Host, gathering: &mut Gathering) -> Option<Self> {
        let path = var(host, DATABASE);
        let database = sqlite::open(host, &path, LARGEST, gathering)?;
        let mut rows = Vec::new();
        for (table, developer) in TABLES {
            match rows_of(&database, table, developer) {
                Ok(more) => rows.extend(more),
                Err(error) => gathering.shortfall(Cause::Broken, format!("{path} could not be read: {error}")),
            }
        }
        gathering.has_read();
        Some(Self { rows, path })
    }

    /// Whether an extension may be loaded. A row without an extension speaks of all of a developer's.
    pub(super) fn allows(&self, bundle: &str) -> bool {
        self.rows.iter().any(|row| row.is_allowed && row.bundle.as_deref().is_none_or(|named| named == bundle))
    }

    /// Each row as a trace.
    pub(super) fn observations(&self) -> impl Iterator<Item = Observation> {
        self.rows.iter().map(|row| {
            let mut observation = Observation::new(ObservationSource::ConfigurationProfiles);
            observation.identifier = row.bundle.clone().or_else(|| row.team.clone());
            observation.signer.clone_from(&row.team);
            observation.publisher.clone_from(&row.developer);
            observation.path = Some(self.path.clone());
            observation.scope = Some(Scope::Machine);
            let kind = if row.is_allowed { CONSENT } else { REFUSAL };
            observation.raw.insert(raw_key::KIND.to_owned(), kind.to_owned());
            observation
        })
    }
}

fn rows_of(database: &sqlite::Database, table: &str, developer: &str) -> rusqlite::Result<Vec<Row>> {
    if !database.has_table(table)? {
        return Ok(Vec::new());
    }
    let query = format!("SELECT team_id, bundle_id, {developer}, allowed FROM {table} ORDER BY 1, 2 LIMIT {MOST_ROWS}");
    let mut statement = database.connection().prepare(&query)?;
    let rows = statement.query_map([], |row| {
        let text = |at: usize| -> rusqlite::Result<Option<String>> {
            Ok(row.get_ref(at)?.as_str_or_null().ok().flatten().map(str::to_owned).filter(|text| !text.is_empty()))
        };
        let is_allowed = row.get_ref(3)?.as_i64().is_ok_and(|allowed| allowed != 0);
        Ok(Row { team: text(0)?, bundle: text(1)?, developer: text(2)?, is_allowed })
    })?;
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RootedHost;
    use rusqlite::Connection;

    #[test]
    fn consents_and_refusals_are_read() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("private/var/db/SystemPolicyConfiguration");
        std::fs::create_dir_all(&folder).expect("made");
        let connection = Connection::open(folder.join("KextPolicy")).expect("made");
        let tables = "CREATE TABLE kext_policy (team_id TEXT, bundle_id TEXT, allowed BOOLEAN, developer_name TEXT, flags INTEGER);
            CREATE TABLE kext_policy_mdm (team_id TEXT, bundle_id TEXT, allowed BOOLEAN, payload_uuid TEXT);
            INSERT INTO kext_policy VALUES ('AAAAAAAAAA', 'com.example.a', 1, 'Example', 0);
            INSERT INTO kext_policy VALUES ('BBBBBBBBBB', 'com.example.b', 0, '', 0);
            INSERT INTO kext_policy_mdm VALUES ('CCCCCCCCCC', 'com.example.c', 1, 'x');";
        connection.execute_batch(tables).expect("written");
        drop(connection);
        let host = RootedHost::open(root.path()).expect("a folder");
        let mut gathering = Gathering::default();
        let policy = KernelPolicy::read(&host, &mut gathering).expect("read");
        let rows: Vec<String> = policy
            .observations()
            .map(|one| {
                let of = |field: &Option<String>| field.clone().unwrap_or_else(|| "-".to_owned());
                let kind = one.raw(raw_key::KIND).unwrap_or("-");
                format!("{} {} {} {kind}", of(&one.identifier), of(&one.signer), of(&one.publisher))
            })
            .collect();
        assert_eq!(
            rows,
            [
                "com.example.a AAAAAAAAAA Example consent-to-kernel-extension",
                "com.example.b BBBBBBBBBB - refusal-of-kernel-extension",
                "com.example.c CCCCCCCCCC - consent-to-kernel-extension",
            ]
        );
        assert!(policy.allows("com.example.a") && policy.allows("com.example.c") && !policy.allows("com.example.b"));
        assert_eq!(gathering.finish().reason, None);
    }

    #[test]
    fn without_a_database_nothing_is_known_and_a_broken_one_is_said() {
        let mut gathering = Gathering::default();
        assert!(KernelPolicy::read(&crate::FixtureHost::macos(), &mut gathering).is_none());
        assert_eq!(gathering.finish().reason, None);
        let mut gathering = Gathering::default();
        let host = crate::FixtureHost::macos().file("/var/db/SystemPolicyConfiguration/KextPolicy", "x");
        assert!(KernelPolicy::read(&host, &mut gathering).is_none());
        assert!(gathering.finish().reason.is_some());
    }
}
