//! Certificates as people hand them over: PEM with anything around it, DER, PKCS #7, UTF-16; and how they are shown.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use pki_types::CertificateDer;

mod content;
mod der;
mod shown;
mod text;

use content::Content;
pub(crate) use shown::{Shown, date, fingerprint, printable, time};

/// No file with certificates is longer than this.
const LONGEST_FILE: u64 = 64 << 20;

/// What was found in a file.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The certificates in the order of the file.
    pub(crate) certificates: Vec<CertificateDer<'static>>,
    /// What else is in it, and is left alone.
    pub(crate) others: Vec<Content>,
}

/// Why a file gives no certificate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CertificatesError {
    /// The operating system reported an error.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is too long.
    #[error("longer than 64 MiB; that is no file with certificates")]
    TooLong,
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is something else.
    #[error("{0}")]
    Other(Content),
    /// It begins like certificates, but is damaged.
    #[error("{0}")]
    Damaged(Damage),
}

/// What is wrong with what should be a certificate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Damage {
    /// A PEM block has no end.
    NoEnd {
        /// The line of its beginning.
        line: usize,
    },
    /// A PEM block holds no base64.
    NotBase64 {
        /// The line of its beginning.
        line: usize,
    },
    /// The bytes are no certificate, or not all of one.
    NotDer {
        /// Where they begin.
        offset: usize,
    },
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEnd { line } => {
                write!(
                    f,
                    "the PEM block that begins in line {line} has no end: the file is cut short"
                )
            }
            Self::NotBase64 { line } => {
                write!(f, "the PEM block that begins in line {line} is damaged: it is no base64")
            }
            Self::NotDer { offset } => {
                write!(f, "at byte {offset}: no certificate, or not all of one")
            }
        }
    }
}

/// Reads the certificates of a file; `-` is standard input.
///
/// # Errors
///
/// Says what the file is instead.
pub(crate) fn load(path: &Path) -> Result<Found, CertificatesError> {
    let mut bytes = Vec::new();
    let mut input: Box<dyn Read> = match path.to_str() {
        Some("-") => Box::new(io::stdin()),
        _ => Box::new(File::open(path)?),
    };
    input.by_ref().take(LONGEST_FILE + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LONGEST_FILE) {
        return Err(CertificatesError::TooLong);
    }
    read(&bytes)
}

/// Reads the certificates in `bytes`, whatever is around them.
///
/// # Errors
///
/// Says what the bytes are instead.
pub(crate) fn read(bytes: &[u8]) -> Result<Found, CertificatesError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(CertificatesError::Empty);
    }
    let mut found = Found::default();
    match bytes {
        [der::SEQUENCE, ..] => der::find(bytes, &mut found)?,
        _ => match text::decode(bytes) {
            Some(text) => text::find(&text, &mut found)?,
            None => return Err(CertificatesError::Other(Content::of_bytes(bytes))),
        },
    }
    match (found.certificates.is_empty(), found.others.first()) {
        (true, Some(other)) => Err(CertificatesError::Other(other.clone())),
        (true, None) => Err(CertificatesError::Other(Content::Unknown)),
        (false, _) => Ok(found),
    }
}

#[cfg(test)]
mod tests;
