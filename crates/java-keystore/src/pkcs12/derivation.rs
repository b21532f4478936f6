//! PBKDF2 and its parameters (RFC 8018, section 5.2), under PBES2 and PBMAC1.

use zeroize::Zeroizing;

use super::hashing::Hash;
use crate::der::{self, INTEGER, NULL, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};
use crate::error::{ReadError, ReadErrorKind, WriteError};
use crate::oid;
use crate::password::{Password, Question};

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
        let mut parts = value.values();
        if parts.identifier("PBKDF2")? != oid::PBKDF2 {
            return Err(parts.error("PBKDF2"));
        }
        let mut parameters = parts.sequence("PBKDF2 parameters")?;
        let salt = parameters.octets("salt")?.bytes.into_owned();
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
                let identifier = value.values().identifier("PRF")?;
                Hash::of_hmac(identifier).ok_or_else(|| unsupported(value, identifier))?
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
        let question = Question {
            function: "PBKDF2",
            hash: self.hash.name(),
            salt: self.salt.clone(),
            iterations: self.iterations,
            length: Some(length),
        };
        password.key(question, || {
            self.hash.pbkdf2(&password.utf8(), &self.salt, self.iterations, length)
        })
    }
}

/// Draws a salt, unless the one that was found can stay: under the same password it gives the same key, which is then
/// derived once and not once more to write. Where a salt makes an initial vector, too, it must not stay.
pub(super) fn renew_salt(salt: &mut [u8]) -> Result<(), WriteError> {
    let can_stay = salt.len() >= SHORTEST_SALT && salt.iter().any(|octet| *octet != 0);
    if can_stay { Ok(()) } else { random(salt) }
}

/// Writes an `AlgorithmIdentifier` whose parameters are NULL.
pub(super) fn algorithm(identifier: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::write(OBJECT_IDENTIFIER, identifier), &der::write(NULL, &[])])
}

/// Reads a count of iterations.
pub(super) fn iterations(value: der::Value<'_>) -> Result<u64, ReadError> {
    let count = der::number(value).unwrap_or(u64::MAX);
    if count > MAX_ITERATIONS {
        return Err(value.error_of(ReadErrorKind::TooManyIterations(count)));
    }
    Ok(count)
}

/// Fills a buffer with random octets.
pub(super) fn random(buffer: &mut [u8]) -> Result<(), WriteError> {
    getrandom::fill(buffer).map_err(|_error| WriteError::NoRandomness)
}

/// Says that the algorithm in a value is unknown.
pub(super) fn unsupported(value: der::Value<'_>, identifier: &[u8]) -> ReadError {
    value.error_of(ReadErrorKind::UnsupportedAlgorithm(oid::dotted(identifier)))
}

/// What RFC 8018, section 4.1, asks for at least.
const SHORTEST_SALT: usize = 8;

/// No cipher and no HMAC here takes a longer one.
const LONGEST_KEY: usize = 64;
