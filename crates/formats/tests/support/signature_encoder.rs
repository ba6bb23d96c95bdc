//! Writes certificates and signatures in DER, for tests only, from RFC 5280 and RFC 5652 and not from the reader. The
//! signature values are zeros: nothing here is signed, and no reader of ours checks that.

use sha2::{Digest as _, Sha256};

/// Object identifiers in their bytes.
pub(crate) mod oid {
    pub(crate) const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
    pub(crate) const COUNTRY: &[u8] = &[0x55, 0x04, 0x06];
    pub(crate) const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];
    pub(crate) const UNIT: &[u8] = &[0x55, 0x04, 0x0b];
    pub(crate) const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
    pub(crate) const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
    pub(crate) const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
    pub(crate) const SIGNING_TIME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05];
    pub(crate) const COUNTERSIGNATURE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x06];
    pub(crate) const TIME_STAMP: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0e];
    pub(crate) const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
    pub(crate) const NESTED: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x04, 0x01];
    pub(crate) const SPC_INDIRECT_DATA: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x01, 0x04];
    pub(crate) const SPC_PE_IMAGE_DATA: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x01, 0x0f];
    pub(crate) const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
    pub(crate) const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
    pub(crate) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
    pub(crate) const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 0x0e];
}

/// An element.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes = vec![tag];
    match length {
        0..=0x7f => bytes.push(u8::try_from(length).expect("small")),
        0x80..=0xff => bytes.extend([0x81, u8::try_from(length).expect("small")]),
        _ => {
            bytes.push(0x83);
            bytes.extend(&u32::try_from(length).expect("small").to_be_bytes()[1..]);
        }
    }
    bytes.extend(content);
    bytes
}

/// An element whose length is left open, as BER allows.
pub(crate) fn open_element(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], content, &[0, 0]].concat()
}

pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

pub(crate) fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x31, &parts.concat())
}

/// A part of a name with a string of some kind, such as `0x0c` for UTF-8.
pub(crate) fn name_part(kind: &[u8], tag: u8, value: &[u8]) -> Vec<u8> {
    sequence(&[element(0x06, kind), element(tag, value)])
}

/// A name of parts that stand in a set each, all in UTF-8.
pub(crate) fn name(parts: &[(&[u8], &str)]) -> Vec<u8> {
    let sets: Vec<_> = parts.iter().map(|(kind, value)| set(&[name_part(kind, 0x0c, value.as_bytes())])).collect();
    sequence(&sets)
}

/// What a certificate is made of; the defaults stand in [`Certificate::of`].
pub(crate) struct Certificate {
    pub(crate) serial: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) not_before: Vec<u8>,
    pub(crate) not_after: Vec<u8>,
    pub(crate) key_id: Option<Vec<u8>>,
    pub(crate) is_authority: bool,
}

impl Certificate {
    /// Of a company `organisation` with that common name, issued by `Test Authority`.
    pub(crate) fn of(common_name: &str, organisation: &str) -> Self {
        let parts: [(&[u8], &str); 3] =
            [(oid::COUNTRY, "RU"), (oid::ORGANISATION, organisation), (oid::COMMON_NAME, common_name)];
        Self {
            serial: vec![0x01, 0x02],
            issuer: name(&[(oid::COMMON_NAME, "Test Authority")]),
            subject: name(&parts),
            not_before: element(0x17, b"240102030405Z"),
            not_after: element(0x18, b"20540102030405Z"),
            key_id: None,
            is_authority: false,
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut extensions = Vec::new();
        if self.is_authority {
            let value = sequence(&[element(0x01, &[0xff])]);
            let parts = [element(0x06, oid::BASIC_CONSTRAINTS), element(0x01, &[0xff]), element(0x04, &value)];
            extensions.push(sequence(&parts));
        }
        if let Some(key_id) = &self.key_id {
            let value = element(0x04, key_id);
            extensions.push(sequence(&[element(0x06, oid::SUBJECT_KEY_ID), element(0x04, &value)]));
        }
        let algorithm = sequence(&[element(0x06, oid::ECDSA_SHA256)]);
        let key = sequence(&[algorithm.clone(), element(0x03, &[0; 65])]);
        let content = sequence(&[
            element(0xa0, &element(0x02, &[2])),
            element(0x02, &self.serial),
            algorithm.clone(),
            self.issuer.clone(),
            sequence(&[self.not_before.clone(), self.not_after.clone()]),
            self.subject.clone(),
            key,
            element(0xa3, &sequence(&extensions)),
        ]);
        sequence(&[content, algorithm, element(0x03, &[0; 72])])
    }
}

/// What a signature is made of.
#[derive(Default)]
pub(crate) struct Signed {
    /// The certificates of the message.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// The kind of what is signed and, where the message has it, the element itself.
    pub(crate) content: Option<(Vec<u8>, Vec<u8>)>,
    /// Whom the signer is identified by: see [`by_issuer`] and [`by_key_id`].
    pub(crate) signer: Vec<u8>,
    /// Attributes under the signature, each an object identifier and a value.
    pub(crate) under: Vec<(Vec<u8>, Vec<u8>)>,
    /// Attributes beside it.
    pub(crate) beside: Vec<(Vec<u8>, Vec<u8>)>,
}

/// A signer named by issuer and serial number.
pub(crate) fn by_issuer(certificate: &Certificate) -> Vec<u8> {
    sequence(&[certificate.issuer.clone(), element(0x02, &certificate.serial)])
}

/// A signer named by the id of its key.
pub(crate) fn by_key_id(key_id: &[u8]) -> Vec<u8> {
    element(0x80, key_id)
}

fn attributes(tag: u8, list: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    if list.is_empty() {
        return Vec::new();
    }
    let parts: Vec<_> =
        list.iter().map(|(kind, value)| sequence(&[element(0x06, kind), set(std::slice::from_ref(value))])).collect();
    element(tag, &parts.concat())
}

impl Signed {
    /// A signature of this certificate over something that is not in the message.
    pub(crate) fn by(certificate: &Certificate) -> Self {
        Self { certificates: vec![certificate.encode()], signer: by_issuer(certificate), ..Self::default() }
    }

    /// Authenticode: a signature of this certificate over the SHA-256 digest of a program.
    pub(crate) fn over(certificate: &Certificate, digest: &[u8]) -> Self {
        let about = sequence(&[element(0x06, oid::SPC_PE_IMAGE_DATA), sequence(&[element(0x03, &[0])])]);
        let algorithm = sequence(&[element(0x06, oid::SHA256), element(0x05, &[])]);
        let parts = [about, sequence(&[algorithm, element(0x04, digest)])].concat();
        let message_digest = element(0x04, &Sha256::digest(&parts));
        Self {
            content: Some((oid::SPC_INDIRECT_DATA.to_vec(), element(0x30, &parts))),
            under: vec![(oid::MESSAGE_DIGEST.to_vec(), message_digest)],
            ..Self::by(certificate)
        }
    }

    /// The signer alone, as countersignatures are written.
    pub(crate) fn signer_info(&self) -> Vec<u8> {
        sequence(&[
            element(0x02, &[1]),
            self.signer.clone(),
            sequence(&[element(0x06, oid::SHA256)]),
            attributes(0xa0, &self.under),
            sequence(&[element(0x06, oid::ECDSA_SHA256)]),
            element(0x04, &[0; 70]),
            attributes(0xa1, &self.beside),
        ])
    }

    /// The message in DER.
    pub(crate) fn encode(&self) -> Vec<u8> {
        self.encode_with(&element)
    }

    /// The message with the lengths of its outer elements left open, as Apple's tools write it.
    pub(crate) fn encode_open(&self) -> Vec<u8> {
        self.encode_with(&open_element)
    }

    fn encode_with(&self, outer: &dyn Fn(u8, &[u8]) -> Vec<u8>) -> Vec<u8> {
        let content = match &self.content {
            Some((kind, value)) => outer(0x30, &[element(0x06, kind), outer(0xa0, value)].concat()),
            None => outer(0x30, &element(0x06, oid::DATA)),
        };
        let parts = [
            element(0x02, &[1]),
            set(&[sequence(&[element(0x06, oid::SHA256)])]),
            content,
            outer(0xa0, &self.certificates.concat()),
            set(&[self.signer_info()]),
        ];
        let message = outer(0xa0, &outer(0x30, &parts.concat()));
        outer(0x30, &[element(0x06, oid::SIGNED_DATA), message].concat())
    }
}
