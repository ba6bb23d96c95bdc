//! RPM packages: the SQLite database that rpm keeps since 4.16.
//!
//! The database is opened read-only and as immutable: nothing is locked, nothing is written beside it. The older
//! formats (Berkeley DB, ndb) are not read yet, which is said when one is there. Files are checked only for the packages
//! that the probes name.

use std::fmt::Write as _;
use std::path::Path;

use interdict_formats::rpm::{parse_files, parse_header};
use interdict_model::{ObservationSource, Probes};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request, placed};
use crate::host::{Host, HostError};
use crate::linux::{LINUX_FILES, package_files};

/// Where distributions keep the database: the old place, the one of Fedora and SUSE, the one of image-based systems.
const FOLDERS: &[&str] = &["/var/lib/rpm", "/usr/lib/sysimage/rpm", "/usr/share/rpm"];
/// Databases in formats that are not read.
const OTHER_FORMATS: &[(&str, &str)] = &[("Packages", "Berkeley DB"), ("Packages.db", "ndb")];
/// How many packages are read.
const MOST_PACKAGES: usize = 1_000_000;
/// How large the database may be.
const LARGEST_DATABASE: u64 = 1 << 30;
/// What every SQLite file begins with.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// Reads RPM packages.
pub(crate) struct Rpm;

impl Collector for Rpm {
    fn name(&self) -> &'static str {
        "linux/rpm"
    }

    fn looks_at(&self) -> &'static str {
        "RPM packages"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::RpmPackages]
    }

    fn needs(&self) -> Needs {
        LINUX_FILES
    }

    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected {
        let probes = request.probes;
        let mut gathering = Gathering::default();
        let mut seen = Vec::new();
        for folder in FOLDERS {
            // The old place is often a link to the new one.
            let Some(folder) = gathering.ok(host.canonical(folder)) else { continue };
            if !seen.contains(&folder) {
                read_folder(host, &folder, probes, &mut gathering);
                seen.push(folder);
            }
        }
        gathering.finish()
    }
}

fn read_folder(host: &dyn Host, folder: &str, probes: &Probes, gathering: &mut Gathering) {
    let database = format!("{folder}/rpmdb.sqlite");
    match host.look(&database) {
        Ok(_) => read_database(host, &database, probes, gathering),
        Err(error) => gathering.failed(&error),
    }
    for (name, format) in OTHER_FORMATS {
        let path = format!("{folder}/{name}");
        if host.look(&path).is_ok_and(|found| found.kind.is_file() && found.size > 0) {
            gathering.shortfall(Cause::NotAllowed, format!("{path} is in the {format} format, which is not read yet"));
        }
    }
}

fn read_database(host: &dyn Host, path: &str, probes: &Probes, gathering: &mut Gathering) {
    // Read through the host first: it says who may not read the file, and SQLite would say less.
    let Some(start) = gathering.ok(host.read_start(path, SQLITE.len())) else { return };
    if start != SQLITE {
        gathering.shortfall(Cause::Broken, format!("{path} is not an SQLite database"));
        return;
    }
    let Some(file) = gathering.ok(host.local_file(path, LARGEST_DATABASE)) else { return };
    let journal = format!("{path}-wal");
    match host.look(&journal) {
        Ok(found) if found.size > 0 => {
            gathering.shortfall(Cause::Broken, format!("the latest changes, in {journal}, are not read"));
        }
        Ok(_) | Err(HostError::NotFound { .. }) => {}
        Err(error) => gathering.failed(&error),
    }
    if let Err(error) = read_packages(file.path(), path, host, probes, gathering) {
        gathering.shortfall(Cause::Broken, format!("{path} could not be read: {error}"));
    }
}

fn read_packages(
    real: &Path,
    path: &str,
    host: &dyn Host,
    probes: &Probes,
    gathering: &mut Gathering,
) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(immutable_uri(real), flags)?;
    // Nothing of the file is to run: no function from its schema, no view in the table's place.
    connection.execute_batch("PRAGMA trusted_schema = OFF")?;
    let tables = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'Packages' AND sql NOT LIKE 'CREATE VIRTUAL%'";
    if connection.query_row(tables, [], |row| row.get::<_, i64>(0))? == 0 {
        gathering.shortfall(Cause::Broken, format!("{path} has no table of packages"));
        return Ok(());
    }
    let mut statement = connection.prepare("SELECT hnum, blob FROM Packages ORDER BY hnum")?;
    let mut rows = statement.query([])?;
    gathering.has_read();
    let mut number = 0;
    while let Some(row) = rows.next()? {
        if number >= MOST_PACKAGES {
            gathering
                .shortfall(Cause::Broken, format!("{path} has more than the {MOST_PACKAGES} packages that are read"));
            break;
        }
        number += 1;
        if let ValueRef::Blob(blob) = row.get_ref(1)? {
            read_package(blob, path, host, probes, gathering);
        } else {
            gathering.shortfall(Cause::Broken, format!("package {number} of {path} is no header"));
        }
    }
    Ok(())
}

fn read_package(blob: &[u8], path: &str, host: &dyn Host, probes: &Probes, gathering: &mut Gathering) {
    let mut observation = match parse_header(blob) {
        Ok(observation) => observation,
        Err(diagnostic) => {
            gathering.shortfall(Cause::Broken, format!("{path}: {}", diagnostic.message));
            gathering.diagnostics.extend(placed(vec![diagnostic], path));
            return;
        }
    };
    observation.path = Some(path.to_owned());
    if observation.name.as_ref().is_some_and(|name| probes.packages.contains(name)) {
        let (files, diagnostics) = parse_files(blob);
        gathering.diagnostics.extend(placed(diagnostics, path));
        package_files::check(host, &files, &mut observation, gathering);
    }
    gathering.observations.push(observation);
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

#[cfg(test)]
#[path = "../../../formats/tests/support/rpm_encoder.rs"]
#[expect(dead_code, reason = "the encoder is shared with the tests of the reader, which use all of it")]
mod rpm_encoder;

#[cfg(test)]
mod tests {
    use super::rpm_encoder::{Data, encode};
    use super::*;
    use crate::testing::{probes, rows};
    use crate::{FixtureHost, RootedHost};
    use interdict_model::{CollectorStatus, raw_key};
    use std::fs;

    fn agent() -> Vec<u8> {
        encode(&[
            (1000, Data::Text("kesl")),
            (1001, Data::Text("12.1.0")),
            (1002, Data::Text("1508")),
            (1011, Data::Text("AO Kaspersky Lab")),
            (1022, Data::Text("x86_64")),
            (1118, Data::Texts(&["/opt/kaspersky/kesl/bin/"])),
            (1117, Data::Texts(&["kesl", "gone"])),
            (1116, Data::Numbers(&[0, 0])),
        ])
    }

    /// A mounted system with a database of these blobs.
    fn mounted(folder: &str, blobs: &[&[u8]]) -> (tempfile::TempDir, RootedHost) {
        // A name that would break an address that is not escaped.
        let root = tempfile::Builder::new().prefix("odd ?#%20 name").tempdir().expect("a folder");
        let folder = root.path().join(folder);
        fs::create_dir_all(&folder).expect("made");
        let connection = Connection::open(folder.join("rpmdb.sqlite")).expect("created");
        connection
            .execute_batch("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
            .expect("created");
        for blob in blobs {
            connection.execute("INSERT INTO Packages (blob) VALUES (?1)", [blob]).expect("inserted");
        }
        drop(connection);
        let host = RootedHost::open(root.path()).expect("a folder");
        (root, host)
    }

    fn collect(host: &dyn Host) -> Collected {
        Rpm.collect(host, &Request::of(&Probes::default()))
    }

    #[test]
    fn packages_are_read_wherever_the_database_is() {
        for folder in FOLDERS {
            let (_root, host) = mounted(&folder[1..], &[&agent()]);
            let collected = collect(&host);
            assert_eq!((collected.status, collected.reason.as_deref()), (CollectorStatus::Complete, None));
            assert_eq!(collected.observations[0].name.as_deref(), Some("kesl"));
            let database = format!("{folder}/rpmdb.sqlite");
            assert_eq!(collected.observations[0].path.as_deref(), Some(database.as_str()));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_folder_is_read_once() {
        let (root, host) = mounted("usr/lib/sysimage/rpm", &[&agent()]);
        fs::create_dir_all(root.path().join("var/lib")).expect("made");
        std::os::unix::fs::symlink("../../usr/lib/sysimage/rpm", root.path().join("var/lib/rpm")).expect("linked");
        assert_eq!(collect(&host).observations.len(), 1);
    }

    #[test]
    fn a_broken_header_costs_only_itself() {
        let (_root, host) = mounted("var/lib/rpm", &[b"broken", &agent()]);
        let collected = collect(&host);
        assert_eq!((collected.observations.len(), collected.status), (1, CollectorStatus::Partial));
        assert!(
            collected.reason.is_some_and(|reason| reason.starts_with("/var/lib/rpm/rpmdb.sqlite: an RPM header of 6"))
        );
        assert_eq!(collected.diagnostics[0].code, "formats/rpm-malformed");
    }

    #[test]
    fn a_database_that_lies_elsewhere_is_copied_first() {
        let (root, _) = mounted("var/lib/rpm", &[&agent()]);
        let bytes = fs::read(root.path().join("var/lib/rpm/rpmdb.sqlite")).expect("read");
        let collected = collect(&FixtureHost::new().file("/var/lib/rpm/rpmdb.sqlite", bytes));
        assert_eq!((collected.status, collected.observations.len()), (CollectorStatus::Complete, 1));
        assert_eq!(collected.observations[0].path.as_deref(), Some("/var/lib/rpm/rpmdb.sqlite"));
    }

    #[test]
    fn nothing_is_left_beside_the_database() {
        let (root, host) = mounted("var/lib/rpm", &[&agent()]);
        let folder = root.path().join("var/lib/rpm");
        let connection = Connection::open(folder.join("rpmdb.sqlite")).expect("opened");
        connection.pragma_update(None, "journal_mode", "wal").expect("set");
        drop(connection);
        assert_eq!(collect(&host).observations.len(), 1);
        assert_eq!(fs::read_dir(folder).expect("listed").count(), 1);
    }

    #[test]
    fn changes_that_are_not_read_are_said() {
        let (root, host) = mounted("var/lib/rpm", &[&agent()]);
        fs::write(root.path().join("var/lib/rpm/rpmdb.sqlite-wal"), "x").expect("written");
        let collected = collect(&host);
        assert_eq!(collected.status, CollectorStatus::Partial);
        assert!(collected.reason.is_some_and(|reason| reason.contains("rpmdb.sqlite-wal")));
    }

    #[test]
    fn what_is_no_rpm_database_is_told_apart() {
        let table: [(&str, &[u8], CollectorStatus, &str); 4] = [
            ("rpmdb.sqlite", b"not a database", CollectorStatus::Failed, "not an SQLite database"),
            ("rpmdb.sqlite", b"SQLite format 3\0and no more", CollectorStatus::Failed, "could not be read"),
            ("Packages", b"x", CollectorStatus::NotPossible, "Berkeley DB format, which is not read yet"),
            ("Packages.db", b"x", CollectorStatus::NotPossible, "ndb format, which is not read yet"),
        ];
        for (name, bytes, status, reason) in table {
            let root = tempfile::tempdir().expect("a folder");
            fs::create_dir_all(root.path().join("var/lib/rpm")).expect("made");
            fs::write(root.path().join("var/lib/rpm").join(name), bytes).expect("written");
            let collected = collect(&RootedHost::open(root.path()).expect("a folder"));
            assert_eq!(collected.status, status, "{name}");
            assert!(collected.reason.as_deref().is_some_and(|text| text.contains(reason)), "{:?}", collected.reason);
        }
    }

    #[test]
    fn a_view_in_the_tables_place_does_not_run() {
        let (root, host) = mounted("var/lib/rpm", &[]);
        let connection = Connection::open(root.path().join("var/lib/rpm/rpmdb.sqlite")).expect("opened");
        let endless = "DROP TABLE Packages; CREATE VIEW Packages AS WITH RECURSIVE n(hnum) AS
            (SELECT 1 UNION ALL SELECT hnum + 1 FROM n) SELECT hnum, x'00' AS blob FROM n";
        connection.execute_batch(endless).expect("created");
        drop(connection);
        assert_eq!(collect(&host).status, CollectorStatus::Failed);
    }

    #[test]
    fn an_unreadable_database_is_not_taken_for_none() {
        let host = FixtureHost::new().file("/var/lib/rpm/rpmdb.sqlite", SQLITE);
        let collected = collect(&host.clone().unreadable("/var/lib/rpm/rpmdb.sqlite"));
        assert_eq!(collected.status, CollectorStatus::NotPossible);
        assert_eq!(collected.reason.as_deref(), Some("/var/lib/rpm/rpmdb.sqlite may not be read as uid 65534"));
        assert_eq!(collect(&host.unreadable("/var/lib/rpm")).status, CollectorStatus::NotPossible);
        assert_eq!(collect(&FixtureHost::new().folder("/etc")).status, CollectorStatus::Complete);
    }

    #[test]
    fn files_are_checked_for_probed_packages_only() {
        let (root, host) = mounted("var/lib/rpm", &[&agent()]);
        fs::create_dir_all(root.path().join("opt/kaspersky/kesl/bin")).expect("made");
        fs::write(root.path().join("opt/kaspersky/kesl/bin/kesl"), "").expect("written");
        let counts = |collected: &Collected| {
            rows(collected, |one| format!("{:?} {:?}", one.raw(raw_key::FILES_LISTED), one.raw(raw_key::FILES_PRESENT)))
        };
        assert_eq!(counts(&collect(&host)), ["None None"]);
        let probed = Rpm.collect(&host, &Request::of(&probes(|probes| &mut probes.packages, &["kesl"])));
        assert_eq!(counts(&probed), [r#"Some("2") Some("1")"#]);
    }
}
