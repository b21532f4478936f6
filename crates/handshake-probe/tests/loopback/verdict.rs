//! Trusted or refused: what the peer then sees.

use handshake_probe::{Cause, Decision, ProtocolVersion, Stage, probe};
use rustls::version::{TLS12, TLS13};

use crate::server::{ACCEPT, Always, Kind, request, tls};

#[test]
fn a_trusted_server_gets_the_poke_and_is_told_of() {
    for (version, protocol) in [(&TLS12, ProtocolVersion::Tls12), (&TLS13, ProtocolVersion::Tls13)]
    {
        let (server, certificate) = tls(Kind { version: Some(version), ..Kind::default() });
        let observation = probe(&request(server.address), &ACCEPT);
        let session = observation.outcome.unwrap();
        assert_eq!(session.protocol, protocol);
        assert_eq!(session.group, Some("x25519"));
        assert_eq!(observation.chain, [certificate]);
        let client = server.saw();
        assert_eq!(client.application_bytes, [1]);
        assert_eq!(client.server_name.as_deref(), Some("server.example.test"));
    }
}

#[test]
fn a_refusal_sends_its_alert_and_no_application_byte() {
    for version in [&TLS12, &TLS13] {
        for (alert, name) in [
            ("certificate_unknown", "CertificateUnknown"),
            ("certificate_expired", "CertificateExpired"),
            ("certificate_revoked", "CertificateRevoked"),
            ("bad_certificate", "BadCertificate"),
            ("unsupported_certificate", "UnsupportedCertificate"),
            ("bad_certificate_status_response", "BadCertificateStatusResponse"),
            ("internal_error", "InternalError"),
            ("unexpected_message", "UnexpectedMessage"),
            ("handshake_failure", "HandshakeFailure"),
            ("insufficient_security", "InsufficientSecurity"),
            ("illegal_parameter", "IllegalParameter"),
        ] {
            let (server, certificate) = tls(Kind { version: Some(version), ..Kind::default() });
            let refuse = Always(Decision::Refuse { alert });
            let observation = probe(&request(server.address), &refuse);
            let failure = observation.outcome.unwrap_err();
            assert!(matches!(failure.cause, Cause::Refused), "{:?}", failure.cause);
            assert_eq!(failure.stage, Stage::Certificate);
            assert_eq!(observation.chain, [certificate]);
            let client = server.saw();
            assert_eq!(client.error, Some(format!("received fatal alert: {name}")));
            assert_eq!(client.application_bytes, []);
        }
    }
}
