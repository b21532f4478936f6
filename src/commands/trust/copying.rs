//! Trusted certificates copied from one store into a new one of another type.

use std::collections::HashMap;
use std::path::Path;

use java_keystore::{Alias, Entry, Format, KeyStore, Password, Timestamp};
use pki_types::CertificateDer;

use super::editing::{changed, free_alias, skipped};
use super::opening::{Opened, StoreError, TrustError, load_opened, load_whole};
use crate::cli::StoreType;
use crate::report::{CertificateSkipped, TrustChange};

/// Loads a store to be copied; with its password, if the new one is to have that.
pub(super) fn load(
    from: &Path,
    named: Option<Password>,
    to: StoreType,
) -> Result<Opened, TrustError> {
    if to == StoreType::Pkcs12Passwordless {
        return load_whole(from, named).map(|store| Opened { store, password: None });
    }
    load_opened(from, named)
}

/// Makes an empty store.
pub(super) fn new_store(kind: StoreType) -> KeyStore {
    match kind {
        StoreType::Jks => KeyStore::new(Format::Jks),
        StoreType::Jceks => KeyStore::new(Format::Jceks),
        StoreType::Pkcs12Passwordless => KeyStore::new(Format::Pkcs12),
        StoreType::Pkcs12 => KeyStore::encrypted_pkcs12(),
    }
}

/// What else must be told to a Java that is to use a store of this type.
pub(super) fn caveat(kind: StoreType) -> Option<&'static str> {
    match kind {
        StoreType::Jks | StoreType::Pkcs12Passwordless => None,
        StoreType::Pkcs12 => Some(
            "Java finds nothing in an encrypted PKCS12 store unless it is told the password: \
             -Djavax.net.ssl.trustStorePassword=…",
        ),
        StoreType::Jceks => Some(
            "Java opens a JCEKS store only if it is told the type: -Djavax.net.ssl.trustStoreType=JCEKS",
        ),
    }
}

/// Copies the trusted certificates with their aliases and dates, and tells what stays behind. A certificate whose alias Java
/// could not find becomes one that it trusts. `date` is the date of those that have none.
pub(super) fn copy(
    from: &KeyStore,
    to: &mut KeyStore,
    date: impl Fn(&CertificateDer<'static>) -> Timestamp,
    told: &mut TrustChange,
) -> Result<(), StoreError> {
    let mut taken: HashMap<Alias, CertificateDer<'static>> = HashMap::new();
    // Those that Java finds keep their aliases; the others take what is left.
    let (found, lost): (Vec<&Entry>, Vec<&Entry>) =
        from.entries().iter().partition(|entry| entry.trusted);
    for entry in found.into_iter().chain(lost) {
        let Some(certificate) = entry.trusted_certificate() else {
            told.skipped.push(key_left(entry));
            continue;
        };
        let alias = Alias::new(&entry.alias);
        if taken.get(&alias) == Some(certificate) {
            continue;
        }
        let alias = free_alias(alias, certificate, |name| taken.contains_key(name));
        if !entry.trusted {
            told.notes.push(format!(
                "{:?} was not to be found by Java; as \"{alias}\" it is, and Java trusts it",
                entry.alias
            ));
        }
        to.trust(&alias, certificate, entry.created.unwrap_or_else(|| date(certificate)))?;
        told.added.push(changed(alias.as_str(), certificate));
        taken.insert(alias, certificate.clone());
    }
    told.skipped.extend(from.unseen().iter().map(|unseen| {
        let why =
            "Java does not see it in the old store; `sslpoke trust add` puts it into the new one";
        skipped(&unseen.certificate, why.to_owned())
    }));
    let hidden = from.displaced().iter().filter_map(Entry::trusted_certificate);
    told.skipped.extend(hidden.map(|certificate| {
        let why = "another entry of the same alias hides it from Java in the old store";
        skipped(certificate, why.to_owned())
    }));
    Ok(())
}

fn key_left(entry: &Entry) -> CertificateSkipped {
    let alias = &entry.alias;
    match entry.certificates().first() {
        Some(first) => skipped(
            first,
            format!(
                "it is that of the private key {alias:?}, which stays behind; Java trusted it, too"
            ),
        ),
        None => CertificateSkipped {
            subject: alias.clone(),
            sha256: String::new(),
            why: "it is a key and stays behind".to_owned(),
        },
    }
}
