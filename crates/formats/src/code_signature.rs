//! Programs of macOS (Mach-O) and their code signatures: identifier, team and who signed.
//!
//! Thin and fat files are read by ranges: their headers, the load commands, the code directory's head and the signature
//! (CMS). Whether the code is what was signed, whether the signature is good, and whether anybody trusts its certificate
//! is not checked; macOS does that before it runs a program. Of a fat file the first part that is signed counts.
//! Sources: Apple's `mach-o/loader.h`, `mach-o/fat.h` and `cs_blobs.h`.

use interdict_model::Diagnostic;

use crate::ranges::{ReadAt, exactly, u32_be, u64_be};
use crate::signature::parse_signature;

/// The diagnostic codes of this module.
pub(crate) mod code {
    /// A program's headers or its signature end early or contradict themselves.
    pub(crate) const MALFORMED: &str = "formats/mach-o-malformed";
}

/// How many parts of a fat file are looked at; the most ever shipped are five.
const MOST_PARTS: u32 = 32;
/// How large the load commands may be; Apple's loader allows less.
const MOST_COMMAND_BYTES: u32 = 4 << 20;
/// How many pieces of a signature are looked at; there are about ten.
const MOST_PIECES: u32 = 64;
/// How much of a code directory is read: its head, the identifier and the team, not the digests of the pages.
const DIRECTORY_BYTES: usize = 4 << 10;
/// How large a signature (CMS) may be; usual are 10 KB.
const MOST_SIGNATURE_BYTES: u32 = 1 << 20;

/// A Mach-O file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MachO {
    /// The processors it is for, such as `arm64` and `x86_64`; a number where the name is not known.
    pub architectures: Vec<String>,
    /// Whether it is started by itself rather than loaded by others.
    pub is_program: bool,
    /// Its code signature; nothing where it has none or it could not be read.
    pub signature: Option<CodeSignature>,
}

/// A code signature, unverified.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CodeSignature {
    /// The identifier it was signed under; that of the bundle, as a rule.
    pub identifier: Option<String>,
    /// The ten letters and digits of the team at Apple.
    pub team_id: Option<String>,
    /// The common name of the signer's certificate, such as `Developer ID Application: NAME (TEAM)`.
    pub signer: Option<String>,
    /// The subject of the signer's certificate as a whole.
    pub subject: Option<String>,
    /// Whether it says that nobody signed it: the digests are there, a certificate is not.
    pub ad_hoc: bool,
    /// When it says it was signed, RFC 3339 in UTC; of a time stamp where there is one.
    pub signed_at: Option<String>,
}

impl CodeSignature {
    /// Who signed: the developer with the team where the certificate is the developer's own, the team alone where it is
    /// Apple's (as on everything from its store), else the certificate's subject. Nobody, where nobody signed.
    #[must_use]
    pub fn signed_by(&self) -> Option<&str> {
        if self.ad_hoc {
            return None;
        }
        match (self.team_id.as_deref(), self.signer.as_deref()) {
            (Some(team), Some(name)) if name.contains(team) => Some(name),
            (Some(team), _) => Some(team),
            (None, name) => self.subject.as_deref().or(name),
        }
    }
}

/// `MH_EXECUTE`
const PROGRAM: u32 = 2;

/// Reads a Mach-O file, or a signature that lies in a file of its own (`_CodeSignature/CodeSignature`). Nothing for any
/// other file.
#[must_use]
pub fn parse_mach_o(read: &ReadAt<'_>) -> (Option<MachO>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let Some(magic) = exactly(read, 0, 4).and_then(|bytes| u32_be(&bytes, 0)) else { return (None, diagnostics) };
    let mut found = MachO::default();
    let parts = match magic {
        magic::SUPER_BLOB => {
            found.signature = read_signature(read, 0, u64::MAX, &mut diagnostics);
            return (Some(found), diagnostics);
        }
        magic::FAT | magic::FAT_64 => match parts_of_fat(read, magic == magic::FAT_64) {
            Some(parts) => parts,
            None => return (None, diagnostics),
        },
        _ if Thin::knows(magic) => vec![0],
        _ => return (None, diagnostics),
    };
    for offset in parts {
        let Some(thin) = Thin::at(read, offset) else {
            diagnostics.push(malformed("a part of the program is no Mach-O or ends within its header"));
            continue;
        };
        found.architectures.push(thin.architecture());
        found.is_program |= thin.number(&thin.header, 12) == Some(PROGRAM);
        if found.signature.as_ref().is_some_and(|signature| signature.signer.is_some()) {
            continue;
        }
        match thin.signature_at(read) {
            Ok(Some((at, size))) => {
                found.signature = read_signature(read, at, size, &mut diagnostics).or(found.signature.take());
            }
            Ok(None) => {}
            Err(what) => diagnostics.push(malformed(what)),
        }
    }
    (Some(found), diagnostics)
}

fn malformed(what: &str) -> Diagnostic {
    Diagnostic::warning(code::MALFORMED, what)
}

mod magic {
    pub(super) const FAT: u32 = 0xcafe_babe;
    pub(super) const FAT_64: u32 = 0xcafe_babf;
    pub(super) const THIN: u32 = 0xfeed_face;
    pub(super) const THIN_64: u32 = 0xfeed_facf;
    pub(super) const SUPER_BLOB: u32 = 0xfade_0cc0;
    pub(super) const CODE_DIRECTORY: u32 = 0xfade_0c02;
    pub(super) const WRAPPED: u32 = 0xfade_0b01;
}

/// Where the parts of a fat file begin. Classes of Java begin with the same bytes; what follows is their version, which
/// is larger than the number of parts of any fat file.
fn parts_of_fat(read: &ReadAt<'_>, wide: bool) -> Option<Vec<u64>> {
    let count = u32_be(&exactly(read, 4, 4)?, 0).filter(|count| *count <= MOST_PARTS)?;
    let size = if wide { 32 } else { 20 };
    let table = read(8, usize::try_from(count).ok()? * size)?;
    Some(
        table
            .chunks_exact(size)
            .filter_map(|entry| if wide { u64_be(entry, 8) } else { u32_be(entry, 8).map(u64::from) })
            .collect(),
    )
}

/// The header of a part for one processor.
struct Thin {
    /// Where it begins in the file.
    start: u64,
    swapped: bool,
    header: Vec<u8>,
    header_size: u64,
}

impl Thin {
    fn knows(magic: u32) -> bool {
        [magic, magic.swap_bytes()].iter().any(|magic| matches!(*magic, magic::THIN | magic::THIN_64))
    }

    fn at(read: &ReadAt<'_>, start: u64) -> Option<Self> {
        let header = exactly(read, start, 28)?;
        let magic = u32_be(&header, 0).filter(|magic| Self::knows(*magic))?;
        let swapped = !matches!(magic, magic::THIN | magic::THIN_64);
        let wide = matches!(magic, magic::THIN_64) || magic.swap_bytes() == magic::THIN_64;
        Some(Self { start, swapped, header, header_size: if wide { 32 } else { 28 } })
    }

    fn number(&self, bytes: &[u8], at: usize) -> Option<u32> {
        u32_be(bytes, at).map(|number| if self.swapped { number.swap_bytes() } else { number })
    }

    fn architecture(&self) -> String {
        let processor = self.number(&self.header, 4).unwrap_or_default();
        match processor {
            7 => "i386".to_owned(),
            0x0100_0007 => "x86_64".to_owned(),
            12 => "arm".to_owned(),
            0x0100_000c => "arm64".to_owned(),
            0x0200_000c => "arm64_32".to_owned(),
            18 => "ppc".to_owned(),
            0x0100_0012 => "ppc64".to_owned(),
            other => other.to_string(),
        }
    }

    /// Where in the file the signature lies, and how large it is.
    fn signature_at(&self, read: &ReadAt<'_>) -> Result<Option<(u64, u64)>, &'static str> {
        const CODE_SIGNATURE: u32 = 0x1d;
        let size = self.number(&self.header, 20).unwrap_or_default();
        if size > MOST_COMMAND_BYTES {
            return Err("the load commands are larger than is read");
        }
        let ends_early = "the load commands end early";
        let from = self.start.checked_add(self.header_size).ok_or(ends_early)?;
        let commands = read(from, usize::try_from(size).unwrap_or_default()).unwrap_or_default();
        let mut rest = commands.as_slice();
        while let Some((command, length)) = self.number(rest, 0).zip(self.number(rest, 4)) {
            if command == CODE_SIGNATURE {
                let place = self.number(rest, 8).zip(self.number(rest, 12)).ok_or(ends_early)?;
                return Ok(Some((self.start.saturating_add(place.0.into()), place.1.into())));
            }
            // A command is never shorter than its head; anything else would go round in circles.
            let length = usize::try_from(length).ok().filter(|length| *length >= 8).ok_or(ends_early)?;
            rest = rest.get(length..).ok_or(ends_early)?;
        }
        if commands.len() < usize::try_from(size).unwrap_or_default() { Err(ends_early) } else { Ok(None) }
    }
}

/// A signature: an index, and pieces that are found by it.
fn read_signature(read: &ReadAt<'_>, at: u64, size: u64, diagnostics: &mut Vec<Diagnostic>) -> Option<CodeSignature> {
    const CODE_DIRECTORY: u32 = 0;
    const CMS: u32 = 0x1_0000;
    let head = exactly(read, at, 12).filter(|head| u32_be(head, 0) == Some(magic::SUPER_BLOB));
    let Some(count) = head.and_then(|head| u32_be(&head, 8)).filter(|count| *count <= MOST_PIECES) else {
        diagnostics.push(malformed("the code signature does not begin as one"));
        return None;
    };
    let index = read(at.saturating_add(12), usize::try_from(count).unwrap_or_default() * 8).unwrap_or_default();
    let mut signature = CodeSignature::default();
    for entry in index.chunks_exact(8) {
        let Some((kind, offset)) = u32_be(entry, 0).zip(u32_be(entry, 4)) else { continue };
        let place = Some(at.saturating_add(offset.into())).filter(|_| u64::from(offset) < size);
        let complaint = match (kind, place) {
            (CODE_DIRECTORY, Some(place)) => read_directory(read, place, &mut signature).is_none(),
            (CMS, Some(place)) => read_cms(read, place, &mut signature, diagnostics).is_none(),
            (CODE_DIRECTORY | CMS, None) => true,
            _ => false,
        };
        if complaint {
            diagnostics.push(malformed("a piece of the code signature could not be read"));
        }
    }
    if index.len() < usize::try_from(count).unwrap_or_default() * 8 {
        diagnostics.push(malformed("the code signature ends within its index"));
    }
    Some(signature)
}

/// The head of a code directory: identifier and team.
fn read_directory(read: &ReadAt<'_>, at: u64, signature: &mut CodeSignature) -> Option<()> {
    const WITH_TEAM: u32 = 0x2_0200;
    const AD_HOC: u32 = 0x2;
    let directory = read(at, DIRECTORY_BYTES)?;
    (u32_be(&directory, 0)? == magic::CODE_DIRECTORY).then_some(())?;
    let length = usize::try_from(u32_be(&directory, 4)?).ok()?;
    let directory = directory.get(..length).unwrap_or(&directory);
    let text = |at: u32| {
        let bytes = directory.get(usize::try_from(at).ok()?..)?;
        let end = bytes.iter().position(|byte| *byte == 0)?;
        let text = String::from_utf8_lossy(bytes.get(..end)?).into_owned();
        Some(text).filter(|text| !text.is_empty())
    };
    signature.ad_hoc = u32_be(directory, 12)? & AD_HOC != 0;
    signature.identifier = text(u32_be(directory, 20)?);
    if u32_be(directory, 8)? >= WITH_TEAM {
        signature.team_id = u32_be(directory, 48).filter(|at| *at != 0).and_then(text);
    }
    Some(())
}

/// The signature proper. That of code signed by nobody is empty.
fn read_cms(
    read: &ReadAt<'_>,
    at: u64,
    signature: &mut CodeSignature,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<()> {
    const HEAD: u32 = 8;
    let head = exactly(read, at, 8)?;
    (u32_be(&head, 0)? == magic::WRAPPED).then_some(())?;
    let length = u32_be(&head, 4)?.checked_sub(HEAD).filter(|length| *length <= MOST_SIGNATURE_BYTES)?;
    if length == 0 {
        return Some(());
    }
    let bytes = read(at.saturating_add(HEAD.into()), usize::try_from(length).ok()?)?;
    let (cms, complaints) = parse_signature(&bytes);
    diagnostics.extend(complaints);
    let Some(signer) = cms.and_then(|cms| cms.signers.into_iter().next()) else { return Some(()) };
    signature.signed_at = signer.time_stamp.or(signer.signing_time);
    if let Some(certificate) = signer.certificate {
        signature.signer = certificate.common_name.or(certificate.organisation);
        signature.subject = Some(certificate.subject);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::executable_encoder::{MachPart, fat, fat_64, mach_o, super_blob};
    use crate::ranges::from_memory;
    use crate::signature_encoder::{Certificate, Signed, oid};

    const SIGNER: &str = "Developer ID Application: Test Signing, not a company (ABCDE12345)";

    fn signed() -> Vec<u8> {
        let certificate = Certificate::of(SIGNER, "Test Signing, not a company");
        let time = crate::signature_encoder::element(0x17, b"240102030405Z");
        // With lengths left open, as Apple's own tool writes it.
        Signed { under: vec![(oid::SIGNING_TIME.to_vec(), time)], ..Signed::by(&certificate) }.encode_open()
    }

    fn part(cpu: u32) -> MachPart<'static> {
        MachPart {
            cpu,
            wide: true,
            swapped: true,
            identifier: "com.example.guard",
            team: Some("ABCDE12345"),
            flags: 0x1_0000,
        }
    }

    fn read(bytes: &[u8]) -> (Option<MachO>, Vec<Diagnostic>) {
        parse_mach_o(&from_memory(bytes))
    }

    #[test]
    fn thin_and_fat_files_of_every_kind_name_their_signer() {
        let arm = 0x0100_000c;
        let parts = [mach_o(&part(0x0100_0007), Some(&signed())), mach_o(&part(arm), Some(&signed()))];
        let old = MachPart { wide: false, ..part(7) };
        let other_order = MachPart { swapped: false, ..part(18) };
        let table: [(Vec<u8>, &[&str]); 6] = [
            (mach_o(&part(arm), Some(&signed())), &["arm64"]),
            (mach_o(&old, Some(&signed())), &["i386"]),
            (mach_o(&other_order, Some(&signed())), &["ppc"]),
            (fat(&parts), &["x86_64", "arm64"]),
            (fat_64(&parts), &["x86_64", "arm64"]),
            // One that nobody signed before one that somebody did.
            (fat(&[mach_o(&MachPart { flags: 2, team: None, ..part(5) }, None), parts[1].clone()]), &["5", "arm64"]),
        ];
        for (bytes, architectures) in table {
            let (found, diagnostics) = read(&bytes);
            let found = found.expect("a program");
            assert_eq!(found.architectures, architectures);
            let signature = found.signature.expect("a signature");
            assert_eq!(signature.identifier.as_deref(), Some("com.example.guard"));
            assert_eq!(signature.team_id.as_deref(), Some("ABCDE12345"));
            assert_eq!(signature.signer.as_deref(), Some(SIGNER));
            assert_eq!(signature.signed_at.as_deref(), Some("2024-01-02T03:04:05Z"));
            assert_eq!(signature.signed_by(), Some(SIGNER));
            assert!(found.is_program && !signature.ad_hoc && diagnostics.is_empty(), "{diagnostics:?}");
        }
    }

    #[test]
    fn a_signature_names_the_developer_not_the_store() {
        let developer = "Developer ID Application: Kaspersky Lab UK Limited (2Y8XE5CQ94)";
        let team = Some("2Y8XE5CQ94");
        let apple = Some("CN=Software Signing, O=Apple Inc.");
        for (team, name, subject, ad_hoc, expected) in [
            (team, Some(developer), None, false, Some(developer)),
            (team, Some("Apple Mac OS Application Signing"), apple, false, team),
            (team, None, None, false, team),
            (None, Some("Software Signing"), apple, false, apple),
            (None, None, None, true, None),
        ] {
            let signature = CodeSignature {
                team_id: team.map(str::to_owned),
                signer: name.map(str::to_owned),
                subject: subject.map(str::to_owned),
                ad_hoc,
                ..CodeSignature::default()
            };
            assert_eq!(signature.signed_by(), expected);
        }
    }

    #[test]
    fn code_that_nobody_signed_differs_from_code_without_signature() {
        let nobody = MachPart { flags: 0x2_0002, team: None, ..part(7) };
        for cms in [None, Some(&[][..])] {
            let signature = read(&mach_o(&nobody, cms)).0.and_then(|found| found.signature).expect("a signature");
            assert_eq!((signature.ad_hoc, signature.signer, signature.team_id), (true, None, None));
        }
        let bytes = mach_o(&part(7), None);
        // The head of the one load command: a kind that means nothing here.
        let mut without = bytes.clone();
        without[32] = 0x1b;
        let (found, diagnostics) = read(&without);
        assert_eq!((found.expect("a program").signature, diagnostics), (None, Vec::new()));
    }

    #[test]
    fn a_signature_in_a_file_of_its_own_is_read() {
        let blob = super_blob(&part(7), Some(&signed()));
        let signature = read(&blob).0.and_then(|found| found.signature).expect("a signature");
        assert_eq!(signature.signer.as_deref(), Some(SIGNER));
    }

    #[test]
    fn other_files_are_none_and_broken_ones_are_said_to_be() {
        let java = [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 0x34, 0, 0, 0, 0];
        for other in [&b""[..], b"MZ", b"#!/bin/sh\n", b"\x7fELF", &java] {
            assert_eq!(read(other), (None, Vec::new()));
        }
        let whole = mach_o(&part(7), Some(&signed()));
        for length in [20, 40, whole.len() - 300, whole.len() - 10] {
            let (found, diagnostics) = read(&whole[..length]);
            assert!(found.is_some() && !diagnostics.is_empty(), "{length}");
        }
        // A load command that says it is empty must not be read for ever.
        let mut circle = whole.clone();
        circle[32..40].copy_from_slice(&[1, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(read(&circle).1[0].code, code::MALFORMED);
    }

    proptest! {
        #[test]
        fn wrong_bytes_do_not_make_it_panic(
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
            length in any::<prop::sample::Index>(),
        ) {
            let mut bytes = fat(&[mach_o(&part(7), Some(&signed())), mach_o(&part(12), None)]);
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = read(&bytes);
            let _ = read(&bytes[..length.index(bytes.len())]);
        }
    }
}
