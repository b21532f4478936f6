//! What was seen. A probe never fails: a failed handshake is an observation, too.

use std::net::SocketAddr;
use std::time::Duration;

use pki_types::CertificateDer;

use crate::cause::Cause;
use crate::engine::suites::{group_name, suite_name};
use crate::judge::KeyAgreement;
use crate::request::ProtocolVersion;

/// All that was seen of one handshake, however far it came.
#[derive(Debug)]
pub struct Observation {
    /// Every address of the host, in the order in which they would be tried; only the first one is.
    pub addresses: Vec<SocketAddr>,
    /// The endpoint's address that was connected to, if any and if it is known.
    pub peer: Option<SocketAddr>,
    /// The address of the proxy that was connected to, if any.
    pub proxy: Option<SocketAddr>,
    /// The certificates that the peer sent, end entity first; empty if it came not so far.
    pub chain: Vec<CertificateDer<'static>>,
    /// The OCSP response that was stapled to the end entity certificate; empty if there was none.
    pub ocsp_response: Vec<u8>,
    /// The last `ServerHello` or `HelloRetryRequest`, even if what it chose was refused.
    pub server_hello: Option<ServerHello>,
    /// How keys were to be agreed on, before TLS 1.3.
    pub key_agreement: Option<KeyAgreement>,
    /// The scheme of the peer's signature over the handshake, as the IANA registry writes it; there is none before TLS 1.2, nor
    /// where a secret is encrypted to the key of the certificate.
    pub signature_scheme: Option<&'static str>,
    /// Who made the handshake.
    pub engine: Engine,
    /// Whether the peer asked for a client certificate.
    pub client_certificate_requested: bool,
    /// The distinguished names (DER) of the authorities whose client certificates the peer takes.
    pub client_authorities: Vec<Vec<u8>>,
    /// Whether a client certificate was sent.
    pub client_certificate_sent: bool,
    /// The fatal alert that was sent, if any.
    pub alert_sent: Option<u8>,
    /// What of the offer the engine could not offer. If there is any, then an alert such as
    /// `handshake_failure` may mean that the peer wanted just that.
    pub withheld: Withheld,
    /// The session, or where and why the handshake ended.
    pub outcome: Result<Session, Failure>,
    /// The first bytes that the peer sent, at most 64: enough to name a plaintext protocol.
    pub first_bytes: Vec<u8>,
    /// How many bytes the peer sent.
    pub received: u64,
    /// How long each stage took.
    pub timings: Timings,
}

/// What the peer chose, however the handshake went on; none if it chose nothing, or nothing that a registry knows.
impl Observation {
    /// Returns the protocol version.
    pub fn protocol(&self) -> Option<ProtocolVersion> {
        let hello = self.server_hello.as_ref()?;
        ProtocolVersion::from_code(hello.selected_version.unwrap_or(hello.legacy_version))
    }

    /// Returns the cipher suite, as the IANA registry writes it.
    pub fn cipher_suite(&self) -> Option<&'static str> {
        suite_name(self.server_hello.as_ref()?.cipher_suite)
    }

    /// Returns the key exchange group, as the IANA registry writes it.
    pub fn group(&self) -> Option<&'static str> {
        let agreed = match self.key_agreement {
            Some(KeyAgreement::Ecdhe { group }) => Some(group),
            Some(KeyAgreement::Rsa | KeyAgreement::Dhe { .. }) | None => None,
        };
        group_name(agreed.or(self.server_hello.as_ref()?.group)?)
    }
}

/// Who made the handshake.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Engine {
    /// rustls, for TLS 1.2 and 1.3.
    Rustls,
    /// Our own for TLS 1.0 to 1.2, where rustls could not follow the peer.
    Classic,
}

/// A completed handshake.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Session {
    /// Whether the peer wanted another key share first (`HelloRetryRequest`).
    pub hello_retry_request: bool,
    /// Whether the peer asked for a client certificate.
    pub client_certificate_requested: bool,
    /// A fatal alert that came after the handshake, as RFC 8446, section 6, names it: `certificate_required`, say.
    pub late_alert: Option<&'static str>,
    /// Whether the peer closed or reset the connection while an alert was listened for.
    pub ended_by_peer: bool,
}

/// What a `ServerHello` (RFC 8446, section 4.1.3) says; numbers are those of the IANA registries.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServerHello {
    /// Whether it is a `HelloRetryRequest`.
    pub is_retry: bool,
    /// The version in the old place.
    pub legacy_version: u16,
    /// The version in the `supported_versions` extension.
    pub selected_version: Option<u16>,
    /// The cipher suite.
    pub cipher_suite: u16,
    /// The compression method.
    pub compression: u8,
    /// The group in the `key_share` extension.
    pub group: Option<u16>,
    /// The extensions, in their order.
    pub extensions: Vec<u16>,
}

/// Numbers in the offer that the engine could not offer.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Withheld {
    /// Protocol versions.
    pub versions: Vec<ProtocolVersion>,
    /// Cipher suites.
    pub cipher_suites: Vec<u16>,
}

impl Withheld {
    /// Whether all of the offer could be offered.
    pub fn is_nothing(&self) -> bool {
        self.versions.is_empty() && self.cipher_suites.is_empty()
    }
}

/// How long each stage took; absent if it was not reached.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Timings {
    /// The look-up of the name.
    pub resolve: Option<Duration>,
    /// The TCP connection.
    pub connect: Option<Duration>,
    /// The proxy's tunnel.
    pub tunnel: Option<Duration>,
    /// The plaintext dialogue that leads to TLS.
    pub starttls: Option<Duration>,
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
    /// The plaintext dialogue that leads to TLS.
    StartTls,
    /// `ClientHello` is out, `ServerHello` is awaited.
    Hello,
    /// The peer's certificates are judged.
    Certificate,
    /// `Finished` is awaited.
    Finished,
}
