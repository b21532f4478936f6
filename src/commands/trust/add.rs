//! `trust add`: a store with one root more, or as it was.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use java_keystore::file::{FileError, update};
use java_keystore::{Alias, EntryKind, Format, KeyStore, Password, Timestamp, WriteError};
use pki_types::CertificateDer;

use super::sieve::{Wanted, sift};
use super::{StoreError, listed};
use crate::certificates::{self, CertificatesError};
use crate::cli::TrustAddArgs;
use crate::report::{CertificateSkipped, EntryChanged, Exit, Report, SCHEMA, TrustChange};
use crate::settings::{SettingsError, Surroundings, store_password};

/// The password of a store whose owner gave it none of his own.
const USUAL_PASSWORD: &str = "changeit";

/// Why nothing was added.
#[derive(Debug, thiserror::Error)]
enum AddError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error("--alias names one entry, but there are {0} certificates to add")]
    OneAlias(usize),
    #[error("{path}: {error}", path = path.display())]
    Certificates { path: PathBuf, error: CertificatesError },
    #[error(transparent)]
    File(FileError),
    #[error(transparent)]
    Unwritable(FileError),
    #[error("there is no such store; --create makes one")]
    Absent,
    #[error(transparent)]
    Store(StoreError),
    #[error(
        "the store's password is wanted, and the usual one, `changeit`, does not fit; \
         name it with --storepass-file, --storepass-env or --storepass-stdin"
    )]
    PasswordWanted,
    #[error(
        "the alias {alias} belongs to another certificate (SHA-256 {sha256}); \
         choose another with --alias, or put this one in its place with --replace"
    )]
    Taken { alias: String, sha256: String },
    #[error("the alias {alias} belongs to a private key; choose another with --alias")]
    TakenByKey { alias: String },
    #[error("the store cannot be written: {0}")]
    Write(#[from] WriteError),
}

/// What an update asks for; a file error inside it is one of writing.
impl From<FileError> for AddError {
    fn from(error: FileError) -> Self {
        Self::Unwritable(error)
    }
}

impl AddError {
    fn exit(&self) -> Exit {
        match self {
            Self::OneAlias(_) => Exit::Usage,
            Self::Settings(_)
            | Self::Certificates { .. }
            | Self::File(_)
            | Self::Absent
            | Self::Store(_)
            | Self::PasswordWanted => Exit::Unreadable,
            Self::Unwritable(_) | Self::Taken { .. } | Self::TakenByKey { .. } | Self::Write(_) => {
                Exit::NotWritten
            }
        }
    }

    fn is_about_the_store(&self) -> bool {
        !matches!(
            self,
            Self::Settings(_)
                | Self::OneAlias(_)
                | Self::Certificates { .. }
                | Self::File(_)
                | Self::Unwritable(_)
        )
    }
}

pub(super) fn run(args: &TrustAddArgs, surroundings: &Surroundings) -> Report {
    match add(args, surroundings) {
        Ok(change) => Report::TrustChange(change),
        Err(error) if error.is_about_the_store() => Report::Unasked {
            error: format!("{}: {error}", Path::new(&args.to).display()),
            exit: error.exit(),
        },
        Err(error) => Report::unasked(&error, error.exit()),
    }
}

fn add(args: &TrustAddArgs, surroundings: &Surroundings) -> Result<TrustChange, AddError> {
    let since = surroundings.now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    let (wanted, skipped) = gather(args, surroundings, now)?;
    if args.alias.is_some() && wanted.len() > 1 {
        return Err(AddError::OneAlias(wanted.len()));
    }
    let password = store_password(&args.password, surroundings)?;
    let mut adding = Adding {
        args,
        password: password.map(|password| password.value),
        created: Timestamp(now.saturating_mul(1000)),
        change: TrustChange {
            schema: SCHEMA,
            verb: "trust-add",
            store: Path::new(&args.to).display().to_string(),
            changed: false,
            dry_run: args.dry_run,
            added: Vec::new(),
            removed: Vec::new(),
            unchanged: Vec::new(),
            skipped,
            backup: None,
            format: "",
        },
    };
    let path = surroundings.absolute(Path::new(&args.to));
    let suffix = format!("bak-{}", stamp(now));
    let suffix = (!args.no_backup).then_some(suffix.as_str());
    let mut was_read = false;
    let updated = update(&path, suffix, |bytes| {
        was_read = true;
        adding.change(bytes, &wanted)
    });
    match updated {
        Ok(updated) => adding.change.backup = updated.backup.map(|at| at.display().to_string()),
        Err(AddError::Unwritable(error)) if !was_read => return Err(AddError::File(error)),
        Err(error) => return Err(error),
    }
    Ok(adding.change)
}

/// Reads the files, and parts what may become an anchor from what may not.
fn gather(
    args: &TrustAddArgs,
    surroundings: &Surroundings,
    now: i64,
) -> Result<(Vec<Wanted>, Vec<CertificateSkipped>), AddError> {
    let (mut wanted, mut skipped): (Vec<Wanted>, Vec<_>) = (Vec::new(), Vec::new());
    for file in &args.files {
        for certificate in load(file, surroundings)? {
            match sift(&certificate, args.pin, now) {
                Ok(one) if wanted.iter().any(|held| held.sha256 == one.sha256) => {}
                Ok(mut one) => {
                    if wanted.iter().any(|held| held.name == one.name) {
                        let digits: String = one.sha256.to_lowercase().chars().take(8).collect();
                        one.name = format!("{}-{digits}", one.name);
                    }
                    wanted.push(one);
                }
                Err(one) => skipped.push(one),
            }
        }
    }
    Ok((wanted, skipped))
}

fn load(
    file: &OsString,
    surroundings: &Surroundings,
) -> Result<Vec<CertificateDer<'static>>, AddError> {
    let path = if file == "-" { file.into() } else { surroundings.absolute(Path::new(file)) };
    certificates::load(&path)
        .map(|found| found.certificates)
        .map_err(|error| AddError::Certificates { path, error })
}

/// An addition on its way.
struct Adding<'a> {
    args: &'a TrustAddArgs,
    password: Option<Password>,
    created: Timestamp,
    change: TrustChange,
}

impl Adding<'_> {
    /// Returns the store's new bytes; none if it stays as it is.
    fn change(
        &mut self,
        bytes: Option<&[u8]>,
        wanted: &[Wanted],
    ) -> Result<Option<Vec<u8>>, AddError> {
        let mut store = self.open(bytes)?;
        self.change.format = store.format().name();
        for one in wanted {
            self.put(&mut store, one)?;
        }
        self.change.changed = !self.change.added.is_empty();
        if !self.change.changed {
            return Ok(None);
        }
        let new = store.write(self.password.as_ref())?;
        // What was written must open again before it takes the old one's place.
        super::read(&new, self.password.as_ref()).map_err(AddError::Store)?;
        Ok((!self.args.dry_run).then_some(new))
    }

    /// Opens the store with the password that it will be written with.
    fn open(&mut self, bytes: Option<&[u8]>) -> Result<KeyStore, AddError> {
        let usual = Password::new(USUAL_PASSWORD);
        let Some(bytes) = bytes else {
            if !self.args.create {
                return Err(AddError::Absent);
            }
            let store = KeyStore::new(new_format(Path::new(&self.args.to)));
            if store.needs_password() && self.password.is_none() {
                self.password = Some(usual);
            }
            return Ok(store);
        };
        if self.password.is_some() {
            return super::read(bytes, self.password.as_ref()).map_err(AddError::Store);
        }
        let store = super::read(bytes, None).map_err(AddError::Store)?;
        if !store.needs_password() {
            return Ok(store);
        }
        let opened = super::read(bytes, Some(&usual)).map_err(|error| {
            if matches!(error, StoreError::Password) {
                return AddError::PasswordWanted;
            }
            AddError::Store(error)
        })?;
        self.password = Some(usual);
        Ok(opened)
    }

    /// Adds one certificate, unless it is trusted already.
    fn put(&mut self, store: &mut KeyStore, wanted: &Wanted) -> Result<(), AddError> {
        let held = store.entries().iter().find(|entry| {
            let is_it = matches!(&entry.kind, EntryKind::TrustedCertificate(held) if *held == wanted.certificate);
            entry.trusted && is_it
        });
        if let Some(held) = held {
            self.change.unchanged.push(changed(&held.alias, &wanted.certificate));
            return Ok(());
        }
        let alias = Alias::new(self.args.alias.as_deref().unwrap_or(&wanted.name));
        let other = store.entries().iter().find(|entry| Alias::new(&entry.alias) == alias);
        if let Some(other) = other {
            let EntryKind::TrustedCertificate(certificate) = &other.kind else {
                return Err(AddError::TakenByKey { alias: alias.to_string() });
            };
            let other = changed(&other.alias, certificate);
            // An entry that Java does not see, of this very certificate, is repaired without asking.
            if !self.args.replace && other.sha256 != wanted.sha256 {
                return Err(AddError::Taken { alias: other.alias, sha256: other.sha256 });
            }
            self.change.removed.push(other);
        }
        store.trust(&alias, &wanted.certificate, self.created)?;
        self.change.added.push(changed(alias.as_str(), &wanted.certificate));
        Ok(())
    }
}

fn changed(alias: &str, certificate: &CertificateDer<'_>) -> EntryChanged {
    let listed = listed(certificate);
    let (subject, not_after) =
        listed.contents.map(|contents| (contents.subject, contents.not_after)).unzip();
    EntryChanged { alias: alias.to_owned(), sha256: listed.sha256, subject, not_after }
}

/// JKS is what every release reads without a password; PKCS12 only if the name asks for it.
fn new_format(path: &Path) -> Format {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "p12" | "pfx" | "pkcs12" => Format::Pkcs12,
        _ => Format::Jks,
    }
}

/// Writes a time so that it can stand in a file's name: `20261124T102400Z`.
fn stamp(seconds: i64) -> String {
    certificates::time(seconds).chars().filter(|c| c.is_ascii_alphanumeric()).collect()
}
