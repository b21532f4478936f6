//! What a store's bytes are, whatever password there is.

use std::fmt;

use java_keystore::{Entry, KeyStore, Password};

use crate::settings::USUAL_PASSWORD;

/// What is encrypted in a store and was not opened for want of a password.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Closed {
    /// How many trusted certificates the usual password shows; none where it does not fit.
    pub(crate) certificates: Option<usize>,
}

impl Closed {
    /// Looks into a store's bytes with the usual password; none if the store is open without any.
    pub(crate) fn of(store: &KeyStore, bytes: &[u8]) -> Option<Self> {
        if !store.has_closed_part() {
            return None;
        }
        let opened = KeyStore::read(bytes, Some(&Password::new(USUAL_PASSWORD))).ok();
        let certificates = opened
            .map(|opened| opened.entries().iter().filter_map(Entry::trusted_certificate).count());
        Some(Self { certificates })
    }

    /// Says what is in the closed part: `3 encrypted certificates`.
    pub(crate) fn contents(self) -> String {
        match self.certificates {
            Some(1) => "1 encrypted certificate (the usual password opens it)".to_owned(),
            Some(count) => {
                format!("{count} encrypted certificates (the usual password opens them)")
            }
            None => "encrypted certificates".to_owned(),
        }
    }
}

/// What a store is like that is whole but for its password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Shape {
    text: String,
    /// Whether certificates are encrypted: a wrong password then shows before the MAC is looked at.
    pub(crate) is_encrypted: bool,
}

impl Shape {
    /// Describes a store: `well-formed JKS v2, 3 entries`; none where it is damaged.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let store = KeyStore::read(bytes, None).ok()?;
        let name = store.format().name();
        let is_encrypted = store.has_closed_part();
        let contents = match (store.entries().len(), is_encrypted) {
            (_, true) => "its certificates encrypted".to_owned(),
            (1, false) => "1 entry".to_owned(),
            (count, false) => format!("{count} entries"),
        };
        let version = store.version().map(|version| format!(" v{version}")).unwrap_or_default();
        Some(Self { text: format!("well-formed {name}{version}, {contents}"), is_encrypted })
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
