//! RPM packages, in each of the formats that rpm has kept its database in: SQLite (since 4.16), ndb (SUSE), Berkeley DB.
//!
//! The database is opened read-only, SQLite's also as immutable: nothing is locked, nothing is written beside it. Of
//! several databases in one folder the first that rpm itself would take is read. Files are checked only for the packages
//! that the probes name. Signatures and digests of packages are not checked.
//!
//! A database that is being rebuilt lies whole in its place until the new one takes it. Only when nothing is in that
//! place, after a rebuild that broke off, are the folders read that rpm leaves beside it.

use interdict_formats::rpm::{parse_files, parse_header};
use interdict_formats::rpm_database::{self, DatabaseFile};
use interdict_formats::{rpm_bdb, rpm_ndb};
use interdict_model::{Diagnostic, ObservationSource, Probes};
use rusqlite::types::ValueRef;

use crate::collector::{Cause, Collected, Collector, Gathering, INCOMPLETE, Needs, Request, placed};
use crate::host::{Blocks, EntryKind, Host};
use crate::linux::{LINUX_FILES, MOST_ENTRIES, package_files};
use crate::sqlite;

/// Where distributions keep the database: the old place, the one of Fedora and SUSE, the one of image-based systems.
const FOLDERS: &[&str] = &["/var/lib/rpm", "/usr/lib/sysimage/rpm", "/usr/share/rpm"];
/// What rpm appends to a folder's name while it rebuilds the database: the new one, and the old one set aside.
const REBUILT: &[&str] = &["rebuilddb.", "old."];
/// How many packages are read.
const MOST_PACKAGES: usize = rpm_database::MOST_PACKAGES;
/// How large an SQLite database may be.
const LARGEST_DATABASE: u64 = 1 << 30;

/// The formats of the database, in the order in which rpm looks for them (`dbDetectBackend` in `lib/backend/dbi.c`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Sqlite,
    Ndb,
    BerkeleyDb,
}

impl Format {
    const ALL: [Self; 3] = [Self::Sqlite, Self::Ndb, Self::BerkeleyDb];

    const fn file(self) -> &'static str {
        match self {
            Self::Sqlite => "rpmdb.sqlite",
            Self::Ndb => "Packages.db",
            Self::BerkeleyDb => "Packages",
        }
    }
}

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
        let mut any = false;
        for folder in FOLDERS {
            // The old place is often a link to the new one.
            let Some(folder) = gathering.ok(host.canonical(folder)) else { continue };
            if !seen.contains(&folder) {
                any |= read_folder(host, &folder, probes, &mut gathering);
                seen.push(folder);
            }
        }
        if !any {
            for folder in FOLDERS {
                read_left_over(host, folder, probes, &mut gathering);
            }
        }
        gathering.finish()
    }
}

/// Reads the database of a folder; `false` if there is none. Others beside it are named, since rpm does not use them.
fn read_folder(host: &dyn Host, folder: &str, probes: &Probes, gathering: &mut Gathering) -> bool {
    let mut read: Option<(String, bool)> = None;
    for format in Format::ALL {
        let path = format!("{folder}/{}", format.file());
        let size = match host.look(&path) {
            Ok(found) => found.size,
            Err(error) => {
                gathering.failed(&error);
                continue;
            }
        };
        // What was found first is taken, unless nothing could be had from it.
        if let Some((first, true)) = &read {
            let message = format!("{path} was not read: rpm keeps its packages in {first}");
            gathering.diagnostics.extend(placed(vec![Diagnostic::warning(INCOMPLETE, message)], &path));
            continue;
        }
        let before = gathering.observations.len();
        match format {
            Format::Sqlite => read_database(host, &path, probes, gathering),
            Format::Ndb | Format::BerkeleyDb => read_own_format(host, format, &path, size, probes, gathering),
        }
        read = Some((path, gathering.observations.len() > before));
    }
    read.is_some()
}

/// Reads what a rebuild that broke off has left beside a folder.
fn read_left_over(host: &dyn Host, folder: &str, probes: &Probes, gathering: &mut Gathering) {
    let Some((parent, name)) = folder.rsplit_once('/') else { return };
    let entries = gathering.ok(host.list(parent, MOST_ENTRIES)).unwrap_or_default();
    let is_left_over =
        |entry: &str| entry.strip_prefix(name).is_some_and(|rest| REBUILT.iter().any(|end| rest.starts_with(end)));
    for entry in entries.iter().filter(|entry| entry.kind == EntryKind::Folder && is_left_over(&entry.name)) {
        let left_over = format!("{parent}/{}", entry.name);
        let message = format!("{folder} has no database, and {left_over} is left of a rebuild that broke off");
        gathering.shortfall(Cause::Broken, message);
        read_folder(host, &left_over, probes, gathering);
    }
}

/// Reads a database in one of rpm's own formats.
fn read_own_format(host: &dyn Host, format: Format, path: &str, size: u64, probes: &Probes, gathering: &mut Gathering) {
    let mut blocks = Blocks::new(host, path);
    let mut read = |offset: u64, length: usize| blocks.read(offset, length);
    let file = DatabaseFile { size, read: &mut read };
    let mut take = |header: &[u8]| read_package(header, path, host, probes, gathering);
    let answer = match format {
        Format::Sqlite => return,
        Format::Ndb => rpm_ndb::read_packages(file, &mut take),
        Format::BerkeleyDb => rpm_bdb::read_packages(file, &mut take),
    };
    let Some(diagnostics) = gathering.ok(answer) else { return };
    for diagnostic in &diagnostics {
        gathering.shortfall(Cause::Broken, format!("{path}: {}", diagnostic.message));
    }
    if diagnostics.is_empty() {
        gathering.has_read();
    }
    gathering.diagnostics.extend(placed(diagnostics, path));
}

fn read_database(host: &dyn Host, path: &str, probes: &Probes, gathering: &mut Gathering) {
    let Some(database) = sqlite::open(host, path, LARGEST_DATABASE, gathering) else { return };
    if let Err(error) = read_packages(&database, path, host, probes, gathering) {
        gathering.shortfall(Cause::Broken, format!("{path} could not be read: {error}"));
    }
}

fn read_packages(
    database: &sqlite::Database,
    path: &str,
    host: &dyn Host,
    probes: &Probes,
    gathering: &mut Gathering,
) -> rusqlite::Result<()> {
    if !database.has_table("Packages")? {
        gathering.shortfall(Cause::Broken, format!("{path} has no table of packages"));
        return Ok(());
    }
    let mut statement = database.connection().prepare("SELECT hnum, blob FROM Packages ORDER BY hnum")?;
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

#[cfg(test)]
#[path = "../../../formats/tests/support/rpm_encoder.rs"]
#[expect(dead_code, reason = "the encoder is shared with the tests of the reader, which use all of it")]
mod rpm_encoder;

#[cfg(test)]
#[path = "../../../formats/tests/support/rpm_database_encoder.rs"]
mod rpm_database_encoder;

#[cfg(test)]
mod tests {
    use super::rpm_database_encoder::{Order, berkeley, ndb};
    use super::rpm_encoder::{Data, encode};
    use super::*;
    use crate::testing::{fixture, probes, rows};
    use crate::{FixtureHost, RootedHost};
    use interdict_model::{CollectorStatus, raw_key};
    use rusqlite::Connection;
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
        let table: [(&str, &[u8], CollectorStatus, &str); 8] = [
            ("rpmdb.sqlite", b"not a database", CollectorStatus::Failed, "not an SQLite database"),
            ("rpmdb.sqlite", b"SQLite format 3\0and no more", CollectorStatus::Failed, "could not be read"),
            ("rpmdb.sqlite", b"", CollectorStatus::Failed, "not an SQLite database"),
            ("Packages", b"x", CollectorStatus::Failed, "ends within its first page, after 1 bytes"),
            ("Packages", &[b'x'; 4096], CollectorStatus::Failed, "no hash file of Berkeley DB"),
            ("Packages", b"", CollectorStatus::Failed, "ends within its first page, after 0 bytes"),
            ("Packages.db", &[b'x'; 4096], CollectorStatus::Failed, "no ndb file"),
            ("Packages.db", b"", CollectorStatus::Failed, "ends within its header, after 0 bytes"),
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
    fn packages_are_read_from_every_format() {
        let (agent, other) = (agent(), encode(&[(1000, Data::Text("other")), (1001, Data::Text("2"))]));
        let headers: [&[u8]; 2] = [&agent, &other];
        for (name, bytes) in [
            ("Packages", berkeley(Order::Little, 4096, &headers)),
            ("Packages", berkeley(Order::Big, 512, &headers)),
            ("Packages.db", ndb(&headers)),
        ] {
            let path = format!("/usr/lib/sysimage/rpm/{name}");
            let host = FixtureHost::new().file(&path, bytes).link("/var/lib/rpm", "../../usr/lib/sysimage/rpm");
            let collected = collect(&host);
            assert_eq!((collected.status, collected.reason.as_deref()), (CollectorStatus::Complete, None));
            let found = rows(&collected, |one| format!("{:?} {:?}", one.name, one.path));
            assert_eq!(found, ["kesl", "other"].map(|name| format!("{:?} {:?}", Some(name), Some(&path))));
            let hidden = collect(&host.unreadable(&path));
            assert_eq!((hidden.status, hidden.observations.len()), (CollectorStatus::NotPossible, 0));
        }
    }

    /// Written by rpm's own code: three packages, of which the second was removed.
    #[test]
    fn an_ndb_database_of_rpms_own_is_read() {
        let host = fixture("linux/rpm", "rpm-4.18-ndb");
        let collected = Rpm.collect(&host, &Request::of(&probes(|probes| &mut probes.packages, &["tiny-agent-3"])));
        assert_eq!((collected.status, collected.reason.as_deref()), (CollectorStatus::Complete, None));
        let found = rows(&collected, |one| {
            let of = |value: &Option<String>| value.clone().unwrap_or_default();
            let listed = one.raw(raw_key::FILES_LISTED).unwrap_or("-");
            format!("{} {} {} {listed}", of(&one.name), of(&one.version), of(&one.publisher))
        });
        assert_eq!(found, ["tiny-agent-3 3.0-3 Example Vendor Ltd 1", "tiny-agent-1 1.0-3 Example Vendor Ltd -"]);
    }

    #[test]
    fn a_database_without_packages_is_complete() {
        for (name, bytes) in [("Packages", berkeley(Order::Little, 4096, &[])), ("Packages.db", ndb(&[]))] {
            let collected = collect(&FixtureHost::new().file(&format!("/var/lib/rpm/{name}"), bytes));
            assert_eq!((collected.status, collected.observations.len()), (CollectorStatus::Complete, 0), "{name}");
        }
    }

    #[test]
    fn a_cut_database_yields_what_is_there_and_says_where_it_ends() {
        let many: Vec<Vec<u8>> = (0..20)
            .map(|number| {
                let name = format!("package-{number}");
                encode(&[(1000, Data::Text(&name)), (1004, Data::Text(&"x".repeat(3000)))])
            })
            .collect();
        let headers: Vec<&[u8]> = many.iter().map(Vec::as_slice).collect();
        for (name, mut bytes, says) in [
            (
                "Packages",
                berkeley(Order::Little, 4096, &headers),
                "/var/lib/rpm/Packages: it ends after 11 of its 22 pages",
            ),
            ("Packages.db", ndb(&headers), "/var/lib/rpm/Packages.db: package 14, "),
        ] {
            bytes.truncate(11 * 4096);
            let collected = collect(&FixtureHost::new().file(&format!("/var/lib/rpm/{name}"), bytes));
            assert_eq!(collected.status, CollectorStatus::Partial, "{name}");
            assert!((9..15).contains(&collected.observations.len()), "{name}: {}", collected.observations.len());
            assert!(
                collected.reason.as_deref().is_some_and(|reason| reason.starts_with(says)),
                "{:?}",
                collected.reason
            );
            assert!(collected.diagnostics.iter().all(|one| one.location.is_some() || one.code == INCOMPLETE));
        }
    }

    #[test]
    fn of_several_databases_the_one_rpm_uses_is_read() {
        let (agent, old) = (agent(), encode(&[(1000, Data::Text("old"))]));
        let host = FixtureHost::new()
            .file("/var/lib/rpm/Packages.db", ndb(&[&agent]))
            .file("/var/lib/rpm/Packages", berkeley(Order::Little, 4096, &[&old]));
        let collected = collect(&host);
        assert_eq!((collected.status, collected.observations.len()), (CollectorStatus::Complete, 1));
        assert!(collected.diagnostics[0].message.contains("/var/lib/rpm/Packages was not read"));
        let broken = collect(&host.file("/var/lib/rpm/Packages.db", "broken"));
        assert_eq!((broken.status, broken.observations.len()), (CollectorStatus::Partial, 1));
        assert_eq!(broken.observations[0].name.as_deref(), Some("old"));
    }

    #[test]
    fn a_rebuild_that_broke_off_is_noticed() {
        let agent = agent();
        let set_aside = FixtureHost::new().file("/var/lib/rpmold.77/Packages.db", ndb(&[&agent]));
        let collected = collect(&set_aside);
        assert_eq!((collected.status, collected.observations.len()), (CollectorStatus::Partial, 1));
        let reason = "/var/lib/rpm has no database, and /var/lib/rpmold.77 is left of a rebuild that broke off";
        assert_eq!(collected.reason.as_deref(), Some(reason));
        // While one goes on, the old database is whole.
        let going_on = set_aside.file("/var/lib/rpm/Packages.db", ndb(&[&agent]));
        assert_eq!(collect(&going_on).status, CollectorStatus::Complete);
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
        let host = FixtureHost::new().file("/var/lib/rpm/rpmdb.sqlite", "SQLite format 3\0");
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
