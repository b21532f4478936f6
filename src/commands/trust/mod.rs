//! `trust`: lists truststores and adds to them.

use java_keystore::{KeyStore, Lookalike, Password, ReadError, ReadErrorKind};
use pki_types::CertificateDer;

use crate::certificates::{Shown, fingerprint, time};
use crate::cli::TrustCommand;
use crate::report::{CertificateContents, CertificateListed, Report};
use crate::settings::Surroundings;

mod add;
mod list;
mod sieve;

/// Does what the command says.
pub(super) fn run(command: &TrustCommand, surroundings: &Surroundings) -> Report {
    match command {
        TrustCommand::List(args) => list::run(args, surroundings),
        TrustCommand::Add(args) => add::run(args, surroundings),
    }
}

/// Why a store cannot be used, and what helps.
#[derive(Clone, Debug, thiserror::Error)]
enum StoreError {
    #[error("the file is empty: writing it was cut short; put a backup in its place")]
    Empty,
    #[error(
        "this is PEM text, which Java does not read as a store; \
         `sslpoke trust add FILE --to STORE --create` makes a store of it"
    )]
    Pem,
    #[error("this is a page of HTML, not a store: a login page, or the answer of a proxy")]
    Html,
    #[error("this is a store of Bouncy Castle, which no JRE reads by itself")]
    BouncyCastle,
    #[error(
        "the password does not fit, or the file was changed; \
         name the right one with --storepass-file, --storepass-env or --storepass-stdin"
    )]
    Password,
    #[error("the file is damaged {0}; put a backup in its place")]
    Damaged(ReadError),
}

/// Reads a store, whichever format it has.
fn read(bytes: &[u8], password: Option<&Password>) -> Result<KeyStore, StoreError> {
    KeyStore::read(bytes, password).map_err(|error| match (&error.kind, Lookalike::of(bytes)) {
        (ReadErrorKind::UnknownFormat, Some(Lookalike::Empty)) => StoreError::Empty,
        (ReadErrorKind::UnknownFormat, Some(Lookalike::Pem)) => StoreError::Pem,
        (ReadErrorKind::UnknownFormat, Some(Lookalike::Html)) => StoreError::Html,
        (ReadErrorKind::UnknownFormat, Some(Lookalike::BouncyCastle)) => StoreError::BouncyCastle,
        (ReadErrorKind::DigestMismatch | ReadErrorKind::DecryptionFailed, _) => {
            StoreError::Password
        }
        _ => StoreError::Damaged(error),
    })
}

fn listed(certificate: &CertificateDer<'_>) -> CertificateListed {
    let contents = Shown::of(certificate).map(|shown| {
        let (from, until) = shown.validity();
        CertificateContents {
            subject: shown.subject(),
            issuer: shown.issuer(),
            not_before: time(from),
            not_after: time(until),
        }
    });
    CertificateListed { sha256: fingerprint(certificate), contents }
}
