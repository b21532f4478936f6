//! Secrets and what is derived from them (RFC 5246, sections 5, 6.3, 7.4.9 and 8.1; RFC 7627).

use digest::{Digest as _, FixedOutput, KeyInit, Update};
use hmac::Hmac;
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha256, Sha384};

use crate::engine::suites::{AeadCipher, BlockCipher, Mac, Protection, Suite};
use crate::request::ProtocolVersion;
use crate::wire::Cursor;

/// The pseudo-random function of a version and a suite.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Prf {
    Md5Sha1,
    Sha256,
    Sha384,
}

/// What protects one direction.
#[derive(Clone, Debug)]
pub(crate) struct DirectionKeys {
    pub(crate) mac: Vec<u8>,
    pub(crate) key: Vec<u8>,
    pub(crate) iv: Vec<u8>,
}

impl Prf {
    pub(crate) fn of(suite: &Suite, version: ProtocolVersion) -> Self {
        match version {
            ProtocolVersion::Tls10 | ProtocolVersion::Tls11 => Self::Md5Sha1,
            ProtocolVersion::Tls12 | ProtocolVersion::Tls13 if suite.is_sha384 => Self::Sha384,
            ProtocolVersion::Tls12 | ProtocolVersion::Tls13 => Self::Sha256,
        }
    }

    /// Returns the hash of the handshake's messages.
    pub(crate) fn transcript_hash(self, messages: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5Sha1 => [Md5::digest(messages).as_slice(), &Sha1::digest(messages)].concat(),
            Self::Sha256 => Sha256::digest(messages).to_vec(),
            Self::Sha384 => Sha384::digest(messages).to_vec(),
        }
    }

    /// Derives `length` bytes.
    pub(crate) fn derive(self, secret: &[u8], label: &str, seed: &[u8], length: usize) -> Vec<u8> {
        let seed = [label.as_bytes(), seed].concat();
        match self {
            Self::Sha256 => expand::<Hmac<Sha256>>(secret, &seed, length),
            Self::Sha384 => expand::<Hmac<Sha384>>(secret, &seed, length),
            Self::Md5Sha1 => {
                let half = secret.len().div_ceil(2);
                let first = secret.get(..half).unwrap_or_default();
                let second = secret.get(secret.len() - half..).unwrap_or_default();
                let md5 = expand::<Hmac<Md5>>(first, &seed, length);
                let sha1 = expand::<Hmac<Sha1>>(second, &seed, length);
                md5.iter().zip(sha1).map(|(a, b)| a ^ b).collect()
            }
        }
    }

    /// Returns the `verify_data` of a `Finished`.
    pub(crate) fn verify_data(self, master: &[u8], label: &str, messages: &[u8]) -> Vec<u8> {
        self.derive(master, label, &self.transcript_hash(messages), VERIFY_DATA)
    }

    /// Cuts the key block into the client's keys and the server's.
    pub(crate) fn keys(
        self,
        master: &[u8],
        randoms: &[u8],
        protection: Protection,
    ) -> Option<(DirectionKeys, DirectionKeys)> {
        let (mac, key, iv) = lengths(protection);
        let block = self.derive(master, "key expansion", randoms, 2 * (mac + key + iv));
        let mut block = Cursor(&block);
        let mut pair = |length| Some((block.take(length)?.to_vec(), block.take(length)?.to_vec()));
        let (macs, keys, ivs) = (pair(mac)?, pair(key)?, pair(iv)?);
        Some((
            DirectionKeys { mac: macs.0, key: keys.0, iv: ivs.0 },
            DirectionKeys { mac: macs.1, key: keys.1, iv: ivs.1 },
        ))
    }
}

/// Returns the MAC of a record.
pub(crate) fn mac(kind: Mac, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    match kind {
        Mac::Sha1 => hmac::<Hmac<Sha1>>(key, parts),
        Mac::Sha256 => hmac::<Hmac<Sha256>>(key, parts),
        Mac::Sha384 => hmac::<Hmac<Sha384>>(key, parts),
    }
}

/// How long a MAC is.
pub(crate) fn mac_length(kind: Mac) -> usize {
    match kind {
        Mac::Sha1 => 20,
        Mac::Sha256 => 32,
        Mac::Sha384 => 48,
    }
}

/// How long the MAC key, the key and the initialization vector in a key block are.
fn lengths(protection: Protection) -> (usize, usize, usize) {
    match protection {
        Protection::Aead(AeadCipher::Aes128Gcm) => (0, 16, 4),
        Protection::Aead(AeadCipher::Aes256Gcm) => (0, 32, 4),
        Protection::Aead(AeadCipher::ChaCha20Poly1305) => (0, 32, 12),
        Protection::Cbc(BlockCipher::Aes128, mac) => (mac_length(mac), 16, 16),
        Protection::Cbc(BlockCipher::Aes256, mac) => (mac_length(mac), 32, 16),
        Protection::Cbc(BlockCipher::TripleDes, mac) => (mac_length(mac), 24, 8),
    }
}

/// `P_hash` (RFC 5246, section 5).
fn expand<H: KeyInit + Update + FixedOutput>(secret: &[u8], seed: &[u8], length: usize) -> Vec<u8> {
    let mut output = Vec::with_capacity(length);
    let mut a = hmac::<H>(secret, &[seed]);
    while output.len() < length && !a.is_empty() {
        output.extend(hmac::<H>(secret, &[&a, seed]));
        a = hmac::<H>(secret, &[&a]);
    }
    output.truncate(length);
    output
}

/// An HMAC takes keys of every length: the empty answer never comes.
fn hmac<H: KeyInit + Update + FixedOutput>(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let Ok(mut hmac) = H::new_from_slice(key) else { return Vec::new() };
    parts.iter().for_each(|part| hmac.update(part));
    hmac.finalize_fixed().to_vec()
}

const VERIFY_DATA: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_of_tls12_gives_what_a_published_vector_says() {
        // https://mailarchive.ietf.org/arch/msg/tls/fzVCzk-z3FShgGJ6DOXqM1ydxms
        let secret = [
            0x9b, 0xbe, 0x43, 0x6b, 0xa9, 0x40, 0xf0, 0x17, 0xb1, 0x76, 0x52, 0x84, 0x9a, 0x71,
            0xdb, 0x35,
        ];
        let seed = [
            0xa0, 0xba, 0x9f, 0x93, 0x6c, 0xda, 0x31, 0x18, 0x27, 0xa6, 0xf7, 0x96, 0xff, 0xd5,
            0x19, 0x8c,
        ];
        let output = Prf::Sha256.derive(&secret, "test label", &seed, 100);
        assert_eq!(output.len(), 100);
        assert_eq!(output[..8], [0xe3, 0xf2, 0x29, 0xba, 0x72, 0x7b, 0xe1, 0x7b]);
    }
}
