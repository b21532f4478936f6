//! Ephemeral key agreement: elliptic curves and finite fields.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd, Resize as _};
use ed448_goldilocks_plus::x448::{self, X448_LENGTH};
use ml_kem::{Decapsulate as _, DecapsulationKey768, KeyExport as _};
use p521::elliptic_curve::sec1::ToSec1Point as _;
use ring::agreement::{self, EphemeralPrivateKey, UnparsedPublicKey};
use ring::rand::{SecureRandom as _, SystemRandom};
use rustls::ffdhe_groups::{self, FfdheGroup};

/// Our half of an agreement.
pub(crate) struct Agreement {
    /// What the peer is to have.
    pub(crate) public: Vec<u8>,
    secret: Secret,
}

enum Secret {
    Ring(EphemeralPrivateKey, &'static agreement::Algorithm),
    P521(p521::SecretKey),
    X448([u8; X448_LENGTH]),
    /// ML-KEM-768, and X25519 beside it (draft-ietf-tls-ecdhe-mlkem).
    Hybrid(Box<(DecapsulationKey768, Agreement)>),
    Field {
        prime: BoxedUint,
        secret: BoxedUint,
    },
}

/// Whether agreements in this named group are possible.
pub(crate) fn is_possible(group: u16) -> bool {
    curve(group).is_some()
        || matches!(group, SECP521R1 | X448 | X25519MLKEM768)
        || field(group).is_some()
}

impl Agreement {
    /// Draws a key in a named group; none if that is not possible.
    pub(crate) fn start(group: u16) -> Option<Self> {
        if let Some(algorithm) = curve(group) {
            let secret = EphemeralPrivateKey::generate(algorithm, &SystemRandom::new()).ok()?;
            let public = secret.compute_public_key().ok()?.as_ref().to_vec();
            return Some(Self { public, secret: Secret::Ring(secret, algorithm) });
        }
        if group == SECP521R1 {
            let secret = p521_secret()?;
            let public = secret.public_key().to_sec1_point(false).as_bytes().to_vec();
            return Some(Self { public, secret: Secret::P521(secret) });
        }
        if group == X448 {
            let mut secret = [0; X448_LENGTH];
            SystemRandom::new().fill(&mut secret).ok()?;
            let public = x448::x448(secret, x448::X448_BASEPOINT_BYTES).to_vec();
            return Some(Self { public, secret: Secret::X448(secret) });
        }
        if group == X25519MLKEM768 {
            let mut seed = ml_kem::Seed::default();
            SystemRandom::new().fill(&mut seed).ok()?;
            let key = DecapsulationKey768::from_seed(seed);
            let curve = Self::start(X25519)?;
            let public = [&key.encapsulation_key().to_bytes()[..], &curve.public].concat();
            return Some(Self { public, secret: Secret::Hybrid(Box::new((key, curve))) });
        }
        let field = field(group)?;
        Self::start_in_field(field.p, field.g)
    }

    /// Draws a key in the group that a prime and a generator make; none if they make none, or one
    /// too large to calculate with.
    pub(crate) fn start_in_field(prime: &[u8], generator: &[u8]) -> Option<Self> {
        let prime = number(prime)?;
        let generator = number(generator).filter(|generator| generator < &prime)?;
        let mut random = [0; EXPONENT_BYTES];
        SystemRandom::new().fill(&mut random).ok()?;
        let length = usize::try_from(prime.bit_width().div_ceil(8)).ok()?;
        let random = random.get(..EXPONENT_BYTES.min(length.saturating_sub(1)))?;
        let secret = BoxedUint::from_be_slice_vartime(random);
        let public = power(&generator, &secret, &prime)?;
        Some(Self { public, secret: Secret::Field { prime, secret } })
    }

    /// Returns the shared secret; for a field, as long as its prime. None if `peer` is no key.
    pub(crate) fn complete(self, peer: &[u8]) -> Option<Vec<u8>> {
        match self.secret {
            Secret::Ring(secret, algorithm) => {
                let mut peer = peer.to_vec();
                if algorithm == &agreement::X25519 {
                    // JSSE reads a number, the lowest byte first, however long.
                    let is_more = peer.iter().skip(X25519_LENGTH).any(|byte| *byte != 0);
                    peer.resize(if is_more { 0 } else { X25519_LENGTH }, 0);
                }
                let peer = UnparsedPublicKey::new(algorithm, peer);
                agreement::agree_ephemeral(secret, &peer, <[u8]>::to_vec).ok()
            }
            Secret::P521(secret) => {
                let peer = p521::PublicKey::from_sec1_bytes(peer).ok()?;
                let shared =
                    p521::ecdh::diffie_hellman(secret.to_nonzero_scalar(), peer.as_affine());
                Some(shared.raw_secret_bytes().to_vec())
            }
            Secret::X448(secret) => {
                let shared = x448::x448(secret, peer.try_into().ok()?);
                // RFC 7748, section 6.2: all zeros mean a point of small order.
                shared.iter().any(|byte| *byte != 0).then(|| shared.to_vec())
            }
            Secret::Hybrid(secret) => {
                let (key, curve) = *secret;
                let (sealed, point) = peer.split_at_checked(MLKEM768_CIPHERTEXT)?;
                let shared = key.decapsulate_slice(sealed).ok()?;
                Some([&shared[..], &curve.complete(point)?].concat())
            }
            Secret::Field { prime, secret } => {
                let peer = number(peer)?;
                let one = BoxedUint::one();
                // RFC 7919, section 5.1: 1 < peer < prime - 1.
                if peer <= one || peer >= prime.wrapping_sub(&one) {
                    return None;
                }
                power(&peer, &secret, &prime)
            }
        }
    }
}

const X25519_LENGTH: usize = 32;

fn curve(group: u16) -> Option<&'static agreement::Algorithm> {
    match group {
        0x0017 => Some(&agreement::ECDH_P256),
        0x0018 => Some(&agreement::ECDH_P384),
        0x001d => Some(&agreement::X25519),
        _ => None,
    }
}

fn field(group: u16) -> Option<FfdheGroup<'static>> {
    match group {
        0x0100 => Some(ffdhe_groups::FFDHE2048),
        0x0101 => Some(ffdhe_groups::FFDHE3072),
        0x0102 => Some(ffdhe_groups::FFDHE4096),
        0x0103 => Some(ffdhe_groups::FFDHE6144),
        0x0104 => Some(ffdhe_groups::FFDHE8192),
        _ => None,
    }
}

/// Draws a scalar of P-521; a draw above the order is thrown away.
fn p521_secret() -> Option<p521::SecretKey> {
    let mut scalar = [0; 66];
    for _ in 0..64 {
        SystemRandom::new().fill(&mut scalar).ok()?;
        if let Some(first) = scalar.first_mut() {
            *first &= 1;
        }
        if let Ok(secret) = p521::SecretKey::from_slice(&scalar) {
            return Some(secret);
        }
    }
    None
}

/// Reads a number of at most [`MAXIMUM_PRIME_BYTES`].
fn number(bytes: &[u8]) -> Option<BoxedUint> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = bytes.get(zeros..)?;
    (bytes.len() <= MAXIMUM_PRIME_BYTES).then(|| BoxedUint::from_be_slice_vartime(bytes))
}

/// Returns `base ^ exponent mod prime`, as long as the prime.
fn power(base: &BoxedUint, exponent: &BoxedUint, prime: &BoxedUint) -> Option<Vec<u8>> {
    let odd = Odd::new(prime.clone()).into_option()?;
    let precision = odd.bits_precision();
    let base = base.clone().resize(precision);
    let parameters = BoxedMontyParams::new(odd);
    let result = BoxedMontyForm::new(base, &parameters).pow(exponent).retrieve().to_be_bytes();
    let length = usize::try_from(prime.bit_width().div_ceil(8)).ok()?;
    let leading = result.len().checked_sub(length)?;
    Some(result.get(leading..)?.to_vec())
}

const SECP521R1: u16 = 0x0019;
const X25519: u16 = 0x001d;
const X448: u16 = 0x001e;
const X25519MLKEM768: u16 = 0x11ec;
const MLKEM768_CIPHERTEXT: usize = 1088;

/// The length of a secret exponent: twice the strength of the largest group and more.
const EXPONENT_BYTES: usize = 48;

/// What is calculated with at most: a peer could else make us calculate for hours.
const MAXIMUM_PRIME_BYTES: usize = 1280;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_halves_agree_in_every_group() {
        for group in [0x17, 0x18, 0x19, 0x1d, 0x1e, 0x100, 0x101] {
            let (ours, theirs) =
                (Agreement::start(group).unwrap(), Agreement::start(group).unwrap());
            let (for_us, for_them) = (theirs.public.clone(), ours.public.clone());
            assert_eq!(ours.complete(&for_us).unwrap(), theirs.complete(&for_them).unwrap());
        }
    }

    #[test]
    fn what_is_no_key_gives_no_secret() {
        for group in [0x17, 0x19, 0x1d, 0x1e, 0x100] {
            for peer in [&[][..], &[0; 32], &[0; 56], &[1], &[0xff; 256], &[4; 2000]] {
                assert_eq!(Agreement::start(group).unwrap().complete(peer), None, "{group:#x}");
            }
        }
        assert!(Agreement::start_in_field(&[], &[2]).is_none());
        assert!(Agreement::start_in_field(&[8], &[2]).is_none());
        assert!(Agreement::start_in_field(&[0xff; 2000], &[2]).is_none());
    }

    #[test]
    fn no_group_that_a_peer_may_make_up_stops_us() {
        let ones = [0xff; 130];
        for prime in [&[1][..], &[3], &[0, 0, 5], &[0x80, 0, 1], &ones[..64], &ones] {
            for generator in [&[][..], &[0], &[1], &[2], &[4], &ones[..63]] {
                for peer in [&[][..], &[0], &[1], &[2], &[9; 40], &ones[..64]] {
                    if let Some(ours) = Agreement::start_in_field(prime, generator) {
                        let _secret = ours.complete(peer);
                    }
                }
            }
        }
    }
}
