//! Certificates in DER: one, several in a row, or in PKCS #7. Only the outer shape is looked at.

use pki_types::CertificateDer;

use super::{Content, DamageKind, Found};

/// The identifier octet of a SEQUENCE: every file in DER that is looked for begins with it.
pub(super) const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SET: u8 = 0x31;
const CONTEXT_0: u8 = 0xa0;

/// `signedData` (RFC 5652, section 5.1).
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/// One element: its identifier octet, its contents, and all of its bytes.
#[derive(Clone, Copy)]
struct Element<'a> {
    tag: u8,
    value: &'a [u8],
    whole: &'a [u8],
}

/// Returns whether `bytes` begin as DER or BER does, and not as text with a `0` in front.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let is_whole =
        |bytes| element(bytes).is_some_and(|(_, rest)| rest.iter().all(u8::is_ascii_whitespace));
    matches!(bytes, [SEQUENCE, 0x80..=0x84, ..])
        || (bytes.starts_with(&[SEQUENCE]) && is_whole(bytes))
}

/// Returns whether `bytes` have the shape of a PKCS #12 file (RFC 7292, section 4).
pub(super) fn is_pfx(bytes: &[u8]) -> bool {
    let Some((outer, _)) = element(bytes) else { return false };
    let tags: Vec<u8> = elements(outer.value).take(4).map(|part| part.tag).collect();
    matches!(tags.as_slice(), [INTEGER, SEQUENCE] | [INTEGER, SEQUENCE, SEQUENCE])
}

/// Returns the issuer's name of a certificate (RFC 5280, section 4.1.2.4), in DER.
pub(crate) fn issuer_of<'a>(certificate: &'a CertificateDer<'_>) -> Option<&'a [u8]> {
    let (certificate, _) = element(certificate)?;
    let (signed, _) = element(certificate.value)?;
    let has_version = signed.value.first() == Some(&CONTEXT_0);
    // the serial number and the algorithm stand before it
    elements(signed.value).nth(2 + usize::from(has_version)).map(|issuer| issuer.whole)
}

/// Adds to `found` what `bytes` hold: elements one after the other. What follows the first one and is no element is
/// left alone, as Java leaves it.
pub(super) fn find(bytes: &[u8], found: &mut Found) -> Result<(), DamageKind> {
    let mut rest = bytes;
    while let [SEQUENCE, ..] = rest {
        let Some((element, after)) = element(rest) else {
            let offset = bytes.len() - rest.len();
            return match cut_short(rest, offset) {
                Some(damage) => Err(damage),
                None if offset > 0 => break,
                None => Err(DamageKind::NotDer { offset }),
            };
        };
        sort(element, found);
        rest = after;
        if let [b'\r' | b'\n', ..] = rest {
            rest = rest.trim_ascii_start();
        }
    }
    Ok(())
}

/// Tells a certificate that is cut short from bytes that are none: it says how long it is.
fn cut_short(bytes: &[u8], offset: usize) -> Option<DamageKind> {
    let [SEQUENCE, length @ 0x82..=0x83, after @ ..] = bytes else { return None };
    let (octets, contents) = after.split_at_checked(usize::from(length & 0x7f))?;
    let inner = octets.iter().fold(0_u64, |sum, octet| sum << 8 | u64::from(*octet));
    let is_likely = matches!(contents, [] | [SEQUENCE | OBJECT_IDENTIFIER, ..]);
    let length = inner + 2 + u64::try_from(octets.len()).ok()?;
    is_likely.then_some(DamageKind::CutShort { offset, length, there: bytes.len() })
}

fn sort(outer: Element<'_>, found: &mut Found) {
    let parts: Vec<Element<'_>> = elements(outer.value).take(8).collect();
    let tags: Vec<u8> = parts.iter().map(|part| part.tag).collect();
    let first = parts.first().map_or(&[][..], |part| part.value);
    let other = match tags.as_slice() {
        [OBJECT_IDENTIFIER, CONTEXT_0] if first == SIGNED_DATA => {
            let before = found.certificates.len();
            found.certificates.extend(of_signed_data(&parts));
            if found.certificates.len() > before {
                return;
            }
            Content::EmptyPkcs7
        }
        [SEQUENCE, SEQUENCE, BIT_STRING] => match signed(first) {
            Some(other) => other,
            None => {
                found.certificates.push(CertificateDer::from(outer.whole.to_vec()));
                return;
            }
        },
        [SEQUENCE, BIT_STRING] | [INTEGER, INTEGER] => Content::PublicKey,
        [SEQUENCE, OCTET_STRING] => Content::PrivateKey,
        [INTEGER, SEQUENCE, OCTET_STRING, ..] | [INTEGER, OCTET_STRING, ..] => Content::PrivateKey,
        [INTEGER, INTEGER, INTEGER, ..] => Content::PrivateKey,
        _ => Content::Unknown,
    };
    found.leave(other, None);
}

/// Tells a request and a revocation list from a certificate; all three are signed alike.
fn signed(to_be_signed: &[u8]) -> Option<Content> {
    let tags: Vec<u8> = elements(to_be_signed).take(6).map(|part| part.tag).collect();
    const TIMES: [u8; 2] = [0x17, 0x18];
    match tags.as_slice() {
        [INTEGER, SEQUENCE, SEQUENCE] | [INTEGER, SEQUENCE, SEQUENCE, CONTEXT_0] => {
            Some(Content::Request)
        }
        [INTEGER, SEQUENCE, SEQUENCE, time, ..] | [SEQUENCE, SEQUENCE, time, ..]
            if TIMES.contains(time) =>
        {
            Some(Content::RevocationList)
        }
        _ => None,
    }
}

/// Returns the certificates of `SignedData` (RFC 5652, section 5.1) in their order.
fn of_signed_data(content_info: &[Element<'_>]) -> Vec<CertificateDer<'static>> {
    let signed_data = content_info.get(1).and_then(|explicit| element(explicit.value));
    let Some((signed_data, _)) = signed_data else {
        return Vec::new();
    };
    let mut parts =
        elements(signed_data.value).skip_while(|part| matches!(part.tag, INTEGER | SET));
    let certificates = parts.nth(1).filter(|part| part.tag == CONTEXT_0);
    certificates
        .iter()
        .flat_map(|set| elements(set.value))
        .filter(|part| part.tag == SEQUENCE)
        .map(|part| CertificateDer::from(part.whole.to_vec()))
        .collect()
}

fn elements(mut bytes: &[u8]) -> impl Iterator<Item = Element<'_>> {
    std::iter::from_fn(move || {
        let (element, rest) = element(bytes)?;
        bytes = rest;
        Some(element)
    })
}

/// Splits the first element off. Lengths are definite and of at most four octets, or indefinite, as some CAs write them.
fn element(bytes: &[u8]) -> Option<(Element<'_>, &[u8])> {
    element_within(bytes, DEEPEST)
}

/// How deep elements of indefinite length may be in each other.
const DEEPEST: usize = 16;

fn element_within(bytes: &[u8], levels: usize) -> Option<(Element<'_>, &[u8])> {
    let (&[tag, length], after) = bytes.split_first_chunk::<2>()?;
    let (value, rest) = match length {
        0..=0x7f => after.split_at_checked(usize::from(length))?,
        0x80 => indefinite(after, levels.checked_sub(1)?)?,
        0x81..=0x84 => {
            let (octets, contents) = after.split_at_checked(usize::from(length & 0x7f))?;
            let length = octets.iter().fold(0_u64, |sum, octet| sum << 8 | u64::from(*octet));
            contents.split_at_checked(usize::try_from(length).ok()?)?
        }
        _ => return None,
    };
    let (whole, _) = bytes.split_at_checked(bytes.len() - rest.len())?;
    Some((Element { tag, value, whole }, rest))
}

/// Splits at the end-of-contents octets (X.690, section 8.1.3.6), which are in neither part.
fn indefinite(contents: &[u8], levels: usize) -> Option<(&[u8], &[u8])> {
    let mut rest = contents;
    loop {
        if let [0, 0, after @ ..] = rest {
            let (value, _) = contents.split_at_checked(contents.len() - rest.len())?;
            return Some((value, after));
        }
        (_, rest) = element_within(rest, levels)?;
    }
}
