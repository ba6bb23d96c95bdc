//! CMS signatures (PKCS #7): whose certificate a signature names as its signer's, and when it says it was made.
//!
//! Authenticode and Apple's code signatures are such. Nothing is verified here: neither the signature, nor the chain of
//! certificates, nor the instants. Whether the signed digest is that of the file is the business of the reader of that
//! kind of file. Sources: RFC 5652, RFC 3161, Microsoft's "Windows Authenticode Portable Executable Signature Format".

use interdict_model::Diagnostic;

use crate::asn1::{Element, Elements, octets, tag};
use crate::certificate::{Certificate, instant, name_parts, name_text, parse_certificate};

/// The diagnostic codes of this module.
pub(crate) mod code {
    /// A signature is no signature, or a broken one.
    pub(crate) const MALFORMED: &str = "formats/signature-malformed";
    /// A signature does not bring the certificate of its signer.
    pub(crate) const SIGNER_MISSING: &str = "formats/signature-signer-missing";
}

/// How many certificates of a signature are read; a chain has three or four, and two signatures share a message.
const MOST_CERTIFICATES: usize = 64;
/// How many signers are read.
const MOST_SIGNERS: usize = 16;
/// How many attributes of a signer are read.
const MOST_ATTRIBUTES: usize = 64;

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signature {
    /// Its signers, in the order written; one, as a rule.
    pub signers: Vec<Signer>,
    /// What is signed, where the message has it: the content of that element in DER.
    pub(crate) content: Option<Vec<u8>>,
}

/// A signer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signer {
    /// The certificate it names, where the message brings it.
    pub certificate: Option<Certificate>,
    /// The name of the authority that issued the certificate, where that is how the certificate is named.
    pub issuer: Option<String>,
    /// When it says it signed, RFC 3339 in UTC.
    pub signing_time: Option<String>,
    /// When an authority for time stamps says it was signed, RFC 3339 in UTC.
    pub time_stamp: Option<String>,
    /// The kind of digest that is signed, as the bytes of its identifier, and the digest of what the message has.
    pub(crate) digest_algorithm: Option<Vec<u8>>,
    pub(crate) message_digest: Option<Vec<u8>>,
    /// Signatures within the signature, as Windows nests the one with the newer digest.
    pub(crate) nested: Vec<Vec<u8>>,
}

/// Reads a message of signed data. Bytes behind it are not looked at: they are padding, as a rule.
#[must_use]
pub fn parse_signature(bytes: &[u8]) -> (Option<Signature>, Vec<Diagnostic>) {
    let Some(signature) = signed_data(bytes) else {
        let message = "this is no signature (CMS), or a broken one";
        return (None, vec![Diagnostic::error(code::MALFORMED, message)]);
    };
    let mut diagnostics = Vec::new();
    if signature.signers.is_empty() {
        diagnostics.push(Diagnostic::warning(code::MALFORMED, "the signature has no signer"));
    }
    if signature.signers.iter().any(|signer| signer.certificate.is_none()) {
        let message = "the signature does not bring the certificate of its signer";
        diagnostics.push(Diagnostic::warning(code::SIGNER_MISSING, message));
    }
    (Some(signature), diagnostics)
}

/// id-signedData, 1.2.840.113549.1.7.2
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// id-messageDigest, 1.2.840.113549.1.9.4
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
/// id-signingTime, 1.2.840.113549.1.9.5
const SIGNING_TIME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05];
/// id-countersignature, 1.2.840.113549.1.9.6: the older time stamp of Authenticode
const COUNTERSIGNATURE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x06];
/// `szOID_RFC3161_counterSign`, 1.3.6.1.4.1.311.3.3.1: the newer time stamp of Authenticode
const TIME_STAMP_MICROSOFT: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x03, 0x03, 0x01];
/// id-aa-timeStampToken, 1.2.840.113549.1.9.16.2.14: the time stamp of Apple and everybody else
const TIME_STAMP: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0e];
/// `szOID_NESTED_SIGNATURE`, 1.3.6.1.4.1.311.2.4.1
const NESTED_SIGNATURE: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x04, 0x01];

/// The parts of a message of signed data.
struct Parts<'a> {
    content: Option<Element<'a>>,
    certificates: Vec<Certificate>,
    signers: Elements<'a>,
}

fn signed_data(bytes: &[u8]) -> Option<Signature> {
    let Parts { content, certificates, signers } = parts(bytes)?;
    let signers = signers
        .filter_map(|element| element.tagged(tag::SEQUENCE))
        .take(MOST_SIGNERS)
        .map(|element| signer(&element, &certificates))
        .collect();
    Some(Signature { signers, content: content.map(|content| content.whole.to_vec()) })
}

fn parts(bytes: &[u8]) -> Option<Parts<'_>> {
    let mut message = Elements::of(bytes).next()?.tagged(tag::SEQUENCE)?.children();
    if message.accept(tag::OBJECT_IDENTIFIER)?.content != SIGNED_DATA {
        return None;
    }
    let mut parts = message.accept(tag::context(0))?.children().accept(tag::SEQUENCE)?.children();
    let _version = parts.accept(tag::INTEGER)?;
    let _digests = parts.accept(tag::SET)?;
    let mut encapsulated = parts.accept(tag::SEQUENCE)?.children();
    let _kind = encapsulated.accept(tag::OBJECT_IDENTIFIER)?;
    let content = encapsulated.accept(tag::context(0)).and_then(|content| content.children().next());
    let certificates = parts.accept(tag::context(0)).map_or_else(Vec::new, |certificates| {
        let elements = certificates.children().filter(|element| element.tag == tag::SEQUENCE);
        elements.take(MOST_CERTIFICATES).filter_map(|element| parse_certificate(element.whole)).collect()
    });
    let _revoked = parts.accept(tag::context(1));
    let signers = parts.accept(tag::SET)?.children();
    Some(Parts { content, certificates, signers })
}

fn signer(element: &Element<'_>, certificates: &[Certificate]) -> Signer {
    let mut parts = element.children();
    let _version = parts.accept(tag::INTEGER);
    let identifier = parts.next();
    let certificate = identifier.as_ref().and_then(|identifier| named_by(identifier, certificates)).cloned();
    let issuer = identifier.and_then(|identifier| identifier.tagged(tag::SEQUENCE)?.children().accept(tag::SEQUENCE));
    let issuer = issuer.map(|name| name_text(&name_parts(&name))).filter(|name| !name.is_empty());
    let algorithm = parts.accept(tag::SEQUENCE).and_then(|digest| digest.children().accept(tag::OBJECT_IDENTIFIER));
    let digest_algorithm = algorithm.map(|algorithm| algorithm.content.to_vec());
    let mut signer = Signer { certificate, issuer, digest_algorithm, ..Signer::default() };
    let attributes = |list: Element<'_>, signer: &mut Signer| {
        for attribute in list.children().take(MOST_ATTRIBUTES) {
            read_attribute(&attribute, signer);
        }
    };
    if let Some(signed) = parts.accept(tag::context(0)) {
        attributes(signed, &mut signer);
    }
    if let Some(unsigned) = parts.find_map(|part| part.tagged(tag::context(1))) {
        attributes(unsigned, &mut signer);
    }
    signer
}

/// The certificate that a signer is identified by: its issuer and serial number, or the id of its key.
fn named_by<'c>(identifier: &Element<'_>, certificates: &'c [Certificate]) -> Option<&'c Certificate> {
    if identifier.tag == tag::SEQUENCE {
        let mut parts = identifier.children();
        let (issuer, serial) = parts.accept(tag::SEQUENCE).zip(parts.accept(tag::INTEGER))?;
        let mut same_serial = certificates.iter().filter(|certificate| certificate.key.serial == serial.content);
        return same_serial
            .clone()
            .find(|certificate| certificate.key.issuer == issuer.content)
            // The same name may be written in another kind of string.
            .or_else(|| same_serial.next().filter(|_| same_serial.next().is_none()));
    }
    let key_id = match identifier.tag {
        number if number == tag::context_primitive(0) => identifier.content.to_vec(),
        number if number == tag::context(0) => octets(identifier),
        _ => return None,
    };
    certificates.iter().find(|certificate| certificate.key.key_id.as_ref() == Some(&key_id))
}

fn read_attribute(attribute: &Element<'_>, signer: &mut Signer) {
    let mut parts = attribute.children();
    let Some((kind, values)) = parts.accept(tag::OBJECT_IDENTIFIER).zip(parts.accept(tag::SET)) else { return };
    let Some(value) = values.children().next() else { return };
    match kind.content {
        SIGNING_TIME => signer.signing_time = instant(&value),
        MESSAGE_DIGEST => signer.message_digest = Some(octets(&value)),
        // A countersignature is a signer of its own, whose signing time is the time stamp.
        COUNTERSIGNATURE => signer.time_stamp = signing_time(&value),
        TIME_STAMP_MICROSOFT | TIME_STAMP => signer.time_stamp = token_time(&value),
        NESTED_SIGNATURE => {
            signer.nested = values.children().take(MOST_SIGNERS).map(|nested| nested.whole.to_vec()).collect();
        }
        _ => {}
    }
}

/// The signing time among the signed attributes of a signer.
fn signing_time(signer: &Element<'_>) -> Option<String> {
    let attributes = signer.children().find_map(|part| part.tagged(tag::context(0)))?;
    attributes.children().take(MOST_ATTRIBUTES).find_map(|attribute| {
        let mut parts = attribute.children();
        let kind = parts.accept(tag::OBJECT_IDENTIFIER)?;
        let value = parts.accept(tag::SET)?.children().next()?;
        (kind.content == SIGNING_TIME).then(|| instant(&value)).flatten()
    })
}

/// The instant of a time stamp token (RFC 3161): a message of its own, whose content is a `TSTInfo`.
fn token_time(token: &Element<'_>) -> Option<String> {
    let mut message = token.children();
    let _kind = message.accept(tag::OBJECT_IDENTIFIER)?;
    let mut parts = message.accept(tag::context(0))?.children().accept(tag::SEQUENCE)?.children();
    let mut encapsulated = parts.find_map(|part| part.tagged(tag::SEQUENCE))?.children();
    let content = encapsulated.find_map(|part| part.tagged(tag::context(0)))?.children().next()?;
    let info = octets(&content);
    Elements::of(&info)
        .next()?
        .tagged(tag::SEQUENCE)?
        .children()
        .find_map(|part| part.tagged(tag::GENERALIZED_TIME))
        .and_then(|time| instant(&time))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signature_encoder::{self as encoder, Signed, by_key_id, element, oid, sequence};

    fn names(bytes: &[u8]) -> Vec<Option<String>> {
        let (signature, _) = parse_signature(bytes);
        let signers = signature.map(|signature| signature.signers).unwrap_or_default();
        signers.into_iter().map(|signer| signer.certificate.map(|certificate| certificate.subject)).collect()
    }

    #[test]
    fn the_signer_is_found_among_the_certificates_however_it_is_named() {
        let authority = encoder::Certificate { serial: vec![9], ..encoder::Certificate::of("Test Authority", "T") };
        let mut vendor = encoder::Certificate::of("AO Kaspersky Lab", "AO Kaspersky Lab");
        vendor.key_id = Some(vec![1, 2, 3]);
        let certificates = vec![authority.encode(), vendor.encode()];
        let expected = [Some("CN=AO Kaspersky Lab, O=AO Kaspersky Lab, C=RU".to_owned())];
        for signer in [encoder::by_issuer(&vendor), by_key_id(&[1, 2, 3])] {
            let signed = Signed { certificates: certificates.clone(), signer, ..Signed::default() };
            assert_eq!(names(&signed.encode()), expected);
            assert_eq!(names(&signed.encode_open()), expected, "lengths left open");
            assert_eq!(names(&[signed.encode(), vec![0; 7]].concat()), expected, "padding");
        }
        let stranger = Signed { certificates, signer: by_key_id(&[7]), ..Signed::default() };
        assert_eq!(names(&stranger.encode()), [None]);
        let (_, diagnostics) = parse_signature(&stranger.encode());
        assert_eq!(diagnostics[0].code, code::SIGNER_MISSING);
    }

    #[test]
    fn instants_of_all_three_kinds_are_read() {
        let vendor = encoder::Certificate::of("a", "b");
        let time = |text: &str| element(0x17, text.as_bytes());
        let counter = Signed {
            under: vec![(oid::SIGNING_TIME.to_vec(), time("240304050607Z"))],
            ..Signed::by(&encoder::Certificate::of("Time", "Time"))
        };
        let info = sequence(&[element(0x02, &[1]), element(0x18, b"20240405060708Z")]);
        let token = Signed {
            content: Some((oid::TST_INFO.to_vec(), element(0x04, &info))),
            ..Signed::by(&encoder::Certificate::of("Time", "Time"))
        };
        let table: [(&[u8], Vec<u8>, &str); 2] = [
            (oid::COUNTERSIGNATURE, counter.signer_info(), "2024-03-04T05:06:07Z"),
            (oid::TIME_STAMP, token.encode(), "2024-04-05T06:07:08Z"),
        ];
        for (kind, value, expected) in table {
            let signed = Signed {
                under: vec![(oid::SIGNING_TIME.to_vec(), time("240102030405Z"))],
                beside: vec![(kind.to_vec(), value)],
                ..Signed::by(&vendor)
            };
            let (signature, diagnostics) = parse_signature(&signed.encode());
            let signer = signature.expect("a signature").signers.remove(0);
            assert_eq!(signer.signing_time.as_deref(), Some("2024-01-02T03:04:05Z"));
            assert_eq!(signer.time_stamp.as_deref(), Some(expected));
            assert_eq!(diagnostics, []);
        }
    }

    #[test]
    fn what_is_no_signature_is_said_to_be_none() {
        let certificate = encoder::Certificate::of("a", "b").encode();
        for bytes in [&[][..], b"MZ", &[0x30, 0x80], &certificate] {
            let (signature, diagnostics) = parse_signature(bytes);
            assert_eq!((signature, diagnostics[0].code.as_ref()), (None, code::MALFORMED), "{bytes:02x?}");
        }
    }

    proptest! {
        #[test]
        fn a_signature_with_wrong_bytes_does_not_make_it_panic(
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
            length in any::<prop::sample::Index>(),
            open in any::<bool>(),
        ) {
            let signed = Signed::by(&encoder::Certificate::of("a", "b"));
            let mut bytes = if open { signed.encode_open() } else { signed.encode() };
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = parse_signature(&bytes);
            let _ = parse_signature(&bytes[..length.index(bytes.len())]);
        }
    }
}
