//! Why a handshake ended, as facts that were seen on the wire.

use std::io;

use crate::alert::{
    BAD_CERTIFICATE, BAD_RECORD_MAC, DECODE_ERROR, DECRYPT_ERROR, HANDSHAKE_FAILURE,
    ILLEGAL_PARAMETER, INTERNAL_ERROR, PROTOCOL_VERSION, UNEXPECTED_MESSAGE, UNSUPPORTED_EXTENSION,
};
use crate::starttls::StartTlsFault;

/// What ended a stage.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The host has no address, or the resolver could not tell.
    #[error("the name has no address")]
    UnknownHost,
    /// The host is a literal address of a family that is not asked for.
    #[error("the address is of another family")]
    AddressFamily,
    /// The operating system reported an error.
    #[error("{operation}: {error}")]
    Io {
        /// What was being done.
        operation: Operation,
        /// What the operating system said.
        error: io::Error,
    },
    /// The time for the whole probe ran out.
    #[error("nothing came in time")]
    TimedOut,
    /// The peer closed the connection; `Observation::received` tells after how many bytes.
    #[error("the peer closed the connection")]
    Closed,
    /// The peer does not speak TLS: at least five bytes came and the first is neither a handshake
    /// nor an alert record's; `Observation::first_bytes` has them.
    #[error("the peer does not speak TLS")]
    NotTls,
    /// The peer answered in the format of SSL 2.0.
    #[error("the peer speaks SSL 2.0")]
    Ssl2,
    /// The peer sent an alert (RFC 8446, section 6). A warning ends the handshake as well, unless
    /// it is `user_canceled`.
    #[error("the peer sent the alert {description}")]
    AlertReceived {
        /// The alert's number.
        description: u8,
        /// Whether its level was not `warning`.
        fatal: bool,
    },
    /// The proxy could not be reached, or made no tunnel.
    #[error("the proxy made no tunnel: {0}")]
    Tunnel(#[from] TunnelFault),
    /// The plaintext dialogue did not lead to TLS.
    #[error("the server did not begin TLS: {0}")]
    StartTls(StartTlsFault),
    /// The [`Judge`](crate::Judge) refused the peer's certificates.
    #[error("the peer's certificates were refused")]
    Refused,
    /// The [`Judge`](crate::Judge) refused how keys were to be agreed on.
    #[error("the key agreement was refused")]
    KeyAgreementRefused,
    /// The [`Identity`](crate::Identity) refused to answer a request for a client certificate.
    #[error("there is no answer to the request for a client certificate")]
    IdentityRefused,
    /// The peer broke the protocol.
    #[error("the peer broke the protocol: {0:?}")]
    Misbehaved(Misbehaviour),
    /// The offer has no version with a cipher suite: nothing was sent.
    #[error("there is nothing to offer")]
    NothingToOffer,
    /// The engine could not follow where the peer went; another client might have.
    #[error("not decided: {0}")]
    Undetermined(String),
}

impl Cause {
    /// Returns the fatal alert that tells the peer, if it is to be told at all: what JSSE sends.
    pub(crate) fn answer(&self) -> Option<u8> {
        match self {
            Self::NotTls | Self::Ssl2 => Some(UNEXPECTED_MESSAGE),
            Self::Closed | Self::AlertReceived { fatal: false, .. } => Some(HANDSHAKE_FAILURE),
            Self::Misbehaved(misbehaviour) => Some(misbehaviour.answer()),
            Self::UnknownHost
            | Self::AddressFamily
            | Self::Io { .. }
            | Self::TimedOut
            | Self::AlertReceived { fatal: true, .. }
            | Self::Tunnel(_)
            | Self::StartTls(_)
            | Self::Refused
            | Self::KeyAgreementRefused
            | Self::IdentityRefused
            | Self::NothingToOffer
            | Self::Undetermined(_) => None,
        }
    }
}

/// What was being done when the operating system reported an error.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Operation {
    /// The connection was being made.
    Connect,
    /// Bytes were awaited.
    Read,
    /// Bytes were being sent.
    Write,
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connect => "connect",
            Self::Read => "read",
            Self::Write => "write",
        })
    }
}

/// Why there is no tunnel through a proxy.
#[derive(Debug, thiserror::Error)]
pub enum TunnelFault {
    /// The proxy itself could not be reached.
    #[error("{host} cannot be reached: {cause}")]
    Unreachable {
        /// The proxy's host.
        host: String,
        /// What it is spoken to as.
        kind: ProxyKind,
        /// What was in the way.
        cause: Box<Cause>,
    },
    /// A SOCKS 5 proxy answered with this code (RFC 1928, section 6), from 1 to 8.
    #[error("SOCKS 5 reply {0}")]
    Refused5(u8),
    /// A SOCKS 4 proxy answered with this code; 90 would be success.
    #[error("SOCKS 4 reply {0}")]
    Refused4(u8),
    /// A SOCKS 5 proxy takes none of the methods of authentication.
    #[error("no method of authentication suits it")]
    NoMethod,
    /// A SOCKS 5 proxy does not take the user and the password.
    #[error("authentication failed")]
    Authentication,
    /// A SOCKS 4 proxy can only be given addresses, and the name has none here.
    #[error("SOCKS 4 needs an address for {name}")]
    NameFor4 {
        /// The endpoint's name.
        name: String,
        /// The endpoint's port.
        port: u16,
    },
    /// A SOCKS 4 proxy can only be given IPv4 addresses.
    #[error("SOCKS 4 needs an IPv4 address")]
    Ipv6For4,
    /// The name is too long for SOCKS.
    #[error("the name is too long")]
    LongName,
    /// The proxy's answer is not one of SOCKS 4.
    #[error("the answer is of no known version")]
    UnknownVersion,
    /// The proxy's answer names an address of a type that is not known.
    #[error("the answer has an address of no known type")]
    UnknownAddressType,
    /// A SOCKS proxy's answer is cut off or nonsense.
    #[error("the answer is malformed")]
    Malformed,
    /// An HTTP proxy closed the connection before it had answered.
    #[error("it closed the connection")]
    HttpClosed,
    /// The answer of an HTTP proxy has no end.
    #[error("the answer has no end")]
    HttpTooLong,
    /// What is taken for an HTTP proxy answered with something else; the beginning of that.
    #[error("the answer is not one of HTTP: {0:?}")]
    NotHttp(String),
    /// An HTTP proxy refused.
    #[error("{line}")]
    Http {
        /// The status code.
        status: u16,
        /// The status line, cut to what a person would read.
        line: String,
        /// The schemes of its `Proxy-Authenticate` headers: `Basic`, say.
        schemes: Vec<String>,
    },
}

/// What a proxy is spoken to as.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProxyKind {
    /// SOCKS of any version.
    Socks,
    /// HTTP with `CONNECT`.
    Http,
}

/// How a peer broke the protocol. Numbers are those of the IANA registries.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Misbehaviour {
    /// A record says that it is longer than 32 KiB (plus what a cipher may add).
    OversizedRecord(u16),
    /// A record of this content type without a fragment.
    EmptyRecord(u8),
    /// A record of this content type came where none may.
    UnexpectedRecord(u8),
    /// A handshake message ended in the middle when a record of this content type came.
    InterruptedMessage(u8),
    /// An alert of fewer than two bytes.
    ShortAlert,
    /// A handshake message says that it is longer than 32 KiB.
    OversizedMessage(u32),
    /// A handshake message that no registry knows.
    UnknownMessage(u8),
    /// A handshake message at the wrong moment; 0 is `HelloRequest`.
    UnexpectedMessage(u8),
    /// A handshake message that ends before its fields do.
    TruncatedMessage(u8),
    /// A handshake message with more bytes, or other ones, than its fields allow.
    MalformedMessage(u8),
    /// A message's extensions are longer than the message.
    ExtensionsLength,
    /// This extension is longer than the message.
    ExtensionLength(u16),
    /// An extension that belongs into another message.
    MisplacedExtension(u16),
    /// An extension came twice in `ServerHello`.
    DuplicateExtension(u16),
    /// An extension that was not asked for.
    UnsolicitedExtension(u16),
    /// `ServerHello.legacy_version` is no version of SSL or TLS.
    UnknownVersion(u16),
    /// The version chosen (by `supported_versions` if that is there) was not offered.
    VersionNotOffered(u16),
    /// `supported_versions` is there, and `legacy_version` is not TLS 1.2.
    LegacyVersion(u16),
    /// The random value says that a better version was possible (RFC 8446, section 4.1.3).
    Downgrade,
    /// The cipher suite was not offered.
    SuiteNotOffered(u16),
    /// The cipher suite was offered, but belongs to another version.
    SuiteOfOtherVersion(u16),
    /// The compression method is not null.
    Compression(u8),
    /// `HelloRetryRequest` asks for a group that was not offered.
    RetryGroupNotOffered(u16),
    /// `HelloRetryRequest` asks for a group whose share had been sent.
    RetryGroupShared(u16),
    /// TLS 1.3 without a key share.
    KeyShareMissing,
    /// The key share is of a group for which none was sent.
    KeyShareGroup(u16),
    /// The key share, or the key in `ServerKeyExchange`, is no key of this group; 0 is a group
    /// without a number.
    InvalidKeyShare(u16),
    /// `ServerKeyExchange` is of a group that was not offered.
    KeyExchangeGroup(u16),
    /// The signature over the handshake is made with a scheme that was not offered.
    SignatureScheme(u16),
    /// The signature over the handshake does not verify.
    Signature,
    /// A record does not decrypt.
    Decryption,
    /// A record does not decrypt, whose cipher works block by block.
    Block(BlockFault),
    /// The peer's `Finished` does not fit the handshake.
    Finished,
    /// The peer sent no certificate.
    NoCertificate,
}

/// What is wrong with a record whose cipher works block by block (RFC 5246, section 6.2.3.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BlockFault {
    /// It is no row of whole blocks, or has too few of them.
    Length,
    /// The padding claims to be so long that the rest does not hold the authentication code.
    PaddingLength(u8),
    /// The padding's bytes are not what they must be.
    Padding,
    /// The authentication code does not fit.
    Mac,
}

impl Misbehaviour {
    fn answer(self) -> u8 {
        match self {
            Self::OversizedRecord(_)
            | Self::EmptyRecord(_)
            | Self::UnexpectedRecord(_)
            | Self::InterruptedMessage(_)
            | Self::OversizedMessage(_)
            | Self::UnknownMessage(_)
            | Self::UnexpectedMessage(_)
            | Self::UnsolicitedExtension(_) => UNEXPECTED_MESSAGE,
            Self::TruncatedMessage(_)
            | Self::MalformedMessage(_)
            | Self::ExtensionsLength
            | Self::ExtensionLength(_) => DECODE_ERROR,
            Self::MisplacedExtension(_) => UNSUPPORTED_EXTENSION,
            Self::UnknownVersion(_) | Self::VersionNotOffered(_) | Self::LegacyVersion(_) => {
                PROTOCOL_VERSION
            }
            Self::ShortAlert
            | Self::DuplicateExtension(_)
            | Self::Downgrade
            | Self::SuiteNotOffered(_)
            | Self::SuiteOfOtherVersion(_)
            | Self::Compression(_)
            | Self::RetryGroupNotOffered(_)
            | Self::RetryGroupShared(_)
            | Self::KeyExchangeGroup(_)
            | Self::SignatureScheme(_) => ILLEGAL_PARAMETER,
            Self::KeyShareGroup(_)
            | Self::InvalidKeyShare(_)
            | Self::Signature
            | Self::Block(_) => HANDSHAKE_FAILURE,
            Self::KeyShareMissing => INTERNAL_ERROR,
            Self::Decryption => BAD_RECORD_MAC,
            Self::Finished => DECRYPT_ERROR,
            Self::NoCertificate => BAD_CERTIFICATE,
        }
    }
}
