//! What is told of a poke.

use java_pkix::JavaException;
use serde::Serialize;

use super::Exit;
use crate::cli::host_port;
use crate::diagnosis::Finding;

/// What is told of one poke.
#[derive(Debug, Serialize)]
pub(crate) struct PokeReport {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) target: TargetNamed,
    pub(crate) runtime: RuntimeUsed,
    pub(crate) truststore: StoreUsed,
    pub(crate) result: Outcome,
    pub(crate) exception: Vec<ExceptionLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) connection: Option<Connection>,
    /// The same handshake on another way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) compared: Option<OtherWay>,
    pub(crate) chain: Vec<ChainEntry>,
    pub(crate) findings: Vec<Finding>,
    /// How this one ends for the program.
    #[serde(skip)]
    pub(crate) exit: Exit,
    /// What the virtual machine says before it starts.
    #[serde(skip)]
    pub(crate) told: Vec<String>,
    /// Where the settings came from; told only on demand.
    #[serde(skip)]
    pub(crate) provenance: Vec<String>,
}

/// What was asked for.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TargetNamed {
    pub(crate) host: String,
    pub(crate) port: i32,
    /// All addresses of the host, the one that Java takes first; none where none was looked up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) addresses: Vec<String>,
}

impl TargetNamed {
    /// Returns `HOST:PORT`, an IPv6 address in brackets.
    pub(super) fn place(&self) -> String {
        host_port(&self.host, self.port)
    }
}

/// Which Java was imitated.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RuntimeUsed {
    pub(crate) release: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) java_home: Option<String>,
    pub(crate) source: String,
}

/// Which trust store was used.
#[derive(Debug, Serialize)]
pub(crate) struct StoreUsed {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) entries: usize,
    pub(crate) anchors: usize,
    pub(crate) source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fallback_from: Option<String>,
}

/// What Java would do.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    /// It connects.
    Connected,
    /// It refuses the peer, or is refused.
    Refused,
    /// It does not get as far as TLS.
    Unreachable,
    /// That could not be decided.
    Undetermined,
}

/// One line of a stack trace without its frames.
#[derive(Debug, Serialize)]
pub(crate) struct ExceptionLine {
    pub(crate) class: String,
    pub(crate) message: Option<String>,
}

impl ExceptionLine {
    /// Writes an exception and its causes.
    pub(crate) fn all(exception: &JavaException) -> Vec<Self> {
        let line = |held: &JavaException| Self {
            class: held.class.to_string(),
            message: held.message.clone(),
        };
        exception.chain().map(line).collect()
    }
}

/// What was seen of a connection.
#[derive(Debug, Serialize)]
pub(crate) struct Connection {
    /// The endpoint's; an HTTP proxy does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<String>,
    /// The proxy as a URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) proxy: Option<String>,
    /// The plaintext dialogue that led to TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) starttls: Option<&'static str>,
    /// What the server chose, however the handshake went on; the suite and the group, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) protocol: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cipher_suite: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<&'static str>,
    /// That of the server's signature over the handshake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) signature_scheme: Option<&'static str>,
    /// Whether the server stapled an OCSP response; absent where it showed no certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ocsp_stapled: Option<bool>,
    /// Who spoke TLS: `rustls`, or `classic` for what rustls does not speak and Java does.
    pub(crate) engine: &'static str,
    /// The fatal alert that was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alert_sent: Option<String>,
    /// The alert that the server sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alert_received: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_certificate: Option<ClientCertificate>,
    pub(crate) timings_ms: TimingsNamed,
}

/// What came of the server's question for a client certificate.
#[derive(Debug, Serialize)]
pub(crate) struct ClientCertificate {
    /// The entry of the key store that was shown, if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alias: Option<String>,
    /// The authorities whose certificates the server takes; none if it takes any.
    pub(crate) authorities: Vec<String>,
    /// The alert with which the server refused after the handshake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) late_alert: Option<&'static str>,
}

/// How long each stage took, in milliseconds.
#[derive(Debug, Serialize)]
pub(crate) struct TimingsNamed {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resolve: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) connect: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tunnel: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) starttls: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) handshake: Option<f64>,
}

/// What came of the same handshake on another way.
#[derive(Debug, Serialize)]
pub(crate) struct OtherWay {
    /// The proxy as a URL; none: straight to the host.
    pub(crate) proxy: Option<String>,
    pub(crate) connected: bool,
    pub(crate) exception: Vec<ExceptionLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
}

/// A certificate that the peer sent.
#[derive(Debug, Serialize)]
pub(crate) struct ChainEntry {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    pub(crate) not_before: String,
    pub(crate) not_after: String,
    pub(crate) sha256: String,
    pub(crate) role: &'static str,
    pub(crate) in_truststore: bool,
}
