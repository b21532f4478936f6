//! The decision, from top to bottom.

use pki_types::CertificateDer;

use crate::anchor::TrustAnchors;
use crate::exception::JavaException;
use crate::parameters::Parameters;
use crate::verdict::{Reason, Rejection, Verdict};

/// Decides about `chain`, as sent and end entity first, as the Java runtime in `parameters` does.
pub fn validate(
    chain: &[CertificateDer<'_>],
    anchors: &TrustAnchors,
    parameters: &Parameters<'_>,
) -> Verdict {
    let _ = (chain, parameters);
    let reason = if anchors.is_empty() { Reason::NoTrustAnchors } else { Reason::NoPath };
    let exception = JavaException::bare("javax.net.ssl.SSLHandshakeException");
    Verdict::Rejected(Rejection { reason, exception, alert: "certificate_unknown" })
}
