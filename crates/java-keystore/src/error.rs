//! Why a store could not be read or written.

/// Why a store could not be read, and where.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("at byte {offset}: {kind}")]
pub struct ReadError {
    /// Offset of the element that was being read.
    pub offset: usize,
    /// What was wrong with it.
    pub kind: ReadErrorKind,
}

/// What was wrong with a store.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ReadErrorKind {
    /// The first bytes belong to none of the known formats.
    #[error("not a JKS, JCEKS or PKCS12 store")]
    UnknownFormat,
    /// The version is not one that Java reads.
    #[error("version {0} of the format is unknown")]
    UnknownVersion(u32),
    /// The input ended inside an element.
    #[error("{wanted} more bytes wanted")]
    UnexpectedEnd {
        /// How many bytes the element still needed.
        wanted: usize,
    },
    /// The digest or MAC over the store does not match: a wrong password, or a damaged file.
    #[error("the password does not fit, or the file was changed")]
    DigestMismatch,
    /// What the password decrypts is no part of a store.
    #[error("the password does not fit")]
    DecryptionFailed,
    /// An entry is of a kind that does not exist.
    #[error("entry of unknown kind {0}")]
    UnknownEntry(u32),
    /// An alias is not in modified UTF-8.
    #[error("the alias is not in modified UTF-8")]
    MalformedAlias,
    /// A certificate is of another type than X.509, or is none.
    #[error("no X.509 certificate")]
    NoCertificate,
    /// A secret key is not the serialised object that it should be.
    #[error("the secret key is no serialised object that Java accepts")]
    MalformedSecretKey,
    /// The PKCS12 structure is not as RFC 7292 wants it.
    #[error("malformed PKCS12: {0} expected")]
    Malformed(&'static str),
    /// An algorithm that is not supported.
    #[error("unsupported algorithm {0}")]
    UnsupportedAlgorithm(String),
    /// More iterations than Java takes.
    #[error("{0} iterations are more than the 5,000,000 that Java takes")]
    TooManyIterations(u64),
}

/// Why a store cannot be written.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum WriteError {
    /// The store is protected by a password, and none was given.
    #[error("the store is protected by a password, and none was given")]
    PasswordMissing,
    /// The store's protection cannot be made anew.
    #[error("the store is protected by {0}, which cannot be made anew")]
    CannotProtect(String),
    /// A part of the store stayed encrypted, so what is in it cannot be changed.
    #[error("the part with the certificates is encrypted, and the password was not given")]
    StillEncrypted,
    /// The operating system gave no random bytes.
    #[error("no random bytes from the operating system")]
    NoRandomness,
    /// A key has the name that a certificate was to get.
    #[error("a key has that name already")]
    NameOfKey,
    /// An alias is longer than the format allows.
    #[error("the alias is longer than 65,535 bytes")]
    AliasTooLong,
}
