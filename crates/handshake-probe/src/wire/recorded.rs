//! For tests: the `ClientHello`s that the six releases sent, the offers in them, and messages that answer them.

use crate::judge::{Decision, Judge, PeerCertificates};
use crate::misbehaviour::Misbehaviour;
use crate::request::{Offer, ProtocolVersion};
use crate::wire::Cursor;

/// A `ClientHello`, taken apart.
pub(crate) struct Recorded {
    /// The message, header included.
    pub(crate) message: Vec<u8>,
    pub(crate) offer: Offer,
    pub(crate) random: [u8; 32],
    pub(crate) session_id: Vec<u8>,
    pub(crate) shares: Vec<(u16, Vec<u8>)>,
}

/// Returns what 8u504, 11.0.33, 17.0.15, 21.0.13, 25.0.5 and 26.0.2 sent to `tls.example.test`.
pub(crate) fn all() -> Vec<Recorded> {
    [
        include_str!("../../../../fixtures/hello/java8.hex"),
        include_str!("../../../../fixtures/hello/java11.hex"),
        include_str!("../../../../fixtures/hello/java17.hex"),
        include_str!("../../../../fixtures/hello/java21.hex"),
        include_str!("../../../../fixtures/hello/java25.hex"),
        include_str!("../../../../fixtures/hello/java26.hex"),
    ]
    .map(|hex| parse(&bytes(hex)[5..]))
    .into()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex.trim().chars().map(|digit| digit.to_digit(16).unwrap()).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
}

/// Takes a `ClientHello` apart.
pub(crate) fn parse(message: &[u8]) -> Recorded {
    let mut cursor = Cursor(&message[6..]);
    let random = cursor.take(32).unwrap().try_into().unwrap();
    let session_id = cursor.vector8().unwrap().to_vec();
    let cipher_suites = numbers(cursor.vector16().unwrap());
    assert_eq!(cursor.vector8().unwrap(), [0]);
    let mut offer = Offer {
        versions: Vec::new(),
        cipher_suites,
        groups: Vec::new(),
        key_shares: Vec::new(),
        signature_schemes: Vec::new(),
        certificate_signature_schemes: Vec::new(),
        extensions: Vec::new(),
        server_name: None,
    };
    let mut shares = Vec::new();
    let mut extensions = Cursor(cursor.vector16().unwrap());
    assert!(cursor.is_empty());
    while !extensions.is_empty() {
        let kind = extensions.u16().unwrap();
        let value = extensions.vector16().unwrap();
        let list = value.get(2..).unwrap_or_default();
        offer.extensions.push(kind);
        match kind {
            0 => offer.server_name = Some(String::from_utf8(value[5..].to_vec()).unwrap()),
            10 => offer.groups = numbers(list),
            13 => offer.signature_schemes = numbers(list),
            43 => {
                let versions = numbers(&value[1..]).into_iter();
                offer.versions = versions.map(|v| ProtocolVersion::from_code(v).unwrap()).collect();
            }
            50 => offer.certificate_signature_schemes = numbers(list),
            51 => {
                let mut list = Cursor(list);
                while !list.is_empty() {
                    shares.push((list.u16().unwrap(), list.vector16().unwrap().to_vec()));
                }
                offer.key_shares = shares.iter().map(|(group, _)| *group).collect();
            }
            _ => {}
        }
    }
    Recorded { message: message.to_vec(), offer, random, session_id, shares }
}

fn numbers(list: &[u8]) -> Vec<u16> {
    list.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
}

/// A judge that takes everybody, and bears what Java 17 bears.
pub(crate) struct Anybody;

impl Judge for Anybody {
    fn judge(&self, _peer: &PeerCertificates<'_>) -> Decision {
        Decision::Accept
    }

    fn bears(&self, oddity: Misbehaviour) -> bool {
        matches!(
            oddity,
            Misbehaviour::OutOfOrder(11 | 15)
                | Misbehaviour::UnexpectedMessage(4)
                | Misbehaviour::SignatureScheme(_)
        )
    }
}

/// Returns a handshake message.
pub(crate) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind], &length24(body)[..], body].concat()
}

/// Returns a field behind its length in one byte.
pub(crate) fn field8(bytes: &[u8]) -> Vec<u8> {
    [&[u8::try_from(bytes.len()).unwrap()], bytes].concat()
}

/// Returns a field behind its length in two bytes.
pub(crate) fn field16(bytes: &[u8]) -> Vec<u8> {
    [&length24(bytes)[1..], bytes].concat()
}

/// Returns a field behind its length in three bytes.
pub(crate) fn field24(bytes: &[u8]) -> Vec<u8> {
    [&length24(bytes)[..], bytes].concat()
}

/// Returns an extension.
pub(crate) fn extension(code: u16, value: &[u8]) -> Vec<u8> {
    [code.to_be_bytes().as_slice(), &field16(value)].concat()
}

/// Returns the body of a `ServerHello` with these extensions, without their length.
pub(crate) fn server_hello(suite: u16, extensions: &[u8]) -> Vec<u8> {
    let head = [&[3, 3][..], &[7; 32], &[0], &suite.to_be_bytes(), &[0]].concat();
    [head, field16(extensions)].concat()
}

fn length24(bytes: &[u8]) -> [u8; 3] {
    let [_, high, middle, low] = u32::try_from(bytes.len()).unwrap().to_be_bytes();
    [high, middle, low]
}
