//! Why a dialogue did not lead to TLS.

/// Why a dialogue did not lead to TLS. Answers are cut to what a person would read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum StartTlsFault {
    /// The peer said no.
    #[error("to {asked} it answered {answer:?}")]
    Refused {
        /// The command, or `greeting` where none had been sent.
        asked: &'static str,
        /// What it answered.
        answer: String,
    },
    /// The peer does not offer TLS here.
    #[error("it offers no TLS, but {offered:?}")]
    NotOffered {
        /// What it offers, or its version.
        offered: String,
    },
    /// The peer speaks another protocol.
    #[error("it speaks another protocol: {answer:?}")]
    Foreign {
        /// What it said.
        answer: String,
    },
    /// The peer speaks TLS from the first byte.
    #[error("it speaks TLS from the first byte")]
    AlreadyTls,
    /// Bytes came before they were asked for, or behind the go-ahead: anybody on the way may have put
    /// them there.
    #[error("{bytes} bytes came that it was not asked for, before TLS began")]
    Injected {
        /// How many.
        bytes: usize,
    },
    /// The peer talks without an end.
    #[error("its answers have no end")]
    TooLong,
}
