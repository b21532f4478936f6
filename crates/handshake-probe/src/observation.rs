//! What was seen. A probe never fails: a failed handshake is an observation, too.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use pki_types::CertificateDer;

use crate::request::ProtocolVersion;

/// All that was seen of one handshake, however far it came.
#[derive(Debug)]
pub struct Observation {
    /// Every address of the host, in the order in which they would be tried; only the first one is.
    pub addresses: Vec<SocketAddr>,
    /// The address that was connected to, if any.
    pub peer: Option<SocketAddr>,
    /// The certificates that the peer sent, end entity first; empty if it came not so far.
    pub chain: Vec<CertificateDer<'static>>,
    /// The session, or where and why the handshake ended.
    pub outcome: Result<Session, Failure>,
    /// The first bytes that the peer sent, at most 64: enough to name a plaintext protocol.
    pub first_bytes: Vec<u8>,
    /// How long each stage took.
    pub timings: Timings,
}

/// A completed handshake.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Session {
    /// Protocol version.
    pub protocol: ProtocolVersion,
    /// Cipher suite, as the IANA registry writes it.
    pub cipher_suite: &'static str,
    /// Key exchange group, as the IANA registry writes it.
    pub group: Option<&'static str>,
    /// Whether the peer asked for a client certificate.
    pub client_certificate_requested: bool,
    /// A fatal alert that came after the handshake, as RFC 8446, section 6, names it: `certificate_required`, say.
    pub late_alert: Option<&'static str>,
}

/// How long each stage took; absent if it was not reached.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Timings {
    /// The look-up of the name.
    pub resolve: Option<Duration>,
    /// The TCP connection.
    pub connect: Option<Duration>,
    /// The TLS handshake.
    pub handshake: Option<Duration>,
}

/// Where and why a handshake ended before it was complete.
#[derive(Debug)]
pub struct Failure {
    /// The stage that was under way.
    pub stage: Stage,
    /// What ended it.
    pub cause: Cause,
}

/// The stages of a probe, in their order on the wire.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Stage {
    /// The name is looked up.
    Resolve,
    /// The TCP connection is made.
    Connect,
    /// The proxy is asked for a tunnel.
    Tunnel,
    /// `ClientHello` is out, `ServerHello` is awaited.
    Hello,
    /// The peer's certificates are judged.
    Certificate,
    /// `Finished` is awaited.
    Finished,
}

/// What ended a stage.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The host has no address.
    #[error("the name has no address")]
    UnknownHost,
    /// The operating system reported an error.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Nothing came in time.
    #[error("nothing came in time")]
    TimedOut,
    /// The peer closed the connection.
    #[error("the peer closed the connection")]
    Closed,
    /// The peer does not speak TLS.
    #[error("the peer does not speak TLS")]
    NotTls,
    /// The peer sent an alert (RFC 8446, section 6).
    #[error("the peer sent the alert {description}")]
    AlertReceived {
        /// The alert's number.
        description: u8,
        /// Whether its level was `fatal`.
        fatal: bool,
    },
    /// The [`Judge`](crate::Judge) refused the peer's certificates.
    #[error("the peer's certificates were refused")]
    Refused,
    /// The engine could not follow where the peer went; another client might have.
    #[error("not decided: {0}")]
    Undetermined(String),
}
