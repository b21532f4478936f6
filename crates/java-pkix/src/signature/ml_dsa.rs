//! ML-DSA (FIPS 204).

use ::ml_dsa::{
    EncodedSignature, EncodedVerifyingKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Signature,
    VerifyingKey,
};

use crate::exception::JavaException;
use crate::signature::{MlDsa, does_not_match};

/// Verifies a signature by an ML-DSA key.
///
/// # Errors
/// What `Signature.verify` throws.
pub(super) fn verify(
    set: MlDsa,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), JavaException> {
    let verified = match set {
        MlDsa::Set44 => is_signed::<MlDsa44>(key, message, signature),
        MlDsa::Set65 => is_signed::<MlDsa65>(key, message, signature),
        MlDsa::Set87 => is_signed::<MlDsa87>(key, message, signature),
    };
    if verified == Some(true) { Ok(()) } else { Err(does_not_match()) }
}

fn is_signed<P: MlDsaParams>(key: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
    let key = VerifyingKey::<P>::decode(&EncodedVerifyingKey::<P>::try_from(key).ok()?);
    let signature = Signature::<P>::decode(&EncodedSignature::<P>::try_from(signature).ok()?)?;
    Some(key.verify_with_context(message, &[], &signature))
}
