//! The outer structure of PKCS12 (RFC 7292, section 4).

use super::bag::Bag;
use super::mac::Mac;
use super::protection::Protection;
use super::{Content, Safe, oid};
use crate::der::{self, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, Sequence};
use crate::error::{ReadError, ReadErrorKind};
use crate::password::Password;

/// Reads a store's parts and its MAC; with a password the MAC is checked and what is encrypted opened.
pub(super) fn read(
    bytes: &[u8],
    password: Option<&Password>,
) -> Result<(Vec<Safe>, Option<Mac>), ReadError> {
    // The common case is DER; BER is converted first.
    match parse(bytes, password) {
        Err(ReadError { kind: ReadErrorKind::Malformed(_), .. }) => {}
        answer => return answer,
    }
    match der::definite(bytes) {
        Some(definite) if definite != bytes => parse(&definite, password),
        Some(_) | None => parse(bytes, password),
    }
}

fn parse(bytes: &[u8], password: Option<&Password>) -> Result<(Vec<Safe>, Option<Mac>), ReadError> {
    let mut pfx = Sequence::new(Sequence::new(bytes).next(SEQUENCE, "PFX")?.content);
    let version = pfx.next(INTEGER, "version")?;
    if der::number(version) != Some(3) {
        let version = der::number(version).and_then(|version| u32::try_from(version).ok());
        let kind = ReadErrorKind::UnknownVersion(version.unwrap_or(u32::MAX));
        return Err(ReadError { offset: 0, kind });
    }
    let mut content = Sequence::new(pfx.next(SEQUENCE, "authenticated safe")?.content);
    if content.next(OBJECT_IDENTIFIER, "content type")?.content != oid::DATA {
        return Err(content.error("password integrity"));
    }
    let authenticated = Sequence::new(content.next(0xa0, "content")?.content)
        .next(OCTET_STRING, "authenticated safe")?
        .content;
    let mac = match pfx.optional(SEQUENCE) {
        Some(value) => Some(Mac::read(value)?),
        None => None,
    };
    // Java opens the parts before it checks the MAC.
    let mut safes = Vec::new();
    let mut parts = Sequence::new(Sequence::new(authenticated).next(SEQUENCE, "parts")?.content);
    while !parts.is_at_end() {
        safes.push(safe(parts.next(SEQUENCE, "part")?, password)?);
    }
    if let (Some(mac), Some(password)) = (&mac, password)
        && !mac.fits(authenticated, password)?
    {
        return Err(ReadError { offset: 0, kind: ReadErrorKind::DigestMismatch });
    }
    Ok((safes, mac))
}

fn safe(value: der::Value<'_>, password: Option<&Password>) -> Result<Safe, ReadError> {
    let mut parts = Sequence::new(value.content);
    let kind = parts.next(OBJECT_IDENTIFIER, "content type")?.content;
    let found = value.whole.to_vec();
    match kind {
        oid::DATA => {
            let octets = Sequence::new(parts.next(0xa0, "content")?.content)
                .next(OCTET_STRING, "safe contents")?;
            let bags = bags(octets.content)?;
            Ok(Safe { protection: Protection::none(), content: Content::Found(found, bags) })
        }
        oid::ENCRYPTED_DATA => {
            let data = Sequence::new(parts.next(0xa0, "content")?.content)
                .next(SEQUENCE, "encrypted data")?;
            let mut data = Sequence::new(data.content);
            data.next(INTEGER, "version")?;
            let mut info = Sequence::new(data.next(SEQUENCE, "encrypted content")?.content);
            info.next(OBJECT_IDENTIFIER, "content type")?;
            let protection = Protection::read(info.next(SEQUENCE, "encryption algorithm")?)?;
            let sealed = encrypted_content(&mut info)?;
            let Some(password) = password else {
                return Ok(Safe { protection, content: Content::Closed(found) });
            };
            let opened = protection.open(&sealed, password)?;
            drop(sealed);
            let bags = bags(&opened).map_err(|_garbage| ReadError {
                offset: 0,
                kind: ReadErrorKind::DecryptionFailed,
            })?;
            Ok(Safe { protection, content: Content::Found(found, bags) })
        }
        // Public-key encryption: Java refuses the store; here it is kept closed.
        _ => Ok(Safe { protection: Protection::none(), content: Content::Closed(found) }),
    }
}

/// Reads the implicitly tagged octet string, whole or in pieces.
fn encrypted_content(info: &mut Sequence<'_>) -> Result<Vec<u8>, ReadError> {
    if let Some(whole) = info.optional(0x80) {
        return Ok(whole.content.to_vec());
    }
    let mut pieces = Sequence::new(info.next(0xa0, "encrypted octets")?.content);
    let mut joined = Vec::new();
    while !pieces.is_at_end() {
        joined.extend(pieces.next(OCTET_STRING, "encrypted octets")?.content);
    }
    Ok(joined)
}

fn bags(contents: &[u8]) -> Result<Vec<Bag>, ReadError> {
    let mut bags = Vec::new();
    let mut values =
        Sequence::new(Sequence::new(contents).next(SEQUENCE, "safe contents")?.content);
    while !values.is_at_end() {
        bags.push(Bag::read(values.next(SEQUENCE, "bag")?)?);
    }
    Ok(bags)
}
