//! Certificates in a key store: what it trusts, and the chains of its keys. The keys themselves are left alone.

use java_keystore::{EntryKind, Format, KeyStore, Password};

use super::{CertificatesError, Content, Damage, DamageKind, Found, der};

/// What opens a store that nobody gave a password of its own.
const USUAL_PASSWORDS: [&str; 2] = ["changeit", ""];

/// Returns whether `bytes` are a key store.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    match Format::of(bytes) {
        Some(Format::Jks | Format::Jceks) => true,
        Some(Format::Pkcs12) => der::is_pfx(bytes),
        None => false,
    }
}

/// Adds to `found` the certificates of a store.
pub(super) fn find(bytes: &[u8], found: &mut Found) -> Result<(), CertificatesError> {
    let store = open(bytes)?;
    for entry in store.entries() {
        match &entry.kind {
            EntryKind::TrustedCertificate(certificate) => {
                found.certificates.push(certificate.clone());
            }
            EntryKind::PrivateKey(chain) => {
                found.certificates.extend(chain.iter().cloned());
                found.leave(Content::PrivateKey, None);
            }
            EntryKind::SecretKey => {}
        }
    }
    let unseen = store.unseen().iter().map(|unseen| unseen.certificate.clone());
    found.certificates.extend(unseen);
    if found.certificates.is_empty() {
        found.leave(Content::EmptyKeyStore, None);
    }
    Ok(())
}

fn open(bytes: &[u8]) -> Result<KeyStore, CertificatesError> {
    let damaged = |error| CertificatesError::from(Damage::of_file(DamageKind::KeyStore(error)));
    let store = KeyStore::read(bytes, None).map_err(damaged)?;
    if !store.has_closed_part() {
        return Ok(store);
    }
    USUAL_PASSWORDS
        .into_iter()
        .filter_map(|password| KeyStore::read(bytes, Some(&Password::new(password))).ok())
        .find(|store| !store.has_closed_part())
        .ok_or(CertificatesError::Closed)
}
