//! `ClientHello`, byte for byte as the offer wants it.

use crate::request::{Offer, ProtocolVersion};

/// What a `ClientHello` contains besides the offer.
pub(crate) struct ClientHello<'a> {
    pub(crate) random: [u8; 32],
    pub(crate) session_id: &'a [u8],
    /// Groups and public keys of the TLS 1.3 key shares.
    pub(crate) shares: &'a [(u16, Vec<u8>)],
}

/// Returns the version that stands in the old place: TLS 1.2 at most.
pub(crate) fn legacy_version(offer: &Offer) -> u16 {
    let best = offer.versions.iter().max().copied().unwrap_or(ProtocolVersion::Tls12);
    best.min(ProtocolVersion::Tls12).code()
}

/// Returns the message, header included.
pub(crate) fn client_hello(offer: &Offer, hello: &ClientHello<'_>) -> Vec<u8> {
    let mut body = legacy_version(offer).to_be_bytes().to_vec();
    body.extend(hello.random);
    body.extend(vector8(hello.session_id));
    body.extend(vector16(&numbers(&offer.cipher_suites)));
    body.extend(vector8(&[NULL_COMPRESSION]));
    let mut extensions = Vec::new();
    for kind in &offer.extensions {
        if let Some(value) = extension(*kind, offer, hello) {
            extensions.extend(kind.to_be_bytes());
            extensions.extend(vector16(&value));
        }
    }
    if !extensions.is_empty() {
        body.extend(vector16(&extensions));
    }
    message(CLIENT_HELLO, &body)
}

/// Returns a handshake message with this body.
pub(crate) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind], vector24(body).as_slice()].concat()
}

/// Returns an extension's value; none if the offer has nothing for it.
fn extension(kind: u16, offer: &Offer, hello: &ClientHello<'_>) -> Option<Vec<u8>> {
    let has_tls13 = offer.versions.contains(&ProtocolVersion::Tls13);
    Some(match kind {
        0 => server_name(offer.server_name.as_deref()?),
        5 => STATUS_REQUEST.to_vec(),
        10 => vector16(&numbers(some(&offer.groups)?)),
        11 => vec![1, UNCOMPRESSED],
        13 => vector16(&numbers(&offer.signature_schemes)),
        17 => STATUS_REQUEST_V2.to_vec(),
        23 | 35 => Vec::new(),
        43 => vector8(&numbers(&offer.versions.iter().map(|v| v.code()).collect::<Vec<_>>())),
        45 if has_tls13 => vec![1, PSK_WITH_DHE],
        50 => vector16(&numbers(some(&offer.certificate_signature_schemes)?)),
        51 if has_tls13 => {
            let shares = hello.shares.iter();
            vector16(&shares.flat_map(|(group, public)| share(*group, public)).collect::<Vec<u8>>())
        }
        0xff01 => vec![0],
        _ => return None,
    })
}

/// One host name (RFC 6066, section 3).
fn server_name(name: &str) -> Vec<u8> {
    vector16(&[&[HOST_NAME], vector16(name.as_bytes()).as_slice()].concat())
}

fn share(group: u16, public: &[u8]) -> Vec<u8> {
    [group.to_be_bytes().as_slice(), &vector16(public)].concat()
}

fn some(codes: &[u16]) -> Option<&[u16]> {
    (!codes.is_empty()).then_some(codes)
}

fn numbers(codes: &[u16]) -> Vec<u8> {
    codes.iter().flat_map(|code| code.to_be_bytes()).collect()
}

/// Puts a length of one byte before a field; one that is too long is cut.
pub(crate) fn vector8(bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
    [&[length], bytes.get(..length.into()).unwrap_or(bytes)].concat()
}

/// Puts a length of two bytes before a field; one that is too long is cut.
pub(crate) fn vector16(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    [length.to_be_bytes().as_slice(), bytes.get(..length.into()).unwrap_or(bytes)].concat()
}

/// Puts a length of three bytes before a field.
pub(crate) fn vector24(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes();
    length.iter().skip(1).chain(bytes).copied().collect()
}

const CLIENT_HELLO: u8 = 1;
const NULL_COMPRESSION: u8 = 0;
const UNCOMPRESSED: u8 = 0;
const PSK_WITH_DHE: u8 = 1;
const HOST_NAME: u8 = 0;
/// OCSP, any responder, no extensions (RFC 6066, section 8).
const STATUS_REQUEST: [u8; 5] = [1, 0, 0, 0, 0];
/// One request for OCSP of all certificates (RFC 6961, section 2.2).
const STATUS_REQUEST_V2: [u8; 9] = [0, 7, 2, 0, 4, 0, 0, 0, 0];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::recorded;

    #[test]
    fn every_release_is_repeated_byte_for_byte() {
        for hello in recorded::all() {
            let (random, session_id, shares) = (hello.random, &hello.session_id, &hello.shares);
            let ours = client_hello(&hello.offer, &ClientHello { random, session_id, shares });
            assert_eq!(ours, hello.message);
        }
    }
}
