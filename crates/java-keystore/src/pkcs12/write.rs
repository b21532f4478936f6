//! Writing PKCS12 as it was found.

use super::mac::Mac;
use super::oid;
use super::safe::Safe;
use crate::der::{self, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};
use crate::error::WriteError;
use crate::password::Password;

/// Writes a store's parts, those that did not change byte for byte, and a MAC over them if there was one.
pub(super) fn write(
    safes: &[Safe],
    mac: Option<&Mac>,
    password: Option<&Password>,
) -> Result<Vec<u8>, WriteError> {
    let mut parts = Vec::new();
    for safe in safes {
        if let Some(found) = &safe.found {
            parts.extend(found);
        } else {
            let raw: Vec<u8> = safe.bags().flat_map(|(_, bag)| bag.raw.iter().copied()).collect();
            parts.extend(part(safe, &der::write(SEQUENCE, &raw), password)?);
        }
    }
    let authenticated = der::write(SEQUENCE, &parts);
    let mut pfx = der::integer(3);
    pfx.extend(data(&authenticated));
    if let Some(mac) = mac {
        let password = password.ok_or(WriteError::PasswordMissing)?;
        pfx.extend(mac.renew(&authenticated, password)?);
    }
    Ok(der::write(SEQUENCE, &pfx))
}

fn part(safe: &Safe, contents: &[u8], password: Option<&Password>) -> Result<Vec<u8>, WriteError> {
    if !safe.protection.is_encrypted() {
        return Ok(data(contents));
    }
    let password = password.ok_or(WriteError::PasswordMissing)?;
    let (algorithm, sealed) = safe.protection.renew(contents, password)?;
    let info = der::sequence(&[
        &der::write(OBJECT_IDENTIFIER, oid::DATA),
        &algorithm,
        &der::write(0x80, &sealed),
    ]);
    let encrypted = der::sequence(&[&der::integer(0), &info]);
    let identifier = der::write(OBJECT_IDENTIFIER, oid::ENCRYPTED_DATA);
    Ok(der::sequence(&[&identifier, &der::write(0xa0, &encrypted)]))
}

/// Writes a `ContentInfo` of plain data.
fn data(content: &[u8]) -> Vec<u8> {
    let octets = der::write(0xa0, &der::write(OCTET_STRING, content));
    der::sequence(&[&der::write(OBJECT_IDENTIFIER, oid::DATA), &octets])
}
