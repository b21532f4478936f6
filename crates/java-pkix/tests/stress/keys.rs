//! Key pairs of a seed: on three curves, and RSA of two sizes, whose numbers are fixed.

use p256::ecdsa::signature::hazmat::PrehashSigner;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, Pkcs1v15Sign, PrivateKey};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha384, Sha512};

use crate::der::{bits, integer, octets, oid, sequence};
use crate::random::Random;

const PRIMES_2048: [&str; 2] = [
    "D8CA1046328C8F309D19DF7DB5D71988D5CFD751A0C243988FB32EF8B70AD1797091F2A884C537E4CF60D1D157D3F4559977CCDAC8D0461CF3DE3BAA07BDD8614BDC7ED489F59AF515E2C391162C76DD6CC7A585E81E7B5457787AE4609F767DC1973D3BF6633F79298AD50550BB80DD415A533BCA58D1D72657278F73B174B9",
    "DE5E246725A18704507BFAC043BE1C1007DFA26CAACB314CD6F194EDD8396B34F12686C588B6049C1794F89D348313965FE10826924B85635BA88DB0AD6956D8FF61498CBFAECD157ACE32E3F807CACD93D27FE6E4D2B8FFC3F1446F251E48EF7CF6135134EB9B3876917702C7001B8889D31D6A64647433C147CF85C752F7B5",
];
const PRIMES_1024: [&str; 2] = [
    "D492276B9EFD83D36D6D6692AA2675F3A44B34C5F0F8A94CC5E2B105DBA651F1FD67E8B85441068A196461440AAA1DEF3F91B874462A4B34977FC65E988A7AB5",
    "E977E92AA3EAFEAB16D13A3CE3512627715C11E735C58E61984FF2678DBD23E88BB0DEA56AC36E32CA5E219AE559593573C0CFF747BA65BB650B9B0A827DD0D1",
];

/// The digest of a signature.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(crate) const ALL: [Self; 4] = [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(message).to_vec(),
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    /// Returns the identifiers: its own, with ECDSA, with RSA.
    fn oids(self) -> [&'static str; 3] {
        match self {
            Self::Sha1 => ["1.3.14.3.2.26", "1.2.840.10045.4.1", "1.2.840.113549.1.1.5"],
            Self::Sha256 => {
                ["2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2", "1.2.840.113549.1.1.11"]
            }
            Self::Sha384 => {
                ["2.16.840.1.101.3.4.2.2", "1.2.840.10045.4.3.3", "1.2.840.113549.1.1.12"]
            }
            Self::Sha512 => {
                ["2.16.840.1.101.3.4.2.3", "1.2.840.10045.4.3.4", "1.2.840.113549.1.1.13"]
            }
        }
    }
}

/// A key pair.
#[derive(Clone)]
pub(crate) enum Key {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    Rsa(PrivateKey),
}

impl Key {
    /// Makes the key pair on P-256 that `random` gives.
    pub(crate) fn new(random: &mut Random) -> Self {
        Self::from_scalar(random, 32, |scalar| {
            p256::ecdsa::SigningKey::from_slice(scalar).map(Self::P256)
        })
    }

    /// Makes a key pair of any kind; the rarer it is, the slower it is.
    pub(crate) fn any(random: &mut Random) -> Self {
        match random.below(10) {
            0..5 => Self::new(random),
            5 | 6 => Self::from_scalar(random, 48, |scalar| {
                p384::ecdsa::SigningKey::from_slice(scalar).map(Self::P384)
            }),
            7 => Self::from_scalar(random, 66, |scalar| {
                p521::ecdsa::SigningKey::from_slice(scalar).map(Self::P521)
            }),
            8 => Self::rsa(PRIMES_1024, 512),
            _ => Self::rsa(PRIMES_2048, 1024),
        }
    }

    fn from_scalar<E>(
        random: &mut Random,
        length: usize,
        key: impl Fn(&[u8]) -> Result<Self, E>,
    ) -> Self {
        loop {
            let mut scalar: Vec<u8> = (0..length).map(|_| random.byte()).collect();
            if length == 66 {
                scalar[0] = 0;
            }
            if let Ok(key) = key(&scalar) {
                return key;
            }
        }
    }

    fn rsa(primes: [&str; 2], bits: u32) -> Self {
        let [p, q] = primes.map(|text| BoxedUint::from_be_hex(text, bits).unwrap());
        Self::Rsa(PrivateKey::from_p_q(p, q, BoxedUint::from(65_537_u64)).unwrap())
    }

    /// Returns the `SubjectPublicKeyInfo`.
    pub(crate) fn public(&self) -> Vec<u8> {
        let on_curve = |curve: &str, point: &[u8]| {
            let algorithm = sequence(&[&oid("1.2.840.10045.2.1"), &oid(curve)]);
            sequence(&[&algorithm, &bits(0, point)])
        };
        match self {
            Self::P256(key) => {
                on_curve("1.2.840.10045.3.1.7", key.verifying_key().to_sec1_point(false).as_bytes())
            }
            Self::P384(key) => {
                on_curve("1.3.132.0.34", key.verifying_key().to_sec1_point(false).as_bytes())
            }
            Self::P521(key) => {
                on_curve("1.3.132.0.35", key.verifying_key().to_sec1_point(false).as_bytes())
            }
            Self::Rsa(key) => {
                let algorithm = sequence(&[&oid("1.2.840.113549.1.1.1"), &[5, 0]]);
                let modulus = [&[0], &*key.n_bytes()].concat();
                let numbers = sequence(&[&integer(&modulus), &integer(&[1, 0, 1])]);
                sequence(&[&algorithm, &bits(0, &numbers)])
            }
        }
    }

    /// Returns the `AlgorithmIdentifier` of its signatures.
    pub(crate) fn algorithm(&self, hash: Hash) -> Vec<u8> {
        let [_, ecdsa, rsa] = hash.oids();
        match self {
            Self::P256(_) | Self::P384(_) | Self::P521(_) => sequence(&[&oid(ecdsa)]),
            Self::Rsa(_) => sequence(&[&oid(rsa), &[5, 0]]),
        }
    }

    /// Signs a message.
    pub(crate) fn sign(&self, hash: Hash, message: &[u8]) -> Vec<u8> {
        let digest = hash.of(message);
        // a short digest is a small number
        let of_curve =
            |size: usize| [vec![0; size.saturating_sub(digest.len())], digest.clone()].concat();
        match self {
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&of_curve(32)).unwrap();
                signature.to_der().as_bytes().to_vec()
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&of_curve(48)).unwrap();
                signature.to_der().as_bytes().to_vec()
            }
            Self::P521(key) => {
                let signature: p521::ecdsa::Signature = key.sign_prehash(&of_curve(66)).unwrap();
                signature.to_der().as_bytes().to_vec()
            }
            Self::Rsa(key) => {
                let [own, ..] = hash.oids();
                let named = sequence(&[&sequence(&[&oid(own), &[5, 0]]), &octets(&digest)]);
                key.sign(Pkcs1v15Sign::new_unprefixed(), &named).unwrap()
            }
        }
    }
}
