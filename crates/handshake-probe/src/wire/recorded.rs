//! For tests: the `ClientHello`s that the six releases sent, and the offers in them.

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
