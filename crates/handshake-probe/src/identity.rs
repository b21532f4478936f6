//! The seam between mechanism and policy: who decides with which certificate the client answers.

use std::fmt;
use std::sync::Arc;

use pki_types::CertificateDer;

use crate::engine::SigningKey;
use crate::request::ProtocolVersion;

/// Decides how the client answers when the peer asks for its certificate.
pub trait Identity: fmt::Debug + Send + Sync {
    /// Chooses the answer to what the peer asked.
    fn choose(&self, asked: &CertificateRequest<'_>) -> Choice;
}

/// What an [`Identity`] is shown. Numbers are those of the IANA registries.
#[derive(Clone, Copy, Debug)]
pub struct CertificateRequest<'a> {
    /// The protocol version that was negotiated.
    pub protocol: ProtocolVersion,
    /// The types of certificate, most wanted first; none in TLS 1.3.
    pub types: &'a [u8],
    /// The signature schemes, most wanted first; none before TLS 1.2.
    pub schemes: &'a [u16],
    /// The same for the signatures in certificates, where TLS 1.3 names them apart.
    pub certificate_schemes: &'a [u16],
    /// The distinguished names (DER) of the authorities that the peer takes; with none it takes any.
    pub authorities: &'a [Vec<u8>],
}

/// What an [`Identity`] says.
#[derive(Clone, Debug)]
pub enum Choice {
    /// Send no certificate.
    Nothing,
    /// Send these certificates and prove that the key is here.
    Credentials(Credentials),
    /// Send this alert and close.
    Refuse {
        /// The alert, as RFC 8446, section 6.2, names it.
        alert: &'static str,
    },
}

/// A certificate, and the proof that its key is here.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The certificates, end entity first.
    pub chain: Vec<CertificateDer<'static>>,
    /// The key of the first one.
    pub key: Arc<SigningKey>,
    /// The signature scheme's number; before TLS 1.2 the key decides.
    pub scheme: u16,
}
