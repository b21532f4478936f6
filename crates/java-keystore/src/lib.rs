//! Reads and writes Java's key stores: JKS, JCEKS and PKCS12.
//!
//! ```text
//! bytes ──▶ KeyStore::read ──▶ KeyStore ──▶ KeyStore::write ──▶ bytes
//! ```
//!
//! Reading what was written gives the same store, and entries that were not touched keep their bytes.

mod alias;
mod entry;
mod error;
mod key_store;
mod password;

pub use alias::Alias;
pub use entry::{Entry, EntryKind, Timestamp};
pub use error::{ReadError, ReadErrorKind};
pub use key_store::{Format, KeyStore};
pub use password::Password;
