//! What Java knows besides the chain and the anchors.

use crate::rules::Rules;

/// What Java knows besides the chain and the anchors.
#[derive(Clone, Copy, Debug)]
pub struct Parameters<'a> {
    /// Whose behaviour and words are wanted.
    pub rules: &'a Rules,
    /// The host as the caller typed it: a name or an address, `[` `]` and a trailing dot included.
    pub host: &'a str,
    /// How the host is checked against the certificate.
    pub endpoint_identification: EndpointIdentification,
    /// The protocol version that was negotiated.
    pub protocol: Protocol,
    /// The key exchange, as `X509TrustManager.checkServerTrusted` is told it.
    pub auth_type: AuthType,
    /// The time of the check, in milliseconds since 1970-01-01T00:00:00Z.
    pub now: i64,
    /// The JVM's default time zone, for the dates in messages.
    pub zone: &'a dyn Zone,
}

/// A time zone as `java.util.Date.toString()` sees it. It is a seam: this crate reads no zone files.
pub trait Zone: std::fmt::Debug {
    /// Returns the offset from UTC in seconds and the zone's short name at `seconds` since 1970-01-01T00:00:00Z.
    fn at(&self, seconds: i64) -> (i32, String);
}

/// UTC, where no zone is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Utc;

impl Zone for Utc {
    fn at(&self, _seconds: i64) -> (i32, String) {
        (0, "UTC".to_owned())
    }
}

/// How the host is checked (`SSLParameters.setEndpointIdentificationAlgorithm`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EndpointIdentification {
    /// `HTTPS`, as the SSLPoke of today asks for.
    Https,
    /// `LDAPS`; the same rules, but a `*` may only stand in the leftmost label in every release.
    Ldaps,
    /// None: the first SSLPoke.
    None,
}

/// A protocol version.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Protocol {
    /// RFC 2246.
    Tls10,
    /// RFC 4346.
    Tls11,
    /// RFC 5246.
    Tls12,
    /// RFC 8446.
    Tls13,
}

impl Protocol {
    /// Returns the name that Java's properties use.
    pub fn java_name(self) -> &'static str {
        match self {
            Self::Tls10 => "TLSv1",
            Self::Tls11 => "TLSv1.1",
            Self::Tls12 => "TLSv1.2",
            Self::Tls13 => "TLSv1.3",
        }
    }
}

/// The key exchange, as `X509TrustManager.checkServerTrusted` is told it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AuthType {
    /// `UNKNOWN`: every suite of TLS 1.3.
    Unknown,
    /// `ECDHE_ECDSA`.
    EcdheEcdsa,
    /// `ECDHE_RSA`.
    EcdheRsa,
    /// `DHE_RSA`.
    DheRsa,
    /// `DHE_DSS`.
    DheDss,
    /// `RSA`: the static key exchange.
    Rsa,
}
