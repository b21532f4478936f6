//! The stores that are compared, opened as far as Java trusts by them.

use std::ffi::OsStr;
use std::path::Path;

use java_keystore::{KeyStore, Password};

use crate::cli::StorePassword;
use crate::commands::trust::opening::{TrustError, load, load_bytes, password, read};
use crate::settings::Surroundings;

/// How the stores are opened: where they are looked for, and with which password.
pub(super) struct Access<'a> {
    surroundings: &'a Surroundings,
    password: Option<Password>,
}

impl<'a> Access<'a> {
    pub(super) fn of(
        options: &StorePassword,
        surroundings: &'a Surroundings,
    ) -> Result<Self, TrustError> {
        Ok(Self { surroundings, password: password(options, surroundings)? })
    }

    /// Opens a store that is only read: a password is for what is encrypted, and may be another store's.
    pub(super) fn open(&self, store: &OsStr) -> Result<KeyStore, TrustError> {
        let path = self.surroundings.absolute(Path::new(store));
        let bare = load(&path, None)?;
        if !bare.has_closed_part() {
            return Ok(bare);
        }
        crate::commands::trust::opening::load_whole(&path, self.password.clone())
    }

    /// Returns the password that the new store is written with; none: it has none, or the usual one.
    pub(super) fn of_new(&self, store: &OsStr) -> Result<Option<Password>, TrustError> {
        let bytes = load_bytes(&self.surroundings.absolute(Path::new(store)))?;
        let fits = |password: &Password| read(&bytes, Some(password)).is_ok();
        let usual = crate::commands::trust::opening::usual_password();
        let is_anothers = self.password.as_ref().is_some_and(|named| !fits(named));
        Ok(self.password.clone().filter(|_| !(is_anothers && fits(&usual))))
    }
}
