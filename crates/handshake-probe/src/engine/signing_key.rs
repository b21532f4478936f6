//! Our own signature over the handshake, by any key that Java may have: by ring where it can.

use std::fmt;

use crypto_bigint::BoxedUint;
use ecdsa::signature::hazmat::PrehashSigner as _;
use md5::Md5;
use pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use ring::rand::SystemRandom;
use ring::signature as by;
use rsa::pkcs1v15::Pkcs1v15Sign;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use crate::engine::signature::{Hash, Scheme, digest, pkcs1_padding};
use crate::engine::spki::{Algorithm, PublicKey};
use crate::wire::Cursor;

/// A private key that can sign. It has no `Debug` that shows it.
pub struct SigningKey(Key);

enum Key {
    Rsa {
        key: Box<rsa::PrivateKey>,
        /// The same for ring, if it takes keys of that size.
        fast: Option<by::RsaKeyPair>,
    },
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    Ed25519(by::Ed25519KeyPair),
    Ed448(Box<ed448_goldilocks_plus::SigningKey>),
    Dsa(dsa::SigningKey),
}

impl SigningKey {
    /// Takes the key of `certificate` out of PKCS #8 (RFC 5208); none if there is no means to sign with it.
    pub fn new(key: &PrivatePkcs8KeyDer<'_>, certificate: &CertificateDer<'_>) -> Option<Self> {
        let public = PublicKey::of(certificate)?;
        let mut info = Cursor(Cursor(key.secret_pkcs8_der()).element(SEQUENCE)?);
        info.element(INTEGER)?;
        info.element(SEQUENCE)?;
        let inner = info.element(OCTET_STRING)?;
        Some(Self(match public.algorithm {
            Algorithm::Rsa | Algorithm::RsaPss => rsa(inner)?,
            Algorithm::P256 => {
                Key::P256(p256::ecdsa::SigningKey::from_slice(&scalar(inner, 32)?).ok()?)
            }
            Algorithm::P384 => {
                Key::P384(p384::ecdsa::SigningKey::from_slice(&scalar(inner, 48)?).ok()?)
            }
            Algorithm::P521 => {
                Key::P521(p521::ecdsa::SigningKey::from_slice(&scalar(inner, 66)?).ok()?)
            }
            Algorithm::Ed25519 => {
                let seed = Cursor(inner).element(OCTET_STRING)?;
                Key::Ed25519(by::Ed25519KeyPair::from_seed_unchecked(seed).ok()?)
            }
            Algorithm::Ed448 => {
                let seed = Cursor(inner).element(OCTET_STRING)?;
                Key::Ed448(Box::new(ed448_goldilocks_plus::SigningKey::try_from(seed).ok()?))
            }
            Algorithm::Dsa => dsa(&public, inner)?,
            Algorithm::Other => return None,
        }))
    }

    /// Signs `message` with the scheme of that number; none if the key does not go with it.
    pub(crate) fn sign(&self, code: u16, message: &[u8]) -> Option<Vec<u8>> {
        self.sign_scheme(Scheme::from_code(code)?, message)
    }

    /// Signs as TLS 1.0 and 1.1 do, where the key decides how (RFC 4346, section 7.4.8).
    pub(crate) fn sign_as_of_old(&self, message: &[u8]) -> Option<Vec<u8>> {
        let scheme = match self.0 {
            Key::Rsa { .. } => Scheme::Pkcs1Md5Sha1,
            Key::Dsa(_) => Scheme::Dsa(Hash::Sha1),
            Key::P256(_) | Key::P384(_) | Key::P521(_) | Key::Ed25519(_) | Key::Ed448(_) => {
                Scheme::Ecdsa(Hash::Sha1)
            }
        };
        self.sign_scheme(scheme, message)
    }

    fn sign_scheme(&self, scheme: Scheme, message: &[u8]) -> Option<Vec<u8>> {
        match (&self.0, scheme) {
            (Key::Rsa { key, fast }, scheme) => sign_rsa(key, fast.as_ref(), scheme, message),
            (Key::P256(key), Scheme::Ecdsa(hash)) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&hash.of(message)).ok()?;
                Some(signature.to_der().as_bytes().to_vec())
            }
            (Key::P384(key), Scheme::Ecdsa(hash)) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&hash.of(message)).ok()?;
                Some(signature.to_der().as_bytes().to_vec())
            }
            (Key::P521(key), Scheme::Ecdsa(hash)) => {
                let signature: p521::ecdsa::Signature = key.sign_prehash(&hash.of(message)).ok()?;
                Some(signature.to_der().as_bytes().to_vec())
            }
            (Key::Ed25519(key), Scheme::Ed25519) => Some(key.sign(message).as_ref().to_vec()),
            (Key::Ed448(key), Scheme::Ed448) => Some(key.sign_raw(message).to_bytes().to_vec()),
            (Key::Dsa(key), Scheme::Dsa(hash)) => {
                let signature = key.sign_prehash(&hash.of(message)).ok()?;
                Some(two_integers(&signature.r().to_be_bytes(), &signature.s().to_be_bytes()))
            }
            _ => None,
        }
    }
}

/// Shows only that there is one.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}

/// Reads an `RSAPrivateKey` (RFC 8017, appendix A.1.2).
fn rsa(der: &[u8]) -> Option<Key> {
    let [_version, modulus, exponent, private, p, q] = PublicKey::integers(der)?;
    if modulus.len() > MAXIMUM_BYTES {
        return None;
    }
    let number = |bytes: &[u8]| {
        let precision = u32::try_from(bytes.len()).ok()?.checked_mul(8)?;
        BoxedUint::from_be_slice(bytes, precision).ok()
    };
    let primes = vec![number(p)?, number(q)?];
    let key = rsa::PrivateKey::from_components(
        number(modulus)?,
        number(exponent)?,
        number(private)?,
        primes,
    );
    let fast = by::RsaKeyPair::from_der(der).ok();
    Some(Key::Rsa { key: Box::new(key.ok()?), fast })
}

fn sign_rsa(
    key: &rsa::PrivateKey,
    fast: Option<&by::RsaKeyPair>,
    scheme: Scheme,
    message: &[u8],
) -> Option<Vec<u8>> {
    if let (Some(fast), Some(padding)) = (fast, padding(scheme)) {
        let mut signature = vec![0; fast.public().modulus_len()];
        fast.sign(padding, &SystemRandom::new(), message, &mut signature).ok()?;
        return Some(signature);
    }
    match scheme {
        Scheme::Pss(Hash::Sha256) => key.pss_sign::<Sha256>(message).ok(),
        Scheme::Pss(Hash::Sha384) => key.pss_sign::<Sha384>(message).ok(),
        Scheme::Pss(Hash::Sha512) => key.pss_sign::<Sha512>(message).ok(),
        Scheme::Pkcs1(hash) => key.sign(pkcs1_padding(hash), &hash.of(message)).ok(),
        Scheme::Pkcs1Md5Sha1 => {
            let both = [digest::<Md5>(message), digest::<Sha1>(message)].concat();
            key.sign(Pkcs1v15Sign::new_unprefixed(), &both).ok()
        }
        Scheme::Pss(_) | Scheme::Ecdsa(_) | Scheme::Dsa(_) | Scheme::Ed25519 | Scheme::Ed448 => {
            None
        }
    }
}

/// Returns how ring signs with a scheme, if it does.
fn padding(scheme: Scheme) -> Option<&'static dyn by::RsaEncoding> {
    Some(match scheme {
        Scheme::Pss(Hash::Sha256) => &by::RSA_PSS_SHA256,
        Scheme::Pss(Hash::Sha384) => &by::RSA_PSS_SHA384,
        Scheme::Pss(Hash::Sha512) => &by::RSA_PSS_SHA512,
        Scheme::Pkcs1(Hash::Sha256) => &by::RSA_PKCS1_SHA256,
        Scheme::Pkcs1(Hash::Sha384) => &by::RSA_PKCS1_SHA384,
        Scheme::Pkcs1(Hash::Sha512) => &by::RSA_PKCS1_SHA512,
        Scheme::Pkcs1(_)
        | Scheme::Pss(_)
        | Scheme::Pkcs1Md5Sha1
        | Scheme::Ecdsa(_)
        | Scheme::Dsa(_)
        | Scheme::Ed25519
        | Scheme::Ed448 => return None,
    })
}

/// Reads the number in an `ECPrivateKey` (RFC 5915), as long as the curve wants it.
fn scalar(der: &[u8], length: usize) -> Option<zeroize::Zeroizing<Vec<u8>>> {
    let mut fields = Cursor(Cursor(der).element(SEQUENCE)?);
    fields.element(INTEGER)?;
    let number = fields.element(OCTET_STRING)?;
    let mut bytes = zeroize::Zeroizing::new(vec![0; length.checked_sub(number.len())?]);
    bytes.reserve_exact(number.len());
    bytes.extend_from_slice(number);
    Some(bytes)
}

/// Makes a DSA key of its number and the parameters in the certificate.
fn dsa(public: &PublicKey<'_>, der: &[u8]) -> Option<Key> {
    let [p, q, g] = PublicKey::integers(public.parameters)?;
    let (y, x) = (PublicKey::integer(public.bits)?, PublicKey::integer(der)?);
    if p.len() > MAXIMUM_BYTES || q.len() > p.len() || x.len() > p.len() {
        return None;
    }
    let precision = u32::try_from(p.len()).ok()?.checked_mul(8)?;
    let number = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, precision).ok();
    let components =
        dsa::Components::from_components_unchecked(number(p)?, number(q)?, number(g)?).ok()?;
    let verifying = dsa::VerifyingKey::from_components(components, number(y)?).ok()?;
    Some(Key::Dsa(dsa::SigningKey::from_components(verifying, number(x)?).ok()?))
}

/// Writes the two numbers of a DSA signature (RFC 3279, section 2.2.2).
fn two_integers(r: &[u8], s: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let digits = bytes.get(zeros..).unwrap_or_default();
        let sign: &[u8] = if digits.first().is_some_and(|high| *high < 0x80) { &[] } else { &[0] };
        let value = [sign, digits].concat();
        let length = u8::try_from(value.len()).unwrap_or_default();
        [&[INTEGER, length], value.as_slice()].concat()
    };
    let both = [integer(r), integer(s)].concat();
    // A number of DSA has 32 bytes at most.
    let length = u8::try_from(both.len()).unwrap_or_default();
    [&[SEQUENCE, length], both.as_slice()].concat()
}

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
const MAXIMUM_BYTES: usize = 2048;
