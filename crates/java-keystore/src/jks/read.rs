//! Reading JKS and JCEKS.

use pki_types::CertificateDer;
use sha1::{Digest, Sha1};

use super::serialised;
use super::{Body, JCEKS_MAGIC, JksStore, PRIVATE_KEY, SECRET_KEY, Slot, TRUSTED_CERTIFICATE};
use super::{entry, write};
use crate::cursor::Cursor;
use crate::entry::{Entry, EntryKind, Timestamp};
use crate::error::{ReadError, ReadErrorKind};
use crate::modified_utf8;
use crate::password::Password;

impl JksStore {
    /// Reads a store; with a password its digest is checked.
    pub(crate) fn read(bytes: &[u8], password: Option<&Password>) -> Result<Self, ReadError> {
        let mut cursor = Cursor::new(bytes);
        let magic = cursor.u32()?;
        let version = cursor.u32()?;
        if version != 1 && version != 2 {
            return Err(ReadError { offset: 4, kind: ReadErrorKind::UnknownVersion(version) });
        }
        let count = cursor.u32()?;
        let mut store = Self { version, ..Self::new(magic) };
        // Java counts with a signed integer.
        let count = if count > 0x7fff_ffff { 0 } else { count };
        store.expect(count, bytes.len());
        for _ in 0..count {
            let (alias, slot, entry) = slot(&mut cursor, magic, version)?;
            store.put(alias, slot, entry);
        }
        if let Some(password) = password {
            let (covered, _) = bytes.split_at_checked(cursor.offset()).unwrap_or_default();
            let offset = cursor.offset();
            if cursor.take(20)? != digest(covered, password) {
                return Err(ReadError { offset, kind: ReadErrorKind::DigestMismatch });
            }
        }
        Ok(store)
    }
}

/// Returns the digest over a store's bytes.
pub(super) fn digest(covered: &[u8], password: &Password) -> Vec<u8> {
    let mut hash = Sha1::new();
    hash.update(password.utf16().as_slice());
    hash.update(b"Mighty Aphrodite");
    hash.update(covered);
    hash.finalize().to_vec()
}

fn slot(
    cursor: &mut Cursor<'_>,
    magic: u32,
    version: u32,
) -> Result<(Vec<u16>, Slot, Entry), ReadError> {
    let at = *cursor;
    let tag = cursor.u32()?;
    let is_known = tag == PRIVATE_KEY
        || tag == TRUSTED_CERTIFICATE
        || (tag == SECRET_KEY && magic == JCEKS_MAGIC);
    if !is_known {
        return Err(at.error(ReadErrorKind::UnknownEntry(tag)));
    }
    let alias_at = *cursor;
    let alias_bytes = cursor.string()?;
    let alias = modified_utf8::decode(alias_bytes)
        .map_err(|_offset| alias_at.error(ReadErrorKind::MalformedAlias))?;
    let created = Timestamp(cursor.i64()?);
    let before = *cursor;
    let (kind, rewritten) = body(cursor, tag, version)?;
    let length = cursor.offset().saturating_sub(before.offset());
    let raw = before.rest().get(..length).unwrap_or_default();
    let slot = Slot {
        alias: alias_bytes.to_vec(),
        created,
        tag,
        body: rewritten.unwrap_or_else(|| Body::of(raw, &kind)),
        displaced: Vec::new(),
    };
    let name = match str::from_utf8(alias_bytes) {
        Ok(ascii) if ascii.is_ascii() => ascii.to_owned(),
        Ok(_) | Err(_) => String::from_utf16_lossy(&alias),
    };
    let entry = entry(name, created, kind);
    Ok((alias, slot, entry))
}

/// Reads what follows the date; the second value is the form of version 2, where the file has version 1.
fn body(
    cursor: &mut Cursor<'_>,
    tag: u32,
    version: u32,
) -> Result<(EntryKind, Option<Body>), ReadError> {
    if tag == SECRET_KEY {
        serialised::skip(cursor)?;
        return Ok((EntryKind::SecretKey, None));
    }
    if tag == TRUSTED_CERTIFICATE {
        let certificate = certificate(cursor, version)?;
        let rewritten = (version == 1).then_some(Body::Shown);
        return Ok((EntryKind::TrustedCertificate(certificate), rewritten));
    }
    let sealed = cursor.block()?;
    let count = cursor.u32()?;
    let mut chain = Vec::new();
    // A negative count is no chain to Java.
    for _ in 0..(if count > 0x7fff_ffff { 0 } else { count }) {
        chain.push(certificate(cursor, version)?);
    }
    let rewritten = (version == 1).then(|| Body::Own(write::private_key(sealed, &chain)));
    Ok((EntryKind::PrivateKey(chain), rewritten))
}

fn certificate(
    cursor: &mut Cursor<'_>,
    version: u32,
) -> Result<CertificateDer<'static>, ReadError> {
    let at = *cursor;
    if version == 2 {
        let kind = cursor.string()?;
        if !kind.eq_ignore_ascii_case(b"X.509") && !kind.eq_ignore_ascii_case(b"X509") {
            return Err(at.error(ReadErrorKind::NoCertificate));
        }
    }
    Ok(certificate_in(cursor.block()?))
}

/// Finds the certificate in a block: DER with whatever behind it, or PEM; anything else is kept as it is.
fn certificate_in(block: &[u8]) -> CertificateDer<'static> {
    if block.starts_with(b"-----BEGIN")
        && let Ok(pem) = pem::parse(block)
    {
        return pem.into_contents().into();
    }
    let whole = crate::der::first(block).filter(|whole| whole.starts_with(&[0x30]));
    whole.unwrap_or(block).to_vec().into()
}
