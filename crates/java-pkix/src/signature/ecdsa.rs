//! ECDSA over P-256, P-384 and P-521 with any digest.

use ::ecdsa::signature::hazmat::PrehashVerifier;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    UnparsedPublicKey, VerificationAlgorithm,
};

use crate::exception::JavaException;
use crate::profile::{Profile, SignatureSupport};
use crate::public_key::Curve;
use crate::signature::{Digest, does_not_match, numbers, signature_fault};

/// Verifies a signature by a key of `curve`; `coordinates` are those of the point, one after the other.
///
/// # Errors
/// What `Signature.verify` throws.
pub(super) fn verify(
    curve: &Curve,
    coordinates: &[u8],
    digest: Digest,
    message: &[u8],
    signature: &[u8],
    profile: &Profile,
) -> Result<(), JavaException> {
    let point = [&[4], coordinates].concat();
    let name = curve.names.first().copied().unwrap_or_default();
    if let Some(fast) = fast(name, digest)
        && UnparsedPublicKey::new(fast, &point).verify(message, signature).is_ok()
    {
        return Ok(());
    }
    if !matches!(name, "secp256r1" | "secp384r1" | "secp521r1") {
        return Err(other_curve(curve, signature, profile));
    }
    if !is_on_curve(name, &point) {
        return Err(does_not_match());
    }
    let [r, s] = numbers(signature, profile).map_err(|fault| badly_encoded(fault, profile))?;
    let hash = digest.of(&[message]);
    let size = curve.field_bits.div_ceil(8);
    let verified = padded(r, s, size).is_some_and(|fixed| match name {
        "secp256r1" => p256::ecdsa::VerifyingKey::from_sec1_bytes(&point)
            .and_then(|key| key.verify_prehash(&hash, &p256::ecdsa::Signature::from_slice(&fixed)?))
            .is_ok(),
        "secp384r1" => p384::ecdsa::VerifyingKey::from_sec1_bytes(&point)
            .and_then(|key| key.verify_prehash(&hash, &p384::ecdsa::Signature::from_slice(&fixed)?))
            .is_ok(),
        _ => p521::ecdsa::VerifyingKey::from_sec1_bytes(&point)
            .and_then(|key| key.verify_prehash(&hash, &p521::ecdsa::Signature::from_slice(&fixed)?))
            .is_ok(),
    });
    if verified { Ok(()) } else { Err(does_not_match()) }
}

/// Returns the quick implementation, where there is one.
fn fast(curve: &str, digest: Digest) -> Option<&'static dyn VerificationAlgorithm> {
    match (curve, digest) {
        ("secp256r1", Digest::Sha256) => Some(&ECDSA_P256_SHA256_ASN1),
        ("secp256r1", Digest::Sha384) => Some(&ECDSA_P256_SHA384_ASN1),
        ("secp384r1", Digest::Sha256) => Some(&ECDSA_P384_SHA256_ASN1),
        ("secp384r1", Digest::Sha384) => Some(&ECDSA_P384_SHA384_ASN1),
        _ => None,
    }
}

/// Returns what Java throws where the curve is none of the three.
///
/// 8 and 11 would compute with it, though not by default: `jdk.disabled.namedCurves` comes first.
/// Where that was edited, this still says that the signature does not match.
fn other_curve(curve: &Curve, signature: &[u8], profile: &Profile) -> JavaException {
    if profile.verifies_legacy_curves {
        return match numbers(signature, profile) {
            Ok(_) => does_not_match(),
            Err(fault) => badly_encoded(fault, profile),
        };
    }
    if curve.is_prime {
        return signature_fault(format!("Curve not supported: {}", curve.text()));
    }
    does_not_match()
}

/// Java asks whether the point lies on the curve before it looks at the signature.
fn is_on_curve(curve: &str, point: &[u8]) -> bool {
    match curve {
        "secp256r1" => p256::PublicKey::from_sec1_bytes(point).is_ok(),
        "secp384r1" => p384::PublicKey::from_sec1_bytes(point).is_ok(),
        _ => p521::PublicKey::from_sec1_bytes(point).is_ok(),
    }
}

/// Returns both numbers at the curve's size, one after the other; none where one is too long.
fn padded(r: &[u8], s: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut fixed = Vec::with_capacity(2 * size);
    for number in [r, s] {
        fixed.resize(fixed.len() + size.checked_sub(number.len())?, 0);
        fixed.extend_from_slice(number);
    }
    Some(fixed)
}

/// 8 wraps the fault once more.
fn badly_encoded(fault: JavaException, profile: &Profile) -> JavaException {
    let invalid = signature_fault("Invalid encoding for signature").caused_by(fault);
    if profile.signatures == SignatureSupport::Unknown {
        return signature_fault("Could not verify signature").caused_by(invalid);
    }
    invalid
}
