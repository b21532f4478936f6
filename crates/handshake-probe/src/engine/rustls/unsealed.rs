//! The request for a client certificate under TLS 1.3, as it was sent: rustls leaves out what it has no use for.

use ring::aead::{Aad, LessSafeKey, Nonce};

use super::refusal::{NONCE_LENGTH, traffic_key};
use crate::wire::{APPLICATION_DATA, Cursor, HANDSHAKE};

/// Reads the peer's first messages under its handshake traffic secret, up to its `Certificate`.
pub(super) struct Unsealed {
    key: LessSafeKey,
    vector: [u8; NONCE_LENGTH],
    number: u64,
    messages: Vec<u8>,
    is_done: bool,
}

/// What a `CertificateRequest` of TLS 1.3 names (RFC 8446, section 4.3.2).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Asked {
    pub(super) schemes: Vec<u16>,
    /// For certificates, where they are named apart.
    pub(super) certificate_schemes: Vec<u16>,
}

impl Unsealed {
    /// None if the suite is not one of TLS 1.3.
    pub(super) fn new(cipher_suite: u16, secret: &[u8]) -> Option<Self> {
        let (key, vector) = traffic_key(cipher_suite, secret)?;
        Some(Self { key, vector, number: 0, messages: Vec::new(), is_done: false })
    }

    /// Takes the next record; returns the request, once it is there. What is wrong is for rustls to say.
    pub(super) fn record(&mut self, record: &[u8]) -> Option<Asked> {
        let (header, fragment) = record.split_first_chunk::<5>()?;
        if self.is_done || header.first() != Some(&APPLICATION_DATA) {
            return None;
        }
        let mut nonce = self.vector;
        let number = self.number.to_be_bytes();
        nonce.iter_mut().rev().zip(number.iter().rev()).for_each(|(byte, of)| *byte ^= of);
        self.number = self.number.wrapping_add(1);
        let mut sealed = fragment.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        let opened = self.key.open_in_place(nonce, Aad::from(header), &mut sealed);
        let Ok(opened) = opened else {
            self.is_done = true;
            return None;
        };
        let end = opened.iter().rposition(|byte| *byte != 0)?;
        let (content, kind) = opened.split_at_checked(end)?;
        if kind.first() == Some(&HANDSHAKE) {
            self.messages.extend_from_slice(content);
        }
        self.request()
    }

    /// Looks for the request among the messages that are whole.
    fn request(&mut self) -> Option<Asked> {
        loop {
            let mut cursor = Cursor(&self.messages);
            let kind = cursor.u8()?;
            self.is_done = kind != ENCRYPTED_EXTENSIONS || self.messages.len() > LONGEST;
            let body = cursor.vector24()?.to_vec();
            let rest = cursor.0.to_vec();
            match kind {
                CERTIFICATE_REQUEST => return asked(&body),
                ENCRYPTED_EXTENSIONS => self.messages = rest,
                _ => return None,
            }
        }
    }
}

fn asked(body: &[u8]) -> Option<Asked> {
    let mut cursor = Cursor(body);
    cursor.vector8()?;
    let mut extensions = Cursor(cursor.vector16()?);
    let mut asked = Asked::default();
    while !extensions.is_empty() {
        let kind = extensions.u16()?;
        let mut value = Cursor(extensions.vector16()?);
        match kind {
            SIGNATURE_ALGORITHMS => asked.schemes = value.numbers16()?,
            SIGNATURE_ALGORITHMS_CERT => asked.certificate_schemes = value.numbers16()?,
            _ => {}
        }
    }
    Some(asked)
}

const ENCRYPTED_EXTENSIONS: u8 = 8;
const CERTIFICATE_REQUEST: u8 = 13;
const SIGNATURE_ALGORITHMS: u16 = 13;
const SIGNATURE_ALGORITHMS_CERT: u16 = 50;

/// A longer message is for rustls to refuse.
const LONGEST: usize = 65_536;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_schemes_for_both_or_apart() {
        let extension = |kind: u8, list: &[u8]| {
            let length = u8::try_from(list.len()).unwrap();
            [&[0, kind, 0, length + 2, 0, length], list].concat()
        };
        let request = |extensions: &[u8]| {
            [&[0, 0, u8::try_from(extensions.len()).unwrap()], extensions].concat()
        };
        let both = extension(13, &[4, 3, 4, 1]);
        assert_eq!(asked(&request(&both)).unwrap().schemes, [0x0403, 0x0401]);
        let apart = [both, extension(50, &[2, 1])].concat();
        assert_eq!(asked(&request(&apart)).unwrap().certificate_schemes, [0x0201]);
        assert_eq!(asked(&request(&apart)[..9]), None);
    }
}
