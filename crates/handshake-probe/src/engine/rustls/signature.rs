//! The peer's signature over the handshake.

use pki_types::CertificateDer;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    ED25519, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA384,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    UnparsedPublicKey, VerificationAlgorithm,
};
use rustls::DigitallySignedStruct;

use crate::cause::{Cause, Misbehaviour};
use crate::engine::rustls::spki::PublicKey;

/// Why a signature was not accepted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// It does not verify.
    Wrong,
    /// This engine cannot verify such a signature by such a key.
    Unverifiable(u16),
}

impl From<Fault> for Cause {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Wrong => Self::Misbehaved(Misbehaviour::Signature),
            Fault::Unverifiable(scheme) => Self::Undetermined(format!(
                "no means to verify a signature of scheme {scheme:#06x}"
            )),
        }
    }
}

/// Verifies a signature of TLS 1.2, where a scheme names the hash and the kind of key, but no curve.
///
/// # Errors
///
/// [`Fault`].
pub(crate) fn verify_tls12(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
) -> Result<(), Fault> {
    verify(message, certificate, signed, |_, _| true)
}

/// Verifies a signature of TLS 1.3, where a scheme fixes the curve (RFC 8446, section 4.2.3).
///
/// # Errors
///
/// [`Fault`].
pub(crate) fn verify_tls13(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
) -> Result<(), Fault> {
    verify(message, certificate, signed, |scheme, key| match scheme {
        0x0403 => key == EC_P256,
        0x0503 => key == EC_P384,
        other => other & 0xff != RSA_PKCS1,
    })
}

fn verify(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
    allows: fn(u16, &[u8]) -> bool,
) -> Result<(), Fault> {
    let scheme = u16::from(signed.scheme);
    let unverifiable = Fault::Unverifiable(scheme);
    let public = PublicKey::of(certificate).ok_or(unverifiable)?;
    let (.., algorithm) = SCHEMES
        .iter()
        .find(|(code, key, _)| *code == scheme && *key == public.algorithm && allows(*code, key))
        .ok_or(unverifiable)?;
    UnparsedPublicKey::new(*algorithm, public.key).verify(message, signed.signature()).map_err(
        |_unspecified| {
            // ring does not tell a wrong signature from a size of key that it does not take.
            if public.algorithm == RSA && !RSA_LENGTHS.contains(&public.key.len()) {
                unverifiable
            } else {
                Fault::Wrong
            }
        },
    )
}

/// Scheme, `AlgorithmIdentifier` of the key, and who verifies that.
type Scheme = (u16, &'static [u8], &'static dyn VerificationAlgorithm);

const SCHEMES: &[Scheme] = &[
    (0x0403, EC_P256, &ECDSA_P256_SHA256_ASN1),
    (0x0403, EC_P384, &ECDSA_P384_SHA256_ASN1),
    (0x0503, EC_P256, &ECDSA_P256_SHA384_ASN1),
    (0x0503, EC_P384, &ECDSA_P384_SHA384_ASN1),
    (0x0807, ED_25519, &ED25519),
    (0x0804, RSA, &RSA_PSS_2048_8192_SHA256),
    (0x0805, RSA, &RSA_PSS_2048_8192_SHA384),
    (0x0806, RSA, &RSA_PSS_2048_8192_SHA512),
    (0x0401, RSA, &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
    (0x0501, RSA, &RSA_PKCS1_2048_8192_SHA384),
    (0x0601, RSA, &RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
];

const RSA_PKCS1: u16 = 0x01;

/// How long an `RSAPublicKey` is that has 2048 to 8192 bits.
const RSA_LENGTHS: std::ops::Range<usize> = 256..1056;

/// `rsaEncryption` with its null parameters (RFC 3279, section 2.3.1).
const RSA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 0x05, 0];
/// `id-ecPublicKey` with `secp256r1` (RFC 5480, section 2.1.1.1).
const EC_P256: &[u8] =
    &[0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
/// `id-ecPublicKey` with `secp384r1`.
const EC_P384: &[u8] =
    &[0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 0x06, 5, 0x2b, 0x81, 4, 0, 0x22];
/// `id-Ed25519` (RFC 8410, section 3).
const ED_25519: &[u8] = &[0x06, 3, 0x2b, 0x65, 0x70];
