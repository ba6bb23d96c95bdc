//! What one program file says of itself and who signed it, whatever system it is for.
//!
//! Little of a large file is read. A signature is not verified: a certificate in a file is worth as much as the file, until
//! the digest is compared (small files only) and Windows is asked (while it runs).

use std::cell::RefCell;

use interdict_formats::code_signature::{CodeSignature, parse_mach_o};
use interdict_formats::executable::{BYTES, ExecutableKind, executable_kind};
use interdict_formats::portable_executable::{DigestCheck, PortableExecutable, parse_portable_executable};
use interdict_formats::version_resource::VersionStrings;

use crate::host::{Blocks, Host, HostError};

/// How much is read at a time: headers, resources and signatures lie in few places, far apart.
const BLOCK: u64 = 16 << 10;

/// A program file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProgramFile {
    pub(crate) kind: ExecutableKind,
    /// The processors it is for, by comma.
    pub(crate) architecture: Option<String>,
    /// Whether it says that others load it.
    pub(crate) is_library: bool,
    /// What a program of Windows says of itself.
    pub(crate) version: VersionStrings,
    pub(crate) signer: Option<Signer>,
}

/// Who signed a file, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signer {
    /// The subject of the certificate; of Apple's, the common name with the team.
    pub(crate) subject: String,
    pub(crate) how: Signature,
}

/// How a signature was read, in the words of [`SIGNATURE`](interdict_model::raw_key::SIGNATURE).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signature {
    /// From the file; its digest is the one that is signed.
    DigestMatches,
    /// From the file; its digest is not the one that is signed.
    DigestDiffers,
    /// From the file; nothing was compared.
    NotChecked,
    /// Windows finds it good.
    Verified,
    /// From the file; Windows does not find it good.
    NotTrusted,
}

impl Signature {
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::DigestMatches => "embedded, digest matches",
            Self::DigestDiffers => "embedded, digest differs",
            Self::NotChecked => "embedded, not checked",
            Self::Verified => "verified by Windows",
            Self::NotTrusted => "embedded, not trusted by Windows",
        }
    }
}

/// What came of reading a file.
pub(crate) struct Looked {
    /// What it is; nothing for what is no program.
    pub(crate) program: Option<ProgramFile>,
    /// How many bytes were read.
    pub(crate) bytes: u64,
}

/// Reads a program file. Digests are compared for files of at most so many bytes, unless Microsoft signed them.
pub(crate) fn read(host: &dyn Host, path: &str, most_digested: u64) -> Result<Looked, HostError> {
    let blocks = RefCell::new(Blocks::of_size(host, path, BLOCK));
    let failure = RefCell::new(None);
    let read = |offset: u64, length: usize| match blocks.borrow_mut().read(offset, length) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            failure.borrow_mut().get_or_insert(error);
            None
        }
    };
    let start = read(0, BYTES).unwrap_or_default();
    let program = executable_kind(&start).map(|kind| match kind {
        ExecutableKind::Windows => of_windows(&read, most_digested),
        ExecutableKind::MachO => of_macos(&read),
        ExecutableKind::Elf | ExecutableKind::AppImage | ExecutableKind::Script => unsigned(kind),
    });
    if let Some(error) = failure.take().filter(|_| program.is_none()) {
        return Err(error);
    }
    Ok(Looked { program, bytes: blocks.borrow().bytes_read() })
}

const fn unsigned(kind: ExecutableKind) -> ProgramFile {
    let version = VersionStrings {
        company: None,
        product: None,
        description: None,
        file_version: None,
        product_version: None,
        original_file_name: None,
        internal_name: None,
    };
    ProgramFile { kind, architecture: None, is_library: false, version, signer: None }
}

fn of_windows(read: &dyn Fn(u64, usize) -> Option<Vec<u8>>, most_digested: u64) -> ProgramFile {
    let Some(found) = parse_portable_executable(read).0 else { return unsigned(ExecutableKind::Windows) };
    let signer = subject(&found).map(|subject| {
        let digested = if is_microsoft(&subject) { 0 } else { most_digested };
        let how = match found.check_digest(read, digested) {
            DigestCheck::Matches => Signature::DigestMatches,
            DigestCheck::Differs => Signature::DigestDiffers,
            DigestCheck::NotChecked => Signature::NotChecked,
        };
        Signer { subject, how }
    });
    ProgramFile {
        kind: ExecutableKind::Windows,
        architecture: Some(found.architecture),
        is_library: found.is_library,
        version: found.version,
        signer,
    }
}

/// The signer to name: Microsoft signs the drivers of others beside them, so anybody else comes first.
fn subject(found: &PortableExecutable) -> Option<String> {
    let subjects: Vec<&String> =
        found.signers().filter_map(|signer| signer.certificate.as_ref()).map(|found| &found.subject).collect();
    subjects.iter().find(|subject| !is_microsoft(subject)).or(subjects.first()).map(|subject| (*subject).clone())
}

pub(crate) fn is_microsoft(subject: &str) -> bool {
    subject.contains("O=Microsoft Corporation") || subject.starts_with("Microsoft ")
}

fn of_macos(read: &dyn Fn(u64, usize) -> Option<Vec<u8>>) -> ProgramFile {
    let Some(found) = parse_mach_o(read).0 else { return unsigned(ExecutableKind::MachO) };
    let signer = found.signature.as_ref().and_then(CodeSignature::signed_by).map(str::to_owned);
    ProgramFile {
        architecture: Some(found.architectures.join(",")).filter(|all| !all.is_empty()),
        is_library: !found.is_program,
        signer: signer.map(|subject| Signer { subject, how: Signature::NotChecked }),
        ..unsigned(ExecutableKind::MachO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executable_encoder::{Program, portable_executable};
    use crate::signature_encoder::{Certificate, Signed, oid};
    use crate::{FixtureHost, MapRegistry};

    fn driver(outer: &Certificate, inner: &Certificate) -> Vec<u8> {
        let program = Program { machine: 0x8664, wide: true, versions: Vec::new() };
        portable_executable(
            &program,
            Some(&|digest| {
                let nested = Signed::over(inner, digest).encode();
                Signed { beside: vec![(oid::NESTED.to_vec(), nested)], ..Signed::over(outer, digest) }.encode()
            }),
        )
    }

    #[test]
    fn the_maker_is_named_where_microsoft_signed_beside_it() {
        let windows = Certificate::of("Microsoft Windows Hardware Compatibility Publisher", "Microsoft Corporation");
        let maker = Certificate::of("Test Signing", "Test Signing");
        let host = FixtureHost::windows(MapRegistry::default())
            .file(r"C:\a.sys", driver(&windows, &maker))
            .file(r"C:\b.sys", driver(&windows, &windows));
        let signer =
            |path| read(&host, path, 1 << 20).expect("read").program.expect("a driver").signer.expect("signed");
        assert_eq!(signer(r"C:\a.sys").subject, "CN=Test Signing, O=Test Signing, C=RU");
        assert_eq!(signer(r"C:\a.sys").how, Signature::DigestMatches);
        assert!(is_microsoft(&signer(r"C:\b.sys").subject));
        assert_eq!(signer(r"C:\b.sys").how, Signature::NotChecked);
    }

    #[test]
    fn what_cannot_be_read_is_no_file_that_is_no_program() {
        let host = FixtureHost::new().file("/secret", "MZ").unreadable("/secret").file("/text", "text");
        assert!(matches!(read(&host, "/secret", 0), Err(HostError::Denied { .. })));
        assert!(matches!(read(&host, "/none", 0), Err(HostError::NotFound { .. })));
        assert_eq!(read(&host, "/text", 0).expect("read").program, None);
    }
}
