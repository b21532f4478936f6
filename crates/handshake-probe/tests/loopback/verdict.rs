//! Trusted or refused: what the peer then sees.

use handshake_probe::{Cause, Decision, Engine, ProtocolVersion, Stage, probe};
use rustls::version::{TLS12, TLS13};

use crate::server::{ACCEPT, Always, Kind, request, scripted, tls};

#[test]
fn a_trusted_server_gets_the_poke_and_is_told_of() {
    for (version, protocol) in [(&TLS12, ProtocolVersion::Tls12), (&TLS13, ProtocolVersion::Tls13)]
    {
        let (server, certificate) = tls(Kind { version: Some(version), ..Kind::default() });
        let observation = probe(&request(server.address), &ACCEPT);
        assert_eq!(observation.protocol(), Some(protocol));
        assert_eq!(observation.group(), Some("x25519"));
        assert!(observation.outcome.is_ok());
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
            assert!(observation.protocol().is_some() && observation.cipher_suite().is_some());
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

#[test]
fn a_server_name_is_sent_only_if_there_is_one() {
    let (server, _) = tls(Kind::default());
    let mut request = request(server.address);
    request.offer.server_name = None;
    assert!(probe(&request, &ACCEPT).outcome.is_ok());
    assert_eq!(server.saw().server_name, None);
}

#[test]
fn a_server_name_goes_out_as_it_was_typed() {
    let server = scripted(b"", Vec::new());
    let _ = probe(&request(server.address), &ACCEPT);
    let hello = server.saw();
    let name = b"Server.example.test";
    assert!(hello.windows(name.len()).any(|window| window == name));
}

#[test]
fn what_rustls_cannot_offer_the_classic_engine_offers() {
    let server = scripted(b"", vec![21, 3, 3, 0, 2, 2, 40]);
    let mut request = request(server.address);
    request.offer.cipher_suites.extend([0x00ff, 0xdead]);
    let observation = probe(&request, &ACCEPT);
    assert_eq!((observation.engine, observation.withheld.is_nothing()), (Engine::Classic, true));
    assert!(server.saw().windows(2).any(|window| window == [0xde, 0xad]));
}
