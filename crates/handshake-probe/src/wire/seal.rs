//! Records of TLS 1.3 under a traffic secret (RFC 8446, sections 5.2 and 7.3).

use ring::aead::{
    AES_128_GCM, AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};
use ring::hkdf::{HKDF_SHA256, HKDF_SHA384, KeyType, Prk};
use ring::{digest, hmac};

use crate::misbehaviour::Misbehaviour;
use crate::wire::{APPLICATION_DATA, CHANGE_CIPHER_SPEC};

/// One direction of a connection.
pub(crate) struct Seal {
    key: LessSafeKey,
    vector: [u8; NONCE_LENGTH],
    number: u64,
}

impl Seal {
    /// None if the suite is not one of TLS 1.3.
    pub(crate) fn new(cipher_suite: u16, secret: &[u8]) -> Option<Self> {
        let (hash, algorithm) = match cipher_suite {
            0x1301 => (HKDF_SHA256, &AES_128_GCM),
            0x1302 => (HKDF_SHA384, &AES_256_GCM),
            0x1303 => (HKDF_SHA256, &CHACHA20_POLY1305),
            _ => return None,
        };
        let secret = Prk::new_less_safe(hash, secret);
        let key: UnboundKey =
            secret.expand(&[&label(b"key", algorithm.key_len())], algorithm).ok()?.into();
        let mut vector = [0; NONCE_LENGTH];
        let length = Length(NONCE_LENGTH);
        secret.expand(&[&label(b"iv", NONCE_LENGTH)], length).ok()?.fill(&mut vector).ok()?;
        Some(Self { key: LessSafeKey::new(key), vector, number: 0 })
    }

    /// Opens the next record; returns its content type and its content, as JSSE takes them.
    ///
    /// # Errors
    ///
    /// [`Misbehaviour::ShortRecord`], [`Misbehaviour::Decryption`], [`Misbehaviour::NoContentType`] or
    /// [`Misbehaviour::UnknownContentType`].
    pub(crate) fn open(
        &mut self,
        content_type: u8,
        fragment: &[u8],
    ) -> Result<(u8, Vec<u8>), Misbehaviour> {
        let length = fragment.len();
        if length <= self.key.algorithm().tag_len() {
            return Err(Misbehaviour::ShortRecord { length, nonce: 0 });
        }
        let [high, low] = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
        let header = Aad::from([content_type, 3, 3, high, low]);
        let mut content = fragment.to_vec();
        let nonce = self.next_nonce();
        let opened = self.key.open_in_place(nonce, header, &mut content);
        let length = opened.map_err(|_unspecified| Misbehaviour::Decryption)?.len();
        content.truncate(length);
        while content.last() == Some(&0) {
            content.pop();
        }
        match content.pop() {
            None => Err(Misbehaviour::NoContentType),
            Some(kind @ CHANGE_CIPHER_SPEC..=APPLICATION_DATA) => Ok((kind, content)),
            Some(kind) => Err(Misbehaviour::UnknownContentType(kind)),
        }
    }

    /// Returns a record with this content: an alert, say; rustls lets nobody choose among them, and Java sends any.
    pub(crate) fn seal(&mut self, content_type: u8, content: &[u8]) -> Option<Vec<u8>> {
        let mut inner = [content, &[content_type]].concat();
        let length = u16::try_from(inner.len() + self.key.algorithm().tag_len()).ok()?;
        let [high, low] = length.to_be_bytes();
        let header = [APPLICATION_DATA, 3, 3, high, low];
        let nonce = self.next_nonce();
        self.key.seal_in_place_append_tag(nonce, Aad::from(header), &mut inner).ok()?;
        Some([header.as_slice(), &inner].concat())
    }

    fn next_nonce(&mut self) -> Nonce {
        let mut nonce = self.vector;
        let number = self.number.to_be_bytes();
        nonce.iter_mut().rev().zip(number.iter().rev()).for_each(|(byte, of)| *byte ^= of);
        self.number = self.number.wrapping_add(1);
        Nonce::assume_unique_for_key(nonce)
    }
}

/// Returns an `HkdfLabel` without context (RFC 8446, section 7.1).
fn label(name: &[u8], length: usize) -> Vec<u8> {
    let full = [b"tls13 ".as_slice(), name].concat();
    let [_, high, low] = [0, 0, u8::try_from(length).unwrap_or_default()];
    let name_length = u8::try_from(full.len()).unwrap_or_default();
    [&[high, low, name_length], full.as_slice(), &[0]].concat()
}

/// How many bytes are wanted, as a type that ring asks.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// Returns the hash of a transcript under a suite of TLS 1.3 (RFC 8446, section 4.4.1).
pub(crate) fn transcript_hash(cipher_suite: u16, transcript: &[u8]) -> Vec<u8> {
    let algorithm = if cipher_suite == SHA384_SUITE { &digest::SHA384 } else { &digest::SHA256 };
    digest::digest(algorithm, transcript).as_ref().to_vec()
}

/// Returns what `Finished` holds of who has this handshake traffic secret (RFC 8446, section 4.4.4).
pub(crate) fn verify_data(cipher_suite: u16, secret: &[u8], transcript: &[u8]) -> Option<Vec<u8>> {
    let hash = transcript_hash(cipher_suite, transcript);
    let (derivation, code) = if cipher_suite == SHA384_SUITE {
        (HKDF_SHA384, hmac::HMAC_SHA384)
    } else {
        (HKDF_SHA256, hmac::HMAC_SHA256)
    };
    let mut key = vec![0; hash.len()];
    let secret = Prk::new_less_safe(derivation, secret);
    let length = Length(hash.len());
    secret.expand(&[&label(b"finished", hash.len())], length).ok()?.fill(&mut key).ok()?;
    Some(hmac::sign(&hmac::Key::new(code, &key), &hash).as_ref().to_vec())
}

const NONCE_LENGTH: usize = 12;

/// The only suite of TLS 1.3 with another hash than SHA-256.
pub(super) const SHA384_SUITE: u16 = 0x1302;
