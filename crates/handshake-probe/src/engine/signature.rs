//! The peer's signature over the handshake, by any key and scheme that a Java may accept.

use crypto_bigint::BoxedUint;
use digest::Digest;
use ecdsa::signature::hazmat::PrehashVerifier as _;
use ed448_goldilocks_plus::{Signature, VerifyingKey};
use md5::Md5;
use rsa::pkcs1v15::Pkcs1v15Sign;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use crate::cause::Cause;
use crate::engine::spki::{Algorithm, PublicKey};
use crate::misbehaviour::{KeyKind, Misbehaviour, SignatureFault};

/// Why a signature was not accepted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// It does not verify.
    Wrong,
    /// It can't be verified, and not for want of means.
    Unfit(SignatureFault),
    /// There is no means to verify such a signature.
    Unverifiable(u16),
}

impl From<Fault> for Cause {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Wrong => Self::Misbehaved(Misbehaviour::Signature),
            Fault::Unfit(fault) => Self::Misbehaved(Misbehaviour::Unverifiable(fault)),
            Fault::Unverifiable(scheme) => Self::Undetermined(format!(
                "no means to verify a signature of scheme {scheme:#06x} by this key"
            )),
        }
    }
}

/// A signature scheme (RFC 8446, section 4.2.3), taken apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Scheme {
    Pkcs1(Hash),
    /// By a key that may also be used otherwise (`rsae`) or must not be (`pss`).
    Pss(Hash),
    Ecdsa(Hash),
    Dsa(Hash),
    Ed25519,
    Ed448,
    /// Of TLS 1.0 and 1.1 (RFC 4346, section 7.4.3): MD5 and SHA-1, one after the other.
    Pkcs1Md5Sha1,
}

/// A hash function of a signature scheme.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Hash {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Scheme {
    /// Returns the scheme that has this number in the IANA registry.
    pub(crate) fn from_code(code: u16) -> Option<Self> {
        Some(match code {
            0x0804 | 0x0809 => Self::Pss(Hash::Sha256),
            0x0805 | 0x080a => Self::Pss(Hash::Sha384),
            0x0806 | 0x080b => Self::Pss(Hash::Sha512),
            0x0807 => Self::Ed25519,
            0x0808 => Self::Ed448,
            _ => {
                let [hash, kind] = code.to_be_bytes();
                let hash = match hash {
                    1 => Hash::Md5,
                    2 => Hash::Sha1,
                    3 => Hash::Sha224,
                    4 => Hash::Sha256,
                    5 => Hash::Sha384,
                    6 => Hash::Sha512,
                    _ => return None,
                };
                match kind {
                    1 => Self::Pkcs1(hash),
                    2 => Self::Dsa(hash),
                    3 => Self::Ecdsa(hash),
                    _ => return None,
                }
            }
        })
    }
}

/// Verifies a signature over `message`.
///
/// # Errors
///
/// [`Fault`].
pub(crate) fn verify(
    code: u16,
    key: &PublicKey<'_>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Fault> {
    let scheme = Scheme::from_code(code).ok_or(Fault::Unverifiable(code))?;
    verify_scheme(scheme, code, key, message, signature)
}

/// Verifies a signature whose scheme may have no number: that of TLS 1.1.
///
/// # Errors
///
/// [`Fault`].
pub(crate) fn verify_scheme(
    scheme: Scheme,
    code: u16,
    key: &PublicKey<'_>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Fault> {
    check_form(scheme, code, key, signature)?;
    if let Some(algorithm) = fast(scheme, key) {
        return ring::signature::UnparsedPublicKey::new(algorithm, key.bits)
            .verify(message, signature)
            .map_err(|_unspecified| Fault::Wrong);
    }
    let valid = match (scheme, key.algorithm) {
        (Scheme::Pkcs1(hash), Algorithm::Rsa) => pkcs1(hash, key.bits, message, signature),
        (Scheme::Pkcs1Md5Sha1, Algorithm::Rsa) => {
            let both = [digest::<Md5>(message), digest::<Sha1>(message)].concat();
            rsa_key(key.bits)
                .map(|key| key.verify(Pkcs1v15Sign::new_unprefixed(), &both, signature).is_ok())
        }
        (Scheme::Pss(hash), Algorithm::Rsa | Algorithm::RsaPss) => {
            pss(hash, key.bits, message, signature)
        }
        (Scheme::Ecdsa(hash), Algorithm::P256 | Algorithm::P384 | Algorithm::P521) => {
            ecdsa(key, &hash.of(message), signature)
        }
        (Scheme::Ed448, Algorithm::Ed448) => ed448(key.bits, message, signature),
        (Scheme::Dsa(hash), Algorithm::Dsa) => dsa(key, &hash.of(message), signature),
        _ => return Err(Fault::Unverifiable(code)),
    };
    match valid {
        Some(true) => Ok(()),
        Some(false) => Err(Fault::Wrong),
        None => Err(Fault::Unverifiable(code)),
    }
}

/// Checks that a signature can be one of the scheme by the key, as a JCA provider does before it computes.
fn check_form(
    scheme: Scheme,
    code: u16,
    key: &PublicKey<'_>,
    signature: &[u8],
) -> Result<(), Fault> {
    let Some(kind) = key.algorithm.kind() else { return Ok(()) };
    let other_key = Err(Fault::Unfit(SignatureFault::OtherKey { scheme: code, key: kind }));
    match (scheme, kind) {
        (Scheme::Pkcs1(_) | Scheme::Pkcs1Md5Sha1, KeyKind::Rsa)
        | (Scheme::Pss(_), KeyKind::Rsa | KeyKind::RsaPss) => {
            let needed = PublicKey::integers(key.bits).map(|[modulus, _]| modulus.len());
            let found = signature.len();
            match needed.filter(|needed| *needed != found) {
                Some(needed) => Err(Fault::Unfit(SignatureFault::Length { needed, found })),
                None => Ok(()),
            }
        }
        (Scheme::Ecdsa(_), KeyKind::Ec) | (Scheme::Dsa(_), KeyKind::Dsa) => {
            let is_pair = PublicKey::integers::<2>(signature).is_some();
            if is_pair { Ok(()) } else { Err(Fault::Unfit(SignatureFault::Encoding)) }
        }
        (Scheme::Ed25519 | Scheme::Ed448, KeyKind::Edwards) => Ok(()),
        _ => other_key,
    }
}

/// Returns who verifies the usual signatures fast: ring, for the sizes of key that it takes.
fn fast(
    scheme: Scheme,
    key: &PublicKey<'_>,
) -> Option<&'static dyn ring::signature::VerificationAlgorithm> {
    use ring::signature as by;
    let fits_ring = key.algorithm == Algorithm::Rsa && fits_ring(key.bits);
    Some(match (scheme, key.algorithm) {
        (Scheme::Ed25519, Algorithm::Ed25519) => &by::ED25519,
        (Scheme::Ecdsa(Hash::Sha256), Algorithm::P256) => &by::ECDSA_P256_SHA256_ASN1,
        (Scheme::Ecdsa(Hash::Sha384), Algorithm::P256) => &by::ECDSA_P256_SHA384_ASN1,
        (Scheme::Ecdsa(Hash::Sha256), Algorithm::P384) => &by::ECDSA_P384_SHA256_ASN1,
        (Scheme::Ecdsa(Hash::Sha384), Algorithm::P384) => &by::ECDSA_P384_SHA384_ASN1,
        (Scheme::Pss(Hash::Sha256), Algorithm::Rsa) if fits_ring => &by::RSA_PSS_2048_8192_SHA256,
        (Scheme::Pss(Hash::Sha384), Algorithm::Rsa) if fits_ring => &by::RSA_PSS_2048_8192_SHA384,
        (Scheme::Pss(Hash::Sha512), Algorithm::Rsa) if fits_ring => &by::RSA_PSS_2048_8192_SHA512,
        (Scheme::Pkcs1(Hash::Sha256), Algorithm::Rsa) if fits_ring => {
            &by::RSA_PKCS1_2048_8192_SHA256
        }
        (Scheme::Pkcs1(Hash::Sha384), Algorithm::Rsa) if fits_ring => {
            &by::RSA_PKCS1_2048_8192_SHA384
        }
        (Scheme::Pkcs1(Hash::Sha512), Algorithm::Rsa) if fits_ring => {
            &by::RSA_PKCS1_2048_8192_SHA512
        }
        _ => return None,
    })
}

/// Whether ring takes an RSA key: 2048 to 8192 bits, an exponent of 3 to 2^32 - 1.
fn fits_ring(bits: &[u8]) -> bool {
    let Some([modulus, exponent]) = PublicKey::integers(bits) else { return false };
    let is_long = modulus.len() > 256 || modulus.first().is_some_and(|high| *high >= 0x80);
    let is_odd = exponent.last().is_some_and(|low| low & 1 == 1);
    (256..=1024).contains(&modulus.len())
        && is_long
        && is_odd
        && exponent.len() <= 4
        && exponent != [1]
}

fn pkcs1(hash: Hash, key: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
    Some(rsa_key(key)?.verify(pkcs1_padding(hash), &hash.of(message), signature).is_ok())
}

/// Returns the padding of PKCS #1, version 1.5, which names the hash.
pub(super) fn pkcs1_padding(hash: Hash) -> Pkcs1v15Sign {
    match hash {
        Hash::Md5 => Pkcs1v15Sign::new::<Md5>(),
        Hash::Sha1 => Pkcs1v15Sign::new::<Sha1>(),
        Hash::Sha224 => Pkcs1v15Sign::new::<Sha224>(),
        Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
        Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
        Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
    }
}

fn pss(hash: Hash, key: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
    let key = rsa_key(key)?;
    let verified = match hash {
        Hash::Sha256 => key.pss_verify::<Sha256>(message, signature),
        Hash::Sha384 => key.pss_verify::<Sha384>(message, signature),
        Hash::Sha512 => key.pss_verify::<Sha512>(message, signature),
        Hash::Md5 | Hash::Sha1 | Hash::Sha224 => return None,
    };
    Some(verified.is_ok())
}

/// Reads an `RSAPublicKey` (RFC 8017, appendix A.1.1) of any size up to 16384 bits.
pub(crate) fn rsa_key(bits: &[u8]) -> Option<rsa::PublicKey> {
    let [modulus, exponent] = PublicKey::integers(bits)?;
    if modulus.len() > MAXIMUM_RSA_BYTES || modulus.last().is_none_or(|low| low & 1 == 0) {
        return None;
    }
    let precision = u32::try_from(modulus.len()).ok()?.checked_mul(8)?;
    let modulus = BoxedUint::from_be_slice(modulus, precision).ok()?;
    let exponent = BoxedUint::from_be_slice(exponent, 64).ok()?;
    rsa::PublicKey::new_with_size_limits(modulus, exponent, 1..=MAXIMUM_RSA_BYTES * 8).ok()
}

fn ecdsa(key: &PublicKey<'_>, hash: &[u8], signature: &[u8]) -> Option<bool> {
    macro_rules! verify {
        ($curve:ident) => {{
            let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes(key.bits).ok()?;
            let signature = $curve::ecdsa::Signature::from_der(signature);
            signature.is_ok_and(|signature| key.verify_prehash(hash, &signature).is_ok())
        }};
    }
    Some(match key.algorithm {
        Algorithm::P256 => verify!(p256),
        Algorithm::P384 => verify!(p384),
        Algorithm::P521 => verify!(p521),
        Algorithm::Rsa
        | Algorithm::RsaPss
        | Algorithm::Dsa
        | Algorithm::Ed25519
        | Algorithm::Ed448
        | Algorithm::Other => return None,
    })
}

fn ed448(key: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
    let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
    let signature = Signature::try_from(signature);
    Some(signature.is_ok_and(|signature| key.verify_raw(&signature, message).is_ok()))
}

fn dsa(key: &PublicKey<'_>, hash: &[u8], signature: &[u8]) -> Option<bool> {
    let [p, q, g] = PublicKey::integers(key.parameters)?;
    let y = PublicKey::integer(key.bits)?;
    if p.len() > MAXIMUM_DSA_BYTES || q.len() > p.len() {
        return None;
    }
    // All numbers are as long as the prime: so the arithmetic wants them.
    let precision = u32::try_from(p.len()).ok()?.checked_mul(8)?;
    let number = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, precision).ok();
    let (p, y) = (number(p)?, number(y).filter(|y| !bool::from(y.is_zero()))?);
    if y >= p {
        return None;
    }
    // Java takes primes of every length.
    let parameters = dsa::Components::from_components_unchecked(p, number(q)?, number(g)?).ok()?;
    let key = dsa::VerifyingKey::from_components(parameters, y).ok()?;
    let Some([r, s]) = PublicKey::integers(signature) else { return Some(false) };
    let (Some(r), Some(s)) = (number(r), number(s)) else { return Some(false) };
    let signature = dsa::Signature::from_components(r, s);
    Some(signature.is_some_and(|signature| key.verify_prehash(hash, &signature).is_ok()))
}

impl Hash {
    pub(crate) fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => digest::<Md5>(message),
            Self::Sha1 => digest::<Sha1>(message),
            Self::Sha224 => digest::<Sha224>(message),
            Self::Sha256 => digest::<Sha256>(message),
            Self::Sha384 => digest::<Sha384>(message),
            Self::Sha512 => digest::<Sha512>(message),
        }
    }
}

pub(crate) fn digest<D: Digest>(message: &[u8]) -> Vec<u8> {
    D::digest(message).to_vec()
}

/// What is computed with at most: a peer could else make us calculate for hours. The work for DSA grows with the third power of the
/// prime; twice the bits that anybody uses take 0.5 s.
const MAXIMUM_RSA_BYTES: usize = 2048;
const MAXIMUM_DSA_BYTES: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    /// A generator of pseudo-random bytes (xorshift), so that a failure can be had again.
    fn bytes(state: &mut u64, most: u64) -> Vec<u8> {
        let mut next = || {
            *state ^= *state << 13;
            *state ^= *state >> 7;
            *state ^= *state << 17;
            *state
        };
        let length = next() % most;
        (0..length).map(|_| next().to_le_bytes()[3]).collect()
    }

    /// A sequence of integers in DER; the lengths are short ones.
    fn integers(numbers: &[Vec<u8>]) -> Vec<u8> {
        let field = |tag: u8, value: &[u8]| {
            [&[tag, 0x81, u8::try_from(value.len()).unwrap()], value].concat()
        };
        let integer = |number: &Vec<u8>| field(2, &[&[0], number.as_slice()].concat());
        field(0x30, &numbers.iter().flat_map(integer).collect::<Vec<u8>>())
    }

    #[test]
    fn no_key_and_no_signature_that_a_peer_may_make_up_stops_us() {
        let codes: [u16; 18] = [
            0x0101, 0x0201, 0x0301, 0x0401, 0x0501, 0x0601, 0x0202, 0x0302, 0x0402, 0x0203, 0x0303,
            0x0403, 0x0503, 0x0603, 0x0804, 0x0809, 0x0807, 0x0808,
        ];
        let algorithms = [
            Algorithm::Rsa,
            Algorithm::RsaPss,
            Algorithm::Dsa,
            Algorithm::P256,
            Algorithm::P384,
            Algorithm::P521,
            Algorithm::Ed25519,
            Algorithm::Ed448,
        ];
        let mut state = 0x1234_5678_9abc;
        for round in 0..3000 {
            let mut draw = |most| bytes(&mut state, most);
            let parameters = integers(&[draw(40), draw(20), draw(40)]);
            let bits = match round % 4 {
                0 => integers(&[draw(60), draw(9)]),
                1 => integers(&[draw(40)]).split_off(3),
                2 => draw(140),
                _ => [vec![4], draw(133)].concat(),
            };
            let signature =
                if round % 2 == 0 { integers(&[draw(20), draw(20)]) } else { draw(150) };
            for algorithm in algorithms {
                let key = PublicKey { algorithm, parameters: &parameters, bits: &bits };
                for code in codes {
                    assert!(verify(code, &key, b"message", &signature).is_err());
                }
            }
        }
    }
}
