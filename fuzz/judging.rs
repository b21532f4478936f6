//! What the targets that ask for verdicts have in common.

use java_pkix::{
    AuthType, EndpointIdentification, JavaRelease, Parameters, Protocol, Rules, TrustAnchor,
    TrustAnchors, Utc, Verdict, validate,
};
use pki_types::CertificateDer;

/// Judges a chain on 2026-11-24, when the chains of `constraints` were valid.
pub fn judge(chain: &[&[u8]], anchor: &[u8], protocol: Protocol, rules: &Rules) -> Verdict {
    let chain: Vec<_> = chain.iter().map(|der| CertificateDer::from(*der)).collect();
    let anchors: TrustAnchors = [TrustAnchor {
        name: "anchor".to_owned(),
        certificate: CertificateDer::from(anchor.to_vec()),
        jdk_ca: true,
    }]
    .into_iter()
    .collect();
    let parameters = Parameters {
        rules,
        host: "jira.example.com",
        endpoint_identification: EndpointIdentification::Https,
        protocol,
        auth_type: if protocol == Protocol::Tls13 { AuthType::Unknown } else { AuthType::Rsa },
        now: 1_795_512_960_000,
        zone: &Utc,
    };
    validate(&chain, &anchors, &parameters)
}

/// Returns what a number stands for: a release and a protocol.
pub fn setting(number: u8) -> (JavaRelease, Protocol) {
    let releases = JavaRelease::RECORDED;
    let number = usize::from(number);
    let protocol = if number / releases.len() % 2 == 0 { Protocol::Tls13 } else { Protocol::Tls12 };
    (releases[number % releases.len()], protocol)
}
