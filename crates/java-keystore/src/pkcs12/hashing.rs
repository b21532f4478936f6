//! The hash functions of PKCS12, and what is made with them: HMACs and keys.

use hmac::{Hmac, KeyInit};
use sha1::Sha1;
use sha2::digest::block_api::BlockSizeUser;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use crate::kdf::pkcs12_key;
use crate::oid;

/// A hash function, as a pseudo-random function or under a MAC.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// Hash function, its identifier, the identifier of its HMAC, its name.
const FUNCTIONS: [(Hash, &[u8], &[u8], &str); 5] = [
    (Hash::Sha1, oid::SHA1, oid::HMAC_SHA1, "SHA1"),
    (Hash::Sha224, oid::SHA224, oid::HMAC_SHA224, "SHA224"),
    (Hash::Sha256, oid::SHA256, oid::HMAC_SHA256, "SHA256"),
    (Hash::Sha384, oid::SHA384, oid::HMAC_SHA384, "SHA384"),
    (Hash::Sha512, oid::SHA512, oid::HMAC_SHA512, "SHA512"),
];

impl Hash {
    fn row(self) -> &'static (Self, &'static [u8], &'static [u8], &'static str) {
        let [first, rest @ ..] = &FUNCTIONS;
        rest.iter().find(|(held, ..)| *held == self).unwrap_or(first)
    }

    /// Returns the function of an identifier.
    pub(super) fn of(identifier: &[u8]) -> Option<Self> {
        FUNCTIONS.iter().find(|(_, own, ..)| *own == identifier).map(|(hash, ..)| *hash)
    }

    /// Returns the function under an HMAC.
    pub(super) fn of_hmac(identifier: &[u8]) -> Option<Self> {
        FUNCTIONS.iter().find(|(_, _, hmac, _)| *hmac == identifier).map(|(hash, ..)| *hash)
    }

    pub(super) fn identifier(self) -> &'static [u8] {
        self.row().1
    }

    pub(super) fn hmac_identifier(self) -> &'static [u8] {
        self.row().2
    }

    /// Returns Java's name of it: `SHA256`.
    pub(super) fn name(self) -> &'static str {
        self.row().3
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

    /// Derives the key of a MAC (RFC 7292, appendix B.4).
    pub(super) fn mac_key(
        self,
        password: &[u8],
        salt: &[u8],
        iterations: u64,
    ) -> Zeroizing<Vec<u8>> {
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

    pub(super) fn hmac(self, key: &[u8], content: &[u8]) -> Vec<u8> {
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
