//! The public key of a certificate and how it is signed, without an opinion about the rest of it.

use pki_types::CertificateDer;

use crate::engine::signature::{Hash, Scheme};
use crate::misbehaviour::KeyKind;
use crate::wire::Cursor;

/// A `SubjectPublicKeyInfo` (RFC 5280, section 4.1.2.7), taken apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PublicKey<'a> {
    /// What kind of key it is.
    pub(crate) algorithm: Algorithm,
    /// The contents of the algorithm's parameters, without their tag.
    pub(crate) parameters: &'a [u8],
    /// The contents of `subjectPublicKey`, without the count of unused bits.
    pub(crate) bits: &'a [u8],
}

/// The kinds of key that can be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Algorithm {
    Rsa,
    RsaPss,
    Dsa,
    P256,
    P384,
    P521,
    Ed25519,
    Ed448,
    Other,
}

impl<'a> PublicKey<'a> {
    /// Returns the public key of `certificate`, or none if that is no certificate.
    pub(crate) fn of(certificate: &'a CertificateDer<'_>) -> Option<Self> {
        let mut outer = Cursor(Cursor(certificate).element(SEQUENCE)?);
        let mut fields = Cursor(outer.element(SEQUENCE)?);
        if fields.0.first() == Some(&VERSION) {
            fields.element(VERSION)?;
        }
        fields.element(INTEGER)?; // serialNumber
        for _ in ["signature", "issuer", "validity", "subject"] {
            fields.element(SEQUENCE)?;
        }
        let mut info = Cursor(fields.element(SEQUENCE)?);
        let mut algorithm = Cursor(info.element(SEQUENCE)?);
        let identifier = algorithm.element(OBJECT_IDENTIFIER)?;
        let parameters = match algorithm.0.first() {
            Some(&tag) => algorithm.element(tag)?,
            None => &[],
        };
        let bits = info.element(BIT_STRING)?.split_first()?.1;
        Some(Self { algorithm: Algorithm::of(identifier, parameters), parameters, bits })
    }

    /// Reads the integers of a sequence, or of what is in one.
    pub(crate) fn integers<const COUNT: usize>(bytes: &'a [u8]) -> Option<[&'a [u8]; COUNT]> {
        let mut cursor = Cursor(bytes);
        if bytes.first() == Some(&SEQUENCE) {
            cursor = Cursor(cursor.element(SEQUENCE)?);
        }
        let mut integers = [[].as_slice(); COUNT];
        for integer in &mut integers {
            *integer = positive(cursor.element(INTEGER)?)?;
        }
        Some(integers)
    }

    /// Reads one integer.
    pub(crate) fn integer(bytes: &'a [u8]) -> Option<&'a [u8]> {
        positive(Cursor(bytes).element(INTEGER)?)
    }
}

impl Algorithm {
    /// Returns what kind of key it is, if it can be used at all.
    pub(crate) fn kind(self) -> Option<KeyKind> {
        Some(match self {
            Self::Rsa => KeyKind::Rsa,
            Self::RsaPss => KeyKind::RsaPss,
            Self::Dsa => KeyKind::Dsa,
            Self::P256 | Self::P384 | Self::P521 => KeyKind::Ec,
            Self::Ed25519 | Self::Ed448 => KeyKind::Edwards,
            Self::Other => return None,
        })
    }

    fn of(identifier: &[u8], parameters: &[u8]) -> Self {
        match (identifier, parameters) {
            (RSA, _) => Self::Rsa,
            (RSA_PSS, _) => Self::RsaPss,
            (DSA, _) => Self::Dsa,
            (EC, P256) => Self::P256,
            (EC, P384) => Self::P384,
            (EC, P521) => Self::P521,
            (ED25519, _) => Self::Ed25519,
            (ED448, _) => Self::Ed448,
            _ => Self::Other,
        }
    }
}

/// Returns the scheme that a certificate is signed with, if a `ClientHello` can name it.
pub(crate) fn signature_scheme(certificate: &CertificateDer<'_>) -> Option<Scheme> {
    let mut outer = Cursor(Cursor(certificate).element(SEQUENCE)?);
    outer.element(SEQUENCE)?; // tbsCertificate
    let mut algorithm = Cursor(outer.element(SEQUENCE)?);
    let identifier = algorithm.element(OBJECT_IDENTIFIER)?;
    if identifier == RSA_PSS {
        // RSASSA-PSS-params (RFC 4055, section 3.1) begins with the hash, which is SHA-1 if it is not there.
        let mut parameters = Cursor(algorithm.element(SEQUENCE)?);
        let mut hash = Cursor(Cursor(parameters.element(HASH)?).element(SEQUENCE)?);
        return hash_of(hash.element(OBJECT_IDENTIFIER)?).map(Scheme::Pss);
    }
    SIGNATURES.iter().find(|(known, _)| *known == identifier).map(|(_, scheme)| *scheme)
}

fn hash_of(identifier: &[u8]) -> Option<Hash> {
    match identifier.strip_prefix(NIST_HASHES)? {
        [1] => Some(Hash::Sha256),
        [2] => Some(Hash::Sha384),
        [3] => Some(Hash::Sha512),
        _ => None,
    }
}

/// Returns an integer's bytes without leading zeros, or none if it is negative.
fn positive(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.first()? & 0x80 != 0 {
        return None;
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..)
}

impl<'a> Cursor<'a> {
    /// Reads one DER element with this tag and returns its contents.
    pub(crate) fn element(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.u8().filter(|found| *found == tag)?;
        let length = match self.u8()? {
            short @ ..=0x7f => usize::from(short),
            0x81 => self.u8()?.into(),
            0x82 => self.u16()?.into(),
            0x83 => usize::try_from(self.u24()?).ok()?,
            _ => return None,
        };
        self.take(length)
    }
}

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// `rsaEncryption` and `id-RSASSA-PSS` (RFC 4055).
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
/// `id-dsa` (RFC 3279, section 2.3.2).
const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
/// `id-ecPublicKey` and its named curves (RFC 5480, section 2.1.1).
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];
const P521: &[u8] = &[0x2b, 0x81, 4, 0, 0x23];
/// `id-Ed25519` and `id-Ed448` (RFC 8410, section 3).
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const ED448: &[u8] = &[0x2b, 0x65, 0x71];

/// The field `hashAlgorithm`.
const HASH: u8 = 0xa0;
/// `hashAlgs` of NIST (RFC 4055, section 2.1).
const NIST_HASHES: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2];

/// Signature algorithms of certificates (RFC 3279, 4055, 5758 and 8410).
const SIGNATURES: &[(&[u8], Scheme)] = &[
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4], Scheme::Pkcs1(Hash::Md5)),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5], Scheme::Pkcs1(Hash::Sha1)),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 14], Scheme::Pkcs1(Hash::Sha224)),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11], Scheme::Pkcs1(Hash::Sha256)),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12], Scheme::Pkcs1(Hash::Sha384)),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13], Scheme::Pkcs1(Hash::Sha512)),
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3], Scheme::Dsa(Hash::Sha1)),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 1], Scheme::Dsa(Hash::Sha224)),
    (&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 2], Scheme::Dsa(Hash::Sha256)),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1], Scheme::Ecdsa(Hash::Sha1)),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1], Scheme::Ecdsa(Hash::Sha224)),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2], Scheme::Ecdsa(Hash::Sha256)),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3], Scheme::Ecdsa(Hash::Sha384)),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4], Scheme::Ecdsa(Hash::Sha512)),
    (ED25519, Scheme::Ed25519),
    (ED448, Scheme::Ed448),
];
