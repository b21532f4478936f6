//! Any bytes as a chain and a store: a verdict of every release, never a panic.

#![no_main]

use java_pkix::{
    AuthType, EndpointIdentification, JavaRelease, Parameters, Protocol, Rules, TrustAnchor,
    TrustAnchors, Zone, validate,
};
use libfuzzer_sys::fuzz_target;
use pki_types::CertificateDer;

#[derive(Debug)]
struct Utc;

impl Zone for Utc {
    fn at(&self, _seconds: i64) -> (i32, String) {
        (0, "UTC".to_owned())
    }
}

fuzz_target!(|input: (Vec<Vec<u8>>, Vec<u8>)| {
    let (chain, anchor) = input;
    let chain: Vec<_> = chain.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
    let anchors: TrustAnchors = [TrustAnchor {
        name: "anchor".to_owned(),
        certificate: CertificateDer::from(anchor),
        jdk_ca: false,
    }]
    .into_iter()
    .collect();
    for release in JavaRelease::RECORDED {
        let parameters = Parameters {
            rules: &Rules::built_in(release),
            host: "jira.example.com",
            endpoint_identification: EndpointIdentification::Https,
            protocol: Protocol::Tls13,
            auth_type: AuthType::Unknown,
            now: 1_795_348_800_000,
            zone: &Utc,
        };
        let _ = validate(&chain, &anchors, &parameters);
    }
});
