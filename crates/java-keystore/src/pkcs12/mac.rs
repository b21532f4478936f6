//! The MAC over a store (RFC 7292, appendix A): with PKCS12's key derivation, or PBMAC1 (RFC 9579).

use super::derivation::{Derivation, algorithm, iterations, renew_salt, unsupported};
use super::hashing::Hash;
use crate::der::{self, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};
use crate::error::{ReadError, ReadErrorKind, WriteError};
use crate::oid;
use crate::password::{Password, Question};

/// A MAC as it was found.
#[derive(Clone, Debug)]
pub(super) struct Mac {
    algorithm: Algorithm,
    digest: Vec<u8>,
    salt: Vec<u8>,
    iterations: u64,
    /// Where it stands in the file.
    offset: usize,
}

#[derive(Clone, Debug)]
enum Algorithm {
    Pkcs12(Hash),
    Pbmac1 {
        derivation: Derivation,
        mac: Hash,
    },
    /// Something else, by its identifier: 8 to 21 write such a MAC if they are told to write PBMAC1.
    Unknown(String),
}

impl Mac {
    /// What keytool 11 and later take: HMAC-SHA-256, 10,000 iterations.
    pub(super) fn usual() -> Self {
        Self {
            algorithm: Algorithm::Pkcs12(Hash::Sha256),
            digest: Vec::new(),
            salt: vec![0; 20],
            iterations: 10_000,
            offset: 0,
        }
    }

    /// A MAC that cannot be made sense of.
    pub(super) fn unknown() -> Self {
        Self { algorithm: Algorithm::Unknown("a damaged MAC".to_owned()), ..Self::usual() }
    }

    /// Reads a `MacData`.
    pub(super) fn read(value: der::Value<'_>) -> Result<Self, ReadError> {
        let mut parts = value.values();
        let offset = parts.offset();
        let mut digest_info = parts.sequence("MAC")?;
        let algorithm = Algorithm::read(digest_info.next(SEQUENCE, "MAC algorithm")?)?;
        let digest = digest_info.octets("MAC octets")?.bytes.into_owned();
        let salt = parts.octets("MAC salt")?.bytes.into_owned();
        let iterations = parts.optional(INTEGER).map_or(Ok(1), iterations)?;
        Ok(Self { algorithm, digest, salt, iterations, offset })
    }

    /// Names the MAC as Java does.
    pub(super) fn name(&self) -> String {
        match &self.algorithm {
            Algorithm::Pkcs12(hash) => format!("HmacPBE{}", hash.name()),
            Algorithm::Pbmac1 { mac, .. } => format!("PBEWithHmac{}", mac.name()),
            Algorithm::Unknown(oid) => oid.clone(),
        }
    }

    pub(super) fn is_pbmac1(&self) -> bool {
        matches!(self.algorithm, Algorithm::Pbmac1 { .. })
    }

    /// Returns whether the MAC is the only one that PKCS12 had at first.
    pub(super) fn is_sha1(&self) -> bool {
        matches!(self.algorithm, Algorithm::Pkcs12(Hash::Sha1))
    }

    /// Returns whether the MAC over `content` is the one that was found.
    pub(super) fn fits(&self, content: &[u8], password: &Password) -> Result<bool, ReadError> {
        if let Algorithm::Unknown(oid) = &self.algorithm {
            return Err(self.error_of(ReadErrorKind::UnsupportedAlgorithm(oid.clone())));
        }
        Ok(self.compute(content, password) == self.digest)
    }

    /// Says that something is wrong with it.
    pub(super) fn error_of(&self, kind: ReadErrorKind) -> ReadError {
        ReadError { offset: self.offset, kind }
    }

    /// Returns how many iterations it takes to check it.
    pub(super) fn iterations(&self) -> u64 {
        match &self.algorithm {
            Algorithm::Pkcs12(_) => self.iterations,
            Algorithm::Pbmac1 { derivation, .. } => derivation.iterations,
            Algorithm::Unknown(_) => 0,
        }
    }

    fn compute(&self, content: &[u8], password: &Password) -> Vec<u8> {
        match &self.algorithm {
            Algorithm::Pkcs12(hash) => {
                let question = Question {
                    function: "PKCS12",
                    hash: hash.name(),
                    salt: self.salt.clone(),
                    iterations: self.iterations,
                    length: None,
                };
                let derive = || hash.mac_key(&password.bmp_string(), &self.salt, self.iterations);
                let key = password.key(question, derive);
                hash.hmac(&key, content)
            }
            Algorithm::Pbmac1 { derivation, mac } => {
                let length = derivation.length.unwrap_or(USUAL_KEY);
                mac.hmac(&derivation.key(password, length), content)
            }
            Algorithm::Unknown(_) => Vec::new(),
        }
    }

    /// Writes a MAC over `content` with the same algorithm and count, and the same salt if it can stay.
    pub(super) fn renew(&self, content: &[u8], password: &Password) -> Result<Vec<u8>, WriteError> {
        let mut fresh = self.clone();
        match &mut fresh.algorithm {
            Algorithm::Pkcs12(_) => renew_salt(&mut fresh.salt)?,
            // The salt outside is not used, and Java says so in it: it stays as it was found.
            Algorithm::Pbmac1 { derivation, .. } => renew_salt(&mut derivation.salt)?,
            Algorithm::Unknown(_) => return Err(WriteError::CannotProtect(self.name())),
        }
        let digest = fresh.compute(content, password);
        let digest_info =
            der::sequence(&[&fresh.algorithm.write(), &der::write(OCTET_STRING, &digest)]);
        let salt = der::write(OCTET_STRING, &fresh.salt);
        Ok(der::sequence(&[&digest_info, &salt, &der::integer(self.iterations)]))
    }
}

impl Algorithm {
    fn read(value: der::Value<'_>) -> Result<Self, ReadError> {
        let mut parts = value.values();
        let identifier = parts.identifier("MAC algorithm")?;
        if identifier != oid::PBMAC1 {
            let unknown = || Self::Unknown(oid::dotted(identifier));
            return Ok(Hash::of(identifier).map_or_else(unknown, Self::Pkcs12));
        }
        let mut parts = parts.sequence("PBMAC1 parameters")?;
        let derivation = Derivation::read(parts.next(SEQUENCE, "key derivation")?)?;
        let scheme = parts.next(SEQUENCE, "MAC scheme")?;
        let identifier = scheme.values().identifier("HMAC")?;
        let mac = Hash::of_hmac(identifier).ok_or_else(|| unsupported(scheme, identifier))?;
        Ok(Self::Pbmac1 { derivation, mac })
    }

    /// Writes the `AlgorithmIdentifier`; what is unknown is not written.
    fn write(&self) -> Vec<u8> {
        match self {
            Self::Pkcs12(hash) => algorithm(hash.identifier()),
            Self::Pbmac1 { derivation, mac } => {
                let parameters =
                    der::sequence(&[&derivation.write(), &algorithm(mac.hmac_identifier())]);
                der::sequence(&[&der::write(OBJECT_IDENTIFIER, oid::PBMAC1), &parameters])
            }
            Self::Unknown(_) => Vec::new(),
        }
    }
}

/// For a PBMAC1 that does not name the length of its key, though it must (RFC 9579, section 4).
const USUAL_KEY: usize = 32;
