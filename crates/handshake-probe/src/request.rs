//! What to try.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::identity::Identity;
use crate::secret::Secret;

/// One handshake to make.
#[derive(Clone, Debug)]
pub struct ProbeRequest {
    /// The host as the caller typed it; only the resolver looks at it.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// Addresses to use instead of asking the resolver (`--resolve`).
    pub resolved: Option<Vec<SocketAddr>>,
    /// Which address families are asked for and in which order.
    pub families: Families,
    /// The way to the endpoint.
    pub route: Route,
    /// The plaintext protocol that leads to TLS; none: TLS begins with the first byte.
    pub starttls: Option<StartTls>,
    /// What the `ClientHello` offers.
    pub offer: Offer,
    /// Who answers when the peer asks for a client certificate; without one the answer is empty.
    pub identity: Option<Arc<dyn Identity>>,
    /// Application bytes to write when the handshake is complete: SSLPoke writes one byte, 1.
    pub poke: Vec<u8>,
    /// How long each stage may take.
    pub timeouts: Timeouts,
}

/// Which address families are used. The first address that comes out is the only one tried.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Families {
    /// IPv4 addresses before IPv6 ones: Java's default.
    #[default]
    Ipv4First,
    /// IPv6 addresses before IPv4 ones (`java.net.preferIPv6Addresses=true`).
    Ipv6First,
    /// As the resolver orders them (`java.net.preferIPv6Addresses=system`).
    AsResolved,
    /// IPv4 only (`java.net.preferIPv4Stack=true`, or `-4`).
    Ipv4Only,
    /// IPv6 only (`-6`).
    Ipv6Only,
}

/// The way to the endpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Route {
    /// Straight to the endpoint.
    Direct,
    /// Through a SOCKS proxy.
    Socks(Socks),
    /// Through an HTTP proxy.
    HttpConnect(HttpConnect),
}

/// A SOCKS proxy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Socks {
    /// The proxy's host.
    pub host: String,
    /// The proxy's port.
    pub port: u16,
    /// The version that is spoken first; a proxy that does not know 5 is tried with 4.
    pub version: SocksVersion,
    /// Who looks up the endpoint's name.
    pub names: Names,
    /// The user, for SOCKS 4 and for SOCKS 5 if the proxy asks.
    pub user: Vec<u8>,
    /// The password.
    pub password: Secret,
}

/// Who looks up the endpoint's name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Names {
    /// This machine; a name without an address here is given to a SOCKS 5 proxy, as by Java.
    Here,
    /// The proxy; with SOCKS 4 this is SOCKS 4a.
    AtProxy,
}

/// A version of SOCKS.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SocksVersion {
    /// SOCKS 4: IPv4 addresses only.
    V4,
    /// SOCKS 5 (RFC 1928).
    V5,
}

/// An HTTP proxy, which is given the endpoint's host as it was typed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HttpConnect {
    /// The proxy's host.
    pub host: String,
    /// The proxy's port.
    pub port: u16,
    /// Headers besides `Host`: `Proxy-Authorization`, say.
    pub headers: Vec<(&'static str, Secret)>,
}

/// A plaintext protocol in which TLS begins on demand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StartTls {
    /// RFC 3207.
    Smtp,
    /// RFC 2033 with RFC 3207.
    Lmtp,
    /// RFC 9051.
    Imap,
    /// RFC 2595.
    Pop3,
    /// RFC 4511, with the extended operation 1.3.6.1.4.1.1466.20037.
    Ldap,
    /// RFC 4217, with `AUTH TLS`.
    Ftp,
    /// PostgreSQL's `SSLRequest`.
    Postgres,
    /// MySQL's and MariaDB's handshake.
    Mysql,
    /// RFC 6120, as a client.
    Xmpp,
    /// RFC 6120, as a server.
    XmppServer,
}

/// What the `ClientHello` offers.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The protocol versions, most wanted first.
    pub versions: Vec<ProtocolVersion>,
    /// The cipher suites' numbers in the IANA registry, most wanted first.
    pub cipher_suites: Vec<u16>,
    /// The key exchange groups' numbers in the IANA registry, most wanted first.
    pub groups: Vec<u16>,
    /// The groups of which a TLS 1.3 key share goes out at once.
    pub key_shares: Vec<u16>,
    /// The signature schemes' numbers in the IANA registry, most wanted first.
    pub signature_schemes: Vec<u16>,
    /// The same for the signatures in certificates; with none, the extension is not sent.
    /// rustls cannot send it.
    pub certificate_signature_schemes: Vec<u16>,
    /// The extensions' numbers in the order in which they are sent. rustls sends its own set in
    /// an order of its own.
    pub extensions: Vec<u16>,
    /// The name in the `server_name` extension (RFC 6066, section 3), or none for no extension.
    pub server_name: Option<String>,
}

impl Default for Offer {
    /// Offers what a client of today offers, without a server name.
    fn default() -> Self {
        Self {
            versions: vec![ProtocolVersion::Tls13, ProtocolVersion::Tls12],
            cipher_suites: vec![
                0x1302, 0x1301, 0x1303, 0xc02c, 0xc02b, 0xcca9, 0xc030, 0xcca8, 0xc02f,
            ],
            groups: vec![0x001d, 0x0017, 0x0018],
            key_shares: vec![0x001d],
            signature_schemes: vec![
                0x0403, 0x0503, 0x0807, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601,
            ],
            certificate_signature_schemes: Vec::new(),
            extensions: vec![0, 5, 10, 11, 17, 23, 35, 13, 43, 45, 50, 51],
            server_name: None,
        }
    }
}

/// A version of the TLS protocol.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum ProtocolVersion {
    /// RFC 2246.
    Tls10,
    /// RFC 4346.
    Tls11,
    /// RFC 5246.
    Tls12,
    /// RFC 8446.
    Tls13,
}

impl ProtocolVersion {
    /// Returns the number that stands for the version on the wire.
    pub fn code(self) -> u16 {
        match self {
            Self::Tls10 => 0x0301,
            Self::Tls11 => 0x0302,
            Self::Tls12 => 0x0303,
            Self::Tls13 => 0x0304,
        }
    }

    /// Returns the version that the number stands for.
    pub fn from_code(code: u16) -> Option<Self> {
        [Self::Tls10, Self::Tls11, Self::Tls12, Self::Tls13]
            .into_iter()
            .find(|version| version.code() == code)
    }
}

/// How long things may take; `None` is for ever.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For the whole probe, from the look-up of the name to the end of the wait for a late alert.
    pub total: Option<Duration>,
    /// How long to listen for an alert after a TLS 1.3 handshake in which the server asked for a client certificate.
    pub late_alert: Duration,
}
