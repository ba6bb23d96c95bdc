//! Certificates that a Linux system trusts: those added to it, the bundle of its distribution, the keys that its owner
//! entered into its firmware, and those in the NSS databases of browsers and mail programs.
//!
//! A certificate is told once, from the most telling place: where somebody added it before the bundle it was put into.
//! What a certificate is trusted for, and whether it has expired or been distrusted since, is not weighed. Key stores of
//! Java and the roots built into browsers are not read.

use std::collections::BTreeSet;

use interdict_formats::certificate::{Certificate, parse_certificate, parse_certificates};
use interdict_formats::efi::parse_signature_database;
use interdict_model::{ObservationSource, Scope};
use rusqlite::types::ValueRef;

use crate::any::certificates::{KIND_ADDED, KIND_BROWSER, KIND_DISTRIBUTION, trusted};
use crate::any::expected::is_file_or_link;
use crate::any::homes::homes;
use crate::any::install_folders::expanded;
use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::{EntryKind, Host};
use crate::linux::{LINUX_FILES, MOST_ENTRIES};
use crate::sqlite;

/// Folders of certificates that somebody added, and how deep they are read: of Debian, the Red Hat family, Arch, SUSE.
const ADDED: &[&str] = &[
    "/usr/local/share/ca-certificates",
    "/etc/pki/ca-trust/source/anchors",
    "/usr/share/pki/ca-trust-source/anchors",
    "/etc/ca-certificates/trust-source/anchors",
    "/usr/share/ca-certificates/trust-source/anchors",
    "/etc/pki/trust/anchors",
    "/usr/share/pki/trust/anchors",
];
const DEEPEST: usize = 3;
/// The folder in which OpenSSL looks: most of its links lead to the distribution's certificates, its files were put there.
const OPENSSL_FOLDER: &str = "/etc/ssl/certs";
/// Where the links of the distribution lead, and those to certificates that are read where they lie.
const DISTRIBUTIONS: &[&str] = &[
    "/etc/ca-certificates/",
    "/etc/pki/",
    "/etc/ssl/",
    "/gnu/store/",
    "/nix/store/",
    "/usr/local/share/ca-certificates/",
    "/usr/share/ca-certificates/",
    "/usr/share/pki/",
    "/var/lib/ca-certificates/",
];
/// The distribution's certificates in one file.
const BUNDLES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/var/lib/ca-certificates/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
/// NSS databases below a home; a `*` stands for any name.
const USER_DATABASES: &[&str] = &[
    ".pki/nssdb/cert9.db",
    ".mozilla/firefox/*/cert9.db",
    ".config/mozilla/firefox/*/cert9.db",
    ".thunderbird/*/cert9.db",
    ".librewolf/*/cert9.db",
    "snap/*/common/.mozilla/firefox/*/cert9.db",
    "snap/*/current/.pki/nssdb/cert9.db",
    ".var/app/*/.mozilla/firefox/*/cert9.db",
    ".var/app/*/.thunderbird/*/cert9.db",
    ".var/app/*/.pki/nssdb/cert9.db",
];
/// The NSS database of the system.
const SYSTEM_DATABASE: &str = "/etc/pki/nssdb/cert9.db";
/// The keys by which the machine's owner lets it start and load modules (shim, `MokListRT`): four bytes of attributes
/// before the list in the first place, none in the second.
const OWNERS_LISTS: &[(&str, usize)] = &[
    ("/sys/firmware/efi/efivars/MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23", 4),
    ("/sys/firmware/efi/mok-variables/MokListRT", 0),
];
/// Files in which tools of the system keep such a key: of shim-signed, and of DKMS.
const OWNERS_KEYS: &[&str] = &["/var/lib/shim-signed/mok/MOK.der", "/var/lib/dkms/mok.pub"];
/// How large a file of certificates may be; a distribution's bundle has some 200 KiB.
const LARGEST_BUNDLE: u64 = 16 << 20;
/// How large an NSS database may be that has to be copied.
const LARGEST_DATABASE: u64 = 64 << 20;
/// How long a certificate in a database may be.
const LARGEST_CERTIFICATE: i64 = 1 << 16;
/// How many certificates are listed.
const MOST_CERTIFICATES: usize = 20_000;
/// How many files of the folders are read.
const MOST_FILES: usize = 5_000;
/// The raw kind of one that the machine's owner entered into its firmware, or is to.
const KIND_OWNER: &str = "machine-owner";

/// Reads trusted certificates.
pub(crate) struct Certificates;

impl Collector for Certificates {
    fn name(&self) -> &'static str {
        "linux/certificates"
    }

    fn looks_at(&self) -> &'static str {
        "trusted certificates"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::Certificates]
    }

    fn needs(&self) -> Needs {
        LINUX_FILES
    }

    fn collect(&self, host: &dyn Host, _: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        let mut reading = Reading { host, gathering: &mut gathering, seen: BTreeSet::new(), files: MOST_FILES };
        for folder in ADDED {
            reading.read_folder(folder, DEEPEST);
        }
        reading.read_openssl_folder();
        reading.read_bundles();
        reading.read_owners_keys();
        reading.read_database(SYSTEM_DATABASE, &Scope::Machine);
        for home in homes(host, reading.gathering) {
            for pattern in USER_DATABASES {
                for path in expanded(host, &home.below(pattern), reading.gathering) {
                    reading.read_database(&path, &home.scope());
                }
            }
        }
        if reading.files == 0 {
            let message = format!("there are more than the {MOST_FILES} files of certificates that are read");
            gathering.shortfall(Cause::Broken, message);
        }
        if gathering.observations.len() >= MOST_CERTIFICATES {
            let message = format!("there are more than the {MOST_CERTIFICATES} certificates that are listed");
            gathering.shortfall(Cause::Broken, message);
        }
        gathering.finish()
    }
}

struct Reading<'a> {
    host: &'a dyn Host,
    gathering: &'a mut Gathering,
    /// The certificates that were told, by for whom and by their fingerprints.
    seen: BTreeSet<(Scope, String)>,
    /// How many more files are read.
    files: usize,
}

impl Reading<'_> {
    fn read_folder(&mut self, folder: &str, deeper: usize) {
        let Some(entries) = self.gathering.ok(self.host.list(folder, MOST_ENTRIES)) else { return };
        self.gathering.has_read();
        let files = entries.iter().filter(|entry| matches!(entry.kind, EntryKind::File | EntryKind::Link));
        self.host.expect_read(&files.map(|entry| format!("{folder}/{}", entry.name)).collect::<Vec<_>>());
        for entry in entries {
            let path = format!("{folder}/{}", entry.name);
            if entry.kind == EntryKind::Folder {
                if deeper > 0 {
                    self.read_folder(&path, deeper - 1);
                } else {
                    let message = format!("{path} lies deeper than folders of certificates are read");
                    self.gathering.shortfall(Cause::Broken, message);
                }
            } else if is_file_or_link(&entry, &path, self.gathering) {
                self.read_file(&path, KIND_ADDED);
            }
        }
    }

    fn read_openssl_folder(&mut self) {
        let entries = self.gathering.ok(self.host.list(OPENSSL_FOLDER, MOST_ENTRIES)).unwrap_or_default();
        for entry in entries {
            let path = format!("{OPENSSL_FOLDER}/{}", entry.name);
            if entry.kind == EntryKind::Link {
                let is_others = |place: &String| !DISTRIBUTIONS.iter().any(|folder| place.starts_with(folder));
                if let Some(place) = self.gathering.ok(self.host.canonical(&path)).filter(is_others) {
                    self.read_file(&place, KIND_ADDED);
                }
            } else if is_file_or_link(&entry, &path, self.gathering) && !BUNDLES.contains(&path.as_str()) {
                self.read_file(&path, KIND_ADDED);
            }
        }
    }

    fn read_bundles(&mut self) {
        let mut places = BTreeSet::new();
        for bundle in BUNDLES {
            // Most of them are links to one of the others.
            if let Some(place) = self.gathering.ok(self.host.canonical(bundle))
                && places.insert(place)
            {
                self.read_file(bundle, KIND_DISTRIBUTION);
            }
        }
    }

    fn read_owners_keys(&mut self) {
        // The firmware's word is that of the running system alone.
        let lists = if self.host.is_live() { OWNERS_LISTS } else { &[] };
        for (path, attributes) in lists {
            let Some(bytes) = self.gathering.ok(self.host.read(path, LARGEST_BUNDLE)) else { continue };
            self.gathering.has_read();
            for certificate in parse_signature_database(bytes.get(*attributes..).unwrap_or_default()) {
                self.observe(certificate, path, KIND_OWNER, &Scope::Machine);
            }
        }
        for path in OWNERS_KEYS {
            self.read_file(path, KIND_OWNER);
        }
    }

    fn read_file(&mut self, path: &str, kind: &str) {
        if self.files == 0 {
            return;
        }
        self.files -= 1;
        let Some(bytes) = self.gathering.ok(self.host.read(path, LARGEST_BUNDLE)) else { return };
        self.gathering.has_read();
        let (certificates, diagnostics) = parse_certificates(&bytes, path);
        if certificates.is_empty()
            && let Some(first) = diagnostics.first()
        {
            self.gathering.shortfall(Cause::Broken, format!("{path} could not be read: {}", first.message));
        }
        self.gathering.diagnostics.extend(diagnostics);
        for certificate in certificates {
            self.observe(certificate, path, kind, &Scope::Machine);
        }
    }

    fn read_database(&mut self, path: &str, scope: &Scope) {
        let Some(database) = sqlite::open(self.host, path, LARGEST_DATABASE, self.gathering) else { return };
        if let Err(error) = self.read_certificates(&database, path, scope) {
            self.gathering.shortfall(Cause::Broken, format!("{path} could not be read: {error}"));
        }
    }

    /// The certificates of an NSS database. Its columns are named after attributes of PKCS #11: `a0` is the class of an
    /// object, `a11` its value; the class of a certificate is 1, in four bytes.
    fn read_certificates(&mut self, database: &sqlite::Database, path: &str, scope: &Scope) -> rusqlite::Result<()> {
        if !database.has_table("nssPublic")? {
            self.gathering.shortfall(Cause::Broken, format!("{path} has no table of certificates"));
            return Ok(());
        }
        let query = "SELECT a11 FROM nssPublic WHERE a0 = x'00000001' AND length(a11) <= ?1 ORDER BY id LIMIT ?2";
        let mut statement = database.connection().prepare(query)?;
        let mut rows = statement.query((LARGEST_CERTIFICATE, i64::try_from(MOST_CERTIFICATES).unwrap_or(i64::MAX)))?;
        self.gathering.has_read();
        while let Some(row) = rows.next()? {
            let ValueRef::Blob(bytes) = row.get_ref(0)? else { continue };
            if let Some(certificate) = parse_certificate(bytes) {
                self.observe(certificate, path, KIND_BROWSER, scope);
            } else {
                let message = format!("{path} holds a certificate that cannot be read");
                self.gathering.shortfall(Cause::Broken, message);
            }
        }
        Ok(())
    }

    fn observe(&mut self, certificate: Certificate, path: &str, kind: &str, scope: &Scope) {
        if self.gathering.observations.len() >= MOST_CERTIFICATES
            || !self.seen.insert((scope.clone(), certificate.fingerprint.clone()))
        {
            return;
        }
        let observation = trusted(certificate, path, kind, scope);
        self.gathering.observations.push(observation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fixture, rows};
    use crate::{FixtureHost, RootedHost};
    use interdict_model::{CollectorStatus, Probes, raw_key};
    use rusqlite::Connection;

    fn collect(host: &dyn Host) -> Collected {
        Certificates.collect(host, &Request::of(&Probes::default()))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            format!(
                "{} | {} | {} {} {}",
                one.display_name.as_deref().unwrap_or("-"),
                one.publisher.as_deref().unwrap_or("-"),
                one.raw(raw_key::KIND).unwrap_or("-"),
                one.scope.as_ref().map(ToString::to_string).unwrap_or_default(),
                one.path.as_deref().unwrap_or("-"),
            )
        })
    }

    #[test]
    fn a_certificate_is_told_from_where_it_was_added_and_not_again_from_the_bundle() {
        let collected = collect(&fixture("linux/certificates", "added-and-in-the-bundle"));
        assert_eq!(
            found(&collected),
            [
                "Agent Personal Root | Example Agents Ltd | added machine /usr/local/share/ca-certificates/agents/agent.crt",
                "Distribution Root | Example Distribution | distribution machine /etc/ssl/certs/ca-certificates.crt",
            ]
        );
        assert_eq!(collected.observations[0].identifier.as_ref().map(String::len), Some(64));
        assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
    }

    #[test]
    fn a_browsers_database_is_read_and_left_alone() {
        let host = fixture("linux/certificates", "added-and-in-the-bundle");
        let text = host.read("/usr/local/share/ca-certificates/agents/agent.crt", 1 << 20).expect("there");
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("home/ada/.mozilla/firefox/x.default");
        std::fs::create_dir_all(&folder).expect("made");
        std::fs::create_dir_all(root.path().join("etc")).expect("made");
        let der = interdict_der(&text);
        let connection = Connection::open(folder.join("cert9.db")).expect("made");
        connection.execute_batch("CREATE TABLE nssPublic (id PRIMARY KEY, a0, a3, a11)").expect("made");
        let mut add = connection.prepare("INSERT INTO nssPublic VALUES (?1, ?2, NULL, ?3)").expect("prepared");
        add.execute((1, &[0u8, 0, 0, 1][..], &der[..])).expect("added");
        add.execute((2, &[0xce_u8, 0x53, 0x43, 0x53][..], rusqlite::types::Null)).expect("added");
        add.execute((3, &[0u8, 0, 0, 1][..], &b"cut"[..])).expect("added");
        drop(add);
        drop(connection);
        let collected = collect(&RootedHost::open(root.path()).expect("a folder"));
        assert_eq!(
            found(&collected),
            [
                "Agent Personal Root | Example Agents Ltd | browser user:ada /home/ada/.mozilla/firefox/x.default/cert9.db"
            ]
        );
        assert_eq!(collected.status, CollectorStatus::Partial, "the third one");
        assert_eq!(std::fs::read_dir(&folder).expect("listed").count(), 1);
    }

    /// The bytes of the only PEM block of a text.
    fn interdict_der(text: &[u8]) -> Vec<u8> {
        let text = std::str::from_utf8(text).expect("text");
        let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
        base64::Engine::decode(&base64::engine::general_purpose::STANDARD, body).expect("base64")
    }

    #[test]
    fn the_keys_of_the_machines_owner_are_read_while_it_runs() {
        let der = include_bytes!("../../../formats/tests/data/machine-owner.der");
        let mut list = vec![7, 0, 0, 0];
        list.extend([0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a, 0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72]);
        let length = u32::try_from(der.len() + 16).expect("short");
        list.extend([length + 28, 0, length].map(u32::to_le_bytes).as_flattened());
        list.extend([0; 16]);
        list.extend(der);
        let host = FixtureHost::new().file(OWNERS_LISTS[0].0, list).file(OWNERS_KEYS[1], *der);
        let row = |path| format!("Example Module Signing | Example Ltd | machine-owner machine {path}");
        assert_eq!(found(&collect(&host)), [row(OWNERS_KEYS[1])]);
        assert_eq!(found(&collect(&host.running(Vec::new()))), [row(OWNERS_LISTS[0].0)]);
    }

    #[test]
    fn a_link_among_the_distributions_may_lead_to_a_vendors_certificate() {
        let der = include_bytes!("../../../formats/tests/data/machine-owner.der");
        let host = FixtureHost::new()
            .file("/opt/agent/ca.der", *der)
            .file("/usr/share/ca-certificates/mozilla/Other.crt", "none")
            .link("/etc/ssl/certs/agent.pem", "/opt/agent/ca.der")
            .link("/etc/ssl/certs/0a1b2c3d.0", "agent.pem")
            .link("/etc/ssl/certs/Other.pem", "/usr/share/ca-certificates/mozilla/Other.crt")
            .link("/etc/ssl/certs/gone.pem", "/opt/gone.pem");
        let collected = collect(&host);
        assert_eq!(found(&collected), ["Example Module Signing | Example Ltd | added machine /opt/agent/ca.der"]);
        assert_eq!(collected.status, CollectorStatus::Complete, "{:?}", collected.reason);
    }

    #[test]
    fn what_is_no_certificate_or_may_not_be_read_is_said() {
        let folder = "/usr/local/share/ca-certificates";
        let broken = FixtureHost::new().file(&format!("{folder}/a.crt"), [0x30, 0x82, 0xff, 0xff]);
        let collected = collect(&broken);
        assert_eq!(collected.status, CollectorStatus::Partial);
        let hidden = collect(&FixtureHost::new().folder(folder).unreadable(folder));
        assert_eq!(hidden.status, CollectorStatus::NotPossible);
    }
}
