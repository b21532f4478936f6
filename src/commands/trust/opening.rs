//! Opening a store: with which password, and what helps where it cannot be opened.

use std::path::{Path, PathBuf};

use java_keystore::file::{self, FileError};
use java_keystore::{KeyStore, Lookalike, Password, ReadError, ReadErrorKind, WriteError};

use crate::certificates::CertificatesError;
use crate::cli::StorePassword;
use crate::java::Shape;
use crate::report::{Exit, Report};
use crate::settings::{
    SettingsError, Surroundings, SystemProperties, TRUST_STORE_PASSWORD, USUAL_PASSWORD,
    store_password,
};

/// Why a verb that deals with stores could not do its work.
#[derive(Debug, thiserror::Error)]
pub(in crate::commands) enum TrustError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The command line makes no sense, for a reason that only the files show.
    #[error("{0}")]
    Usage(String),
    #[error("{path}: {error}", path = path.display())]
    Certificates { path: PathBuf, error: CertificatesError },
    /// What was asked for is not done, whatever the store is.
    #[error("{0}")]
    Refused(String),
    /// A server did not show its certificates.
    #[error("{text}")]
    Peer { text: String, exit: Exit },
    #[error(transparent)]
    Unreadable(FileError),
    #[error("{path} is a symbolic link to {target}, which does not exist", path = path.display(), target = target.display())]
    Dangling { path: PathBuf, target: PathBuf },
    #[error(transparent)]
    Unwritable(FileError),
    #[error("{path}: {error}", path = path.display())]
    Store { path: PathBuf, error: StoreError },
}

/// What is wrong with one store, and what helps.
#[derive(Clone, Debug, thiserror::Error)]
pub(in crate::commands) enum StoreError {
    #[error("the file is empty: writing it was cut short; put a backup in its place")]
    Empty,
    #[error(
        "this is PEM text, which Java does not read as a store; \
         `sslpoke trust add FILE --to STORE --create` makes a store of it"
    )]
    Pem,
    #[error("this is a page of HTML, not a store: a login page, or the answer of a proxy")]
    Html,
    #[error(
        "this is a store of Bouncy Castle, which no JRE reads by itself; export its certificates with the \
         program that made it, and `sslpoke trust add FILE --to STORE --create` makes a store of them"
    )]
    BouncyCastle,
    #[error(
        "these are certificates, not a store; \
         `sslpoke trust add FILE --to STORE --create` makes a store of them"
    )]
    Certificates,
    #[error("this is {0}, not a store")]
    NoStore(&'static str),
    /// The file is as its shape says, if it is whole.
    #[error(
        "the password does not match (integrity check failed) — file is {0}; \
         name the right one with --storepass-file, --storepass-env or --storepass-stdin"
    )]
    Password(String),
    #[error(
        "the file was changed after it was written: the password opens it, but the integrity check fails; \
         put a backup in its place"
    )]
    Changed,
    #[error("this is no JKS, JCEKS or PKCS12 store")]
    Unknown,
    #[error("the store cannot be read: {0}")]
    Unsupported(ReadError),
    #[error("the file is damaged {0}; put a backup in its place")]
    Damaged(ReadError),
    #[error("there is no such store{0}")]
    Absent(&'static str),
    #[error(
        "the store's password is wanted, and the usual one, `changeit`, does not fit; \
         name it with --storepass-file, --storepass-env or --storepass-stdin"
    )]
    PasswordWanted,
    #[error("the store cannot be written: {0}")]
    Write(#[from] WriteError),
    /// What was named is not there.
    #[error("{0}")]
    NoEntry(String),
    /// What was named may be one thing or another.
    #[error("{0}")]
    Ambiguous(String),
    /// What was asked for is not done, and why.
    #[error("{0}")]
    Refused(String),
    /// The command line makes no sense, for a reason that only the store shows.
    #[error("{0}")]
    Usage(String),
}

/// A store that was opened, with the password that opens all of it.
pub(in crate::commands) struct Opened {
    pub(in crate::commands) store: KeyStore,
    pub(in crate::commands) password: Option<Password>,
}

impl TrustError {
    pub(in crate::commands) fn exit(&self) -> Exit {
        match self {
            Self::Certificates { error, .. } if error.is_something_else() => Exit::Usage,
            Self::Settings(SettingsError::Unreadable { .. })
            | Self::Certificates { .. }
            | Self::Dangling { .. }
            | Self::Unreadable(_) => Exit::Unreadable,
            Self::Settings(_)
            | Self::Usage(_)
            | Self::Store { error: StoreError::Usage(_) | StoreError::Ambiguous(_), .. } => {
                Exit::Usage
            }
            Self::Store { error: StoreError::NoEntry(_), .. } => Exit::No,
            Self::Unwritable(_) | Self::Refused(_) => Exit::NotWritten,
            Self::Peer { exit, .. } => *exit,
            Self::Store { error: StoreError::Write(_) | StoreError::Refused(_), .. } => {
                Exit::NotWritten
            }
            Self::Store { .. } => Exit::Unreadable,
        }
    }

    /// Reports what kept the verb from its work.
    pub(in crate::commands) fn report(&self) -> Report {
        Report::unasked(self, self.exit())
    }
}

/// Returns the password that the options name: ours, or the property that Java is told.
pub(in crate::commands) fn password(
    access: &StorePassword,
    surroundings: &Surroundings,
) -> Result<Option<Password>, SettingsError> {
    if let Some(password) = store_password(&access.password, surroundings)? {
        return Ok(Some(password.value));
    }
    let properties = SystemProperties::of_options(&access.properties);
    Ok(properties.non_empty(TRUST_STORE_PASSWORD).map(Password::new))
}

/// Reads the bytes of a store.
pub(in crate::commands) fn load_bytes(path: &Path) -> Result<Vec<u8>, TrustError> {
    file::load(path).map_err(|error| match std::fs::read_link(path) {
        Ok(target) if !path.exists() => TrustError::Dangling { path: path.to_owned(), target },
        Ok(_) | Err(_) => TrustError::Unreadable(error),
    })
}

/// Loads a store as far as the password goes: what is encrypted stays closed without one.
pub(in crate::commands) fn load(
    path: &Path,
    password: Option<&Password>,
) -> Result<KeyStore, TrustError> {
    let bytes = load_bytes(path)?;
    read(&bytes, password).map_err(|error| TrustError::Store { path: path.to_owned(), error })
}

/// Loads a store whole: where a part of it is encrypted and no password was named, the usual one is tried.
pub(in crate::commands) fn load_whole(
    path: &Path,
    password: Option<Password>,
) -> Result<KeyStore, TrustError> {
    let at = |error| TrustError::Store { path: path.to_owned(), error };
    let bytes = load_bytes(path)?;
    let store = read(&bytes, password.as_ref()).map_err(at)?;
    if !store.has_closed_part() {
        return Ok(store);
    }
    open(&bytes, password).map(|opened| opened.store).map_err(at)
}

/// Loads a store with the password that it would be written with.
pub(in crate::commands) fn load_opened(
    path: &Path,
    password: Option<Password>,
) -> Result<Opened, TrustError> {
    let bytes = file::load(path).map_err(TrustError::Unreadable)?;
    open(&bytes, password).map_err(|error| TrustError::Store { path: path.to_owned(), error })
}

/// Opens a store with the password that it will be written with.
pub(in crate::commands) fn open(
    bytes: &[u8],
    password: Option<Password>,
) -> Result<Opened, StoreError> {
    if password.is_some() {
        return read(bytes, password.as_ref()).map(|store| Opened { store, password });
    }
    // A store that needs none takes any.
    let usual = usual_password();
    match read(bytes, Some(&usual)) {
        Ok(store) => {
            let password = store.needs_password().then_some(usual);
            Ok(Opened { store, password })
        }
        Err(StoreError::Password(_)) => Err(StoreError::PasswordWanted),
        Err(error) => Err(error),
    }
}

/// Returns the password that stores have where nobody chose one.
pub(in crate::commands) fn usual_password() -> Password {
    Password::new(USUAL_PASSWORD)
}

/// Reads a store, whichever format it has.
pub(in crate::commands) fn read(
    bytes: &[u8],
    password: Option<&Password>,
) -> Result<KeyStore, StoreError> {
    KeyStore::read(bytes, password).map_err(|error| explain(bytes, error))
}

fn explain(bytes: &[u8], error: ReadError) -> StoreError {
    match (&error.kind, Lookalike::of(bytes)) {
        (ReadErrorKind::UnknownFormat, Some(Lookalike::Empty)) => StoreError::Empty,
        (ReadErrorKind::UnknownFormat, Some(Lookalike::Pem)) => StoreError::Pem,
        (ReadErrorKind::UnknownFormat, Some(Lookalike::Html)) => StoreError::Html,
        (ReadErrorKind::UnknownFormat, Some(Lookalike::BouncyCastle)) => StoreError::BouncyCastle,
        (ReadErrorKind::UnknownFormat, Some(Lookalike::Certificate | Lookalike::Pkcs7)) => {
            StoreError::Certificates
        }
        (ReadErrorKind::UnknownFormat, Some(other)) => StoreError::NoStore(other.name()),
        (ReadErrorKind::UnknownFormat, None) => StoreError::Unknown,
        (ReadErrorKind::DigestMismatch | ReadErrorKind::DecryptionFailed, _) => {
            match (Shape::of(bytes), error.kind) {
                (Some(Shape { is_encrypted: true, .. }), ReadErrorKind::DigestMismatch) => {
                    StoreError::Changed
                }
                (Some(shape), _) => StoreError::Password(shape.to_string()),
                (None, _) => StoreError::Password("damaged, too".to_owned()),
            }
        }
        (
            ReadErrorKind::UnsupportedAlgorithm(_)
            | ReadErrorKind::UnknownVersion(_)
            | ReadErrorKind::TooManyIterations(_)
            | ReadErrorKind::TooMuchWork(_),
            _,
        ) => StoreError::Unsupported(error),
        _ => StoreError::Damaged(error),
    }
}
