//! Why a store could not be read.

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
    /// The input ended inside an element.
    #[error("{wanted} more bytes wanted")]
    UnexpectedEnd {
        /// How many bytes the element still needed.
        wanted: usize,
    },
    /// The digest or MAC over the store does not match: a wrong password, or a damaged file.
    #[error("the password does not fit, or the file was changed")]
    DigestMismatch,
}
