//! Records of TLS 1.3 under a traffic secret (RFC 8446, sections 5.2 and 7.3).

use ring::aead::{
    AES_128_GCM, AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};
use ring::hkdf::{HKDF_SHA256, HKDF_SHA384, KeyType, Prk};

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
        secret.expand(&[&label(b"iv", NONCE_LENGTH)], NonceLength).ok()?.fill(&mut vector).ok()?;
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

/// The length of a nonce, as a type that ring asks.
struct NonceLength;

impl KeyType for NonceLength {
    fn len(&self) -> usize {
        NONCE_LENGTH
    }
}

const NONCE_LENGTH: usize = 12;
