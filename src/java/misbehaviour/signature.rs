//! What Java throws for the signature over a handshake.

use handshake_probe::{KeyKind, Misbehaviour, SignatureFault, scheme_name};
use java_pkix::JavaException;

use super::is_tls_13;
use crate::java::exception::{Attempt, alerted};
use crate::java::names::suite_name;

/// Returns what Java throws; none where that was not recorded.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is told of beside")]
pub(super) fn exception(
    misbehaviour: Misbehaviour,
    attempt: &Attempt<'_>,
) -> Option<JavaException> {
    let with = |alert: &str, message: &str| Some(alerted(alert, message, attempt.rules));
    let place = Place::of(attempt);
    match misbehaviour {
        Misbehaviour::SignatureScheme(code) => {
            let what = match scheme_name(code) {
                Some(name) => format!("Unsupported signature algorithm ({name})"),
                None => format!("Invalid signature algorithm ({code})"),
            };
            with("handshake_failure", &format!("{what} used in {} handshake message", place.name()))
        }
        Misbehaviour::Signature => {
            let message = match place {
                Place::Dh => "Invalid signature on DH ServerKeyExchange message".to_owned(),
                Place::CertificateVerify | Place::Ecdh => {
                    format!("Invalid {} signature", place.name())
                }
            };
            with("handshake_failure", &message)
        }
        Misbehaviour::NoCredentials => {
            with("handshake_failure", "No X509 credentials negotiated for CertificateVerify")
        }
        Misbehaviour::NoCommonScheme => {
            with("handshake_failure", "No supported signature algorithm")
        }
        Misbehaviour::Unverifiable(fault) => unverifiable(fault, place, attempt),
        _ => None,
    }
}

/// Where the signature is.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Place {
    /// TLS 1.3.
    CertificateVerify,
    /// On a curve.
    Ecdh,
    /// In a finite field.
    Dh,
}

impl Place {
    fn of(attempt: &Attempt<'_>) -> Self {
        let suite = attempt.cipher_suite;
        let is_dhe = || suite.and_then(suite_name).is_some_and(|name| name.contains("_DHE_"));
        match suite {
            suite if is_tls_13(suite) => Self::CertificateVerify,
            _ if is_dhe() => Self::Dh,
            _ => Self::Ecdh,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::CertificateVerify => "CertificateVerify",
            Self::Ecdh => "ECDH ServerKeyExchange",
            Self::Dh => "DH ServerKeyExchange",
        }
    }
}

fn unverifiable(
    fault: SignatureFault,
    place: Place,
    attempt: &Attempt<'_>,
) -> Option<JavaException> {
    let (scheme, cause) = match fault {
        SignatureFault::OtherKey { scheme, key } => {
            let words = match (scheme, key) {
                (ED25519 | ED448, _) => "Unsupported key type",
                (_, KeyKind::Ec) => {
                    "No installed provider supports this key: sun.security.ec.ECPublicKeyImpl"
                }
                (_, KeyKind::Rsa) => {
                    "No installed provider supports this key: sun.security.rsa.RSAPublicKeyImpl"
                }
                (_, KeyKind::RsaPss | KeyKind::Dsa | KeyKind::Edwards) => return None,
            };
            (Some(scheme), JavaException::new("java.security.InvalidKeyException", words))
        }
        SignatureFault::Length { needed, found } => {
            let words =
                format!("Signature length not correct: got {found} but was expecting {needed}");
            (None, JavaException::new("java.security.SignatureException", words))
        }
        SignatureFault::Encoding => return None,
    };
    let (alert, message) = match (scheme, place) {
        (Some(scheme), Place::Ecdh | Place::Dh) => {
            let name = scheme_name(scheme)?;
            ("internal_error", format!("Unsupported signature algorithm: {name}"))
        }
        _ => ("handshake_failure", format!("Cannot verify {} signature", place.name())),
    };
    Some(alerted(alert, &message, attempt.rules).caused_by(cause))
}

const ED25519: u16 = 0x0807;
const ED448: u16 = 0x0808;
