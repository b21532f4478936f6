//! Why a store could not be read or written.

/// Why a store could not be read, and where.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("at byte {offset}: {kind}")]
pub struct ReadError {
    /// Offset in the file: of the element that was being read, or of the encrypted part it is in; where the file ends
    /// too early, its end.
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
    /// The file ends inside an element: it was cut, or the length of the element was damaged.
    #[error("the file ends, and {wanted} more bytes of what begins at byte {from} are wanted")]
    UnexpectedEnd {
        /// How many bytes the element still needed.
        wanted: usize,
        /// Offset of the element.
        from: usize,
    },
    /// The digest or MAC over the store does not match: a wrong password, or a changed file. The structure is sound: without
    /// password the store can be read. What is encrypted in it was opened with the password, so that a MAC over such a store
    /// tells that it was changed.
    #[error("the password does not fit, or the file was changed")]
    DigestMismatch,
    /// What the password decrypts is no part of a store: a wrong password, or a changed file. Without password the store can
    /// be read as far as it is not encrypted.
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
    /// Its parts take more iterations together than are made here.
    #[error("its parts take {0} iterations together, which only a made-up store does")]
    TooMuchWork(u64),
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
