//! Certificates as people hand them over: PEM with anything around it, DER, PKCS #7, UTF-16; and how they are shown.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use pki_types::CertificateDer;

mod base64;
mod content;
mod damage;
mod der;
mod details;
mod folder;
mod key_store;
mod shown;
mod text;

use content::Content;
use damage::{Damage, DamageKind};
pub(crate) use der::issuer_of;
pub(crate) use details::Details;
pub(crate) use folder::Folder;
pub(crate) use shown::{Shown, date, fingerprint, name_of, pem, printable, time};
pub(crate) use text::decode as text_of;

/// No file with certificates is longer than this.
const LONGEST_FILE: u64 = 64 << 20;

/// Most files are shorter than this many bytes.
const USUAL_FILE: usize = 8 << 10;

/// What was found in a file.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The certificates in the order of the file.
    pub(crate) certificates: Vec<CertificateDer<'static>>,
    /// What else is in it, and is left alone.
    pub(crate) others: Vec<Other>,
}

/// Something in a file that is no certificate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Other {
    /// What it is.
    content: Content,
    /// The line where it begins, in text.
    line: Option<usize>,
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
    /// It is a store, and none of the passwords opens it that are tried.
    #[error(
        "this is a key store with a password of its own; take its certificates out with \
         `sslpoke trust export`, and hand those over"
    )]
    Closed,
    /// It begins like certificates, but is damaged.
    #[error("{0}")]
    Damaged(Damage),
}

impl CertificatesError {
    /// Whether the file is whole, and something else than it should be.
    pub(crate) fn is_something_else(&self) -> bool {
        match self {
            Self::Other(_) => true,
            Self::Io(_) | Self::TooLong | Self::Empty | Self::Closed | Self::Damaged(_) => false,
        }
    }
}

impl Found {
    fn leave(&mut self, content: Content, line: Option<usize>) {
        self.others.push(Other { content, line });
    }

    /// Takes in what was found in a part of the file that begins in `line`.
    fn take_in(&mut self, part: Self, line: usize) {
        self.certificates.extend(part.certificates);
        let others = part.others.into_iter();
        self.others.extend(others.map(|other| Other { line: Some(line), ..other }));
    }
}

/// Reads the certificates of a file; `-` is standard input.
///
/// # Errors
///
/// Says what the file is instead.
pub(crate) fn load(path: &Path) -> Result<Found, CertificatesError> {
    let mut bytes = Vec::with_capacity(USUAL_FILE);
    let mut input: Box<dyn Read> = match path.to_str() {
        Some("-") => Box::new(io::stdin()),
        _ if path.is_dir() => return Err(CertificatesError::Other(Content::Folder)),
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
    if key_store::is_one(bytes) {
        key_store::find(bytes, &mut found)?;
    } else if der::begins(bytes) {
        der::find(bytes, &mut found).map_err(Damage::of_file)?;
    } else if let Some(text) = text::decode(bytes) {
        text::find(&text, &mut found)?;
    } else {
        found.leave(Content::of_bytes(bytes), None);
    }
    if found.certificates.is_empty() {
        return Err(CertificatesError::Other(Content::most_telling(&found.others)));
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
