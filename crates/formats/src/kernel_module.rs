//! What a Linux kernel module says of itself, and who signed it.
//!
//! Read are the section `.modinfo` of the file and the signature behind it (kernel documentation,
//! "Kernel module signing facility"). Nothing is verified: the signer is whom the signature names. Modules that lie
//! compressed are unpacked first, within bounds. Code is not looked at.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use interdict_model::Diagnostic;

use crate::ranges::{u16_le, u32_le};
use crate::signature::parse_signature;

/// The codes of this module's diagnostics.
pub mod code {
    /// A kernel module could not be unpacked.
    pub const UNPACKED: &str = "formats/module-not-unpacked";
    /// A kernel module's signature contradicts itself.
    pub const SIGNATURE: &str = "formats/module-signature-malformed";
}

/// How large a module may be when it is unpacked; the largest of real ones have some 50 MiB with their debug data.
pub const LARGEST: u64 = 128 << 20;
/// How much memory unpacking may take beside that.
const MOST_MEMORY: u64 = 64 << 20;
/// What stands at the end of a signed module.
const MAGIC: &[u8] = b"~Module signature appended~\n";
/// The length of the description of the signature before that (`struct module_signature`, `include/linux/module_signature.h`).
const DESCRIPTION: usize = 12;
/// The kinds of signatures: PKCS #7, and the older one whose signer stands before it as text.
const PKCS7: u8 = 2;
const X509: u8 = 1;
/// How many sections of a file are looked at.
const MOST_SECTIONS: usize = 4_096;
/// How long a value of `.modinfo` may be.
const LONGEST_VALUE: usize = 1_000;

/// What a module says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KernelModule {
    /// Its version.
    pub version: Option<String>,
    /// Who wrote it, the first who is named.
    pub author: Option<String>,
    /// What it is, in words.
    pub description: Option<String>,
    /// Whether a signature stands behind it.
    pub signed: bool,
    /// Whom the signature names.
    pub signer: Option<String>,
}

/// The bytes of a module that may be compressed, by what its name ends in.
pub fn unpacked<'b>(bytes: &'b [u8], file_name: &str) -> Result<Cow<'b, [u8]>, Diagnostic> {
    let mut whole = Vec::new();
    let mut take = |reader: &mut dyn Read| reader.take(LARGEST + 1).read_to_end(&mut whole);
    let read = match file_name.rsplit('.').next() {
        Some("gz") => take(&mut flate2::read::GzDecoder::new(bytes)),
        Some("xz") => {
            let kibibytes = u32::try_from(MOST_MEMORY >> 10).unwrap_or(u32::MAX);
            take(&mut lzma_rust2::XzReader::new_mem_limit(Cursor::new(bytes), true, kibibytes))
        }
        Some("zst") => match ruzstd::decoding::StreamingDecoder::new_with_max_window_size(bytes, MOST_MEMORY) {
            Ok(mut decoder) => take(&mut decoder),
            Err(error) => Err(std::io::Error::other(error.to_string())),
        },
        _ => return Ok(Cow::Borrowed(bytes)),
    };
    match read {
        Err(error) => Err(Diagnostic::warning(code::UNPACKED, format!("the module could not be unpacked: {error}"))),
        Ok(_) if whole.len() as u64 > LARGEST => {
            let message = format!("the module is larger than the {LARGEST} bytes that are unpacked");
            Err(Diagnostic::warning(code::UNPACKED, message))
        }
        Ok(_) => Ok(Cow::Owned(whole)),
    }
}

/// Reads a module that is not compressed.
#[must_use]
pub fn parse_module(bytes: &[u8]) -> (KernelModule, Vec<Diagnostic>) {
    let mut module = KernelModule::default();
    let mut diagnostics = Vec::new();
    let info = section(bytes, b".modinfo").unwrap_or_default();
    for entry in info.split(|byte| *byte == 0) {
        let Some(at) = memchr::memchr(b'=', entry) else { continue };
        let value = || {
            let value = &entry[at + 1..entry.len().min(at + 1 + LONGEST_VALUE)];
            Some(String::from_utf8_lossy(value).trim().to_owned()).filter(|value| !value.is_empty())
        };
        let field = match &entry[..at] {
            b"version" => &mut module.version,
            b"author" => &mut module.author,
            b"description" => &mut module.description,
            _ => continue,
        };
        if field.is_none() {
            *field = value();
        }
    }
    if let Some(before) = bytes.strip_suffix(MAGIC) {
        module.signed = true;
        match signer(before) {
            Ok(signer) => module.signer = signer,
            Err(message) => diagnostics.push(Diagnostic::warning(code::SIGNATURE, message)),
        }
    }
    (module, diagnostics)
}

/// Whom the signature names at the end of these bytes.
fn signer(bytes: &[u8]) -> Result<Option<String>, &'static str> {
    let (rest, description) = bytes.split_last_chunk::<DESCRIPTION>().ok_or("the module ends before its signature")?;
    let [_, _, kind, signer_length, key_length, _, _, _, length @ ..] = *description;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    let start = rest.len().checked_sub(length).ok_or("the module's signature is longer than the module")?;
    let (rest, signature) = rest.split_at(start);
    match kind {
        PKCS7 => {
            // Only an own message is passed on: that of the certificate missing is as it should be here.
            let (Some(signature), _) = parse_signature(signature) else {
                return Err("the module's signature is not what it says it is");
            };
            let first = signature.signers.into_iter().next();
            Ok(first.and_then(|signer| signer.certificate.map(|certificate| certificate.subject).or(signer.issuer)))
        }
        X509 => {
            let end = rest.len().checked_sub(usize::from(key_length));
            let start = end.and_then(|end| end.checked_sub(usize::from(signer_length)));
            let name = start.zip(end).and_then(|(start, end)| rest.get(start..end));
            let name = name.ok_or("the module's signature is longer than the module")?;
            Ok(Some(String::from_utf8_lossy(name).into_owned()).filter(|name| !name.is_empty()))
        }
        _ => Err("the module's signature is of a kind that is not known"),
    }
}

/// A section of an ELF file in the byte order of nearly all machines (elf(5)); nothing where there is none.
fn section<'b>(bytes: &'b [u8], name: &[u8]) -> Option<&'b [u8]> {
    let is_64 = match bytes.get(..6)? {
        [0x7f, b'E', b'L', b'F', 2, 1] => true,
        [0x7f, b'E', b'L', b'F', 1, 1] => false,
        _ => return None,
    };
    let word = |at: usize| -> Option<usize> {
        if is_64 {
            let bytes = bytes.get(at..at.checked_add(8)?)?.first_chunk::<8>()?;
            usize::try_from(u64::from_le_bytes(*bytes)).ok()
        } else {
            usize::try_from(u32_le(bytes, at)?).ok()
        }
    };
    let half = |at: usize| u16_le(bytes, at).map(usize::from);
    let (table, entry_size, count, names) = if is_64 {
        (word(0x28)?, half(0x3a)?, half(0x3c)?, half(0x3e)?)
    } else {
        (word(0x20)?, half(0x2e)?, half(0x30)?, half(0x32)?)
    };
    let header = |index: usize| table.checked_add(index.checked_mul(entry_size)?);
    let content = |index: usize| {
        let at = header(index)?;
        let (offset, size) = if is_64 { (0x18, 0x20) } else { (0x10, 0x14) };
        let start = word(at.checked_add(offset)?)?;
        bytes.get(start..start.checked_add(word(at.checked_add(size)?)?)?)
    };
    let names = content(names)?;
    (0..count.min(MOST_SECTIONS)).find_map(|index| {
        let at = usize::try_from(u32_le(bytes, header(index)?)?).ok()?;
        let rest = names.get(at..)?;
        let end = memchr::memchr(0, rest).unwrap_or(rest.len());
        if &rest[..end] == name { content(index) } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An ELF file of 64 bits with a section `.modinfo`.
    fn module(info: &[u8]) -> Vec<u8> {
        let names = b"\0.shstrtab\0.modinfo\0";
        let mut bytes = vec![0; 64];
        bytes[..6].copy_from_slice(&[0x7f, b'E', b'L', b'F', 2, 1]);
        let names_at = bytes.len();
        bytes.extend(names);
        let info_at = bytes.len();
        bytes.extend(info);
        let table = bytes.len();
        bytes[0x28..0x30].copy_from_slice(&(table as u64).to_le_bytes());
        bytes[0x3a..0x40].copy_from_slice(&[64, 0, 3, 0, 1, 0]);
        for (name, at, size) in [(0, 0, 0), (1, names_at, names.len()), (11, info_at, info.len())] {
            let mut header = [0; 64];
            header[..4].copy_from_slice(&u32::to_le_bytes(name));
            header[0x18..0x20].copy_from_slice(&(at as u64).to_le_bytes());
            header[0x20..0x28].copy_from_slice(&(size as u64).to_le_bytes());
            bytes.extend(header);
        }
        bytes
    }

    /// The module with a signature behind it, of a kind and with a signer's name and key.
    fn signed(mut module: Vec<u8>, kind: u8, signature: &[u8], name: &[u8], key: &[u8]) -> Vec<u8> {
        module.extend(name);
        module.extend(key);
        module.extend(signature);
        let lengths = [name.len(), key.len()].map(|length| u8::try_from(length).expect("short"));
        module.extend([0, 0, kind, lengths[0], lengths[1], 0, 0, 0]);
        module.extend(u32::try_from(signature.len()).expect("short").to_be_bytes());
        module.extend(MAGIC);
        module
    }

    #[test]
    fn a_module_says_who_made_it() {
        let bytes =
            module(b"license=GPL\0version=1.2.3\0author=Vendor Ltd\0author=Other\0description=File hooks\0depends=\0");
        let (module, diagnostics) = parse_module(&bytes);
        assert_eq!(module.version.as_deref(), Some("1.2.3"));
        assert_eq!(module.author.as_deref(), Some("Vendor Ltd"));
        assert_eq!(module.description.as_deref(), Some("File hooks"));
        assert_eq!((module.signed, module.signer), (false, None));
        assert!(diagnostics.is_empty());
    }

    #[test]
    fn a_signature_without_a_certificate_names_its_issuer() {
        let message = include_bytes!("../tests/data/module-signature.p7s");
        let (module, diagnostics) = parse_module(&signed(module(b"version=1\0"), PKCS7, message, b"", b""));
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(module.signer.as_deref(), Some("CN=Example Module Signing, O=Example Ltd"));
        assert_eq!(module.version.as_deref(), Some("1"));
        let (module, _) = parse_module(&signed(module_of_nothing(), X509, b"signature", b"Vendor: key", b"key-id"));
        assert_eq!(module.signer.as_deref(), Some("Vendor: key"));
    }

    fn module_of_nothing() -> Vec<u8> {
        module(b"")
    }

    #[test]
    fn a_signature_that_contradicts_itself_is_said() {
        let mut long = signed(module_of_nothing(), PKCS7, b"x", b"", b"");
        let at = long.len() - MAGIC.len() - 4;
        long[at] = 0xff;
        for bytes in [
            long,
            signed(module_of_nothing(), PKCS7, b"x", b"", b""),
            signed(module_of_nothing(), 9, b"x", b"", b""),
            MAGIC.to_vec(),
        ] {
            let (module, diagnostics) = parse_module(&bytes);
            assert_eq!((module.signed, module.signer), (true, None));
            assert_eq!(diagnostics[0].code, code::SIGNATURE);
        }
    }

    #[test]
    fn modules_are_unpacked_by_their_ending() {
        let table: [(&str, &[u8]); 3] = [
            ("a.ko.gz", include_bytes!("../tests/data/packed.gz")),
            ("a.ko.xz", include_bytes!("../tests/data/packed.xz")),
            ("a.ko.zst", include_bytes!("../tests/data/packed.zst")),
        ];
        for (name, bytes) in table {
            assert_eq!(unpacked(bytes, name).expect("unpacked").as_ref(), b"module\n", "{name}");
            assert_eq!(unpacked(&bytes[..bytes.len() / 2], name).expect_err("cut").code, code::UNPACKED, "{name}");
        }
        assert_eq!(unpacked(b"module", "a.ko").expect("as it is").as_ref(), b"module");
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(mut bytes: Vec<u8>, at in 0usize..400, byte: u8) {
            for name in ["a.ko.gz", "a.ko.xz", "a.ko.zst"] {
                let _ = unpacked(&bytes, name);
            }
            bytes.extend(MAGIC);
            let _ = parse_module(&bytes);
            let mut whole = module(b"version=1\0");
            if let Some(place) = whole.get_mut(at) {
                *place = byte;
            }
            let _ = parse_module(&whole);
        }
    }
}
