//! The reader of Windows programs over ones that another program signs while the test runs, where that is installed:
//! `osslsigncode` with certificates of an authority that `openssl` makes up on the spot.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a test runs the programs it needs, and says when they are missing"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use interdict_formats::portable_executable::{DigestCheck, PortableExecutable, parse_portable_executable};
use interdict_formats::ranges::from_memory;

/// A program as mingw built it, with a signature that is taken off first.
const PROGRAM: &[u8] = include_bytes!("../../formats/fixtures/portable-executable/signed.exe");

/// A folder with certificates, and what signs with them.
struct Workshop {
    folder: tempfile::TempDir,
}

impl Workshop {
    /// Nothing where a program is missing, or too old to do what is asked of it.
    fn open() -> Option<Self> {
        let workshop = Self { folder: tempfile::tempdir().expect("a folder") };
        std::fs::write(workshop.path("signed.exe"), PROGRAM).expect("written");
        let is_ready = workshop.certificate("Test Maker", "codeSigning")
            && workshop.certificate("Test Windows", "codeSigning")
            && workshop.certificate("Test Clock", "timeStamping")
            && workshop.run("osslsigncode", "remove-signature -in signed.exe -out plain.exe");
        if !is_ready {
            println!("skipped: openssl or osslsigncode is not installed, or too old");
        }
        is_ready.then_some(workshop)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, program: &str, arguments: &str) -> bool {
        let arguments = arguments.split_whitespace();
        let mut command = Command::new(program);
        let output = command.args(arguments).current_dir(self.folder.path()).output();
        output.is_ok_and(|output| output.status.success())
    }

    fn certificate(&self, name: &str, usage: &str) -> bool {
        let file = name.replace(' ', "-");
        let subject = format!("/C=DE/O={file}/CN={file}");
        self.run(
            "openssl",
            &format!(
                "req -x509 -newkey rsa:2048 -nodes -keyout {file}.key -out {file}.pem -days 3650 -subj {subject} \
                 -addext extendedKeyUsage=critical,{usage}"
            ),
        )
    }

    /// Signs the program; its path.
    fn signed(&self, by: &str, input: &str, more: &str) -> PathBuf {
        let output = format!("{input}-{}.exe", more.replace([' ', '.'], ""));
        let line = format!("sign -certs {by}.pem -key {by}.key {more} -in {input} -out {output}");
        assert!(self.run("osslsigncode", &line), "{line}");
        self.path(&output)
    }
}

fn read(path: &Path) -> (PortableExecutable, DigestCheck) {
    let bytes = std::fs::read(path).expect("readable");
    let (found, diagnostics) = parse_portable_executable(&from_memory(&bytes));
    assert_eq!(diagnostics, [], "{}", path.display());
    let found = found.expect("a program");
    let check = found.check_digest(&from_memory(&bytes), u64::MAX);
    (found, check)
}

fn names(found: &PortableExecutable) -> Vec<&str> {
    found.signers().filter_map(|signer| signer.certificate.as_ref()?.common_name.as_deref()).collect()
}

#[test]
fn every_kind_of_digest_is_compared() {
    let Some(workshop) = Workshop::open() else { return };
    let (plain, check) = read(&workshop.path("plain.exe"));
    assert_eq!((names(&plain), check), (Vec::new(), DigestCheck::NotChecked));
    for kind in ["sha1", "sha2", "sha384", "sha512"] {
        let path = workshop.signed("Test-Maker", "plain.exe", &format!("-h {kind}"));
        let (found, check) = read(&path);
        assert_eq!((names(&found), check), (vec!["Test-Maker"], DigestCheck::Matches), "{kind}");
        let mut bytes = std::fs::read(&path).expect("readable");
        bytes[0x400] ^= 1;
        std::fs::write(&path, bytes).expect("written");
        assert_eq!(read(&path).1, DigestCheck::Differs, "{kind}");
    }
}

#[test]
fn a_second_signature_and_the_time_stamp_are_read() {
    let Some(workshop) = Workshop::open() else { return };
    let stamped = "-h sha2 -TSA-certs Test-Clock.pem -TSA-key Test-Clock.key -TSA-time 1700000000";
    let first = workshop.signed("Test-Windows", "plain.exe", stamped);
    let (found, _) = read(&first);
    let stamp = found.signers().next().and_then(|signer| signer.time_stamp.as_deref());
    assert_eq!(stamp, Some("2023-11-14T22:13:20Z"));
    let input = first.file_name().expect("a name").to_string_lossy().into_owned();
    let (both, check) = read(&workshop.signed("Test-Maker", &input, "-h sha2 -nest"));
    assert_eq!((names(&both), check), (vec!["Test-Windows", "Test-Maker"], DigestCheck::Matches));
}

#[test]
fn a_signature_that_was_pasted_on_is_told_from_a_real_one() {
    let Some(workshop) = Workshop::open() else { return };
    let signed = workshop.signed("Test-Maker", "plain.exe", "-h sha2");
    let name = signed.file_name().expect("a name").to_string_lossy().into_owned();
    let mut other = std::fs::read(workshop.path("plain.exe")).expect("readable");
    other[0x400] ^= 1;
    std::fs::write(workshop.path("other.exe"), other).expect("written");
    assert!(workshop.run("osslsigncode", &format!("extract-signature -in {name} -out taken.p7")));
    // It says that this does not fit and writes the file all the same.
    workshop.run("osslsigncode", "attach-signature -sigin taken.p7 -in other.exe -out pasted.exe");
    if !workshop.path("pasted.exe").exists() {
        println!("skipped: this osslsigncode pastes nothing");
        return;
    }
    let (found, check) = read(&workshop.path("pasted.exe"));
    assert_eq!((names(&found), check), (vec!["Test-Maker"], DigestCheck::Differs));
}
