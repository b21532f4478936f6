//! The alert of a refusal, as a record: any alert, at the moment of the peer's `Certificate`.

use ring::aead::{
    AES_128_GCM, AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};
use ring::hkdf::{HKDF_SHA256, HKDF_SHA384, KeyType, Prk};

/// Returns a fatal alert in a record of its own that is not encrypted.
pub(crate) fn plain(description: u8) -> Vec<u8> {
    vec![ALERT, 3, 3, 0, 2, FATAL, description]
}

/// Returns a fatal alert in the first record under the client's handshake traffic secret
/// (RFC 8446, sections 5.2 and 7.3); none if the suite is not one of TLS 1.3.
///
/// rustls lets a verifier choose among few alerts, and Java sends others as well.
pub(crate) fn encrypted(description: u8, cipher_suite: u16, secret: &[u8]) -> Option<Vec<u8>> {
    let (key, nonce) = traffic_key(cipher_suite, secret)?;
    // The first record's number is 0, so the nonce is the initialization vector itself.
    let mut inner = vec![FATAL, description, ALERT];
    let length = u8::try_from(inner.len() + key.algorithm().tag_len()).ok()?;
    let header = [APPLICATION_DATA, 3, 3, 0, length];
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, Aad::from(header), &mut inner).ok()?;
    Some([header.as_slice(), &inner].concat())
}

/// Returns the key and the initialization vector of a traffic secret (RFC 8446, section 7.3).
pub(super) fn traffic_key(
    cipher_suite: u16,
    secret: &[u8],
) -> Option<(LessSafeKey, [u8; NONCE_LENGTH])> {
    let (hash, algorithm) = match cipher_suite {
        0x1301 => (HKDF_SHA256, &AES_128_GCM),
        0x1302 => (HKDF_SHA384, &AES_256_GCM),
        0x1303 => (HKDF_SHA256, &CHACHA20_POLY1305),
        _ => return None,
    };
    let secret = Prk::new_less_safe(hash, secret);
    let key: UnboundKey =
        secret.expand(&[&label(b"key", algorithm.key_len())], algorithm).ok()?.into();
    let mut nonce = [0; NONCE_LENGTH];
    secret.expand(&[&label(b"iv", NONCE_LENGTH)], NonceLength).ok()?.fill(&mut nonce).ok()?;
    Some((LessSafeKey::new(key), nonce))
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

pub(super) const NONCE_LENGTH: usize = 12;
const ALERT: u8 = 21;
const APPLICATION_DATA: u8 = 23;
const FATAL: u8 = 2;
