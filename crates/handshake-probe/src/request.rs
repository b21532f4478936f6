//! What to try.

use std::net::SocketAddr;
use std::time::Duration;

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
    /// What the `ClientHello` offers.
    pub offer: Offer,
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
}

/// What the `ClientHello` offers.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The protocol versions, most wanted first.
    pub versions: Vec<ProtocolVersion>,
    /// The name in the `server_name` extension (RFC 6066, section 3), or none for no extension.
    pub server_name: Option<String>,
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

/// How long things may take; `None` is for ever.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For the whole probe, from the look-up of the name to the end of the wait for a late alert.
    pub total: Option<Duration>,
    /// How long to listen for an alert after a TLS 1.3 handshake.
    pub late_alert: Duration,
}
