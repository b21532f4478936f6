//! From the key store to the keys that Java may show, or to why it makes no TLS context.

use java_keystore::{Entry, EntryKind, KeyStore, Password, PrivateKey};
use java_pkix::Rules;

use super::anchors::{Opening, StoreFailure, StoreTrouble};
use super::client_key::ClientKey;
use super::identity::{ClientKeys, KeyManager};
use crate::settings::{KeyStoreChoice, Settings};

/// Opens the key store as Java does when it makes its default `SSLContext`: `SunX509` unseals every key at once, `PKIX`
/// one that it is about to show.
///
/// # Errors
///
/// Says why Java could not read the store, or not unseal a key.
pub(super) fn open_key_store(
    choice: &KeyStoreChoice,
    settings: &Settings,
    rules: &Rules,
) -> Result<ClientKeys, Box<StoreFailure>> {
    let password = choice.password.as_ref().map(|password| &password.value);
    let found_at = settings.seen.absolute(&choice.file.value);
    let opening = Opening {
        path: Some(&choice.file.value),
        found_at: Some(&found_at),
        kind_name: &choice.kind.value,
        provider: None,
        password,
    };
    let opened = opening.open(settings, rules)?;
    let missing = |bytes: &[u8]| opening.failure(bytes, StoreTrouble::PasswordMissing);
    let (store, bytes) = opened.ok_or_else(|| missing(&[]))?;
    let manager = key_manager(settings, rules);
    let profile = rules.profile();
    let Some(password) = password else {
        let is_key = |entry: &Entry| matches!(entry.kind, EntryKind::PrivateKey(_));
        let has_keys = store.entries().iter().any(is_key);
        let none = ClientKeys { manager, keys: Vec::new() };
        return if has_keys { Err(missing(&bytes)) } else { Ok(none) };
    };
    let keys = match (manager, store.private_keys(password)) {
        (_, Ok(keys)) => keys.into_iter().map(|(entry, key)| (entry, Some(key))).collect(),
        (KeyManager::Pkix, Err(_)) => unsealed_one_by_one(&store, password),
        (KeyManager::SunX509 | KeyManager::CheckingSunX509, Err((alias, error))) => {
            return Err(opening.failure(&bytes, StoreTrouble::Key { alias, error }));
        }
    };
    let keys = keys.iter().filter_map(|(entry, key)| {
        ClientKey::new(&entry.alias, entry.certificates(), key.as_ref(), profile)
    });
    let keys = ClientKeys { manager, keys: keys.collect() };
    match keys.of_unknown_algorithm(rules) {
        Some((alias, name)) if manager != KeyManager::Pkix => {
            let trouble = StoreTrouble::KeyAlgorithm { alias, name };
            Err(opening.failure(&bytes, trouble))
        }
        _ => Ok(keys),
    }
}

fn unsealed_one_by_one<'s>(
    store: &'s KeyStore,
    password: &Password,
) -> Vec<(&'s Entry, Option<PrivateKey>)> {
    let keys = store
        .entries()
        .iter()
        .filter(|entry| entry.trusted && matches!(entry.kind, EntryKind::PrivateKey(_)));
    keys.map(|entry| (entry, store.private_key(&entry.alias, password).ok())).collect()
}

/// Returns who chooses among the keys. 26 checks the certificates unless it is told not to.
fn key_manager(settings: &Settings, rules: &Rules) -> KeyManager {
    let algorithm = settings.security.value("ssl.KeyManagerFactory.algorithm");
    let checks = !settings.properties.is_false("jdk.tls.SunX509KeyManager.certChecking");
    match algorithm.as_deref() {
        Some(name)
            if name.eq_ignore_ascii_case("PKIX") || name.eq_ignore_ascii_case("NewSunX509") =>
        {
            KeyManager::Pkix
        }
        _ if rules.recorded_as().feature >= 26 && checks => KeyManager::CheckingSunX509,
        _ => KeyManager::SunX509,
    }
}
