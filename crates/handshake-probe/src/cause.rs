//! Why a handshake ended, as facts that were seen on the wire.

use std::io;

use crate::alert::{HANDSHAKE_FAILURE, UNEXPECTED_MESSAGE};
use crate::misbehaviour::Misbehaviour;
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
