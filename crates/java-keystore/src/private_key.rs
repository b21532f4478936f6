//! A private key out of its seal, and why it could not be had.

use pki_types::PrivatePkcs8KeyDer;
use zeroize::Zeroizing;

use crate::der;
use crate::error::{ReadError, ReadErrorKind};

/// A private key in PKCS #8 (RFC 5208). It has no `Debug` that shows it, and is wiped on drop.
#[derive(Clone)]
pub struct PrivateKey(Zeroizing<Vec<u8>>);

impl PrivateKey {
    /// Takes what was unsealed, if that looks like a `PrivateKeyInfo`.
    pub(crate) fn of(plain: Zeroizing<Vec<u8>>) -> Result<Self, KeyError> {
        let is_key = der::read(&plain).is_some_and(|(value, _)| {
            let mut parts = value.values();
            value.tag == der::SEQUENCE
                && parts.next(der::INTEGER, "version").is_ok()
                && parts.sequence("algorithm").is_ok()
                && parts.next(der::OCTET_STRING, "key").is_ok()
        });
        if is_key { Ok(Self(plain)) } else { Err(KeyError::Malformed) }
    }

    /// Returns the key's bytes.
    pub fn pkcs8(&self) -> PrivatePkcs8KeyDer<'_> {
        self.0.as_slice().into()
    }
}

/// Shows only that there is one.
impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateKey(..)")
    }
}

/// Why a private key could not be unsealed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum KeyError {
    /// There is no private key of that name.
    #[error("there is no private key of that name")]
    NoKey,
    /// The key has another password; Java's TLS tries that of the store.
    #[error("the key has another password")]
    WrongPassword,
    /// The key is sealed by an algorithm that is not supported.
    #[error("the key is sealed by the unsupported algorithm {0}")]
    UnsupportedAlgorithm(String),
    /// More iterations than Java takes.
    #[error("{0} iterations are more than the 5,000,000 that Java takes")]
    TooManyIterations(u64),
    /// The keys take more iterations together than are made here.
    #[error("the keys take {0} iterations together, which only a made-up store does")]
    TooMuchWork(u64),
    /// The seal, or what was in it, is not as it should be.
    #[error("the private key is malformed")]
    Malformed,
}

impl From<ReadError> for KeyError {
    fn from(error: ReadError) -> Self {
        match error.kind {
            ReadErrorKind::DecryptionFailed | ReadErrorKind::DigestMismatch => Self::WrongPassword,
            ReadErrorKind::UnsupportedAlgorithm(name) => Self::UnsupportedAlgorithm(name),
            ReadErrorKind::TooManyIterations(count) => Self::TooManyIterations(count),
            ReadErrorKind::TooMuchWork(count) => Self::TooMuchWork(count),
            ReadErrorKind::UnknownFormat
            | ReadErrorKind::UnknownVersion(_)
            | ReadErrorKind::UnexpectedEnd { .. }
            | ReadErrorKind::UnknownEntry(_)
            | ReadErrorKind::MalformedAlias
            | ReadErrorKind::NoCertificate
            | ReadErrorKind::MalformedSecretKey
            | ReadErrorKind::Malformed(_) => Self::Malformed,
        }
    }
}

/// Counts iterations: a store with many keys must not take any time.
#[derive(Debug, Default)]
pub(crate) struct Work(u64);

impl Work {
    /// Adds what is about to be done.
    pub(crate) fn spend(&mut self, iterations: u64) -> Result<(), KeyError> {
        self.0 = self.0.saturating_add(iterations);
        if self.0 <= MOST_WORK { Ok(()) } else { Err(KeyError::TooMuchWork(self.0)) }
    }
}

/// What is done for all keys of a store: with 10,000 iterations each, as keytool makes them, 3,000 keys.
const MOST_WORK: u64 = 30_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_keys_do_not_take_any_time() {
        let mut work = Work::default();
        assert_eq!(work.spend(MOST_WORK), Ok(()));
        assert_eq!(work.spend(1), Err(KeyError::TooMuchWork(MOST_WORK + 1)));
    }

    #[test]
    fn a_key_is_not_shown() {
        let key = [0x30, 9, 2, 1, 0, 0x30, 0, 4, 2, 0xab, 0xcd];
        let key = PrivateKey::of(Zeroizing::new(key.to_vec())).unwrap();
        assert_eq!(format!("{key:?}"), "PrivateKey(..)");
        assert_eq!(key.pkcs8().secret_pkcs8_der().len(), 11);
        assert!(PrivateKey::of(Zeroizing::new(vec![0x30, 0])).is_err());
    }
}
