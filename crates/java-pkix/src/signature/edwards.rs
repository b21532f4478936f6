//! Ed25519 and Ed448.

use curve25519_dalek::edwards::CompressedEdwardsY;
use ed448_goldilocks_plus::{Signature, VerifyingKey};
use ring::signature::{ED25519, UnparsedPublicKey};

use crate::exception::JavaException;
use crate::profile::Profile;
use crate::signature::{does_not_match, invalid_key, signature_fault};

/// Verifies a signature by an Ed25519 key.
///
/// # Errors
/// What `Signature.verify` throws.
pub(super) fn verify_ed25519(
    point: &[u8],
    message: &[u8],
    signature: &[u8],
    profile: &Profile,
) -> Result<(), JavaException> {
    let signature = without_surplus(signature, 64, profile);
    if UnparsedPublicKey::new(&ED25519, point).verify(message, signature).is_ok() {
        return Ok(());
    }
    if !is_point_25519(point) {
        return Err(invalid_key("Invalid point"));
    }
    let first = check_parts(signature, 32, &ORDER_25519, &PRIME_25519, profile)?;
    if !is_point_25519(first) {
        return Err(signature_fault("Invalid point"));
    }
    Err(does_not_match())
}

/// Verifies a signature by an Ed448 key.
///
/// # Errors
/// What `Signature.verify` throws.
pub(super) fn verify_ed448(
    point: &[u8],
    message: &[u8],
    signature: &[u8],
    profile: &Profile,
) -> Result<(), JavaException> {
    let signature = without_surplus(signature, 114, profile);
    if !is_point_448(point) {
        return Err(invalid_key("Invalid point"));
    }
    let first = check_parts(signature, 57, &ORDER_448, &PRIME_448, profile)?;
    if !is_point_448(first) {
        return Err(signature_fault("Invalid point"));
    }
    let verified = || {
        let key = VerifyingKey::from_bytes(point.try_into().ok()?).ok()?;
        let signature = Signature::try_from(signature).ok()?;
        key.verify_raw(&signature, message).ok()
    };
    verified().ok_or_else(does_not_match)
}

fn is_point_25519(encoded: &[u8]) -> bool {
    CompressedEdwardsY::from_slice(encoded).is_ok_and(|point| point.decompress().is_some())
}

fn is_point_448(encoded: &[u8]) -> bool {
    let point = <[u8; 57]>::try_from(encoded).map(ed448_goldilocks_plus::CompressedEdwardsY);
    point.is_ok_and(|point| point.decompress_unchecked().is_some().into())
}

/// Halves of an odd length are unequal, and releases that do not look at it take a zero more in the second.
fn without_surplus<'a>(signature: &'a [u8], length: usize, profile: &Profile) -> &'a [u8] {
    match signature.split_at_checked(length) {
        Some((signature, [0])) if !profile.checks_edwards_length => signature,
        Some(_) | None => signature,
    }
}

/// Checks the length and the two halves of a signature, as `EdDSAOperations.verify` does first; returns the first half.
fn check_parts<'a>(
    signature: &'a [u8],
    half: usize,
    order: &[u8],
    prime: &[u8],
    profile: &Profile,
) -> Result<&'a [u8], JavaException> {
    let length_fault = || {
        let text = if profile.checks_edwards_length {
            "signature length invalid"
        } else {
            "incorrect length"
        };
        signature_fault(text)
    };
    if profile.checks_edwards_length && signature.len() != 2 * half {
        return Err(length_fault());
    }
    let (r, s) = signature.split_at_checked(signature.len() / 2).unwrap_or_default();
    if !is_less(s, order, 0xff) {
        return Err(signature_fault("s is too large"));
    }
    if r.len() != half {
        return Err(length_fault());
    }
    if !is_less(r, prime, 0x7f) {
        return Err(signature_fault("y value is too large"));
    }
    Ok(r)
}

/// Returns whether a little-endian number, its last octet masked, is less than `limit` (big-endian).
fn is_less(number: &[u8], limit: &[u8], mask: u8) -> bool {
    let mut octets: Vec<u8> = number.iter().rev().copied().collect();
    if let Some(first) = octets.first_mut() {
        *first &= mask;
    }
    let significant =
        |octets: &[u8]| octets.iter().copied().skip_while(|octet| *octet == 0).collect();
    let (number, limit): (Vec<u8>, Vec<u8>) = (significant(&octets), significant(limit));
    (number.len(), number) < (limit.len(), limit)
}

/// 2^252 + 27742317777372353535851937790883648493 (RFC 8032, section 5.1).
const ORDER_25519: [u8; 32] = [
    0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0xde, 0xf9, 0xde, 0xa2, 0xf7, 0x9c,
    0xd6, 0x58, 0x12, 0x63, 0x1a, 0x5c, 0xf5, 0xd3, 0xed,
];

/// 2^255 - 19.
const PRIME_25519: [u8; 32] = {
    let mut prime = [0xff; 32];
    prime[0] = 0x7f;
    prime[31] = 0xed;
    prime
};

/// 2^446 - 13818066809895115352007386748515426880336692474882178609894547503885 (RFC 8032, section 5.2).
const ORDER_448: [u8; 56] = [
    0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7c, 0xca, 0x23, 0xe9,
    0xc4, 0x4e, 0xdb, 0x49, 0xae, 0xd6, 0x36, 0x90, 0x21, 0x6c, 0xc2, 0x72, 0x8d, 0xc5, 0x8f, 0x55,
    0x23, 0x78, 0xc2, 0x92, 0xab, 0x58, 0x44, 0xf3,
];

/// 2^448 - 2^224 - 1.
const PRIME_448: [u8; 56] = {
    let mut prime = [0xff; 56];
    prime[27] = 0xfe;
    prime
};
