//! The seam between mechanism and policy: who decides about the peer's certificates.

use pki_types::CertificateDer;

use crate::misbehaviour::Misbehaviour;
use crate::request::ProtocolVersion;

/// Decides whether a handshake goes on past the peer's `Certificate` message.
///
/// A judge brings its own clock and its own idea of who was asked for: the probe has neither.
pub trait Judge {
    /// Judges the certificates that the peer sent.
    fn judge(&self, peer: &PeerCertificates<'_>) -> Decision;

    /// Judges how keys are agreed on, before TLS 1.3, when the peer has signed its half.
    fn judge_key_agreement(&self, agreement: KeyAgreement) -> Decision {
        let _ = agreement;
        Decision::Accept
    }

    /// Whether the handshake goes on in spite of an oddity that some clients bear. Asked of:
    /// [`Misbehaviour::EmptyRecord`] of a handshake record, [`Misbehaviour::NoContentType`],
    /// [`Misbehaviour::DuplicateExtension`], [`Misbehaviour::OutOfOrder`], [`Misbehaviour::SignatureScheme`] of TLS 1.2 under
    /// TLS 1.3, [`Misbehaviour::NoCommonScheme`], [`Misbehaviour::CertificateType`], a name of an authority that is empty, and
    /// [`Misbehaviour::UnexpectedMessage`] of a session ticket.
    fn bears(&self, oddity: Misbehaviour) -> bool {
        let _ = oddity;
        false
    }
}

/// What a [`Judge`] is shown.
#[derive(Clone, Copy, Debug)]
pub struct PeerCertificates<'a> {
    /// The certificates as sent, end entity first.
    pub chain: &'a [CertificateDer<'a>],
    /// The protocol version that was negotiated.
    pub protocol: ProtocolVersion,
    /// The cipher suite's code in the IANA registry.
    pub cipher_suite: u16,
    /// The stapled OCSP response (RFC 6066, section 8); empty if there is none.
    pub ocsp_response: &'a [u8],
}

/// What a [`Judge`] says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// Go on.
    Accept,
    /// Send this alert and close.
    Refuse {
        /// The alert, as RFC 8446, section 6.2, names it.
        alert: &'static str,
    },
}

/// How keys are agreed on before TLS 1.3.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyAgreement {
    /// A secret is encrypted to the key of the certificate.
    Rsa,
    /// In a finite field whose prime has so many bits.
    Dhe {
        /// The size of the prime.
        prime_bits: u32,
    },
    /// On a curve.
    Ecdhe {
        /// The group's number in the IANA registry.
        group: u16,
    },
}
