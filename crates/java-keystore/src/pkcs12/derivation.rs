//! PBKDF2 and its parameters (RFC 8018, section 5.2), under PBES2 and PBMAC1.

use zeroize::Zeroizing;

use super::hashing::Hash;
use super::oid;
use crate::der::{self, INTEGER, NULL, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, Sequence};
use crate::error::{ReadError, ReadErrorKind, WriteError};
use crate::password::Password;

/// More iterations Java refuses.
const MAX_ITERATIONS: u64 = 5_000_000;

/// How a key is derived from a password.
#[derive(Clone, Debug)]
pub(super) struct Derivation {
    pub(super) hash: Hash,
    pub(super) salt: Vec<u8>,
    pub(super) iterations: u64,
    /// The length of the key, where it is named.
    pub(super) length: Option<usize>,
}

impl Derivation {
    /// Reads an `AlgorithmIdentifier`.
    pub(super) fn read(value: der::Value<'_>) -> Result<Self, ReadError> {
        let mut parts = Sequence::new(value.content);
        if parts.next(OBJECT_IDENTIFIER, "PBKDF2")?.content != oid::PBKDF2 {
            return Err(parts.error("PBKDF2"));
        }
        let mut parameters = Sequence::new(parts.next(SEQUENCE, "PBKDF2 parameters")?.content);
        let salt = parameters.next(OCTET_STRING, "salt")?.content.to_vec();
        let iterations = iterations(parameters.next(INTEGER, "iteration count")?)?;
        let length = match parameters.optional(INTEGER) {
            None => None,
            Some(value) => match der::number(value).and_then(|n| usize::try_from(n).ok()) {
                Some(length @ 1..=LONGEST_KEY) => Some(length),
                Some(_) | None => return Err(parameters.error("length of a key")),
            },
        };
        let hash = match parameters.optional(SEQUENCE) {
            None => Hash::Sha1,
            Some(value) => {
                let identifier =
                    Sequence::new(value.content).next(OBJECT_IDENTIFIER, "PRF")?.content;
                Hash::of_hmac(identifier).ok_or_else(|| unsupported(identifier))?
            }
        };
        Ok(Self { hash, salt, iterations, length })
    }

    /// Writes the `AlgorithmIdentifier`.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut parameters = der::write(OCTET_STRING, &self.salt);
        parameters.extend(der::integer(self.iterations));
        let length = self.length.and_then(|length| u64::try_from(length).ok());
        parameters.extend(length.map(der::integer).unwrap_or_default());
        parameters.extend(algorithm(self.hash.hmac_identifier()));
        let identifier = der::write(OBJECT_IDENTIFIER, oid::PBKDF2);
        der::sequence(&[&identifier, &der::write(SEQUENCE, &parameters)])
    }

    /// Derives a key of `length` octets.
    pub(super) fn key(&self, password: &Password, length: usize) -> Zeroizing<Vec<u8>> {
        self.hash.pbkdf2(&password.utf8(), &self.salt, self.iterations, length)
    }
}

/// Writes an `AlgorithmIdentifier` whose parameters are NULL.
pub(super) fn algorithm(identifier: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::write(OBJECT_IDENTIFIER, identifier), &der::write(NULL, &[])])
}

/// Reads a count of iterations.
pub(super) fn iterations(value: der::Value<'_>) -> Result<u64, ReadError> {
    let count = der::number(value).unwrap_or(u64::MAX);
    if count > MAX_ITERATIONS {
        return Err(ReadError { offset: 0, kind: ReadErrorKind::TooManyIterations(count) });
    }
    Ok(count)
}

/// Fills a buffer with random octets.
pub(super) fn random(buffer: &mut [u8]) -> Result<(), WriteError> {
    getrandom::fill(buffer).map_err(|_error| WriteError::NoRandomness)
}

pub(super) fn unsupported(identifier: &[u8]) -> ReadError {
    let kind = ReadErrorKind::UnsupportedAlgorithm(oid::dotted(identifier));
    ReadError { offset: 0, kind }
}

/// No cipher and no HMAC here takes a longer one.
const LONGEST_KEY: usize = 64;
