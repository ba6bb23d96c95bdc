//! Programs, libraries and drivers of Windows (PE): processor, version resource and who signed them.
//!
//! Read by ranges: the headers, the version resource and the table of certificates, each bounded, since a program may
//! have hundreds of megabytes. That the signature is good and that anybody trusts its certificate is not checked; that
//! the signed digest is that of the file can be, which tells a signature from one pasted on from another file. A file
//! without a signature may still be signed in a catalog of Windows, which only Windows looks up. Sources: Microsoft's
//! "PE Format" and "Windows Authenticode Portable Executable Signature Format".

use interdict_model::Diagnostic;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::asn1::{Elements, tag};
use crate::ranges::{ReadAt, exactly, u16_le, u32_le};
use crate::signature::{Signature, Signer, parse_signature};
use crate::version_resource::{VersionStrings, parse_version_resources};

/// The diagnostic codes of this module.
pub(crate) mod code {
    /// Headers, resources or the table of certificates end early or contradict themselves.
    pub(crate) const MALFORMED: &str = "formats/pe-malformed";
}

/// How many sections are read; Windows loads no file with more than 96.
const MOST_SECTIONS: u16 = 96;
/// How many entries of a directory of resources are read.
const MOST_RESOURCES: usize = 1_024;
/// How many version resources are read: one for each language.
const MOST_VERSIONS: usize = 16;
/// How large a version resource may be.
const MOST_VERSION_BYTES: usize = 64 << 10;
/// How many entries of the table of certificates are read.
const MOST_CERTIFICATES: usize = 8;
/// How much of an entry is read; usual are 10 KB. Some installers hide data behind their signature.
const MOST_CERTIFICATE_BYTES: usize = 1 << 20;
/// How many bytes are read at once where all of a file is.
const PIECE: usize = 256 << 10;

/// A program, library or driver of Windows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PortableExecutable {
    /// The processor it is for, such as `x86_64`; a number where the name is not known.
    pub architecture: String,
    /// Whether it is a library, which others load.
    pub is_library: bool,
    /// What it says of itself.
    pub version: VersionStrings,
    /// Its signatures in the order of the file, those within others behind them.
    pub signatures: Vec<Signature>,
    layout: Layout,
}

/// Where in the file lies what a digest leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Layout {
    checksum: u64,
    certificate_entry: u64,
    certificates: Option<(u64, u64)>,
}

/// What comparing the signed digest with that of the file said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DigestCheck {
    /// The file is the one that was signed.
    Matches,
    /// The file was changed, or the signature is another file's.
    Differs,
    /// The file is too large, could not be read, or the digest is of a kind that is not known.
    NotChecked,
}

impl PortableExecutable {
    /// Its signers of whom there is a certificate.
    pub fn signers(&self) -> impl Iterator<Item = &Signer> {
        self.signatures.iter().flat_map(|signature| &signature.signers).filter(|signer| signer.certificate.is_some())
    }

    /// Compares the digest in each signature with that of the file, if it has no more than `most` bytes.
    #[must_use]
    pub fn check_digest(&self, read: &ReadAt<'_>, most: u64) -> DigestCheck {
        let claims: Option<Vec<_>> = self.signatures.iter().map(claimed_digest).collect();
        let Some(claims) = claims.filter(|claims| !claims.is_empty()) else { return DigestCheck::NotChecked };
        for (algorithm, claimed) in claims {
            match self.file_digest(algorithm, read, most) {
                Some(digest) if claimed.as_ref() == Some(&digest) => {}
                Some(_) => return DigestCheck::Differs,
                None => return DigestCheck::NotChecked,
            }
        }
        DigestCheck::Matches
    }

    /// The digest of the file without its checksum, the place of the signature and the signature itself.
    fn file_digest(&self, algorithm: Algorithm, read: &ReadAt<'_>, most: u64) -> Option<Vec<u8>> {
        let (start, size) = self.layout.certificates?;
        let Layout { checksum, certificate_entry, .. } = self.layout;
        let mut hasher = algorithm.hasher();
        let parts = [
            (0, checksum),
            (checksum + 4, certificate_entry),
            (certificate_entry + 8, start),
            (start.checked_add(size)?, u64::MAX),
        ];
        for (from, to) in parts {
            let mut at = from;
            while at < to {
                let wanted = usize::try_from(to - at).map_or(PIECE, |rest| rest.min(PIECE));
                let bytes = read(at, wanted)?;
                hasher.take(&bytes);
                at += u64::try_from(bytes.len()).ok()?;
                if at > most {
                    return None;
                }
                if bytes.len() < wanted {
                    (to == u64::MAX).then_some(())?;
                    break;
                }
            }
        }
        Some(hasher.finish())
    }
}

/// Reads a program, library or driver. Nothing for any other file.
#[must_use]
pub fn parse_portable_executable(read: &ReadAt<'_>) -> (Option<PortableExecutable>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let Some(headers) = Headers::of(read) else { return (None, diagnostics) };
    let mut found = PortableExecutable {
        architecture: headers.architecture(),
        is_library: headers.is_library,
        layout: Layout {
            checksum: headers.optional + 64,
            certificate_entry: headers.directory_at(Directory::Certificates),
            certificates: None,
        },
        ..PortableExecutable::default()
    };
    if headers.sections.is_empty() {
        diagnostics.push(malformed("the program ends within its headers"));
    }
    if let Some((resources, _)) = headers.directory(Directory::Resources) {
        match headers.version_resources(read, resources) {
            Some(resources) => found.version = parse_version_resources(&resources).unwrap_or_default(),
            None => diagnostics.push(malformed("the resources of the program could not be read")),
        }
    }
    if let Some((at, size)) = headers.directory(Directory::Certificates) {
        // Unlike all others, this place is one in the file.
        found.layout.certificates = Some((at.into(), size.into()));
        found.signatures = signatures(read, at.into(), size.into(), &mut diagnostics);
    }
    (Some(found), diagnostics)
}

fn malformed(what: &str) -> Diagnostic {
    Diagnostic::warning(code::MALFORMED, what)
}

#[derive(Clone, Copy)]
enum Directory {
    Resources,
    Certificates,
}

/// The headers of a file.
struct Headers {
    machine: u16,
    is_library: bool,
    /// Where in the file the optional header begins.
    optional: u64,
    /// Where in it the directories begin.
    directories: usize,
    optional_bytes: Vec<u8>,
    sections: Vec<Section>,
}

struct Section {
    address: u32,
    size: u32,
    at: u32,
}

impl Headers {
    fn of(read: &ReadAt<'_>) -> Option<Self> {
        /// `IMAGE_FILE_DLL`
        const LIBRARY: u16 = 0x2000;
        let start = exactly(read, 0, 64).filter(|bytes| bytes.starts_with(b"MZ"))?;
        let at = u64::from(u32_le(&start, 60)?);
        let head = exactly(read, at, 24).filter(|bytes| bytes.starts_with(b"PE\0\0"))?;
        let (machine, sections, size) = (u16_le(&head, 4)?, u16_le(&head, 6)?, u16_le(&head, 20)?);
        let is_library = u16_le(&head, 22)? & LIBRARY != 0;
        let optional = at + 24;
        let optional_bytes = read(optional, size.into())?;
        let directories = match u16_le(&optional_bytes, 0) {
            Some(0x10b) => 96,
            Some(0x20b) => 112,
            _ => return None,
        };
        let count = usize::from(sections.min(MOST_SECTIONS));
        let table = read(optional + u64::from(size), count * 40).unwrap_or_default();
        let section = |bytes: &[u8]| {
            let (virtual_size, address) = (u32_le(bytes, 8)?, u32_le(bytes, 12)?);
            let (raw_size, at) = (u32_le(bytes, 16)?, u32_le(bytes, 20)?);
            Some(Section { address, size: virtual_size.max(raw_size), at })
        };
        let sections = table.chunks_exact(40).filter_map(section).collect();
        Some(Self { machine, is_library, optional, directories, optional_bytes, sections })
    }

    fn architecture(&self) -> String {
        match self.machine {
            0x014c => "i386".to_owned(),
            0x8664 => "x86_64".to_owned(),
            0xaa64 => "arm64".to_owned(),
            0x01c0 | 0x01c2 | 0x01c4 => "arm".to_owned(),
            0x0200 => "ia64".to_owned(),
            other => format!("{other:#06x}"),
        }
    }

    const fn entry(&self, directory: Directory) -> usize {
        let index = match directory {
            Directory::Resources => 2,
            Directory::Certificates => 4,
        };
        self.directories + 8 * index
    }

    /// Where in the file the entry of a directory stands.
    fn directory_at(&self, directory: Directory) -> u64 {
        self.optional.saturating_add(u64::try_from(self.entry(directory)).unwrap_or_default())
    }

    /// Place and size of a directory; nothing where it has none.
    fn directory(&self, directory: Directory) -> Option<(u32, u32)> {
        let at = self.entry(directory);
        let count = usize::try_from(u32_le(&self.optional_bytes, self.directories - 4)?).ok()?;
        let known = at < self.directories.checked_add(count.checked_mul(8)?)?;
        let place = u32_le(&self.optional_bytes, at).zip(u32_le(&self.optional_bytes, at + 4));
        place.filter(|(place, size)| known && *place != 0 && *size != 0)
    }

    /// Where in the file an address lies once it is loaded.
    fn place_of(&self, address: u32) -> Option<u64> {
        let section = self.sections.iter().find(|section| {
            address >= section.address && u64::from(address) < u64::from(section.address) + u64::from(section.size)
        })?;
        Some(u64::from(section.at) + u64::from(address - section.address))
    }

    /// The version resources, one for each language. Three levels: kind, name, language.
    fn version_resources(&self, read: &ReadAt<'_>, address: u32) -> Option<Vec<Vec<u8>>> {
        const VERSION: u32 = 16;
        let root = self.place_of(address)?;
        let mut resources = Vec::new();
        let kinds = resource_entries(read, root, 0)?;
        for (_, kind) in kinds.iter().filter(|(id, _)| *id == VERSION) {
            for (_, name) in resource_entries(read, root, below(*kind)?)? {
                for (_, language) in resource_entries(read, root, below(name)?)? {
                    let entry = exactly(read, root + u64::from(language), 16)?;
                    let size = usize::try_from(u32_le(&entry, 4)?).ok()?.min(MOST_VERSION_BYTES);
                    resources.push(read(self.place_of(u32_le(&entry, 0)?)?, size)?);
                    if resources.len() == MOST_VERSIONS {
                        return Some(resources);
                    }
                }
            }
        }
        Some(resources)
    }
}

/// The place of a directory below, which the highest bit marks as one.
fn below(place: u32) -> Option<u32> {
    const IS_DIRECTORY: u32 = 1 << 31;
    (place & IS_DIRECTORY != 0).then_some(place & !IS_DIRECTORY)
}

/// The entries of a directory of resources: id (or the place of a name) and the place of what is below.
fn resource_entries(read: &ReadAt<'_>, root: u64, place: u32) -> Option<Vec<(u32, u32)>> {
    let at = root + u64::from(place);
    let head = exactly(read, at, 16)?;
    let count = usize::from(u16_le(&head, 12)?) + usize::from(u16_le(&head, 14)?);
    let bytes = read(at + 16, count.min(MOST_RESOURCES) * 8)?;
    Some(bytes.chunks_exact(8).filter_map(|entry| u32_le(entry, 0).zip(u32_le(entry, 4))).collect())
}

/// The signatures in the table of certificates, and those within them.
fn signatures(read: &ReadAt<'_>, at: u64, size: u64, diagnostics: &mut Vec<Diagnostic>) -> Vec<Signature> {
    /// `WIN_CERT_TYPE_PKCS_SIGNED_DATA`
    const SIGNED_DATA: u16 = 2;
    const HEAD: u64 = 8;
    let mut found = Vec::new();
    let mut offset = 0;
    for _ in 0..MOST_CERTIFICATES {
        if offset + HEAD > size {
            break;
        }
        let head = exactly(read, at + offset, 8);
        let Some((length, kind)) = head.and_then(|head| u32_le(&head, 0).zip(u16_le(&head, 6))) else {
            diagnostics.push(malformed("the table of certificates ends early"));
            break;
        };
        let length = u64::from(length);
        if length < HEAD || offset + length > size {
            diagnostics.push(malformed("an entry of the table of certificates does not fit into it"));
            break;
        }
        if kind == SIGNED_DATA {
            let wanted =
                usize::try_from(length - HEAD).map_or(MOST_CERTIFICATE_BYTES, |all| all.min(MOST_CERTIFICATE_BYTES));
            let bytes = read(at + offset + HEAD, wanted).unwrap_or_default();
            let (signature, complaints) = parse_signature(&bytes);
            diagnostics.extend(complaints);
            found.extend(signature);
        }
        offset += length.next_multiple_of(8);
    }
    let nested: Vec<_> = found
        .iter()
        .flat_map(|signature| &signature.signers)
        .flat_map(|signer| &signer.nested)
        .take(MOST_CERTIFICATES)
        .filter_map(|bytes| parse_signature(bytes).0)
        .collect();
    found.extend(nested);
    found
}

/// The kinds of digests in use.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Algorithm {
    fn of(identifier: &[u8]) -> Option<Self> {
        match identifier {
            [0x2b, 0x0e, 0x03, 0x02, 0x1a] => Some(Self::Sha1),
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01] => Some(Self::Sha256),
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02] => Some(Self::Sha384),
            [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03] => Some(Self::Sha512),
            _ => None,
        }
    }

    fn hasher(self) -> Hasher {
        match self {
            Self::Sha1 => Hasher::Sha1(Sha1::new()),
            Self::Sha256 => Hasher::Sha256(Sha256::new()),
            Self::Sha384 => Hasher::Sha384(Sha384::new()),
            Self::Sha512 => Hasher::Sha512(Sha512::new()),
        }
    }

    fn digest(self, bytes: &[u8]) -> Vec<u8> {
        let mut hasher = self.hasher();
        hasher.take(bytes);
        hasher.finish()
    }
}

enum Hasher {
    Sha1(Sha1),
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

impl Hasher {
    fn take(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hasher) => hasher.update(bytes),
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sha384(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::Sha1(hasher) => hasher.finalize().to_vec(),
            Self::Sha256(hasher) => hasher.finalize().to_vec(),
            Self::Sha384(hasher) => hasher.finalize().to_vec(),
            Self::Sha512(hasher) => hasher.finalize().to_vec(),
        }
    }
}

/// The digest of the file that a signature is over, and its kind; no digest where the signature is over something else
/// than the digest beside it. Nothing where the kind is not known.
fn claimed_digest(signature: &Signature) -> Option<(Algorithm, Option<Vec<u8>>)> {
    // SpcIndirectDataContent: what it is about, then algorithm and digest.
    let whole = signature.content.as_deref()?;
    let content = Elements::of(whole).next()?.tagged(tag::SEQUENCE)?;
    let mut digest = content.children().nth(1)?.tagged(tag::SEQUENCE)?.children();
    let algorithm = digest.accept(tag::SEQUENCE)?.children().accept(tag::OBJECT_IDENTIFIER)?;
    let algorithm = Algorithm::of(algorithm.content)?;
    let claimed = digest.accept(tag::OCTET_STRING)?.content.to_vec();
    let signed = signature.signers.iter().all(|signer| {
        let kind = signer.digest_algorithm.as_deref().and_then(Algorithm::of);
        kind.is_some_and(|kind| Some(kind.digest(content.content)) == signer.message_digest)
    });
    Some((algorithm, signed.then_some(claimed)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::executable_encoder::{Program, portable_executable, version_resource};
    use crate::ranges::from_memory;
    use crate::signature_encoder::{Certificate, Signed, oid};

    const SUBJECT: &str = "CN=Test Signing\\, not a company, O=Test Signing\\, not a company, C=RU";

    fn certificate() -> Certificate {
        Certificate::of("Test Signing, not a company", "Test Signing, not a company")
    }

    fn program() -> Program {
        let strings: &[(&str, &str)] = &[("CompanyName", "Test Company"), ("ProductName", "Guard")];
        let versions = vec![version_resource([1, 2, 3, 4], &[("040904b0", strings)])];
        Program { machine: 0x8664, wide: true, versions }
    }

    fn signed(program: &Program) -> Vec<u8> {
        portable_executable(program, Some(&|digest| Signed::over(&certificate(), digest).encode()))
    }

    fn read(bytes: &[u8]) -> (Option<PortableExecutable>, Vec<Diagnostic>) {
        parse_portable_executable(&from_memory(bytes))
    }

    fn subjects(found: &PortableExecutable) -> Vec<&str> {
        found.signers().filter_map(|signer| signer.certificate.as_ref()).map(|found| found.subject.as_str()).collect()
    }

    #[test]
    fn programs_of_both_widths_say_what_they_are_and_who_signed_them() {
        for (machine, wide, architecture) in
            [(0x8664, true, "x86_64"), (0x014c, false, "i386"), (0x1234, true, "0x1234")]
        {
            let bytes = signed(&Program { machine, wide, ..program() });
            let (found, diagnostics) = read(&bytes);
            let found = found.expect("a program");
            assert_eq!(found.architecture, architecture);
            assert_eq!(found.version.company.as_deref(), Some("Test Company"));
            assert_eq!(found.version.product_version.as_deref(), Some("1.2.3.4"));
            assert_eq!(subjects(&found), [SUBJECT]);
            assert_eq!(found.check_digest(&from_memory(&bytes), 1 << 20), DigestCheck::Matches);
            assert_eq!(diagnostics, []);
        }
    }

    #[test]
    fn a_program_that_other_tools_built_and_signed_is_read() {
        // Built by mingw with a version resource by windres in Russian and English, signed by osslsigncode with a test
        // authority's certificate; `osslsigncode verify` says the same.
        let bytes = include_bytes!("../fixtures/portable-executable/signed.exe");
        let (found, diagnostics) = read(bytes);
        let found = found.expect("a program");
        let expected = VersionStrings {
            company: Some("Test Signing, not a company".to_owned()),
            product: Some("Test Guard".to_owned()),
            description: Some("A program that does nothing".to_owned()),
            file_version: Some("1.2.3.4".to_owned()),
            product_version: Some("1.2".to_owned()),
            original_file_name: Some("guard.exe".to_owned()),
            internal_name: Some("guard".to_owned()),
        };
        assert_eq!(found.version, expected);
        assert_eq!(subjects(&found), ["CN=Test Signing\\, not a company, O=Test Signing\\, not a company, C=DE"]);
        assert_eq!(found.check_digest(&from_memory(bytes), 1 << 20), DigestCheck::Matches);
        assert_eq!((found.architecture.as_str(), diagnostics), ("x86_64", Vec::new()));
    }

    #[test]
    fn a_signature_of_another_file_and_a_changed_file_are_told_apart_from_a_signed_one() {
        let good = signed(&program());
        let check = |bytes: &[u8]| read(bytes).0.expect("a program").check_digest(&from_memory(bytes), 1 << 20);
        let mut changed = good.clone();
        changed[0x240] ^= 1;
        assert_eq!(check(&changed), DigestCheck::Differs);
        let behind = [good.as_slice(), b"more"].concat();
        assert_eq!(check(&behind), DigestCheck::Differs);
        // The checksum is no part of what is signed.
        let mut checksum = good.clone();
        checksum[64 + 24 + 64] ^= 1;
        assert_eq!(check(&checksum), DigestCheck::Matches);
        // Taken from another file, with the digest set right: then the signature is over another digest.
        let pasted = portable_executable(
            &program(),
            Some(&|digest| {
                let other = Signed::over(&certificate(), &[7; 32]);
                Signed { under: other.under, ..Signed::over(&certificate(), digest) }.encode()
            }),
        );
        assert_eq!(check(&pasted), DigestCheck::Differs);
        let unsigned = portable_executable(&program(), None);
        assert_eq!(check(&unsigned), DigestCheck::NotChecked);
        assert_eq!(subjects(&read(&unsigned).0.expect("a program")), Vec::<&str>::new());
        let too_large = read(&good).0.expect("a program").check_digest(&from_memory(&good), 100);
        assert_eq!(too_large, DigestCheck::NotChecked);
    }

    #[test]
    fn signatures_within_signatures_name_their_signers_too() {
        let bytes = portable_executable(
            &program(),
            Some(&|digest| {
                let nested = Signed::over(&Certificate::of("Inner", "Inner"), digest).encode();
                Signed { beside: vec![(oid::NESTED.to_vec(), nested)], ..Signed::over(&certificate(), digest) }.encode()
            }),
        );
        let found = read(&bytes).0.expect("a program");
        assert_eq!(subjects(&found), [SUBJECT, "CN=Inner, O=Inner, C=RU"]);
        assert_eq!(found.check_digest(&from_memory(&bytes), 1 << 20), DigestCheck::Matches);
    }

    #[test]
    fn programs_without_resources_and_other_files_are_no_fault() {
        let (found, diagnostics) = read(&portable_executable(&Program { versions: Vec::new(), ..program() }, None));
        assert_eq!((found.expect("a program").version, diagnostics), (VersionStrings::default(), Vec::new()));
        for other in [&b""[..], b"MZ", b"\x7fELF", &[b'M'; 100], &[0; 4096]] {
            assert_eq!(read(other), (None, Vec::new()));
        }
    }

    #[test]
    fn only_a_little_of_a_large_file_is_read() {
        let bytes = signed(&program());
        let count = std::cell::Cell::new(0);
        let counted = |offset, length| {
            count.set(count.get() + length);
            from_memory(&bytes)(offset, length)
        };
        assert!(parse_portable_executable(&counted).0.is_some());
        assert!(count.get() < 4096, "{}", count.get());
    }

    #[test]
    fn files_that_end_early_give_what_could_be_read_and_a_complaint() {
        let bytes = signed(&program());
        for length in [0x180, 0x210, bytes.len() - 700, bytes.len() - 8] {
            let (found, diagnostics) = read(&bytes[..length]);
            assert!(found.is_some() && !diagnostics.is_empty(), "{length}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]
        #[test]
        fn wrong_bytes_do_not_make_it_panic(
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
            length in any::<prop::sample::Index>(),
        ) {
            let mut bytes = signed(&program());
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            for bytes in [bytes.as_slice(), &bytes[..length.index(bytes.len())]] {
                let found = read(bytes).0.map(|found| found.check_digest(&from_memory(bytes), 1 << 20));
                let _ = found;
            }
        }
    }
}
