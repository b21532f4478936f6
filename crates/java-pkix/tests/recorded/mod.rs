//! A recorded case: what `fixtures/verdicts/README.md` says a line of `*.cases.jsonl` holds.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use java_pkix::{
    AuthType, EndpointIdentification, Parameters, Protocol, Rules, TrustAnchor, TrustAnchors, Utc,
    Verdict, possible_verdicts,
};
use pki_types::CertificateDer;
use serde_json::Value;

/// The time of cases that name none, 2026-11-22T12:00:00Z: when they were recorded.
const NOW: i64 = 1_795_348_800;

/// A chain, who is trusted, and what was asked for.
pub(crate) struct Case {
    pub(crate) id: String,
    chain: Vec<CertificateDer<'static>>,
    anchors: TrustAnchors,
    host: String,
    endpoint_identification: EndpointIdentification,
    protocol: Protocol,
    auth_type: AuthType,
    now: i64,
}

/// A verdict, and the exception with its causes.
pub(crate) type Answer = (&'static str, Vec<String>);

impl Case {
    /// Reads a line.
    pub(crate) fn read(case: &Value) -> Self {
        let jdk_ca = case["jdk_ca"] == true;
        let anchor = |certificate| TrustAnchor { name: String::new(), certificate, jdk_ca };
        let is_tls12 = case["tls"] == "TLSv1.2";
        Self {
            id: case["id"].as_str().unwrap().to_owned(),
            chain: certificates(&case["chain"]),
            anchors: certificates(&case["anchors"]).into_iter().map(anchor).collect(),
            host: case["host"].as_str().unwrap().to_owned(),
            endpoint_identification: match case["endpoint"].as_str() {
                Some("") => EndpointIdentification::None,
                Some("LDAPS") => EndpointIdentification::Ldaps,
                Some(_) | None => EndpointIdentification::Https,
            },
            protocol: if is_tls12 { Protocol::Tls12 } else { Protocol::Tls13 },
            auth_type: match case["authtype"].as_str() {
                Some("RSA") => AuthType::Rsa,
                Some("ECDHE_ECDSA") => AuthType::EcdheEcdsa,
                Some("DHE_RSA") => AuthType::DheRsa,
                Some(_) => AuthType::EcdheRsa,
                None if is_tls12 => AuthType::EcdheRsa,
                None => AuthType::Unknown,
            },
            now: case["time"].as_i64().unwrap_or(NOW) * 1000,
        }
    }

    /// What is asked of a runtime.
    fn parameters<'a>(&'a self, rules: &'a Rules) -> Parameters<'a> {
        Parameters {
            rules,
            host: &self.host,
            endpoint_identification: self.endpoint_identification,
            protocol: self.protocol,
            auth_type: self.auth_type,
            now: self.now,
            zone: &Utc,
        }
    }

    /// Answers as a runtime with `rules` may, the likeliest first; the fault where the store does not load.
    pub(crate) fn answers(&self, rules: &Rules) -> Result<Vec<Answer>, String> {
        if let Some((_, fault)) = self.anchors.first_unreadable(rules) {
            return Err(fault.to_string());
        }
        let verdicts = possible_verdicts(&self.chain, &self.anchors, &self.parameters(rules));
        Ok(verdicts.iter().map(answer).collect())
    }
}

/// Writes a verdict as recordings have it.
fn answer(verdict: &Verdict) -> Answer {
    match verdict {
        Verdict::Trusted(_) => ("accept", Vec::new()),
        Verdict::Rejected(rejection) => {
            ("reject", rejection.exception.chain().map(ToString::to_string).collect())
        }
    }
}

fn certificates(texts: &Value) -> Vec<CertificateDer<'static>> {
    let decode = |text: &Value| BASE64_STANDARD.decode(text.as_str().unwrap()).unwrap().into();
    texts.as_array().unwrap().iter().map(decode).collect()
}
