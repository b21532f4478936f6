//! Changing a store: opened under a lock, changed in memory, proven to open again, and only then put in its place.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use java_keystore::file::{FileError, FileErrorKind, Updated, Writing, update};
use java_keystore::{Alias, Format, KeyStore, Password, Timestamp};
use pki_types::CertificateDer;

use super::listed;
use super::opening::{Opened, StoreError, TrustError, open, read, usual_password};
use crate::certificates::fingerprint;
use crate::cli::WriteOptions;
use crate::report::{CertificateSkipped, EntryChanged, SCHEMA, TrustChange};
use crate::settings::{ManagedStore, Surroundings};

/// A change of a store, before it is made.
pub(in crate::commands) struct Edit<'a> {
    /// The verb, for the report.
    pub(in crate::commands) verb: &'static str,
    pub(in crate::commands) store: &'a OsStr,
    /// The password that was named, if one was.
    pub(in crate::commands) password: Option<Password>,
    pub(in crate::commands) writing: &'a WriteOptions,
    pub(in crate::commands) absent: Absent,
    pub(in crate::commands) surroundings: &'a Surroundings,
}

/// What becomes of a change where there is no store.
pub(in crate::commands) enum Absent {
    /// It begins with an empty one.
    Fresh(Format),
    /// It is refused; behind that stands what helps, if anything does.
    Refused(&'static str),
}

/// What `file::update` asks for: a file error inside it is one of writing.
enum EditError {
    Trust(TrustError),
    File(FileError),
}

impl From<FileError> for EditError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

/// Puts what `change` makes of the bytes of a file into its place, as the options say; none leaves it as it is.
pub(in crate::commands) fn put(
    path: &Path,
    writing: &WriteOptions,
    surroundings: &Surroundings,
    change: impl FnOnce(Option<&[u8]>) -> Result<Option<Vec<u8>>, TrustError>,
) -> Result<Updated, TrustError> {
    let backup = (!writing.no_backup).then(|| created_now(surroundings));
    let how = Writing { backup, in_place: writing.in_place, ..Writing::default() };
    let mut was_read = false;
    let updated = update(path, &how, |bytes| {
        was_read = true;
        let new = change(bytes).map_err(EditError::Trust)?;
        if new.is_some() {
            check_managed(path, writing).map_err(EditError::Trust)?;
        }
        Ok(new.filter(|_| !writing.dry_run))
    });
    updated.map_err(|error| match error {
        EditError::Trust(error) => error,
        EditError::File(error) if !was_read && !is_locked(&error) => TrustError::Unreadable(error),
        EditError::File(error) => TrustError::Unwritable(error),
    })
}

impl Edit<'_> {
    /// Makes the change: `change` works on the store in memory and tells what it did. The store is written if it added or
    /// removed anything, and is proven to open again before it takes the old one's place.
    pub(in crate::commands) fn make(
        self,
        change: impl FnOnce(&mut KeyStore, &mut TrustChange) -> Result<(), StoreError>,
    ) -> Result<TrustChange, TrustError> {
        let path = self.surroundings.absolute(Path::new(self.store));
        let (writing, surroundings) = (self.writing, self.surroundings);
        let mut told = TrustChange::new(SCHEMA, self.verb, &path, writing.dry_run);
        let updated = put(&path, writing, surroundings, |bytes| {
            self.change(bytes, &mut told, change)
                .map_err(|error| TrustError::Store { path: path.clone(), error })
        })?;
        told.backup = updated.backup.map(|at| at.display().to_string());
        if !told.added.is_empty() {
            told.notes.extend(managed(&path).map(|managed| managed.to_string()));
        }
        Ok(told)
    }

    /// Returns the store's new bytes; none if it stays as it is.
    fn change(
        self,
        bytes: Option<&[u8]>,
        told: &mut TrustChange,
        change: impl FnOnce(&mut KeyStore, &mut TrustChange) -> Result<(), StoreError>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let Opened { mut store, password } = match (bytes, self.absent) {
            (Some(bytes), _) => open(bytes, self.password)?,
            (None, Absent::Fresh(format)) => of_fresh(KeyStore::new(format), self.password),
            (None, Absent::Refused(remedy)) => return Err(StoreError::Absent(remedy)),
        };
        told.format = store.format().name();
        change(&mut store, told)?;
        told.changed = !(told.added.is_empty() && told.removed.is_empty());
        if !told.changed {
            return Ok(None);
        }
        if store.is_encrypted() {
            told.notes.push(ENCRYPTED.to_owned());
        }
        let bytes = store.write(password.as_ref())?;
        // What reads the bytes takes the room that the store had.
        drop(store);
        proven(bytes, password.as_ref()).map(Some)
    }
}

const ENCRYPTED: &str = "the certificates in this store are encrypted: Java sees none of them, and does not \
                         say so, unless it is told the password (-Djavax.net.ssl.trustStorePassword=...)";

/// Returns a store's new bytes once they were read again, before anybody else does.
pub(in crate::commands) fn proven(
    bytes: Vec<u8>,
    password: Option<&Password>,
) -> Result<Vec<u8>, StoreError> {
    read(&bytes, password)?;
    Ok(bytes)
}

fn of_fresh(store: KeyStore, password: Option<Password>) -> Opened {
    let password = match password {
        None if store.needs_password() => Some(usual_password()),
        named => named,
    };
    Opened { store, password }
}

/// Tells whether the distribution's own tools write a store.
fn managed(path: &Path) -> Option<ManagedStore> {
    let resolved = fs::canonicalize(path).unwrap_or_else(|_absent| path.to_owned());
    ManagedStore::of(&resolved, Path::exists)
}

/// Refuses to write what the distribution's own tools will write over.
fn check_managed(path: &Path, writing: &WriteOptions) -> Result<(), TrustError> {
    match managed(path) {
        Some(managed) if managed.is_written_anew() && !writing.even_if_managed => {
            let refused = format!("{managed}; --even-if-managed writes here all the same");
            let error = StoreError::Refused(refused);
            Err(TrustError::Store { path: path.to_owned(), error })
        }
        Some(_) | None => Ok(()),
    }
}

fn is_locked(error: &FileError) -> bool {
    matches!(error.kind, FileErrorKind::Locked { .. })
}

/// Names an entry that was added, removed or left as it was.
pub(in crate::commands) fn changed(alias: &str, certificate: &CertificateDer<'_>) -> EntryChanged {
    let listed = listed(certificate);
    let (subject, not_after) =
        listed.contents.map(|contents| (contents.subject, contents.not_after)).unzip();
    EntryChanged { alias: alias.to_owned(), sha256: listed.sha256, subject, not_after }
}

/// Names a certificate that is not taken.
pub(in crate::commands) fn skipped(
    certificate: &CertificateDer<'_>,
    why: String,
) -> CertificateSkipped {
    let listed = listed(certificate);
    let subject = listed.contents.map_or_else(|| "?".to_owned(), |contents| contents.subject);
    CertificateSkipped { subject, sha256: listed.sha256, why }
}

/// Returns an alias, with the beginning of the certificate's fingerprint if another one has it.
pub(in crate::commands) fn free_alias(
    alias: Alias,
    certificate: &CertificateDer<'_>,
    is_taken: impl Fn(&Alias) -> bool,
) -> Alias {
    let digits = fingerprint(certificate);
    let short: String = digits.chars().take(8).collect();
    let [short, long] = [short, digits].map(|digits| Alias::new(&format!("{alias}-{digits}")));
    [alias, short].into_iter().find(|name| !is_taken(name)).unwrap_or(long)
}

/// JKS is what every release reads without a password; PKCS12 only if the name asks for it.
pub(in crate::commands) fn new_format(path: &Path) -> Format {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "p12" | "pfx" | "pkcs12" => Format::Pkcs12,
        _ => Format::Jks,
    }
}

/// Returns the seconds since 1970-01-01T00:00:00Z.
pub(in crate::commands) fn seconds(surroundings: &Surroundings) -> i64 {
    surroundings.milliseconds().div_euclid(1000)
}

/// Returns the date of an entry that is made now.
pub(in crate::commands) fn created_now(surroundings: &Surroundings) -> Timestamp {
    Timestamp(seconds(surroundings).saturating_mul(1000))
}
