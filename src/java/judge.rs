//! Java's judgement inside a handshake.

use std::cell::{Cell, RefCell};

use handshake_probe::{
    Decision, Judge, KeyAgreement, MessageFault, Misbehaviour, PeerCertificates,
};
use java_pkix::{
    AuthType, EndpointIdentification, Parameters, Protocol, Rules, TrustAnchors, Verdict, Zone,
    validate,
};

use super::exception::{Words, alert_for_prime};
use super::names::suite_name;
use crate::settings::protocol;

/// Judges a peer's certificates as a Java runtime does, and keeps the verdict.
#[derive(Debug)]
pub(crate) struct JavaJudge<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) anchors: &'a TrustAnchors,
    /// The host as it was typed.
    pub(crate) host: &'a str,
    pub(crate) endpoint_identification: EndpointIdentification,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub(crate) now: i64,
    pub(crate) zone: &'a dyn Zone,
    pub(crate) verdict: RefCell<Option<Verdict>>,
    /// The protocol and the key exchange that were agreed on, as the verdict wanted them.
    pub(crate) agreed: Cell<Option<(Protocol, AuthType)>>,
}

impl Judge for JavaJudge<'_> {
    fn judge(&self, peer: &PeerCertificates<'_>) -> Decision {
        let agreed = (protocol(peer.protocol), auth_type(peer.cipher_suite));
        self.agreed.set(Some(agreed));
        let parameters = Parameters {
            rules: self.rules,
            host: self.host,
            endpoint_identification: self.endpoint_identification,
            protocol: agreed.0,
            auth_type: agreed.1,
            now: self.now,
            zone: self.zone,
        };
        let verdict = validate(peer.chain, self.anchors, &parameters);
        let decision = match &verdict {
            Verdict::Trusted(_) => Decision::Accept,
            Verdict::Rejected(rejection) => Decision::Refuse { alert: rejection.alert },
        };
        *self.verdict.borrow_mut() = Some(verdict);
        decision
    }

    fn judge_key_agreement(&self, agreement: KeyAgreement) -> Decision {
        of_key_agreement(agreement, self.rules)
    }

    fn bears(&self, oddity: Misbehaviour) -> bool {
        bears(self.rules, oddity)
    }
}

/// Looks at a peer's certificates and leaves the verdict to others; in all else it is as a Java runtime.
#[derive(Debug)]
pub(crate) struct Witness<'a> {
    pub(crate) rules: &'a Rules,
    /// Whether the handshake goes on when the certificates were seen.
    pub(crate) goes_on: bool,
    /// The protocol and the key exchange that were agreed on, as a verdict wants them.
    pub(crate) agreed: Cell<Option<(Protocol, AuthType)>>,
}

impl<'a> Witness<'a> {
    pub(crate) fn new(rules: &'a Rules, goes_on: bool) -> Self {
        Self { rules, goes_on, agreed: Cell::new(None) }
    }
}

impl Judge for Witness<'_> {
    fn judge(&self, peer: &PeerCertificates<'_>) -> Decision {
        self.agreed.set(Some((protocol(peer.protocol), auth_type(peer.cipher_suite))));
        if self.goes_on { Decision::Accept } else { Decision::Refuse { alert: "user_canceled" } }
    }

    fn judge_key_agreement(&self, agreement: KeyAgreement) -> Decision {
        of_key_agreement(agreement, self.rules)
    }

    fn bears(&self, oddity: Misbehaviour) -> bool {
        bears(self.rules, oddity)
    }
}

fn of_key_agreement(agreement: KeyAgreement, rules: &Rules) -> Decision {
    let alert = match agreement {
        KeyAgreement::Dhe { prime_bits } => alert_for_prime(prime_bits, rules),
        KeyAgreement::Rsa | KeyAgreement::Ecdhe { .. } => None,
    };
    alert.map_or(Decision::Accept, |alert| Decision::Refuse { alert })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what is not borne by any release")]
fn bears(rules: &Rules, oddity: Misbehaviour) -> bool {
    let words = Words::of(rules);
    match oddity {
        Misbehaviour::EmptyRecord(_) => !words.refuses_empty_records,
        Misbehaviour::DuplicateExtension(_) => !words.refuses_duplicate_extensions,
        Misbehaviour::NoContentType => words.takes_empty_content,
        Misbehaviour::OutOfOrder(_) => words.takes_any_order,
        Misbehaviour::UnexpectedMessage(_) => words.takes_any_ticket,
        Misbehaviour::SignatureScheme(_) => words.takes_old_schemes,
        Misbehaviour::NoCommonScheme => words.asks_for_no_common_scheme,
        Misbehaviour::CertificateType(_) => !words.buffer_words,
        Misbehaviour::MalformedMessage { fault: MessageFault::Name, .. } => !words.buffer_words,
        _ => false,
    }
}

/// Returns the key exchange that JSSE names to the trust manager; in TLS 1.3 it is `UNKNOWN`.
fn auth_type(cipher_suite: u16) -> AuthType {
    let name = suite_name(cipher_suite).unwrap_or_default();
    [
        ("TLS_ECDHE_ECDSA_", AuthType::EcdheEcdsa),
        ("TLS_ECDHE_RSA_", AuthType::EcdheRsa),
        ("TLS_DHE_RSA_", AuthType::DheRsa),
        ("TLS_DHE_DSS_", AuthType::DheDss),
        ("TLS_RSA_", AuthType::Rsa),
        ("SSL_RSA_", AuthType::Rsa),
    ]
    .into_iter()
    .find(|(prefix, _)| name.starts_with(prefix))
    .map_or(AuthType::Unknown, |(_, auth_type)| auth_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suite_decides_the_key_exchange() {
        for (suite, expected) in [
            (0x1301, AuthType::Unknown),
            (0xc02b, AuthType::EcdheEcdsa),
            (0xcca8, AuthType::EcdheRsa),
            (0x0039, AuthType::DheRsa),
            (0x00a3, AuthType::DheDss),
            (0x002f, AuthType::Rsa),
            (0x000a, AuthType::Rsa),
        ] {
            assert_eq!(auth_type(suite), expected, "{suite:04x}");
        }
    }
}
