//! Reads and writes Java's key stores: JKS, JCEKS and PKCS12.
//!
//! ```text
//! bytes ──▶ KeyStore::read ──▶ KeyStore ──▶ KeyStore::write ──▶ bytes
//! ```
//!
//! Reading what was written gives the same store, and entries that were not touched keep their bytes. [`mod@file`] alone looks at
//! the disk: a store on disk is always the old one or the new one, whole.
//!
//! Adding a root:
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use java_keystore::{Alias, Format, KeyStore, Password, Timestamp};
//!
//! let password = Password::new("changeit");
//! let root = pki_types::CertificateDer::from(vec![0x30, 0]);
//! let mut store = KeyStore::new(Format::Jks);
//! store.trust(&Alias::new("Corp-Root"), &root, Timestamp(1_795_348_800_000))?;
//! let bytes = store.write(Some(&password))?;
//! let read = KeyStore::read(&bytes, Some(&password))?;
//! assert_eq!(read.entries()[0].alias, "corp-root");
//! # Ok(())
//! # }
//! ```

mod alias;
mod cursor;
mod der;
mod entry;
mod error;
pub mod file;
mod format;
mod jks;
mod kdf;
mod key_store;
mod listing;
mod modified_utf8;
mod oid;
mod password;
mod pkcs12;
mod private_key;

pub use alias::Alias;
pub use entry::{Entry, EntryKind, NewerJava, Timestamp, Unseen, Untrusted};
pub use error::{ReadError, ReadErrorKind, WriteError};
pub use format::{Format, Lookalike};
pub use key_store::KeyStore;
pub use password::Password;
pub use private_key::{KeyError, PrivateKey};
