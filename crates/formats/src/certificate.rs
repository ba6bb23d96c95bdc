//! X.509 certificates: who a certificate names, who issued it and when it is valid.
//!
//! One certificate in DER, or any number in PEM with text around them, as bundles of trusted certificates are. Nothing is
//! verified: no signature, no chain, no use. A certificate whose names could be read is kept, however wrong the rest is.
//! Source: RFC 5280; names as text: RFC 4514, with a space behind the commas.

use std::fmt::Write as _;
use std::iter::{Enumerate, Peekable};

use base64::Engine as _;
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use chrono::{NaiveDate, TimeDelta};
use interdict_model::{Diagnostic, Location};
use sha2::{Digest as _, Sha256};

use crate::asn1::{Element, Elements, dotted, tag, text};
use crate::notes::Notes;

/// The diagnostic codes of this module.
pub(crate) mod code {
    /// No certificate stands where one should.
    pub(crate) const MALFORMED: &str = "formats/certificate-malformed";
    /// A block of PEM is broken.
    pub(crate) const PEM: &str = "formats/pem-malformed";
    /// There are more certificates than are read.
    pub(crate) const TOO_MANY: &str = "formats/certificates-too-many";
}

/// How many certificates of one file are read; the largest known bundles have a few hundred.
const MOST_CERTIFICATES: usize = 10_000;
/// How large one may be. The largest in use have some hundred names and 100 KB.
const MOST_BYTES: usize = 1 << 20;
/// How many parts of a name are read.
const MOST_PARTS: usize = 64;
/// How many letters of a part are read; RFC 5280 allows 64 for most.
const MOST_LETTERS: usize = 1_024;

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whom it names, most specific part first, such as `CN=AO Kaspersky Lab, O=AO Kaspersky Lab, C=RU`.
    pub subject: String,
    /// Who issued it, written likewise.
    pub issuer: String,
    /// The subject's common name, the most specific if it has several.
    pub common_name: Option<String>,
    /// The subject's organisation.
    pub organisation: Option<String>,
    /// The subject's organisational unit, where Apple writes the team.
    pub unit: Option<String>,
    /// The serial number in hexadecimal digits, lower case.
    pub serial: String,
    /// From when it is valid, RFC 3339 in UTC.
    pub not_before: Option<String>,
    /// Until when it is valid, RFC 3339 in UTC.
    pub not_after: Option<String>,
    /// SHA-256 of the whole certificate in hexadecimal digits, lower case.
    pub fingerprint: String,
    /// Whether it names itself as its issuer. That it really signed itself is not checked.
    pub is_self_signed: bool,
    /// Whether it says of itself that it may issue others.
    pub is_authority: bool,
    /// How a signature finds it.
    pub(crate) key: CertificateKey,
}

/// What a signature names its signer's certificate by: as bytes, so that spelling does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct CertificateKey {
    pub(crate) issuer: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) key_id: Option<Vec<u8>>,
}

/// A certificate in DER. What follows it is not looked at.
#[must_use]
pub fn parse_certificate(bytes: &[u8]) -> Option<Certificate> {
    let whole = Elements::of(bytes).next()?.tagged(tag::SEQUENCE)?;
    if whole.whole.len() > MOST_BYTES {
        return None;
    }
    let mut parts = whole.children().next()?.tagged(tag::SEQUENCE)?.children();
    let _version = parts.accept(tag::context(0));
    let serial = parts.accept(tag::INTEGER)?;
    let _algorithm = parts.accept(tag::SEQUENCE)?;
    let issuer = parts.accept(tag::SEQUENCE)?;
    let validity = parts.accept(tag::SEQUENCE)?;
    let subject = parts.accept(tag::SEQUENCE)?;
    let extensions = parts.find_map(|part| part.tagged(tag::context(3)));
    let mut instants = validity.children();
    let subject_name = name_parts(&subject);
    let part = |key: &str| subject_name.iter().rev().find(|part| part.key == key).map(|part| part.value.clone());
    Some(Certificate {
        subject: name_text(&subject_name),
        issuer: name_text(&name_parts(&issuer)),
        common_name: part("CN"),
        organisation: part("O"),
        unit: part("OU"),
        serial: hexadecimal(serial.content),
        not_before: instants.next().and_then(|element| instant(&element)),
        not_after: instants.next().and_then(|element| instant(&element)),
        fingerprint: hexadecimal(&Sha256::digest(whole.whole)),
        is_self_signed: issuer.content == subject.content,
        is_authority: extensions.is_some_and(|extensions| is_authority(&extensions)),
        key: CertificateKey {
            issuer: issuer.content.to_vec(),
            serial: serial.content.to_vec(),
            key_id: extensions.and_then(|extensions| key_id(&extensions)),
        },
    })
}

/// The certificates of a file: one in DER, or all that stand in it in PEM. Keys and other blocks are passed over.
#[must_use]
pub fn parse_certificates(bytes: &[u8], file_name: &str) -> (Vec<Certificate>, Vec<Diagnostic>) {
    if bytes.first() == Some(&tag::SEQUENCE)
        && let Some(certificate) = parse_certificate(bytes)
    {
        return (vec![certificate], Vec::new());
    }
    let mut notes = Notes::new(file_name);
    let mut certificates = Vec::new();
    for block in PemBlocks::of(bytes) {
        if !matches!(block.label, b"CERTIFICATE" | b"X509 CERTIFICATE" | b"TRUSTED CERTIFICATE") {
            continue;
        }
        if certificates.len() == MOST_CERTIFICATES {
            notes.push(
                block.line,
                Diagnostic::error(code::TOO_MANY, format!("only {MOST_CERTIFICATES} certificates are read")),
            );
            break;
        }
        match block.bytes {
            Ok(bytes) => match parse_certificate(&bytes) {
                Some(certificate) => certificates.push(certificate),
                None => notes.push(block.line, malformed()),
            },
            Err(what) => notes.push(block.line, Diagnostic::error(code::PEM, what)),
        }
    }
    let mut diagnostics = notes.finish();
    if certificates.is_empty() && diagnostics.is_empty() && !bytes.trim_ascii().is_empty() && !is_text_without(bytes) {
        diagnostics.push(malformed().at(Location::file(file_name)));
    }
    (certificates, diagnostics)
}

fn malformed() -> Diagnostic {
    Diagnostic::error(code::MALFORMED, "this is no certificate, or a broken one")
}

/// Whether these bytes are a text that has blocks, just none of certificates, or only comments.
fn is_text_without(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    PemBlocks::of(bytes).next().is_some() || lines.all(|line| line.starts_with(b"#"))
}

/// A block of PEM.
struct PemBlock<'a> {
    label: &'a [u8],
    /// Its first line, from 1.
    line: u32,
    bytes: Result<Vec<u8>, &'static str>,
}

/// The blocks of a text, in their order.
struct PemBlocks<'a> {
    lines: Peekable<Enumerate<Lines<'a>>>,
}

type Lines<'a> = std::slice::Split<'a, u8, fn(&u8) -> bool>;

impl<'a> PemBlocks<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let is_end: fn(&u8) -> bool = |byte| *byte == b'\n';
        Self { lines: bytes.split(is_end).enumerate().peekable() }
    }
}

impl<'a> Iterator for PemBlocks<'a> {
    type Item = PemBlock<'a>;

    fn next(&mut self) -> Option<PemBlock<'a>> {
        let (number, label) =
            self.lines.by_ref().find_map(|(number, line)| Some((number, boundary(line, b"-----BEGIN ")?)))?;
        let line = u32::try_from(number + 1).unwrap_or(u32::MAX);
        let mut digits = Vec::new();
        loop {
            // A block that begins before this one has ended is left for the next turn.
            let next = self.lines.next_if(|(_, line)| boundary(line, b"-----BEGIN ").is_none());
            let Some((_, line_bytes)) = next else {
                return Some(PemBlock { label, line, bytes: Err("a block begins and does not end") });
            };
            if boundary(line_bytes, b"-----END ").is_some() {
                return Some(PemBlock { label, line, bytes: decoded(&digits) });
            }
            // The limit is checked against bytes, of which four digits hold three.
            if digits.len() <= 2 * MOST_BYTES {
                digits.extend(line_bytes.iter().filter(|byte| !byte.is_ascii_whitespace()));
            }
        }
    }
}

/// The label of a line that begins or ends a block.
fn boundary<'a>(line: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    line.trim_ascii().strip_prefix(mark)?.strip_suffix(b"-----")
}

fn decoded(digits: &[u8]) -> Result<Vec<u8>, &'static str> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, lenient);
    engine.decode(digits).map_err(|_| "a block is not base64")
}

/// A part of a name.
pub(crate) struct NamePart {
    /// What it is: a short word, or an object identifier in dotted form.
    key: String,
    value: String,
    /// Whether it belongs to the part before it.
    goes_on: bool,
}

/// The parts of a name in the order of the file: least specific first.
pub(crate) fn name_parts(name: &Element<'_>) -> Vec<NamePart> {
    let mut parts = Vec::new();
    for set in name.children() {
        for (index, part) in set.children().enumerate() {
            let mut pair = part.children();
            let Some((key, value)) = pair.accept(tag::OBJECT_IDENTIFIER).zip(pair.next()) else { continue };
            if parts.len() == MOST_PARTS {
                return parts;
            }
            let value = text(&value).chars().take(MOST_LETTERS).collect();
            parts.push(NamePart { key: key_of(&dotted(key.content)), value, goes_on: index > 0 });
        }
    }
    parts
}

/// A name as text: most specific part first, as RFC 4514 has it.
pub(crate) fn name_text(parts: &[NamePart]) -> String {
    let mut sets: Vec<String> = Vec::new();
    for part in parts {
        let written = format!("{}={}", part.key, escaped(&part.value));
        match sets.last_mut().filter(|_| part.goes_on) {
            Some(last) => {
                last.push('+');
                last.push_str(&written);
            }
            None => sets.push(written),
        }
    }
    sets.reverse();
    sets.join(", ")
}

/// A value as RFC 4514 writes it, control characters included: a name is shown on terminals.
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    let last = value.chars().count().saturating_sub(1);
    for (at, letter) in value.chars().enumerate() {
        match letter {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => escaped.extend(['\\', letter]),
            '#' if at == 0 => escaped.push_str("\\#"),
            ' ' if at == 0 || at == last => escaped.push_str("\\ "),
            control if control.is_control() => {
                let mut buffer = [0; 4];
                for byte in control.encode_utf8(&mut buffer).bytes() {
                    let _ = write!(escaped, "\\{byte:02X}");
                }
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// The short word for a kind of part; RFC 4514 has the first nine, the others are what is usual.
fn key_of(identifier: &str) -> String {
    let word = match identifier {
        "2.5.4.3" => "CN",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "STREET",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "0.9.2342.19200300.100.1.1" => "UID",
        "0.9.2342.19200300.100.1.25" => "DC",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.12" => "title",
        "2.5.4.15" => "businessCategory",
        "2.5.4.17" => "postalCode",
        "2.5.4.42" => "GN",
        "2.5.4.97" => "organizationIdentifier",
        "1.2.840.113549.1.9.1" => "emailAddress",
        "1.2.643.3.131.1.1" => "INN",
        "1.2.643.100.1" => "OGRN",
        "1.2.643.100.3" => "SNILS",
        "1.2.643.100.4" => "INNLE",
        "1.3.6.1.4.1.311.60.2.1.1" => "jurisdictionL",
        "1.3.6.1.4.1.311.60.2.1.2" => "jurisdictionST",
        "1.3.6.1.4.1.311.60.2.1.3" => "jurisdictionC",
        other => other,
    };
    word.to_owned()
}

/// An instant as RFC 3339 in UTC, seconds at most.
pub(crate) fn instant(element: &Element<'_>) -> Option<String> {
    let written = std::str::from_utf8(element.content).ok()?;
    let digits = written.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(written.len());
    let (digits, rest) = written.split_at(digits);
    let (year, digits) = match element.tag {
        tag::UTC_TIME => {
            let year: i32 = digits.get(..2)?.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, digits.get(2..)?)
        }
        tag::GENERALIZED_TIME => (digits.get(..4)?.parse().ok()?, digits.get(4..)?),
        _ => return None,
    };
    let pair = |at: usize| digits.get(at..at + 2)?.parse::<u32>().ok();
    let day = NaiveDate::from_ymd_opt(year, pair(0)?, pair(2)?)?;
    let time = day.and_hms_opt(pair(4)?, pair(6).unwrap_or(0), pair(8).unwrap_or(0))?;
    let zone = rest.trim_start_matches(|letter: char| matches!(letter, '.' | ',' | '0'..='9'));
    let time = time.checked_sub_signed(offset(zone)?)?;
    Some(time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// `Z`, nothing (which is taken for UTC), or `+0200`.
fn offset(zone: &str) -> Option<TimeDelta> {
    let (sign, digits) = match zone.split_at_checked(1) {
        None | Some(("Z", "")) => return Some(TimeDelta::zero()),
        Some(("+", digits)) => (1, digits),
        Some(("-", digits)) => (-1, digits),
        Some(_) => return None,
    };
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).unwrap_or("00").parse().ok()?;
    TimeDelta::try_minutes(i64::from(sign * (hours * 60 + minutes)))
}

/// The value of an extension.
fn extension<'a>(extensions: &Element<'a>, identifier: &[u8]) -> Option<Element<'a>> {
    let list = extensions.children().next()?;
    let mut parts = list.children().find_map(|extension| {
        let mut parts = extension.children();
        (parts.accept(tag::OBJECT_IDENTIFIER)?.content == identifier).then_some(parts)
    })?;
    let _critical = parts.accept(tag::BOOLEAN);
    Elements::of(parts.accept(tag::OCTET_STRING)?.content).next()
}

fn is_authority(extensions: &Element<'_>) -> bool {
    // id-ce-basicConstraints, 2.5.29.19
    extension(extensions, &[0x55, 0x1d, 0x13])
        .and_then(|constraints| constraints.children().accept(tag::BOOLEAN))
        .is_some_and(|authority| authority.content.iter().any(|byte| *byte != 0))
}

fn key_id(extensions: &Element<'_>) -> Option<Vec<u8>> {
    // id-ce-subjectKeyIdentifier, 2.5.29.14
    let value = extension(extensions, &[0x55, 0x1d, 0x0e])?.tagged(tag::OCTET_STRING)?;
    Some(value.content.to_vec())
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signature_encoder::{self as encoder, element, name_part, oid, sequence, set};

    fn encoded(common_name: &str, organisation: &str) -> Vec<u8> {
        encoder::Certificate::of(common_name, organisation).encode()
    }

    fn pem(label: &str, bytes: &[u8]) -> String {
        let digits = base64::engine::general_purpose::STANDARD.encode(bytes);
        let lines: Vec<_> = digits.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line)).collect();
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
    }

    #[test]
    fn a_certificate_that_openssl_made_is_read() {
        // openssl req -x509 with a subject in UTF-8; openssl x509 -subject -dates -serial -fingerprint says the same.
        let bytes = include_bytes!("../fixtures/certificate/cyrillic.der");
        let certificate = parse_certificate(bytes).expect("a certificate");
        assert_eq!(certificate.subject, "CN=Испытательный\\, центр, O=АО «Испытание», C=RU");
        assert_eq!(certificate.issuer, certificate.subject);
        assert_eq!(certificate.common_name.as_deref(), Some("Испытательный, центр"));
        assert_eq!(certificate.organisation.as_deref(), Some("АО «Испытание»"));
        assert_eq!(certificate.serial, "381d6af8591e07dff479b40b6faebb78244d6337");
        assert_eq!(certificate.not_before.as_deref(), Some("2026-11-23T00:57:17Z"));
        assert_eq!(certificate.not_after.as_deref(), Some("2036-11-20T00:57:17Z"));
        assert_eq!(certificate.fingerprint, "ec6132d06ddf9a56d50f3a8246b5ab41b8fd3bf16125d9db25518a3e6e26dafe");
        assert!(certificate.is_self_signed && certificate.is_authority);
    }

    #[test]
    fn names_are_read_in_whatever_kind_of_string_they_are_written() {
        let utf16: Vec<u8> = "АО «Лаборатория»".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let table: [(u8, &[u8], &str); 6] = [
            (0x0c, "Doctor Web, Ltd.".as_bytes(), "O=Doctor Web\\, Ltd."),
            (0x1e, &utf16, "O=АО «Лаборатория»"),
            (0x14, b"Pr\xfcfung GmbH", "O=Prüfung GmbH"),
            (0x13, b"# one ", "O=\\# one\\ "),
            (0x0c, b"a\0b\x1b[31m", "O=a\\00b\\1B[31m"),
            (0x0c, b"CN=x + y; \"z\" <w>\\", "O=CN=x \\+ y\\; \\\"z\\\" \\<w\\>\\\\"),
        ];
        for (tag, value, expected) in table {
            let mut certificate = encoder::Certificate::of("", "");
            certificate.subject = sequence(&[set(&[name_part(oid::ORGANISATION, tag, value)])]);
            assert_eq!(parse_certificate(&certificate.encode()).expect("read").subject, expected);
        }
    }

    #[test]
    fn several_parts_of_a_set_stand_together_and_the_most_specific_name_counts() {
        let both = [name_part(oid::COMMON_NAME, 0x0c, b"a"), name_part(oid::UNIT, 0x0c, b"b")];
        let mut certificate = encoder::Certificate::of("", "");
        let last = set(&[name_part(oid::COMMON_NAME, 0x0c, b"c")]);
        let unknown = set(&[name_part(&[0x2a, 0x03, 0x04], 0x0c, b"d")]);
        certificate.subject = sequence(&[unknown, set(&both), last]);
        let read = parse_certificate(&certificate.encode()).expect("read");
        assert_eq!(read.subject, "CN=c, CN=a+OU=b, 1.2.3.4=d");
        assert_eq!((read.common_name.as_deref(), read.organisation), (Some("c"), None));
    }

    #[test]
    fn instants_are_written_alike() {
        let table: [(u8, &str, Option<&str>); 12] = [
            (0x17, "240102030405Z", Some("2024-01-02T03:04:05Z")),
            (0x17, "490102030405Z", Some("2049-01-02T03:04:05Z")),
            (0x17, "500102030405Z", Some("1950-01-02T03:04:05Z")),
            (0x17, "2401020304Z", Some("2024-01-02T03:04:00Z")),
            (0x17, "240102010000+0300", Some("2024-01-01T22:00:00Z")),
            (0x18, "20540102030405Z", Some("2054-01-02T03:04:05Z")),
            (0x18, "99991231235959Z", Some("9999-12-31T23:59:59Z")),
            (0x18, "20240102030405.678Z", Some("2024-01-02T03:04:05Z")),
            (0x18, "2024010203-0130", Some("2024-01-02T04:30:00Z")),
            (0x17, "241302030405Z", None),
            (0x17, "24", None),
            (0x0c, "240102030405Z", None),
        ];
        for (tag, written, expected) in table {
            let bytes = element(tag, written.as_bytes());
            let found = Elements::of(&bytes).next().and_then(|element| instant(&element));
            assert_eq!(found.as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn a_certificate_whose_instants_are_nonsense_is_kept() {
        let mut certificate = encoder::Certificate::of("a", "b");
        certificate.not_before = element(0x17, b"nonsense");
        let read = parse_certificate(&certificate.encode()).expect("kept");
        assert_eq!((read.not_before, read.not_after.as_deref()), (None, Some("2054-01-02T03:04:05Z")));
    }

    #[test]
    fn a_bundle_is_read_around_its_broken_parts() {
        let good = pem("CERTIFICATE", &encoded("a", "b"));
        let trusted = pem("TRUSTED CERTIFICATE", &[encoded("c", "d"), vec![0x30, 0]].concat());
        let key = pem("PRIVATE KEY", &[0x30, 0]);
        let noise = pem("CERTIFICATE", b"no certificate");
        let not_base64 = "-----BEGIN CERTIFICATE-----\n???\n-----END CERTIFICATE-----\n";
        let endless = "-----BEGIN CERTIFICATE-----\nMIIB\n";
        let text = format!("# text\n{noise}{not_base64}{endless}{good}{key}{trusted}{endless}");
        let (certificates, diagnostics) = parse_certificates(text.replace('\n', "\r\n").as_bytes(), "ca.pem");
        let names: Vec<_> = certificates.iter().filter_map(|certificate| certificate.common_name.as_deref()).collect();
        assert_eq!(names, ["a", "c"]);
        let complaints: Vec<_> = diagnostics.iter().map(|note| (note.code.as_ref(), note.location.clone())).collect();
        let at = |line| Some(Location::line("ca.pem", line));
        let lines = text.lines().count();
        assert_eq!(
            complaints,
            [
                (code::MALFORMED, at(2)),
                (code::PEM, at(5)),
                (code::PEM, at(8)),
                (code::PEM, at(u32::try_from(lines - 1).expect("few")))
            ]
        );
    }

    #[test]
    fn nothing_and_something_else_differ() {
        let key_alone = pem("PRIVATE KEY", &[0x30, 0]);
        let table: [(&[u8], usize, usize); 6] = [
            (b"", 0, 0),
            (b"# no certificates yet\n", 0, 0),
            (key_alone.as_bytes(), 0, 0),
            (b"<html>", 0, 1),
            (&[0x30, 0x03, 1, 2, 3], 0, 1),
            (&encoded("a", "b"), 1, 0),
        ];
        for (bytes, certificates, complaints) in table {
            let (read, diagnostics) = parse_certificates(bytes, "f");
            assert_eq!(
                (read.len(), diagnostics.len()),
                (certificates, complaints),
                "{:?}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = (parse_certificate(&bytes), parse_certificates(&bytes, "f"));
        }

        #[test]
        fn a_certificate_with_wrong_bytes_does_not_make_it_panic(
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
            length in any::<prop::sample::Index>(),
        ) {
            let mut bytes = encoded("AO Kaspersky Lab", "АО Лаборатория");
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = parse_certificate(&bytes);
            let _ = parse_certificate(&bytes[..length.index(bytes.len())]);
            let _ = parse_certificates(pem("CERTIFICATE", &bytes).as_bytes(), "f");
        }
    }
}
