//! The store itself: entries in the order of the file.

use pki_types::CertificateDer;

use crate::alias::Alias;
use crate::entry::{Entry, NewerJava, Timestamp, Unseen};
use crate::error::{ReadError, ReadErrorKind, WriteError};
use crate::format::Format;
use crate::jks::{JCEKS_MAGIC, JKS_MAGIC, JksStore};
use crate::password::Password;
use crate::pkcs12::Pkcs12Store;

/// A key store in memory. Entries keep the order of the file, untouched ones their bytes.
#[derive(Clone, Debug)]
pub struct KeyStore {
    format: Format,
    store: Store,
}

/// The store behind the format.
#[derive(Clone, Debug)]
enum Store {
    Jks(JksStore),
    Pkcs12(Pkcs12Store),
}

impl KeyStore {
    /// Makes an empty store: JKS or JCEKS, or PKCS12 without password, since Java finds nothing in an encrypted one
    /// unless it is told the password.
    pub fn new(format: Format) -> Self {
        let store = match format {
            Format::Jks => Store::Jks(JksStore::new(JKS_MAGIC)),
            Format::Jceks => Store::Jks(JksStore::new(JCEKS_MAGIC)),
            Format::Pkcs12 => Store::Pkcs12(Pkcs12Store::password_less()),
        };
        Self { format, store }
    }

    /// Makes an empty PKCS12 store that is written as keytool 11 and later write a new one: AES-256 over the certificates,
    /// a MAC with HMAC-SHA-256, 10,000 iterations. Java finds nothing in it unless it is told the password.
    pub fn encrypted_pkcs12() -> Self {
        Self { format: Format::Pkcs12, store: Store::Pkcs12(Pkcs12Store::encrypted()) }
    }

    /// Reads a store, whichever format it has. Without password nothing is checked, and what is encrypted stays unseen.
    ///
    /// # Errors
    ///
    /// Says what was wrong at which byte.
    pub fn read(bytes: &[u8], password: Option<&Password>) -> Result<Self, ReadError> {
        Self::read_as(Format::of(bytes).ok_or_else(unknown)?, bytes, password)
    }

    /// Reads a store that must have `format`.
    ///
    /// # Errors
    ///
    /// Says what was wrong at which byte.
    pub fn read_as(
        format: Format,
        bytes: &[u8],
        password: Option<&Password>,
    ) -> Result<Self, ReadError> {
        let store = match format {
            _ if Format::of(bytes) != Some(format) => return Err(unknown()),
            Format::Jks | Format::Jceks => Store::Jks(JksStore::read(bytes, password)?),
            Format::Pkcs12 => Store::Pkcs12(Pkcs12Store::read(bytes, password)?),
        };
        Ok(Self { format, store })
    }

    /// Returns the store's bytes, protected as it was found; JKS in version 2, as keytool would write it.
    ///
    /// # Errors
    ///
    /// Refuses what it cannot protect as it was, and a store with a digest or MAC if there is no password.
    pub fn write(&self, password: Option<&Password>) -> Result<Vec<u8>, WriteError> {
        match &self.store {
            Store::Jks(store) => store.write(password),
            Store::Pkcs12(store) => store.write(password),
        }
    }

    /// Trusts `certificate` under `alias`, in place of a trusted certificate of that name, be it in upper case in the file:
    /// Java finds it afterwards.
    ///
    /// PKCS12 keeps no date of a trusted certificate.
    ///
    /// # Errors
    ///
    /// Refuses where the certificates are encrypted and were not opened, and the name of a key in JKS or JCEKS.
    pub fn trust(
        &mut self,
        alias: &Alias,
        certificate: &CertificateDer<'static>,
        created: Timestamp,
    ) -> Result<(), WriteError> {
        match &mut self.store {
            Store::Jks(store) => store.trust(alias.as_str(), certificate, created),
            Store::Pkcs12(store) => store.trust(alias.as_str(), certificate),
        }
    }

    /// Removes the trusted certificate of that name, or else the first one in the file that has it in upper case; returns whether there was one.
    ///
    /// # Errors
    ///
    /// Refuses where the certificates are encrypted and were not opened.
    pub fn remove(&mut self, alias: &Alias) -> Result<bool, WriteError> {
        match &mut self.store {
            Store::Jks(store) => Ok(store.remove(alias.as_str())),
            Store::Pkcs12(store) => store.remove(alias.as_str()),
        }
    }

    /// Removes the PKCS12 bags that hold `certificate` and that Java does not list; returns whether there was one. Such bags
    /// are those of [`KeyStore::unseen`]; a certificate in a key's chain is no such bag.
    ///
    /// # Errors
    ///
    /// Refuses where the certificates are encrypted and were not opened.
    pub fn remove_unseen(&mut self, certificate: &CertificateDer<'_>) -> Result<bool, WriteError> {
        match &mut self.store {
            Store::Jks(_) => Ok(false),
            Store::Pkcs12(store) => store.remove_unseen(certificate),
        }
    }

    /// Returns the entries in the order of the file, as Java lists them.
    pub fn entries(&self) -> &[Entry] {
        match &self.store {
            Store::Jks(store) => store.entries(),
            Store::Pkcs12(store) => store.entries(),
        }
    }

    /// Returns the certificates that are in the file but that Java does not list: PKCS12 bags without `trustedKeyUsage`.
    pub fn unseen(&self) -> &[Unseen] {
        match &self.store {
            Store::Jks(_) => &[],
            Store::Pkcs12(store) => store.unseen(),
        }
    }

    /// Returns whether a part of the store is encrypted and was not opened for want of a password.
    pub fn has_closed_part(&self) -> bool {
        match &self.store {
            Store::Jks(_) => false,
            Store::Pkcs12(store) => store.has_closed_part(),
        }
    }

    /// Names what of the store only newer runtimes read, the most demanding first; none if all do.
    pub fn needs_newer_java(&self) -> Option<NewerJava> {
        match &self.store {
            Store::Jks(_) => None,
            Store::Pkcs12(store) => store.needs_newer_java(),
        }
    }

    /// Returns the format that the store was read from.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Describes in a few words how the store is protected: `digest`, `password-less`, `PBEWithHmacSHA256AndAES_256, HmacPBESHA256`.
    pub fn protection(&self) -> String {
        match &self.store {
            Store::Jks(_) => "digest".to_owned(),
            Store::Pkcs12(store) => store.protection(),
        }
    }

    /// Returns whether a store like this one cannot be written without password.
    pub fn needs_password(&self) -> bool {
        match &self.store {
            Store::Jks(_) => true,
            Store::Pkcs12(store) => store.protection() != "password-less",
        }
    }
}

fn unknown() -> ReadError {
    ReadError { offset: 0, kind: ReadErrorKind::UnknownFormat }
}
