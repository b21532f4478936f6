//! Writing PKCS12 as it was found.

use std::borrow::Cow;

use super::mac::Mac;
use super::safe::Safe;
use crate::der::{self, Head, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};
use crate::error::WriteError;
use crate::oid;
use crate::password::Password;

/// Writes a store's parts, those that did not change byte for byte, and a MAC over them if there was one.
pub(super) fn write(
    safes: &[Safe],
    mac: Option<&Mac>,
    password: Option<&Password>,
) -> Result<Vec<u8>, WriteError> {
    let parts: Vec<Part<'_>> =
        safes.iter().map(|safe| part(safe, password)).collect::<Result<_, _>>()?;
    let length = parts.iter().map(|part| part.head.len() + part.content.len()).sum();
    let mut authenticated = Head::of(length).within(SEQUENCE).start();
    for part in &parts {
        part.head.write(&mut authenticated);
        authenticated.extend_from_slice(&part.content);
    }
    drop(parts);
    let mac = mac.map(|mac| {
        let password = password.ok_or(WriteError::PasswordMissing)?;
        mac.renew(&authenticated, password)
    });
    let mac = mac.transpose()?.unwrap_or_default();
    let head = data(Head::of(authenticated.len())).after(&der::integer(3));
    let mut whole = head.followed_by(mac.len()).within(SEQUENCE).start();
    whole.extend_from_slice(&authenticated);
    whole.extend_from_slice(&mac);
    Ok(whole)
}

/// A `ContentInfo`.
struct Part<'a> {
    head: Head,
    content: Cow<'a, [u8]>,
}

fn part<'a>(safe: &'a Safe, password: Option<&Password>) -> Result<Part<'a>, WriteError> {
    if let Some(found) = &safe.found {
        return Ok(Part { head: Head::of(0), content: Cow::Borrowed(found) });
    }
    let length = safe.bags().map(|(_, bag)| bag.raw.len()).sum();
    let mut contents = Head::of(length).within(SEQUENCE).start();
    safe.bags().for_each(|(_, bag)| contents.extend_from_slice(&bag.raw));
    if !safe.protection.is_encrypted() {
        return Ok(Part { head: data(Head::of(contents.len())), content: Cow::Owned(contents) });
    }
    let password = password.ok_or(WriteError::PasswordMissing)?;
    let (algorithm, sealed) = safe.protection.renew(&contents, password)?;
    let head = Head::of(sealed.len())
        .within(0x80)
        .after(&algorithm)
        .after(&der::write(OBJECT_IDENTIFIER, oid::DATA))
        .within(SEQUENCE)
        .after(&der::integer(0))
        .within(SEQUENCE)
        .within(0xa0)
        .after(&der::write(OBJECT_IDENTIFIER, oid::ENCRYPTED_DATA))
        .within(SEQUENCE);
    Ok(Part { head, content: Cow::Owned(sealed) })
}

/// The head of a `ContentInfo` of plain data.
fn data(content: Head) -> Head {
    content
        .within(OCTET_STRING)
        .within(0xa0)
        .after(&der::write(OBJECT_IDENTIFIER, oid::DATA))
        .within(SEQUENCE)
}
