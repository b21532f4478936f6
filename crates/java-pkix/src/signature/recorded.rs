//! Certificates of the fixtures, taken apart for the tests.

use crate::tlv;

/// The parts of a certificate that a signature concerns.
pub(crate) struct Parts {
    pub(crate) signed: Vec<u8>,
    pub(crate) algorithm: Vec<u8>,
    pub(crate) key: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

/// Takes a certificate of the fixtures apart.
pub(crate) fn parts(text: &str) -> Parts {
    let der = base64(text);
    let certificate = tlv::read_only(&der).unwrap();
    let (signed, rest) = tlv::read(certificate.content).unwrap();
    let (algorithm, rest) = tlv::read(rest).unwrap();
    let (signature, _) = tlv::read(rest).unwrap();
    let mut fields = Vec::new();
    let mut rest = signed.content;
    while let Ok((field, after)) = tlv::read(rest) {
        fields.push(field);
        rest = after;
    }
    Parts {
        signed: signed.whole.to_vec(),
        algorithm: algorithm.whole.to_vec(),
        key: fields[6].whole.to_vec(),
        signature: signature.content[1..].to_vec(),
    }
}

/// Reads Base64, as the fixtures are kept.
pub(crate) fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut octets = Vec::new();
    for group in text.trim_end_matches('=').as_bytes().chunks(4) {
        let value = |digit: &u8| DIGITS.iter().position(|known| known == digit).unwrap();
        let bits = group.iter().fold(0, |bits: usize, digit| bits << 6 | value(digit));
        let bits = bits << (6 * (4 - group.len()));
        octets.extend_from_slice(&u32::try_from(bits).unwrap().to_be_bytes()[1..group.len()]);
    }
    octets
}
