//! Signatures of certificates, verified as a Java runtime would.

mod algorithm;
mod digest;
mod pss;

pub(crate) use algorithm::SignatureAlgorithm;
pub(crate) use digest::Digest;
pub(crate) use pss::PssParameters;

use crate::exception::JavaException;
use crate::profile::Profile;
use crate::public_key::PublicKey;

/// Verifies `signature` over `message` as `X509CertImpl.verify` does.
///
/// # Errors
/// What `verify` throws: the cause of `signature check failed`.
pub(crate) fn verify(
    algorithm: &SignatureAlgorithm<'_>,
    key: &PublicKey<'_>,
    message: &[u8],
    signature: &[u8],
    profile: &Profile,
) -> Result<(), JavaException> {
    let _ = (algorithm, key, message, signature, profile);
    Err(JavaException::new("java.security.SignatureException", "Signature does not match."))
}
