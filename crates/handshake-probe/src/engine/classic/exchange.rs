//! The key exchange: the peer's half is verified, ours is made (RFC 5246, sections 7.4.3 and 7.4.7).

use pki_types::CertificateDer;
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::cause::Cause;
use crate::engine::agreement::Agreement;
use crate::engine::signature::{self, Hash, Scheme};
use crate::engine::spki::{Algorithm, PublicKey};
use crate::identity::Credentials;
use crate::misbehaviour::Misbehaviour;
use crate::request::ProtocolVersion;
use crate::wire::{ServerKeyExchange, Share, significant, vector8, vector16};

/// What both sides know when the exchange is done.
pub(crate) struct Secret {
    /// The body of `ClientKeyExchange`.
    pub(crate) our_half: Vec<u8>,
    pub(crate) premaster: Vec<u8>,
}

/// Verifies the peer's signature over `signed`.
///
/// # Errors
///
/// [`Cause::Misbehaved`] or [`Cause::Undetermined`].
pub(crate) fn verify(
    exchange: &ServerKeyExchange<'_>,
    certificate: Option<&CertificateDer<'_>>,
    signed: &[u8],
) -> Result<(), Cause> {
    let certificate = certificate.ok_or(Cause::Misbehaved(Misbehaviour::NoCertificate))?;
    let key = PublicKey::of(certificate)
        .ok_or_else(|| Cause::Undetermined("the certificate has no readable key".to_owned()))?;
    let verified = match exchange.scheme {
        Some(code) => signature::verify(code, &key, signed, exchange.signature),
        None => {
            let scheme = match key.algorithm {
                Algorithm::Rsa | Algorithm::RsaPss => Scheme::Pkcs1Md5Sha1,
                Algorithm::Dsa => Scheme::Dsa(Hash::Sha1),
                Algorithm::P256
                | Algorithm::P384
                | Algorithm::P521
                | Algorithm::Ed25519
                | Algorithm::Ed448
                | Algorithm::Other => Scheme::Ecdsa(Hash::Sha1),
            };
            signature::verify_scheme(scheme, 0, &key, signed, exchange.signature)
        }
    };
    verified.map_err(Cause::from)
}

/// Answers the peer's half of an agreement.
///
/// # Errors
///
/// [`Cause::Misbehaved`] or [`Cause::Undetermined`].
pub(crate) fn agree(share: &Share<'_>) -> Result<Secret, Cause> {
    let invalid = |group| move || Cause::Misbehaved(Misbehaviour::InvalidKeyShare(group));
    match *share {
        Share::Curve { group, .. } if is_field(group) => {
            Err(Cause::Undetermined("a finite field in place of a curve".to_owned()))
        }
        Share::Curve { group: X448, point } if point.len() != X448_LENGTH => {
            Err(Cause::Undetermined("a key of x448 that has another length".to_owned()))
        }
        Share::Curve { group, point } => {
            let ours = Agreement::start(group)
                .ok_or_else(|| Cause::Undetermined(format!("no means for group {group:#06x}")))?;
            let our_half = vector8(&ours.public);
            Ok(Secret { our_half, premaster: ours.complete(point).ok_or_else(invalid(group))? })
        }
        Share::Field { prime, generator, public } => {
            let cannot = || Cause::Undetermined("no means for that prime".to_owned());
            let ours = Agreement::start_in_field(prime, generator).ok_or_else(cannot)?;
            let our_half = vector16(significant(&ours.public));
            let secret = ours.complete(public).ok_or_else(cannot)?;
            // RFC 5246, section 8.1.2: leading bytes of zero are not part of the secret.
            Ok(Secret { our_half, premaster: significant(&secret).to_vec() })
        }
    }
}

/// Sends a fresh secret to the peer's own key (RFC 5246, section 7.4.7.1).
///
/// # Errors
///
/// [`Cause::Undetermined`].
pub(crate) fn encrypt(
    certificate: Option<&CertificateDer<'_>>,
    version: u16,
) -> Result<Secret, Cause> {
    let mut secret = [0; 48];
    fill(&mut secret)?;
    let version = version.to_be_bytes();
    secret.iter_mut().zip(version).for_each(|(byte, version)| *byte = version);
    let key = certificate.and_then(|certificate| PublicKey::of(certificate));
    let key = key.filter(|key| key.algorithm == Algorithm::Rsa);
    let key = key.and_then(|key| signature::rsa_key(key.bits));
    let sealed = key.and_then(|key| key.pkcs1v15_encrypt(&secret).ok());
    let sealed =
        sealed.ok_or_else(|| Cause::Undetermined("no means to encrypt to that key".to_owned()))?;
    Ok(Secret { our_half: vector16(&sealed), premaster: secret.to_vec() })
}

/// Signs the handshake so far; returns the body of `CertificateVerify` (RFC 5246, section 7.4.8).
///
/// # Errors
///
/// [`Cause::Undetermined`] if there is no means to sign.
pub(crate) fn prove(
    credentials: &Credentials,
    version: ProtocolVersion,
    transcript: &[u8],
) -> Result<Vec<u8>, Cause> {
    let cannot = || Cause::Undetermined("no means to sign with the client's key".to_owned());
    if version < ProtocolVersion::Tls12 {
        let signature = credentials.key.sign_as_of_old(transcript).ok_or_else(cannot)?;
        return Ok(vector16(&signature));
    }
    let signature = credentials.key.sign(credentials.scheme, transcript).ok_or_else(cannot)?;
    Ok([credentials.scheme.to_be_bytes().as_slice(), &vector16(&signature)].concat())
}

/// Draws random bytes.
///
/// # Errors
///
/// [`Cause::Undetermined`] if the system has none.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Cause> {
    SystemRandom::new()
        .fill(bytes)
        .map_err(|_unspecified| Cause::Undetermined("no random numbers".to_owned()))
}

const X448: u16 = 0x001e;
const X448_LENGTH: usize = 56;

/// The groups of RFC 7919.
fn is_field(group: u16) -> bool {
    matches!(group, 0x0100..=0x01ff)
}
