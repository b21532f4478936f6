//! From what was watched to what the judge is shown and what is observed; alike for all engines.

use crate::alert::{INTERNAL_ERROR, alert_code};
use crate::cause::Cause;
use crate::engine::suites;
use crate::identity::{CertificateRequest, Choice};
use crate::judge::{Decision, Judge, PeerCertificates};
use crate::misbehaviour::Misbehaviour;
use crate::observation::{Observation, Session};
use crate::request::{ProbeRequest, ProtocolVersion};
use crate::wire::Watch;

/// Shows the judge the peer's certificates; returns the alert of a refusal.
pub(crate) fn judge_certificates(judge: &dyn Judge, watch: &Watch<'_>) -> Option<u8> {
    alert_of(judge.judge(&PeerCertificates {
        chain: &watch.chain,
        protocol: watch.version.unwrap_or(ProtocolVersion::Tls13),
        cipher_suite: watch.cipher_suite(),
        ocsp_response: watch.asked_for_response(),
    }))
}

/// Asks who the client is, as the peer does; returns the alert of a refusal.
pub(crate) fn choose(request: &ProbeRequest, watch: &mut Watch<'_>) -> Option<u8> {
    let identity = request.identity.as_ref()?;
    let choice = identity.choose(&CertificateRequest {
        protocol: watch.version.unwrap_or(ProtocolVersion::Tls12),
        types: &watch.asked_types,
        schemes: &watch.asked_schemes,
        certificate_schemes: &[],
        authorities: &watch.authorities,
    });
    match choice {
        Choice::Nothing => None,
        Choice::Credentials(credentials) => {
            watch.credentials = Some(credentials);
            None
        }
        Choice::Refuse { alert } => Some(alert_code(alert).unwrap_or(INTERNAL_ERROR)),
    }
}

/// Returns the alert of a refusal.
pub(crate) fn alert_of(decision: Decision) -> Option<u8> {
    match decision {
        Decision::Accept => None,
        Decision::Refuse { alert } => Some(alert_code(alert).unwrap_or(INTERNAL_ERROR)),
    }
}

/// Returns whether a record is to be left out, as the judge bears what is odd about it.
///
/// # Errors
///
/// What was wrong and is not borne.
pub(crate) fn bear(watched: Result<(), Cause>, judge: &dyn Judge) -> Result<bool, Cause> {
    match watched {
        Err(Cause::Misbehaved(oddity @ Misbehaviour::EmptyRecord(_))) if judge.bears(oddity) => {
            Ok(true)
        }
        other => other.map(|()| false),
    }
}

/// Returns the session that was made.
pub(crate) fn session(watch: &Watch<'_>) -> Session {
    Session {
        hello_retry_request: watch.was_retried,
        client_certificate_requested: watch.is_certificate_requested,
        late_alert: None,
        ended_by_peer: false,
    }
}

/// Writes down what was seen.
pub(crate) fn tell(watch: Watch<'_>, observation: &mut Observation) {
    observation.client_certificate_requested = watch.is_certificate_requested;
    observation.client_authorities = watch.authorities;
    observation.client_certificate_sent = watch.credentials.is_some();
    observation.key_agreement = watch.key_agreement;
    observation.signature_scheme = watch.scheme.and_then(suites::scheme_name);
    observation.chain = watch.chain;
    observation.ocsp_response = watch.ocsp_response;
    observation.server_hello = watch.server_hello;
}
