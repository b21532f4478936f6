//! The MAC over a store (RFC 7292, appendix A): with PKCS12's key derivation, or PBMAC1 (RFC 9579).

use hmac::{Hmac, KeyInit};
use sha1::Sha1;
use sha2::digest::block_api::BlockSizeUser;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::oid;
use crate::der::{self, INTEGER, NULL, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, Sequence};
use crate::error::{ReadError, ReadErrorKind, WriteError};
use crate::kdf::pkcs12_key;
use crate::password::Password;

/// More iterations Java refuses.
pub(super) const MAX_ITERATIONS: u64 = 5_000_000;

/// A hash function, as a pseudo-random function or under a MAC.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Prf {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// Hash function, identifier of the hash, identifier of its HMAC, name.
const FUNCTIONS: [(Prf, &[u8], &[u8], &str); 5] = [
    (Prf::Sha1, oid::SHA1, oid::HMAC_SHA1, "SHA1"),
    (Prf::Sha224, oid::SHA224, oid::HMAC_SHA224, "SHA224"),
    (Prf::Sha256, oid::SHA256, oid::HMAC_SHA256, "SHA256"),
    (Prf::Sha384, oid::SHA384, oid::HMAC_SHA384, "SHA384"),
    (Prf::Sha512, oid::SHA512, oid::HMAC_SHA512, "SHA512"),
];

/// A MAC as it was found.
#[derive(Clone, Debug)]
pub(super) struct Mac {
    algorithm: Algorithm,
    digest: Vec<u8>,
    salt: Vec<u8>,
    iterations: u64,
}

#[derive(Clone, Debug)]
enum Algorithm {
    Pkcs12(Prf),
    Pbmac1 { derivation: Prf, mac: Prf, salt: Vec<u8>, iterations: u64, length: usize },
    Unknown(String),
}

impl Mac {
    /// Reads a `MacData`.
    pub(super) fn read(value: der::Value<'_>) -> Result<Self, ReadError> {
        let mut parts = Sequence::new(value.content);
        let mut info = Sequence::new(parts.next(SEQUENCE, "MAC")?.content);
        let algorithm = algorithm(info.next(SEQUENCE, "MAC algorithm")?.content)?;
        let digest = info.next(OCTET_STRING, "MAC octets")?.content.to_vec();
        let salt = parts.next(OCTET_STRING, "MAC salt")?.content.to_vec();
        let iterations = parts.optional(INTEGER).map_or(Some(1), der::number).unwrap_or(u64::MAX);
        if iterations > MAX_ITERATIONS {
            let kind = ReadErrorKind::TooManyIterations(iterations);
            return Err(ReadError { offset: 0, kind });
        }
        Ok(Self { algorithm, digest, salt, iterations })
    }

    /// Names the MAC as Java does.
    pub(super) fn name(&self) -> String {
        match &self.algorithm {
            Algorithm::Pkcs12(prf) => format!("HmacPBE{}", prf.row().3),
            Algorithm::Pbmac1 { mac, .. } => format!("PBEWith{}", mac.hmac_name()),
            Algorithm::Unknown(oid) => oid.clone(),
        }
    }

    /// Returns whether the MAC over `content` is the one that was found.
    pub(super) fn fits(&self, content: &[u8], password: &Password) -> Result<bool, ReadError> {
        if let Algorithm::Unknown(oid) = &self.algorithm {
            let kind = ReadErrorKind::UnsupportedAlgorithm(oid.clone());
            return Err(ReadError { offset: 0, kind });
        }
        Ok(self.compute(content, password) == self.digest)
    }

    fn compute(&self, content: &[u8], password: &Password) -> Vec<u8> {
        match &self.algorithm {
            Algorithm::Pkcs12(prf) => {
                let key = prf.pkcs12_key(&password.bmp_string(), &self.salt, self.iterations);
                prf.hmac_of(&key, content)
            }
            Algorithm::Pbmac1 { derivation, mac, salt, iterations, length } => {
                let key = derivation.pbkdf2(&password.utf8(), salt, *iterations, *length);
                mac.hmac_of(&key, content)
            }
            Algorithm::Unknown(_) => Vec::new(),
        }
    }

    /// Writes a MAC over `content` with the same algorithm and count and a fresh salt.
    pub(super) fn renew(&self, content: &[u8], password: &Password) -> Result<Vec<u8>, WriteError> {
        let Algorithm::Pkcs12(prf) = self.algorithm else {
            return Err(WriteError::CannotProtect(self.name()));
        };
        let mut fresh = self.clone();
        random(&mut fresh.salt)?;
        let digest = fresh.compute(content, password);
        let algorithm =
            der::sequence(&[&der::write(OBJECT_IDENTIFIER, prf.row().1), &der::write(NULL, &[])]);
        let info = der::sequence(&[&algorithm, &der::write(OCTET_STRING, &digest)]);
        let salt = der::write(OCTET_STRING, &fresh.salt);
        Ok(der::sequence(&[&info, &salt, &der::integer(self.iterations)]))
    }
}

fn algorithm(content: &[u8]) -> Result<Algorithm, ReadError> {
    let mut parts = Sequence::new(content);
    let identifier = parts.next(OBJECT_IDENTIFIER, "MAC algorithm")?.content;
    if identifier == oid::PBMAC1 {
        return pbmac1(parts.next(SEQUENCE, "PBMAC1 parameters")?.content);
    }
    let known = FUNCTIONS.iter().find(|(_, hash, ..)| *hash == identifier);
    Ok(known.map_or_else(
        || Algorithm::Unknown(oid::dotted(identifier)),
        |(prf, ..)| Algorithm::Pkcs12(*prf),
    ))
}

fn pbmac1(content: &[u8]) -> Result<Algorithm, ReadError> {
    let mut parts = Sequence::new(content);
    let mut derivation = Sequence::new(parts.next(SEQUENCE, "key derivation")?.content);
    let mac = Sequence::new(parts.next(SEQUENCE, "MAC scheme")?.content)
        .next(OBJECT_IDENTIFIER, "HMAC")?
        .content;
    derivation.next(OBJECT_IDENTIFIER, "PBKDF2")?;
    let mut parameters = Sequence::new(derivation.next(SEQUENCE, "PBKDF2 parameters")?.content);
    let salt = parameters.next(OCTET_STRING, "salt")?.content.to_vec();
    let iterations = der::number(parameters.next(INTEGER, "iteration count")?).unwrap_or(u64::MAX);
    if iterations > MAX_ITERATIONS {
        let kind = ReadErrorKind::TooManyIterations(iterations);
        return Err(ReadError { offset: 0, kind });
    }
    let length = parameters.optional(INTEGER).and_then(der::number).unwrap_or(32);
    let prf = parameters
        .optional(SEQUENCE)
        .and_then(|value| Sequence::new(value.content).optional(OBJECT_IDENTIFIER))
        .map_or(Some(Prf::Sha1), |value| Prf::of_hmac(value.content));
    Ok(match (prf, Prf::of_hmac(mac), usize::try_from(length)) {
        (Some(derivation), Some(mac), Ok(length @ 1..=64)) => {
            Algorithm::Pbmac1 { derivation, mac, salt, iterations, length }
        }
        _ => Algorithm::Unknown(oid::dotted(mac)),
    })
}

impl Prf {
    fn row(self) -> &'static (Self, &'static [u8], &'static [u8], &'static str) {
        let [first, rest @ ..] = &FUNCTIONS;
        rest.iter().find(|(held, ..)| *held == self).unwrap_or(first)
    }

    /// Returns the function under an HMAC.
    pub(super) fn of_hmac(identifier: &[u8]) -> Option<Self> {
        FUNCTIONS.iter().find(|(_, _, hmac, ..)| *hmac == identifier).map(|(prf, ..)| *prf)
    }

    pub(super) fn hmac(self) -> &'static [u8] {
        self.row().2
    }

    pub(super) fn hmac_name(self) -> String {
        format!("Hmac{}", self.row().3)
    }

    /// Derives a key with PBKDF2 (RFC 8018, section 5.2).
    pub(super) fn pbkdf2(
        self,
        password: &[u8],
        salt: &[u8],
        iterations: u64,
        length: usize,
    ) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(vec![0; length]);
        let rounds = u32::try_from(iterations).unwrap_or(u32::MAX);
        match self {
            Self::Sha1 => pbkdf2::pbkdf2_hmac::<Sha1>(password, salt, rounds, &mut key),
            Self::Sha224 => pbkdf2::pbkdf2_hmac::<Sha224>(password, salt, rounds, &mut key),
            Self::Sha256 => pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, rounds, &mut key),
            Self::Sha384 => pbkdf2::pbkdf2_hmac::<Sha384>(password, salt, rounds, &mut key),
            Self::Sha512 => pbkdf2::pbkdf2_hmac::<Sha512>(password, salt, rounds, &mut key),
        }
        key
    }

    fn pkcs12_key(self, password: &[u8], salt: &[u8], iterations: u64) -> Zeroizing<Vec<u8>> {
        fn derive<D: Digest + BlockSizeUser>(
            (password, salt): (&[u8], &[u8]),
            iterations: u64,
        ) -> Zeroizing<Vec<u8>> {
            pkcs12_key::<D>(password, salt, 3, iterations, <D as Digest>::output_size())
        }
        let from = (password, salt);
        match self {
            Self::Sha1 => derive::<Sha1>(from, iterations),
            Self::Sha224 => derive::<Sha224>(from, iterations),
            Self::Sha256 => derive::<Sha256>(from, iterations),
            Self::Sha384 => derive::<Sha384>(from, iterations),
            Self::Sha512 => derive::<Sha512>(from, iterations),
        }
    }

    fn hmac_of(self, key: &[u8], content: &[u8]) -> Vec<u8> {
        fn run<M: KeyInit + hmac::Mac>(key: &[u8], content: &[u8]) -> Vec<u8> {
            // An HMAC takes a key of any length.
            <M as KeyInit>::new_from_slice(key).map_or_else(
                |_never| Vec::new(),
                |mac| mac.chain_update(content).finalize().into_bytes().to_vec(),
            )
        }
        match self {
            Self::Sha1 => run::<Hmac<Sha1>>(key, content),
            Self::Sha224 => run::<Hmac<Sha224>>(key, content),
            Self::Sha256 => run::<Hmac<Sha256>>(key, content),
            Self::Sha384 => run::<Hmac<Sha384>>(key, content),
            Self::Sha512 => run::<Hmac<Sha512>>(key, content),
        }
    }
}

/// Fills a buffer with random octets.
pub(super) fn random(buffer: &mut [u8]) -> Result<(), WriteError> {
    getrandom::fill(buffer).map_err(|_error| WriteError::NoRandomness)
}
