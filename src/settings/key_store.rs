//! The key store for a client certificate: none unless a property names one.

use std::fmt;
use std::path::PathBuf;

use java_keystore::Password;

use super::{Settings, Sourced};

/// The property that names the key store.
pub(crate) const KEY_STORE: &str = "javax.net.ssl.keyStore";
const KEY_STORE_TYPE: &str = "javax.net.ssl.keyStoreType";
const KEY_STORE_PASSWORD: &str = "javax.net.ssl.keyStorePassword";

/// The key store that Java would read, and how. Unlike a trust store it must be there.
pub(crate) struct KeyStoreChoice {
    pub(crate) file: Sourced<PathBuf>,
    pub(crate) kind: Sourced<String>,
    pub(crate) password: Option<Sourced<Password>>,
}

impl Settings {
    /// Returns the key store that Java would read; `NONE` and an empty name are none.
    pub(crate) fn key_store(&self) -> Option<KeyStoreChoice> {
        let file = self.properties.sourced(KEY_STORE)?;
        if file.value.is_empty() || file.value == "NONE" {
            return None;
        }
        let kind = self.properties.sourced(KEY_STORE_TYPE).filter(|kind| !kind.value.is_empty());
        let kind = kind.map(|kind| Sourced::new(kind.value.to_owned(), kind.source));
        Some(KeyStoreChoice {
            file: Sourced::new(file.value.into(), file.source),
            kind: kind.unwrap_or_else(|| self.default_store_type()),
            password: self.password_property(KEY_STORE_PASSWORD),
        })
    }
}

/// It has no derived `Debug`: a password must not be logged.
impl fmt::Debug for KeyStoreChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyStoreChoice").field("file", &self.file).finish_non_exhaustive()
    }
}
